"""Whatever the data hold, it only ever shows: read from the bytes that reach a terminal."""

from __future__ import annotations

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
    import re

    return re.sub(rb"\x1b\[[0-9;]*m", b"", received)


def test_hostile_names_are_shown_as_what_they_are(poisoned: str) -> None:
    with Terminal(rcaid(poisoned, "roster", "list"), columns=200, rows=60) as terminal:
        assert terminal.ended() == 0
    for shown in ("␛]0;PWNED", "⟨U+009B⟩2J", "⟨U+202E⟩", hostile.ACTION, hostile.BROKEN):
        assert shown in bytes(terminal.received).decode()
