"""A desk behind the list of duplicates: pairs that may be one person, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rcaid.domain.errors import Problem, Unusable
from rcaid.locale import N_, _
from rcaid.screens.cells import count
from rcaid.screens.desk_plans import field_name
from rcaid.screens.labels import label
from rcaid.screens.session import (
    ATTENTION,
    DONE,
    STOPPED,
    Card,
    Done,
    Note,
    Page,
    Preview,
    Row,
    Side,
    Step,
    Value,
)

if TYPE_CHECKING:
    from rcaid.services.desk import Desk
    from rcaid.services.same_person.duplicates import Field, PairRow, PairView

ANSWERS = {"dup.same": "same", "dup.different": "different", "dup.later": "later"}
ACTS = (*ANSWERS, "dup.split")
_BANDS = {
    "same": N_("the same number"),
    "near_certain": N_("near certain"),
    "possible": N_("possible"),
    "no": N_("unlikely"),
}
_STATES = {
    "open": N_("to decide"),
    "later": N_("put off"),
    "same": N_("to merge"),
    "different": N_("different"),
    "merged": N_("merged"),
}
_SAID = {
    "same": N_("{left} and {right}: the same person"),
    "different": N_("{left} and {right}: different people"),
    "later": N_("{left} and {right}: put off"),
}


# --- the list


def page(desk: Desk, filter_text: str) -> Page:
    """The pairs that fit, all of them."""
    from rcaid.services.same_person import pair_lists

    found = pair_lists.page(desk, filter_text)
    if isinstance(found, Problem):
        raise Unusable(found)
    return Page(tuple(_row(each) for each in found), len(found))


def _row(each: PairRow) -> Row:
    values: dict[str, Value] = {
        "left": each.left,
        "right": each.right,
        "score": None if each.state == "merged" else each.score,
        "office": each.office.rpartition("·")[2],
        "state": _(_STATES[each.state]),
        "since": each.since,
    }
    sign = ATTENTION if each.state in ("open", "same") and each.mine else ""
    acts = {"dup.split": "" if each.mine else _needs_reviewer()} if each.act == "split" else {}
    return Row(each.id, values, _both(each.left, each.right), sign, acts=acts)


def _needs_reviewer() -> str:
    return _("needs the duty {duties}").format(duties=label("reviewer"))


def _both(left: str, right: str) -> str:
    return f"{left} / {right}"


def preview(desk: Desk, id: str) -> Preview:
    """A pair in short."""
    found = _view(desk, id)
    left, right = _names(found)
    heads = _heads(found)
    differ = [field for field in found.fields if field.how in ("differs", "near")]
    apart = ", ".join(field_name(field.name) for field in differ) or _("nothing that is known")
    said = ", ".join(_(part.said) for part in found.parts)
    sides = (_side(field) for field in found.fields if field.left or field.right)
    notes = tuple(Note(side.label, _once(side), side.sign) for side in sides)
    return Preview(
        _both(left, right),
        _standing(found),
        (f"{heads[0]}   {heads[1]}", f"{_('differs')}  {apart}", said),
        (("", notes), (_("What the score rests on"), _parts(found))),
    )


def _once(side: Side) -> str:
    """What both have once, else the two."""
    return side.left if side.left == side.right else f"{side.left} / {side.right}"


# --- one pair


def _view(desk: Desk, id: str) -> PairView:
    from rcaid.services.same_person import pair_lists

    return pair_lists.view(desk, id)


def card(desk: Desk, id: str) -> Card:
    """A pair side by side."""
    found = _view(desk, id)
    left, right = _names(found)
    heads = _heads(found)
    file = (Side(_("file"), "", found.file),) if found.file else ()
    known = (field for field in found.fields if field.left or field.right)
    sides = (Side("", *heads), *map(_side, known), *file)
    return Card(
        found.id,
        _both(left, right),
        _standing(found),
        facts=(),
        checks=_parts(found),
        story=tuple(_story(found)),
        advice=_advice(found),
        version=found.version,
        acts=_acts(found),
        sides=sides,
    )


def _names(found: PairView) -> tuple[str, str]:
    name = next(field for field in found.fields if field.name == "name")
    return name.left, name.right


def _heads(found: PairView) -> tuple[str, str]:
    """What each side is: somebody on file, with their case, or a row of a file."""
    sides = []
    for n, office in enumerate((found.left_office, found.right_office)):
        text = _("on record, {office}").format(office=office)
        if found.cases[n]:
            text = _("on record, {case}").format(case=found.cases[n])
        sides.append(text)
    if found.what == "row":
        sides[1] = _("row {n} of the file").format(n=count(found.row))
    return sides[0], sides[1]


def _standing(found: PairView) -> str:
    text = _("{band}, score {n}").format(band=_(_BANDS[found.band]), n=found.score)
    return text if found.state == "open" else f"{text}   {_(_STATES[found.state])}"


def _side(field: Field) -> Side:
    words = {"differs": _("differs"), "near": _("nearly")}
    left, right = field.left, field.right
    if field.name == "sex":
        left, right = label(left), label(right)
    return Side(field_name(field.name), left, right, words.get(field.how, ""), _sign(field))


def _sign(field: Field) -> str:
    return {"same": DONE, "near": ATTENTION, "differs": STOPPED}.get(field.how, "")


def _parts(found: PairView) -> tuple[Note, ...]:
    """What the score rests on: what speaks for one person, and what against it."""
    return tuple(
        Note("", _(part.said), DONE if part.points > 0 else ATTENTION, f"{part.points:+}")
        for part in found.parts
    )


def _story(found: PairView) -> Iterable[Step]:
    if found.decided_on:
        yield Step(found.decided_on, _(_STATES[found.state]), "", found.note)


def _advice(found: PairView) -> str:
    """What the answer "same" does."""
    if found.state == "merged":
        return _("One person since {day}; u splits them again").format(day=found.decided_on)
    if found.what == "row":
        return _("The row waits; if it is the same, feed it in again and it goes to this person")
    if found.state == "same":
        return _("A colleague said they are one; s merges them, which a reviewer may do")
    return _("Both are on record; if they are the same, a reviewer merges them")


def _acts(found: PairView) -> dict[str, str]:
    if found.state == "merged":
        return {"dup.split": "" if "split" in found.may else _needs_reviewer()}
    needed = _("needs the duty {duties}").format(duties=label("caseworker"))
    return {act: "" if answer in found.may else needed for act, answer in ANSWERS.items()}


# --- acts


def do(desk: Desk, act: str, ids: Sequence[str]) -> Done:
    """Decides a pair, or takes a merge back: of the pair that was merged, or the merge itself."""
    from rcaid.services.same_person import duplicates, merging, pair_lists

    (id,) = ids
    if act == "dup.split":
        entry = merging.split(desk, pair_lists.merge_of(desk, id))
        return Done(_("the merge is taken back; they are two people again"), str(entry))
    left, right = _names(_view(desk, id))
    answer = ANSWERS[act]
    entry = duplicates.decide(desk, id, answer)
    said = _(_SAID[answer]).format(left=left, right=right)
    if answer == "same" and pair_lists.is_merged(desk, id):
        said = _("{left} and {right} are merged; u takes it back").format(left=left, right=right)
        return Done(said, str(entry), "dup.split")
    return Done(said, str(entry))
