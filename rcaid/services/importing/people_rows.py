"""From decided people to rows of the store: as those of a roster, with more that may be known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from rcaid.db.record import whole
from rcaid.services.importing.plan_file import Maker
from rcaid.services.importing.roster_rows import Decided, NewPerson, RosterRows

_encode = msgspec.json.Encoder().encode


class Registrant(NewPerson, array_like=True, gc=False):
    """A person who is not on file yet. ``references`` are "source:id" of other systems, ``reason``
    is why there is no document (BR-007), ``relation`` what they are to the head of the household.
    ``number_hash`` is None where there is no number."""

    other_phone: str | None = None
    reason: str | None = None
    references: list[str] | None = None
    relation: str | None = None


class DecidedPeople(Decided, array_like=True, gc=False):
    """What one piece of a file of people comes to; there are no lines in it."""

    people: list[Registrant] = msgspec.field(default_factory=list)  # type: ignore[assignment]


class _Sealed(msgspec.Struct, omit_defaults=True, gc=False):
    """A person's sealed values, in the order the record has them."""

    address: str | None = None
    number: str | None = None
    number15: str | None = None
    other_phone: str | None = None
    phone: str | None = None
    raw_name: str | None = None
    reason: str | None = None
    references: list[str] | None = None
    relation: str | None = None


class _Hidden(msgspec.Struct, omit_defaults=True, gc=False):
    """All of a person that stands under the private hash, in the order the record has it."""

    address: str | None = None
    born: str | None = None
    doc: str | int | None = None
    id_kind: str | None = None
    name: str | None = None
    number: str | None = None
    number15: str | None = None
    other_phone: str | None = None
    phone: str | None = None
    raw_name: str | None = None
    reason: str | None = None
    references: list[str] | None = None
    relation: str | None = None
    sex: str | None = None


class PeopleRows(RosterRows):
    """Makes the rows of a plan of people, piece after piece."""

    def makers(self) -> dict[str, Maker]:
        """How the parts are made: pieces of people, and after the last of them the tree."""
        return {**super().makers(), "piece": Maker(self.piece, DecidedPeople)}

    def private(self, people: Sequence[Any]) -> tuple[list[bytes], list[bytes]]:
        """What of each person stands under the private hash, and what is sealed."""
        hidden = [
            _encode(_Hidden(
                p.address, p.born, whole(p.doc), p.id_kind, p.name, p.number, p.number15,
                p.other_phone, p.phone, p.raw_name, p.reason, p.references, p.relation, p.sex,
            ))
            for p in people
        ]  # fmt: skip
        values = [
            _encode(_Sealed(
                p.address, p.number, p.number15, p.other_phone, p.phone, p.raw_name, p.reason,
                p.references, p.relation,
            ))
            for p in people
        ]  # fmt: skip
        return hidden, values
