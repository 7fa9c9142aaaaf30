"""Batches and transfers in the place of aid, pressed key by key on a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from rcaid import data, locale
from rcaid.screens.app import RcaidApp
from rcaid.services import batches, deaths, disasters, programmes, staff, transfers
from tests.services.conftest import JD, Society, make_society
from tests.tui.drive import lines, message, press, running, shown
from tests.tui.office import session

SIZES = [(80, 24), (120, 40)]
BATCH = "22A-1-JD-C01"


@pytest.fixture
def society(new_url: Callable[..., str], tmp_path: Path) -> Iterator[Society]:
    """An approved roster of three who are owed 500 yuan each."""
    made = make_society(new_url("sqlite"), tmp_path)
    people = [made.person(n, name) for n, name in enumerate(("王伟", "赵敏", "李娜"), 1)]
    [roster] = made.import_roster(people)
    made.approve(roster)
    yield made
    made.admin.store.close()


def state(society: Society) -> str:
    """The state of the batch."""
    return batches.find(society.desk("jd-auditor"), BATCH).state


def words(app: RcaidApp) -> str:
    """What stands on the screen, without its spaces."""
    return " ".join(shown(app).split())


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", SIZES)
async def test_list_card_and_review_fit_their_lines(
    society: Society, size: tuple[int, int], language: str
) -> None:
    society.pay(until="locked")
    locale.set_language(language)
    async with running(session(society, "jd-approver"), size) as app:
        for keys in ("f6", "enter", "J", "m", "escape a", "escape f1"):
            await press(app, keys)
            assert all(cell_len(line) == size[0] for line in lines(app)), keys


@pytest.mark.parametrize("slowly", [False, True])
async def test_a_batch_goes_its_way_by_a_key_of_each_duty(society: Society, slowly: bool) -> None:
    batch = society.pay(until="draft")
    for login, keys, said, becomes in (
        ("jd-preparer", "f6 y", f"{BATCH} locked", "locked"),
        ("jd-approver", "f6 enter a y", f"{BATCH} approved: 3 lines, 1,500.00", "approved"),
        ("jd-releaser", "f6 l y", f"{BATCH} released: 3 lines, 1,500.00", "released"),
    ):
        async with running(session(society, login)) as app:
            await press(app, keys, slowly=slowly)
            assert message(app).startswith(said), message(app)
            assert "310114-" in message(app)
        assert state(society) == becomes
    society.bank_result(batch, {f"22A-JD-0000{n}-1C": "00" for n in (1, 2, 3)})
    for login, becomes in (("jd-preparer", "reconciled"), ("jd-approver", "closed")):
        async with running(session(society, login)) as app:
            await press(app, "f6 enter y", slowly=slowly)
            assert message(app).startswith(f"{BATCH} {becomes}")
        assert state(society) == becomes


async def test_lines_of_today_open_the_batches_they_count(society: Society) -> None:
    society.pay(until="locked")
    async with running(session(society, "jd-approver")) as app:
        line = next(n for n, each in enumerate(lines(app)) if "Batches to approve" in each)
        await press(app, " ".join(["j"] * (line - 3)) + " enter")
        assert app.here == "aid"
        assert "step:locked" in shown(app) and BATCH in shown(app)


async def test_many_are_approved_by_their_count(society: Society) -> None:
    people = [society.person(10 + n, f"王小{n}") for n in range(12)]
    for row in people:
        row["街道"] = society.street("310114002")
    society.approve(society.import_roster(people)[-1])
    society.pay(until="locked")
    async with running(session(society, "jd-approver")) as app:
        await press(app, "f6 a y 1 4 enter")
        assert "type the count 15 first" in message(app)
        await press(app, "backspace 5 enter")
        assert "approved: 15 lines, 7,500.00" in message(app)
    assert state(society) == "approved"


async def test_br_040_an_earlier_part_is_grey_on_the_card_and_refused_in_the_review(
    society: Society,
) -> None:
    society.pay(until="approved")
    staff.grant(society.admin, "jd-verifier", "releaser", JD)
    society._desks.pop("jd-verifier")
    async with running(session(society, "jd-verifier")) as app:
        await press(app, "f6 l")
        assert "an earlier part" in shown(app)
        await press(app, "y")
        assert "nothing would be done" in message(app)
        await press(app, "escape enter l")
        assert "verify" in message(app)
    assert state(society) == "approved"


async def test_who_has_died_is_left_out_of_a_release(society: Society) -> None:
    society.pay(until="approved")
    person = society.person(1, "王伟")["证件号码"]
    deaths.record_by_number(society.desk("jd-caseworker"), person, "2022-01-31", "hospital")
    async with running(session(society, "jd-releaser")) as app:
        await press(app, "f6 l")
        said = words(app)
        assert "will be released 2 1,000.00" in said
        assert "suspended, left out 1 500.00" in said
        assert "22A-JD-00001" in said and "its right is suspended" in said
        await press(app, "y")
        assert "released: 2 lines, 1,000.00" in message(app)


async def test_what_came_back_stands_on_the_card_with_the_banks_reason(society: Society) -> None:
    batch = society.pay()
    society.bank_result(batch, {"22A-JD-00001-1C": "00", "22A-JD-00002-1C": "17"})
    async with running(session(society, "jd-preparer")) as app:
        await press(app, "f6 enter")
        said = words(app)
        assert "control sum 1,500.00" in said and "壹仟伍佰元整" in said
        assert "still on the way: 1" in said
        await press(app, "y")
        assert "1 lines are still on their way" in message(app)
        await press(app, "end")
        said = words(app)
        assert "22A-JD-00002-1C 赵* 500.00 returned 2022-02-01 code 17 of the bank" in said
        assert "bank result taken up" in said
        await press(app, "i")
        assert "has another account yet" in message(app)
    assert state(society) == "released"


async def test_a_batch_is_given_up_for_a_reason(society: Society) -> None:
    society.pay(until="locked")
    async with running(session(society, "jd-preparer")) as app:
        await press(app, "f6 x 2 enter")
        assert f"{BATCH} cancelled" in message(app)
        assert "cancelled" in lines(app)[4]
        await press(app, "y")
        assert "not from this step" in message(app)
    assert state(society) == "cancelled"


async def test_the_filter_takes_the_words_of_the_columns(society: Society) -> None:
    society.pay()
    async with running(session(society, "jd-keeper")) as app:
        await press(app, 'f6 / "kind:goods" enter')
        assert not any(BATCH in line[:25] for line in lines(app)[:12])
        await press(app, 'escape / "kind:money_step:released" enter')
        assert BATCH in shown(app)
        await press(app, "a")
        assert "needs the duty approver" in message(app)


async def test_who_has_no_part_in_batches_does_not_see_them(society: Society) -> None:
    async with running(session(society, "sh-administrator")) as app:
        await press(app, "f6")
        assert app.here == "today" and "needs the duty" in message(app)


@pytest.fixture
def giving(society: Society) -> str:
    """A draft of 24,000 yuan for another region; its number."""
    programmes.load(society.admin, data.text("programmes/aid.toml"))
    preparer = society.desk("sh-preparer")
    programmes.receive(preparer, "AID", 500_000_000, "2022")
    transfers.add_institution(preparer, "RC-SC", "川西红十字会", "society", "四川")
    disasters.open_(
        society.desk("sh-approver"), "EQ-1", "川西地震", "earthquake", "四川", "2022-01-20"
    )
    made, _ = transfers.create(preparer, "AID", "RC-SC", "救灾", fen=2_400_000, disaster="EQ-1")
    return made.number


@pytest.mark.parametrize("slowly", [False, True])
async def test_a_transfer_goes_its_way_by_a_key_of_each_duty(
    society: Society, giving: str, slowly: bool
) -> None:
    for login, keys, said in (
        ("sh-approver", "f6 5 a y", "approved, 24,000.00"),
        ("sh-releaser", "f6 5 enter l y", "sent, 24,000.00"),
        ("sh-preparer", "f6 5 y", "received, 24,000.00"),
        ("sh-preparer", "f6 5 enter y", "reported, 24,000.00"),
    ):
        async with running(session(society, login)) as app:
            await press(app, keys, slowly=slowly)
            assert message(app).startswith(f"{giving} {said}")
    assert transfers.find(society.desk("sh-auditor"), giving).state == "closed"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", SIZES)
async def test_transfers_fit_their_lines_and_filter(
    society: Society, giving: str, size: tuple[int, int], language: str
) -> None:
    locale.set_language(language)
    async with running(session(society, "sh-approver"), size) as app:
        for keys in ("f6 5", "enter", "m", "escape a", "escape escape", '/ "step:sent" enter'):
            await press(app, keys)
            assert all(cell_len(line) == size[0] for line in lines(app)), keys
        assert not any(giving in line[:25] for line in lines(app)[:12])
        await press(app, '/ backspace backspace backspace backspace "draft_eq" enter')
        assert any(giving in line[:25] for line in lines(app)[:12])


async def test_who_made_a_transfer_gives_it_up_and_does_not_approve_it(
    society: Society, giving: str
) -> None:
    async with running(session(society, "sh-preparer")) as app:
        await press(app, "f6 5 a")
        assert "needs the duty approver" in message(app)
        await press(app, "x 1 enter")
        assert message(app).startswith(f"{giving} cancelled")
    assert transfers.find(society.desk("sh-auditor"), giving).state == "cancelled"


async def test_who_sees_batches_alone_is_told_so(society: Society, giving: str) -> None:
    society.pay()
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, "f6 5")
        assert "needs the duty preparer, releaser" in message(app)
        assert BATCH in shown(app)
