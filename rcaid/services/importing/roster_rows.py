"""From decided lines of a roster to rows of the store: sealed, hashed, with the record's leaves.

What is decided comes in pieces of some thousand lines, and each step goes over a whole piece: to
call, line by line, what is done to every line would cost more than the doing. Nothing here reads
the store, so that another process can do it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256, shake_256
from operator import add, attrgetter
from typing import Any
from unicodedata import is_normalized, normalize

import msgspec

from rcaid.db.keys import SALT, Keys
from rcaid.db.record import Leaf, leaf_maker, whole
from rcaid.db.search import LAST
from rcaid.db.tables import PERSON, RELATION, Person, Relation
from rcaid.domain.readings import tokens
from rcaid.domain.record import Tree, canonical, leaf_hash, new_row_leaves, row_leaf
from rcaid.services.importing.plan_file import Maker

_CHANCE = SALT + 12
_encode = msgspec.json.Encoder().encode
_PERSON_LEAF, _RELATION_LEAF = leaf_maker(PERSON), leaf_maker(RELATION)
_SHOWN = attrgetter(
    "id", "doc", "office", "household", "name", "sex", "born", "id_kind", "number_hash", "number_n"
)


class NewPerson(msgspec.Struct, array_like=True, gc=False):
    """A person who is not on file yet. ``number15``, ``phone``, ``address`` and ``raw_name`` are
    None where there is nothing to keep, ``number_hash`` where there is no number; ``place`` are the
    search tokens of where they live."""

    id: str
    doc: int
    office: str
    household: str
    name: str
    sex: str | None
    born: str | None
    id_kind: str
    number_hash: int | None
    number_n: int
    number: str
    number15: str | None
    phone: str | None
    address: str | None
    raw_name: str | None
    place: str


class Changed(msgspec.Struct, array_like=True, gc=False):
    """A person on file with new facts: the row as it was, the row as it becomes but for what is
    sealed, and the values to seal."""

    before: list[Any]
    after: list[Any]
    values: dict[str, Any]


class Decided(msgspec.Struct, array_like=True, gc=False):
    """What one piece of a file comes to, before anything is sealed or hashed.

    ``homes``: id, office. ``accounts``: id, person, office, bank, number, holder. ``cases``: id,
    number, roster, office, person, household, category, hardship, its end, fen, item, qty, account,
    row. ``guardians``: id, person, office, name, relation. ``keys`` and ``search`` come on top of
    those of new people. ``outcome``: row, word and object of lines that make no case.
    """

    homes: list[tuple[str, str]] = []
    people: list[NewPerson] = []
    accounts: list[tuple[str, str, str, str | None, str, str]] = []
    cases: list[tuple[Any, ...]] = []
    guardians: list[tuple[str, str, str, str, str]] = []
    changed: list[Changed] = []
    keys: list[tuple[int, int, int, str]] = []
    search: list[tuple[int, str]] = []
    outcome: list[tuple[int, str, str]] = []


class _Sealed(msgspec.Struct, omit_defaults=True, gc=False):
    """A person's sealed values, in the order the record has them."""

    address: str | None = None
    number: str | None = None
    number15: str | None = None
    phone: str | None = None
    raw_name: str | None = None


class _Hidden(msgspec.Struct, omit_defaults=True, gc=False):
    """All of a person that stands under the private hash, in the order the record has it."""

    address: str | None = None
    born: str | None = None
    doc: str | int | None = None
    id_kind: str | None = None
    name: str | None = None
    number: str | None = None
    number15: str | None = None
    phone: str | None = None
    raw_name: str | None = None
    sex: str | None = None


class _HiddenAccount(msgspec.Struct, omit_defaults=True, gc=False):
    """The same of an account; holder and number are what is sealed of it."""

    bank: str | None = None
    hash: str | int | None = None
    holder: str | None = None
    number: str | None = None


class RosterRows:
    """Makes the rows of one plan, piece after piece, and keeps the tree over their leaves.

    ``seed`` is 32 bytes nobody can guess: salts and nonces are drawn from it, so that a demo's
    plan is the same wherever it is worked out.
    """

    def __init__(self, keys: Keys, seed: bytes, cycle_id: str) -> None:
        self._keys = keys
        self._cycle_id = cycle_id
        self._seed = seed
        self._draws = 0
        self._case_facts: dict[tuple[Any, ...], str] = {}
        self.tree = Tree()

    def makers(self) -> dict[str, Maker]:
        """How a plan's parts are made: its pieces, and after the last of them the tree."""
        return {
            "piece": Maker(self.piece, Decided),
            "tree": Maker(lambda _: [self.tree.roots, self.tree.rest], None),
        }

    def piece(self, decided: Decided) -> dict[str, Any]:
        """The rows of a piece: whole columns of what is new, rows of what is rare."""
        return {
            "household": self._homes(decided.homes),
            "person": self._people(decided.people),
            "account": self._accounts(decided.accounts),
            "aid_case": self._cases(decided.cases),
            **self._rare(decided),
            "new_search": [
                [p.doc for p in decided.people],
                [search_text(p.name, p.number, p.phone or "", p.place) for p in decided.people],
            ],
            "keys": decided.keys,
            "search": decided.search,
            "outcome": decided.outcome,
        }

    # --- new rows, by columns

    def _homes(self, homes: list[tuple[str, str]]) -> list[Any]:
        first = self.tree.size
        ids, offices = _columns(homes, 2)
        public = [f'{{"office_id":"{office}"}}' for office in offices]
        self.tree.extend(new_row_leaves("household", first, ids, public))
        return [first, ids, offices]

    def private(self, people: Sequence[Any]) -> tuple[list[bytes], list[bytes]]:
        """What of each person stands under the private hash, and what is sealed."""
        hidden = [
            _encode(_Hidden(
                p.address, p.born, whole(p.doc), p.id_kind, p.name, p.number, p.number15, p.phone,
                p.raw_name, p.sex,
            ))
            for p in people
        ]  # fmt: skip
        values = [
            _encode(_Sealed(p.address, p.number, p.number15, p.phone, p.raw_name)) for p in people
        ]
        return hidden, values

    def _people(self, people: list[NewPerson]) -> list[Any]:
        hidden, values = self.private(people)
        public = [
            f'{{"household_id":"{p.household}","office_id":"{p.office}","state":"live"}}'
            for p in people
        ]
        shown = _columns(map(_SHOWN, people), 10)
        first, sealed, digests = self._hide("person", shown[0], public, hidden, values)
        hashed = self._keys.hash64
        phones = [hashed(f"phone:{p.phone}") if p.phone else None for p in people]
        return [first, *shown[:8], sealed, digests, *shown[8:], phones]

    def _accounts(self, accounts: list[tuple[str, str, str, str | None, str, str]]) -> list[Any]:
        ids, owners, offices, banks, numbers, holders = _columns(accounts, 6)
        hashed = self._keys.hash64
        hashes = [hashed(f"account:{number}") for number in numbers]
        hidden = [
            _encode(_HiddenAccount(bank, whole(hash_), holder, number))
            for bank, hash_, holder, number in zip(banks, hashes, holders, numbers, strict=True)
        ]
        values = [
            _encode(_HiddenAccount(None, None, holder, number))
            for holder, number in zip(holders, numbers, strict=True)
        ]
        public = [
            f'{{"office_id":"{office}","person_id":"{owner}"}}'
            for office, owner in zip(offices, owners, strict=True)
        ]
        first, sealed, digests = self._hide("account", ids, public, hidden, values)
        return [first, ids, owners, offices, hashes, banks, sealed, digests]

    def _cases(self, cases: list[tuple[Any, ...]]) -> list[Any]:
        columns = _columns(cases, 14)
        facts = map(self._facts, zip(*columns[6:9], strict=True))
        hidden = [
            f'{known}"household_id":"{home}"}}'.encode()
            for known, home in zip(facts, columns[5], strict=True)
        ]
        public = list(map(self._case_public, cases))
        values = [b"{}"] * len(cases)
        first, sealed, digests = self._hide("aid_case", columns[0], public, hidden, values)
        return [first, *columns[:13], sealed, digests, columns[13]]

    def _facts(self, known: tuple[Any, ...]) -> str:
        """The beginning of what is hidden of a line: the same few facts come again and again."""
        text = self._case_facts.get(known)
        if text is None:
            names = ("category", "hardship", "hardship_until")
            text = canonical(dict(zip(names, known, strict=True))).decode()[:-1] + ","
            self._case_facts[known] = text
        return text

    def _case_public(self, case: tuple[Any, ...]) -> str:
        _, number, roster, office, person, _, _, _, _, fen, item, qty, account, _ = case
        paid_to = f'"account_id":"{account}",' if account else ""
        what = f'"fen":{fen},' if fen else ""
        if item:
            what += f'"item_id":"{item}",'
        how_many = f'"qty":{qty},' if qty else ""
        return (
            f'{{{paid_to}"case_no":"{number}","cycle_id":"{self._cycle_id}",{what}"lane":"B",'
            f'"office_id":"{office}","person_id":"{person}",{how_many}"roster_id":"{roster}",'
            '"state":"listed"}'
        )

    def _hide(
        self, noun: str, ids: list[str], public: list[str], hidden: list[bytes],
        values: list[bytes],
    ) -> tuple[int, list[bytes], list[bytes]]:  # fmt: skip
        """Number of the first row, sealed values and private hashes; adds the leaves."""
        hidden, values = _composed(hidden), _composed(values)
        salts, nonces = self._chance(len(ids))
        sealed = self._keys.seal_many(noun, ids, salts, nonces, values)
        digests = [sha256(both).digest() for both in map(add, salts, hidden)]
        first = self.tree.size
        self.tree.extend(new_row_leaves(noun, first, ids, public, digests))
        return first, sealed, digests

    def _chance(self, rows: int) -> tuple[list[bytes], list[bytes]]:
        """A salt and a nonce for each of some rows."""
        self._draws += 1
        block = shake_256(self._seed + self._draws.to_bytes(8, "big")).digest(rows * _CHANCE)
        starts = range(0, rows * _CHANCE, _CHANCE)
        return [block[at : at + SALT] for at in starts], [
            block[at + SALT : at + _CHANCE] for at in starts
        ]

    # --- what is rare, row by row

    def _rare(self, decided: Decided) -> dict[str, Any]:
        """Guardians and changed people: rows, what stood before, and entries of the record."""
        relations = [self._guardian(each) for each in decided.guardians]
        changed = [self._changed(each) for each in decided.changed]
        leaves = [leaf for _, leaf in relations] + [leaf for _, _, leaf in changed]
        return {
            "relation": [row for row, _ in relations],
            "person_update": [row for row, _, _ in changed],
            "before": [("person", row.id, before) for row, before, _ in changed],
            "leaves": [self._numbered(leaf) for leaf in leaves],
        }

    def _guardian(self, guardian: tuple[str, str, str, str, str]) -> tuple[Relation, Leaf]:
        row_id, person, office, name, relation = guardian
        values = {"name": name, "relation": relation}
        (salt,), (nonce,) = self._chance(1)
        sealed = self._keys.seal("relation", row_id, salt, values, nonce)
        row = Relation(row_id, person, "guardian", office, None, sealed, 1)
        return row, _RELATION_LEAF(row, salt, values)

    def _changed(self, changed: Changed) -> tuple[Person, bytes, Leaf]:
        after = Person(*changed.after)
        (salt, _), (nonce, other) = self._chance(2)
        sealed = self._keys.seal("person", after.id, salt, changed.values, nonce)
        row = after._replace(sealed=sealed)
        packed = msgspec.msgpack.encode(changed.before)
        before = self._keys.encrypt(f"before|{row.id}", packed, other)
        return row, before, _PERSON_LEAF(row, salt, changed.values)

    def _numbered(self, leaf: Leaf) -> tuple[Any, ...]:
        """A leaf with its number, added to the tree."""
        noun, row_id, version, public, private = leaf
        n = self.tree.size
        line = row_leaf(n, noun, row_id, version, public, private.hex() if private else None)
        self.tree.extend([leaf_hash(line)])
        return (n, *leaf)


def _columns(rows: Iterable[Any], width: int) -> list[Any]:
    """Rows as columns; empty columns where there are no rows."""
    return list(map(list, zip(*rows, strict=True))) or [[] for _ in range(width)]


def _composed(texts: list[bytes]) -> list[bytes]:
    """JSON as the record writes it, in NFC, which nearly all of it is already."""
    joined = b"\n".join(texts)
    if joined.isascii() or is_normalized("NFC", joined.decode()):
        return texts
    return [normalize("NFC", text.decode()).encode() for text in texts]


def search_text(name: str, number: str, phone: str, place: str) -> str:
    """All a person is found by: name, readings, last four of number and phone, and the place."""
    ends = [text[-LAST:].casefold() for text in (number, phone) if len(text) >= LAST]
    return " ".join((*tokens(name), *ends, place))
