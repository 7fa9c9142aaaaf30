"""Official receipts for donations: typed in, never made up; void ones stay.

Numbers, codes and check codes come from the finance bureau's system (BR-080). Electronic and paper
receipts are equal.
"""

from __future__ import annotations

from rcaid.db import donations as rows
from rcaid.db import funds as fund_rows
from rcaid.db import programmes
from rcaid.db.tables import DONATION, DONATION_RECEIPT, DonationReceipt
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.money import capital, yuan
from rcaid.services.desk import Desk
from rcaid.services.funds.donations import (
    RECEIPT,
    day_of,
    donor_of,
    find,
    free_receipts,
    step,
    target_of,
    void_receipts,
    worth,
)


def receipt(
    desk: Desk, number: str, receipt_no: str, *, fen: int | None = None, code: str = "",
    checked: str = "", issued_on: str = "",
) -> tuple[DonationReceipt, Entry]:  # fmt: skip
    """Puts the official receipt down: its number, code and check code as they stand on it.

    It is for what was received, money and goods that have a value; ``fen``, where it is typed, must
    say the same (BR-080). Goods without a value have no amount (BR-083).
    """
    donation = find(desk, number)
    desk.require("donation.receipt", donation.office_id)
    target = target_of(donation, "receipt")
    if RECEIPT.fullmatch(receipt_no) is None:
        raise Refused(Problem("donation.receipt_form", {"receipt": receipt_no}))
    amount = worth(donation, rows.lines(desk.store, [donation.id]))
    if fen is not None and fen != amount:
        facts = {"received": yuan(amount), "typed": yuan(fen)}
        raise Refused(Problem("donation.receipt_amount" if amount else "donation.no_value", facts))
    day = day_of(desk, issued_on)

    def work(unit: Unit) -> DonationReceipt:
        free_receipts(unit, [receipt_no])
        earlier = rows.receipts(unit.store, donation.id)
        made = DonationReceipt(
            unit.new_id(), donation.id, donation.office_id, receipt_no, code or None,
            checked or None, day, amount or None, "issued", earlier[-1].id if earlier else None, 1,
        )  # fmt: skip
        unit.insert(DONATION_RECEIPT, [made])
        after = donation._replace(state=target, receipt_no=receipt_no)
        unit.update(DONATION, [after], ("state", "receipt_no"))
        return made

    return desk.write("donation.receipt", donation.office_id, work, object=number)


def void(desk: Desk, number: str, reason: str) -> Entry:
    """The receipt is void: it stays, its number is used up, and another one may be issued."""
    donation = find(desk, number)
    return step(
        desk, donation, "void", reason, lambda unit: void_receipts(unit, donation), receipt_no=None
    )


def decline(desk: Desk, number: str) -> Entry:
    """The donor wants no receipt (BR-081)."""
    return step(desk, find(desk, number), "decline")


def anonymous(desk: Desk, number: str) -> Entry:
    """Nobody is there who could get a receipt (BR-081)."""
    return step(desk, find(desk, number), "anonymous")


def text(desk: Desk, number: str) -> tuple[tuple[str, str], ...]:
    """The receipt of a donation as it is read, (field, value) each; the amount in figures and in
    capitals (BR-077), goods by quantity, those without a value without an amount (BR-083)."""
    donation = find(desk, number)
    desk.require("donation.list", donation.office_id)
    standing = [r for r in rows.receipts(desk.store, donation.id) if r.state == "issued"]
    if not standing:
        raise Refused(Problem("donation.no_receipt", {"donation": number}))
    receipt_, donor = standing[-1], donor_of(desk, donation)
    fund = fund_rows.by_id(desk.store, donation.fund_id)
    money = (
        (("金额（小写）", f"¥{yuan(receipt_.fen)}"), ("金额（大写）", capital(receipt_.fen)))
        if receipt_.fen
        else ()
    )
    return (
        ("票据代码", receipt_.code or ""),
        ("票据号码", receipt_.number),
        ("校验码", receipt_.checked or ""),
        ("开票日期", receipt_.issued_on),
        ("交款人", donor.name or ""),
        ("统一社会信用代码", donor.uscc or ""),
        ("项目", fund.name if fund else ""),
        *_goods(desk, donation.id),
        *money,
        ("备注", donation.earmark or ""),
    )


def _goods(desk: Desk, donation_id: str) -> list[tuple[str, str]]:
    lots = {lot.id: lot for lot in programmes.lots(desk.store)}
    items = {item.id: item for item in programmes.items(desk.store)}
    found = []
    for line in rows.lines(desk.store, [donation_id]):
        item = items[lots[line.lot_id].item_id]
        value = "" if line.value_fen is None else f" ¥{yuan(line.value_fen)}"
        found.append(("物资", f"{item.name} {line.qty:,} {item.unit}{value}"))
    return found
