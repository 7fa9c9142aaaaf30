"""Programmes, funds, disasters and donors: lists, cards and the trace, pressed key by key."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from rich.cells import cell_len

from rcaid import data, locale
from rcaid.screens.app import RcaidApp
from rcaid.services import disasters, outbox, programmes, transfers
from rcaid.services.funds import donations, donors
from rcaid.services.funds.donors import Giver
from tests.services.conftest import Society, make_society
from tests.tui.drive import lines, message, press, running, shown
from tests.tui.office import session

SIZES = [(80, 24), (120, 40)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Society:
    """A fund that a firm gave to and that paid people, and a disaster that a transfer went out for."""
    folder = tmp_path_factory.mktemp("giving")
    url = str(folder / "society.db")
    shutil.copyfile(request.getfixturevalue("sqlite_template"), url)
    society = make_society(url, folder)
    programmes.load(society.admin, data.text("programmes/aid.toml"))
    preparer = society.desk("sh-preparer")
    programmes.receive(preparer, "AID", 500_000_000, "2022")
    donor, _ = donors.add(preparer, Giver("organisation", "爱心有限公司", publish=True))
    donations.given(preparer, donor.code, "AID", 5_000_000)
    transfers.add_institution(preparer, "RC-SC", "川西红十字会", "society", "四川")
    approver = society.desk("sh-approver")
    disasters.open_(approver, "EQ-1", "川西地震", "earthquake", "四川", "2022-01-20")
    made, _ = transfers.create(preparer, "AID", "RC-SC", "救灾", fen=2_400_000, disaster="EQ-1")
    transfers.approve(approver, made.number)
    transfers.send(society.desk("sh-releaser"), made.number)
    rows = [society.person(n, name) for n, name in enumerate(("王伟", "赵敏"), 1)]
    society.approve(society.import_roster(rows)[0])
    batch = society.pay()
    society.bank_result(batch, {"22A-JD-00001-1C": "00"})
    return society


@pytest.fixture
def society(whole: Society) -> Iterator[Society]:
    yield whole


def words(app: RcaidApp) -> str:
    """What stands on the screen, without its spaces."""
    return " ".join(shown(app).split())


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", SIZES)
async def test_every_list_and_card_fits_its_lines(
    society: Society, size: tuple[int, int], language: str
) -> None:
    locale.set_language(language)
    async with running(session(society, "sh-preparer"), size) as app:
        for n in "1234":
            for keys in (f"f8 {n}", "enter", "G", "tab", "escape"):
                await press(app, keys)
                assert all(cell_len(line) == size[0] for line in lines(app)), (n, keys)


async def test_a_fund_says_what_it_holds_and_where_it_went(society: Society) -> None:
    async with running(session(society, "sh-preparer"), (120, 40)) as app:
        await press(app, 'f8 2 / "QWR" enter enter')
        said = words(app)
        assert "Where it came from" in said and "received 1 1,000,000.00" in said
        assert "Where it went" in said and "arrived 1 500.00" in said
        assert "at the bank 500.00" in said


async def test_a_disaster_shows_all_that_was_given_for_it(society: Society) -> None:
    async with running(session(society, "sh-approver"), (120, 40)) as app:
        await press(app, "f8 3")
        assert "川西地震" in shown(app) and "24,000.00" in shown(app)
        await press(app, "enter")
        said = words(app)
        assert "All that was given" in said and "together 24,000.00" in said
        assert "川西红十字会" in said and "sent" in said


@pytest.mark.parametrize("slowly", [False, True])
async def test_where_did_my_money_go_takes_six_keys_with_the_file(
    society: Society, slowly: bool
) -> None:
    async with running(session(society, "sh-preparer")) as app:
        await press(app, 'f8 4 / "爱心" enter t', slowly=slowly)
        said = words(app)
        assert "爱心有限公司" in said and "What it paid for" in said
        assert "received 50,000.00" in said and "left" in said
        await press(app, "o", slowly=slowly)
        assert ".csv is in the outbox of" in message(app), message(app)
    [path] = (outbox.folder(society.desk("sh-preparer")) / "310000").glob("*.csv")
    written = path.read_text(encoding="utf-8-sig")
    assert "50,000.00" in written and "爱心" not in written
    path.unlink()


async def test_rules_by_version_and_what_changed(society: Society) -> None:
    async with running(session(society, "jd-caseworker"), (120, 40)) as app:
        await press(app, 'f8 / "QWR" enter enter')
        assert "Versions" in shown(app) and "22A" in shown(app)
        await press(app, "escape e")
        assert "QWR" in shown(app)


async def test_donors_are_not_for_everybody_and_nothing_is_marked(society: Society) -> None:
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, "f8 4")
        assert "needs the duty" in message(app)
        await press(app, "2 space")
        assert "several at once" in message(app)
        await press(app, "t")
        assert "needs the duty" in message(app)
