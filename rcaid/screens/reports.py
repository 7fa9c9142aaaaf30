"""Reports: every one by its digit, and below them what was frozen."""

from __future__ import annotations

from textual.app import ComposeResult

from rcaid.locale import N_, _
from rcaid.screens import commands
from rcaid.screens.cells import Line, between, ruled
from rcaid.screens.commands import Command
from rcaid.screens.frame import Frame
from rcaid.screens.reading import ACT_GROUP, ROWS_GROUP
from rcaid.screens.report_session import Choices, Figures, Wanted
from rcaid.screens.report_strip import ReportStrip
from rcaid.screens.session import Page, Row
from rcaid.screens.widgets.rows import Column, Rows, heading
from rcaid.screens.window import Window

REPORT, SNAPSHOT, RULE = "report:", "snapshot:", "rule"
_COLUMNS = (
    Column("key", N_("key"), 3, 3),
    Column("code", N_("code"), 7, 12),
    Column("title", N_("report"), 20, 26),
    Column("about", N_("what it is"), 47, 32, grows=True),
)


class Reports(Frame):
    """The list of reports. A digit or Enter asks for the period, Enter runs it."""

    place = "reports"
    title_of_place = N_("Reports")
    is_place = True
    contexts = (commands.ANYWHERE, commands.ROWS, "reports")

    def __init__(self) -> None:
        super().__init__()
        self.rows = Rows(_COLUMNS, id="rows")
        self._has_rows = False
        self._changes_seen = -1

    def compose_body(self) -> ComposeResult:
        """A line, the heading, the reports."""
        yield self.part("sub", "line")
        yield self.part("heading", "line")
        yield self.rows

    def on_mount(self) -> None:
        """Read what there is."""
        self.enter(None)

    def enter(self, where: str | None, *, search: bool = False, shown: str = "") -> None:
        """Read again what there is."""
        self.strip = None
        self._changes_seen = self.rcaid.changes
        self.read(self.session.reporting.rows, self._show, group=ROWS_GROUP)

    def resumed(self) -> None:
        """Read again after something was frozen."""
        if self._changes_seen != self.rcaid.changes:
            self.enter(None)

    def speak(self) -> None:
        """Titles come from the session, so they are read again."""
        self.rows.use_columns(_COLUMNS)
        super().speak()
        self.enter(None)

    def _show(self, found: tuple[Row, ...]) -> None:
        row = self.rows.row
        window = Window(Page(found, len(found)))
        self.rows.rules = {RULE: self._rule()}
        at = window.index_of(row.id) if row is not None else None
        self._has_rows = True
        self.rows.show(window, at or 0)
        self.draw()

    def _rule(self) -> Line:
        return ruled(f"   {_('Frozen')}", "", max(self.size.width - 1, 1))

    def has_content(self) -> bool:
        """Once the reports were read."""
        return self._has_rows

    def draw_body(self) -> None:
        """What stands above the rows."""
        width = self.size.width
        said = _("figures as of a day, each with the rule by which it was counted")
        self.painted("sub").show([between(((f" {said}", "quiet"),), (), width)])
        self.painted("heading").show([heading(self.rows.columns)])

    def on_rows_relaid(self, event: Rows.Relaid) -> None:
        """Draw the heading again."""
        self.rows.rules = {RULE: self._rule()}
        self.draw()

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """What Enter does depends on the line."""
        self.draw_foot()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """A click on the cursor."""
        self.do_rows_open()

    # commands

    def refusal(self, command: Command) -> str:
        """Something has to be under the cursor."""
        if command.id == "rows.open" and self.rows.row is None:
            return _("nothing is under the cursor")
        return super().refusal(command)

    def on_last_line(self, command: Command) -> bool:
        """Only what works here."""
        return self.can_do(command) and super().on_last_line(command)

    def do_report_pick(self) -> None:
        """The report of that digit."""
        at = int(self.pressed) - 1
        row = self.rows.window.at(at)
        if row is None or not row.id.startswith(REPORT):
            self.say(_("there is no report of that number"))
            return
        self.rows.go(at)
        self._ask(row)

    def do_rows_open(self) -> None:
        """Ask for the period of a report, or show what was frozen."""
        row = self.rows.row
        if row is None:
            return
        if row.id.startswith(SNAPSHOT):
            self._run(Wanted("", snapshot=row.id.removeprefix(SNAPSHOT)))
        else:
            self._ask(row)

    def _ask(self, row: Row) -> None:
        name = row.id.removeprefix(REPORT)
        self.read(lambda: self.session.reporting.choices(name), self._asked, group=ACT_GROUP)

    def _asked(self, choices: Choices) -> None:
        def done(wanted: Wanted) -> None:
            self.close_strip()
            self._run(wanted)

        self.open_strip(ReportStrip(choices, done))

    def _run(self, wanted: Wanted) -> None:
        self.read(lambda: self.session.reporting.run(wanted), self._open, group=ACT_GROUP)

    def _open(self, figures: Figures) -> None:
        from rcaid.screens.report_view import ReportView

        self.rcaid.open(ReportView(figures))

    def do_rows_down(self) -> None:
        """Down."""
        self.rows.move(1)

    def do_rows_up(self) -> None:
        """Up."""
        self.rows.move(-1)

    def do_rows_page_down(self) -> None:
        """A screen down."""
        self.rows.page(1)

    def do_rows_page_up(self) -> None:
        """A screen up."""
        self.rows.page(-1)

    def do_rows_first(self) -> None:
        """The first line."""
        self.rows.go(0)

    def do_rows_last(self) -> None:
        """The last line."""
        self.rows.go(len(self.rows.window) - 1, -1)
