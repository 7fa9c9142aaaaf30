"""kill -9 at random moments of planning, applying and undoing: never half, never lost.

On each engine 32 moments of apply and 32 of undo, over all kinds; 500 and more of each in a soak. A
third falls on a call in the program, a third on the edge of a statement, a third comes from outside
by the clock, in the middle of whatever goes on.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rcaid.services.importing import plan_store
from rcaid.services.importing.plans import facts_of, read_plan
from rcaid.services.society import open_desk
from tests.longer import SEED, times
from tests.services.conftest import Society
from tests.services.killing import (
    LATER,
    Ground,
    Killer,
    Left,
    Life,
    Templates,
    close_society,
    digests_of,
    left_in,
    wrong_in,
)
from tests.services.ready import KINDS, OPPOSITE, a_roster, planned

MOMENTS = -(-times(30, 500) // len(KINDS))
WAYS = ("call", "edge", "clock")


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    made = Killer()
    yield made
    made.close()


@pytest.fixture
def templates(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Templates]:
    server = request.getfixturevalue("postgres_server") if engine == "postgres" else None
    made = Templates(server, tmp_path / "copies")
    yield made
    made.close()


@pytest.fixture(params=KINDS)
def ground(
    request: pytest.FixtureRequest, society: Society, killer: Killer, templates: Templates
) -> Ground:
    """A store in which a plan of each kind is ready to be applied."""
    ready = KINDS[request.param](society)
    _, plan = planned(society, request.param, ready, ready.write(society, wrong=[1]))
    job = {"act": "apply", "login": ready.login, "seed": 101, "day": LATER}
    template = templates.keep(close_society(society))
    return Ground(killer, templates, template, job, plan)


def moments(lives: dict[str, Life], name: str) -> Iterator[tuple[str, float]]:
    """Random moments of a life, in turn of the three ways; more often near the end, where the
    writing is."""
    draw = random.Random(f"{SEED} {name}")
    for n in range(MOMENTS):
        way = WAYS[n % len(WAYS)]
        part = draw.random() ** draw.choice((1, 1 / 4))
        if way == "clock":
            yield way, part * 1.1 * lives[way].milliseconds
        else:
            yield way, 1 + int(part * lives[way].steps)


def kill(
    ground: Ground, url: str, after: Left, done: Callable[[Left], bool], way: str, last: float
) -> bool:
    """Kills the act at this moment and looks at what is left; returns whether that is as before.

    What happened in spite of the kill, and every third that did not, is done again.
    """
    moment = f"{ground.job} {way} {last}"
    life = ground.act(url, way, last)
    left = ground.look(url)
    happened = done(left)
    assert happened or life.killed, moment
    assert happened or not life.answer, f"answered and lost: {moment}"
    assert left == (after if happened else ground.before), moment
    if happened and ground.job["act"] == "undo":
        return False
    if not happened and way != "edge":
        return True
    assert not ground.act(url).killed, moment
    assert ground.look(url) == after, f"again: {moment}"
    return False


def kill_often(ground: Ground, name: str, done: Callable[[Left], bool]) -> tuple[Life, str]:
    """Kills the act at all moments; returns how it goes when nobody disturbs it, and its store."""
    lives, ends = {}, []
    for way in WAYS:
        lives[way], end, template = ground.whole(way)
        ends.append(end)
    after = ends[0]
    assert done(after)
    assert ends == [after] * len(WAYS)
    waiting = list(moments(lives, name))
    while waiting:
        with ground.store() as url:
            while waiting and kill(ground, url, after, done, *waiting.pop()):
                pass
    return lives["edge"], template


def test_an_import_killed_at_any_moment_happened_or_did_not_and_so_does_its_undo(
    ground: Ground, request: pytest.FixtureRequest
) -> None:
    case = request.node.callspec
    facts = facts_of(ground.plan)
    assert facts is not None

    def is_in(state: str) -> Callable[[Left], bool]:
        return lambda left: left.imports.get(facts.plan_id) == state

    applied, template = kill_often(ground, f"apply {case.id}", is_in("applied"))
    job = ground.job | {"act": "undo", "login": "jd-reviewer", "batch": applied.answer}
    back = Ground(ground.killer, ground.templates, template, job, ground.plan)
    kill_often(back, f"undo {case.id}", is_in("undone"))
    with ground.store() as url, back.store() as other:
        back.act(other)
        # Money that was paid is taken back by opposite entries, so its rows stay.
        assert (digests_of(other) == digests_of(url)) == (case.params["ground"] not in OPPOSITE)


@pytest.mark.parametrize("large", [1 << 20, 0], ids=["one process", "two processes"])
def test_a_plan_killed_at_any_moment_leaves_the_store_alone_and_no_half_a_plan(
    society: Society, killer: Killer, templates: Templates, tmp_path: Path, large: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    ready = a_roster(society)
    path, login = ready.write(society, wrong=[1]), ready.login
    folder = tmp_path / "plans"
    monkeypatch.setattr(plan_store, "plan_folder", lambda desk: folder)
    job = {
        "act": "plan", "kind": "roster", "login": login, "cycle": ready.cycle, "file": str(path),
        "plan": str(folder / "a.plan"), "seed": 101, "day": LATER, "large": large,
    }  # fmt: skip
    with templates.fresh(templates.keep(close_society(society))) as url:
        lives = {way: killer.run(job | {"url": url}, way) for way in WAYS}
        before = left_in(url)
        for way, last in moments(lives, f"plan {large}"):
            shutil.rmtree(folder)
            killer.run(job | {"url": url}, way, last)
            left = left_in(url)
            # Only that somebody looked at a plan may have been written down.
            changed = {name for name in left.tables if left.tables[name] != before.tables[name]}
            assert changed in (set(), {"audit_head", "audit_event"}), (way, last)
            assert left.events - before.events == bool(changed)
            before = left
            _whole_or_swept(url, login, folder)
        assert wrong_in(url) == []
        assert not killer.run(job | {"url": url}).killed


def _whole_or_swept(url: str, login: str, folder: Path) -> None:
    """What lies there is a plan as good as any, or goes when it is old."""
    desk = open_desk(url, as_login=login)
    for each in folder.iterdir() if folder.exists() else ():
        if each.name == "a.plan":
            assert read_plan(desk, each).facts.rows_new == 8
        os.utime(each, (0, 0))
    plan_store.sweep(desk)
    desk.store.close()
    folder.mkdir(exist_ok=True)
    assert list(folder.iterdir()) == []
