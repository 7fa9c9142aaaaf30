"""What is odd about payees, as questions share it: those of an auditor, and those at a batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from rcaid.db import people
from rcaid.db.money_reports import Payee, Phone
from rcaid.domain.ids import milliseconds_of
from rcaid.domain.names import clean
from rcaid.services.desk import Desk

HANDED_IN = frozenset({"import", "create", "edit", "submit", "answer"})
"""Acts by which something is handed in for a decision."""
Flag = tuple[str, str, int]
"""A code, the numbers it is about, and how many they are."""
_MOST_NAMED = 20


def opened(desk: Desk, payee: Payee) -> dict[str, str]:
    """What is sealed of an account: number and holder; nothing where it was erased."""
    if payee.sealed is None:
        return {}
    return desk.keys.open("account", payee.account, bytes(payee.sealed))[1]


def guardians(desk: Desk, persons: Collection[str]) -> dict[str, set[str]]:
    """The names of the registered guardians of people."""
    found: dict[str, set[str]] = defaultdict(set)
    for relation in people.relations_of_people(desk.store, persons):
        if relation.kind == "guardian" and relation.sealed is not None:
            values = desk.keys.open("relation", relation.id, bytes(relation.sealed))[1]
            found[relation.person_id].add(clean(values.get("name", "")))
    return found


def shared(code: str, groups: Iterable[Sequence[Payee | Phone]], least: int) -> Iterator[Flag]:
    """Groups of at least so many people who do not all live together."""
    for group in groups:
        persons = {each.person for each in group}
        if len(persons) >= least and len({each.household for each in group}) > 1:
            numbers = list(dict.fromkeys(each.case_no for each in group))
            more = ["…"] if len(numbers) > _MOST_NAMED else []
            yield code, ", ".join([*numbers[:_MOST_NAMED], *more]), len(numbers)


def same_minute(steps: Iterable[tuple[str, str, str]]) -> Iterator[Flag]:
    """Of (number, act, id that tells when) what was approved in the minute it was handed in."""
    handed_in: dict[str, set[int]] = defaultdict(set)
    approved: dict[str, set[int]] = defaultdict(set)
    for number, act, id in steps:
        minute = milliseconds_of(id) // 60_000
        if act in ("approve", "urgent"):
            approved[number].add(minute)
        elif act in HANDED_IN:
            handed_in[number].add(minute)
    for number, minutes in approved.items():
        if minutes & handed_in[number]:
            yield "same_minute", number, 1
