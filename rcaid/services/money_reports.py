"""Reports of money: what came in and went out of each fund, and what became of each batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from rcaid.db import money_reports as rows
from rcaid.db import programmes
from rcaid.db.money_reports import Posted
from rcaid.domain.counting import INCOME_RULE, RECONCILIATION_RULE
from rcaid.services import batches
from rcaid.services.desk import Desk
from rcaid.services.programmes import cycle as cycle_of
from rcaid.services.report_shape import Report, year

_HELD = ("available", "payable", "in_transit", "returned")
"""Accounts whose money is still the fund's."""
Row = tuple[str | int, ...]


def income(desk: Desk, period: str, as_of: str) -> Report:
    """R-04: for each fund what it held, received, gave and holds, to the fen.

    What it held and holds is counted on the accounts, what came and went on the entries, so that
    opening + received - used = closing is a test of the ledger and not of this report.
    """
    desk.reach("report.run")
    first, last = year(period)
    last = min(last, as_of)
    by_fund: dict[str, list[Posted]] = defaultdict(list)
    for each in rows.posted(desk.store, first, last):
        by_fund[each.fund].append(each)
    goods: dict[str, dict[str, int]] = defaultdict(dict)
    for fund, receiver, fen in rows.handed_out(desk.store, first, last):
        goods[fund][receiver] = fen
    return Report(
        "income",
        f"Income and use of money and goods {period}",
        last,
        ("fund", "line", "receiver", "cash", "goods"),
        tuple(
            row
            for fund in programmes.funds(desk.store)
            for row in _of_fund(fund.name, by_fund[fund.id], goods[fund.id])
        ),
        frozenset({"cash", "goods"}),
        INCOME_RULE,
    )


def _of_fund(name: str, entries: list[Posted], goods: dict[str, int]) -> Iterator[Row]:
    now = [each for each in entries if each.span == "within"]
    given = sum(goods.values())
    receipts = [each for each in now if each.kind == "receive"]
    others = [each for each in now if each.kind != "receive"]
    yield name, "opening", "", _held([each for each in entries if each.span == "before"]), 0
    yield name, "received", "", -_on(receipts, "external"), given
    if moved := -_on(others, "external"):
        yield name, "transferred", "", moved, 0
    for receiver in sorted({each.receiver for each in now if _settles(each)} | goods.keys()):
        cash = _on([each for each in now if each.receiver == receiver], "settled")
        yield name, "used", receiver, cash, goods.get(receiver, 0)
    yield name, "returned", "", sum(each.fen for each in now if each.credit == "returned"), 0
    yield name, "closing", "", _held(entries), 0


def _settles(entry: Posted) -> bool:
    return "settled" in (entry.debit, entry.credit)


def _on(entries: list[Posted], account: str) -> int:
    """What entries bring to an account, less what they take from it."""
    return sum(each.fen * ((each.credit == account) - (each.debit == account)) for each in entries)


def _held(entries: list[Posted]) -> int:
    return sum(_on(entries, account) for account in _HELD)


def reconciliation(desk: Desk, period: str, as_of: str) -> Report:
    """R-10: for each batch of a cycle what was approved, paid, returned and is not back yet
    (BR-070), goods at the value of their lot. It is as of now."""
    offices = desk.reach("report.run")
    cycle = cycle_of(desk, period)
    table: list[Row] = []
    for batch in rows.batches(desk.store, cycle.id, offices):
        found = batches.reconciled(desk, batch)
        sums = (found.approved, found.paid, found.returned, found.left_out, found.open)
        table.append(
            (
                batch.number, desk.offices.by_id[batch.office_id].name, batch.kind, batch.state,
                found.approved[0], *(fen for _, fen in sums), found.difference, batch.note or "",
            )
        )  # fmt: skip
    return Report(
        "reconciliation",
        f"Reconciliation of batches {period}",
        desk.day,
        ("batch", "office", "kind", "state", "lines", "approved", "paid", "returned", "left_out",
         "unpaid", "difference", "explanation"),
        tuple(table),
        frozenset({"approved", "paid", "returned", "left_out", "unpaid", "difference"}),
        RECONCILIATION_RULE,
    )  # fmt: skip
