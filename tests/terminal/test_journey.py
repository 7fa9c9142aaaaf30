"""A whole way through the program in tmux: find, look, approve, be refused, quit. Slowly and in
one burst, at two sizes, in two languages, with the same end."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable

import pytest

from rcaid.db import people
from rcaid.domain.readings import tokens
from rcaid.locale import in_language
from rcaid.services import audit, staff
from rcaid.services.society import open_desk
from tests.terminal.tmux import Tmux

DISTRICT, LETTERS = "310113", "bs"
APPROVER, MAKER = f"{LETTERS}-approver", f"{LETTERS}-verifier"
PEOPLE, ROSTERS, ENTER, QUIT = "\x1bOR", "\x1b[15~", "\r", "\x11"
Shown = Callable[[str], bool]
Event = tuple[str, str, str]


@pytest.fixture(autouse=True)
def tmux_is_there() -> None:
    if shutil.which("tmux") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("tmux is not installed")
        pytest.skip("tmux is not installed")


@pytest.fixture
def town(store: str) -> str:
    """The store, in which the one who verified the rosters of the district is an approver there too."""
    desk = open_desk(store, as_login="sh-administrator")
    staff.grant(desk, MAKER, "approver", DISTRICT)
    desk.store.close()
    return store


def events(store: str) -> list[Event]:
    """Everything the two did in the program, oldest first: who, what, to what."""
    desk = open_desk(store, as_login="sh-auditor")
    found = audit.log(desk, limit=100_000)
    desk.store.close()
    mine = [each for each in found if each.actor in (APPROVER, MAKER)]
    return [(each.actor, each.act, each.object) for each in reversed(mine)]


def steps_of_rosters(store: str) -> list[tuple[str, str]]:
    """Every roster and the step it is at."""
    connection = sqlite3.connect(store)
    found = connection.execute("SELECT number, state FROM roster ORDER BY number").fetchall()
    connection.close()
    return found


def somebody(store: str) -> tuple[str, str]:
    """Somebody of the district whose initials are theirs alone there: (initials, person id)."""
    desk = open_desk(store, as_login=APPROVER)
    offices = desk.offices.below(desk.offices.by_code[DISTRICT].id)
    found = people.page(desk.store, offices, "", 1000)
    desk.store.close()
    initials = {each.id: tokens(each.name or "")[-1] for each in found}
    times = Counter(initials.values())
    return next((word, id) for id, word in initials.items() if times[word] == 1 and len(word) == 3)


class Journey:
    """The keys of one person's way, and what must stand there before the next ones are typed."""

    def __init__(self, language: str) -> None:
        self._say = lambda text: in_language(language, text)
        self.steps: list[tuple[str, Shown]] = [("", self._title("Today"))]

    def _title(self, text: str) -> Shown:
        return lambda screen: self._say(text) in screen.splitlines()[0]

    def find(self, initials: str) -> Journey:
        """Find a person by initials and open their card."""
        self.steps += [
            (PEOPLE, self._title("People")),
            (f"/{initials}", lambda screen: "310***" in screen),
            (ENTER, lambda screen: "310***" in screen),
            (ENTER, lambda screen: self._say("People") not in screen.splitlines()[1]),
        ]
        return self

    def frozen(self) -> Journey:
        """Go to the rosters that are frozen."""
        self.steps += [
            (ROSTERS, self._title("Rosters & quota")),
            (f"/step:frozen{ENTER}", lambda screen: f"23A-R-{DISTRICT}" in screen),
        ]
        return self

    def approve(self) -> Journey:
        """Approve the first, through the review."""
        self.steps += [
            ("a", self._title("Review")),
            (f"1{ENTER}", self._title("Rosters & quota")),
        ]
        return self

    def be_refused(self) -> Journey:
        """Try to approve the first, and be told why not."""
        self.steps += [("a", lambda screen: "BR-040" in screen)]
        return self


def walk(store: str, login: str, journey: Journey, size: tuple[int, int], language: str) -> None:
    """Goes step by step, each time waiting for what is to be seen."""
    with _program(store, login, size, language) as window:
        for keys, shown in journey.steps:
            if keys:
                window.send(keys)
            window.until(shown, f"after {keys!r}")
        window.send(QUIT)
        assert window.ended() == 0


def burst(store: str, login: str, journey: Journey, size: tuple[int, int], language: str) -> None:
    """Types everything in one write, as soon as the program has the terminal."""
    with _program(store, login, size, language) as window:
        # Until then it is the system's: it takes ^q for a signal to go on and gives it to nobody.
        window.until(journey.steps[0][1])
        window.send("".join(keys for keys, _ in journey.steps) + QUIT)
        assert window.ended() == 0


def run_ahead(
    store: str, login: str, journey: Journey, size: tuple[int, int], language: str
) -> None:
    """Types everything in one write, before anything is to be seen; quits at the end of it."""
    with _program(store, login, size, language) as window:
        window.send("".join(keys for keys, _ in journey.steps))
        window.until(journey.steps[-1][1], "the end")
        window.send(QUIT)
        assert window.ended() == 0


def _program(store: str, login: str, size: tuple[int, int], language: str) -> Tmux:
    words = ["--db", store, "--as", login, "--lang", language]
    return Tmux([sys.executable, "-m", "rcaid", *words], columns=size[0], rows=size[1])


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_slow_hands_and_one_burst_come_to_the_same_end(
    town: str, size: tuple[int, int], language: str
) -> None:
    other = str(shutil.copyfile(town, f"{town}.burst"))
    initials, person = somebody(town)
    before = events(town)
    refused = Journey(language).find(initials).frozen().be_refused()
    approved = Journey(language).find(initials).frozen().approve()
    walk(town, MAKER, refused, size, language)
    walk(town, APPROVER, approved, size, language)
    run_ahead(other, MAKER, refused, size, language)
    burst(other, APPROVER, approved, size, language)
    *looks, approval = events(town)[len(before) :]
    assert looks == [(MAKER, "person.card", person), (APPROVER, "person.card", person)]
    assert approval[:2] == (APPROVER, "roster.approve")
    assert approval[2].startswith(f"23A-R-{DISTRICT}")
    assert events(other)[len(before) :] == [*looks, approval]
    assert steps_of_rosters(town) == steps_of_rosters(other)
    assert (approval[2], "approved") in steps_of_rosters(town)
