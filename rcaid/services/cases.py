"""One case in full: its facts, what is checked about it, and its story out of the record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rcaid.db import applications, cards, people, programmes
from rcaid.db import cases as rows
from rcaid.db import rosters as roster_rows
from rcaid.db.tables import AidCase
from rcaid.domain import identity
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.names import mask
from rcaid.services import checks
from rcaid.services import people as person_cards
from rcaid.services.applications import judging
from rcaid.services.checks import Check
from rcaid.services.desk import Desk

_LOOKS = ("person.card", "case.card", "person.reveal", "objection.read")


class Happened(NamedTuple):
    """One event of a story: when (UTC), who, which act, its reason and its place in the record."""

    at: str
    login: str
    name: str
    act: str
    reason: str
    number: str


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A case in full, sensitive values masked. Category and hardship are empty for those who see
    no need; ``masked`` names the values of the person that may be revealed."""

    id: str
    case_no: str
    lane: str
    state: str
    cycle: str
    programme: str
    roster: str
    roster_state: str
    office_id: str
    place: str
    person_id: str
    name: str
    full: bool
    sex: str
    age: int | None
    person_state: str
    identity: str
    phone: str
    account: str
    payee: str
    bank: str
    household: int
    category: str
    hardship: str
    hardship_until: str
    fen: int | None
    item: str
    qty: int | None
    help: tuple[cards.HelpLine, ...]
    given: tuple[person_cards.Given, ...]
    checks: tuple[Check, ...]
    story: tuple[Happened, ...]
    masked: tuple[str, ...]
    version: int


def find(desk: Desk, case_no: str, act: str = "case.card") -> AidCase:
    """A case by number or id that this desk may do an act for; Refused state.gone, who.no_duty."""
    case = rows.by_number(desk.store, case_no) or rows.by_id(desk.store, case_no)
    if case is None:
        raise Refused(Problem("state.gone", {"noun": "case", "id": case_no}))
    desk.require(act, case.office_id)
    return case


def card(desk: Desk, case_no: str) -> CaseCard:
    """A case in full. Opening it is recorded first."""
    case = find(desk, case_no)
    desk.look("case.card", case.office_id, case.case_no)
    return read_card(desk, case)


def read_card(desk: Desk, case: AidCase) -> CaseCard:
    """The card of a case, without a word in the record: for previews."""
    person = people.standing(desk.store, [case.person_id])[case.person_id]
    who = person_cards.read_card(desk, person)
    cycle = next(each for each in programmes.cycles(desk.store) if each.id == case.cycle_id)
    names = {each.id: each.name for each in programmes.programmes(desk.store)}
    items = {each.id: each.name for each in programmes.items(desk.store)}
    roster = roster_rows.by_id(desk.store, case.roster_id) if case.roster_id else None
    full = desk.names_in_full(case.office_id)
    account, payee, bank = _paid_to(desk, case, full)
    applied = applications.of_case(desk.store, case.id) if case.lane == "A" else None
    found = (
        checks.of_case(desk, case, person, cycle, roster)
        if applied is None
        else judging.card_checks(desk, applied)
    )
    own = next(each for each in who.cases if each.case_no == case.case_no)
    return CaseCard(
        case.id, case.case_no, case.lane, case.state, cycle.code, names[cycle.programme_id],
        roster.number if roster else "", roster.state if roster else "", case.office_id,
        desk.offices.path(case.office_id), person.id, who.name, full, who.sex, who.age,
        person.state, who.identity, who.phone, account, payee, bank, len(who.household) + 1,
        own.category, own.hardship, (case.hardship_until or "") if full else "", case.fen,
        items.get(case.item_id or "", ""), case.qty, own.help, who.given,
        tuple(c for c in found if full or c.rule != "BR-029"), tuple(story(desk, case)),
        tuple(n for n in ("number", "phone") if n in who.masked) + ("account",) * bool(account),
        case.version,
    )  # fmt: skip


def _paid_to(desk: Desk, case: AidCase, full: bool) -> tuple[str, str, str]:
    """The account a case is paid to, masked, its holder and its bank."""
    account = people.accounts(desk.store, [case.account_id or ""]).get(case.account_id or "")
    if account is None or account.sealed is None:
        return "", "", ""
    values = desk.keys.open("account", account.id, bytes(account.sealed))[1]
    holder = values.get("holder", "")
    shown = holder if full else mask(holder)
    return identity.mask_account(values.get("number", "")), shown, account.bank or ""


def story(desk: Desk, case: AidCase) -> list[Happened]:
    """What was done to a case, its roster or application and its payments, newest first; not who
    looked at it."""
    rights, lines = cards.rights_and_lines(desk.store, case.id)
    touched: list[tuple[str, Sequence[str]]] = [
        ("aid_case", [case.id]),
        ("entitlement", rights),
        ("disbursement", lines),
    ]
    if case.roster_id:
        touched.append(("roster", [case.roster_id]))
    return happened(desk, cards.touching(desk.store, touched, [case.case_no]))


def happened(desk: Desk, events: Sequence[cards.Touch]) -> list[Happened]:
    """Events as a story, without those that only looked."""
    shown = [event for event in events if event.act not in _LOOKS]
    names = cards.names_of(desk.store, (event.actor for event in shown))
    return [
        Happened(
            event.at, event.actor, names.get(event.actor, event.actor), event.act,
            json.loads(event.line).get("reason", ""), f"{event.log}-{event.seq}",
        )
        for event in shown
    ]  # fmt: skip
