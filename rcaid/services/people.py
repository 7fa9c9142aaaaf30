"""People: found as somebody types, their card, their help by year, and single values revealed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rcaid.db import cards, cases, duplicates, people, programmes
from rcaid.db.tables import AidCase, Person
from rcaid.domain import identity
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.names import mask
from rcaid.services import checks
from rcaid.services.checks import Check
from rcaid.services.desk import Desk
from rcaid.services.finding import GONE, account_number
from rcaid.services.finding import PersonLine as PersonLine
from rcaid.services.finding import age_of as age_of
from rcaid.services.finding import find as find
from rcaid.services.finding import look_up as look_up
from rcaid.services.finding import opened as opened
from rcaid.services.finding import shown_name as shown_name

REVEALED = ("number", "phone", "address", "account")
"""Fields of a person that are masked for everyone until revealed."""


class Member(NamedTuple):
    """Somebody else of a household."""

    id: str
    name: str
    sex: str
    age: int | None
    identity: str
    state: str


class Kin(NamedTuple):
    """A guardian or relative who need not be on file."""

    kind: str
    name: str
    relation: str


class CaseHelp(NamedTuple):
    """One case of a person with what it gave: ``help`` are its entitlements and their lines."""

    case_no: str
    cycle: str
    programme: str
    office: str
    category: str
    hardship: str
    state: str
    fen: int | None
    item: str
    qty: int | None
    help: tuple[cards.HelpLine, ...]

    @property
    def is_open(self) -> bool:
        """Whether something of it is still to come."""
        return self.state in cards.OPEN_CASES or (
            self.state == "entitled" and any(each.state in cards.UNSETTLED for each in self.help)
        )


class Given(NamedTuple):
    """What reached a person or their household in one year: cash in fen, goods in pieces."""

    year: str
    programme: str
    who: str
    fen: int
    pieces: int
    item: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person in full, with sensitive values masked. ``masked`` names those there are."""

    id: str
    name: str
    full: bool
    sex: str
    born: str
    age: int | None
    state: str
    died_on: str
    id_kind: str
    identity: str
    phone: str
    address: str
    account: str
    bank: str
    place: str
    masked: tuple[str, ...]
    household: tuple[Member, ...]
    kin: tuple[Kin, ...]
    cases: tuple[CaseHelp, ...]
    given: tuple[Given, ...]
    checks: tuple[Check, ...]
    version: int


# --- one person


def person_of(desk: Desk, person_id: str, act: str, *, anywhere: bool = False) -> Person:
    """A person this desk may do an act for, or ``anywhere`` if it may do it in some office; who
    was merged is who they were merged into (BR-010). Refused state.gone or who.no_duty."""
    person = people.standing(desk.store, [person_id]).get(person_id)
    if person is None:
        raise Refused(Problem("state.gone", {"noun": "person", "id": person_id}))
    if anywhere:
        desk.reach(act)
    else:
        desk.require(act, person.office_id)
    return person


def card(desk: Desk, person_id: str) -> PersonCard:
    """A person in full, sensitive values masked. Opening a card is recorded first."""
    person = person_of(desk, person_id, "person.card")
    desk.look("person.card", person.office_id, person.id)
    return read_card(desk, person)


def read_card(desk: Desk, person: Person) -> PersonCard:
    """The card of a person, without a word in the record: for previews."""
    values = opened(desk, person)
    own = _cases(desk, person)
    account, bank = _account(desk, person, own)
    home = [each for each in people.household(desk.store, person.household_id) if each.state not in GONE]  # fmt: skip
    helped = _helped(desk, [each.id for each in home] or [person.id])
    mine = [line for line in helped if line.person_id == person.id]
    held = {
        "number": values.get("number", ""), "phone": values.get("phone", ""),
        "address": values.get("address", ""), "account": account,
    }  # fmt: skip
    return PersonCard(
        person.id, shown_name(desk, person), desk.names_in_full(person.office_id),
        person.sex or "", person.born or "", age_of(desk, person), person.state,
        person.died_on or "", person.id_kind or "", identity.mask_number(held["number"]),
        identity.mask_phone(held["phone"]), "****" if held["address"] else "",
        identity.mask_account(account), bank, desk.offices.path(person.office_id),
        tuple(name for name in REVEALED if held[name]),
        tuple(_member(desk, each) for each in home if each.id != person.id),
        tuple(_kin(desk, person)), tuple(_case_help(desk, own, mine)),
        tuple(_given(desk, person, helped)), tuple(checks.of_person(desk, person, values)),
        person.version,
    )  # fmt: skip


def _cases(desk: Desk, person: Person) -> list[AidCase]:
    """All cases of a person and of whoever was merged into them, newest number first."""
    ids = [person.id, *duplicates.losers(desk.store, [person.id])]
    found = [case for id in ids for case in cases.of_person(desk.store, id)]
    return sorted(found, key=lambda case: case.case_no, reverse=True)


def _helped(desk: Desk, ids: Sequence[str]) -> list[cards.HelpLine]:
    """Help of these people; that of whoever was merged into one of them is theirs."""
    lost = duplicates.losers(desk.store, ids)
    found = cards.help_lines(desk.store, dict.fromkeys([*ids, *lost]))
    if not lost:
        return found
    mine = [line._replace(person_id=lost.get(line.person_id, line.person_id)) for line in found]
    return sorted(mine, key=lambda line: line.case_no, reverse=True)


def _member(desk: Desk, person: Person) -> Member:
    number = identity.mask_number(opened(desk, person).get("number", ""))
    return Member(
        person.id, shown_name(desk, person), person.sex or "", age_of(desk, person), number,
        person.state,
    )  # fmt: skip


def _kin(desk: Desk, person: Person) -> Iterable[Kin]:
    full = desk.names_in_full(person.office_id)
    for row in people.relations(desk.store, person.id):
        if row.sealed is None:
            continue
        values = desk.keys.open("relation", row.id, bytes(row.sealed))[1]
        name = values.get("name", "")
        yield Kin(row.kind, name if full else mask(name), values.get("relation", ""))


def _account(desk: Desk, person: Person, own: Sequence[AidCase]) -> tuple[str, str]:
    """Number and bank of the account money goes to now; empty when there is none."""
    ids = [person.id, *duplicates.losers(desk.store, [person.id])]
    entitled = cards.account_ids(desk.store, ids)
    listed = next((case.account_id for case in own if case.account_id), None)
    newest = next((entitled[id] for id in ids if id in entitled), listed)
    if newest is None:
        return "", ""
    account = people.accounts(desk.store, [newest])[newest]
    return account_number(desk, account), account.bank or ""


def paid_to(desk: Desk, person: Person) -> tuple[str, str]:
    """Number and bank of the account a person's money goes to now, in full: for services, never
    for a screen."""
    return _account(desk, person, _cases(desk, person))


def _case_help(
    desk: Desk, own: Sequence[AidCase], helped: Sequence[cards.HelpLine]
) -> Iterable[CaseHelp]:
    cycles = {each.id: each for each in programmes.cycles(desk.store)}
    names = {each.id: each.name for each in programmes.programmes(desk.store)}
    items = {each.id: each.name for each in programmes.items(desk.store)}
    by_case: dict[str, list[cards.HelpLine]] = defaultdict(list)
    for line in helped:
        by_case[line.case_no].append(line)
    for case in own:
        full = desk.names_in_full(case.office_id)
        cycle = cycles[case.cycle_id]
        yield CaseHelp(
            case.case_no, cycle.code, names[cycle.programme_id],
            desk.offices.path(case.office_id), (case.category or "") if full else "",
            (case.hardship or "") if full else "", case.state, case.fen,
            items.get(case.item_id or "", ""), case.qty, tuple(by_case[case.case_no]),
        )  # fmt: skip


def _given(desk: Desk, person: Person, helped: Sequence[cards.HelpLine]) -> Iterable[Given]:
    """Help that arrived, by year and programme, newest first: the person's own, then all of the
    household's, in which the person's stands again."""
    cycles = {each.id: each.programme_id for each in programmes.cycles(desk.store)}
    names = {each.id: each.name for each in programmes.programmes(desk.store)}
    items = {each.id: each.name for each in programmes.items(desk.store)}
    sums: dict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for line in helped:
        if not line.given:
            continue
        year, programme = (line.done_on or "")[:4], names[cycles[line.cycle_id]]
        for who in ("person", "household") if line.person_id == person.id else ("household",):
            total = sums[year, who, programme, items.get(line.item_id or "", "")]
            total[0] += line.fen or 0
            total[1] += line.qty or 0
    order = sorted(sums.items(), key=lambda pair: (-int(pair[0][0] or 0), pair[0][1] != "person", pair[0]))  # fmt: skip
    for (year, who, programme, item), (fen, pieces) in order:
        yield Given(year, programme, who, fen, pieces, item)


def history(desk: Desk, person_id: str) -> list[Given]:
    """Help that reached a person and their household, by year, newest first."""
    return given_to(desk, person_of(desk, person_id, "person.card"))


def given_to(desk: Desk, person: Person) -> list[Given]:
    """The same of somebody who was found already."""
    home = people.household(desk.store, person.household_id)
    helped = _helped(desk, [each.id for each in home])
    return list(_given(desk, person, helped))


def reveal(desk: Desk, person_id: str, field: str, reason: str) -> str:
    """The full value of one masked field; the record says so before it is returned.

    Refused person.field for a field that is not masked or has no value here.
    """
    person = person_of(desk, person_id, "person.reveal")
    if field not in REVEALED or not reason.strip():
        raise Refused(Problem("person.field", {"field": field, "known": ", ".join(REVEALED)}))
    if field == "account":
        value = _account(desk, person, _cases(desk, person))[0]
    else:
        value = opened(desk, person).get(field, "")
    if not value:
        raise Refused(Problem("person.no_value", {"field": field}))
    desk.write(
        "person.reveal", person.office_id, lambda unit: None, object=person.id,
        reason=reason[:80], note=lambda _: {"field": field},
    )  # fmt: skip
    return str(value)
