"""The lists of the program: a page at a time, narrowed by the filter language, masked."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from rcaid.db import lists as rows
from rcaid.db import offices as office_rows
from rcaid.db import people, programmes, summaries
from rcaid.db.engine import Row
from rcaid.db.lists import MOST_COUNTED, PLACES, Asked, Condition
from rcaid.db.tables import Person
from rcaid.domain.deadlines import age
from rcaid.domain.errors import Problem
from rcaid.domain.filters import parse
from rcaid.domain.names import mask
from rcaid.services import finding
from rcaid.services.desk import Desk
from rcaid.services.filtering import Resolved, allowed, resolve
from rcaid.services.finding import CHILD, PersonLine
from rcaid.services.quota_lists import COUNTED_STATES

DEFAULT_SORT = {"rosters": "-roster", "batches": "-", "imports": "-"}
MOST_MARKED = 100_000


class CaseRow(NamedTuple):
    """A line of the case list. ``name`` is masked unless ``full``; category and hardship are empty
    for those who see no need."""

    id: str
    case_no: str
    name: str
    sex: str
    age: int | None
    place: str
    office_id: str
    cycle: str
    roster: str
    roster_state: str
    rounds: str
    category: str
    hardship: str
    hardship_until: str
    state: str
    fen: int | None
    item: str
    qty: int | None
    person_id: str
    person_state: str
    full: bool
    version: int
    lane: str = "B"
    due_on: str = ""
    paused: bool = False


class RosterRow(NamedTuple):
    """A roster: its lines that count, their money in fen, who had a part in it (staff id, act)."""

    id: str
    number: str
    cycle: str
    programme: str
    office_id: str
    place: str
    state: str
    rounds: str
    lines: int
    fen: int
    opened_on: str
    supplement: bool
    parts: tuple[tuple[str, str], ...]
    version: int


class BatchRow(NamedTuple):
    """A batch of money or goods."""

    id: str
    number: str
    round: str
    office_id: str
    place: str
    kind: str
    state: str
    lines: int
    fen: int
    qty: int
    left_out: int
    released_on: str
    parts: tuple[tuple[str, str], ...]
    version: int


class ImportRow(NamedTuple):
    """A file that was taken in; ``rejected`` and ``undecided`` are the rows that were not."""

    id: str
    kind: str
    cycle: str
    office_id: str
    place: str
    file_name: str
    login: str
    state: str
    applied_on: str
    read: int
    new: int
    updated: int
    unchanged: int
    rejected: int
    fen: int
    version: int
    undecided: int = 0


AnyRow = CaseRow | RosterRow | BatchRow | ImportRow | PersonLine


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page. ``next_key`` and ``before_key`` are "" at an end. ``total`` is None when it was not
    asked for; ``capped`` says that counting stopped at 10,000, and then ``total_fen`` is None.
    ``problem`` with ``warning`` is something to say beside the rows; without, there are none."""

    rows: tuple[AnyRow, ...]
    next_key: str = ""
    before_key: str = ""
    total: int | None = None
    total_fen: int | None = None
    capped: bool = False
    problem: Problem | None = None


def page(
    desk: Desk,
    place: str,
    filter_text: str = "",
    after: str = "",
    limit: int = 200,
    sort: str = "",
    *,
    backward: bool = False,
    counted: bool = True,
) -> ListPage:
    """Up to ``limit`` rows of a list behind the key ``after``, or with ``backward`` before it.

    ``place`` is cases, rosters, people, batches or imports; a sort in the filter goes before
    ``sort``. Refused who.no_duty for who may not open the list.
    """
    asked = _asked(desk, place, filter_text, sort)
    if isinstance(asked, Problem):
        return ListPage((), problem=asked)
    narrowed, asking, warning = asked
    asking = asking._replace(after=_key(after), backward=backward)
    found = rows.page(desk.store, asking, limit + 1)
    more = len(found) > limit
    found = (found[1:] if backward else found[:limit]) if more else found
    ends = [json.dumps(list(row[:2])) for row in (found[:1] + found[-1:])]
    has_next = bool(found) and (more if not backward else bool(after))
    has_before = bool(found) and (bool(after) if not backward else more)
    total, fen, capped = _total(desk, place, narrowed, asking) if counted else (None, None, False)
    return ListPage(
        tuple(_ROWS[place](desk, [row[2:] for row in found])),
        ends[-1] if has_next else "",
        ends[0] if has_before else "",
        total,
        fen,
        capped,
        warning,
    )


def marks(desk: Desk, place: str, filter_text: str = "") -> list[tuple[str, int, int]]:
    """Id, money in fen and version of everything that fits, all pages of it."""
    asked = _asked(desk, place, filter_text, "")
    if isinstance(asked, Problem):
        return []
    found = [
        (str(id), int(fen), int(version))
        for id, fen, version in rows.everything(desk.store, asked[1], MOST_MARKED)
    ]
    if place != "rosters":
        return found
    sums = summaries.roster_sums(desk.store, [id for id, _, _ in found])
    return [(id, sums.get(id, (0, 0))[1], version) for id, _, version in found]


def _asked(
    desk: Desk, place: str, filter_text: str, sort: str
) -> tuple[Resolved, Asked, Problem | None] | Problem:
    wanted = parse(filter_text, allowed(desk, place))
    if isinstance(wanted, Problem):
        return wanted
    narrowed = resolve(desk, place, wanted)
    if isinstance(narrowed, Problem):
        return narrowed
    sort = wanted.sort or sort or DEFAULT_SORT.get(place, "")
    known = PLACES[place].sorts
    if sort.lstrip("-") not in ("", *known):
        return Problem("filter.no_sort", {"field": sort.lstrip("-"), "known": ", ".join(known)})
    if place == "people":
        gone = Condition("alive", "in", ("live", "deceased"))
        narrowed.conditions.append(gone)
    warning = None
    if narrowed.ignored:
        flags = ", ".join(narrowed.ignored)
        warning = Problem("filter.not_kept", {"flags": flags}, warning=True)
    return narrowed, Asked(place, tuple(narrowed.conditions), sort), warning


def _key(after: str) -> tuple[Any, Any] | None:
    """The key a page begins behind; a text that is no key begins at the start."""
    try:
        value, key = json.loads(after) if after else (None, None)
    except (ValueError, TypeError):
        return None
    return None if key is None else (value, key)


def _total(
    desk: Desk, place: str, narrowed: Resolved, asked: Asked
) -> tuple[int, int | None, bool]:
    """How many fit and their money: from the summaries where they carry it, else counted."""
    if place == "cases" and narrowed.plain:
        tests = {c.field: c for c in narrowed.conditions if c.field != "office"}
        same = [
            standing
            for machine in ("line", "case")
            for standing in summaries.standing(desk.store, machine, narrowed.offices)
            if all(
                tests[name].holds(value)
                for name, value in (
                    ("step", standing.state),
                    ("category", standing.category),
                    ("cycle", standing.cycle_id),
                )
                if name in tests
            )
        ]
        if len(tests) == sum(1 for c in narrowed.conditions if c.field != "office"):
            return sum(s.n for s in same), sum(s.fen for s in same), False
    n, fen = rows.count(desk.store, asked)
    if n > MOST_COUNTED:
        return MOST_COUNTED, None, True
    if place == "rosters":
        fen = sum(each[1] for each in _rosters_that_fit(desk, asked))
    return n, None if place == "people" else fen, False


def _rosters_that_fit(desk: Desk, asked: Asked) -> list[tuple[str, int]]:
    """The rosters that fit, by number, with their money in fen."""
    found = rows.page(desk.store, asked._replace(after=None, backward=False), MOST_COUNTED)
    return [(row.number, row.fen) for row in roster_rows(desk, [row[2:] for row in found])]


# --- rows


def _case_rows(desk: Desk, found: Sequence[Row]) -> list[CaseRow]:
    cycles = {each.id: each.code for each in programmes.cycles(desk.store)}
    items = {each.id: each.name for each in programmes.items(desk.store)}
    in_full = cache(desk.names_in_full)
    paths = cache(desk.offices.path)
    today = desk.day
    made = []
    for (
        id, case_no, _, roster, roster_state, rounds, office, cycle, category, hardship, until, state, fen,
        item, qty, version, person, name, sex, born, died, person_state, lives_in, lane, due,
        paused,
    ) in found:  # fmt: skip
        full = in_full(office)
        years = age(born, died or today) if born else None
        shown = name or ""
        if not in_full(lives_in):
            shown = mask(shown, code_only=years is not None and years < CHILD)
        made.append(
            CaseRow(
                id, case_no, shown, sex or "", years, paths(office), office,
                cycles[cycle], roster or "", roster_state or "", rounds or "", (category or "") if full else "",
                (hardship or "") if full else "", (until or "") if full else "", state, fen,
                items.get(item or "", ""), qty, person, person_state, full, version, lane,
                due or "", paused is not None,
            )
        )  # fmt: skip
    return made


def roster_rows(desk: Desk, found: Sequence[Row]) -> list[RosterRow]:
    """Rosters as the list shows them, from the columns the list reads."""
    cycles = {each.id: each for each in programmes.cycles(desk.store)}
    names = {each.id: each.name for each in programmes.programmes(desk.store)}
    ids = [row[0] for row in found]
    parts = rows.makers(desk.store, ids)
    sums = _roster_money(desk, found)
    return [
        RosterRow(
            id, number, cycles[cycle].code, names[cycles[cycle].programme_id], office,
            desk.offices.path(office), state, rounds or "", sums[id][0], sums[id][1], opened,
            bool(first), tuple(parts.get(id, ())), version,
        )
        for id, number, cycle, office, state, first, rounds, _, opened, version in found
    ]  # fmt: skip


def _roster_money(desk: Desk, found: Sequence[Row]) -> dict[str, tuple[int, int]]:
    """Lines and money of each roster: from the summaries where an office has one roster in the
    cycle, else counted from its lines."""
    offices = list(dict.fromkeys(row[3] for row in found))
    total: dict[tuple[str, str], tuple[int, int]] = {}
    of = list(dict.fromkeys(row[2] for row in found))
    for each in summaries.standing_by_office(desk.store, "line", offices, of):
        if each.state in COUNTED_STATES:
            n, fen = total.get((each.office_id, each.cycle_id), (0, 0))
            total[each.office_id, each.cycle_id] = (n + each.n, fen + each.fen)
    first = summaries.supplemented(desk.store, offices)
    shared = {row[0] for row in found if row[5] or row[0] in first}
    counted = summaries.roster_sums(desk.store, shared)
    alone = {row[0]: total.get((row[3], row[2]), (0, 0)) for row in found if row[0] not in shared}
    return alone | {id: counted.get(id, (0, 0)) for id in shared}


def batch_rows(desk: Desk, found: Sequence[Row]) -> list[BatchRow]:
    """Batches as the list shows them, from the columns the list reads."""
    cycles = {each.id: each.code for each in programmes.cycles(desk.store)}
    parts = rows.makers(desk.store, [row[0] for row in found])
    return [
        BatchRow(
            id, number, f"{cycles[cycle]}-{round}", office, desk.offices.path(office), kind, state,
            lines, fen, qty, left_out, released or "", tuple(parts.get(id, ())), version,
        )
        for id, number, cycle, round, office, kind, state, lines, fen, qty, left_out, released,
        version in found
    ]  # fmt: skip


def import_rows(desk: Desk, found: Sequence[Row]) -> list[ImportRow]:
    """Imports as the list shows them, from the columns the list reads."""
    cycles = {each.id: each.code for each in programmes.cycles(desk.store)}
    logins = {each.id: each.login for each in office_rows.all_staff(desk.store)}
    return [
        ImportRow(
            id, kind, cycles.get(cycle, ""), office, desk.offices.path(office), file,
            logins.get(staff, ""), state, day, read, new, updated, unchanged, rejected, fen, version,
            undecided,
        )
        for id, kind, cycle, office, staff, file, state, day, read, new, updated, unchanged,
        rejected, fen, version, undecided in found
    ]  # fmt: skip


def _person_rows(desk: Desk, found: Sequence[Row]) -> list[PersonLine]:
    held = people.many(desk.store, [row[0] for row in found])
    order: list[tuple[str, Person]] = [(finding.circle_of(desk, held[row[0]]), held[row[0]]) for row in found]  # fmt: skip
    return finding.lines_of(desk, order)


_ROWS: dict[str, Callable[[Desk, Sequence[Row]], Sequence[AnyRow]]] = {
    "cases": _case_rows,
    "rosters": roster_rows,
    "batches": batch_rows,
    "imports": import_rows,
    "people": _person_rows,
}
