"""Cash handed out at a point: limits, two staff together, what is left returned the same day."""

from __future__ import annotations

from collections.abc import Sequence

from rcaid.db import offices
from rcaid.db.payments import Due
from rcaid.db.tables import BATCH, Batch
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.money import yuan
from rcaid.services.batch_steps import find
from rcaid.services.desk import Desk
from rcaid.services.paying import cash_limits

_STAFFED = ("locked", "approved", "released")


def check_limits(desk: Desk, due: Sequence[Due]) -> None:
    """Refused cash.line for each line, or cash.point for a sum, above its limit (BR-068)."""
    most_line, most_point = cash_limits(desk)
    over = [
        Problem("cash.line", {"case": one.case_no, "most": yuan(most_line)})
        for one in due
        if (one.entitlement.fen or 0) > most_line
    ]
    total = sum(one.entitlement.fen or 0 for one in due)
    if total > most_point:
        over.append(Problem("cash.point", {"sum": yuan(total), "most": yuan(most_point)}))
    if over:
        raise Refused(over)


def staffed(desk: Desk, number: str, one: str, two: str) -> Entry:
    """Puts down the two people, by login, who hand a batch out together (BR-068)."""
    batch = find(desk, number)
    desk.require("batch.staff", batch.office_id)
    if batch.channel not in ("cash", "event") or batch.state not in _STAFFED:
        params = {"noun": number, "state": batch.state, "action": "staff"}
        raise Refused(Problem("state.no_move", params))
    if one == two:
        raise Refused(Problem("cash.one_alone", {"login": one}))
    found = [offices.staff_by_login(desk.store, login) for login in (one, two)]
    for login, staff in zip((one, two), found, strict=True):
        if staff is None or not staff.active:
            raise Refused(Problem("who.unknown", {"login": login}))
    first, second = (staff.id for staff in found if staff is not None)

    def work(unit: Unit) -> None:
        now = batch._replace(staff_one=first, staff_two=second)
        unit.update(BATCH, [now], ("staff_one", "staff_two"))

    return desk.write("batch.staff", batch.office_id, work, object=number)[1]


def problem_of_day(batch: Batch | None, day: str) -> Problem | None:
    """Why nothing may be put down for a cash list on a day, or None: two people hand out, and what
    was not handed out goes back the same day (BR-068)."""
    if batch is None or batch.channel != "cash":
        return None
    if not (batch.staff_one and batch.staff_two):
        return Problem("cash.staff", {"batch": batch.number})
    if day != batch.held_on:
        return Problem("cash.day", {"batch": batch.number, "day": batch.held_on or "-"})
    return None
