"""Batches: entitlements gathered, locked, approved, released by another, closed at zero."""

from __future__ import annotations

from collections.abc import Sequence

from rcaid.db import payments as rows
from rcaid.db import programmes
from rcaid.db.payments import Due, Paying
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
from rcaid.domain.errors import Problem, Refused
from rcaid.services.batch_closing import Reconciled as Reconciled
from rcaid.services.batch_closing import close as close
from rcaid.services.batch_closing import reconcile as reconcile
from rcaid.services.batch_closing import reconciled as reconciled
from rcaid.services.batch_files import bank_file
from rcaid.services.batch_files import export as export
from rcaid.services.batch_steps import find as find
from rcaid.services.batch_steps import maker_row, target_of
from rcaid.services.batch_steps import objects as objects
from rcaid.services.batch_steps import round_of as round_of
from rcaid.services.desk import Desk
from rcaid.services.moving import flow_line, flow_right, posting
from rcaid.services.rosters import apart

LETTER = {"money": "C", "goods": "K"}
"""The letter of a kind in voucher and batch numbers."""
SETTLED = {
    "money": ("paid", "returned", "reissued", "written_back", "cancelled", "reversed"),
    "goods": ("delivered", "undelivered", "cancelled", "reversed"),
}
"""States of a line in which nothing is on its way any more."""


def create(
    desk: Desk, cycle_code: str, round_number: int, office_code: str, kind: str
) -> tuple[Batch, Entry]:
    """Gathers all ready entitlements of a round in an office into a draft batch.

    Those whose earlier payment came back go by `reissue` and are not taken here.
    """
    return _gather(desk, cycle_code, round_number, office_code, kind, reissues=False)


def reissue(
    desk: Desk, cycle_code: str, round_number: int, office_code: str
) -> tuple[Batch, Entry]:
    """Gathers payments that came back and have another account since, each line naming the old."""
    return _gather(desk, cycle_code, round_number, office_code, "money", reissues=True)


def _gather(
    desk: Desk, cycle_code: str, round_number: int, office_code: str, kind: str, *, reissues: bool
) -> tuple[Batch, Entry]:
    each = round_of(desk, cycle_code, round_number)
    office = desk.offices.by_code.get(office_code)
    if office is None:
        raise Refused(Problem("office.unknown", {"value": office_code}))
    act = "return.reissue" if reissues else "batch.create"
    desk.require(act, office.id)
    offices = desk.offices.below(office.id)

    def work(unit: Unit) -> Batch:
        due = rows.ready(unit.store, each.id, kind, offices)
        old = rows.returned(unit.store, (one.entitlement.id for one in due))
        due = [one for one in due if _fits(one, old.get(one.entitlement.id), reissues)]
        if not due:
            raise Refused(Problem("batch.empty", {"office": office.name, "cycle": cycle_code}))
        if len({one.entitlement.item_id for one in due}) > 1:
            raise Refused(Problem("batch.items", {"office": office.name}))
        lot = _lot(unit, due[0]) if kind == "goods" else None
        number = _number(unit, f"{cycle_code}-{each.number}-{office.letters}-{LETTER[kind]}")
        lines = _lines(unit, due, old, lot, unit.new_id())
        batch = Batch(
            lines[0].batch_id, number, each.id, office.id, kind, lot.id if lot else None, "draft",
            len(lines), sum(line.fen or 0 for line in lines), sum(line.qty or 0 for line in lines),
            0, None, None, None, 1,
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


def _fits(due: Due, old: Disbursement | None, reissues: bool) -> bool:
    if reissues:
        return old is not None and old.account_id != due.entitlement.account_id
    return old is None


def _lot(unit: Unit, due: Due) -> Lot:
    """The newest lot of the goods that are due."""
    lots = [lot for lot in programmes.lots(unit.store) if lot.item_id == due.entitlement.item_id]
    if not lots:
        raise Refused(Problem("lot.none", {"item": due.entitlement.item_id or ""}))
    return lots[-1]


def _number(unit: Unit, prefix: str) -> str:
    return f"{prefix}{rows.batches_numbered(unit.store, prefix) + 1:02}"


def _lines(
    unit: Unit, due: Sequence[Due], old: dict[str, Disbursement], lot: Lot | None, batch_id: str
) -> list[Disbursement]:
    ids = unit.ids()
    number = {each.id: each.number for each in _rounds(unit, due)}
    tried = rows.earlier(unit.store, (one.entitlement.id for one in due))
    made = []
    for one in due:
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


def lock(desk: Desk, number: str) -> Entry:
    """Fixes a draft's lines."""
    return _simple(desk, number, "lock")


def approve(desk: Desk, number: str, *, expect: int | None = None) -> Entry:
    """Decides a locked batch; not by who made it or had an earlier part in its rosters."""
    batch = find(desk, number)
    if expect is not None and expect != batch.lines:
        raise Refused(Problem("act.expected", {"expected": expect, "now": batch.lines}))
    return _simple(desk, number, "approve", step="batch.approve")


def _simple(desk: Desk, number: str, action: str, *, step: str | None = None) -> Entry:
    batch = find(desk, number)
    desk.require(f"batch.{action}", batch.office_id)
    target = target_of(batch, action)
    if step:
        apart(desk, step, objects(desk, batch))

    def work(unit: Unit) -> None:
        unit.update(BATCH, [batch._replace(state=target)], ("state",))
        if step:
            unit.insert(MAKER, [maker_row(unit, desk, batch, step)])

    return desk.write(f"batch.{action}", batch.office_id, work, object=batch.number)[1]


def cancel(desk: Desk, number: str, reason: str) -> Entry:
    """Gives up a batch before release; its entitlements are ready again."""
    batch = find(desk, number)
    desk.require("batch.cancel", batch.office_id)
    target = target_of(batch, "cancel")

    def work(unit: Unit) -> None:
        _leave_out(unit, rows.lines(unit.store, batch.id), back_to="ready")
        unit.update(BATCH, [batch._replace(state=target)], ("state",))

    return desk.write("batch.cancel", batch.office_id, work, object=number, reason=reason)[1]


def _leave_out(unit: Unit, lines: Sequence[Paying], *, back_to: str | None) -> None:
    unit.update(
        DISBURSEMENT,
        [paying.line._replace(state="cancelled", live=None) for paying in lines],
        ("state", "live"),
    )
    for paying in lines:
        flow_line(unit, _as_due(paying), paying.line, paying.line.state, "cancelled")
    if back_to:
        held = [paying for paying in lines if paying.entitlement.state == "reserved"]
        unit.update(
            ENTITLEMENT,
            [paying.entitlement._replace(state=back_to) for paying in held],
            ("state",),
        )
        for paying in held:
            flow_right(unit, _as_due(paying), "reserved", back_to)
    resting = [paying for paying in lines if paying.entitlement.resume_to == "reserved"]
    unit.update(
        ENTITLEMENT,
        [paying.entitlement._replace(resume_to="ready") for paying in resting],
        ("resume_to",),
    )


def _as_due(paying: Paying) -> Due:
    return Due(paying.entitlement, paying.case_no, paying.category, paying.cycle_id)


def release(desk: Desk, number: str, *, expect: int | None = None) -> tuple[Batch, Entry]:
    """Lets an approved batch go: money is in transit, goods are issued.

    Suspended lines are left out and the batch is stated anew. Needs a fourth person: neither maker
    of a roster, nor verifier, approver or preparer.
    """
    batch = find(desk, number)
    desk.require("batch.release", batch.office_id)
    target = target_of(batch, "release")
    apart(desk, "batch.release", objects(desk, batch))

    def work(unit: Unit) -> Batch:
        held = (paying.entitlement.id for paying in rows.lines(unit.store, batch.id))
        unit.store.lock("entitlement", "id", held)
        lines = rows.lines(unit.store, batch.id)
        going = [paying for paying in lines if paying.entitlement.state == "reserved"]
        staying = [paying for paying in lines if paying.entitlement.state != "reserved"]
        if expect is not None and expect != len(going):
            raise Refused(Problem("act.expected", {"expected": expect, "now": len(going)}))
        _leave_out(unit, staying, back_to=None)
        moved = "released" if batch.kind == "money" else "issued"
        unit.update(DISBURSEMENT, [p.line._replace(state=moved) for p in going], ("state",))
        ids = unit.ids()
        if batch.kind == "money":
            unit.post(
                [
                    posting(next(ids), unit, "release", "payable", "in_transit", _as_due(p), p.line)
                    for p in going
                ]
            )
        for paying in going:
            flow_line(unit, _as_due(paying), paying.line, "prepared", moved)
        sha = bank_file(desk, batch, going)[1] if batch.kind == "money" else None
        stated = batch._replace(
            state=target,
            lines=len(going),
            fen=sum(p.line.fen or 0 for p in going),
            qty=sum(p.line.qty or 0 for p in going),
            left_out=len(staying),
            file_sha256=sha,
            released_on=unit.day,
        )
        columns = ("state", "lines", "fen", "qty", "left_out", "file_sha256", "released_on")
        unit.insert(MAKER, [maker_row(unit, desk, batch, "batch.release")])
        done: Batch = unit.update(BATCH, [stated], columns)[0]
        return done

    return desk.write(
        "batch.release",
        batch.office_id,
        work,
        object=batch.number,
        note=lambda b: {"lines": b.lines, "fen": b.fen, "qty": b.qty, "left_out": b.left_out},
    )
