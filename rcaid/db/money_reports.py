"""What the reports of money ask: postings by fund, batches of a cycle, and what looks odd in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, statement
from rcaid.db.tables import BATCH, Batch

OWN_MOVES = ("fund_transfer", "transfer_in", "transfer_out", "earmark_in", "earmark_out")
"""Kinds of entries by which one fund of the society gives to another: no income (BR-073)."""
_MERGED = " LEFT JOIN person_merge m ON m.loser_id = {of} AND m.state = 'merged'"

_SOURCE = (
    "CASE WHEN n.id IS NULL THEN 'entered' WHEN n.campaign IS NOT NULL THEN 'campaign'"
    " WHEN n.earmark IS NOT NULL THEN 'earmarked' ELSE 'public' END"
)
_POSTED = statement(
    "ledger.posted",
    "SELECT fund_id, span, kind, debit, credit, source, CAST(SUM(fen) AS BIGINT) FROM"
    " (SELECT l.fund_id, CASE WHEN l.day < :first THEN 'before' ELSE 'within' END AS span,"
    f" l.kind, l.debit, l.credit, {_SOURCE} AS source, l.fen FROM ledger_entry l"
    " LEFT JOIN donation n ON n.id = l.donation_id WHERE l.day <= :last) moves"
    " GROUP BY fund_id, span, kind, debit, credit, source",
)
_USED = statement(
    "ledger.used",
    "SELECT l.fund_id, COALESCE(i.kind, 'person'),"
    " COALESCE(t.programme_id, y.programme_id, f.programme_id), COALESCE(i.place, ''),"
    " CAST(SUM(CASE WHEN l.credit = 'settled' THEN l.fen ELSE -l.fen END) AS BIGINT)"
    " FROM ledger_entry l JOIN fund f ON f.id = l.fund_id"
    " LEFT JOIN transfer t ON t.id = l.transfer_id LEFT JOIN institution i"
    " ON i.id = t.institution_id LEFT JOIN entitlement e ON e.id = l.entitlement_id"
    " LEFT JOIN round r ON r.id = e.round_id LEFT JOIN cycle y ON y.id = r.cycle_id"
    " WHERE l.day >= :first AND l.day <= :last AND (l.credit = 'settled' OR l.debit = 'settled')"
    " GROUP BY l.fund_id, COALESCE(i.kind, 'person'),"
    " COALESCE(t.programme_id, y.programme_id, f.programme_id), COALESCE(i.place, '')",
)
_HANDED_OUT = statement(
    "fund.handed_out",
    "SELECT e.fund_id, 'person', y.programme_id, '', CAST(SUM(d.value_fen) AS BIGINT)"
    " FROM disbursement d JOIN entitlement e ON e.id = d.entitlement_id"
    " JOIN round r ON r.id = e.round_id JOIN cycle y ON y.id = r.cycle_id"
    " WHERE d.kind = 'goods' AND d.state = 'delivered'"
    " AND d.done_on >= :first AND d.done_on <= :last GROUP BY e.fund_id, y.programme_id"
    " UNION ALL SELECT t.fund_id, i.kind, t.programme_id, i.place,"
    " CAST(SUM(t.goods_fen) AS BIGINT) FROM transfer t"
    " JOIN institution i ON i.id = t.institution_id WHERE t.state IN ('received', 'closed')"
    " AND t.received_on >= :first AND t.received_on <= :last"
    " GROUP BY t.fund_id, i.kind, t.programme_id, i.place",
)
_UNVALUED = statement(
    "fund.unvalued",
    "SELECT fund_id, receiver, programme_id, region, item, CAST(SUM(qty) AS BIGINT) FROM"
    " (SELECT e.fund_id, 'person' AS receiver, y.programme_id, '' AS region, g.name AS item,"
    " d.qty FROM disbursement d JOIN entitlement e ON e.id = d.entitlement_id"
    " JOIN round r ON r.id = e.round_id JOIN cycle y ON y.id = r.cycle_id"
    " JOIN lot w ON w.id = d.lot_id JOIN item g ON g.id = w.item_id"
    " WHERE w.unit_value_fen IS NULL AND d.kind = 'goods' AND d.state = 'delivered'"
    " AND d.done_on >= :first AND d.done_on <= :last"
    " UNION ALL SELECT t.fund_id, i.kind, t.programme_id, i.place, g.name, x.qty"
    " FROM transfer_line x JOIN transfer t ON t.id = x.transfer_id"
    " JOIN institution i ON i.id = t.institution_id JOIN lot w ON w.id = x.lot_id"
    " JOIN item g ON g.id = w.item_id WHERE w.unit_value_fen IS NULL"
    " AND t.state IN ('received', 'closed')"
    " AND t.received_on >= :first AND t.received_on <= :last) given"
    " GROUP BY fund_id, receiver, programme_id, region, item",
)
_RAISED = statement(
    "ledger.raised",
    "SELECT CAST(COALESCE(SUM(CASE WHEN debit = 'external' THEN fen ELSE -fen END), 0) AS BIGINT)"
    " FROM ledger_entry WHERE day >= :first AND day <= :last AND kind NOT IN (:own)"
    " AND (debit = 'external' OR credit = 'external')",
    lists=("own",),
)
_BATCHES = statement(
    "batch.of_cycle",
    f"SELECT {', '.join(f'b.{name}' for name in BATCH.columns)} FROM batch b"
    " JOIN round r ON r.id = b.round_id WHERE r.cycle_id = :cycle AND b.office_id IN (:offices)"
    " ORDER BY b.number",
    lists=("offices",),
)
_PAYEES = statement(
    "flags.payees",
    "SELECT c.case_no, c.person_id, COALESCE(m.winner_id, c.person_id), c.household_id, p.name,"
    " a.id, a.hash, a.sealed FROM"
    " (SELECT k.id AS case_id, k.account_id FROM aid_case k WHERE k.cycle_id = :cycle"
    " AND k.state NOT IN ('struck', 'waiting', 'rejected', 'withdrawn')"
    " UNION SELECT e.case_id, e.account_id FROM entitlement e JOIN aid_case k ON k.id = e.case_id"
    " WHERE k.cycle_id = :cycle) u JOIN aid_case c ON c.id = u.case_id"
    " JOIN person p ON p.id = c.person_id JOIN account a ON a.id = u.account_id"
    f"{_MERGED.format(of='c.person_id')}"
    " WHERE c.office_id IN (:offices) ORDER BY c.case_no, a.id",
    lists=("offices",),
)
_PHONES = statement(
    "flags.phones",
    "SELECT k.hash, c.case_no, COALESCE(m.winner_id, c.person_id), c.household_id"
    " FROM (SELECT x.hash FROM person_key x JOIN aid_case y ON y.person_id = x.owner_id"
    " WHERE x.kind = 2 AND y.cycle_id = :cycle GROUP BY x.hash"
    " HAVING count(DISTINCT y.person_id) > 2) often JOIN person_key k ON k.hash = often.hash"
    " JOIN aid_case c ON c.person_id = k.owner_id"
    f"{_MERGED.format(of='c.person_id')}"
    " WHERE k.kind = 2 AND c.cycle_id = :cycle AND c.office_id IN (:offices)"
    " ORDER BY c.case_no",
    lists=("offices",),
)
_STEPS = statement(
    "flags.steps",
    "SELECT o.number, m.act, m.id FROM maker m JOIN roster o ON o.id = m.object_id"
    " WHERE o.cycle_id = :cycle AND o.office_id IN (:offices)"
    " ORDER BY o.number, m.id",
    lists=("offices",),
)
_CHANGED = statement(
    "flags.changed_accounts",
    "SELECT d.voucher, d.account_id, b.released_on, COALESCE(d.replaces, '') FROM disbursement d"
    " JOIN batch b ON b.id = d.batch_id JOIN round r ON r.id = b.round_id JOIN"
    " (SELECT person_id, MIN(id) AS first_id FROM account GROUP BY person_id) f"
    " ON f.person_id = d.person_id WHERE r.cycle_id = :cycle AND d.kind = 'money'"
    " AND d.state NOT IN ('prepared', 'cancelled') AND d.account_id <> f.first_id"
    " AND b.released_on IS NOT NULL AND d.office_id IN (:offices) ORDER BY d.voucher",
    lists=("offices",),
)


class Posted(NamedTuple):
    """What came to a fund's accounts by one kind of entry, ``before`` a period or ``within`` it;
    ``source`` is where a donation came from."""

    fund: str
    span: str
    kind: str
    debit: str
    credit: str
    source: str
    fen: int


class Use(NamedTuple):
    """What one kind of receiver got from a fund in a programme and region: fen, or pieces of an
    ``item`` that has no value."""

    fund: str
    receiver: str
    programme: str
    region: str
    fen: int
    item: str = ""
    pieces: int = 0


class Payee(NamedTuple):
    """A line with an account its money goes to; ``person`` after merges."""

    case_no: str
    person_id: str
    person: str
    household: str
    name: str | None
    account: str
    hash: int
    sealed: bytes | None


class Phone(NamedTuple):
    """A line of somebody whose phone at least three people of the cycle have."""

    hash: int
    case_no: str
    person: str
    household: str


class Changed(NamedTuple):
    """A payment to an account that is not its person's first; ``replaces`` is what came back."""

    voucher: str
    account: str
    released_on: str
    replaces: str


def posted(store: Store, first: str, last: str) -> list[Posted]:
    """Sums of entries to ``last``, those before ``first`` apart."""
    found = [Posted(*row) for row in store.rows(_POSTED, _span(first, last))]
    return [each._replace(fen=int(each.fen)) for each in found]


def used(store: Store, first: str, last: str) -> list[Use]:
    """Money that was paid and not sent back between two days, both included."""
    found = [Use(*row) for row in store.rows(_USED, _span(first, last))]
    return [each._replace(fen=int(each.fen)) for each in found]


def handed_out(store: Store, first: str, last: str) -> list[Use]:
    """Goods that arrived between two days, both included, at their value."""
    found = [Use(*row) for row in store.rows(_HANDED_OUT, _span(first, last))]
    return [each._replace(fen=int(each.fen or 0)) for each in found]


def raised(store: Store, first: str, last: str) -> int:
    """Fen that came in from outside between two days, less what was given back."""
    params: dict[str, object] = {**_span(first, last), "own": OWN_MOVES}
    return int(store.rows(_RAISED, params)[0][0])


def unvalued(store: Store, first: str, last: str) -> list[Use]:
    """Goods without a value that arrived between two days, by item and quantity (BR-083)."""
    return [
        Use(fund, receiver, programme, region, 0, item, int(pieces))
        for fund, receiver, programme, region, item, pieces in store.rows(
            _UNVALUED, _span(first, last)
        )
    ]


def _span(first: str, last: str) -> dict[str, str]:
    return {"first": first, "last": last}


def batches(store: Store, cycle_id: str, offices: Sequence[str]) -> list[Batch]:
    """The batches of a cycle in these offices, by number."""
    return [Batch(*row) for row in store.rows(_BATCHES, {"cycle": cycle_id, "offices": offices})]


def payees(store: Store, cycle_id: str, offices: Sequence[str]) -> Iterator[Payee]:
    """Every line of a cycle with each account its money went or goes to, by case number."""
    for row in store.stream(_PAYEES, {"cycle": cycle_id, "offices": offices}):
        yield Payee(*row)


def phones(store: Store, cycle_id: str, offices: Sequence[str]) -> list[Phone]:
    """Lines of people who share a phone with at least two more of the cycle, by case number."""
    return [Phone(*row) for row in store.rows(_PHONES, {"cycle": cycle_id, "offices": offices})]


def steps(store: Store, cycle_id: str, offices: Sequence[str]) -> list[tuple[str, str, str]]:
    """(number, act, id that tells when) of all that was done to the rosters of a cycle."""
    found = store.rows(_STEPS, {"cycle": cycle_id, "offices": offices})
    return [(number, act, id) for number, act, id in found]


def changed(store: Store, cycle_id: str, offices: Sequence[str]) -> list[Changed]:
    """Payments of a cycle that went to another account than their person's first, by voucher."""
    return [Changed(*row) for row in store.rows(_CHANGED, {"cycle": cycle_id, "offices": offices})]
