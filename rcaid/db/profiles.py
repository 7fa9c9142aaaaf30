"""Import profiles that were saved here."""

from __future__ import annotations

from rcaid.db.engine import Store, one, statement
from rcaid.db.tables import IMPORT_PROFILE, ImportProfile

_ALL = statement(
    "import_profile.all", f"SELECT {IMPORT_PROFILE.listed} FROM import_profile ORDER BY name"
)
_BY_NAME = statement(
    "import_profile.by_name",
    f"SELECT {IMPORT_PROFILE.listed} FROM import_profile WHERE name = :name",
)


def all_profiles(store: Store) -> list[ImportProfile]:
    """All saved profiles, by name."""
    return [ImportProfile(*row) for row in store.rows(_ALL)]


def by_name(store: Store, name: str) -> ImportProfile | None:
    """The saved profile of this name."""
    found = one(store, _BY_NAME, {"name": name})
    return ImportProfile(*found) if found else None
