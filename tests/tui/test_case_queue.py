"""The verify queue: what waits is checked one after another, by somebody who did not enter it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rcaid.db import applications, cases
from rcaid.db.tables import Application
from rcaid.screens.case_queue import QueueCard
from rcaid.screens.change_case import ChangeCase
from rcaid.screens.desk import DeskSession
from rcaid.services.applications import intake, new
from tests.services.conftest import Society
from tests.tui.cases_office import office, submitted
from tests.tui.drive import lines, message, press, running, shown


@pytest.fixture
def society(new_url: Callable[..., str], tmp_path: Path) -> Iterator[Society]:
    made = office(new_url, tmp_path)
    yield made
    made.admin.store.close()


def state_of(society: Society, case_no: str) -> str:
    found = cases.by_number(society.admin.store, case_no)
    assert found is not None
    return found.state


def said_of(society: Society, case_no: str) -> Application:
    found = cases.by_number(society.admin.store, case_no)
    applied = applications.of_case(society.admin.store, found.id if found else "")
    assert applied is not None
    return applied.said


def session(society: Society, login: str) -> DeskSession:
    return DeskSession(society.desk(login))


async def test_the_queue_passes_returns_and_goes_on_by_itself(society: Society) -> None:
    numbers = [submitted(society, n, f"学生{'一二三'[n - 1]}") for n in (1, 2, 3)]
    async with running(session(society, "jd-verifier")) as app:
        await press(app, "v")
        assert isinstance(app.screen, QueueCard)
        assert numbers[0] in lines(app)[1]
        assert "1 of 3" in lines(app)[1]
        await press(app, "y")
        assert message(app).startswith(f"{numbers[0]} passed")
        assert numbers[1] in lines(app)[1]
        await press(app, "r 4 enter")
        assert message(app).startswith(f"{numbers[1]} returned: hardship")
        assert numbers[2] in lines(app)[1]
        await press(app, "y")
        assert app.here == "today"
        assert "the queue is empty" in message(app)
    assert [state_of(society, n) for n in numbers] == [
        "district_review", "returned", "district_review",
    ]  # fmt: skip


async def test_a_burst_through_the_queue_ends_as_slow_hands_do(society: Society) -> None:
    numbers = [submitted(society, n, f"学生{'一二三'[n - 1]}") for n in (1, 2, 3)]
    async with running(session(society, "jd-verifier"), (120, 40)) as app:
        await press(app, "v y r 4 enter y")
        assert app.here == "today"
    assert [state_of(society, n) for n in numbers] == [
        "district_review", "returned", "district_review",
    ]  # fmt: skip


async def test_a_case_with_a_warning_asks_for_a_line_of_opinion(society: Society) -> None:
    number = submitted(society, 1, "学生一", hardship_until="2022-02-20")
    async with running(session(society, "jd-verifier")) as app:
        await press(app, "v")
        assert "y asks for one line of opinion" in shown(app)
        await press(app, 'y "renewal_seen" enter')
        assert app.here == "today"
    assert state_of(society, number) == "district_review"


async def test_br_040_the_queue_leaves_out_what_one_entered(society: Society) -> None:
    from rcaid.services import staff

    staff.grant(society.admin, "jd-caseworker", "verifier", "310114")
    own = submitted(society, 1, "学生一")
    other = submitted(society, 2, "学生二", login="jd-street")
    society._desks.clear()
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, "v")
        assert other in lines(app)[1]
        assert "1 of 1" in lines(app)[1]
        await press(app, "escape f4")
        assert own in shown(app)
        await press(app, "y")
        assert "BR-040" in message(app) or "earlier part" in message(app)
    assert state_of(society, own) == "submitted"


async def test_br_047_somebody_elses_change_is_shown_field_by_field(society: Society) -> None:
    number = submitted(society, 1, "学生一")
    async with running(session(society, "jd-verifier")) as app:
        await press(app, "f4 enter")
        intake.send_back(society.desk("jd-verifier"), number, ["HARDSHIP"])
        await press(app, "y")
        text = shown(app)
        assert "changed this meanwhile" in text
        assert "now returned" in text
        assert "BR-047" in message(app)
    assert state_of(society, number) == "returned"


async def test_the_family_answers_and_the_case_waits_again(society: Society) -> None:
    number = submitted(society, 1, "学生一")
    intake.send_back(society.desk("jd-verifier"), number, ["HARDSHIP"])
    async with running(session(society, "jd-caseworker")) as app:
        assert "Returned to the family" in shown(app)
        await press(app, "enter")
        assert number in shown(app)
        assert "y Answer" in lines(app)[-1]
        await press(app, "y 4 enter")
        assert message(app).startswith(f"{number} answered")
    assert state_of(society, number) == "submitted"
    async with running(session(society, "jd-verifier")) as app:
        assert "Answered by the family" in shown(app)


async def test_papers_are_marked_by_their_numbers(society: Society) -> None:
    number = submitted(society, 1, "学生一", papers=("ID", "STUDENT"))
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, "f4 d")
        assert "✓1 ID card" in shown(app)
        assert "□4 hardship" in shown(app)
        await press(app, "4 enter")
        assert message(app).startswith(f"{number}: hardship paper seen")
        await press(app, "enter G")
        assert "✓ 4" in shown(app)


async def test_district_and_approval_through_the_review(society: Society) -> None:
    numbers = [submitted(society, n, f"学生{'一二'[n - 1]}") for n in (1, 2)]
    for number in numbers:
        intake.verify(society.desk("jd-verifier"), number)
    async with running(session(society, "jd-reviewer")) as app:
        assert "Cases to propose" in shown(app)
        await press(app, "enter y")
        assert "by rule 5,000.00" in shown(app)
        await press(app, "enter")
        assert message(app).startswith(f"{numbers[0]} proposed")
        await press(app, 'y "3000" enter')
    async with running(session(society, "sh-approver")) as app:
        assert "Cases to approve" in shown(app)
        await press(app, "enter * a")
        assert app.screen.review.title == "Approve cases"  # type: ignore[attr-defined]
        await press(app, "y")
        assert "approved" in message(app)
    assert [state_of(society, n) for n in numbers] == ["approved", "approved"]


async def test_a_rejection_names_its_reason_by_digit(society: Society) -> None:
    number = submitted(society, 1, "学生一")
    async with running(session(society, "jd-verifier")) as app:
        await press(app, "v y")
    async with running(session(society, "jd-reviewer")) as app:
        await press(app, "f4 x")
        assert "01 the programme does not help in such a case" in shown(app)
        await press(app, "0 5")
        assert message(app).startswith(f"{number} rejected")
    assert state_of(society, number) == "rejected"


async def test_a_verifier_rejects_what_is_only_submitted(society: Society) -> None:
    number = submitted(society, 1, "学生一")
    async with running(session(society, "jd-verifier")) as app:
        await press(app, "v x 0 7")
        assert "rejected" in message(app)
    assert state_of(society, number) == "rejected"


async def test_more_greys_what_may_not_be_done_with_its_reason(society: Society) -> None:
    submitted(society, 1, "学生一")
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, "f4 m")
        text = shown(app)
        assert "3  Withdraw" in text or "3 Withdraw" in text
        assert "needs the duty" in text
        await press(app, "3 1")
        assert "withdrawn" in message(app)


async def test_a_returned_case_is_changed_in_the_form(society: Society) -> None:
    number = submitted(society, 1, "学生一")
    intake.send_back(society.desk("jd-verifier"), number, ["HARDSHIP"])
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, "f4 m 1")
        assert isinstance(app.screen, ChangeCase)
        assert "15,000.00" in shown(app)
        await press(app, 'down down down ctrl+u "18000" ctrl+s')
        assert message(app).startswith(f"{number} changed")
    assert said_of(society, number).out_of_pocket_fen == 1_800_000


async def test_br_047_two_changes_at_once_are_shown_side_by_side_and_nothing_is_lost(
    society: Society,
) -> None:
    number = submitted(society, 1, "学生一")
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, "f4 m 1")
        new.edit(society.desk("jd-street"), number, {"out_of_pocket_fen": 1_700_000})
        await press(app, 'down down down ctrl+u "18000" ctrl+s')
        text = shown(app)
        assert "changed meanwhile" in text
        assert "paid oneself" in text
        assert "you" in text
        assert "now" in text
        assert said_of(society, number).out_of_pocket_fen == 1_700_000
        await press(app, "escape ctrl+s")
        assert message(app).startswith(f"{number} changed")
    assert said_of(society, number).out_of_pocket_fen == 1_800_000
