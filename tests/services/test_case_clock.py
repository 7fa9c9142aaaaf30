"""By when an application has to be decided: working days, pauses, the end of a year (BR-044)."""

from __future__ import annotations

import pytest

from rcaid.db import applications as rows
from rcaid.db import cases
from rcaid.db.tables import Application
from rcaid.domain.programmes import Decide
from rcaid.services.applications import clock, intake, papers
from tests.services.applying import (
    CASEWORKER,
    PAPERS,
    REVIEWER,
    VERIFIER,
    angel,
    applying,
    fire,
    submitted,
    verified,
)
from tests.services.conftest import Society

FIVE = Decide()  # 5 working days for the street, 5 for the district, 10 for the city, 20 in all


@pytest.mark.parametrize(
    ("complete", "state", "due"),
    [
        ("2022-03-07", "submitted", "2022-03-14"),
        ("2022-03-07", "verifying", "2022-03-14"),
        ("2022-03-07", "district_review", "2022-03-21"),
        ("2022-03-07", "approval", "2022-04-02"),  # a Saturday that is worked
        ("2022-12-28", "submitted", "2023-01-05"),  # New Year's Day is kept on 2 January
        ("2022-12-30", "district_review", "2023-01-16"),
        ("2023-01-18", "submitted", "2023-01-30"),  # Spring Festival, a weekend is worked
        ("2022-09-30", "submitted", "2022-10-12"),  # National Day; 8 and 9 October are worked
    ],
)
def test_br_044_working_days_run_from_complete_papers(complete: str, state: str, due: str) -> None:
    found = clock.due(FIVE, complete, state)
    assert found == clock.Due(due, provisional=False)


def test_br_044_from_2027_on_a_due_date_is_provisional() -> None:
    found = clock.due(FIVE, "2026-12-28", "submitted")
    assert found == clock.Due("2027-01-04", provisional=True)
    inside = clock.due(FIVE, "2026-12-14", "submitted")
    assert inside is not None and not inside.provisional


def test_br_044_the_total_is_never_passed_and_the_district_alone_needs_no_city() -> None:
    assert clock.workdays(FIVE, "approval") == 20
    assert clock.workdays(FIVE, "approval", "district") == 10
    assert clock.workdays(Decide(total_days=8), "approval") == 8
    assert clock.workdays(FIVE, "approved") is None
    assert clock.due(FIVE, None, "submitted") is None


def test_br_044_a_pause_moves_the_date_and_is_never_late() -> None:
    assert clock.due(FIVE, "2022-03-07", "submitted", paused_days=3) == clock.Due(
        "2022-03-17", provisional=False
    )
    assert clock.stood("2022-03-04", "2022-03-09") == 3
    assert clock.stood("2022-03-04", "2022-03-04") == clock.stood(None, "2022-03-04") == 0
    assert clock.overdue("2022-03-14", "2022-03-14") == 0
    assert clock.overdue("2022-03-14", "2022-03-16") == 2
    assert clock.overdue("2022-03-14", "2022-03-16", paused_on="2022-03-10") == 0
    assert clock.overdue(None, "2022-03-16") == 0


# --- in the store


@pytest.fixture
def open_society(society: Society) -> Society:
    return applying(society)


def said(society: Society, case_no: str) -> Application:
    case = cases.by_number(society.admin.store, case_no)
    assert case is not None
    found = rows.of_case(society.admin.store, case.id)
    assert found is not None
    return found.said


def test_br_044_the_clock_starts_when_the_last_paper_comes(open_society: Society) -> None:
    case_no = submitted(open_society, fire(papers=PAPERS["FIRE"][:-1]))
    assert said(open_society, case_no)[4:6] == (None, None)

    open_society.clock.set("2022-02-08")
    papers.mark(open_society.desk(CASEWORKER), case_no, PAPERS["FIRE"][-1], "copied")

    now = said(open_society, case_no)
    assert (now.complete_on, now.due_on) == ("2022-02-08", "2022-02-10")  # two days for a fire


def test_br_044_it_stands_while_the_family_answers_and_runs_on(open_society: Society) -> None:
    open_society.clock.set("2022-03-07")
    case_no = submitted(open_society, angel())
    assert said(open_society, case_no).due_on == "2022-03-14"

    open_society.clock.set("2022-03-09")
    intake.send_back(open_society.desk(VERIFIER), case_no, ["INVOICE"])
    assert said(open_society, case_no).paused_on == "2022-03-09"

    open_society.clock.set("2022-03-16")
    intake.answer(open_society.desk(CASEWORKER), case_no, ["INVOICE"])
    now = said(open_society, case_no)
    assert (now.paused_on, now.paused_days, now.due_on) == (None, 5, "2022-03-21")

    intake.verify(open_society.desk(VERIFIER), case_no)
    assert said(open_society, case_no).due_on == "2022-03-28"


def test_br_044_late_is_shown_and_decides_nothing(open_society: Society) -> None:
    open_society.clock.set("2022-03-07")
    case_no = verified(open_society, angel())
    open_society.clock.set("2022-06-01")

    now = said(open_society, case_no)
    assert clock.overdue(now.due_on, "2022-06-01") > 40
    case = cases.by_number(open_society.admin.store, case_no)
    assert case is not None and case.state == "district_review"


def test_br_044_back_from_the_district_the_street_has_its_days_again(open_society: Society) -> None:
    open_society.clock.set("2022-03-07")
    case_no = verified(open_society, angel())
    intake.send_back(open_society.desk(REVIEWER), case_no, reason="visit_again")
    now = said(open_society, case_no)
    assert (now.due_on, now.paused_on) == ("2022-03-14", None)
