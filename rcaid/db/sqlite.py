"""The embedded store: one SQLite file in WAL mode, opened through sqlite-utils."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from rcaid.db.engine import _NO_PARAMS, Params, Row, Statement, expand, summed, unset_params
from rcaid.db.turn import Turn
from rcaid.domain.errors import Problem, Unusable

T = TypeVar("T")

OLDEST = (3, 43, 0)  # contentless_delete
SAFE = (3, 51, 3)  # the WAL-reset bug is mended
_TRIES = 8
_PAGE_SIZE = "PRAGMA page_size=8192"  # of a new store; an import writes a fifth less than at 4096
_CACHE = "PRAGMA cache_size=-131072"
_ROOMY_CACHE = "PRAGMA cache_size=-786432"
_LARGE = 1 << 29
_PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA busy_timeout=30000",
    "PRAGMA synchronous=FULL",
    _CACHE,
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)

# The driver looks for an adapter of every null and every blob it binds, and finding none takes it
# ten times as long as finding these two, which hand back what they are given.
_NO_ENTRIES: dict[None, None] = {}
sqlite3.register_adapter(type(None), _NO_ENTRIES.get)
sqlite3.register_adapter(bytes, bytes)


@lru_cache(maxsize=256)
def _with_texts(query: Statement) -> Statement:
    """A statement whose long lists are one text each."""
    text = query.text
    for name in query.long:
        text = text.replace(f"(:{name})", f"(SELECT value FROM json_each(:{name}))")
    rest = tuple(name for name in query.lists if name not in query.long)
    return Statement(query.name, text, rest)


def _ready(query: Statement, params: Params) -> tuple[str, Params]:
    """Text and values as the driver takes them."""
    if not query.long:
        return expand(query, params)
    texts = {name: msgspec.json.encode(list(params[name])).decode() for name in query.long}
    return expand(_with_texts(query), {**params, **texts})


class SqliteStore:
    """A connection to the embedded store. See `rcaid.db.engine.Store`."""

    engine = "sqlite"

    def __init__(self, path: str, *, read_only: bool = False, create: bool = False) -> None:
        if sqlite3.sqlite_version_info < OLDEST:
            raise Unusable(Problem("store.sqlite_old", {"version": sqlite3.sqlite_version}))
        if not create and not _is_there(path):
            raise Unusable(Problem("store.missing", {"place": path}))
        self.place = path
        self.read_only = read_only
        self._turn = Turn(path)
        self._thread_lock = threading.RLock()
        self._connection = self._connect(path, read_only)
        self.database = Database(self._connection, execute_plugins=False)

    def _connect(self, path: str, read_only: bool) -> Any:
        name = f"file:{_quoted(path)}?mode={'ro' if read_only else 'rwc'}"
        old_umask = os.umask(0o077)
        connection = None
        try:
            connection = sqlite3.connect(
                name, uri=True, isolation_level=None, check_same_thread=False, timeout=30
            )
            if not read_only:
                connection.execute(_PAGE_SIZE)
                connection.execute("PRAGMA journal_mode=WAL")
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.DatabaseError as error:
            if connection is not None:
                connection.close()
            # Reading needs the -shm file too, so a folder that may only be read fails a reader.
            found = None if read_only else _problem(error, path)
            raise found or _unreadable(path, str(error)) from error
        finally:
            os.umask(old_umask)
        return connection

    def rows(self, query: Statement, params: Params = _NO_PARAMS) -> list[Row]:
        text, values = _ready(query, params)
        with self._thread_lock:
            found: list[Row] = self._connection.execute(text, values).fetchall()
        return found

    def stream(self, query: Statement, params: Params = _NO_PARAMS) -> Iterator[Row]:
        text, values = _ready(query, params)
        yield from self._connection.execute(text, values)

    def run(self, query: Statement, params: Params = _NO_PARAMS) -> int:
        text, values = _ready(query, params)
        with self._thread_lock, self._spoken():
            touched: int = self._connection.execute(text, values).rowcount
        return touched

    def insert_many(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        marks = ", ".join("?" * len(columns))
        self._each(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)

    def update_many(
        self, table: str, columns: Sequence[str], keys: Sequence[str], rows: Sequence[Row]
    ) -> int:
        if not rows:
            return 0
        news = ", ".join(f"{column} = ?" for column in columns)
        where = " AND ".join(f"{key} = ?" for key in keys)
        return self._each(f"UPDATE {table} SET {news} WHERE {where}", rows)

    def add_many(
        self, table: str, keys: Sequence[str], sums: Sequence[str], rows: Sequence[Row]
    ) -> None:
        # Two steps, because a CHECK judges the row that is offered, not the sum it would become.
        rows = summed(len(keys), rows)
        at = len(keys)
        marks = ", ".join("?" * at + "0" * len(sums))
        grow = ", ".join(f"{name} = {name} + ?" for name in sums)
        where = " AND ".join(f"{key} = ?" for key in keys)

        def both() -> None:
            self._each(
                f"INSERT INTO {table} ({', '.join((*keys, *sums))}) VALUES ({marks})"
                f" ON CONFLICT ({', '.join(keys)}) DO NOTHING",
                [row[:at] for row in rows],
            )
            self._each(
                f"UPDATE {table} SET {grow} WHERE {where}", [row[at:] + row[:at] for row in rows]
            )

        if rows:
            self.unit(both)

    def delete_many(self, table: str, keys: Sequence[str], rows: Sequence[Row]) -> int:
        where = " AND ".join(f"{key} = ?" for key in keys)
        return self._each(f"DELETE FROM {table} WHERE {where}", rows) if rows else 0

    def _each(self, text: str, rows: Iterable[Row]) -> int:
        if not self._connection.in_transaction:
            all_rows = list(rows)
            return self.unit(lambda: self._each(text, all_rows))
        touched: int = self._connection.executemany(text, rows).rowcount
        return touched

    def lock(self, table: str, key: str, ids: Iterable[str]) -> None:
        """Nothing to do: a unit here holds the whole file."""

    def unit(self, work: Callable[[], T], *, what: str = "") -> T:
        if self.read_only:
            raise Unusable(Problem("store.read_only", {"place": self.place}))
        with self._thread_lock:
            if self._connection.in_transaction:
                return work()
            for attempt in range(1, _TRIES + 1):
                try:
                    with self._spoken():
                        return self._once(work, what)
                except sqlite3.OperationalError as error:
                    if _code(error) not in _PASSING:
                        raise
                    if attempt == _TRIES:
                        raise Unusable(Problem("store.busy", {"place": self.place})) from error
                    threading.Event().wait(random.uniform(0.01, 0.05) * 2**attempt)
            raise AssertionError("unreachable")

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        """Errors of the disk become problems a person can act on."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            found = _problem(error, self.place)
            if found is None:
                raise
            raise found from error

    def _once(self, work: Callable[[], T], what: str) -> T:
        with self._turn.taken(what):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                done = work()
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            return done

    def again(self) -> SqliteStore:
        return SqliteStore(self.place, read_only=self.read_only)

    @contextmanager
    def roomy(self) -> Iterator[None]:
        """A cache that holds the indexes in which an import's keys lie scattered. A smaller store
        is in the usual one as a whole, or nearly so."""
        if Path(self.place).stat().st_size < _LARGE:
            yield
            return
        self._connection.execute(_ROOMY_CACHE)
        try:
            yield
        finally:
            self._connection.execute(_CACHE)
            self._connection.execute("PRAGMA shrink_memory")

    def snapshot(self) -> SqliteStore:
        other = SqliteStore(self.place, read_only=True)
        other._connection.execute("BEGIN")
        other._connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        return other

    def explain(self, query: Statement) -> None:
        text, values = _ready(query, unset_params(query))
        self._connection.execute(f"EXPLAIN {text}", values).fetchall()

    def script(self, text: str) -> None:
        piece = ""
        for line in text.splitlines(keepends=True):
            piece += line
            if sqlite3.complete_statement(piece):
                self._connection.execute(piece)
                piece = ""
        if piece.strip() and not all(
            line.startswith("--") or not line for line in map(str.strip, piece.splitlines())
        ):
            self._connection.execute(piece)

    def replace_search(self, docs: Iterable[tuple[int, str]]) -> None:
        self._each("INSERT OR REPLACE INTO person_search (rowid, tokens) VALUES (?, ?)", docs)

    def add_search(self, docs: Iterable[tuple[int, str]]) -> None:
        self._each("INSERT INTO person_search (rowid, tokens) VALUES (?, ?)", docs)

    def forget_search(self, docs: Iterable[int]) -> None:
        self._each("DELETE FROM person_search WHERE rowid = ?", ((doc,) for doc in docs))

    def scrub_search(self) -> None:
        """Rewrites the index, so that erased tokens leave the file (with the checkpoint after)."""
        self._connection.execute("INSERT INTO person_search (person_search) VALUES ('optimize')")

    def search(self, query: str, limit: int) -> list[int]:
        with self._thread_lock:
            found = self._connection.execute(
                "SELECT rowid FROM person_search WHERE person_search MATCH ?"
                " ORDER BY rowid LIMIT ?",
                (query, limit),
            ).fetchall()
        return [doc for (doc,) in found]

    def search_within(self, query: str, circle: str, limit: int) -> list[tuple[int, bool]]:
        found = self.search(query, limit)
        within = set(self.search(circle, -1)) if found else set()
        return [(doc, doc in within) for doc in found]

    def optimise(self) -> None:
        self._connection.execute("PRAGMA optimize")

    def checkpoint(self) -> None:
        """Moves the write-ahead log into the file and empties it."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def turn_holder(self) -> str:
        """Who took the writer's turn last."""
        return self._turn.holder()

    def close(self) -> None:
        self._turn.close()
        self._connection.close()


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _is_there(path: str) -> bool:
    try:
        return Path(path).is_file()
    except PermissionError as error:
        raise _unreadable(path, "permission denied") from error


def _unreadable(path: str, why: str) -> Unusable:
    return Unusable(Problem("store.unreadable", {"place": path, "why": why}))


def _code(error: Exception) -> int:
    """SQLite's primary result code; 0 when the error is the driver's own."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_PROBLEMS = {
    sqlite3.SQLITE_FULL: "store.full",
    sqlite3.SQLITE_IOERR: "store.disk",
    sqlite3.SQLITE_READONLY: "store.read_only",
}


def _problem(error: Exception, place: str) -> Unusable | None:
    code = _PROBLEMS.get(_code(error))
    return Unusable(Problem(code, {"place": place})) if code else None
