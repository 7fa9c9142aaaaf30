"""A SHA-256 for each table over its rows in key order, with sealed columns opened.

Two stores with the same content give the same digests, whichever engine keeps them: ``version``,
empty sums of ``flow`` and ``served`` and the tables of record, imports and drafts are left out.
"""

from __future__ import annotations

from hashlib import sha256

from rcaid.db.engine import Statement, Store, statement
from rcaid.db.keys import Keys
from rcaid.db.tables import DIGESTED, RECORDED
from rcaid.domain.record import canonical

_PLAIN = {
    "setting": ("key, value", "key"),
    "region": ("code, name, level, parent, kind, valid_from, valid_to, successor", "code"),
    "person_key": ("kind, hash, n, owner_id", "kind, hash, n"),
    "served": ("round_id, person_id, household_id, lines", "round_id, person_id"),
    "balance": ("fund_id, account, fen", "fund_id, account"),
    "stock": ("lot_id, account, qty", "lot_id, account"),
    "flow": (
        "office_id, cycle_id, machine, category, state, day, n, fen",
        "office_id, cycle_id, machine, category, state, day",
    ),
}
_SUMS = {"flow": "WHERE n <> 0 OR fen <> 0", "served": "WHERE lines <> 0"}
_LOCAL = frozenset({"key_file"})
"""Settings that say where a store lies, not what is in it."""

_READ: dict[str, Statement] = {
    name: statement(
        f"digest.{name}",
        f"SELECT {RECORDED[name].listed} FROM {name} ORDER BY id"
        if name in RECORDED
        else f"SELECT {_PLAIN[name][0]} FROM {name} {_SUMS.get(name, '')} ORDER BY {_PLAIN[name][1]}",
    )
    for name in DIGESTED
}


def digests(store: Store, keys: Keys) -> dict[str, str]:
    """The digest of each table, in hex, in the order in which tables refer to each other."""
    return {name: _digest(store, keys, name) for name in DIGESTED}


def _digest(store: Store, keys: Keys, name: str) -> str:
    table = RECORDED.get(name)
    columns = table.columns if table else tuple(_PLAIN[name][0].split(", "))
    sealed_at = columns.index("sealed") if "sealed" in columns else -1
    made = sha256()
    for row in store.stream(_READ[name]):
        if name == "setting" and row[0] in _LOCAL:
            continue
        values = dict(zip(columns, row, strict=True))
        values.pop("version", None)
        if sealed_at >= 0 and row[sealed_at] is not None:
            salt, opened = keys.open(name, row[0], bytes(row[sealed_at]))
            values["sealed"] = {"salt": salt.hex(), **opened}
        made.update(canonical(values))
        made.update(b"\n")
    return made.hexdigest()
