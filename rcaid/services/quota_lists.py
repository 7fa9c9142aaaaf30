"""How far quotas are used, for lists and bars: from the summaries, exact all the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rcaid.db import programmes, rosters, summaries
from rcaid.db.tables import Cycle
from rcaid.domain.errors import Problem
from rcaid.domain.filters import parse
from rcaid.services.desk import Desk
from rcaid.services.filtering import allowed, resolve

COUNTED_STATES = ("listed", "entitled", "closed")
"""States of a line that uses quota and counts on its roster."""
OVER = ("ended", "cancelled")
"""States of a cycle in which nothing is entered any more."""


class QuotaRow(NamedTuple):
    """A quota of an office in a cycle, its own lines and those of all below it counted."""

    id: str
    cycle: str
    programme: str
    office_id: str
    place: str
    category: str
    allotted: int
    used: int
    version: int


def page(desk: Desk, filter_text: str = "") -> list[QuotaRow] | Problem:
    """Quotas of the cycles that have not ended, within what this desk may see, or what is wrong
    with the filter."""
    wanted = parse(filter_text, allowed(desk, "quota"))
    narrowed = wanted if isinstance(wanted, Problem) else resolve(desk, "quota", wanted)
    if isinstance(narrowed, Problem):
        return narrowed
    tests = {c.field: c for c in narrowed.conditions}
    names = {each.id: each.name for each in programmes.programmes(desk.store)}
    found = []
    for cycle in programmes.cycles(desk.store):
        if not (tests["cycle"].holds(cycle.id) if "cycle" in tests else cycle.state not in OVER):
            continue
        used = used_of(desk, cycle, narrowed.offices)
        for row in programmes.quotas(desk.store, cycle.id):
            if row.office_id not in narrowed.offices or (
                "category" in tests and not tests["category"].holds(row.category)
            ):
                continue
            below = desk.offices.below(row.office_id)
            n = sum(
                count
                for (office, category), count in used.items()
                if office in below and row.category in ("*", category)
            )
            found.append(
                QuotaRow(
                    row.id, cycle.code, names[cycle.programme_id], row.office_id,
                    desk.offices.path(row.office_id), row.category, row.allotted, n, row.version,
                )
            )  # fmt: skip
    order = {office.id: n for n, office in enumerate(desk.offices.all)}
    return sorted(found, key=lambda row: (row.cycle, order[row.office_id], row.category))


def used_of(desk: Desk, cycle: Cycle, offices: Sequence[str]) -> dict[tuple[str, str], int]:
    """Quota used by office and category: from the summaries, unless help was cancelled or lapsed
    in the cycle, which frees what its line used."""
    freed = [
        each
        for each in summaries.standing(desk.store, "entitlement", offices)
        if each.cycle_id == cycle.id and each.state in ("cancelled", "lapsed")
    ]
    if freed:
        return rosters.quota_used(desk.store, cycle.id, offices)
    used: dict[tuple[str, str], int] = {}
    for office, category, state, n in summaries.lines_of_cycle(desk.store, cycle.id, offices):
        if state in COUNTED_STATES:
            used[office, category] = used.get((office, category), 0) + n
    return used
