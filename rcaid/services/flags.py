"""Red flags: what in a cycle an auditor should look at. A flag is a question, not a finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

from rcaid.db import money_reports as rows
from rcaid.db import people
from rcaid.db.money_reports import Payee
from rcaid.domain.counting import FLAGS_RULE
from rcaid.domain.ids import milliseconds_of
from rcaid.domain.names import clean
from rcaid.services.desk import Desk
from rcaid.services.programmes import cycle as cycle_of
from rcaid.services.reporting.shape import Report

FLAGS = {
    "same_account": "one account for several people who do not live together (BR-066)",
    "same_phone": "one phone for three or more people who do not all live together",
    "same_minute": "approved in the minute it was handed in",
    "other_payee": "paid to somebody who is neither the beneficiary nor their guardian (BR-065)",
    "new_account": "paid to an account that was changed less than 30 days before",
}
"""Every flag: its code, and the rule as it is printed."""
DAYS = 30
_HANDED_IN = frozenset({"import", "create", "edit", "submit"})
Flag = tuple[str, str, int]


def flags(desk: Desk, period: str, as_of: str) -> Report:
    """R-14: what looks odd in a cycle, by numbers of cases, rosters and vouchers alone; as of now.

    For auditors. No identity number, phone, account or name is in it.
    """
    offices = desk.reach("report.flags")
    cycle = cycle_of(desk, period)
    strangers: set[str] = set()
    found = [
        *_accounts(desk, cycle.id, offices, strangers),
        *_phones(desk, cycle.id, offices),
        *_minutes(desk, cycle.id, offices),
        *_changed(desk, cycle.id, offices, strangers),
    ]
    order = {code: n for n, code in enumerate(FLAGS)}
    found.sort(key=lambda flag: (order[flag[0]], flag[1]))
    return Report(
        "flags", "R-14", period, desk.day, ("flag", "cases", "number", "rule"),
        tuple((code, numbers, n, FLAGS[code]) for code, numbers, n in found),
        rules=(FLAGS_RULE,),
    )  # fmt: skip


def _accounts(
    desk: Desk, cycle_id: str, offices: Sequence[str], strangers: set[str]
) -> Iterator[Flag]:
    """Accounts of several people, payees who are somebody else; fills in the latter's accounts.

    Equal hashes are held against the numbers themselves.
    """
    by_hash: dict[int, list[Payee]] = defaultdict(list)
    others: dict[str, list[tuple[Payee, str]]] = defaultdict(list)
    for payee in rows.payees(desk.store, cycle_id, offices):
        by_hash[payee.hash].append(payee)
        holder = _opened(desk, payee).get("holder", "")
        if holder and payee.name and clean(holder) != clean(payee.name):
            others[payee.person_id].append((payee, clean(holder)))
    for sharing in by_hash.values():
        if len({payee.person for payee in sharing}) > 1:
            by_number: dict[str, list[Payee]] = defaultdict(list)
            for payee in sharing:
                by_number[_opened(desk, payee).get("number", "")].append(payee)
            yield from _shared("same_account", by_number.values(), least=2)
    guardians = _guardians(desk, others)
    for person, payees in others.items():
        for payee, holder in payees:
            if holder not in guardians[person]:
                strangers.add(payee.account)
                yield "other_payee", payee.case_no, 1


def _opened(desk: Desk, payee: Payee) -> dict[str, str]:
    if payee.sealed is None:
        return {}
    return desk.keys.open("account", payee.account, bytes(payee.sealed))[1]


def _guardians(desk: Desk, persons: Collection[str]) -> dict[str, set[str]]:
    """The names of the registered guardians of people."""
    found: dict[str, set[str]] = defaultdict(set)
    for relation in people.relations_of_people(desk.store, persons):
        if relation.kind == "guardian" and relation.sealed is not None:
            values = desk.keys.open("relation", relation.id, bytes(relation.sealed))[1]
            found[relation.person_id].add(clean(values.get("name", "")))
    return found


def _shared(
    code: str, groups: Iterable[Sequence[rows.Payee | rows.Phone]], least: int
) -> Iterator[Flag]:
    """Groups of at least so many people who do not all live together."""
    for group in groups:
        persons = {each.person for each in group}
        if len(persons) >= least and len({each.household for each in group}) > 1:
            numbers = dict.fromkeys(each.case_no for each in group)
            yield code, ", ".join(numbers), len(numbers)


def _phones(desk: Desk, cycle_id: str, offices: Sequence[str]) -> Iterator[Flag]:
    by_hash: dict[int, list[rows.Phone]] = defaultdict(list)
    for phone in rows.phones(desk.store, cycle_id, offices):
        by_hash[phone.hash].append(phone)
    yield from _shared("same_phone", by_hash.values(), least=3)


def _minutes(desk: Desk, cycle_id: str, offices: Sequence[str]) -> Iterator[Flag]:
    """Rosters that were approved in the minute somebody handed them in."""
    handed_in: dict[str, set[int]] = defaultdict(set)
    approved: dict[str, set[int]] = defaultdict(set)
    for number, act, id in rows.steps(desk.store, cycle_id, offices):
        if act == "approve":
            approved[number].add(_minute(id))
        elif act in _HANDED_IN:
            handed_in[number].add(_minute(id))
    for number, minutes in approved.items():
        if minutes & handed_in[number]:
            yield "same_minute", number, 1


def _minute(id: str) -> int:
    return milliseconds_of(id) // 60_000


def _changed(
    desk: Desk, cycle_id: str, offices: Sequence[str], strangers: set[str]
) -> Iterator[Flag]:
    """Payments soon after their account was changed. One that came back needs another account: it
    is named only where that is somebody else's."""
    for paid in rows.changed(desk.store, cycle_id, offices):
        since = date.fromisoformat(paid.released_on) - _day_of(paid.account)
        if since.days < DAYS and (not paid.replaces or paid.account in strangers):
            yield "new_account", paid.voucher, 1


def _day_of(id: str) -> date:
    return datetime.fromtimestamp(milliseconds_of(id) / 1000, UTC).date()
