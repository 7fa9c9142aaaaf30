"""What is asked of a report, and what a finished one is."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rcaid.domain.errors import Problem, Refused
from rcaid.services.desk import Desk

_YEAR = re.compile(r"(?:19|2[0-9])[0-9]{2}", re.ASCII)
_MONTH = re.compile(r"((?:19|2[0-9])[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)
_SETS = ("money", "tenths", "shares")

Cell = str | int
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked for: a period as people write it, a day to look back from, an office
    ("" for all that the report shows)."""

    period: str
    as_of: str
    office: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A finished report: what it is, its columns and rows, and the rules printed under it.

    Columns named in ``money`` hold fen, in ``tenths`` tenths of a thing, in ``shares`` parts of a
    thousand; "" is a value that there is none of. ``bar`` names the column that is drawn,
    ``wording`` says figures as they are announced (BR-076), ``hidden`` tells how many cells were
    left out of a public table (BR-071).
    """

    name: str
    code: str
    period: str
    as_of: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    money: frozenset[str] = frozenset()
    rules: tuple[str, ...] = ()
    wording: tuple[str, ...] = field(default=())
    office: str = ""
    tenths: frozenset[str] = frozenset()
    shares: frozenset[str] = frozenset()
    bar: str = ""
    hidden: int = 0

    def data(self) -> dict[str, Any]:
        """The report as it is frozen: a map of text, numbers and lists alone."""
        return {
            "report": self.name,
            "code": self.code,
            "period": self.period,
            "office": self.office,
            "as_of": self.as_of,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "rules": list(self.rules),
            "wording": list(self.wording),
            "bar": self.bar,
            "hidden": self.hidden,
            **{name: sorted(getattr(self, name)) for name in _SETS},
        }


def report_of(data: Mapping[str, Any]) -> Report:
    """A report from what was frozen of it."""
    return Report(
        data["report"],
        data["code"],
        data["period"],
        data["as_of"],
        tuple(data["columns"]),
        tuple(tuple(row) for row in data["rows"]),
        rules=tuple(data["rules"]),
        wording=tuple(data["wording"]),
        office=data["office"],
        bar=data["bar"],
        hidden=data["hidden"],
        **{name: frozenset(data[name]) for name in _SETS},
    )


def span(period: str) -> tuple[str, str]:
    """First and last day of a year (2022), a month (2022-10) or a span (2022-01-01..2022-06-30).

    Years go from 1900 to 2999; Refused report.period for anything else.
    """
    if _YEAR.fullmatch(period):
        return f"{period}-01-01", f"{period}-12-31"
    month = _MONTH.fullmatch(period)
    if month is not None:
        last = calendar.monthrange(int(month[1]), int(month[2]))[1]
        return f"{period}-01", f"{period}-{last:02}"
    first, dots, last_day = period.partition("..")
    if dots and _is_day(first) and _is_day(last_day) and first <= last_day:
        return first, last_day
    raise Refused(Problem("report.period", {"period": period}))


def until(asked: Asked) -> tuple[str, str]:
    """First and last day of a report: its period, no further than its day."""
    first, last = span(asked.period)
    return first, min(last, asked.as_of)


def checked_day(text: str) -> str:
    """A day as people write it; Refused report.day where it is none."""
    if not _is_day(text):
        raise Refused(Problem("report.day", {"day": text}))
    return text


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text and "1900" <= text[:4] <= "2999"
    except ValueError:
        return False


def offices_of(desk: Desk, asked: Asked, act: str = "report.run") -> tuple[str, ...]:
    """The ids of the offices a report counts: those in reach, of the office that was asked for.

    Refused report.office for an office that does not exist, who.elsewhere for one out of reach.
    """
    reach = desk.reach(act)
    if not asked.office:
        return reach
    office = desk.offices.by_code.get(asked.office)
    if office is None:
        raise Refused(Problem("report.office", {"office": asked.office}))
    if office.id not in reach:
        raise Refused(Problem("who.elsewhere", {"office": office.name}))
    return desk.offices.below(office.id)


def office_name(desk: Desk, asked: Asked) -> str:
    """The office a report was asked for as people call it; "" for none."""
    office = desk.offices.by_code.get(asked.office)
    return desk.offices.path(office.id) if office else ""
