"""What became of one file: its rows by outcome, what it changed, what of it still waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from rcaid.db import cards, people, undoing
from rcaid.db import lists as list_rows
from rcaid.db.lists import Asked, Condition
from rcaid.db.tables import ImportBatch, Person
from rcaid.domain.identity import mask_phone
from rcaid.services import lists
from rcaid.services.cases import Happened, happened
from rcaid.services.desk import Desk
from rcaid.services.importing import imports, rejects
from rcaid.services.importing.rejects import NotTaken
from rcaid.services.lists import ImportRow
from rcaid.services.same_person import duplicates
from rcaid.services.same_person.duplicates import PairRow
from rcaid.services.shown import opened, shown_name

_MASKS: Mapping[str, Callable[[str], str]] = {
    "phone": mask_phone,
    "address": lambda text: "****" if text else "",
}
SHOWN = 200
"""Rows of a card; all of those that were not taken come out as a file."""


class Changed(NamedTuple):
    """A field of somebody on file that the import changed: as it was, and as it is now."""

    name: str
    field: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class ImportCard:
    """An import in full. ``not_taken`` and ``changes`` are the first ones, values masked for those
    who do not see names there; ``pairs`` are those it found that still wait."""

    row: ImportRow
    sheet: str
    plan_id: str
    sha256: str
    not_taken: tuple[NotTaken, ...]
    changes: tuple[Changed, ...]
    pairs: tuple[PairRow, ...]
    story: tuple[Happened, ...]


def row_of(desk: Desk, batch_id: str) -> ImportRow:
    """An import as the list shows it; Refused import.unknown or who.no_duty."""
    batch = imports.batch_of(desk, batch_id)
    asked = Asked("imports", (Condition("import", "in", (batch.id,)),))
    found = list_rows.page(desk.store, asked, 1)
    return lists.import_rows(desk, [found[0][2:]])[0]


def card(desk: Desk, batch_id: str) -> ImportCard:
    """An import in full; Refused import.unknown or who.no_duty."""
    batch = imports.batch_of(desk, batch_id)
    sees = rejects.may_read(desk, batch.kind, batch.office_id)
    bad = rejects.of_batch(desk, batch.id, SHOWN).rows if sees else ()
    events = cards.touching(desk.store, [("import_batch", [batch.id])], [batch.id])
    return ImportCard(
        row_of(desk, batch.id),
        batch.sheet or "",
        batch.plan_id,
        batch.file_sha256,
        bad,
        tuple(_changes(desk, batch))[:SHOWN],
        tuple(_pairs(desk, batch)),
        tuple(happened(desk, events)),
    )


def _pairs(desk: Desk, batch: ImportBatch) -> Iterator[PairRow]:
    if desk.duty_for("duplicate.list", batch.office_id) is not None:
        for pair in duplicates.queue(desk):
            if pair.batch_id == batch.id:
                yield pair


def _changes(desk: Desk, batch: ImportBatch) -> Iterator[Changed]:
    """People whom the import gave another phone, address or street."""
    before = [
        (row_id, sealed)
        for noun, row_id, sealed in undoing.before(desk.store, batch.id)
        if noun == "person"
    ][:SHOWN]
    now = people.many(desk.store, [row_id for row_id, _ in before])
    for row_id, sealed in before:
        person = now.get(row_id)
        if person is None or person.state == "erased":
            continue
        packed = desk.keys.decrypt(f"before|{row_id}", sealed)
        old = Person(*msgspec.msgpack.decode(packed))
        was, stands = opened(desk, old), opened(desk, person)
        name = shown_name(desk, person)
        for field, mask in _MASKS.items():
            first, last = str(was.get(field, "")), str(stands.get(field, ""))
            if first != last:
                yield Changed(name, field, mask(first), mask(last))
        if old.office_id != person.office_id:
            path = desk.offices.path
            yield Changed(name, "street", path(old.office_id), path(person.office_id))
