"""One roster in full: its lines by category, what is checked about it, its story; its review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rcaid.db import cards, people, programmes
from rcaid.db import lists as list_rows
from rcaid.db import rosters as rows
from rcaid.db.lists import Asked, Condition
from rcaid.db.tables import AidCase, Cycle, Person, Roster
from rcaid.domain.duties import kept_apart
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.workflow import move
from rcaid.services import lists
from rcaid.services.cases import Happened, happened
from rcaid.services.checks import ATTENTION, DONE, STOPPED, Check, maker
from rcaid.services.desk import Desk
from rcaid.services.lists import CaseRow, RosterRow
from rcaid.services.programmes import rules_on
from rcaid.services.quota_lists import COUNTED_STATES, used_of
from rcaid.services.rosters import find

STEPS = {
    "roster.submit": ("submit", ""),
    "roster.verify": ("verify", "verify"),
    "roster.return": ("return", ""),
    "roster.freeze": ("freeze", "freeze"),
    "roster.approve": ("approve", "approve"),
    "roster.close": ("close", ""),
}
"""For each act on a roster its step in the table of states, and in the rules of separation."""
SHOWN_LINES = 200


class ByCategory(NamedTuple):
    """Lines of one category that count, and their money in fen."""

    category: str
    n: int
    fen: int


@dataclass(frozen=True, slots=True)
class RosterCard:
    """A roster in full. ``lines`` are the first 200 of those listed on it."""

    row: RosterRow
    supplements: str
    frozen_hash: str
    by_category: tuple[ByCategory, ...]
    lines: tuple[CaseRow, ...]
    checks: tuple[Check, ...]
    story: tuple[Happened, ...]


@dataclass(frozen=True, slots=True)
class Approval:
    """What approving rosters of one cycle would do. ``fen`` is for one round; ``over_cap`` are
    cases that would pass the cap already in one round, which stops all; ``dead`` are entitled and
    suspended; ``rounds`` are those of the cycle as (number, label); ``pieces`` of goods
    are for one round too."""

    cycle: str
    programme: str
    rosters: tuple[str, ...]
    lines: int
    fen: int
    by_category: tuple[ByCategory, ...]
    dead: tuple[AidCase, ...]
    over_cap: tuple[AidCase, ...]
    refusals: tuple[Problem, ...]
    available: int
    rounds: tuple[tuple[int, str], ...]
    pieces: int = 0


def why_not(desk: Desk, act: str, row: RosterRow) -> Problem | None:
    """Why this person may not do an act on a roster in its state; None when they may."""
    action, step = STEPS[act]
    if move("roster", row.state, action) is None:
        return Problem("state.no_move", {"noun": row.number, "state": row.state, "action": action})
    if desk.duty_for(act, row.office_id) is None:
        where = {"login": desk.actor.login, "act": act, "office": row.place}
        return Problem("who.no_duty", where)
    barred = kept_apart(step, desk.actor.staff_id, row.parts) if step else None
    if barred is not None:
        return Problem(barred.code, {**barred.params, "login": desk.actor.login})
    return None


def row_of(desk: Desk, number: str) -> RosterRow:
    """A roster as the list shows it, by number or id; Refused state.gone or who.no_duty."""
    roster = find(desk, number)
    desk.require("roster.list", roster.office_id)
    asked = Asked("rosters", (Condition("roster", "in", (roster.number,)),))
    found = list_rows.page(desk.store, asked, 1)
    return lists.roster_rows(desk, [found[0][2:]])[0]


def card(desk: Desk, number: str) -> RosterCard:
    """A roster in full; the people on it are masked as on every list."""
    row = row_of(desk, number)
    roster = find(desk, row.id)
    lines = rows.lines(desk.store, [row.id])
    first = rows.by_id(desk.store, roster.supplements) if roster.supplements else None
    events = cards.touching(desk.store, [("roster", [row.id])], [row.number])
    return RosterCard(
        row,
        first.number if first else "",
        roster.frozen_hash or "",
        by_category(lines),
        tuple(_shown(desk, row)),
        tuple(_checks(desk, roster, row, lines)),
        tuple(happened(desk, events)),
    )


def _shown(desk: Desk, row: RosterRow) -> Iterable[CaseRow]:
    """The first lines, for those who may see cases there."""
    if desk.duty_for("case.list", row.office_id) is None:
        return []
    page = lists.page(desk, "cases", f"roster={row.number}", limit=SHOWN_LINES, counted=False)
    return (line for line in page.rows if isinstance(line, CaseRow))


def by_category(lines: Iterable[AidCase]) -> tuple[ByCategory, ...]:
    """Lines that count, by category, the largest first."""
    n: Counter[str] = Counter()
    fen: Counter[str] = Counter()
    for line in lines:
        if line.state in COUNTED_STATES:
            n[line.category or ""] += 1
            fen[line.category or ""] += line.fen or 0
    return tuple(ByCategory(category, count, fen[category]) for category, count in n.most_common())


def _checks(
    desk: Desk, roster: Roster, row: RosterRow, lines: Sequence[AidCase]
) -> Iterable[Check]:
    """Quota, certificates, deaths, accounts and the separation of duties."""
    counted = [line for line in lines if line.state in COUNTED_STATES]
    yield from _quota(desk, roster)
    ended = sum(
        1 for li in counted if li.hardship not in (None, "none")
        and li.hardship_until and li.hardship_until < desk.day
    )  # fmt: skip
    yield Check("certificates.ended", ATTENTION if ended else DONE, {"n": ended}, "BR-029")
    dead = len(_dead(desk, counted))
    yield Check("people.deceased", ATTENTION if dead else DONE, {"n": dead}, "BR-016")
    shared = _shared_accounts(desk, counted)
    yield Check("accounts.shared", ATTENTION if shared else DONE, {"n": shared}, "BR-066")
    yield from maker(desk, roster)


def _quota(desk: Desk, roster: Roster) -> Iterable[Check]:
    cycle = _cycle(desk, roster)
    used = used_of(desk, cycle, [roster.office_id])
    for quota in programmes.quotas(desk.store, cycle.id):
        if quota.office_id != roster.office_id:
            continue
        n = sum(count for (_, c), count in used.items() if quota.category in ("*", c))
        numbers = {"n": n, "of": quota.allotted, "category": quota.category}
        sign = DONE if n <= quota.allotted else STOPPED
        yield Check("quota.category", sign, numbers, "BR-032")


def _cycle(desk: Desk, roster: Roster) -> Cycle:
    return next(each for each in programmes.cycles(desk.store) if each.id == roster.cycle_id)


def _dead(desk: Desk, lines: Iterable[AidCase]) -> list[AidCase]:
    lines = list(lines)
    who: dict[str, Person] = people.many(desk.store, (line.person_id for line in lines))
    return [line for line in lines if who[line.person_id].state == "deceased"]


def _shared_accounts(desk: Desk, lines: Iterable[AidCase]) -> int:
    """Accounts to which two or more households of the roster are paid."""
    held = people.accounts(desk.store, (line.account_id for line in lines if line.account_id))
    homes: dict[int, set[str]] = {}
    for line in lines:
        if line.account_id in held:
            homes.setdefault(held[line.account_id].hash, set()).add(line.household_id)
    return sum(1 for each in homes.values() if len(each) > 1)


def approval(desk: Desk, numbers: Sequence[str]) -> Approval:
    """What approving these rosters would do; Refused roster.one_cycle for several cycles."""
    found = [row_of(desk, number) for number in numbers]
    if len({row.cycle for row in found}) != 1:
        raise Refused(Problem("roster.one_cycle"))
    roster = find(desk, found[0].id)
    cycle = _cycle(desk, roster)
    lines = [li for li in rows.lines(desk.store, [row.id for row in found]) if li.state == "listed"]
    refusals = [problem for row in found if (problem := why_not(desk, "roster.approve", row))]
    fund = programmes.fund_of(desk.store, cycle.programme_id)
    balances = programmes.balances(desk.store, fund.id) if fund else {}
    return Approval(
        cycle.code,
        found[0].programme,
        tuple(row.number for row in found),
        len(lines),
        sum(line.fen or 0 for line in lines),
        by_category(lines),
        tuple(_dead(desk, lines)),
        tuple(_over_cap(desk, cycle, lines)),
        tuple(refusals),
        balances.get("available", 0),
        tuple((each.number, each.label) for each in programmes.rounds(desk.store, cycle.id)),
        sum(line.qty or 0 for line in lines),
    )


def _over_cap(desk: Desk, cycle: Cycle, lines: Sequence[AidCase]) -> Iterable[AidCase]:
    cap = rules_on(desk, cycle.programme_id, cycle.opens_on).cap_fen_per_year
    paid = [line for line in lines if line.fen]
    given = rows.entitled_in_year(
        desk.store, cycle.programme_id, cycle.opens_on[:4], (line.person_id for line in paid)
    )
    return (li for li in paid if given.get(li.person_id, 0) + (li.fen or 0) > cap)
