"""Reports of money: what came in and went out of each fund, and what became of each batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from rcaid.db import money_reports as rows
from rcaid.db import programmes
from rcaid.db.money_reports import OWN_MOVES, Posted, Use
from rcaid.domain.counting import INCOME_RULE, RECONCILIATION_RULE
from rcaid.domain.money import announce_money
from rcaid.services import batches
from rcaid.services.desk import Desk
from rcaid.services.programmes import cycle as cycle_of
from rcaid.services.reporting.shape import Asked, Report, Row, office_name, offices_of, until

_HELD = ("available", "committed", "payable", "in_transit", "returned")
"""Accounts whose money is still the fund's."""


def income(desk: Desk, asked: Asked) -> Report:
    """R-04: for each fund what it held, received by source, gave by programme and region, and
    holds, to the fen.

    What it held and holds is counted on the accounts, what came and went on the entries, so that
    opening + received - used = closing is a test of the ledger and not of this report.
    """
    desk.reach("report.run")
    first, last = until(asked)
    by_fund: dict[str, list[Posted]] = defaultdict(list)
    for each in rows.posted(desk.store, first, last):
        by_fund[each.fund].append(each)
    names = {each.id: each.name for each in programmes.programmes(desk.store)}
    uses: dict[str, list[Row]] = defaultdict(list)
    given: dict[str, int] = defaultdict(int)
    for use, goods in (
        *((use, False) for use in rows.used(desk.store, first, last)),
        *((use, True) for use in rows.handed_out(desk.store, first, last)),
    ):
        if use.fen:
            cash, value = (0, use.fen) if goods else (use.fen, 0)
            uses[use.fund].append(_use(use, names, cash, value, ""))
            given[use.fund] += value
    for use in rows.unvalued(desk.store, first, last):
        uses[use.fund].append(_use(use, names, 0, 0, use.item))
    funds = [
        (fund.name, list(_of_fund(by_fund[fund.id], _together(uses[fund.id]), given[fund.id])))
        for fund in programmes.funds(desk.store)
    ]
    return Report(
        "income", "R-04", asked.period, last,
        ("fund", "line", "receiver", "programme", "region", "cash", "goods", "item", "pieces"),
        tuple((name, *row) for name, lines in funds for row in lines),
        frozenset({"cash", "goods"}), (INCOME_RULE,),
        tuple(f"{name}：{_said(lines)}" for name, lines in funds if _sum(lines, "received")),
        bar="cash",
    )  # fmt: skip


def _sum(lines: list[Row], name: str) -> int:
    return sum(int(line[4]) + int(line[5]) for line in lines if line[0] == name)


def _said(lines: list[Row]) -> str:
    """How a fund's year is announced, cash and goods together (BR-076)."""
    received, used = (max(_sum(lines, name), 0) for name in ("received", "used"))
    return f"收入{announce_money(received)}，使用{announce_money(used)}"


def _use(use: Use, names: dict[str, str], cash: int, value: int, item: str) -> Row:
    line = "unvalued" if item else "used"
    return (
        line, use.receiver, names.get(use.programme, ""), use.region, cash, value, item,
        use.pieces or "",
    )  # fmt: skip


def _together(uses: list[Row]) -> list[Row]:
    """Cash and goods of the same receivers on one line."""
    sums: dict[Row, list[int]] = defaultdict(lambda: [0, 0])
    for *who, cash, goods, item, pieces in uses:
        total = sums[(*who, item, pieces)]
        total[0] += int(cash)
        total[1] += int(goods)
    return [
        (*who[:4], cash, goods, *who[4:]) for who, (cash, goods) in sorted(sums.items(), key=str)
    ]


def _line(name: str, about: str, cash: int, goods: int = 0) -> Row:
    return (name, about, "", "", cash, goods, "", "")


def _of_fund(entries: list[Posted], uses: list[Row], given: int) -> Iterator[Row]:
    now = [each for each in entries if each.span == "within"]
    outside = [each for each in now if "external" in (each.debit, each.credit)]
    receipts = [each for each in outside if each.debit == "external" and each.kind not in OWN_MOVES]
    moved = -_on([each for each in outside if each.kind in OWN_MOVES], "external")
    back = sum(e.fen for e in outside if e.credit == "external" and e.kind not in OWN_MOVES)
    lost = _on(now, "written_off")
    yield _line("opening", "", _held([each for each in entries if each.span == "before"]))
    for source in sorted({each.source for each in receipts}):
        cash = sum(each.fen for each in receipts if each.source == source)
        yield _line("received", source, cash)
    if given:
        yield _line("received", "in_kind", 0, given)
    for name, fen in (("transferred", moved), ("given_back", back)):
        if fen:
            yield _line(name, "", fen)
    yield from uses
    yield _line("returned", "", sum(each.fen for each in now if each.credit == "returned"))
    if lost:
        yield _line("written_off", "", lost)
    yield _line("closing", "", _held(entries))


def _on(entries: list[Posted], account: str) -> int:
    """What entries bring to an account, less what they take from it."""
    return sum(each.fen * ((each.credit == account) - (each.debit == account)) for each in entries)


def _held(entries: list[Posted]) -> int:
    return sum(_on(entries, account) for account in _HELD)


def reconciliation(desk: Desk, asked: Asked) -> Report:
    """R-10: for each batch of a cycle what was approved, paid, returned and is not back yet
    (BR-070), goods at the value of their lot. It is as of now."""
    offices = offices_of(desk, asked)
    cycle = cycle_of(desk, asked.period)
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
        "reconciliation", "R-10", asked.period, desk.day,
        ("batch", "office", "kind", "state", "lines", "approved", "paid", "returned", "left_out",
         "unpaid", "difference", "explanation"),
        tuple(table),
        frozenset({"approved", "paid", "returned", "left_out", "unpaid", "difference"}),
        (RECONCILIATION_RULE,), office=office_name(desk, asked), bar="paid",
    )  # fmt: skip
