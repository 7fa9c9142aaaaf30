"""Task 12, month-end figures, in a real terminal: exactly four keys, slowly and in one burst."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from rcaid.files.tables import open_table
from rcaid.locale import in_language
from rcaid.services.society import keep_today
from tests.services.conftest import make_society
from tests.terminal.tmux import Tmux

REPORTS, ENTER, QUIT = "\x1b[20~", "\r", "\x11"
KEYS = (REPORTS, "2", ENTER, "o")
BUDGET = 4
LOOKS = [((80, 24), "en"), ((120, 40), "zh_CN")]


@pytest.fixture(autouse=True)
def tmux_is_there() -> None:
    if shutil.which("tmux") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("tmux is not installed")
        pytest.skip("tmux is not installed")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A society that paid three people in February, in the first days of March; to be copied."""
    folder = tmp_path_factory.mktemp("town")
    society = make_society(str(shutil.copyfile(sqlite_template, folder / "town.db")), folder)
    people = [society.person(n, name) for n, name in enumerate(("王伟", "赵敏", "李娜"), 1)]
    [roster] = society.import_roster(people)
    society.approve(roster)
    batch = society.pay()
    society.bank_result(batch, {f"22A-JD-0000{n}-1C": "00" for n in (1, 2, 3)})
    keep_today(society.admin, "2022-03-02")
    society.admin.store.close()
    return folder / "town.db"


@pytest.mark.parametrize("slowly", [True, False], ids=["slowly", "burst"])
@pytest.mark.parametrize(("size", "language"), LOOKS, ids=["80x24-en", "120x40-zh_CN"])
def test_task_12_month_end_figures(
    town: Path, tmp_path: Path, size: tuple[int, int], language: str, slowly: bool
) -> None:
    store = tmp_path / "rcaid.db"
    shutil.copyfile(town, store)
    words = ["--db", str(store), "--as", "jd-approver", "--lang", language]

    def say(text: str) -> str:
        return in_language(language, text)

    assert len(KEYS) <= BUDGET
    with Tmux([sys.executable, "-m", "rcaid", *words], columns=size[0], rows=size[1]) as window:
        window.until(lambda screen: say("Today") in screen.partition("\n")[0], "the first page")
        if slowly:
            for key, shown in zip(
                KEYS, ("R-10", say("Run"), say("As announced"), ".xlsx"), strict=True
            ):
                window.send(key)
                window.until(shown)
        else:
            window.send("".join(KEYS))
        screen = window.until("R-02-2022-02.xlsx")
        assert "千万人帮万家：3人次，价值1500元" in screen
        assert say("Month by office {period}").format(period="2022-02") in screen
        window.send(QUIT)
        assert window.ended() == 0
    (file,) = (tmp_path / "outbox" / "310114").iterdir()
    with open_table(file, tolerant=True) as table:
        assert "1500" in str([cells for _row, cells in table.rows])
