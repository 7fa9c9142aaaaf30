"""What is for large stores, tried out in small ones."""

from __future__ import annotations

import pytest

from rcaid.db import people, sqlite
from rcaid.db.engine import Store, value
from tests.db.support import sql

_CACHE = sql("PRAGMA cache_size")


def test_the_cache_is_roomy_for_the_work_and_as_before_after_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    if store.engine != "sqlite":
        with store.roomy():
            assert value(store, sql("SELECT 1")) == 1
        return
    before = value(store, _CACHE)
    with store.roomy():
        assert value(store, _CACHE) == before
    monkeypatch.setattr(sqlite, "_LARGE", 0)
    with store.roomy():
        assert abs(value(store, _CACHE)) > abs(before)
    assert value(store, _CACHE) == before


def test_a_long_list_finds_the_largest_and_smallest_hash(store: Store) -> None:
    hashes = [-(2**63), -1, 0, 2**53 + 1, 2**63 - 1]
    keys = [(people.PHONE, hash_, n, f"P{n}") for n, hash_ in enumerate(hashes)]
    store.insert_many("person_key", ("kind", "hash", "n", "owner_id"), keys)
    found = people.keys(store, people.PHONE, [*hashes, 5])
    assert found == {hash_: [(n, f"P{n}")] for n, hash_ in enumerate(hashes)}
    assert people.keys(store, people.PHONE, []) == {}


def test_who_fits_a_circle_too_is_told_with_who_fits(store: Store) -> None:
    tokens = {
        1: "赵 敏 zhaomin zm 街310101001",
        2: "赵 伟 zhaowei zw 街310101002",
        3: "王 敏 wangmin wm",
    }
    store.unit(lambda: store.add_search(tokens.items()))
    quoted = '"{}"' if store.engine == "sqlite" else "'{}'"
    here = quoted.format("街310101001")
    assert store.search_within(quoted.format("赵"), here, 10) == [(1, True), (2, False)]
    assert store.search_within(quoted.format("孙"), here, 10) == []
