"""The person an application is for: who is on file is used, nobody is entered twice (BR-008).

New people, their household, keys and search tokens are made as those of an import are, and who may
be somebody known becomes a pair that waits for a decision (BR-009).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from rcaid.db import duplicates as pair_rows
from rcaid.db import people
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
from rcaid.db.unit import Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.services import changes
from rcaid.services.applications.wanted import Asked
from rcaid.services.desk import Desk
from rcaid.services.importing.people_rows import DecidedPeople, Registrant
from rcaid.services.importing.plan_people import PeoplePlanner
from rcaid.services.importing.plans import Pair
from rcaid.services.importing.roster_rows import search_text
from rcaid.services.importing.undo_people import KEY, key_row
from rcaid.services.same_person.pair_keeping import keep_new
from rcaid.services.shown import account_number

_SEALED = (
    "address", "number", "number15", "other_phone", "phone", "raw_name", "reason", "references",
    "relation",
)  # fmt: skip
_FACTS = ("sealed", "office_id", "household_id", "sex", "born")
_NOT_HERE = ("account", "guardian", "case_no")
"""What an application brings of somebody and is kept apart from what an import takes over."""


def take_in(desk: Desk, unit: Unit, asked: Asked, batch_id: str = "") -> Person:
    """The person of an application, within a unit: as on file, with the new facts it brings, or
    new. A name or number that differs is asked for and changes nothing. ``batch_id`` is the import
    that has to be able to take it back.

    Refused application.deceased (BR-016), or what a row of people would be rejected for.
    """
    if asked.known is not None:
        _lives(asked.known)
    if asked.known is not None and not asked.read.who:
        return asked.known
    values = asked.read.values | dict.fromkeys(_NOT_HERE, "")
    values |= {"street": values["street"] or (asked.known.office_id if asked.known else "")}
    read = asked.read._replace(values=values)
    chance = int.from_bytes(unit.source.chance(3), "big") >> 4
    planner = PeoplePlanner(
        desk, asked.judge, asked.office_id, "", holding=False,
        first_doc=(unit.moment.milliseconds << 20) + chance,
    )  # fmt: skip
    decided, wanted, rejected = planner.piece([read])
    if rejected:
        raise Refused([each.problem() for each in rejected])
    _put(desk, unit, decided)
    if batch_id:
        _keep_before(desk, unit, decided, batch_id)
    person_id = decided.outcome[0][2]
    person = people.many(unit.store, [person_id])[person_id]
    _lives(person)
    _ask(desk, unit, person, [(each.field, each.after) for each in wanted])
    if asked.known is None:
        _keep(unit, person, planner.pairs)
    return person


def _lives(person: Person) -> None:
    if person.state == "deceased":
        raise Refused(Problem("application.deceased", {"day": person.died_on or "-"}))


def _put(desk: Desk, unit: Unit, decided: DecidedPeople) -> None:
    unit.insert(HOUSEHOLD, [Household(id, office, 1) for id, office in decided.homes])
    unit.insert(PERSON, [_person(unit, each) for each in decided.people])
    keys = list(decided.keys)
    searched = list(decided.search)
    for each in decided.people:
        if each.number_hash is not None:
            keys.append((people.IDENTITY, each.number_hash, each.number_n, each.id))
        if each.phone:
            keys.append((people.PHONE, desk.keys.hash64(f"phone:{each.phone}"), each.doc, each.id))
        text = search_text(each.name, each.number, each.phone or "", each.place)
        searched.append((each.doc, text))
    unit.store.insert_many("person_key", ("kind", "hash", "n", "owner_id"), keys)
    changed = []
    for known in decided.changed:
        before, after = Person(*known.before), Person(*known.after)
        sealed = unit.seal(PERSON)(after.id, known.values)
        changed.append(after._replace(sealed=sealed, version=before.version))
    unit.update(PERSON, changed, _FACTS)
    unit.store.replace_search(searched)


def _keep_before(desk: Desk, unit: Unit, decided: DecidedPeople, batch_id: str) -> None:
    """What stood before, and the keys that people and households on file got, for an undo."""
    new = {each.id for each in decided.people} | {id for id, _ in decided.homes}
    rows = []
    for each in decided.changed:
        packed = msgspec.msgpack.encode(each.before)
        sealed = desk.keys.encrypt(f"before|{each.before[0]}", packed, unit.source.chance(12))
        rows.append((batch_id, "person", each.before[0], sealed))
    for kind, hash_, n, owner in decided.keys:
        if owner not in new:
            rows.append((batch_id, KEY, key_row(kind, hash_, n, owner), b""))
    unit.store.insert_many("import_change", ("batch_id", "noun", "row_id", "sealed"), rows)


def _person(unit: Unit, new: Registrant) -> Person:
    values = {name: getattr(new, name) for name in _SEALED if getattr(new, name)}
    sealed = unit.seal(PERSON)(new.id, values)
    return Person(
        new.id, new.doc, new.office, new.household, "live", new.name, new.sex, new.born,
        new.id_kind, None, None, sealed, 1,
    )  # fmt: skip


def _ask(
    desk: Desk, unit: Unit, person: Person, wanted: Sequence[tuple[str, dict[str, str]]]
) -> None:
    if wanted:
        asked = [(person, field, after) for field, after in wanted]
        changes.request(desk, unit, asked, "application", None)


def _keep(unit: Unit, person: Person, pairs: Sequence[Pair]) -> None:
    """Pairs of a new person with people on file, for somebody to decide."""
    known = {
        (pair.left_id, pair.row_key)
        for pair in pair_rows.known(
            unit.store, {p.person_id for p in pairs}, {p.row_key for p in pairs}
        )
    }
    fresh = [p for p in pairs if p.person_id and (p.person_id, p.row_key) not in known]
    keep_new(unit, fresh, person.id)


def account_of(
    desk: Desk, unit: Unit, person: Person, number: str, holder: str, bank: str
) -> str | None:
    """The id of the account an application is paid to: one of the person's, or a new one."""
    if not number:
        return None
    hashed = desk.keys.hash64(f"account:{number}")
    holder = holder or person.name or ""
    for each in people.accounts_by_hash(unit.store, [hashed]):
        if each.person_id == person.id and account_number(desk, each) == number:
            opened = desk.keys.open("account", each.id, bytes(each.sealed or b""))[1]
            if opened.get("holder") == holder:
                return each.id
    id = unit.new_id()
    sealed = unit.seal(ACCOUNT)(id, {"number": number, "holder": holder})
    unit.insert(
        ACCOUNT, [Account(id, person.id, person.office_id, hashed, bank or None, sealed, 1)]
    )
    return id


def guardians(desk: Desk, person_id: str) -> list[dict[str, Any]]:
    """Names and relations of somebody's guardians, opened."""
    return [
        desk.keys.open("relation", each.id, bytes(each.sealed))[1]
        for each in people.relations(desk.store, person_id)
        if each.kind == "guardian" and each.sealed is not None
    ]


def add_guardian(desk: Desk, unit: Unit, person: Person, name: str, relation: str) -> None:
    """Puts a guardian on file, once."""
    if not name or any(
        each.get("name") == name and (not relation or each.get("relation") == relation)
        for each in guardians(desk, person.id)
    ):
        return
    id = unit.new_id()
    sealed = unit.seal(RELATION)(id, {"name": name, "relation": relation})
    unit.insert(RELATION, [Relation(id, person.id, "guardian", person.office_id, None, sealed, 1)])
