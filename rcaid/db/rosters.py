"""Rosters, their lines (aid cases of lane B), makers and approvals, quota used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rcaid.db.duplicates import together
from rcaid.db.engine import Store, one, statement
from rcaid.db.people import chunks
from rcaid.db.tables import (
    AID_CASE,
    APPROVAL,
    MAKER,
    ROSTER,
    AidCase,
    Approval,
    Maker,
    Roster,
)

_OF_CYCLE = statement(
    "roster.of_cycle", f"SELECT {ROSTER.listed} FROM roster WHERE cycle_id = :cycle ORDER BY number"
)
_ALL = statement(
    "roster.of_offices",
    f"SELECT {ROSTER.listed} FROM roster WHERE office_id IN (:offices) ORDER BY number DESC",
    lists=("offices",),
)
_BY_ID = statement("roster.by_id", f"SELECT {ROSTER.listed} FROM roster WHERE id = :id")
_BY_NUMBER = statement(
    "roster.by_number", f"SELECT {ROSTER.listed} FROM roster WHERE number = :number"
)
_LINES = statement(
    "line.of_rosters",
    f"SELECT {AID_CASE.listed} FROM aid_case WHERE roster_id IN (:rosters)"
    " ORDER BY roster_id, case_no",
    lists=("rosters",),
)
_LAST_NO = statement(
    "case.last_no",
    "SELECT case_no FROM aid_case WHERE case_no >= :first AND case_no < :past"
    " ORDER BY length(case_no) DESC, case_no DESC LIMIT 1",
)
_USED = statement(
    "quota.used",
    # A cycle's lines by its rosters: an office's lines of all years would be far more.
    "SELECT c.office_id, c.category, count(*) FROM"
    " (SELECT l.id, l.office_id, l.category, l.state FROM roster r"
    " JOIN aid_case l ON l.roster_id = r.id"
    " WHERE r.cycle_id = :cycle AND r.office_id IN (:offices)"
    " UNION ALL SELECT l.id, l.office_id, l.category, l.state FROM aid_case l"
    " WHERE l.roster_id IS NULL AND l.cycle_id = :cycle AND l.office_id IN (:offices)) c"
    " WHERE c.state IN ('listed', 'entitled', 'closed')"
    " AND (NOT EXISTS (SELECT 1 FROM entitlement e WHERE e.case_id = c.id)"
    " OR EXISTS (SELECT 1 FROM entitlement e WHERE e.case_id = c.id"
    " AND e.state NOT IN ('cancelled', 'lapsed')))"
    " GROUP BY c.office_id, c.category",
    lists=("offices",),
)
_OF_PEOPLE = statement(
    "case.of_people",
    f"SELECT {AID_CASE.listed} FROM aid_case WHERE cycle_id = :cycle AND person_id IN (:people)",
    lists=("people",),
    long=("people",),
)
_GIVEN = statement(
    "entitlement.year_sum",
    "SELECT e.person_id, CAST(SUM(e.fen) AS BIGINT) FROM entitlement e"
    " JOIN round r ON r.id = e.round_id JOIN cycle y ON y.id = r.cycle_id"
    " WHERE e.person_id IN (:people) AND e.kind = 'money' AND y.programme_id = :programme"
    " AND e.state NOT IN ('cancelled', 'lapsed') AND y.opens_on >= :first AND y.opens_on <= :last"
    " GROUP BY e.person_id",
    lists=("people",),
)
_MANY = statement(
    "roster.many", f"SELECT {ROSTER.listed} FROM roster WHERE id IN (:ids)", lists=("ids",)
)
_MAKER_ROWS = statement(
    "maker.rows",
    f"SELECT {MAKER.listed} FROM maker WHERE object_id IN (:objects)",
    lists=("objects",),
)
_MAKERS = statement(
    "maker.of", "SELECT staff_id, act FROM maker WHERE object_id IN (:objects)", lists=("objects",)
)
_APPROVALS = statement(
    "approval.of",
    f"SELECT {APPROVAL.listed} FROM approval WHERE object_id = :object ORDER BY id",
)


def of_cycle(store: Store, cycle_id: str) -> list[Roster]:
    """The rosters of a cycle, by number."""
    return [Roster(*row) for row in store.rows(_OF_CYCLE, {"cycle": cycle_id})]


def of_offices(store: Store, offices: Sequence[str]) -> list[Roster]:
    """All rosters of these offices, newest number first."""
    return [Roster(*row) for row in store.rows(_ALL, {"offices": offices})]


def by_id(store: Store, roster_id: str) -> Roster | None:
    """One roster."""
    found = one(store, _BY_ID, {"id": roster_id})
    return Roster(*found) if found else None


def by_number(store: Store, number: str) -> Roster | None:
    """One roster by the number people use."""
    found = one(store, _BY_NUMBER, {"number": number})
    return Roster(*found) if found else None


def lines(store: Store, roster_ids: Iterable[str]) -> list[AidCase]:
    """The lines of rosters, in file order."""
    return [
        AidCase(*row)
        for piece in chunks(roster_ids, 200)
        for row in store.rows(_LINES, {"rosters": piece})
    ]


def last_number(store: Store, prefix: str) -> int:
    """The highest running number of the cases that begin with ``22A-JD-``; 0 when there is none."""
    found = one(store, _LAST_NO, {"first": prefix, "past": prefix[:-1] + "."})
    return int(found[0][len(prefix) :]) if found else 0


def quota_used(store: Store, cycle_id: str, offices: Sequence[str]) -> dict[tuple[str, str], int]:
    """Lines that use quota, by (office id, category) (model.md, Counting)."""
    return {
        (office, category or ""): int(n)
        for office, category, n in store.rows(_USED, {"cycle": cycle_id, "offices": offices})
    }


def of_people(store: Store, cycle_id: str, people: Iterable[str]) -> dict[str, AidCase]:
    """The line of each person in a cycle."""
    found: dict[str, AidCase] = {}
    for piece in chunks(people):
        for row in store.rows(_OF_PEOPLE, {"cycle": cycle_id, "people": piece}):
            line = AidCase(*row)
            found[line.person_id] = line
    return found


def entitled_in_year(
    store: Store, programme_id: str, year: str, people: Iterable[str]
) -> dict[str, int]:
    """What each person is entitled to in cash from a programme in a calendar year, in fen, with
    all who were merged with them (BR-010)."""
    asked = list(people)
    groups = together(store, asked)
    found: Counter[str] = Counter()
    for piece in chunks(dict.fromkeys([*asked, *groups, *groups.values()])):
        params = {
            "people": piece,
            "programme": programme_id,
            "first": f"{year}-01-01",
            "last": f"{year}-12-31",
        }
        for owner, fen in store.rows(_GIVEN, params):
            found[str(groups.get(owner, owner))] += int(fen)
    given = {person: found[groups.get(person, person)] for person in asked}
    return {person: fen for person, fen in given.items() if fen}


def makers(store: Store, object_ids: Iterable[str]) -> list[tuple[str, str]]:
    """Everybody who had a part in these objects, as (staff id, act)."""
    return [
        (staff, act)
        for piece in chunks(object_ids)
        for staff, act in store.rows(_MAKERS, {"objects": piece})
    ]


def approvals(store: Store, object_id: str) -> list[Approval]:
    """The approvals of an object."""
    return [Approval(*row) for row in store.rows(_APPROVALS, {"object": object_id})]


def by_ids(store: Store, ids: Iterable[str]) -> list[Roster]:
    """Rosters by id, by number."""
    found = [Roster(*row) for piece in chunks(ids) for row in store.rows(_MANY, {"ids": piece})]
    return sorted(found, key=lambda roster: roster.number)


def maker_rows(store: Store, object_ids: Iterable[str]) -> list[Maker]:
    """The rows that say who made these objects."""
    return [
        Maker(*row)
        for piece in chunks(object_ids)
        for row in store.rows(_MAKER_ROWS, {"objects": piece})
    ]
