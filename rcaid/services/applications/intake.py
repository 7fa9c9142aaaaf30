"""An application on its way from the door to the district: submitted, accepted, returned, verified.

What a rule forbids refuses the step with its citation; what a rule only shows stands among the
checks. The clock runs from complete papers and stands while the family has to answer (BR-044).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rcaid.db import cases
from rcaid.db.applications import Applied
from rcaid.db.unit import Entry, Unit
from rcaid.domain.checks import Check
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.programme_fields import PAPERS
from rcaid.domain.programmes import Programme
from rcaid.domain.workflow import move
from rcaid.services import case_steps
from rcaid.services.applications import clock, judging, papers
from rcaid.services.desk import Desk


def submit(desk: Desk, case_no: str) -> Entry:
    """Hands a draft in.

    Refused for what BR-015, 016, 023 and 030 forbid, and while somebody near may be the same person
    and nobody has decided it (BR-009).
    """
    found = _found(desk, case_no, "case.submit", "submit")
    rules = judging.rules_of(desk, found)
    refuse_stopped(desk, found, rules)
    pairs = judging.open_pairs(desk, judging.person_of(desk, found))
    if pairs:
        raise Refused(Problem("application.pairs", {"n": len(pairs), "pair": pairs[0]}))

    def work(unit: Unit) -> None:
        moved = _step(desk, unit, found, "submit", "case.submit")
        papers.start(desk, unit, moved, rules)

    return _write(desk, "case.submit", found, work)


def accept(desk: Desk, case_no: str) -> Entry:
    """Takes a submitted application up for verifying, not by who filled it in (BR-040)."""
    found = _found(desk, case_no, "case.accept", "accept")
    case_steps.kept_apart(desk, found, "verify")
    return _write(
        desk, "case.accept", found,
        lambda unit: _step(desk, unit, found, "accept", "case.accept"),
    )  # fmt: skip


def verify(desk: Desk, case_no: str, *, opinion: str = "") -> Entry:
    """Passes an application on to the district; one that is only submitted is accepted with it.

    Refused for its makers (BR-040), with papers missing (BR-046), and for what the rules forbid.
    """
    found = case_steps.find(desk, case_no, "case.verify")
    first = _before(found, "verify")
    case_steps.kept_apart(desk, found, "verify")
    rules = judging.rules_of(desk, found)
    refuse_stopped(desk, found, rules)
    lacking = papers.missing(desk, found, desk.day)
    if lacking:
        raise Refused(_lacking(found, lacking))

    def work(unit: Unit) -> None:
        standing = _accepted(desk, unit, found, first, "case.verify")
        due = _due(rules, standing, "district_review")
        _step(desk, unit, standing, "verify", "case.verify", opinion=opinion, due_on=due)

    return _write(desk, "case.verify", found, work)


def send_back(
    desk: Desk, case_no: str, papers: Sequence[str] = (), *, reason: str = "", opinion: str = ""
) -> Entry:
    """Returns an application: a verifier to the family, for the papers that are named (BR-046); a
    reviewer of the district to the verifier, with a reason.

    The clock stands until the family answers. Refused application.no_papers, paper.unknown.
    """
    found = case_steps.find(desk, case_no, "case.return")
    if found.case.state == "district_review":
        return _to_verifier(desk, found, reason, opinion)
    first = _before(found, "return")
    if first:
        case_steps.kept_apart(desk, found, "verify")
    codes = _named(papers)

    def work(unit: Unit) -> None:
        standing = _accepted(desk, unit, found, first, "case.return")
        _ask_for(desk, unit, standing, codes)
        _step(
            desk, unit, standing, "return", "case.return", reason=reason, opinion=opinion,
            papers=codes, paused_on=unit.day,
        )  # fmt: skip

    return _write(desk, "case.return", found, work, reason=reason)


def _to_verifier(desk: Desk, found: Applied, reason: str, opinion: str) -> Entry:
    if not reason:
        raise Refused(Problem("application.reason"))
    rules = judging.rules_of(desk, found)

    def work(unit: Unit) -> None:
        due = _due(rules, found, "verifying")
        _step(desk, unit, found, "return", "case.return", reason=reason, opinion=opinion,
              due_on=due)  # fmt: skip

    return _write(desk, "case.return", found, work, reason=reason)


def answer(desk: Desk, case_no: str, papers_given: Sequence[str] = ()) -> Entry:
    """Hands a returned application in again; each paper that was asked for is there by now.

    Refused application.unanswered, which names those that are not (BR-046).
    """
    found = _found(desk, case_no, "case.answer", "answer")
    given = _named(papers_given, may_be_none=True)
    open_ = unanswered(desk, found, given)
    if open_:
        raise Refused(Problem("application.unanswered", {"papers": ", ".join(open_)}))
    rules = judging.rules_of(desk, found)

    def work(unit: Unit) -> None:
        papers.put(desk, unit, found, given, "seen")
        stood = found.said.paused_days + clock.stood(found.said.paused_on, unit.day)
        said = found.said._replace(paused_days=stood)
        due = _due(rules, Applied(found.case, said), "submitted")
        moved = _step(
            desk, unit, found, "answer", "case.answer", papers=given, paused_on=None,
            paused_days=stood, due_on=due,
        )  # fmt: skip
        papers.start(desk, unit, moved, rules)

    return _write(desk, "case.answer", found, work)


def withdraw(desk: Desk, case_no: str, reason: str) -> Entry:
    """Ends an application because the family wants it no longer; the reason is a code."""
    found = _found(desk, case_no, "case.withdraw", "withdraw")
    if not reason:
        raise Refused(Problem("application.reason"))

    def work(unit: Unit) -> None:
        _step(desk, unit, found, "withdraw", "case.withdraw", reason=reason, due_on=None,
              paused_on=None)  # fmt: skip

    return _write(desk, "case.withdraw", found, work, reason=reason)


def asked_for(desk: Desk, found: Applied) -> list[str]:
    """The papers that the last return to the family named."""
    for each in cases.actions(desk.store, found.case.id):
        if each.action == "return" and each.target == "returned":
            return (each.papers or "").split(",") if each.papers else []
    return []


def unanswered(desk: Desk, found: Applied, given: Iterable[str] = ()) -> list[str]:
    """The papers that were asked for and are still not there."""
    held = {p.code for p in papers.of(desk, found) if p.holds}
    return [code for code in asked_for(desk, found) if code not in held | set(given)]


# --- what the steps have in common


def _found(desk: Desk, case_no: str, act: str, action: str) -> Applied:
    found = case_steps.find(desk, case_no, act)
    case_steps.target_of(found, action)
    return found


def _before(found: Applied, action: str) -> bool:
    """Whether it has to be accepted first; Refused state.no_move where neither may be done."""
    if move("case", found.case.state, action) is None and found.case.state == "submitted":
        return True
    case_steps.target_of(found, action)
    return False


def _accepted(desk: Desk, unit: Unit, found: Applied, first: bool, act: str) -> Applied:
    return _step(desk, unit, found, "accept", act) if first else found


def _step(desk: Desk, unit: Unit, found: Applied, action: str, act: str, **said: Any) -> Applied:
    duty = desk.require(act, found.case.office_id)
    return case_steps.step(desk, unit, found, action, duty=duty, **said)


def _write(desk: Desk, act: str, found: Applied, work: Any, *, reason: str = "") -> Entry:
    case = found.case
    return desk.write(act, case.office_id, work, object=case.case_no, reason=reason or None)[1]


def _due(rules: Programme, found: Applied, state: str) -> str | None:
    said = found.said
    due = clock.due(rules.decide, said.complete_on, state, paused_days=said.paused_days)
    return due.on if due else None


def _named(codes: Sequence[str], may_be_none: bool = False) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(codes))
    if not named and not may_be_none:
        raise Refused(Problem("application.no_papers"))
    for code in named:
        if code not in PAPERS:
            raise Refused(Problem("paper.unknown", {"value": code, "known": ", ".join(PAPERS)}))
    return named


def _ask_for(desk: Desk, unit: Unit, found: Applied, codes: Sequence[str]) -> None:
    """Papers that are asked for are missing from now on: what there was of them did not do."""
    papers.put(desk, unit, found, codes, "missing")


def _lacking(found: Applied, codes: Sequence[str]) -> Problem:
    facts = {"case": found.case.case_no, "papers": ", ".join(codes)}
    return Problem("application.papers", facts, field="papers")


def refuse_stopped(desk: Desk, found: Applied, rules: Programme) -> None:
    """Refused with each check that forbids to go on, its numbers and its citation."""
    checks = judging.stops(judging.all_checks(desk, found, desk.day))
    if checks:
        raise Refused([stopped(check, rules) for check in checks])


def stopped(check: Check, rules: Programme) -> Problem:
    """A check that forbids something, as a problem that cites where that stands written."""
    facts = {**check.params, "citation": check.citation or rules.citation}
    return Problem(f"application.{check.code.replace('.', '_')}", facts)
