"""One report: its figures as a table or as bars, the wording, the rule of counting below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult

from rcaid.locale import N_, _
from rcaid.screens import commands, signs
from rcaid.screens.acting import Acting
from rcaid.screens.cells import Line, bar, between, fit, ruled, width_of, wrapped
from rcaid.screens.commands import Command
from rcaid.screens.report_session import Figures
from rcaid.screens.report_words import Sheet
from rcaid.screens.session import Done, Marked

_WIDEST_TEXT = 24
_GAP = 2


class ReportView(Acting):
    """The figures. Names stay at the left while left and right go through the numbers."""

    title_of_place = N_("Report")
    contexts = (commands.ANYWHERE, commands.ROWS, "report")
    acts = frozenset({"report.freeze", "report.export", "report.page"})

    def __init__(self, figures: Figures) -> None:
        super().__init__()
        self.figures = figures
        self.from_line = 0
        self.from_column = 0
        self.drawn = False
        self.worded = True

    @property
    def sheet(self) -> Sheet:
        """What is shown."""
        return self.figures.sheet

    def compose_body(self) -> ComposeResult:
        """Title, heading, figures."""
        yield self.part("sub", "line")
        yield self.part("facts", "line")
        yield self.part("heading", "line")
        yield self.part("body")

    # drawing

    def draw_body(self) -> None:
        """What fits, from where one scrolled to."""
        width, sheet = self.size.width, self.sheet
        facts = f"  {signs.current().dot}  ".join(f"{name} {text}" for name, text in sheet.facts)
        self.painted("sub").show([((f" {sheet.title}", "strong"),)])
        heads, lines, right = self._bars(width) if self.drawn else self._table(width)
        self.painted("facts").show([between(((f" {facts}", "quiet"),), ((right, "quiet"),), width)])
        self.painted("heading").show([heads])
        lines += self._below(width)
        body = self.painted("body")
        self.from_line = max(min(self.from_line, len(lines) - body.size.height), 0)
        body.show(lines[self.from_line :][: max(body.size.height, 1)])

    def _table(self, width: int) -> tuple[Line, list[Line], str]:
        sheet = self.sheet
        sizes = [
            min(
                max([width_of(sheet.headings[n]), *(width_of(row[n]) for row in sheet.rows)]),
                99 if sheet.right[n] else _WIDEST_TEXT,
            )
            for n in range(len(sheet.headings))
        ]
        names = next((n for n, right in enumerate(sheet.right) if right), len(sizes))
        columns = self._fitting(sizes, min(names, 3), width)
        moved = max(len(sizes) - min(names, 3), 1)
        shown = len(columns) - min(names, 3)
        right = ""
        if shown < moved:
            text = _("columns {first}-{last} of {total}")
            right = text.format(
                first=self.from_column + 1, last=self.from_column + shown, total=moved
            ) + " "  # fmt: skip
        heads = self._cells(sheet.headings, columns, sizes)
        lines: list[Line] = [((self._cells(row, columns, sizes), "text"),) for row in sheet.rows]
        if not sheet.rows:
            lines = [((f"   {_('nothing in this period')}", "quiet"),)]
        return ((heads, "quiet"),), lines, right

    def _fitting(self, sizes: Sequence[int], names: int, width: int) -> list[int]:
        """The columns that fit: the names, then the others from where one moved to."""
        left = width - 2 - sum(sizes[n] + _GAP for n in range(names))
        most = max(len(sizes) - names - 1, 0)
        self.from_column = max(min(self.from_column, most), 0)
        chosen = list(range(names))
        for n in range(names + self.from_column, len(sizes)):
            if sizes[n] > left and len(chosen) > names:
                break
            chosen.append(n)
            left -= sizes[n] + _GAP
        return chosen

    def _cells(self, cells: Sequence[str], columns: Sequence[int], sizes: Sequence[int]) -> str:
        gap = " " * _GAP
        return " " + gap.join(fit(cells[n], sizes[n], self.sheet.right[n]) for n in columns)

    def _bars(self, width: int) -> tuple[Line, list[Line], str]:
        drawn = self.sheet.bars
        most = max((each.value for each in drawn), default=0)
        value = max([width_of(self.sheet.bars_title), *(width_of(each.text) for each in drawn)])
        label = min(max([12, *(width_of(each.label) for each in drawn)]), max(width // 3, 12))
        room = max(width - label - value - 6, 8)
        head = fit("", label + room + 3) + fit(self.sheet.bars_title, value + 1, right=True)
        lines: list[Line] = [
            (
                (f" {fit(each.label, label)} ", "text"),
                *bar(each.value, most, room),
                (" " + fit(each.text, value + 1, right=True), "text"),
            )
            for each in drawn
        ]
        return ((head, "quiet"),), lines, ""

    def _below(self, width: int) -> list[Line]:
        lines: list[Line] = []
        if self.worded and self.sheet.wording:
            lines += [(), ruled(f" {_('As announced')}", "", width - 1)]
            for said in self.sheet.wording:
                lines += [((f"   {text}", "text"),) for text in wrapped(said, width - 5)]
        if self.sheet.notes:
            lines += [(), ruled(f" {_('How it is counted')}", "", width - 1)]
            for note in self.sheet.notes:
                lines += [((f"   {text}", "quiet"),) for text in wrapped(note, width - 5)]
        return lines

    # what it is about

    def targets(self) -> tuple[Marked, ...]:
        """The figures themselves."""
        return (Marked(self.figures.wanted.packed()),)

    def current_acts(self) -> Mapping[str, str]:
        """What is frozen stays frozen."""
        frozen = bool(self.figures.wanted.snapshot)
        return {
            "report.freeze": _("these figures are frozen") if frozen else "",
            "report.export": "",
            "report.page": "",
        }

    def name_of_target(self) -> str:
        """Its title."""
        return self.sheet.title

    def after_act(self) -> None:
        """The figures stand as they were."""

    def done(self, done: Done) -> None:
        """Say what was done; the figures stay."""
        super().done(done)
        self.draw()

    # commands

    def refusal(self, command: Command) -> str:
        """Bars need something to draw, wording something to say."""
        if command.id == "rows.zoom" and not self.sheet.bars:
            return _("there is nothing to draw here")
        if command.id == "report.wording" and not self.sheet.wording:
            return _("no figure here has a wording")
        return super().refusal(command)

    def on_last_line(self, command: Command) -> bool:
        """Only what works here."""
        own = command.id.startswith("report.") or command.id.startswith("app.")
        return own and super().on_last_line(command)

    def do_report_freeze(self) -> None:
        """Keep the figures as they are, through the review."""
        self.act_with_review("report.freeze")

    def do_report_export(self) -> None:
        """A workbook into the outbox."""
        self.act_now("report.export")

    def do_report_page(self) -> None:
        """A page to print into the outbox."""
        self.act_now("report.page")

    def do_report_wording(self) -> None:
        """With the wording or without."""
        self.worded = not self.worded
        self.draw_body()

    def do_report_columns(self) -> None:
        """Further numbers, or back."""
        self.from_column = max(self.from_column + (1 if self.pressed == "right" else -1), 0)
        self.draw_body()

    def do_rows_zoom(self) -> None:
        """Numbers or bars."""
        self.drawn = not self.drawn
        self.from_line = 0
        self.draw_body()

    def do_rows_down(self) -> None:
        """A line down."""
        self._scroll(1)

    def do_rows_up(self) -> None:
        """A line up."""
        self._scroll(-1)

    def do_rows_page_down(self) -> None:
        """A screen down."""
        self._scroll(self.painted("body").size.height - 1)

    def do_rows_page_up(self) -> None:
        """A screen up."""
        self._scroll(1 - self.painted("body").size.height)

    def do_rows_first(self) -> None:
        """The first line."""
        self._scroll(-self.from_line)

    def do_rows_last(self) -> None:
        """The last line."""
        self._scroll(100_000)

    def _scroll(self, lines: int) -> None:
        self.from_line = max(self.from_line + lines, 0)
        self.draw_body()
