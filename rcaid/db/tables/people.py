"""People, households, who belongs with whom, accounts, and changes that wait."""

from __future__ import annotations

from typing import NamedTuple

from rcaid.db.tables.base import table


class Household(NamedTuple):
    id: str
    office_id: str
    version: int


class Person(NamedTuple):
    id: str
    doc: int
    office_id: str
    household_id: str
    state: str
    name: str | None
    sex: str | None
    born: str | None
    id_kind: str | None
    died_on: str | None
    merged_into: str | None
    sealed: bytes | None
    version: int


class Relation(NamedTuple):
    id: str
    person_id: str
    kind: str
    office_id: str
    other_id: str | None
    sealed: bytes | None
    version: int


class Account(NamedTuple):
    id: str
    person_id: str
    office_id: str
    hash: int
    bank: str | None
    sealed: bytes | None
    version: int


class ChangeRequest(NamedTuple):
    id: str
    person_id: str
    office_id: str
    field: str
    state: str
    reason: str
    batch_id: str | None
    asked_by: str
    decided_by: str | None
    sealed: bytes | None
    version: int


class DuplicatePair(NamedTuple):
    id: str
    office_id: str
    left_id: str
    right_id: str | None
    batch_id: str | None
    row_no: int | None
    row_key: str
    score: int
    band: str
    parts: str
    state: str
    decided_by: str | None
    decided_on: str | None
    version: int
    sealed: bytes | None = None


class PersonMerge(NamedTuple):
    id: str
    office_id: str
    winner_id: str
    loser_id: str
    state: str
    decided_by: str
    merged_on: str
    version: int


HOUSEHOLD = table("household", Household)
PERSON = table("person", Person, "name", "sex", "born", "id_kind", "died_on", "doc")
RELATION = table("relation", Relation)
ACCOUNT = table("account", Account, "hash", "bank")
CHANGE_REQUEST = table("change_request", ChangeRequest, "reason")
DUPLICATE_PAIR = table("duplicate_pair", DuplicatePair, "parts", "row_key")
PERSON_MERGE = table("person_merge", PersonMerge)
