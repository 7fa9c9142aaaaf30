"""Whatever the data hold, it only ever shows: read from the bytes that reach a terminal."""

from __future__ import annotations

import re
import sys

import pytest

from tests.terminal import hostile
from tests.terminal.pty_terminal import Terminal

CASEWORKER, DISTRICT = "jd-caseworker", "310114"


def rcaid(store: str, *words: str) -> list[str]:
    """The command of rcaid as a caseworker of the poisoned district."""
    return [sys.executable, "-m", "rcaid", "--db", store, "--as", CASEWORKER, *words]


@pytest.fixture
def poisoned(store: str) -> str:
    """A store in which every person and street of one district has a hostile name."""
    assert hostile.poison_names(store, DISTRICT) > len(hostile.NAMES)
    assert hostile.poison_offices(store, DISTRICT) > len(hostile.NAMES)
    assert hostile.poison_files(store, DISTRICT) > len(hostile.NAMES)
    assert hostile.poison_reasons(store, DISTRICT) > len(hostile.NAMES)
    assert hostile.pair_people(store, DISTRICT) > len(hostile.NAMES)
    return store


@pytest.mark.parametrize(
    "words",
    [
        ("person", "find", "z"),
        ("person", "find", "z", "--json"),
        ("roster", "list"),
        ("roster", "list", "--json"),
        ("roster", "show", "22A-R-310114001"),
        ("roster", "show", "22A-R-310114001", "--json"),
        ("case", "show", "22A-JD-00001"),
        ("person", "show", "22A-JD-00001"),
        ("quota", "show", "--cycle", "22A", "--full"),
        ("user", "list"),
        ("batch", "list"),
        ("import", "list"),
        ("import", "list", "--json"),
        ("import", "duplicates"),
        ("person", "find", "\x1b]0;PWNED\x07\x9b2J\u202e"),
        ("roster", "show", "\x1b]0;PWNED\x07\x9b2J\u202e"),
    ],
    ids=" ".join,
)
def test_no_byte_of_the_data_acts_on_the_terminal_of_a_command(
    poisoned: str, words: tuple[str, ...]
) -> None:
    with Terminal(rcaid(poisoned, *words), columns=200, rows=60) as terminal:
        status = terminal.ended()
    assert hostile.acting(bytes(terminal.received)) == []
    assert b"\x1b" not in _without_styles(bytes(terminal.received))
    assert status in (0, 4), terminal.text


def _without_styles(received: bytes) -> bytes:
    return re.sub(rb"\x1b\[[0-9;]*m", b"", received)


def test_hostile_names_are_shown_as_what_they_are(poisoned: str) -> None:
    with Terminal(rcaid(poisoned, "roster", "list"), columns=200, rows=60) as terminal:
        assert terminal.ended() == 0
    for shown in ("␛]0;PWNED", "⟨U+009B⟩2J", "⟨U+202E⟩", hostile.ACTION, hostile.BROKEN):
        assert shown in bytes(terminal.received).decode()


PEOPLE, CASES, ROSTERS, ENTER, PALETTE, QUIT = "\x1bOR", "\x1bOS", "\x1b[15~", "\r", "\x10", "\x11"
AID, IMPORTS = "\x1b[17~", "\x1b[18~"
PLACES = {
    "people": (PEOPLE, "/z", ENTER, "j", ENTER, "h", "\x1b", "e"),
    "people by hostile text": (PEOPLE, "/[@click=app.quit]x[/]", ENTER, "\x1b", "/[/]", ENTER),
    "cases": (CASES, "jjj", " ", "*", ENTER, "J", "J", "J", "e", "\x1b", "m"),
    "rosters": (ROSTERS, "jjjj", ENTER, "J", "e", "\x1b", "m", "\x1b", "\x1b", "2"),
    "aid": (AID, ENTER, *("GJ" * 4), "m", "\x1b", "\x1b", "2"),
    "batches": (IMPORTS, "2", "jj", ENTER, *("J" * 9), "e", "m", "\x1b", "\x1b", "o"),
    "duplicates": (IMPORTS, "3", "jjj", ENTER, "J", "l", "l", "d", "m", "\x1b", "\x1b"),
    "palette": (ROSTERS, PALETTE, "[@click=app.quit]x[/]"),
}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("place", PLACES)
def test_no_byte_of_the_data_acts_on_the_terminal_of_the_program(
    poisoned: str, place: str, size: tuple[int, int]
) -> None:
    with Terminal(rcaid(poisoned), columns=size[0], rows=size[1]) as terminal:
        terminal.until("Today")
        terminal.until_quiet()
        for keys in PLACES[place]:
            terminal.send(keys)
            terminal.until_quiet(0.15)
        received = bytes(terminal.received)
        assert "␛]" in received.decode() or hostile.ACTION in received.decode()
        assert hostile.acting(received) == []
        assert terminal.process.poll() is None, terminal.text
        terminal.send(QUIT)
        assert terminal.ended() == 0


def test_markup_in_a_name_is_shown_and_cannot_be_clicked(poisoned: str) -> None:
    with Terminal(rcaid(poisoned), columns=120, rows=40) as terminal:
        terminal.until("Today")
        terminal.send(CASES)
        terminal.until("[@click")
        terminal.until_quiet()
        terminal.click("[@click")
        terminal.until_quiet()
        for _ in hostile.NAMES:
            if hostile.ACTION in terminal.text:
                break
            terminal.send("j")
            terminal.until_quiet()
        for keys in ("", ENTER):
            terminal.send(keys)
            terminal.until_quiet()
            terminal.click(hostile.ACTION)
            terminal.until_quiet()
            assert terminal.process.poll() is None, terminal.text
            assert hostile.ACTION in terminal.text
        assert hostile.acting(bytes(terminal.received)) == []


@pytest.mark.parametrize("keys", ["", CASES, f"{PEOPLE}/z", f"{ROSTERS}{ENTER}"], ids=repr)
def test_a_screen_that_nobody_touches_sends_nothing(store: str, keys: str) -> None:
    with Terminal(rcaid(store)) as terminal:
        terminal.until("Today")
        terminal.send(keys)
        terminal.until_quiet()
        assert terminal.read(2.0) == b""
        assert terminal.process.poll() is None
