"""Programmes loaded from TOML, their cycles and rounds, funds received, goods taken in."""

from __future__ import annotations

import hashlib

from rcaid.db import programmes as rows
from rcaid.db.tables import (
    CYCLE,
    FUND,
    ITEM,
    LOT,
    PROGRAMME,
    PROGRAMME_VERSION,
    ROUND,
    Cycle,
    Fund,
    Item,
    Lot,
    Programme,
    ProgrammeVersion,
    Round,
)
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.programme_examples import checked
from rcaid.domain.programmes import Programme as Rules
from rcaid.domain.programmes import read
from rcaid.domain.workflow import move
from rcaid.services.desk import Desk
from rcaid.services.funds.funds import receive as receive


def load(desk: Desk, text: str) -> Entry:
    """Loads a programme's rules: a new programme with its fund and goods, or a new version.

    Refused with every problem of the file, its examples among them, and when the version would
    judge anew what an earlier one judged (BR-020).
    """
    found = checked(text)
    rules = found.rules
    if rules is None:
        raise Refused(found.problems)
    digest = hashlib.sha256(text.encode()).hexdigest()

    def work(unit: Unit) -> None:
        known = next((p for p in rows.programmes(unit.store) if p.code == rules.code), None)
        if known:
            _follows(unit, known, rules)
        programme = known or _new_programme(desk, unit, rules)
        version = ProgrammeVersion(
            unit.new_id(),
            programme.id,
            rules.version,
            rules.effective_from,
            rules.effective_to,
            text,
            digest,
            rules.citation,
            1,
        )
        unit.insert(PROGRAMME_VERSION, [version])
        _new_items(desk, unit, rules)

    return desk.write("programme.load", desk.offices.top.id, work, object=rules.code)[1]


def _follows(unit: Unit, known: Programme, rules: Rules) -> None:
    """A version counts up, pays from the same fund and begins after all that was begun under
    earlier ones."""
    earlier = rows.versions(unit.store, known.id)
    if any(version.number >= rules.version for version in earlier):
        raise Refused(Problem("programme.version", {"version": rules.version}))
    fund = rows.fund_of(unit.store, known.id)
    if fund is not None and fund.code != rules.fund:
        raise Refused(Problem("programme.fund", {"fund": fund.code}))
    for cycle in rows.cycles(unit.store):
        if cycle.programme_id != known.id or cycle.state in ("draft", "cancelled"):
            continue
        if cycle.opens_on >= rules.effective_from:
            facts = {
                "day": rules.effective_from,
                "cycle": cycle.code,
                "opened": cycle.opens_on,
            }
            raise Refused(Problem("programme.used", facts))


def _new_programme(desk: Desk, unit: Unit, rules: Rules) -> Programme:
    programme = Programme(unit.new_id(), rules.code, rules.name, rules.name_en, 1)
    unit.insert(PROGRAMME, [programme])
    fund = Fund(unit.new_id(), rules.fund, rules.fund_name, programme.id, desk.offices.top.id, 1)
    unit.insert(FUND, [fund])
    return programme


def _new_items(desk: Desk, unit: Unit, rules: Rules) -> None:
    known = {item.code for item in rows.items(desk.store)}
    ids = unit.ids()
    fresh = [rule for rule in rules.items if rule.code not in known]
    unit.insert(
        ITEM, [Item(next(ids), rule.code, rule.name, rule.unit, rules.code, 1) for rule in fresh]
    )


def listing(desk: Desk) -> list[Programme]:
    """All programmes, by code."""
    return rows.programmes(desk.store)


def rules_on(desk: Desk, programme_id: str, day: str) -> Rules:
    """The rules in force on a day (BR-020); Refused programme.none when there are none."""
    for version in reversed(rows.versions(desk.store, programme_id)):
        in_force = version.effective_from <= day and (
            version.effective_to is None or day <= version.effective_to
        )
        if in_force:
            rules = read(version.rules)
            if isinstance(rules, Problem):
                raise Refused(rules)
            return rules
    raise Refused(Problem("programme.none", {"day": day}))


def cycle(desk: Desk, code: str) -> Cycle:
    """The cycle of a code; Refused cycle.unknown."""
    found = rows.cycle_by_code(desk.store, code)
    if found is None:
        known = ", ".join(each.code for each in rows.cycles(desk.store))
        raise Refused(Problem("cycle.unknown", {"cycle": code, "known": known or "-"}))
    return found


def open_cycles(desk: Desk, lane: str) -> list[Cycle]:
    """The cycles that take entries of a lane, the newest first."""
    return [
        each
        for each in reversed(rows.cycles(desk.store))
        if each.state == "open"
        and rules_on(desk, each.programme_id, each.opens_on).lane in (lane, "both")
    ]


def new_cycle(
    desk: Desk, programme_code: str, code: str, label: str, opens_on: str, rounds: list[str]
) -> Entry:
    """A new run of a programme, with its rounds by label; it is a draft until opened."""
    programme = next((p for p in rows.programmes(desk.store) if p.code == programme_code), None)
    if programme is None:
        raise Refused(Problem("programme.unknown", {"programme": programme_code}))
    if rows.cycle_by_code(desk.store, code):
        raise Refused(Problem("cycle.exists", {"cycle": code}))

    def work(unit: Unit) -> None:
        made = Cycle(unit.new_id(), programme.id, code, label, "draft", opens_on, None, 1)
        unit.insert(CYCLE, [made])
        ids = unit.ids()
        unit.insert(
            ROUND,
            [Round(next(ids), made.id, n, text, 1) for n, text in enumerate(rounds, start=1)],
        )

    return desk.write("cycle.new", desk.offices.top.id, work, object=code)[1]


def move_cycle(desk: Desk, code: str, action: str) -> Entry:
    """Moves a cycle on: open, close, distribute, end, cancel."""
    now = cycle(desk, code)
    step = move("cycle", now.state, action)
    if step is None:
        raise Refused(
            Problem("state.no_move", {"noun": code, "state": now.state, "action": action})
        )

    def work(unit: Unit) -> None:
        closes = unit.day if step.target == "closed_for_entry" else now.closes_on
        unit.update(
            CYCLE, [now._replace(state=step.target, closes_on=closes)], ("state", "closes_on")
        )

    return desk.write(f"cycle.{action}", desk.offices.top.id, work, object=code)[1]


def receive_lot(desk: Desk, item_code: str, lot_code: str, unit_value_fen: int) -> Entry:
    """Goods taken in at a value for each unit; the value of a lot never changes (BR-083)."""
    item = next((each for each in rows.items(desk.store) if each.code == item_code), None)
    if item is None:
        raise Refused(Problem("item.unknown", {"value": item_code}))
    if unit_value_fen < 0:
        raise Refused(Problem("lot.value"))
    if any(lot.code == lot_code for lot in rows.lots(desk.store)):
        raise Refused(Problem("lot.exists", {"lot": lot_code}))

    def work(unit: Unit) -> None:
        lot = Lot(unit.new_id(), item.id, lot_code, unit_value_fen, 1, unit.day, 1)
        unit.insert(LOT, [lot])

    return desk.write("lot.receive", desk.offices.top.id, work, object=lot_code)[1]
