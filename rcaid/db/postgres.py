"""The store of a society that outgrows one machine: PostgreSQL through psycopg 3.

Parameters are bound by the client (`ClientCursor`), as connection poolers want it and so that
``:x IS NULL`` needs no type; bulk work goes by COPY, since each statement costs a round trip.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, count, islice
from typing import TypeVar

import psycopg
from psycopg.adapt import Buffer, Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.string import TextLoader

from rcaid.db.engine import (
    _NO_PARAMS,
    Params,
    Row,
    Statement,
    expand,
    summed,
    to_pyformat,
    unset_params,
)
from rcaid.db.search import FIRST_HAN
from rcaid.domain.errors import Problem, Unusable

T = TypeVar("T")

_TRIES = 8
_TRIES_AT_A_TAKEN_KEY = 3
_PASSING = {"40001", "40P01"}
_TAKEN = "23505"
_PROBLEMS = {"53100": "store.full", "58030": "store.disk", "25006": "store.read_only"}
_SMALL = 20  # fewer rows than this go faster without COPY
_PAGE = 2_000

_KIND = """
SELECT pg_encoding_to_char(encoding), datcollate, datlocprovider
FROM pg_database WHERE datname = current_database()
"""

_pyformat = lru_cache(maxsize=1024)(to_pyformat)


class _Whole(Loader):
    """SUM of BIGINT is NUMERIC there; nothing in a store has a fraction."""

    def load(self, data: Buffer) -> int:
        return int(bytes(data))


class _ZeroOrOne(Loader):
    """A comparison in a SELECT list answers as SQLite does."""

    def load(self, data: Buffer) -> int:
        return int(bytes(data) == b"t")


class PostgresStore:
    """A connection to a PostgreSQL store. See `rcaid.db.engine.Store`."""

    engine = "postgres"

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        self.place = _place(url)
        self.read_only = read_only
        self._url = url
        self._inside = False
        self._thread_lock = threading.RLock()
        self._names = (f"rcaid_{n}" for n in count(1))
        self._connection = self._connect()

    def _connect(self) -> psycopg.Connection[Row]:
        try:
            asked = conninfo_to_dict(self._url)
            connection = psycopg.connect(
                self._url,
                autocommit=True,
                prepare_threshold=None,
                cursor_factory=psycopg.ClientCursor,
                client_encoding="utf8",
                application_name=asked.get("application_name", "rcaid"),
                connect_timeout=asked.get("connect_timeout", 10),
            )
        except psycopg.Error as error:
            raise _unreachable(error, self.place) from error
        try:
            self._check(connection)
            if self.read_only:
                connection.execute("SET default_transaction_read_only = on")
        except psycopg.Error as error:
            connection.close()
            raise _unreachable(error, self.place) from error
        except Unusable:
            connection.close()
            raise
        for kind, loader in (("numeric", _Whole), ("bool", _ZeroOrOne), ("jsonb", TextLoader)):
            connection.adapters.register_loader(kind, loader)
        return connection

    def _check(self, connection: psycopg.Connection[Row]) -> None:
        found = connection.execute(_KIND).fetchone()
        encoding, collation, provider = found or ("", "", "")
        # The built-in provider (PostgreSQL 17 and later) sorts by code point in every locale it has.
        if encoding != "UTF8" or not (provider == "b" or collation in ("C", "POSIX")):
            what = {"place": self.place, "encoding": encoding, "collation": collation}
            raise Unusable(Problem("store.collation", what))

    @contextmanager
    def _cursor(self) -> Iterator[psycopg.ClientCursor[Row]]:
        """A cursor on a living connection; its errors become problems where a person can act."""
        with self._thread_lock:
            if self._connection.closed and not self._inside:
                self._connection = self._connect()
            try:
                with psycopg.ClientCursor(self._connection) as cursor:
                    yield cursor
            except psycopg.Error as error:
                code = _PROBLEMS.get(error.sqlstate or "")
                if code:
                    raise Unusable(Problem(code, {"place": self.place})) from error
                if self._connection.closed:
                    raise _unreachable(error, self.place) from error
                raise

    def rows(self, query: Statement, params: Params = _NO_PARAMS) -> list[Row]:
        text, values = expand(query, params)
        with self._cursor() as cursor:
            return cursor.execute(_pyformat(text), values).fetchall()

    def stream(self, query: Statement, params: Params = _NO_PARAMS) -> Iterator[Row]:
        text, values = expand(query, params)
        name = next(self._names)
        held = not self._inside
        with self._cursor() as cursor:
            asked = cursor.mogrify(_pyformat(text), values)
            hold = " WITH HOLD" if held else ""
            cursor.execute(f"DECLARE {name} NO SCROLL CURSOR{hold} FOR {asked}")
        try:
            while page := self._fetch(name):
                yield from page
        finally:
            status = self._connection.info.transaction_status
            if held and status in (psycopg.pq.TransactionStatus.IDLE, _IN_UNIT):
                self._connection.execute(f"CLOSE {name}")

    def _fetch(self, name: str) -> list[Row]:
        with self._cursor() as cursor:
            return cursor.execute(f"FETCH {_PAGE} FROM {name}").fetchall()

    def run(self, query: Statement, params: Params = _NO_PARAMS) -> int:
        text, values = expand(query, params)
        with self._cursor() as cursor:
            return cursor.execute(_pyformat(text), values).rowcount

    def insert_many(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        if not self._inside:
            all_rows = list(rows)
            self.unit(lambda: self.insert_many(table, columns, all_rows))
            return
        rows = iter(rows)
        first = list(islice(rows, _SMALL))
        names = ", ".join(columns)
        if len(first) < _SMALL:
            marks = ", ".join(["%s"] * len(columns))
            self._each(f"INSERT INTO {table} ({names}) VALUES ({marks})", first)
        else:
            self._copy(table, names, chain(first, rows))

    def update_many(
        self, table: str, columns: Sequence[str], keys: Sequence[str], rows: Sequence[Row]
    ) -> int:
        if not rows:
            return 0
        if not self._inside:
            return self.unit(lambda: self.update_many(table, columns, keys, rows))
        if len(rows) < _SMALL:
            news = ", ".join(f"{column} = %s" for column in columns)
            where = " AND ".join(f"{key} = %s" for key in keys)
            return self._each(f"UPDATE {table} SET {news} WHERE {where}", rows)
        bulk = self._bulk(table, (*columns, *keys), rows)
        news = ", ".join(f"{column} = bulk.c{i}" for i, column in enumerate(columns))
        where = _same(table, keys, len(columns))
        with self._cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {news} FROM {bulk} AS bulk WHERE {where}")
            return cursor.rowcount

    def add_many(
        self, table: str, keys: Sequence[str], sums: Sequence[str], rows: Sequence[Row]
    ) -> None:
        rows = summed(len(keys), rows)
        if not rows:
            return
        if not self._inside:
            self.unit(lambda: self.add_many(table, keys, sums, rows))
            return
        names = ", ".join((*keys, *sums))
        taken = f"ON CONFLICT ({', '.join(keys)}) DO NOTHING"
        zeros = ", ".join("0" * len(sums))
        if len(rows) < _SMALL:
            marks = ", ".join(["%s"] * len(keys))
            at = len(keys)
            self._each(
                f"INSERT INTO {table} ({names}) VALUES ({marks}, {zeros}) {taken}",
                [row[:at] for row in rows],
            )
            grow = ", ".join(f"{name} = {name} + %s" for name in sums)
            where = " AND ".join(f"{key} = %s" for key in keys)
            self._each(
                f"UPDATE {table} SET {grow} WHERE {where}", [row[at:] + row[:at] for row in rows]
            )
            return
        bulk = self._bulk(table, (*keys, *sums), rows)
        found = ", ".join(f"c{i}" for i in range(len(keys)))
        grow = ", ".join(f"{n} = {table}.{n} + bulk.c{i}" for i, n in enumerate(sums, len(keys)))
        with self._cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {found}, {zeros} FROM {bulk}"
                f" ORDER BY {found} {taken}"
            )
            where = _same(table, keys, 0)
            cursor.execute(f"UPDATE {table} SET {grow} FROM {bulk} AS bulk WHERE {where}")

    def delete_many(self, table: str, keys: Sequence[str], rows: Sequence[Row]) -> int:
        if not rows:
            return 0
        if not self._inside:
            return self.unit(lambda: self.delete_many(table, keys, rows))
        bulk = self._bulk(table, keys, rows)
        with self._cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} USING {bulk} AS bulk WHERE {_same(table, keys, 0)}"
            )
            return cursor.rowcount

    def _each(self, text: str, rows: Sequence[Row]) -> int:
        """One statement for each row, sent together; the server binds the parameters here."""
        if not rows:
            return 0
        with self._cursor(), psycopg.Cursor(self._connection) as cursor:
            cursor.executemany(text, rows)
            return cursor.rowcount

    def _copy(self, table: str, names: str, rows: Iterable[Row]) -> None:
        with self._cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _bulk(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> str:
        """A table of this unit with the rows in columns ``c0 c1 …`` of the named columns' types."""
        name = next(self._names)
        like = ", ".join(f"{column} AS c{i}" for i, column in enumerate(columns))
        with self._cursor() as cursor:
            cursor.execute(
                f"CREATE TEMP TABLE {name} ON COMMIT DROP AS SELECT {like} FROM {table} WITH NO DATA"
            )
        self._copy(name, ", ".join(f"c{i}" for i in range(len(columns))), rows)
        return name

    def lock(self, table: str, key: str, ids: Iterable[str]) -> None:
        text = f"SELECT 1 FROM {table} WHERE {key} = ANY(%s) ORDER BY {key} FOR UPDATE"
        with self._cursor() as cursor:
            cursor.execute(text, [sorted(set(ids))])

    def unit(self, work: Callable[[], T], *, what: str = "") -> T:
        if self.read_only:
            raise Unusable(Problem("store.read_only", {"place": self.place}))
        with self._thread_lock:
            if self._inside:
                return work()
            for attempt in range(1, _TRIES + 1):
                try:
                    return self._once(work)
                except psycopg.Error as error:
                    # Two units that add one key at once: the second sees it when it runs again.
                    taken = error.sqlstate == _TAKEN and attempt < _TRIES_AT_A_TAKEN_KEY
                    if not taken and error.sqlstate not in _PASSING:
                        raise
                    if attempt == _TRIES:
                        raise Unusable(Problem("store.busy", {"place": self.place})) from error
                    threading.Event().wait(random.uniform(0.005, 0.02) * 2**attempt)
            raise AssertionError("unreachable")

    def _once(self, work: Callable[[], T]) -> T:
        with self._cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
            self._inside = True
            try:
                done = work()
                cursor.execute("COMMIT")
            except BaseException:
                if not self._connection.closed:
                    cursor.execute("ROLLBACK")
                raise
            finally:
                self._inside = False
            return done

    @contextmanager
    def roomy(self) -> Iterator[None]:
        """Nothing to do: the server has its own memory."""
        yield

    def again(self) -> PostgresStore:
        return PostgresStore(self._url, read_only=self.read_only)

    def snapshot(self) -> PostgresStore:
        other = PostgresStore(self._url, read_only=True)
        other._connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        other._connection.execute("SELECT 1")
        other._inside = True
        return other

    def explain(self, query: Statement) -> None:
        text, values = expand(query, unset_params(query))
        with self._cursor() as cursor:
            cursor.execute(f"EXPLAIN {_pyformat(text)}", values).fetchall()

    def script(self, text: str) -> None:
        with self._cursor() as cursor:
            cursor.execute(text)

    def replace_search(self, docs: Iterable[tuple[int, str]]) -> None:
        rows = [(doc, _tsvector(tokens)) for doc, tokens in dict(docs).items()]
        if not self._inside:
            self.unit(lambda: self._merge_search(rows))
            return
        self._merge_search(rows)

    def add_search(self, docs: Iterable[tuple[int, str]]) -> None:
        self.replace_search(docs)

    def _merge_search(self, rows: Sequence[Row]) -> None:
        newer = "ON CONFLICT (doc) DO UPDATE SET tokens = excluded.tokens"
        if len(rows) < _SMALL:
            insert = "INSERT INTO person_search (doc, tokens) VALUES (%s, %s::tsvector)"
            self._each(f"{insert} {newer}", rows)
            return
        bulk = self._bulk("person_search", ("doc", "tokens"), rows)
        with self._cursor() as cursor:
            cursor.execute(
                f"INSERT INTO person_search (doc, tokens) SELECT c0, c1 FROM {bulk}"
                f" ORDER BY c0 {newer}"
            )

    def forget_search(self, docs: Iterable[int]) -> None:
        with self._cursor() as cursor:
            cursor.execute("DELETE FROM person_search WHERE doc = ANY(%s)", [list(docs)])

    def search(self, query: str, limit: int) -> list[int]:
        text = "SELECT doc FROM person_search WHERE tokens @@ %s::tsquery ORDER BY doc LIMIT %s"
        with self._cursor() as cursor:
            return [doc for (doc,) in cursor.execute(text, (query, limit)).fetchall()]

    def search_within(self, query: str, circle: str, limit: int) -> list[tuple[int, bool]]:
        text = (
            "SELECT doc, tokens @@ %s::tsquery FROM person_search"
            " WHERE tokens @@ %s::tsquery ORDER BY doc LIMIT %s"
        )
        with self._cursor() as cursor:
            return [(doc, bool(fits)) for doc, fits in cursor.execute(text, (circle, query, limit))]

    def optimise(self) -> None:
        with self._cursor() as cursor:
            cursor.execute("ANALYZE")

    def close(self) -> None:
        self._connection.close()


_IN_UNIT = psycopg.pq.TransactionStatus.INTRANS


def _place(url: str) -> str:
    """The address without user and password, as messages may show it."""
    try:
        asked = conninfo_to_dict(url)
    except psycopg.Error:
        return url.split("://", 1)[0] + "://…"
    port = f":{asked['port']}" if asked.get("port") else ""
    return f"postgresql://{asked.get('host') or ''}{port}/{asked.get('dbname') or ''}"


def _unreachable(error: psycopg.Error, place: str) -> Unusable:
    why = str(error).strip().splitlines() or [type(error).__name__]
    return Unusable(Problem("store.unreachable", {"place": place, "why": why[0]}))


def _same(table: str, keys: Sequence[str], start: int) -> str:
    return " AND ".join(f"{table}.{key} = bulk.c{i}" for i, key in enumerate(keys, start))


def _tsvector(tokens: str) -> str:
    """Tokens with blanks between as a tsvector literal; each stands at its place in the order.

    First letters and digits are tokens too, with a ^ before them: to gather all that begins with a
    letter takes the index ten times as long as to look up one token.
    """
    doubled = tokens.replace("\\", "\\\\").replace("'", "''").split()
    first = sorted({token[0] for token in doubled if token[0] < FIRST_HAN} - {"'", "\\"})
    return " ".join(
        [f"'{token}':{place}" for place, token in enumerate(doubled, 1)]
        + [f"'^{letter}'" for letter in first]
    )
