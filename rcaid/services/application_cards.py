"""A single application in full, and the queues in which applications wait for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rcaid.db import applications as rows
from rcaid.db import cards, cases, people, programmes
from rcaid.db.applications import Applied
from rcaid.db.lists import makers
from rcaid.db.tables import AidCase, CaseAction, Person
from rcaid.db.transfers import disasters
from rcaid.domain import identity
from rcaid.domain.checks import Check
from rcaid.domain.duties import ACTS, kept_apart
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.names import mask
from rcaid.domain.programmes import Programme
from rcaid.domain.workflow import move
from rcaid.services import case_steps
from rcaid.services import cases as line_cards
from rcaid.services import people as person_cards
from rcaid.services.applications import clock, judging, papers
from rcaid.services.applications.papers import Paper
from rcaid.services.cases import Happened
from rcaid.services.desk import Desk

STEPS = {
    "case.submit": ("submit", ""),
    "case.verify": ("verify", "verify"),
    "case.answer": ("answer", ""),
    "case.propose": ("propose", "freeze"),
    "case.approve": ("approve", "approve"),
    "case.return": ("return", ""),
    "case.reject": ("reject", ""),
    "case.withdraw": ("withdraw", ""),
    "case.suspend": ("suspend", ""),
    "case.resume": ("resume", ""),
    "case.appeal": ("appeal", ""),
}
"""For each act its step in the table of states, and in the rules of separation."""
ALSO_FROM = {
    "case.verify": "submitted", "case.return": "submitted", "case.reject": "submitted",
}  # fmt: skip
"""Where an act of a verifier takes the step before it along."""
EDITABLE = ("draft", "submitted", "returned")
TO_VERIFY = ("submitted", "verifying")


@dataclass(frozen=True, slots=True)
class ApplicationCard:
    """An application in full, sensitive values masked; sums in fen, days as ISO text. ``numbers``
    are the papers of its programme in the order of their numbers."""

    found: Applied
    name: str
    full: bool
    sex: str
    age: int | None
    identity: str
    phone: str
    place: str
    household: int
    programme: str
    cycle: str
    version: int
    disaster: str
    account: str
    payee: str
    bank: str
    guardians: tuple[str, ...]
    said: dict[str, str]
    help: tuple[cards.HelpLine, ...]
    item: str
    given: tuple[person_cards.Given, ...]
    checks: tuple[Check, ...]
    papers: tuple[Paper, ...]
    numbers: tuple[str, ...]
    story: tuple[Told, ...]
    late: int
    masked: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]


class Told(NamedTuple):
    """One event of a story with what was said about it: an opinion, the papers it named."""

    happened: Happened
    opinion: str
    papers: tuple[str, ...]


def find(desk: Desk, id: str, act: str = "case.card") -> Applied:
    """An application by number or id; Refused as `case_steps.find`."""
    return case_steps.find(desk, id, act)


def card(desk: Desk, id: str) -> ApplicationCard:
    """An application in full. Opening it is recorded first."""
    found = find(desk, id)
    desk.look("case.card", found.case.office_id, found.case.case_no)
    return read_card(desk, found)


def read_card(desk: Desk, found: Applied) -> ApplicationCard:
    """The card of an application, without a word in the record: for previews."""
    case, said = found
    person = judging.person_of(desk, found)
    who = person_cards.read_card(desk, person)
    cycle = next(each for each in programmes.cycles(desk.store) if each.id == case.cycle_id)
    names = {each.id: each.name for each in programmes.programmes(desk.store)}
    items = {each.id: each.name for each in programmes.items(desk.store)}
    events = {each.id: each.code for each in disasters(desk.store)} if said.disaster_id else {}
    rules = judging.rules_of(desk, found)
    full = desk.names_in_full(case.office_id)
    account, payee, bank = _paid_to(desk, case, full)
    own = [each for each in who.cases if each.case_no == case.case_no]
    opened = {k: v for k, v in judging.opened(desk, said).items() if isinstance(v, str) and v}
    kin = tuple(f"{each.name} {each.relation}".strip() for each in who.kin)
    return ApplicationCard(
        found, who.name, full, who.sex, who.age, who.identity, who.phone,
        desk.offices.path(case.office_id), len(who.household) + 1, names[cycle.programme_id],
        cycle.code, rules.version, events.get(said.disaster_id or "", ""), account, payee, bank,
        kin, opened if full else {}, own[0].help if own else (), items.get(case.item_id or "", ""),
        who.given, judging.all_checks(desk, found, desk.day), tuple(papers.of(desk, found)),
        numbers(rules, case.category or "", _minor(rules, person, said.received_on)),
        tuple(_story(desk, case)), late(desk, found),
        tuple(n for n in ("number", "phone") if n in who.masked) + ("account",) * bool(account),
        tuple(makers(desk.store, [case.id]).get(case.id, ())),
    )  # fmt: skip


def _minor(rules: Programme, person: Person, day: str) -> bool:
    return judging.is_minor(rules, person.born or "", day)


def numbers(rules: Programme, category: str, minor: bool) -> tuple[str, ...]:
    """The papers an application needs in the order of their numbers: those of everybody, of its
    category, and last those of somebody under age, so that a number means one paper everywhere."""
    listed = [*rules.papers.always, *dict(rules.papers.category).get(category, ())]
    listed += papers_minor(rules) if minor else ()
    return tuple(dict.fromkeys(listed))


def papers_minor(rules: Programme) -> tuple[str, ...]:
    """The papers that are needed for somebody under age."""
    return tuple(dict.fromkeys((*rules.papers.minor, judging.RELATION_PAPER)))


def late(desk: Desk, found: Applied) -> int:
    """Working days an application is late today."""
    return clock.overdue(found.said.due_on, desk.day, found.said.paused_on)


def _paid_to(desk: Desk, case: AidCase, full: bool) -> tuple[str, str, str]:
    account = people.accounts(desk.store, [case.account_id or ""]).get(case.account_id or "")
    if account is None or account.sealed is None:
        return "", "", ""
    values = desk.keys.open("account", account.id, bytes(account.sealed))[1]
    holder = values.get("holder", "")
    shown = holder if full else mask(holder)
    return identity.mask_account(values.get("number", "")), shown, account.bank or ""


def _story(desk: Desk, case: AidCase) -> Iterable[Told]:
    """What was done, newest first, with the opinions and the papers of each step; one act may be
    two steps, as when a case is accepted and passed at once."""
    steps: dict[str, list[CaseAction]] = {}
    for step in cases.actions(desk.store, case.id):
        steps.setdefault(step.at, []).append(step)
    for each in line_cards.story(desk, case):
        those = steps.get(each.at, [])
        opinions = [_opinion(desk, step) for step in those if step.sealed is not None]
        named = [step.papers for step in those if step.papers]
        papers_named = tuple(named[0].split(",")) if named else ()
        yield Told(each, next(filter(None, opinions), ""), papers_named)


def _opinion(desk: Desk, step: CaseAction) -> str:
    opened = desk.keys.open("case_action", step.id, bytes(step.sealed or b""))[1]
    return str(opened.get("opinion", ""))


# --- what may be done


def acts(
    desk: Desk, case: AidCase | _Standing, parts: Sequence[tuple[str, str]]
) -> dict[str, Problem | None]:
    """What the state of an application allows, each with why this person may not, or None."""
    found: dict[str, Problem | None] = {}
    for act, (action, step) in STEPS.items():
        row = move("case", case.state, action)
        if row is None and ALSO_FROM.get(act) != case.state:
            continue
        found[act] = _why_not(desk, act, case, step, parts)
    if case.state in EDITABLE:
        found["case.edit"] = _why_not(desk, "case.edit", case, "", parts)
    return found


def _why_not(
    desk: Desk, act: str, case: AidCase | _Standing, step: str,
    parts: Sequence[tuple[str, str]],
) -> Problem | None:  # fmt: skip
    row = move("case", case.state, STEPS[act][0]) if act in STEPS else None
    duties = row.duties if row and row.duties else ACTS[act]
    if row is None and act in ALSO_FROM:
        duties, step = ACTS["case.accept"], "verify"
    held = any(
        duty in duties and desk.offices.within(case.office_id, granted)
        for duty, granted in desk.actor.duties
    )
    if not held:
        place = desk.offices.path(case.office_id)
        facts = {
            "login": desk.actor.login, "act": act, "office": place, "duties": ", ".join(duties),
        }  # fmt: skip
        return Problem("who.no_duty", facts)
    barred = kept_apart(step, desk.actor.staff_id, parts) if step else None
    if barred is not None:
        return Problem(barred.code, {**barred.params, "login": desk.actor.login})
    return None


def acts_of(
    desk: Desk, listed: Sequence[tuple[str, str, str]]
) -> dict[str, dict[str, Problem | None]]:
    """What may be done to each of several applications, given as (id, office, state)."""
    parts = makers(desk.store, (id for id, _, _ in listed))
    return {
        id: acts(desk, _Standing(id, office, state), parts.get(id, ()))
        for id, office, state in listed
    }


class _Standing(NamedTuple):
    """As much of a case as its acts hang on."""

    id: str
    office_id: str
    state: str


# --- queues


def to_verify(desk: Desk) -> list[tuple[Applied, str]]:
    """The applications this person may verify, what is due first, each with the name as it may be
    seen; without those they had a part in. Refused who.no_duty."""
    offices = desk.reach("case.verify")
    found = rows.queue(desk.store, offices, TO_VERIFY)
    parts = makers(desk.store, (each.case.id for each in found))
    barred = {
        each.case_id
        for each in rows.recused(desk.store, (a.case.id for a in found))
        if each.staff_id == desk.actor.staff_id
    }
    free = [
        each
        for each in found
        if each.case.id not in barred
        and kept_apart("verify", desk.actor.staff_id, parts.get(each.case.id, ())) is None
    ]
    held = people.standing(desk.store, [each.case.person_id for each in free])
    return [(each, person_cards.shown_name(desk, held[each.case.person_id])) for each in free]


def by_ids(desk: Desk, ids: Sequence[str], act: str) -> list[Applied]:
    """Applications by id, each of which this desk may do an act for; Refused state.gone."""
    found = rows.of_cases(desk.store, ids)
    known = {each.case.id for each in found}
    lost = [id for id in ids if id not in known]
    if lost:
        raise Refused(Problem("state.gone", {"noun": "case", "id": lost[0]}))
    for each in found:
        desk.require(act, each.case.office_id)
    return found


def names(desk: Desk, found: Sequence[Applied]) -> dict[str, str]:
    """The name of each application's person as it may be seen, by case."""
    held = people.standing(desk.store, [each.case.person_id for each in found])
    return {
        each.case.id: person_cards.shown_name(desk, held[each.case.person_id]) for each in found
    }
