"""The embedded store: one SQLite file in WAL mode, opened through sqlite-utils."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from rcaid.db.engine import _NO_PARAMS, Params, Row, Statement, expand
from rcaid.db.turn import Turn
from rcaid.domain.errors import Problem, Unusable

T = TypeVar("T")

OLDEST = (3, 43, 0)  # contentless_delete
SAFE = (3, 51, 3)  # the WAL-reset bug is mended
_TRIES = 8
_PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA busy_timeout=30000",
    "PRAGMA synchronous=FULL",
    "PRAGMA cache_size=-131072",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)


class SqliteStore:
    """A connection to the embedded store. See `rcaid.db.engine.Store`."""

    engine = "sqlite"

    def __init__(self, path: str, *, read_only: bool = False, create: bool = False) -> None:
        if sqlite3.sqlite_version_info < OLDEST:
            raise Unusable(Problem("store.sqlite_old", {"version": sqlite3.sqlite_version}))
        exists = Path(path).is_file()
        if not exists and not create:
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
        try:
            connection = sqlite3.connect(
                name, uri=True, isolation_level=None, check_same_thread=False, timeout=30
            )
            if not read_only:
                connection.execute("PRAGMA journal_mode=WAL")
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.DatabaseError as error:
            raise Unusable(
                Problem("store.unreadable", {"place": path, "why": str(error)})
            ) from error
        finally:
            os.umask(old_umask)
        return connection

    def rows(self, query: Statement, params: Params = _NO_PARAMS) -> list[Row]:
        text, values = expand(query, params)
        with self._thread_lock:
            found: list[Row] = self._connection.execute(text, values).fetchall()
        return found

    def stream(self, query: Statement, params: Params = _NO_PARAMS) -> Iterator[Row]:
        text, values = expand(query, params)
        yield from self._connection.execute(text, values)

    def run(self, query: Statement, params: Params = _NO_PARAMS) -> int:
        text, values = expand(query, params)
        with self._thread_lock:
            touched: int = self._connection.execute(text, values).rowcount
        return touched

    def insert_many(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        marks = ", ".join("?" * len(columns))
        text = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
        self._connection.executemany(text, rows)

    def update_many(
        self, table: str, columns: Sequence[str], keys: Sequence[str], rows: Sequence[Row]
    ) -> int:
        if not rows:
            return 0
        news = ", ".join(f"{column} = ?" for column in columns)
        where = " AND ".join(f"{key} = ?" for key in keys)
        text = f"UPDATE {table} SET {news} WHERE {where}"
        touched: int = self._connection.executemany(text, rows).rowcount
        return touched

    def add_many(
        self, table: str, keys: Sequence[str], sums: Sequence[str], rows: Sequence[Row]
    ) -> None:
        columns = (*keys, *sums)
        grow = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in sums)
        text = (
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "
            f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {grow}"
        )
        self._connection.executemany(text, rows)

    def lock(self, table: str, key: str, ids: Iterable[str]) -> None:
        """Nothing to do: a unit here holds the whole file."""

    def unit(self, work: Callable[[], T], *, what: str = "") -> T:
        if self.read_only:
            raise Unusable(Problem("store.read_only", {"place": self.place}))
        with self._thread_lock:
            if self._connection.in_transaction:
                return work()
            for attempt in range(_TRIES):
                try:
                    return self._once(work, what)
                except sqlite3.OperationalError as error:
                    if not _passing(error) or attempt == _TRIES - 1:
                        raise _plain(error, self.place) from error
                    threading.Event().wait(random.uniform(0.01, 0.05) * 2**attempt)
            raise AssertionError("unreachable")

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

    def explain(self, query: Statement) -> None:
        names = set(_names(query.text)) - set(query.lists)
        params = {**dict.fromkeys(names), **{name: [None] for name in query.lists}}
        text, values = expand(query, params)
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
        self._connection.executemany(
            "INSERT OR REPLACE INTO person_search (rowid, tokens) VALUES (?, ?)", docs
        )

    def forget_search(self, docs: Iterable[int]) -> None:
        self._connection.executemany(
            "DELETE FROM person_search WHERE rowid = ?", ((doc,) for doc in docs)
        )

    def scrub_search(self) -> None:
        """Rewrites the index, so that erased tokens leave the file (with the checkpoint after)."""
        self._connection.execute("INSERT INTO person_search (person_search) VALUES ('optimize')")

    def search(self, query: str, limit: int) -> list[int]:
        with self._thread_lock:
            found = self._connection.execute(
                "SELECT rowid FROM person_search WHERE person_search MATCH ? LIMIT ?",
                (query, limit),
            ).fetchall()
        return [doc for (doc,) in found]

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


def _names(text: str) -> list[str]:
    from rcaid.db.engine import _PIECES

    return [m.group(1) for m in _PIECES.finditer(text) if m.group(1)]


def _passing(error: Exception) -> bool:
    return "locked" in str(error) or "busy" in str(error)


def _plain(error: Exception, place: str) -> Exception:
    text = str(error)
    if "full" in text:
        return Unusable(Problem("store.full", {"place": place}))
    if "disk I/O" in text:
        return Unusable(Problem("store.disk", {"place": place}))
    if "readonly" in text:
        return Unusable(Problem("store.read_only", {"place": place}))
    if _passing(error):
        return Unusable(Problem("store.busy", {"place": place}))
    return error
