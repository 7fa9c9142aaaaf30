"""A list's preview: a strip of three lines at its foot, or a pane at its side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.timer import Timer

from rcaid.locale import _
from rcaid.screens import commands, signs
from rcaid.screens.acting import Acting
from rcaid.screens.cells import (
    Line,
    between,
    count,
    fit,
    line_width,
    money,
    ruled,
    width_of,
    wrapped,
)
from rcaid.screens.gate import BACKGROUND
from rcaid.screens.session import Note, Preview
from rcaid.screens.widgets.rows import Column, Rows

_REST = 0.1
_STRIP_LINES = 3
_LABEL = 11
_BLANK: tuple[Line, ...] = ((), (), ())


@dataclass(frozen=True, slots=True)
class ListOf:
    """One of the numbered lists of a place: its name for the session, title and columns, and the
    fields its filter completes."""

    name: str
    title: str
    columns: tuple[Column, ...]
    fields: str = ""


class Previewing(Acting):
    """Rows, and the thing under the cursor beside or below them."""

    lists: tuple[ListOf, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self.contexts = (commands.ANYWHERE, commands.ROWS, commands.LIST, self.place)
        self.chosen_list = 0
        self.rows = Rows(self.lists[0].columns, id="rows")
        self.preview: Preview | None = None
        self.pane_from = 0
        self.in_pane = False
        self._rest: Timer | None = None

    @property
    def shown_list(self) -> ListOf:
        """The list that is shown."""
        return self.lists[self.chosen_list]

    @property
    def list_name(self) -> str:
        """The list that is shown, as the session calls it."""
        return self.shown_list.name

    def sub_line(self, width: int) -> Line:
        """The lists of this place; how many, and how much."""
        right = ((self.counted() + " ", "text"),)
        room = width - line_width(right) - 1
        left = self._titles(" ", 40)
        for gap, most in (("", 40), ("", 9), ("", 5)):
            if line_width(left) <= room:
                break
            left = self._titles(gap, most)
        return between(left, right, width)

    def _titles(self, gap: str, most: int) -> Line:
        """The lists by their numbers; those that are not shown in at most so many cells."""
        left: list[tuple[str, str]] = []
        for n, known in enumerate(self.lists):
            here = n == self.chosen_list
            title = _(known.title)
            if not here and width_of(title) > most:
                title = fit(title, most)
            left.append((f" {n + 1}" if len(self.lists) > 1 else "", "accent"))
            left.append((f" {title}{gap}", "text" if here else "quiet"))
        return tuple(left)

    def counted(self) -> str:
        """How many rows fit, and their sum."""
        window = self.rows.window
        text = count(window.total) + ("+" if window.capped else "")
        if window.fen:
            text += f" {signs.current().dot} {money(window.fen)}"
        marked = self.marked_text()
        return f"{marked}    {text}" if marked and self.has_class("-wide") else text

    def marked_text(self) -> str:
        """How many are marked, and their sum."""
        marked = self.rows.marked.values()
        if not marked:
            return ""
        text = _("{n} marked").format(n=count(len(marked)))
        fen = sum(thing.fen for thing in marked)
        return f"{text} {signs.current().dot} {money(fen)}" if fen else text

    def foot_lines(self, width: int) -> Sequence[Line]:
        """The open strip; else, where there is no pane, the thing under the cursor."""
        if self.strip is not None:
            return self.strip.lines(width)
        if self.has_class("-wide") or self.has_class("-plain"):
            return []
        marked = self.marked_text()
        if self.preview is None:
            return [ruled("", marked, width), *_BLANK]
        title = f" {self.preview.title}"
        body: list[Line] = [((f"     {text}", "text"),) for text in self.preview.strip]
        heading_line = ruled(title, f"{marked or self.preview.right} ", width, "text")
        return [heading_line, *[*body, *_BLANK][:_STRIP_LINES]]

    def draw_pane(self) -> None:
        """The thing under the cursor, in the side pane."""
        pane = self.painted("pane")
        if not pane.display or not pane.size.width:
            return
        room = pane.size.width - 4
        lines = [((f" {signs.current().divider}  ", "quiet"), *line) for line in self._pane(room)]
        bare: Line = ((f" {signs.current().divider}", "quiet"),)
        lines = lines[self.pane_from : self.pane_from + pane.size.height]
        pane.show([*lines, *([bare] * (pane.size.height - len(lines)))])

    def _pane(self, room: int) -> list[Line]:
        preview = self.preview
        if preview is None:
            return []
        right: Line = ((f"  {preview.right} ", "text"),)
        first, *rest = wrapped(preview.title, max(room - line_width(right), 8))
        lines: list[Line] = [between(((first, "strong"),), right, room)]
        lines += [*(((more, "strong"),) for more in rest), ()]
        for title, notes in preview.parts:
            if title:
                lines.append(ruled(title, "", room - 1))
            for note in notes:
                lines += _noted(note, room)
            lines.append(())
        return lines

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """The cursor stands on another thing."""
        self.moved()

    def moved(self) -> None:
        """Draw what depends on the cursor; the preview follows when it rests."""
        self.pane_from = 0
        self.painted("sub").show([self.sub_line(self.painted("sub").size.width)])
        self.draw_foot()
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(_REST, self._ask_preview)

    def _ask_preview(self) -> None:
        row, name = self.rows.row, self.list_name
        if row is None:
            self._show_preview(None)
        elif not self.has_class("-plain"):
            # What has gone since the rows were read has no preview, and nobody asked for it.
            self.read(
                lambda: self.session.preview(name, row.id),
                self._show_preview,
                group=BACKGROUND,
                failed=lambda _error: self._show_preview(None),
            )

    def _show_preview(self, preview: Preview | None) -> None:
        self.preview = preview
        if self.strip is None:
            self.draw_foot()
        self.draw_pane()

    def do_rows_zoom(self) -> None:
        """Hide or show the preview."""
        self.toggle_class("-plain")
        self.call_after_refresh(self.draw)
        self._ask_preview()


def _noted(note: Note, room: int) -> list[Line]:
    """A note of the pane: what it is about, what it says, the rule at its end."""
    sign = f"{signs.current().of(note.sign)} " if note.sign else ""
    label = fit(note.label, _LABEL) + " " if note.label else ""
    rule = f" {note.rule} " if note.rule else " "
    before = len(sign) + width_of(label)
    first, *rest = wrapped(note.text, max(room - before - width_of(rule), 8))
    front: Line = ((sign, note.sign or "text"), (label, "quiet"), (first, "text"))
    lines = [between(front, ((rule, "quiet"),), room)]
    return lines + [((" " * before + more, "text"),) for more in rest]
