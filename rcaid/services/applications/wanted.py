"""What is wanted of an application, as a form or a row says it, and all that is wrong with it.

The fields are those of the import kind `application`, read and judged alike wherever they come
from (BR-001 to 007); what only a programme knows (categories, diseases, goods) is read by its rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from rcaid.db import people, programmes
from rcaid.db.tables import Cycle, Disaster, Person
from rcaid.db.tables import Programme as ProgrammeRow
from rcaid.db.transfers import disasters
from rcaid.domain.consents import KINDS as CONSENTS
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.programme_fields import PAPERS
from rcaid.domain.programmes import Programme
from rcaid.domain.text import refusal
from rcaid.files.headers import HeaderMap
from rcaid.files.profiles import Profile
from rcaid.services.desk import Desk
from rcaid.services.importing.kinds import APPLICATION
from rcaid.services.importing.roster_importer import streets_by_text
from rcaid.services.importing.row_checks import Rules
from rcaid.services.importing.row_judge import Read, TableJudge
from rcaid.services.programmes import rules_on
from rcaid.services.shown import opened

LANES = ("A", "both")
RECIPIENTS = ("person", "household")
SUMS = {
    "income_fen": "income", "cost_fen": "cost", "out_of_pocket_fen": "out_of_pocket",
    "asked_fen": "asked",
}  # fmt: skip
"""Sums of a `Wanted` in fen, and the fields of the kind that say them in yuan."""
Run = tuple[ProgrammeRow, Programme, Cycle]
"""What an application is judged by: its programme, the rules in force, the cycle."""
LONGEST = 2000
"""Characters of a text of an application."""
_FIELDS = [field.name for field in APPLICATION.fields]
_PROFILE = Profile("application", "application")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An application as somebody asks for it. Codes or names of programme, category, disease and
    goods; days in any usual form; "" and None are not said. ``reason`` is why there is no identity
    number, ``elsewhere`` help from others as (giver, day, fen), ``witnesses`` who know somebody
    without a document (BR-007), ``reference`` and ``household`` what ``source`` calls them, ``incapable`` who cannot
    decide for themselves and needs a guardian at any age (BR-015)."""

    programme: str
    cycle: str = ""
    person_id: str = ""
    name: str = ""
    id_kind: str = ""
    number: str = ""
    reason: str = ""
    sex: str = ""
    born: str = ""
    phone: str = ""
    street: str = ""
    address: str = ""
    head: str = ""
    relation: str = ""
    guardian: str = ""
    guardian_relation: str = ""
    category: str = ""
    hardship: str = ""
    hardship_until: str = ""
    disease: str = ""
    stage: str = ""
    cause: str = ""
    disaster: str = ""
    item: str = ""
    need: str = ""
    diagnosis: str = ""
    hospital: str = ""
    applicant: str = ""
    applicant_relation: str = ""
    payee: str = ""
    bank: str = ""
    account: str = ""
    received_on: str = ""
    income_fen: int | None = None
    cost_fen: int | None = None
    out_of_pocket_fen: int | None = None
    asked_fen: int | None = None
    qty: int | None = None
    papers: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()
    elsewhere: tuple[tuple[str, str, int], ...] = ()
    witnesses: tuple[str, ...] = ()
    other_phone: str = ""
    reference: str = ""
    source: str = ""
    household: str = ""
    incapable: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A `Wanted` that was read: the rules and the cycle it is judged by, its values in their stored
    form, who is on file already, and the street the case is for ("" while it is not known)."""

    wanted: Wanted
    programme: ProgrammeRow
    rules: Programme
    cycle: Cycle
    judge: TableJudge
    read: Read
    known: Person | None
    office_id: str
    disaster: Disaster | None
    problems: tuple[Problem, ...]

    @property
    def received_on(self) -> str:
        """The day it came in."""
        return str(self.value("received_on"))

    def value(self, name: str) -> Any:
        """A value in its stored form, "" where there is none."""
        return self.read.values.get(name, "")


def readers_of(rules: Programme) -> Mapping[str, Callable[[str], Any]]:
    """How the cells that only a programme knows are read."""

    def coded(find: Callable[[str], str | None], noun: str) -> Callable[[str], Any]:
        return lambda text: find(text) or Problem(f"{noun}.unknown", {"value": text})

    diseases = dict(rules.diseases)
    disease = lambda text: _code(text, diseases)  # noqa: E731
    item = lambda text: (lambda found: found.code if found else None)(rules.item_of(text))  # noqa: E731
    return {
        "category": coded(rules.category_of, "category"),
        "hardship": coded(rules.hardship_of, "hardship"),
        "disease": coded(disease, "disease"),
        "item": coded(item, "item"),
        "papers": _several(PAPERS, "paper"),
        "consents": _several(CONSENTS, "consent"),
    }


def _code(text: str, table: Mapping[str, str]) -> str | None:
    if text in table:
        return text
    return next((code for code, name in table.items() if name == text), None)


def _several(table: Mapping[str, str], noun: str) -> Callable[[str], Any]:
    """Codes or names with any usual mark between them."""

    def read(text: str) -> tuple[str, ...] | Problem:
        found = []
        for part in text.translate(_MARKS).split(","):
            if not part.strip():
                continue
            code = _code(part.strip(), table) or _code(part.strip().upper(), table)
            if code is None:
                known = ", ".join(table)
                return Problem(f"{noun}.unknown", {"value": part.strip(), "known": known})
            found.append(code)
        return tuple(dict.fromkeys(found))

    return read


_MARKS = str.maketrans(dict.fromkeys("，、；;/|", ","))


def run_of(desk: Desk, wanted: Wanted) -> Run:
    """The programme, its rules on the day of receipt (BR-020) and the open cycle of an application.

    Refused programme.unknown, application.lane, application.no_cycle, cycle.not_open.
    """
    found = programmes.programmes(desk.store)
    programme = next((p for p in found if wanted.programme in (p.code, p.name)), None)
    if programme is None:
        raise Refused(Problem("programme.unknown", {"programme": wanted.programme or "-"}))
    cycles = [c for c in programmes.cycles(desk.store) if c.programme_id == programme.id]
    if wanted.cycle:
        cycle = next((c for c in cycles if c.code == wanted.cycle), None)
        if cycle is None:
            known = ", ".join(c.code for c in cycles) or "-"
            raise Refused(Problem("cycle.unknown", {"cycle": wanted.cycle, "known": known}))
        if cycle.state != "open":
            raise Refused(Problem("cycle.not_open", {"cycle": cycle.code, "state": cycle.state}))
    else:
        cycle = next((c for c in reversed(cycles) if c.state == "open"), None)
        if cycle is None:
            raise Refused(Problem("application.no_cycle", {"programme": programme.code}))
    rules = rules_on(desk, programme.id, _received(desk, wanted))
    if rules.lane not in LANES or rules.recipient not in RECIPIENTS:
        raise Refused(Problem("application.lane", {"programme": programme.code}))
    return programme, rules, cycle


def _received(desk: Desk, wanted: Wanted) -> str:
    from rcaid.domain import dates

    read = dates.read(wanted.received_on) if wanted.received_on else desk.day
    return desk.day if isinstance(read, Problem) or read > desk.day else read


def read(desk: Desk, wanted: Wanted, *, run: Run | None = None) -> Asked:
    """Reads and judges an application; what is wrong with it stands in ``problems``. ``run`` is
    what it is judged by where that stands fast already.

    Refused only where there is nothing to judge it by: no such programme, no open cycle.
    """
    programme, rules, cycle = run or run_of(desk, wanted)
    place = desk.office_for("case.new").id
    wanted = _filled(desk, wanted)
    judge = judge_of(desk, rules, place)
    cells = _cells(wanted, _received(desk, wanted))
    found = judge.judge(0, cells)
    problems = [each.problem() for each in found.problems]
    values = found.values if found.values else _loose(judge, cells)
    values |= {field: getattr(wanted, fen) for fen, field in SUMS.items()}
    values |= {"qty": wanted.qty, "papers": values.get("papers") or ()}
    values["consents"] = values.get("consents") or ()
    if not values.get("received_on"):
        values["received_on"] = desk.day
    known = known_person(desk, wanted, found)
    office = values.get("street") or (known.office_id if known else place)
    disaster, wrong = _disaster(desk, wanted)
    problems += wrong
    if not any(problem.field == "street" for problem in problems):
        problems += _placed(desk, office)
    problems += _beyond(desk, wanted)
    whole = found._replace(values=values, problems=[])
    return Asked(
        wanted, programme, rules, cycle, judge, whole, known, office, disaster, tuple(problems)
    )


def judge_of(desk: Desk, rules: Programme, place: str) -> TableJudge:
    """The judge of what a form or a command says: columns by the names of the fields."""
    columns = HeaderMap({name: n for n, name in enumerate(_FIELDS)}, (), (), {}, _PROFILE)
    streets = streets_by_text(desk, desk.offices.below(place))
    said = Rules(desk.day, streets, _PROFILE, readers_of(rules))
    return TableJudge(APPLICATION, columns, _FIELDS, said)


def _cells(wanted: Wanted, received_on: str) -> list[str]:
    texts = {
        field.name: getattr(wanted, field.name)
        for field in fields(wanted)
        if isinstance(getattr(wanted, field.name), str)
    }
    texts |= {"papers": ",".join(wanted.papers), "consents": ",".join(wanted.consents)}
    texts["received_on"] = texts["received_on"] or received_on
    return [texts.get(name, "").strip() for name in _FIELDS]


def _loose(judge: TableJudge, cells: Sequence[str]) -> dict[str, Any]:
    """The values of a row that is not right yet, without those that are wrong."""
    wrong: list[tuple[str, Problem, str]] = []
    values = judge.values(cells, wrong)
    return {name: "" if isinstance(value, Problem) else value for name, value in values.items()}


def _filled(desk: Desk, wanted: Wanted) -> Wanted:
    """What is not said of somebody on file is taken from there."""
    from rcaid.services import deaths

    if wanted.person_id:
        person = people.standing(desk.store, [wanted.person_id]).get(wanted.person_id)
        if person is None:
            raise Refused(Problem("state.gone", {"noun": "person", "id": wanted.person_id}))
        values = opened(desk, person)
        return replace(
            wanted, person_id=person.id, name=wanted.name or person.name or "",
            number=values.get("number", ""), id_kind=person.id_kind or "",
            reason=values.get("reason", "") or wanted.reason, sex=person.sex or wanted.sex,
            born=person.born or wanted.born,
        )  # fmt: skip
    if wanted.number and not wanted.name:
        try:
            person = deaths.by_number(desk, wanted.number)
        except Refused:
            return wanted
        if person is not None:
            return replace(wanted, name=person.name or "")
    return wanted


def known_person(desk: Desk, wanted: Wanted, found: Read) -> Person | None:
    """Who is on file already: by id or by number (BR-008)."""
    from rcaid.services import deaths

    if wanted.person_id:
        return people.standing(desk.store, [wanted.person_id]).get(wanted.person_id)
    who = found.who
    if who is None or not who.number:
        return None
    return deaths.by_number(desk, who.number, who.kind)


def _disaster(desk: Desk, wanted: Wanted) -> tuple[Disaster | None, list[Problem]]:
    if not wanted.disaster:
        return None, []
    found = next((d for d in disasters(desk.store) if d.code == wanted.disaster), None)
    if found is None:
        said = Problem("disaster.unknown", {"disaster": wanted.disaster}, field="disaster")
        return None, [said]
    if found.state == "closed":
        return found, [Problem("disaster.closed", {"disaster": found.code}, field="disaster")]
    return found, []


def _placed(desk: Desk, office: str) -> list[Problem]:
    """A case belongs to a street."""
    if desk.offices.by_id[office].level == "street":
        return []
    return [Problem("application.street", {}, field="street")]


def _beyond(desk: Desk, wanted: Wanted) -> list[Problem]:
    """What no single cell shows: sums, help from others."""
    found = []
    for name in SUMS:
        value = getattr(wanted, name)
        if value is not None and (value < 0 or (name == "asked_fen" and value == 0)):
            found.append(Problem("application.sum", {"field": SUMS[name]}, field=name))
    if wanted.item and (wanted.qty or 1) < 1:
        found.append(Problem("application.sum", {"field": "qty"}, field="qty"))
    for name in (field.name for field in fields(wanted)):
        said = getattr(wanted, name)
        if isinstance(said, str) and len(said) > LONGEST:
            facts = {"field": name, "most": LONGEST}
            found.append(Problem("application.long", facts, field=name))
    spoken = [("witnesses", text) for text in wanted.witnesses]
    spoken += [("elsewhere", giver) for giver, _day, _fen in wanted.elsewhere]
    for name, text in spoken:
        if (code := refusal(text)) is not None:
            found.append(Problem(code, {}, field=name, value=text))
    for giver, day, fen in wanted.elsewhere:
        if not giver or fen < 0 or not _is_day(day) or day > desk.day:
            found.append(Problem("application.elsewhere", {"giver": giver}, field="elsewhere"))
    return found


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def sealed_of(asked: Asked) -> dict[str, Any]:
    """What is kept sealed of an application."""
    texts = ("need", "diagnosis", "hospital", "applicant", "applicant_relation")
    found: dict[str, Any] = {name: asked.value(name) for name in texts if asked.value(name)}
    if asked.wanted.elsewhere:
        found["elsewhere"] = [list(each) for each in asked.wanted.elsewhere]
    if asked.wanted.incapable:
        found["incapable"] = 1
    if asked.wanted.witnesses:
        found["witnesses"] = list(asked.wanted.witnesses)
    return found
