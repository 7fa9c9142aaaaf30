"""However often a decision is sent, by however many, and whenever a process dies: one payment.

On each engine a decision and an entitling are killed at edges of their statements, the commit and
the answer among them, and sent again; and many sessions send the same at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rcaid.db.engine import open_store
from rcaid.domain.errors import Refused
from rcaid.services.clock import SetClock
from rcaid.services.invariants import broken
from rcaid.services.society import open_desk
from tests.longer import times
from tests.services.applying import applying, fire
from tests.services.conftest import Society
from tests.services.deciding import CITY, cleared, proposed
from tests.services.dying import DECIDING
from tests.services.killing import LATER, Killer, Templates, close_society, wrong_in
from tests.services.writing import number

MOMENTS = times(6, 60)
SESSIONS = 6
ONE = "22F-JD-00001"
BEFORE = {"approve": proposed, "entitle": cleared}
KIND = {"approve": "commit", "entitle": "entitle"}


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


def posted(url: str, kind: str) -> int:
    """How many entries of a kind the ledger has for the case."""
    store = open_store(url)
    try:
        return number(
            store,
            "SELECT count(*) FROM ledger_entry l JOIN aid_case c ON c.id = l.case_id"
            f" WHERE c.case_no = '{ONE}' AND l.kind = '{kind}'",
        )
    finally:
        store.close()


@pytest.mark.parametrize("act", ["approve", "entitle"])
def test_killed_at_any_edge_and_sent_again_it_is_decided_once(
    act: str, society: Society, killer: Killer, templates: Templates
) -> None:
    assert BEFORE[act](applying(society), fire()) == ONE
    template = templates.keep(close_society(society))
    job: dict[str, object] = {"act": act, "login": CITY, "case": ONE, "seed": 11, "day": LATER}
    with templates.fresh(template) as url:
        steps = killer.run(job | {"url": url}, "edge").steps
    assert steps > MOMENTS
    for n in range(MOMENTS):
        last = steps - n * (steps // MOMENTS)
        with templates.fresh(template) as url:
            life = killer.run(job | {"url": url}, "edge", last)
            happened = posted(url, KIND[act])
            assert happened <= 1, last
            assert happened or not life.answer, f"answered and lost: {last}"
            again = killer.run(job | {"url": url})
            assert (again.answer == "state.no_move") == bool(happened), last
            assert posted(url, KIND[act]) == 1, last
            assert wrong_in(url) == [], last


@pytest.mark.parametrize("act", ["approve", "entitle"])
def test_many_sessions_that_send_the_same_decide_once(act: str, society: Society) -> None:
    assert BEFORE[act](applying(society), fire()) == ONE
    url = close_society(society)

    def send(_: int) -> str:
        desk = open_desk(url, as_login=CITY, clock=SetClock(LATER))
        try:
            DECIDING[act](desk, [ONE])
            return "done"
        except Refused as refused:
            return refused.problems[0].code
        finally:
            desk.store.close()

    with ThreadPoolExecutor(SESSIONS) as pool:
        answers = list(pool.map(send, range(SESSIONS)))
    assert answers.count("done") == 1
    assert set(answers) <= {"done", "state.no_move", "state.stale"}
    assert posted(url, KIND[act]) == 1
    store = open_store(url)
    assert broken(store) == []
    store.close()
