"""What a report may be asked for: periods, offices and days that come to mind first."""

from __future__ import annotations

from rcaid.db import notices, programmes
from rcaid.domain.deadlines import add_days
from rcaid.services.desk import Desk
from rcaid.services.notices import core
from rcaid.services.reporting.reports import CYCLE, NOTICE, REPORTS, Kind

MOST = 40
"""Cycles or notices that are offered at most, the newest first."""


def why_not(desk: Desk, name: str) -> bool:
    """Whether this person may not run a report anywhere."""
    act = REPORTS[name].act
    return all(desk.duty_for(act, office) is None for _, office in desk.actor.duties)


def periods(desk: Desk, name: str) -> list[str]:
    """Periods for a report, the likeliest first: months and years, cycles, or notices."""
    kind = REPORTS[name]
    if kind.period == CYCLE:
        found = [each for each in programmes.cycles(desk.store) if each.state != "cancelled"]
        found.sort(key=lambda each: (each.opens_on, each.code), reverse=True)
        return [each.code for each in found][:MOST]
    if kind.period == NOTICE:
        seen = core.seen_from(desk)
        newest = notices.of_offices(desk.store, sorted(seen))
        up = [each for each in newest if each.content and core.may_see(desk, each, seen)]
        return [each.number for each in sorted(up, key=lambda each: each.id, reverse=True)][:MOST]
    month, year = desk.day[:7], desk.day[:4]
    before = add_days(f"{month}-01", -1)[:7]
    months, years = [before, month], [year, str(int(year) - 1)]
    return [*months, *years] if name == "monthly" else [*years, *months]


def offices(desk: Desk, name: str) -> list[str]:
    """Codes of the offices a report may be kept to, one's own first; "" is the whole society."""
    kind = REPORTS[name]
    if not kind.by_office:
        return [""]
    home = desk.office_for(kind.act)
    own = [home, *(each for each in desk.offices.children(home.id) if not each.pseudo)]
    return ([""] if kind.for_all else []) + [each.code for each in own]


def days(desk: Desk, name: str) -> list[str]:
    """Days to look back from: today, the end of last month, the end of last year."""
    last = add_days(f"{desk.day[:7]}-01", -1)
    found = [desk.day, last, f"{int(desk.day[:4]) - 1}-12-31"]
    return list(dict.fromkeys(found)) if _looks_back(REPORTS[name]) else [desk.day]


def _looks_back(kind: Kind) -> bool:
    """Whether a report can be given as of an earlier day: batches, flags and notices cannot."""
    return kind.code not in ("R-05", "R-10", "R-14")
