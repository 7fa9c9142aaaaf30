"""Pairs that may be one person: the queue, what is seen of a pair, and what is decided (BR-009).

A pair is somebody on file and either somebody else on file or a row of a file that waits. What is
decided is remembered for the next file. Two people on file become one only by `merging`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rcaid.db import cards, cases, imports, people
from rcaid.db import duplicates as rows
from rcaid.db.tables import DuplicatePair, ImportBatch, Person
from rcaid.db.unit import Entry, Unit
from rcaid.domain import duplicates
from rcaid.domain.duplicates import WEIGHTS, Record
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.names import mask
from rcaid.services.clock import day_of
from rcaid.services.desk import Desk
from rcaid.services.same_person.pair_keeping import ANSWERS as ANSWERS
from rcaid.services.same_person.pair_keeping import decide_row as decide_row
from rcaid.services.same_person.pair_keeping import decided_pair, known_answer, put
from rcaid.services.same_person.pair_keeping import keep_pairs as keep_pairs
from rcaid.services.same_person.watching import ASKED as ASKED
from rcaid.services.same_person.watching import Newcomer as Newcomer
from rcaid.services.same_person.watching import Watch as Watch
from rcaid.services.same_person.watching import masked, record_of
from rcaid.services.shown import account_number, shown_name

LIVING = ("live", "deceased")


class PairRow(NamedTuple):
    """One pair of the queue. ``what`` is "row" for a row of a file that waits, else "people";
    ``act`` what is asked for: "decide", or "merge" of people whom a colleague said are one;
    ``mine`` whether this person may do it; names as they may be seen."""

    id: str
    what: str
    act: str
    mine: bool
    state: str
    band: str
    score: int
    left: str
    right: str
    office: str
    office_id: str
    file: str
    row: int
    batch_id: str = ""
    since: str = ""


class Said(NamedTuple):
    """One part of a score: its code, its points, and what is said (English)."""

    code: str
    points: int
    said: str


class Field(NamedTuple):
    """One field of both sides, sensitive values masked. ``how`` is "same", "near", "differs", or
    "" where one side has nothing."""

    name: str
    left: str
    right: str
    how: str


@dataclass(frozen=True, slots=True)
class PairView:
    """A pair side by side: somebody on file on the left, on the right another or a row of a file.

    ``cases`` are the newest case numbers of both sides, "" for none; ``keeps`` the id of who would
    remain after a merge; ``may`` the answers this person may give.
    """

    id: str
    what: str
    state: str
    band: str
    score: int
    parts: tuple[Said, ...]
    fields: tuple[Field, ...]
    left_id: str
    right_id: str
    left_office: str
    right_office: str
    cases: tuple[str, str]
    file: str
    row: int
    batch_id: str
    keeps: str
    decided_on: str
    note: str
    may: tuple[str, ...]
    version: int


# --- the queue


def queue(desk: Desk, states: Sequence[str] = rows.WAIT) -> list[PairRow]:
    """What waits in one's offices: open pairs, the likeliest first, then those put off; or those
    in other states."""
    found = rows.of_offices(desk.store, desk.reach("duplicate.list"), states)
    ids = {id for pair in found for id in (pair.left_id, pair.right_id) if id}
    who = _standing(desk, ids)
    batches = {b.id: b for b in (imports.by_id(desk.store, b) for b in _batches(found)) if b}
    made = []
    for pair in found:
        left, right = who.get(pair.left_id), who.get(pair.right_id or "")
        if left is None or (pair.right_id and (right is None or right.id == left.id)):
            continue
        if pair.state == "same" and right is None:
            continue
        made.append(_row(desk, pair, left, right, batches.get(pair.batch_id or "")))
    return sorted(made, key=lambda each: each.state == "later")


def count(desk: Desk) -> int:
    """How many pairs of one's offices are open."""
    return rows.count_open(desk.store, desk.reach("duplicate.list"))


def _batches(found: Iterable[DuplicatePair]) -> list[str]:
    return list(dict.fromkeys(pair.batch_id for pair in found if pair.batch_id))


def _standing(desk: Desk, ids: Iterable[str]) -> dict[str, Person]:
    """People by id, who was merged by their winner; who is erased is left out."""
    found = people.many(desk.store, ids)
    won = people.many(desk.store, {p.merged_into or "" for p in found.values() if p.merged_into})
    stands = {id: won.get(p.merged_into or "", p) for id, p in found.items()}
    return {id: person for id, person in stands.items() if person.state in LIVING}


def _row(
    desk: Desk, pair: DuplicatePair, left: Person, right: Person | None, batch: ImportBatch | None
) -> PairRow:
    said = shown_name(desk, right) if right else _name_of_row(desk, pair)
    act = "merge" if pair.state == "same" else "decide"
    held = _may(desk, pair, left, right)
    return PairRow(
        pair.id, "people" if right else "row", act, "same" in held, pair.state, pair.band,
        pair.score, shown_name(desk, left), said, desk.offices.path(pair.office_id),
        pair.office_id, batch.file_name if batch else "", pair.row_no or 0,
        pair.batch_id or "", day_of(pair.id),
    )  # fmt: skip


def _sealed(desk: Desk, pair: DuplicatePair) -> dict[str, Any]:
    if pair.sealed is None:
        return {}
    return desk.keys.open("duplicate_pair", pair.id, bytes(pair.sealed))[1]


def _name_of_row(desk: Desk, pair: DuplicatePair) -> str:
    name = str(_sealed(desk, pair).get("row", {}).get("name", ""))
    return name if desk.names_in_full(pair.office_id) else mask(name)


# --- one pair, side by side


def pair(desk: Desk, pair_id: str) -> PairView:
    """A pair side by side; Refused state.gone or who.no_duty."""
    found = _found(desk, pair_id, "duplicate.list")
    left, right = _sides(desk, found)
    if right is not None:
        parts, score, band, fields = _two_people(desk, left, right)
    else:
        parts, score, band, fields = _person_and_row(desk, found, left)
    batch = imports.by_id(desk.store, found.batch_id) if found.batch_id else None
    keeps = ""
    if right is not None:
        from rcaid.services.same_person import merging

        keeps = merging.winner_of(desk, left, right).id
    return PairView(
        found.id, "people" if right else "row", found.state, band, score, parts, fields, left.id,
        right.id if right else "", desk.offices.path(left.office_id),
        desk.offices.path(right.office_id if right else found.office_id),
        (_newest_case(desk, left), _newest_case(desk, right)),
        batch.file_name if batch else "", found.row_no or 0, found.batch_id or "", keeps,
        found.decided_on or "", str(_sealed(desk, found).get("note", "")),
        _may(desk, found, left, right), found.version,
    )  # fmt: skip


def _found(desk: Desk, pair_id: str, act: str) -> DuplicatePair:
    found = rows.by_id(desk.store, pair_id)
    if found is None:
        raise Refused(Problem("state.gone", {"noun": "duplicate", "id": pair_id}))
    desk.require(act, found.office_id)
    return found


def _sides(desk: Desk, found: DuplicatePair) -> tuple[Person, Person | None]:
    who = _standing(desk, [id for id in (found.left_id, found.right_id) if id])
    left, right = who.get(found.left_id), who.get(found.right_id or "")
    if left is None or (found.right_id and right is None):
        raise Refused(Problem("state.gone", {"noun": "person", "id": found.left_id}))
    if right is not None and right.id == left.id:
        raise Refused(Problem("duplicate.merged"))
    return left, right


_Compared = tuple[tuple[Said, ...], int, str, tuple[Field, ...]]


def _two_people(desk: Desk, left: Person, right: Person) -> _Compared:
    """The pair as it stands today: either may have been corrected since it was found."""
    first, second = (record_of(desk, each, _account(desk, each)) for each in (left, right))
    judged = duplicates.score(first, second)
    parts = [(part.name, part.points) for part in judged.parts]
    names = (shown_name(desk, left), shown_name(desk, right))
    fields = _fields(masked(desk, first, names[0]), masked(desk, second, names[1]), parts)
    return _said(parts), judged.total, judged.band, fields


def _person_and_row(desk: Desk, found: DuplicatePair, left: Person) -> _Compared:
    """The row as it came in, against the person as they are now."""
    parts = [(str(code), int(points)) for code, points in json.loads(found.parts)]
    row = dict(_sealed(desk, found).get("row", {}))
    row["name"] = _name_of_row(desk, found)
    side = masked(desk, record_of(desk, left, _account(desk, left)), shown_name(desk, left))
    return _said(parts), found.score, found.band, _fields(side, row, parts)


def _said(parts: Iterable[tuple[str, int]]) -> tuple[Said, ...]:
    return tuple(
        Said(code, points, WEIGHTS[code].said) for code, points in parts if code in WEIGHTS
    )


def _fields(
    left: Mapping[str, str], right: Mapping[str, str], parts: Iterable[tuple[str, int]]
) -> tuple[Field, ...]:
    how = {WEIGHTS[code].field: code for code, _ in parts if code in WEIGHTS}
    return tuple(
        Field(
            name, left[name], right.get(name, ""), _how(how.get(name), left[name], right.get(name))
        )
        for name in left
    )


def _how(code: str | None, left: str, right: str | None) -> str:
    if not left or not right:
        return ""
    if code is None or WEIGHTS[code].points <= 0:
        return "differs"
    return "same" if code.endswith(("_same", "_15_18", "account_other_name")) else "near"


def _account(desk: Desk, person: Person) -> str:
    """The number of the account money goes to now; empty when there is none."""
    entitled = cards.account_ids(desk.store, [person.id]).get(person.id)
    own = (case.account_id for case in cases.of_person(desk.store, person.id) if case.account_id)
    newest = entitled or next(own, None)
    if newest is None:
        return ""
    return account_number(desk, people.accounts(desk.store, [newest])[newest])


def _newest_case(desk: Desk, person: Person | None) -> str:
    if person is None:
        return ""
    return next((case.case_no for case in cases.of_person(desk.store, person.id)), "")


def _may(desk: Desk, found: DuplicatePair, left: Person, right: Person | None) -> tuple[str, ...]:
    """The answers this person may give."""
    decides = desk.duty_for("duplicate.decide", found.office_id) is not None
    if right is None:
        return ANSWERS if decides else ()
    merges = all(desk.duty_for("person.merge", each.office_id) for each in (left, right))
    if found.state == "same":
        return ("same",) * merges + ("different", "later") * (merges or decides)
    return ("same",) * (merges or decides) + ("different", "later") * decides


# --- deciding


def decide(desk: Desk, pair_id: str, answer: str, note: str = "") -> Entry:
    """Says whether a pair is one person: "same", "different" or "later".

    "same" of a row that waits: the row is taken as that person when it comes in again. "same" of
    two people on file merges them where this person may (reviewer), else it asks for that.
    Refused duplicate.answer, duplicate.merged, who.no_duty and whatever stops a merge.
    """
    found = _found(desk, pair_id, "duplicate.list")
    known_answer(answer)
    left, right = _sides(desk, found)
    if answer not in _may(desk, found, left, right):
        desk.require("duplicate.decide", found.office_id)
        desk.require("person.merge", left.office_id)
    decided = decided_pair(desk, found, answer)
    if answer == "same" and right is not None:
        from rcaid.services.same_person import merging

        if merging.may(desk, left, right):
            winner = merging.winner_of(desk, left, right)
            loser = right if winner.id == left.id else left
            return merging.merge(desk, winner.id, loser.id, settle=(decided, note))

    def work(unit: Unit) -> None:
        put(unit, decided, note)

    reviewed = found.state == "same" and not desk.duty_for("duplicate.decide", found.office_id)
    act = "person.merge" if reviewed else "duplicate.decide"
    return desk.write(
        act, found.office_id, work, object=found.id, note=lambda _: {"answer": answer}
    )[1]


def compared(desk: Desk, left: Person, right: Person) -> tuple[Record, Record]:
    """Both sides as the score sees them, with the accounts money goes to now."""
    first, second = (record_of(desk, each, _account(desk, each)) for each in (left, right))
    return first, second
