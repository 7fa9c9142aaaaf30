"""Red flags that hold a batch: raised when its lines are fixed, cleared one by one by somebody
who neither made the batch nor filled in what it pays. A flag is a question, not a finding (R-14).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rcaid.db import holds as rows
from rcaid.db import offices
from rcaid.db.holds import Line
from rcaid.db.money_reports import Payee, Phone
from rcaid.db.payments import round_by_id
from rcaid.db.programmes import cycles
from rcaid.db.tables import BATCH_FLAG, Batch, BatchFlag
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.ids import first_of
from rcaid.domain.money import yuan
from rcaid.domain.names import clean
from rcaid.services.batch_steps import find, objects
from rcaid.services.clock import ZONE
from rcaid.services.desk import Desk
from rcaid.services.odd import Flag, guardians, opened, same_minute, shared
from rcaid.services.paying import cash_limits
from rcaid.services.programmes import rules_on
from rcaid.services.rosters import apart

CODES = (
    "same_account", "same_phone", "same_minute", "other_payee", "new_account", "near_limit",
    "deceased",
)  # fmt: skip
"""What may hold a batch, in the order in which it is shown."""
DAYS = 30
_NEAR_PERCENT, _NEAR_LINES = 95, 3


@dataclass(frozen=True, slots=True)
class Hold:
    """One flag of a batch: ``n`` counts them from 1, ``object`` names cases, rosters or vouchers;
    who cleared it, by login, and why (a code)."""

    n: int
    id: str
    code: str
    object: str
    number: int
    state: str
    cleared_by: str
    reason: str


def raise_flags(desk: Desk, unit: Unit, batch: Batch) -> int:
    """Looks for what is odd in a batch that is being locked and writes a flag for each; how many.

    One pass over the batch a question; nothing of it is asked again later.
    """
    found = list(dict.fromkeys(_questions(desk, unit, batch)))
    ids = unit.ids()
    unit.insert(
        BATCH_FLAG,
        [
            BatchFlag(
                next(ids), batch.id, batch.office_id, code, object, n, "open", None, None, 1
            )
            for code, object, n in found
        ],
    )  # fmt: skip
    return len(found)


def _questions(desk: Desk, unit: Unit, batch: Batch) -> Iterator[Flag]:
    store = unit.store
    cycle_id = round_by_id(store, batch.round_id).cycle_id
    lines = rows.lines(store, batch.id)
    payees = rows.payees(store, batch.id) if batch.kind == "money" else []
    strangers = dict(_strangers(desk, payees))
    if payees:
        yield from _accounts(desk, payees, rows.sharing(store, batch.id, cycle_id))
    yield from _phones(lines, rows.phones(store, cycle_id))
    steps = rows.roster_steps(store, sorted({line.roster for line in lines} - {""}))
    yield from same_minute(steps)
    if any(line.lane == "A" for line in lines):
        yield from same_minute(rows.case_steps(store, batch.id))
    yield from (("other_payee", case_no, 1) for case_no in sorted(set(strangers.values())))
    if payees:
        yield from _changed(lines, rows.changed(store, batch.id, _since(unit.day)), strangers)
        yield from _near_limit(desk, batch, cycle_id, lines)
    for line in lines:
        if line.person == "deceased" and line.right == "reserved":
            yield "deceased", line.voucher, 1


def _accounts(desk: Desk, mine: Sequence[Payee], others: Sequence[Payee]) -> Iterator[Flag]:
    """Accounts of several people who do not live together (BR-066), equal hashes held against
    the numbers themselves."""
    by_hash: dict[int, list[Payee]] = defaultdict(list)
    for payee in (*mine, *others):
        by_hash[payee.hash].append(payee)
    for sharing in by_hash.values():
        if len({payee.person for payee in sharing}) < 2:
            continue
        by_number: dict[str, list[Payee]] = defaultdict(list)
        for payee in sorted(sharing, key=lambda each: each.case_no):
            by_number[opened(desk, payee).get("number", payee.account)].append(payee)
        yield from shared("same_account", by_number.values(), least=2)


def _phones(lines: Sequence[Line], phones: Sequence[Phone]) -> Iterator[Flag]:
    mine = {line.case_no for line in lines}
    by_hash: dict[int, list[Phone]] = defaultdict(list)
    for phone in phones:
        by_hash[phone.hash].append(phone)
    groups = [group for group in by_hash.values() if any(phone.case_no in mine for phone in group)]
    yield from shared("same_phone", groups, least=3)


def _strangers(desk: Desk, payees: Sequence[Payee]) -> Iterator[tuple[str, str]]:
    """Accounts, with their case numbers, whose holder is neither the person nor a registered
    guardian (BR-065)."""
    others = []
    for payee in payees:
        holder = clean(opened(desk, payee).get("holder", ""))
        if holder and payee.name and holder != clean(payee.name):
            others.append((payee, holder))
    known = guardians(desk, {payee.person_id for payee, _ in others})
    for payee, holder in others:
        if holder not in known[payee.person_id]:
            yield payee.account, payee.case_no


def _since(day: str) -> str:
    """What every id of the last 30 days is above."""
    first = date.fromisoformat(day) - timedelta(days=DAYS - 1)
    at = datetime.combine(first, datetime.min.time(), ZONE)
    return first_of(int(at.timestamp() * 1000))


def _changed(lines: Iterable[Line], changed: set[str], strangers: dict[str, str]) -> Iterator[Flag]:
    """Accounts changed less than 30 days ago. A payment that came back needs another: it is named
    only where that is somebody else's."""
    for line in lines:
        if line.voucher in changed and (not line.replaces or line.account in strangers):
            yield "new_account", line.voucher, 1


def _near_limit(desk: Desk, batch: Batch, cycle_id: str, lines: Sequence[Line]) -> Iterator[Flag]:
    """Several amounts in the last twentieth below a limit that somebody else would decide above:
    of applications the limits of the levels, of cash that for one person."""
    cycle = next(each for each in cycles(desk.store) if each.id == cycle_id)
    decide = rules_on(desk, cycle.programme_id, cycle.opens_on).decide
    limits = {fen for fen in (decide.street_fen, decide.district_fen, decide.city_fen) if fen}
    single = [line.fen or 0 for line in lines if line.lane == "A"]
    amounts = dict.fromkeys(limits, single)
    if batch.channel == "cash":
        amounts[cash_limits(desk)[0]] = [line.fen or 0 for line in lines]
    for limit, given in sorted(amounts.items()):
        n = sum(1 for fen in given if limit * _NEAR_PERCENT <= fen * 100 < limit * 100)
        if n >= _NEAR_LINES:
            yield "near_limit", yuan(limit), n


def of_batch(desk: Desk, number: str) -> list[Hold]:
    """The flags of a batch with what became of them."""
    batch = find(desk, number)
    if desk.duty_for("batch.clear", batch.office_id) is None:
        desk.require("batch.list", batch.office_id)
    logins = {each.id: each.login for each in offices.all_staff(desk.store)}
    return [
        Hold(
            n, flag.id, flag.code, flag.object, flag.n, flag.state,
            logins.get(flag.cleared_by or "", ""), flag.reason or "",
        )
        for n, flag in enumerate(rows.flags(desk.store, batch.id), 1)
    ]  # fmt: skip


def clear(desk: Desk, number: str, flag: str | int, reason: str) -> Entry:
    """Clears one flag, by its id or its place among the batch's, with a reason (a code).

    Not by who made the batch, or filled in or changed what it pays (BR-040).
    """
    batch = find(desk, number)
    desk.require("batch.clear", batch.office_id)
    found = rows.flags(desk.store, batch.id)
    places = {str(n): each for n, each in enumerate(found, 1)} | {each.id: each for each in found}
    held = places.get(str(flag))
    if held is None:
        params = {"batch": number, "flag": str(flag), "known": str(len(found))}
        raise Refused(Problem("batch.flag_unknown", params))
    if held.state != "open":
        raise Refused(Problem("batch.flag_cleared", {"batch": number, "flag": str(flag)}))
    apart(desk, "batch.clear", objects(desk, batch))

    def work(unit: Unit) -> None:
        now = held._replace(state="cleared", cleared_by=desk.actor.staff_id, reason=reason)
        unit.update(BATCH_FLAG, [now], ("state", "cleared_by", "reason"))

    note = {"flag": held.code}
    return desk.write(
        "batch.clear", batch.office_id, work, object=batch.number, reason=reason,
        note=lambda _: note,
    )[1]  # fmt: skip


def refuse_held(unit: Unit, batch: Batch) -> None:
    """Refused batch.held while a flag of a batch is open."""
    n = rows.open_flags(unit.store, [batch.id]).get(batch.id, 0)
    if n:
        raise Refused(Problem("batch.held", {"batch": batch.number, "n": n}))
