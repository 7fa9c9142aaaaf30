"""What came back of a batch: paid, returned, delivered or not, taken up line by line.

A result moves the line, its entitlement, the money and the count of who was served, all in one
unit. The same result again changes nothing; another one for a settled line is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rcaid.db import payments as rows
from rcaid.db.payments import Due, Paying
from rcaid.db.tables import (
    ACCOUNT,
    DISBURSEMENT,
    ENTITLEMENT,
    MAKER,
    Account,
    Batch,
    Disbursement,
    Entitlement,
    Maker,
)
from rcaid.db.unit import Entry, Unit
from rcaid.domain import identity
from rcaid.domain.errors import Problem, Refused
from rcaid.services import stock
from rcaid.services.cash import problem_of_day
from rcaid.services.desk import Desk
from rcaid.services.moving import flow_line, flow_right, posting

DONE = {"paid", "delivered"}


@dataclass(frozen=True, slots=True)
class Result:
    """What is said of one line: its new state, the day, a code, and the agent who took it."""

    voucher: str
    state: str
    day: str
    code: str = ""
    agent: str = ""
    relation: str = ""
    agent_last4: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many lines were taken up, and how many of them were done (paid or delivered)."""

    lines: int
    done: int


_LEDGER = {
    ("released", "paid"): ("paid", "in_transit", "settled"),
    ("released", "returned"): ("returned", "in_transit", "returned"),
    ("paid", "returned"): ("late_return", "settled", "returned"),
    ("paid", "reversed"): ("reverse", "settled", "payable"),
}
_NEXT = {
    ("released", "paid"): "delivered",
    ("released", "returned"): "ready",
    ("paid", "returned"): "ready",
    ("issued", "delivered"): "delivered",
    ("issued", "undelivered"): "ready",
    ("paid", "reversed"): "ready",
    ("delivered", "reversed"): "ready",
}
"""For (state now, state said): the entitlement's next state. Nothing else may be said of a line."""
_IN_CASH = {"delivered": "paid", "undelivered": "returned"}


def for_channel(batch: Batch | None, result: Result) -> Result:
    """What was said of a hand-out, in the words of money where cash was handed out."""
    if batch is None or batch.channel != "cash":
        return result
    return replace(result, state=_IN_CASH.get(result.state, result.state))


def problem_of(paying: Paying | None, result: Result, batch: Batch | None = None) -> Problem | None:
    """Why a result cannot be taken up, or None; ``batch`` is that of the line (BR-068)."""
    if paying is None:
        return Problem("voucher.unknown", {"voucher": result.voucher})
    if (paying.line.state, result.state) not in _NEXT:
        return Problem("voucher.state", {"voucher": result.voucher, "state": paying.line.state})
    return None if result.state == "reversed" else problem_of_day(batch, result.day)


def is_known(paying: Paying | None, result: Result) -> bool:
    """Whether this very result was taken up before."""
    return (
        paying is not None
        and paying.line.state in (result.state, "reissued")
        and paying.line.done_on == result.day
        and (paying.line.code or "") == result.code
    )


def take_up(desk: Desk, unit: Unit, results: Sequence[Result]) -> Taken:
    """Takes results up inside a unit. Refused names each voucher that cannot take its result."""
    found = rows.by_vouchers(unit.store, [result.voucher for result in results])
    batches = {
        id: rows.batch_by_id(unit.store, id) for id in {p.line.batch_id for p in found.values()}
    }
    wrong = []
    for result in results:
        paying = found.get(result.voucher)
        batch = batches[paying.line.batch_id] if paying else None
        if (problem := problem_of(paying, result, batch)) is not None:
            wrong.append(problem)
    if wrong:
        raise Refused(wrong)
    pairs = [(found[result.voucher], result) for result in results]
    homes = rows.households(unit.store, {paying.line.person_id for paying, _ in pairs})
    seal = unit.seal(DISBURSEMENT)
    unit.update(
        DISBURSEMENT,
        [_settled(paying, result, homes, seal) for paying, result in pairs],
        ("state", "live", "done_on", "code", "household_id", "sealed"),
    )
    rights = {paying.line.id: _right_after(paying, result) for paying, result in pairs}
    unit.update(
        ENTITLEMENT,
        [rights[p.line.id] for p, _ in pairs if rights[p.line.id] != p.entitlement],
        ("state", "resume_to"),
    )
    _post(unit, pairs)
    stock.settle(unit, [(paying, result.state) for paying, result in pairs])
    _serve(unit, pairs, homes)
    for paying, result in pairs:
        due = _due(paying)
        flow_line(unit, due, paying.line, paying.line.state, result.state, result.day)
        after = rights[paying.line.id].state
        if after != paying.entitlement.state:
            flow_right(unit, due, paying.entitlement.state, after, result.day)
    _settle_cases(desk, unit, pairs)
    return Taken(len(pairs), sum(1 for _, result in pairs if result.state in DONE))


def _settle_cases(desk: Desk, unit: Unit, pairs: Sequence[tuple[Paying, Result]]) -> None:
    """Single applications are paid with their last line, and entitled again when one comes back."""
    applied = [p.entitlement.case_id for p, _ in pairs if p.roster_id == p.entitlement.case_id]
    if applied:
        from rcaid.services.applications.after import settle

        settle(desk, unit, applied)


def _settled(paying: Paying, result: Result, homes: dict[str, str], seal: object) -> Disbursement:
    line = paying.line
    done = result.state in DONE
    sealed = line.sealed
    if (result.agent or result.agent_last4) and callable(seal):
        values = {
            "agent": result.agent,
            "relation": result.relation,
            "last4": result.agent_last4,
        }
        sealed = seal(line.id, values)
    return line._replace(
        state=result.state,
        live=1 if done else None,
        done_on=result.day,
        code=result.code or None,
        household_id=homes[line.person_id] if done else line.household_id,
        sealed=sealed,
    )


def _right_after(paying: Paying, result: Result) -> Entitlement:
    """What becomes of the right. A suspended one stays so when its line comes back, and is
    delivered when its help arrived all the same."""
    right, target = paying.entitlement, _NEXT[paying.line.state, result.state]
    if right.state != "suspended":
        return right._replace(state=target)
    if result.state in DONE:
        return right._replace(state=target, resume_to=None)
    return right._replace(resume_to=target)


def _due(paying: Paying) -> Due:
    return Due(paying.entitlement, paying.case_no, paying.category, paying.cycle_id)


def _post(unit: Unit, pairs: Sequence[tuple[Paying, Result]]) -> None:
    ids = unit.ids()
    entries = []
    reversed_ = [f"paid:{p.line.id}" for p, r in pairs if r.state == "reversed" and p.line.fen]
    first = rows.entries_by_idem(unit.store, reversed_)
    for paying, result in pairs:
        way = _LEDGER.get((paying.line.state, result.state))
        if way and paying.line.fen:
            kind, debit, credit = way
            entry = posting(next(ids), unit, kind, debit, credit, _due(paying), paying.line)
            cited = first.get(f"paid:{paying.line.id}") if kind == "reverse" else None
            entries.append(entry._replace(reverses=cited))
    unit.post(entries)


def _serve(unit: Unit, pairs: Sequence[tuple[Paying, Result]], homes: dict[str, str]) -> None:
    """Keeps who was served in which round: the first delivered line counts a person-time, the
    last one taken back uncounts it (BR-060)."""
    by_round: dict[str, list[tuple[Paying, int, str]]] = defaultdict(list)
    for paying, result in sorted(pairs, key=lambda pair: pair[1].day):
        change = int(result.state in DONE) - int(paying.line.state in DONE)
        if change:
            by_round[paying.entitlement.round_id].append((paying, change, result.day))
    for round_id, changes in by_round.items():
        before = rows.served(unit.store, round_id, {p.line.person_id for p, *_ in changes})
        now = dict(before)
        for paying, change, day in changes:
            person = paying.line.person_id
            was = now.get(person, 0)
            now[person] = was + change
            if bool(was) != bool(now[person]):
                unit.flow(
                    paying.line.office_id, paying.cycle_id, "served", paying.category, "served",
                    change, 0, day,
                )  # fmt: skip
        _write_served(unit, round_id, before, now, homes)


def _write_served(
    unit: Unit, round_id: str, before: dict[str, int], now: dict[str, int], homes: dict[str, str]
) -> None:
    new = [(round_id, p, homes[p], n) for p, n in now.items() if p not in before and n]
    unit.store.insert_many("served", ("round_id", "person_id", "household_id", "lines"), new)
    changed = [(n, round_id, p) for p, n in now.items() if p in before and before[p] != n]
    unit.store.update_many("served", ("lines",), ("round_id", "person_id"), changed)


def fix_accounts(
    desk: Desk, fixes: Sequence[tuple[str, str, str, str]], office_id: str
) -> tuple[int, Entry]:
    """Gives returned payments of an office another account: (voucher, holder, bank, number) each.

    Whoever does it becomes a maker of the batch, so they neither approve nor release the money.
    """
    desk.require("return.fix_account", office_id)
    mine = desk.offices.below(office_id)
    found = rows.by_vouchers(desk.store, [voucher for voucher, *_ in fixes])
    wrong = []
    for voucher, _, _, number in fixes:
        paying = found.get(voucher)
        if paying is None or paying.line.office_id not in mine:
            wrong.append(Problem("voucher.unknown", {"voucher": voucher}))
        else:
            desk.require("return.fix_account", paying.line.office_id)
            if paying.line.state != "returned":
                params = {"voucher": voucher, "state": paying.line.state}
                wrong.append(Problem("voucher.state", params))
        checked = identity.check_account(number)
        if isinstance(checked, Problem):
            wrong.append(checked)
    if wrong:
        raise Refused(wrong)

    def work(unit: Unit) -> int:
        ids = unit.ids()
        seal = unit.seal(ACCOUNT)
        accounts, rights = [], []
        for voucher, holder, bank, number in fixes:
            paying = found[voucher]
            id = next(ids)
            values = {"number": number, "holder": holder}
            hashed = desk.keys.hash64(f"account:{number}")
            person = paying.line.person_id
            accounts.append(
                Account(
                    id, person, paying.line.office_id, hashed, bank or None, seal(id, values), 1
                )
            )
            rights.append(paying.entitlement._replace(account_id=id))
        unit.insert(ACCOUNT, accounts)
        unit.update(ENTITLEMENT, rights, ("account_id",))
        single = {found[voucher].entitlement.case_id for voucher, *_ in fixes}
        lists = sorted({found[voucher].roster_id for voucher, *_ in fixes})
        known = {each for each in lists if (desk.actor.staff_id, "account") in _parts(unit, each)}
        unit.insert(
            MAKER,
            [
                Maker(
                    next(ids), "case" if each in single else "roster", each, desk.actor.staff_id,
                    "account", 1,
                )
                for each in lists
                if each not in known
            ],
        )  # fmt: skip
        return len(fixes)

    return desk.write("return.fix_account", office_id, work, note=lambda n: {"accounts": n})


def _parts(unit: Unit, object_id: str) -> list[tuple[str, str]]:
    from rcaid.db.rosters import makers

    return makers(unit.store, [object_id])
