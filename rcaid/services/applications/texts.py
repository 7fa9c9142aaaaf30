"""What an applicant is told when an application comes back or is rejected, in words to keep."""

from __future__ import annotations

from collections.abc import Callable

from rcaid.db import cases
from rcaid.domain.deadlines import add_days
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.sentences import sentence
from rcaid.services import case_steps
from rcaid.services.applications import intake, judging
from rcaid.services.applications.deciding import APPEAL_DAYS
from rcaid.services.desk import Desk

Translate = Callable[[str], str]


def _english(text: str) -> str:
    return text


def paper_name(code: str, translate: Translate = _english) -> str:
    """What a paper is called."""
    return sentence(Problem(f"paper_name.{code.lower()}"), translate)


def return_text(desk: Desk, case_no: str, translate: Translate = _english) -> str:
    """The sentence for the family: what is still needed, and that the clock stands until then
    (BR-046). ``translate`` gives a text in their language."""
    found = case_steps.find(desk, case_no, "case.card")
    codes = intake.asked_for(desk, found)
    named = translate(", ").join(paper_name(code, translate) for code in codes)
    office = desk.offices.path(found.case.office_id)
    facts = {"case": found.case.case_no, "papers": named, "office": office}
    return sentence(Problem("applicant.return", facts), translate)


def rejection_text(desk: Desk, case_no: str, translate: Translate = _english) -> str:
    """The sentence for the applicant: why it was rejected, and until when they may appeal (BR-043).

    Refused state.no_move for an application that is not rejected.
    """
    found = case_steps.find(desk, case_no, "case.card")
    case, said = found
    refusals = ("reject", "uphold")
    last = next((a for a in cases.actions(desk.store, case.id) if a.action in refusals), None)
    if case.state != "rejected" or last is None:
        facts = {"noun": case.case_no, "state": case.state, "action": "reject"}
        raise Refused(Problem("state.no_move", facts))
    code = "objection" if last.action == "uphold" else last.reason
    reason = sentence(Problem(f"rejection.{code}"), translate)
    day = add_days(said.rejected_on or desk.day, APPEAL_DAYS)
    text = {
        "case": case.case_no, "office": desk.offices.district_of(case.office_id).name,
        "programme": judging.rules_of(desk, found).name, "reason": reason, "day": day,
    }  # fmt: skip
    kind = "rejection_last" if said.appealed_on else "rejection"
    return sentence(Problem(f"applicant.{kind}", text), translate)
