"""Figures from the summaries and the delivered lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, one, statement
from rcaid.db.tables import SNAPSHOT, Snapshot

_FLOW = statement(
    "flow.sums",
    "SELECT f.office_id, f.category, f.state, CAST(SUM(f.n) AS BIGINT), CAST(SUM(f.fen) AS BIGINT)"
    " FROM flow f JOIN cycle y ON y.id = f.cycle_id"
    " WHERE y.programme_id = :programme AND f.machine = :machine"
    " AND f.day >= :first AND f.day <= :last"
    " GROUP BY f.office_id, f.category, f.state",
)
_GONE_OUT = (
    " FROM disbursement d"
    " JOIN entitlement e ON e.id = d.entitlement_id JOIN round r ON r.id = e.round_id"
    " JOIN cycle y ON y.id = r.cycle_id"
)
_REACHED = "d.state IN ('paid', 'delivered') AND d.done_on >= :first AND d.done_on <= :last"
_MERGED = " LEFT JOIN person_merge m ON m.loser_id = d.person_id AND m.state = 'merged'"
_WINNER = "COALESCE(m.winner_id, d.person_id)"
_DISTINCT = statement(
    "disbursement.distinct",
    f"SELECT count(DISTINCT {_WINNER}), count(DISTINCT d.household_id){_GONE_OUT}{_MERGED}"
    f" WHERE y.programme_id = :programme AND {_REACHED}",
)
_DISTINCT_OF = statement(
    "disbursement.distinct_of_offices",
    f"SELECT count(DISTINCT {_WINNER}), count(DISTINCT d.household_id){_GONE_OUT}{_MERGED}"
    f" WHERE y.programme_id = :programme AND d.office_id IN (:offices) AND {_REACHED}",
    lists=("offices",),
)
_RECOUNT = statement(
    "disbursement.recount",
    f"SELECT d.kind, count(*), CAST(SUM(d.value_fen) AS BIGINT){_GONE_OUT}"
    f" WHERE y.programme_id = :programme AND {_REACHED} GROUP BY d.kind",
)
_PERSON_TIMES = statement(
    "disbursement.person_times",
    f"SELECT count(*) FROM (SELECT DISTINCT e.round_id, d.person_id{_GONE_OUT}"
    f" WHERE y.programme_id = :programme AND {_REACHED}) served",
)
_HELPED = statement(
    "disbursement.helped",
    "SELECT programme_id, lane, unit, count(DISTINCT case_id), count(DISTINCT person),"
    " count(DISTINCT household_id), count(DISTINCT served), CAST(SUM(cash) AS BIGINT),"
    " CAST(SUM(goods) AS BIGINT) FROM"
    " (SELECT y.programme_id, c.lane, e.case_id, d.household_id,"
    f" {_WINNER} AS person, e.round_id || {_WINNER} AS served,"
    " CASE :level WHEN 'street' THEN o.id WHEN 'district'"
    " THEN CASE WHEN o.level IN ('city', 'district') THEN o.id ELSE o.parent_id END ELSE '' END"
    " AS unit, CASE d.kind WHEN 'money' THEN d.value_fen ELSE 0 END AS cash,"
    f" CASE d.kind WHEN 'goods' THEN d.value_fen ELSE 0 END AS goods{_GONE_OUT}"
    f" JOIN aid_case c ON c.id = e.case_id JOIN office o ON o.id = d.office_id{_MERGED}"
    f" WHERE d.office_id IN (:offices) AND {_REACHED}) lines"
    " GROUP BY programme_id, lane, unit",
    lists=("offices",),
)
_MOVED = statement(
    "flow.moved",
    "SELECT y.programme_id, f.office_id, f.machine, f.state, CAST(SUM(f.n) AS BIGINT),"
    " CAST(SUM(f.fen) AS BIGINT) FROM flow f JOIN cycle y ON y.id = f.cycle_id"
    " WHERE f.machine IN ('line', 'served', 'disbursement') AND f.office_id IN (:offices)"
    " AND f.day >= :first AND f.day <= :last"
    " GROUP BY y.programme_id, f.office_id, f.machine, f.state",
    lists=("offices",),
)
_LANES = statement(
    "case.lanes",
    "SELECT DISTINCT c.lane FROM aid_case c JOIN cycle y ON y.id = c.cycle_id"
    " WHERE y.programme_id = :programme ORDER BY c.lane",
)
_APPLIED = statement(
    "application.received",
    "SELECT y.programme_id, a.office_id, count(*),"
    " CAST(SUM(CASE WHEN a.received_on >= :first THEN 1 ELSE 0 END) AS BIGINT),"
    " CAST(SUM(CASE WHEN a.due_on < :last AND a.paused_on IS NULL AND c.state IN"
    " ('submitted', 'verifying', 'district_review', 'approval') THEN 1 ELSE 0 END) AS BIGINT)"
    " FROM application a JOIN aid_case c ON c.id = a.id JOIN cycle y ON y.id = c.cycle_id"
    " WHERE a.office_id IN (:offices) AND a.received_on <= :last AND c.state <> 'draft'"
    " GROUP BY y.programme_id, a.office_id",
    lists=("offices",),
)
_DECIDED = statement(
    "application.decided",
    "SELECT y.programme_id, a.office_id, x.action, x.at, a.complete_on, a.id FROM case_action x"
    " JOIN application a ON a.id = x.case_id JOIN aid_case c ON c.id = a.id"
    " JOIN cycle y ON y.id = c.cycle_id WHERE x.action IN ('approve', 'reject', 'urgent')"
    " AND x.at >= :first AND x.at < :past AND a.office_id IN (:offices) ORDER BY x.at, x.id",
    lists=("offices",),
)
_STANDING = statement(
    "flow.lines_until",
    "SELECT office_id, category, state, CAST(SUM(n) AS BIGINT) FROM flow WHERE machine = 'line'"
    " AND cycle_id = :cycle AND office_id IN (:offices) AND day <= :last"
    " GROUP BY office_id, category, state",
    lists=("offices",),
)
_CASES_REACHED = statement(
    "disbursement.cases_reached",
    "SELECT d.office_id, c.category, count(DISTINCT e.case_id) FROM disbursement d"
    " JOIN entitlement e ON e.id = d.entitlement_id JOIN aid_case c ON c.id = e.case_id"
    " WHERE c.cycle_id = :cycle AND d.office_id IN (:offices)"
    " AND d.state IN ('paid', 'delivered') AND d.done_on <= :last"
    " GROUP BY d.office_id, c.category",
    lists=("offices",),
)
_PEOPLE = statement(
    "disbursement.people",
    "SELECT category, sex, born, count(*) FROM"
    f" (SELECT DISTINCT c.category, {_WINNER} AS person_id{_GONE_OUT}"
    f" JOIN aid_case c ON c.id = e.case_id{_MERGED} WHERE y.programme_id = :programme"
    f" AND d.office_id IN (:offices) AND {_REACHED}) helped"
    " JOIN person p ON p.id = helped.person_id GROUP BY category, sex, born",
    lists=("offices",),
)
_SNAPSHOT = statement(
    "snapshot.by_number", f"SELECT {SNAPSHOT.listed} FROM snapshot WHERE number = :number"
)
_SNAPSHOTS = statement(
    "snapshot.newest",
    f"SELECT {SNAPSHOT.listed} FROM snapshot ORDER BY made_at DESC, number DESC LIMIT :limit",
)
_OF_REPORT = statement(
    "snapshot.of_report",
    f"SELECT {SNAPSHOT.listed} FROM snapshot WHERE report = :report ORDER BY number",
)
_NUMBERED = statement(
    "snapshot.numbered", "SELECT count(*) FROM snapshot WHERE number LIKE :prefix"
)


class Helped(NamedTuple):
    """What reached people by programme, lane and unit of the society; sums in fen."""

    programme: str
    lane: str
    unit: str
    cases: int
    persons: int
    households: int
    person_times: int
    cash_fen: int
    goods_fen: int


class Moved(NamedTuple):
    """How many things of a programme and office came into a state, less those that left it."""

    programme: str
    office: str
    machine: str
    state: str
    n: int
    fen: int


class Received(NamedTuple):
    """Applications of a programme and office: those that came in, and those that are late."""

    programme: str
    office: str
    received: int
    overdue: int


class Decided(NamedTuple):
    """One decision on an application; ``at`` UTC, ``complete_on`` when its papers were there."""

    programme: str
    office: str
    action: str
    at: str
    complete_on: str | None
    case_id: str


def flows(
    store: Store, programme_id: str, machine: str, first: str, last: str
) -> list[tuple[str, str, str, int, int]]:
    """(office id, category, state, n, fen) of a programme between two days, both included."""
    params = {"programme": programme_id, "machine": machine, "first": first, "last": last}
    return [
        (office, category, state, int(n), int(fen))
        for office, category, state, n, fen in store.rows(_FLOW, params)
    ]


def distinct(
    store: Store, programme_id: str, first: str, last: str, offices: Sequence[str] | None = None
) -> tuple[int, int]:
    """Distinct persons, after merges, and households with a delivered line between two days."""
    params = {"programme": programme_id, "first": first, "last": last}
    if offices is None:
        persons, households = store.rows(_DISTINCT, params)[0]
    else:
        persons, households = store.rows(_DISTINCT_OF, {**params, "offices": offices})[0]
    return int(persons), int(households)


def recount(store: Store, programme_id: str, first: str, last: str) -> tuple[int, int, int]:
    """Person-times, cash fen and goods fen counted from the lines themselves."""
    params = {"programme": programme_id, "first": first, "last": last}
    by_kind = {kind: int(fen) for kind, _, fen in store.rows(_RECOUNT, params)}
    times = int(store.rows(_PERSON_TIMES, params)[0][0])
    return times, by_kind.get("money", 0), by_kind.get("goods", 0)


def helped(store: Store, level: str, offices: Sequence[str], first: str, last: str) -> list[Helped]:
    """What reached people through these offices between two days, by ``level`` street, district or
    "" for all of them together."""
    params = {"level": level, "offices": offices, "first": first, "last": last}
    return [
        Helped(programme, lane, unit, *map(int, numbers))
        for programme, lane, unit, *numbers in store.rows(_HELPED, params)
    ]


def moved(store: Store, offices: Sequence[str], first: str, last: str) -> list[Moved]:
    """What came into a state or left it between two days: lines, people served, payments."""
    params = {"offices": offices, "first": first, "last": last}
    return [
        Moved(programme, office, machine, state, int(n), int(fen))
        for programme, office, machine, state, n, fen in store.rows(_MOVED, params)
    ]


def lanes(store: Store, programme_id: str) -> list[str]:
    """The lanes on which a programme ever had cases."""
    return [lane for (lane,) in store.rows(_LANES, {"programme": programme_id})]


def received(store: Store, offices: Sequence[str], first: str, last: str) -> list[Received]:
    """Applications that came in between two days, and those late on the last of them."""
    params = {"offices": offices, "first": first, "last": last}
    return [
        Received(programme, office, int(n), int(late))
        for programme, office, _all, n, late in store.rows(_APPLIED, params)
    ]


def decided(store: Store, offices: Sequence[str], first: str, past: str) -> list[Decided]:
    """Decisions from a time (UTC) to before another, in their order."""
    params = {"offices": offices, "first": first, "past": past}
    return [Decided(*row) for row in store.rows(_DECIDED, params)]


def lines_until(
    store: Store, cycle_id: str, offices: Sequence[str], last: str
) -> list[tuple[str, str, str, int]]:
    """(office id, category, state, n): where the lines of a cycle stood at the end of a day."""
    params = {"cycle": cycle_id, "offices": offices, "last": last}
    return [(o, c, s, int(n)) for o, c, s, n in store.rows(_STANDING, params)]


def cases_reached(
    store: Store, cycle_id: str, offices: Sequence[str], last: str
) -> list[tuple[str, str, int]]:
    """(office id, category, n) of lines that something of was delivered by a day."""
    params = {"cycle": cycle_id, "offices": offices, "last": last}
    return [(o, c or "", int(n)) for o, c, n in store.rows(_CASES_REACHED, params)]


def people(
    store: Store, programme_id: str, offices: Sequence[str], first: str, last: str
) -> list[tuple[str, str, str, int]]:
    """(category, sex, date of birth, n) of distinct people that something reached."""
    params = {"programme": programme_id, "offices": offices, "first": first, "last": last}
    return [(c or "", s or "", b or "", int(n)) for c, s, b, n in store.rows(_PEOPLE, params)]


def snapshot(store: Store, number: str) -> Snapshot | None:
    """A frozen report by its number."""
    found = one(store, _SNAPSHOT, {"number": number})
    return Snapshot(*found) if found else None


def snapshots(store: Store, limit: int) -> list[Snapshot]:
    """What was frozen, the newest first."""
    return [Snapshot(*row) for row in store.rows(_SNAPSHOTS, {"limit": limit})]


def snapshots_of(store: Store, report: str) -> list[Snapshot]:
    """All that was frozen of one report, by number."""
    return [Snapshot(*row) for row in store.rows(_OF_REPORT, {"report": report})]


def snapshots_numbered(store: Store, prefix: str) -> int:
    """How many snapshots have a number that begins so."""
    found = one(store, _NUMBERED, {"prefix": f"{prefix}%"})
    return int(found[0]) if found else 0
