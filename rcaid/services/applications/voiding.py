"""What undoes a decision: reopened because the person was corrected, revoked, stopped, ended by a
death. What was set aside or payable is available again; what was paid out is claimed back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rcaid.db import applications as rows
from rcaid.db import cases
from rcaid.db.applications import Applied
from rcaid.db.notices import standing_line
from rcaid.db.rosters import makers
from rcaid.db.tables import AID_CASE, APPLICATION, MAKER, NOTICE_LINE, Entitlement, Maker
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.workflow import move
from rcaid.services import case_steps
from rcaid.services.applications import recovery
from rcaid.services.applications.commitment import DECIDED, give_back, live, undo
from rcaid.services.desk import Desk
from rcaid.services.rosters import suspend as suspend_rights

UNDECIDED = (
    "draft", "submitted", "verifying", "returned", "district_review", "approval", "rejected",
)  # fmt: skip
"""States of an application that nobody has approved; a rejected one may be appealed."""


class _Right(NamedTuple):
    """A right with its cycle and category, as `rosters.suspend` takes it."""

    entitlement: Entitlement
    cycle_id: str
    category: str


def of_people(unit: Unit, person_ids: Iterable[str]) -> list[Applied]:
    """All applications of these people."""
    mine = [case.id for id in person_ids for case in cases.of_person(unit.store, id)
            if case.lane == "A"]  # fmt: skip
    return rows.of_cases(unit.store, mine)


# --- reopened


def reopen(desk: Desk, case_no: str, reason: str) -> Entry:
    """Takes a decision back that is not paid yet, so that it can be decided anew: the only way to
    another amount."""
    found = case_steps.find(desk, case_no, "case.reopen")
    case_steps.target_of(found, "reopen")
    if not reason:
        raise Refused(Problem("application.reason"))

    def work(unit: Unit) -> None:
        _reopen(desk, unit, found, "approver", reason)

    return _write(desk, "case.reopen", found, work, reason)


def void(
    desk: Desk, unit: Unit, person_ids: Sequence[str], field: str, staff: Sequence[str],
    account_id: str | None = None,
) -> list[str]:  # fmt: skip
    """Voids the approvals of people of whom a name, a number or an account was corrected, and gives
    their open applications the new account; the numbers of the cases that were reopened.

    ``staff`` asked for the correction and confirmed it: they made what is decided on from now on.
    """
    voided = []
    for found in of_people(unit, person_ids):
        case, said = found
        decided = case.state in DECIDED
        waiting = case.state == "suspended" and said.resume_to in DECIDED
        open_ = case.state in UNDECIDED or (case.state == "suspended" and not waiting)
        if not (decided or waiting or open_):
            continue
        if decided:
            found = _reopen(desk, unit, found, "", field)
            voided.append(case.case_no)
        elif waiting:
            undo(unit, case)
            off_notice(unit, case.id)
            said = said._replace(resume_to="approval", approved_fen=None)
            unit.update(APPLICATION, [said], ("resume_to", "approved_fen"))
            (case,) = unit.update(AID_CASE, [case._replace(line_hash=None)], ("line_hash",))
            found = Applied(case, said)
            voided.append(case.case_no)
        if account_id and case.fen:
            now = found.case._replace(account_id=account_id, line_hash=None)
            unit.update(AID_CASE, [now], ("account_id", "line_hash"))
        note_makers(unit, case.id, staff, "account" if account_id else "edit")
    return voided


def _reopen(desk: Desk, unit: Unit, found: Applied, duty: str, reason: str) -> Applied:
    undo(unit, found.case)
    off_notice(unit, found.case.id)
    return case_steps.step(
        desk, unit, found, "reopen", duty=duty, reason=reason, line_hash=None, approved_fen=None,
        round_id=None,
    )  # fmt: skip


def off_notice(unit: Unit, case_id: str) -> None:
    """Strikes the line of a case off the notice it stands on: what was told there no longer holds,
    and a later decision is told anew."""
    line = standing_line(unit.store, case_id)
    if line is not None:
        unit.update(NOTICE_LINE, [line._replace(state="struck")], ("state",))


def note_makers(unit: Unit, case_id: str, staff: Sequence[str], act: str) -> None:
    """Writes that these people had a part in a case, each once."""
    known = makers(unit.store, [case_id])
    unit.insert(
        MAKER,
        [
            Maker(unit.new_id(), "case", case_id, each, act, 1)
            for each in dict.fromkeys(staff)
            if (each, act) not in known
        ],
    )


# --- revoked


def revoke(desk: Desk, case_no: str, reason: str, *, opinion: str = "") -> Entry:
    """Takes a decision back for good, by the city with a reason. Money that was paid out becomes a
    recovery; what was not is available again."""
    found = case_steps.find(desk, case_no, "case.revoke")
    case_steps.target_of(found, "revoke")
    desk.require("case.revoke", desk.offices.top.id)
    if not reason:
        raise Refused(Problem("application.reason"))

    def work(unit: Unit) -> None:
        case = found.case
        undo(unit, case)
        off_notice(unit, case.id)
        case_steps.step(
            desk, unit, found, "revoke", duty="approver", reason=reason, opinion=opinion
        )
        recovery.open_for(unit, case)

    return _write(desk, "case.revoke", found, work, reason)


# --- stopped, and ended by a death


def stop(
    desk: Desk, unit: Unit, found: Applied, action: str, *, duty: str, reason: str = ""
) -> None:
    """Suspends a case with its rights; both keep where they go back to."""
    case_steps.step(desk, unit, found, action, duty=duty, reason=reason, resume_to=found.case.state)
    open_ = ("pending", "ready", "reserved")
    standing = [d for d in live(unit, found.case.id) if d.entitlement.state in open_]
    suspend_rights(unit, [_Right(d.entitlement, d.cycle_id, d.category) for d in standing])


def dead(desk: Desk, unit: Unit, person_ids: Sequence[str], duty: str) -> None:
    """Ends the applications of people who died, with what was set aside for them; what they are
    entitled to is suspended until an approver gives it to an heir or ends it (BR-016)."""
    for found in of_people(unit, person_ids):
        row = move("case", found.case.state, "death")
        if row is None:
            continue
        if row.target == "suspended":
            stop(desk, unit, found, "death", duty=duty, reason="deceased")
            continue
        give_back(unit, found.case)
        off_notice(unit, found.case.id)
        case_steps.step(
            desk, unit, found, "death", duty=duty, reason="deceased", due_on=None, paused_on=None
        )


def _write(desk: Desk, act: str, found: Applied, work: object, reason: str = "") -> Entry:
    assert callable(work)
    case = found.case
    return desk.write(act, case.office_id, work, object=case.case_no, reason=reason or None)[1]
