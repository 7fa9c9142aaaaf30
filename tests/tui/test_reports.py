"""The place of reports, pressed key by key on a store: run, look, freeze, write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from rcaid import locale
from rcaid.files.tables import open_table
from rcaid.services import programmes
from rcaid.services.reporting import snapshots
from tests.services.conftest import Society, make_society
from tests.tui.drive import lines, message, press, running, shown, state
from tests.tui.office import session

SIZES = [(80, 24), (120, 40)]


@pytest.fixture
def society(new_url: Callable[..., str], tmp_path: Path) -> Iterator[Society]:
    """Three people were paid in February; it is March."""
    made = make_society(new_url("sqlite"), tmp_path)
    people = [made.person(n, name) for n, name in enumerate(("王伟", "赵敏", "李娜"), 1)]
    [roster] = made.import_roster(people)
    made.approve(roster)
    batch = made.pay()
    made.bank_result(batch, {f"22A-JD-0000{n}-1C": "00" for n in (1, 2, 3)})
    made.clock.set("2022-03-02")
    yield made
    made.admin.store.close()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", SIZES)
async def test_every_report_fits_its_lines(
    society: Society, size: tuple[int, int], language: str
) -> None:
    locale.set_language(language)
    async with running(session(society, "sh-approver"), size) as app:
        for digit in "12346789":
            for keys in (
                "f9",
                digit,
                "enter",
                "z",
                "z right right left G g",
                "f1",
                "escape escape",
            ):
                await press(app, keys)
                assert all(cell_len(line) == size[0] for line in lines(app)), (digit, keys)


@pytest.mark.parametrize("slowly", [False, True])
async def test_month_end_figures_in_four_keys(society: Society, slowly: bool) -> None:
    async with running(session(society, "jd-approver")) as app:
        await press(app, "f9 2 enter o", slowly=slowly)
        said = shown(app)
        assert "Month by office 2022-02" in said
        assert "千万人帮万家：3人次，价值1500元" in said
        assert "R-02-2022-02.xlsx is in the outbox of 嘉定区" in message(app)
    (file,) = (society.folder / "outbox" / "310114").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    with open_table(file, tolerant=True) as table:
        text = str([cells for _n, cells in table.rows])
    assert "千万人帮万家" in text and "BR-060" in text


async def test_a_burst_ends_where_slow_hands_end(society: Society) -> None:
    ends = []
    for slowly in (False, True):
        async with running(session(society, "jd-approver")) as app:
            await press(app, "f9 2 1 1 1 2 enter z w right escape j j", slowly=slowly)
            ends.append((state(app), lines(app)[1:20]))
    assert ends[0] == ends[1]


async def test_period_office_and_day_are_chosen_in_one_strip(society: Society) -> None:
    async with running(session(society, "jd-approver")) as app:
        await press(app, "f9 2")
        assert "2022-02" in shown(app) and "嘉定区" in shown(app)
        await press(app, "1")
        assert "1 period 2022-03" in shown(app)
        await press(app, '0 "2022-01-01..2022-02-28"')
        assert "2022-01-01..2022-02-28" in shown(app)
        await press(app, "2 enter")
        assert "2022-01-01..2022-02-282" in message(app), "while it is typed every key is text"
        await press(app, '2 0 "2022-02" enter')
        assert "Month by office 2022-02" in shown(app)


async def test_what_is_frozen_stands_below_and_shows_the_same(society: Society) -> None:
    async with running(session(society, "jd-approver")) as app:
        await press(app, "f9 1 enter y")
        assert "Nothing changes a snapshot" in shown(app)
        await press(app, "y")
        assert message(app).startswith("S-2022-0001 frozen: R-03 2022, as of 2022-03-02")
        before = lines(app)[3:12]
        await press(app, "escape")
        assert "S-2022-0001" in shown(app) and "Frozen" in shown(app)
        await press(app, "G enter")
        assert "S-2022-0001" in shown(app) and lines(app)[3:12] == before
        await press(app, "y")
        assert "these figures are frozen" in message(app)
        await press(app, "p")
        assert "R-03-2022-S-2022-0001.html" in message(app)
    assert snapshots.show(society.desk("jd-caseworker"), "S-2022-0001").report().code == "R-03"


async def test_a_correction_is_chosen_in_the_review(society: Society) -> None:
    async with running(session(society, "jd-approver")) as app:
        await press(app, "f9 1 enter y y y m 1 enter y")
        assert message(app).startswith("S-2022-0002 frozen")
    found = snapshots.show(society.desk("jd-caseworker"), "S-2022-0002")
    assert found.snapshot.note == "corrects S-2022-0001"


async def test_figures_that_moved_meanwhile_are_not_frozen(society: Society) -> None:
    async with running(session(society, "jd-approver")) as app:
        await press(app, "f9 3 enter y")
        programmes.receive(society.desk("sh-preparer"), "QWR", 700, "more")
        await press(app, "y")
        assert "the figures moved" in message(app)
    assert snapshots.listing(society.desk("jd-caseworker")) == []


async def test_who_may_not_freeze_or_run_is_told(society: Society) -> None:
    async with running(session(society, "jd-caseworker")) as app:
        await press(app, "f9 1 enter y")
        assert "needs the duty reviewer, approver" in message(app)
        await press(app, "escape 9")
        assert "no duty for this" in message(app)
        await press(app, "5 enter")
        assert "none" in shown(app)
