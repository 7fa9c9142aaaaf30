"""Approving applications at a desk: the review with what stays behind, and the act itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rcaid.domain.errors import Problem, Refused
from rcaid.domain.money import yuan
from rcaid.domain.sentences import SENTENCES, sentence
from rcaid.locale import N_, _
from rcaid.screens import desk_text as say
from rcaid.screens.form_words import word
from rcaid.screens.labels import label
from rcaid.screens.session import (
    ATTENTION,
    DONE,
    STOPPED,
    Amount,
    Choice,
    Done,
    Exemption,
    Note,
    Review,
)

if TYPE_CHECKING:
    from rcaid.services.applications.weighing import Weighed
    from rcaid.services.desk import Desk

MANY = 10
"""So many cases from which on the count is typed."""
_INCLUDE = (
    ("reviewed", N_("looked at, and right")),
    ("need", N_("the need is urgent")),
    ("paper", N_("the paper is on its way")),
)


def review(desk: Desk, ids: Sequence[str]) -> Review:
    """What approving these applications would do: what a rule stops and what a check warns of
    stays behind. Writes nothing."""
    from rcaid.screens.desk_acts import counted

    weighed = _weighed(desk, ids)
    clean = [each for each in weighed if not each.problems and not _warnings(each)]
    stopped = [each for each in weighed if each.problems]
    warned = [each for each in weighed if not each.problems and _warnings(each)]
    n, fen = len(clean), _sum(clean)
    left = []
    if stopped:
        text = _("stay behind, a rule stops them")
        left.append(Amount(text, len(stopped), _sum(stopped), STOPPED))
    if warned:
        text = _("stay behind, unless you put them in")
        left.append(Amount(text, len(warned), _sum(warned), ATTENTION))
    return Review(
        "case.approve",
        _("Approve cases"),
        _("{n} marked").format(n=len(ids)) if len(ids) > 1 else weighed[0].found.case.case_no,
        _("approve"),
        Amount(_("will be approved"), n, fen),
        tuple(left),
        tuple(_exceptions(desk, stopped, warned)),
        _("By category"),
        tuple(_groups(clean)),
        tuple(_limits(clean)),
        (_("Nothing is paid before the public notice has ended (BR-050)."),),
        counted=len(weighed) >= MANY or counted(n, fen),
        include_reasons=tuple(Choice(code, _(text)) for code, text in _INCLUDE),
    )


def _weighed(desk: Desk, ids: Sequence[str]) -> list[Weighed]:
    """Each application with what speaks against it; those not at this step are refused."""
    from rcaid.services import application_cards
    from rcaid.services.applications import deciding

    found = application_cards.by_ids(desk, ids, "case.approve")
    wrong = [
        Problem("state.no_move", {
            "noun": each.case.case_no, "state": each.case.state, "action": "approve",
        })
        for each in found
        if each.case.state != "approval"
    ]  # fmt: skip
    if wrong:
        raise Refused(wrong)
    return deciding.look(desk, [each.case.case_no for each in found])


def _warnings(each: Weighed) -> list[Note]:
    return [say.check_note(check) for check in each.judgement.checks if check.sign == ATTENTION]


def _sum(weighed: Iterable[Weighed]) -> int:
    return sum(each.fen for each in weighed)


def _exceptions(
    desk: Desk, stopped: Sequence[Weighed], warned: Sequence[Weighed]
) -> Iterable[Exemption]:
    from rcaid.services import application_cards

    every = [each.found for each in (*stopped, *warned)]
    names = application_cards.names(desk, every)
    for each in stopped:
        first = each.problems[0]
        known = SENTENCES.get(first.code)
        case = each.found.case
        title = f"{case.case_no} {names[case.id]}"
        cite = known.cite if known else ""
        text = sentence(first, _).removesuffix(f" ({cite})")
        yield Exemption(case.id, title, text, cite, STOPPED, each.fen)
    for each in warned:
        note, case = _warnings(each)[0], each.found.case
        title = f"{case.case_no} {names[case.id]}"
        yield Exemption(case.id, title, note.text, note.rule, ATTENTION, each.fen)


def _groups(clean: Sequence[Weighed]) -> Iterable[Amount]:
    by_category: dict[str, list[Weighed]] = {}
    for each in clean:
        by_category.setdefault(each.found.case.category or "", []).append(each)
    for category, those in by_category.items():
        name = each_name(those[0], category)
        yield Amount(name, len(those), _sum(those))


def each_name(weighed: Weighed, category: str) -> str:
    """A category in words."""
    return word(category, weighed.rules.categories.get(category, category))


def _limits(clean: Sequence[Weighed]) -> Iterable[Note]:
    if not clean:
        return
    highest = max(clean, key=lambda each: each.fen)
    text = _("highest {money}, decided by the {level}").format(
        money=yuan(highest.fen), level=label(highest.level)
    )
    yield Note("", text, DONE, "BR-041")
    yield Note("", _("no earlier part"), DONE, "BR-040")


def approve(
    desk: Desk, ids: Sequence[str], seen: Mapping[str, int], choices: Mapping[str, str]
) -> Done:
    """Approves what was reviewed, and no other: what stays behind is judged again.

    Refused act.expected when they are not as many as were typed, state.stale when one has moved.
    """
    from rcaid.services.applications import deciding

    weighed = _weighed(desk, ids)
    moved = [
        Problem("state.stale", {"noun": each.found.case.case_no,
                                "changes": label(each.found.case.state)})
        for each in weighed
        if seen.get(each.found.case.id) not in (None, 0, each.found.case.version)
    ]  # fmt: skip
    if moved:
        raise Refused(moved)
    put_in = dict(
        pair.split("=", 1) for pair in choices.get("include", "").split(",") if "=" in pair
    )
    chosen = [
        each
        for each in weighed
        if not each.problems and (not _warnings(each) or each.found.case.id in put_in)
    ]
    expected = choices.get("expect", "")
    if expected and expected != str(len(chosen)):
        raise Refused(Problem("act.expected", {"expected": expected, "now": len(chosen)}))
    done, entry = deciding.approve(
        desk,
        [each.found.case.case_no for each in chosen],
        reason=".".join(sorted(set(put_in.values())))[:40],
        expect=len(chosen),
    )
    behind = len(weighed) - len(chosen)
    if behind:
        text = _("{n} approved, {money}; {left} stayed behind").format(
            n=done.cases, money=yuan(done.fen), left=behind
        )
    else:
        text = _("{n} approved, {money}").format(n=done.cases, money=yuan(done.fen))
    return Done(text, str(entry))
