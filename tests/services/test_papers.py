"""Papers of an application: the checklist, returns that name them, answers, waivers, consents."""

from __future__ import annotations

from functools import partial

import pytest

from rcaid.db import cases
from rcaid.domain.consents import sha256, texts
from rcaid.locale import in_language
from rcaid.services.applications import consents, intake, papers
from rcaid.services.applications import texts as told
from tests.services.applying import (
    CASEWORKER,
    REVIEWER,
    VERIFIER,
    angel,
    applying,
    fire,
    made,
    submitted,
    verified,
)
from tests.services.conftest import DAY, Society
from tests.services.writing import refused


@pytest.fixture
def open_society(society: Society) -> Society:
    return applying(society)


def states(society: Society, case_no: str) -> dict[str, str]:
    return {p.code: p.state for p in papers.checklist(society.desk(VERIFIER), case_no)}


def state(society: Society, case_no: str) -> str:
    case = cases.by_number(society.admin.store, case_no)
    assert case is not None
    return case.state


def test_the_checklist_is_what_the_rules_ask_for_by_category_and_age(open_society: Society) -> None:
    burns = made(open_society, fire(category="burns", papers=("ID", "DIAG", "PROXY")))
    assert states(open_society, burns) == {
        "ID": "seen", "HUKOU": "missing", "BANK": "missing", "DISASTER": "missing",
        "CONSENT": "missing", "DIAG": "seen", "INVOICE": "missing", "PROXY": "seen",
    }  # fmt: skip
    child = fire(3, "赵小", number=angel(3).number, guardian="赵父", papers=())
    listed = papers.checklist(open_society.desk(VERIFIER), made(open_society, child))
    assert {"GUARD_ID", "GUARD_REL"} <= {p.code for p in listed if p.needed}


def test_a_paper_says_who_saw_it_when_and_until_when_it_holds(open_society: Society) -> None:
    case_no = made(open_society, fire(papers=()))
    papers.mark(
        open_society.desk(VERIFIER), case_no, "DISASTER", "copied", expires_on="2022-12-31",
        sha256="a" * 64, pages=2,
    )  # fmt: skip
    [paper] = [
        p for p in papers.checklist(open_society.desk(CASEWORKER), case_no) if p.code == "DISASTER"
    ]
    assert (paper.state, paper.seen_by, paper.seen_on, paper.pages) == ("copied", VERIFIER, DAY, 2)
    assert (paper.expires_on, paper.sha256, paper.holds) == ("2022-12-31", "a" * 64, True)


def test_br_029_a_paper_that_ran_out_is_no_evidence(open_society: Society) -> None:
    case_no = submitted(open_society, fire())
    papers.mark(open_society.desk(CASEWORKER), case_no, "DISASTER", "seen", expires_on="2022-02-10")
    open_society.clock.set("2022-02-11")
    with refused("application.papers"):
        intake.verify(open_society.desk(VERIFIER), case_no)


def test_what_is_no_paper_no_state_or_no_waiver_is_refused(open_society: Society) -> None:
    case_no = made(open_society, fire())
    mark = partial(papers.mark, open_society.desk(CASEWORKER), case_no)
    with refused("paper.unknown"):
        mark("PASSPORT", "seen")
    with refused("paper.state"):
        mark("ID", "lost")
    with refused("paper.day"):
        mark("ID", "seen", expires_on="2022-2-1")
    with refused("paper.sha256"):
        mark("ID", "seen", sha256="xyz")
    with refused("paper.pages"):
        mark("ID", "seen", pages=0)
    with refused("who.no_duty"):
        mark("HUKOU", "waived", reason="known_to_us")
    with refused("paper.waiver"):
        papers.mark(open_society.desk(VERIFIER), case_no, "HUKOU", "waived")


def test_a_waived_paper_is_missing_no_more(open_society: Society) -> None:
    case_no = submitted(open_society, fire(papers=("ID", "BANK", "DISASTER", "CONSENT")))
    with refused("application.papers"):
        intake.verify(open_society.desk(VERIFIER), case_no)
    papers.mark(open_society.desk(VERIFIER), case_no, "HUKOU", "waived", reason="burnt")
    intake.verify(open_society.desk(VERIFIER), case_no)
    assert state(open_society, case_no) == "district_review"
    [paper] = [
        p for p in papers.checklist(open_society.desk(REVIEWER), case_no) if p.code == "HUKOU"
    ]
    assert (paper.state, paper.reason, paper.seen_by) == ("waived", "burnt", VERIFIER)


def test_br_046_a_return_names_papers_and_each_has_to_be_answered(open_society: Society) -> None:
    case_no = submitted(open_society, fire())
    with refused("application.no_papers"):
        intake.send_back(open_society.desk(VERIFIER), case_no)
    with refused("paper.unknown"):
        intake.send_back(open_society.desk(VERIFIER), case_no, ["PASSPORT"])
    intake.send_back(open_society.desk(VERIFIER), case_no, ["BANK", "DISASTER"], opinion="章不清楚")
    assert state(open_society, case_no) == "returned"
    assert states(open_society, case_no)["BANK"] == "missing"

    desk = open_society.desk(CASEWORKER)
    with refused("application.unanswered"):
        intake.answer(desk, case_no, ["BANK"])
    papers.mark(desk, case_no, "DISASTER", "copied")
    intake.answer(desk, case_no, ["BANK"])

    assert state(open_society, case_no) == "submitted"
    assert states(open_society, case_no)["BANK"] == "seen"
    intake.verify(open_society.desk(VERIFIER), case_no)


def test_br_046_the_family_is_told_in_both_languages_what_is_missing(
    open_society: Society,
) -> None:
    case_no = submitted(open_society, fire())
    intake.send_back(open_society.desk(VERIFIER), case_no, ["BANK", "DISASTER"])
    desk = open_society.desk(CASEWORKER)

    english = told.return_text(desk, case_no)
    chinese = told.return_text(desk, case_no, partial(in_language, "zh_CN"))

    assert case_no in english and "bank card or passbook, certificate of the disaster" in english
    assert "银行卡或存折、灾害证明" in chinese and "王" not in chinese


def test_papers_stop_coming_in_once_it_is_decided(open_society: Society) -> None:
    case_no = verified(open_society, fire())
    papers.mark(open_society.desk(CASEWORKER), case_no, "PROXY", "seen")
    second = made(open_society, fire(3, "赵强"))
    intake.withdraw(open_society.desk(CASEWORKER), second, "family_asks")
    with refused("application.closed"):
        papers.mark(open_society.desk(CASEWORKER), second, "ID", "seen")


# --- consents


def test_a_consent_keeps_the_version_and_the_hash_of_its_text(open_society: Society) -> None:
    case_no = made(open_society, fire(consents=("processing", "publication")))
    case = cases.by_number(open_society.admin.store, case_no)
    assert case is not None
    desk = open_society.desk(CASEWORKER)
    given = consents.listing(desk, case.person_id)

    assert [(c.kind, c.text_version) for c in given] == [
        ("processing", "2022-1"), ("publication", "2022-1"),
    ]  # fmt: skip
    for each in given:
        assert each.text_sha256 == sha256(texts()[each.kind].text)
        assert (each.given_on, each.withdrawn_on, each.given_by) == (DAY, None, "self")


def test_br_100_a_consent_that_was_taken_back_is_in_force_no_more(open_society: Society) -> None:
    case_no = made(open_society, fire())
    case = cases.by_number(open_society.admin.store, case_no)
    assert case is not None
    desk, person = open_society.desk(CASEWORKER), case.person_id
    assert consents.in_force(desk, person) == {"processing", "sensitive", "publication"}

    consents.withdraw(desk, person, "publication")

    assert consents.in_force(desk, person) == {"processing", "sensitive"}
    with refused("consent.none"):
        consents.withdraw(desk, person, "publication")
    with refused("consent.given"):
        consents.give(desk, person, "sensitive")
    with refused("consent.unknown"):
        consents.give(desk, person, "photo")
    with refused("consent.method"):
        consents.give(desk, person, "contact", method="nod")
    consents.give(desk, person, "publication", method="thumbprint")
    assert len(consents.listing(desk, person)) == 4
