"""A whole way through the program in tmux: find, look, approve, be refused, quit. Slowly and in
one burst, at two sizes, in two languages, with the same end."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable

import pytest

from rcaid.db import people
from rcaid.domain.readings import tokens
from rcaid.locale import in_language
from rcaid.services import audit, staff
from rcaid.services.desk import Desk
from rcaid.services.society import open_desk
from tests.terminal.tmux import Tmux

DISTRICT, LETTERS = "310113", "bs"
APPROVER, MAKER = f"{LETTERS}-approver", f"{LETTERS}-reviewer"
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
    """The store, in which the one who froze the district's rosters is an approver there too."""
    desk = open_desk(store, as_login="sh-administrator")
    staff.grant(desk, MAKER, "approver", DISTRICT)
    desk.store.close()
    return store


def as_auditor(store: str, read: Callable[[Desk], list[Event]]) -> list[Event]:
    """What somebody who may see the whole record reads in a store."""
    desk = open_desk(store, as_login="sh-auditor")
    try:
        return read(desk)
    finally:
        desk.store.close()


def events(store: str) -> list[Event]:
    """Everything the two did in the program, oldest first: who, what, to what."""

    def read(desk: Desk) -> list[Event]:
        found = audit.log(desk, limit=100_000)
        mine = [each for each in found if each.actor in (APPROVER, MAKER)]
        return [(each.actor, each.act, each.object) for each in reversed(mine)]

    return as_auditor(store, read)


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
            (initials, lambda screen: "310***" in screen),
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
    """Types everything at once, before anything is to be seen."""
    with _program(store, login, size, language) as window:
        window.send("".join(keys for keys, _ in journey.steps) + QUIT)
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
    for store, travel in ((town, walk), (other, burst)):
        travel(store, MAKER, Journey(language).find(initials).frozen().be_refused(), size, language)
        way = Journey(language).find(initials).frozen().approve()
        travel(store, APPROVER, way, size, language)
    done = events(town)[len(before) :]
    assert (APPROVER, "roster.approve", f"23A-R-{DISTRICT}003") in done
    assert not [act for who, act, _ in done if who == MAKER and act == "roster.approve"]
    assert {who for who, _, what in done if what == person} == {MAKER, APPROVER}
    assert events(other)[len(before) :] == done
