"""What people have begun to type and not sent yet: sealed, and no part of the record."""

from __future__ import annotations

from typing import NamedTuple

from rcaid.db.engine import Store, one, statement

_COLUMNS = ("id", "staff_id", "place", "kept_at", "sealed")
_LISTED = ", ".join(_COLUMNS)
_OF_STAFF = statement(
    "draft.of_staff",
    f"SELECT {_LISTED} FROM draft WHERE staff_id = :staff ORDER BY kept_at DESC, id",
)
_BY_ID = statement("draft.by_id", f"SELECT {_LISTED} FROM draft WHERE id = :id")
_COUNT = statement(
    "draft.count", "SELECT count(*), MIN(kept_at) FROM draft WHERE staff_id = :staff"
)


class Draft(NamedTuple):
    """One thing begun: whose, in which place, when it was last kept (UTC text)."""

    id: str
    staff_id: str
    place: str
    kept_at: str
    sealed: bytes


def of_staff(store: Store, staff_id: str) -> list[Draft]:
    """Everything somebody has begun, newest first."""
    return [Draft(*row) for row in store.rows(_OF_STAFF, {"staff": staff_id})]


def by_id(store: Store, id: str) -> Draft | None:
    """A draft."""
    found = one(store, _BY_ID, {"id": id})
    return Draft(*found) if found else None


def count(store: Store, staff_id: str) -> tuple[int, str]:
    """How many things somebody has begun, and when the oldest of them was kept."""
    n, oldest = store.rows(_COUNT, {"staff": staff_id})[0]
    return int(n), oldest or ""


def put(store: Store, draft: Draft) -> None:
    """Keeps a draft in place of the one with its id, inside the unit that is open."""
    drop(store, draft.id)
    store.insert_many("draft", _COLUMNS, [draft])


def drop(store: Store, id: str) -> None:
    """Takes a draft away."""
    store.delete_many("draft", ("id",), [(id,)])
