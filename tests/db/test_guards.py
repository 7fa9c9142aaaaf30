"""Tables that only grow: no way of writing changes or removes a row that is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlite_utils.utils import sqlite3

from rcaid.db.engine import Store
from tests.db.support import INTEGRITY, REFUSED_BY_TRIGGER, everything, sql

_GROUND: list[tuple[str, dict[str, Any]]] = [
    ("staff", {"id": "S1", "login": "jd-verifier", "name": "甲", "active": 1, "version": 1}),
    ("staff", {"id": "S2", "login": "jd-approver", "name": "乙", "active": 1, "version": 1}),
    ("programme", {"id": "P", "code": "QWR", "name": "帮", "name_en": "Help", "version": 1}),
    (
        "cycle",
        {
            "id": "C", "programme_id": "P", "code": "22A", "label": "春", "state": "open",
            "opens_on": "2022-03-01", "version": 1,
        },
    ),
    ("fund", {"id": "F", "code": "GEN", "name": "基金", "programme_id": "P", "office_id": "O", "version": 1}),
    ("household", {"id": "H", "office_id": "O", "version": 1}),
    (
        "person",
        {"id": "N", "doc": 1, "office_id": "O", "household_id": "H", "state": "live", "version": 1},
    ),
    (
        "aid_case",
        {
            "id": "K", "case_no": "22A-JD-00001", "lane": "B", "cycle_id": "C", "office_id": "O",
            "person_id": "N", "household_id": "H", "state": "listed", "version": 1,
        },
    ),
]  # fmt: skip

GROWING: dict[str, tuple[str, dict[str, Any]]] = {
    "audit_event": (
        "log, seq",
        {
            "log": "JD", "seq": 0, "at": "2022-11-24T08:00:00.000000Z", "actor": "jd-verifier",
            "act": "verify", "object": "K", "line": "{}",
        },
    ),
    "audit_row": (
        "log, seq, n",
        {
            "log": "JD", "seq": 0, "n": 0, "noun": "aid_case", "row_id": "K", "version": 1,
            "public": "{}", "private_hash": b"\x00" * 32,
        },
    ),
    "ledger_entry": (
        "id",
        {
            "id": "L", "day": "2022-11-24", "kind": "receive", "debit": "external",
            "credit": "available", "fund_id": "F", "fen": 100, "office_id": "O", "idem": "once",
            "version": 1,
        },
    ),
    "case_action": (
        "id",
        {
            "id": "A", "case_id": "K", "office_id": "O", "staff_id": "S1", "duty": "verifier",
            "action": "verify", "source": "listed", "target": "listed",
            "at": "2022-11-24T08:00:00.000000Z", "version": 1,
        },
    ),
    "approval": (
        "id",
        {
            "id": "V", "noun": "roster", "object_id": "R", "step": "approve", "maker_id": "S1",
            "checker_id": "S2", "hash": "00", "version": 1,
        },
    ),
    "checkpoint": (
        "id",
        {"id": "Z", "at": "2022-11-24T08:00:00.000000Z", "note": "n", "signature": b"s"},
    ),
}  # fmt: skip

# Other columns that are unique, by which INSERT OR REPLACE could push a row out.
OTHER_KEYS = {
    "audit_row": {"log": "HP", "seq": 9, "n": 9},
    "ledger_entry": {"id": "L2"},
}

EACH = pytest.mark.parametrize("table", sorted(GROWING))


def _insert(store: Store, table: str, row: Mapping[str, Any], verb: str = "INSERT") -> int:
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    return store.run(sql(f"{verb} INTO {table} ({names}) VALUES ({marks})"), row)


@pytest.fixture
def grown(store: Store) -> Store:
    """A store with one row in each table that only grows."""
    for table, row in _GROUND:
        _insert(store, table, row)
    for table, (_, row) in GROWING.items():
        assert _insert(store, table, row) == 1
    return store


@EACH
def test_no_row_is_updated(grown: Store, table: str) -> None:
    order, row = GROWING[table]
    before = everything(grown, table, order)
    for column in row:
        with pytest.raises(REFUSED_BY_TRIGGER, match="only grows"):
            grown.run(sql(f"UPDATE {table} SET {column} = {column}"))
    assert everything(grown, table, order) == before


@EACH
def test_no_row_is_deleted(grown: Store, table: str) -> None:
    order, _ = GROWING[table]
    with pytest.raises(REFUSED_BY_TRIGGER, match="only grows"):
        grown.run(sql(f"DELETE FROM {table}"))
    assert len(everything(grown, table, order)) == 1


@EACH
def test_no_row_is_written_over(grown: Store, table: str) -> None:
    order, row = GROWING[table]
    before = everything(grown, table, order)
    for verb in ("INSERT", "INSERT OR REPLACE", "REPLACE"):
        if verb != "INSERT" and grown.engine == "postgres":
            continue
        with pytest.raises(INTEGRITY):
            _insert(grown, table, row, verb)
    first = next(iter(row))
    upsert = sql(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(f':{n}' for n in row)})"
        f" ON CONFLICT ({order}) DO UPDATE SET {first} = excluded.{first}"
    )
    with pytest.raises(REFUSED_BY_TRIGGER, match="only grows"):
        grown.run(upsert, row)
    assert everything(grown, table, order) == before


@pytest.mark.parametrize("table", sorted(OTHER_KEYS))
def test_no_row_is_pushed_out_by_another_unique_key(grown: Store, table: str) -> None:
    order, row = GROWING[table]
    before = everything(grown, table, order)
    verb = "INSERT OR REPLACE" if grown.engine == "sqlite" else "INSERT"
    with pytest.raises(INTEGRITY):
        _insert(grown, table, {**row, **OTHER_KEYS[table]}, verb)
    assert everything(grown, table, order) == before


@EACH
def test_a_tool_without_our_settings_cannot_replace_a_row_either(grown: Store, table: str) -> None:
    if grown.engine != "sqlite":
        with pytest.raises(REFUSED_BY_TRIGGER, match="only grows"):
            grown.run(sql(f"TRUNCATE {table} CASCADE"))
        return
    order, row = GROWING[table]
    before = everything(grown, table, order)
    bare = sqlite3.connect(grown.place)
    try:
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            bare.execute(
                f"INSERT OR REPLACE INTO {table} ({', '.join(row)})"
                f" VALUES ({', '.join('?' * len(row))})",
                list(row.values()),
            )
        bare.rollback()
    finally:
        bare.close()
    assert everything(grown, table, order) == before


@EACH
def test_a_new_row_is_welcome(grown: Store, table: str) -> None:
    order, row = GROWING[table]
    key = order.split(", ")[-1]
    more = {**row, key: row[key] + 1 if isinstance(row[key], int) else row[key] + "2"}
    more |= {"idem": "twice"} if "idem" in row else {}
    more |= {"version": 2} if table == "audit_row" else {}
    assert _insert(grown, table, more) == 1
