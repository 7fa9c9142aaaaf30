"""Reports by office: the month by district or street, and how quotas were carried out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from rcaid.db import programmes
from rcaid.db import reports as rows
from rcaid.db.reports import Helped, Moved
from rcaid.db.tables import Office
from rcaid.domain.counting import COUNTING_RULE, MONTHLY_RULE, QUOTA_RULE, Counts
from rcaid.domain.deadlines import workdays_between
from rcaid.services.clock import ZONE, local_day
from rcaid.services.desk import Desk
from rcaid.services.programmes import cycle as cycle_of
from rcaid.services.quota_lists import COUNTED_STATES, used_of
from rcaid.services.reporting.figures import wording
from rcaid.services.reporting.shape import Asked, Report, Row, office_name, offices_of, until

ALL = ""
"""The unit that stands for all offices together."""
Key = tuple[str, str, str]
"""Programme id, lane, id of the unit."""


@dataclass(slots=True)
class _Sums:
    """What a line of the monthly report adds up."""

    received: int = 0
    approved: int = 0
    rejected: int = 0
    overdue: int = 0
    days: list[int] = field(default_factory=list)


class _Units:
    """The offices that are told apart: those right below the one that is asked for."""

    def __init__(self, desk: Desk, top: Office) -> None:
        below = desk.offices.children(top.id)
        self.level = "district" if top.level == "city" else "street"
        self.of: dict[str, str] = {top.id: top.id}
        for unit in below:
            self.of |= dict.fromkeys(desk.offices.below(unit.id), unit.id)
        self.order = {ALL: -1, top.id: 0} | {each.id: n for n, each in enumerate(below, 1)}


def monthly(desk: Desk, asked: Asked) -> Report:
    """R-02: cases, people, money, quota and time by programme, lane and office, for a month or any
    other span. The first line of each programme and lane is all offices together."""
    offices = offices_of(desk, asked)
    first, last = until(asked)
    top = _top(desk, asked)
    units = _Units(desk, top)
    offices = tuple(each for each in offices if each in units.of)
    moved = rows.moved(desk.store, offices, first, last)
    helped = _flowed(desk, units, moved, _helped(desk, units, offices, first, last))
    sums = _sums(desk, units, offices, moved, first, last)
    quota = _quota(desk, units, offices, last)
    names = {each.id: each.name for each in programmes.programmes(desk.store)}
    keys = sorted(
        helped.keys() | sums.keys(),
        key=lambda key: (names[key[0]], key[1], units.order.get(key[2], 999)),
    )
    numbers = {key: _numbers(helped.get(key), sums[key], quota.get(key)) for key in keys}
    keys = [key for key in keys if any(n for n in (*numbers[key][:9], numbers[key][-1]))]
    return Report(
        "monthly", "R-02", asked.period, last,
        ("programme", "lane", "office", "taken_in", "approved", "rejected", "paid", "persons",
         "households", "person_times", "cash", "goods", "quota", "used_share", "days", "overdue"),
        tuple(
            (names[key[0]], key[1], desk.offices.by_id[key[2]].name if key[2] else "*",
             *numbers[key])
            for key in keys
        ),
        frozenset({"cash", "goods"}), (MONTHLY_RULE, COUNTING_RULE),
        tuple(
            f"{names[each.programme]}：{wording(_counts(each))}"
            for key in keys
            if key[2] == ALL and (each := helped.get(key)) is not None
        ),
        office_name(desk, asked) or top.name, frozenset({"days"}), frozenset({"used_share"}),
        "person_times",
    )  # fmt: skip


def _counts(of: Helped) -> Counts:
    return Counts(of.persons, of.households, of.person_times, of.cash_fen, of.goods_fen)


def _top(desk: Desk, asked: Asked) -> Office:
    """The office whose parts are the lines: the one asked for, else the widest one in reach."""
    if asked.office:
        return desk.offices.by_code[asked.office]
    reach = desk.reach("report.run")
    return max(
        (desk.offices.by_id[each] for each in reach), key=lambda each: len(desk.offices.below(each.id))
    )  # fmt: skip


def _numbers(of: Helped | None, sums: _Sums, quota: tuple[int, int] | None) -> Row:
    allotted, used = quota or (0, 0)
    days = round(sum(sums.days) * 10 / len(sums.days)) if sums.days else ""
    reached = of[3:] if of else (0,) * 6
    return (
        sums.received, sums.approved, sums.rejected, *reached, allotted or "",
        used * 1000 // allotted if allotted else "", days, sums.overdue,
    )  # fmt: skip


def _helped(
    desk: Desk, units: _Units, offices: Sequence[str], first: str, last: str
) -> dict[Key, Helped]:
    """People and money by unit, and all together: people of two units may be the same."""
    return {
        (each.programme, each.lane, each.unit): each
        for level in (units.level, ALL)
        for each in rows.helped(desk.store, level, offices, first, last)
    }


def _flowed(
    desk: Desk, units: _Units, moved: Sequence[Moved], helped: dict[Key, Helped]
) -> dict[Key, Helped]:
    """The same with person-times and money from the summaries, as everywhere: what came back goes
    on its own day (BR-062). They know no lanes: in a programme of both, lists get what is left of
    them beside single applications."""
    flowed: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for each in moved:
        at = {"served": 0, "paid": 1, "delivered": 2}.get(
            each.machine if each.machine == "served" else each.state
        )
        if at is not None and each.machine != "line":
            for unit in (units.of[each.office], ALL):
                flowed[each.programme, unit][at] += each.fen if at else each.n
    found = dict(helped)
    known: dict[str, list[str]] = {}
    for (programme, unit), (times, cash, goods) in flowed.items():
        lanes = known.setdefault(programme, []) or rows.lanes(desk.store, programme)
        known[programme] = lanes
        lane = lanes[-1] if lanes else "B"
        single = helped.get((programme, "A", unit)) if len(lanes) > 1 else None
        if single is not None:
            times -= single.person_times
            cash -= single.cash_fen
            goods -= single.goods_fen
        of = found.get((programme, lane, unit), Helped(programme, lane, unit, 0, 0, 0, 0, 0, 0))
        found[programme, lane, unit] = of._replace(
            person_times=times, cash_fen=cash, goods_fen=goods
        )
    return found


def _sums(
    desk: Desk, units: _Units, offices: Sequence[str], moved: Sequence[Moved], first: str, last: str
) -> dict[Key, _Sums]:
    found: dict[Key, _Sums] = defaultdict(_Sums)

    def of(programme: str, lane: str, office: str) -> Iterator[_Sums]:
        yield found[programme, lane, units.of[office]]
        yield found[programme, lane, ALL]

    for line in moved:
        for each in of(line.programme, "B", line.office) if line.machine == "line" else ():
            each.received += line.n
            each.approved += line.n if line.state in ("entitled", "closed") else 0
            each.rejected += line.n if line.state == "struck" else 0
    for got in rows.received(desk.store, offices, first, last):
        for each in of(got.programme, "A", got.office):
            each.received += got.received
            each.overdue += got.overdue
    past = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
    known: set[tuple[str, str]] = set()
    for took in rows.decided(desk.store, offices, _utc(first), _utc(past)):
        what = "rejected" if took.action == "reject" else "approved"
        if (took.case_id, what) in known:
            continue
        known.add((took.case_id, what))
        for each in of(took.programme, "A", took.office):
            setattr(each, what, getattr(each, what) + 1)
            if took.complete_on:
                each.days.append(max(workdays_between(took.complete_on, local_day(took.at)), 0))
    return found


def _utc(day: str) -> str:
    """When a business day begins, as the store writes times."""
    at = datetime.combine(date.fromisoformat(day), datetime.min.time(), ZONE)
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _quota(
    desk: Desk, units: _Units, offices: Sequence[str], last: str
) -> dict[Key, tuple[int, int]]:
    """Allotted and used by unit in the cycles that opened in the year; lists alone have quotas."""
    found: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    top = next(iter(units.of))
    for cycle in programmes.cycles(desk.store):
        if not f"{last[:4]}-01-01" <= cycle.opens_on <= last or cycle.state == "cancelled":
            continue
        for quota in programmes.quotas(desk.store, cycle.id):
            for unit in (quota.office_id,) if quota.office_id in units.order else ():
                found[cycle.programme_id, "B", ALL if unit == top else unit][0] += quota.allotted
        for (office, _), n in used_of(desk, cycle, offices).items():
            found[cycle.programme_id, "B", units.of[office]][1] += n
            found[cycle.programme_id, "B", ALL][1] += n
    return {key: (allotted, used) for key, (allotted, used) in found.items()}


def quota(desk: Desk, asked: Asked) -> Report:
    """R-11: how the quotas of a cycle were carried out, by office and category, at the end of a
    day. What was allotted has no history: it is as of now."""
    cycle = cycle_of(desk, asked.period)
    offices = offices_of(desk, asked, "quota.show")
    states: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for office, category, state, n in rows.lines_until(desk.store, cycle.id, offices, asked.as_of):
        states[office, category][state] += n
    reached = {
        (office, category): n
        for office, category, n in rows.cases_reached(desk.store, cycle.id, offices, asked.as_of)
    }
    freed = _freed(desk, asked, offices)
    table: list[Row] = []
    for each in programmes.quotas(desk.store, cycle.id):
        if each.office_id not in offices:
            continue
        below = frozenset(desk.offices.below(each.office_id))
        keys = [key for key in states if key[0] in below and each.category in ("*", key[1])]
        entered = sum(states[key][s] for key in keys for s in COUNTED_STATES)
        entered -= sum(freed.get(key, 0) for key in keys)
        approved = sum(states[key][s] for key in keys for s in ("entitled", "closed"))
        waiting = sum(states[key]["waiting"] for key in keys)
        delivered = sum(reached.get(key, 0) for key in keys)
        table.append(
            (
                desk.offices.by_id[each.office_id].name, each.category, each.allotted, entered,
                approved, delivered, each.allotted - entered, waiting,
            )
        )  # fmt: skip
    return Report(
        "quota", "R-11", asked.period, min(asked.as_of, desk.day),
        ("office", "category", "allotted", "entered", "approved", "delivered", "left", "waiting"),
        tuple(table), rules=(QUOTA_RULE,), office=office_name(desk, asked), bar="entered",
    )  # fmt: skip


def _freed(desk: Desk, asked: Asked, offices: Sequence[str]) -> dict[tuple[str, str], int]:
    """How many lines use no quota any more since their help was cancelled or lapsed."""
    cycle = cycle_of(desk, asked.period)
    now = used_of(desk, cycle, offices)
    lines: dict[tuple[str, str], int] = defaultdict(int)
    for office, category, state, n in rows.lines_until(desk.store, cycle.id, offices, desk.day):
        lines[office, category] += n if state in COUNTED_STATES else 0
    return {key: n - now.get(key, 0) for key, n in lines.items()}
