"""Doing things to single applications at a desk: their reasons, the steps, the papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from rcaid.domain.checks import ATTENTION
from rcaid.domain.errors import Problem, Refused
from rcaid.locale import N_, _
from rcaid.screens.form_words import PAPER_STATES, paper_word
from rcaid.screens.labels import label
from rcaid.screens.session import Done
from rcaid.screens.who import Choice

if TYPE_CHECKING:
    from rcaid.db.applications import Applied
    from rcaid.services.desk import Desk

_SAID = {
    "case.submit": N_("{case} submitted"),
    "case.verify": N_("{case} passed"),
    "case.answer": N_("{case} answered"),
    "case.propose": N_("{case} proposed"),
    "case.return": N_("{case} returned"),
    "case.reject": N_("{case} rejected"),
    "case.withdraw": N_("{case} withdrawn"),
    "case.suspend": N_("{case} suspended"),
    "case.resume": N_("{case} goes on"),
    "case.appeal": N_("{case} is looked at again"),
}
_BACK = (
    ("unclear", N_("what was found is not clear")),
    ("papers", N_("papers are missing")),
    ("amount", N_("the amount does not fit")),
    ("account", N_("the account is in doubt")),
    ("other", N_("another reason")),
)
_WITHDRAW = (
    ("family", N_("the family asks for it")),
    ("moved", N_("moved away")),
    ("other_help", N_("helped from elsewhere")),
    ("other", N_("another reason")),
)
_SUSPEND = (
    ("untrue", N_("what was stated is in doubt")),
    ("unreachable", N_("cannot be reached")),
    ("account", N_("the account is in doubt")),
    ("objection", N_("somebody objects")),
    ("other", N_("another reason")),
)


def reasons_to_return(desk: Desk, id: str) -> tuple[Choice, ...]:
    """Why the district sends a case back to who verified it; none where papers are asked for."""
    from rcaid.services import application_cards

    found = application_cards.find(desk, id, "case.return")
    if found.case.state != "district_review":
        return ()
    return tuple(Choice(code, _(text)) for code, text in _BACK)


def reasons(act: str) -> tuple[Choice, ...]:
    """What may be given as a reason for an act."""
    from rcaid.domain.case_reasons import REJECTIONS

    if act == "case.reject":
        return tuple(Choice(code, _(text)) for code, text in REJECTIONS.items())
    listed = {"case.withdraw": _WITHDRAW, "case.suspend": _SUSPEND, "case.return": _BACK}.get(
        act, ()
    )
    return tuple(Choice(code, _(text)) for code, text in listed)


def do(
    desk: Desk, act: str, ids: Sequence[str], seen: Mapping[str, int], choices: Mapping[str, str]
) -> Done:
    """Does an act to an application, or to several if it is approving."""
    if act == "case.approve":
        from rcaid.screens import desk_approving

        return desk_approving.approve(desk, ids, seen, choices)
    if act == "person.papers":
        return _mark_papers(desk, ids[0], choices)
    found = _seen(desk, ids[0], seen, "case.card")
    number = found.case.case_no
    if act in ("case.verify", "case.propose") and not choices.get("note"):
        _wants_opinion(desk, found)
    entry = _ACTS[act](desk, number, choices)
    text = _(_SAID[act]).format(case=number)
    if choices.get("papers"):
        named = ", ".join(map(paper_word, _codes(choices, "papers")))
        text = f"{text}: {named}"
    return Done(text, str(entry))


def _codes(choices: Mapping[str, str], name: str) -> list[str]:
    return [code for code in choices.get(name, "").split(",") if code]


def _seen(desk: Desk, id: str, seen: Mapping[str, int], act: str) -> Applied:
    """An application, if it is what the person looked at; Refused state.stale (BR-047)."""
    from rcaid.services import application_cards

    found = application_cards.find(desk, id, act)
    case = found.case
    if seen.get(case.id) not in (None, 0, case.version):
        raise Refused(Problem("state.stale", {"noun": case.case_no, "changes": label(case.state)}))
    return found


def _wants_opinion(desk: Desk, found: Applied) -> None:
    from rcaid.services.applications import judging

    checks = judging.all_checks(desk, found, desk.day)
    if any(check.sign == ATTENTION for check in checks):
        raise Refused(Problem("application.opinion", {"case": found.case.case_no}))


def _mark_papers(desk: Desk, id: str, choices: Mapping[str, str]) -> Done:
    from rcaid.services import application_cards
    from rcaid.services.applications import papers as service

    number = application_cards.find(desk, id).case.case_no
    entry: object = ""
    named = []
    for state in ("seen", "missing"):
        for code in _codes(choices, state):
            entry = service.mark(desk, number, code, state)
            named.append(f"{paper_word(code)} {_(PAPER_STATES[state])}")
    return Done(f"{number}: {', '.join(named)}", str(entry))


def _service(name: str) -> Callable[..., object]:
    from importlib import import_module

    module, _dot, function = name.partition(".")
    found: Callable[..., object] = getattr(
        import_module(f"rcaid.services.applications.{module}"), function
    )
    return found


def _reject(desk: Desk, no: str, said: Mapping[str, str]) -> object:
    """Rejects; what is only submitted is accepted first, by the same verifier."""
    from rcaid.services import application_cards
    from rcaid.services.applications import deciding, intake

    if application_cards.find(desk, no, "case.reject").case.state == "submitted":
        intake.accept(desk, no)
    reason = said.get("reason", "").partition(",")[0]
    return deciding.reject(desk, no, reason, opinion=said.get("note", ""))


_ACTS: dict[str, Callable[[Desk, str, Mapping[str, str]], object]] = {
    "case.submit": lambda desk, no, _said: _service("intake.submit")(desk, no),
    "case.verify": lambda desk, no, said: _service("intake.verify")(
        desk, no, opinion=said.get("note", "")
    ),
    "case.answer": lambda desk, no, said: _service("intake.answer")(
        desk, no, _codes(said, "papers")
    ),
    "case.return": lambda desk, no, said: _service("intake.send_back")(
        desk, no, _codes(said, "papers"), reason=said.get("reason", ""),
        opinion=said.get("note", ""),
    ),
    "case.withdraw": lambda desk, no, said: _service("intake.withdraw")(
        desk, no, said.get("reason", "").partition(",")[0]
    ),
    "case.propose": lambda desk, no, said: _service("deciding.propose")(
        desk, no, int(said.get("fen", "0")), opinion=said.get("note", "")
    ),
    "case.reject": lambda desk, no, said: _reject(desk, no, said),
    "case.appeal": lambda desk, no, said: _service("deciding.appeal")(
        desk, no, opinion=said.get("note", "")
    ),
    "case.suspend": lambda desk, no, said: _service("after.suspend")(
        desk, no, said.get("reason", "").partition(",")[0]
    ),
    "case.resume": lambda desk, no, _said: _service("after.resume")(desk, no),
}  # fmt: skip
