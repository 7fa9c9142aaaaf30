"""How a payment moves: what it posts to the ledger and how it is counted from state to state."""

from __future__ import annotations

from rcaid.db.payments import Due
from rcaid.db.tables import Disbursement, LedgerEntry
from rcaid.db.unit import Unit


def flow_right(unit: Unit, due: Due, source: str, target: str, day: str = "") -> None:
    """Counts an entitlement out of one state and into another."""
    right = due.entitlement
    for state, sign in ((source, -1), (target, 1)):
        unit.flow(
            right.office_id, due.cycle_id, "entitlement", due.category, state, sign,
            sign * (right.fen or 0), day,
        )  # fmt: skip


def posting(
    id: str, unit: Unit, kind: str, debit: str, credit: str, due: Due, line: Disbursement
) -> LedgerEntry:
    """One ledger entry of a payment; its idempotency key is the act and the line."""
    right = due.entitlement
    return LedgerEntry(
        id, unit.day, kind, debit, credit, right.fund_id, line.fen or 0, line.office_id, right.id,
        line.id, None, f"{kind}:{line.id}", 1,
    )  # fmt: skip


def posting_of_right(
    id: str, unit: Unit, kind: str, debit: str, credit: str, due: Due
) -> LedgerEntry:
    """One ledger entry of a right that has no payment of its own; its key is act and right."""
    right = due.entitlement
    return LedgerEntry(
        id, unit.day, kind, debit, credit, right.fund_id, right.fen or 0, right.office_id,
        right.id, None, None, f"{kind}:{right.id}", 1,
    )  # fmt: skip


def flow_line(
    unit: Unit, due: Due, line: Disbursement, source: str, target: str, day: str = ""
) -> None:
    """Counts a line of a batch out of one state and into another."""
    for state, sign in ((source, -1), (target, 1)):
        unit.flow(
            line.office_id, due.cycle_id, "disbursement", due.category, state, sign,
            sign * line.value_fen, day,
        )  # fmt: skip
