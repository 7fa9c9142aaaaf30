"""What an import touched, and what rests on it since: the questions an undo asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from rcaid.db.engine import Store, statement
from rcaid.db.people import chunks
from rcaid.db.tables import DUPLICATE_PAIR, DuplicatePair

_EVENT = statement(
    "undo.event", "SELECT log, seq FROM audit_event WHERE object = :batch AND act = :act"
)
_TOUCHED = statement(
    "undo.touched",
    "SELECT noun, row_id, version FROM audit_row WHERE log = :log AND seq = :seq ORDER BY n",
)
_ENTITLED = statement(
    "undo.entitled",
    "SELECT DISTINCT case_id FROM entitlement WHERE case_id IN (:ids)",
    lists=("ids",),
)
_OTHER_LINES = statement(
    "undo.lines_of_people",
    "SELECT person_id, id FROM aid_case WHERE person_id IN (:ids)",
    lists=("ids",),
)
_ACCOUNTS_USED = statement(
    "undo.accounts_used",
    "SELECT account_id FROM aid_case WHERE account_id IN (:ids)"
    " UNION SELECT account_id FROM entitlement WHERE account_id IN (:ids)"
    " UNION SELECT account_id FROM disbursement WHERE account_id IN (:ids)",
    lists=("ids",),
)
_HOUSEHOLDS = statement(
    "undo.households_lived_in",
    "SELECT household_id, id FROM person WHERE household_id IN (:ids)",
    lists=("ids",),
)
_HOUSEHOLDS_NAMED = statement(
    "undo.households_named",
    "SELECT household_id, id FROM aid_case WHERE household_id IN (:ids)",
    lists=("ids",),
)
_SUPPLEMENTED = statement(
    "undo.supplemented",
    "SELECT roster_id FROM aid_case WHERE roster_id IN (:ids)"
    " UNION SELECT supplements FROM roster WHERE supplements IN (:ids)",
    lists=("ids",),
)
_NAMED = statement(
    "undo.people_named",
    "SELECT person_id, id FROM change_request WHERE person_id IN (:ids)"
    " UNION ALL SELECT person_id, id FROM account WHERE person_id IN (:ids)"
    " UNION ALL SELECT person_id, id FROM relation WHERE person_id IN (:ids)"
    " UNION ALL SELECT winner_id, id FROM person_merge WHERE winner_id IN (:ids)"
    " UNION ALL SELECT loser_id, id FROM person_merge WHERE loser_id IN (:ids)"
    " UNION ALL SELECT person_id, id FROM consent WHERE person_id IN (:ids)"
    " UNION ALL SELECT left_id, id FROM duplicate_pair WHERE left_id IN (:ids)"
    " UNION ALL SELECT right_id, id FROM duplicate_pair"
    " WHERE right_id IN (:ids)",
    lists=("ids",),
)
_PAIRS = statement(
    "undo.pairs",
    f"SELECT {DUPLICATE_PAIR.listed} FROM duplicate_pair WHERE id IN (:ids)",
    lists=("ids",),
)
_NEEDED = (
    ("account", "person_id"),
    ("aid_case", "account_id"),
    ("aid_case", "household_id"),
    ("entitlement", "account_id"),
    ("disbursement", "account_id"),
    ("person", "household_id"),
    ("duplicate_pair", "right_id"),
)
"""Columns by which an undo asks who refers to a row, as the engine does for each that is deleted.
Every import would pay for such an index and nothing else asks, so they live as long as an undo."""
_HEADS = statement("undo.heads", "SELECT hash, n, owner_id FROM person_key WHERE kind = 3")
_BEFORE = statement(
    "undo.before",
    "SELECT noun, row_id, sealed FROM import_change WHERE batch_id = :batch ORDER BY noun, row_id",
)
_VERSIONS = statement(
    "undo.versions",
    "SELECT row_id, version, public, private_hash FROM audit_row"
    " WHERE noun = :noun AND row_id IN (:ids) ORDER BY row_id, version",
    lists=("ids",),
)
_OTHER_BEFORE = statement(
    "undo.other_before",
    "SELECT row_id, sealed FROM import_change WHERE batch_id IN"
    " (SELECT id FROM import_batch WHERE id <> :batch) AND noun = 'person' AND row_id IN (:ids)",
    lists=("ids",),
)


@contextmanager
def indexed(store: Store) -> Iterator[None]:
    """Inside the block, which is inside a unit, whoever refers to a row is found quickly."""
    for table, column in _NEEDED:
        store.script(f"CREATE INDEX undo_{table}_{column} ON {table} ({column});")
    yield
    for table, column in _NEEDED:
        store.script(f"DROP INDEX undo_{table}_{column};")


def touched(store: Store, batch_id: str, act: str) -> dict[str, dict[str, int]]:
    """The rows an import changed, by noun: id and the version it left them with."""
    found: dict[str, dict[str, int]] = {}
    for log, seq in store.rows(_EVENT, {"batch": batch_id, "act": act}):
        for noun, row_id, version in store.rows(_TOUCHED, {"log": log, "seq": seq}):
            found.setdefault(noun, {})[row_id] = version
    return found


def entitled(store: Store, case_ids: Iterable[str]) -> set[str]:
    """Those of the lines that something was entitled for."""
    return {case for piece in chunks(case_ids) for (case,) in store.rows(_ENTITLED, {"ids": piece})}


def lines_of_people(store: Store, people: Iterable[str]) -> list[tuple[str, str]]:
    """(person, line) of all lines these people have."""
    return [
        (person, line)
        for piece in chunks(people)
        for person, line in store.rows(_OTHER_LINES, {"ids": piece})
    ]


def accounts_used(store: Store, accounts: Iterable[str]) -> set[str]:
    """Those of the accounts that a line, an entitlement or a payment names."""
    return {
        account
        for piece in chunks(accounts)
        for (account,) in store.rows(_ACCOUNTS_USED, {"ids": piece})
    }


def living_in(store: Store, households: Iterable[str]) -> set[str]:
    """Those of the households that somebody lives in or a line names."""
    return {
        household
        for piece in chunks(households)
        for query in (_HOUSEHOLDS, _HOUSEHOLDS_NAMED)
        for household, _ in store.rows(query, {"ids": piece})
    }


def head_keys(store: Store, households: set[str]) -> list[tuple[int, int, int]]:
    """The keys by which these households are found; a household does not hold its head's number,
    so all such keys are read."""
    return [(3, hash_, n) for hash_, n, owner in store.stream(_HEADS) if owner in households]


def rosters_in_use(store: Store, rosters: Iterable[str]) -> set[str]:
    """Those of the rosters that have a line of any state, or a supplement."""
    return {
        roster
        for piece in chunks(rosters)
        for (roster,) in store.rows(_SUPPLEMENTED, {"ids": piece})
    }


def naming(store: Store, people: Iterable[str]) -> list[tuple[str, str]]:
    """(person, id of the row) for the rows beside their lines that name these people."""
    return [
        (person, row_id)
        for piece in chunks(people)
        for person, row_id in store.rows(_NAMED, {"ids": piece})
    ]


def pairs(store: Store, ids: Iterable[str]) -> list[DuplicatePair]:
    """Pairs of people who may be one, by id."""
    return [
        DuplicatePair(*row) for piece in chunks(ids) for row in store.rows(_PAIRS, {"ids": piece})
    ]


def changed_since(store: Store, noun: str, left: Mapping[str, int]) -> set[str]:
    """Those of the rows that are not what they were at these versions. A row that was changed and
    put back again, as another undo does, is as it was."""
    then: dict[str, tuple[str, bytes]] = {}
    now: dict[str, tuple[str, bytes]] = {}
    for piece in chunks(left):
        for row_id, version, public, private in store.rows(_VERSIONS, {"noun": noun, "ids": piece}):
            now[row_id] = (public, bytes(private or b""))
            if version == left[row_id]:
                then[row_id] = now[row_id]
    return {row_id for row_id in left if now.get(row_id) != then.get(row_id)}


def other_before(store: Store, batch_id: str, people: Iterable[str]) -> list[tuple[str, bytes]]:
    """(id, sealed row) of these people as they stood before other imports changed them."""
    return [
        (row_id, bytes(sealed))
        for piece in chunks(people)
        for row_id, sealed in store.rows(_OTHER_BEFORE, {"batch": batch_id, "ids": piece})
    ]


def before(store: Store, batch_id: str) -> list[tuple[str, str, bytes]]:
    """(noun, id, sealed row) as it stood before the import updated it."""
    return [
        (noun, row_id, bytes(sealed))
        for noun, row_id, sealed in store.rows(_BEFORE, {"batch": batch_id})
    ]
