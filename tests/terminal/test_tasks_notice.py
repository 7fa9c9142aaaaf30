"""Task 10 in tmux: put a public notice up and close it, within six keys, slowly and in a burst."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from rcaid.db.engine import open_store
from rcaid.db.migrate import migrate
from rcaid.services import notices
from rcaid.services.notices import core
from rcaid.services.society import keep_today, open_desk
from tests.services.conftest import make_society
from tests.services.on_notice import CYCLE, PHONE, with_cases
from tests.terminal.tmux import Tmux

AID, ENTER, QUIT = "\x1b[17~", "\r", "\x11"
PUT_UP = (AID, "4", "n", ENTER, "p", "12", ENTER)
"""The count is typed data; the other six are keys."""
CLOSE = (ENTER, "y")
OLD, NEW = "22F-N-001", "22F-N-002"
DONE = "310000-"
"""How the number of an entry begins, which the message line shows when something was done."""
NAMES = [f"王{one}明" for one in "一二三四五六七八九十百千"]


@pytest.fixture(autouse=True)
def tmux_is_there() -> None:
    if shutil.which("tmux") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("tmux is not installed")
        pytest.skip("tmux is not installed")


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve approved cases on no notice; an earlier draft named the telephone."""
    folder = tmp_path_factory.mktemp("wall")
    url = str(folder / "rcaid.db")
    store = open_store(url, create=True)
    migrate(store)
    store.close()
    society = make_society(url, folder)
    with_cases(society, *NAMES)
    officer = society.desk("sh-notice")
    notices.draft(officer, CYCLE, phone=PHONE)
    notices.cancel(officer, OLD)
    keep_today(society.admin, "2022-02-01")
    society.admin.store.close()
    return folder / "rcaid.db"


def state(store: str) -> tuple[str, int]:
    """How far the notice is, and how many lines the public reads."""
    desk = open_desk(store, as_login="sh-notice")
    found = core.find(desk, NEW).state, len(notices.shown(desk, NEW).lines)
    desk.store.close()
    return found


def program(store: str, language: str, size: tuple[int, int]) -> Tmux:
    """The program of the notice officer."""
    words = ["--db", store, "--as", "sh-notice", "--lang", language]
    return Tmux([sys.executable, "-m", "rcaid", *words], columns=size[0], rows=size[1])


def press(store: str, keys: tuple[str, ...], seen: tuple[str, ...], language: str,
          size: tuple[int, int]) -> None:  # fmt: skip
    """Types the keys one by one, each time waiting for what is to be seen; or all at once."""
    with program(store, language, size) as window:
        window.until("2022-02-")
        if len(seen) == 1:
            window.send("".join(keys))
            window.until(seen[0])
        else:
            for key, text in zip(keys, seen, strict=True):
                window.send(key)
                window.until(text, f"after {key!r}")
        window.send(QUIT)
        assert window.ended() == 0


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_task_10_a_notice_is_put_up_and_closed_within_six_keys(
    wall: Path, tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    assert len([keys for keys in PUT_UP if not keys.isdigit() or keys == "4"]) == 6
    assert len(CLOSE) <= 6
    slow = str(shutil.copyfile(wall, tmp_path / "slow.db"))
    quick = str(shutil.copyfile(wall, tmp_path / "quick.db"))
    end = "2022-02-09"
    up = (OLD, OLD, "22F  12", "公示编号：22F-N-002", "2022-02-09", "12", DONE)
    press(slow, PUT_UP, up, language, size)
    press(quick, PUT_UP, (DONE,), language, size)
    assert state(slow) == state(quick) == ("published", 12)
    for store in (slow, quick):
        desk = open_desk(store, as_login="sh-administrator")
        keep_today(desk, end)
        desk.store.close()
    press(slow, CLOSE, ("/ 22F-N-002", DONE), language, size)
    press(quick, CLOSE, (DONE,), language, size)
    assert state(slow) == state(quick) == ("closed", 12)
