"""Donations: promised, received, receipted; declined, unnamed or given back.

A promise moves no money; only `receive` and `given` post to the ledger (external to available).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rcaid.db import donations as rows
from rcaid.db import programmes
from rcaid.db.tables import (
    DONATION,
    DONATION_LINE,
    DONATION_RECEIPT,
    MAKER,
    Donation,
    DonationLine,
    DonationReceipt,
    Donor,
    Fund,
    LedgerEntry,
    Lot,
    Maker,
)
from rcaid.db.unit import Entry, Unit
from rcaid.domain import dates
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.money import yuan
from rcaid.domain.workflow import move
from rcaid.services.desk import Desk
from rcaid.services.funds import donors, funds
from rcaid.services.funds.periods import posting_day
from rcaid.services.funds.trace import flow_of
from rcaid.services.rosters import apart

CHANNELS = ("bank", "cash", "online", "cheque", "goods", "other")
RECEIPT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{3,29}", re.ASCII)


class Goods(NamedTuple):
    """Goods that were given: the code of a lot that was taken in, and how many units of it."""

    lot: str
    qty: int


@dataclass(frozen=True, slots=True)
class Gift:
    """What a donor gives or promises, ready to be put down: ``on`` is the day it came in, or of the
    promise; ``goods`` are lots with quantities, money in fen."""

    donor: Donor
    fund: Fund
    fen: int
    on: str
    channel: str = "bank"
    campaign: str = ""
    earmark: str = ""
    reference: str = ""
    goods: tuple[tuple[Lot, int], ...] = ()
    receipt: str = ""
    promised: bool = False


def find(desk: Desk, number: str) -> Donation:
    """The donation of a number; Refused donation.unknown."""
    found = rows.by_number(desk.store, number)
    if found is None:
        raise Refused(Problem("donation.unknown", {"donation": number}))
    return found


# --- promised and received


def pledge(
    desk: Desk, donor: str, fund: str, fen: int, *, channel: str = "bank", campaign: str = "",
    earmark: str = "", reference: str = "", pledged_on: str = "",
) -> tuple[Donation, Entry]:  # fmt: skip
    """A promise: it stands in the books of donations and in no account."""
    gift = Gift(
        donors.by_code(desk, donor), funds.still_open(funds.by_code(desk, fund)), fen,
        day_of(desk, pledged_on), channel, campaign, earmark, reference, promised=True,
    )  # fmt: skip
    return _write(desk, "donation.pledge", gift)


def given(
    desk: Desk, donor: str, fund: str, fen: int = 0, *, goods: Sequence[Goods] = (),
    channel: str = "bank", campaign: str = "", earmark: str = "", reference: str = "",
    received_on: str = "",
) -> tuple[Donation, Entry]:  # fmt: skip
    """A donation that came in without a promise before: money, goods that the keeper has taken in
    (BR-082, BR-083), or both."""
    gift = Gift(
        donors.by_code(desk, donor), funds.still_open(funds.by_code(desk, fund)), fen,
        day_of(desk, received_on), channel, campaign, earmark, reference, _lots(desk, goods),
    )  # fmt: skip
    return _write(desk, "donation.receive", gift)


def _write(desk: Desk, act: str, gift: Gift) -> tuple[Donation, Entry]:
    problem = wrong(desk, gift)
    if problem is not None:
        raise Refused(problem)
    return desk.write(
        act,
        gift.fund.office_id,
        lambda unit: put(desk, unit, [gift])[0],
        object=lambda made: made.number,
    )


def wrong(desk: Desk, gift: Gift) -> Problem | None:
    """What speaks against putting a gift down."""
    if gift.channel not in CHANNELS:
        facts = {"channel": gift.channel, "known": ", ".join(CHANNELS)}
        return Problem("donation.channel", facts)
    if gift.fen < 0 or not (gift.fen or gift.goods):
        return Problem("donation.nothing")
    if gift.receipt and RECEIPT.fullmatch(gift.receipt) is None:
        return Problem("donation.receipt_form", {"receipt": gift.receipt})
    return None


def put(desk: Desk, unit: Unit, gifts: Sequence[Gift]) -> list[Donation]:
    """Numbers and inserts gifts, posts what came in and writes their receipts, within a unit.

    Refused when a reference, a lot or a receipt number was put down before.
    """
    unit.store.lock("office", "id", [desk.offices.top.id])
    _unused(unit, gifts)
    ids, numbers = unit.ids(), _numbers(unit)
    made: list[Donation] = []
    lines: list[DonationLine] = []
    receipts: list[DonationReceipt] = []
    for gift in gifts:
        donation = _donation(next(ids), next(numbers), gift)
        made.append(donation)
        own = [_line(next(ids), donation.id, lot, qty) for lot, qty in gift.goods]
        lines += own
        if gift.receipt:
            fen = worth(donation, own)
            receipts.append(
                DonationReceipt(
                    next(ids), donation.id, donation.office_id, gift.receipt, None, None, gift.on,
                    fen or None, "issued", None, 1,
                )
            )  # fmt: skip
    unit.insert(DONATION, made)
    unit.insert(DONATION_LINE, lines)
    unit.insert(DONATION_RECEIPT, receipts)
    came = [(donation, gift.fund) for donation, gift in zip(made, gifts, strict=True)
            if not gift.promised]  # fmt: skip
    unit.insert(MAKER, [_maker(unit, desk, each) for each, _ in came])
    unit.post([_entry(next(ids), unit, each, fund) for each, fund in came if each.fen])
    return made


def _unused(unit: Unit, gifts: Sequence[Gift]) -> None:
    references = [gift.reference for gift in gifts if gift.reference]
    for reference, found in rows.by_references(unit.store, references).items():
        facts = {"reference": reference, "donation": found.number}
        raise Refused(Problem("donation.reference", facts))
    lots = {lot.id: lot.code for gift in gifts for lot, _ in gift.goods}
    for lot, number in rows.given_lots(unit.store, lots).items():
        raise Refused(Problem("donation.lot", {"lot": lots[lot], "donation": number}))
    free_receipts(unit, [gift.receipt for gift in gifts if gift.receipt])


def free_receipts(unit: Unit, numbers: Iterable[str]) -> None:
    """Refused donation.receipt_used for a number that was used, even if it is void (BR-080)."""
    for number, donation in rows.receipt_numbers(unit.store, numbers).items():
        facts = {"receipt": number, "donation": donation}
        raise Refused(Problem("donation.receipt_used", facts))


def _numbers(unit: Unit) -> Any:
    prefix = f"D-{unit.day[:4]}-"
    last = rows.last_number(unit.store, prefix)
    first = int(last.removeprefix(prefix)) + 1 if last else 1
    return (f"{prefix}{n:06}" for n in range(first, 10**6))


def _donation(id: str, number: str, gift: Gift) -> Donation:
    state = "pledged" if gift.promised else "receipted" if gift.receipt else "received"
    promised, fen = (gift.fen, 0) if gift.promised else (0, gift.fen)
    return Donation(
        id, number, gift.fund.office_id, gift.donor.id, gift.fund.id, state, gift.channel,
        gift.campaign or _campaign(gift.fund), promised, fen, gift.on if gift.promised else None,
        None if gift.promised else gift.on, gift.earmark or None, gift.reference or None,
        gift.receipt or None, 1,
    )  # fmt: skip


def _campaign(fund: Fund) -> str | None:
    return fund.scope if fund.restriction == "campaign" else None


def _line(id: str, donation_id: str, lot: Lot, qty: int) -> DonationLine:
    """Goods at the value of their lot; None where the lot has none (basis 4, BR-083)."""
    value = None if lot.unit_value_fen is None else lot.unit_value_fen * qty
    return DonationLine(id, donation_id, lot.id, qty, value, 1)


def worth(donation: Donation, lines: Iterable[DonationLine]) -> int:
    """Money and goods with a value together, in fen: what a receipt is for (BR-080)."""
    return donation.fen + sum(line.value_fen or 0 for line in lines)


def _maker(unit: Unit, desk: Desk, donation: Donation, act: str = "donation.receive") -> Maker:
    return Maker(unit.new_id(), "donation", donation.id, desk.actor.staff_id, act, 1)


def _entry(id: str, unit: Unit, donation: Donation, fund: Fund) -> LedgerEntry:
    """Posted on the day it came in, or on the first open day where that month is closed."""
    day = posting_day(unit.store, donation.received_on or unit.day, unit.day)
    return funds.receipt(
        id, unit, fund, donation.fen, f"receive:{donation.id}", day=day, donation_id=donation.id
    )


def receive(
    desk: Desk, number: str, fen: int | None = None, *, goods: Sequence[Goods] = (),
    reference: str = "", received_on: str = "",
) -> Entry:  # fmt: skip
    """What was promised has come in; what came may be another amount than was promised."""
    donation = find(desk, number)
    fund = _fund(desk, donation)
    desk.require("donation.receive", donation.office_id)
    target = target_of(donation, "receive")
    lots = _lots(desk, goods)
    came = donation.pledged_fen if fen is None and not lots else fen or 0
    gift = Gift(
        donor_of(desk, donation), fund, came, day_of(desk, received_on), donation.channel,
        reference=reference, goods=lots,
    )  # fmt: skip
    problem = wrong(desk, gift)
    if problem is not None:
        raise Refused(problem)
    after = donation._replace(
        state=target, fen=came, received_on=gift.on, reference=reference or donation.reference
    )

    def work(unit: Unit) -> None:
        _unused(unit, [gift])
        columns = ("state", "fen", "received_on", "reference")
        (moved,) = unit.update(DONATION, [after], columns)
        ids = unit.ids()
        unit.insert(DONATION_LINE, [_line(next(ids), moved.id, lot, qty) for lot, qty in lots])
        unit.insert(MAKER, [_maker(unit, desk, moved)])
        unit.post([_entry(next(ids), unit, moved, fund)] if came else [])

    return desk.write("donation.receive", donation.office_id, work, object=number)[1]


def donor_of(desk: Desk, donation: Donation) -> Donor:
    """Who gave it."""
    return rows.donors_by_id(desk.store, [donation.donor_id])[donation.donor_id]


def _fund(desk: Desk, donation: Donation) -> Fund:
    return next(f for f in programmes.funds(desk.store) if f.id == donation.fund_id)


def target_of(donation: Donation, action: str) -> str:
    """The state an act takes a donation to; Refused state.no_move."""
    row = move("donation", donation.state, action)
    if row is None:
        facts = {"noun": donation.number, "state": donation.state, "action": action.rstrip("_")}
        raise Refused(Problem("state.no_move", facts))
    return row.target


def day_of(desk: Desk, text: str) -> str:
    """A day up to today; today where none is said."""
    today = desk.day
    found = dates.read(text) if text else today
    if isinstance(found, Problem) or not found or found > today:
        raise Refused(Problem("donation.day", {"day": text}))
    return found


def _lots(desk: Desk, goods: Iterable[Goods]) -> tuple[tuple[Lot, int], ...]:
    lots = {lot.code: lot for lot in programmes.lots(desk.store)}
    found = []
    for each in goods:
        if each.lot not in lots:
            raise Refused(Problem("lot.unknown", {"lot": each.lot, "known": ", ".join(lots)}))
        if each.qty <= 0:
            raise Refused(Problem("donation.quantity", {"lot": each.lot}))
        found.append((lots[each.lot], each.qty))
    return tuple(found)


# --- and no further


def withdraw(desk: Desk, number: str, reason: str) -> Entry:
    """What was promised will not come. ``reason`` is a code."""
    return step(desk, find(desk, number), "withdraw", reason)


def give_back(desk: Desk, number: str, reason: str) -> Entry:
    """Gives all of a donation back: by an approver who did not take it in (BR-040), and only while
    its money is still in its fund (BR-088). A receipt becomes void with it."""
    donation = find(desk, number)
    desk.require("donation.return", donation.office_id)
    target_of(donation, "return_")
    apart(desk, "donation.return", [donation.id])

    def also(unit: Unit) -> None:
        void_receipts(unit, donation)
        unit.insert(MAKER, [_maker(unit, desk, donation, "donation.return")])
        if not donation.fen:
            return
        unit.store.lock("balance", "fund_id", [donation.fund_id])
        left = flow_of(unit.store, donation.fund_id).left(donation.id, donation.fund_id)
        if left < donation.fen:
            facts = {"left": yuan(left), "donation": donation.number}
            raise Refused(Problem("donation.spent", facts))
        unit.post([back(unit, donation, "give_back")])

    return step(desk, donation, "return_", reason, also, receipt_no=None)


def void_receipts(unit: Unit, donation: Donation) -> None:
    """Whatever receipt of a donation stands becomes void."""
    issued = [r for r in rows.receipts(unit.store, donation.id) if r.state == "issued"]
    unit.update(DONATION_RECEIPT, [each._replace(state="void") for each in issued], ("state",))


def back(unit: Unit, donation: Donation, kind: str, reverses: str | None = None) -> LedgerEntry:
    """The posting by which a donation leaves again: available to external."""
    return LedgerEntry(
        unit.new_id(), unit.day, kind, "available", "external", donation.fund_id, donation.fen,
        donation.office_id, None, None, reverses, f"{kind}:{donation.id}", 1,
        donation_id=donation.id,
    )  # fmt: skip


def step(
    desk: Desk, donation: Donation, action: str, reason: str = "", also: Any = None, **columns: Any
) -> Entry:
    """Takes a donation one step on, with what ``also`` does in the same unit."""
    target = target_of(donation, action)
    act = f"donation.{action.rstrip('_')}"

    def work(unit: Unit) -> None:
        if also is not None:
            also(unit)
        after = donation._replace(state=target, **columns)
        unit.update(DONATION, [after], ("state", *columns))

    return desk.write(act, donation.office_id, work, object=donation.number, reason=reason or None)[
        1
    ]
