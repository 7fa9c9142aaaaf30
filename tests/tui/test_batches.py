"""Batches and pairs in the place of imports, pressed key by key on a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from rcaid import locale
from rcaid.screens.imports import Imports
from rcaid.services import rosters
from rcaid.services.importing import imports, inbox
from rcaid.services.same_person import pair_lists
from tests.services.conftest import Society
from tests.tui.drive import lines, message, press, running, shown
from tests.tui.office import office, session

SIZES = [(80, 24), (120, 40)]
BATCHES, PAIRS = "f7 2", "f7 3"


@pytest.fixture
def society(
    new_url: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Society]:
    monkeypatch.setenv(inbox.SETTING, str(tmp_path / "inbox"))
    made = office(new_url, tmp_path)
    yield made
    made.admin.store.close()


def states(society: Society) -> list[str]:
    """States of the batches, newest first."""
    return [batch.state for batch in imports.listing(society.desk("jd-reviewer"))]


def pair_states(society: Society) -> dict[str, str]:
    """States of what waits, by name."""
    found = pair_lists.page(society.desk("jd-reviewer"), "step:open,later,same,different,merged")
    assert isinstance(found, list)
    return {pair.left: pair.state for pair in found}


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", SIZES)
async def test_lists_cards_and_reviews_fit_their_lines(
    society: Society, size: tuple[int, int], language: str
) -> None:
    locale.set_language(language)
    async with running(session(society, "jd-reviewer"), size) as app:
        for keys in (BATCHES, "enter", "u", "m", "escape escape", "escape", PAIRS, "enter", "f1"):
            await press(app, keys)
            assert all(cell_len(line) == size[0] for line in lines(app)), keys
        assert "file2.csv" not in shown(app)


@pytest.mark.parametrize("slowly", [False, True])
async def test_a_card_says_what_became_of_a_file(society: Society, slowly: bool) -> None:
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, f"{BATCHES} enter", slowly=slowly)
        said = " ".join(shown(app).split())
        assert "read 6 new 3 with problems 2 to decide 1" in said
        assert "7 姓名 姓名 is empty" in said
        assert "金额 壹佰元整 壹佰元整 is not an amount; write it like 1000.00" in said
        await press(app, "end")
        assert "138****0003 139****2222" in " ".join(shown(app).split())


async def test_rows_that_were_not_taken_go_to_the_inbox(society: Society, tmp_path: Path) -> None:
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, f"{BATCHES} o")
        assert message(app) == "3 rows are in file2-rejects.csv, in the inbox"
        await press(app, "j o")
        assert "every row was taken" in message(app)
        await press(app, "1")
        assert "file2-rejects.csv" in shown(app)
    text = (tmp_path / "inbox" / "310114" / "file2-rejects.csv").read_text("utf-8-sig")
    assert len(text.splitlines()) == 4 and "壹佰元整" in text


@pytest.mark.parametrize("slowly", [False, True])
async def test_an_import_is_taken_back_through_its_review(society: Society, slowly: bool) -> None:
    async with running(session(society, "jd-reviewer")) as app:
        await press(app, f"{BATCHES} u", slowly=slowly)
        said = " ".join(shown(app).split())
        assert "will be taken back 3 1,500.00" in said
        assert "go: lines 3" in said and "as before: people 1" in said
        assert states(society) == ["applied", "applied"]
        await press(app, "enter")
        assert "y does it here" in message(app)
        await press(app, "m 1 enter y", slowly=slowly)
        assert message(app).startswith("3 of file2.csv taken back")
        assert states(society) == ["undone", "applied"]
        await press(app, "u")
        assert "not from this step" in message(app)
        await press(app, "enter")
        assert "it is the wrong file" in shown(app)


async def test_many_are_taken_back_by_their_count(society: Society) -> None:
    rows = [society.person(20 + n, f"王小{n}") for n in range(12)]
    society.take_in(society.write(rows), "roster", "jd-caseworker", "22B")
    async with running(session(society, "jd-reviewer")) as app:
        await press(app, f"{BATCHES} enter u y 1 1 enter")
        assert "type the count 12 first" in message(app)
        await press(app, "backspace 2 enter")
        assert "12 of file3.csv taken back" in message(app)
        assert "taken back" in lines(app)[1]


async def test_what_others_rest_on_is_named_and_an_empty_undo_refused(society: Society) -> None:
    for number in society.import_roster([society.person(20, "何平")], cycle="22B"):
        rosters.verify(society.desk("jd-verifier"), number)
    async with running(session(society, "jd-reviewer")) as app:
        await press(app, f"{BATCHES} u")
        assert "its roster is verified" in shown(app)
        assert "line 22B-JD-00004" in shown(app)
        await press(app, "y")
        assert "nothing would be done" in message(app)
        assert states(society)[0] == "applied"


async def test_taking_back_is_for_the_reviewer(society: Society) -> None:
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, f"{BATCHES} u")
        assert "needs the duty reviewer" in message(app)
        assert "Take back" not in lines(app)[-1]


@pytest.mark.parametrize("slowly", [False, True])
async def test_an_answer_goes_on_to_the_next_pair(society: Society, slowly: bool) -> None:
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, f"{PAIRS} enter", slowly=slowly)
        said = " ".join(shown(app).split())
        assert "on record, 22A-JD-00001" in said and "on record, 22B-JD-00001" in said
        assert "two different valid identity numbers -25" in said
        await press(app, "s", slowly=slowly)
        assert "row 5 of the file" in shown(app)
        assert message(app).startswith("王伟 and 王伟: the same person")
        await press(app, "2", slowly=slowly)
        assert isinstance(app.screen, Imports)
        assert message(app).startswith("赵敏 and 赵敏: different people")
    assert pair_states(society) == {"王伟": "same", "赵敏": "different"}


async def test_a_merge_is_taken_back_at_once_or_from_the_list(society: Society) -> None:
    async with running(session(society, "jd-reviewer")) as app:
        await press(app, f"{PAIRS} enter s")
        assert "are merged; u takes it back" in message(app)
        await press(app, "u")
        assert "two people again" in message(app) and "1 of 2" in shown(app)
        assert pair_states(society)["王伟"] == "open"
        await press(app, 's escape / "step:merged" enter')
        assert "merged" in lines(app)[4] and lines(app)[1].endswith(" 1 ")
        await press(app, "enter u")
        assert "two people again" in message(app)
    assert pair_states(society)["王伟"] == "open"


async def test_a_pair_that_is_not_mine_to_answer_says_whose_it_is(society: Society) -> None:
    async with running(session(society, "jd-reviewer")) as app:
        await press(app, f"{PAIRS} j enter l")
        assert "needs the duty caseworker" in message(app)
    assert pair_states(society)["赵敏"] == "open"


async def test_lines_of_today_open_the_lists_they_count(society: Society) -> None:
    async with running(session(society, "jd-caseworker")) as app:
        for text, n, there in (
            ("Rows that were not taken", "3", "file2.csv"),
            ("Possible duplicates", "2", "王伟"),
        ):
            await press(app, "f2 home")
            line = next(n for n, each in enumerate(lines(app)) if text in each)
            assert f" {n} " in lines(app)[line]
            await press(app, " ".join(["j"] * (line - 4)) + " enter")
            assert there in shown(app) and "file1.csv" not in shown(app), text
