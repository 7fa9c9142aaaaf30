"""What only PostgreSQL needs: its address, its collation, clashes of units, a lost connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import psycopg
import pytest

from rcaid.db.engine import Store, open_store, value
from rcaid.domain.errors import Unusable
from rcaid.domain.sentences import sentence
from tests.db.support import everything, sql
from tests.postgres_server import Server

_COUNT = sql("SELECT count(*) FROM setting")
_MARKET = "postgresql://clerk:secret@localhost:1/relief"


@pytest.fixture
def other(postgres_store: Store, postgres_url: str) -> Iterator[psycopg.Connection]:
    """A bare second connection to the same database."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


def _refusal(url: str) -> tuple[str, str]:
    with pytest.raises(Unusable) as refusal:
        open_store(url)
    (problem,) = refusal.value.problems
    return problem.code, sentence(problem)


def test_a_server_that_does_not_answer_is_named_without_the_password() -> None:
    code, said = _refusal(_MARKET)
    assert code == "store.unreachable"
    assert "postgresql://localhost:1/relief" in said
    assert "secret" not in said
    assert "clerk" not in said
    assert "\n" not in said


def test_an_address_that_makes_no_sense_is_refused_in_a_sentence() -> None:
    assert _refusal("postgresql://a b:c@@:x/")[0] == "store.unreachable"


def test_a_database_that_is_not_there_is_refused_in_a_sentence(postgres_server: Server) -> None:
    code, said = _refusal(postgres_server.url_of("nowhere"))
    assert code == "store.unreachable"
    assert "nowhere" in said


@pytest.mark.parametrize(
    "options",
    [
        "TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'",
        "TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'",
        "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C'",
    ],
    ids=["ascii", "latin1", "linguistic"],
)
def test_another_encoding_or_collation_is_refused(postgres_server: Server, options: str) -> None:
    name = postgres_server.create(options=options)
    try:
        code, said = _refusal(postgres_server.url_of(name))
        assert code == "store.collation"
        assert "LC_COLLATE 'C'" in said
    finally:
        postgres_server.drop(name)


def test_a_row_that_is_locked_waits_for_nobody_else_and_is_free_after(
    postgres_store: Store, other: psycopg.Connection
) -> None:
    postgres_store.add_many("balance", ("fund_id", "account"), ("fen",), [("F", "a", 1)])
    nowait = "SELECT fen FROM balance WHERE fund_id = 'F' FOR UPDATE NOWAIT"

    def work() -> None:
        postgres_store.lock("balance", "fund_id", ["F"])
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(nowait)

    postgres_store.unit(work)
    assert other.execute(nowait).fetchone() == (1,)


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_passing_clash_runs_the_unit_again(postgres_store: Store, state: str) -> None:
    runs = []

    def work() -> int:
        postgres_store.insert_many("setting", ("key", "value"), [(f"k{len(runs)}", "")])
        runs.append(1)
        if len(runs) < 3:
            postgres_store.script(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$")
        return len(runs)

    assert postgres_store.unit(work) == 3
    assert everything(postgres_store, "setting", "key") == [("k2", "")]


def test_a_clash_that_does_not_pass_ends_in_a_sentence(
    postgres_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rcaid.db.postgres.random.uniform", lambda low, high: 0.0)
    runs = []

    def work() -> None:
        runs.append(1)
        postgres_store.script("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")

    with pytest.raises(Unusable) as refusal:
        postgres_store.unit(work)
    assert [problem.code for problem in refusal.value.problems] == ["store.busy"]
    assert len(runs) == 8


def test_two_units_that_lock_crosswise_both_end(postgres_store: Store, postgres_url: str) -> None:
    rows = [("F1", "a", 0), ("F2", "a", 0)]
    postgres_store.add_many("balance", ("fund_id", "account"), ("fen",), rows)
    grow = sql("UPDATE balance SET fen = fen + 1 WHERE fund_id = :fund")
    both_hold_one = threading.Barrier(2)
    runs: list[str] = []

    def session(first: str, second: str) -> None:
        store = open_store(postgres_url)
        store.script("SET deadlock_timeout = '10ms'")

        def work() -> None:
            store.run(grow, {"fund": first})
            runs.append(first)
            if runs.count(first) == 1:
                both_hold_one.wait()
            store.run(grow, {"fund": second})

        store.unit(work)
        store.close()

    threads = [threading.Thread(target=session, args=pair) for pair in (("F1", "F2"), ("F2", "F1"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert everything(postgres_store, "balance", "fund_id") == [("F1", "a", 2), ("F2", "a", 2)]
    assert len(runs) > 2


def test_a_key_taken_meanwhile_is_seen_when_the_unit_runs_again(
    postgres_store: Store, other: psycopg.Connection
) -> None:
    look = sql("SELECT value FROM setting WHERE key = 'k'")

    def work() -> str:
        found = value(postgres_store, look)
        if found is None:
            other.execute("INSERT INTO setting (key, value) VALUES ('k', 'theirs')")
            postgres_store.insert_many("setting", ("key", "value"), [("k", "mine")])
        return str(found)

    assert postgres_store.unit(work) == "theirs"


def test_a_key_taken_for_good_is_an_error(postgres_store: Store) -> None:
    rows = [("k", "")]
    postgres_store.insert_many("setting", ("key", "value"), rows)
    with pytest.raises(psycopg.errors.UniqueViolation):
        postgres_store.insert_many("setting", ("key", "value"), rows)
    assert value(postgres_store, _COUNT) == 1


def test_a_connection_cut_in_a_unit_ends_it_and_the_next_unit_connects_again(
    postgres_store: Store, other: psycopg.Connection
) -> None:
    pid = value(postgres_store, sql("SELECT pg_backend_pid()"))

    def work() -> None:
        postgres_store.insert_many("setting", ("key", "value"), [("lost", "")])
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
        value(postgres_store, _COUNT)

    with pytest.raises(Unusable) as refusal:
        postgres_store.unit(work)
    assert [problem.code for problem in refusal.value.problems] == ["store.unreachable"]
    postgres_store.insert_many("setting", ("key", "value"), [("kept", "")])
    assert everything(postgres_store, "setting", "key") == [("kept", "")]


def test_a_standby_that_refuses_writes_says_so(postgres_store: Store) -> None:
    with pytest.raises(Unusable) as refusal:
        postgres_store.unit(
            lambda: postgres_store.script(
                "SET TRANSACTION READ ONLY; INSERT INTO setting (key, value) VALUES ('k', '')"
            )
        )
    assert [problem.code for problem in refusal.value.problems] == ["store.read_only"]


def test_a_full_disk_of_the_server_says_so(postgres_store: Store) -> None:
    with pytest.raises(Unusable) as refusal:
        postgres_store.script("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$")
    assert [problem.code for problem in refusal.value.problems] == ["store.full"]


@pytest.mark.parametrize("more", [0, 30], ids=["few", "many"])
def test_a_token_may_have_quotes_and_backslashes(postgres_store: Store, more: int) -> None:
    docs = [(1, "o'neil \\x a''b"), *((10 + i, "x") for i in range(more))]
    postgres_store.replace_search(docs)
    for query in ("'o''neil'", "'\\\\x'", "'a''''b'", "'o''neil' <-> '\\\\x'"):
        assert postgres_store.search(query, 10) == [1]


def test_a_second_store_of_the_same_statement_names_is_independent(
    new_url: Callable[..., str],
) -> None:
    first, second = (open_store(new_url("postgres")) for _ in range(2))
    first.insert_many("setting", ("key", "value"), [("k", "")])
    assert (value(first, _COUNT), value(second, _COUNT)) == (1, 0)
    first.close()
    second.close()
