"""From a typed filter to the conditions of a list, each field in the words of its users."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rcaid.db import lists as rows
from rcaid.db import offices as office_rows
from rcaid.db import people, programmes, search
from rcaid.db.lists import Condition
from rcaid.domain.deadlines import add_days
from rcaid.domain.errors import Problem
from rcaid.domain.filters import Filter, Test, Word
from rcaid.domain.names import clean
from rcaid.domain.programme_fields import PAPERS
from rcaid.domain.programmes import Programme, read
from rcaid.domain.words import CHINESE, codes_of
from rcaid.services import finding
from rcaid.services.desk import Desk

MACHINE = {"cases": "any_case", "rosters": "roster", "batches": "batch", "imports": "import_batch"}
ACT = {
    "cases": "case.list",
    "rosters": "roster.list",
    "people": "person.find",
    "batches": "batch.list",
    "imports": "import.list",
    "quota": "quota.show",
}
"""For each place the act that opens it."""
_NEED = {"category", "hardship", "disease"}
"""Fields that only those see who see names in full."""
_WHERE = {
    "cases": "case name street district age sex born programme cycle category hardship step amount"
    " helped roster batch by lane due received missing is sort",
    "rosters": "roster street district programme cycle step n date by is sort",
    "people": "name street district age sex born hardship category helped roster programme cycle"
    " is sort",
    "batches": "batch street district programme cycle step kind amount n date by is sort",
    "imports": "street district programme cycle step kind n date by is sort",
    "quota": "street district programme cycle category",
}
_MOST_PEOPLE = 5_000
_FEW = 300
"""So many people found are named one by one; of more the index is asked in the list itself."""
_ADULT = 18


@dataclass
class Resolved:
    """The conditions of a filter within what this desk may see, and what it has to say.

    ``offices`` are the ids left of its reach; ``plain`` says that the summaries can count it;
    ``ignored`` names flags that this list does not keep.
    """

    conditions: list[Condition]
    offices: tuple[str, ...]
    plain: bool = True
    ignored: list[str] = field(default_factory=list)


def allowed(desk: Desk, place: str) -> set[str]:
    """The fields a person may filter a place by."""
    fields = set(_WHERE[place].split())
    sees = any(desk.names_in_full(office) for office in desk.reach(ACT[place]))
    return fields if sees or place == "quota" else fields - _NEED


def resolve(desk: Desk, place: str, wanted: Filter) -> Resolved | Problem:
    """The conditions of a parsed filter; a Problem when a value names nothing."""
    made = Resolved([], desk.reach(ACT[place]))
    for item in wanted.items:
        if isinstance(item, Word):
            problem = _word(desk, place, item, made)
        elif item.field == "sort":
            continue
        elif item.field in ("street", "district"):
            problem = _offices(desk, item, made)
        else:
            problem = _test(desk, place, item, made)
        if problem is not None:
            return problem
    _within(desk, place, made)
    return made


def _within(desk: Desk, place: str, made: Resolved) -> None:
    """Holds the list to its offices; people are found by the tokens of where they live."""
    if len(made.offices) == len(desk.offices.all):
        return
    if place != "people":
        made.conditions.append(Condition("office", "in", made.offices))
        return
    marks = _marks(desk, made.offices)
    if not marks:
        made.conditions.append(Condition("person", "in", ()))
    elif "" not in marks:
        engine = desk.store.engine
        text = search.match_text(engine, [], marks)
        for each in [c for c in made.conditions if c.kind == "words" and not c.negated]:
            made.conditions.remove(each)
            text = search.both(engine, each.values[0], text)
        made.conditions.append(Condition("words", "words", (text,)))


def _marks(desk: Desk, offices: Sequence[str]) -> list[str]:
    """The fewest place tokens that stand for all of these offices."""
    left = set(offices)
    tree = desk.offices
    tokens = []
    for office in tree.all:
        if office.level == "city" and left >= set(tree.below(office.id)):
            return [""]
        if office.level == "district" and left >= set(tree.below(office.id)):
            tokens.append(search.place_token(office.code))
            left -= set(tree.below(office.id))
    by_id = tree.by_id
    return tokens + [
        search.place_token(by_id[id].code) for id in sorted(left) if by_id[id].level == "street"
    ]


def _offices(desk: Desk, test: Test, made: Resolved) -> Problem | None:
    """Narrows the offices to those in a street or district, by name, code or letters."""
    matched: set[str] = set()
    for value in test.values:
        text = value.text.casefold()
        for office in desk.offices.all:
            if office.level != test.field:
                continue
            names = (office.name, office.code, *((office.letters,) * (test.field == "district")))
            hit = [n.casefold() for n in names if n.casefold() == text or (test.op == ":" and text in n.casefold())]  # fmt: skip
            if hit:
                matched.update(desk.offices.below(office.id))
    if not matched:
        return Problem(
            "filter.names_none", {"field": test.typed or test.field, "typed": test.values[0].text}
        )
    made.offices = tuple(o for o in made.offices if (o in matched) is not test.negated)
    return None


# --- words


def _word(desk: Desk, place: str, word: Word, made: Resolved) -> Problem | None:
    made.plain = False
    if place in ("rosters", "batches"):
        field = "roster" if place == "rosters" else "batch"
        pattern = rows.like(word.text.upper())
        made.conditions.append(Condition(field, "like", (pattern,), word.negated))
        return None
    if place == "imports":
        pattern = rows.like(word.text.lower())
        made.conditions.append(Condition("file", "like", (pattern,), word.negated))
        return None
    if place == "quota":
        return Problem("filter.no_words")
    made.conditions.append(_people(desk, place, word.text, word.negated))
    return None


def _people(desk: Desk, place: str, text: str, negated: bool) -> Condition:
    """People a word means: a masked name, a case number, a whole number, or terms."""
    if "*" in text:
        return Condition("name", "like", (_masked(text),), negated)
    prefix = search.case_prefix(text)
    if prefix and place == "cases":
        return Condition("case", "span", ((prefix, f"{prefix}~"),), negated)
    if prefix:
        ids = tuple(search.people_by_case(desk.store, prefix, _MOST_PEOPLE))
        return Condition("person", "in", ids, negated)
    whole = finding.by_number(desk, text)
    if whole:
        return Condition("person", "in", tuple(whole), negated)
    wanted = search.terms(text)
    if not wanted:
        return Condition("name", "like", (rows.like(clean(text).lower()),), negated)
    asked = search.match_text(desk.store.engine, wanted)
    long = [t.text for t in wanted if t.kind == "digits" and len(t.text) > search.LAST]
    few = desk.store.search(asked, _FEW + 1)
    if not long and (place == "people" or len(few) > _FEW):
        return Condition("words", "words", (asked,), negated)
    held = people.by_docs(desk.store, few if not long else desk.store.search(asked, _MOST_PEOPLE))
    ids = tuple(each.id for each in held if not long or finding.ends(desk, each, long))
    return Condition("person", "in", ids, negated)


def _masked(text: str) -> str:
    """A pattern for a masked name as it stands on a list; three stars at the end are any rest."""
    body = rows.literal(clean(text).lower())
    if body.endswith("***"):
        body = f"{body[:-3]}%"
    return body.replace("*", "_")


# --- tests


def _test(desk: Desk, place: str, test: Test, made: Resolved) -> Problem | None:
    found = _RESOLVERS[test.field](desk, place, test)
    if isinstance(found, Problem):
        return found
    if isinstance(found, str):
        made.ignored.append(found)
        return None
    made.plain = made.plain and found.field in ("step", "category", "cycle")
    made.conditions.append(found)
    return None


Answer = Condition | Problem | str
"""A condition, what is wrong, or the name of a flag that this list does not keep."""


def _none(test: Test) -> Problem:
    return Problem(
        "filter.names_none", {"field": test.typed or test.field, "typed": test.values[0].text}
    )


def _in(test: Test, values: Iterable[Any], field: str = "") -> Answer:
    found = tuple(dict.fromkeys(values))
    return Condition(field or test.field, "in", found, test.negated) if found else _none(test)


def _span(desk: Desk, place: str, test: Test) -> Answer:
    if test.missing is not None:
        return Condition(test.field, "missing", (), test.missing is test.negated)
    return Condition(test.field, "span", tuple(test.spans(desk.day)), test.negated)


def _age(desk: Desk, place: str, test: Test) -> Answer:
    """Ages as spans of birth dates."""
    spans = [
        (
            None if high is None else _older(desk.day, int(high) + 1),
            None if low is None else _born_by(desk.day, int(low)),
        )
        for low, high in test.spans(desk.day)
    ]
    return Condition("born", "span", tuple(spans), test.negated)


def _born_by(day: str, years: int) -> str:
    """The last birth date of somebody who is at least so old; as `deadlines.age` has it, a leap
    day's birthday is 28 February in other years. It need not be in the calendar."""
    year, month_day = int(day[:4]), day[5:]
    if month_day == "02-28" and not isleap(year):
        month_day = "02-29"
    return f"{max(year - years, 0):04}-{month_day}"


def _older(day: str, years: int) -> str:
    """Before the first birth date of somebody who is younger: behind the one and before the next."""
    return f"{_born_by(day, years)}~"


def _lane(desk: Desk, place: str, test: Test) -> Answer:
    """Single applications are lane A, lines of rosters lane B."""
    names = {"a": "A", "b": "B", "个案": "A", "名册": "B"}
    return _in(test, (names[v.text.casefold()] for v in test.values if v.text.casefold() in names))


def _papers(desk: Desk, place: str, test: Test) -> Answer:
    """Papers by code or by their name."""
    texts = [value.text.upper() for value in test.values]
    return _in(
        test, (code for code, name in PAPERS.items() for t in texts if t == code or t in name)
    )


def _step(desk: Desk, place: str, test: Test) -> Answer:
    return _word_of(MACHINE[place], test)


def _kind(desk: Desk, place: str, test: Test) -> Answer:
    return _word_of("kind", test)


def _word_of(machine: str, test: Test) -> Answer:
    """Codes of a machine; where there is none, those it has in the language of the field."""
    codes = [code for value in test.values for code in codes_of(machine, value.text)]
    if codes:
        return _in(test, codes)
    words = CHINESE[machine]
    known = words.keys() if test.typed.isascii() else words.values()
    return Problem("filter.names_one_of", {**_none(test).params, "known": ", ".join(known)})


def _sex(desk: Desk, place: str, test: Test) -> Answer:
    return _in(test, (value.text for value in test.values))


def _codes(desk: Desk, place: str, test: Test) -> Answer:
    """Categories and hardships by code or by their name in any programme."""
    texts = [value.text.casefold().replace("-", "_") for value in test.values]
    return _in(
        test,
        (
            code
            for rules in _rules(desk)
            for code, name in getattr(rules, _TABLES[test.field]).items()
            for text in texts
            if text in (code, name) or (test.op == ":" and text in name)
        ),
    )


_TABLES = {"category": "categories", "hardship": "hardship"}


def _rules(desk: Desk) -> Iterable[Programme]:
    for programme in programmes.programmes(desk.store):
        for version in programmes.versions(desk.store, programme.id):
            rules = read(version.rules)
            if isinstance(rules, Programme):
                yield rules


def _cycle(desk: Desk, place: str, test: Test) -> Answer:
    """Cycles by code or label, or all of a programme by its code or name."""
    names = {p.id: (p.code, p.name, p.name_en) for p in programmes.programmes(desk.store)}
    texts = [value.text.casefold() for value in test.values]
    found = []
    for cycle in programmes.cycles(desk.store):
        own = (cycle.code, cycle.label) if test.field == "cycle" else names[cycle.programme_id]
        said = [name.casefold() for name in own]
        if any(t in said or (test.op == ":" and any(t in n for n in said)) for t in texts):
            found.append(cycle.id)
    return _in(test, found, "cycle")


def _numbered(desk: Desk, place: str, test: Test) -> Answer:
    """A number as people write it: any part of it, or with = all of it."""
    if place in ("cases", "people") and test.field in ("roster", "batch"):
        look = rows.roster_ids if test.field == "roster" else rows.batch_ids
        whole = test.op == "="
        ids = [id for value in test.values for id in look(desk.store, value.text.upper(), whole)]
        return _in(test, ids)
    texts = [value.text.upper() for value in test.values]
    if test.op == "=":
        return _in(test, texts)
    if test.field == "case" and len(texts) == 1 and (prefix := search.case_prefix(texts[0])):
        return Condition("case", "span", ((prefix, f"{prefix}~"),), test.negated)
    return Condition(test.field, "like", tuple(map(rows.like, texts)), test.negated)


def _name(desk: Desk, place: str, test: Test) -> Answer:
    if test.op == "=":
        return _in(test, (clean(value.text).lower() for value in test.values))
    if len(test.values) == 1:
        return _people(desk, place, test.values[0].text, test.negated)
    patterns = [
        _masked(value.text) if "*" in value.text else rows.like(clean(value.text).lower())
        for value in test.values
    ]
    return Condition("name", "like", tuple(patterns), test.negated)


def _by(desk: Desk, place: str, test: Test) -> Answer:
    known = office_rows.all_staff(desk.store)
    ids = []
    for value in test.values:
        text = value.text.casefold()
        if text in ("me", "我"):
            ids.append(desk.actor.staff_id)
            continue
        ids += [s.id for s in known if s.login.casefold() == text or text in s.name.casefold()]
    return _in(test, ids)


def _flag(desk: Desk, place: str, test: Test) -> Answer:
    """The flags this list keeps; a flag it does not keep is named and left out."""
    conditions = [_FLAGS.get((place, value.text)) for value in test.values]
    if len(test.values) != 1 or conditions[0] is None:
        return ", ".join(value.text for value in test.values)
    return conditions[0](desk, test.negated)


def _mine(desk: Desk, negated: bool) -> Condition:
    return Condition("by", "in", (desk.actor.staff_id,), negated)


def _minor(desk: Desk, negated: bool) -> Condition:
    return Condition("born", "span", ((_older(desk.day, _ADULT), None),), negated)


def _late(desk: Desk, negated: bool) -> Condition:
    """Due before today, while the clock runs."""
    return Condition("due", "span", ((None, add_days(desk.day, -1)),), negated)


_FLAGS: dict[tuple[str, str], Callable[[Desk, bool], Condition]] = {
    ("cases", "mine"): _mine,
    ("rosters", "mine"): _mine,
    ("batches", "mine"): _mine,
    ("imports", "mine"): _mine,
    ("cases", "minor"): _minor,
    ("people", "minor"): _minor,
    ("cases", "returned"): lambda desk, no: Condition("line", "in", ("returned",), no),
    ("cases", "late"): lambda desk, no: _late(desk, no),
    ("cases", "answered"): lambda desk, no: Condition("answered", "in", ("answer",), no),
    ("cases", "suspended"): lambda desk, no: Condition("right", "in", ("suspended",), no),
    ("rosters", "returned"): lambda desk, no: Condition("did", "in", ("return",), no),
    ("imports", "stopped"): lambda desk, no: Condition("rejected", "span", ((1, None),), no),
}
_RESOLVERS: dict[str, Callable[[Desk, str, Test], Answer]] = {
    "case": _numbered,
    "roster": _numbered,
    "batch": _numbered,
    "name": _name,
    "age": _age,
    "sex": _sex,
    "born": _span,
    "programme": _cycle,
    "cycle": _cycle,
    "category": _codes,
    "hardship": _codes,
    "step": _step,
    "kind": _kind,
    "amount": _span,
    "n": _span,
    "date": _span,
    "helped": _span,
    "lane": _lane,
    "due": _span,
    "received": _span,
    "missing": _papers,
    "by": _by,
    "is": _flag,
}
