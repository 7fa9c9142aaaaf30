"""The notices of a desk's offices, what each waits for, and one of them with its story."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rcaid.db import cards, programmes
from rcaid.db import notices as rows
from rcaid.db.notices import Count
from rcaid.db.tables import Notice, Objection
from rcaid.domain.deadlines import provisional
from rcaid.domain.errors import Problem
from rcaid.domain.filters import Test, Word, parse
from rcaid.domain.words import CHINESE, codes_of
from rcaid.domain.workflow import move
from rcaid.services.cases import Happened, happened
from rcaid.services.desk import Desk
from rcaid.services.notices import core
from rcaid.services.notices.publishing import STILL_UP, to_list

_FIELDS = {"step", "programme", "cycle", "is"}


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice in the list: its lines and their money in fen, objections that are open, and of its
    lines those that may be cleared today (``due``) and those it waits for (``left``).

    ``ends_on`` is its last day, ``running_to`` the last of all its lines; ``provisional`` says
    that the holidays of that year are not known yet.
    """

    notice: Notice
    cycle: str
    programme: str
    place: str
    lines: int
    fen: int
    struck: int
    objected: int
    due: int
    due_fen: int
    left: int
    running_to: str
    provisional: bool
    open: tuple[tuple[str, str], ...] = ()
    """Of each objection that is open, who took it down and the office of its case."""

    @property
    def number(self) -> str:
        """The number that stands on it."""
        return self.notice.number

    @property
    def state(self) -> str:
        """How far it is."""
        return self.notice.state


class Work(NamedTuple):
    """What waits: so many things worth so much (fen), ``mine`` of them for another person. ``day``
    is the last of a notice, or when the oldest objection came; ``filter`` shows them."""

    act: str
    n: int
    fen: int
    mine: int
    number: str
    day: str
    filter: str


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """A notice with its objections and its story."""

    row: NoticeRow
    objections: tuple[tuple[Objection, int], ...]
    story: tuple[Happened, ...]
    corrected_by: str


def listing(desk: Desk) -> list[NoticeRow]:
    """All notices this person may look at, the newest first."""
    offices = core.seen_from(desk)
    found = rows.of_offices(desk.store, sorted(offices))
    return rows_of(desk, [each for each in found if core.may_see(desk, each, offices)])


def rows_of(desk: Desk, found: Sequence[Notice]) -> list[NoticeRow]:
    """Notices with what stands on them, in the same order."""
    ids = [each.id for each in found]
    counted: dict[str, list[Count]] = {id: [] for id in ids}
    for count in rows.counts(desk.store, ids):
        counted[count.notice_id].append(count)
    objections: dict[str, list[Objection]] = {id: [] for id in ids}
    for each in rows.objections(desk.store, ids):
        objections[each.notice_id].append(each)
    cycles = {each.id: each for each in programmes.cycles(desk.store)}
    names = {each.id: each.code for each in programmes.programmes(desk.store)}
    return [
        _row(desk, each, cycles[each.cycle_id].code, names[cycles[each.cycle_id].programme_id],
             counted[each.id], objections[each.id])
        for each in found
    ]  # fmt: skip


def _row(
    desk: Desk, notice: Notice, cycle: str, programme: str, counts: Sequence[Count],
    objections: Sequence[Objection],
) -> NoticeRow:  # fmt: skip
    up = notice.state == "published"
    running = [each for each in counts if up and _still(each)]
    ends = notice.ends_on or ""
    due = [
        each
        for each in running
        if each.case_state == "on_notice" and (each.ends_on or ends) <= desk.day
    ]
    # Of a draft what goes up is what is still approved.
    shown = [each for each in counts if notice.state != "draft" or each.case_state == "approved"]
    last = max([ends, *(each.ends_on or "" for each in running)])
    opened = [each for each in objections if each.state == "open"]
    return NoticeRow(
        notice, cycle, programme, desk.offices.path(notice.office_id),
        sum(each.n for each in shown), sum(each.fen for each in shown),
        sum(each.n for each in counts if each.state == "struck"), len(opened),
        sum(each.n for each in due), sum(each.fen for each in due),
        sum(each.n for each in running) - sum(each.n for each in due), last,
        bool(last) and provisional(last), tuple((each.taken_by, each.office_id) for each in opened),
    )  # fmt: skip


def _still(count: Count) -> bool:
    if count.state == "struck":
        return False
    suspended = count.case_state == "suspended" and count.resume_to in STILL_UP
    return count.case_state in STILL_UP or suspended


def row_of(desk: Desk, number: str) -> NoticeRow:
    """A notice by its number; Refused notice.unknown or who.no_duty."""
    return rows_of(desk, [core.look_at(desk, number)])[0]


def card(desk: Desk, number: str) -> NoticeCard:
    """A notice in full; what was said against it is read on its own."""
    row = row_of(desk, number)
    lines = {line.case_id: line.n for line in rows.lines(desk.store, row.notice.id)}
    found = rows.objections(desk.store, [row.notice.id])
    touched = cards.touching(
        desk.store,
        [("notice", [row.notice.id]), ("objection", [each.id for each in found])],
        [number],
    )
    others = rows.of_offices(desk.store, [row.notice.office_id])
    by = next((each.number for each in others if each.corrects == number), "")
    said = tuple((each, lines.get(each.case_id, 0)) for each in found)
    return NoticeCard(row, said, tuple(happened(desk, touched)), by)


ACTIONS = {
    "notice.publish": "publish",
    "notice.close": "close",
    "notice.correct": "correct",
    "notice.cancel": "cancel",
}
"""For each act its step in the table of states."""


def why_not(desk: Desk, act: str, row: NoticeRow) -> Problem | None:
    """Why this person may not do an act on a notice in its state; None when they may."""
    where = {"login": desk.actor.login, "act": act, "office": row.place}
    if act.startswith("objection."):
        return _why_not_objection(desk, act, row, Problem("who.no_duty", where))
    if move("notice", row.state, ACTIONS[act]) is None:
        said = {"noun": row.number, "state": row.state, "action": ACTIONS[act]}
        return Problem("state.no_move", said)
    if desk.duty_for(act, row.notice.office_id) is None:
        return Problem("who.no_duty", where)
    if act == "notice.close" and row.left and not row.due:
        if row.running_to > desk.day:
            return Problem("notice.not_ended", {"notice": row.number, "day": row.running_to})
        return Problem("notice.waits", {"notice": row.number, "n": row.left})
    return None


def _why_not_objection(desk: Desk, act: str, row: NoticeRow, no_duty: Problem) -> Problem | None:
    if act == "objection.take":
        if row.state != "published":
            return Problem("notice.not_up", {"notice": row.number, "state": row.state})
    elif not row.objected and act != "objection.read":
        return Problem("notice.no_objections", {"notice": row.number})
    if act == "objection.take":
        return no_duty if desk.duty_for(act, row.notice.office_id) is None else None
    mine = [who for who, office in row.open if desk.duty_for(act, office) is not None]
    if not mine:
        return no_duty
    if act != "objection.read" and set(mine) == {desk.actor.staff_id}:
        return Problem("who.maker", {"login": desk.actor.login, "part": "objection.take"})
    return None


def work_of(desk: Desk, reach: Callable[[str], Sequence[str]]) -> Iterator[Work]:
    """What waits for a person here, each with the act it is for; ``reach`` gives the offices in
    which they may do an act."""
    offices = reach("notice.draft")
    free = to_list(desk, desk.store, offices) if offices else []
    if free:
        yield Work("notice.draft", len(free), sum(each.fen for each in free), 0, "", "", "")
    offices = reach("notice.publish")
    mine = rows_of(desk, rows.standing(desk.store, offices)) if offices else []
    for row in mine:
        if row.state == "draft" and row.lines:
            yield Work("notice.publish", row.lines, row.fen, 0, row.number, "", row.number)
        elif row.due:
            ends = row.notice.ends_on or ""
            yield Work("notice.close", row.due, row.due_fen, 0, row.number, ends, row.number)
    offices = reach("objection.dismiss")
    said = rows.open_objections(desk.store, offices) if offices else []
    own = sum(1 for each in said if each.taken_by == desk.actor.staff_id)
    if len(said) > own:
        days = min(each.received_on for each in said)
        yield Work("objection.decide", len(said), 0, own, "", days, "is:objected")


def page(desk: Desk, filter_text: str = "") -> list[NoticeRow] | Problem:
    """The notices that fit, the newest first, or what is wrong with the filter.

    A word is a part of the number, the place or the programme.
    """
    wanted = parse(filter_text, _FIELDS)
    if isinstance(wanted, Problem):
        return wanted
    tests = []
    for item in wanted.items:
        test = _test(item)
        if isinstance(test, Problem):
            return test
        tests.append(test)
    return [each for each in listing(desk) if all(test(each) for test in tests)]


def _test(item: Word | Test) -> Callable[[NoticeRow], bool] | Problem:
    if isinstance(item, Test) and item.field == "step":
        codes = [code for value in item.values for code in codes_of("notice", value.text)]
        if not codes:
            return _unknown(item, CHINESE["notice"])
        return lambda row: (row.state in codes) is not item.negated
    if isinstance(item, Test) and item.field == "is":
        flags = {value.text for value in item.values}
        if not flags <= {"objected", "draft"}:
            return _unknown(item, {"objected": "有异议", "draft": "草稿"})
        return lambda row: (
            bool(("objected" in flags and row.objected) or row.state in flags) is not item.negated
        )
    texts = [item.text] if isinstance(item, Word) else [value.text for value in item.values]
    asked = [text.casefold() for text in texts]

    def holds(row: NoticeRow) -> bool:
        stands: tuple[str, ...] = (row.number, row.place, row.programme)
        if isinstance(item, Test):
            stands = (row.programme,) if item.field == "programme" else (row.cycle,)
        fits = any(text in each.casefold() for text in asked for each in stands)
        return fits is not item.negated

    return holds


def _unknown(item: Test, known: dict[str, str]) -> Problem:
    words: Iterable[str] = known.keys() if item.typed.isascii() else known.values()
    said = {"field": item.typed or item.field, "typed": item.values[0].text}
    return Problem("filter.names_one_of", {**said, "known": ", ".join(words)})
