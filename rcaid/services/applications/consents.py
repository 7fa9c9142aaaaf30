"""Consents of a person: given to a text of a version, taken back, and those in force (BR-100)."""

from __future__ import annotations

from collections.abc import Iterable

from rcaid.db import applications as rows
from rcaid.db import cards, cases
from rcaid.db.tables import APPLICATION, CONSENT, Consent, Person
from rcaid.db.unit import Entry, Unit
from rcaid.domain.consents import KINDS, METHODS, texts
from rcaid.domain.errors import Problem, Refused
from rcaid.services.desk import Desk
from rcaid.services.people import person_of

PUBLICATION = "publication"


def give(
    desk: Desk, person_id: str, kind: str, *, given_by: str = "self", method: str = "signature"
) -> Entry:
    """Records that somebody, or ``given_by`` for them, agreed to the current text of a kind.

    Refused consent.unknown, consent.method, and consent.given for one that is in force already.
    """
    _known(kind, method)
    person = person_of(desk, person_id, "consent.give")
    if kind in in_force(desk, person.id):
        raise Refused(Problem("consent.given", {"kind": kind}))

    def work(unit: Unit) -> None:
        put(unit, person, [kind], given_by=given_by, method=method)
        if kind == PUBLICATION:
            _may_publish(unit, person, 1)

    return desk.write("consent.give", person.office_id, work, object=person.id)[1]


def withdraw(desk: Desk, person_id: str, kind: str) -> Entry:
    """Records that a consent was taken back: from today on nothing more is done on its ground.

    Refused consent.unknown, and consent.none where none is in force.
    """
    _known(kind)
    person = person_of(desk, person_id, "consent.withdraw")
    held = [c for c in _live(desk, person.id) if c.kind == kind]
    if not held:
        raise Refused(Problem("consent.none", {"kind": kind}))

    def work(unit: Unit) -> None:
        ended = [each._replace(withdrawn_on=unit.day) for each in held]
        unit.update(CONSENT, ended, ("withdrawn_on",))
        if kind == PUBLICATION:
            _may_publish(unit, person, 0)

    return desk.write("consent.withdraw", person.office_id, work, object=person.id)[1]


def _may_publish(unit: Unit, person: Person, may: int) -> None:
    """Applications that are still on their way are published by name, or by their code alone."""
    mine = [c.id for c in cases.of_person(unit.store, person.id) if c.state in cards.OPEN_CASES]
    said = [a.said for a in rows.of_cases(unit.store, mine) if a.said.may_publish != may]
    unit.update(APPLICATION, [each._replace(may_publish=may) for each in said], ("may_publish",))


def in_force(desk: Desk, person_id: str) -> set[str]:
    """The kinds of consent somebody has given and not taken back."""
    return {each.kind for each in _live(desk, person_id)}


def listing(desk: Desk, person_id: str) -> list[Consent]:
    """Every consent of a person, oldest first, those taken back among them."""
    person = person_of(desk, person_id, "person.card")
    return rows.consents(desk.store, person.id)


def _live(desk: Desk, person_id: str) -> list[Consent]:
    return [c for c in rows.consents(desk.store, person_id) if c.withdrawn_on is None]


def put(
    unit: Unit, person: Person, kinds: Iterable[str], *, given_by: str = "self",
    method: str = "signature",
) -> None:  # fmt: skip
    """Writes consents inside a unit; those in force stay as they are."""
    held = {c.kind for c in rows.consents(unit.store, person.id) if c.withdrawn_on is None}
    current, ids = texts(), unit.ids()
    fresh = [kind for kind in dict.fromkeys(kinds) if kind not in held]
    unit.insert(
        CONSENT,
        [
            Consent(
                next(ids), person.id, person.office_id, kind, current[kind].version,
                current[kind].sha256, "guardian" if kind == "guardian" else given_by, method,
                unit.day, None, 1,
            )
            for kind in fresh
        ],
    )  # fmt: skip


def _known(kind: str, method: str = "signature") -> None:
    if kind not in KINDS:
        raise Refused(Problem("consent.unknown", {"value": kind, "known": ", ".join(KINDS)}))
    if method not in METHODS:
        raise Refused(Problem("consent.method", {"value": method, "known": ", ".join(METHODS)}))
