"""What an applicant is told when an application comes back to them, in words they can keep."""

from __future__ import annotations

from collections.abc import Callable

from rcaid.domain.errors import Problem
from rcaid.domain.sentences import sentence
from rcaid.services import case_steps
from rcaid.services.applications import intake
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
