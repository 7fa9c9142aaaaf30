"""Batches: entitlements gathered, locked, approved, released by another, closed at zero."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rcaid.db import payments as rows
from rcaid.db import people, programmes
from rcaid.db.payments import Due, Paying
from rcaid.db.tables import (
    BATCH,
    DISBURSEMENT,
    ENTITLEMENT,
    MAKER,
    Batch,
    Disbursement,
    Lot,
    Maker,
    Round,
)
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.workflow import move
from rcaid.services.desk import Desk
from rcaid.services.moving import flow_line, flow_right, posting
from rcaid.services.programmes import cycle as cycle_of
from rcaid.services.rosters import apart

LETTER = {"money": "C", "goods": "K"}
"""The letter of a kind in voucher and batch numbers."""
SETTLED = {
    "money": ("paid", "returned", "reissued", "written_back", "cancelled", "reversed"),
    "goods": ("delivered", "undelivered", "cancelled", "reversed"),
}
"""States of a line in which nothing is on its way any more."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The three-way count of a batch (BR-070): lines and fen by what became of them.

    ``approved`` is what the batch itself states, with what was left out of it.
    """

    approved: tuple[int, int]
    paid: tuple[int, int]
    returned: tuple[int, int]
    left_out: tuple[int, int]
    open: tuple[int, int]

    @property
    def difference(self) -> int:
        """Approved less everything that is accounted for, in fen; 0 is what closes."""
        return self._less(1)

    @property
    def missing(self) -> int:
        """The same in lines."""
        return self._less(0)

    def _less(self, at: int) -> int:
        found = (self.paid, self.returned, self.left_out, self.open)
        return self.approved[at] - sum(each[at] for each in found)


def find(desk: Desk, number: str) -> Batch:
    """A batch by its number or id; Refused state.gone."""
    found = rows.batch_by_number(desk.store, number) or rows.batch_by_id(desk.store, number)
    if found is None:
        raise Refused(Problem("state.gone", {"noun": "batch", "id": number}))
    return found


def round_of(desk: Desk, cycle_code: str, number: int) -> Round:
    """A round of a cycle; Refused round.unknown."""
    cycle = cycle_of(desk, cycle_code)
    for each in programmes.rounds(desk.store, cycle.id):
        if each.number == number:
            return each
    raise Refused(Problem("round.unknown", {"rounds": str(number), "cycle": cycle_code}))


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
        unit.insert(MAKER, [_maker(unit, desk, batch, "batch.create")])
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


def _maker(unit: Unit, desk: Desk, batch: Batch, act: str) -> Maker:
    return Maker(unit.new_id(), "batch", batch.id, desk.actor.staff_id, act, 1)


def _target(batch: Batch, action: str) -> str:
    step = move("batch", batch.state, action)
    if step is None:
        raise Refused(
            Problem("state.no_move", {"noun": batch.number, "state": batch.state, "action": action})
        )
    return step.target


def objects(desk: Desk, batch: Batch) -> list[str]:
    """The batch and every roster in it: whoever made one of them is its maker (model.md)."""
    return [batch.id, *sorted({paying.roster_id for paying in rows.lines(desk.store, batch.id)})]


def lock(desk: Desk, number: str) -> Entry:
    """Fixes a draft's lines."""
    return _simple(desk, number, "lock")


def approve(desk: Desk, number: str, *, expect: int | None = None) -> Entry:
    """Decides a locked batch; not by who made it or had an earlier part in its rosters."""
    batch = find(desk, number)
    if expect is not None and expect != batch.lines:
        raise Refused(Problem("act.expected", {"expected": expect, "now": batch.lines}))
    return _simple(desk, number, "approve", step="batch.approve")


def close(desk: Desk, number: str) -> Entry:
    """Closes a reconciled batch; only at zero difference (BR-070)."""
    return _simple(desk, number, "close")


def _simple(desk: Desk, number: str, action: str, *, step: str | None = None) -> Entry:
    batch = find(desk, number)
    desk.require(f"batch.{action}", batch.office_id)
    target = _target(batch, action)
    if step:
        apart(desk, step, objects(desk, batch))

    def work(unit: Unit) -> None:
        unit.update(BATCH, [batch._replace(state=target)], ("state",))
        if step:
            unit.insert(MAKER, [_maker(unit, desk, batch, step)])

    return desk.write(f"batch.{action}", batch.office_id, work, object=batch.number)[1]


def cancel(desk: Desk, number: str, reason: str) -> Entry:
    """Gives up a batch before release; its entitlements are ready again."""
    batch = find(desk, number)
    desk.require("batch.cancel", batch.office_id)
    target = _target(batch, "cancel")

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
    target = _target(batch, "release")
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
        unit.insert(MAKER, [_maker(unit, desk, batch, "batch.release")])
        done: Batch = unit.update(BATCH, [stated], columns)[0]
        return done

    return desk.write(
        "batch.release",
        batch.office_id,
        work,
        object=batch.number,
        note=lambda b: {"lines": b.lines, "fen": b.fen, "qty": b.qty, "left_out": b.left_out},
    )


def bank_file(desk: Desk, batch: Batch, lines: Iterable[Paying]) -> tuple[bytes, str]:
    """The batch file for the bank and its SHA-256; the same batch always gives the same bytes."""
    from rcaid.files.banking import BankLine, bank_bytes, templates

    lines = list(lines)
    accounts = people.accounts(desk.store, (p.line.account_id or "" for p in lines))
    made = []
    for paying in lines:
        account = accounts[paying.line.account_id or ""]
        if account.sealed is None:
            raise Refused(Problem("account.erased", {"voucher": paying.line.voucher}))
        opened = desk.keys.open("account", account.id, account.sealed)[1]
        made.append(
            BankLine(
                paying.line.voucher, opened["holder"], opened["number"], account.bank or "",
                paying.line.fen or 0,
            )
        )  # fmt: skip
    content = bank_bytes(templates()["standard"], batch.number, made)
    return content, hashlib.sha256(content).hexdigest()


def export(desk: Desk, number: str, purpose: str, recipient: str) -> tuple[bytes, str, Entry]:
    """The bank file of a released batch again: its bytes and SHA-256; recorded as an export.

    Refused without a purpose and a recipient, which the record keeps (BR-096).
    """
    batch = find(desk, number)
    desk.require("batch.export", batch.office_id)
    if not purpose.strip() or not recipient.strip():
        raise Refused(Problem("export.purpose"))
    if batch.kind != "money" or batch.released_on is None:
        raise Refused(
            Problem("state.no_move", {"noun": number, "state": batch.state, "action": "export"})
        )
    sent = [p for p in rows.lines(desk.store, batch.id) if p.line.state != "cancelled"]
    data, sha = bank_file(desk, batch, sent)
    note = {"sha256": sha, "purpose": purpose.strip(), "recipient": recipient.strip()}
    entry = desk.look("batch.export", batch.office_id, number, **note)
    return data, sha, entry


def reconciled(desk: Desk, batch: Batch) -> Reconciled:
    """What became of a batch's lines."""
    states = rows.states(desk.store, batch.id)

    def add(*names: str) -> tuple[int, int]:
        found = [states[name] for name in names if name in states]
        return sum(n for n, _ in found), sum(fen for _, fen in found)

    cancelled, all_lines = add("cancelled"), add(*states)
    approved = all_lines
    if batch.state != "cancelled":
        fen = batch.fen if batch.kind == "money" else all_lines[1] - cancelled[1]
        approved = (batch.lines + cancelled[0], fen + cancelled[1])
    return Reconciled(
        approved,
        add("paid", "delivered"),
        add("returned", "reissued", "written_back", "undelivered"),
        add("cancelled", "reversed"),
        add("prepared", "released", "issued"),
    )


def reconcile(desk: Desk, number: str) -> tuple[Reconciled, Entry]:
    """Holds approved against paid and returned; refused while a line is still on its way."""
    batch = find(desk, number)
    desk.require("batch.reconcile", batch.office_id)
    target = _target(batch, "reconcile")
    apart_from_release(desk, batch)
    found = reconciled(desk, batch)
    if found.open[0] or found.difference or found.missing:
        raise Refused(
            Problem(
                "batch.not_zero",
                {"batch": number, "open": found.open[0], "difference": found.difference},
            )
        )

    def work(unit: Unit) -> Reconciled:
        unit.update(BATCH, [batch._replace(state=target)], ("state",))
        return found

    return desk.write("batch.reconcile", batch.office_id, work, object=number)


def apart_from_release(desk: Desk, batch: Batch) -> None:
    """Who let a batch go does not reconcile it."""
    from rcaid.db.rosters import makers

    if (desk.actor.staff_id, "batch.release") in makers(desk.store, [batch.id]):
        raise Refused(Problem("who.maker", {"login": desk.actor.login, "part": "batch.release"}))
