"""Making a batch: what is ready gathered into a draft, for a bank, for a cash point, for a store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rcaid.db import holds, programmes
from rcaid.db import payments as rows
from rcaid.db.payments import Due
from rcaid.db.tables import (
    BATCH,
    DISBURSEMENT,
    ENTITLEMENT,
    MAKER,
    Batch,
    Disbursement,
    Lot,
    Round,
)
from rcaid.db.unit import Entry, Unit
from rcaid.domain.dates import read as read_date
from rcaid.domain.errors import Problem, Refused
from rcaid.services import stock
from rcaid.services.batch_files import template_of
from rcaid.services.batch_steps import maker_row, round_of
from rcaid.services.cash import check_limits
from rcaid.services.desk import Desk
from rcaid.services.disasters import checked_text
from rcaid.services.moving import flow_line, flow_right, posting

LETTER = {"money": "C", "goods": "K"}
"""The letter of a kind in voucher and batch numbers."""


@dataclass(frozen=True, slots=True)
class How:
    """How a batch goes out. Money goes by "bank", with ``template``, to those who have an account,
    or as "cash" to those who have none (``everybody``: to those with an account too), handed out
    at ``place`` on ``held_on``; goods are handed out at a place on a day or delivered ("")."""

    channel: str = ""
    template: str = ""
    place: str = ""
    held_on: str = ""
    everybody: bool = False


def create(
    desk: Desk, cycle_code: str, round_number: int, office_code: str, kind: str, how: How = How()
) -> tuple[Batch, Entry]:
    """Gathers all ready entitlements of a round in an office into a draft batch.

    Those whose earlier payment came back go by `reissue` and are not taken here. Refused
    cash.line or cash.point when cash is above its limits (BR-068).
    """
    return _gather(desk, cycle_code, round_number, office_code, kind, how, reissues=False)


def reissue(
    desk: Desk, cycle_code: str, round_number: int, office_code: str, how: How = How()
) -> tuple[Batch, Entry]:
    """Gathers payments that came back and have another account since, or go out as cash or came
    back from it; each line names the old."""
    return _gather(desk, cycle_code, round_number, office_code, "money", how, reissues=True)


def _gather(
    desk: Desk, cycle_code: str, round_number: int, office_code: str, kind: str, how: How, *,
    reissues: bool,
) -> tuple[Batch, Entry]:  # fmt: skip
    each = round_of(desk, cycle_code, round_number)
    office = desk.offices.by_code.get(office_code)
    if office is None:
        raise Refused(Problem("office.unknown", {"value": office_code}))
    act = "return.reissue" if reissues else "batch.create"
    desk.require(act, office.id)
    how = _checked(desk, kind, how)
    offices = desk.offices.below(office.id)

    def work(unit: Unit) -> Batch:
        due = rows.ready(unit.store, each.id, kind, offices)
        old = rows.returned(unit.store, (one.entitlement.id for one in due))
        cash = holds.in_cash(unit.store, {line.batch_id for line in old.values()})
        due = [one for one in due if _fits(one, old.get(one.entitlement.id), cash, how, reissues)]
        if not due:
            raise Refused(Problem("batch.empty", {"office": office.name, "cycle": cycle_code}))
        if len({one.entitlement.item_id for one in due}) > 1:
            raise Refused(Problem("batch.items", {"office": office.name}))
        if how.channel == "cash":
            check_limits(desk, due)
        lots = _lots(unit, due) if kind == "goods" else []
        number = _number(unit, f"{cycle_code}-{each.number}-{office.letters}-{LETTER[kind]}")
        lines = _lines(unit, due, old, lots, unit.new_id())
        batch = Batch(
            lines[0].batch_id, number, each.id, office.id, kind, lots[0].id if lots else None,
            "draft", len(lines), sum(line.fen or 0 for line in lines),
            sum(line.qty or 0 for line in lines), 0, None, None, None, 1, how.channel or None,
            how.template or None, how.place or None, how.held_on or None,
        )  # fmt: skip
        unit.insert(BATCH, [batch])
        unit.insert(DISBURSEMENT, lines)
        _reserve(unit, due)
        _mark_reissued(unit, due, old)
        _count(unit, lines, due)
        unit.insert(MAKER, [maker_row(unit, desk, batch, "batch.create")])
        return batch

    return desk.write(
        act,
        office.id,
        work,
        object=lambda made: made.number,
        note=lambda made: {"lines": made.lines, "fen": made.fen, "qty": made.qty},
    )


def _checked(desk: Desk, kind: str, how: How) -> How:
    """How a batch goes, with what follows from its kind; Refused for what does not fit."""
    known = {"money": ("bank", "cash"), "goods": ("event", "")}[kind]
    channel = how.channel or known[0 if kind == "money" or how.place else 1]
    if channel not in known:
        params = {"channel": channel, "known": ", ".join(filter(None, known))}
        raise Refused(Problem("batch.channel", params))
    if channel == "bank":
        if how.place or how.held_on:
            raise Refused(Problem("batch.place_of_bank"))
        return How("bank", template_of(how.template).name)
    if how.template:
        raise Refused(Problem("batch.template_of_hand"))
    if channel == "":
        return How()
    held_on = read_date(how.held_on)
    if isinstance(held_on, Problem):
        raise Refused(held_on)
    if held_on < desk.day:
        raise Refused(Problem("batch.held_on", {"day": held_on or "-"}))
    return How(channel, "", checked_text("place", how.place), held_on, how.everybody)


def _fits(
    due: Due, old: Disbursement | None, cash: Collection[str], how: How, reissues: bool
) -> bool:
    right = due.entitlement
    if reissues != (old is not None):
        return False
    if how.channel == "cash":
        return how.everybody or reissues or right.account_id is None
    if how.channel == "bank" and right.account_id is None:
        return False
    return old is None or old.batch_id in cash or old.account_id != right.account_id


def _lots(unit: Unit, due: Sequence[Due]) -> list[Lot]:
    """For each line the lot it is taken from: what expires first of the lots that were counted in
    (BR-084); where none was, the newest."""
    taken = stock.take(
        unit, due[0].entitlement.item_id or "", [one.entitlement.qty or 0 for one in due]
    )
    if taken is not None:
        return taken
    lots = [lot for lot in programmes.lots(unit.store) if lot.item_id == due[0].entitlement.item_id]
    if not lots:
        raise Refused(Problem("lot.none", {"item": due[0].entitlement.item_id or ""}))
    return [lots[-1]] * len(due)


def _number(unit: Unit, prefix: str) -> str:
    return f"{prefix}{rows.batches_numbered(unit.store, prefix) + 1:02}"


def _lines(
    unit: Unit, due: Sequence[Due], old: dict[str, Disbursement], lots: Sequence[Lot], batch_id: str
) -> list[Disbursement]:
    ids = unit.ids()
    number = {each.id: each.number for each in _rounds(unit, due)}
    tried = rows.earlier(unit.store, (one.entitlement.id for one in due))
    made = []
    spread: Sequence[Lot | None] = lots or [None] * len(due)
    for one, lot in zip(due, spread, strict=True):
        right = one.entitlement
        before = old.get(right.id)
        voucher = f"{one.case_no}-{number[right.round_id]}{LETTER[right.kind]}"
        if right.id in tried:
            voucher = f"{voucher}.{tried[right.id] + 1}"
        value = right.fen or (right.qty or 0) * ((lot.unit_value_fen if lot else 0) or 0)
        made.append(
            Disbursement(
                next(ids), batch_id, right.id, voucher, 1, right.office_id, right.person_id, None,
                right.kind, right.fen, right.item_id, lot.id if lot else None, right.qty, value,
                right.account_id, "prepared", None, None, before.id if before else None, None, 1,
            )
        )  # fmt: skip
    return made


def _rounds(unit: Unit, due: Sequence[Due]) -> list[Round]:
    return [rows.round_by_id(unit.store, id) for id in {one.entitlement.round_id for one in due}]


def _reserve(unit: Unit, due: Sequence[Due]) -> None:
    unit.update(
        ENTITLEMENT, [one.entitlement._replace(state="reserved") for one in due], ("state",)
    )
    for one in due:
        flow_right(unit, one, "ready", "reserved")


def _count(unit: Unit, lines: Sequence[Disbursement], due: Sequence[Due]) -> None:
    for line, one in zip(lines, due, strict=True):
        unit.flow(
            line.office_id, one.cycle_id, "disbursement", one.category, "prepared", 1,
            line.value_fen,
        )  # fmt: skip


def _mark_reissued(unit: Unit, due: Sequence[Due], old: dict[str, Disbursement]) -> None:
    """The line that came back becomes reissued and its money is payable again."""
    again = [(one, old[one.entitlement.id]) for one in due if one.entitlement.id in old]
    unit.update(DISBURSEMENT, [line._replace(state="reissued") for _, line in again], ("state",))
    ids = unit.ids()
    unit.post(
        [
            posting(next(ids), unit, "reissue", "returned", "payable", one, line)
            for one, line in again
        ]
    )
    for one, line in again:
        flow_line(unit, one, line, "returned", "reissued")
