"""The List: filter line, virtual table, preview. What is learnt on one works on all."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from rcaid.locale import _
from rcaid.screens.commands import Command
from rcaid.screens.completion import Completion
from rcaid.screens.filtering import PAGE, Filtering
from rcaid.screens.reading import ROWS_GROUP
from rcaid.screens.session import Marked, Page, Row
from rcaid.screens.widgets.rows import Rows, heading
from rcaid.screens.window import Window


class ListScreen(Filtering):
    """A place that is a list, or several."""

    is_place = True

    def __init__(self) -> None:
        super().__init__()
        self._entering: tuple[str | None, bool, str] | None = None
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

    # coming here

    def on_mount(self) -> None:
        """Do what was asked for before the screen was there."""
        self.painted("slash").show([((" / ", "quiet"),)])
        self.rows.today = self.session.who.today
        self._enter(*(self._entering or (None, False, "")))

    def enter(self, where: str | None, *, search: bool = False, shown: str = "") -> None:
        """Come here, with a filter if one is given; the rows are read again."""
        if self.is_mounted:
            self._enter(where, search, shown)
        else:
            self._entering = (where, search, shown)

    def _enter(self, where: str | None, search: bool, shown: str) -> None:
        self.strip = None
        names = [known.name for known in self.lists]
        if shown in names and names.index(shown) != self.chosen_list:
            self.choose_list(names.index(shown))
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
            failed=self.unreadable,
        )

    def slow(self) -> None:
        """The rows stay, in quiet, until the new ones come."""
        self.rows.fade(True)

    def show_page(self, page: Page, row: Row | None, at: int) -> None:
        """Let a first page stand here."""
        window = Window(page)
        self._has_page = True
        self.readable()
        found = window.index_of(row.id) if row is not None else None
        self.rows.empty = self.nothing_fits()
        self.rows.show(window, at if found is None else found)
        self.draw()

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

    # acts work on the marked things, else on the one under the cursor

    def targets(self) -> tuple[Marked, ...]:
        """The marked things, else the one under the cursor."""
        if self.rows.marked:
            return tuple(self.rows.marked.values())
        row = self.rows.row
        return (Marked(row.id, row.fen, row.version),) if row else ()

    def current_acts(self) -> Mapping[str, str]:
        """Of the row under the cursor; of marked ones what all that were read allow."""
        window = self.rows.window
        places = [window.index_of(id) for id in self.rows.marked]
        found = [row for at in places if at is not None and (row := window.at(at)) is not None]
        if not found:
            return self.rows.row.acts if self.rows.row else {}
        common = set(found[0].acts).intersection(*(row.acts for row in found))
        return {
            act: next((row.acts[act] for row in found if row.acts[act]), "")
            for act in found[0].acts
            if act in common
        }

    def current_row(self) -> Row | None:
        """The row under the cursor."""
        return self.rows.row

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
        if n < len(self.lists) and n != self.chosen_list:
            self.choose_list(n)
            self.reload(keep=False)

    def choose_list(self, n: int) -> None:
        """Turn to another list of this place, without a filter; its rows are still to be read."""
        self.chosen_list = n
        self.rows.mark(())
        self.filter_text = self.base_filter = ""
        with self.prevent(Input.Changed):
            self.field.value = ""
        shown = self.shown_list
        self.field.suggester = Completion(shown.name, shown.fields.split())
        self.rows.use_columns(shown.columns)

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
        elif self.filter_text and not self.rows.window.total:
            # Where nothing fits, the list says that this key clears the filter.
            self.base_filter = ""
            self._use_filter("")
            self.reload(keep=False)
        elif self.filter_text != self.base_filter:
            self._use_filter(self.base_filter)
            self.reload(keep=False)
        elif self.rows.marked:
            self._mark(())
        else:
            self.rcaid.back()
