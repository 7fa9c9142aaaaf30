"""Figures from the summaries and the delivered lines."""

from __future__ import annotations

from rcaid.db.engine import Store, statement

_FLOW = statement(
    "flow.sums",
    "SELECT f.office_id, f.category, f.state, CAST(SUM(f.n) AS BIGINT), CAST(SUM(f.fen) AS BIGINT)"
    " FROM flow f JOIN cycle y ON y.id = f.cycle_id"
    " WHERE y.programme_id = :programme AND f.machine = :machine"
    " AND f.day >= :first AND f.day <= :last"
    " GROUP BY f.office_id, f.category, f.state",
)
_DISTINCT = statement(
    "disbursement.distinct",
    "SELECT count(DISTINCT COALESCE(m.winner_id, d.person_id)), count(DISTINCT d.household_id)"
    " FROM disbursement d"
    " JOIN entitlement e ON e.id = d.entitlement_id JOIN round r ON r.id = e.round_id"
    " JOIN cycle y ON y.id = r.cycle_id"
    " LEFT JOIN person_merge m ON m.loser_id = d.person_id AND m.state = 'merged'"
    " WHERE y.programme_id = :programme"
    " AND d.state IN ('paid', 'delivered') AND d.done_on >= :first AND d.done_on <= :last",
)
_RECOUNT = statement(
    "disbursement.recount",
    "SELECT d.kind, count(*), CAST(SUM(d.value_fen) AS BIGINT) FROM disbursement d"
    " JOIN entitlement e ON e.id = d.entitlement_id JOIN round r ON r.id = e.round_id"
    " JOIN cycle y ON y.id = r.cycle_id WHERE y.programme_id = :programme"
    " AND d.state IN ('paid', 'delivered') AND d.done_on >= :first AND d.done_on <= :last"
    " GROUP BY d.kind",
)
_PERSON_TIMES = statement(
    "disbursement.person_times",
    "SELECT count(*) FROM (SELECT DISTINCT e.round_id, d.person_id FROM disbursement d"
    " JOIN entitlement e ON e.id = d.entitlement_id JOIN round r ON r.id = e.round_id"
    " JOIN cycle y ON y.id = r.cycle_id WHERE y.programme_id = :programme"
    " AND d.state IN ('paid', 'delivered') AND d.done_on >= :first AND d.done_on <= :last) served",
)


def flows(
    store: Store, programme_id: str, machine: str, first: str, last: str
) -> list[tuple[str, str, str, int, int]]:
    """(office id, category, state, n, fen) of a programme between two days, both included."""
    params = {"programme": programme_id, "machine": machine, "first": first, "last": last}
    return [
        (office, category, state, int(n), int(fen))
        for office, category, state, n, fen in store.rows(_FLOW, params)
    ]


def distinct(store: Store, programme_id: str, first: str, last: str) -> tuple[int, int]:
    """Distinct persons, after merges, and households with a delivered line between two days."""
    params = {"programme": programme_id, "first": first, "last": last}
    persons, households = store.rows(_DISTINCT, params)[0]
    return int(persons), int(households)


def recount(store: Store, programme_id: str, first: str, last: str) -> tuple[int, int, int]:
    """Person-times, cash fen and goods fen counted from the lines themselves."""
    params = {"programme": programme_id, "first": first, "last": last}
    by_kind = {kind: int(fen) for kind, _, fen in store.rows(_RECOUNT, params)}
    times = int(store.rows(_PERSON_TIMES, params)[0][0])
    return times, by_kind.get("money", 0), by_kind.get("goods", 0)
