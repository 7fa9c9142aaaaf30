"""What is checked about a person and a case when somebody looks at it, each with its rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rcaid.db import cards, duplicates, history, payments, people, rosters, search
from rcaid.db.tables import AidCase, Cycle, Person, Roster
from rcaid.domain import identity
from rcaid.domain.checks import ATTENTION as ATTENTION
from rcaid.domain.checks import DONE as DONE
from rcaid.domain.checks import STOPPED as STOPPED
from rcaid.domain.checks import Check as Check
from rcaid.domain.deadlines import add_months
from rcaid.domain.duties import kept_apart
from rcaid.domain.errors import Problem
from rcaid.domain.programme_rules import certificate
from rcaid.services.desk import Desk
from rcaid.services.programmes import rules_on

BEFORE_VERIFYING = ("open", "submitted")
_MOST_NAMESAKES = 200
_VERIFIED = (identity.RESIDENT_ID, identity.HMT_PERMIT_RESIDENCE, identity.FOREIGN_PR_2023)


def of_person(desk: Desk, person: Person, values: Mapping[str, Any]) -> Iterable[Check]:
    """Identity, duplicates, and whether they live."""
    yield _identity(desk, person, values)
    yield _known_once(desk, person)
    if person.state == "deceased":
        yield Check("deceased", STOPPED, {"day": person.died_on or ""}, "BR-016")


def _identity(desk: Desk, person: Person, values: Mapping[str, Any]) -> Check:
    kind, number = person.id_kind or "", values.get("number", "")
    if kind not in _VERIFIED:
        return Check("identity.unverified", ATTENTION, {"kind": kind}, "BR-007")
    problem = identity.check(number, kind, desk.day)
    if isinstance(problem, Problem):
        return Check("identity.wrong", STOPPED, {"problem": problem.code}, "BR-001")
    if "number15" in values:
        return Check("identity.upgraded", DONE, {}, "BR-004")
    return Check("identity.holds", DONE, {}, "BR-001")


def _known_once(desk: Desk, person: Person) -> Check:
    """Whether somebody else has this name and birth date; namesakes born on other days differ."""
    wanted = search.terms(person.name or "")
    docs = (
        desk.store.search(search.match_text(desk.store.engine, wanted), _MOST_NAMESAKES)
        if wanted
        else []
    )
    same = [
        other
        for other in people.by_docs(desk.store, docs)
        if other.id != person.id
        and other.name == person.name
        and other.state in ("live", "deceased")
    ]
    alike = sum(1 for other in same if person.born and other.born == person.born)
    if alike:
        return Check("known.alike", ATTENTION, {"n": alike}, "BR-009")
    return Check("known.once", DONE, {"namesakes": len(same)}, "BR-009")


def of_case(
    desk: Desk, case: AidCase, person: Person, cycle: Cycle, roster: Roster | None
) -> list[Check]:
    """Everything that is looked at before a line is verified; what needs attention first."""
    found = [
        *of_person(desk, person, sealed_values(desk, person)),
        *certificate(case.hardship or "", case.hardship_until or "", judged_on(desk, case, cycle)),
        *_cap(desk, case, person, cycle),
        _all_help(desk, person),
        quota(desk, case),
        residence(desk, case, person),
        *account(desk, case, person),
        *maker(desk, roster),
    ]
    order = (STOPPED, ATTENTION, DONE)
    return sorted(found, key=lambda check: order.index(check.sign))


def sealed_values(desk: Desk, person: Person) -> dict[str, Any]:
    """What is sealed of a person, opened."""
    if person.sealed is None:
        return {}
    return desk.keys.open("person", person.id, bytes(person.sealed))[1]


def judged_on(desk: Desk, case: AidCase, cycle: Cycle) -> str:
    """The day a line is judged as of: today, or the cycle's first day once nothing is left to do."""
    if case.state != "entitled":
        return desk.day
    over = cycle.state == "ended"
    if not over:
        rights = [due.entitlement.state for due in payments.of_cases(desk.store, [case.id])]
        over = bool(rights) and all(state == "delivered" for state in rights)
    return cycle.opens_on if over else desk.day


def _cap(desk: Desk, case: AidCase, person: Person, cycle: Cycle) -> Iterable[Check]:
    """What is given in cash in the cycle's year: to the person against the cap, to the household
    for the eye (the programme has no cap for it)."""
    cap = rules_on(desk, cycle.programme_id, cycle.opens_on).cap_fen_per_year
    home = [each.id for each in people.household(desk.store, person.household_id)]
    year = cycle.opens_on[:4]
    given = rosters.entitled_in_year(
        desk.store, cycle.programme_id, year, dict.fromkeys([person.id, *home])
    )
    mine = given.get(person.id, 0)
    planned = case.fen or 0 if case.state in ("listed", "waiting") else 0
    sign = STOPPED if mine + planned > cap else DONE
    yield Check("cap.person", sign, {"fen": mine, "cap": cap}, "BR-022")
    if len(home) > 1:
        fen = sum(given.values())
        yield Check("cap.household", DONE, {"fen": fen, "n": len(home)}, "BR-022")


def _all_help(desk: Desk, person: Person) -> Check:
    since = add_months(desk.day, -12)
    fen = sum(
        line.value_fen or 0
        for line in cards.help_lines(desk.store, _all_of(desk, person))
        if line.given and (line.done_on or "") > since
    )
    return Check("help.year", DONE, {"fen": fen}, "BR-028")


def _all_of(desk: Desk, person: Person) -> list[str]:
    """The ids of a person: their own and those of who was merged into them."""
    return [person.id, *duplicates.losers(desk.store, [person.id])]


def quota(desk: Desk, case: AidCase) -> Check:
    """The quota of the case's street that it counts against, and how much of it is used."""
    allotted = {category: n for _, category, n in history.quotas(desk.store, case)}
    return quota_of(case.category or "", allotted, history.quota_used(desk.store, case))


def quota_of(category: str, allotted: Mapping[str, int], used: Mapping[str, int]) -> Check:
    """A category's own quota if there is one, else that for all (BR-032)."""
    if category in allotted:
        n, of = used.get(category, 0), allotted[category]
    elif "*" in allotted:
        n, of = sum(used.values()), allotted["*"]
    else:
        return Check("quota.none", ATTENTION, {}, "BR-032")
    return Check("quota.used", DONE if n <= of else STOPPED, {"n": n, "of": of}, "BR-032")


def residence(desk: Desk, case: AidCase, person: Person) -> Check:
    """Whether the person lives in the street the case belongs to."""
    if person.office_id == case.office_id:
        return Check("residence.here", DONE, {}, "BR-030")
    place = desk.offices.path(person.office_id)
    return Check("residence.moved", ATTENTION, {"place": place}, "BR-030")


def account(desk: Desk, case: AidCase, person: Person) -> Iterable[Check]:
    """Whether others are paid to the same account (BR-066)."""
    if not case.account_id:
        return
    account = people.accounts(desk.store, [case.account_id])[case.account_id]
    if account.sealed is None:
        return
    number = desk.keys.open("account", account.id, bytes(account.sealed))[1]["number"]
    own = _all_of(desk, person)
    others = {
        other.person_id
        for other in people.accounts_by_hash(desk.store, [account.hash])
        if other.person_id not in own
        and other.sealed is not None
        and desk.keys.open("account", other.id, bytes(other.sealed))[1]["number"] == number
    }
    strangers = [
        each
        for each in people.many(desk.store, others).values()
        if each.household_id != person.household_id
    ]
    if strangers:
        yield Check("account.shared", ATTENTION, {"n": len(strangers)}, "BR-066")
    elif others:
        yield Check("account.household", DONE, {"n": len(others)}, "BR-066")
    else:
        yield Check("account.own", DONE, {}, "BR-066")


def maker(desk: Desk, roster: Roster | None) -> Iterable[Check]:
    """Whether this person may verify it; of no matter once that is done."""
    if roster is None or roster.state not in BEFORE_VERIFYING:
        return
    parts = rosters.makers(desk.store, [roster.id])
    if kept_apart("verify", desk.actor.staff_id, parts) is not None:
        yield Check("maker.you", STOPPED, {}, "BR-040")
    else:
        yield Check("maker.other", DONE, {}, "BR-040")
