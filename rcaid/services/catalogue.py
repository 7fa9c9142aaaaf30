"""What there is: cycles, rounds, funds, people who act; facts of a roster or batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rcaid.db import offices, programmes
from rcaid.db.tables import Batch, Roster
from rcaid.services.desk import Desk
from rcaid.services.programmes import cycle as cycle_of

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """Codes by id, for rows that name others."""

    programme: dict[str, str]
    cycle: dict[str, str]
    round: dict[str, str]


def names(desk: Desk) -> Names:
    """The codes of all programmes and cycles; a round is ``22A-1``."""
    cycles = programmes.cycles(desk.store)
    return Names(
        {each.id: each.code for each in programmes.programmes(desk.store)},
        {each.id: each.code for each in cycles},
        {
            each.id: f"{cycle.code}-{each.number}"
            for cycle in cycles
            for each in programmes.rounds(desk.store, cycle.id)
        },
    )


def all_cycles(desk: Desk, programme: str = "") -> list[Facts]:
    """Every cycle, or those of one programme, by opening day."""
    codes = names(desk).programme
    return [
        {
            "code": each.code,
            "programme": codes[each.programme_id],
            "label": each.label,
            "state": each.state,
            "opens_on": each.opens_on,
            "closes_on": each.closes_on,
            "rounds": len(programmes.rounds(desk.store, each.id)),
        }
        for each in programmes.cycles(desk.store)
        if programme in ("", codes[each.programme_id])
    ]


def rounds(desk: Desk, cycle_code: str) -> list[Facts]:
    """The rounds of a cycle."""
    cycle = cycle_of(desk, cycle_code)
    return [
        {"cycle": cycle.code, "number": each.number, "label": each.label}
        for each in programmes.rounds(desk.store, cycle.id)
    ]


def funds(desk: Desk) -> list[Facts]:
    """Every fund with the balance of each of its accounts, in fen."""
    codes = names(desk).programme
    return [
        {
            "code": each.code,
            "name": each.name,
            "programme": codes[each.programme_id],
            "restriction": each.restriction or "",
            "scope": each.scope or "",
            "office": desk.offices.by_id[each.office_id].code,
            "closed_on": each.closed_on or "",
            "balances": {
                account: int(fen) for account, fen in programmes.balances(desk.store, each.id).items()
            },
        }
        for each in programmes.funds(desk.store)
    ]  # fmt: skip


def roster_facts(desk: Desk, roster: Roster, cycle: str) -> Facts:
    """One roster, its office by code and name."""
    office = desk.offices.by_id[roster.office_id]
    return {
        "number": roster.number,
        "cycle": cycle,
        "office": office.code,
        "office_name": desk.offices.path(office.id),
        "state": roster.state,
        "lines": roster.lines,
        "rounds": roster.rounds or "",
        "opened_on": roster.opened_on,
    }


def batch_facts(desk: Desk, batch: Batch) -> Facts:
    """One batch, its office by code and name."""
    return {
        "number": batch.number,
        "round": names(desk).round[batch.round_id],
        "office": desk.offices.by_id[batch.office_id].code,
        "office_name": desk.offices.path(batch.office_id),
        "kind": batch.kind,
        "state": batch.state,
        "lines": batch.lines,
        "fen": batch.fen,
        "qty": batch.qty,
        "left_out": batch.left_out,
        "released_on": batch.released_on or "",
    }


def users(desk: Desk) -> list[Facts]:
    """Everybody who acts, with the duties they hold today and their keys in force."""
    desk.reach("user.list")
    return [
        {
            "login": each.login,
            "name": each.name,
            "os_user": each.os_user,
            "active": each.active,
            "duties": [
                f"{grant.duty}@{desk.offices.by_id[grant.office_id].code}"
                for grant in offices.grants(desk.store, each.id, desk.day)
            ],
            "keys": [
                key.fingerprint
                for key in offices.ssh_keys_of(desk.store, each.id)
                if not key.revoked_on
            ],
        }
        for each in offices.all_staff(desk.store)
    ]
