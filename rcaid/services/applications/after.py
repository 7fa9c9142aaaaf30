"""What comes after a decision: cleared, entitled, paid, followed up, closed; stopped and taken up.

`pay` and `unpay` are moves of the program: a case is paid when all its rights are delivered, and
entitled again when a payment comes back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from rcaid.db import applications as rows
from rcaid.db import commitments
from rcaid.db.applications import Applied
from rcaid.db.payments import Due
from rcaid.db.tables import APPLICATION, ENTITLEMENT, FOLLOW_UP, Entitlement, FollowUp
from rcaid.db.unit import Entry, Unit
from rcaid.domain.deadlines import add_days
from rcaid.domain.errors import Problem, Refused
from rcaid.services import case_steps
from rcaid.services.applications import commitment, judging, recovery, weighing
from rcaid.services.applications.commitment import live
from rcaid.services.applications.deciding import Decided, approvals, recuse, round_of
from rcaid.services.applications.heirs import cancel, heir
from rcaid.services.applications.voiding import reopen, revoke, stop
from rcaid.services.desk import Desk
from rcaid.services.moving import flow_right

FOLLOW_UP_DAYS = 28
"""Days after the payment by which a case that was chosen is followed up."""
METHODS = ("visit", "phone", "message")

__all__ = [
    "cancel", "clear", "close", "entitle", "follow_up", "heir", "recuse", "reopen", "resume",
    "revoke", "settle", "suspend", "waive_follow_up",
]  # fmt: skip


def clear(desk: Desk, numbers: Sequence[str]) -> Entry:
    """Clears approved applications of programmes that ask for no public notice; all or none."""
    found = [case_steps.find(desk, number, "case.clear") for number in dict.fromkeys(numbers)]
    if not found:
        raise Refused(Problem("case.one_amount"))
    for each in found:
        case_steps.target_of(each, "clear")
        if each.case.state != "approved" or judging.rules_of(desk, each).decide.notice_days:
            raise Refused(Problem("case.notice", {"case": each.case.case_no}))

    def work(unit: Unit) -> None:
        for each in found:
            case_steps.step(desk, unit, each, "clear", duty="approver")

    return _write(desk, "case.clear", found, work)


def entitle(
    desk: Desk, numbers: Sequence[str], *, round_number: int | None = None, fund: str = ""
) -> tuple[Decided, Entry]:
    """Makes the money and goods of cleared applications theirs to get in a round, all or none; the
    newest round of the cycle where none is named.

    ``fund`` pays instead of the one that was approved; that is a decision of its own, within the
    same limits. Refused for people who died (BR-016) and where the cycle has no round.
    """
    found = [case_steps.find(desk, number, "case.entitle") for number in dict.fromkeys(numbers)]
    if not found:
        raise Refused(Problem("case.one_amount"))
    for each in found:
        case_steps.target_of(each, "entitle")
        refuse_dead(desk, each)
        judging.refuse_unwitnessed(desk, each)

    def work(unit: Unit) -> Decided:
        unit.store.lock("aid_case", "id", sorted(each.case.id for each in found))
        for each in found:
            weighing.moved_on(desk, each)
            into = round_of(desk, each, round_number)
            pays = weighing.fund_of(desk, each, fund)
            text = each.case.line_hash
            if pays.id != each.said.fund_id:
                text = _other_fund(desk, unit, each, pays.code)
            done = case_steps.step(
                desk, unit, each, "entitle", duty="approver", fund_id=pays.id, round_id=into.id,
                line_hash=text,
            )  # fmt: skip
            commitment.entitle(unit, done.case, into, pays.id)
        return Decided(len(found), sum(each.case.fen or 0 for each in found))

    return desk.write(
        "case.entitle", found[0].case.office_id, work,
        object=found[0].case.case_no if len(found) == 1 else None,
        note=lambda made: {"cases": made.cases, "fen": made.fen},
    )  # fmt: skip


def _other_fund(desk: Desk, unit: Unit, found: Applied, code: str) -> str:
    """Sets the money aside in another fund than was approved: weighed and approved anew; the hash
    of it."""
    case_steps.kept_apart(desk, found, "approve")
    fen = found.case.fen or 0
    weighed = weighing.weigh(desk, found, fen, fund=code, reason="fund")
    wrong = (*weighed.problems, *weighing.limit(desk, weighed))
    if wrong:
        raise Refused(wrong)
    text = commitment.digest(unit.store, found.case, weighed.fund.id)
    approvals(desk, unit, found.case, "approve", text)
    commitment.give_back(unit, found.case)
    commitment.commit(unit, found.case, weighed.fund.id, fen)
    return text


def refuse_dead(desk: Desk, found: Applied) -> None:
    """Refused case.dead where the person died (BR-016)."""
    person = judging.person_of(desk, found)
    if person.state == "deceased":
        facts = {"case": found.case.case_no, "day": person.died_on or "-"}
        raise Refused(Problem("case.dead", facts))


# --- stopped and taken up again


def suspend(desk: Desk, case_no: str, reason: str) -> Entry:
    """Stops an application where it stands: nothing is decided or paid until it is resumed."""
    found = case_steps.find(desk, case_no, "case.suspend")
    case_steps.target_of(found, "suspend")
    duty = desk.require("case.suspend", found.case.office_id)
    if not reason:
        raise Refused(Problem("application.reason"))

    def work(unit: Unit) -> None:
        stop(desk, unit, found, "suspend", duty=duty, reason=reason)

    return _write(desk, "case.suspend", [found], work, reason)


def resume(desk: Desk, case_no: str) -> Entry:
    """Takes a suspended application up where it stood. Not of somebody who died: their right goes
    to an heir or ends."""
    found = case_steps.find(desk, case_no, "case.resume")
    case_steps.target_of(found, "resume")
    if found.said.resume_to != "paid":
        refuse_dead(desk, found)
    duty = desk.require("case.resume", found.case.office_id)

    def work(unit: Unit) -> None:
        case_steps.step(desk, unit, found, "resume", duty=duty, resume_to=None)
        again = [d for d in live(unit, found.case.id) if d.entitlement.state == "suspended"]
        back = [_resumed(due) for due in again]
        unit.update(ENTITLEMENT, back, ("state", "resume_to"))
        for due in again:
            flow_right(unit, due, "suspended", due.entitlement.resume_to or "ready")

    return _write(desk, "case.resume", [found], work)


def _resumed(due: Due) -> Entitlement:
    right = due.entitlement
    return right._replace(state=right.resume_to or "ready", resume_to=None)


# --- paid, followed up, closed


def settle(desk: Desk, unit: Unit, case_ids: Iterable[str]) -> None:
    """Moves cases whose payments were settled or came back: paid when everything was delivered,
    entitled again when something is to be paid anew."""
    for found in rows.of_cases(unit.store, dict.fromkeys(case_ids)):
        states = [due.entitlement.state for due in live(unit, found.case.id)]
        done = bool(states) and all(state == "delivered" for state in states)
        state, resume_to = found.case.state, found.said.resume_to
        if state == "entitled" and done:
            _paid(desk, unit, found)
        elif state in ("paid", "closed") and not done:
            case_steps.step(desk, unit, found, "unpay", duty="")
        elif state == "suspended" and resume_to in ("entitled", "paid"):
            back = "paid" if done else "entitled"
            if back != resume_to:
                unit.update(APPLICATION, [found.said._replace(resume_to=back)], ("resume_to",))
        elif state == "revoked" and not done:
            recovery.came_back(unit, found.case)


def _paid(desk: Desk, unit: Unit, found: Applied) -> None:
    percent = judging.rules_of(desk, found).decide.follow_up_percent
    wanted = int(chosen(found.case.id, percent))
    case_steps.step(desk, unit, found, "pay", duty="", follow_up=wanted)
    if wanted and not commitments.follow_ups(unit.store, [found.case.id]):
        due_on = add_days(unit.day, FOLLOW_UP_DAYS)
        case = found.case
        made = FollowUp(unit.new_id(), case.id, case.office_id, due_on, "due", None, None, None,
                        None, None, None, 1)  # fmt: skip
        unit.insert(FOLLOW_UP, [made])


def chosen(case_id: str, percent: int) -> bool:
    """Whether a case is among the share that is followed up: by its id, so nobody can choose."""
    drawn = int.from_bytes(hashlib.sha256(case_id.encode()).digest()[:8], "big")
    return drawn % 100 < percent


def follow_up(
    desk: Desk, case_no: str, method: str, *, received: bool, matched: bool, text: str = ""
) -> Entry:
    """Records what a family said when it was asked after the payment: whether the help arrived and
    was what had been decided. ``text`` is kept sealed."""
    found, due = _due(desk, case_no, "case.follow_up")
    if method not in METHODS:
        known = ", ".join(METHODS)
        raise Refused(Problem("case.method", {"value": method, "known": known}))

    def work(unit: Unit) -> None:
        sealed = unit.seal(FOLLOW_UP)(due.id, {"text": text}) if text else None
        done = due._replace(
            state="done", method=method, done_on=unit.day, done_by=desk.actor.staff_id,
            received=int(received), matched=int(matched), sealed=sealed,
        )  # fmt: skip
        columns = ("state", "method", "done_on", "done_by", "received", "matched", "sealed")
        unit.update(FOLLOW_UP, [done], columns)

    return _write(desk, "case.follow_up", [found], work)


def waive_follow_up(desk: Desk, case_no: str, reason: str) -> Entry:
    """Lets a follow-up be; the reason is a code."""
    found, due = _due(desk, case_no, "case.waive")
    if not reason:
        raise Refused(Problem("application.reason"))

    def work(unit: Unit) -> None:
        gone = due._replace(state="waived", done_on=unit.day, done_by=desk.actor.staff_id)
        unit.update(FOLLOW_UP, [gone], ("state", "done_on", "done_by"))

    return _write(desk, "case.waive", [found], work, reason)


def _due(desk: Desk, case_no: str, act: str) -> tuple[Applied, FollowUp]:
    found = case_steps.find(desk, case_no, act)
    open_ = [f for f in commitments.follow_ups(desk.store, [found.case.id]) if f.state == "due"]
    if not open_:
        raise Refused(Problem("case.no_follow_up", {"case": found.case.case_no}))
    return found, open_[0]


def close(desk: Desk, case_no: str) -> Entry:
    """Closes a paid application when nothing of it is left to do: followed up where it was chosen,
    and looked at again where it was urgent."""
    found = case_steps.find(desk, case_no, "case.close")
    case_steps.target_of(found, "close")
    facts = {"case": found.case.case_no}
    if any(f.state == "due" for f in commitments.follow_ups(desk.store, [found.case.id])):
        raise Refused(Problem("case.follow_up_due", facts))
    if found.said.urgent and not found.said.reviewed_on:
        due_on = found.said.review_due_on or "-"
        raise Refused(Problem("case.unreviewed", facts | {"day": due_on}))

    def work(unit: Unit) -> None:
        case_steps.step(desk, unit, found, "close", duty="caseworker")

    return _write(desk, "case.close", [found], work)


def lapsed(desk: Desk, unit: Unit, case_ids: Iterable[str]) -> None:
    """Closes cases of which nobody claimed anything: every right of theirs has ended (BR-069)."""
    for found in rows.of_cases(unit.store, dict.fromkeys(case_ids)):
        if found.case.state == "entitled" and not live(unit, found.case.id):
            case_steps.step(desk, unit, found, "lapse", duty="", reason="unclaimed")


def _write(desk: Desk, act: str, found: Sequence[Applied], work: object, reason: str = "") -> Entry:
    assert callable(work)
    named = found[0].case.case_no if len(found) == 1 else None
    return desk.write(act, found[0].case.office_id, work, object=named, reason=reason or None)[1]
