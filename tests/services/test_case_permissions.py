"""Who may do what to an application, tried step by step: every duty, its own office and another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rcaid.db import cases
from rcaid.domain.duties import DUTIES
from rcaid.domain.errors import Refused
from rcaid.services.applications import consents, editing, intake, new, papers
from rcaid.services.desk import Desk
from tests.services.applying import VERIFIER, applying, fire, made, submitted, verified
from tests.services.conftest import JD, JD_STREETS, PD, Society
from tests.services.writing import newcomer, refused


def drafted(society: Society) -> str:
    return made(society, fire())


def handed_in(society: Society) -> str:
    return submitted(society, fire())


def sent_back(society: Society) -> str:
    case_no = submitted(society, fire())
    intake.send_back(society.desk(VERIFIER), case_no, ["BANK"])
    return case_no


def at_the_district(society: Society) -> str:
    return verified(society, fire())


def person_of(desk: Desk, case_no: str) -> str:
    case = cases.by_number(desk.store, case_no)
    assert case is not None
    return case.person_id


# act, who may, what has to be there, the act itself
STEPS: dict[str, tuple[tuple[str, ...], Callable[[Society], str], Callable[[Desk, str], Any]]] = {
    "new": (("caseworker",), drafted, lambda d, no: new.create(d, fire(3, "赵强"))),
    "preview": (("caseworker",), drafted, lambda d, no: new.preview(d, fire(3, "赵强"))),
    "edit": (("caseworker",), drafted, lambda d, no: editing.edit(d, no, {"need": "x"})),
    "submit": (("caseworker",), drafted, intake.submit),
    "paper": (
        ("caseworker", "verifier"), drafted, lambda d, no: papers.mark(d, no, "ID", "copied"),
    ),
    "waive": (
        ("verifier", "reviewer"), handed_in,
        lambda d, no: papers.mark(d, no, "ID", "waived", reason="burnt"),
    ),
    "accept": (("verifier",), handed_in, intake.accept),
    "verify": (("verifier",), handed_in, intake.verify),
    "return": (("verifier", "reviewer"), handed_in, lambda d, no: intake.send_back(d, no, ["ID"])),
    "send back": (
        ("verifier", "reviewer"), at_the_district,
        lambda d, no: intake.send_back(d, no, reason="again"),
    ),
    "answer": (("caseworker",), sent_back, lambda d, no: intake.answer(d, no, ["BANK"])),
    "withdraw": (("caseworker",), handed_in, lambda d, no: intake.withdraw(d, no, "family_asks")),
    "consent": (
        ("caseworker",), drafted, lambda d, no: consents.give(d, person_of(d, no), "contact"),
    ),
    "take back": (
        ("caseworker",), drafted,
        lambda d, no: consents.withdraw(d, person_of(d, no), "publication"),
    ),
}  # fmt: skip
NOT_ELSEWHERE = ("office.unknown", "who.no_duty")


@pytest.mark.parametrize("act", STEPS)
def test_a_step_needs_its_duty_for_the_office_of_the_case(society: Society, act: str) -> None:
    may, begin, do = STEPS[act]
    case_no = begin(applying(society))
    for duty in DUTIES:
        if duty in may:
            continue
        with refused("who.no_duty"):
            do(newcomer(society, f"only-{duty}", duty), case_no)
    for office in (PD, JD_STREETS[1]):
        beside = newcomer(society, f"at-{office}", may[0], office=office)
        if act == "preview":
            assert {p.code for p in new.preview(beside, fire(3)).problems} == {"office.unknown"}
            continue
        with pytest.raises(Refused) as caught:
            do(beside, case_no)
        assert {p.code for p in caught.value.problems} <= set(NOT_ELSEWHERE)
    do(newcomer(society, "may", may[0], office=JD), case_no)
