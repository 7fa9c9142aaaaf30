"""Pairs on their way into the queue and out of it: what is kept of them, and of an answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol

from rcaid.db import duplicates as rows
from rcaid.db.tables import DUPLICATE_PAIR, DuplicatePair
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.services.desk import Desk
from rcaid.services.importing.plans import Pair, Plan

ANSWERS = ("same", "different", "later")


class HasPairs(Protocol):
    """A plan that was read, or what planning gave back."""

    @property
    def pairs(self) -> Sequence[Pair]: ...


def known_answer(answer: str) -> None:
    """Refused duplicate.answer for anything else."""
    if answer not in ANSWERS:
        raise Refused(Problem("duplicate.answer", {"value": answer, "known": ", ".join(ANSWERS)}))


def decided_pair(desk: Desk, found: DuplicatePair, answer: str) -> DuplicatePair:
    """The pair as it is once this person has answered."""
    return found._replace(state=answer, decided_by=desk.actor.staff_id, decided_on=desk.day)


def put(unit: Unit, decided: DuplicatePair, note: str = "") -> None:
    """Writes a decision inside a unit; the note is free text, so it is sealed."""
    values: dict[str, Any] = {}
    if decided.sealed is not None:
        values = unit.keys.open("duplicate_pair", decided.id, bytes(decided.sealed))[1]
    if note:
        values = {**values, "note": note[:500]}
    if values:
        decided = decided._replace(sealed=unit.seal(DUPLICATE_PAIR)(decided.id, values))
    unit.update(DUPLICATE_PAIR, [decided], ("state", "decided_by", "decided_on", "sealed"))


def decide_row(
    desk: Desk, plan: HasPairs, row: int, answer: str, note: str = "", person_id: str = ""
) -> Entry:
    """Decides a pair that is only in a plan; the file has to be planned again to go by it.

    ``person_id`` says which of the row's pairs; without it the likeliest. Refused duplicate.row
    when the row has no such pair, duplicate.in_file for two rows of one file: the first has to
    come in before somebody can be said to be it.
    """
    known_answer(answer)
    mine = [p for p in plan.pairs if p.row == row and person_id in ("", p.person_id)]
    if not mine:
        raise Refused(Problem("duplicate.row", {"row": row}))
    asked = next((p for p in mine if p.person_id), None)
    if asked is None:
        raise Refused(Problem("duplicate.in_file", {"row": row, "first": mine[0].other_row}))
    desk.require("duplicate.decide", asked.office)
    before = rows.known(desk.store, [asked.person_id], [asked.row_key])

    def work(unit: Unit) -> str:
        if before:
            decided = decided_pair(desk, before[0], answer)
            put(unit, decided, note)
            return decided.id
        id = unit.new_id()
        made = decided_pair(desk, _of_plan(unit, asked, id, None, asked.person_id, None), answer)
        if note:
            values = {**unit.keys.open("duplicate_pair", id, made.sealed or b"")[1], "note": note}
            made = made._replace(sealed=unit.seal(DUPLICATE_PAIR)(id, values))
        unit.insert(DUPLICATE_PAIR, [made])
        return id

    return desk.write(
        "duplicate.decide", asked.office, work, object=lambda id: id,
        note=lambda _: {"answer": answer},
    )[1]  # fmt: skip


def _of_plan(
    unit: Unit, asked: Pair, id: str, batch_id: str | None, left: str, right: str | None
) -> DuplicatePair:
    row = {field: mine for field, mine, _ in asked.shown}
    sealed = None if right else unit.seal(DUPLICATE_PAIR)(id, {"row": row})
    return DuplicatePair(
        id, asked.office, left, right, batch_id, asked.row, asked.row_key, asked.score,
        asked.band, json.dumps(asked.parts), "open", None, None, 1, sealed,
    )  # fmt: skip


def keep_new(unit: Unit, pairs: Sequence[Pair], person_id: str) -> None:
    """Puts pairs of somebody who was entered by hand into the queue, inside that unit."""
    ids = unit.ids()
    made = [_of_plan(unit, each, next(ids), None, each.person_id, person_id) for each in pairs]
    unit.insert(DUPLICATE_PAIR, made)


def keep_pairs(desk: Desk, unit: Unit, plan: Plan, batch_id: str) -> int:
    """Puts the pairs of an applied plan into the queue, inside its unit; returns how many.

    Rows that went in are pairs of two people from now on. Who was asked before is not asked twice.
    """
    if not plan.pairs:
        return 0
    wanted = {p.row for p in plan.pairs if not p.holds}
    wanted |= {p.other_row for p in plan.pairs if not p.person_id}
    made = rows.made_of_rows(unit.store, batch_id, wanted)
    asked: dict[tuple[str, str], tuple[Pair, str, str | None]] = {}
    for each in plan.pairs:
        left = each.person_id or made.get(each.other_row, "")
        right = None if each.holds else made.get(each.row)
        if left and left != right and (each.holds or right):
            asked.setdefault((left, each.row_key), (each, left, right))
    known = rows.known(unit.store, {left for left, _ in asked}, {key for _, key in asked})
    for before in known:
        asked.pop((before.left_id, before.row_key), None)
    ids = unit.ids()
    unit.insert(
        DUPLICATE_PAIR,
        [
            _of_plan(unit, each, next(ids), batch_id, left, right)
            for each, left, right in asked.values()
        ],
    )
    return len(asked)
