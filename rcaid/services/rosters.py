"""Rosters: verified by one person, frozen, approved by another, turned into entitlements."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rcaid.db import payments, people, programmes
from rcaid.db import rosters as rows
from rcaid.db.applications import recused
from rcaid.db.cases import by_id
from rcaid.db.tables import (
    AID_CASE,
    APPROVAL,
    ENTITLEMENT,
    MAKER,
    ROSTER,
    Account,
    AidCase,
    Approval,
    Cycle,
    Entitlement,
    LedgerEntry,
    Maker,
    Roster,
    Round,
)
from rcaid.db.unit import Entry, Unit
from rcaid.domain.duties import kept_apart
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.record import canonical
from rcaid.domain.workflow import move
from rcaid.services.desk import Desk
from rcaid.services.programmes import rules_on

COUNTED = ("listed", "entitled", "closed")
UNFINISHED = ("pending", "ready", "reserved", "suspended")
"""States of an entitlement of which something is still to be done."""


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval made: rosters, lines entitled, entitlements, money committed in fen."""

    rosters: int
    lines: int
    entitlements: int
    fen: int


def find(desk: Desk, number: str) -> Roster:
    """A roster by number or id; Refused state.gone."""
    found = rows.by_number(desk.store, number) or rows.by_id(desk.store, number)
    if found is None:
        raise Refused(Problem("state.gone", {"noun": "roster", "id": number}))
    return found


def of_cycle(desk: Desk, cycle_id: str) -> list[Roster]:
    """The rosters of a cycle, by number."""
    return rows.of_cycle(desk.store, cycle_id)


def step_of(roster: Roster, action: str) -> str:
    """The state an action leads to; Refused state.no_move when it cannot be taken now."""
    step = move("roster", roster.state, action)
    if step is None:
        raise Refused(
            Problem(
                "state.no_move",
                {"noun": roster.number, "state": roster.state, "action": action.rstrip("_")},
            )
        )
    return step.target


def apart(desk: Desk, step: str, object_ids: Iterable[str]) -> None:
    """Refused who.maker when this person had an earlier part in one of these objects (BR-040), and
    who.recused when they may have none in an application among them (BR-045)."""
    object_ids = list(object_ids)
    for each in recused(desk.store, object_ids):
        if each.staff_id == desk.actor.staff_id:
            case = by_id(desk.store, each.case_id)
            facts = {"login": desk.actor.login, "case": case.case_no if case else ""}
            raise Refused(Problem("who.recused", facts))
    parts = rows.makers(desk.store, object_ids)
    problem = kept_apart(step, desk.actor.staff_id, parts)
    if problem is not None:
        raise Refused(Problem(problem.code, {**problem.params, "login": desk.actor.login}))


def frozen_hash(desk: Desk, lines: Sequence[AidCase]) -> str:
    """SHA-256 over the sorted canonical lines of person, category, help and account (BR-034)."""
    accounts = people.accounts(desk.store, (li.account_id for li in lines if li.account_id))
    return hashlib.sha256(
        b"\n".join(sorted(line_text(line, accounts) for line in lines if line.state == "listed"))
    ).hexdigest()


def line_text(line: AidCase, accounts: dict[str, Account]) -> bytes:
    """What of a line is frozen; never its state."""
    account = accounts.get(line.account_id or "")
    return canonical(line_facts(line, account.hash if account else None))


def line_facts(line: AidCase, account: int | None) -> dict[str, object]:
    """What is frozen, by name; ``account`` is the hash of the line's account."""
    return {
        "person": line.person_id,
        "category": line.category,
        "fen": line.fen,
        "item": line.item_id,
        "qty": line.qty,
        "account": None if account is None else str(account),
    }


def verify(desk: Desk, number: str) -> Entry:
    """Says that the facts of a roster are true. Not by who entered or imported it."""
    return _simple(desk, number, "verify", separate=True)


def submit(desk: Desk, number: str) -> Entry:
    """Hands an open roster in."""
    return _simple(desk, number, "submit")


def send_back(desk: Desk, number: str, reason: str) -> Entry:
    """Returns a submitted or verified roster to whoever fills it."""
    return _simple(desk, number, "return", reason=reason)


def close(desk: Desk, number: str) -> Entry:
    """Closes an approved roster and its lines; refused while something of it is left to do."""
    roster = find(desk, number)
    desk.require("roster.close", roster.office_id)
    target = step_of(roster, "close")

    def work(unit: Unit) -> None:
        lines = [li for li in rows.lines(unit.store, [roster.id]) if li.state == "entitled"]
        due = payments.of_cases(unit.store, (line.id for line in lines))
        left = sum(1 for one in due if one.entitlement.state in UNFINISHED)
        if left:
            raise Refused(Problem("roster.unfinished", {"roster": roster.number, "left": left}))
        unit.update(AID_CASE, [line._replace(state="closed") for line in lines], ("state",))
        for line in lines:
            flow_of_line(unit, line, "entitled", "closed")
        unit.update(ROSTER, [roster._replace(state=target)], ("state",))
        _note_maker(desk, unit, [roster.id], "close")

    return desk.write("roster.close", roster.office_id, work, object=roster.number)[1]


def _simple(
    desk: Desk, number: str, action: str, *, separate: bool = False, reason: str | None = None
) -> Entry:
    roster = find(desk, number)
    desk.require(f"roster.{action}", roster.office_id)
    target = step_of(roster, action)
    if separate:
        apart(desk, action, [roster.id])

    def work(unit: Unit) -> None:
        unit.update(ROSTER, [roster._replace(state=target)], ("state",))
        _note_maker(desk, unit, [roster.id], action)

    act = f"roster.{action}"
    return desk.write(act, roster.office_id, work, object=roster.number, reason=reason)[1]


def _note_maker(desk: Desk, unit: Unit, roster_ids: Sequence[str], act: str) -> None:
    ids = unit.ids()
    mine = desk.actor.staff_id
    fresh = [
        roster_id
        for roster_id in roster_ids
        if (mine, act) not in rows.makers(unit.store, [roster_id])
    ]
    unit.insert(MAKER, [Maker(next(ids), "roster", r, mine, act, 1) for r in fresh])


def freeze(desk: Desk, number: str) -> Entry:
    """Fixes the lines of a verified roster and the hash over them; lines of the dead are struck."""
    roster = find(desk, number)
    desk.require("roster.freeze", roster.office_id)
    target = step_of(roster, "freeze")
    apart(desk, "freeze", [roster.id])

    def work(unit: Unit) -> None:
        lines = rows.lines(unit.store, [roster.id])
        dead = _of_the_dead(unit, lines)
        unit.update(AID_CASE, [line._replace(state="struck") for line in dead], ("state",))
        for line in dead:
            flow_of_line(unit, line, "listed", "struck")
        struck = {line.id for line in dead}
        kept = [line for line in lines if line.id not in struck]
        frozen = roster._replace(
            state=target, frozen_hash=frozen_hash(desk, kept), lines=roster.lines - len(dead)
        )
        unit.update(ROSTER, [frozen], ("state", "frozen_hash", "lines"))
        _note_maker(desk, unit, [roster.id], "freeze")

    return desk.write("roster.freeze", roster.office_id, work, object=roster.number)[1]


def _of_the_dead(unit: Unit, lines: Sequence[AidCase]) -> list[AidCase]:
    listed = [line for line in lines if line.state == "listed"]
    who = people.many(unit.store, (line.person_id for line in listed))
    return [line for line in listed if who[line.person_id].state == "deceased"]


def flow_of_line(unit: Unit, line: AidCase, source: str, target: str) -> None:
    """Counts a roster line out of one state and into another."""
    fen = line.fen or 0
    for state, sign in ((source, -1), (target, 1)):
        unit.flow(
            line.office_id, line.cycle_id, "line", line.category or "", state, sign, sign * fen
        )


def strike(desk: Desk, case_no: str, reason: str) -> Entry:
    """Takes a line off a roster that is not frozen; its quota is free again (BR-033)."""
    from rcaid.db.cases import by_number

    line = by_number(desk.store, case_no)
    if line is None or line.roster_id is None:
        raise Refused(Problem("state.gone", {"noun": "line", "id": case_no}))
    roster = find(desk, line.roster_id)
    desk.require("line.strike", line.office_id)
    if (
        roster.state in ("frozen", "approved", "closed")
        or move("line", line.state, "strike") is None
    ):
        raise Refused(
            Problem("state.no_move", {"noun": case_no, "state": roster.state, "action": "strike"})
        )

    def work(unit: Unit) -> None:
        unit.update(AID_CASE, [line._replace(state="struck")], ("state",))
        unit.update(ROSTER, [roster._replace(lines=roster.lines - 1)], ("lines",))
        flow_of_line(unit, line, line.state, "struck")

    return desk.write("line.strike", line.office_id, work, object=case_no, reason=reason)[1]


def approve(
    desk: Desk, numbers: Sequence[str], round_numbers: Sequence[int]
) -> tuple[Approved, Entry]:
    """Decides frozen rosters of one cycle: their lines are entitled in the rounds that are named.

    Refused when a roster changed since it was frozen, a cap would be passed, the fund is short, or
    this person had an earlier part in one of them.
    """
    found = [find(desk, number) for number in numbers]
    if len({roster.cycle_id for roster in found}) != 1:
        raise Refused(Problem("roster.one_cycle"))
    for roster in found:
        desk.require("roster.approve", roster.office_id)
        step_of(roster, "approve")
    apart(desk, "approve", [roster.id for roster in found])
    cycle = next(c for c in programmes.cycles(desk.store) if c.id == found[0].cycle_id)
    rounds = _rounds(desk, cycle, round_numbers)

    def work(unit: Unit) -> Approved:
        unit.store.lock("roster", "id", [roster.id for roster in found])
        _as_seen(unit, found)
        lines = rows.lines(unit.store, [roster.id for roster in found])
        _unchanged(desk, found, lines)
        listed = [line for line in lines if line.state == "listed"]
        _within_cap(desk, unit, cycle, listed, len(rounds))
        made, fen = _entitle(desk, unit, cycle, listed, rounds)
        _decide(desk, unit, found, round_numbers)
        return Approved(len(found), len(listed), made, fen)

    named = found[0].number if len(found) == 1 else cycle.code
    return desk.write(
        "roster.approve",
        found[0].office_id,
        work,
        object=named,
        note=lambda done: {"lines": done.lines, "fen": done.fen},
    )


def _rounds(desk: Desk, cycle: Cycle, numbers: Sequence[int]) -> list[Round]:
    known = {each.number: each for each in programmes.rounds(desk.store, cycle.id)}
    missing = [number for number in numbers if number not in known]
    if missing or not numbers:
        raise Refused(Problem("round.unknown", {"rounds": str(missing), "cycle": cycle.code}))
    return [known[number] for number in numbers]


def _as_seen(unit: Unit, found: Sequence[Roster]) -> None:
    moved = [each for each in found if rows.by_id(unit.store, each.id) != each]
    if moved:
        raise Refused(Problem("state.stale", {"noun": moved[0].number, "changes": len(moved)}))


def _unchanged(desk: Desk, found: Sequence[Roster], lines: Sequence[AidCase]) -> None:
    of_roster: dict[str | None, list[AidCase]] = defaultdict(list)
    for line in lines:
        of_roster[line.roster_id].append(line)
    changed = [
        Problem("roster.changed", {"roster": roster.number})
        for roster in found
        if frozen_hash(desk, of_roster[roster.id]) != roster.frozen_hash
    ]
    if changed:
        raise Refused(changed)


def _within_cap(
    desk: Desk, unit: Unit, cycle: Cycle, lines: Sequence[AidCase], rounds: int
) -> None:
    cap = rules_on(desk, cycle.programme_id, cycle.opens_on).cap_fen_per_year
    year = cycle.opens_on[:4]
    paid = [line for line in lines if line.fen]
    given = rows.entitled_in_year(
        unit.store, cycle.programme_id, year, (line.person_id for line in paid)
    )
    over = [
        Problem("cap.person", {"cap": cap // 100, "case": line.case_no})
        for line in paid
        if given.get(line.person_id, 0) + (line.fen or 0) * rounds > cap
    ]
    if over:
        raise Refused(over)


def _entitle(
    desk: Desk, unit: Unit, cycle: Cycle, lines: Sequence[AidCase], rounds: Sequence[Round]
) -> tuple[int, int]:
    """Writes the lines' new state, their entitlements and the money set aside for them."""
    fund = programmes.fund_of(unit.store, cycle.programme_id)
    assert fund is not None
    accounts = people.accounts(unit.store, (li.account_id for li in lines if li.account_id))
    ids = unit.ids()
    moved, made, entries = [], [], []
    for line in lines:
        digest = hashlib.sha256(line_text(line, accounts)).hexdigest()
        moved.append(line._replace(state="entitled", line_hash=digest))
        flow_of_line(unit, line, "listed", "entitled")
        for each in rounds:
            if line.fen:
                right = _entitlement(next(ids), line, each, fund.id, "money")
                made.append(right)
                entries.append(
                    LedgerEntry(
                        next(ids), unit.day, "entitle", "available", "payable", fund.id, line.fen,
                        line.office_id, right.id, None, None, f"entitle:{right.id}", 1,
                    )
                )  # fmt: skip
            if line.qty:
                made.append(_entitlement(next(ids), line, each, fund.id, "goods"))
    unit.update(AID_CASE, moved, ("state", "line_hash"))
    unit.insert(ENTITLEMENT, made)
    unit.post(entries)
    category = {line.id: line.category or "" for line in lines}
    for right in made:
        unit.flow(
            right.office_id, cycle.id, "entitlement", category[right.case_id], "ready", 1,
            right.fen or 0,
        )  # fmt: skip
    _suspend_the_dead(unit, cycle, made, category)
    return len(made), sum(entry.fen for entry in entries)


def _entitlement(id: str, line: AidCase, each: Round, fund_id: str, kind: str) -> Entitlement:
    money = kind == "money"
    return Entitlement(
        id, line.id, each.id, kind, line.office_id, line.person_id, fund_id,
        line.fen if money else None,
        None if money else line.item_id,
        None if money else line.qty,
        line.account_id if money else None,
        "ready", None, 1,
    )  # fmt: skip


def _suspend_the_dead(
    unit: Unit, cycle: Cycle, made: Sequence[Entitlement], category: dict[str, str]
) -> None:
    who = people.many(unit.store, {right.person_id for right in made})
    dead = [right for right in made if who[right.person_id].state == "deceased"]
    suspend(unit, [(right, cycle.id, category[right.case_id]) for right in dead])


def suspend(unit: Unit, rights: Sequence[tuple[Entitlement, str, str]]) -> None:
    """Suspends entitlements, given with their cycle and category; they keep where to go back to."""
    unit.update(
        ENTITLEMENT,
        [right._replace(state="suspended", resume_to=right.state) for right, _, _ in rights],
        ("state", "resume_to"),
    )
    for right, cycle_id, category in rights:
        for state, sign in ((right.state, -1), ("suspended", 1)):
            fen = sign * (right.fen or 0)
            unit.flow(right.office_id, cycle_id, "entitlement", category, state, sign, fen)


def _decide(desk: Desk, unit: Unit, found: Sequence[Roster], rounds: Sequence[int]) -> None:
    text = ",".join(map(str, sorted(rounds)))
    unit.update(
        ROSTER,
        [roster._replace(state="approved", rounds=text) for roster in found],
        ("state", "rounds"),
    )
    ids = unit.ids()
    mine = desk.actor.staff_id
    approvals = []
    for roster in found:
        staff = {who for who, act in rows.makers(unit.store, [roster.id]) if act != "freeze"}
        approvals += [
            Approval(
                next(ids), "roster", roster.id, "approve", who, mine, roster.frozen_hash or "", 1
            )
            for who in sorted(staff - {mine})
        ]
    unit.insert(APPROVAL, approvals)
    _note_maker(desk, unit, [roster.id for roster in found], "approve")
