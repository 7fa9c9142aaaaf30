"""Public notices in the place of aid, pressed key by key on a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from rcaid import locale
from rcaid.db import cases
from rcaid.screens.app import RcaidApp
from rcaid.services import notices, staff
from rcaid.services.notices import core
from tests.services.conftest import Society, make_society
from tests.services.on_notice import CYCLE, PHONE, with_cases
from tests.tui.drive import lines, message, press, running, shown
from tests.tui.office import session

SIZES = [(80, 24), (120, 40)]
NAMES = ("王小明", "王大明", "李雷")
N1, N2 = "22F-N-001", "22F-N-002"


@pytest.fixture
def society(new_url: Callable[..., str], tmp_path: Path) -> Iterator[Society]:
    """Three approved cases in a street, on no notice yet."""
    made = make_society(new_url("sqlite"), tmp_path)
    with_cases(made, *NAMES)
    yield made
    made.admin.store.close()


def state(society: Society, number: str = N1) -> str:
    """How far a notice is."""
    return core.find(society.admin, number).state


def case_states(society: Society) -> list[str]:
    """The states of the cases, by number."""
    found = [cases.by_number(society.admin.store, f"22F-JD-0000{n}") for n in (1, 2, 3)]
    return [each.state for each in found if each is not None]


def up(society: Society) -> None:
    """The notice of the three is up."""
    officer = society.desk("sh-notice")
    made, _ = notices.draft(officer, CYCLE, phone=PHONE)
    notices.publish(officer, made.number)


def words(app: RcaidApp) -> str:
    """What stands on the screen, without its spaces."""
    return " ".join(shown(app).split())


def text_on(app: RcaidApp) -> list[str]:
    """The lines of the screen without the blanks around them."""
    return [line.strip() for line in lines(app)]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", SIZES)
async def test_list_card_strips_and_reviews_fit_their_lines(
    society: Society, size: tuple[int, int], language: str
) -> None:
    up(society)
    with_cases(society, "赵敏", "阿依古丽·买买提", born="2010-01-01")
    notices.object(society.desk("sh-notice"), N1, 2, "他家没有着火" * 12, "邻居")
    locale.set_language(language)
    async with running(session(society, "sh-notice"), size) as app:
        for keys in ("f6", "n", "enter", "p", "escape escape m", "escape e", "escape enter", "m"):
            await press(app, keys)
            assert all(cell_len(line) == size[0] for line in lines(app)), keys


@pytest.mark.parametrize("slowly", [False, True])
async def test_put_up_from_anywhere_in_six_keys_with_a_telephone_known(
    society: Society, slowly: bool
) -> None:
    officer = society.desk("sh-notice")
    notices.draft(officer, CYCLE, phone=PHONE)
    notices.cancel(officer, N1)
    async with running(session(society, "sh-notice")) as app:
        await press(app, 'f6 4 n enter p "3" enter', slowly=slowly)
        assert message(app).startswith(f"{N2} is public until 2022-02-09: 3 lines")
    assert state(society, N2) == "published"
    assert case_states(society) == ["on_notice"] * 3


async def test_the_first_notice_of_an_office_asks_for_a_telephone(society: Society) -> None:
    async with running(session(society, "sh-notice")) as app:
        await press(app, "f6 n 1")
        assert "telephone for objections" in shown(app)
        await press(app, f'"{PHONE}" enter')
        assert PHONE in shown(app)
        await press(app, 'p "3" enter')
        assert "is public until" in message(app)
    assert core.find(society.admin, N1).phone == PHONE


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", SIZES)
async def test_the_card_is_the_public_text_itself(
    society: Society, size: tuple[int, int], language: str
) -> None:
    notices.draft(society.desk("sh-notice"), CYCLE, phone=PHONE)
    locale.set_language(language)
    async with running(session(society, "sh-notice"), size) as app:
        await press(app, "f6 4 enter")
        public = notices.shown(society.desk("sh-notice"), N1).text
        seen = text_on(app)
        for line in public.splitlines():
            assert line.strip() in seen, line
        assert "王*明(1)" in public and "王小明" not in shown(app)


async def test_only_the_count_that_was_typed_goes_up(society: Society) -> None:
    notices.draft(society.desk("sh-notice"), CYCLE, phone=PHONE)
    async with running(session(society, "sh-notice")) as app:
        await press(app, "f6 p y")
        assert "the count and Enter do it here" in message(app)
        await press(app, "2 enter")
        assert "type the count 3 first" in message(app)
        said = words(app)
        assert "will be public 3 9,000.00" in said
        assert "3 working days" in said and "to 2022-02-09" in said and PHONE in said
        assert state(society) == "draft"
        await press(app, "backspace 3 enter")
    assert state(society) == "published"


@pytest.mark.parametrize("slowly", [False, True])
async def test_on_the_last_day_today_shows_it_and_y_closes(society: Society, slowly: bool) -> None:
    up(society)
    async with running(session(society, "sh-notice")) as app:
        await press(app, "f6 enter y")
        assert "stands until 2022-02-09" in message(app) and "BR-050" in message(app)
    society.clock.set("2022-02-09")
    async with running(session(society, "sh-notice")) as app:
        assert f"Notice to close {N1} 3 9,000.00" in words(app)
        await press(app, "enter y", slowly=slowly)
        assert message(app).startswith(f"{N1}: 3 cleared, 0 left")
    assert state(society) == "closed"
    assert case_states(society) == ["cleared"] * 3


async def test_br_054_an_objection_is_entered_read_and_decided_by_another(
    society: Society,
) -> None:
    up(society)
    async with running(session(society, "sh-notice")) as app:
        await press(app, "f6 m")
        entry = next(line for line in lines(app) if "Enter an objection" in line)
        digit = entry[entry.index("Enter an objection") - 2]
        await press(app, f'{digit} "2" enter "他家没有着火" enter "邻居" enter')
        assert "objection to line 2" in message(app)
        await press(app, "e")
        assert "他家没有着火" in shown(app) and "邻居" in shown(app)
    assert case_states(society) == ["on_notice", "objected", "on_notice"]
    async with running(session(society, "jd-reviewer")) as app:
        assert "Objections to decide" in shown(app)


async def test_a_reviewer_upholds_an_objection_for_a_reason_and_it_is_corrected(
    society: Society,
) -> None:
    up(society)
    notices.object(society.desk("sh-notice"), N1, 2, "x")
    async with running(session(society, "sh-reviewer")) as app:
        await press(app, "f6 4")
        assert "y Dismiss an objection" in shown(app) and "x Uphold an objection" in shown(app)
        await press(app, "x 1 enter")
        assert "22F-JD-00002 is rejected" in message(app)
    assert case_states(society) == ["on_notice", "rejected", "on_notice"]
    async with running(session(society, "sh-notice")) as app:
        await press(app, "f6 m")
        entry = next(line for line in lines(app) if "Publish a correction" in line)
        digit = entry[entry.index("Publish a correction") - 2]
        await press(app, f"{digit}")
        said = words(app)
        assert "will be public 2 6,000.00" in said and "an objection was upheld" in said
        await press(app, '"2" enter')
        assert message(app).startswith(f"{N2} is public and corrects {N1}")
    assert (state(society, N1), state(society, N2)) == ("corrected", "published")
    text = notices.shown(society.desk("sh-notice"), N2).text
    assert "经异议核查，有不符合条件的情形" in text


async def test_a_reviewer_of_the_district_dismisses_one_from_today(society: Society) -> None:
    up(society)
    notices.object(society.desk("sh-notice"), N1, 2, "x")
    async with running(session(society, "jd-reviewer")) as app:
        line = next(n for n, each in enumerate(lines(app)) if "Objections to decide" in each)
        await press(app, " ".join(["j"] * (line - 4)) + " enter y 4")
        assert "note" in shown(app)
        await press(app, '"查过" enter')
        assert "objection dismissed" in message(app)
    assert case_states(society) == ["on_notice"] * 3


async def test_who_took_an_objection_down_is_told_that_another_decides(society: Society) -> None:
    up(society)
    staff.grant(society.admin, "sh-notice", "reviewer", "310000")
    society._desks.pop("sh-notice")
    notices.object(society.desk("sh-notice"), N1, 2, "x")
    async with running(session(society, "sh-notice")) as app:
        await press(app, "f6 4 x")
        assert "BR-040" in message(app)
    assert case_states(society)[1] == "objected"


async def test_a_draft_is_cancelled_and_its_cases_wait_again(society: Society) -> None:
    notices.draft(society.desk("sh-notice"), CYCLE, phone=PHONE)
    async with running(session(society, "sh-notice")) as app:
        assert "Notice to publish" in shown(app)
        await press(app, "f6 x f2")
        assert "To put on a notice" in shown(app)
    assert state(society) == "cancelled"


@pytest.mark.parametrize(("key", "ending"), [("1", "html"), ("2", "csv"), ("3", "txt")])
async def test_a_notice_is_written_to_a_file_of_the_outbox(
    society: Society, key: str, ending: str
) -> None:
    up(society)
    async with running(session(society, "sh-notice")) as app:
        await press(app, f"f6 o {key}")
        assert f"{N1}.{ending} is in the outbox" in message(app)
    [path] = society.folder.glob(f"outbox/*/{N1}.{ending}")
    form = "text" if ending == "txt" else ending
    public = notices.shown(society.desk("sh-notice"), N1)
    assert path.read_bytes() == notices.as_file(public, form)


async def test_who_may_not_see_a_list_starts_at_one_they_may(society: Society) -> None:
    up(society)
    async with running(session(society, "sh-notice")) as app:
        await press(app, "f6")
        assert N1 in shown(app)
        await press(app, "1")
        assert "needs the duty" in message(app)
    async with running(session(society, "jd-keeper")) as app:
        await press(app, "f6 4")
        assert "needs the duty" in message(app)


async def test_publishing_is_grey_for_others(society: Society) -> None:
    notices.draft(society.desk("sh-notice"), CYCLE, phone=PHONE)
    async with running(session(society, "sh-reviewer")) as app:
        await press(app, "f6 4 p")
        assert "needs the duty notice officer" in message(app)
    assert state(society) == "draft"
