"""Donations as they are listed: with donor, fund, receipt, and goods that have no value apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from rcaid.db import donations as rows
from rcaid.db import programmes
from rcaid.db.tables import Donation, DonationLine
from rcaid.services.desk import Desk
from rcaid.services.funds import donors
from rcaid.services.funds.donations import find
from rcaid.services.funds.donors import named
from rcaid.services.funds.funds import by_code


@dataclass(frozen=True, slots=True)
class Line:
    """One donation; money in fen. ``goods_fen`` is the value of goods that have one, ``unvalued``
    the quantity of those that have none (basis 4, BR-083)."""

    number: str
    donor: str
    name: str
    fund: str
    state: str
    channel: str
    campaign: str
    pledged_fen: int
    fen: int
    goods_fen: int
    unvalued: int
    pledged_on: str
    received_on: str
    earmark: str
    reference: str
    receipt: str
    receipts: tuple[str, ...] = ()
    goods: tuple[tuple[str, int, int | None], ...] = ()


def listing(desk: Desk, *, fund: str = "", donor: str = "", state: str = "") -> list[Line]:
    """The donations of the offices this person may look at, by number."""
    found = rows.of_offices(desk.store, desk.reach("donation.list"))
    if fund:
        found = [each for each in found if each.fund_id == by_code(desk, fund).id]
    if donor:
        found = [each for each in found if each.donor_id == donors.by_code(desk, donor).id]
    return _shown(desk, [each for each in found if state in ("", each.state)])


def show(desk: Desk, number: str) -> Line:
    """One donation with its goods and all its receipts, void ones among them."""
    donation = find(desk, number)
    desk.require("donation.list", donation.office_id)
    (line,) = _shown(desk, [donation], whole=True)
    return line


def _shown(desk: Desk, found: list[Donation], whole: bool = False) -> list[Line]:
    names = named(desk, {each.donor_id for each in found})
    codes = {id: d.code for id, d in rows.donors_by_id(desk.store, names).items()}
    funds = {fund.id: fund.code for fund in programmes.funds(desk.store)}
    goods: dict[str, list[DonationLine]] = defaultdict(list)
    for line in rows.lines(desk.store, [each.id for each in found]):
        goods[line.donation_id].append(line)
    return [
        Line(
            d.number, codes[d.donor_id], names[d.donor_id], funds[d.fund_id], d.state, d.channel,
            d.campaign or "", d.pledged_fen, d.fen,
            sum(line.value_fen or 0 for line in goods[d.id]),
            sum(line.qty for line in goods[d.id] if line.value_fen is None),
            d.pledged_on or "", d.received_on or "", d.earmark or "", d.reference or "",
            d.receipt_no or "", _receipts(desk, d) if whole else (),
            _goods(desk, goods[d.id]) if whole else (),
        )
        for d in found
    ]  # fmt: skip


def _receipts(desk: Desk, donation: Donation) -> tuple[str, ...]:
    found = rows.receipts(desk.store, donation.id)
    return tuple(f"{each.number} {each.state}" for each in found)


def _goods(desk: Desk, lines: list[DonationLine]) -> tuple[tuple[str, int, int | None], ...]:
    lots = {lot.id: lot.code for lot in programmes.lots(desk.store)}
    return tuple((lots[line.lot_id], line.qty, line.value_fen) for line in lines)
