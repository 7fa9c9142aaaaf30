"""Changes a store behind the program's back, as whoever can open the file may, and back again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlite_utils.utils import sqlite3

from tests.services.conftest import Society

Change = str | tuple[str, tuple[Any, ...]]
_TABLE = re.compile(r"(?:UPDATE|DELETE FROM|INSERT INTO) (\w+)")


@contextmanager
def _raw(society: Society) -> Iterator[Any]:
    """A connection of its own without guards; marks are ``?`` on SQLite and ``%s`` else."""
    if society.admin.store.engine == "sqlite":
        raw = sqlite3.connect(society.url, isolation_level=None)
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("PRAGMA synchronous=OFF")
        guards = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in guards:
            raw.execute(f"DROP TRIGGER {name}")
    else:
        raw = psycopg.connect(society.url, autocommit=True)
        raw.execute("SET session_replication_role = replica")
    raw.execute("BEGIN")
    try:
        yield raw
        raw.execute("COMMIT")
    finally:
        raw.close()


def tamper(society: Society, *changes: Change) -> int:
    """Runs statements past all guards; returns how many rows they touched. Marks are ``?``."""
    mark = "?" if society.admin.store.engine == "sqlite" else "%s"
    pairs = [(each, ()) if isinstance(each, str) else each for each in changes]
    with _raw(society) as raw:
        found = [raw.execute(text.replace("?", mark), values).rowcount for text, values in pairs]
    return sum(found)


@contextmanager
def tampered(society: Society, *changes: Change) -> Iterator[int]:
    """The same, taken back at the end."""
    texts = [each if isinstance(each, str) else each[0] for each in changes]
    tables = sorted({name for text in texts for name in _TABLE.findall(text)})
    with _raw(society) as raw:
        kept = {name: raw.execute(f"SELECT * FROM {name}").fetchall() for name in tables}
    try:
        yield tamper(society, *changes)
    finally:
        mark = "?" if society.admin.store.engine == "sqlite" else "%s"
        with _raw(society) as raw:
            for name, found in kept.items():
                raw.execute(f"DELETE FROM {name}")
                for row in found:
                    marks = ", ".join([mark] * len(row))
                    raw.execute(f"INSERT INTO {name} VALUES ({marks})", tuple(row))
