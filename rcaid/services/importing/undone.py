"""What taking an import back did, or would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from rcaid.db import people
from rcaid.db.tables import ImportBatch
from rcaid.domain.errors import Problem
from rcaid.domain.names import mask
from rcaid.services.desk import Desk

_OWN = {
    "roster": "aid_case",
    "application": "aid_case",
    "quota": "quota",
    "delivery": "disbursement",
    "bank": "disbursement",
    "institution": "institution",
    "donation": "donation",
}
"""The rows that a file of a kind is about; all others only came with them."""

_OTHERS = ("person", "account", "household", "roster")


@dataclass(slots=True)
class Undone:
    """What an undo did, or would do: rows taken away and rows put back, by noun; ``fen`` is the
    money of those taken away; ``kept`` says what was not undone and why."""

    batch: ImportBatch
    removed: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    kept: list[Problem] = field(default_factory=list)
    fen: int = 0

    @property
    def taken(self) -> int:
        """How many things are taken back: those the file is about, or else what came with
        them."""
        both = self.removed + self.restored
        own = both[_OWN.get(self.batch.kind, "person")]
        return own or sum(both[noun] for noun in _OTHERS)


def names_of_kept(desk: Desk, kept: Sequence[Problem]) -> dict[str, str]:
    """The masked names of people among what is kept, by the id that stands there."""
    ids = {str(each.params["name"]) for each in kept if each.params.get("noun") == "person"}
    held = people.many(desk.store, ids)
    return {id: mask(person.name or "") for id, person in held.items()}
