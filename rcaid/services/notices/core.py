"""What every act on a notice needs: the notice, its clock, and its public text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from rcaid.db import notices as rows
from rcaid.db import people, programmes
from rcaid.db.applications import Applied
from rcaid.db.engine import Store
from rcaid.db.tables import Cycle, Notice, NoticeLine
from rcaid.domain.deadlines import add_days, add_workdays, age
from rcaid.domain.errors import Broken, Problem, Refused
from rcaid.domain.programmes import Programme as Rules
from rcaid.domain.public_lines import (
    UNNAMED,
    PublicLine,
    PublicNotice,
    line_of,
    restored,
    told_apart,
    written,
)
from rcaid.domain.workflow import move
from rcaid.services.desk import Desk
from rcaid.services.programmes import rules_on
from rcaid.services.shown import CHILD


def find(desk: Desk, number: str) -> Notice:
    """The notice of a number; Refused notice.unknown."""
    found = rows.by_number(desk.store, number)
    if found is None:
        raise Refused(Problem("notice.unknown", {"notice": number}))
    return found


_INSIDE = ("draft", "cancelled")
"""States in which a notice is nobody's business but its own office's."""


def seen_from(desk: Desk) -> set[str]:
    """The offices whose notices concern this person: their own, those below, and those above, on
    whose notices their cases stand."""
    found = set(desk.reach("notice.list"))
    for id in list(found):
        above = desk.offices.by_id[id].parent_id
        while above is not None and above not in found:
            found.add(above)
            above = desk.offices.by_id[above].parent_id
    return found


def may_see(desk: Desk, notice: Notice, offices: set[str]) -> bool:
    """Whether a notice of these offices is seen here: of an office above, what was published."""
    if desk.duty_for("notice.list", notice.office_id) is not None:
        return True
    return notice.office_id in offices and notice.state not in _INSIDE


def look_at(desk: Desk, number: str) -> Notice:
    """The notice of a number that this person may see; Refused notice.unknown, who.no_duty."""
    notice = find(desk, number)
    if not may_see(desk, notice, seen_from(desk)):
        desk.require("notice.list", notice.office_id)
    return notice


def target_of(notice: Notice, action: str) -> str:
    """The state an act takes a notice to; Refused state.no_move."""
    row = move("notice", notice.state, action)
    if row is None:
        facts = {"noun": notice.number, "state": notice.state, "action": action}
        raise Refused(Problem("state.no_move", facts))
    return row.target


def cycle_of(desk: Desk, notice: Notice) -> Cycle:
    """The cycle whose cases stand on a notice."""
    return next(each for each in programmes.cycles(desk.store) if each.id == notice.cycle_id)


def last_day(first: str, days: int, unit: str) -> str:
    """The last day of a notice that goes up on ``first``; that day itself does not count."""
    return add_workdays(first, days) if unit == "workdays" else add_days(first, days)


def period_of(desk: Desk, cycle: Cycle, applied: Iterable[Applied]) -> tuple[int, str]:
    """How long these cases have to be public: the longest that the rules of any of them ask for,
    each by the rules in force when it was received (BR-020, BR-050)."""
    asked = [
        (rules.decide.notice_days, rules.decide.notice_unit)
        for rules in _rules(desk, cycle, applied).values()
    ]
    return max(asked, key=lambda each: (last_day(desk.day, *each), each))


def _rules(desk: Desk, cycle: Cycle, applied: Iterable[Applied]) -> dict[str, Rules]:
    days = {each.said.received_on for each in applied}
    return {day: rules_on(desk, cycle.programme_id, day) for day in days}


def public_lines(
    desk: Desk, store: Store, cycle: Cycle, applied: Sequence[Applied]
) -> list[PublicLine]:
    """What the public may read of these cases today, in their order (BR-051 to BR-053)."""
    rules = _rules(desk, cycle, applied)
    persons = people.standing(store, {each.case.person_id for each in applied})
    asked = {each.case.person_id for each in applied} | {each.id for each in persons.values()}
    consents = rows.may_be_named(store, asked)
    goods = {item.id: item.name for item in programmes.items(store)}
    found = []
    for case, said in applied:
        person = persons[case.person_id]
        given = [consents[id] for id in (case.person_id, person.id) if id in consents]
        hidden = {case.category, said.disease} & set(rules[said.received_on].sensitive)
        named = (
            said.may_publish == 1
            and all(given)
            and not hidden
            and person.born is not None
            and age(person.born, desk.day) >= CHILD
        )
        names = rules[said.received_on].categories
        secret = case.category in hidden
        found.append(
            line_of(
                person.name or "", case.case_no, code_only=not named,
                place=desk.offices.path(case.office_id),
                category=UNNAMED if secret else names.get(case.category or "", UNNAMED),
                fen=case.fen, goods=goods.get(case.item_id or "", ""), qty=case.qty,
            )
        )  # fmt: skip
    return told_apart(found)


def compose(
    desk: Desk,
    notice: Notice,
    cycle: Cycle,
    lines: Sequence[PublicLine],
    fen: int,
    struck: Sequence[int] = (),
) -> PublicNotice:
    """A notice with its text, as it would read if it went up today, or on the day it did."""
    names = {each.id: each.name for each in programmes.programmes(desk.store)}
    kind = "更正公示" if notice.corrects else "公示"
    starts = notice.starts_on or desk.day
    made = PublicNotice(
        desk.society, f"{names[cycle.programme_id]}拟救助名单{kind}（{cycle.label}）", notice.number,
        starts, notice.ends_on or last_day(starts, notice.days, notice.unit), notice.days,
        notice.unit, notice.phone, tuple(lines), fen, notice.corrects or "", notice.why or "",
        tuple(struck),
    )  # fmt: skip
    return _with_text(made, written(made))


def _with_text(made: PublicNotice, text: str) -> PublicNotice:
    from dataclasses import replace

    return replace(made, text=text)


def digest(text: str) -> str:
    """The SHA-256 of a text as it is written to a file."""
    return hashlib.sha256(text.encode()).hexdigest()


def published(desk: Desk, notice: Notice, lines: Sequence[NoticeLine]) -> PublicNotice:
    """A notice as it was published, byte for byte; Broken when its text was changed since."""
    text = notice.content or ""
    if digest(text) != notice.sha256:
        raise Broken(Problem("notice.changed", {"notice": notice.number}))
    shown = [restored(line.shown) for line in lines]
    made = compose(desk, notice, cycle_of(desk, notice), shown, 0)
    return _with_text(made, text)
