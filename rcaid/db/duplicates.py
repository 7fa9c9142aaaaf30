"""People who may be one: the exact look-ups that find them, the queue, and who was merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, one, statement, value
from rcaid.db.people import chunks
from rcaid.db.tables import (
    DUPLICATE_PAIR,
    PERSON_MERGE,
    DuplicatePair,
    PersonMerge,
)

_LISTED = DUPLICATE_PAIR.listed
# Both expressions are those of an index; the second holds for the few without a resident's number.
_STREET = statement(
    "duplicate.by_street_and_birth",
    "SELECT office_id || born, id, name FROM person WHERE office_id || born IN (:keys)",
    lists=("keys",),
    long=("keys",),
)
_ALIKE = statement(
    "duplicate.by_birth_and_name",
    "SELECT born || name, id, name FROM person WHERE born || name IN (:keys)"
    " AND id_kind <> 'RESIDENT_ID'",
    lists=("keys",),
    long=("keys",),
)
_OTHERS = statement(
    "duplicate.others",
    "SELECT 1 FROM person WHERE born || name > '' AND id_kind <> 'RESIDENT_ID' LIMIT 1",
)
_KNOWN = statement(
    "duplicate.known",
    f"SELECT {_LISTED} FROM duplicate_pair WHERE left_id IN (:people) AND row_key IN (:keys)",
    lists=("people", "keys"),
)
_BY_ID = statement("duplicate.by_id", f"SELECT {_LISTED} FROM duplicate_pair WHERE id = :id")
_OPEN = statement(
    "duplicate.of_offices",
    f"SELECT {_LISTED} FROM duplicate_pair WHERE office_id IN (:offices)"
    " AND state IN (:states) ORDER BY score DESC, id",
    lists=("offices", "states"),
)
_COUNT = statement(
    "duplicate.count_open",
    "SELECT count(*) FROM duplicate_pair WHERE office_id IN (:offices) AND state = 'open'",
    lists=("offices",),
)
_TO_MERGE = statement(
    "duplicate.to_merge",
    "SELECT count(*) FROM duplicate_pair d JOIN person a ON a.id = d.left_id"
    " JOIN person b ON b.id = d.right_id WHERE d.office_id IN (:offices) AND d.state = 'same'"
    " AND a.state = 'live' AND b.state = 'live'",
    lists=("offices",),
)
_OF_PEOPLE = statement(
    "duplicate.of_people",
    f"SELECT {_LISTED} FROM duplicate_pair WHERE left_id IN (:ids)"
    f" UNION SELECT {_LISTED} FROM duplicate_pair WHERE right_id IN (:ids) ORDER BY id",
    lists=("ids",),
)
_MADE = statement(
    "duplicate.made_of_rows",
    "SELECT i.row_no, COALESCE(c.person_id, i.object_id) FROM import_row i"
    " LEFT JOIN aid_case c ON c.id = i.object_id"
    " WHERE i.batch_id = :batch AND i.row_no IN (:rows) AND i.object_id IS NOT NULL",
    lists=("rows",),
)
_LOSERS = statement(
    "merge.losers",
    "SELECT loser_id, winner_id FROM person_merge WHERE winner_id IN (:ids) AND state = 'merged'",
    lists=("ids",),
    long=("ids",),
)
_WINNERS = statement(
    "merge.winners",
    "SELECT loser_id, winner_id FROM person_merge WHERE loser_id IN (:ids) AND state = 'merged'",
    lists=("ids",),
)
_MERGE = statement("merge.by_id", f"SELECT {PERSON_MERGE.listed} FROM person_merge WHERE id = :id")
_STANDING = statement(
    "merge.of_person",
    f"SELECT {PERSON_MERGE.listed} FROM person_merge WHERE state = 'merged'"
    " AND (winner_id = :person OR loser_id = :person) ORDER BY id",
)
_PAID_SINCE = statement(
    "merge.paid_since",
    "SELECT d.voucher FROM aid_case c JOIN entitlement e ON e.case_id = c.id"
    " JOIN disbursement d ON d.entitlement_id = e.id WHERE c.person_id IN (:people)"
    " AND d.state <> 'cancelled' AND (d.id > :merge OR d.done_on > :day) ORDER BY d.voucher",
    lists=("people",),
)
_MERGES = statement(
    "merge.of_offices",
    f"SELECT {PERSON_MERGE.listed} FROM person_merge WHERE state = 'merged'"
    " AND office_id IN (:offices) ORDER BY id DESC LIMIT :most",
    lists=("offices",),
)
_HASHES = statement(
    "duplicate.account_hashes",
    "SELECT person_id, hash FROM account WHERE office_id IN (:offices) ORDER BY id",
    lists=("offices",),
)
WAIT = ("open", "later", "same")
"""States in which something is still to be decided: put off, or said to be one and not merged."""


class Near(NamedTuple):
    """Somebody on file who was found by a key."""

    key: str
    person_id: str
    name: str | None


def by_street_and_birth(store: Store, keys: Iterable[str]) -> list[Near]:
    """People by the id of their street followed by their birth date."""
    return [Near(*row) for piece in chunks(keys) for row in store.rows(_STREET, {"keys": piece})]


def by_birth_and_name(store: Store, keys: Iterable[str]) -> list[Near]:
    """People without a resident's number by their birth date followed by their name."""
    return [Near(*row) for piece in chunks(keys) for row in store.rows(_ALIKE, {"keys": piece})]


def others(store: Store) -> bool:
    """Whether anybody on file has a name and a birth date and no resident's number."""
    return one(store, _OTHERS) is not None


def known(store: Store, people: Iterable[str], keys: Iterable[str]) -> list[DuplicatePair]:
    """Pairs that were asked before, of these people with rows of these keys."""
    wanted = list(keys)
    return [
        DuplicatePair(*row)
        for piece in chunks(people)
        for some in chunks(wanted)
        for row in store.rows(_KNOWN, {"people": piece, "keys": some})
    ]


def by_id(store: Store, pair_id: str) -> DuplicatePair | None:
    """One pair."""
    found = one(store, _BY_ID, {"id": pair_id})
    return DuplicatePair(*found) if found else None


def of_offices(store: Store, offices: Sequence[str], states: Sequence[str]) -> list[DuplicatePair]:
    """Pairs of these offices in these states, the likeliest first."""
    params = {"offices": offices, "states": states}
    return [DuplicatePair(*row) for row in store.rows(_OPEN, params)]


def count_open(store: Store, offices: Sequence[str]) -> int:
    """How many pairs of these offices nobody has decided."""
    return int(value(store, _COUNT, {"offices": offices}))


def count_to_merge(store: Store, offices: Sequence[str]) -> int:
    """How many pairs of people were said to be one and are not merged."""
    return int(value(store, _TO_MERGE, {"offices": offices}))


def of_people(store: Store, ids: Iterable[str]) -> list[DuplicatePair]:
    """All pairs that name one of these people."""
    return [
        DuplicatePair(*row)
        for piece in chunks(ids)
        for row in store.rows(_OF_PEOPLE, {"ids": piece})
    ]


def account_hashes(store: Store, offices: Sequence[str]) -> dict[str, str]:
    """The hash of the newest account of each person of these offices, as text."""
    return {owner: str(hash_) for owner, hash_ in store.stream(_HASHES, {"offices": offices})}


def made_of_rows(store: Store, batch_id: str, rows: Iterable[int]) -> dict[int, str]:
    """The person that each of these rows of a batch became."""
    return {
        row: person
        for piece in chunks(rows)
        for row, person in store.rows(_MADE, {"batch": batch_id, "rows": piece})
    }


def losers(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """Who was merged into one of these people: loser to winner."""
    return {
        loser: winner
        for piece in chunks(ids)
        for loser, winner in store.rows(_LOSERS, {"ids": piece})
    }


def winners(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """Those of these people who were merged: loser to winner."""
    return {
        loser: winner
        for piece in chunks(ids)
        for loser, winner in store.rows(_WINNERS, {"ids": piece})
    }


def together(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """Everybody who was merged with one of these people, and by whom they are represented: losers
    to winner. Who was never merged is not named."""
    asked = list(ids)
    up = winners(store, asked)
    return {**up, **losers(store, [*asked, *up.values()])}


def merge_by_id(store: Store, merge_id: str) -> PersonMerge | None:
    """One merge."""
    found = one(store, _MERGE, {"id": merge_id})
    return PersonMerge(*found) if found else None


def merges_of(store: Store, person_id: str) -> list[PersonMerge]:
    """The standing merges that a person won or lost, the oldest first."""
    return [PersonMerge(*row) for row in store.rows(_STANDING, {"person": person_id})]


def merges(store: Store, offices: Sequence[str], most: int) -> list[PersonMerge]:
    """The standing merges of these offices, the newest first."""
    params = {"offices": offices, "most": most}
    return [PersonMerge(*row) for row in store.rows(_MERGES, params)]


def paid_since(store: Store, people: Sequence[str], merge: PersonMerge) -> list[str]:
    """Vouchers of what was made ready for these people, or reached them, after a merge."""
    params = {"people": people, "merge": merge.id, "day": merge.merged_on}
    return [voucher for (voucher,) in store.rows(_PAID_SINCE, params)]
