"""Tasks of a caseworker's day with single applications, each within its budget of keys: a script
presses exactly those keys in a real terminal, slowly and in one burst, with the same end."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from rcaid.db import cases
from rcaid.domain.identity import make_number
from rcaid.locale import in_language
from rcaid.services import audit, drafts
from rcaid.services.society import keep_today, open_desk
from tests.terminal.pty_terminal import Terminal
from tests.terminal.tmux import Tmux
from tests.terminal.waiting import wait_until
from tests.tui.cases_office import DAY, office, submitted

ENTER, QUIT, SUBMIT, CASES, ESCAPE = "\r", "\x11", "\x13", "\x1bOS", "\x1b"
NUMBER = make_number("310199", "20010901", 77)
ACCOUNT = "62" + f"{77:014}"
LOOKS = [((80, 24), "en"), ((120, 40), "zh_CN")]
Shown = Callable[[str], bool]


@pytest.fixture(autouse=True)
def tmux_is_there() -> None:
    if shutil.which("tmux") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("tmux is not installed")
        pytest.skip("tmux is not installed")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A society in which twenty students have applied; three of them with a certificate that ends
    soon. To be copied, not changed."""
    folder = tmp_path_factory.mktemp("town")

    def new_url(_engine: str) -> str:
        return str(shutil.copyfile(sqlite_template, folder / "town.db"))

    society = office(new_url, folder)
    for n in range(1, 21):
        until = {"hardship_until": "2022-02-20"} if n in (4, 9, 14) else {}
        submitted(society, n, f"学生{_HAN[n]}", **until)
    keep_today(society.admin, DAY)
    society.admin.store.close()
    return folder / "town.db"


_HAN = "零甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"


@pytest.fixture
def stores(town: Path, tmp_path: Path) -> tuple[str, str]:
    """Two copies of the town: for slow hands, and for one burst."""
    return tuple(  # type: ignore[return-value]
        str(shutil.copyfile(town, tmp_path / f"{name}.db")) for name in ("slow", "burst")
    )


@dataclass(frozen=True)
class Key:
    """A control key, which counts, or typed data, which does not; and what stands there then."""

    keys: str
    typed: bool = False
    shows: Shown = bool


def typed(text: str, shows: str = "") -> Key:
    """Data of the task."""
    return Key(text, True, lambda screen: (shows or text) in screen)


def pressed(keys: str, *shows: str, language: str = "en") -> Key:
    """A control key; one of these words stands on the screen afterwards."""
    words = [in_language(language, word) for word in shows]
    return Key(keys, False, lambda screen: any(word in screen for word in words) or not words)


def counted(script: Sequence[Key]) -> int:
    """The control keys of a script."""
    return sum(not key.typed for key in script)


def program(store: str, login: str, size: tuple[int, int], language: str) -> Tmux:
    words = ["--db", store, "--as", login, "--lang", language]
    return Tmux([sys.executable, "-m", "rcaid", *words], columns=size[0], rows=size[1])


def play(
    stores: tuple[str, str], login: str, look: tuple[tuple[int, int], str], before: str,
    ready: str, script: Sequence[Key], end: Shown,
) -> None:  # fmt: skip
    """Plays a script from a place, once key by key and once in one write, to the same end."""
    slow, burst = stores
    size, language = look
    for store, pieces in ((slow, script), (burst, None)):
        with program(store, login, size, language) as window:
            window.until(in_language(language, "Today"))
            window.send(before)
            window.until(in_language(language, ready))
            if pieces is None:
                window.send("".join(key.keys for key in script))
            for key in pieces or ():
                window.send(key.keys)
                window.until(key.shows, f"after {key.keys!r}")
            window.until(end, "the end")
            window.send(QUIT)
            assert window.ended() == 0
    assert acts(slow) == acts(burst)


def acts(store: str) -> list[tuple[str, str, str]]:
    """Everything that was done to cases, oldest first: who, what, to what."""
    desk = open_desk(store, as_login="sh-auditor")
    found = [(e.actor, e.act, e.object) for e in audit.log(desk, limit=100_000)]
    desk.store.close()
    return [each for each in reversed(found) if each[1] not in ("case.card", "audit.log")]


def states(store: str) -> dict[str, str]:
    """Each case and its state."""
    desk = open_desk(store, as_login="sh-auditor")
    numbers = [f"22S-JD-{n:05}" for n in range(1, 22)]
    found = {n: case.state for n in numbers if (case := cases.by_number(desk.store, n))}
    desk.store.close()
    return found


# --- task 1


def to_field(keys: str, label: str, language: str) -> Key:
    """A control key after which the cursor stands on a field."""
    name = in_language(language, label)

    def there(screen: str) -> bool:
        return any(line.lstrip().startswith(f"▸ {name}") for line in screen.splitlines())

    return Key(keys, False, there)


def register(language: str) -> list[Key]:
    """A walk-in after an accident: all papers are there."""

    def goes(keys: str, label: str) -> Key:
        return to_field(keys, label, language)

    return [
        goes("n", "identity"),
        typed(NUMBER), goes(ENTER, "name"),
        typed("赵小敏"), goes(ENTER, "phone"),
        typed("13900005671"), goes(ENTER, "lives in"),
        goes(ENTER, "address"), goes(ENTER, "category"),
        goes("2", "hardship"), goes("2", "until"),
        typed("2022-12-31"), goes(ENTER, "paid oneself"),
        typed("15000"), goes(ENTER, "amount"),
        goes(ENTER, "account"), goes(ENTER, "papers"),
        pressed("0", "7/7"), goes(ENTER, "consent"),
        pressed("1", "1/4"), pressed("2", "2/4"), pressed("3", "3/4"),
        pressed(SUBMIT),
    ]  # fmt: skip


FIELDS = 9
"""Typed: number, name, phone, certificate, costs; chosen: category, hardship, papers, consents."""


@pytest.mark.parametrize("look", LOOKS, ids=["80x24-en", "120x40-zh"])
def test_task_1_register_a_walk_in_in_22_keys_and_9_fields(
    stores: tuple[str, str], look: tuple[tuple[int, int], str]
) -> None:
    script = register(look[1])
    print(f"task 1: {counted(script)} keys, {FIELDS} fields")
    assert counted(script) <= 22
    assert FIELDS <= 9
    play(stores, "jd-street", look, "", "Today", script,
         lambda screen: "22S-JD-00021" in screen)  # fmt: skip
    assert [states(store)["22S-JD-00021"] for store in stores] == ["submitted", "submitted"]


# --- task 4


def test_task_4_return_a_case_for_missing_papers_in_6_keys(stores: tuple[str, str]) -> None:
    one = [pressed("r", "HARDSHIP", "hardship"), pressed("4", "please bring"), pressed(ENTER)]
    print(f"task 4: {counted(one)} keys for one paper, {counted(one) + 2} for three")
    assert counted(one) + 2 <= 6
    play(stores, "jd-verifier", LOOKS[0], CASES, "22S-JD-00001", one,
         lambda screen: "22S-JD-00001 returned: hardship" in screen)  # fmt: skip
    assert [states(store)["22S-JD-00001"] for store in stores] == ["returned", "returned"]


# --- task 5


@pytest.mark.parametrize("look", LOOKS, ids=["80x24-en", "120x40-zh"])
def test_task_5_verify_20_cases_in_3_keys_each(
    stores: tuple[str, str], look: tuple[tuple[int, int], str]
) -> None:
    language = look[1]
    each: list[list[Key]] = []
    for n in range(1, 21):
        number = f"22S-JD-{n:05}"
        if n in (4, 9, 14):
            keys = [pressed("y", "opinion", language=language), typed("seen"), pressed(ENTER)]
        elif n == 7:
            keys = [pressed("r", "the clock stops", language=language), pressed("4"),
                    pressed(ENTER)]  # fmt: skip
        else:
            keys = [pressed("y")]
        done = "{case} returned" if n == 7 else "{case} passed"
        told = in_language(language, done).format(case=number)
        last = keys[-1]
        keys[-1] = Key(last.keys, False, lambda screen, told=told: told in screen)
        each.append(keys)
    most = max(map(counted, each))
    script = [pressed("v", "22S-JD-00001"), *(key for keys in each for key in keys)]
    print(f"task 5: at most {most} keys each, {counted(script)} for all twenty")
    assert most <= 3
    empty = in_language(language, "{done}; the queue is empty").format(done="")
    play(stores, "jd-verifier", look, "", "Today", script, lambda screen: empty in screen)
    for store in stores:
        found = states(store)
        assert found.pop("22S-JD-00007") == "returned"
        assert set(found.values()) == {"district_review"}


# --- a line that drops


def kept(store: str) -> list[dict[str, str]]:
    """The drafts of the caseworker."""
    desk = open_desk(store, as_login="jd-street")
    found = [each.values for each in drafts.mine(desk)]
    desk.store.close()
    return found


TYPED = {
    "number": NUMBER, "name": "赵小敏", "phone": "13900005671", "category": "accident",
    "hardship": "low_income", "hardship_until": "2022-12-31", "out_of_pocket": "15000",
    "papers": "ID,STUDENT", "consents": "processing,sensitive",
}  # fmt: skip
TYPING = f"n{NUMBER}\r赵小敏\r13900005671\r\r\r222022-12-31\r15000\r\r\r12\r12"


@pytest.mark.parametrize("how", ["SIGKILL", "SIGHUP", "closed"])
def test_no_field_is_lost_when_the_client_is_killed(stores: tuple[str, str], how: str) -> None:
    store = stores[0]
    command = [sys.executable, "-m", "rcaid", "--db", store, "--as", "jd-street"]
    with Terminal(command) as window:
        window.until("Register")
        window.send(TYPING)
        if how == "SIGKILL":
            window.until(lambda screen: "2/4" in screen)
            # Nothing more than two seconds of typing is ever lost; here the hands have rested.
            wait_until(lambda: window.read(0.05) is None or TYPED in kept(store), "a draft")
            window.process.send_signal(signal.SIGKILL)
        else:
            window.until(lambda screen: "2/4" in screen)
            if how == "SIGHUP":
                window.process.send_signal(signal.SIGHUP)
            else:
                window.hang_up()
        window.process.wait()
    assert kept(store) == [TYPED]
    with Terminal(command) as window:
        window.until("My drafts")
        window.send("\r")
        window.until(lambda screen: "accident" in screen and NUMBER[:9] in screen)
        for shown in ("赵小敏", "13900005671", "low income", "2022-12-31", "15000", "2/7", "2/4"):
            window.until(lambda screen, shown=shown: shown in screen.replace("赵 小 敏 ", "赵小敏"))
        window.send(QUIT)
        assert window.ended() == 0
