"""New rows in bulk, with what follows from each: its entry in the record, its keys, its outcome.

Handing a row to the driver costs more than storing it. So each row is handed over once, into a
temporary table, and everything that it becomes is taken from there inside the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rcaid.db.engine import Statement, Store, value
from rcaid.db.migrate import translate
from rcaid.db.people import IDENTITY, PHONE
from rcaid.db.record import AUDIT_ROW, public_sql
from rcaid.db.tables import ACCOUNT, AID_CASE, HOUSEHOLD, PERSON, Table

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bulk:
    """New rows of one table. ``staged`` are the columns that are handed over, with their types;
    ``n`` among them is the row's number in its event and ``digest`` its private hash. ``made``
    are expressions for columns of the table that are not handed over."""

    table: Table
    staged: str
    made: Mapping[str, str]
    also: tuple[str, ...] = ()

    @property
    def stage(self) -> str:
        """The name of the temporary table."""
        return f"new_{self.table.name}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that are handed over."""
        return tuple(column.split()[0] for column in self.staged.split(", "))

    def statements(self) -> list[str]:
        """What is done with the rows once they are handed over."""
        name = self.table.name
        digest = "digest" if "digest" in self.columns else "NULL"
        values = ", ".join(self.made.get(column, column) for column in self.table.columns)
        return [
            f"INSERT INTO {name} ({self.table.listed}) SELECT {values} FROM {self.stage}",
            f"INSERT INTO audit_row ({', '.join(AUDIT_ROW)}) SELECT :log, :seq, n, '{name}', id, 1,"
            f" {public_sql(self.table, self.made)}, {digest} FROM {self.stage}",
            *self.also,
            f"DELETE FROM {self.stage}",
        ]


_KEY = "INSERT INTO new_key (kind, hash, n, owner_id) SELECT"
_KEYS = (
    "CREATE TEMP TABLE IF NOT EXISTS new_key (kind {{int}}, hash {{int}}, n {{int}}, owner_id TEXT)"
)
_KEPT_BACK = 250_000
HOMES = Bulk(HOUSEHOLD, "n {{int}}, id TEXT, office_id TEXT", {"version": "1"})
PEOPLE = Bulk(
    PERSON,
    "n {{int}}, id TEXT, doc {{int}}, office_id TEXT, household_id TEXT, name TEXT, sex TEXT,"
    " born TEXT, id_kind TEXT, sealed {{bytes}}, digest {{bytes}}, number_hash {{int}},"
    " number_n {{int}}, phone_hash {{int}}",
    {"state": "'live'", "died_on": "NULL", "merged_into": "NULL", "version": "1"},
    (
        f"{_KEY} {IDENTITY}, number_hash, number_n, id FROM new_person"
        " WHERE number_hash IS NOT NULL",
        f"{_KEY} {PHONE}, phone_hash, doc, id FROM new_person WHERE phone_hash IS NOT NULL",
    ),
)
ACCOUNTS = Bulk(
    ACCOUNT,
    "n {{int}}, id TEXT, person_id TEXT, office_id TEXT, hash {{int}}, bank TEXT,"
    " sealed {{bytes}}, digest {{bytes}}",
    {"version": "1"},
)
CASES = Bulk(
    AID_CASE,
    "n {{int}}, id TEXT, case_no TEXT, roster_id TEXT, office_id TEXT, person_id TEXT,"
    " household_id TEXT, category TEXT, hardship TEXT, hardship_until TEXT, fen {{int}},"
    " item_id TEXT, qty {{int}}, account_id TEXT, sealed {{bytes}}, digest {{bytes}}, row_no {{int}}",
    {
        "lane": "'B'",
        "cycle_id": ":cycle",
        "state": "'listed'",
        "line_hash": "NULL",
        "version": "1",
    },
    (
        "INSERT INTO import_row (batch_id, row_no, outcome, object_id)"
        " SELECT :batch, row_no, 'new', id FROM new_aid_case",
    ),
)


def prepare(store: Store, bulks: Iterable[Bulk]) -> None:
    """Makes the temporary tables of a unit."""
    store.run(Statement("", translate(_KEYS, store.engine)))
    store.run(Statement("", "DELETE FROM new_key"))
    for bulk in bulks:
        columns = translate(bulk.staged, store.engine)
        store.run(Statement("", f"CREATE TEMP TABLE IF NOT EXISTS {bulk.stage} ({columns})"))
        store.run(Statement("", f"DELETE FROM {bulk.stage}"))


def put(store: Store, bulk: Bulk, columns: Iterable[Iterable[Any]], params: Params) -> None:
    """Puts new rows into their table, the record and wherever else they belong.

    ``columns`` are whole columns in the order of ``bulk.columns``; ``params`` name log and seq of
    the event, batch and cycle. Keys are kept back, for `finish`.
    """
    store.insert_many(bulk.stage, bulk.columns, zip(*columns, strict=True))
    for text in bulk.statements():
        store.run(Statement("", text), params)
    if bulk is PEOPLE and value(store, Statement("", "SELECT count(*) FROM new_key")) > _KEPT_BACK:
        finish(store)


def finish(store: Store) -> None:
    """Puts in the keys that were kept back: sorted, since they lie scattered all over their table,
    and in a large store each page is then touched once."""
    store.run(
        Statement(
            "",
            "INSERT INTO person_key (kind, hash, n, owner_id)"
            " SELECT kind, hash, n, owner_id FROM new_key ORDER BY kind, hash, n",
        )
    )
    store.run(Statement("", "DELETE FROM new_key"))
