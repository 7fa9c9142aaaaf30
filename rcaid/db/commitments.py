"""Money set aside for applications, to whom it goes, urgent decisions, recoveries, follow-ups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, statement
from rcaid.db.people import chunks
from rcaid.db.tables import FOLLOW_UP, RECOVERY, FollowUp, Recovery

_COMMITTED = statement(
    "ledger.committed",
    "SELECT fund_id, CAST(SUM(fen) AS BIGINT) FROM"
    " (SELECT fund_id, fen FROM ledger_entry WHERE case_id = :case AND credit = 'committed'"
    " UNION ALL SELECT fund_id, -fen FROM ledger_entry"
    " WHERE case_id = :case AND debit = 'committed') moves"
    " GROUP BY fund_id HAVING SUM(fen) <> 0 ORDER BY fund_id",
)
_POSTED = statement(
    "ledger.of_case_kind",
    "SELECT count(*) FROM ledger_entry WHERE case_id = :case AND kind = :kind",
)
_PAID_TO = statement(
    "case.paid_to",
    "SELECT id, case_no, person_id, household_id FROM aid_case WHERE cycle_id = :cycle"
    " AND account_id IN (:accounts)"
    " AND state NOT IN ('struck', 'withdrawn', 'rejected', 'revoked', 'closed_deceased')"
    " ORDER BY case_no",
    lists=("accounts",),
)
_RIGHTS = statement(
    "entitlement.numbered",
    "SELECT kind, count(*) FROM entitlement WHERE case_id = :case AND round_id = :round"
    " GROUP BY kind ORDER BY kind",
)
_DECIDED = statement(
    "application.decided_of_cycle",
    "SELECT case_no FROM aid_case WHERE cycle_id = :cycle AND lane = 'A' AND state IN (:states)"
    " ORDER BY case_no",
    lists=("states",),
)
_UNREVIEWED = statement(
    "application.unreviewed",
    "SELECT c.case_no, a.office_id, a.review_due_on, c.fen FROM application a"
    " JOIN aid_case c ON c.id = a.id WHERE a.office_id IN (:offices)"
    " AND a.review_due_on IS NOT NULL AND a.reviewed_on IS NULL ORDER BY a.review_due_on, c.case_no",
    lists=("offices",),
)
_RECOVERIES = statement(
    "recovery.of_cases",
    f"SELECT {RECOVERY.listed} FROM recovery WHERE case_id IN (:cases) ORDER BY id",
    lists=("cases",),
)
_FOLLOW_UPS = statement(
    "follow_up.of_cases",
    f"SELECT {FOLLOW_UP.listed} FROM follow_up WHERE case_id IN (:cases) ORDER BY id",
    lists=("cases",),
)
_FOLLOW_UPS_DUE = statement(
    "follow_up.due",
    f"SELECT {FOLLOW_UP.listed} FROM follow_up WHERE office_id IN (:offices) AND state = 'due'"
    " ORDER BY due_on, id",
    lists=("offices",),
)


class PaidTo(NamedTuple):
    """A case whose money goes to a certain account."""

    case_id: str
    case_no: str
    person_id: str
    household_id: str


class Unreviewed(NamedTuple):
    """An urgent decision that nobody has looked at again; due on a day."""

    case_no: str
    office_id: str
    due_on: str
    fen: int | None


def committed(store: Store, case_id: str) -> dict[str, int]:
    """What is set aside for a case and not yet payable, in fen by fund."""
    return {fund: int(fen) for fund, fen in store.rows(_COMMITTED, {"case": case_id})}


def posted(store: Store, case_id: str, kind: str) -> int:
    """How many entries of a kind a case has."""
    return int(store.rows(_POSTED, {"case": case_id, "kind": kind})[0][0])


def paid_to(store: Store, cycle_id: str, accounts: Iterable[str]) -> list[PaidTo]:
    """Cases of a cycle whose money goes to one of these accounts, by number."""
    return [
        PaidTo(*row)
        for piece in chunks(accounts)
        for row in store.rows(_PAID_TO, {"cycle": cycle_id, "accounts": piece})
    ]


def rights_numbered(store: Store, case_id: str, round_id: str) -> dict[str, int]:
    """How many rights a case has had in a round, by kind, whatever became of them."""
    params = {"case": case_id, "round": round_id}
    return {kind: int(n) for kind, n in store.rows(_RIGHTS, params)}


def decided_of_cycle(store: Store, cycle_id: str, states: Sequence[str]) -> list[str]:
    """Case numbers of a cycle's applications in these states."""
    params = {"cycle": cycle_id, "states": states}
    return [case_no for (case_no,) in store.rows(_DECIDED, params)]


def unreviewed(store: Store, offices: Sequence[str]) -> list[Unreviewed]:
    """Urgent decisions of these offices that wait to be looked at again, what is due first."""
    return [Unreviewed(*row) for row in store.rows(_UNREVIEWED, {"offices": offices})]


def recoveries(store: Store, case_ids: Iterable[str]) -> list[Recovery]:
    """Money of these cases that is claimed back."""
    return [
        Recovery(*row)
        for piece in chunks(case_ids)
        for row in store.rows(_RECOVERIES, {"cases": piece})
    ]


def follow_ups(store: Store, case_ids: Iterable[str]) -> list[FollowUp]:
    """The follow-ups of these cases."""
    return [
        FollowUp(*row)
        for piece in chunks(case_ids)
        for row in store.rows(_FOLLOW_UPS, {"cases": piece})
    ]


def follow_ups_due(store: Store, offices: Sequence[str]) -> list[FollowUp]:
    """Follow-ups of these offices that nobody has made, what is due first."""
    return [FollowUp(*row) for row in store.rows(_FOLLOW_UPS_DUE, {"offices": offices})]
