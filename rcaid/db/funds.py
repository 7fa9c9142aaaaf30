"""Funds, what moves between them, the months of the books, and the entries a trace follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, one, statement
from rcaid.db.people import chunks
from rcaid.db.tables import (
    FUND,
    FUND_MOVE,
    FUND_PERIOD,
    LEDGER_ENTRY,
    Fund,
    FundMove,
    FundPeriod,
    LedgerEntry,
)

_BY_CODE = statement("fund.by_code", f"SELECT {FUND.listed} FROM fund WHERE code = :code")
_BY_ID = statement("fund.by_id", f"SELECT {FUND.listed} FROM fund WHERE id = :id")
_MOVES = statement("fund.moves", f"SELECT {FUND_MOVE.listed} FROM fund_move ORDER BY id")
_MOVE = statement("fund.move_by_key", f"SELECT {FUND_MOVE.listed} FROM fund_move WHERE key = :key")
_PERIODS = statement("period.all", f"SELECT {FUND_PERIOD.listed} FROM fund_period ORDER BY month")
_ENTRIES = statement(
    "period.entries",
    f"SELECT {LEDGER_ENTRY.listed} FROM ledger_entry WHERE day >= :first AND day <= :last"
    " ORDER BY id",
)
_MONTHS = statement(
    "period.months",
    "SELECT month, count(*) FROM (SELECT substr(day, 1, 7) AS month FROM ledger_entry"
    " WHERE day < :before) days GROUP BY month ORDER BY month",
)
_TRACED = statement(
    "trace.entries",
    "SELECT id, day, kind, debit, credit, fund_id, fen, disbursement_id, transfer_id, donation_id,"
    " entitlement_id, case_id, idem FROM ledger_entry WHERE fund_id IN (:funds)"
    " AND (debit IN ('external', 'settled', 'written_off')"
    " OR credit IN ('external', 'settled', 'written_off')) ORDER BY id",
    lists=("funds",),
)
_PAID = statement(
    "trace.paid",
    "SELECT d.id, d.voucher, c.case_no, d.office_id FROM disbursement d"
    " JOIN entitlement e ON e.id = d.entitlement_id JOIN aid_case c ON c.id = e.case_id"
    " WHERE d.id IN (:ids)",
    lists=("ids",),
)
_SENT = statement(
    "trace.sent",
    "SELECT t.id, t.number, i.name, t.office_id FROM transfer t"
    " JOIN institution i ON i.id = t.institution_id WHERE t.id IN (:ids)",
    lists=("ids",),
)

_SPENT = statement(
    "trace.spent_as",
    "SELECT d.id, e.fund_id, d.office_id FROM disbursement d"
    " JOIN entitlement e ON e.id = d.entitlement_id WHERE d.voucher = :number"
    " UNION ALL SELECT id, fund_id, office_id FROM transfer WHERE number = :number",
)


class Traced(NamedTuple):
    """An entry that brings money into a fund or takes it out for good."""

    id: str
    day: str
    kind: str
    debit: str
    credit: str
    fund_id: str
    fen: int
    disbursement_id: str | None
    transfer_id: str | None
    donation_id: str | None
    entitlement_id: str | None
    case_id: str | None
    idem: str


def by_code(store: Store, code: str) -> Fund | None:
    """One fund by its code."""
    found = one(store, _BY_CODE, {"code": code})
    return Fund(*found) if found else None


def by_id(store: Store, fund_id: str) -> Fund | None:
    """One fund."""
    found = one(store, _BY_ID, {"id": fund_id})
    return Fund(*found) if found else None


def moves(store: Store) -> list[FundMove]:
    """Everything that went from one fund to another, oldest first."""
    return [FundMove(*row) for row in store.rows(_MOVES)]


def move_by_key(store: Store, key: str) -> FundMove | None:
    """What was moved under this key."""
    found = one(store, _MOVE, {"key": key})
    return FundMove(*found) if found else None


def periods(store: Store) -> list[FundPeriod]:
    """The months that are closed, oldest first."""
    return [FundPeriod(*row) for row in store.rows(_PERIODS)]


def entries(store: Store, first: str, last: str) -> Iterator[LedgerEntry]:
    """The entries of some days, both included, by id."""
    for row in store.stream(_ENTRIES, {"first": first, "last": last}):
        yield LedgerEntry(*row)


def months(store: Store, before: str) -> list[str]:
    """The months with an entry on a day before this one, oldest first."""
    return [month for month, _ in store.rows(_MONTHS, {"before": before})]


def traced(store: Store, funds: Sequence[str]) -> Iterator[Traced]:
    """What came into these funds and left them for good, in the order it was posted."""
    for row in store.stream(_TRACED, {"funds": funds}):
        yield Traced(*row)


def paid(store: Store, ids: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    """Voucher, case number and office of payments, by id."""
    return {
        id: (voucher, case, office)
        for piece in chunks(ids)
        for id, voucher, case, office in store.rows(_PAID, {"ids": piece})
    }


def sent(store: Store, ids: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    """Number, receiver and office of transfers, by id."""
    return {
        id: (number, name, office)
        for piece in chunks(ids)
        for id, number, name, office in store.rows(_SENT, {"ids": piece})
    }


def spent_as(store: Store, number: str) -> tuple[str, str, str] | None:
    """Id, fund and office of a payment by its voucher, or of a transfer by its number."""
    found = one(store, _SPENT, {"number": number})
    return (str(found[0]), str(found[1]), str(found[2])) if found else None
