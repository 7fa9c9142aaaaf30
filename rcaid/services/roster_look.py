"""Looking at a roster: what it comes to, who had a part in it, its lines, what speaks against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rcaid.db import offices, people, programmes
from rcaid.db import rosters as rows
from rcaid.db.tables import AidCase, Roster
from rcaid.domain.errors import Problem
from rcaid.services import catalogue
from rcaid.services.desk import Desk
from rcaid.services.people import shown_name
from rcaid.services.quotas import overdrawn
from rcaid.services.rosters import COUNTED, find, frozen_hash


def total(desk: Desk, numbers: Sequence[str]) -> tuple[int, int, int]:
    """(rosters, lines that count, their money in fen for one round)."""
    found = [_seen(desk, number) for number in numbers]
    lines = rows.lines(desk.store, [roster.id for roster in found])
    counted = [line for line in lines if line.state in COUNTED]
    return len(found), len(counted), sum(line.fen or 0 for line in counted)


def card(desk: Desk, number: str) -> dict[str, Any]:
    """One roster with the parts people had in it and its lines.

    Names are whole for who sees this office's people in full, else masked (BR-052).
    """
    roster = _seen(desk, number)
    facts = catalogue.roster_facts(desk, roster, catalogue.names(desk).cycle[roster.cycle_id])
    logins = {each.id: each.login for each in offices.all_staff(desk.store)}
    parts = rows.makers(desk.store, [roster.id])
    facts["parts"] = [f"{act} {logins[who]}" for who, act in parts]
    lines = rows.lines(desk.store, [roster.id])
    facts["fen"] = sum(line.fen or 0 for line in lines if line.state in COUNTED)
    facts["frozen_hash"] = roster.frozen_hash or ""
    facts["people"] = _people(desk, lines)
    return facts


def _people(desk: Desk, lines: Sequence[AidCase]) -> list[dict[str, Any]]:
    who = people.many(desk.store, {line.person_id for line in lines})
    items = {item.id: item.code for item in programmes.items(desk.store)}
    return [
        {
            "case": line.case_no,
            "name": shown_name(desk, who[line.person_id]),
            "category": line.category or "",
            "fen": line.fen,
            "item": items.get(line.item_id or "", ""),
            "state": line.state,
        }
        for line in lines
    ]


def check(desk: Desk, number: str) -> list[Problem]:
    """What speaks against a roster now: changed since it was frozen, dead people, quota."""
    roster = _seen(desk, number)
    lines = rows.lines(desk.store, [roster.id])
    problems = []
    if roster.state == "frozen" and frozen_hash(desk, lines) != roster.frozen_hash:
        problems.append(Problem("roster.changed", {"roster": roster.number}))
    who = people.many(desk.store, {line.person_id for line in lines})
    problems += [
        Problem("roster.dead_line", {"case": line.case_no})
        for line in lines
        if line.state == "listed" and who[line.person_id].state == "deceased"
    ]
    quotas = programmes.quotas(desk.store, roster.cycle_id)
    allotted = {(quota.office_id, quota.category): quota.allotted for quota in quotas}
    problems += overdrawn(desk.offices, allotted)
    used = rows.quota_used(desk.store, roster.cycle_id, [roster.office_id])
    for (office, category), n in sorted(used.items()):
        have = allotted.get((office, category))
        if have is not None and n > have:
            params = {"office": desk.offices.by_id[office].name, "used": n, "wanted": have}
            problems.append(Problem("quota.used", params))
    return problems


def _seen(desk: Desk, number: str) -> Roster:
    roster = find(desk, number)
    desk.require("roster.list", roster.office_id)
    return roster
