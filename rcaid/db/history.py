"""What the record and the summaries say about an earlier day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from rcaid.db.engine import Store, statement
from rcaid.db.people import chunks
from rcaid.db.tables import AidCase

_VERSIONS = statement(
    "history.versions",
    "SELECT r.row_id, r.version, r.public FROM audit_row r"
    " JOIN audit_event e ON e.log = r.log AND e.seq = r.seq"
    " WHERE r.noun = :noun AND r.row_id IN (:ids) AND e.at < :until"
    " ORDER BY r.row_id, r.version",
    lists=("ids",),
)
_FIRST = statement(
    "history.first",
    "SELECT r.row_id, e.at FROM audit_row r"
    " JOIN audit_event e ON e.log = r.log AND e.seq = r.seq"
    " WHERE r.noun = :noun AND r.row_id IN (:ids) AND r.version = 1",
    lists=("ids",),
)
_RIGHTS = statement(
    "history.rights",
    "SELECT e.id, c.id, c.person_id, y.programme_id, y.opens_on, e.fund_id, e.kind, e.fen,"
    " e.state, d.id, d.state, d.done_on, d.value_fen"
    " FROM aid_case c JOIN cycle y ON y.id = c.cycle_id JOIN entitlement e ON e.case_id = c.id"
    " LEFT JOIN disbursement d ON d.entitlement_id = e.id"
    " WHERE c.person_id IN (:people) ORDER BY e.id, d.id",
    lists=("people",),
)
_LINES = statement(
    "history.lines",
    "SELECT category, state, CAST(SUM(n) AS BIGINT) FROM flow WHERE machine = 'line'"
    " AND office_id = :office AND cycle_id = :cycle AND day <= :day"
    " GROUP BY category, state ORDER BY category, state",
)
_USED = statement(
    "history.quota_used",
    "SELECT c.category, count(*) FROM aid_case c"
    " WHERE c.office_id = :office AND c.case_no >= :first AND c.case_no < :past"
    " AND c.cycle_id = :cycle AND c.state IN ('listed', 'entitled', 'closed')"
    " AND (NOT EXISTS (SELECT 1 FROM entitlement e WHERE e.case_id = c.id)"
    " OR EXISTS (SELECT 1 FROM entitlement e WHERE e.case_id = c.id"
    " AND e.state NOT IN ('cancelled', 'lapsed')))"
    " GROUP BY c.category",
)
_QUOTAS = statement(
    "history.quotas",
    "SELECT id, category, allotted FROM quota WHERE cycle_id = :cycle AND office_id = :office"
    " ORDER BY category",
)
_MAKERS = statement(
    "history.makers",
    "SELECT m.id, m.staff_id, s.login, m.act FROM maker m JOIN staff s ON s.id = m.staff_id"
    " WHERE m.object_id IN (:objects) ORDER BY m.id",
    lists=("objects",),
)


class Right(NamedTuple):
    """One entitlement and, if there is one, a line of a batch by which it was to go out."""

    id: str
    case_id: str
    person_id: str
    programme_id: str
    opens_on: str
    fund_id: str
    kind: str
    fen: int | None
    state: str
    line_id: str | None
    line_state: str | None
    done_on: str | None
    value_fen: int | None


class Part(NamedTuple):
    """What somebody did to an object."""

    id: str
    staff_id: str
    login: str
    act: str


def public_at(
    store: Store, noun: str, ids: Iterable[str], until: str
) -> dict[str, dict[str, Any] | None]:
    """The public columns of rows as they stood before a moment (UTC), by id; None of a row that
    was gone by then. A row that was made later is left out."""
    found: dict[str, dict[str, Any] | None] = {}
    for piece in chunks(dict.fromkeys(ids)):
        params = {"noun": noun, "ids": piece, "until": until}
        for row_id, _version, public in store.rows(_VERSIONS, params):
            found[row_id] = json.loads(public) if public is not None else None
    return found


def made_at(store: Store, noun: str, ids: Iterable[str]) -> dict[str, str]:
    """When rows were made, in UTC, by id."""
    return {
        row_id: at
        for piece in chunks(dict.fromkeys(ids))
        for row_id, at in store.rows(_FIRST, {"noun": noun, "ids": piece})
    }


def rights(store: Store, people: Iterable[str]) -> list[Right]:
    """All entitlements of these people with their lines, as they stand now."""
    return [
        Right(*row)
        for piece in chunks(dict.fromkeys(people))
        for row in store.rows(_RIGHTS, {"people": piece})
    ]


def lines_at(store: Store, office_id: str, cycle_id: str, day: str) -> dict[tuple[str, str], int]:
    """How many lines of an office and cycle stood in each (category, state) on a day."""
    params = {"office": office_id, "cycle": cycle_id, "day": day}
    return {(category, state): int(n) for category, state, n in store.rows(_LINES, params)}


def quota_used(store: Store, case: AidCase) -> dict[str, int]:
    """Lines that use the quota of a case's street and cycle, by category. As its numbers begin
    with the cycle, a street's other cycles are not read."""
    prefix = case.case_no.rsplit("-", 2)[0]
    params = {
        "office": case.office_id,
        "cycle": case.cycle_id,
        "first": f"{prefix}-",
        "past": f"{prefix}.",
    }
    return {category or "": int(n) for category, n in store.rows(_USED, params)}


def quotas(store: Store, case: AidCase) -> list[tuple[str, str, int]]:
    """Id, category and places of each quota of a case's street and cycle."""
    params = {"office": case.office_id, "cycle": case.cycle_id}
    return [(id, category, int(n)) for id, category, n in store.rows(_QUOTAS, params)]


def parts(store: Store, objects: Sequence[str]) -> list[Part]:
    """Everybody who had a part in these objects."""
    return [
        Part(*row) for piece in chunks(objects) for row in store.rows(_MAKERS, {"objects": piece})
    ]
