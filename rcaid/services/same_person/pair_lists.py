"""The list of pairs: what waits, what was decided, and merges that can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rcaid.db import duplicates as rows
from rcaid.db import people
from rcaid.db.tables import Person, PersonMerge
from rcaid.domain.duplicates import WEIGHTS
from rcaid.domain.duplicates import score as judge
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.filters import Test, Word, parse
from rcaid.domain.words import CHINESE, codes_of
from rcaid.services.desk import Desk
from rcaid.services.same_person import duplicates
from rcaid.services.same_person.duplicates import Field, PairRow, PairView, Said
from rcaid.services.same_person.watching import masked
from rcaid.services.shown import shown_name

MERGED = "merged"
MOST = 500
_FIELDS = {"name", "street", "district", "step"}


def page(desk: Desk, filter_text: str = "") -> list[PairRow] | Problem:
    """Pairs that fit, or what is wrong with the filter. Without a step: what waits for somebody.

    A word is a part of either name, or a masked name as it stands on the list. Steps are open,
    later, same (said to be one, not merged yet), different, and merged.
    """
    wanted = parse(filter_text, _FIELDS)
    if isinstance(wanted, Problem):
        return wanted
    tests: list[Callable[[PairRow], bool]] = []
    states: Sequence[str] = rows.WAIT
    for item in wanted.items:
        if isinstance(item, Test) and item.field == "step":
            found = _states(item)
            if isinstance(found, Problem):
                return found
            states = found
        else:
            tests.append(_test(item))
    pairs = duplicates.queue(desk, [state for state in states if state != MERGED])
    if MERGED in states:
        pairs += merged(desk)
    return [pair for pair in pairs if all(test(pair) for test in tests)]


def _states(test: Test) -> list[str] | Problem:
    known = CHINESE["pair"]
    codes = [code for value in test.values for code in codes_of("pair", value.text)]
    if not codes:
        params = {"field": test.typed or test.field, "typed": test.values[0].text}
        words = known.keys() if test.typed.isascii() else known.values()
        return Problem("filter.names_one_of", {**params, "known": ", ".join(words)})
    return [code for code in known if (code in codes) is not test.negated]


def _test(item: Word | Test) -> Callable[[PairRow], bool]:
    """Whether a pair fits a word or a place."""
    texts = [item.text] if isinstance(item, Word) else [value.text for value in item.values]
    wanted = [text.casefold() for text in texts]
    by_name = isinstance(item, Word) or item.field == "name"

    def holds(pair: PairRow) -> bool:
        stands = (pair.left, pair.right) if by_name else (pair.office,)
        fits = any(_fits(text, each.casefold()) for text in wanted for each in stands)
        return fits is not item.negated

    return holds


def _fits(wanted: str, stands: str) -> bool:
    if wanted in stands:
        return True
    # A star is one character, in what is asked and in a name that is masked.
    return len(wanted) == len(stands) and all(
        a == b or "*" in (a, b) for a, b in zip(wanted, stands, strict=True)
    )


# --- merges


def merged(desk: Desk) -> list[PairRow]:
    """The standing merges of one's offices, the newest first; the id is that of the merge."""
    found = rows.merges(desk.store, desk.reach("duplicate.list"), MOST)
    who = people.many(desk.store, [id for made in found for id in (made.winner_id, made.loser_id)])
    return [
        PairRow(
            made.id, "people", "split", desk.duty_for("person.split", made.office_id) is not None,
            MERGED, "same", 100, shown_name(desk, who[made.winner_id]),
            shown_name(desk, who[made.loser_id]), desk.offices.path(made.office_id),
            made.office_id, "", 0, "", made.merged_on,
        )
        for made in found
    ]  # fmt: skip


def view(desk: Desk, id: str) -> PairView:
    """A pair side by side, or a merge; Refused state.gone, who.no_duty or duplicate.merged."""
    if rows.merge_by_id(desk.store, id) is not None:
        return merge_view(desk, id)
    return duplicates.pair(desk, id)


def merge_of(desk: Desk, id: str) -> str:
    """The standing merge of this id, or of the pair of this id; Refused state.gone."""
    pair = rows.by_id(desk.store, id)
    if pair is None:
        return _merge(desk, id).id
    both = {pair.left_id, pair.right_id}
    for made in rows.merges_of(desk.store, pair.left_id):
        if {made.winner_id, made.loser_id} == both:
            return made.id
    raise Refused(Problem("state.gone", {"noun": "merge", "id": id}))


def is_merged(desk: Desk, pair_id: str) -> bool:
    """Whether the two of a pair are one person by now."""
    pair = rows.by_id(desk.store, pair_id)
    if pair is None or pair.right_id is None:
        return False
    return any(
        {made.winner_id, made.loser_id} == {pair.left_id, pair.right_id}
        for made in rows.merges_of(desk.store, pair.left_id)
    )


def merge_view(desk: Desk, merge_id: str) -> PairView:
    """A merge side by side, as the two stand on file: who remained on the left.

    Refused state.gone or who.no_duty.
    """
    made = _merge(desk, merge_id)
    who = people.many(desk.store, [made.winner_id, made.loser_id])
    left, right = who[made.winner_id], who[made.loser_id]
    first, second = duplicates.compared(desk, left, right)
    score = judge(first, second)
    parts = tuple(Said(part.name, part.points, WEIGHTS[part.name].said) for part in score.parts)
    sides = (
        masked(desk, first, shown_name(desk, left)),
        masked(desk, second, shown_name(desk, right)),
    )
    return PairView(
        made.id, "people", MERGED, score.band, score.total, parts,
        tuple(_field(name, *(side.get(name, "") for side in sides)) for name in sides[0]),
        left.id, right.id, desk.offices.path(left.office_id),
        desk.offices.path(right.office_id),
        ("", ""), "", 0, "", left.id, made.merged_on, "",
        ("split",) if _may_split(desk, made, right) else (), made.version,
    )  # fmt: skip


def _merge(desk: Desk, merge_id: str) -> PersonMerge:
    made = rows.merge_by_id(desk.store, merge_id)
    if made is None or made.state != MERGED:
        raise Refused(Problem("state.gone", {"noun": "merge", "id": merge_id}))
    desk.require("duplicate.list", made.office_id)
    return made


def _may_split(desk: Desk, made: PersonMerge, loser: Person) -> bool:
    offices = (made.office_id, loser.office_id)
    return all(desk.duty_for("person.split", office) is not None for office in offices)


def _field(name: str, left: str, right: str) -> Field:
    how = "" if not left or not right else "same" if left == right else "differs"
    return Field(name, left, right, how)
