"""What a bank said of payments, file by file: lines that settled, and lines that came back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, statement
from rcaid.db.people import chunks
from rcaid.db.tables import IMPORT_BATCH, ImportBatch

MOST_FILES = 200

_FILES = statement(
    "import.bank_files",
    f"SELECT {IMPORT_BATCH.listed} FROM import_batch WHERE kind = 'bank' AND state = 'applied'"
    " AND office_id IN (:offices) ORDER BY id DESC LIMIT :most",
    lists=("offices",),
)
_COUNTED = statement(
    "import.bank_counted",
    "SELECT i.batch_id, d.state, CASE WHEN e.account_id <> d.account_id THEN 1 ELSE 0 END,"
    " count(*), CAST(SUM(d.value_fen) AS BIGINT)"
    " FROM import_row i JOIN disbursement d ON d.voucher = i.object_id"
    " JOIN entitlement e ON e.id = d.entitlement_id"
    " WHERE i.batch_id IN (:batches) AND i.outcome = 'new'"
    " GROUP BY i.batch_id, d.state, CASE WHEN e.account_id <> d.account_id THEN 1 ELSE 0 END",
    lists=("batches",),
)
_VOUCHERS = statement(
    "import.bank_vouchers",
    "SELECT object_id FROM import_row WHERE batch_id = :batch AND outcome = 'new' ORDER BY row_no",
)
_FOLLOWED = statement(
    "disbursement.following",
    "SELECT d.replaces, b.number, d.state FROM disbursement d JOIN batch b ON b.id = d.batch_id"
    " WHERE d.entitlement_id IN (:rights) AND d.replaces IS NOT NULL",
    lists=("rights",),
)


class Counted(NamedTuple):
    """Lines of a file in one state; ``another`` says that their right has another account by now."""

    batch_id: str
    state: str
    another: bool
    n: int
    fen: int


def files(store: Store, offices: Sequence[str], most: int = MOST_FILES) -> list[ImportBatch]:
    """Files of banks that came in for these offices, the newest first."""
    found = store.rows(_FILES, {"offices": offices, "most": most})
    return [ImportBatch(*row) for row in found]


def counted(store: Store, batches: Sequence[str]) -> list[Counted]:
    """How many lines of each file are in which state now, and how much they are (fen)."""
    found = store.rows(_COUNTED, {"batches": batches})
    return [
        Counted(batch, state, bool(another), int(n), int(fen or 0))
        for batch, state, another, n, fen in found
    ]


def vouchers(store: Store, batch_id: str) -> list[str]:
    """The vouchers a file named and that were taken up, in its order."""
    return [voucher for (voucher,) in store.rows(_VOUCHERS, {"batch": batch_id})]


def followed(store: Store, rights: Iterable[str]) -> dict[str, tuple[str, str]]:
    """For lines of these entitlements that were paid again: the batch and the state of the new
    line, by the old one."""
    return {
        old: (number, state)
        for piece in chunks(rights)
        for old, number, state in store.rows(_FOLLOWED, {"rights": piece})
    }
