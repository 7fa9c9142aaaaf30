"""Deciding on single applications: amounts by rule, many at once through the review, and no."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rcaid.db import cases
from rcaid.screens.review import ReviewScreen
from rcaid.services.applications import deciding, intake
from tests.services.conftest import Society
from tests.tui.cases_office import office, submitted
from tests.tui.drive import message, press, running, shown
from tests.tui.test_case_queue import session, state_of

_HAN = "甲乙丙丁戊己庚辛壬癸子丑"


@pytest.fixture
def society(new_url: Callable[..., str], tmp_path: Path) -> Iterator[Society]:
    made = office(new_url, tmp_path)
    yield made
    made.admin.store.close()


def proposed(society: Society, n: int, **changes: object) -> str:
    """The number of a case that waits for approval."""
    number = submitted(society, n, f"学生{_HAN[n - 1]}", **changes)
    intake.verify(society.desk("jd-verifier"), number)
    deciding.propose(society.desk("jd-reviewer"), number, 500_000)
    return number


async def test_from_ten_cases_on_the_count_is_typed_and_warnings_stay_behind(
    society: Society,
) -> None:
    clean = [proposed(society, n) for n in range(1, 12)]
    warned = proposed(society, 12, hardship_until="2022-02-20")
    async with running(session(society, "sh-approver")) as app:
        await press(app, "enter * a")
        review = app.screen
        assert isinstance(review, ReviewScreen)
        assert (review.will.n, review.review.counted) == (11, True)
        assert [item.id for item in review.review.exceptions] != []
        assert warned in shown(app)
        await press(app, "y enter")
        assert app.screen is review
        await press(app, '"11" enter')
        assert message(app).startswith("11 approved, 55,000.00; 1 stayed behind")
    assert {state_of(society, number) for number in clean} == {"approved"}
    assert state_of(society, warned) == "approval"


async def test_a_doubtful_case_is_put_in_with_a_reason(society: Society) -> None:
    proposed(society, 1)
    warned = proposed(society, 2, hardship_until="2022-02-20")
    async with running(session(society, "sh-approver"), (120, 40)) as app:
        await press(app, "enter * a space 1 y")
        assert message(app).startswith("2 approved")
    assert state_of(society, warned) == "approved"


async def test_br_040_who_had_an_earlier_part_sees_why_the_case_stays_behind(
    society: Society,
) -> None:
    from rcaid.services import staff

    staff.grant(society.admin, "jd-verifier", "approver", "310000")
    society._desks.clear()
    number = proposed(society, 1)
    async with running(session(society, "jd-verifier")) as app:
        await press(app, "f4 a")
        assert "BR-040" in shown(app)
        await press(app, "escape")
    assert state_of(society, number) == "approval"


async def test_the_district_sends_a_case_back_with_a_reason(society: Society) -> None:
    number = submitted(society, 1, "学生甲")
    intake.verify(society.desk("jd-verifier"), number)
    async with running(session(society, "jd-reviewer")) as app:
        await press(app, "f4 r")
        assert "1 what was found is not clear" in shown(app)
        await press(app, "1")
        assert message(app).startswith(f"{number} returned")
    assert state_of(society, number) == "verifying"


async def test_a_case_is_suspended_and_goes_on_from_more(society: Society) -> None:
    number = submitted(society, 1, "学生甲")
    async with running(session(society, "jd-reviewer")) as app:
        await press(app, "f4 m 4 1")
        assert message(app).startswith(f"{number} suspended")
        assert state_of(society, number) == "suspended"
        await press(app, "m 4")
        assert message(app).startswith(f"{number} goes on")
    assert state_of(society, number) == "submitted"


async def test_a_rejected_case_is_appealed_once(society: Society) -> None:
    number = submitted(society, 1, "学生甲")
    intake.accept(society.desk("jd-verifier"), number)
    deciding.reject(society.desk("jd-verifier"), number, "untrue")
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, 'f4 m 5 "new_papers" enter')
        assert message(app).startswith(f"{number} is looked at again")
    found = cases.by_number(society.admin.store, number)
    assert found is not None
    assert found.state == "district_review"


async def test_a_wrong_amount_is_said_in_the_strip_and_changes_nothing(society: Society) -> None:
    number = submitted(society, 1, "学生甲")
    intake.verify(society.desk("jd-verifier"), number)
    async with running(session(society, "jd-reviewer")) as app:
        await press(app, 'f4 y "3e5" enter')
        assert "✗" in shown(app)
        assert state_of(society, number) == "district_review"
        await press(app, 'backspace backspace backspace "9000" enter')
        assert "Refused" in message(app)
    assert state_of(society, number) == "district_review"
