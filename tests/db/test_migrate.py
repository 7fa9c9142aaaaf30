"""Migrations: numbered files, each run once, all or nothing, whoever starts first."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlite_utils.utils import sqlite3

from rcaid.db import migrate
from rcaid.db.engine import Store, open_store, value
from rcaid.db.tables import DIGESTED, RECORDED
from rcaid.domain.errors import Broken, Unusable
from tests.db.support import all_at_once, sql, worker

TABLES = {
    "account", "aid_case", "approval", "audit_event", "audit_head", "audit_row", "balance",
    "batch", "case_action", "checkpoint", "cycle", "disbursement", "draft", "duty_grant",
    "entitlement", "flow", "fund", "household", "import_batch", "import_change", "import_row",
    "item", "ledger_entry", "lot", "maker", "office", "person", "person_key", "person_search",
    "programme", "programme_version", "quota", "region", "relation", "roster", "round",
    "schema_migration", "served", "setting", "ssh_key", "staff",
    "import_profile", "duplicate_pair", "change_request", "person_merge",
    "disaster", "institution", "transfer", "transfer_line",
    "application", "batch_flag", "case_paper", "consent", "donation", "donation_line", "donor",
    "donation_receipt", "donor_party", "fund_move",
    "follow_up", "fund_period", "notice", "notice_line", "objection", "recovery", "recusal",
    "snapshot", "stock", "stock_entry",
}  # fmt: skip
_TABLES_OF = {
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'table'"
    " AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'person_search_%'",
    "postgres": "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
}
_COLUMNS_OF = {
    "sqlite": "SELECT m.name, c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c"
    " WHERE m.type = 'table'",
    "postgres": "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = 'public'",
}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with the program's migrations, to change."""
    return shutil.copytree(migrate.folder(), tmp_path / "migrations")


def _tables(store: Store) -> set[str]:
    return {name for (name,) in store.rows(sql(_TABLES_OF[store.engine]))}


def _columns(store: Store) -> set[tuple[str, str]]:
    found = store.rows(sql(_COLUMNS_OF[store.engine]))
    return {(table, column) for table, column in found if table in TABLES - {"person_search"}}


def _code(error: pytest.ExceptionInfo[Broken] | pytest.ExceptionInfo[Unusable]) -> str:
    (problem,) = error.value.problems
    return problem.code


def test_a_blank_store_gets_every_table_once(blank_store: Store) -> None:
    assert migrate.schema_number(blank_store) == 0
    ran = migrate.migrate(blank_store)
    assert _tables(blank_store) == TABLES
    assert migrate.schema_number(blank_store) == len(ran) == len(migrate.known(blank_store.engine))
    assert migrate.migrate(blank_store) == []
    assert migrate.pending(blank_store) == []


def test_both_engines_have_the_same_columns(sqlite_store: Store, postgres_store: Store) -> None:
    assert _columns(sqlite_store) == _columns(postgres_store)


def test_the_columns_are_those_python_names(store: Store) -> None:
    for table in RECORDED.values():
        assert set(table.columns) == {c for t, c in _columns(store) if t == table.name}
    assert set(DIGESTED) <= TABLES


def test_a_file_that_ran_and_has_changed_is_refused(blank_store: Store, copied: Path) -> None:
    migrate.migrate(blank_store, copied)
    with (copied / "0001_core.sql").open("a", encoding="utf-8") as file:
        file.write("-- one more line\n")
    with pytest.raises(Broken) as refusal:
        migrate.migrate(blank_store, copied)
    assert _code(refusal) == "migration.changed"


def test_a_store_newer_than_the_program_is_refused(blank_store: Store, copied: Path) -> None:
    number = len(migrate.known(blank_store.engine, copied)) + 1
    (copied / f"{number:04}_later.sql").write_text("CREATE TABLE later (x TEXT);\n")
    migrate.migrate(blank_store, copied)
    for act in (migrate.migrate, migrate.pending):
        with pytest.raises(Unusable) as refusal:
            act(blank_store)
        assert _code(refusal) == "migration.newer"


def test_a_number_that_is_missing_for_one_engine_is_refused(engine: str, copied: Path) -> None:
    other = {"sqlite": "postgres", "postgres": "sqlite"}[engine]
    number = len(migrate.known(engine, copied)) + 1
    (copied / f"{number:04}_a.{other}.sql").write_text("SELECT 1;\n")
    (copied / f"{number + 1:04}_b.sql").write_text("SELECT 1;\n")
    assert len(migrate.known(other, copied)) == number + 1
    with pytest.raises(Broken) as refusal:
        migrate.known(engine, copied)
    assert _code(refusal) == "migration.gap"


def test_a_file_that_fails_leaves_the_store_as_it_was(store: Store, copied: Path) -> None:
    number = len(migrate.known(store.engine, copied)) + 1
    (copied / f"{number:04}_bad.sql").write_text("CREATE TABLE a (x TEXT);\nCREATE TABEL b;\n")
    with pytest.raises((sqlite3.OperationalError, psycopg.errors.SyntaxError)):
        migrate.migrate(store, copied)
    assert _tables(store) == TABLES
    assert migrate.schema_number(store) == number - 1


def test_a_python_file_moves_data_in_the_same_unit(store: Store, copied: Path) -> None:
    number = len(migrate.known(store.engine, copied)) + 1
    (copied / f"{number:04}_move.py").write_text(
        "def run(store):\n    store.insert_many('setting', ('key', 'value'), [('moved', 'yes')])\n"
    )
    (done,) = migrate.migrate(store, copied)
    assert done.number == number
    assert store.rows(sql("SELECT value FROM setting WHERE key = 'moved'")) == [("yes",)]


def test_six_processes_that_start_at_once_migrate_one_store(
    engine: str, new_url: Callable[..., str], tmp_path: Path
) -> None:
    url = str(tmp_path / "six.db") if engine == "sqlite" else new_url(engine, blank=True)
    said = all_at_once([worker("migrates", url) for _ in range(6)])
    known = len(migrate.known(engine))
    assert sorted(int(out) for out in said) == [0] * 5 + [known]
    store = open_store(url)
    assert value(store, sql("SELECT count(*) FROM schema_migration")) == known
    assert _tables(store) == TABLES
    store.close()
