"""People, their keys, households and accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rcaid.db.engine import Store, one, statement
from rcaid.db.tables import (
    ACCOUNT,
    HOUSEHOLD,
    PERSON,
    RELATION,
    Account,
    Household,
    Person,
    Relation,
)

IDENTITY, PHONE, HEAD, REFERENCE = 1, 2, 3, 4
"""Kinds of keys; a reference is what another system calls somebody, under its own name (BR-091)."""
CHUNK = 500

_KEYS = statement(
    "person_key.many",
    "SELECT hash, n, owner_id FROM person_key WHERE kind = :kind AND hash IN (:hashes)"
    " ORDER BY hash, n",
    lists=("hashes",),
    long=("hashes",),
)
_ANY = statement("person.any", "SELECT 1 FROM person LIMIT 1")
_MANY = statement(
    "person.many",
    f"SELECT {PERSON.listed} FROM person WHERE id IN (:ids)",
    lists=("ids",),
    long=("ids",),
)
_DOCS = statement(
    "person.by_doc",
    f"SELECT {PERSON.listed} FROM person WHERE doc IN (:docs)",
    lists=("docs",),
    long=("docs",),
)
_ACCOUNTS = statement(
    "account.by_hash",
    f"SELECT {ACCOUNT.listed} FROM account WHERE hash IN (:hashes)",
    lists=("hashes",),
    long=("hashes",),
)
_ACCOUNTS_BY_ID = statement(
    "account.many",
    f"SELECT {ACCOUNT.listed} FROM account WHERE id IN (:ids)",
    lists=("ids",),
    long=("ids",),
)
_RELATIONS = statement(
    "relation.of_person", f"SELECT {RELATION.listed} FROM relation WHERE person_id = :person"
)
_RELATIONS_OF_PEOPLE = statement(
    "relation.of_people",
    f"SELECT {RELATION.listed} FROM relation WHERE person_id IN (:people) ORDER BY id",
    lists=("people",),
)
_RELATIONS_BY_ID = statement(
    "relation.many",
    f"SELECT {RELATION.listed} FROM relation WHERE id IN (:ids)",
    lists=("ids",),
    long=("ids",),
)
_HOUSEHOLDS = statement(
    "household.many",
    f"SELECT {HOUSEHOLD.listed} FROM household WHERE id IN (:ids)",
    lists=("ids",),
    long=("ids",),
)
_HOUSEHOLD = statement(
    "person.of_household",
    f"SELECT {PERSON.listed} FROM person WHERE household_id = :household ORDER BY born",
)
_PAGE = statement(
    "person.page",
    f"SELECT {PERSON.listed} FROM person WHERE office_id IN (:offices) AND id > :after"
    " ORDER BY id LIMIT :limit",
    lists=("offices",),
)


def chunks(values: Iterable[object], size: int = CHUNK) -> Iterator[list[object]]:
    """The values in pieces small enough for one statement."""
    piece: list[object] = []
    for each in values:
        piece.append(each)
        if len(piece) == size:
            yield piece
            piece = []
    if piece:
        yield piece


def anybody(store: Store) -> bool:
    """Whether anybody is on file."""
    return one(store, _ANY) is not None


def keys(store: Store, kind: int, hashes: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """For each hash that is taken, the (n, owner id) that hold it."""
    found: dict[int, list[tuple[int, str]]] = {}
    for piece in chunks(hashes):
        for hash_, n, owner in store.rows(_KEYS, {"kind": kind, "hashes": piece}):
            found.setdefault(hash_, []).append((n, owner))
    return found


def many(store: Store, ids: Iterable[str]) -> dict[str, Person]:
    """People by id."""
    found: dict[str, Person] = {}
    for piece in chunks(ids):
        for row in store.rows(_MANY, {"ids": piece}):
            found[row[0]] = Person(*row)
    return found


def standing(store: Store, ids: Iterable[str]) -> dict[str, Person]:
    """People by id; for who was merged, the one they were merged into (BR-010)."""
    found = many(store, ids)
    won = many(store, {p.merged_into for p in found.values() if p.merged_into})
    return {id: won.get(person.merged_into or "", person) for id, person in found.items()}


def by_docs(store: Store, docs: Sequence[int]) -> list[Person]:
    """People by document number."""
    return [Person(*row) for piece in chunks(docs) for row in store.rows(_DOCS, {"docs": piece})]


def accounts_by_hash(store: Store, hashes: Iterable[int]) -> list[Account]:
    """Accounts whose number has one of these hashes."""
    return [
        Account(*row)
        for piece in chunks(hashes)
        for row in store.rows(_ACCOUNTS, {"hashes": piece})
    ]


def accounts(store: Store, ids: Iterable[str]) -> dict[str, Account]:
    """Accounts by id."""
    found: dict[str, Account] = {}
    for piece in chunks(ids):
        for row in store.rows(_ACCOUNTS_BY_ID, {"ids": piece}):
            found[row[0]] = Account(*row)
    return found


def relations(store: Store, person_id: str) -> list[Relation]:
    """Guardians and kin of a person."""
    return [Relation(*row) for row in store.rows(_RELATIONS, {"person": person_id})]


def household(store: Store, household_id: str) -> list[Person]:
    """Everybody on file who lives in a household, oldest first."""
    return [Person(*row) for row in store.rows(_HOUSEHOLD, {"household": household_id})]


def page(store: Store, offices: Sequence[str], after: str, limit: int) -> list[Person]:
    """People of these offices by id, after a key."""
    params = {"offices": offices, "after": after, "limit": limit}
    return [Person(*row) for row in store.rows(_PAGE, params)]


def relations_of_people(store: Store, people: Iterable[str]) -> list[Relation]:
    """Relations of many people."""
    return [
        Relation(*row)
        for piece in chunks(people)
        for row in store.rows(_RELATIONS_OF_PEOPLE, {"people": piece})
    ]


def relations_by_id(store: Store, ids: Iterable[str]) -> list[Relation]:
    """Relations by id."""
    return [
        Relation(*row)
        for piece in chunks(ids)
        for row in store.rows(_RELATIONS_BY_ID, {"ids": piece})
    ]


def households_by_id(store: Store, ids: Iterable[str]) -> list[Household]:
    """Households by id."""
    return [
        Household(*row) for piece in chunks(ids) for row in store.rows(_HOUSEHOLDS, {"ids": piece})
    ]
