"""What is odd about the lines of one batch, and what of it was cleared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rcaid.db.engine import Store, statement
from rcaid.db.money_reports import Payee, Phone
from rcaid.db.people import chunks
from rcaid.db.tables import BATCH_FLAG, BatchFlag

_MERGED = " LEFT JOIN person_merge m ON m.loser_id = {of} AND m.state = 'merged'"
_IN_CASH = statement(
    "batch.in_cash",
    "SELECT id FROM batch WHERE id IN (:batches) AND channel = 'cash'",
    lists=("batches",),
)
_FLAGS = statement(
    "batch_flag.of_batch",
    f"SELECT {BATCH_FLAG.listed} FROM batch_flag WHERE batch_id = :batch ORDER BY id",
)
_OPEN = statement(
    "batch_flag.open",
    "SELECT batch_id, count(*) FROM batch_flag WHERE batch_id IN (:batches) AND state = 'open'"
    " GROUP BY batch_id",
    lists=("batches",),
)
_PAYEES = statement(
    "hold.payees",
    "SELECT c.case_no, c.person_id, COALESCE(m.winner_id, c.person_id), c.household_id, p.name,"
    " a.id, a.hash, a.sealed FROM disbursement d JOIN entitlement e ON e.id = d.entitlement_id"
    " JOIN aid_case c ON c.id = e.case_id JOIN person p ON p.id = c.person_id"
    f" JOIN account a ON a.id = d.account_id{_MERGED.format(of='c.person_id')}"
    " WHERE d.batch_id = :batch ORDER BY c.case_no",
)
_SHARED = statement(
    "hold.shared_accounts",
    "SELECT DISTINCT c.case_no, c.person_id, COALESCE(m.winner_id, c.person_id), c.household_id,"
    " p.name, o.id, o.hash, o.sealed FROM disbursement d JOIN account a ON a.id = d.account_id"
    " JOIN account o ON o.hash = a.hash AND o.person_id <> a.person_id"
    " JOIN aid_case c ON c.person_id = o.person_id AND c.cycle_id = :cycle"
    f" JOIN person p ON p.id = c.person_id{_MERGED.format(of='c.person_id')}"
    " WHERE d.batch_id = :batch AND c.state NOT IN ('struck', 'waiting', 'rejected', 'withdrawn')"
    " AND (c.account_id = o.id OR EXISTS (SELECT 1 FROM entitlement e WHERE e.case_id = c.id"
    " AND e.account_id = o.id)) ORDER BY 1, 6",
)
_PHONES = statement(
    "hold.phones",
    "SELECT k.hash, c.case_no, COALESCE(m.winner_id, c.person_id), c.household_id FROM"
    " (SELECT hash FROM person_key WHERE kind = 2 GROUP BY hash HAVING count(*) > 2) often"
    " JOIN person_key k ON k.kind = 2 AND k.hash = often.hash"
    " JOIN aid_case c ON c.person_id = k.owner_id AND c.cycle_id = :cycle"
    f"{_MERGED.format(of='c.person_id')} ORDER BY c.case_no",
)
_LINES = statement(
    "hold.lines",
    "SELECT c.case_no, d.voucher, c.lane, d.fen, d.account_id, COALESCE(d.replaces, ''), p.state,"
    " e.state, COALESCE(c.roster_id, '') FROM disbursement d"
    " JOIN entitlement e ON e.id = d.entitlement_id JOIN aid_case c ON c.id = e.case_id"
    " JOIN person p ON p.id = d.person_id WHERE d.batch_id = :batch ORDER BY d.voucher",
)
_CHANGED = statement(
    "hold.changed_accounts",
    "SELECT d.voucher FROM disbursement d JOIN"
    " (SELECT person_id, MIN(id) AS first_id FROM account GROUP BY person_id) f"
    " ON f.person_id = d.person_id WHERE d.batch_id = :batch AND d.account_id > :since"
    " AND d.account_id <> f.first_id ORDER BY d.voucher",
)
_STEPS = statement(
    "hold.roster_steps",
    "SELECT r.number, m.act, m.id FROM maker m JOIN roster r ON r.id = m.object_id"
    " WHERE m.object_id IN (:rosters) ORDER BY r.number, m.id",
    lists=("rosters",),
)
_CASE_STEPS = statement(
    "hold.case_steps",
    "SELECT c.case_no, x.action, x.id FROM disbursement d"
    " JOIN entitlement e ON e.id = d.entitlement_id"
    " JOIN aid_case c ON c.id = e.case_id AND c.lane = 'A'"
    " JOIN case_action x ON x.case_id = c.id WHERE d.batch_id = :batch ORDER BY c.case_no, x.id",
)


class Line(NamedTuple):
    """A line of a batch as the questions see it; ``person`` and ``right`` are states."""

    case_no: str
    voucher: str
    lane: str
    fen: int | None
    account: str | None
    replaces: str
    person: str
    right: str
    roster: str


def in_cash(store: Store, batch_ids: Iterable[str]) -> set[str]:
    """Those of these batches that were cash."""
    return {id for piece in chunks(batch_ids) for (id,) in store.rows(_IN_CASH, {"batches": piece})}


def flags(store: Store, batch_id: str) -> list[BatchFlag]:
    """What is odd about a batch, in the order in which it was found."""
    return [BatchFlag(*row) for row in store.rows(_FLAGS, {"batch": batch_id})]


def open_flags(store: Store, batch_ids: Iterable[str]) -> dict[str, int]:
    """How many flags of each of these batches nobody has cleared; those with none are left out."""
    return {
        batch: int(n)
        for piece in chunks(batch_ids)
        for batch, n in store.rows(_OPEN, {"batches": piece})
    }


def lines(store: Store, batch_id: str) -> list[Line]:
    """The lines of a batch, by voucher."""
    return [Line(*row) for row in store.rows(_LINES, {"batch": batch_id})]


def payees(store: Store, batch_id: str) -> list[Payee]:
    """Lines of a batch that go to an account, by case number."""
    return [Payee(*row) for row in store.rows(_PAYEES, {"batch": batch_id})]


def sharing(store: Store, batch_id: str, cycle_id: str) -> list[Payee]:
    """Lines of other people of the cycle whose account has the hash of one in the batch."""
    return [Payee(*row) for row in store.rows(_SHARED, {"batch": batch_id, "cycle": cycle_id})]


def phones(store: Store, cycle_id: str) -> list[Phone]:
    """Lines of a cycle of people who share a phone with at least two more, by case number."""
    return [Phone(*row) for row in store.rows(_PHONES, {"cycle": cycle_id})]


def changed(store: Store, batch_id: str, since: str) -> set[str]:
    """Vouchers of a batch that go to an account which is not their person's first and whose id is
    later than ``since``."""
    return {voucher for (voucher,) in store.rows(_CHANGED, {"batch": batch_id, "since": since})}


def roster_steps(store: Store, roster_ids: Iterable[str]) -> list[tuple[str, str, str]]:
    """(number, act, id that tells when) of all that was done to these rosters."""
    return [
        (number, act, id)
        for piece in chunks(roster_ids)
        for number, act, id in store.rows(_STEPS, {"rosters": piece})
    ]


def case_steps(store: Store, batch_id: str) -> list[tuple[str, str, str]]:
    """(case number, act, id that tells when) of all that was done to a batch's applications."""
    return [(no, act, id) for no, act, id in store.rows(_CASE_STEPS, {"batch": batch_id})]
