"""Reports by name: the year's figures, how the quota was used, each with its rule of counting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from rcaid.db import programmes
from rcaid.db import reports as rows
from rcaid.db import transfers as transfer_rows
from rcaid.db.tables import Programme
from rcaid.domain.counting import COUNTING_RULE, TRANSFER_RULE, Counts
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.money import announce, announce_money
from rcaid.services import quotas, transfers
from rcaid.services.desk import Desk
from rcaid.services.flags import flags
from rcaid.services.money_reports import income, reconciliation
from rcaid.services.programmes import cycle as cycle_of
from rcaid.services.report_shape import Report
from rcaid.services.report_shape import year as year_of
from rcaid.services.transfers import Arrived

DELIVERED = ("paid", "delivered")


def counts(desk: Desk, programme: Programme, first: str, last: str) -> Counts:
    """A programme's figures between two days, both included, from the summaries."""
    served = rows.flows(desk.store, programme.id, "served", first, last)
    lines = rows.flows(desk.store, programme.id, "disbursement", first, last)
    persons, households = rows.distinct(desk.store, programme.id, first, last)
    fen: dict[str, int] = defaultdict(int)
    for _, _, state, _, value in lines:
        fen[state] += value
    times = sum(n for _, _, _, n, _ in served)
    return Counts(persons, households, times, fen["paid"], fen["delivered"])


def recounted(desk: Desk, programme: Programme, first: str, last: str) -> Counts:
    """The same figures counted anew from the delivered lines; must equal `counts`."""
    times, cash, goods = rows.recount(desk.store, programme.id, first, last)
    persons, households = rows.distinct(desk.store, programme.id, first, last)
    return Counts(persons, households, times, cash, goods)


def wording(found: Counts) -> str:
    """How the figures are announced (BR-076)."""
    return f"{announce(found.person_times, '人次')}，价值{announce_money(found.value_fen)}"


def transfer_wording(found: Arrived) -> str:
    """How help to institutions and regions is announced: 53所，价值1048.2万元 (BR-076)."""
    unit = "所" if found.kinds <= {"university", "school", "hospital"} else "家"
    return f"{announce(found.receivers, unit)}，价值{announce_money(found.value_fen)}"


def annual(desk: Desk, year: str, as_of: str) -> Report:
    """R-03: what each programme gave in a year. A programme's goods are valued by their lots.

    Programmes that give to institutions alone have no rows; their wording stands below.
    """
    desk.reach("report.run")
    first, last = year_of(year)
    last = min(last, as_of)
    table: list[tuple[str | int, ...]] = []
    said = []
    with_cycles = {each.programme_id for each in programmes.cycles(desk.store)}
    for programme in programmes.programmes(desk.store):
        if programme.id not in with_cycles:
            continue
        found = counts(desk, programme, first, last)
        table.append(
            (
                programme.name, found.persons, found.households, found.person_times,
                found.cash_fen, found.goods_fen, found.value_fen,
            )
        )  # fmt: skip
        said.append(f"{programme.name}：{wording(found)}")
    return Report(
        "annual",
        f"Annual figures {year}",
        last,
        ("programme", "persons", "households", "person_times", "cash", "goods", "value"),
        tuple(table),
        frozenset({"cash", "goods", "value"}),
        COUNTING_RULE,
        (*said, *_transfers_said(desk, first, last)),
    )


def _transfers_said(desk: Desk, first: str, last: str) -> Iterator[str]:
    """How help to institutions and regions is announced, a line for each programme and disaster."""
    names = {each.code: each.name for each in programmes.programmes(desk.store)}
    events = {each.code: each.name for each in transfer_rows.disasters(desk.store)}
    for (programme, disaster), of in transfers.arrived(desk, first, last).items():
        what = names[programme] + (f"·{events[disaster]}" if disaster else "")
        yield f"{what}：{transfer_wording(of)}"


def by_office(desk: Desk, year: str, as_of: str) -> Report:
    """R-02, first form: person-times and value by district and programme."""
    mine = set(desk.reach("report.run"))
    first, last = year_of(year)
    last = min(last, as_of)
    table: list[tuple[str | int, ...]] = []
    for programme in programmes.programmes(desk.store):
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for office, _, _, n, _ in rows.flows(desk.store, programme.id, "served", first, last):
            sums[desk.offices.district_of(office).id][0] += n
        lines = rows.flows(desk.store, programme.id, "disbursement", first, last)
        for office, _, state, _, fen in lines:
            if state in DELIVERED:
                sums[desk.offices.district_of(office).id][1 + DELIVERED.index(state)] += fen
        for each in desk.offices.all:
            if each.id in sums and each.id in mine:
                times, cash, goods = sums[each.id]
                table.append((programme.name, each.name, times, cash, goods, cash + goods))
    return Report(
        "offices",
        f"Figures by district {year}",
        last,
        ("programme", "district", "person_times", "cash", "goods", "value"),
        tuple(table),
        frozenset({"cash", "goods", "value"}),
        COUNTING_RULE,
    )


def quota(desk: Desk, cycle_code: str, as_of: str) -> Report:
    """R-11: allotted, used and left by office. Quota has no history: it is as of now."""
    cycle_of(desk, cycle_code)
    offices = tuple(office.id for office in desk.offices.all)
    lines = quotas.show(desk, cycle_code, offices)
    return Report(
        "quota",
        f"Quota {cycle_code}",
        desk.day,
        ("office", "category", "allotted", "used", "left"),
        tuple((li.office, li.category, li.allotted, li.used, li.left) for li in lines),
    )


def institutions(desk: Desk, year: str, as_of: str) -> Report:
    """R-17: help to institutions and other regions that arrived in a year, one by one."""
    desk.reach("report.run")
    first, last = year_of(year)
    last = min(last, as_of)
    found = transfers.shown(desk, transfer_rows.received(desk.store, first, last))
    names = {each.code: each.name for each in programmes.programmes(desk.store)}
    return Report(
        "institutions",
        f"Help to institutions and other regions {year}",
        last,
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
        frozenset({"cash", "goods", "value"}),
        TRANSFER_RULE,
        tuple(_transfers_said(desk, first, last)),
    )  # fmt: skip


REPORTS: dict[str, tuple[str, Callable[[Desk, str, str], Report]]] = {
    "annual": ("R-03: what each programme gave in a year; needs --period YEAR", annual),
    "offices": ("R-02: the same by district; needs --period YEAR", by_office),
    "institutions": (
        "R-17: help to institutions and other regions; needs --period YEAR",
        institutions,
    ),
    "income": ("R-04: what each fund received and gave; needs --period YEAR", income),
    "reconciliation": (
        "R-10: each batch approved, paid, returned, open; needs --period CYCLE",
        reconciliation,
    ),
    "flags": ("R-14: what an auditor should look at; needs --period CYCLE", flags),
    "quota": ("R-11: quota allotted, used and left; needs --period CYCLE", quota),
}
"""Every report by name: what it is, and the function (desk, period, as of)."""


def run(desk: Desk, name: str, period: str, as_of: str | None = None) -> Report:
    """Runs a report; Refused report.unknown names those there are."""
    if name not in REPORTS:
        raise Refused(Problem("report.unknown", {"report": name, "known": ", ".join(REPORTS)}))
    return REPORTS[name][1](desk, period, as_of or desk.day)
