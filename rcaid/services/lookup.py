"""Many identity numbers at once: is this person enrolled, was anything paid, when and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rcaid.db import duplicates, people
from rcaid.db import lookup as rows
from rcaid.db.tables import Person
from rcaid.domain import identity
from rcaid.domain.errors import Problem
from rcaid.services.desk import Desk
from rcaid.services.importing.plan_roster import identity_text

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the answer. ``problem`` says why there is none; amounts in fen; ``number`` is
    masked, ``asked`` is the place in the list, from 1."""

    asked: int
    number: str
    enrolled: tuple[str, ...] = ()
    office: str = ""
    state: str = ""
    paid_fen: int = 0
    goods_fen: int = 0
    last_day: str = ""
    problem: Problem | None = None


def look_up(desk: Desk, numbers: Iterable[str]) -> list[Answer]:
    """Answers for each number, in order; the whole list is one event in the record.

    People outside this person's offices are answered too, without the office's name: that they
    were helped elsewhere is what a look-up is for.
    """
    mine = set(desk.reach("person.lookup"))
    asked = list(numbers)
    answers: list[Answer] = []
    for start in range(0, len(asked), CHUNK):
        answers += _piece(desk, asked[start : start + CHUNK], start, mine)
    found = sum(1 for answer in answers if answer.problem is None)
    desk.look(
        "person.lookup", desk.office_for("person.lookup").id, "list", asked=len(asked), known=found
    )
    return answers


def _piece(desk: Desk, asked: Sequence[str], start: int, mine: set[str]) -> list[Answer]:
    checked = [identity.check(text.strip(), identity.RESIDENT_ID, desk.day) for text in asked]
    hashes = {
        each.number: desk.keys.hash64(identity_text(each.kind, each.number))
        for each in checked
        if not isinstance(each, Problem)
    }
    known = _confirmed(desk, hashes)
    helped, enrolled = _given(desk, [person.id for person in known.values()])
    answers = []
    for n, (text, each) in enumerate(zip(asked, checked, strict=True), start=start + 1):
        masked = identity.mask_number(text.strip())
        if isinstance(each, Problem):
            answers.append(Answer(n, masked, problem=each))
            continue
        person = known.get(each.number)
        if person is None:
            answers.append(Answer(n, masked, problem=Problem("person.unknown")))
            continue
        office = desk.offices.path(person.office_id) if person.office_id in mine else ""
        cash, goods, last = helped.get(person.id, (0, 0, ""))
        answers.append(
            Answer(
                n, masked, tuple(enrolled.get(person.id, ())), office, person.state, cash, goods,
                last,
            )
        )  # fmt: skip
    return answers


def _given(
    desk: Desk, ids: Sequence[str]
) -> tuple[dict[str, tuple[int, int, str]], dict[str, list[str]]]:
    """Help and cycles of people, with those of whoever was merged into them (BR-010)."""
    lost = duplicates.losers(desk.store, ids)
    everybody = dict.fromkeys([*ids, *lost])
    helped, enrolled = rows.helped(desk.store, everybody), rows.enrolled(desk.store, everybody)
    for loser, winner in lost.items():
        cash, goods, last = helped.get(winner, (0, 0, ""))
        more, pieces, later = helped.get(loser, (0, 0, ""))
        helped[winner] = (cash + more, goods + pieces, max(last, later))
        enrolled[winner] = sorted({*enrolled.get(winner, ()), *enrolled.get(loser, ())})
    return helped, enrolled


def _confirmed(desk: Desk, hashes: dict[str, int]) -> dict[str, Person]:
    """People by number; a hash that two numbers share is told apart by the sealed value."""
    held = people.keys(desk.store, people.IDENTITY, hashes.values())
    owners = [owner for owners in held.values() for _, owner in owners]
    stands = people.standing(desk.store, owners)
    by_number = {}
    for person in people.many(desk.store, owners).values():
        if person.sealed is not None:
            number = desk.keys.open("person", person.id, person.sealed)[1]["number"]
            by_number[number] = stands[person.id]
    return {number: by_number[number] for number in hashes if number in by_number}
