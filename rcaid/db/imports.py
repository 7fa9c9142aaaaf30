"""Import batches, the outcome of each row, and what stood before."""

from __future__ import annotations

from collections.abc import Sequence

from rcaid.db.engine import Row, Store, one, statement
from rcaid.db.tables import IMPORT_BATCH, ImportBatch

ALL = 1 << 31
"""More rows than one file has."""

_BY_PLAN = statement(
    "import.by_plan", f"SELECT {IMPORT_BATCH.listed} FROM import_batch WHERE plan_id = :plan"
)
_BY_FILE = statement(
    "import.by_file",
    f"SELECT {IMPORT_BATCH.listed} FROM import_batch WHERE file_sha256 = :sha AND kind = :kind"
    " AND cycle_id = :cycle AND state = 'applied'",
)
_BY_ID = statement("import.by_id", f"SELECT {IMPORT_BATCH.listed} FROM import_batch WHERE id = :id")
_LIST = statement(
    "import.of_offices",
    f"SELECT {IMPORT_BATCH.listed} FROM import_batch WHERE office_id IN (:offices)"
    " ORDER BY id DESC LIMIT :limit",
    lists=("offices",),
)
_ROWS = statement(
    "import.rows",
    "SELECT row_no, outcome, object_id, problems, sealed FROM import_row"
    " WHERE batch_id = :batch ORDER BY row_no",
)
_REJECTED = statement(
    "import.rejected",
    "SELECT row_no, problems, sealed FROM import_row"
    " WHERE batch_id = :batch AND outcome IN ('rejected', 'undecided') ORDER BY row_no"
    " LIMIT :most",
)


def by_plan(store: Store, plan_id: str) -> ImportBatch | None:
    """The batch that a plan became."""
    found = one(store, _BY_PLAN, {"plan": plan_id})
    return ImportBatch(*found) if found else None


def by_file(store: Store, sha256: str, kind: str, cycle_id: str) -> ImportBatch | None:
    """The applied batch of these very bytes."""
    found = one(store, _BY_FILE, {"sha": sha256, "kind": kind, "cycle": cycle_id})
    return ImportBatch(*found) if found else None


def by_id(store: Store, batch_id: str) -> ImportBatch | None:
    """One batch."""
    found = one(store, _BY_ID, {"id": batch_id})
    return ImportBatch(*found) if found else None


def of_offices(store: Store, offices: Sequence[str], limit: int = 200) -> list[ImportBatch]:
    """Batches of these offices, newest first."""
    return [ImportBatch(*r) for r in store.rows(_LIST, {"offices": offices, "limit": limit})]


def outcomes(store: Store, batch_id: str) -> list[Row]:
    """What became of each row: number, outcome, object, problems (JSON), sealed cells."""
    return store.rows(_ROWS, {"batch": batch_id})


def rejected(store: Store, batch_id: str, most: int = ALL) -> list[Row]:
    """The first rows that were not taken: number, problems (JSON), sealed cells."""
    return store.rows(_REJECTED, {"batch": batch_id, "most": most})
