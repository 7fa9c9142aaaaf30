"""What a form for an application is filled in for: the programmes that are open, and what is on
record of somebody known, masked."""

from __future__ import annotations

from dataclasses import dataclass

from rcaid.db import people, programmes
from rcaid.db.transfers import disasters
from rcaid.domain.errors import Refused
from rcaid.domain.programmes import Programme
from rcaid.services import deaths
from rcaid.services.applications.wanted import LANES, RECIPIENTS
from rcaid.services.desk import Desk
from rcaid.services.people import paid_to, read_card
from rcaid.services.programmes import rules_on
from rcaid.services.shown import shown_name


@dataclass(frozen=True, slots=True)
class Open:
    """A programme that takes single applications now: its rules of today, the code of its newest
    open cycle, and the disasters that are open as (code, name)."""

    rules: Programme
    cycle: str
    disasters: tuple[tuple[str, str], ...]


def open_programmes(desk: Desk) -> list[Open]:
    """The programmes somebody may apply to today, in the order of their codes."""
    events = tuple((d.code, d.name) for d in disasters(desk.store) if d.state != "closed")
    newest = {c.programme_id: c.code for c in programmes.cycles(desk.store) if c.state == "open"}
    found = []
    for each in sorted(programmes.programmes(desk.store), key=lambda p: p.code):
        if each.id not in newest:
            continue
        rules = rules_on(desk, each.id, desk.day)
        if rules.lane in LANES and rules.recipient in RECIPIENTS:
            found.append(Open(rules, newest[each.id], events))
    return found


def owner_of(desk: Desk, number: str) -> str:
    """The id of the person who has an identity number, "" where nobody on file has it."""
    try:
        person = deaths.by_number(desk, number) if number else None
    except Refused:
        return ""
    return person.id if person else ""


def account_on_record(desk: Desk, person_id: str) -> tuple[str, str]:
    """Number and bank of the account that money of somebody known goes to now, for an application
    that names none; empty where this desk may not see the person."""
    person = people.standing(desk.store, [person_id]).get(person_id)
    if person is None or desk.duty_for("person.card", person.office_id) is None:
        return "", ""
    return paid_to(desk, person)


def on_record(desk: Desk, person_id: str) -> dict[str, str]:
    """What is on record of somebody known, as far as this desk may see it, by field of the form:
    name, street as its code; phone, address and account masked."""
    person = people.standing(desk.store, [person_id]).get(person_id)
    if person is None or desk.duty_for("person.card", person.office_id) is None:
        return {"name": shown_name(desk, person)} if person else {}
    card = read_card(desk, person)
    office = desk.offices.by_id[person.office_id]
    found = {
        "name": card.name,
        "street": office.code if office.level == "street" else "",
        "phone": card.phone,
        "address": card.address,
        "account": card.account,
    }
    return {name: text for name, text in found.items() if text}
