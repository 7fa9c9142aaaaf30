"""From the inbox to what came in: columns, plan, pairs, rejects, apply, on a small made-up year."""

from __future__ import annotations

import asyncio
import re
import shutil
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rcaid.demo.make import make
from rcaid.demo.run import Player
from rcaid.files.tables import open_table
from rcaid.locale import set_language
from rcaid.screens import import_progress
from rcaid.screens.app import RcaidApp
from rcaid.screens.desk import DeskSession
from rcaid.screens.gate import BACKGROUND
from rcaid.screens.import_file import FileScreen
from rcaid.screens.import_plan import PlanScreen
from rcaid.screens.import_progress import ProgressScreen
from rcaid.screens.import_session import Asked, FileLook, PlannedFile
from rcaid.services.desk import Desk
from rcaid.services.importing import imports, inbox
from rcaid.services.society import open_desk
from tests.files.seeds import all_seeds
from tests.tui.drive import lines, message, press, presses, running, settle, shown

LATE = "JD_嘉定区_迟报.xlsx"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("year")
    make(folder, scale=0.01)
    player = Player(folder, str(folder / "rcaid.db"), lambda said: None)
    player.set_up()
    player.play()
    player.admin.store.close()
    return folder


@pytest.fixture
def place(year: Path, tmp_path: Path) -> Path:
    shutil.copyfile(year / "rcaid.db", tmp_path / "rcaid.db")
    shutil.copytree(year / "inbox", tmp_path / "inbox")
    return tmp_path


@pytest.fixture
def desks(place: Path) -> Iterator[Callable[[str], Desk]]:
    opened: list[Desk] = []

    def open_as(login: str) -> Desk:
        opened.append(open_desk(str(place / "rcaid.db"), as_login=login))
        return opened[-1]

    yield open_as
    for desk in opened:
        desk.store.close()


@asynccontextmanager
async def at(desk: Desk, size: tuple[int, int] = (80, 24)) -> AsyncIterator[RcaidApp]:
    async with running(DeskSession(desk), size) as app:
        yield app


def numbers(app: RcaidApp) -> dict[str, int]:
    """The five numbers of a plan that is reviewed."""
    line = next(line for line in lines(app) if "not taken" in line)
    return {word: int(n) for n, word in re.findall(r"(\d+) ([a-z]+(?: taken)?)", line)}


async def until(app: RcaidApp, kind: type) -> None:
    """Wait until a screen of this kind is on top, whatever else runs."""
    while not isinstance(app.screen, kind):
        await asyncio.sleep(0.001)


async def test_a_file_is_shown_by_its_columns_and_planned_as_shown(
    desks: Callable[[str], Desk],
) -> None:
    async with at(desks("jd-caseworker")) as app:
        await press(app, "f7")
        assert LATE in shown(app)
        assert "PD_" not in shown(app)
        await press(app, "enter")
        assert isinstance(app.screen, FileScreen)
        text = shown(app)
        assert "1 kind roster" in text and "2 cycle 23A" in text
        assert re.search(r"✓ C +姓名 +name", text)
        assert "not used: 序号" in text
        assert re.search(r"310\*+[0-9X]{4}", text)
        await press(app, "enter")
        assert isinstance(app.screen, PlanScreen)
        n = numbers(app)
        assert n["rows"] == n["new"] + n["changed"] + n["unchanged"] + n["not taken"]
        assert "Rejected 3" in shown(app) and "Perhaps known already" in shown(app)
        await press(app, "tab enter")
        assert "same name +30" in message(app)
        await press(app, "escape")
        assert "planned" in shown(app)
        assert "Open the plan" in lines(app)[-1]


async def test_applying_asks_for_the_count_and_says_the_number_in_the_record(
    desks: Callable[[str], Desk],
) -> None:
    desk = desks("jd-caseworker")
    async with at(desk) as app:
        await press(app, "f7 enter enter")
        ready = numbers(app)["new"]
        await press(app, "a enter")
        assert isinstance(app.screen, PlanScreen)
        assert f"Type {ready} to apply" in shown(app)
        await press(app, f'"{ready + 1}" enter')
        assert not [b for b in imports.listing(desk) if b.file_name == LATE]
        await press(app, f'backspace backspace backspace "{ready}" enter')
        assert re.search(rf"{ready} rows of .* are in.* · 310114-\d+", message(app))
        assert "taken in" in shown(app)
    (batch,) = [b for b in imports.listing(desk) if b.file_name == LATE]
    assert batch.rows_new == ready


async def test_decided_pairs_are_planned_again_by_themselves(desks: Callable[[str], Desk]) -> None:
    async with at(desks("jd-caseworker")) as app:
        await press(app, "f7 enter enter")
        screen = app.screen
        assert isinstance(screen, PlanScreen)
        assert screen.plan is not None
        held = screen.plan.undecided
        pairs = len(screen.plan.pairs)
        assert held and pairs
        before = screen.plan_id
        await press(app, "s")
        assert "Tab goes to the pairs first" in message(app)
        await press(app, "tab s a")
        assert pairs == 1 or "plan again first: y" in message(app)
        await press(app, " ".join(["d", *["2"] * (pairs - 2)]) if pairs > 1 else "z")
        assert screen.plan_id != before
        assert screen.plan.undecided == 0
        assert not [path for path in _plans(app) if before in path.name]


def _plans(app: RcaidApp) -> list[Path]:
    session = app.session
    assert isinstance(session, DeskSession)
    return list((inbox.folder(session.desk).parent / "plans").iterdir())


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_burst_ends_like_slow_hands(
    desks: Callable[[str], Desk], size: tuple[int, int], language: str
) -> None:
    set_language(language)
    keys = "f7 enter j j x x k space 0 1 escape enter tab j k tab o"
    ends = []
    for slowly in (False, True):
        desk = desks("jd-caseworker")
        async with at(desk, size) as app:
            await press(app, keys, slowly=slowly)
            screen = app.screen
            assert isinstance(screen, PlanScreen)
            ends.append((message(app).replace("-2", ""), screen.at))
            assert all(len(line) <= size[0] for line in lines(app))
        for path in inbox.folder(desk).rglob("*-*"):
            path.unlink()
        for path in (inbox.folder(desk).parent / "plans").iterdir():
            path.unlink()
    assert ends[0] == ends[1]


async def test_a_needed_column_that_is_left_out_greys_reading_and_says_why(
    desks: Callable[[str], Desk],
) -> None:
    async with at(desks("jd-caseworker")) as app:
        await press(app, "f7 enter j j x")
        assert re.search(r"! C +姓名 +not used by hand", shown(app))
        await press(app, "enter")
        assert isinstance(app.screen, FileScreen)
        assert "name" in message(app)
        await press(app, "k space")
        assert "Column B 街镇 is" in shown(app)
        await press(app, "0 1")
        assert re.search(r"B +街镇 +name by hand", shown(app))


async def test_kinds_without_the_duty_are_greyed(desks: Callable[[str], Desk]) -> None:
    async with at(desks("jd-caseworker")) as app:
        await press(app, "f7 enter 1")
        text = shown(app)
        assert "roster  the headings fit" in text
        assert re.search(r"quota +not with your duties", text)
        await press(app, "2")
        assert "What kind of file is it?" in shown(app)


async def test_rejects_are_written_beside_the_file(
    desks: Callable[[str], Desk], place: Path
) -> None:
    async with at(desks("jd-caseworker")) as app:
        await press(app, "f7 enter enter o")
        assert "in the inbox" in message(app)
        found = [p for p in (place / "inbox" / "310114").iterdir() if p.name != LATE]
        assert len(found) == 1 and found[0].suffix == ".xlsx"
        await press(app, "escape")
        assert found[0].name[:12] in shown(app)


async def test_somebody_else_reads_the_plan_and_is_told_why_not_to_apply_it(
    desks: Callable[[str], Desk],
) -> None:
    async with at(desks("jd-caseworker")) as app:
        await press(app, "f7 enter enter")
    async with at(desks("jd-reviewer")) as app:
        await press(app, "f7 enter")
        assert isinstance(app.screen, PlanScreen)
        assert "not taken" in shown(app)
        await press(app, "a")
        assert "jd-reviewer" in message(app)


async def test_what_moved_is_said_and_planned_again(desks: Callable[[str], Desk]) -> None:
    other = desks("jd-caseworker")
    async with at(desks("jd-caseworker")) as app:
        await press(app, "f7 enter enter")
        ready = numbers(app)["new"]
        path = inbox.find(other, f"310114/{LATE}")
        bytes_of = path.read_bytes()
        copy = path.with_name("copy.xlsx")
        copy.write_bytes(bytes_of)
        planned = imports.plan(other, _half(copy), "roster", cycle_code="23A")
        imports.apply(other, planned.path)
        await press(app, f'a "{ready}" enter')
        assert isinstance(app.screen, PlanScreen)
        assert "Refused" in message(app)
        await press(app, "a")
        assert "plan again first: y" in message(app)
        await press(app, "y")
        assert numbers(app)["new"] < ready


def _half(path: Path) -> Path:
    """The same rows, fewer of them, in a file of other bytes."""
    with open_table(path) as table:
        rows = [cells for _row, cells in table.rows]
        header = list(table.header)
    made = path.with_suffix(".csv")
    kept = [header, *rows[:8]]
    made.write_text("\n".join(",".join(row) for row in kept), encoding="utf-8-sig")
    path.unlink()
    return made


NASTY = (
    ("ratio.xlsx", "ratio-inside.xlsx", "locked.xls", "cut-utf16-10.dat"),
    ("deep.ods", "deep.xlsx", "unknown-entity.xlsx", "noise-10.csv"),
    ("16384-columns.csv", "million-columns.csv", "long-cell.xlsx", "columns.ods"),
)


@pytest.mark.parametrize("names", NASTY)
async def test_no_file_brings_the_program_down(
    desks: Callable[[str], Desk], place: Path, names: tuple[str, ...]
) -> None:
    (place / "inbox" / "310114" / LATE).unlink()
    seeds = {seed.name: seed.data for seed in all_seeds() if seed.name in names}
    assert sorted(seeds) == sorted(names)
    for name, data in seeds.items():
        (place / "inbox" / "310114" / name).write_bytes(data)
    async with at(desks("jd-caseworker")) as app:
        for n in range(len(seeds)):
            await press(app, f"f7 g {'j ' * n} enter")
            if isinstance(app.screen, FileScreen):
                await press(app, "enter")
                assert isinstance(app.screen, (FileScreen, PlanScreen))
                await press(app, "escape")
            else:
                assert message(app)
        await press(app, "f5")
        assert "Rosters" in lines(app)[0]


async def test_esc_stops_a_plan_and_leaves_nothing(
    desks: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desks("jd-caseworker")
    stopped = threading.Event()

    def endless(look: FileLook, asked: Asked, progress: Callable[[int], None]) -> PlannedFile:
        n = 0
        try:
            while True:
                n += 500
                progress(n)
                threading.Event().wait(0.001)
        finally:
            stopped.set()

    session = DeskSession(desk)
    monkeypatch.setattr(session.imports, "plan", endless)
    async with running(session) as app:
        await press(app, "f7 enter")
        app.post_message(presses("enter")[0])
        app.post_message(presses("a")[0])
        await until(app, ProgressScreen)
        screen = app.screen
        assert isinstance(screen, ProgressScreen)
        while not screen.job.rows:
            await asyncio.sleep(0.001)
        app.post_message(presses("escape")[0])
        await until(app, FileScreen)
        await settle(app)
        assert message(app) == "Stopped; nothing is left of it."
        assert await asyncio.to_thread(stopped.wait, 20)
        await press(app, "f5")
        assert "Rosters" in lines(app)[0]


PEOPLE = "姓名,证件号码,联系电话,街道,出生日期\n"


async def test_dates_that_prove_nothing_are_asked_for(
    desks: Callable[[str], Desk], place: Path
) -> None:
    rows = "".join(
        f"王小芳,31019919500303{n:03}X,1380000{n:04},真新街道,03/0{n}/1950\n" for n in range(1, 4)
    )
    (place / "inbox" / "310114" / "0.csv").write_text(PEOPLE + rows, encoding="utf-8-sig")
    async with at(desks("jd-caseworker")) as app:
        await press(app, "f7")
        await press(app, '/ "0.csv" enter enter enter')
        assert isinstance(app.screen, FileScreen)
        assert "which part is the day" in message(app)
        assert "How are dates written?" in shown(app)
        await press(app, "3")
        assert "day, month, year" in lines(app)[2]
        await press(app, "enter")
        assert isinstance(app.screen, PlanScreen)


async def test_how_a_file_is_read_can_be_kept_and_is_offered_the_next_time(
    desks: Callable[[str], Desk], place: Path
) -> None:
    odd = place / "inbox" / "310114" / "odd.csv"
    odd.write_text("who,tel,where\n王小芳,13800000001,真新街道\n", encoding="utf-8-sig")
    async with at(desks("jd-caseworker")) as app:
        await press(app, 'f7 / "odd" enter enter')
        assert isinstance(app.screen, FileScreen)
        await press(app, "enter")
        assert "say what kind of file this is: 1" in message(app)
        await press(app, "1 5 space")
        names = app.screen.strip
        assert names is not None
        text = shown(app)
        for heading in ("name", "phone", "street"):
            (number,) = re.findall(rf"(\d\d) {heading}\b", text)
            await press(app, f"{' '.join(number)} j space")
        await press(app, 'escape n "odd" enter')
        assert "profile odd is kept" in message(app)
        await press(app, "escape enter")
        assert isinstance(app.screen, FileScreen)
        assert "3 profile odd" in lines(app)[2]
        assert re.search(r"✓ A +who +name", shown(app))


async def test_a_long_plan_goes_on_while_one_is_elsewhere_and_says_when_it_is_done(
    desks: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()

    def long(look: FileLook, asked: Asked, progress: Callable[[int], None]) -> PlannedFile:
        progress(500)
        assert go.wait(20)
        return PlannedFile("", "it is done")

    monkeypatch.setattr(import_progress, "LONG", 0.0)
    session = DeskSession(desks("jd-caseworker"))
    monkeypatch.setattr(session.imports, "plan", long)
    async with running(session) as app:
        await press(app, "f7 enter")
        app.post_message(presses("enter")[0])
        await until(app, ProgressScreen)
        while not any(worker.group == BACKGROUND for worker in app.workers):
            await asyncio.sleep(0.001)
        await press(app, "f5")
        assert "Rosters" in lines(app)[0]
        go.set()
        while message(app) != "it is done":
            await asyncio.sleep(0.001)
        await press(app, "f4")
        assert "Cases" in lines(app)[0]


async def test_what_changes_of_people_on_file_is_shown_masked_and_what_waits(
    desks: Callable[[str], Desk], place: Path
) -> None:
    desk = desks("jd-caseworker")
    with open_table(inbox.find(desk, f"310114/{LATE}")) as table:
        header, rows = list(table.header), [cells for _row, cells in table.rows]
    number, name = header.index("公民身份号码"), header.index("姓名")
    known = [cells for cells in rows if cells[number].startswith("310199")]
    text = "".join(f"{c[number]},{c[name]}改,13900001248\n" for c in known)
    path = place / "inbox" / "310114" / "update.csv"
    path.write_text(f"证件号码,姓名,联系电话\n{text}", encoding="utf-8-sig")
    async with at(desk) as app:
        await press(app, 'f7 / "update" enter enter 1 6 enter')
        assert isinstance(app.screen, PlanScreen)
        n = numbers(app)
        assert n["changed"] and n["rows"] == n["changed"] + n["not taken"]
        await press(app, "tab")
        assert "Changed fields" in shown(app)
        assert "139****1248" in shown(app)
        assert "waits for a second person" in shown(app) or "!" in shown(app)
