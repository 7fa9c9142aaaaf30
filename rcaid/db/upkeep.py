"""Looking after a store: what it holds, whether its counts add up, a copy of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from rcaid.db.engine import Row, Store, statement, value
from rcaid.db.invariants import BALANCES
from rcaid.domain.errors import Broken, Problem, Refused, Unusable

_COUNTS = {
    name: statement(f"upkeep.count_{name}", f"SELECT count(*) FROM {table}")
    for name, table in (
        ("people", "person"),
        ("lines", "aid_case"),
        ("payments", "disbursement"),
        ("events", "audit_event"),
    )
}
_FLOWS = statement(
    "upkeep.flows",
    "SELECT machine, office_id, cycle_id, category, state, CAST(SUM(n) AS BIGINT),"
    " CAST(SUM(fen) AS BIGINT) FROM flow"
    " WHERE machine IN ('line', 'case', 'entitlement', 'disbursement')"
    " GROUP BY machine, office_id, cycle_id, category, state",
)
_COUNTED = (
    statement(
        "upkeep.lines",
        "SELECT 'line', office_id, cycle_id, COALESCE(category, ''), state, count(*),"
        " CAST(COALESCE(SUM(fen), 0) AS BIGINT) FROM aid_case WHERE lane = 'B'"
        " GROUP BY office_id, cycle_id, COALESCE(category, ''), state",
    ),
    statement(
        "upkeep.cases",
        "SELECT 'case', office_id, cycle_id, COALESCE(category, ''), state, count(*),"
        " CAST(COALESCE(SUM(fen), 0) AS BIGINT) FROM aid_case WHERE lane = 'A'"
        " GROUP BY office_id, cycle_id, COALESCE(category, ''), state",
    ),
    statement(
        "upkeep.entitlements",
        "SELECT 'entitlement', e.office_id, c.cycle_id, COALESCE(c.category, ''), e.state,"
        " count(*), CAST(COALESCE(SUM(e.fen), 0) AS BIGINT) FROM entitlement e"
        " JOIN aid_case c ON c.id = e.case_id"
        " GROUP BY e.office_id, c.cycle_id, COALESCE(c.category, ''), e.state",
    ),
    statement(
        "upkeep.disbursements",
        "SELECT 'disbursement', d.office_id, c.cycle_id, COALESCE(c.category, ''), d.state,"
        " count(*), CAST(COALESCE(SUM(d.value_fen), 0) AS BIGINT) FROM disbursement d"
        " JOIN entitlement e ON e.id = d.entitlement_id JOIN aid_case c ON c.id = e.case_id"
        " GROUP BY d.office_id, c.cycle_id, COALESCE(c.category, ''), d.state",
    ),
)
_SERVED = (
    statement(
        "upkeep.served_flow",
        "SELECT cycle_id, CAST(SUM(n) AS BIGINT) FROM flow WHERE machine = 'served'"
        " GROUP BY cycle_id",
    ),
    statement(
        "upkeep.served_rows",
        "SELECT r.cycle_id, count(*) FROM served s JOIN round r ON r.id = s.round_id"
        " WHERE s.lines > 0 GROUP BY r.cycle_id",
    ),
    statement(
        "upkeep.served_lines",
        "SELECT r.cycle_id, count(*) FROM (SELECT DISTINCT e.round_id, d.person_id"
        " FROM disbursement d JOIN entitlement e ON e.id = d.entitlement_id"
        " WHERE d.state IN ('paid', 'delivered')) t JOIN round r ON r.id = t.round_id"
        " GROUP BY r.cycle_id",
    ),
)


def counts(store: Store) -> dict[str, int]:
    """How many people, lines, payments and events there are."""
    return {name: int(value(store, query)) for name, query in _COUNTS.items()}


def miscounted(store: Store) -> list[Problem]:
    """Where balances differ from the ledger, or summaries from the rows they sum up."""
    names = ("fund", "account", "kept", "counted")
    balances = [
        Problem("invariant.balance", dict(zip(names, row, strict=True)))
        for row in store.rows(BALANCES)
    ]
    return balances + uncounted(store)


def uncounted(store: Store) -> list[Problem]:
    """Where summaries differ from the rows they sum up."""
    problems = []
    kept_flows = _sums(store.rows(_FLOWS))
    counted = _sums([row for query in _COUNTED for row in store.rows(query)])
    for key in sorted(kept_flows.keys() | counted.keys()):
        kept, now = kept_flows.get(key, (0, 0)), counted.get(key, (0, 0))
        if kept != now:
            machine, office, *_rest, state = key
            params = {"machine": machine, "office": office, "state": state}
            problems.append(Problem("check.flow", {**params, "kept": kept[0], "counted": now[0]}))
    return problems + _misserved(store)


def _misserved(store: Store) -> list[Problem]:
    """Person-times by cycle: as summed up, as kept for each person, as the lines say."""
    summed, kept, counted = (
        {row[0]: int(row[1]) for row in store.rows(query) if row[1]} for query in _SERVED
    )
    return [
        Problem("check.served", {"cycle": cycle, "kept": n, "counted": now})
        for cycle in sorted(summed.keys() | kept.keys() | counted.keys())
        for now in [counted.get(cycle, 0)]
        for n in {summed.get(cycle, 0), kept.get(cycle, 0)}
        if n != now
    ]


def _sums(rows: list[Row]) -> dict[tuple[str, ...], tuple[int, int]]:
    return {tuple(row[:5]): (int(row[5]), int(row[6])) for row in rows if row[5] or row[6]}


def damage(store: Store) -> list[Problem]:
    """What the engine itself finds wrong with its file; PostgreSQL looks after its own."""
    connection = _embedded(store)
    if connection is None:
        return []
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(10)").fetchall()]
    problems = [Problem("check.file", {"what": text}) for text in found if text != "ok"]
    orphans = connection.execute("PRAGMA foreign_key_check").fetchmany(10)
    return problems + [Problem("check.orphan", {"table": row[0]}) for row in orphans]


def engine_version(store: Store) -> str:
    """The version of SQLite; "" for another engine."""
    connection = _embedded(store)
    return (
        ""
        if connection is None
        else str(connection.execute("SELECT sqlite_version()").fetchone()[0])
    )


def size(store: Store) -> int:
    """Bytes of the embedded store's file and its log; 0 for another engine."""
    if store.engine != "sqlite":
        return 0
    parts = (Path(store.place), Path(f"{store.place}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def backup(store: Store, target: Path) -> int:
    """A whole and checked copy of the embedded store, while others work; returns its bytes.

    Refused on another engine, Unusable where the file is there already or cannot be written,
    Broken if the copy does not pass the engine's check. The keys are never part of it.
    """
    from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

    connection = _embedded(store)
    if connection is None:
        raise Refused(Problem("backup.engine"))
    if target.exists():
        raise Unusable(Problem("backup.exists", {"place": str(target)}))
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        copy = sqlite3.connect(str(part))
        try:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            wrong = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        finally:
            copy.close()
        if wrong != "ok":
            raise Broken(Problem("check.file", {"what": wrong}))
        _settle(part)
        os.replace(part, target)
    except OSError as error:
        params = {"file": str(target), "reason": error.strerror or str(error)}
        raise Unusable(Problem("file.unwritable", params)) from error
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def _settle(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _embedded(store: Store) -> Any:
    from rcaid.db.sqlite import SqliteStore

    return store.database.conn if isinstance(store, SqliteStore) else None
