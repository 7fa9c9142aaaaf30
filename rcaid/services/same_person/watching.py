"""New rows held against who is on file and against the rows before them (BR-009).

Exact look-ups find who to compare: phone, account, birth date with street, birth date with name.
They go out for some thousand rows at once. What is found is scored part by part; nothing is merged
by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from rcaid.db import duplicates as rows
from rcaid.db import people
from rcaid.db.tables import Person
from rcaid.domain import duplicate_names, duplicates, identity
from rcaid.domain.duplicates import LARGEST, Record, Score
from rcaid.domain.names import DOT
from rcaid.services.desk import Desk
from rcaid.services.importing.plans import Pair
from rcaid.services.shown import account_number, opened, shown_name

KEPT = 50_000
"""New rows of a file that are remembered whole; between this and twice as many are compared with
a later one, so that a file of millions does not fill the memory."""
MOST = 5
"""Pairs of one row that are shown, the likeliest first."""
ASKED = (duplicates.SAME, duplicates.NEAR, duplicates.MAYBE)
HOLDING = (duplicates.SAME, duplicates.NEAR)
"""Bands in which a row waits until somebody decides."""
_WHOLE = 10  # characters of a birth date
_UNLIKE = ("", "name_other", "name_half")


class Newcomer(NamedTuple):
    """A row that holds by itself and whose number nobody on file has.

    ``birth`` ISO or "", ``number`` and ``phone`` and ``account`` in their stored form or "",
    ``street`` the id of an office, ``household`` the id of one on file or any text that the rows
    of one household share.
    """

    row: int
    name: str
    birth: str
    sex: str
    number: str
    phone: str
    account: str
    street: str
    address: str
    household: str


class Side(NamedTuple):
    """Somebody on file as they are compared and shown."""

    person: Person
    record: Record


def row_key(desk: Desk, row: Newcomer) -> str:
    """A keyed hash of what identifies a row, the same whenever the row comes in again."""
    name = row.name.replace(DOT, "").replace(" ", "").casefold()
    who = row.number or f"{row.phone}|{row.street}"
    return str(desk.keys.hash64(f"row:{name}|{row.birth}|{who}"))


def record_of(desk: Desk, person: Person, account: str = "") -> Record:
    """Somebody on file as the score compares them; ``account`` is the number of one of theirs."""
    values = opened(desk, person)
    return Record(
        person.name or "", person.born or "", person.sex or "", str(values.get("number", "")),
        str(values.get("phone", "")), account, _street(desk, person.office_id),
        str(values.get("address", "")), person.household_id,
    )  # fmt: skip


def _street(desk: Desk, office_id: str) -> str:
    """The code of a street; "" for a district, where people are who came without one: that two of
    them are of one district says nothing."""
    office = desk.offices.by_id.get(office_id)
    return office.code if office and office.level == "street" else ""


def masked(desk: Desk, record: Record, name: str) -> dict[str, str]:
    """What may be seen of a record, by field; ``name`` as this person may see it."""
    place = desk.offices.by_code.get(record.street)
    return {
        "name": name,
        "birth": record.birth,
        "sex": record.sex,
        "number": identity.mask_number(record.number),
        "phone": identity.mask_phone(record.phone),
        "account": identity.mask_account(record.account),
        "street": desk.offices.path(place.id) if place else record.street,
        "address": "****" if record.address else "",
    }


class Watch:
    """Looks for the people a file's new rows may be, piece by piece.

    ``same`` names, for each row that somebody has said is a person on file, that person.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._fresh = not people.anybody(desk.store)
        self._others = not self._fresh and rows.others(desk.store)
        self._file = _File()
        self.same: dict[int, str] = {}

    def look(self, piece: Sequence[Newcomer]) -> list[Pair]:
        """The pairs of these rows, in the order of the rows, the likeliest first. What was decided
        before is not asked again: "different" makes no pair, "same" goes into ``same``."""
        if not piece:
            return []
        found = self._on_file(piece) if not self._fresh else []
        found = self._undecided(piece, found)
        found += [p for p in self._file.look(self._desk, piece) if p.row not in self.same]
        found.sort(key=lambda pair: (pair.row, -pair.score, pair.person_id, pair.other_row))
        return _likeliest(found)

    def _on_file(self, piece: Sequence[Newcomer]) -> list[Pair]:
        accounts: dict[tuple[int, str], str] = {}
        hits = self._hits(piece, accounts)
        if not hits:
            return []
        wanted = {person for found in hits.values() for person in found}
        sides = self._sides(wanted)
        pairs = []
        for at, found in sorted(hits.items()):
            row = piece[at]
            mine = _record(self._desk, row)
            seen = set()
            for person_id in sorted(found):
                side = sides.get(person_id)
                if side is None or side.person.id in seen:
                    continue
                seen.add(side.person.id)
                held = accounts.get((at, person_id), "")
                theirs = side.record._replace(account=held)
                judged = duplicates.score(mine, theirs)
                if judged.band in ASKED:
                    name = shown_name(self._desk, side.person)
                    pairs.append(
                        _pair(self._desk, row, mine, theirs, name, judged, side.person.id, 0)
                    )
        return pairs

    def _hits(
        self, piece: Sequence[Newcomer], accounts: dict[tuple[int, str], str]
    ) -> dict[int, set[str]]:
        """For each row, by its place in the piece, the ids of people on file to compare it with."""
        hits: dict[int, set[str]] = defaultdict(set)
        self._by_phone(piece, hits)
        self._by_account(piece, hits, accounts)
        store = self._desk.store
        streets = [f"{row.street}{row.birth}" if _born(row) else "" for row in piece]
        for at, near in _meeting(streets, rows.by_street_and_birth(store, set(streets))):
            if duplicate_names.compare(piece[at].name, near.name or "") not in _UNLIKE:
                hits[at].add(near.person_id)
        if self._others:
            named = [f"{row.birth}{row.name}" if _born(row) else "" for row in piece]
            for at, near in _meeting(named, rows.by_birth_and_name(store, set(named))):
                hits[at].add(near.person_id)
        return hits

    def _by_phone(self, piece: Sequence[Newcomer], hits: dict[int, set[str]]) -> None:
        hashed = self._desk.keys.hash64
        phones = [hashed(f"phone:{row.phone}") if row.phone else 0 for row in piece]
        held = people.keys(self._desk.store, people.PHONE, set(phones))
        for key, places in _places(phones, held).items():
            if len(held[key]) <= LARGEST and len(places) <= LARGEST:
                for at in places:
                    hits[at].update(owner for _, owner in held[key])

    def _by_account(
        self,
        piece: Sequence[Newcomer],
        hits: dict[int, set[str]],
        accounts: dict[tuple[int, str], str],
    ) -> None:
        hashed = self._desk.keys.hash64
        numbers = [hashed(f"account:{row.account}") if row.account else 0 for row in piece]
        held: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for account in people.accounts_by_hash(self._desk.store, set(numbers)):
            number = account_number(self._desk, account)
            held[account.hash].append((account.person_id, number))
        for key, places in _places(numbers, held).items():
            if len(held[key]) > LARGEST or len(places) > LARGEST:
                continue
            for at in places:
                for person_id, number in held[key]:
                    if number == piece[at].account:
                        hits[at].add(person_id)
                        accounts[at, person_id] = number

    def _sides(self, wanted: Iterable[str]) -> dict[str, Side]:
        """People by id; who was merged stands for their winner."""
        found = people.many(self._desk.store, wanted)
        lost = {p.id: p.merged_into for p in found.values() if p.state == "merged"}
        won = people.many(self._desk.store, [id for id in lost.values() if id])
        sides = {}
        for id, person in found.items():
            stands = won.get(lost[id] or "") if id in lost else person
            if stands is not None and stands.state in ("live", "deceased"):
                sides[id] = Side(stands, record_of(self._desk, stands))
        return sides

    def _undecided(self, piece: Sequence[Newcomer], found: list[Pair]) -> list[Pair]:
        """Pairs that nobody has decided yet; who was said to be the same goes into ``same``."""
        if not found:
            return []
        store, asked = self._desk.store, {pair.person_id for pair in found}
        lost = rows.losers(store, asked)
        known = rows.known(store, [*asked, *lost], {pair.row_key for pair in found})
        said = {(lost.get(p.left_id, p.left_id), p.row_key): p for p in known}
        left = []
        for pair in found:
            before = said.get((pair.person_id, pair.row_key))
            if before is None or before.state in ("open", "later"):
                left.append(pair)
            elif before.state == "same" and before.right_id is None:
                self.same.setdefault(pair.row, pair.person_id)
        return [pair for pair in left if pair.row not in self.same]


class _File:
    """What a file itself has brought: rows by phone, account, birth date with name or street."""

    def __init__(self) -> None:
        self._kept = 0
        self._young: list[dict[Any, Any]] = [{} for _ in _RULES]
        self._old: list[dict[Any, Any]] = [{} for _ in _RULES]

    def look(self, desk: Desk, piece: Sequence[Newcomer]) -> list[Pair]:
        """The pairs of these rows with earlier ones, and the rows are earlier ones from now on."""
        pairs = []
        for at, others in sorted(self._shared(piece).items()):
            row = piece[at]
            mine = _record(desk, row)
            for other in others.values():
                theirs = _record(desk, other)
                judged = duplicates.score(mine, theirs)
                if judged.band in ASKED:
                    pairs.append(_pair(desk, row, mine, theirs, other.name, judged, "", other.row))
        self._kept += len(piece)
        if self._kept >= KEPT:
            self._old, self._young = self._young, [{} for _ in _RULES]
            self._kept = 0
        return pairs

    def _shared(self, piece: Sequence[Newcomer]) -> dict[int, dict[int, Newcomer]]:
        """For each row that shares a key with earlier ones, those, by their number in the file."""
        found: dict[int, dict[int, Newcomer]] = defaultdict(dict)
        for key_of, young, old in zip(_RULES, self._young, self._old, strict=True):
            keys = list(map(key_of, piece))
            fresh = dict(zip(keys, piece, strict=True))
            known = fresh.keys() & young.keys() or fresh.keys() & old.keys()
            if len(fresh) == len(keys) and not known:
                young.update(fresh)
                continue
            for at, (key, row) in enumerate(zip(keys, piece, strict=True)):
                if not key:
                    continue
                earlier = _rows(old.get(key)) + _rows(young.get(key))
                if len(earlier) <= LARGEST:
                    found[at].update((each.row, each) for each in earlier)
                    held = young.get(key)
                    young[key] = row if held is None else [*_rows(held), row]
        return found


def _rows(held: Any) -> list[Newcomer]:
    if held is None:
        return []
    return held if type(held) is list else [held]


def _born_with(field: str) -> Any:
    other = attrgetter(field)

    def key_of(row: Newcomer) -> Any:
        return hash((row.birth, other(row))) if _born(row) else None

    return key_of


_RULES = (attrgetter("phone"), attrgetter("account"), _born_with("name"), _born_with("street"))


def _born(row: Newcomer) -> bool:
    """Whether a row has a whole birth date: a year alone finds too many."""
    return len(row.birth) == _WHOLE


def _places(keys: Sequence[Any], found: Container[Any]) -> dict[Any, list[int]]:
    """Where in a piece the keys stand that were found; rows without one have 0 or ""."""
    places: dict[Any, list[int]] = {}
    if found:
        for at, key in enumerate(keys):
            if key and key in found:
                places.setdefault(key, []).append(at)
    return places


def _meeting(keys: Sequence[str], found: Sequence[rows.Near]) -> Iterator[tuple[int, rows.Near]]:
    """Each person that was found, with each place in the piece of their key."""
    places = _places(keys, {near.key for near in found})
    for near in found:
        for at in places.get(near.key, ()):
            yield at, near


def _record(desk: Desk, row: Newcomer) -> Record:
    return Record(
        row.name, row.birth, row.sex, row.number, row.phone, row.account,
        _street(desk, row.street), row.address, row.household,
    )  # fmt: skip


def _pair(
    desk: Desk, row: Newcomer, mine: Record, theirs: Record, their_name: str, judged: Score,
    person_id: str, other_row: int,
) -> Pair:  # fmt: skip
    ours, others = masked(desk, mine, row.name), masked(desk, theirs, their_name)
    return Pair(
        row.row, person_id, other_row, row_key(desk, row), judged.total, judged.band,
        [(part.name, part.points) for part in judged.parts],
        [(field, ours[field], others[field]) for field in ours],
        judged.band in HOLDING, row.street,
    )  # fmt: skip


def _likeliest(found: list[Pair]) -> list[Pair]:
    count: Counter[int] = Counter()
    kept = []
    for pair in found:
        count[pair.row] += 1
        if count[pair.row] <= MOST:
            kept.append(pair)
    return kept
