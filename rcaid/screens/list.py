"""The List: filter line, virtual table, preview. What is learnt on one works on all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Input

from rcaid.domain.errors import ProblemError
from rcaid.domain.sentences import sentence
from rcaid.locale import _
from rcaid.screens import commands, keys, signs
from rcaid.screens.acting import Acting
from rcaid.screens.cells import Line, between, count, fit, money, ruled
from rcaid.screens.commands import Command
from rcaid.screens.frame import ROWS_GROUP
from rcaid.screens.gate import BACKGROUND, SOFT
from rcaid.screens.session import Marked, Page, Preview, Row
from rcaid.screens.widgets.field import Field
from rcaid.screens.widgets.frame import KeyHint
from rcaid.screens.widgets.rows import Column, Rows, heading
from rcaid.screens.window import Window

PAGE = 200
_REST = 0.1
_STRIP_LINES = 3
_BLANK: tuple[Line, ...] = ((), (), ())


@dataclass(frozen=True, slots=True)
class ListOf:
    """One of the numbered lists of a place: its name for the session, title and columns."""

    name: str
    title: str
    columns: tuple[Column, ...]


class ListScreen(Acting):
    """A place that is a list, or several."""

    is_place = True
    lists: tuple[ListOf, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self.contexts = (commands.ANYWHERE, commands.ROWS, commands.LIST, self.place)
        self.chosen_list = 0
        self.rows = Rows(self.lists[0].columns, id="rows")
        self.field = Field(id="field")
        self.filter_text = ""
        self.base_filter = ""
        self.earlier: list[str] = []
        self.preview: Preview | None = None
        self.pane_from = 0
        self.in_pane = False
        self._before = ""
        self._entering: tuple[str | None, bool] | None = None
        self._rest: Timer | None = None
        self._changes_seen = -1
        self._has_page = False

    # the parts

    def compose_body(self) -> ComposeResult:
        """Sub line, filter, heading and rows beside the pane."""
        with Horizontal(id="columns"):
            with Vertical(id="list"):
                yield self.part("sub", "line")
                with Horizontal(id="filter", classes="-open"):
                    yield self.part("slash")
                    yield self.field
                yield self.part("heading", "line")
                yield self.rows
            yield self.part("pane")

    @property
    def shown_list(self) -> ListOf:
        """The list that is shown."""
        return self.lists[self.chosen_list]

    @property
    def list_name(self) -> str:
        """The list that is shown, as the session calls it."""
        return self.shown_list.name

    # coming here

    def on_mount(self) -> None:
        """Do what was asked for before the screen was there."""
        self.painted("slash").show([((" / ", "quiet"),)])
        self.rows.today = self.session.who.today
        filter_text, search = self._entering or (None, False)
        self._enter(filter_text, search)

    def enter(self, where: str | None, *, search: bool = False) -> None:
        """Come here, with a filter if one is given; the rows are read again."""
        if self.is_mounted:
            self._enter(where, search)
        else:
            self._entering = (where, search)

    def _enter(self, where: str | None, search: bool) -> None:
        self.strip = None
        if where is not None:
            self.base_filter = where
            self._use_filter(where)
        self.reload(keep=where is None)
        if search:
            self.do_rows_filter()

    def resumed(self) -> None:
        """Read again what was changed on a card or in a review."""
        if self._changes_seen != self.rcaid.changes:
            self.reload()

    def speak(self) -> None:
        """Say everything again."""
        self.rows.use_columns(self.shown_list.columns)
        super().speak()
        self._ask_preview()

    # reading

    def reload(self, *, keep: bool = True) -> None:
        """Read the rows again; the cursor stays on the same thing."""
        self._changes_seen = self.rcaid.changes
        row, at = (self.rows.row, self.rows.cursor) if keep else (None, 0)
        limit = max(PAGE, (at // PAGE + 1) * PAGE)
        name, text = self.list_name, self.filter_text
        self.read(
            lambda: self.session.page(name, text, "", limit),
            lambda page: self.show_page(page, row, at),
            group=ROWS_GROUP,
            failed=self._unreadable,
        )

    def _unreadable(self, error: ProblemError) -> None:
        self.rows.fade(False)
        self.say(sentence(error.problems[0], _), "attention")

    def slow(self) -> None:
        """The rows stay, in quiet, until the new ones come."""
        self.rows.fade(True)

    def show_page(self, page: Page, row: Row | None, at: int) -> None:
        """Let a first page stand here."""
        window = Window(page)
        self._has_page = True
        found = window.index_of(row.id) if row is not None else None
        self.rows.empty = self.nothing_fits()
        self.rows.show(window, at if found is None else found)
        self.draw()

    def nothing_fits(self) -> str:
        """Why the list is empty, and which key changes that."""
        if self.filter_text:
            return _("Nothing fits  {filter}   Esc clears the filter.").format(
                filter=self.filter_text
            )
        return _("There is nothing here yet. {key} looks again.").format(key=self.own_key())

    def own_key(self) -> str:
        """The key of this place."""
        return commands.BY_ID[f"go.{self.place}"].key

    def on_rows_relaid(self, event: Rows.Relaid) -> None:
        """Draw the heading again."""
        self.draw()

    def on_rows_wanted(self, event: Rows.Wanted) -> None:
        """Read on until the cursor can go where it should."""
        self._read_to(event.index, lambda: self.rows.go(event.index))

    def _read_to(self, index: int, then: Callable[[], None]) -> None:
        window, name, text = self.rows.window, self.list_name, self.filter_text
        key = window.key_for(index)
        if key is None:
            then()
            return
        after, backward = key

        def got(page: Page) -> None:
            if self.rows.window is not window:
                return
            if backward:
                window.prepend(page)
            else:
                window.append(page)
            self.rows.grown()
            if window.at(index) is None and page.rows:
                self._read_to(index, then)
            else:
                then()

        self.read(
            lambda: self.session.page(name, text, after, PAGE, backward=backward),
            got,
            group=ROWS_GROUP,
        )

    def step(self, step: int, then: Callable[[Row], None]) -> None:
        """Move the cursor for a card that was opened from here, and give it the row."""
        index = self.rows.cursor + step

        def arrived() -> None:
            self.rows.go(index, step)
            if self.rows.row is not None:
                then(self.rows.row)

        if 0 <= index < len(self.rows.window):
            self._read_to(index, arrived)

    # drawing

    def has_content(self) -> bool:
        """Once the first page was read."""
        return self._has_page

    def draw_body(self) -> None:
        """Sub line, heading and pane."""
        self.painted("sub").show([self.sub_line(self.painted("sub").size.width)])
        self.painted("heading").show([heading(self.rows.columns)])
        self.draw_pane()

    def sub_line(self, width: int) -> Line:
        """The lists of this place; how many, and how much."""
        left: list[tuple[str, str]] = []
        for n, known in enumerate(self.lists):
            here = n == self.chosen_list
            left.append((f" {n + 1}" if len(self.lists) > 1 else "", "accent"))
            left.append((f" {_(known.title)} ", "text" if here else "quiet"))
        return between(tuple(left), ((self.counted() + " ", "text"),), width)

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
        lines: list[Line] = [
            between(((preview.title, "strong"),), ((preview.right + " ", "text"),), room),
            (),
        ]
        for title, notes in preview.parts:
            if title:
                lines.append(ruled(title, "", room - 1))
            for note in notes:
                sign = f"{signs.current().of(note.sign)} " if note.sign else ""
                label = fit(note.label, 10) + " " if note.label else ""
                lines.append(
                    between(
                        ((sign, note.sign or "text"), (label, "quiet"), (note.text, "text")),
                        ((f" {note.rule} " if note.rule else " ", "quiet"),),
                        room,
                    )
                )
            lines.append(())
        return lines

    # the preview follows the cursor when it rests

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
            self.read(
                lambda: self.session.preview(name, row.id), self._show_preview, group=BACKGROUND
            )

    def _show_preview(self, preview: Preview | None) -> None:
        self.preview = preview
        if self.strip is None:
            self.draw_foot()
        self.draw_pane()

    # acts work on the marked things, else on the one under the cursor

    def targets(self) -> tuple[Marked, ...]:
        """The marked things, else the one under the cursor."""
        if self.rows.marked:
            return tuple(self.rows.marked.values())
        row = self.rows.row
        return (Marked(row.id, row.fen, row.version),) if row else ()

    def current_acts(self) -> Mapping[str, str]:
        """Of the row under the cursor, or of the first marked one that was read."""
        window = self.rows.window
        for id in self.rows.marked:
            at = window.index_of(id)
            row = window.at(at) if at is not None else None
            if row is not None:
                return row.acts
        return self.rows.row.acts if self.rows.row else {}

    def current_id(self) -> str:
        """The thing under the cursor."""
        return self.rows.row.id if self.rows.row else ""

    def name_of_target(self) -> str:
        """Its number, or how many are marked."""
        if len(self.rows.marked) > 1:
            return self.marked_text()
        return (self.rows.row.label or self.rows.row.id) if self.rows.row else ""

    def after_act(self) -> None:
        """The marks are used up; the rows are read again."""
        self.rows.mark(())
        self.reload()

    def on_last_line(self, command: Command) -> bool:
        """Explaining and the like is for cards."""
        return command.id not in ("case.explain", "rows.more") and super().on_last_line(command)

    # commands of rows

    def do_rows_down(self) -> None:
        """Down, or the pane down."""
        self._move(1)

    def do_rows_up(self) -> None:
        """Up, or the pane up."""
        self._move(-1)

    def _move(self, step: int) -> None:
        if self.in_pane:
            last = max(len(self._pane(40)) - 3, 0)
            self.pane_from = max(min(self.pane_from + step, last), 0)
            self.draw_pane()
        else:
            self.rows.move(step)

    def do_rows_page_down(self) -> None:
        """A screen of rows down."""
        self.rows.page(1)

    def do_rows_page_up(self) -> None:
        """A screen of rows up."""
        self.rows.page(-1)

    def do_rows_first(self) -> None:
        """The first row."""
        self.rows.go(0)

    def do_rows_last(self) -> None:
        """The last row, read from the end."""
        window = self.rows.window
        if not window.end_known:
            self.say(_("too many to jump to the end: filter first"))
            return
        last = len(window) - 1
        name, text = self.list_name, self.filter_text
        if window.at(last) is not None:
            self.rows.go(last, -1)
            return

        def got(page: Page) -> None:
            window.prepend(page)
            self.rows.grown()
            self.rows.go(len(window) - 1, -1)

        self.read(
            lambda: self.session.page(name, text, "", PAGE, backward=True), got, group=ROWS_GROUP
        )

    def do_rows_pane(self) -> None:
        """Into the pane and out of it."""
        self.in_pane = not self.in_pane and self.has_class("-wide")

    def do_rows_pane_back(self) -> None:
        """Out of the pane."""
        self.in_pane = False

    def do_rows_tab(self) -> None:
        """The list of that number."""
        n = int(self.pressed) - 1
        if n >= len(self.lists) or n == self.chosen_list:
            return
        self.chosen_list = n
        self.rows.mark(())
        self.filter_text = self.base_filter = ""
        with self.prevent(Input.Changed):
            self.field.value = ""
        self.rows.use_columns(self.shown_list.columns)
        self.reload(keep=False)

    def do_rows_mark(self) -> None:
        """Mark and go down."""
        self.rows.toggle_mark()
        self.rows.move(1)
        self.moved()

    def do_rows_mark_all(self) -> None:
        """Everything that fits, all pages of it; again: nothing."""
        if self.rows.marked and len(self.rows.marked) >= self.rows.window.total:
            self._mark(())
            return
        name, text = self.list_name, self.filter_text
        self.read(lambda: self.session.marks(name, text), self._mark, group=ROWS_GROUP)

    def _mark(self, things: tuple[Marked, ...]) -> None:
        self.rows.mark(things)
        self.draw()

    def do_rows_zoom(self) -> None:
        """Hide or show the preview."""
        self.toggle_class("-plain")
        self.call_after_refresh(self.draw)
        self._ask_preview()

    def do_rows_open(self) -> None:
        """Open the card of the thing under the cursor."""
        row = self.rows.row
        if row is not None:
            self.open_card(row)

    def open_card(self, row: Row) -> None:
        """Open a card; a list without cards says so."""
        self._without()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """A click on the cursor."""
        self.do_rows_open()

    def do_app_back(self) -> None:
        """A changed filter, then marks, then the place before."""
        if self.in_pane:
            self.in_pane = False
        elif self.filter_text != self.base_filter:
            self._use_filter(self.base_filter)
            self.reload(keep=False)
        elif self.rows.marked:
            self._mark(())
        else:
            self.rcaid.back()

    # the filter

    def do_rows_filter(self) -> None:
        """Open the filter with the text standing and the caret at its end."""
        self._before = self.filter_text
        self.field.focus()
        self.field.cursor_position = len(self.field.value)

    def on_focus_changed(self) -> None:
        """The last line says what works in the filter, or on the rows."""
        in_field = self.focused is self.field
        self.painted("slash").show([((" / ", "accent" if in_field else "quiet"),)])
        self.draw_foot()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The field takes the keys."""
        self.on_focus_changed()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """The rows take the keys."""
        self.on_focus_changed()

    def hints(self) -> list[KeyHint]:
        """In the filter other keys work."""
        if self.focused is not self.field:
            return super().hints()
        shown = [c for c in commands.of(self.field_contexts) if c.order]
        hints = [KeyHint(c.keys[0], c.name) for c in shown]
        return [KeyHint("down", _("Choose")), *hints, KeyHint("f1", _("Help"))]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Ask with every character; the rows shown belong to the text shown."""
        self.filter_text = keys.fold_text(event.value).strip()
        self.filter_typed()

    def filter_typed(self) -> None:
        """Ask for the rows of the text that stands in the filter now."""
        name, text = self.list_name, self.filter_text
        self.read(
            lambda: self.session.page(name, text, "", PAGE),
            lambda page: self.show_page(page, None, 0),
            group=SOFT,
            failed=self._unreadable,
        )

    def on_field_refused(self, event: Field.Refused) -> None:
        """A paste that does not fit."""
        self.say(event.sentence, "attention")

    def _use_filter(self, text: str) -> None:
        self.filter_text = text
        with self.prevent(Input.Changed):
            self.field.value = text

    def do_filter_keep(self) -> None:
        """To the rows, with this filter."""
        text = self.filter_text
        if text and text not in self.earlier:
            self.earlier.append(text)
        self.set_focus(None)

    def do_filter_cancel(self) -> None:
        """To the rows, with the filter that stood before."""
        if self.filter_text != self._before:
            self._use_filter(self._before)
            self.reload(keep=False)
        self.set_focus(None)

    def do_filter_rows(self) -> None:
        """Move in the rows while the text stays open."""
        self.rows.move(1 if self.pressed == "down" else -1)

    def do_filter_older(self) -> None:
        """An earlier filter of this place."""
        if self.earlier:
            at = self.earlier.index(self.field.value) if self.field.value in self.earlier else 0
            self.field.value = self.earlier[at - 1]
            self.field.cursor_position = len(self.field.value)
