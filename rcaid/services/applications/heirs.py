"""What somebody who died was entitled to: it goes to an heir, or ends."""

from __future__ import annotations

from rcaid.db import changes, people
from rcaid.db.applications import Applied
from rcaid.db.tables import RELATION, Account, ChangeRequest, Person, Relation
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.workflow import move
from rcaid.services import case_steps
from rcaid.services.applications.commitment import commit, digest_of, entitle, undo
from rcaid.services.applications.deciding import approvals, round_of
from rcaid.services.applications.judging import person_of
from rcaid.services.applications.voiding import note_makers
from rcaid.services.desk import Desk


def heir(desk: Desk, case_no: str, person_id: str, relation: str, *, opinion: str = "") -> Entry:
    """Gives the right of somebody who died to an heir on file, whose account a second person
    confirmed; by an approver without a part in either (BR-016, 065)."""
    found = _of_the_dead(desk, case_no, "case.heir", "heir")
    case_steps.kept_apart(desk, found, "approve")
    person = people.many(desk.store, [person_id]).get(person_id)
    if person is None or person.state != "live" or person.id == found.case.person_id:
        raise Refused(Problem("state.gone", {"noun": "person", "id": person_id}))
    asked, account = _confirmed(desk, found, person)
    staff = [asked.asked_by, *([asked.decided_by] if asked.decided_by else [])]
    if desk.actor.staff_id in staff:
        raise Refused(Problem("who.maker", {"login": desk.actor.login, "part": "account"}))

    def work(unit: Unit) -> None:
        unit.store.lock("aid_case", "id", [found.case.id])
        _relate(unit, found, person, relation)
        case, fund = found.case, found.said.fund_id or ""
        undo(unit, case)
        done = case_steps.step(
            desk, unit, found, "heir", duty="approver", opinion=opinion, resume_to=None
        )
        text = digest_of(case._replace(person_id=person.id), account.hash, fund)
        note_makers(unit, case.id, staff, "account")
        approvals(desk, unit, case, "heir", text)
        commit(unit, done.case, fund, case.fen or 0)
        into = round_of(desk, done)
        entitle(unit, done.case, into, fund, person_id=person.id, account_id=account.id)

    case = found.case
    return desk.write("case.heir", case.office_id, work, object=case.case_no)[1]


def _of_the_dead(desk: Desk, case_no: str, act: str, action: str) -> Applied:
    found = case_steps.find(desk, case_no, act)
    case_steps.target_of(found, action)
    before = found.said.resume_to or ""
    open_ = before == "entitled" or (action == "cancel" and move("case", before, "death"))
    if not open_ or person_of(desk, found).state != "deceased":
        facts = {"noun": found.case.case_no, "state": found.case.state, "action": action}
        raise Refused(Problem("state.no_move", facts))
    return found


def _confirmed(desk: Desk, found: Applied, person: Person) -> tuple[ChangeRequest, Account]:
    """The newest account of the heir that a second person confirmed."""
    asked = [
        each
        for each in changes.of_person(desk.store, person.id)
        if each.field == "account" and each.state == "confirmed" and each.sealed
    ]
    if asked:
        after = desk.keys.open("change_request", asked[-1].id, asked[-1].sealed or b"")[1]["after"]
        hashed = desk.keys.hash64(f"account:{after['number']}")
        for account in reversed(people.accounts_by_hash(desk.store, [hashed])):
            if account.person_id == person.id and account.sealed is not None:
                return asked[-1], account
    raise Refused(Problem("case.heir_account", {"case": found.case.case_no}))


def _relate(unit: Unit, found: Applied, person: Person, relation: str) -> None:
    id = unit.new_id()
    sealed = unit.seal(RELATION)(id, {"name": person.name or "", "relation": relation})
    dead = found.case.person_id
    unit.insert(RELATION, [Relation(id, dead, "heir", found.case.office_id, person.id, sealed, 1)])


def cancel(desk: Desk, case_no: str, reason: str) -> Entry:
    """Ends the case of somebody who died: nobody gets it, and its money is available again."""
    found = _of_the_dead(desk, case_no, "case.cancel", "cancel")
    if not reason:
        raise Refused(Problem("application.reason"))

    def work(unit: Unit) -> None:
        undo(unit, found.case)
        case_steps.step(desk, unit, found, "cancel", duty="approver", reason=reason, resume_to=None)

    case = found.case
    return desk.write("case.cancel", case.office_id, work, object=case.case_no, reason=reason)[1]
