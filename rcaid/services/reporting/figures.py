"""The year's figures: what each programme gave, and every indicator of the annual review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rcaid.db import money_reports as money_rows
from rcaid.db import programmes
from rcaid.db import reports as rows
from rcaid.db import transfers as transfer_rows
from rcaid.db.tables import Programme
from rcaid.domain.counting import COUNTING_RULE, FIGURES_RULE, TRANSFER_RULE, Counts
from rcaid.domain.deadlines import add_days
from rcaid.domain.money import announce, announce_money
from rcaid.services import transfers
from rcaid.services.desk import Desk
from rcaid.services.reporting import snapshots
from rcaid.services.reporting.shape import Asked, Report, office_name, offices_of, until
from rcaid.services.transfers import Arrived

DELIVERED = ("paid", "delivered")
_MONEY = frozenset({"cash", "goods", "value"})


def counts(
    desk: Desk, programme: Programme, first: str, last: str, offices: Sequence[str] | None = None
) -> Counts:
    """A programme's figures between two days, both included, from the summaries; of all offices
    unless some are named."""
    among = None if offices is None else frozenset(offices)

    def flows(machine: str) -> Iterator[tuple[str, int, int]]:
        for office, _, state, n, fen in rows.flows(desk.store, programme.id, machine, first, last):
            if among is None or office in among:
                yield state, n, fen

    fen: dict[str, int] = defaultdict(int)
    for state, _, value in flows("disbursement"):
        fen[state] += value
    times = sum(n for _, n, _ in flows("served"))
    persons, households = rows.distinct(desk.store, programme.id, first, last, offices)
    return Counts(persons, households, times, fen["paid"], fen["delivered"])


def recounted(desk: Desk, programme: Programme, first: str, last: str) -> Counts:
    """The same figures counted anew from the delivered lines; must equal `counts`."""
    times, cash, goods = rows.recount(desk.store, programme.id, first, last)
    persons, households = rows.distinct(desk.store, programme.id, first, last)
    return Counts(persons, households, times, cash, goods)


def wording(found: Counts) -> str:
    """How the figures are announced (BR-076); where more came back than went out, as nothing."""
    times, fen = max(found.person_times, 0), max(found.value_fen, 0)
    return f"{announce(times, '人次')}，价值{announce_money(fen)}"


def transfer_wording(found: Arrived) -> str:
    """How help to institutions and regions is announced: 53所，价值1048.2万元 (BR-076)."""
    unit = _unit_of(found)
    return f"{announce(found.receivers, unit)}，价值{announce_money(found.value_fen)}"


def _unit_of(found: Arrived) -> str:
    return "所" if found.kinds <= {"university", "school", "hospital"} else "家"


def with_cycles(desk: Desk) -> list[Programme]:
    """The programmes that help people: those that ever had a cycle."""
    known = {each.programme_id for each in programmes.cycles(desk.store)}
    return [each for each in programmes.programmes(desk.store) if each.id in known]


def annual(desk: Desk, asked: Asked) -> Report:
    """R-03 by programme: what each gave in a period. Its goods are valued by their lots.

    Programmes that give to institutions alone have no rows; their wording stands below.
    """
    desk.reach("report.run")
    first, last = until(asked)
    offices = offices_of(desk, asked) if asked.office else None
    table = []
    said = []
    for programme in with_cycles(desk):
        found = counts(desk, programme, first, last, offices)
        table.append(
            (
                programme.name, found.persons, found.households, found.person_times,
                found.cash_fen, found.goods_fen, found.value_fen,
            )
        )  # fmt: skip
        said.append(f"{programme.name}：{wording(found)}")
    if offices is None:
        said += transfers_said(desk, first, last)
    return Report(
        "annual", "R-03", asked.period, last,
        ("programme", "persons", "households", "person_times", "cash", "goods", "value"),
        tuple(table), _MONEY, (COUNTING_RULE,), tuple(said), office_name(desk, asked),
        bar="value",
    )  # fmt: skip


def transfers_said(desk: Desk, first: str, last: str) -> Iterator[str]:
    """How help to institutions and regions is announced, a line for each programme and disaster."""
    for about, of in _arrived(desk, first, last):
        yield f"{about}：{transfer_wording(of)}"


def _arrived(desk: Desk, first: str, last: str) -> Iterator[tuple[str, Arrived]]:
    names = {each.code: each.name for each in programmes.programmes(desk.store)}
    events = {each.code: each.name for each in transfer_rows.disasters(desk.store)}
    for (programme, disaster), of in transfers.arrived(desk, first, last).items():
        yield names[programme] + (f"·{events[disaster]}" if disaster else ""), of


def institutions(desk: Desk, asked: Asked) -> Report:
    """R-17: help to institutions and other regions that arrived in a period, one by one."""
    desk.reach("report.run")
    first, last = until(asked)
    found = transfers.shown(desk, transfer_rows.received(desk.store, first, last))
    names = {each.code: each.name for each in programmes.programmes(desk.store)}
    return Report(
        "institutions", "R-17", asked.period, last,
        ("transfer", "programme", "receiver", "disaster", "purpose", "received", "reported",
         "cash", "goods", "value"),
        tuple(
            (
                line.number, names[line.programme], line.institution, line.disaster, line.purpose,
                line.received_on, line.reported_on, line.fen, line.goods_fen,
                line.fen + line.goods_fen,
            )
            for line in found
        ),
        _MONEY, (TRANSFER_RULE,), tuple(transfers_said(desk, first, last)), bar="value",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of the annual review: a count or fen, its unit, and the days it covers."""

    indicator: str
    about: str
    value: int
    unit: str
    first: str
    last: str

    @property
    def said(self) -> str:
        """As it is announced (BR-076)."""
        if self.unit == "元":
            return announce_money(max(self.value, 0))
        return announce(max(self.value, 0), self.unit)

    def row(self) -> tuple[str | int, ...]:
        """As a line of the report: money apart from what is counted."""
        money = self.unit == "元"
        number: tuple[str | int, str | int] = ("", self.value) if money else (self.value, "")
        return (self.indicator, self.about, *number, self.unit, self.first, self.last, self.said)


def review(desk: Desk, asked: Asked) -> Report:
    """R-03 figure by figure: indicator, value, unit, the days it covers, how it is announced.

    Where a total from before the program is on record, a second line carries it on (BR-075).
    """
    desk.reach("report.run")
    first, last = until(asked)
    found = list(_figures(desk, first, last))
    found += _totals(desk, last)
    return Report(
        "review", "R-03", asked.period, last,
        ("indicator", "about", "count", "amount", "unit", "first_day", "last_day", "said"),
        tuple(each.row() for each in found), frozenset({"amount"}),
        (FIGURES_RULE, COUNTING_RULE, TRANSFER_RULE),
        tuple(f"{each.about or '全部'}：{each.said}" for each in found),
    )  # fmt: skip


def _figures(desk: Desk, first: str, last: str) -> Iterator[Figure]:
    for programme in with_cycles(desk):
        of = counts(desk, programme, first, last)
        for indicator, value, unit in (
            ("relief.persons", of.persons, "人"),
            ("relief.households", of.households, "户"),
            ("relief.person_times", of.person_times, "人次"),
            ("relief.value", of.value_fen, "元"),
        ):
            yield Figure(indicator, programme.name, value, unit, first, last)
    for about, arrived in _arrived(desk, first, last):
        unit = _unit_of(arrived)
        yield Figure("institution.count", about, arrived.receivers, unit, first, last)
        yield Figure("institution.value", about, arrived.value_fen, "元", first, last)
    yield Figure(
        "donation.raised", "", money_rows.raised(desk.store, first, last), "元", first, last
    )


def _totals(desk: Desk, last: str) -> Iterable[Figure]:
    """Totals carried on from what was on record before (BR-075); newest statement first."""
    for opening in snapshots.openings(desk):
        if opening.as_of > last:
            continue
        since = [
            each
            for each in _figures(desk, add_days(opening.as_of, 1), last)
            if (each.indicator, each.about) == (opening.indicator, opening.about)
        ]
        value = opening.value + sum(each.value for each in since)
        unit = "元" if opening.indicator.endswith((".value", ".raised")) else "人次"
        yield Figure(f"{opening.indicator}.total", opening.about, value, unit, opening.as_of, last)
