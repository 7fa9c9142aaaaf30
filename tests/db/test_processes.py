"""Several sessions on one store: fair turns, no lost counts, nothing half done after a kill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from rcaid.db.engine import Store, open_store, value
from tests.db.support import all_at_once, everything, say, sql, worker

_COUNT = sql("SELECT count(*) FROM setting")


def test_writers_take_turns_and_none_starves(sqlite_store: Store) -> None:
    names = ["a", "b", "c", "d"]
    times = 60
    all_at_once([worker("writes", sqlite_store.place, name, str(times)) for name in names])
    order = [name for _, name in everything(sqlite_store, "setting", "key")]
    assert Counter(order) == dict.fromkeys(names, times)
    last = {name: len(order) - order[::-1].index(name) for name in names}
    until_first_done = Counter(order[: min(last.values())])
    assert min(until_first_done.values()) >= times // 4


def test_the_turn_says_who_took_it(sqlite_store: Store) -> None:
    sqlite_store.unit(lambda: None, what="roster.import")
    assert sqlite_store.turn_holder().endswith(" roster.import")  # type: ignore[attr-defined]


def test_counts_added_by_many_sessions_are_all_kept(store: Store, url: str) -> None:
    all_at_once([worker("adds", url, "40") for _ in range(4)])
    assert everything(store, "balance", "fund_id") == [("F1", "a", 160), ("F2", "a", 160)]


def test_a_unit_cut_off_by_a_kill_leaves_nothing(store: Store, url: str) -> None:
    victim = worker("half", url, "2000")
    assert say(victim) == "ready"
    victim.kill()
    victim.communicate()
    assert value(store, _COUNT) == 0
    store.unit(lambda: store.insert_many("setting", ("key", "value"), [("k0", "mine")]))
    assert everything(store, "setting", "key") == [("k0", "mine")]


@pytest.mark.parametrize("units", [1, 25])
def test_what_was_said_to_be_done_is_there_after_a_kill(
    url: str, units: int, new_url: Callable[..., str]
) -> None:
    victim = worker("pairs", url)
    assert say(victim) == "ready"
    assert victim.stdin is not None
    victim.stdin.write("go\n")
    victim.stdin.flush()
    for n in range(units):
        assert say(victim) == str(n)
    victim.kill()
    said, _ = victim.communicate()
    acknowledged = units + len(said.split("\n")) - 1
    store = open_store(url)
    keys = [key for key, _ in everything(store, "setting", "key")]
    store.close()
    done = len(keys) // 2
    assert keys == [f"{n:06}{half}" for n in range(done) for half in "ab"]
    assert done >= acknowledged
