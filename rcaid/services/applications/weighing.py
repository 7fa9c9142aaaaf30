"""What speaks for and against deciding on an application with an amount, on this day.

The rules judge it with all that was given or promised (BR-022, 023), the amount is held against
them and the level against the person's limit (BR-041, 042, 028), the payee and the account against
who is helped (BR-065, 066), and the fund against what it is for (BR-072, 090).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rcaid.db import applications, cases, people, programmes
from rcaid.db import commitments as rows
from rcaid.db.applications import Applied
from rcaid.db.funds import by_id
from rcaid.db.tables import Account, AidCase, Fund, Person
from rcaid.db.transfers import disasters
from rcaid.domain.checks import ATTENTION, DONE, STOPPED, Check
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.programme_rules import Judgement, judge
from rcaid.domain.programmes import LEVELS, Programme
from rcaid.services.applications import judging
from rcaid.services.desk import Desk
from rcaid.services.funds import funds

_SAID_HERE = ("amount.", "decide.")
"""Checks of the rules that are said here with the amount that is decided on."""
_NOT_YET = ("papers.",)
"""What an urgent decision does not wait for; it is looked at again afterwards."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """An application with the amount to be decided on in fen, its fund, what the rules say, the
    level that has to decide, and everything that speaks against it."""

    found: Applied
    rules: Programme
    fund: Fund
    fen: int
    judgement: Judgement
    problems: tuple[Problem, ...]

    @property
    def level(self) -> str:
        """Who decides: street, district or city; "" for nobody."""
        return self.judgement.level


def fund_of(desk: Desk, found: Applied, code: str = "") -> Fund:
    """The fund that is to pay: the one named, else the application's, else its programme's."""
    if code:
        return funds.by_code(desk, code)
    named = by_id(desk.store, found.said.fund_id) if found.said.fund_id else None
    cycles = programmes.cycles(desk.store)
    programme = next(c.programme_id for c in cycles if c.id == found.case.cycle_id)
    fund = named or programmes.fund_of(desk.store, programme)
    assert fund is not None
    return fund


def weigh(
    desk: Desk, found: Applied, fen: int, *, fund: str = "", urgent: bool = False,
    reason: str = "",
) -> Weighed:  # fmt: skip
    """Weighs an amount in fen. Reads what the store holds now, so within a unit what it locked."""
    rules = judging.rules_of(desk, found)
    facts = replace(judging.facts_of(desk, found, desk.day), asked_fen=fen)
    judgement = judge(rules, facts)
    pays = fund_of(desk, found, fund)
    person = judging.person_of(desk, found)
    problems = (
        *_amount(found.case, rules, judgement, fen),
        *_stops(found.case, judgement, urgent),
        *payee(desk, found, person, reason),
        *shared(desk, found.case, person),
        *_pays(desk, found, pays, rules.code, person),
    )
    return Weighed(found, rules, pays, fen, judgement, problems)


def _amount(case: AidCase, rules: Programme, judgement: Judgement, fen: int) -> Iterator[Problem]:
    facts = {"case": case.case_no, "fen": fen}
    if fen < 0 or (fen == 0 and not case.qty):
        yield Problem("case.amount", facts, field="fen")
    elif fen % rules.step_fen:
        yield Problem("case.step", facts | {"step": rules.step_fen}, field="fen")
    elif fen > judgement.award.fen:
        yield Problem("case.above_rule", facts | {"most": judgement.award.fen}, field="fen")


def _stops(case: AidCase, judgement: Judgement, urgent: bool) -> Iterator[Problem]:
    passed = (*_SAID_HERE, *(_NOT_YET if urgent else ()))
    for check in judgement.checks:
        if check.sign == STOPPED and not check.code.startswith(passed):
            yield Problem("case.stopped", {"case": case.case_no, "check": check.code})


# --- who is paid


def payee(desk: Desk, found: Applied, person: Person, reason: str = "") -> Iterator[Problem]:
    """Whether the money goes to the person or a guardian; to anybody else only by a power of
    attorney and with the approver's reason (BR-065)."""
    case = found.case
    account = people.accounts(desk.store, [case.account_id or ""]).get(case.account_id or "")
    if not case.fen or account is None or account.sealed is None:
        return
    if _holder(desk, account) in _names(desk, person):
        return
    held = applications.papers(desk.store, [case.id])
    proxy = any(p.code == "PROXY" and p.state in ("seen", "copied") for p in held)
    if not proxy or not reason:
        yield Problem("case.payee" if not proxy else "case.payee_reason", {"case": case.case_no})


def _holder(desk: Desk, account: Account) -> str:
    opened = desk.keys.open("account", account.id, bytes(account.sealed or b""))[1]
    return str(opened.get("holder", ""))


def _number(desk: Desk, account: Account) -> str:
    opened = desk.keys.open("account", account.id, bytes(account.sealed or b""))[1]
    return str(opened.get("number", ""))


def _names(desk: Desk, person: Person) -> set[str]:
    """The names that may stand on an account: the person's and their guardians'."""
    names = {person.name or ""}
    kin = [each for each in people.relations(desk.store, person.id) if each.kind == "guardian"]
    others = people.many(desk.store, (each.other_id for each in kin if each.other_id))
    for each in kin:
        if each.other_id in others:
            names.add(others[each.other_id].name or "")
        elif each.sealed is not None:
            opened = desk.keys.open("relation", each.id, bytes(each.sealed))[1]
            names.add(str(opened.get("name", "")))
    return names - {""}


def shared(desk: Desk, case: AidCase, person: Person) -> Iterator[Problem]:
    """Whether unrelated people are paid to the same account in this cycle; that blocks until it is
    explained (BR-066)."""
    account = people.accounts(desk.store, [case.account_id or ""]).get(case.account_id or "")
    if not case.fen or account is None or account.sealed is None:
        return
    number = _number(desk, account)
    same = [
        each.id
        for each in people.accounts_by_hash(desk.store, [account.hash])
        if each.sealed is not None and _number(desk, each) == number
    ]
    related = {person.id, *(each.other_id for each in people.relations(desk.store, person.id))}
    others = [
        each
        for each in rows.paid_to(desk.store, case.cycle_id, same)
        if each.person_id not in related and each.household_id != case.household_id
    ]
    if others and not any(a.action == "account" for a in cases.actions(desk.store, case.id)):
        facts = {"case": case.case_no, "other": others[0].case_no, "n": len(others)}
        yield Problem("case.account_shared", facts)


def _pays(
    desk: Desk, found: Applied, fund: Fund, programme: str, person: Person
) -> Iterator[Problem]:
    """Whether the fund is for this (BR-072), and the person no party of its donors (BR-090)."""
    if not found.case.fen and not found.said.asked_fen:
        return
    codes = {each.id: each.code for each in disasters(desk.store)}
    problem = funds.matching(
        desk, fund, programme=programme, person=person.id,
        region=desk.offices.by_id[found.case.office_id].code,
        disaster=codes.get(found.said.disaster_id or "", ""),
    )  # fmt: skip
    yield from filter(None, (problem, funds.interested(desk, fund, person)))


# --- the same as checks, for the card


def checks(desk: Desk, found: Applied) -> Iterator[Check]:
    """What is checked of a decision besides the rules: who is paid, by which fund, and whether an
    urgent one was looked at again."""
    case, said = found
    person = judging.person_of(desk, found)
    account = people.accounts(desk.store, [case.account_id or ""]).get(case.account_id or "")
    if case.fen and account is not None and account.sealed is not None:
        if _holder(desk, account) in _names(desk, person):
            yield Check("payee.own", DONE, {}, "BR-065")
        elif any(payee(desk, found, person, reason="asked")):
            yield Check("payee.other", STOPPED, {}, "BR-065")
        else:
            yield Check("payee.proxy", ATTENTION, {}, "BR-065")
    rules, fund = judging.rules_of(desk, found), fund_of(desk, found)
    if case.fen:
        wrong = list(_pays(desk, found, fund, rules.code, person))
        rule = "BR-090" if wrong and wrong[0].code == "fund.interested" else "BR-072"
        code, sign = ("fund.outside", STOPPED) if wrong else ("fund.fits", DONE)
        yield Check(code, sign, {"fund": fund.code}, rule, rules.cite("fund"))
    if said.urgent:
        day = said.reviewed_on or said.review_due_on or ""
        late = not said.reviewed_on and day < desk.day
        code = "urgent.reviewed" if said.reviewed_on else "urgent.late" if late else "urgent.waits"
        sign = DONE if said.reviewed_on else STOPPED if late else ATTENTION
        yield Check(code, sign, {"day": day}, "BR-050", rules.cite("decide"))


# --- who decides


def level_of(desk: Desk, office_id: str) -> str:
    """The highest level for which this person may approve cases of an office; "" for none."""
    levels = [
        desk.offices.by_id[granted].level
        for duty, granted in desk.actor.duties
        if duty == "approver" and desk.offices.within(office_id, granted)
    ]
    return max((each for each in levels if each in LEVELS), key=LEVELS.index, default="")


def limit(desk: Desk, weighed: Weighed) -> Iterator[Problem]:
    """Whether this person's level may decide on it (BR-041), by the amount and by all help of the
    last months (BR-028)."""
    case = weighed.found.case
    facts = {"case": case.case_no, "fen": weighed.fen, "level": weighed.level}
    if not weighed.level:
        yield Problem("case.nobody", facts)
        return
    mine = level_of(desk, case.office_id)
    if not mine or LEVELS.index(mine) < LEVELS.index(weighed.level):
        yield Problem("case.limit", facts)


def against_proposal(desk: Desk, weighed: Weighed, reason: str) -> Iterator[Problem]:
    """Whether an amount may stand beside the proposed one: lower with a reason, higher by the city
    alone (BR-042)."""
    case, said = weighed.found
    proposed = said.proposed_fen or 0
    facts = {"case": case.case_no, "fen": weighed.fen, "proposed": proposed}
    if weighed.fen < proposed and not reason:
        yield Problem("case.lower", facts, field="reason")
    elif weighed.fen > proposed and level_of(desk, case.office_id) != "city":
        yield Problem("case.higher", facts, field="fen")


def moved_on(desk: Desk, found: Applied) -> None:
    """Refused with each field that changed since an application was read (BR-047)."""
    now = applications.of_case(desk.store, found.case.id)
    if now == found or now is None:
        return
    wrong = []
    for before, after in ((found.case, now.case), (found.said, now.said)):
        for name in before._fields:
            mine, theirs = getattr(before, name), getattr(after, name)
            if mine != theirs and name not in ("version", "sealed", "line_hash"):
                facts = {"case": found.case.case_no, "seen": mine or "-", "now": theirs or "-"}
                wrong.append(Problem("case.moved_on", facts | {"field": name}, field=name))
    stale = Problem("state.stale", {"noun": found.case.case_no, "changes": max(1, len(wrong))})
    raise Refused([stale, *wrong])
