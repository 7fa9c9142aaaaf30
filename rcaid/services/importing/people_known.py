"""What is on file about the rows of a file of people: who they are, and what those have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rcaid.db import cases, changes, people
from rcaid.db.tables import Person
from rcaid.services.desk import Desk
from rcaid.services.importing.row_judge import Read
from rcaid.services.shown import account_number, identity_text, opened

NO_SOURCE = "-"


@dataclass
class OnFile:
    """Somebody a row is about: their row, its sealed values, the accounts they have, the changes
    of them that wait as (field, new value), and the names of their guardians."""

    person: Person
    values: dict[str, Any]
    accounts: set[str] = field(default_factory=set)
    waiting: set[tuple[str, str]] = field(default_factory=set)
    guardians: set[str] = field(default_factory=set)


@dataclass
class Known:
    """What is on file about one piece of rows. ``of`` are people by row, ``torn`` rows whose keys
    belong to different people; ``heads`` households by the hash of what names them; ``taken`` how
    often an identity hash is; ``phones`` are (hash, document) that are keys already."""

    of: dict[int, OnFile] = field(default_factory=dict)
    torn: set[int] = field(default_factory=set)
    heads: dict[int, str] = field(default_factory=dict)
    taken: dict[int, int] = field(default_factory=dict)
    phones: set[tuple[int, int]] = field(default_factory=set)


def source_of(read: Read, family: str) -> str:
    """Whose reference a row carries: what the row says, else the family of its profile."""
    return read.values["source"] or family or NO_SOURCE


def reference_of(read: Read, family: str) -> str:
    """The reference of a row under its source, "" where it has none."""
    reference = read.values["reference"]
    return f"{source_of(read, family)}:{reference}" if reference else ""


def household_keys(read: Read, family: str) -> list[str]:
    """What names the household of a row: the number of its head, another system's id for it."""
    keys = []
    if read.values["head"]:
        keys.append(f"head:{read.values['head']}")
    if read.values["household"]:
        keys.append(f"house:{source_of(read, family)}|{read.values['household']}")
    return keys


class Files:
    """Asks the store about rows of people, some thousand at once."""

    def __init__(self, desk: Desk, family: str) -> None:
        self._desk = desk
        self._family = family
        self._hash = desk.keys.hash64

    def look_up(self, reads: Sequence[Read]) -> Known:
        """Who these rows are about, and their households."""
        known = Known()
        by_row: dict[int, set[str]] = {read.row: set() for read in reads}
        self._by_number(reads, by_row, known)
        self._by_reference(reads, by_row)
        self._by_case(reads, by_row)
        found = people.standing(self._desk.store, {id for ids in by_row.values() for id in ids})
        held: dict[str, OnFile] = {}
        for row, ids in by_row.items():
            stand = {found[id].id: found[id] for id in ids if id in found}
            if len(stand) > 1:
                known.torn.add(row)
            for id, person in stand.items():
                known.of[row] = held.setdefault(id, OnFile(person, opened(self._desk, person)))
        self._fill(held, reads)
        self._households(reads, known)
        return known

    def by_id(self, ids: Iterable[str], reads: Sequence[Read]) -> dict[str, OnFile]:
        """People by id, with what they have of what these rows bring."""
        found = people.many(self._desk.store, ids)
        held = {id: OnFile(person, opened(self._desk, person)) for id, person in found.items()}
        self._fill(held, reads)
        return held

    def _by_number(self, reads: Sequence[Read], by_row: dict[int, set[str]], known: Known) -> None:
        hashes: dict[int, list[Read]] = {}
        for read in reads:
            if read.who is not None and read.who.number:
                text = identity_text(read.who.kind, read.who.number)
                hashes.setdefault(self._hash(text), []).append(read)
        owners = people.keys(self._desk.store, people.IDENTITY, hashes)
        rows = people.many(self._desk.store, {o for held in owners.values() for _, o in held})
        numbers = {id: opened(self._desk, person).get("number") for id, person in rows.items()}
        for hash_, held in owners.items():
            known.taken[hash_] = max(n for n, _ in held) + 1
            for read in hashes[hash_]:
                assert read.who is not None
                by_row[read.row] |= {o for _, o in held if numbers.get(o) == read.who.number}

    def _by_reference(self, reads: Sequence[Read], by_row: dict[int, set[str]]) -> None:
        hashes: dict[int, tuple[str, Read]] = {}
        for read in reads:
            if text := reference_of(read, self._family):
                hashes[self._hash(f"reference:{text}")] = (text, read)
        owners = people.keys(self._desk.store, people.REFERENCE, hashes)
        rows = people.many(self._desk.store, {o for held in owners.values() for _, o in held})
        for hash_, held in owners.items():
            text, read = hashes[hash_]
            for _, owner in held:
                if owner in rows and text in opened(self._desk, rows[owner]).get("references", ()):
                    by_row[read.row].add(owner)

    def _by_case(self, reads: Sequence[Read], by_row: dict[int, set[str]]) -> None:
        numbers = {r.values["case_no"].upper(): r.row for r in reads if r.values.get("case_no")}
        for number, person in cases.people_of(self._desk.store, numbers).items():
            by_row[numbers[number]].add(person)

    def _fill(self, by_id: dict[str, OnFile], reads: Sequence[Read]) -> None:
        """Adds guardians, waiting changes and those of the rows' accounts that are theirs."""
        if not by_id:
            return
        store, keys = self._desk.store, self._desk.keys
        hashes = {
            self._hash(f"account:{r.values['account']}") for r in reads if r.values["account"]
        }
        for account in people.accounts_by_hash(store, hashes):
            if account.person_id in by_id:
                by_id[account.person_id].accounts.add(account_number(self._desk, account))
        for relation in people.relations_of_people(store, by_id):
            if relation.kind == "guardian" and relation.sealed is not None:
                values = keys.open("relation", relation.id, bytes(relation.sealed))[1]
                by_id[relation.person_id].guardians.add(values.get("name", ""))
        for change in changes.pending_of_people(store, by_id):
            if change.sealed is not None:
                after = keys.open("change_request", change.id, bytes(change.sealed))[1]["after"]
                value = after["name"] if change.field == "name" else after["number"]
                by_id[change.person_id].waiting.add((change.field, value))

    def _households(self, reads: Sequence[Read], known: Known) -> None:
        store = self._desk.store
        texts = {text for read in reads for text in household_keys(read, self._family)}
        for hash_, held in people.keys(store, people.HEAD, map(self._hash, texts)).items():
            known.heads[hash_] = held[0][1]
        phones = {
            self._hash(f"phone:{read.values[name]}")
            for read in reads
            if read.row in known.of
            for name in ("phone", "other_phone")
            if read.values[name]
        }
        for hash_, owners in people.keys(store, people.PHONE, phones).items():
            known.phones.update((hash_, doc) for doc, _ in owners)
