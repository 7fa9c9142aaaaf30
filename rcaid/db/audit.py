"""Reading the record: its events, its rows, and whether the live rows are what it says."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Any

from rcaid.db import record
from rcaid.db.engine import Row, Store, one, statement
from rcaid.db.keys import Keys
from rcaid.db.tables import RECORDED, Table
from rcaid.domain.record import Frontier, row_leaf

_HEADS = statement("head.all", "SELECT log, size, frontier FROM audit_head ORDER BY log")
_EVENTS = statement("event.all", "SELECT log, seq, line FROM audit_event ORDER BY log, seq")
_LISTED = statement(
    "event.listed",
    "SELECT log, seq, line, at, actor, act, object FROM audit_event ORDER BY log, seq",
)
_ROWS = statement(
    "audit_row.all",
    "SELECT log, seq, n, noun, row_id, version, public, private_hash FROM audit_row"
    " ORDER BY log, seq, n",
)
_OF_NOUN = statement(
    "audit_row.of_noun",
    "SELECT row_id, version, public, private_hash FROM audit_row WHERE noun = :noun"
    " ORDER BY row_id, version",
)
_LOG = statement(
    "event.of_logs",
    "SELECT log, seq, at, actor, act, object, line FROM audit_event WHERE log IN (:logs)"
    " AND at < :before AND (:act IS NULL OR act = :act) AND (:actor IS NULL OR actor = :actor)"
    " AND (:object IS NULL OR object = :object) ORDER BY at DESC, log, seq DESC LIMIT :limit",
    lists=("logs",),
)
_COUNT = statement("event.count", "SELECT count(*) FROM audit_event")
_CHECKPOINTS = statement("checkpoint.all", "SELECT at, note, signature FROM checkpoint ORDER BY id")
_ADD_CHECKPOINT = statement(
    "checkpoint.add",
    "INSERT INTO checkpoint (id, at, note, signature) VALUES (:id, :at, :note, :signature)",
)

LIVE = {
    name: statement(f"live.{name}", f"SELECT {table.listed} FROM {name} ORDER BY id")
    for name, table in RECORDED.items()
}
_ROW_AT = statement(
    "audit_row.places",
    "SELECT log, seq FROM audit_row WHERE noun = :noun AND row_id = :id ORDER BY version DESC",
)
_EVENT = statement(
    "event.one",
    "SELECT log, seq, at, actor, act, object, line FROM audit_event"
    " WHERE log = :log AND seq = :seq",
)


def heads(store: Store) -> list[tuple[str, Frontier]]:
    """Every log and where it stands."""
    return [(log, Frontier.parse(bytes(text).decode())) for log, _, text in store.rows(_HEADS)]


def head_texts(store: Store) -> list[tuple[str, int, bytes]]:
    """(log, size, frontier) of every head as it is kept, whether it makes sense or not."""
    return [(log, int(size), bytes(text)) for log, size, text in store.rows(_HEADS)]


def listed_events(store: Store) -> Iterator[Row]:
    """Every event as it is kept: log, seq, line, and what stands beside the line: at, actor, act,
    object."""
    yield from store.stream(_LISTED)


def events(store: Store) -> Iterator[tuple[str, int, str]]:
    """(log, seq, line) of every event, log after log."""
    yield from store.stream(_EVENTS)


def row_leaves(store: Store) -> Iterator[tuple[str, int, bytes]]:
    """(log, seq, canonical leaf) of every changed row, in the order of the events."""
    for log, seq, n, noun, row_id, version, public, private in store.stream(_ROWS):
        hexes = None if private is None else bytes(private).hex()
        yield log, seq, row_leaf(n, noun, row_id, version, public, hexes)


def event_count(store: Store) -> int:
    """How many events there are."""
    found = one(store, _COUNT)
    return int(found[0]) if found else 0


def log(
    store: Store,
    logs: Sequence[str],
    *,
    before: str,
    act: str | None = None,
    actor: str | None = None,
    object: str | None = None,
    limit: int = 200,
) -> list[Row]:
    """Events of these logs before a time, newest first: log, seq, at, actor, act, object, line."""
    params = {
        "logs": logs,
        "before": before,
        "act": act,
        "actor": actor,
        "object": object,
        "limit": limit,
    }
    return store.rows(_LOG, params)


def touching(store: Store, noun: str, row_id: str) -> list[Row]:
    """The events that changed one row, newest first, in the form of `log`."""
    found = []
    for log_name, seq in store.rows(_ROW_AT, {"noun": noun, "id": row_id}):
        found += store.rows(_EVENT, {"log": log_name, "seq": seq})
    return found


def checkpoints(store: Store) -> list[tuple[str, str, bytes]]:
    """(at, note, signature) of every signed head, oldest first."""
    return [(at, note, bytes(signature)) for at, note, signature in store.rows(_CHECKPOINTS)]


def add_checkpoint(store: Store, id: str, at: str, note: str, signature: bytes) -> None:
    """Keeps a signed head, inside the unit that is open."""
    store.run(_ADD_CHECKPOINT, {"id": id, "at": at, "note": note, "signature": signature})


def differences(store: Store, table: Table, keys: Keys) -> Generator[tuple[str, str], None, None]:
    """(kind, row id) of each live row that is not what the record says.

    ``changed``: differs from its newest entry; ``unlisted``: the record does not know it;
    ``missing``: the record says it lives and it does not; ``gap``: a version is not listed.
    """
    entries = _newest(store, table.name)
    live = record.leaves(table, _live(store, table), keys, lenient=True)
    entry, leaf = next(entries, None), next(live, None)
    while entry is not None or leaf is not None:
        if leaf is None or (entry is not None and entry[0] < leaf[1]):
            assert entry is not None
            if entry[2] is not None:
                yield "missing", entry[0]
            entry = next(entries, None)
        elif entry is None or leaf[1] < entry[0]:
            yield "unlisted", leaf[1]
            leaf = next(live, None)
        else:
            if (leaf[2], leaf[3], leaf[4]) != entry[1:4]:
                yield "changed", leaf[1]
            elif not entry[4]:
                yield "gap", leaf[1]
            entry, leaf = next(entries, None), next(live, None)


def _live(store: Store, table: Table) -> Any:
    return map(table.row._make, store.stream(LIVE[table.name]))


def _newest(store: Store, noun: str) -> Iterator[tuple[str, int, str | None, bytes | None, bool]]:
    """Newest entry of each row: id, version, public, private hash, whether no version is left out."""
    last: tuple[str, int, str | None, bytes | None] | None = None
    count = 0
    for row_id, version, public, private in store.stream(_OF_NOUN, {"noun": noun}):
        if last is not None and last[0] != row_id:
            yield (*last, count == last[1])
            count = 0
        count += 1
        last = (row_id, version, public, None if private is None else bytes(private))
    if last is not None:
        yield (*last, count == last[1])
