"""Every SQL text of the program, planned by both engines and kept to what both understand."""

from __future__ import annotations

import importlib
import pkgutil
import re

import psycopg
import pytest
from sqlite_utils.utils import sqlite3

import rcaid.db
from rcaid.db.engine import STATEMENTS, Statement, Store, unset_params

for _module in pkgutil.iter_modules(rcaid.db.__path__):
    importlib.import_module(f"rcaid.db.{_module.name}")

_ALL = [STATEMENTS[name] for name in sorted(STATEMENTS)]

BANNED = {
    "dates made by the engine": (r"strftime|julianday", "strftime('%Y', at)"),
    "the engine's clock": (r"\bNOW\s*\(|CURRENT_(TIMESTAMP|DATE|TIME)\b", "SELECT now()"),
    "functions on JSON": (r"json_(extract|each)", "json_extract(a, '$.b')"),
    "conflicts by OR": (r"\bOR\s+(IGNORE|REPLACE)\b", "INSERT OR IGNORE INTO a"),
    "numbers made by the engine": (r"AUTOINCREMENT", "INTEGER PRIMARY KEY AUTOINCREMENT"),
    "truth values": (r"\bBOOLEAN\b|\bTRUE\b|\bFALSE\b", "WHERE a = true"),
    "pages by OFFSET": (r"\bOFFSET\b", "LIMIT 5 OFFSET 5"),
    "casts by colons": (r"::", "a::text"),
    "aggregates of text": (r"group_concat|string_agg", "group_concat(a)"),
    "division": (r"\s/\s", "a / b"),
    "comments, which run on in one line": (r"--|/\*", "SELECT 1 -- one"),
    "messages of the engine": (r"\b(LISTEN|NOTIFY)\b", "LISTEN a"),
    "row locks, which Store.lock takes": (r"\bFOR\s+UPDATE\b", "SELECT 1 FROM a FOR UPDATE"),
}


def test_the_engine_can_plan_every_statement(store: Store) -> None:
    failed = {}
    for query in _ALL:
        try:
            store.explain(query)
        except (psycopg.Error, sqlite3.Error) as error:
            failed[query.name] = str(error)
    assert not failed
    assert _ALL


def test_planning_finds_a_fault(store: Store) -> None:
    with pytest.raises((psycopg.Error, sqlite3.Error)):
        store.explain(Statement("", "SELECT nothing FROM setting WHERE key = :key"))


@pytest.mark.parametrize("what", sorted(BANNED))
def test_no_statement_uses_what_one_engine_lacks(what: str) -> None:
    pattern, sample = BANNED[what]
    assert re.search(pattern, sample, re.IGNORECASE)
    assert [q.name for q in _ALL if re.search(pattern, q.text, re.IGNORECASE)] == []


def test_every_list_of_a_statement_is_one_of_its_parameters() -> None:
    assert [q.name for q in _ALL if set(q.lists) - set(unset_params(q))] == []
