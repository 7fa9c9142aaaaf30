"""Everybody of one's offices held against everybody there, by all the keys of the score (BR-009).

An import looks only for what exact look-ups find; this finds names written by ear, slips of the
hand and swapped digits too. It holds the people it compares in memory.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rcaid.db import duplicates as rows
from rcaid.db import people
from rcaid.db.tables import DUPLICATE_PAIR, DuplicatePair, Person
from rcaid.db.unit import Entry, Unit
from rcaid.domain import duplicates
from rcaid.domain.duplicates import Record, Score, Skipped
from rcaid.services.desk import Desk
from rcaid.services.same_person.watching import ASKED, Newcomer, record_of, row_key

_PIECE = 2_000


class Searched(NamedTuple):
    """What a search came to: people compared, pairs scored, how many are new in the queue by
    band, and blocks left out because too many share their key."""

    people: int
    compared: int
    new: Mapping[str, int]
    skipped: Sequence[Skipped]


def search(desk: Desk) -> tuple[Searched, Entry]:
    """Compares the living people of one's offices and puts what may be one into the queue.

    Pairs that were asked before, whatever was decided, are not asked again.
    """
    offices = desk.reach("duplicate.search")
    place = desk.office_for("duplicate.search").id
    everybody = sorted(_living(desk, offices), key=lambda person: person.doc)
    accounts = rows.account_hashes(desk.store, offices)
    records = [record_of(desk, each, accounts.get(each.id, "")) for each in everybody]
    found = duplicates.candidates([duplicates.keys(record) for record in records])
    asked: list[tuple[int, int, Score]] = []
    for left, right in found.pairs:
        judged = duplicates.score(records[left], records[right])
        if judged.band in ASKED:
            asked.append((left, right, judged))

    def work(unit: Unit) -> Counter[str]:
        ids = unit.ids()
        known = _known(unit, [everybody[left].id for left, _, _ in asked])
        made = []
        for left, right, judged in asked:
            key = row_key(desk, _as_row(everybody[right], records[right]))
            first, second = everybody[left], everybody[right]
            if known.isdisjoint({(first.id, second.id), (second.id, first.id), (first.id, key)}):
                known.add((first.id, key))
                made.append(_pair(next(ids), first, second, key, judged))
        unit.insert(DUPLICATE_PAIR, made)
        return Counter(pair.band for pair in made)

    new, entry = desk.write(
        "duplicate.search", place, work, object="list",
        note=lambda new: {"compared": len(everybody), "pairs": new.total()},
    )  # fmt: skip
    return Searched(len(everybody), len(found.pairs), new, found.skipped), entry


def _living(desk: Desk, offices: Sequence[str]) -> Iterator[Person]:
    after = ""
    while piece := people.page(desk.store, offices, after, _PIECE):
        yield from (each for each in piece if each.state == "live")
        after = piece[-1].id


def _known(unit: Unit, lefts: Sequence[str]) -> set[tuple[str, str]]:
    """Who was asked about with whom, or with which row."""
    pairs = rows.of_people(unit.store, dict.fromkeys(lefts))
    known = {(pair.left_id, pair.row_key) for pair in pairs}
    return known | {(pair.left_id, pair.right_id) for pair in pairs if pair.right_id}


def _as_row(person: Person, record: Record) -> Newcomer:
    """A person as the row that brought them in would be known by."""
    return Newcomer(
        0, record.name, record.birth, record.sex, record.number, record.phone, "",
        person.office_id, record.address, "",
    )  # fmt: skip


def _pair(id: str, left: Person, right: Person, key: str, judged: Score) -> DuplicatePair:
    parts = json.dumps([(part.name, part.points) for part in judged.parts])
    return DuplicatePair(
        id, right.office_id, left.id, right.id, None, None, key, judged.total, judged.band, parts,
        "open", None, None, 1,
    )  # fmt: skip
