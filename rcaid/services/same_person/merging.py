"""Two people on file who are one: merged so that both ids stay, and split again (BR-010)."""

from __future__ import annotations

from rcaid.db import cards, cases, changes, people
from rcaid.db import duplicates as rows
from rcaid.db.tables import DUPLICATE_PAIR, PERSON, PERSON_MERGE, DuplicatePair, Person, PersonMerge
from rcaid.db.unit import Entry, Unit
from rcaid.domain import identity
from rcaid.domain.errors import Problem, Refused
from rcaid.services.desk import Desk
from rcaid.services.same_person.pair_keeping import put


def may(desk: Desk, left: Person, right: Person) -> bool:
    """Whether this person may merge the two."""
    return all(desk.duty_for("person.merge", each.office_id) for each in (left, right))


def winner_of(desk: Desk, left: Person, right: Person) -> Person:
    """Who remains: whom others were merged into, who has a resident's number, who has a case, and
    else who was on file first."""
    standing = rows.losers(desk.store, [left.id, right.id]).values()
    helped = cards.standing(desk.store, [left.id, right.id])

    def rank(person: Person) -> tuple[bool, bool, bool, bool, int]:
        return (
            person.id in standing, person.state == "live",
            person.id_kind == identity.RESIDENT_ID, person.id in helped, -person.doc,
        )  # fmt: skip

    return max((left, right), key=rank)


def merge(
    desk: Desk, winner_id: str, loser_id: str, *,
    settle: tuple[DuplicatePair, str] | None = None,
) -> Entry:  # fmt: skip
    """Makes two people on file one: the loser points to the winner, whose card, caps and checks
    include them from now on. Cases, accounts and relations keep the loser's id.

    ``settle`` is the pair that this decides, with a note. Refused merge.both_listed when both have
    a line in one cycle, merge.change_waits while a change of either waits, merge.state, merge.chain,
    merge.one.
    """
    found = people.many(desk.store, [winner_id, loser_id])
    for id in (winner_id, loser_id):
        if id not in found or found[id].state == "erased":
            raise Refused(Problem("state.gone", {"noun": "person", "id": id}))
    for each in found.values():
        desk.require("person.merge", each.office_id)

    def work(unit: Unit) -> PersonMerge:
        winner, loser = _both(unit, winner_id, loser_id)
        _refuse_what_stops_it(unit, winner, loser)
        made = PersonMerge(
            unit.new_id(), winner.office_id, winner.id, loser.id, "merged",
            desk.actor.staff_id, unit.day, 1,
        )  # fmt: skip
        gone = loser._replace(state="merged", merged_into=winner.id)
        unit.update(PERSON, [gone], ("state", "merged_into"))
        unit.insert(PERSON_MERGE, [made])
        if settle is not None:
            put(unit, *settle)
        return made

    place = found[winner_id].office_id
    return desk.write("person.merge", place, work, object=lambda made: made.id)[1]


def _both(unit: Unit, winner_id: str, loser_id: str) -> tuple[Person, Person]:
    """The two as they are now, and nobody else merges either meanwhile."""
    unit.store.lock("person", "id", [winner_id, loser_id])
    found = people.many(unit.store, [winner_id, loser_id])
    return found[winner_id], found[loser_id]


def _refuse_what_stops_it(unit: Unit, winner: Person, loser: Person) -> None:
    if winner.id == loser.id:
        raise Refused(Problem("merge.one"))
    for person in (winner, loser):
        if person.state != "live":
            raise Refused(Problem("merge.state", {"state": person.state}))
    if rows.losers(unit.store, [loser.id]):
        raise Refused(Problem("merge.chain"))
    for person in (winner, loser):
        if any(each.state == "pending" for each in changes.of_person(unit.store, person.id)):
            raise Refused(Problem("merge.change_waits"))
    group = [winner.id, *rows.losers(unit.store, [winner.id])]
    held = {
        case.cycle_id: case.case_no
        for person in group
        for case in cases.of_person(unit.store, person)
        if case.state != "struck"
    }
    both = [
        Problem("merge.both_listed", {"case": case.case_no, "other": held[case.cycle_id]})
        for case in cases.of_person(unit.store, loser.id)
        if case.state != "struck" and case.cycle_id in held
    ]
    if both:
        raise Refused(both)


def standing(desk: Desk, person_id: str) -> list[PersonMerge]:
    """The merges that stand: the one that took this person away, else those into this person."""
    found = rows.merges_of(desk.store, person_id)
    return [each for each in found if each.loser_id == person_id] or found


def split(desk: Desk, merge_id: str) -> Entry:
    """Takes a merge back: the loser is a person of their own again.

    Refused merge.paid once something went out to either of them after the merge (BR-010),
    merge.state when the winner died since.
    """
    made = rows.merge_by_id(desk.store, merge_id)
    if made is None:
        raise Refused(Problem("state.gone", {"noun": "merge", "id": merge_id}))
    desk.require("person.split", made.office_id)
    if made.state != "merged":
        raise Refused(
            Problem("state.no_move", {"noun": "merge", "state": made.state, "action": "split"})
        )
    loser = people.many(desk.store, [made.loser_id])[made.loser_id]
    desk.require("person.split", loser.office_id)

    def work(unit: Unit) -> None:
        winner, loser = _both(unit, made.winner_id, made.loser_id)
        if winner.state != "live":
            raise Refused(Problem("merge.state", {"state": winner.state}))
        later = rows.paid_since(unit.store, [made.winner_id, made.loser_id], made)
        if later:
            raise Refused([Problem("merge.paid", {"voucher": voucher}) for voucher in later])
        unit.update(
            PERSON, [loser._replace(state="live", merged_into=None)], ("state", "merged_into")
        )
        unit.update(PERSON_MERGE, [made._replace(state="split")], ("state",))
        _ask_again(unit, made)

    return desk.write("person.split", made.office_id, work, object=made.id)[1]


def _ask_again(unit: Unit, made: PersonMerge) -> None:
    """The pairs of the two are open again: that they are one was taken back."""
    both = {made.winner_id, made.loser_id}
    back = [
        pair._replace(state="open", decided_by=None, decided_on=None)
        for pair in rows.of_people(unit.store, [made.loser_id])
        if pair.state == "same" and {pair.left_id, pair.right_id} == both
    ]
    unit.update(DUPLICATE_PAIR, back, ("state", "decided_by", "decided_on"))
