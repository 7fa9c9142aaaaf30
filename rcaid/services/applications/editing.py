"""Changes of an application before it is verified; a stale one is refused with what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rcaid.db import people, programmes
from rcaid.db.applications import Applied
from rcaid.db.tables import AID_CASE, APPLICATION, AidCase, Application
from rcaid.db.transfers import disasters
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.identity import mask_account
from rcaid.domain.programme_rules import judge
from rcaid.services import case_steps
from rcaid.services.applications import clock, consents, judging, papers, whom
from rcaid.services.applications import wanted as asking
from rcaid.services.applications.wanted import Asked, Wanted
from rcaid.services.desk import Desk
from rcaid.services.shown import masked_value

OPEN = ("draft", "submitted", "returned")
"""States of an application in which what it says may still be changed."""
STILL = (*judging.UNDECIDED, *judging.DECIDED)
"""States in which the witnesses of somebody without a document may still be named (BR-007)."""
SEALED = ("need", "diagnosis", "hospital", "applicant", "applicant_relation")
LISTS = ("elsewhere", "witnesses")
PERSONAL = ("phone", "address")
"""Facts of the person that come with an application and are taken over."""
CHANGEABLE = (
    "category", "hardship", "hardship_until", "disease", "stage", "cause", "disaster", "item",
    "qty", *SEALED, *LISTS, *PERSONAL, "payee", "bank", "account", "guardian",
    "guardian_relation", "income_fen", "cost_fen", "out_of_pocket_fen", "asked_fen", "consents",
    "incapable",
)  # fmt: skip
_CASE = ("category", "hardship", "hardship_until", "fen", "item_id", "qty", "account_id")
_SAID = (
    "disease", "stage", "cause", "disaster_id", "income_fen", "cost_fen", "out_of_pocket_fen",
    "asked_fen", "may_publish", "complete_on", "due_on", "sealed",
)  # fmt: skip


def edit(
    desk: Desk, case_no: str, changes: Mapping[str, Any], *, version: int | None = None,
    seen: Mapping[str, Any] | None = None,
) -> Entry:  # fmt: skip
    """Changes what an application says; ``changes`` are fields of a `Wanted`.

    ``version`` is that of the case the changes were made on, ``seen`` what the fields were then.
    Refused state.stale_fields and one state.stale_field for each field that is another by now
    (BR-047), application.too_late, application.field, and with all that is wrong with the fields.
    """
    found = case_steps.find(desk, case_no, "case.edit")
    unknown = [name for name in changes if name not in CHANGEABLE]
    if unknown:
        raise Refused([Problem("application.field", {"field": name}) for name in unknown])
    if set(changes) == {"witnesses"} and found.case.state in STILL:
        return _witnessed(desk, found, tuple(changes["witnesses"]))
    if found.case.state not in OPEN:
        facts = {"case": found.case.case_no, "state": found.case.state}
        raise Refused(Problem("application.too_late", facts))
    now = said_now(desk, found)
    if version is not None and version != found.case.version:
        raise Refused(difference(now, changes, seen))
    run = _run(desk, found)
    asked = asking.read(desk, replace(now, **dict(changes)), run=run)
    if asked.problems:
        raise Refused(asked.problems)

    def work(unit: Unit) -> None:
        _put(desk, unit, found, asked, changes)

    return desk.write("case.edit", found.case.office_id, work, object=found.case.case_no)[1]


def _witnessed(desk: Desk, found: Applied, names: tuple[str, ...]) -> Entry:
    case, said = found
    duty = desk.require("case.edit", case.office_id)

    def work(unit: Unit) -> None:
        values = judging.opened(desk, said) | {"witnesses": list(names)}
        sealed = unit.seal(APPLICATION)(said.id, values)
        unit.update(APPLICATION, [said._replace(sealed=sealed)], ("sealed",))
        case_steps.act(desk, unit, case, "edit", case.state, duty=duty)

    return desk.write("case.edit", case.office_id, work, object=case.case_no)[1]


def difference(
    now: Wanted, changes: Mapping[str, Any], seen: Mapping[str, Any] | None
) -> list[Problem]:
    """What two people say of the same fields: mine and what stands there by now, masked."""
    fields = [
        name
        for name, mine in changes.items()
        if getattr(now, name) != mine and (seen is None or getattr(now, name) != seen.get(name))
    ]
    shown = ", ".join(fields) or "-"
    found = [Problem("state.stale_fields", {"fields": shown})]
    for name in fields:
        mine, theirs = _text(name, changes[name]), _text(name, getattr(now, name))
        facts = {"field": name, "mine": mine, "theirs": theirs}
        found.append(Problem("state.stale_field", facts, field=name, value=theirs))
    return found


def _text(name: str, value: Any) -> str:
    if name == "account":
        return mask_account(str(value or "")) or "-"
    if name in PERSONAL:
        return masked_value(name, {name: value}) or "-"
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value) or "-"
    return "-" if value in ("", None) else str(value)


def said_now(desk: Desk, found: Applied) -> Wanted:
    """What an application says, as a form would have it."""
    case, said = found
    person = judging.person_of(desk, found)
    sealed = judging.opened(desk, said)
    cycle = next(c for c in programmes.cycles(desk.store) if c.id == case.cycle_id)
    names = {p.id: p.code for p in programmes.programmes(desk.store)}
    items = {each.id: each.code for each in programmes.items(desk.store)}
    events = {each.id: each.code for each in disasters(desk.store)} if said.disaster_id else {}
    account, holder, bank = _account(desk, case)
    return Wanted(
        programme=names[cycle.programme_id], cycle=cycle.code, person_id=person.id,
        category=case.category or "", hardship=case.hardship or "",
        hardship_until=case.hardship_until or "", disease=said.disease or "",
        stage=said.stage or "", cause=said.cause or "",
        disaster=events.get(said.disaster_id or "", ""), item=items.get(case.item_id or "", ""),
        qty=case.qty, received_on=said.received_on, income_fen=said.income_fen,
        cost_fen=said.cost_fen, out_of_pocket_fen=said.out_of_pocket_fen,
        asked_fen=said.asked_fen, account=account, payee=holder, bank=bank,
        elsewhere=tuple((g, d, f) for g, d, f in sealed.get("elsewhere", ())),
        witnesses=tuple(sealed.get("witnesses", ())), incapable=bool(sealed.get("incapable")),
        **{name: sealed.get(name, "") for name in SEALED},
    )  # fmt: skip


def _account(desk: Desk, case: AidCase) -> tuple[str, str, str]:
    account = people.accounts(desk.store, [case.account_id or ""]).get(case.account_id or "")
    if account is None or account.sealed is None:
        return "", "", ""
    values = desk.keys.open("account", account.id, bytes(account.sealed))[1]
    return values.get("number", ""), values.get("holder", ""), account.bank or ""


def _run(desk: Desk, found: Applied) -> asking.Run:
    cycle = next(c for c in programmes.cycles(desk.store) if c.id == found.case.cycle_id)
    programme = next(p for p in programmes.programmes(desk.store) if p.id == cycle.programme_id)
    return programme, judging.rules_of(desk, found), cycle


def _put(desk: Desk, unit: Unit, found: Applied, asked: Asked, changes: Mapping[str, Any]) -> None:
    case, said = found
    duty = desk.require("case.edit", case.office_id)
    person = judging.person_of(desk, found)
    value = asked.value
    if any(name in changes for name in PERSONAL):
        person = whom.take_in(desk, unit, asked)
    whom.add_guardian(desk, unit, person, value("guardian"), value("guardian_relation"))
    consents.put(unit, person, value("consents"))
    account = whom.account_of(desk, unit, person, value("account"), value("payee"), value("bank"))
    item = next((i.id for i in programmes.items(desk.store) if i.code == value("item")), None)
    after = case._replace(
        category=value("category") or None, hardship=value("hardship") or None,
        hardship_until=value("hardship_until") or None, item_id=item,
        qty=(value("qty") or 1) if item else None, account_id=account,
    )  # fmt: skip
    said = said._replace(
        disease=value("disease") or None, stage=value("stage") or None,
        cause=(value("cause") or value("disaster") or value("disease")) or None,
        disaster_id=asked.disaster.id if asked.disaster else None, income_fen=value("income"),
        cost_fen=value("cost"), out_of_pocket_fen=value("out_of_pocket"),
        asked_fen=value("asked"),
        may_publish=int("publication" in consents.in_force(desk, person.id)),
        sealed=unit.seal(APPLICATION)(said.id, asking.sealed_of(asked)),
    )  # fmt: skip
    needed = papers.needed_of(desk, Applied(after, said))
    listed = {paper.code for paper in papers.of(desk, found)}
    papers.put(desk, unit, found, [code for code in needed if code not in listed], "missing")
    said = _clock(desk, unit, Applied(after, said), asked)
    facts = judging.facts_of(desk, Applied(after._replace(fen=None), said), unit.day)
    after = after._replace(fen=said.asked_fen or judge(asked.rules, facts).award.fen or None)
    case_steps.count(unit, case, case.state, after, case.state)
    (after,) = unit.update(AID_CASE, [after], _CASE)
    unit.update(APPLICATION, [said], _SAID)
    case_steps.act(desk, unit, after, "edit", case.state, duty=duty)


def _clock(desk: Desk, unit: Unit, found: Applied, asked: Asked) -> Application:
    """The clock stops where a change asks for papers that are not there, and starts where not."""
    case, said = found
    if case.state == "draft" or papers.missing(desk, found, unit.day):
        return said._replace(complete_on=None, due_on=None)
    complete = said.complete_on or unit.day
    due = clock.due(asked.rules.decide, complete, case.state, paused_days=said.paused_days)
    return said._replace(complete_on=complete, due_on=due.on if due else None)
