"""A death on record: lines not frozen yet are struck, open entitlements suspended (BR-016)."""

from __future__ import annotations

from rcaid.db import cases, duplicates, payments, people
from rcaid.db import rosters as roster_rows
from rcaid.db.tables import AID_CASE, PERSON, ROSTER, Person
from rcaid.db.unit import Entry, Unit
from rcaid.domain import identity
from rcaid.domain.errors import Problem, Refused
from rcaid.services.applications.voiding import dead
from rcaid.services.desk import Desk
from rcaid.services.importing.plan_roster import identity_text
from rcaid.services.rosters import flow_of_line, suspend

_OPEN_ROSTER = ("open", "submitted", "verified")
_OPEN_RIGHT = ("pending", "ready", "reserved")


def by_number(desk: Desk, number: str, kind: str = identity.RESIDENT_ID) -> Person | None:
    """The person of an identity number, by its keyed hash, confirmed against the sealed value;
    of a merged person's number, who they were merged into."""
    checked = identity.check(number, kind, desk.day)
    if isinstance(checked, Problem):
        raise Refused(checked)
    hashed = desk.keys.hash64(identity_text(checked.kind, checked.number))
    held = people.keys(desk.store, people.IDENTITY, [hashed]).get(hashed, [])
    for person in people.many(desk.store, (owner for _, owner in held)).values():
        if person.sealed is None:
            continue
        if desk.keys.open("person", person.id, person.sealed)[1]["number"] == checked.number:
            return people.standing(desk.store, [person.id])[person.id]
    return None


def record(desk: Desk, person_id: str, died_on: str, source: str) -> Entry:
    """Records a death: nothing more is given to this person from now on.

    The source is free text, so it stands sealed with the person and not in the record.
    """
    person = people.many(desk.store, [person_id]).get(person_id)
    if person is None:
        raise Refused(Problem("state.gone", {"noun": "person", "id": person_id}))
    if person.state != "live":
        raise Refused(Problem("person.not_live", {"state": person.state}))
    if died_on > desk.day or (person.born or "") > died_on:
        raise Refused(Problem("person.death_date", {"day": died_on}))

    def work(unit: Unit) -> None:
        values = unit.keys.open("person", person.id, person.sealed or b"")[1]
        gone = person._replace(
            state="deceased",
            died_on=died_on,
            sealed=unit.seal(PERSON)(person.id, {**values, "death_source": source}),
        )
        unit.update(PERSON, [gone], ("state", "died_on", "sealed"))
        everybody = [person.id, *duplicates.losers(unit.store, [person.id])]
        for each in everybody:
            _strike(unit, each)
        dead(desk, unit, everybody, "caseworker")
        rights = [
            (due.entitlement, due.cycle_id, due.category)
            for each in everybody
            for due in payments.of_person(unit.store, each)
            if due.entitlement.state in _OPEN_RIGHT
        ]
        suspend(unit, rights)

    act = "person.death"
    return desk.write(act, person.office_id, work, object=person.id)[1]


def _strike(unit: Unit, person_id: str) -> None:
    for line in cases.of_person(unit.store, person_id):
        roster = roster_rows.by_id(unit.store, line.roster_id) if line.roster_id else None
        if line.state == "listed" and roster is not None and roster.state in _OPEN_ROSTER:
            unit.update(AID_CASE, [line._replace(state="struck")], ("state",))
            unit.update(ROSTER, [roster._replace(lines=roster.lines - 1)], ("lines",))
            flow_of_line(unit, line, "listed", "struck")


def record_by_number(desk: Desk, number: str, died_on: str, source: str) -> int:
    """The same for a file of deaths: 1 when recorded, 0 when unknown or known as dead already."""
    person = by_number(desk, number)
    if person is None or person.state != "live":
        return 0
    record(desk, person.id, died_on, source)
    return 1
