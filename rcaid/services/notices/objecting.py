"""Objections to a line of a notice: taken down, then decided by another person (BR-054)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from rcaid.db import applications
from rcaid.db import notices as rows
from rcaid.db.applications import Applied
from rcaid.db.tables import NOTICE_LINE, OBJECTION, Notice, NoticeLine, Objection
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.workflow import move
from rcaid.services.applications.commitment import give_back
from rcaid.services.case_steps import not_recused, step
from rcaid.services.desk import Desk
from rcaid.services.disasters import checked_text
from rcaid.services.notices import core


class Said(NamedTuple):
    """An objection with what was said; ``who`` is "" for somebody who gave no name."""

    objection: Objection
    line: int
    case_no: str
    text: str
    who: str


def object(desk: Desk, number: str, line: int, text: str, who: str = "") -> tuple[Objection, Entry]:
    """Takes an objection to a line down; the case stops. What is said and by whom is kept sealed.

    Refused notice.not_up for a notice that is not up, notice.line for a line it has not.
    """
    notice = core.find(desk, number)
    duty = desk.require("objection.take", notice.office_id)
    if notice.state != "published":
        raise Refused(Problem("notice.not_up", {"notice": number, "state": notice.state}))
    at = next((each for each in rows.lines(desk.store, notice.id) if each.n == line), None)
    found = applications.of_case(desk.store, at.case_id) if at else None
    if at is None or found is None or at.state == "struck":
        raise Refused(Problem("notice.line", {"notice": number, "line": line}))
    not_recused(desk, found.case)
    said = {"text": checked_text("text", text), "who": who.strip()}

    def work(unit: Unit) -> Objection:
        id = unit.new_id()
        made = Objection(
            id, notice.id, found.case.id, found.case.office_id, "open", unit.day,
            desk.actor.staff_id, None, None, None, unit.seal(OBJECTION)(id, said), 1,
        )  # fmt: skip
        unit.insert(OBJECTION, [made])
        if found.case.state != "objected":
            step(desk, unit, found, "object", duty=duty)
            unit.update(NOTICE_LINE, [at._replace(state="objected")], ("state",))
        return made

    return desk.write(
        "objection.take", notice.office_id, work, object=f"{number}:{line}", duty=duty
    )


def dismiss(desk: Desk, objection_id: str, reason: str, opinion: str = "") -> Entry:
    """Finds an objection to have no ground; not by who took it down.

    With the last one the case is on notice again, and its days begin anew.
    """

    def work(unit: Unit, decided: _Decided) -> None:
        if decided.others or decided.found.case.state != "objected":
            return
        step(
            desk, unit, decided.found, "dismiss", duty=decided.duty, reason=reason, opinion=opinion
        )
        line, notice = decided.line, decided.notice
        if line is not None:
            ends = core.last_day(unit.day, notice.days, notice.unit)
            unit.update(
                NOTICE_LINE, [line._replace(state="listed", ends_on=ends)], ("state", "ends_on")
            )

    return _decide(desk, objection_id, "dismiss", reason, work)


def uphold(desk: Desk, objection_id: str, reason: str, opinion: str = "") -> Entry:
    """Finds an objection to be right; not by who took it down. The case is rejected, its line
    struck, and what else was said against it is decided with it (BR-054)."""

    def work(unit: Unit, decided: _Decided) -> None:
        if decided.found.case.state == "objected":
            reject(desk, unit, decided.found, decided.duty, reason, opinion)
        if decided.line is not None:
            unit.update(NOTICE_LINE, [decided.line._replace(state="struck")], ("state",))
        _settle(desk, unit, decided.others, "upheld", reason)

    return _decide(desk, objection_id, "uphold", reason, work)


def reject(desk: Desk, unit: Unit, found: Applied, duty: str, reason: str, opinion: str) -> None:
    """Rejects an objected case; what was set aside for it is available again."""
    step(desk, unit, found, "uphold", duty=duty, reason=reason, opinion=opinion,
         rejected_on=unit.day)  # fmt: skip
    give_back(unit, found.case)


class _Decided(NamedTuple):
    notice: Notice
    line: NoticeLine | None
    found: Applied
    others: list[Objection]
    duty: str


def _decide(
    desk: Desk,
    objection_id: str,
    action: str,
    reason: str,
    work: Callable[[Unit, _Decided], None],
) -> Entry:
    objection = rows.objection(desk.store, objection_id)
    found = applications.of_case(desk.store, objection.case_id) if objection else None
    if objection is None or found is None:
        raise Refused(Problem("state.gone", {"noun": "objection", "id": objection_id}))
    act = f"objection.{action}"
    duty = desk.require(act, objection.office_id)
    row = move("objection", objection.state, action)
    if row is None:
        facts = {"noun": found.case.case_no, "state": objection.state, "action": action}
        raise Refused(Problem("state.no_move", facts))
    not_recused(desk, found.case)
    target = row.target

    def inside(unit: Unit) -> None:
        line = rows.standing_line(unit.store, found.case.id)
        notice = rows.by_id(unit.store, line.notice_id if line else objection.notice_id)
        assert notice is not None
        others = [o for o in rows.open_of_case(unit.store, found.case.id) if o.id != objection.id]
        apart(desk, [objection, *(others if action == "uphold" else ())])
        work(unit, _Decided(notice, line, found, others, duty))
        _settle(desk, unit, [objection], target, reason)

    number = f"{found.case.case_no}"
    return desk.write(act, objection.office_id, inside, object=number, reason=reason, duty=duty)[1]


def apart(desk: Desk, objections: list[Objection]) -> None:
    """Refused who.maker for somebody who took one of these down."""
    if any(each.taken_by == desk.actor.staff_id for each in objections):
        facts: dict[str, Any] = {"login": desk.actor.login, "part": "objection.take"}
        raise Refused(Problem("who.maker", facts))


def _settle(desk: Desk, unit: Unit, objections: list[Objection], state: str, reason: str) -> None:
    decided = [
        each._replace(
            state=state, decided_by=desk.actor.staff_id, decided_on=unit.day, reason=reason
        )
        for each in objections
    ]
    unit.update(OBJECTION, decided, ("state", "decided_by", "decided_on", "reason"))


def open_on(desk: Desk, number: str, line: int) -> list[Objection]:
    """The objections to a line that nobody has decided on; Refused notice.no_objection."""
    notice = core.look_at(desk, number)
    at = next((each for each in rows.lines(desk.store, notice.id) if each.n == line), None)
    found = rows.open_of_case(desk.store, at.case_id) if at else []
    if not found:
        raise Refused(Problem("notice.no_objection", {"notice": number, "line": line}))
    return found


def read(desk: Desk, number: str) -> list[Said]:
    """The objections to a notice with what was said, of cases of one's own offices; reading them is
    recorded first."""
    notice = core.look_at(desk, number)
    act = "objection.read"
    every = rows.objections(desk.store, [notice.id])
    found = [each for each in every if desk.duty_for(act, each.office_id) is not None]
    desk.look(act, found[0].office_id if found else notice.office_id, number)
    lines = {line.case_id: line.n for line in rows.lines(desk.store, notice.id)}
    cases = {
        a.case.id: a.case for a in applications.of_cases(desk.store, [o.case_id for o in found])
    }
    result = []
    for each in found:
        said = (
            desk.keys.open("objection", each.id, bytes(each.sealed or b""))[1]
            if each.sealed
            else {}
        )
        result.append(
            Said(each, lines.get(each.case_id, 0), cases[each.case_id].case_no,
                 said.get("text", ""), said.get("who", ""))
        )  # fmt: skip
    return result
