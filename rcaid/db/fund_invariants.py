"""Questions about funds and donations that an untouched store answers with nothing.

They belong to those of `rcaid.db.invariants`, and each stands under its number there.
"""

from __future__ import annotations

from rcaid.db.engine import Statement, statement

MOST = 50
MOVES = "'transfer_out', 'transfer_in', 'earmark_out', 'earmark_in'"
"""The kinds of entry by which one fund gives to another."""


def _question(name: str, text: str) -> Statement:
    return statement(f"invariant.{name}", f"{text} LIMIT {MOST}")


MOVED = _question(
    "moved",
    "SELECT l.id FROM ledger_entry l"
    " LEFT JOIN fund_move m ON m.id = substr(l.idem, length(l.kind) + 2) AND m.fen = l.fen"
    " AND ((l.kind = m.kind || '_out' AND l.debit = 'available' AND l.credit = 'external'"
    " AND l.fund_id = m.from_id) OR (l.kind = m.kind || '_in' AND l.debit = 'external'"
    " AND l.credit = 'available' AND l.fund_id = m.to_id))"
    f" WHERE l.kind IN ({MOVES}) AND m.id IS NULL"
    " UNION ALL SELECT m.id FROM fund_move m WHERE (SELECT count(*) FROM ledger_entry l"
    " WHERE l.idem IN (m.kind || '_out:' || m.id, m.kind || '_in:' || m.id)) <> 2 ORDER BY 1",
)
DONATION_SUM = _question(
    "donation_sum",
    "SELECT number, fen, counted FROM (SELECT COALESCE(n.number, t.donation_id) AS number,"
    " CASE WHEN n.state IS NULL OR n.state IN ('pledged', 'withdrawn', 'returned') THEN 0"
    " ELSE n.fen END AS fen, COALESCE(t.fen, 0) AS counted FROM"
    " (SELECT id AS donation_id FROM donation UNION SELECT donation_id FROM ledger_entry"
    " WHERE donation_id IS NOT NULL) k LEFT JOIN donation n ON n.id = k.donation_id"
    " LEFT JOIN (SELECT donation_id, CAST(SUM(CASE WHEN debit = 'external' THEN fen ELSE -fen END)"
    " AS BIGINT) AS fen FROM ledger_entry WHERE donation_id IS NOT NULL GROUP BY donation_id) t"
    " ON t.donation_id = k.donation_id) sums WHERE fen <> counted ORDER BY number",
)
RECEIPT_TWICE = _question(
    "receipt_twice",
    "SELECT number, count(*) FROM donation_receipt GROUP BY number HAVING count(*) > 1"
    " ORDER BY number",
)
RECEIPT_OTHER = _question(
    "receipt_other",
    "SELECT n.number FROM donation n LEFT JOIN donation_receipt r ON r.donation_id = n.id"
    " AND r.state = 'issued' LEFT JOIN (SELECT donation_id, SUM(COALESCE(value_fen, 0)) AS fen"
    " FROM donation_line GROUP BY donation_id) g ON g.donation_id = n.id"
    " WHERE COALESCE(n.receipt_no, '') <> COALESCE(r.number, '')"
    " OR CASE WHEN n.state = 'receipted' THEN 1 ELSE 0 END"
    " <> CASE WHEN r.id IS NULL THEN 0 ELSE 1 END"
    " OR (r.id IS NOT NULL AND COALESCE(r.fen, 0) <> n.fen + COALESCE(g.fen, 0)) ORDER BY n.number",
)
_FITS = "CASE WHEN {test} THEN 0 ELSE 1 END"
OUT_OF_SCOPE = _question(
    "out_of_scope",
    "SELECT c.case_no, f.code FROM entitlement e JOIN fund f ON f.id = e.fund_id"
    " AND f.restriction IS NOT NULL JOIN aid_case c ON c.id = e.case_id"
    " LEFT JOIN application a ON a.id = c.id LEFT JOIN disaster s ON s.id = a.disaster_id"
    " LEFT JOIN office o ON o.id = c.office_id"
    " LEFT JOIN person_merge m ON m.loser_id = f.scope AND m.state = 'merged'"
    " LEFT JOIN person_merge w ON w.loser_id = e.person_id AND w.state = 'merged'"
    " LEFT JOIN programme p ON p.id = f.programme_id WHERE 1 = CASE f.restriction"
    f" WHEN 'programme' THEN {_FITS.format(test='p.code = f.scope')}"
    f" WHEN 'campaign' THEN {_FITS.format(test='s.code = f.scope')}"
    f" WHEN 'region' THEN {_FITS.format(test='''o.code LIKE f.scope || '%' ''')}"
    " WHEN 'person' THEN "
    + _FITS.format(test="COALESCE(w.winner_id, e.person_id) = COALESCE(m.winner_id, f.scope)")
    + " ELSE 1 END UNION ALL SELECT t.number, f.code FROM transfer t JOIN fund f"
    " ON f.id = t.fund_id AND f.restriction IS NOT NULL JOIN institution i"
    " ON i.id = t.institution_id LEFT JOIN disaster s ON s.id = t.disaster_id"
    " JOIN programme p ON p.id = t.programme_id WHERE 1 = CASE f.restriction"
    f" WHEN 'programme' THEN {_FITS.format(test='p.code = f.scope')}"
    f" WHEN 'campaign' THEN {_FITS.format(test='s.code = f.scope')}"
    f" WHEN 'region' THEN {_FITS.format(test='''i.place LIKE f.scope || '%' ''')}"
    f" WHEN 'institution' THEN {_FITS.format(test='i.code = f.scope')}"
    " ELSE 1 END ORDER BY 1",
)
