"""Questions that an untouched store answers with nothing: each row found breaks an invariant.

One statement a question, over whole tables, so that none of them costs more than a pass or two
over the lines. `rcaid.services.invariants` says what each is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from rcaid.db.case_invariants import CASE_KINDS
from rcaid.db.engine import Row, Statement, Store, statement
from rcaid.db.fund_invariants import MOVES
from rcaid.db.record import public_maker
from rcaid.db.tables import AID_CASE, LEDGER_ENTRY, AidCase
from rcaid.domain.duties import APART

MOST = 50
"""Rows that one question names at most."""
ACCOUNTS = (
    "external", "available", "committed", "payable", "in_transit", "returned", "settled",
    "written_off",
)  # fmt: skip
"""The accounts of a fund (model.md, Postings)."""


def _words(*words: str) -> str:
    return ", ".join(f"'{word}'" for word in words)


_LIVE = _words("prepared", "released", "issued", "paid", "delivered")
_MOVES = (
    "SELECT {of} AS owner, credit AS account, fen FROM ledger_entry"
    " UNION ALL SELECT {of} AS owner, debit AS account, -fen AS fen FROM ledger_entry"
)
_LINE = " JOIN entitlement e ON e.id = d.entitlement_id"
_CASE = " JOIN aid_case c ON c.id = e.case_id"


def _question(name: str, text: str) -> Statement:
    return statement(f"invariant.{name}", f"{text} LIMIT {MOST}")


ENTRY = _question(
    "entry",
    "SELECT l.id, l.debit, l.credit FROM ledger_entry l LEFT JOIN fund f ON f.id = l.fund_id"
    " WHERE l.debit = l.credit OR l.fen <= 0 OR f.id IS NULL"
    f" OR l.debit NOT IN ({_words(*ACCOUNTS)}) OR l.credit NOT IN ({_words(*ACCOUNTS)})"
    " ORDER BY l.id",
)
BELOW_ZERO = _question(
    "below_zero",
    "SELECT COALESCE(f.code, b.fund_id), b.account, b.fen FROM balance b"
    " LEFT JOIN fund f ON f.id = b.fund_id WHERE b.fen < 0 AND b.account <> 'external'"
    " ORDER BY b.fund_id, b.account",
)
OVERDRAWN = _question(
    "overdrawn",
    "SELECT COALESCE(c.case_no, t.number, m.owner), m.account, m.fen FROM"
    " (SELECT owner, account, CAST(SUM(fen) AS BIGINT) AS fen FROM"
    f" ({_MOVES.format(of='COALESCE(entitlement_id, transfer_id)')}) moves"
    " WHERE owner IS NOT NULL AND account NOT IN ('external', 'available', 'committed')"
    " GROUP BY owner, account HAVING SUM(fen) < 0) m"
    f" LEFT JOIN entitlement e ON e.id = m.owner LEFT{_CASE} LEFT JOIN transfer t ON t.id = m.owner"
    " ORDER BY m.owner, m.account",
)
TWICE = _question(
    "twice",
    "SELECT c.case_no, count(*) FROM disbursement d"
    f"{_LINE}{_CASE} WHERE d.state IN ({_LIVE})"
    " GROUP BY e.id, c.case_no HAVING count(*) > 1 ORDER BY c.case_no",
)
NOT_LIVE = _question(
    "not_live",
    f"SELECT voucher, state FROM disbursement WHERE (state IN ({_LIVE}) AND live IS NULL)"
    f" OR (state NOT IN ({_LIVE}) AND live IS NOT NULL) ORDER BY voucher",
)
REVERSED_TWICE = _question(
    "reversed_twice",
    "SELECT reverses, count(*) FROM ledger_entry WHERE reverses IS NOT NULL"
    " GROUP BY reverses HAVING count(*) > 1 ORDER BY reverses",
)
REVERSES = _question(
    "reverses",
    "SELECT l.id FROM ledger_entry l LEFT JOIN ledger_entry o ON o.id = l.reverses"
    " WHERE (l.kind = 'reverse' OR l.reverses IS NOT NULL) AND (o.id IS NULL"
    " OR l.debit <> o.credit OR l.fund_id <> o.fund_id OR l.fen <> o.fen) ORDER BY l.id",
)
REWRITTEN = _question(
    "rewritten", "SELECT id, version FROM ledger_entry WHERE version <> 1 ORDER BY id"
)
KEY_TWICE = _question(
    "key_twice",
    "SELECT idem, count(*) FROM ledger_entry GROUP BY idem HAVING count(*) > 1 ORDER BY idem",
)
KEY_OTHER = _question(
    "key_other",
    "SELECT id, idem FROM ledger_entry WHERE (kind <> 'receive' OR donation_id IS NOT NULL)"
    f" AND kind NOT IN ({MOVES}, {CASE_KINDS}) AND idem <> CASE"
    " WHEN donation_id IS NOT NULL THEN kind || ':' || donation_id"
    " WHEN transfer_id IS NOT NULL THEN 'transfer:' || transfer_id || ':' || kind"
    " ELSE kind || ':' || COALESCE(disbursement_id, entitlement_id, '') END ORDER BY id",
)
_STEPS = " OR ".join(
    f"(m.act = '{step}' AND e.act IN ({_words(*sorted(parts))}))"
    for step, parts in sorted(APART.items())
)
APPROVER = _question(
    "approver",
    "SELECT COALESCE(r.number, b.number, t.number, c.case_no, m.object_id), s.login, m.act, e.act"
    " FROM maker m"
    " JOIN maker e ON e.object_id = m.object_id AND e.staff_id = m.staff_id AND e.id < m.id"
    " JOIN staff s ON s.id = m.staff_id LEFT JOIN roster r ON r.id = m.object_id"
    " LEFT JOIN batch b ON b.id = m.object_id LEFT JOIN transfer t ON t.id = m.object_id"
    " LEFT JOIN aid_case c ON c.id = m.object_id"
    f" WHERE {_STEPS} ORDER BY m.object_id, m.id",
)
BATCH_APPROVER = _question(
    "batch_approver",
    "SELECT b.number, s.login, m.act, e.act FROM"
    " (SELECT DISTINCT d.batch_id, COALESCE(c.roster_id, c.id) AS made_as"
    f" FROM disbursement d{_LINE}{_CASE}) o JOIN batch b ON b.id = o.batch_id"
    " JOIN maker m ON m.object_id = o.batch_id"
    " JOIN maker e ON e.object_id = o.made_as AND e.staff_id = m.staff_id AND e.id < m.id"
    f" JOIN staff s ON s.id = m.staff_id WHERE {_STEPS} ORDER BY b.number, m.id",
)
BY_NOBODY = _question(
    "by_nobody",
    "SELECT number, act FROM (SELECT id, number, 'approve' AS act FROM roster"
    " WHERE state IN ('approved', 'closed')"
    " UNION ALL SELECT id, case_no AS number, 'approve' AS act FROM aid_case WHERE lane = 'A'"
    " AND state IN ('approved', 'on_notice', 'objected', 'cleared', 'entitled', 'paid', 'closed')"
    " UNION ALL SELECT id, number, 'batch.approve' AS act FROM batch"
    " WHERE state IN ('approved', 'released', 'reconciled', 'closed')"
    " UNION ALL SELECT id, number, 'batch.release' AS act FROM batch"
    " WHERE state IN ('released', 'reconciled', 'closed')"
    " UNION ALL SELECT id, number, 'transfer.approve' AS act FROM transfer"
    " WHERE state IN ('approved', 'sent', 'received', 'closed')) o"
    " WHERE NOT EXISTS (SELECT 1 FROM maker m WHERE m.object_id = o.id AND m.act = o.act)"
    " ORDER BY number, act",
)
APPROVED_OTHER = _question(
    "approved_other",
    "SELECT DISTINCT r.number FROM approval a JOIN roster r ON r.id = a.object_id"
    " WHERE a.hash <> COALESCE(r.frozen_hash, '') ORDER BY r.number",
)
RIGHT_OTHER = _question(
    "right_other",
    # An application that was decided anew keeps its cancelled rights; an heir's was approved.
    f"SELECT c.case_no, e.kind FROM entitlement e{_CASE}"
    " WHERE (c.lane = 'B' OR e.state NOT IN ('cancelled', 'lapsed'))"
    " AND ((e.person_id <> c.person_id AND (c.lane = 'B' OR NOT EXISTS (SELECT 1 FROM approval p"
    " WHERE p.object_id = c.id AND p.step = 'heir')))"
    " OR (e.kind = 'money' AND e.fen <> COALESCE(c.fen, 0)) OR (e.kind = 'goods'"
    " AND (e.qty <> COALESCE(c.qty, 0) OR e.item_id <> COALESCE(c.item_id, ''))))"
    " ORDER BY c.case_no, e.kind",
)
PAYEE_OTHER = _question(
    "payee_other",
    f"SELECT d.voucher FROM disbursement d{_LINE} JOIN batch b ON b.id = d.batch_id"
    " LEFT JOIN account a ON a.id = d.account_id WHERE d.person_id <> e.person_id OR d.kind <> e.kind"
    " OR COALESCE(d.fen, 0) <> COALESCE(e.fen, 0) OR COALESCE(d.qty, 0) <> COALESCE(e.qty, 0)"
    " OR (d.kind = 'money' AND COALESCE(a.person_id, '') <> d.person_id"
    " AND (d.account_id IS NOT NULL OR COALESCE(b.channel, '') <> 'cash'))"
    " OR (d.live = 1 AND e.state = 'reserved'"
    " AND COALESCE(d.account_id, '') <> COALESCE(e.account_id, '')) ORDER BY d.voucher",
)
BATCH_SUM = _question(
    "batch_sum",
    "SELECT b.number, b.lines, COALESCE(t.n, 0), b.fen, COALESCE(t.fen, 0) FROM batch b"
    " LEFT JOIN (SELECT batch_id, SUM(CASE WHEN state <> 'cancelled' THEN 1 ELSE 0 END) AS n,"
    " SUM(CASE WHEN state = 'cancelled' THEN 1 ELSE 0 END) AS gone,"
    " CAST(SUM(CASE WHEN state <> 'cancelled' THEN COALESCE(fen, 0) ELSE 0 END) AS BIGINT) AS fen,"
    " SUM(CASE WHEN state <> 'cancelled' THEN COALESCE(qty, 0) ELSE 0 END) AS qty"
    " FROM disbursement GROUP BY batch_id) t ON t.batch_id = b.id"
    " WHERE b.state <> 'cancelled' AND (b.lines <> COALESCE(t.n, 0) OR b.fen <> COALESCE(t.fen, 0)"
    " OR b.qty <> COALESCE(t.qty, 0) OR b.left_out <> COALESCE(t.gone, 0)) ORDER BY b.number",
)
BATCH_FILE = _question(
    "batch_file",
    "SELECT number FROM batch WHERE kind = 'money' AND (released_on IS NOT NULL)"
    " AND file_sha256 IS NULL AND COALESCE(channel, '') <> 'cash' ORDER BY number",
)
GOODS_VALUE = _question(
    "goods_value",
    "SELECT d.voucher, d.value_fen FROM disbursement d LEFT JOIN lot w ON w.id = d.lot_id"
    " WHERE (d.kind = 'goods' AND d.value_fen <>"
    " COALESCE(d.qty, 0) * COALESCE(w.unit_value_fen, 0)) OR w.item_id <> d.item_id"
    " OR (d.kind = 'money' AND d.value_fen <> COALESCE(d.fen, 0)) ORDER BY d.voucher",
)
TRANSFER_VALUE = _question(
    "transfer_value",
    "SELECT t.number, t.goods_fen, COALESCE(g.fen, 0) FROM transfer t LEFT JOIN"
    " (SELECT n.transfer_id, CAST(SUM(n.qty * COALESCE(w.unit_value_fen, 0)) AS BIGINT) AS fen"
    " FROM transfer_line n JOIN lot w ON w.id = n.lot_id GROUP BY n.transfer_id) g"
    " ON g.transfer_id = t.id WHERE t.goods_fen <> COALESCE(g.fen, 0) ORDER BY t.number",
)
BALANCES = statement(
    "invariant.balances",
    "SELECT COALESCE(f.code, m.owner), m.account, m.kept, m.counted FROM"
    " (SELECT owner, account, CAST(SUM(kept) AS BIGINT) AS kept,"
    " CAST(SUM(fen) AS BIGINT) AS counted FROM"
    f" (SELECT owner, account, 0 AS kept, fen FROM ({_MOVES.format(of='fund_id')}) moves"
    " UNION ALL SELECT fund_id AS owner, account, fen AS kept, 0 AS fen FROM balance) sums"
    " GROUP BY owner, account HAVING SUM(kept) <> SUM(fen)) m"
    " LEFT JOIN fund f ON f.id = m.owner ORDER BY m.owner, m.account",
)
STOCK_BELOW = _question(
    "stock_below",
    "SELECT COALESCE(w.code, s.lot_id), s.account, s.qty FROM stock s"
    " LEFT JOIN lot w ON w.id = s.lot_id WHERE s.qty < 0 AND s.account <> 'external'"
    " ORDER BY s.lot_id, s.account",
)
STOCK_BALANCE = _question(
    "stock_balance",
    "SELECT COALESCE(w.code, m.lot_id), m.account, m.kept, m.counted FROM"
    " (SELECT lot_id, account, CAST(SUM(kept) AS BIGINT) AS kept,"
    " CAST(SUM(qty) AS BIGINT) AS counted FROM"
    " (SELECT lot_id, credit AS account, 0 AS kept, qty FROM stock_entry"
    " UNION ALL SELECT lot_id, debit AS account, 0 AS kept, -qty AS qty FROM stock_entry"
    " UNION ALL SELECT lot_id, account, qty AS kept, 0 AS qty FROM stock) sums"
    " GROUP BY lot_id, account HAVING SUM(kept) <> SUM(qty)) m"
    " LEFT JOIN lot w ON w.id = m.lot_id ORDER BY m.lot_id, m.account",
)
STOCK_DELIVERED = _question(
    "stock_delivered",
    "SELECT w.code, COALESCE(s.qty, 0), COALESCE(g.qty, 0) FROM lot w"
    " LEFT JOIN stock s ON s.lot_id = w.id AND s.account = 'delivered' LEFT JOIN"
    " (SELECT lot_id, CAST(SUM(qty) AS BIGINT) AS qty FROM (SELECT lot_id, qty FROM disbursement"
    " WHERE kind = 'goods' AND state = 'delivered' UNION ALL SELECT n.lot_id, n.qty"
    " FROM transfer_line n JOIN transfer t ON t.id = n.transfer_id"
    " WHERE t.state IN ('received', 'closed')) given GROUP BY lot_id) g ON g.lot_id = w.id"
    " WHERE w.counted = 1 AND COALESCE(s.qty, 0) <> COALESCE(g.qty, 0) ORDER BY w.code",
)
VOUCHER_TWICE = _question(
    "voucher_twice",
    "SELECT voucher, count(*) FROM disbursement GROUP BY voucher HAVING count(*) > 1"
    " ORDER BY voucher",
)
UNSETTLED = _question(
    "unsettled",
    "SELECT d.voucher FROM disbursement d LEFT JOIN ledger_entry l ON l.idem = 'paid:' || d.id"
    " WHERE d.kind = 'money' AND d.state = 'paid'"
    " AND (l.id IS NULL OR l.fen <> d.fen OR d.done_on IS NULL) ORDER BY d.voucher",
)
SETTLED_UNPAID = _question(
    "settled_unpaid",
    "SELECT l.id, COALESCE(d.voucher, '-') FROM ledger_entry l"
    " LEFT JOIN disbursement d ON d.id = l.disbursement_id"
    " WHERE l.kind = 'paid' AND l.transfer_id IS NULL AND (d.id IS NULL OR d.state NOT IN"
    " ('paid', 'returned', 'reissued', 'written_back', 'reversed')) ORDER BY l.id",
)
OVER_CAP = _question(
    "over_cap",
    "SELECT MIN(c.case_no), CAST(SUM(e.fen) AS BIGINT) FROM entitlement e"
    f"{_CASE} JOIN cycle y ON y.id = c.cycle_id"
    " WHERE c.lane = 'B' AND e.kind = 'money' AND y.programme_id = :programme"
    " AND e.state NOT IN ('cancelled', 'lapsed') AND y.opens_on >= :first AND y.opens_on <= :last"
    " GROUP BY c.person_id HAVING SUM(e.fen) > :cap ORDER BY 1",
)
LISTED_TWICE = _question(
    "listed_twice",
    "SELECT MIN(c.case_no), y.code, count(*) FROM aid_case c JOIN cycle y ON y.id = c.cycle_id"
    " WHERE c.lane = 'B' GROUP BY c.person_id, y.code HAVING count(*) > 1 ORDER BY 1",
)
LEFT_OPEN = _question(
    "left_open",
    f"SELECT c.case_no, y.code, e.state FROM entitlement e{_CASE}"
    " JOIN cycle y ON y.id = c.cycle_id WHERE y.state IN ('ended', 'cancelled')"
    " AND e.state IN ('pending', 'ready', 'reserved', 'suspended') ORDER BY c.case_no, e.id",
)
OTHER_FUND = _question(
    "other_fund",
    "SELECT l.id, f.code FROM ledger_entry l JOIN fund f ON f.id = l.fund_id"
    " LEFT JOIN entitlement e ON e.id = l.entitlement_id"
    " LEFT JOIN transfer t ON t.id = l.transfer_id WHERE l.kind <> 'receive'"
    f" AND l.kind NOT IN ({MOVES}, 'commit', 'release_commitment') AND l.donation_id IS NULL"
    " AND l.fund_id <> COALESCE(e.fund_id, t.fund_id, '') ORDER BY l.id",
)
OTHER_PURPOSE = _question(
    "other_purpose",
    "SELECT c.case_no, f.code FROM entitlement e"
    f"{_CASE} JOIN cycle y ON y.id = c.cycle_id JOIN fund f ON f.id = e.fund_id"
    " WHERE f.programme_id <> y.programme_id"
    " UNION ALL SELECT t.number, f.code FROM transfer t JOIN fund f ON f.id = t.fund_id"
    " WHERE f.programme_id <> t.programme_id ORDER BY 1",
)
UNPOSTED = _question(
    "unposted",
    "SELECT a.row_id FROM audit_row a LEFT JOIN ledger_entry l ON l.id = a.row_id"
    " WHERE a.noun = 'ledger_entry' AND l.id IS NULL ORDER BY a.row_id",
)
_RECORDED = statement(
    "invariant.recorded",
    f"SELECT {', '.join(f'l.{name}' for name in LEDGER_ENTRY.columns)}, a.public"
    " FROM ledger_entry l LEFT JOIN audit_row a ON a.noun = 'ledger_entry' AND a.row_id = l.id"
    " AND a.version = l.version",
)
_FROZEN = statement(
    "invariant.frozen",
    f"SELECT {', '.join(f'c.{name}' for name in AID_CASE.columns)}, a.hash, r.number,"
    " r.frozen_hash FROM aid_case c JOIN roster r ON r.id = c.roster_id"
    " LEFT JOIN account a ON a.id = c.account_id"
    " WHERE r.frozen_hash IS NOT NULL AND r.state IN ('frozen', 'approved', 'closed')"
    " AND c.state IN ('listed', 'entitled', 'closed') ORDER BY r.number",
)


class Frozen(NamedTuple):
    """A line of a frozen roster: with the hash of its account and what its roster keeps."""

    line: AidCase
    account: int | None
    roster: str
    frozen: str


def frozen(store: Store) -> Iterator[Frozen]:
    """Every line of a roster that was frozen, roster by roster."""
    width = len(AID_CASE.columns)
    for row in store.stream(_FROZEN):
        yield Frozen(AidCase(*row[:width]), *row[width:])


def unrecorded(store: Store) -> list[Row]:
    """Ledger entries that the record does not hold as they are, by id."""
    public = public_maker(LEDGER_ENTRY)
    return sorted((row[0],) for row in store.stream(_RECORDED) if public(row[:-1]) != row[-1])


def found(store: Store, question: Statement, **params: Any) -> list[Row]:
    """What a question finds; nothing in a store that was not tampered with."""
    return store.rows(question, params)
