"""The quota tree: city, district, street, each level within the one above, in one unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from rcaid.db import programmes, rosters
from rcaid.db.tables import QUOTA, Cycle, Quota
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.services.desk import Desk, Offices
from rcaid.services.programmes import cycle as cycle_of

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """One office's quota of a category in a cycle: allotted, used and what is left of it."""

    office_id: str
    office: str
    category: str
    allotted: int
    used: int

    @property
    def left(self) -> int:
        """How many lines may still be entered."""
        return self.allotted - self.used


def overdrawn(offices: Offices, allotted: Mapping[Key, int]) -> list[Problem]:
    """Each office whose children together have more than it has itself (BR-031)."""
    given: dict[Key, int] = defaultdict(int)
    for (office_id, category), n in allotted.items():
        parent = offices.by_id[office_id].parent_id
        if parent is not None:
            given[parent, category] += n
    total = _totals(offices, allotted)
    split = [
        Problem(
            "quota.overdraft",
            {"office": offices.by_id[parent].name, "category": "*", "given": n, "has": has},
        )
        for parent, n in sorted(total.items())
        for has in [allotted.get((parent, "*"))]
        if has is not None and n > has and given.get((parent, "*"), 0) <= has
    ]
    return split + [
        Problem(
            "quota.overdraft",
            {
                "office": offices.by_id[parent].name,
                "category": category,
                "given": n,
                "has": allotted.get((parent, category), 0),
            },
        )
        for (parent, category), n in sorted(given.items())
        if n > allotted.get((parent, category), 0) and _is_kept(offices, parent, category, allotted)
    ]


def _totals(offices: Offices, allotted: Mapping[Key, int]) -> dict[str, int]:
    """What the offices below each one have together: their total, else the sum of categories."""
    own: dict[str, int] = defaultdict(int)
    for (office_id, category), n in allotted.items():
        if category == "*" or (office_id, "*") not in allotted:
            own[office_id] += n
    given: dict[str, int] = defaultdict(int)
    for office_id, n in own.items():
        parent = offices.by_id[office_id].parent_id
        if parent is not None:
            given[parent] += n
    return given


def _is_kept(offices: Offices, parent: str, category: str, allotted: Mapping[Key, int]) -> bool:
    """A district that has only a total may split it over categories as it likes."""
    return category == "*" or (parent, category) in allotted or (parent, "*") not in allotted


def put(desk: Desk, unit: Unit, cycle: Cycle, wanted: Mapping[Key, int]) -> dict[Key, Quota]:
    """Sets quotas inside a unit and checks the whole tree; Refused undoes the unit.

    A quota is not lowered below what is used of it.
    """
    unit.store.lock("quota", "id", [q.id for q in programmes.quotas(unit.store, cycle.id)])
    known = {(q.office_id, q.category): q for q in programmes.quotas(unit.store, cycle.id)}
    after = {key: quota.allotted for key, quota in known.items()} | dict(wanted)
    problems = overdrawn(desk.offices, after) + _below_used(desk, unit, cycle, wanted)
    if problems:
        raise Refused(problems)
    ids = unit.ids()
    new = [
        Quota(next(ids), cycle.id, office, category, n, 1)
        for (office, category), n in wanted.items()
        if (office, category) not in known
    ]
    changed = [
        known[key]._replace(allotted=n)
        for key, n in wanted.items()
        if key in known and known[key].allotted != n
    ]
    unit.insert(QUOTA, new)
    done = [*new, *unit.update(QUOTA, changed, ("allotted",))]
    return known | {(quota.office_id, quota.category): quota for quota in done}


def _below_used(desk: Desk, unit: Unit, cycle: Cycle, wanted: Mapping[Key, int]) -> list[Problem]:
    used = rosters.quota_used(unit.store, cycle.id, [office for office, _ in wanted])
    total: dict[str, int] = defaultdict(int)
    for (office, _), n in used.items():
        total[office] += n
    return [
        Problem(
            "quota.used", {"office": desk.offices.by_id[office].name, "used": have, "wanted": n}
        )
        for (office, category), n in wanted.items()
        for have in [total[office] if category == "*" else used.get((office, category), 0)]
        if n < have
    ]


def set_one(desk: Desk, cycle_code: str, office_code: str, category: str, n: int) -> Entry:
    """Sets one quota; needs the reviewer's duty for the office above."""
    cycle = cycle_of(desk, cycle_code)
    office = desk.offices.by_code.get(office_code)
    if office is None:
        raise Refused(Problem("office.unknown", {"value": office_code}))
    above = office.parent_id or office.id

    def work(unit: Unit) -> None:
        put(desk, unit, cycle, {(office.id, category): n})

    return desk.write("quota.set", above, work, object=office_code)[1]


def show(desk: Desk, cycle_code: str, office_ids: tuple[str, ...]) -> list[QuotaLine]:
    """The quotas of these offices with what is used of them; a district sums its streets."""
    cycle = cycle_of(desk, cycle_code)
    mine = set(desk.reach("quota.show"))
    used = rosters.quota_used(desk.store, cycle.id, desk.offices.below(desk.offices.all[0].id))
    lines = []
    for quota in programmes.quotas(desk.store, cycle.id):
        if quota.office_id not in mine or quota.office_id not in office_ids:
            continue
        below = set(desk.offices.below(quota.office_id))
        n = sum(
            count
            for (office, category), count in used.items()
            if office in below and quota.category in ("*", category)
        )
        office = desk.offices.by_id[quota.office_id]
        lines.append(QuotaLine(office.id, office.name, quota.category, quota.allotted, n))
    return lines
