"""Single lines and cases, and what was done to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rcaid.db.engine import Store, one, statement
from rcaid.db.people import chunks
from rcaid.db.tables import AID_CASE, CASE_ACTION, AidCase, CaseAction

_BY_NUMBER = statement("case.by_no", f"SELECT {AID_CASE.listed} FROM aid_case WHERE case_no = :no")
_BY_ID = statement("case.by_id", f"SELECT {AID_CASE.listed} FROM aid_case WHERE id = :id")
_OF_PERSON = statement(
    "case.of_person",
    f"SELECT {AID_CASE.listed} FROM aid_case WHERE person_id = :person ORDER BY case_no DESC",
)
_BY_NUMBERS = statement(
    "case.by_numbers",
    "SELECT case_no, person_id FROM aid_case WHERE case_no IN (:numbers)",
    lists=("numbers",),
)
_ACTIONS = statement(
    "case_action.of_case",
    f"SELECT {CASE_ACTION.listed} FROM case_action WHERE case_id = :case ORDER BY id DESC",
)
_MANY = statement(
    "case.many", f"SELECT {AID_CASE.listed} FROM aid_case WHERE id IN (:ids)", lists=("ids",)
)


def by_number(store: Store, case_no: str) -> AidCase | None:
    """One case by its number."""
    found = one(store, _BY_NUMBER, {"no": case_no})
    return AidCase(*found) if found else None


def people_of(store: Store, numbers: Iterable[str]) -> dict[str, str]:
    """The person of each of these case numbers."""
    return {
        number: person
        for piece in chunks(numbers)
        for number, person in store.rows(_BY_NUMBERS, {"numbers": piece})
    }


def by_id(store: Store, case_id: str) -> AidCase | None:
    """One case."""
    found = one(store, _BY_ID, {"id": case_id})
    return AidCase(*found) if found else None


def of_person(store: Store, person_id: str) -> list[AidCase]:
    """All cases of a person, newest number first."""
    return [AidCase(*row) for row in store.rows(_OF_PERSON, {"person": person_id})]


def actions(store: Store, case_id: str) -> Sequence[CaseAction]:
    """What people did to one case, newest first."""
    return [CaseAction(*row) for row in store.rows(_ACTIONS, {"case": case_id})]


def many(store: Store, ids: Iterable[str]) -> dict[str, AidCase]:
    """Cases by id."""
    return {
        row[0]: AidCase(*row) for piece in chunks(ids) for row in store.rows(_MANY, {"ids": piece})
    }
