"""The record in the store: heads, events and the rows each event changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import msgspec

from rcaid.db.engine import Store, one, statement
from rcaid.db.keys import Keys
from rcaid.db.tables import Table
from rcaid.domain.errors import Broken, Problem
from rcaid.domain.record import Frontier, Tree, canonical, event_line, leaf_hash, row_leaf

if TYPE_CHECKING:
    from rcaid.db.unit import Act

Leaf = tuple[str, str, int, str | None, bytes | None]
"""One changed row before it has its place: noun, id, version, public text, private hash."""

AUDIT_ROW = ("log", "seq", "n", "noun", "row_id", "version", "public", "private_hash")
"""The columns of the rows of events."""

_HEAD = statement("head.of", "SELECT size, frontier FROM audit_head WHERE log = :log")
_NEW_HEAD = statement(
    "head.new",
    "INSERT INTO audit_head (log, size, frontier) VALUES (:log, 0, :frontier)"
    " ON CONFLICT (log) DO NOTHING",
)
_MOVE_HEAD = statement(
    "head.move", "UPDATE audit_head SET size = :size, frontier = :frontier WHERE log = :log"
)
_EVENT = statement(
    "event.add",
    "INSERT INTO audit_event (log, seq, at, actor, act, object, line)"
    " VALUES (:log, :seq, :at, :actor, :act, :object, :line)",
)
_LAST_AT = statement("event.last_at", "SELECT at FROM audit_event WHERE log = :log AND seq = :seq")


@dataclass(frozen=True, slots=True)
class Locked:
    """A log whose head this unit holds."""

    log: str
    frontier: Frontier


def lock_head(store: Store, log: str) -> Locked:
    """Takes the log for this unit; whoever writes to it next waits (PostgreSQL: for the row)."""
    store.run(_NEW_HEAD, {"log": log, "frontier": Frontier().text().encode()})
    store.lock("audit_head", "log", [log])
    found = one(store, _HEAD, {"log": log})
    assert found is not None
    try:
        return Locked(log, Frontier.parse(bytes(found[1]).decode()))
    except ValueError as error:
        raise Broken(Problem("record.head", {"log": log})) from error


def append(store: Store, head: Locked, act: Act, at: str, rows: Sequence[Leaf], tree: Tree) -> int:
    """Writes one event and its rows at the end of the log and returns its number.

    ``tree`` holds the leaves of rows that a plan brought in already; these come after them. A clock
    that went back does not unsort the log: the event then gets the time of the one before.
    """
    seq = head.frontier.size
    first = tree.size
    tree.extend(_hashes(rows, first))
    last = one(store, _LAST_AT, {"log": head.log, "seq": seq - 1})
    at = max(at, last[0]) if last else at
    fields: dict[str, Any] = {
        "log": head.log,
        "seq": seq,
        "at": at,
        "actor": act.actor,
        "duty": act.duty,
        "office": act.office,
        "action": act.action,
        "object": act.object,
        "reason": act.reason,
        "rows": tree.size,
        **act.note,
    }
    if tree.size:
        fields["root"] = tree.root().hex()
    line = event_line(fields)
    head.frontier.append(leaf_hash(line))
    store.run(
        _EVENT,
        {
            "log": head.log,
            "seq": seq,
            "at": at,
            "actor": act.actor,
            "act": act.action,
            "object": act.object,
            "line": line.decode(),
        },
    )
    store.insert_many(
        "audit_row", AUDIT_ROW, ((head.log, seq, n, *row) for n, row in enumerate(rows, first))
    )
    store.run(
        _MOVE_HEAD,
        {
            "log": head.log,
            "size": head.frontier.size,
            "frontier": head.frontier.text().encode(),
        },
    )
    return seq


def _hashes(rows: Iterable[Leaf], first: int) -> Iterator[bytes]:
    for n, (noun, row_id, version, public, private) in enumerate(rows, first):
        hexes = None if private is None else private.hex()
        yield leaf_hash(row_leaf(n, noun, row_id, version, public, hexes))


def leaves(
    table: Table, rows: Iterable[Any], keys: Keys, *, lenient: bool = False
) -> Iterator[Leaf]:
    """What the record keeps of rows as they now stand.

    Sealed values that do not open raise Broken; with ``lenient`` the row gets an empty hash, which
    is nobody's.
    """
    columns = table.columns
    public = public_maker(table)
    id_at, version_at = columns.index("id"), columns.index("version")
    hide = hider(table, keys, lenient=lenient)
    name = table.name
    for row in rows:
        yield name, row[id_at], row[version_at], public(row), hide(row)


def hider(table: Table, keys: Keys, *, lenient: bool = False) -> Any:
    """A function that gives the private hash of a row of this table, or None."""
    columns = table.columns
    private = sorted(table.private)
    places = [(name, columns.index(name)) for name in private]
    sealed_at = columns.index("sealed") if table.sealed else -1
    id_at = columns.index("id")

    def hash_of(row: Sequence[Any]) -> bytes | None:
        values = {name: row[at] for name, at in places if row[at] is not None}
        blob = row[sealed_at] if table.sealed else None
        if blob is None:
            if not values:
                return None
            salt = keys.derived_salt(table.name, row[id_at])
        else:
            try:
                salt, opened = keys.open(table.name, row[id_at], bytes(blob))
            except Broken:
                if lenient:
                    return b""
                raise
            values |= opened
        return sha256(salt + canonical(values)).digest()

    return hash_of if table.private or table.sealed else (lambda row: None)


def private_digest(salt: bytes, values: Mapping[str, Any]) -> bytes:
    """The private hash over a row's hidden columns and sealed values together."""
    return sha256(salt + canonical(values)).digest()


def leaf_maker(table: Table) -> Any:
    """A function (row, salt, sealed values) that gives the leaf of a row whose values are known."""
    columns = table.columns
    public = public_maker(table)
    places = [(name, columns.index(name)) for name in sorted(table.private)]
    version_at = len(columns) - 1
    name = table.name

    def leaf(row: Sequence[Any], salt: bytes, opened: Mapping[str, Any] | None) -> Leaf:
        if opened is None:
            return name, row[0], row[version_at], public(row), None
        hidden = {column: row[at] for column, at in places if row[at] is not None}
        for column, value in hidden.items():
            if type(value) is int:
                hidden[column] = whole(value)
        hidden.update(opened)
        digest = sha256(salt + canonical(hidden)).digest()
        return name, row[0], row[version_at], public(row), digest

    return leaf


def whole(value: int) -> int | str:
    """An integer as the record writes it: beyond 2^53-1 as text."""
    return value if -_LARGEST <= value <= _LARGEST else str(value)


_LARGEST = 2**53 - 1


@cache
def public_maker(table: Table) -> Any:
    """A function that gives the public text of a row: canonical JSON of its public columns.

    A struct with its fields in order is encoded several times as fast as a dictionary; whatever is
    not plain ASCII or small whole numbers goes the general way.
    """
    columns = table.columns
    shown = sorted(table.public)
    pick = itemgetter(*(columns.index(name) for name in shown))
    several = len(shown) > 1
    fields = [(name, str | int | None, None) for name in shown]
    shape = msgspec.defstruct(f"Public_{table.name}", fields, omit_defaults=True)
    encode = msgspec.json.Encoder().encode
    kinds = table.row.__annotations__
    numbers = [at for at, name in enumerate(shown) if "int" in str(kinds[name])]

    def text(row: Sequence[Any]) -> str:
        values = pick(row) if several else (pick(row),)
        quick = encode(shape(*values))
        if quick.isascii() and all((values[at] or 0) <= _LARGEST for at in numbers):
            return quick.decode()
        return canonical(dict(zip(shown, values, strict=True))).decode()

    return text


def public_sql(table: Table, made: Mapping[str, str]) -> str:
    """`public_maker`'s text as SQL, over columns or the expressions that ``made`` names for them.

    For values that JSON does not escape: ids, codes, states, dates, whole numbers.
    """
    kinds = table.row.__annotations__
    parts = []
    for name in sorted(table.public):
        value = made.get(name, name)
        if value == "NULL":
            continue
        quote = "" if "int" in str(kinds[name]) else '"'
        text = f"',\"{name}\":{quote}' || {value}" + (f" || '{quote}'" if quote else "")
        parts.append(f"COALESCE({text}, '')" if "None" in str(kinds[name]) else text)
    return f"'{{' || SUBSTR({' || '.join(parts)}, 2) || '}}'"


_NEWEST = statement(
    "audit_row.newest",
    "SELECT row_id, MAX(version) FROM audit_row WHERE noun = :noun AND row_id IN (:ids)"
    " GROUP BY row_id",
    lists=("ids",),
    long=("ids",),
)


def newest_versions(store: Store, noun: str, ids: Iterable[str]) -> dict[str, int]:
    """The newest recorded version of each of these rows."""
    from rcaid.db.people import chunks

    found: dict[str, int] = {}
    for piece in chunks(ids):
        params = {"noun": noun, "ids": piece}
        found.update({row_id: int(n) for row_id, n in store.rows(_NEWEST, params)})
    return found
