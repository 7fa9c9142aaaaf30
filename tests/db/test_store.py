"""What every store does, whichever engine keeps it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from rcaid.db.engine import Row, Store, open_store, value
from rcaid.domain.errors import Unusable
from tests.db.support import INTEGRITY, everything, sql

_WRITE = sql("INSERT INTO setting (key, value) VALUES (:key, :value)")
_COUNT = sql("SELECT count(*) FROM setting")
_KEYS = sql("SELECT key FROM setting ORDER BY key")
_BALANCE = ("fund_id", "account")

FEW_AND_MANY = pytest.mark.parametrize("size", [3, 300], ids=["few", "many"])


class _StopError(Exception):
    pass


def _settings(size: int) -> list[Row]:
    return [(f"k{i:04}", f"v{i}") for i in range(size)]


def _write(store: Store, key: str) -> int:
    return store.run(_WRITE, {"key": key, "value": "v"})


def test_a_unit_commits_and_returns_what_the_work_returns(store: Store, url: str) -> None:
    assert store.unit(lambda: _write(store, "a")) == 1
    other = open_store(url)
    assert other.rows(_KEYS) == [("a",)]
    other.close()


@pytest.mark.parametrize("error", [_StopError, KeyboardInterrupt])
def test_a_unit_that_fails_leaves_nothing(store: Store, error: type[BaseException]) -> None:
    def work() -> None:
        _write(store, "a")
        store.insert_many("setting", ("key", "value"), _settings(300))
        raise error

    with pytest.raises(error):
        store.unit(work)
    assert value(store, _COUNT) == 0
    store.unit(lambda: _write(store, "b"))
    assert store.rows(_KEYS) == [("b",)]


def test_a_unit_inside_a_unit_joins_it(store: Store) -> None:
    def work() -> None:
        store.unit(lambda: _write(store, "inner"))
        raise _StopError

    with pytest.raises(_StopError):
        store.unit(work)
    assert value(store, _COUNT) == 0


def test_a_unit_sees_its_own_writes_and_others_do_not(store: Store, url: str) -> None:
    other = open_store(url)

    def work() -> tuple[int, int]:
        _write(store, "a")
        return value(store, _COUNT), value(other, _COUNT)

    assert store.unit(work) == (1, 0)
    other.close()


def test_a_thread_never_reads_anothers_unfinished_unit(store: Store) -> None:
    seen: list[int] = []
    reader = threading.Thread(target=lambda: seen.append(value(store, _COUNT)))

    def work() -> None:
        _write(store, "a")
        reader.start()
        raise _StopError

    with pytest.raises(_StopError):
        store.unit(work)
    reader.join()
    assert seen == [0]


def test_values_come_back_as_they_went_in(store: Store) -> None:
    rows = [
        ("d1", "s", "名单 'x' \\ %s :a \"q\"", "\t\n", b"\x00\xff'\\"),
        ("d2", "s", "", "", b""),
    ]
    store.insert_many("draft", ("id", "staff_id", "place", "kept_at", "sealed"), rows)
    found = everything(store, "draft", "id")
    assert found == rows
    assert [type(each) for each in found[0]] == [str, str, str, str, bytes]


def test_numbers_are_integers_of_64_bits(store: Store) -> None:
    rows = [(1, 2**63 - 1, 0, "a"), (1, -(2**63), 0, "b"), (2, -1, 0, "c")]
    store.insert_many("person_key", ("kind", "hash", "n", "owner_id"), rows)
    assert everything(store, "person_key", "owner_id") == rows
    found = store.rows(
        sql(
            "SELECT kind, sum(hash), count(*), sum(n) = 0, max(kind) > 5"
            " FROM person_key GROUP BY kind ORDER BY kind"
        )
    )
    assert found == [(1, -1, 2, 1, 0), (2, -1, 1, 1, 0)]
    assert {type(each) for row in found for each in row} == {int}


def test_texts_sort_by_code_point(store: Store) -> None:
    keys = ["b", "B", "a-1", "a1", "é", "王", "㐀", "_", "1", "𠮷"]
    store.insert_many("setting", ("key", "value"), [(key, "") for key in keys])
    assert [key for (key,) in store.rows(_KEYS)] == sorted(keys)


def test_run_says_how_many_rows_it_touched(store: Store) -> None:
    store.insert_many("setting", ("key", "value"), _settings(5))
    gone = sql("DELETE FROM setting WHERE key IN (:keys)", "keys")
    assert store.run(gone, {"keys": ["k0001", "k0003", "nobody"]}) == 2
    assert store.run(gone, {"keys": []}) == 0


def test_a_parameter_may_be_null_without_a_type(store: Store) -> None:
    store.insert_many("setting", ("key", "value"), _settings(2))
    some = sql("SELECT key FROM setting WHERE (:key IS NULL OR key = :key) ORDER BY key")
    assert store.rows(some, {"key": None}) == [("k0000",), ("k0001",)]
    assert store.rows(some, {"key": "k0001"}) == [("k0001",)]
    assert store.rows(sql("SELECT key FROM setting WHERE key LIKE '%1'")) == [("k0001",)]


@FEW_AND_MANY
def test_rows_go_in_from_a_generator(store: Store, size: int) -> None:
    def rows() -> Iterator[Row]:
        yield from _settings(size)

    store.insert_many("setting", ("key", "value"), rows())
    assert everything(store, "setting", "key") == _settings(size)


@FEW_AND_MANY
def test_a_taken_key_keeps_all_rows_of_the_call_out(store: Store, size: int) -> None:
    _write(store, f"k{size - 1:04}")
    with pytest.raises(INTEGRITY):
        store.insert_many("setting", ("key", "value"), _settings(size))
    assert value(store, _COUNT) == 1


@FEW_AND_MANY
def test_rows_are_updated_where_their_keys_hold(store: Store, size: int) -> None:
    columns = ("id", "office_id", "version")
    rows = [(f"H{i:04}", "O1", 1) for i in range(size)]
    store.insert_many("household", columns, rows)
    changes = [("O2", 2, row[0], 1) for row in rows[1:]]
    touched = store.update_many("household", ("office_id", "version"), ("id", "version"), changes)
    assert touched == size - 1
    assert everything(store, "household", "id") == [rows[0]] + [(r[0], "O2", 2) for r in rows[1:]]


@FEW_AND_MANY
def test_a_row_that_moved_on_is_not_touched(store: Store, size: int) -> None:
    rows = [(f"H{i:04}", "O1", 1 + (i == 0)) for i in range(size)]
    store.insert_many("household", ("id", "office_id", "version"), rows)
    changes = [(2, row[0], 1) for row in rows]
    assert store.update_many("household", ("version",), ("id", "version"), changes) == size - 1


@FEW_AND_MANY
def test_bytes_and_nulls_are_updated(store: Store, size: int) -> None:
    columns = ("batch_id", "row_no", "outcome", "object_id", "problems", "sealed")
    rows = [("B", i, "new", None, "p", b"x") for i in range(size)]
    store.insert_many("import_row", columns, rows)
    changes = [(f"O{i}", None, b"\x00", "B", i) for i in range(size)]
    keys = ("batch_id", "row_no")
    assert store.update_many("import_row", ("object_id", "problems", "sealed"), keys, changes)
    found = everything(store, "import_row", "row_no")
    assert found == [("B", i, "new", f"O{i}", None, b"\x00") for i in range(size)]


def test_no_rows_are_no_work(store: Store) -> None:
    store.insert_many("setting", ("key", "value"), [])
    assert store.update_many("setting", ("value",), ("key",), []) == 0
    store.add_many("balance", _BALANCE, ("fen",), [])
    store.replace_search([])
    store.forget_search([])
    assert value(store, _COUNT) == 0


@FEW_AND_MANY
def test_counters_are_made_and_grow(store: Store, size: int) -> None:
    rows = [(f"F{i:04}", "payable", 10) for i in range(size)]
    store.add_many("balance", _BALANCE, ("fen",), rows)
    store.add_many("balance", _BALANCE, ("fen",), [(f, a, -4) for f, a, _ in rows])
    assert everything(store, "balance", "fund_id") == [(f, a, 6) for f, a, _ in rows]


@FEW_AND_MANY
def test_one_counter_twice_in_a_call_grows_by_both(store: Store, size: int) -> None:
    store.add_many("balance", _BALANCE, ("fen",), [("F", "payable", i) for i in range(size)])
    assert everything(store, "balance", "fund_id") == [("F", "payable", sum(range(size)))]


@FEW_AND_MANY
def test_several_sums_grow_together(store: Store, size: int) -> None:
    keys = ("office_id", "cycle_id", "machine", "category", "state", "day")
    rows = [("O", "C", "line", "*", "listed", f"d{i:04}", 1, 100) for i in range(size)]
    store.add_many("flow", keys, ("n", "fen"), rows)
    store.add_many("flow", keys, ("n", "fen"), [(*row[:6], -1, 50) for row in rows])
    assert everything(store, "flow", "day") == [(*row[:6], 0, 150) for row in rows]


@FEW_AND_MANY
def test_a_balance_below_zero_keeps_the_whole_call_out(store: Store, size: int) -> None:
    rows = [(f"F{i:04}", "payable", 10) for i in range(size)]
    store.add_many("balance", _BALANCE, ("fen",), rows)
    with pytest.raises(INTEGRITY):
        store.add_many(
            "balance", _BALANCE, ("fen",), [(f, a, -11 if f == "F0001" else 1) for f, a, _ in rows]
        )
    assert everything(store, "balance", "fund_id") == rows


def test_a_stream_gives_every_row_and_lets_other_reads_in(store: Store) -> None:
    rows = _settings(5_000)
    store.insert_many("setting", ("key", "value"), rows)
    seen = []
    for n, row in enumerate(store.stream(sql("SELECT key, value FROM setting ORDER BY key"))):
        if n % 1_000 == 0:
            assert value(store, _COUNT) == 5_000
        seen.append(row)
    assert seen == rows


def test_a_stream_reads_inside_a_unit(store: Store) -> None:
    def work() -> int:
        store.insert_many("setting", ("key", "value"), _settings(3_000))
        return sum(1 for _ in store.stream(_KEYS))

    assert store.unit(work) == 3_000


def test_a_stream_left_halfway_does_no_harm(store: Store) -> None:
    store.insert_many("setting", ("key", "value"), _settings(3_000))
    stream = store.stream(_KEYS)
    assert next(stream) == ("k0000",)
    stream.close()  # type: ignore[attr-defined]
    store.unit(lambda: _write(store, "z"))
    assert value(store, _COUNT) == 3_001


_ZHANG = {"sqlite": '"zhang" *', "postgres": "'zhang':*"}
_WANG_WEI = {"sqlite": '"王 伟"', "postgres": "'王' <-> '伟'"}
_BOTH = {"sqlite": '"zhang" * AND "4417"', "postgres": "'zhang':* & '4417'"}


def test_search_finds_documents_by_tokens_and_phrases(store: Store) -> None:
    store.replace_search(
        [(1, "王 伟 wangwei 1234"), (2, "张 三 zhangsan 4417"), (3, "伟 王 zhangx")]
    )
    assert store.search(_WANG_WEI[store.engine], 10) == [1]
    assert sorted(store.search(_ZHANG[store.engine], 10)) == [2, 3]
    assert store.search(_BOTH[store.engine], 10) == [2]
    assert len(store.search(_ZHANG[store.engine], 1)) == 1


@pytest.mark.parametrize("more", [0, 50], ids=["few", "many"])
def test_a_search_entry_is_replaced_and_forgotten(store: Store, more: int) -> None:
    others = [(10 + i, f"li{i}") for i in range(more)]
    store.replace_search([(1, "zhangsan"), (2, "zhangsi"), *others])
    store.replace_search([(1, "王 伟"), *others])
    assert store.search(_ZHANG[store.engine], 10) == [2]
    assert store.search(_WANG_WEI[store.engine], 10) == [1]
    store.forget_search([2, 99])
    assert store.search(_ZHANG[store.engine], 10) == []


def test_search_entries_of_a_failed_unit_are_not_kept(store: Store) -> None:
    def work() -> None:
        store.replace_search([(1, "zhangsan")])
        raise _StopError

    with pytest.raises(_StopError):
        store.unit(work)
    assert store.search(_ZHANG[store.engine], 10) == []


def test_a_store_opened_to_read_refuses_to_write(store: Store, url: str) -> None:
    store.unit(lambda: _write(store, "a"))
    reader = open_store(url, read_only=True)
    assert reader.rows(_KEYS) == [("a",)]
    for act in (lambda: reader.unit(lambda: _write(reader, "b")), lambda: _write(reader, "b")):
        with pytest.raises(Unusable) as refusal:
            act()
        assert [problem.code for problem in refusal.value.problems] == ["store.read_only"]
    reader.close()


def test_a_snapshot_sees_one_moment_and_hinders_nobody(store: Store) -> None:
    store.insert_many("setting", ("key", "value"), _settings(2_500))
    moment = store.snapshot()
    store.unit(lambda: _write(store, "later"))
    assert (value(moment, _COUNT), value(store, _COUNT)) == (2_500, 2_501)
    assert [key for (key,) in moment.stream(_KEYS)] == [key for key, _ in _settings(2_500)]
    with pytest.raises(Unusable):
        moment.unit(lambda: _write(moment, "never"))
    moment.close()


def test_optimising_changes_no_row(store: Store) -> None:
    store.insert_many("setting", ("key", "value"), _settings(50))
    store.optimise()
    assert everything(store, "setting", "key") == _settings(50)


def test_a_script_runs_several_statements(blank_store: Store) -> None:
    blank_store.script(
        "-- a comment; with a semicolon\nCREATE TABLE a (x TEXT);\n"
        "INSERT INTO a (x) VALUES (';%s :x');\n-- the end; of it\n"
    )
    assert blank_store.rows(sql("SELECT x FROM a")) == [(";%s :x",)]


def test_a_lock_of_no_rows_or_unknown_rows_is_none(store: Store) -> None:
    def work() -> int:
        store.lock("balance", "fund_id", [])
        store.lock("balance", "fund_id", ["nobody"])
        return _write(store, "a")

    assert store.unit(work) == 1
