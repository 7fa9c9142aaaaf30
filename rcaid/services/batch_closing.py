"""The end of a batch: what was approved held against what was paid and came back (BR-070)."""

from __future__ import annotations

from dataclasses import dataclass

from rcaid.db import payments as rows
from rcaid.db.rosters import makers
from rcaid.db.tables import BATCH, Batch
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.services.batch_steps import find, target_of
from rcaid.services.desk import Desk


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


def differences(batch: Batch, found: Reconciled) -> dict[str, int]:
    """What does not agree: lines or fen lost from the batch, fen between the bank's statement and
    what is paid, papers between those signed and what was delivered (BR-070)."""
    left = {"difference": found.difference, "missing": found.missing}
    if batch.statement_fen is not None:
        left["statement"] = batch.statement_fen - found.paid[1]
    if batch.vouchers is not None:
        left["vouchers"] = batch.vouchers - found.paid[0]
    return {what: n for what, n in left.items() if n}


def reconcile(
    desk: Desk,
    number: str,
    *,
    statement_fen: int | None = None,
    vouchers: int | None = None,
    explain: str | None = None,
) -> tuple[Reconciled, Entry]:
    """Holds approved against paid, returned and unpaid, the bank's statement against what is paid,
    and signed papers against what was delivered (BR-070).

    Refused while a line is still on its way, and at a difference that nobody explains; an
    explanation is a code, and whoever closes the batch has to accept it.
    """
    batch = find(desk, number)
    desk.require("batch.reconcile", batch.office_id)
    target = target_of(batch, "reconcile")
    apart_from_release(desk, batch)
    if statement_fen is not None and (batch.kind != "money" or batch.channel == "cash"):
        raise Refused(Problem("batch.goods_statement"))
    stated = batch._replace(state=target, statement_fen=statement_fen, vouchers=vouchers)
    found = reconciled(desk, batch)
    left = differences(stated, found)
    if found.open[0] and explain:
        raise Refused(Problem("batch.on_way", {"batch": number, "open": found.open[0]}))
    if found.open[0] or (left and not explain):
        raise Refused(
            Problem(
                "batch.not_zero",
                {
                    "batch": number,
                    "open": found.open[0],
                    "difference": next(iter(left.values()), 0),
                },
            )
        )
    if explain and not left:
        raise Refused(Problem("batch.no_difference", {"batch": number}))
    if explain:
        stated = stated._replace(explained_by=desk.actor.staff_id, explanation=explain)
    columns = ("state", "statement_fen", "vouchers", "explained_by", "explanation")

    def work(unit: Unit) -> Reconciled:
        unit.update(BATCH, [stated], columns)
        return found

    return desk.write(
        "batch.reconcile", batch.office_id, work, object=number, reason=explain,
        note=lambda _: left,
    )  # fmt: skip


def apart_from_release(desk: Desk, batch: Batch) -> None:
    """Who let a batch go does not reconcile it."""
    if (desk.actor.staff_id, "batch.release") in makers(desk.store, [batch.id]):
        raise Refused(Problem("who.maker", {"login": desk.actor.login, "part": "batch.release"}))


def close(desk: Desk, number: str, *, accept: str | None = None) -> Entry:
    """Closes a reconciled batch: at zero difference, or at one whose explanation is accepted by
    naming it, and not by who gave it (BR-070)."""
    batch = find(desk, number)
    desk.require("batch.close", batch.office_id)
    target = target_of(batch, "close")
    if batch.explanation and batch.explained_by == desk.actor.staff_id:
        who = {"login": desk.actor.login, "part": "batch.reconcile"}
        raise Refused(Problem("who.maker", who))
    if (accept or "") != (batch.explanation or ""):
        code = "batch.explained" if batch.explanation else "batch.no_difference"
        raise Refused(Problem(code, {"batch": number, "code": batch.explanation or ""}))

    def work(unit: Unit) -> None:
        unit.update(BATCH, [batch._replace(state=target)], ("state",))

    return desk.write(
        "batch.close", batch.office_id, work, object=batch.number, reason=accept or None
    )[1]
