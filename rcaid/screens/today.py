"""Today: what waits, most urgent first, and how far things are."""

from __future__ import annotations

import datetime

from textual.app import ComposeResult

from rcaid.locale import N_, _
from rcaid.screens import commands
from rcaid.screens.cells import Line, bar, between, fit, width_of
from rcaid.screens.commands import Command
from rcaid.screens.reading import ROWS_GROUP
from rcaid.screens.session import Bars, Page, Row, Today, TodayLine
from rcaid.screens.starting import Starting
from rcaid.screens.widgets.rows import Column, Rows, heading
from rcaid.screens.window import Window

_DAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_COLUMNS = (
    Column("label", N_("Waits for me"), 5, 32, grows=True),
    Column("count", N_("n"), 38, 8, right=True),
    Column("fen", N_("amount"), 47, 13, "money", right=True),
    Column("oldest", N_("oldest"), 62, 6),
    Column("due", N_("due"), 69, 10, "day"),
)
_BAR, _CELL = 28, 12


class TodayScreen(Starting):
    """The first place; everything else is one key from here."""

    place = "today"
    title_of_place = N_("Today")
    is_place = True
    contexts = (commands.ANYWHERE, commands.ROWS, commands.LIST, "today")

    def __init__(self) -> None:
        super().__init__()
        self.today: Today | None = None
        self.rows = Rows(_COLUMNS, id="rows")
        self._changes_seen = -1

    def compose_body(self) -> ComposeResult:
        """Date, heading, the lines of work, and the bars below."""
        yield self.part("sub", "line")
        yield self.part("blank", "line")
        yield self.part("heading", "line")
        yield self.rows
        yield self.part("below")

    def on_mount(self) -> None:
        """Read what waits."""
        self.enter(None)

    def enter(self, where: str | None, *, search: bool = False, shown: str = "") -> None:
        """Read again what waits."""
        self._changes_seen = self.rcaid.changes
        self.read(self.session.today, self.show_today, group=ROWS_GROUP)

    def resumed(self) -> None:
        """Read again after something was done elsewhere."""
        if self._changes_seen != self.rcaid.changes:
            self.enter(None)

    def speak(self) -> None:
        """Labels come from the session, so they are read again."""
        self.rows.use_columns(_COLUMNS)
        super().speak()
        self.enter(None)

    def show_today(self, today: Today) -> None:
        """Let the page stand here; the cursor stays on its line."""
        row = self.rows.row
        self.today = today
        window = Window(Page(tuple(_row(line) for line in today.lines), len(today.lines)))
        found = window.index_of(row.id) if row is not None else None
        self.rows.today = today.date
        self.rows.empty = _("Nothing waits for you. F2 looks again.")
        self.rows.styles.height = min(max(len(today.lines), 2), self.size.height - 8)
        self.rows.show(window, found or 0)
        self.draw()

    def has_content(self) -> bool:
        """Once it was read what waits."""
        return self.today is not None

    def draw_body(self) -> None:
        """Date and time of reading, heading, bars."""
        width, today = self.size.width, self.today
        self.painted("heading").show([heading(self.rows.columns)])
        if today is None:
            return
        day = datetime.date.fromisoformat(today.date)
        date = _("{day} {date}").format(day=_(_DAYS[day.weekday()]), date=today.date)
        as_of = _("as of {time}").format(time=today.as_of)
        self.painted("sub").show(
            [between(((f" {date}", "text"),), ((f"{as_of} ", "quiet"),), width)]
        )
        lines: list[Line] = []
        for bars in today.bars:
            lines += [(), *_bars(bars, width)]
        if today.note:
            lines += [(), ((f"     {today.note}", "quiet"),)]
        self.painted("below").show(lines)

    def on_rows_relaid(self, event: Rows.Relaid) -> None:
        """Draw the heading again."""
        self.draw()

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """What Enter opens depends on the line."""
        self.draw_foot()

    def refusal(self, command: Command) -> str:
        """Marks and filters are for lists."""
        if command.id == "rows.open" and self._line() is None:
            return _("nothing is under the cursor")
        return super().refusal(command)

    def on_last_line(self, command: Command) -> bool:
        """Only what works here."""
        return self.can_do(command) and super().on_last_line(command)

    def hint_label(self, command: Command) -> str:
        """The filter of Today is the search for people."""
        return _("Find") if command.id == "rows.filter" else super().hint_label(command)

    def _line(self) -> TodayLine | None:
        row = self.rows.row
        if row is None or self.today is None:
            return None
        return next((line for line in self.today.lines if line.id == row.id), None)

    def do_rows_open(self) -> None:
        """The list of that work, already filtered."""
        line = self._line()
        if line is None:
            return
        if line.place == "drafts":
            self.open_drafts()
            return
        target = commands.BY_ID[f"go.{line.place}"]
        reason = self.why_not(target)
        if reason:
            self.say(reason, "attention")
        else:
            self.rcaid.go(line.place, where=line.filter, shown=line.shown)

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """A click on the cursor."""
        self.do_rows_open()

    def do_rows_filter(self) -> None:
        """Find a person without opening anything before."""
        reason = self.why_not(commands.BY_ID["app.find"])
        if reason:
            self.say(reason, "attention")
        else:
            self.do_app_find()

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


def _row(line: TodayLine) -> Row:
    label = f"{line.label}  {line.about}" if line.about else line.label
    values = {
        "label": label,
        "count": line.count,
        "fen": line.fen,
        "oldest": line.oldest[5:10] if len(line.oldest) >= 10 else line.oldest,
        "due": line.due,
    }
    return Row(line.id, values, line.label, line.sign)


def _bars(block: Bars, width: int) -> list[Line]:
    """A heading and its bars; the cells end where their headings end."""
    cell = max([_CELL, *(width_of(text) + 2 for text in block.headings)])
    cells = cell * len(block.headings)
    label = max(min(width - 6 - cells - _BAR, 34), 12)
    drawn = max(min(width - 6 - cells - label, _BAR + max(width - 80, 0) // 2), 8)
    head = fit(f"     {block.title}", 5 + label + drawn)
    heads = "".join(fit(text, cell, right=True) for text in block.headings)
    lines: list[Line] = [((head + heads, "quiet"),)]
    for item in block.bars:
        values = "".join(fit(text, cell, right=True) for text in item.cells)
        lines.append(
            (
                ("     " + fit(item.label, label), "text"),
                *bar(item.part, item.whole, drawn),
                (values, "text"),
            )
        )
    if block.foot:
        lines.append(((f"     {block.foot}", "quiet"),))
    return lines
