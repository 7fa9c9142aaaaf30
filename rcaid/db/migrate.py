"""Brings a store to this program's schema: numbered files, each run once, all in one unit."""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rcaid.db.engine import Row, Statement, Store, statement, value
from rcaid.domain.errors import Broken, Problem, Unusable

_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)(?:\.(sqlite|postgres))?\.(sql|py)$")
_TYPES = {
    "sqlite": {
        "int": "INTEGER",
        "json": "TEXT",
        "bytes": "BLOB",
        "end": " STRICT",
        "clustered": " STRICT, WITHOUT ROWID",
    },
    "postgres": {"int": "BIGINT", "json": "JSONB", "bytes": "BYTEA", "end": "", "clustered": ""},
}

_IS_THERE = {
    "sqlite": Statement(
        "", "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'"
    ),
    "postgres": Statement("", "SELECT count(to_regclass('schema_migration'))"),
}
# On SQLite a unit holds the whole file; on PostgreSQL two may create one table at the same moment.
_ALONE = {"sqlite": "", "postgres": "SELECT pg_advisory_xact_lock(724310199);\n"}

_DONE = statement("migration.done", "SELECT number, name, sha256 FROM schema_migration")
_NOTE = statement(
    "migration.note",
    "INSERT INTO schema_migration (number, name, sha256, at) VALUES (:number, :name, :sha256, :at)",
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file, for one engine."""

    number: int
    name: str
    path: Path
    sha256: str


def folder() -> Path:
    """Where the files lie: in the installed package, else beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "_migrations"
    return shipped if shipped.is_dir() else package.parent / "migrations"


def known(engine: str, where: Path | None = None) -> list[Migration]:
    """The files this program has for an engine, by number."""
    found = []
    for path in sorted((where or folder()).iterdir()):
        match = _NAME.match(path.name)
        if match and match.group(3) in (None, engine):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found.append(Migration(int(match.group(1)), match.group(2), path, digest))
    numbers = [each.number for each in found]
    if numbers != list(range(1, len(numbers) + 1)):
        raise Broken(Problem("migration.gap", {"engine": engine, "numbers": str(numbers)}))
    return found


def pending(store: Store, where: Path | None = None) -> list[Migration]:
    """What is still to run. Raises Broken when a file that ran has changed, Unusable when the
    store is newer than this program."""
    mine = known(store.engine, where)
    ran = {number: (name, sha256) for number, name, sha256 in _ran(store)}
    if ran and max(ran) > len(mine):
        raise Unusable(Problem("migration.newer", {"store": max(ran), "program": len(mine)}))
    for each in mine:
        if each.number in ran and ran[each.number][1] != each.sha256:
            raise Broken(Problem("migration.changed", {"name": each.path.name}))
    return [each for each in mine if each.number not in ran]


def schema_number(store: Store) -> int:
    """The number of the newest migration that ran; 0 in a store that has none."""
    return max((number for number, _, _ in _ran(store)), default=0)


def _ran(store: Store) -> list[Row]:
    is_there = value(store, _IS_THERE[store.engine])
    return store.rows(_DONE) if is_there else []


def migrate(store: Store, where: Path | None = None) -> list[Migration]:
    """Runs what is pending in one unit and returns it. Safe when many start at once."""

    def run_all() -> list[Migration]:
        store.script(
            _ALONE[store.engine]
            + "CREATE TABLE IF NOT EXISTS schema_migration (number INTEGER NOT NULL PRIMARY KEY,"
            " name TEXT NOT NULL, sha256 TEXT NOT NULL, at TEXT NOT NULL);\n"
        )
        todo = pending(store, where)
        for each in todo:
            _run(store, each)
            at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            store.run(
                _NOTE,
                {"number": each.number, "name": each.name, "sha256": each.sha256, "at": at},
            )
        return todo

    return store.unit(run_all, what="migrate")


def _run(store: Store, migration: Migration) -> None:
    if migration.path.suffix == ".sql":
        store.script(translate(migration.path.read_text(encoding="utf-8"), store.engine))
        return
    spec = importlib.util.spec_from_file_location(f"migration_{migration.number}", migration.path)
    if spec is None or spec.loader is None:
        raise Broken(Problem("migration.changed", {"name": migration.path.name}))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.run(store)


def translate(text: str, engine: str) -> str:
    """Puts the engine's own types in the place of the ``{{…}}`` marks."""
    types = _TYPES[engine]
    return re.sub(r"\{\{(\w+)\}\}", lambda mark: types[mark.group(1)], text)


def statements_of(text: str) -> Iterator[str]:
    """The single statements of a migration's text, for tests that look at them."""
    yield from (piece.strip() for piece in text.split(";\n") if piece.strip())
