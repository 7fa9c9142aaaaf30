"""People: found as somebody types, their card, their help by year, and single values revealed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rcaid.db import cards, cases, people, programmes, search
from rcaid.db.tables import Account, AidCase, Person
from rcaid.domain import identity
from rcaid.domain.deadlines import age
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.names import mask
from rcaid.domain.readings import Term
from rcaid.services import checks
from rcaid.services.checks import Check
from rcaid.services.desk import Desk
from rcaid.services.plan_roster import identity_text, search_tokens

REVEALED = ("number", "phone", "address", "account")
"""Fields of a person that are masked for everyone until revealed."""
CHILD = 14
"""Below this age nothing of a masked name stays (BR-052)."""
_FEWEST_DIGITS, _MOST_CANDIDATES = 8, 500
_GONE = ("merged", "erased")


class PersonLine(NamedTuple):
    """One person of a list. ``circle`` is street, district or city as seen from the searcher's
    office; ``name`` is masked unless ``full``; ``age`` is None where no birth date is known."""

    circle: str
    id: str
    name: str
    sex: str
    age: int | None
    identity: str
    place: str
    office_id: str
    state: str
    last_help: str
    open_lines: int
    full: bool
    version: int


class Finding(NamedTuple):
    """People found, nearest first, and the circles in which there are more than are listed."""

    lines: list[PersonLine]
    more: frozenset[str]


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


def shown_name(desk: Desk, person: Person) -> str:
    """A person's name in full inside one's own subtree for those with a case duty, else masked."""
    if desk.names_in_full(person.office_id):
        return person.name or ""
    young = person.born is not None and age(person.born, desk.day) < CHILD
    return mask(person.name or "", code_only=young)


def opened(desk: Desk, person: Person) -> dict[str, Any]:
    """The sealed values of a person; empty after erasing."""
    if person.sealed is None:
        return {}
    return desk.keys.open("person", person.id, bytes(person.sealed))[1]


def age_of(desk: Desk, person: Person) -> int | None:
    """Full years today, or at death."""
    return age(person.born, person.died_on or desk.day) if person.born else None


# --- finding


def find(desk: Desk, text: str, limit: int = 50) -> list[PersonLine]:
    """People by name, pinyin, initials, digits, whole numbers and case numbers, nearest first.

    Everybody of the city is found; outside one's own offices the name is masked.
    """
    return look_up(desk, text, limit).lines


def look_up(desk: Desk, text: str, limit: int = 50) -> Finding:
    """The same, and in which circles there are more."""
    desk.reach("person.find")
    exact, rest = _exactly(desk, text.split())
    wanted = search.terms(" ".join(rest))
    if exact is not None:
        found = [
            (circle_of(desk, person), person) for person in exact if _fits(desk, person, wanted)
        ]
        order = {name: n for n, (name, _) in enumerate(circles_of(desk))}
        found.sort(key=lambda pair: (order.get(pair[0], 9), pair[1].doc))
        return Finding(lines_of(desk, found[:limit]), frozenset())
    long = [t.text for t in wanted if t.kind == "digits" and len(t.text) > search.LAST]
    most = _MOST_CANDIDATES if long else limit
    rings = search.circles(desk.store, wanted, circles_of(desk), most)
    by_doc = {p.doc: p for p in people.by_docs(desk.store, [d for r in rings for d in r.docs])}
    found = [(ring.name, by_doc[doc]) for ring in rings for doc in ring.docs if doc in by_doc]
    if long:
        found = [pair for pair in found if ends(desk, pair[1], long)]
    more = frozenset(ring.name for ring in rings if ring.more)
    return Finding(lines_of(desk, found[:limit]), more)


def circles_of(desk: Desk) -> list[tuple[str, str]]:
    """The circles around the searcher's own office, as (name, place token), nearest first."""
    home = desk.home()
    rings = []
    if home.level not in ("city", "district"):
        rings.append(("street", search.place_token(home.code)))
    district = desk.offices.district_of(home.id)
    if district.level == "district":
        rings.append(("district", search.place_token(district.code)))
    return [*rings, ("city", "")]


def circle_of(desk: Desk, person: Person) -> str:
    """Where somebody lives as seen from the searcher's office: street, district or city."""
    home = desk.home()
    if person.office_id == home.id:
        return "street" if home.level == "street" else home.level
    same = desk.offices.district_of(person.office_id).id == desk.offices.district_of(home.id).id
    return "district" if same and home.level != "city" else "city"


def lines_of(desk: Desk, found: Sequence[tuple[str, Person]]) -> list[PersonLine]:
    """Lines for (circle, person), in the order given; who is merged or erased is left out."""
    alive = [(circle, person) for circle, person in found if person.state not in _GONE]
    stands = cards.standing(desk.store, [person.id for _, person in alive])
    nobody = cards.Standing("", 0)
    made = []
    for circle, person in alive:
        stand = stands.get(person.id, nobody)
        number = opened(desk, person).get("number", "")
        made.append(
            PersonLine(
                circle, person.id, shown_name(desk, person), person.sex or "",
                age_of(desk, person), identity.mask_number(number),
                desk.offices.path(person.office_id), person.office_id, person.state,
                stand.last_help, stand.open_lines, desk.names_in_full(person.office_id),
                person.version,
            )
        )  # fmt: skip
    return made


def _exactly(desk: Desk, chunks: Iterable[str]) -> tuple[list[Person] | None, list[str]]:
    """People of whole numbers and case numbers among the chunks, and the chunks left over.

    None instead of people when no chunk is one; a whole number nobody has is left over, since it
    may still be the end of one.
    """
    found: dict[str, Person] | None = None
    rest = []
    for chunk in chunks:
        prefix = search.case_prefix(chunk)
        if prefix:
            ids = search.people_by_case(desk.store, prefix, _MOST_CANDIDATES)
            hits = people.many(desk.store, ids)
        else:
            hits = by_number(desk, chunk)
            if not hits:
                rest.append(chunk)
                continue
        found = hits if found is None else {id: p for id, p in hits.items() if id in found}
    return (None if found is None else list(found.values())), rest


def by_number(desk: Desk, text: str) -> dict[str, Person]:
    """People of a whole identity number (15 digits too), phone or account, by keyed hash and
    confirmed against the sealed value."""
    number = text.upper()
    if sum(character.isdigit() for character in number) < _FEWEST_DIGITS:
        return {}
    hashed = desk.keys.hash64
    known = dict.fromkeys(_identities(desk, number))
    held = people.keys(
        desk.store, people.IDENTITY, [hashed(identity_text(*each)) for each in known]
    )
    held |= people.keys(desk.store, people.PHONE, [hashed(f"phone:{number}")])
    paid = {
        account.person_id
        for account in people.accounts_by_hash(desk.store, [hashed(f"account:{number}")])
        if _account_number(desk, account) == number
    }
    owners = {owner for each in held.values() for _, owner in each}
    numbers = {each for _, each in known} | {number}
    return {
        id: person
        for id, person in people.many(desk.store, owners | paid).items()
        if id in paid or numbers & {*map(str, opened(desk, person).values())}
    }


def _identities(desk: Desk, number: str) -> Iterable[tuple[str, str]]:
    for kind in identity.KINDS:
        checked = identity.check(number, kind, desk.day)
        if not isinstance(checked, Problem):
            yield checked.kind, checked.number


def _account_number(desk: Desk, account: Account) -> str:
    if account.sealed is None:
        return ""
    return str(desk.keys.open("account", account.id, bytes(account.sealed))[1].get("number", ""))


def _fits(desk: Desk, person: Person, wanted: Sequence[Term]) -> bool:
    if not wanted:
        return True
    values = opened(desk, person)
    code = desk.offices.by_id[person.office_id].code
    number, phone = values.get("number", ""), values.get("phone", "")
    tokens = search_tokens(person.name or "", number, phone, code).split()
    return search.fits(tokens, wanted)


def ends(desk: Desk, person: Person, digits: Sequence[str]) -> bool:
    """Whether each of these ends is that of the person's identity number or phone."""
    values = opened(desk, person)
    held = [values.get(name, "") for name in ("number", "number15", "phone")]
    return all(any(value.endswith(end) for value in held) for end in digits)


# --- one person


def person_of(desk: Desk, person_id: str, act: str) -> Person:
    """A person this desk may do an act for; Refused state.gone or who.no_duty."""
    person = people.many(desk.store, [person_id]).get(person_id)
    if person is None:
        raise Refused(Problem("state.gone", {"noun": "person", "id": person_id}))
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
    own = cases.of_person(desk.store, person.id)
    account, bank = _account(desk, person, own)
    home = [each for each in people.household(desk.store, person.household_id) if each.state not in _GONE]  # fmt: skip
    helped = cards.help_lines(desk.store, [each.id for each in home] or [person.id])
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
    entitled = cards.account_ids(desk.store, [person.id]).get(person.id)
    listed = next((case.account_id for case in own if case.account_id), None)
    newest = entitled or listed
    if newest is None:
        return "", ""
    account = people.accounts(desk.store, [newest])[newest]
    return _account_number(desk, account), account.bank or ""


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
    person = person_of(desk, person_id, "person.card")
    home = people.household(desk.store, person.household_id)
    helped = cards.help_lines(desk.store, [each.id for each in home])
    return list(_given(desk, person, helped))


def reveal(desk: Desk, person_id: str, field: str, reason: str) -> str:
    """The full value of one masked field; the record says so before it is returned.

    Refused person.field for a field that is not masked or has no value here.
    """
    person = person_of(desk, person_id, "person.reveal")
    if field not in REVEALED or not reason.strip():
        raise Refused(Problem("person.field", {"field": field, "known": ", ".join(REVEALED)}))
    if field == "account":
        value = _account(desk, person, cases.of_person(desk.store, person.id))[0]
    else:
        value = opened(desk, person).get(field, "")
    if not value:
        raise Refused(Problem("person.no_value", {"field": field}))
    desk.write(
        "person.reveal", person.office_id, lambda unit: None, object=person.id,
        reason=reason[:80], note=lambda _: {"field": field},
    )  # fmt: skip
    return str(value)
