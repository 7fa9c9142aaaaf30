"""Batches: entitlements gathered, locked, approved, released by another, closed at zero."""

from __future__ import annotations

from collections.abc import Sequence

from rcaid.db import payments as rows
from rcaid.db.payments import Due, Paying
from rcaid.db.tables import (
    BATCH,
    DISBURSEMENT,
    ENTITLEMENT,
    MAKER,
    Batch,
)
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.services import stock
from rcaid.services.batch_closing import Reconciled as Reconciled
from rcaid.services.batch_closing import close as close
from rcaid.services.batch_closing import reconcile as reconcile
from rcaid.services.batch_closing import reconciled as reconciled
from rcaid.services.batch_files import bank_file
from rcaid.services.batch_files import export as export
from rcaid.services.batch_making import How as How
from rcaid.services.batch_making import create as create
from rcaid.services.batch_making import reissue as reissue
from rcaid.services.batch_steps import find as find
from rcaid.services.batch_steps import maker_row, target_of
from rcaid.services.batch_steps import objects as objects
from rcaid.services.batch_steps import round_of as round_of
from rcaid.services.desk import Desk
from rcaid.services.holds import raise_flags, refuse_held
from rcaid.services.moving import flow_line, flow_right, posting
from rcaid.services.rosters import apart

SETTLED = {
    "money": ("paid", "returned", "reissued", "written_back", "cancelled", "reversed"),
    "goods": ("delivered", "undelivered", "cancelled", "reversed"),
}
"""States of a line in which nothing is on its way any more."""


def lock(desk: Desk, number: str) -> Entry:
    """Fixes a draft's lines and raises the flags that hold them (R-14)."""
    batch = find(desk, number)
    desk.require("batch.lock", batch.office_id)
    target = target_of(batch, "lock")

    def work(unit: Unit) -> int:
        unit.update(BATCH, [batch._replace(state=target)], ("state",))
        return raise_flags(desk, unit, batch)

    return desk.write(
        "batch.lock",
        batch.office_id,
        work,
        object=batch.number,
        note=lambda n: {"flags": n} if n else {},
    )[1]


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
    of a roster, nor verifier, approver or preparer. Refused batch.held while a flag is open.
    """
    batch = find(desk, number)
    desk.require("batch.release", batch.office_id)
    target = target_of(batch, "release")
    apart(desk, "batch.release", objects(desk, batch))

    def work(unit: Unit) -> Batch:
        refuse_held(unit, batch)
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
        else:
            stock.issue(unit, going)
        for paying in going:
            flow_line(unit, _as_due(paying), paying.line, "prepared", moved)
        by_bank = batch.kind == "money" and batch.channel != "cash"
        sha = bank_file(desk, batch, going)[1] if by_bank else None
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
