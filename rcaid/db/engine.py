"""What the program asks of a store, whichever engine keeps it, and how a statement is written.

Every statement is one SQL text with ``:named`` parameters that both engines run. It is registered
by `statement`, so that a test can EXPLAIN all of them on both engines.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from rcaid.domain.errors import Problem, Unusable

Row = tuple[Any, ...]
Params = Mapping[str, Any]
T = TypeVar("T")

_NO_PARAMS: Params = {}


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL text of the registry. ``lists`` names parameters that stand for a list of values;
    those of them in ``long`` are handed to SQLite as one text, since it takes each single
    parameter four times as long as the look-up it is for."""

    name: str
    text: str
    lists: tuple[str, ...] = ()
    long: tuple[str, ...] = ()


STATEMENTS: dict[str, Statement] = {}


def statement(
    name: str, text: str, *, lists: tuple[str, ...] = (), long: tuple[str, ...] = ()
) -> Statement:
    """Registers one SQL text under a name like ``person.by_id``; names are unique."""
    if name in STATEMENTS:
        raise ValueError(f"statement {name} is registered twice")
    made = Statement(name, " ".join(text.split()), lists, long)
    STATEMENTS[name] = made
    return made


def expand(query: Statement, params: Params) -> tuple[str, Params]:
    """Writes each list parameter out as ``:ids_0, :ids_1``; an empty list matches nothing."""
    if not query.lists:
        return query.text, params
    text = query.text
    spread = {key: value for key, value in params.items() if key not in query.lists}
    for name in query.lists:
        values = list(params[name]) or [None]
        marks = ", ".join(f":{name}_{i}" for i in range(len(values)))
        text = re.sub(rf":{name}\b", marks, text)
        spread.update({f"{name}_{i}": value for i, value in enumerate(values)})
    return text, spread


_PIECES = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|::|:([a-z_][a-z0-9_]*)|%")


def to_pyformat(text: str) -> str:
    """``:name`` becomes ``%(name)s`` and ``%`` becomes ``%%``, outside quotes and comments."""

    def piece(match: re.Match[str]) -> str:
        if match.group(1):
            return f"%({match.group(1)})s"
        found = match.group(0)
        return found.replace("%", "%%")

    return _PIECES.sub(piece, text)


def unset_params(query: Statement) -> Params:
    """NULL for each parameter of a statement, to plan it without values."""
    names = {match.group(1) for match in _PIECES.finditer(query.text) if match.group(1)}
    return {name: [None] if name in query.lists else None for name in names}


def summed(keys: int, rows: Iterable[Row]) -> list[Row]:
    """Rows with the same first ``keys`` values made into one, the other values added; in order."""
    totals: dict[Row, Row] = {}
    for row in rows:
        key, values = row[:keys], row[keys:]
        have = totals.get(key)
        totals[key] = values if have is None else tuple(map(operator.add, have, values))
    return [key + totals[key] for key in sorted(totals)]


class Store(Protocol):
    """One connection to a store. Not for two threads at the same moment.

    The bulk methods are a unit of their own when no unit is open.
    """

    engine: str
    place: str

    def rows(self, query: Statement, params: Params = _NO_PARAMS) -> list[Row]:
        """All rows of a reading statement."""

    def stream(self, query: Statement, params: Params = _NO_PARAMS) -> Iterator[Row]:
        """The rows one after another, for more than memory should hold.

        Other reads may come in between; open no unit before the last row is read.
        """

    def run(self, query: Statement, params: Params = _NO_PARAMS) -> int:
        """Runs a writing statement and returns how many rows it touched."""

    def insert_many(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Inserts rows in bulk; a key that is taken is an error."""

    def update_many(
        self, table: str, columns: Sequence[str], keys: Sequence[str], rows: Sequence[Row]
    ) -> int:
        """Sets ``columns`` where ``keys`` hold; a row is its new values and then its keys.

        Returns how many rows were touched. No two rows may have the same keys.
        """

    def add_many(
        self, table: str, keys: Sequence[str], sums: Sequence[str], rows: Sequence[Row]
    ) -> None:
        """Adds to counters: a row with these keys is made, or its ``sums`` grow by the values."""

    def delete_many(self, table: str, keys: Sequence[str], rows: Sequence[Row]) -> int:
        """Deletes the rows with these keys and returns how many there were."""

    def lock(self, table: str, key: str, ids: Iterable[str]) -> None:
        """Locks these rows in key order until the unit ends (SQLite: the unit holds all)."""

    def unit(self, work: Callable[[], T], *, what: str = "") -> T:
        """Runs ``work`` in one transaction, commits, and tries again after a passing clash."""

    def again(self) -> Store:
        """Another connection to the same store, for another thread."""

    def roomy(self) -> AbstractContextManager[None]:
        """Inside the block there is memory for work that goes all over a large store."""

    def snapshot(self) -> Store:
        """Another, reading connection that sees this moment until it is closed."""

    def explain(self, query: Statement) -> None:
        """Lets the engine parse and plan a statement without running it."""

    def script(self, text: str) -> None:
        """Runs a migration's text, several statements, inside the unit that is open."""

    def replace_search(self, docs: Iterable[tuple[int, str]]) -> None:
        """Sets the search entry of each document: its number and its tokens with blanks between."""

    def add_search(self, docs: Iterable[tuple[int, str]]) -> None:
        """Search entries of documents that had none; quicker than `replace_search`."""

    def forget_search(self, docs: Iterable[int]) -> None:
        """Takes search entries out, leaving nothing readable behind."""

    def search(self, query: str, limit: int) -> list[int]:
        """Document numbers that fit a query in this engine's own search language."""

    def search_within(self, query: str, circle: str, limit: int) -> list[tuple[int, bool]]:
        """The same, and whether each fits the query ``circle`` as well, which many do."""

    def optimise(self) -> None:
        """Refreshes what the engine knows about its tables; cheap, worth it after an import."""

    def close(self) -> None:
        """Ends the connection."""


def one(store: Store, query: Statement, params: Params = _NO_PARAMS) -> Row | None:
    """The first row, or None."""
    found = store.rows(query, params)
    return found[0] if found else None


def value(store: Store, query: Statement, params: Params = _NO_PARAMS) -> Any:
    """The first column of the first row, or None."""
    found = one(store, query, params)
    return found[0] if found else None


def open_store(url: str, *, read_only: bool = False, create: bool = False) -> Store:
    """Opens ``sqlite:///path``, a bare path or ``postgresql://…``.

    Raises Unusable when there is no store at that place and ``create`` was not asked for.
    """
    if url.startswith(("postgresql://", "postgres://")):
        try:
            from rcaid.db.postgres import PostgresStore
        except ModuleNotFoundError as missing:
            raise Unusable(Problem("store.no_driver", {"package": "rcaid[postgres]"})) from missing

        return PostgresStore(url, read_only=read_only)
    from rcaid.db.sqlite import SqliteStore

    path = url.removeprefix("sqlite:///")
    return SqliteStore(path, read_only=read_only, create=create)
