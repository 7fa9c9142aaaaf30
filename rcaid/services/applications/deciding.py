"""Deciding on an application: an amount proposed, approved within limits, rejected, appealed.

Money is set aside in the unit of the approval, with the hash of what was approved. What is known of
the case at that moment stays with it: later changes of the person rewrite nothing (BR-021).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rcaid.db import applications as rows
from rcaid.db import commitments, offices, programmes
from rcaid.db.applications import Applied
from rcaid.db.rosters import makers
from rcaid.db.tables import APPLICATION, APPROVAL, RECUSAL, AidCase, Approval, Recusal, Round
from rcaid.db.unit import Entry, Unit
from rcaid.domain.case_reasons import REJECTIONS
from rcaid.domain.deadlines import add_days, add_workdays
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.workflow import move
from rcaid.services import case_steps
from rcaid.services.applications import clock, weighing
from rcaid.services.applications.commitment import commit, digest, entitle
from rcaid.services.applications.judging import refuse_unwitnessed, rules_of
from rcaid.services.applications.weighing import Weighed, weigh
from rcaid.services.desk import Desk

APPEAL_DAYS = 30
"""Calendar days after a rejection in which it may be appealed against, once."""


@dataclass(frozen=True, slots=True)
class Decided:
    """How many applications were decided and their money in fen."""

    cases: int
    fen: int


def propose(desk: Desk, case_no: str, fen: int, *, reason: str = "", opinion: str = "") -> Entry:
    """Proposes an amount in fen within what the rules allow (0 for goods alone); not by who filled
    the application in or verified it (BR-040)."""
    found = case_steps.find(desk, case_no, "case.propose")
    case_steps.target_of(found, "propose")
    case_steps.kept_apart(desk, found, "freeze")

    def work(unit: Unit) -> None:
        _lock(unit, [found])
        weighing.moved_on(desk, found)
        # That a proxy is paid is the approver's to answer for.
        weighed = weigh(desk, found, fen, reason="proposed")
        _refuse(weighed.problems)
        said = found.said
        due = clock.due(
            weighed.rules.decide, said.complete_on, "approval", level=weighed.level or "city",
            paused_days=said.paused_days,
        )  # fmt: skip
        case_steps.step(
            desk, unit, found, "propose", duty="reviewer", reason=reason, opinion=opinion, fen=fen,
            proposed_fen=fen or None, due_on=due.on if due else None,
        )  # fmt: skip

    return _write(desk, "case.propose", found, work, reason)


def look(
    desk: Desk, numbers: Sequence[str], *, fen: int | None = None, reason: str = "", fund: str = ""
) -> list[Weighed]:
    """Applications that wait for approval, weighed as `approve` would: those with problems are the
    exceptions a person sees before approving many."""
    found = [case_steps.find(desk, number, "case.approve") for number in dict.fromkeys(numbers)]
    return [
        _weighed(desk, each, (each.case.fen or 0) if fen is None else fen, reason, fund)
        for each in found
    ]


def _weighed(desk: Desk, found: Applied, fen: int, reason: str, fund: str) -> Weighed:
    """With everything that concerns this person's decision."""
    weighed = weigh(desk, found, fen, fund=fund, reason=reason)
    elsewhere = _elsewhere(found)
    if elsewhere:
        return Weighed(found, weighed.rules, weighed.fund, fen, weighed.judgement, elsewhere)
    more = (
        *weighing.limit(desk, weighed),
        *weighing.against_proposal(desk, weighed, reason),
        *_makers(desk, found),
    )
    return Weighed(found, weighed.rules, weighed.fund, fen, weighed.judgement,
                   (*weighed.problems, *more))  # fmt: skip


def _elsewhere(found: Applied) -> tuple[Problem, ...]:
    """What is wrong with one that does not wait for approval at all."""
    try:
        case_steps.target_of(found, "approve")
    except Refused as refused:
        return refused.problems
    return ()


def _makers(desk: Desk, found: Applied) -> tuple[Problem, ...]:
    try:
        case_steps.kept_apart(desk, found, "approve")
    except Refused as refused:
        return refused.problems
    return ()


def approve(
    desk: Desk, numbers: Sequence[str], *, fen: int | None = None, reason: str = "",
    opinion: str = "", expect: int | None = None, fund: str = "",
) -> tuple[Decided, Entry]:  # fmt: skip
    """Decides applications, all or none, and sets their money aside.

    ``fen`` is another amount than proposed, for one application alone: lower with a reason, higher
    by the city (BR-042). ``fund`` pays instead of the programme's. Refused with everything that
    speaks against each, and act.expected when they are not as many as were seen.
    """
    chosen = list(dict.fromkeys(numbers))
    if expect is not None and expect != len(chosen):
        raise Refused(Problem("act.expected", {"expected": expect, "now": len(chosen)}))
    if not chosen or (fen is not None and len(chosen) > 1):
        raise Refused(Problem("case.one_amount"))
    found = [case_steps.find(desk, number, "case.approve") for number in chosen]
    for each in found:
        case_steps.target_of(each, "approve")
        case_steps.kept_apart(desk, each, "approve")

    def work(unit: Unit) -> Decided:
        _lock(unit, found)
        wrong: list[Problem] = []
        done = 0
        for each in found:
            weighing.moved_on(desk, each)
            amount = (each.case.fen or 0) if fen is None else fen
            weighed = _weighed(desk, each, amount, reason, fund)
            wrong += weighed.problems
            if not wrong:
                _approve(desk, unit, weighed, reason, opinion)
                done += amount
        _refuse(wrong)
        return Decided(len(found), done)

    return desk.write(
        "case.approve", found[0].case.office_id, work, reason=reason or None,
        object=found[0].case.case_no if len(found) == 1 else None,
        note=lambda made: {"cases": made.cases, "fen": made.fen},
    )  # fmt: skip


def _lock(unit: Unit, found: Sequence[Applied]) -> None:
    """Decisions on one household wait for each other, whatever programme they are of."""
    unit.store.lock("household", "id", sorted({each.case.household_id for each in found}))
    unit.store.lock("aid_case", "id", sorted(each.case.id for each in found))


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Refused(problems)


def _approve(desk: Desk, unit: Unit, weighed: Weighed, reason: str, opinion: str) -> Applied:
    """Writes the decision: its amount, its hash, who made what was approved, the money."""
    found, fund, fen = weighed.found, weighed.fund, weighed.fen
    text = digest(unit.store, found.case._replace(fen=fen or None), fund.id)
    done = case_steps.step(
        desk, unit, found, "approve", duty="approver", reason=reason, opinion=opinion, fen=fen,
        line_hash=text, approved_fen=fen or None, fund_id=fund.id, due_on=None,
    )  # fmt: skip
    approvals(desk, unit, done.case, "approve", text)
    commit(unit, done.case, fund.id, fen)
    return done


def approvals(desk: Desk, unit: Unit, case: AidCase, step: str, text: str) -> None:
    """One row for each who made what is approved, with the hash of it."""
    mine = desk.actor.staff_id
    made = {who for who, act in makers(unit.store, [case.id]) if act != "freeze"} - {mine}
    unit.insert(
        APPROVAL,
        [
            Approval(unit.new_id(), "case", case.id, step, who, mine, text, 1)
            for who in sorted(made)
        ],
    )


# --- no


def reject(desk: Desk, case_no: str, reason: str, *, opinion: str = "") -> Entry:
    """Rejects an application with a reason from the list (BR-043); `texts.rejection_text` is what
    the applicant is told."""
    found = case_steps.find(desk, case_no, "case.reject")
    case_steps.target_of(found, "reject")
    duty = held(desk, found, "reject")
    if reason not in REJECTIONS:
        known = ", ".join(REJECTIONS)
        raise Refused(Problem("case.rejection", {"value": reason, "known": known}, field="reason"))

    def work(unit: Unit) -> None:
        case_steps.step(
            desk, unit, found, "reject", duty=duty, reason=reason, opinion=opinion, due_on=None,
            rejected_on=unit.day,
        )  # fmt: skip

    return _write(desk, "case.reject", found, work, reason, duty)


def held(desk: Desk, found: Applied, action: str) -> str:
    """The duty by which this person may take an application a step from where it stands."""
    row = move("case", found.case.state, action)
    for duty, granted in desk.actor.duties:
        if row and duty in row.duties and desk.offices.within(found.case.office_id, granted):
            return duty
    name = desk.offices.by_id[found.case.office_id].name
    facts = {"login": desk.actor.login, "act": f"case.{action}", "office": name}
    raise Refused(Problem("who.no_duty", facts))


def appeal(desk: Desk, case_no: str, *, opinion: str = "") -> Entry:
    """Takes a rejected application up again, once, within 30 days of the rejection."""
    found = case_steps.find(desk, case_no, "case.appeal")
    case_steps.target_of(found, "appeal")
    said = found.said
    if said.appealed_on:
        facts = {"case": found.case.case_no, "day": said.appealed_on}
        raise Refused(Problem("case.appealed", facts))
    last = add_days(said.rejected_on or desk.day, APPEAL_DAYS)
    if desk.day > last:
        raise Refused(Problem("case.appeal_late", {"case": found.case.case_no, "day": last}))
    rules = rules_of(desk, found)

    def work(unit: Unit) -> None:
        due = clock.due(rules.decide, unit.day, "district_review")
        case_steps.step(
            desk, unit, found, "appeal", duty="caseworker", opinion=opinion,
            appealed_on=unit.day, due_on=due.on if due else None, line_hash=None, approved_fen=None,
        )  # fmt: skip

    return _write(desk, "case.appeal", found, work)


# --- at once


def urgent(desk: Desk, case_no: str, fen: int, reason: str, *, opinion: str = "") -> Entry:
    """Decides an application that is still being verified and makes its money payable at once.

    Within the programme's urgent limit, not by who filled it in or verified it; papers may follow.
    Somebody else has to look at it again within the days the programme names (`review_urgent`).
    """
    found = case_steps.find(desk, case_no, "case.urgent")
    case_steps.target_of(found, "urgent")
    case_steps.kept_apart(desk, found, "approve")
    rules = rules_of(desk, found)
    facts = {"case": found.case.case_no, "fen": fen, "most": rules.decide.urgent_fen or 0}
    if not reason:
        raise Refused(Problem("application.reason"))
    if rules.decide.urgent_fen is None or fen > rules.decide.urgent_fen:
        raise Refused(Problem("case.urgent_limit", facts, field="fen"))
    refuse_unwitnessed(desk, found)
    each = round_of(desk, found)

    def work(unit: Unit) -> None:
        _lock(unit, [found])
        weighing.moved_on(desk, found)
        weighed = weigh(desk, found, fen, urgent=True, reason=reason)
        _refuse(weighed.problems)
        fund = weighed.fund
        text = digest(unit.store, found.case._replace(fen=fen or None), fund.id)
        done = case_steps.step(
            desk, unit, found, "urgent", duty="approver", reason=reason, opinion=opinion, fen=fen,
            line_hash=text, approved_fen=fen or None, fund_id=fund.id, round_id=each.id, urgent=1,
            review_due_on=add_workdays(unit.day, rules.decide.review_days), due_on=None,
        )  # fmt: skip
        approvals(desk, unit, done.case, "approve", text)
        commit(unit, done.case, fund.id, fen)
        entitle(unit, done.case, each, fund.id)

    return _write(desk, "case.urgent", found, work, reason)


def round_of(desk: Desk, found: Applied, number: int | None = None) -> Round:
    """A round of the case's cycle, the newest where none is named; Refused round.unknown."""
    known = programmes.rounds(desk.store, found.case.cycle_id)
    chosen = [each for each in known if number is None or each.number == number]
    if chosen:
        return chosen[-1]
    cycle = next(c for c in programmes.cycles(desk.store) if c.id == found.case.cycle_id)
    named = "-" if number is None else str(number)
    raise Refused(Problem("round.unknown", {"rounds": named, "cycle": cycle.code}))


def review_urgent(desk: Desk, case_no: str, *, opinion: str = "") -> Entry:
    """Says that an urgent decision was looked at again; by somebody without any part in it."""
    found = case_steps.find(desk, case_no, "case.review")
    if not found.said.urgent or found.said.reviewed_on:
        facts = {"noun": found.case.case_no, "state": found.case.state, "action": "review"}
        raise Refused(Problem("state.no_move", facts))
    case_steps.kept_apart(desk, found, "review")
    duty = desk.require("case.review", found.case.office_id)

    def work(unit: Unit) -> None:
        unit.update(APPLICATION, [found.said._replace(reviewed_on=unit.day)], ("reviewed_on",))
        case = found.case
        case_steps.act(desk, unit, case, "review", case.state, duty=duty, opinion=opinion)

    return _write(desk, "case.review", found, work)


def reviews_due(desk: Desk) -> list[commitments.Unreviewed]:
    """Urgent decisions of one's offices that nobody has looked at again, what is due first."""
    return commitments.unreviewed(desk.store, desk.reach("case.review"))


# --- who may take part, and who is paid


def recuse(desk: Desk, case_no: str, login: str, reason: str) -> Entry:
    """Keeps somebody out of a case from now on, being a relative of the person or in another way
    bound (BR-045). It cannot be taken back."""
    found = case_steps.find(desk, case_no, "case.recuse")
    staff = offices.staff_by_login(desk.store, login)
    if staff is None:
        raise Refused(Problem("who.unknown", {"login": login}))
    if any(each.staff_id == staff.id for each in rows.recused(desk.store, [found.case.id])):
        raise Refused(Problem("case.recused", {"case": found.case.case_no, "login": login}))

    def work(unit: Unit) -> None:
        case = found.case
        made = Recusal(unit.new_id(), case.id, case.office_id, staff.id, reason, 1)
        unit.insert(RECUSAL, [made])

    return _write(desk, "case.recuse", found, work, reason)


def explain_account(desk: Desk, case_no: str, reason: str, *, opinion: str = "") -> Entry:
    """Says why unrelated people are paid to the account of this case; not by its makers (BR-066)."""
    found = case_steps.find(desk, case_no, "case.account")
    case_steps.kept_apart(desk, found, "approve")
    duty = desk.require("case.account", found.case.office_id)
    if not reason:
        raise Refused(Problem("application.reason"))

    def work(unit: Unit) -> None:
        case = found.case
        case_steps.act(
            desk, unit, case, "account", case.state, duty=duty, reason=reason, opinion=opinion
        )

    return _write(desk, "case.account", found, work, reason)


def _write(
    desk: Desk, act: str, found: Applied, work: object, reason: str = "", duty: str | None = None
) -> Entry:
    case = found.case
    assert callable(work)
    return desk.write(
        act, case.office_id, work, object=case.case_no, reason=reason or None, duty=duty
    )[1]
