"""A bank's result in two panes and the batches made of what is ready, pressed key by key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from rcaid import locale
from rcaid.screens.bank_results import BankPanes
from rcaid.services import batches, outbox, staff
from tests.services.conftest import JD, Society, make_society
from tests.tui.drive import lines, message, press, running, shown
from tests.tui.office import session

SIZES = [(80, 24), (120, 40)]
NEW = "6217000010000000017"


@pytest.fixture
def society(
    new_url: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Society]:
    """Three are owed 500 yuan each and a released batch; nobody has said what became of it."""
    monkeypatch.setenv(outbox.SETTING, str(tmp_path / "outbox"))
    monkeypatch.setenv("RCAID_INBOX", str(tmp_path / "inbox"))
    made = make_society(new_url("sqlite"), tmp_path)
    people = [made.person(n, name) for n, name in enumerate(("王伟", "赵敏", "李娜"), 1)]
    made.approve(made.import_roster(people)[0])
    made.pay()
    yield made
    made.admin.store.close()


def write_result(society: Society, folder: Path) -> None:
    """The bank's file lies in the inbox: two paid, one came back, one fits nothing."""
    headings = ("批次号", "凭证号", "账号后四位", "金额", "日期", "结果代码", "说明")
    codes = (("1", "00", ""), ("2", "17", "账号不存在"), ("3", "00", ""), ("9", "00", ""))
    rows = [
        {"批次号": "22A-1-JD-C01", "凭证号": f"22A-JD-0000{n}-1C", "金额": "500",
         "日期": "2022-02-01", "结果代码": code, "说明": why}
        for n, code, why in codes
    ]  # fmt: skip
    path = society.write(rows, headings)
    place = folder / "inbox" / JD
    place.mkdir(parents=True, exist_ok=True)
    path.rename(place / "bank.csv")


@pytest.mark.parametrize("slowly", [False, True])
async def test_from_the_inbox_to_a_payment_that_goes_out_again(
    society: Society, tmp_path: Path, slowly: bool
) -> None:
    write_result(society, tmp_path)
    async with running(session(society, "jd-preparer")) as app:
        await press(app, "f7 enter enter", slowly=slowly)
        await press(app, "a 3 enter", slowly=slowly)
        assert isinstance(app.screen, BankPanes)
        assert "22A-JD-00002-1C" in shown(app) and "账号不存在" in shown(app)
        await press(app, f'f "{NEW}" enter', slowly=slowly)
        assert "22A-JD-00002-1C has another account" in message(app)
        await press(app, "i", slowly=slowly)
        assert "22A-1-JD-C02 made: 1 lines, 500.00" in message(app)
    assert batches.find(society.admin, "22A-1-JD-C02").state == "draft"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", SIZES)
async def test_panes_fit_their_lines(
    society: Society, tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    society.bank_result(
        batches.find(society.admin, "22A-1-JD-C01"),
        {"22A-JD-00001-1C": "00", "22A-JD-00002-1C": "17 账号不存在", "22A-JD-00009-1C": "00"},
    )
    locale.set_language(language)
    async with running(session(society, "jd-preparer"), size) as app:
        for keys in ("f6 3", "enter", "j", "tab", "tab g f", 'escape / "22A"', "enter", "f1"):
            await press(app, keys)
            assert all(cell_len(line) == size[0] for line in lines(app)), keys


async def test_words_narrow_both_panes_and_tab_changes_between_them(society: Society) -> None:
    batch = batches.find(society.admin, "22A-1-JD-C01")
    society.bank_result(batch, {f"22A-JD-0000{n}-1C": code for n, code in ((1, "00"), (2, "17"))})
    async with running(session(society, "jd-preparer")) as app:
        await press(app, "f6 3 enter tab f")
        assert "did not come back" in message(app)
        await press(app, "tab i")
        assert "has another account yet" in message(app)
        await press(app, '/ "00002" enter')
        assert "22A-JD-00001-1C" not in shown(app) and "22A-JD-00002-1C" in shown(app)
        await press(app, "escape")
        assert "22A-JD-00001-1C" in shown(app)
        await press(app, "escape")
        assert app.here == "aid" and not isinstance(app.screen, BankPanes)


async def test_a_keeper_does_not_see_what_banks_say(society: Society) -> None:
    async with running(session(society, "jd-keeper")) as app:
        await press(app, "f6 3")
        assert "needs the duty" in message(app)


@pytest.mark.parametrize("slowly", [False, True])
async def test_a_batch_is_made_by_three_numbers(society: Society, slowly: bool) -> None:
    people = [society.person(20 + n, f"钱{n}") for n in range(2)]
    for row in people:
        row["街道"] = society.street("310114002")
    society.approve(society.import_roster(people)[-1])
    async with running(session(society, "jd-preparer")) as app:
        await press(app, "f6 n 1 1 1", slowly=slowly)
        assert "22A-1-JD-C02 made: 2 lines, 1,000.00" in message(app)
        await press(app, "n")
        assert "nothing is ready to go out" in message(app)


async def test_a_batch_is_made_of_an_approved_roster(society: Society) -> None:
    row = society.person(30, "钱多") | {"街道": society.street("310114002")}
    society.approve(society.import_roster([row])[-1])
    async with running(session(society, "jd-preparer")) as app:
        await press(app, "f5 b 1")
        assert "made: 1 lines, 500.00" in message(app), message(app)
        await press(app, "b")
        assert "nothing of this roster is ready" in message(app)
    async with running(session(society, "jd-verifier")) as app:
        await press(app, "f5 b")
        assert "needs the duty preparer" in message(app)


async def test_the_banks_file_goes_into_the_outbox_for_a_purpose(
    society: Society, tmp_path: Path
) -> None:
    async with running(session(society, "jd-releaser")) as app:
        await press(app, 'f6 o enter "first_payment" enter "Bank" enter')
        assert "22A-1-JD-C01.csv is in the outbox of 嘉定区" in message(app), message(app)
    written = tmp_path / "outbox" / JD / "22A-1-JD-C01.csv"
    assert b"22A-JD-00001-1C" in written.read_bytes()


async def test_what_holds_a_batch_is_shown_first_and_cleared_by_digits(society: Society) -> None:
    people = [society.person(40 + n, f"孙{n}", 银行账号="6200000000000099") for n in range(2)]
    for row in people:
        row["街道"] = society.street("310114002")
    society.approve(society.import_roster(people)[-1])
    batch, _entry = batches.create(society.desk("jd-preparer"), "22A", 1, JD, "money")
    batches.lock(society.desk("jd-preparer"), batch.number)
    batches.approve(society.desk("jd-approver"), batch.number)
    async with running(session(society, "jd-releaser")) as app:
        await press(app, "f6 l")
        assert "one account for several people" in shown(app)
        await press(app, "y")
        assert "nothing would be done" in message(app)
        await press(app, "escape enter")
        assert "What holds it" in shown(app)
        while "nothing holds" not in message(app):
            await press(app, "v 1 1")
            assert "cleared" in message(app) or "nothing holds" in message(app), message(app)
        await press(app, "l y")
        assert "released: 2 lines" in message(app), message(app)
    staff.grant(society.admin, "jd-keeper", "releaser", JD)
