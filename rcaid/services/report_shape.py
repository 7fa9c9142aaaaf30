"""What a finished report is, and the period it is for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rcaid.domain.errors import Problem, Refused

_YEAR = re.compile(r"(19|2[0-9])[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Report:
    """A finished report: what it is, its columns and rows, and the rule printed under it.

    Money columns hold fen and are named in ``money``.
    """

    name: str
    title: str
    as_of: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    money: frozenset[str] = frozenset()
    rule: str = ""
    wording: tuple[str, ...] = field(default=())


def year(period: str) -> tuple[str, str]:
    """First and last day of a year from 1900 to 2999; Refused report.period for anything else."""
    if _YEAR.fullmatch(period) is None:
        raise Refused(Problem("report.period", {"period": period}))
    return f"{period}-01-01", f"{period}-12-31"
