"""Registering: one conversation from the number to the consents, kept while it is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual import events

from rcaid.db import cases
from rcaid.domain.identity import make_number
from rcaid.screens.app import RcaidApp
from rcaid.screens.desk import DeskSession
from rcaid.screens.register import Register
from rcaid.services import drafts, programmes
from tests.services.conftest import Society
from tests.tui.cases_office import office, open_programme
from tests.tui.drive import lines, message, press, running, settle, shown

NUMBER = make_number("310199", "20010901", 5)
CHILD = make_number("310199", "20120901", 7)
WHO = f'n "{NUMBER}" enter "赵小敏" enter "13900005671" enter'
NEED = 'enter enter 2 2 "2022-12-31" enter "15000" enter'
KNOWN = '1 1 2 "2022-12-31" enter "15000" enter enter enter 0 enter 1 2 3'
END = 'enter "6200000000000055" enter "上海银行" enter 0 enter 1 2 3'


@pytest.fixture
def society(new_url: Callable[..., str], tmp_path: Path) -> Iterator[Society]:
    made = office(new_url, tmp_path)
    yield made
    made.admin.store.close()


def session(society: Society, login: str = "jd-street") -> DeskSession:
    return DeskSession(society.desk(login))


def form_of(app: RcaidApp) -> Register:
    assert isinstance(app.screen, Register)
    return app.screen


async def until(app: RcaidApp, holds: Callable[[], bool]) -> None:
    """Waits for what comes by itself: the panel, the draft."""
    async with asyncio.timeout(20):
        while not holds():
            await settle(app)
            await asyncio.sleep(0.02)


def case(society: Society, number: str = "22S-JD-00001") -> cases.AidCase:
    found = cases.by_number(society.admin.store, number)
    assert found is not None
    return found


@pytest.mark.parametrize("slowly", [False, True], ids=["burst", "slowly"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_a_form_is_filled_and_submitted(
    society: Society, size: tuple[int, int], slowly: bool
) -> None:
    async with running(session(society), size) as app:
        await press(app, f"{WHO} {NEED} {END} ctrl+s", slowly=slowly)
        assert message(app).startswith("22S-JD-00001 registered and submitted")
        assert app.here == "today"
    made = case(society)
    assert (made.state, made.fen, made.category) == ("submitted", 500_000, "accident")
    assert drafts.mine(society.desk("jd-street")) == []


async def test_enter_on_the_last_line_submits_too(society: Society) -> None:
    async with running(session(society)) as app:
        await press(app, f"{WHO} {NEED} {END} enter enter")
        assert "registered and submitted" in message(app)


async def test_the_number_says_sex_age_and_what_is_wrong_with_it(society: Society) -> None:
    async with running(session(society), (120, 40)) as app:
        await press(app, f'n "{NUMBER}"')
        assert "M 20  2001-09-01" in shown(app)
        await press(app, 'backspace "7"')
        assert "M 20" not in shown(app)
        assert "✗" in shown(app)


async def test_br_008_somebody_known_is_offered_and_needs_no_typing(society: Society) -> None:
    async with running(session(society)) as app:
        await press(app, f"{WHO} {NEED} {END} ctrl+s")
        await press(app, f'n "{NUMBER}" enter')
        form = form_of(app)
        await until(app, lambda: form.same is not None)
        text = shown(app)
        assert "Already known" in text
        assert "赵小敏" in text
        assert "139****5671" in text
        assert "on record" in text
        await press(app, "ctrl+r")
        assert form.form.at == "category"


async def test_errors_stand_under_their_field_and_submit_goes_to_the_first(
    society: Society,
) -> None:
    async with running(session(society)) as app:
        await press(app, f'n "{NUMBER}" enter "赵小敏" enter "1390000567" enter ctrl+s')
        assert form_of(app).form.at == "phone"
        assert "to fill, first: phone" in message(app)
        assert "this is no phone number" in shown(app)


async def test_a_guardian_is_asked_for_below_the_age_and_only_there(society: Society) -> None:
    async with running(session(society)) as app:
        await press(app, f'n "{CHILD}" enter "赵小敏" enter')
        assert form_of(app).form.at == "guardian"
        assert "relation" in shown(app)


async def test_several_programmes_are_chosen_by_a_digit_and_the_last_one_is_remembered(
    society: Society,
) -> None:
    open_programme(society, "ANGEL")
    async with running(session(society)) as app:
        await press(app, "n")
        assert form_of(app).form.at == "programme"
        await press(app, f'2 "{NUMBER}" enter "赵小敏" enter "13900005671" enter {NEED} {END}')
        await press(app, "ctrl+s")
        assert "registered and submitted" in message(app)
        await press(app, "n")
        assert form_of(app).form.at == "number"


async def test_leaving_keeps_the_draft_and_today_offers_it(society: Society) -> None:
    async with running(session(society)) as app:
        await press(app, f"{WHO} escape")
        await until(app, lambda: bool(drafts.mine(society.desk("jd-street"))))
        await press(app, "f2")
        assert "My drafts" in shown(app)
        await press(app, "enter")
        values = form_of(app).form.values
        assert (values["number"], values["name"]) == (NUMBER, "赵小敏")
        await press(app, "f4")
        assert app.here == "cases"
        await until(app, lambda: not drafts.mine(society.desk("jd-street"))[0].is_open)


async def test_what_is_typed_is_kept_by_itself(society: Society) -> None:
    async with running(session(society)) as app:
        await press(app, WHO)
        form = form_of(app)
        await until(app, lambda: form.all_kept)
        assert "draft kept" in lines(app)[1]
        (kept,) = drafts.mine(society.desk("jd-street"))
        assert kept.values["phone"] == "13900005671"
        assert kept.is_open


async def test_quitting_keeps_what_was_typed_a_moment_before(society: Society) -> None:
    async with running(session(society)) as app:
        await press(app, f"{WHO} ctrl+q")
    (kept,) = drafts.mine(society.desk("jd-street"))
    assert kept.values["phone"] == "13900005671"


async def test_a_dropped_line_puts_the_draft_first_and_one_key_goes_on(society: Society) -> None:
    desk = society.desk("jd-street")
    values = {"number": NUMBER, "name": "赵小敏"}
    drafts.keep(desk, drafts.new_id(desk), "register", "赵小敏", values, is_open=True)
    async with running(session(society)) as app:
        assert "My drafts" in lines(app)[4]
        await press(app, "enter")
        form = form_of(app).form
        assert form.values["name"] == "赵小敏"
        assert form.at == "category"


async def test_a_refusal_loses_nothing_and_stands_under_its_field(society: Society) -> None:
    async with running(session(society)) as app:
        await press(app, f"{WHO} {NEED} {END}")
        programmes.move_cycle(society.desk("sh-approver"), "22S", "close")
        await press(app, "ctrl+s")
        assert isinstance(app.screen, Register)
        assert app.screen.form.values["name"] == "赵小敏"
        assert "cycle" in message(app)


async def test_cells_of_a_spreadsheet_fill_the_fields_and_lines_are_refused(
    society: Society,
) -> None:
    async with running(session(society)) as app:
        await press(app, "n")
        app.post_message(events.Paste(f"{NUMBER}\t赵小敏\t１３９００００５６７１"))
        await settle(app)
        values = form_of(app).form.values
        assert (values["number"], values["name"], values["phone"]) == (
            NUMBER, "赵小敏", "13900005671",
        )  # fmt: skip
        app.post_message(events.Paste("a\nb"))
        await settle(app)
        assert message(app) == "! 2 lines do not fit in one field"


async def test_the_caret_of_the_terminal_stands_where_text_goes_in(society: Society) -> None:
    async with running(session(society)) as app:
        await press(app, 'n "3101"')
        row = lines(app)[app.cursor_position.y]
        assert row[: row.index("▏")].endswith("3101")


async def test_keys_that_mean_something_on_rows_are_text_in_a_field(society: Society) -> None:
    async with running(session(society)) as app:
        await press(app, f'n "{NUMBER}" enter "q?:nv" tab')
        assert form_of(app).form.values["name"] == "q?:nv"


async def test_throwing_a_draft_away_takes_it_away(society: Society) -> None:
    async with running(session(society)) as app:
        await press(app, WHO)
        form = form_of(app)
        await until(app, lambda: form.all_kept)
        await press(app, 'ctrl+p "throw" enter')
        await until(app, lambda: not drafts.mine(society.desk("jd-street")))
        assert app.here == "today"


async def test_the_form_speaks_chinese(society: Society) -> None:
    async with running(session(society)) as app:
        await press(app, f'n "{NUMBER}" ctrl+p "language" enter')
        text = shown(app)
        assert "证件号码" in text
        assert form_of(app).form.values["number"] == NUMBER


async def test_somebody_known_is_paid_to_the_account_on_record(society: Society) -> None:
    async with running(session(society)) as app:
        await press(app, f"{WHO} {NEED} {END} ctrl+s")
        await press(app, f'n "{NUMBER}" ctrl+r {KNOWN} ctrl+s')
        assert message(app).startswith("22S-JD-00002 registered") or "22S-JD-00002" in message(app)
    assert case(society, "22S-JD-00002").account_id == case(society).account_id


async def test_of_several_drafts_a_number_opens_one(society: Society) -> None:
    desk = society.desk("jd-street")
    for name in ("王伟", "赵小敏"):
        drafts.keep(desk, drafts.new_id(desk), "register", name, {"name": name})
    async with running(session(society)) as app:
        await press(app, "enter")
        assert "1 赵小敏" in shown(app)
        assert "2 王伟" in shown(app)
        await press(app, "2")
        assert form_of(app).form.values["name"] == "王伟"


async def test_a_desk_of_the_city_names_streets_with_their_districts(society: Society) -> None:
    async with running(session(society, "sh-caseworker"), (120, 40)) as app:
        await press(app, "n")
        street = next(f for f in form_of(app).form.fields if f.name == "street")
        assert len(street.choices) > 99
        assert "嘉定区·新成路街道" in [choice.label for choice in street.choices]
        form = form_of(app).form
        form.go("street")
        await press(app, '"002"')
        assert form.values["street"] == street.choices[1].code
