"""A report in words and cells: for a terminal, a file and a page alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rcaid.domain.money import yuan
from rcaid.files.report_html import Bar, Page
from rcaid.files.report_sheet import write_report
from rcaid.locale import N_, _, language
from rcaid.screens.labels import label
from rcaid.services.reporting.reports import REPORTS
from rcaid.services.reporting.shape import Cell, Report, Row

HEADINGS = {
    "programme": N_("programme"),
    "lane": N_("lane"),
    "persons": N_("persons"),
    "households": N_("number of households"),
    "person_times": N_("person-times"),
    "cash": N_("cash"),
    "goods": N_("value of goods"),
    "value": N_("value"),
    "office": N_("office"),
    "category": N_("category"),
    "allotted": N_("allotted"),
    "entered": N_("entered"),
    "delivered": N_("delivered"),
    "waiting": N_("waiting"),
    "left": N_("left"),
    "quota": N_("quota"),
    "used_share": N_("of it used"),
    "days": N_("days to decide"),
    "overdue": N_("overdue"),
    "transfer": N_("transfer"),
    "receiver": N_("receiver"),
    "region": N_("region"),
    "item": N_("item"),
    "pieces": N_("pieces"),
    "disaster": N_("disaster"),
    "purpose": N_("purpose"),
    "received": N_("received"),
    "reported": N_("reported"),
    "fund": N_("fund"),
    "line": N_("in or out"),
    "taken_in": N_("cases received"),
    "batch": N_("batch"),
    "kind": N_("kind"),
    "state": N_("state"),
    "lines": N_("lines"),
    "approved": N_("approved"),
    "rejected": N_("rejected"),
    "paid": N_("paid"),
    "returned": N_("returned"),
    "left_out": N_("left out"),
    "unpaid": N_("not back yet"),
    "difference": N_("difference"),
    "explanation": N_("explanation"),
    "flag": N_("flag"),
    "cases": N_("cases, rosters, vouchers"),
    "number": N_("how many"),
    "rule": N_("rule"),
    "indicator": N_("indicator"),
    "about": N_("what for"),
    "count": N_("count"),
    "amount": N_("amount"),
    "unit": N_("unit"),
    "first_day": N_("from"),
    "last_day": N_("as of"),
    "said": N_("as announced"),
    "sex": N_("sex"),
    "age": N_("age"),
    "sensitive": N_("not named"),
    "serial": N_("no."),
    "name": N_("name"),
    "place": N_("place"),
    "modality": N_("in cash or kind"),
    "help": N_("amount or goods"),
    "as_of": N_("as of"),
    "source": N_("where it is written"),
}
_CODES = {
    "opening": N_("opening balance"),
    "received": N_("money received"),
    "transferred": N_("from own offices"),
    "given_back": N_("given back"),
    "used": N_("given out"),
    "unvalued": N_("given out, without a value"),
    "returned": N_("came back"),
    "written_off": N_("written off"),
    "closing": N_("closing balance"),
    "person": N_("individuals"),
    "entered": N_("as entered"),
    "public": N_("donations without a wish"),
    "earmarked": N_("donations for a purpose"),
    "campaign": N_("of a campaign"),
    "in_kind": N_("in kind"),
    "same_account": N_("same account"),
    "same_phone": N_("same phone"),
    "same_minute": N_("approved at once"),
    "other_payee": N_("another payee"),
    "new_account": N_("account changed"),
}
"""The words for codes that only reports have."""
_LANES = {"A": N_("single"), "B": N_("roster")}
_INDICATORS = {
    "relief.persons": N_("people helped"),
    "relief.households": N_("households helped"),
    "relief.person_times": N_("person-times of help"),
    "relief.value": N_("value of help"),
    "institution.count": N_("receivers of transfers"),
    "institution.value": N_("value of transfers"),
    "donation.raised": N_("raised"),
}
_TOTAL = ".total"
_MOST_BARS = 40


@dataclass(frozen=True, slots=True)
class Drawn:
    """One bar: whose it is, how long, and its value in words."""

    label: str
    value: int
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report ready to be read: headings and cells as text, ``right`` the columns of numbers,
    bars, wording, and the notes under it."""

    title: str
    facts: tuple[tuple[str, str], ...]
    headings: tuple[str, ...]
    right: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    bars_title: str
    bars: tuple[Drawn, ...]
    wording: tuple[str, ...]
    notes: tuple[str, ...]


def title_of(report: Report) -> str:
    """What the report is called, with its period."""
    kind = REPORTS.get(report.name)
    if kind is None:
        return _("A total from before")
    return _(kind.title).format(period=report.period)


def heading(name: str) -> str:
    """What a column is called; a category names its own."""
    return _(HEADINGS[name]) if name in HEADINGS else label(name)


def word(column: str, value: Cell) -> Cell:
    """A code of a column in the reader's language; anything else as it is."""
    if not isinstance(value, str):
        return value
    if column == "rule":
        return _(value)
    if column in ("office", "sex", "age") and value == "*":
        return _("all")
    if column == "lane":
        return _(_LANES[value]) if value in _LANES else value
    if column == "indicator":
        bare = value.removesuffix(_TOTAL)
        text = _(_INDICATORS[bare]) if bare in _INDICATORS else bare
        return _("{what}, in all").format(what=text) if bare != value else text
    if column in ("line", "receiver", "flag"):
        return _(_CODES[value]) if value in _CODES else label(value)
    return label(value) if column in ("category", "kind", "state", "sex") else value


def text_of(report: Report, column: str, value: Cell) -> str:
    """A cell as people read it: money in yuan, tenths and shares with their decimal."""
    if isinstance(value, int):
        if column in report.money:
            return yuan(value)
        if column in report.tenths:
            return f"{value // 10}.{value % 10}"
        if column in report.shares:
            return f"{value // 10}.{value % 10}%"
        return f"{value:,}"
    return str(word(column, value))


def is_number(report: Report, column: int) -> bool:
    """Whether a column holds numbers."""
    values = [row[column] for row in report.rows if row[column] != ""]
    name = report.columns[column]
    if name in report.money | report.tenths | report.shares:
        return True
    return bool(values) and any(isinstance(value, int) for value in values)


def facts_of(report: Report, number: str = "", frozen_at: str = "") -> Iterable[tuple[str, str]]:
    """What stands above the figures: the office, the day, the snapshot they are of."""
    yield _("report"), report.code
    if report.office:
        yield _("office"), report.office
    yield _("as of"), report.as_of
    if number:
        yield _("snapshot"), f"{number}, {frozen_at}"


def notes_of(report: Report) -> tuple[str, ...]:
    """What stands under the figures: the rules by which they were counted."""
    notes = [_(rule) for rule in report.rules]
    if report.hidden:
        notes.append(_("{n} cells are left out: x").format(n=report.hidden))
    return tuple(notes)


def sheet(report: Report, number: str = "", frozen_at: str = "") -> Sheet:
    """A report in words and cells."""
    columns = report.columns
    rows = tuple(
        tuple(text_of(report, name, value) for name, value in zip(columns, row, strict=True))
        for row in report.rows
    )
    return Sheet(
        title_of(report),
        tuple(facts_of(report, number, frozen_at)),
        tuple(heading(name) for name in columns),
        tuple(is_number(report, n) for n in range(len(columns))),
        rows,
        heading(report.bar) if report.bar else "",
        tuple(_bars(report)),
        report.wording,
        notes_of(report),
    )


def _bars(report: Report) -> list[Drawn]:
    """A bar for each line that is no sum of others and has a value."""
    if not report.bar:
        return []
    at = report.columns.index(report.bar)
    rows = [row for row in report.rows if isinstance(row[at], int) and row[at] and "*" not in row][
        :_MOST_BARS
    ]
    first = next((n for n in range(len(report.columns)) if is_number(report, n)), 1)
    telling = [n for n in range(first) if len({row[n] for row in rows}) > 1] or [0]
    return [
        Drawn(_label(report, row, telling), int(row[at]), text_of(report, report.bar, row[at]))
        for row in rows
    ]


def _label(report: Report, row: Row, telling: list[int]) -> str:
    """What tells a line from the others, the nearest first."""
    texts = [text_of(report, report.columns[n], row[n]) for n in reversed(telling) if row[n] != ""]
    return " · ".join(dict.fromkeys(texts))


def page_of(report: Report, society: str, number: str = "", frozen_at: str = "") -> Page:
    """A report as a page in the reader's language."""
    found = sheet(report, number, frozen_at)
    return Page(
        language().replace("_", "-"), society, found.title, found.facts, found.headings,
        found.right, found.rows, found.bars_title,
        tuple(Bar(each.label, each.value, each.text) for each in found.bars),
        found.wording, _("as announced"), found.notes,
    )  # fmt: skip


def workbook(report: Report, path: Path | str, number: str = "", frozen_at: str = "") -> None:
    """Writes a report as a workbook in the reader's language."""
    found = sheet(report, number, frozen_at)
    facts = "   ".join(f"{name}: {text}" for name, text in found.facts)
    money = [n for n, name in enumerate(report.columns) if name in report.money]
    rows = (
        [row[n] if n in money else text for n, text in enumerate(cells)]
        for row, cells in zip(report.rows, found.rows, strict=True)
    )
    notes = (*found.wording, *found.notes)
    headings = found.headings
    write_report(
        path, (found.title, facts), headings, rows, notes, money={headings[n] for n in money}
    )
