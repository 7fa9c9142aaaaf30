"""Changes that wait for a second person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rcaid.db.engine import Store, one, statement
from rcaid.db.people import chunks
from rcaid.db.tables import CHANGE_REQUEST, ChangeRequest

_BY_ID = statement(
    "change.by_id", f"SELECT {CHANGE_REQUEST.listed} FROM change_request WHERE id = :id"
)
_OPEN = statement(
    "change.of_offices",
    f"SELECT {CHANGE_REQUEST.listed} FROM change_request WHERE office_id IN (:offices)"
    " AND state = 'pending' ORDER BY id",
    lists=("offices",),
)
_OF_PERSON = statement(
    "change.of_person",
    f"SELECT {CHANGE_REQUEST.listed} FROM change_request WHERE person_id = :person ORDER BY id",
)

_OF_PEOPLE = statement(
    "change.of_people",
    f"SELECT {CHANGE_REQUEST.listed} FROM change_request WHERE person_id IN (:people)"
    " AND state = 'pending' ORDER BY id",
    lists=("people",),
)
_MANY = statement(
    "change.many",
    f"SELECT {CHANGE_REQUEST.listed} FROM change_request WHERE id IN (:ids) ORDER BY id",
    lists=("ids",),
)


def by_id(store: Store, change_id: str) -> ChangeRequest | None:
    """One change request."""
    found = one(store, _BY_ID, {"id": change_id})
    return ChangeRequest(*found) if found else None


def pending(store: Store, offices: Sequence[str]) -> list[ChangeRequest]:
    """Changes of these offices that wait, oldest first."""
    return [ChangeRequest(*row) for row in store.rows(_OPEN, {"offices": offices})]


def of_person(store: Store, person_id: str) -> list[ChangeRequest]:
    """All changes ever asked for a person."""
    return [ChangeRequest(*row) for row in store.rows(_OF_PERSON, {"person": person_id})]


def pending_of_people(store: Store, people: Iterable[str]) -> list[ChangeRequest]:
    """Changes of these people that wait."""
    return [
        ChangeRequest(*row)
        for piece in chunks(people)
        for row in store.rows(_OF_PEOPLE, {"people": piece})
    ]


def many(store: Store, ids: Iterable[str]) -> list[ChangeRequest]:
    """Change requests by id."""
    return [
        ChangeRequest(*row) for piece in chunks(ids) for row in store.rows(_MANY, {"ids": piece})
    ]
