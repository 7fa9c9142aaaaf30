"""An application under its rules: what is known of it, and what they say to that.

The rules are those in force on the day it was received (BR-020). Help of every programme and of
others is in the facts; what is approved and not paid yet counts as given, so that nobody is helped
twice while the money is on its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rcaid.db import applications as rows
from rcaid.db import cases, history, people, programmes
from rcaid.db.applications import Applied
from rcaid.db.duplicates import of_people, together
from rcaid.db.history import Right
from rcaid.db.rosters import makers
from rcaid.db.tables import Application, CasePaper, Person
from rcaid.db.transfers import disasters
from rcaid.domain.checks import ATTENTION, DONE, STOPPED, Check
from rcaid.domain.deadlines import age
from rcaid.domain.duties import kept_apart
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.programme_facts import HOUSEHOLD, SELF, Facts, Help
from rcaid.domain.programme_rules import Judgement, judge
from rcaid.domain.programmes import Programme
from rcaid.services import checks
from rcaid.services.applications import consents, whom
from rcaid.services.desk import Desk
from rcaid.services.programmes import rules_on
from rcaid.services.same_person.watching import HOLDING

THERE = ("seen", "copied", "waived")
"""States of a paper that is no longer missing."""
RELATION_PAPER = "GUARD_REL"
_UNPAID = ("pending", "ready", "reserved", "suspended")
DECIDED = ("approved", "on_notice", "objected", "cleared")
UNDECIDED = (
    "draft", "submitted", "verifying", "returned", "district_review", "approval", "suspended",
)  # fmt: skip
_WITHOUT_NUMBER = ("NONE", "OTHER")
WITNESSES = 2


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known beside a case and its application: the person, papers there, whether a guardian
    and the guardian's consent are on file, and what is sealed of the application."""

    person: Person
    papers: tuple[str, ...]
    guardian: bool
    consent: bool
    sealed: dict[str, Any]


def rules_of(desk: Desk, found: Applied) -> Programme:
    """The rules an application is judged by."""
    cycle = next(c for c in programmes.cycles(desk.store) if c.id == found.case.cycle_id)
    return rules_on(desk, cycle.programme_id, found.said.received_on)


def opened(desk: Desk, said: Application) -> dict[str, Any]:
    """What is sealed of an application: need, diagnosis, hospital, applicant, elsewhere, witnesses;
    empty after erasing."""
    if said.sealed is None:
        return {}
    return desk.keys.open("application", said.id, bytes(said.sealed))[1]


def person_of(desk: Desk, found: Applied) -> Person:
    """The person of an application, or who they were merged into."""
    return people.standing(desk.store, [found.case.person_id])[found.case.person_id]


def beside_of(desk: Desk, found: Applied, day: str) -> Beside:
    """What is known beside an application on a day, from the store."""
    person = person_of(desk, found)
    papers = rows.papers(desk.store, [found.case.id])
    return Beside(
        person, tuple(p.code for p in papers if holds(p, day)),
        bool(whom.guardians(desk, person.id)), "guardian" in consents.in_force(desk, person.id),
        opened(desk, found.said),
    )  # fmt: skip


def holds(paper: CasePaper, day: str) -> bool:
    """Whether a paper counts on a day: it was seen, and has not run out (BR-029)."""
    return paper.state in THERE and not (paper.expires_on and paper.expires_on < day)


def facts_of(
    desk: Desk, found: Applied, day: str, *, beside: Beside | None = None,
    rights: Sequence[Right] | None = None,
) -> Facts:  # fmt: skip
    """What the rules are told of an application on a day. ``rights`` are those of the person and
    the household where they are not to be read as they stand now."""
    case, said = found
    beside = beside or beside_of(desk, found, day)
    person = beside.person
    items = {each.id: each.code for each in programmes.items(desk.store)}
    events = {each.id: each.code for each in disasters(desk.store)} if said.disaster_id else {}
    proven = beside.guardian and RELATION_PAPER in beside.papers
    return Facts(
        received_on=said.received_on,
        first_entry_on=said.first_entry_on,
        decided_on=day,
        born=person.born or "",
        died_on=(person.died_on or day) if person.state == "deceased" else "",
        id_kind=person.id_kind or "",
        region=desk.offices.by_id[case.office_id].code,
        category=case.category or "",
        hardship=case.hardship or "",
        hardship_until=case.hardship_until or "",
        disease=said.disease or "",
        stage=said.stage or "",
        out_of_pocket_fen=said.out_of_pocket_fen,
        income_fen=said.income_fen,
        cause=said.cause or "",
        asked_fen=case.fen or said.asked_fen,
        item=items.get(case.item_id or "", ""),
        qty=case.qty or 0,
        guardian=proven,
        consent=beside.consent,
        papers=beside.papers,
        disaster=events.get(said.disaster_id or "", ""),
        history=tuple(_history(desk, found, beside, day, rights)),
    )


def judged(desk: Desk, found: Applied, day: str) -> Judgement:
    """All rules of its programme applied to an application on a day."""
    return judge(rules_of(desk, found), facts_of(desk, found, day))


# --- help given before


def _history(
    desk: Desk, found: Applied, beside: Beside, day: str, rights: Sequence[Right] | None
) -> Iterator[Help]:
    """What this person and the household were given or promised by a day, but for this case."""
    person = beside.person
    for giver, given_on, fen in beside.sealed.get("elsewhere", ()):
        yield Help(giver, given_on, fen, cause=found.said.cause or "")
    if not person.id:
        return
    merged = together(desk.store, [person.id])
    selves = {person.id, *merged, *merged.values()}
    home = {each.id for each in people.household(desk.store, person.household_id)}
    codes = {each.id: each.code for each in programmes.programmes(desk.store)}
    if rights is None:
        rights = history.rights(desk.store, [*selves, *home])
    causes = _causes(desk, {each.case_id for each in rights})
    promised: set[str] = set()
    for each in rights:
        if each.case_id == found.case.id:
            continue
        who = SELF if each.person_id in selves else HOUSEHOLD
        cause = causes.get(each.case_id, "")
        code = codes[each.programme_id]
        money = each.kind == "money"
        if each.line_state in ("paid", "delivered") and each.done_on is not None:
            if each.done_on <= day:
                goods = 0 if money else (each.value_fen or 0)
                yield Help(code, each.done_on, (each.fen or 0) if money else 0, goods, cause, who)
        elif each.state in _UNPAID and money and each.id not in promised:
            promised.add(each.id)
            yield Help(code, day, each.fen or 0, 0, cause, who)
    yield from _decided(desk, found, selves, home, codes, day)


def _causes(desk: Desk, case_ids: Iterable[str]) -> dict[str, str]:
    """What each case was for: the cause of an application, the cycle of a roster line."""
    ids = list(case_ids)
    cycles = {each.id: each.code for each in programmes.cycles(desk.store)}
    found = {id: cycles[case.cycle_id] for id, case in cases.many(desk.store, ids).items()}
    applied = rows.of_cases(desk.store, ids)
    return found | {each.case.id: each.said.cause or "" for each in applied}


def _decided(
    desk: Desk, found: Applied, selves: set[str], home: set[str], codes: dict[str, str], day: str
) -> Iterator[Help]:
    """Applications that are approved and have no right yet: promised, so they count; so do those
    that are suspended meanwhile."""
    cycles = {each.id: each.programme_id for each in programmes.cycles(desk.store)}
    for each in of_people_of(desk, [*selves, *home]):
        case = each.case
        state = each.said.resume_to if case.state == "suspended" else case.state
        if case.id == found.case.id or state not in DECIDED or not case.fen:
            continue
        who = SELF if case.person_id in selves else HOUSEHOLD
        code = codes[cycles[case.cycle_id]]
        yield Help(code, day, case.fen, 0, each.said.cause or "", who)


def of_people_of(desk: Desk, ids: Sequence[str]) -> list[Applied]:
    """All applications of these people."""
    mine = [
        case.id
        for person in dict.fromkeys(ids)
        for case in cases.of_person(desk.store, person)
        if case.lane == "A"
    ]
    return rows.of_cases(desk.store, mine)


# --- what is checked besides the rules


def all_checks(desk: Desk, found: Applied, day: str) -> tuple[Check, ...]:
    """The checks of the rules, and of what only the store knows: pairs, other applications, the
    document, the payee."""
    beside = beside_of(desk, found, day)
    told = judge(rules_of(desk, found), facts_of(desk, found, day, beside=beside))
    return (*told.checks, *more_checks(desk, found, beside))


def card_checks(desk: Desk, found: Applied) -> list[Check]:
    """Everything that is looked at before an application is verified; what needs attention first."""
    case, person = found.case, person_of(desk, found)
    seen = checks.of_person(desk, person, checks.sealed_values(desk, person))
    told = [
        *seen, *all_checks(desk, found, desk.day), checks.residence(desk, case, person),
        *checks.account(desk, case, person), *maker(desk, found),
    ]  # fmt: skip
    once = list({(check.code, str(check.params)): check for check in told}.values())
    order = (STOPPED, ATTENTION, DONE)
    return sorted(once, key=lambda check: order.index(check.sign))


def maker(desk: Desk, found: Applied) -> Iterator[Check]:
    """Whether this person may verify it; of no matter once that is done (BR-040)."""
    if found.case.state not in ("draft", "submitted", "verifying", "returned"):
        return
    barred = kept_apart("verify", desk.actor.staff_id, makers(desk.store, [found.case.id]))
    yield Check("maker.you" if barred else "maker.other", STOPPED if barred else DONE, {}, "BR-040")


def more_checks(desk: Desk, found: Applied, beside: Beside) -> Iterator[Check]:
    """What is checked besides the rules."""
    person = beside.person
    if waiting := len(open_pairs(desk, person)):
        yield Check("known.pairs", ATTENTION, {"n": waiting}, "BR-009")
    else:
        yield Check("known.no_pairs", DONE, {}, "BR-009")
    yield from _beside(desk, found, person)
    if person.id_kind in _WITHOUT_NUMBER:
        named = len(beside.sealed.get("witnesses", ()))
        enough = named >= WITNESSES
        code, sign = ("witness.there", DONE) if enough else ("witness.missing", ATTENTION)
        yield Check(code, sign, {"n": named, "of": WITNESSES}, "BR-007")
    if beside.sealed.get("incapable"):
        proven = beside.guardian and RELATION_PAPER in beside.papers
        if proven:
            yield Check("guardian.incapable_there", DONE, {}, "BR-015")
        else:
            yield Check("guardian.incapable_missing", STOPPED, {}, "BR-015")
    yield from _elsewhere(beside)


def refuse_unwitnessed(desk: Desk, found: Applied) -> None:
    """Refused application.witnesses: who has no document is helped once two people know them
    (BR-007)."""
    if person_of(desk, found).id_kind not in _WITHOUT_NUMBER:
        return
    named = len(opened(desk, found.said).get("witnesses", ()))
    if named < WITNESSES:
        facts = {"case": found.case.case_no, "n": named, "of": WITNESSES}
        raise Refused(Problem("application.witnesses", facts))


def open_pairs(desk: Desk, person: Person) -> list[str]:
    """The ids of near pairs of somebody that nobody has decided yet (BR-009)."""
    if not person.id:
        return []
    merged = together(desk.store, [person.id])
    selves = {person.id, *merged, *merged.values()}
    return [
        pair.id
        for pair in of_people(desk.store, selves)
        if pair.state in ("open", "later") and pair.band in HOLDING
    ]


def _beside(desk: Desk, found: Applied, person: Person) -> Iterator[Check]:
    """Other applications of the person to the same programme that are not decided yet."""
    if not person.id:
        return
    cycles = {each.id: each.programme_id for each in programmes.cycles(desk.store)}
    mine = cycles[found.case.cycle_id]
    for each in of_people_of(desk, [person.id]):
        case = each.case
        if case.id != found.case.id and case.state in UNDECIDED and cycles[case.cycle_id] == mine:
            same = (each.said.cause or "") == (found.said.cause or "")
            params = {"case": case.case_no, "state": case.state}
            code = "beside.same" if same else "beside.other"
            yield Check(code, ATTENTION if same else DONE, params, "BR-023")


def _elsewhere(beside: Beside) -> Iterator[Check]:
    """Help from others is shown; it is no duplicate (BR-027)."""
    for giver, day, fen in beside.sealed.get("elsewhere", ()):
        yield Check("elsewhere.given", DONE, {"giver": giver, "day": day, "fen": fen}, "BR-027")


def is_minor(rules: Programme, born: str, day: str) -> bool:
    """Whether somebody needs a guardian on a day (BR-015)."""
    return bool(born) and age(born, day) < rules.eligible.guardian_under


def papers_needed(rules: Programme, category: str, minor: bool) -> tuple[str, ...]:
    """The codes of the papers an application needs; for a minor the proof of the relation too,
    whatever the programme asks for (BR-015)."""
    needed = rules.papers.needed(category, minor)
    return tuple(dict.fromkeys((*needed, *((RELATION_PAPER,) if minor else ()))))


STOPS = ("BR-015", "BR-016", "BR-023", "BR-030")
"""Rules that refuse an application at submit and at every later step; the others are shown."""


def stops(told: Iterable[Check]) -> list[Check]:
    """The checks that stand in the way of a submit."""
    return [check for check in told if check.sign == STOPPED and check.rule in STOPS]
