"""What an import touched, and what rests on it since: the questions an undo asks."""

from __future__ import annotations

from collections.abc import Iterable

from rcaid.db.engine import Store, statement
from rcaid.db.people import chunks

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
_HEADS = statement("undo.heads", "SELECT hash, n, owner_id FROM person_key WHERE kind = 3")
_BEFORE = statement(
    "undo.before",
    "SELECT noun, row_id, sealed FROM import_change WHERE batch_id = :batch ORDER BY noun, row_id",
)


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


def before(store: Store, batch_id: str) -> list[tuple[str, str, bytes]]:
    """(noun, id, sealed row) as it stood before the import updated it."""
    return [
        (noun, row_id, bytes(sealed))
        for noun, row_id, sealed in store.rows(_BEFORE, {"batch": batch_id})
    ]
