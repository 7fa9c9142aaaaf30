"""Sensitive changes of a person: asked for by one, confirmed by another.

A name, an identity number and an account are what money goes by; a correction of one waits as a
change request until a second person confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rcaid.db import cases, offices, payments, people, rosters
from rcaid.db import changes as rows
from rcaid.db.tables import (
    ACCOUNT,
    AID_CASE,
    CHANGE_REQUEST,
    ENTITLEMENT,
    MAKER,
    PERSON,
    Account,
    ChangeRequest,
    Maker,
    Person,
)
from rcaid.db.unit import Entry, Unit
from rcaid.domain import identity, names
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.text import refusal
from rcaid.services.applications.voiding import void
from rcaid.services.desk import Desk
from rcaid.services.importing.plan_roster import identity_text, search_tokens

FIELDS = ("name", "number", "account")
_OPEN_RIGHT = ("pending", "ready", "suspended")
_UNFROZEN = ("open", "submitted", "verified")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that waits, as the second person sees it; values are masked, ``asked_by`` is a
    login."""

    id: str
    person_id: str
    field: str
    before: str
    after: str
    reason: str
    asked_by: str


def ask(
    desk: Desk, person_id: str, field: str, value: str, reason: str, holder: str = ""
) -> tuple[str, Entry]:
    """Asks for a change and returns its id. An account is given with its holder."""
    person = _person(desk, person_id)
    desk.require("change.ask", person.office_id)
    after = checked(desk, person, field, value, holder)

    def work(unit: Unit) -> str:
        return request(desk, unit, [(person, field, after)], reason, None)[0]

    return desk.write("change.ask", person.office_id, work, object=lambda id: id, reason=field)


def checked(desk: Desk, person: Person, field: str, value: str, holder: str = "") -> dict[str, str]:
    """The new value in its stored form; Refused with what is wrong with it."""
    code = refusal(value)
    if code or field not in FIELDS:
        raise Refused(Problem(code or "change.field", {"field": field, "known": ", ".join(FIELDS)}))
    if field == "name":
        name = names.clean(value)
        if not name:
            raise Refused(Problem("row.required", {"field": "姓名"}))
        return {"name": name}
    if field == "number":
        kind = person.id_kind or identity.RESIDENT_ID
        # Who had no document and has one now has a resident's; any other comes with its type.
        kind = identity.RESIDENT_ID if kind == identity.NONE else kind
        found = identity.check(value, kind, desk.day)
        if isinstance(found, Problem):
            raise Refused(found)
        return {
            "number": found.number, "sex": found.sex, "born": found.birth_date,
            "id_kind": found.kind,
        }  # fmt: skip
    number = identity.check_account(value)
    if isinstance(number, Problem):
        raise Refused(number)
    return {"number": number, "holder": names.clean(holder) or person.name or ""}


def request(
    desk: Desk,
    unit: Unit,
    wanted: Sequence[tuple[Person, str, Mapping[str, str]]],
    reason: str,
    batch_id: str | None,
) -> list[str]:
    """Writes change requests inside a unit, for one person or for a file of updates."""
    ids = unit.ids()
    seal = unit.seal(CHANGE_REQUEST)
    made = []
    for person, field, after in wanted:
        id = next(ids)
        sealed = seal(id, {"after": dict(after)})
        made.append(
            ChangeRequest(
                id, person.id, person.office_id, field, "pending", reason[:80], batch_id,
                desk.actor.staff_id, None, sealed, 1,
            )
        )  # fmt: skip
    unit.insert(CHANGE_REQUEST, made)
    return [each.id for each in made]


def waiting(desk: Desk) -> list[Waiting]:
    """The changes this person may confirm or refuse, oldest first, with masked values."""
    found = rows.pending(desk.store, desk.reach("change.confirm"))
    who = people.many(desk.store, (each.person_id for each in found))
    logins = {staff.id: staff.login for staff in offices.all_staff(desk.store)} if found else {}
    return [_shown(desk, each, who[each.person_id], logins[each.asked_by]) for each in found]


def _shown(desk: Desk, change: ChangeRequest, person: Person, asked_by: str) -> Waiting:
    after = _after(desk, change)
    if change.field == "name":
        before, new = person.name or "", after["name"]
        if not desk.names_in_full(person.office_id):
            before, new = names.mask(before), names.mask(new)
    elif change.field == "number":
        opened = _opened(desk, person)
        before, new = identity.mask_number(opened["number"]), identity.mask_number(after["number"])
    else:
        before, new = "", identity.mask_account(after["number"])
    return Waiting(change.id, person.id, change.field, before, new, change.reason, asked_by)


def confirm(desk: Desk, change_id: str) -> Entry:
    """Carries out a change; not by who asked for it."""
    change = _pending(desk, change_id, "change.confirm")
    person = _person(desk, change.person_id)
    after = _after(desk, change)

    def work(unit: Unit) -> None:
        staff = (change.asked_by, desk.actor.staff_id)
        if change.field == "account":
            _reaccount(desk, unit, person, after, staff)
        else:
            {"name": _rename, "number": _renumber}[change.field](desk, unit, person, after)
            void(desk, unit, [person.id], change.field, staff)
        done = change._replace(state="confirmed", decided_by=desk.actor.staff_id)
        unit.update(CHANGE_REQUEST, [done], ("state", "decided_by"))

    return desk.write("change.confirm", change.office_id, work, object=change.id)[1]


def refuse(desk: Desk, change_id: str, reason: str) -> Entry:
    """Leaves everything as it is; not by who asked for the change."""
    change = _pending(desk, change_id, "change.refuse")

    def work(unit: Unit) -> None:
        done = change._replace(state="refused", decided_by=desk.actor.staff_id)
        unit.update(CHANGE_REQUEST, [done], ("state", "decided_by"))

    return desk.write("change.refuse", change.office_id, work, object=change.id, reason=reason)[1]


def _pending(desk: Desk, change_id: str, act: str) -> ChangeRequest:
    change = rows.by_id(desk.store, change_id)
    if change is None:
        raise Refused(Problem("state.gone", {"noun": "change", "id": change_id}))
    desk.require(act, change.office_id)
    if change.state != "pending":
        raise Refused(
            Problem("state.no_move", {"noun": "change", "state": change.state, "action": act})
        )
    if change.asked_by == desk.actor.staff_id:
        raise Refused(Problem("who.maker", {"login": desk.actor.login, "part": "ask"}))
    return change


def _person(desk: Desk, person_id: str) -> Person:
    person = people.many(desk.store, [person_id]).get(person_id)
    if person is None or person.state == "erased":
        raise Refused(Problem("state.gone", {"noun": "person", "id": person_id}))
    return person


def _after(desk: Desk, change: ChangeRequest) -> dict[str, str]:
    after: dict[str, str] = desk.keys.open("change_request", change.id, change.sealed or b"")[1][
        "after"
    ]
    return after


def _opened(desk: Desk, person: Person) -> dict[str, Any]:
    return desk.keys.open("person", person.id, person.sealed or b"")[1]


def _rename(desk: Desk, unit: Unit, person: Person, after: Mapping[str, str]) -> None:
    unit.update(PERSON, [person._replace(name=after["name"])], ("name",))
    _index(desk, unit, person._replace(name=after["name"]), _opened(desk, person))


def _renumber(desk: Desk, unit: Unit, person: Person, after: Mapping[str, str]) -> None:
    """The new number must be nobody else's (BR-008); type, sex and birth date follow it."""
    old_kind = person.id_kind or identity.RESIDENT_ID
    kind = after.get("id_kind") or old_kind
    opened = _opened(desk, person)
    new = desk.keys.hash64(identity_text(kind, after["number"]))
    old = desk.keys.hash64(identity_text(old_kind, opened["number"]))
    held = people.keys(unit.store, people.IDENTITY, [new, old])
    if any(owner != person.id for _, owner in held.get(new, ())):
        raise Refused(Problem("person.known", {}))
    gone = [(people.IDENTITY, old, n) for n, owner in held.get(old, ()) if owner == person.id]
    unit.store.delete_many("person_key", ("kind", "hash", "n"), gone)
    unit.store.insert_many(
        "person_key", ("kind", "hash", "n", "owner_id"), [(people.IDENTITY, new, 0, person.id)]
    )
    values = {**opened, "number": after["number"]}
    values.pop("number15", None)
    changed = person._replace(
        sealed=unit.seal(PERSON)(person.id, values),
        sex=after.get("sex") or person.sex,
        born=after.get("born") or person.born,
        id_kind=kind,
    )
    unit.update(PERSON, [changed], ("sealed", "sex", "born", "id_kind"))
    _index(desk, unit, changed, values)


def _index(desk: Desk, unit: Unit, person: Person, values: Mapping[str, Any]) -> None:
    code = desk.offices.by_id[person.office_id].code
    tokens = search_tokens(person.name or "", values["number"], values.get("phone", ""), code)
    unit.store.replace_search([(person.doc, tokens)])


def _reaccount(
    desk: Desk, unit: Unit, person: Person, after: Mapping[str, str], makers: Sequence[str]
) -> None:
    """Another account for lines that are not frozen and rights that are not on their way. Who asked
    and who confirmed are makers of the rosters concerned (model.md, Duties).

    Refused between freezing and approval: the line's account is fixed and its right not there yet.
    """
    account = Account(
        unit.new_id(), person.id, person.office_id,
        desk.keys.hash64(f"account:{after['number']}"), None, b"", 1,
    )  # fmt: skip
    account = account._replace(sealed=unit.seal(ACCOUNT)(account.id, dict(after)))
    mine = cases.of_person(unit.store, person.id)
    states = {r.id: r.state for r in rosters.by_ids(unit.store, [c.roster_id or "" for c in mine])}
    frozen = [
        case.case_no
        for case in mine
        if case.fen and case.state == "listed" and states.get(case.roster_id or "") == "frozen"
    ]
    if frozen:
        raise Refused(Problem("change.frozen", {"case": frozen[0]}))
    unit.insert(ACCOUNT, [account])
    void(desk, unit, [person.id], "account", makers, account.id)
    lines = [
        case._replace(account_id=account.id)
        for case in mine
        if case.fen and case.state == "listed" and states.get(case.roster_id or "") in _UNFROZEN
    ]
    unit.update(AID_CASE, lines, ("account_id",))
    rights = [
        due.entitlement._replace(account_id=account.id)
        for due in payments.of_person(unit.store, person.id)
        if due.entitlement.kind == "money" and due.entitlement.state in _OPEN_RIGHT
    ]
    unit.update(ENTITLEMENT, rights, ("account_id",))
    _note_makers(unit, sorted({case.roster_id for case in mine if case.roster_id}), makers)


def _note_makers(unit: Unit, roster_ids: Sequence[str], makers: Sequence[str]) -> None:
    ids = unit.ids()
    unit.insert(
        MAKER,
        [
            Maker(next(ids), "roster", roster_id, staff, "account", 1)
            for roster_id in roster_ids
            for staff in makers
            if (staff, "account") not in rosters.makers(unit.store, [roster_id])
        ],
    )
