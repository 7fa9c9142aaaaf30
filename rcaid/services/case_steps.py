"""One step of a single application: its state, who took it, and what is counted by it.

Every service that moves an application goes through `step`, so that none of them can leave out the
act of the person, the count by state or the part that bars somebody later (BR-040).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rcaid.db import applications as rows
from rcaid.db import cases
from rcaid.db.applications import Applied
from rcaid.db.rosters import makers
from rcaid.db.tables import AID_CASE, APPLICATION, CASE_ACTION, MAKER, AidCase, CaseAction, Maker
from rcaid.db.unit import Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.workflow import PREVIOUS, move
from rcaid.services.desk import Desk
from rcaid.services.rosters import apart

_CASE_COLUMNS = frozenset(AID_CASE.columns)
PARTS = {
    "create": "create", "submit": "submit", "answer": "edit", "edit": "edit", "appeal": "submit",
    "accept": "verify", "verify": "verify", "propose": "freeze", "approve": "approve",
    "urgent": "approve", "review": "review",
}  # fmt: skip
"""The part that an act leaves a person with, in the words of `duties.APART`."""


def find(desk: Desk, case_no: str, act: str) -> Applied:
    """An application by its number or id that this desk may do an act for.

    Refused state.gone, who.no_duty, and who.recused for somebody who may have no part in it
    (BR-045).
    """
    case = cases.by_number(desk.store, case_no) or cases.by_id(desk.store, case_no)
    found = rows.of_case(desk.store, case.id) if case else None
    if found is None:
        raise Refused(Problem("state.gone", {"noun": "case", "id": case_no}))
    desk.require(act, found.case.office_id)
    not_recused(desk, found.case)
    return found


def not_recused(desk: Desk, case: AidCase) -> None:
    """Refused who.recused for a relative of the person (BR-045)."""
    if any(each.staff_id == desk.actor.staff_id for each in rows.recused(desk.store, [case.id])):
        raise Refused(Problem("who.recused", {"login": desk.actor.login, "case": case.case_no}))


def target_of(found: Applied, action: str) -> str:
    """The state an act takes an application to; Refused state.no_move."""
    row = move("case", found.case.state, action)
    if row is None:
        facts = {"noun": found.case.case_no, "state": found.case.state, "action": action}
        raise Refused(Problem("state.no_move", facts))
    return (found.said.resume_to or "") if row.target == PREVIOUS else row.target


def kept_apart(desk: Desk, found: Applied, step: str) -> None:
    """Refused who.maker for somebody whose earlier part bars them from a step (BR-040)."""
    apart(desk, step, [found.case.id])


def step(
    desk: Desk,
    unit: Unit,
    found: Applied,
    action: str,
    *,
    duty: str,
    reason: str = "",
    opinion: str = "",
    fen: int | None = None,
    papers: Sequence[str] = (),
    **columns: Any,
) -> Applied:
    """Takes an application one step on, within a unit; gives it back as it stands then.

    ``columns`` are columns of the case or of the application that change with it, by name;
    ``reason`` is a code, ``opinion`` words (kept sealed), ``fen`` the amount that was decided on
    and is in force from now on (0: none, for goods alone).
    """
    case, said = found
    target = target_of(found, action)
    changed = {name: value for name, value in columns.items() if name in _CASE_COLUMNS}
    if fen is not None:
        changed["fen"] = fen or None
    beside = {name: value for name, value in columns.items() if name not in changed}
    moved = case._replace(state=target, **changed)
    (moved,) = unit.update(AID_CASE, [moved], ("state", *changed))
    if beside:
        (said,) = unit.update(APPLICATION, [said._replace(**beside)], tuple(beside))
    count(unit, case, case.state, moved, target)
    act(desk, unit, moved, action, case.state, duty=duty, reason=reason, opinion=opinion, fen=fen,
        papers=papers)  # fmt: skip
    return Applied(moved, said)


def act(
    desk: Desk,
    unit: Unit,
    case: AidCase,
    action: str,
    source: str,
    *,
    duty: str,
    reason: str = "",
    opinion: str = "",
    fen: int | None = None,
    papers: Sequence[str] = (),
) -> None:
    """Writes what a person did to a case, and the part in it they have from now on."""
    id = unit.new_id()
    sealed = unit.seal(CASE_ACTION)(id, {"opinion": opinion}) if opinion else None
    unit.insert(
        CASE_ACTION,
        [
            CaseAction(
                id, case.id, case.office_id, desk.actor.staff_id, duty, action, source, case.state,
                unit.moment.at, reason or None, 1, fen, ",".join(papers) or None, sealed,
            )
        ],
    )  # fmt: skip
    part = PARTS.get(action)
    if part and (desk.actor.staff_id, part) not in makers(unit.store, [case.id]):
        unit.insert(MAKER, [Maker(unit.new_id(), "case", case.id, desk.actor.staff_id, part, 1)])


def count(unit: Unit, before: AidCase, source: str, after: AidCase, target: str) -> None:
    """Counts an application out of one state and into another; "" is neither."""
    for case, state, sign in ((before, source, -1), (after, target, 1)):
        if state:
            unit.flow(
                case.office_id, case.cycle_id, "case", case.category or "", state, sign,
                sign * (case.fen or 0),
            )  # fmt: skip
