"""What is ready to go into a batch, counted by round, office and kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, statement

_READY = statement(
    "entitlement.ready_counted",
    "SELECT e.round_id, e.office_id, e.kind, count(*), CAST(SUM(COALESCE(e.fen, 0)) AS BIGINT),"
    " CAST(SUM(COALESCE(e.qty, 0)) AS BIGINT) FROM entitlement e"
    " WHERE e.state = 'ready'"
    " AND e.office_id IN (:offices)"
    " AND NOT EXISTS (SELECT 1 FROM disbursement d WHERE d.entitlement_id = e.id"
    " AND d.state = 'returned')"
    " GROUP BY e.round_id, e.office_id, e.kind",
    lists=("offices",),
)


class Counted(NamedTuple):
    """Rights of a round in an office that can go out: how many, fen, pieces."""

    round_id: str
    office_id: str
    kind: str
    n: int
    fen: int
    qty: int


def counted(store: Store, offices: Sequence[str]) -> list[Counted]:
    """What is ready in these offices; what came back and waits to be paid again is left out."""
    found = store.rows(_READY, {"offices": offices})
    return [
        Counted(round, office, kind, int(n), int(fen or 0), int(qty or 0))
        for round, office, kind, n, fen, qty in found
    ]
