"""Single applications at a desk: their rows, cards, what may be done to them, and doing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rcaid.domain.deadlines import workdays_between
from rcaid.domain.errors import Refused
from rcaid.domain.money import yuan
from rcaid.domain.sentences import sentence
from rcaid.locale import _
from rcaid.screens import desk_text as say
from rcaid.screens.applying import Paper
from rcaid.screens.desk_cards import ways
from rcaid.screens.desk_case_acts import reasons
from rcaid.screens.form_words import PAPER_STATES, paper_word, word
from rcaid.screens.labels import label
from rcaid.screens.session import (
    ATTENTION,
    DONE,
    STOPPED,
    Card,
    Note,
    Preview,
    Row,
    Step,
)

if TYPE_CHECKING:
    from rcaid.db.applications import Applied
    from rcaid.services.application_cards import ApplicationCard, Told
    from rcaid.services.desk import Desk
    from rcaid.services.lists import CaseRow

_SHORT = 8
_WAY = (
    "submitted", "verifying", "district_review", "approval", "approved", "on_notice", "cleared",
    "entitled", "paid", "closed",
)  # fmt: skip


# --- rows


def row_acts(desk: Desk, found: Applied, parts: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What its state allows, each with the sentence why this person may not, or ""."""
    from rcaid.services import application_cards

    known = application_cards.acts(desk, found.case, parts)
    return {act: sentence(problem, _) if problem else "" for act, problem in known.items()}


def list_acts(desk: Desk, rows: Sequence[CaseRow]) -> dict[str, dict[str, str]]:
    """The same for rows of a list, by id."""
    from rcaid.services import application_cards

    found = application_cards.acts_of(desk, [(row.id, row.office_id, row.state) for row in rows])
    return {
        id: {act: sentence(problem, _) if problem else "" for act, problem in acts.items()}
        for id, acts in found.items()
    }


def due_of(desk: Desk, line: str, due: str) -> str:
    """When the work of a line of Today is due; of what is late, by how many days."""
    if line != "case.late" or not due:
        return due
    return due_words(due, workdays_between(due, desk.day), False, desk.day)


def due_words(due_on: str, late: int, paused: bool, today: str) -> str:
    """When something is due, in a few cells."""
    if paused:
        return _("paused")
    if late:
        return _("{n} d late").format(n=late)
    if due_on == today:
        return _("today")
    return due_on[5:] if due_on[:4] == today[:4] else due_on


def queue(desk: Desk) -> tuple[Row, ...]:
    """The cases that may be verified, what is due first."""
    from rcaid.services import application_cards

    return tuple(
        Row(found.case.id, {"case": found.case.case_no, "name": name}, found.case.case_no,
            version=found.case.version)
        for found, name in application_cards.to_verify(desk)
    )  # fmt: skip


def papers(desk: Desk, id: str) -> tuple[Paper, ...]:
    """The checklist of a case under the numbers of its papers; none for a line of a roster."""
    from rcaid.services import application_cards

    try:
        found = application_cards.find(desk, id)
    except Refused as refused:
        if refused.problems[0].code == "state.gone":
            return ()
        raise
    return _papers(application_cards.read_card(desk, found))


def _papers(card: ApplicationCard) -> tuple[Paper, ...]:
    states = {each.code: each.state for each in card.papers}
    more = [code for code in states if code not in card.numbers]
    return tuple(
        Paper(n, code, paper_word(code), states.get(code, "missing"))
        for n, code in enumerate((*card.numbers, *more), 1)
    )


def award(desk: Desk, id: str) -> int:
    """The amount to propose: what was asked, or what the rules give; fen."""
    from rcaid.services import application_cards
    from rcaid.services.applications import judging

    found = application_cards.find(desk, id, "case.propose")
    return judging.judged(desk, found, desk.day).award.fen or found.case.fen or 0


# --- cards


def card(desk: Desk, id: str) -> Card:
    """An application in full; recorded."""
    from rcaid.services import application_cards

    found = application_cards.card(desk, id)
    case = found.found.case
    return Card(
        case.id,
        f"{case.case_no}  {found.name}  {say.who(found.sex, found.age)}",
        _state(found, desk.day),
        facts=tuple(fact for fact in _facts(found) if fact.text),
        checks=tuple(map(say.check_note, found.checks)),
        story=tuple(_step(each, desk.day) for each in found.story),
        way=_way(case.state),
        tables=tuple(_tables(found)),
        masked=say.masked(found.masked),
        advice=_advice(found),
        version=case.version,
        acts=row_acts(desk, found.found, found.parts),
    )


def _way(state: str) -> tuple[tuple[str, str], ...]:
    """The way of a case, in as many steps as a line has room for: the ones around it."""
    whole = ways("case", state, _WAY)
    at = next((n for n, (_label, where) in enumerate(whole) if where == "here"), 0)
    first = max(min(at - 2, len(whole) - 6), 0)
    return whole[first : first + 6]


def _state(found: ApplicationCard, today: str) -> str:
    case, said = found.found
    due = due_words(said.due_on or "", found.late, bool(said.paused_on), today)
    state = label(case.state)
    if not said.due_on and not said.paused_on:
        return state
    if said.paused_on:
        return f"{state}, {_('the clock stands')}"
    return _("{state}, due {day}").format(state=state, day=due)


def _facts(found: ApplicationCard) -> Iterable[Note]:
    case, said = found.found
    need = word(case.category or "", case.category or "") if case.category else ""
    disease = word(said.disease, said.disease) if said.disease and found.full else ""
    hardship = label(case.hardship) if case.hardship and found.full else ""
    until = _("until {day}").format(day=case.hardship_until) if case.hardship_until else ""
    yield Note(_("identity"), found.identity, reveals="number")
    yield Note(_("phone"), found.phone, reveals="phone")
    yield Note(_("lives in"), found.place)
    yield Note(_("household"), str(found.household))
    yield Note(_("guardian"), ", ".join(found.guardians))
    rules = _("rules v{n}").format(n=found.version)
    yield Note(_("programme"), f"{found.programme} {found.cycle}, {rules}")
    yield Note(_("received on"), said.received_on)
    if found.full:
        yield Note(_("need"), ", ".join(filter(None, (need, disease, label(said.stage or "")))))
        yield Note(_("hardship"), f"{hardship} {until}".strip())
        yield Note(_("hospital"), found.said.get("hospital", ""))
        yield Note(_("diagnosis"), found.said.get("diagnosis", ""))
    yield Note(_("disaster"), found.disaster)
    yield Note(_("income, head"), yuan(said.income_fen) if said.income_fen is not None else "")
    yield Note(_("paid oneself"), yuan(said.out_of_pocket_fen) if said.out_of_pocket_fen else "")
    yield Note(_("asked for"), yuan(said.asked_fen) if said.asked_fen else "")
    yield Note(_("proposed"), yuan(said.proposed_fen) if said.proposed_fen else "")
    yield Note(_("is to get"), say.help_text(case.fen, case.qty, found.item))
    yield Note(_("account"), found.account, reveals="account")
    yield Note(_("paid to"), f"{found.payee} {found.bank}".strip())
    yield Note(_("helped"), say.given_text(found.given))


_PAPER_SIGNS = {"missing": STOPPED, "seen": DONE, "copied": DONE, "waived": ATTENTION}


def _tables(found: ApplicationCard) -> Iterable[tuple[str, tuple[tuple[str, ...], ...]]]:
    from rcaid.screens import signs

    held = {each.code: each for each in found.papers}
    rows = []
    for paper in _papers(found):
        each = held.get(paper.code)
        until = _("until {day}").format(day=each.expires_on) if each and each.expires_on else ""
        sign = signs.current().of(_PAPER_SIGNS[paper.state])
        who = f"{each.seen_on[5:]} {each.seen_by}" if each and each.seen_on else ""
        rows.append(
            (f"{sign} {paper.number}", paper.label, _(PAPER_STATES[paper.state]), who, until)
        )
    if rows:
        yield _("Papers"), tuple(rows)
    lines = tuple(
        (
            line.voucher or "", _("round {n}").format(n=line.round),
            say.help_text(line.fen, line.qty, found.item), label(line.line_state or line.state),
            line.done_on or "",
        )
        for line in found.help
    )  # fmt: skip
    if lines:
        yield _("Payments"), lines


def _step(told: Told, today: str) -> Step:
    each = told.happened
    named = ", ".join(map(paper_word, told.papers))
    reason = _reason_words(each.act, each.reason)
    text = "  ".join(filter(None, (reason, named, told.opinion, each.number)))
    return Step(say.when(each.at, today), say.did(each.act), each.name, text)


def _reason_words(act: str, reason: str) -> str:
    words = {choice.code: choice.label for choice in reasons(act)}
    return words.get(reason, reason)


def _advice(found: ApplicationCard) -> str:
    if found.found.case.state not in ("submitted", "verifying", "district_review"):
        return ""
    if any(check.sign == ATTENTION for check in found.checks):
        return _("y asks for one line of opinion: a check needs attention")
    return ""


def preview(desk: Desk, id: str) -> Preview:
    """An application in short."""
    from rcaid.services import application_cards

    found = application_cards.read_card(desk, application_cards.find(desk, id, "case.list"))
    case = found.found.case
    facts = tuple(fact for fact in _facts(found) if fact.text)
    short = {fact.label: fact.text for fact in facts}
    need = "  ".join(filter(None, (short.get(_("need"), ""), short.get(_("hardship"), ""))))
    wants = [
        say.check_note(each).text for each in found.checks if each.sign in (ATTENTION, STOPPED)
    ]
    missing = [paper for paper in _papers(found) if paper.state == "missing"]
    lacking = _("papers missing: {papers}").format(papers=", ".join(p.label for p in missing))
    return Preview(
        f"{case.case_no} {found.name}",
        _state(found, desk.day),
        (
            f"{found.identity}    {need}".rstrip(),
            f"{_('checks')}  {say.tally(found.checks)}    {wants[0] if wants else ''}".rstrip(),
            lacking if missing else _("papers all there"),
        ),
        (
            ("", facts),
            (_("Checks"), tuple(map(say.check_note, found.checks))),
            (
                _("Story"),
                tuple(
                    Note(step.when, step.what, rule=step.who)
                    for step in (_step(each, desk.day) for each in found.story[:_SHORT])
                ),
            ),
        ),
    )
