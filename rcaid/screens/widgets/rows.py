"""The virtual table: any number of rows, of which only those on the screen are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from rcaid.locale import _
from rcaid.screens import signs
from rcaid.screens.cells import Line, fit, shown, wrapped
from rcaid.screens.session import Marked, Row
from rcaid.screens.widgets.painted import Roles
from rcaid.screens.window import Window

LIST_WIDTH = 80


@dataclass(frozen=True, slots=True)
class Column:
    """Where a value stands on a line of 80 cells. ``grows`` takes the cells a wider one has."""

    name: str
    heading: str
    start: int
    width: int
    kind: str = "text"
    right: bool = False
    grows: bool = False


def laid_out(columns: Sequence[Column], width: int) -> tuple[Column, ...]:
    """The columns for a line of ``width`` cells."""
    extra, placed = max(width - LIST_WIDTH, 0), []
    shift = 0
    for column in columns:
        wider = extra if column.grows else 0
        placed.append(replace(column, start=column.start + shift, width=column.width + wider))
        shift += wider
    return tuple(placed)


def heading(columns: Sequence[Column]) -> Line:
    """The line above the rows."""
    cells, at = [], 0
    for column in columns:
        text = fit(_(column.heading), column.width, column.right)
        cells.append(" " * (column.start - at) + text)
        at = column.start + column.width
    return (("".join(cells), "quiet"),)


class Rows(Roles):
    """The rows themselves. Whatever happens, only the lines that look different are sent: two of
    them when the cursor moves."""

    class Moved(Message):
        """The cursor stands on another row, or the rows are others."""

    class Relaid(Message):
        """The rows have another width, so their heading has too."""

    class Wanted(Message):
        """Rows that were not read yet are needed for the cursor to go to ``index``."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class Opened(Message):
        """A row was clicked that had the cursor already."""

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._given = tuple(columns)
        self._columns = self._given
        self._cells_of: dict[str, Line] = {}
        self._drawn: list[tuple[Line, bool]] = []
        self.window = Window()
        self.cursor = 0
        self.top = 0
        self.marked: dict[str, Marked] = {}
        self.today = ""
        self.stale = False
        self.rules: Mapping[str, Line] = {}
        self.empty = ""

    # what stands there

    def use_columns(self, columns: Sequence[Column]) -> None:
        """Another list of the same place, or the same in other words."""
        self._given = tuple(columns)
        self._lay_out(self.size.width)

    def show(self, window: Window, cursor: int = 0) -> None:
        """Let these rows stand here, with the cursor at a position."""
        self.window = window
        self.stale = False
        self._cells_of.clear()
        self.cursor = self._selectable(max(min(cursor, len(window) - 1), 0), 1)
        self._draw()
        self.post_message(self.Moved())

    def grown(self) -> None:
        """More rows of the same list were read."""
        self._draw()

    def fade(self, stale: bool) -> None:
        """Show the rows as old while new ones are on their way."""
        self.stale = stale
        self._draw()

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        row = self.window.at(self.cursor)
        return None if row is None or row.id in self.rules else row

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns as they stand at this width."""
        return self._columns

    # moving and marking

    def go(self, index: int, step: int = 1) -> None:
        """Move the cursor to a position, reading rows first where it must."""
        index = max(min(index, len(self.window) - 1), 0)
        if not len(self.window):
            return
        if self.window.at(index) is None:
            self.post_message(self.Wanted(index))
            return
        old, self.cursor = self.cursor, self._selectable(index, step)
        if self.cursor != old:
            self._draw()
            self.post_message(self.Moved())

    def move(self, step: int) -> None:
        """Move the cursor by rows."""
        self.go(self.cursor + step, 1 if step > 0 else -1)

    def page(self, pages: int) -> None:
        """Move the cursor by screens of rows."""
        self.move(pages * max(self.size.height - 1, 1))

    def toggle_mark(self) -> None:
        """Mark the row under the cursor, or take the mark off."""
        row = self.row
        if row is not None:
            if self.marked.pop(row.id, None) is None:
                self.marked[row.id] = Marked(row.id, row.fen, row.version)
            self._draw()

    def mark(self, things: Sequence[Marked]) -> None:
        """Let exactly these be marked."""
        self.marked = {thing.id: thing for thing in things}
        self._draw()

    def _selectable(self, index: int, step: int) -> int:
        """The nearest row from a position that is not a rule between rows."""
        for direction in (step, -step):
            at = index
            while 0 <= at < len(self.window):
                if not self._is_rule(at):
                    return at
                at += direction
        return index

    def _is_rule(self, index: int) -> bool:
        row = self.window.at(index)
        return row is not None and row.id in self.rules

    def _into_view(self) -> None:
        height = max(self.size.height, 1)
        # A rule just above the first row belongs to it.
        first = self.cursor - 1 if self.cursor and self._is_rule(self.cursor - 1) else self.cursor
        lowest = max(min(len(self.window) - height, first), 0)
        self.top = min(max(self.top, self.cursor - height + 1), lowest)

    # drawing

    def _draw(self) -> None:
        """Send the lines that look different from what stands there."""
        self._into_view()
        width, old = self.size.width, self._drawn
        self._drawn = [self._line(y) for y in range(self.size.height)]
        changed = [
            Region(0, y, width, 1)
            for y, line in enumerate(self._drawn)
            if y >= len(old) or old[y] != line
        ]
        if changed:
            self.refresh(*changed)

    def _lay_out(self, width: int) -> None:
        self._columns = laid_out(self._given, width)
        self._cells_of.clear()
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """Lay the columns out again."""
        self._lay_out(event.size.width)
        self.post_message(self.Relaid())

    def render_line(self, y: int) -> Strip:
        """One line for the compositor."""
        line, on_row = self._drawn[y] if y < len(self._drawn) else ((), False)
        return self.strip_of(line, self.size.width, on_row=on_row)

    def _line(self, y: int) -> tuple[Line, bool]:
        """A line of the screen, and whether it is the cursor's row."""
        index = y + self.top
        row = self.window.at(index)
        if row is None:
            text = signs.current().cut if index < len(self.window) else ""
            if not len(self.window) and y:
                said = wrapped(self.empty, max(self.size.width - 6, 8))
                text = said[y - 1] if y <= len(said) else ""
            return ((f"     {text}", "quiet"),), False
        if row.id in self.rules:
            return self.rules[row.id], False
        here = index == self.cursor
        line = self._front(row, here) + self._cells(row)
        if self.stale:
            return tuple((text, "quiet") for text, _role in line), False
        return line, here

    def _front(self, row: Row, here: bool) -> Line:
        current = signs.current()
        return (
            (f" {current.cursor}" if here else "  ", "accent"),
            (current.mark if row.id in self.marked else " ", "accent"),
            (current.of(row.sign), row.sign or "text"),
        )

    def _cells(self, row: Row) -> Line:
        if row.id not in self._cells_of:
            spans, at = [], 4
            for column in self._columns:
                text = shown(row.values.get(column.name), column.kind, self.today)
                cell = fit(text, column.width, column.right)
                spans.append((" " * (column.start - at) + cell, "text"))
                at = column.start + column.width
            self._cells_of[row.id] = tuple(spans)
        return self._cells_of[row.id]

    # the mouse, which is never needed

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; one on the cursor opens."""
        event.stop()
        index = event.y + self.top
        if index >= len(self.window) or self._is_rule(index):
            return
        if index == self.cursor:
            self.post_message(self.Opened())
        else:
            self.go(index)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.move(-3)
