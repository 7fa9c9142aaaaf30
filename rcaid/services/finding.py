"""People found as somebody types: nearest first, masked outside one's own offices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rcaid.db import cards, people, search
from rcaid.db.tables import Person
from rcaid.domain import identity
from rcaid.domain.deadlines import age
from rcaid.domain.errors import Problem
from rcaid.domain.readings import Term, query
from rcaid.services.desk import Desk
from rcaid.services.importing.plan_roster import identity_text, search_tokens
from rcaid.services.shown import CHILD as CHILD
from rcaid.services.shown import account_number as account_number
from rcaid.services.shown import opened as opened
from rcaid.services.shown import shown_name as shown_name

GONE = ("merged", "erased")
"""States of people who stand on no list."""
_NOTHING = cards.Standing("", 0)
_FEWEST_DIGITS, _MOST_CANDIDATES = 8, 500


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
    """People found, nearest first, and how many fit in each circle that was asked; counting stops
    at 1,000."""

    lines: list[PersonLine]
    totals: dict[str, int]


def age_of(desk: Desk, person: Person, today: str = "") -> int | None:
    """Full years today, or at death."""
    if not person.born:
        return None
    return age(person.born, person.died_on or today or desk.day)


# --- finding


def find(desk: Desk, text: str, limit: int = 50) -> list[PersonLine]:
    """People by name, pinyin, initials, digits, whole numbers and case numbers, nearest first.

    Everybody of the city is found; outside one's own offices the name is masked.
    """
    return look_up(desk, text, limit).lines


def look_up(desk: Desk, text: str, limit: int = 50) -> Finding:
    """The same, and how many there are in each circle."""
    desk.reach("person.find")
    exact, rest = _exactly(desk, text.split())
    wanted = search.terms(" ".join(rest))
    if exact is not None:
        found = [
            (circle_of(desk, person), person) for person in exact if _fits(desk, person, wanted)
        ]
        order = {name: n for n, (name, _) in enumerate(circles_of(desk))}
        found.sort(key=lambda pair: (order.get(pair[0], 9), pair[1].doc))
        return Finding(lines_of(desk, found[:limit]), Counter(circle for circle, _ in found))
    long = [t.text for t in wanted if t.kind == "digits" and len(t.text) > search.LAST]
    letters = _letters_to_check(wanted)
    asked = [term for term in wanted if term not in letters]
    most = _MOST_CANDIDATES if long or letters else limit
    rings = search.circles(desk.store, asked, circles_of(desk), most)
    everybody = [doc for ring in rings for doc in ring.docs]
    by_doc = {person.doc: person for person in people.by_docs(desk.store, everybody)}
    found = [(ring.name, by_doc[doc]) for ring in rings for doc in ring.docs if doc in by_doc]
    if long or letters:
        found = [
            pair
            for pair in found
            if _fits(desk, pair[1], letters) and (not long or ends(desk, pair[1], long))
        ]
        return Finding(lines_of(desk, found[:limit]), Counter(circle for circle, _ in found))
    return Finding(lines_of(desk, found[:limit]), {ring.name: ring.total for ring in rings})


def _letters_to_check(wanted: Sequence[Term]) -> list[Term]:
    """Single letters beside the end of a number: so few fit the number that looking at each is
    quicker than asking the index for a letter."""
    sharp = any(term.kind == "digits" and len(term.text) >= search.LAST for term in wanted)
    return [t for t in wanted if sharp and t.kind == "latin" and len(t.text) == 1]


def circles_of(desk: Desk) -> list[tuple[str, str]]:
    """The circles around the searcher's own office, as (name, place token), nearest first."""
    home = desk.home()
    rings = []
    if home.level == "street":
        rings.append(("street", search.place_token(home.code)))
    district = desk.offices.district_of(home.id)
    if district.level == "district":
        rings.append(("district", search.place_token(district.code)))
    return [*rings, ("city", "")]


def circle_of(desk: Desk, person: Person) -> str:
    """Where somebody lives as seen from the searcher's office: street, district or city."""
    home = desk.home()
    if person.office_id == home.id and home.level == "street":
        return "street"
    same = desk.offices.district_of(person.office_id).id == desk.offices.district_of(home.id).id
    return "district" if same and home.level != "city" else "city"


def lines_of(desk: Desk, found: Sequence[tuple[str, Person]]) -> list[PersonLine]:
    """Lines for (circle, person), in the order given; who was merged is who they were merged into,
    who was erased is left out."""
    alive = _alive(desk, found)
    stands = cards.standing(desk.store, [person.id for _, person in alive])
    today = desk.day
    made = []
    for circle, person in alive:
        stand = stands.get(person.id, _NOTHING)
        number = opened(desk, person).get("number", "")
        made.append(
            PersonLine(
                circle, person.id, shown_name(desk, person, today), person.sex or "",
                age_of(desk, person, today), identity.mask_number(number),
                desk.offices.path(person.office_id), person.office_id, person.state,
                stand.last_help, stand.open_lines, desk.names_in_full(person.office_id),
                person.version,
            )
        )  # fmt: skip
    return made


def _alive(desk: Desk, found: Sequence[tuple[str, Person]]) -> list[tuple[str, Person]]:
    """Each person once, at their first place; one who was merged gives way to the winner."""
    merged = [person.merged_into for _, person in found if person.merged_into]
    if not merged:
        return [(circle, person) for circle, person in found if person.state not in GONE]
    won = people.many(desk.store, merged)
    alive: dict[str, tuple[str, Person]] = {}
    for circle, person in found:
        winner = won.get(person.merged_into or "")
        if winner is not None:
            alive.setdefault(winner.id, (circle_of(desk, winner), winner))
        elif person.state not in GONE:
            alive.setdefault(person.id, (circle, person))
    return list(alive.values())


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
        if account_number(desk, account) == number
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


def _fits(desk: Desk, person: Person, wanted: Sequence[Term]) -> bool:
    if not wanted:
        return True
    values = opened(desk, person)
    code = desk.offices.by_id[person.office_id].code
    number, phone = values.get("number", ""), values.get("phone", "")
    tokens = search_tokens(person.name or "", number, phone, code).split()
    return search.fits(tokens, wanted)


def ends(desk: Desk, person: Person, digits: Sequence[str]) -> bool:
    """Whether each of these ends is that of the person's identity number or phone, or of digits
    in the name, as a list may have them."""
    values = opened(desk, person)
    held = [values.get(name, "") for name in ("number", "number15", "phone")]
    name = person.name or ""
    if any(map(str.isdigit, name)):
        held += [term.text for term in query(name) if term.kind == "digits"]
    return all(any(value.endswith(end) for value in held) for end in digits)
