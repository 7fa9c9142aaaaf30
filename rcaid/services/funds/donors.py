"""Donors: people, organisations and those who stay unnamed, and whoever belongs to them.

Numbers, phones and contacts are sealed. Beside the donor stand the parties of BR-090, found again
by the hash of their number, by the code of an organisation (USCC) or by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from rcaid.db import donations as rows
from rcaid.db.donations import SELF
from rcaid.db.tables import DONOR, DONOR_PARTY, Donor, DonorParty
from rcaid.db.unit import Entry, Unit
from rcaid.domain import identity, uscc
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.names import clean, mask
from rcaid.services.desk import Desk
from rcaid.services.funds.funds import party_hash

KINDS = ("person", "organisation", "anonymous")
_CODE = "DN-"
_IN_FULL = ("preparer", "approver")


class Party(NamedTuple):
    """Who belongs to a donor and is not helped by what they gave (BR-090): a relative of a person,
    who leads or holds an organisation."""

    name: str
    relation: str
    number: str = ""
    uscc: str = ""


@dataclass(frozen=True, slots=True)
class Giver:
    """What is said of a donor. ``number`` is a person's identity number of the kind ``id_kind``."""

    kind: str
    name: str = ""
    number: str = ""
    uscc: str = ""
    phone: str = ""
    contact: str = ""
    publish: bool = False
    parties: tuple[Party, ...] = ()
    id_kind: str = identity.RESIDENT_ID


def checked(giver: Giver, today: str) -> Giver | Problem:
    """The facts of a donor in their stored form, or the first thing that is wrong with them."""
    if giver.kind not in KINDS:
        return Problem("donor.kind", {"kind": giver.kind, "known": ", ".join(KINDS)})
    name = clean(giver.name)
    if giver.kind == "anonymous":
        return Giver("anonymous")
    if not any(map(str.isalpha, name)):
        return Problem("donor.name", value=giver.name)
    if (giver.number and giver.kind != "person") or (giver.uscc and giver.kind == "person"):
        return Problem("donor.number")
    number = _number(giver.number, giver.id_kind, today)
    code = uscc.check(giver.uscc) if giver.uscc else ""
    if isinstance(number, Problem):
        return number
    if isinstance(code, Problem):
        return code
    parties: list[Party] = []
    for each in giver.parties:
        party = _party(each, today)
        if isinstance(party, Problem):
            return party
        parties.append(party)
    return replace(giver, name=name, number=number, uscc=code, parties=tuple(parties))


def _number(text: str, kind: str, today: str) -> str | Problem:
    if not text:
        return ""
    found = identity.check(text, kind, today)
    return found if isinstance(found, Problem) else found.number


def _party(party: Party, today: str) -> Party | Problem:
    number = _number(party.number, identity.RESIDENT_ID, today)
    code = uscc.check(party.uscc) if party.uscc else ""
    if isinstance(number, Problem):
        return number
    if isinstance(code, Problem):
        return code
    return Party(clean(party.name), party.relation, number, code)


def known(desk: Desk, giver: Giver) -> Donor | None:
    """The donor on file with this number or code; without either, one of this name and kind of
    whom no number is known."""
    store = desk.store
    if giver.number or giver.uscc:
        hash_ = party_hash(desk, giver.number) if giver.number else None
        found = rows.known_donors(store, hash_, giver.uscc or None)
    else:
        found = rows.named_donors(store, giver.name, giver.kind)
    return found[0] if found else None


def unnamed(desk: Desk, office: str) -> Donor | None:
    """The donor of an office who stands for all that stay unnamed."""
    found = rows.donors(desk.store, [office])
    return next((each for each in found if each.kind == "anonymous"), None)


def add(desk: Desk, giver: Giver) -> tuple[Donor, Entry]:
    """Puts a donor on file; Refused donor.known when one of the same number or code is there."""
    facts = checked(giver, desk.day)
    if isinstance(facts, Problem):
        raise Refused(facts)
    office = desk.office_for("donor.add").id
    if facts.number or facts.uscc:
        there = known(desk, facts)
        if there is not None:
            raise Refused(Problem("donor.known", {"donor": there.code}))

    def work(unit: Unit) -> Donor:
        return put(desk, unit, [facts], office)[0]

    return desk.write("donor.add", office, work, object=lambda made: made.code)


def put(desk: Desk, unit: Unit, givers: Sequence[Giver], office: str) -> list[Donor]:
    """Inserts donors with checked facts and numbers them, within a unit."""
    unit.store.lock("office", "id", [desk.offices.top.id])
    last = rows.last_donor(unit.store, _CODE)
    n = int(last.removeprefix(_CODE)) if last else 0
    seal, ids = unit.seal(DONOR), unit.ids()
    made: list[Donor] = []
    parties: list[DonorParty] = []
    for giver in givers:
        n += 1
        id = next(ids)
        values = {"number": giver.number, "phone": giver.phone, "contact": giver.contact}
        sealed = seal(id, {name: text for name, text in values.items() if text})
        made.append(
            Donor(
                id, f"{_CODE}{n:06}", giver.kind, office, giver.name or None, giver.uscc or None,
                int(giver.publish), sealed, 1,
            )
        )  # fmt: skip
        if giver.kind != "anonymous":
            own = Party(giver.name, SELF, giver.number, giver.uscc)
            parties += [_row(desk, next(ids), id, office, party) for party in (own, *giver.parties)]
    unit.insert(DONOR, made)
    unit.insert(DONOR_PARTY, parties)
    return made


def _row(desk: Desk, id: str, donor_id: str, office: str, party: Party) -> DonorParty:
    hash_ = party_hash(desk, party.number) if party.number else None
    return DonorParty(
        id, donor_id, office, party.relation, party.name or None, hash_, party.uscc or None, 1
    )


def by_code(desk: Desk, code: str) -> Donor:
    """The donor of a code; Refused donor.unknown."""
    found = rows.donor_by_code(desk.store, code)
    if found is None:
        raise Refused(Problem("donor.unknown", {"donor": code}))
    return found


def find(desk: Desk, text: str = "") -> list[Donor]:
    """Donors of the offices this person may look at whose code or name holds a text, by code."""
    sought = clean(text).casefold()
    return [
        donor
        for donor in rows.donors(desk.store, desk.reach("donation.list"))
        if sought in f"{donor.code} {donor.name or ''}".casefold()
    ]


def shown_name(desk: Desk, donor: Donor) -> str:
    """The name as this person may see it: a person who does not want it published is masked but
    for who takes donations in or decides about them."""
    if donor.name is None:
        return ""
    if donor.publish or donor.kind == "organisation":
        return donor.name
    full = any(
        duty in _IN_FULL and desk.offices.within(donor.office_id, office)
        for duty, office in desk.actor.duties
    )
    return donor.name if full else mask(donor.name)


def named(desk: Desk, donor_ids: Iterable[str]) -> dict[str, str]:
    """Names of donors by id, as this person may see them."""
    found = rows.donors_by_id(desk.store, donor_ids)
    return {id: shown_name(desk, donor) for id, donor in found.items()}
