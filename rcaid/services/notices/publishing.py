"""From approved cases to a notice that is up, and from its last day to cases that are cleared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rcaid.db import applications, programmes
from rcaid.db import notices as rows
from rcaid.db.applications import Applied
from rcaid.db.engine import Store
from rcaid.db.notices import Waiting
from rcaid.db.tables import NOTICE, NOTICE_LINE, Cycle, Notice, NoticeLine
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.identity import check_phone
from rcaid.domain.public_lines import PublicLine, stored
from rcaid.services.case_steps import step
from rcaid.services.desk import Desk
from rcaid.services.notices import core
from rcaid.services.programmes import cycle as cycle_named
from rcaid.services.programmes import rules_on

STILL_UP = ("on_notice", "objected")
"""States of a case that its notice still has to do with."""


class ToList(NamedTuple):
    """A cycle with approved cases that are on no notice: how many, and their money in fen."""

    cycle: str
    label: str
    programme: str
    n: int
    fen: int


def to_list(desk: Desk, store: Store, offices: Sequence[str]) -> list[Waiting]:
    """Approved cases of these offices that are on no draft and whose rules ask for a notice."""
    cycles = {each.id: each for each in programmes.cycles(store)}
    asked: dict[tuple[str, str], bool] = {}
    found = []
    for each in rows.to_list(store, offices):
        key = (cycles[each.cycle_id].programme_id, each.received_on)
        if key not in asked:
            asked[key] = rules_on(desk, *key).decide.notice_days > 0
        if asked[key]:
            found.append(each)
    return found


def waiting(desk: Desk) -> list[ToList]:
    """The cycles with approved cases that this person may put on a notice, the newest first."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for each in to_list(desk, desk.store, desk.reach("notice.draft")):
        found[each.cycle_id][0] += 1
        found[each.cycle_id][1] += each.fen
    names = {each.id: each.name for each in programmes.programmes(desk.store)}
    return [
        ToList(each.code, each.label, names[each.programme_id], *found[each.id])
        for each in reversed(programmes.cycles(desk.store))
        if each.id in found
    ]


def usual_phone(desk: Desk) -> str:
    """The telephone of the office's last notice, "" before its first."""
    return rows.last_phone(desk.store, desk.office_for("notice.draft").id)


def draft(desk: Desk, cycle: str, *, office: str = "", phone: str) -> tuple[Notice, Entry]:
    """Puts all approved cases of a cycle, of an office and below, on the draft of a notice.

    Refused notice.nothing when there is none, phone.* for what is no telephone.
    """
    found = cycle_named(desk, cycle)
    place = desk.offices.by_code.get(office) if office else desk.office_for("notice.draft")
    if place is None:
        raise Refused(Problem("office.unknown", {"value": office}))
    desk.require("notice.draft", place.id)
    checked = check_phone(phone)
    if isinstance(checked, Problem):
        raise Refused(checked)
    below = desk.offices.below(place.id)

    def work(unit: Unit) -> Notice:
        unit.store.lock("cycle", "id", [found.id])
        listed = to_list(desk, unit.store, below)
        ids = [each.case_id for each in listed if each.cycle_id == found.id]
        if not ids:
            raise Refused(Problem("notice.nothing", {"cycle": cycle, "office": place.name}))
        applied = applications.of_cases(unit.store, ids)
        days, kind = core.period_of(desk, found, applied)
        made = Notice(
            unit.new_id(), next_number(unit, found), place.id, found.id, "draft", days, kind,
            None, None, phone.strip(), None, None, None, None, 1,
        )  # fmt: skip
        unit.insert(NOTICE, [made])
        put_lines(unit, made, applied, core.public_lines(desk, unit.store, found, applied))
        return made

    return desk.write("notice.draft", place.id, work, object=lambda made: made.number)


def next_number(unit: Unit, cycle: Cycle) -> str:
    """The next number of a cycle, like 22F-N-001; the cycle is locked."""
    prefix = f"{cycle.code}-N-"
    return f"{prefix}{rows.numbered(unit.store, prefix) + 1:03}"


def put_lines(
    unit: Unit, notice: Notice, applied: Sequence[Applied], shown: Sequence[PublicLine]
) -> None:
    """Inserts the lines of a notice, numbered from 1."""
    ids = unit.ids()
    unit.insert(
        NOTICE_LINE,
        [
            NoticeLine(next(ids), notice.id, each.case.id, n, stored(line), "listed", None, 1)
            for n, (each, line) in enumerate(zip(applied, shown, strict=True), 1)
        ],
    )


def cancel(desk: Desk, number: str) -> Entry:
    """Gives a draft up; its cases wait for another one."""
    notice = core.find(desk, number)
    desk.require("notice.cancel", notice.office_id)
    target = core.target_of(notice, "cancel")

    def work(unit: Unit) -> None:
        unit.update(NOTICE, [notice._replace(state=target)], ("state",))

    return desk.write("notice.cancel", notice.office_id, work, object=number)[1]


def going(store_unit: Unit, notice: Notice) -> list[Applied]:
    """The cases of a draft that are still approved."""
    ids = [line.case_id for line in rows.lines(store_unit.store, notice.id)]
    found = applications.of_cases(store_unit.store, ids)
    return [each for each in found if each.case.state == "approved"]


def publish(desk: Desk, number: str, *, expect: int | None = None) -> tuple[Notice, Entry]:
    """Puts a draft up: its cases are on notice from today, its text is fixed with its SHA-256.

    Its last day counts by the work calendar (BR-050). Cases that are no longer approved stay out;
    Refused act.expected when so many go up as were not reviewed.
    """
    notice = core.find(desk, number)
    duty = desk.require("notice.publish", notice.office_id)
    target = core.target_of(notice, "publish")
    cycle = core.cycle_of(desk, notice)

    def work(unit: Unit) -> Notice:
        applied = going(unit, notice)
        if expect not in (None, len(applied)):
            raise Refused(Problem("act.expected", {"expected": expect, "now": len(applied)}))
        if not applied:
            raise Refused(Problem("notice.nothing", {"cycle": cycle.code, "office": number}))
        days, kind = core.period_of(desk, cycle, applied)
        up = notice._replace(
            state=target, days=days, unit=kind, starts_on=unit.day,
            ends_on=core.last_day(unit.day, days, kind),
        )  # fmt: skip
        lines = core.public_lines(desk, unit.store, cycle, applied)
        text = core.compose(desk, up, cycle, lines, sum(a.case.fen or 0 for a in applied)).text
        up = up._replace(content=text, sha256=core.digest(text))
        columns = ("state", "days", "unit", "starts_on", "ends_on", "content", "sha256")
        _strike_earlier(unit, applied)
        unit.update(NOTICE, [up], columns)
        unit.delete(NOTICE_LINE, rows.lines(unit.store, notice.id))
        put_lines(unit, up, applied, lines)
        for each in applied:
            step(desk, unit, each, "list", duty=duty)
        return up._replace(version=up.version + 1)

    return desk.write("notice.publish", notice.office_id, work, object=number, duty=duty,
                      note=lambda up: {"sha256": up.sha256})  # fmt: skip


def _strike_earlier(unit: Unit, applied: Sequence[Applied]) -> None:
    """A case that was decided anew stands on its new notice alone: the days of the earlier one are
    over for it (BR-050)."""
    earlier = [
        line
        for each in applied
        if (line := rows.standing_line(unit.store, each.case.id)) and line.state != "struck"
    ]
    unit.update(NOTICE_LINE, [each._replace(state="struck") for each in earlier], ("state",))


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing a notice did: cases cleared, and what of it is objected to, suspended, or has
    days to run."""

    number: str
    state: str
    cleared: int
    left: int


def close(desk: Desk, number: str) -> tuple[Closed, Entry]:
    """Clears what stood on a notice to its last day with nothing said against it (BR-050).

    The notice stays up while lines are objected to or have days to run; Refused before the end of
    all that is left on it.
    """
    notice = core.find(desk, number)
    duty = desk.require("notice.close", notice.office_id)
    core.target_of(notice, "close")

    def work(unit: Unit) -> Closed:
        lines = {line.case_id: line for line in rows.lines(unit.store, notice.id)}
        clean, left = sorted_out(unit.day, notice, lines, applications.of_cases(unit.store, lines))
        if not clean and left:
            raise Refused(why_not_yet(notice, lines, left))
        target = core.target_of(notice, "clear" if left else "close")
        unit.update(NOTICE, [notice._replace(state=target)], ("state",))
        for each in clean:
            step(desk, unit, each, "clear", duty=duty)
        return Closed(number, target, len(clean), len(left))

    return desk.write("notice.close", notice.office_id, work, object=number, duty=duty)


def sorted_out(
    day: str, notice: Notice, lines: dict[str, NoticeLine], applied: Sequence[Applied]
) -> tuple[list[Applied], list[Applied]]:
    """The cases of a notice that are clean and at their end on a day, and those it waits for."""
    clean, left = [], []
    for each in applied:
        state = each.case.state
        if lines[each.case.id].state == "struck":
            continue
        if state == "on_notice" and (lines[each.case.id].ends_on or notice.ends_on or "") <= day:
            clean.append(each)
        elif state in STILL_UP or (state == "suspended" and each.said.resume_to in STILL_UP):
            left.append(each)
    return clean, left


def why_not_yet(
    notice: Notice, lines: dict[str, NoticeLine], left: Sequence[Applied]
) -> list[Problem]:
    """What a notice waits for: its last day, or objections and suspended cases."""
    running = [each for each in left if each.case.state == "on_notice"]
    if running:
        day = min(lines[each.case.id].ends_on or notice.ends_on or "" for each in running)
        return [Problem("notice.not_ended", {"notice": notice.number, "day": day})]
    return [Problem("notice.waits", {"notice": notice.number, "n": len(left)})]
