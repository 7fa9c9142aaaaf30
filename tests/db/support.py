"""What the tests of the stores share: unregistered statements and workers in real processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
from sqlite_utils.utils import sqlite3

from rcaid.db.engine import Row, Statement, Store

INTEGRITY = (psycopg.IntegrityError, sqlite3.IntegrityError)
REFUSED_BY_TRIGGER = (psycopg.errors.RaiseException, sqlite3.IntegrityError)

_PACKAGE = Path(__file__).resolve().parents[2]


def sql(text: str, *lists: str) -> Statement:
    """A statement outside the registry."""
    return Statement("", text, lists)


def everything(store: Store, table: str, order: str) -> list[Row]:
    """All rows of a table in an order."""
    return store.rows(sql(f"SELECT * FROM {table} ORDER BY {order}"))


def worker(*arguments: str) -> subprocess.Popen[str]:
    """A process of `tests.db.worker`; it says ready, and goes on when it gets a line."""
    return subprocess.Popen(
        [sys.executable, "-B", "-m", "tests.db.worker", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=_PACKAGE,
    )


def say(process: subprocess.Popen[str]) -> str:
    """The next line a worker writes."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def all_at_once(workers: list[subprocess.Popen[str]]) -> list[str]:
    """Lets workers go at the same moment and returns what each wrote; none may fail."""
    for each in workers:
        assert say(each) == "ready"
    for each in workers:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    said = []
    for each in workers:
        out, error = each.communicate()
        assert each.returncode == 0, error
        said.append(out)
    return said
