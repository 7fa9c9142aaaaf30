"""A new application: who it is for, what it asks, and what a form may show before it is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rcaid.db import people, programmes
from rcaid.db.applications import Applied
from rcaid.db.rosters import last_number
from rcaid.db.tables import (
    AID_CASE,
    APPLICATION,
    MAKER,
    AidCase,
    Application,
    Maker,
    Person,
)
from rcaid.db.unit import Entry, Unit
from rcaid.domain import identity
from rcaid.domain.checks import Check
from rcaid.domain.deadlines import age
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.programme_facts import Award
from rcaid.domain.programme_rules import judge
from rcaid.services import case_steps
from rcaid.services import people as person_cards
from rcaid.services.applications import consents, judging, papers, whom
from rcaid.services.applications import wanted as asking
from rcaid.services.applications.editing import edit as edit
from rcaid.services.applications.judging import Beside
from rcaid.services.applications.wanted import Asked as Asked
from rcaid.services.applications.wanted import Wanted as Wanted
from rcaid.services.desk import Desk
from rcaid.services.same_person.watching import Newcomer, Watch
from rcaid.services.shown import opened, shown_name


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody on file who may be meant; the name as it may be seen, the number masked. ``sure``
    when the identity number is theirs."""

    person_id: str
    name: str
    place: str
    number_masked: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Preview:
    """What an application would come to, with nothing written. ``award`` is None while the rules
    cannot say; ``papers`` are the codes that are needed, ``given`` earlier help by year."""

    programme: str
    cycle: str
    sex: str
    born: str
    age: int | None
    known: tuple[Known, ...]
    checks: tuple[Check, ...]
    award: Award | None
    level: str
    papers: tuple[str, ...]
    given: tuple[person_cards.Given, ...]
    problems: tuple[Problem, ...]


def create(desk: Desk, wanted: Wanted) -> tuple[AidCase, Entry]:
    """Takes an application in as a draft.

    Refused with everything that is wrong: what no field may say (BR-001 to 007), a programme that
    takes none or has no open cycle, a person who died (BR-016).
    """
    asked = checked(desk, wanted)
    return desk.write(
        "case.new", asked.office_id, lambda unit: put(desk, unit, asked),
        object=lambda case: case.case_no,
    )  # fmt: skip


def create_many(desk: Desk, several: Iterable[Wanted]) -> tuple[list[AidCase], Entry]:
    """Takes several applications in, all of them or none, as one event of the desk's office.

    Refused with the problems of all; ``row`` of each counts the applications from 1.
    """
    every, problems = [], []
    for n, wanted in enumerate(several, start=1):
        try:
            every.append(checked(desk, wanted))
        except Refused as refused:
            problems += [_at(n, problem) for problem in refused.problems]
    if problems:
        raise Refused(problems)
    for asked in every:
        desk.require("case.new", asked.office_id)
    office = desk.office_for("case.new")
    return desk.write(
        "case.new", office.id, lambda unit: [put(desk, unit, asked) for asked in every],
        note=lambda made: {"cases": len(made)},
    )  # fmt: skip


def _at(row: int, problem: Problem) -> Problem:
    return Problem(
        problem.code, problem.params, problem.field, row, problem.column, problem.value,
        problem.warning,
    )  # fmt: skip


def checked(desk: Desk, wanted: Wanted) -> Asked:
    """An application that was read; Refused with everything that is wrong with it."""
    asked = asking.read(desk, wanted)
    if asked.problems:
        raise Refused(asked.problems)
    return asked


def put(desk: Desk, unit: Unit, asked: Asked, *, batch_id: str = "") -> AidCase:
    """Writes a draft inside a unit: the person, the case, its application, papers and consents.

    ``batch_id`` names the import it comes with: then it is the import that made it.
    """
    duty = desk.require("case.new", asked.office_id)
    unit.store.lock("cycle", "id", [asked.cycle.id])
    person = whom.take_in(desk, unit, asked, batch_id)
    value = asked.value
    account = whom.account_of(desk, unit, person, value("account"), value("payee"), value("bank"))
    whom.add_guardian(desk, unit, person, value("guardian"), value("guardian_relation"))
    id = unit.new_id()
    found = _rows(desk, asked, person, id, _number(desk, unit, asked), account, unit.day)
    needed = judging.papers_needed(
        asked.rules, value("category"),
        judging.is_minor(asked.rules, person.born or "", asked.received_on)
        or asked.wanted.incapable,
    )  # fmt: skip
    consents.put(unit, person, value("consents"))
    beside = _beside(desk, asked, person)
    award = judge(asked.rules, judging.facts_of(desk, found, unit.day, beside=beside)).award
    fen = found.said.asked_fen or award.fen or None
    case = found.case._replace(fen=fen, sealed=unit.seal(AID_CASE)(id, {}))
    said = found.said._replace(sealed=unit.seal(APPLICATION)(id, beside.sealed))
    unit.insert(AID_CASE, [case])
    unit.insert(APPLICATION, [said])
    written = Applied(case, said)
    papers.put(desk, unit, written, value("papers"), "seen")
    lacking = [code for code in needed if code not in value("papers")]
    papers.put(desk, unit, written, lacking, "missing")
    if batch_id:
        maker = Maker(unit.new_id(), "case", case.id, desk.actor.staff_id, "import", 1)
        unit.insert(MAKER, [maker])
    else:
        case_steps.act(desk, unit, case, "create", "", duty=duty)
    case_steps.count(unit, case, "", case, case.state)
    return case


def _rows(
    desk: Desk, asked: Asked, person: Person, id: str, number: str, account: str | None, day: str
) -> Applied:
    """The rows of a draft but for the sum and what is sealed."""
    value = asked.value
    item = _item(desk, value("item"))
    case = AidCase(
        id, number, "A", asked.cycle.id, None, asked.office_id, person.id, person.household_id,
        value("category") or None, value("hardship") or None, value("hardship_until") or None,
        None, item, (value("qty") or 1) if item else None, account, "draft", None, None, 1,
    )  # fmt: skip
    held = consents.in_force(desk, person.id) if person.id else set()
    cause = value("cause") or value("disaster") or value("disease")
    said = Application(
        id=id, office_id=asked.office_id, received_on=asked.received_on,
        first_entry_on=_first_entry(desk, asked, person, cause, day), complete_on=None,
        due_on=None, paused_on=None, paused_days=0, disease=value("disease") or None,
        stage=value("stage") or None, cause=cause or None,
        disaster_id=asked.disaster.id if asked.disaster else None, income_fen=value("income"),
        cost_fen=value("cost"), out_of_pocket_fen=value("out_of_pocket"),
        asked_fen=value("asked"), proposed_fen=None, approved_fen=None, fund_id=None,
        round_id=None, urgent=0, review_due_on=None, reviewed_on=None,
        may_publish=int("publication" in held | set(value("consents"))), resume_to=None, reason=None,
        rejected_on=None, appealed_on=None, follow_up=None, sealed=None, version=1,
    )  # fmt: skip
    return Applied(case, said)


def _item(desk: Desk, code: str) -> str | None:
    return next((each.id for each in programmes.items(desk.store) if each.code == code), None)


def _first_entry(desk: Desk, asked: Asked, person: Person, cause: str, day: str) -> str:
    """The day this cause of this person first came into the program: an earlier application of the
    same programme keeps its day (BR-014)."""
    if not person.id:
        return day
    cycles = {each.id: each.programme_id for each in programmes.cycles(desk.store)}
    before = [
        each.said.first_entry_on
        for each in judging.of_people_of(desk, [person.id])
        if cycles[each.case.cycle_id] == asked.programme.id and (each.said.cause or "") == cause
    ]
    return min([*before, day])


def _number(desk: Desk, unit: Unit, asked: Asked) -> str:
    """The next case number of the cycle in the district, as lines of rosters are numbered."""
    district = desk.offices.district_of(asked.office_id)
    prefix = f"{asked.cycle.code}-{district.letters}-"
    if not (prefix.isascii() and prefix.replace("-", "").isalnum()):
        raise Refused(Problem("cycle.code", {"cycle": asked.cycle.code}))
    return f"{prefix}{last_number(unit.store, prefix) + 1:05}"


def _beside(desk: Desk, asked: Asked, person: Person) -> Beside:
    """What stands beside a draft that is about to be written."""
    guardian = bool(asked.value("guardian")) or bool(person.id and whom.guardians(desk, person.id))
    held = consents.in_force(desk, person.id) if person.id else set()
    return Beside(
        person, tuple(asked.value("papers")), guardian,
        "guardian" in held | set(asked.value("consents")), asking.sealed_of(asked),
    )  # fmt: skip


# --- before it is there


def preview(desk: Desk, wanted: Wanted) -> Preview:
    """Everything a form shows while it is filled in, with nothing written or recorded.

    Refused where there is nothing to judge by: no such programme, no open cycle, no duty.
    """
    desk.require("case.new", desk.office_for("case.new").id)
    asked = asking.read(desk, wanted)
    value, rules = asked.value, asked.rules
    person = asked.known or _nobody(desk, asked)
    born = person.born or ""
    beside = _beside(desk, asked, person)
    found = _rows(desk, asked, person, "", "", None, desk.day)
    told = judge(rules, judging.facts_of(desk, found, desk.day, beside=beside))
    checks = (*told.checks, *judging.more_checks(desk, found, beside))
    minor = judging.is_minor(rules, born, asked.received_on) or wanted.incapable
    return Preview(
        rules.code, asked.cycle.code, person.sex or "", born, age(born, desk.day) if born else None,
        tuple(_who(desk, asked)), checks, told.award if value("category") else None, told.level,
        judging.papers_needed(rules, value("category"), minor),
        tuple(person_cards.given_to(desk, asked.known)) if asked.known else (), asked.problems,
    )  # fmt: skip


def _nobody(desk: Desk, asked: Asked) -> Person:
    """Who is not on file yet, as far as the form says."""
    who = asked.read.who or _document(desk, asked.wanted)
    return Person(
        "", 0, asked.office_id, "", "live", asked.value("name") or None,
        (who and who.sex) or asked.value("sex") or None,
        (who and who.birth_date) or asked.value("born") or None,
        who.kind if who else None, None, None, None, 1,
    )  # fmt: skip


def _document(desk: Desk, wanted: Wanted) -> identity.Identity | None:
    """What a number says by itself, while other fields are still wrong."""
    kind = identity.kind_of(wanted.id_kind) if wanted.id_kind else identity.RESIDENT_ID
    found = identity.check(wanted.number, kind, desk.day) if wanted.number and kind else None
    return found if isinstance(found, identity.Identity) else None


def _who(desk: Desk, asked: Asked) -> Iterable[Known]:
    """Who on file is meant or may be meant, the likeliest first."""
    if asked.known is not None:
        yield _as_known(desk, asked.known)
        return
    value, who = asked.value, asked.read.who or _document(desk, asked.wanted)
    if not value("name"):
        return
    newcomer = Newcomer(
        0, value("name"), (who and who.birth_date) or value("born"),
        (who and who.sex) or value("sex"), who.number if who else "", value("phone"),
        value("account"), asked.office_id, value("address"), "",
    )  # fmt: skip
    watch = Watch(desk)
    near = [pair.person_id for pair in watch.look([newcomer])]
    found = people.standing(desk.store, [*watch.same.values(), *near])
    for person in {person.id: person for person in found.values()}.values():
        yield _as_known(desk, person, sure=False)


def _as_known(desk: Desk, person: Person, sure: bool = True) -> Known:
    number = identity.mask_number(str(opened(desk, person).get("number", "")))
    place = desk.offices.path(person.office_id)
    return Known(person.id, shown_name(desk, person), place, number, sure)
