"""What the store says about itself: society, store id, demo or not, where its keys lie."""

from __future__ import annotations

from rcaid.db.engine import Store, one, statement

_GET = statement("setting.get", "SELECT value FROM setting WHERE key = :key")
_SET = statement(
    "setting.set",
    "INSERT INTO setting (key, value) VALUES (:key, :value)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
)


def get(store: Store, key: str, default: str = "") -> str:
    """The value of a setting, or the default."""
    found = one(store, _GET, {"key": key})
    return str(found[0]) if found else default


def put(store: Store, key: str, value: str) -> None:
    """Sets a setting, inside the unit that is open."""
    store.run(_SET, {"key": key, "value": value})
