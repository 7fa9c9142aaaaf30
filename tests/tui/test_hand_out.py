"""Distribution day, pressed key by key on a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from rcaid import locale
from rcaid.db import payments
from rcaid.db.tables import Batch
from rcaid.domain.identity import make_number
from rcaid.screens.hand_out import HandOut
from rcaid.services import audit, batches, deaths
from tests.services.conftest import Society, make_society
from tests.services.test_handing_out import digits, give, goods
from tests.tui.drive import lines, message, press, running, shown
from tests.tui.office import session

SIZES = [(80, 24), (120, 40)]


@pytest.fixture
def society(new_url: Callable[..., str], tmp_path: Path) -> Iterator[Society]:
    """A list of four who are owed a box each."""
    made = make_society(new_url("sqlite"), tmp_path)
    goods(made)
    yield made
    made.admin.store.close()


def states(society: Society) -> list[str]:
    """Of the lines, by voucher."""
    vouchers = [f"22A-JD-0000{n}-1K" for n in range(1, 5)]
    found = payments.by_vouchers(society.admin.store, vouchers)
    return [found[voucher].line.state for voucher in sorted(found)]


def society_batch(society: Society) -> Batch:
    """The list."""
    return batches.find(society.admin, "22A-1-JD-K01")


def acts(society: Society) -> list[str]:
    """What was done at the table."""
    found = audit.log(society.desk("sh-auditor"), limit=50)
    return [each.act for each in reversed(found) if each.act.startswith("distribution.")]


@pytest.mark.parametrize("slowly", [False, True])
@pytest.mark.parametrize("login", ["jd-caseworker", "jd-keeper"])
async def test_digits_and_two_enters_hand_over(society: Society, login: str, slowly: bool) -> None:
    one, two = digits(society, 1), digits(society, 2)
    async with running(session(society, login)) as app:
        keys = f'f6 2 enter "{one}" enter enter "{two}" enter enter'
        await press(app, keys, slowly=slowly)
        assert isinstance(app.screen, HandOut)
        assert "2 of 4 handed over" in lines(app)[1]
        assert "to the person" in shown(app) and one in shown(app)
    assert states(society).count("delivered") == 2
    assert acts(society) == ["distribution.hand_over"] * 2


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", SIZES)
async def test_everything_fits_its_lines(
    society: Society, size: tuple[int, int], language: str
) -> None:
    locale.set_language(language)
    one = digits(society, 1)
    async with running(session(society, "jd-caseworker"), size) as app:
        for keys in ("f6 2", "enter", f'"{one}"', "enter", "+", '1 "0180"', "enter",
                     f'"{digits(society, 2)}" -', "1", "/", "f1"):  # fmt: skip
            await press(app, keys)
            assert all(cell_len(line) == size[0] for line in lines(app)), keys


async def test_the_card_shows_while_the_digits_are_typed(society: Society) -> None:
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, f'f6 2 enter "{digits(society, 1)}"')
        assert "due, not yet served" in shown(app) and "赵*" in shown(app)
        await press(app, "backspace")
        assert "due, not yet served" not in shown(app)
    assert acts(society) == []


async def test_who_is_served_unknown_or_dead_is_one_line_and_nothing_is_given(
    society: Society,
) -> None:
    give(society, society_batch(society), digits(society, 1), "jd-keeper")
    number = society.person(2, "")["证件号码"]
    deaths.record_by_number(society.desk("jd-caseworker"), number, "2022-01-31", "hospital")
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, f'f6 2 enter "{digits(society, 1)}" enter enter')
        assert "already served" in shown(app)
        assert society.desk("jd-keeper").actor.name in shown(app)
        await press(app, '"9999" enter enter')
        assert "not on this list" in shown(app)
        await press(app, f'"{digits(society, 2)}" enter enter')
        assert "the person has died" in shown(app)
    assert acts(society) == ["distribution.hand_over"]


@pytest.mark.parametrize("slowly", [False, True])
async def test_an_agent_and_who_does_not_come_take_three_keys(
    society: Society, slowly: bool
) -> None:
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, f'f6 2 enter "{digits(society, 1)}" + 2 "018." enter', slowly=slowly)
        assert "son or daughter, ID ends 018X" in shown(app)
        await press(app, f'"{digits(society, 2)}" - 1', slowly=slowly)
        assert "not handed out: did not come" in shown(app)
    assert sorted(states(society)) == ["delivered", "issued", "issued", "undelivered"]
    assert acts(society) == ["distribution.hand_over", "distribution.not_today"]


async def test_a_voucher_with_its_hyphens_is_text(society: Society) -> None:
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, 'f6 2 enter "22a-jd-00001-1k" enter enter')
        assert "22A-JD-00001-1K" in shown(app)
    assert states(society)[0] == "delivered"


async def test_the_next_slip_too_early_leaves_the_one_before_open(society: Society) -> None:
    async with running(session(society, "jd-caseworker")) as app:
        one, two = digits(society, 1), digits(society, 2)
        await press(app, f'f6 2 enter "{one}" enter "{two}" enter enter')
        assert "not handed over" in shown(app)
    assert states(society).count("delivered") == 1


async def test_three_enters_hand_over_once(society: Society) -> None:
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, f'f6 2 enter "{digits(society, 1)}" enter enter enter enter')
        assert "nobody is at the table" in message(app)
    assert acts(society) == ["distribution.hand_over"]


async def test_two_with_the_same_digits_are_both_shown_and_one_is_picked(
    new_url: Callable[..., str], tmp_path: Path
) -> None:
    society = make_society(new_url("sqlite"), tmp_path)
    first = society.person(1, "赵敏")["证件号码"]
    days = (f"195001{day:02}" for day in range(2, 29))
    alike = next(n for day in days if (n := make_number("310199", day, 1))[-4:] == first[-4:])
    goods(society, changes={1: {"证件号码": alike}})
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, f'f6 2 enter "{first[-4:]}" enter')
        assert "2 fit; choose with the arrows" in shown(app)
        await press(app, "down enter")
        assert "2 of 4" not in lines(app)[1] and "1 of 4" in lines(app)[1]
        await press(app, f'"{first[-4:]}" enter')
        assert "already served" in shown(app) and "1 守" in shown(app)
        await press(app, "enter")
        assert "2 of 4 handed over" in lines(app)[1]
    society.admin.store.close()


async def test_by_name_for_who_does_not_know_the_number(society: Society) -> None:
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, 'f6 2 enter / "l" enter enter')
        assert "李*" in shown(app) and "to the person" in shown(app)
        await press(app, '/ "qq" enter')
        assert "nobody of that name" in message(app)
    async with running(session(society, "jd-keeper")) as app:
        await press(app, 'f6 2 enter / "zm" enter')
        assert "nobody of that name" in message(app)


async def test_who_may_not_hand_out_is_told_so(society: Society) -> None:
    async with running(session(society, "jd-preparer")) as app:
        await press(app, "f6 2 enter")
        assert "needs the duty caseworker, keeper" in message(app)
        await press(app, "space")
        assert "several at once" in message(app)


async def test_a_list_that_is_done_says_so_and_another_place_is_empty(society: Society) -> None:
    for seq in range(1, 5):
        give(society, society_batch(society), digits(society, seq))
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, "f6 2")
        assert "✓ 22A-1-JD-K01" in shown(app)
    async with running(session(society, "pd-keeper")) as app:
        await press(app, "f6 2")
        assert "There is nothing here yet" in shown(app)
