"""What every act on a batch needs: which batch, may it move there, whose hands it went through."""

from __future__ import annotations

from rcaid.db import payments as rows
from rcaid.db import programmes
from rcaid.db.tables import Batch, Maker, Round
from rcaid.db.unit import Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.workflow import move
from rcaid.services.desk import Desk
from rcaid.services.programmes import cycle as cycle_of


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


def maker_row(unit: Unit, desk: Desk, batch: Batch, act: str) -> Maker:
    """The row that says this person had a part in a batch."""
    return Maker(unit.new_id(), "batch", batch.id, desk.actor.staff_id, act, 1)


def target_of(batch: Batch, action: str) -> str:
    """The state an action leads to; Refused state.no_move when it cannot be taken now."""
    step = move("batch", batch.state, action)
    if step is None:
        raise Refused(
            Problem("state.no_move", {"noun": batch.number, "state": batch.state, "action": action})
        )
    return step.target


def objects(desk: Desk, batch: Batch) -> list[str]:
    """The batch and every roster in it: whoever made one of them is its maker (model.md)."""
    return [batch.id, *sorted({paying.roster_id for paying in rows.lines(desk.store, batch.id)})]
