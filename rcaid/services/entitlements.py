"""What is left of a cycle when it ends: rights that nobody claimed lapse, money goes back (BR-069).

Money that came back from the bank and was never paid again is written back; a right that was
suspended, because its person died, is cancelled. Each goes back to the fund it came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rcaid.db import payments as rows
from rcaid.db.commitments import decided_of_cycle
from rcaid.db.payments import Due
from rcaid.db.tables import DISBURSEMENT, ENTITLEMENT, Disbursement
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.workflow import move
from rcaid.services.applications.after import lapsed
from rcaid.services.applications.commitment import COMMITTED
from rcaid.services.desk import Desk
from rcaid.services.moving import flow_line, flow_right, posting_of_right
from rcaid.services.programmes import cycle as cycle_of

_ENDS = {"ready": "lapse", "pending": "cancel", "suspended": "cancel"}


@dataclass(frozen=True, slots=True)
class Settled:
    """How many rights ended without help, how many payments were written back, fen set free."""

    rights: int
    written_back: int
    fen: int


def settle_rest(desk: Desk, cycle_code: str) -> tuple[Settled, Entry]:
    """Ends every right of a cycle that is still open. Refused while one of them is on its way."""
    cycle = cycle_of(desk, cycle_code)
    city = desk.offices.top.id
    desk.require("cycle.end", city)

    def work(unit: Unit) -> Settled:
        due = rows.open_of_cycle(unit.store, cycle.id)
        on_way = rows.on_way(unit.store, cycle.id)
        if on_way:
            raise Refused(Problem("cycle.on_way", {"n": len(on_way), "case": on_way[0]}))
        back = rows.returned(unit.store, (one.entitlement.id for one in due))
        waiting = decided_of_cycle(unit.store, cycle.id, COMMITTED)
        if waiting:
            raise Refused(Problem("cycle.decided", {"n": len(waiting), "case": waiting[0]}))
        _end(unit, due)
        _write_back(unit, due, back)
        fen = _free(unit, due, back)
        lapsed(desk, unit, [one.entitlement.case_id for one in due])
        return Settled(len(due), len(back), fen)

    return desk.write(
        "cycle.end",
        city,
        work,
        object=cycle_code,
        reason="rest",
        note=lambda done: {"rights": done.rights, "fen": done.fen},
    )


def _end(unit: Unit, due: Sequence[Due]) -> None:
    moved = []
    for one in due:
        step = move("entitlement", one.entitlement.state, _ENDS[one.entitlement.state])
        assert step is not None
        moved.append(one.entitlement._replace(state=step.target))
        flow_right(unit, one, one.entitlement.state, step.target)
    unit.update(ENTITLEMENT, moved, ("state",))


def _write_back(unit: Unit, due: Sequence[Due], back: dict[str, Disbursement]) -> None:
    found = [(one, back[one.entitlement.id]) for one in due if one.entitlement.id in back]
    unit.update(
        DISBURSEMENT, [line._replace(state="written_back") for _, line in found], ("state",)
    )
    for one, line in found:
        flow_line(unit, one, line, "returned", "written_back")


def _free(unit: Unit, due: Sequence[Due], back: dict[str, Disbursement]) -> int:
    """The money is available again: out of what came back, or out of what was set aside."""
    ids = unit.ids()
    entries = []
    for one in due:
        if not one.entitlement.fen:
            continue
        kind, account = (
            ("write_back", "returned") if one.entitlement.id in back else ("lapse", "payable")
        )
        entries.append(posting_of_right(next(ids), unit, kind, account, "available", one))
    unit.post(entries)
    return sum(entry.fen for entry in entries)
