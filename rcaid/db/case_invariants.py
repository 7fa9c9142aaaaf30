"""Questions about single applications that an untouched store answers with nothing.

They belong to those of `rcaid.db.invariants`, and each stands under its number there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rcaid.db.engine import Row, Statement, Store, statement
from rcaid.db.tables import AID_CASE, AidCase

MOST = 50
CASE_KINDS = "'commit', 'release_commitment', 'recovered', 'write_off'"
"""The kinds of entry that belong to a case and to no payment."""
_COMMITTED = "'approved', 'on_notice', 'objected', 'cleared'"
_STANDING = f"{_COMMITTED}, 'entitled', 'paid', 'closed'"


def _question(name: str, text: str) -> Statement:
    return statement(f"invariant.{name}", f"{text} LIMIT {MOST}")


COMMITTED = _question(
    "committed",
    "SELECT case_no, wanted, held FROM (SELECT c.case_no,"
    f" CASE WHEN c.state IN ({_COMMITTED})"
    f" OR (c.state = 'suspended' AND a.resume_to IN ({_COMMITTED}))"
    " THEN COALESCE(a.approved_fen, 0) ELSE 0 END AS wanted, COALESCE(m.fen, 0) AS held"
    " FROM aid_case c JOIN application a ON a.id = c.id LEFT JOIN"
    " (SELECT case_id, CAST(SUM(fen) AS BIGINT) AS fen FROM"
    " (SELECT case_id, fen FROM ledger_entry WHERE credit = 'committed'"
    " UNION ALL SELECT case_id, -fen AS fen FROM ledger_entry WHERE debit = 'committed') moves"
    " GROUP BY case_id) m ON m.case_id = c.id) sums WHERE wanted <> held ORDER BY case_no",
)
NO_CASE = _question(
    "no_case",
    "SELECT l.id, l.fen FROM ledger_entry l LEFT JOIN aid_case c ON c.id = l.case_id"
    " WHERE (l.debit = 'committed' OR l.credit = 'committed') AND c.id IS NULL ORDER BY l.id",
)
RIGHT_TWICE = _question(
    "right_twice",
    "SELECT c.case_no, e.kind, count(*) FROM entitlement e JOIN aid_case c ON c.id = e.case_id"
    " WHERE c.lane = 'A' AND e.state NOT IN ('cancelled', 'lapsed')"
    " GROUP BY c.case_no, e.kind HAVING count(*) > 1 ORDER BY c.case_no, e.kind",
)
CASE_KEY = _question(
    "case_key",
    "SELECT id, idem FROM ledger_entry"
    f" WHERE kind IN ({CASE_KINDS}) AND (case_id IS NULL OR length(idem) < length(kind) + 29"
    " OR substr(idem, 1, length(kind) + 28) <> kind || ':' || case_id || ':') ORDER BY id",
)
WRITTEN_OFF = _question(
    "recovery",
    "SELECT c.case_no, r.fen, COALESCE(m.fen, 0) FROM"
    " (SELECT case_id, CAST(SUM(lost_fen) AS BIGINT) AS fen FROM recovery GROUP BY case_id) r"
    " JOIN aid_case c ON c.id = r.case_id LEFT JOIN"
    " (SELECT case_id, CAST(SUM(fen) AS BIGINT) AS fen FROM ledger_entry"
    " WHERE kind = 'write_off' GROUP BY case_id) m ON m.case_id = r.case_id"
    " WHERE r.fen <> COALESCE(m.fen, 0) ORDER BY c.case_no",
)
LEFT_DECIDED = _question(
    "left_decided",
    "SELECT c.case_no, y.code, c.state FROM aid_case c JOIN cycle y ON y.id = c.cycle_id"
    f" WHERE c.lane = 'A' AND c.state IN ({_COMMITTED}) AND y.state IN ('ended', 'cancelled')"
    " ORDER BY c.case_no",
)
OVER_PAID = _question(
    "over_paid",
    "SELECT MIN(c.case_no), CAST(SUM(d.fen) AS BIGINT) FROM disbursement d"
    " JOIN entitlement e ON e.id = d.entitlement_id JOIN aid_case c ON c.id = e.case_id"
    " JOIN cycle y ON y.id = c.cycle_id WHERE c.lane = 'A' AND d.kind = 'money'"
    " AND d.state = 'paid' AND y.programme_id = :programme"
    " GROUP BY c.person_id, substr(d.done_on, 1, 4) HAVING SUM(d.fen) > :cap ORDER BY 1",
)
CASE_FUND = _question(
    "case_fund",
    "SELECT l.id, f.code FROM ledger_entry l JOIN fund f ON f.id = l.fund_id"
    " JOIN aid_case c ON c.id = l.case_id JOIN cycle y ON y.id = c.cycle_id"
    " WHERE l.kind IN ('commit', 'release_commitment') AND f.programme_id <> y.programme_id"
    " ORDER BY l.id",
)
_STAND = statement(
    "invariant.applications",
    f"SELECT {', '.join(f'c.{name}' for name in AID_CASE.columns)}, k.hash, a.fund_id"
    " FROM aid_case c JOIN application a ON a.id = c.id LEFT JOIN account k ON k.id = c.account_id"
    f" WHERE c.state IN ({_STANDING}) OR c.line_hash IS NOT NULL ORDER BY c.case_no",
)
_APPROVED = statement(
    "invariant.approved_cases",
    "SELECT object_id, hash FROM approval WHERE noun = 'case' AND step = 'approve'",
)


class Standing(NamedTuple):
    """A decided application with the hash of its account and its fund."""

    case: AidCase
    account: int | None
    fund_id: str | None


def standing(store: Store) -> Iterator[Standing]:
    """Every application that is decided, or keeps the hash of a decision."""
    width = len(AID_CASE.columns)
    for row in store.stream(_STAND):
        yield Standing(AidCase(*row[:width]), *row[width:])


def approved(store: Store) -> set[Row]:
    """Each (case id, hash) that somebody approved."""
    return {(case, text) for case, text in store.rows(_APPROVED, {})}
