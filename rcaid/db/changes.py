"""Changes that wait for a second person."""

from __future__ import annotations

from collections.abc import Sequence

from rcaid.db.engine import Store, one, statement
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
