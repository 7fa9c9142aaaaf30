"""Cards of single applications, what may be done to them, and what a form starts from."""

from __future__ import annotations

import pytest

from rcaid import data
from rcaid.domain.errors import Refused
from rcaid.domain.programme_file import read_all
from rcaid.services import application_cards, application_forms, audit
from rcaid.services.applications import deciding, intake
from tests.services.conftest import Society
from tests.tui.cases_office import open_programme, student, submitted


@pytest.fixture
def number(society: Society) -> str:
    """An application that was handed in."""
    open_programme(society, "STU")
    return submitted(society, 1, "学生一")


def test_a_card_is_recorded_masks_and_tells_opinions(society: Society, number: str) -> None:
    intake.verify(society.desk("jd-verifier"), number, opinion="住处已查")
    desk = society.desk("jd-reviewer")
    card = application_cards.card(desk, number)
    assert audit.log(society.desk("sh-auditor"), limit=1)[0].act == "case.card"
    assert card.identity.startswith("310***")
    assert card.account.startswith("***")
    assert [told.opinion for told in card.story if told.opinion] == ["住处已查"]
    assert [told.happened.act for told in card.story] == ["case.verify", "case.submit", "case.new"]


def test_a_return_names_its_papers_in_the_story(society: Society, number: str) -> None:
    intake.send_back(society.desk("jd-verifier"), number, ["BANK", "HARDSHIP"])
    found = application_cards.find(society.desk("jd-caseworker"), number)
    card = application_cards.read_card(society.desk("jd-caseworker"), found)
    assert card.story[0].papers == ("BANK", "HARDSHIP")


def test_br_040_acts_say_why_somebody_with_an_earlier_part_may_not(
    society: Society, number: str
) -> None:
    def acts(login: str) -> dict[str, str]:
        desk = society.desk(login)
        card = application_cards.read_card(desk, application_cards.find(desk, number))
        known = application_cards.acts(desk, card.found.case, card.parts)
        return {act: problem.code if problem else "" for act, problem in known.items()}

    assert acts("jd-verifier")["case.verify"] == ""
    assert acts("jd-verifier")["case.withdraw"] == "who.no_duty"
    assert acts("jd-caseworker")["case.withdraw"] == ""
    assert acts("jd-caseworker")["case.verify"] == "who.no_duty"
    assert "case.approve" not in acts("sh-approver")
    intake.verify(society.desk("jd-verifier"), number)
    deciding.propose(society.desk("jd-reviewer"), number, 500_000)
    assert acts("sh-approver")["case.approve"] == ""
    assert acts("jd-verifier")["case.approve"] == "who.no_duty"


def test_a_number_means_one_paper_whether_somebody_is_of_age_or_not() -> None:
    rules = read_all(data.text("programmes/student.toml")).rules
    assert rules is not None
    grown = application_cards.numbers(rules, "illness", False)
    minor = application_cards.numbers(rules, "illness", True)
    assert minor[: len(grown)] == grown
    assert minor[len(grown) :] == ("GUARD_ID", "GUARD_REL")


def test_the_queue_is_what_is_due_first_and_not_for_those_who_enter(
    society: Society, number: str
) -> None:
    later = submitted(society, 2, "学生二", papers=("ID",))
    queue = application_cards.to_verify(society.desk("jd-verifier"))
    assert [found.case.case_no for found, _ in queue] == [later, number]
    assert [name for _, name in queue] == ["学生二", "学生一"]
    with pytest.raises(Refused):
        application_cards.to_verify(society.desk("jd-caseworker"))


def test_what_is_on_record_is_masked_and_only_for_ones_own_offices(
    society: Society, number: str
) -> None:
    wanted = student(1, "学生一")
    desk = society.desk("jd-street")
    owner = application_forms.owner_of(desk, wanted.number)
    record = application_forms.on_record(desk, owner)
    assert record["name"] == "学生一"
    assert record["street"] == wanted.street
    assert wanted.phone not in record.values()
    assert application_forms.account_on_record(desk, owner)[0] == wanted.account
    stranger = society.desk("pd-caseworker")
    assert set(application_forms.on_record(stranger, owner)) == {"name"}
    assert application_forms.account_on_record(stranger, owner) == ("", "")
    assert application_forms.owner_of(desk, "31019") == ""


def test_only_open_programmes_that_take_single_applications_are_offered(society: Society) -> None:
    desk = society.desk("jd-street")
    assert application_forms.open_programmes(desk) == []
    open_programme(society, "STU")
    (only,) = application_forms.open_programmes(desk)
    assert (only.rules.code, only.cycle) == ("STU", "22S")
