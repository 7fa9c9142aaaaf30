"""Goods and cash that are handed out at a place: what is left of each list, and who signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, statement
from rcaid.db.tables import BATCH, Batch

_B = ", ".join(f"b.{c}" for c in BATCH.columns)
_OPEN = statement(
    "batch.handed_out",
    f"SELECT {_B} FROM batch b WHERE b.state = 'released'"
    " AND (b.kind = 'goods' OR b.channel IN ('cash', 'event'))"
    " AND EXISTS (SELECT 1 FROM disbursement d WHERE d.batch_id = b.id"
    " AND d.office_id IN (:offices)) ORDER BY b.released_on DESC, b.number",
    lists=("offices",),
)
_TALLY = statement(
    "disbursement.tally",
    "SELECT d.batch_id, d.state, CASE WHEN d.sealed IS NULL THEN 0 ELSE 1 END, count(*)"
    " FROM disbursement d WHERE d.batch_id IN (:batches) AND d.office_id IN (:offices)"
    " GROUP BY d.batch_id, d.state, CASE WHEN d.sealed IS NULL THEN 0 ELSE 1 END",
    lists=("batches", "offices"),
)
_AGENTS = statement(
    "disbursement.by_agents",
    "SELECT id, sealed FROM disbursement WHERE batch_id = :batch AND done_on = :day"
    " AND sealed IS NOT NULL",
)


class Left(NamedTuple):
    """Lines of a batch in one state; ``agent`` says that somebody else signed for them."""

    batch_id: str
    state: str
    agent: bool
    n: int


def open_batches(store: Store, offices: Sequence[str]) -> list[Batch]:
    """Released batches that are handed out at a place, with lines of these offices; newest first."""
    return [Batch(*row) for row in store.rows(_OPEN, {"offices": offices})]


def tally(store: Store, batches: Sequence[str], offices: Sequence[str]) -> list[Left]:
    """How many lines of each batch are in which state, in these offices."""
    found = store.rows(_TALLY, {"batches": batches, "offices": offices})
    return [Left(batch, state, bool(agent), int(n)) for batch, state, agent, n in found]


def signed_by_agents(store: Store, batch_id: str, day: str) -> list[tuple[str, bytes]]:
    """Lines of a batch that agents signed for on a day: id and sealed values."""
    found = store.rows(_AGENTS, {"batch": batch_id, "day": day})
    return [(id, bytes(sealed)) for id, sealed in found]
