"""A desk behind the list of public notices: what they say, what may be done to them, and how."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rcaid.domain.errors import Problem, Unusable
from rcaid.domain.sentences import sentence
from rcaid.domain.workflow import move
from rcaid.locale import N_, _
from rcaid.screens import desk_text as say
from rcaid.screens.cells import count
from rcaid.screens.desk_cards import ways
from rcaid.screens.labels import PUBLIC_TEXT, label
from rcaid.screens.session import (
    ATTENTION,
    STOPPED,
    Card,
    Note,
    Page,
    Preview,
    Row,
    Value,
)

if TYPE_CHECKING:
    from rcaid.db.tables import Objection
    from rcaid.services.desk import Desk
    from rcaid.services.notices.listing import NoticeCard, NoticeRow

WAY = ("draft", "published", "closed")
ACTS = {
    "notice.publish": "notice.publish",
    "notice.close": "notice.close",
    "notice.objection": "objection.take",
    "notice.correct": "notice.correct",
    "notice.cancel": "notice.cancel",
    "notice.read": "objection.read",
    "notice.dismiss": "objection.dismiss",
    "notice.uphold": "objection.uphold",
}
"""For each command the act of the service."""
REASONS = {
    "notice.dismiss": (
        ("checked", N_("checked, and the case is in order")),
        ("not_proven", N_("nothing speaks for it")),
        ("other_person", N_("it is about another person")),
        ("other", N_("another reason")),
    ),
    "notice.uphold": (
        ("not_true", N_("what was said in the application is not true")),
        ("not_in_need", N_("the household is not in need")),
        ("helped_elsewhere", N_("helped for the same elsewhere")),
        ("other", N_("another reason")),
    ),
}
"""Why an objection is dismissed or upheld."""


def page(desk: Desk, filter_text: str) -> Page:
    """The notices that fit, all of them."""
    from rcaid.services.notices import listing

    found = listing.page(desk, filter_text)
    if isinstance(found, Problem):
        raise Unusable(found)
    rows = tuple(_row(desk, each) for each in found)
    return Page(rows, len(rows))


def _row(desk: Desk, each: NoticeRow) -> Row:
    values: dict[str, Value] = {
        "notice": each.number,
        "office": each.place.removeprefix(f"{desk.offices.district_of(desk.home().id).name}·"),
        "state": each.state,
        "starts": each.notice.starts_on or "",
        "ends": each.running_to,
        "n": each.lines,
        "objected": each.objected or None,
    }
    sign = ATTENTION if each.due or each.objected else ""
    sign = STOPPED if each.state == "cancelled" else sign
    return Row(
        each.number, values, each.number, sign, each.fen, each.notice.version, acts(desk, each)
    )


def acts(desk: Desk, each: NoticeRow) -> dict[str, str]:
    """What the state of a notice allows, each with the sentence why this person may not."""
    from rcaid.services.notices.listing import ACTIONS, why_not

    found = {}
    for command, act in ACTS.items():
        action = ACTIONS.get(act)
        if action is None and each.state not in ("published", "corrected", "closed"):
            continue
        if action is not None and move("notice", each.state, action) is None:
            continue
        problem = why_not(desk, act, each)
        found[command] = sentence(problem, _) if problem else ""
    return found


def preview(desk: Desk, number: str) -> Preview:
    """A notice in short; in the pane with the names and help as the public reads them."""
    from rcaid.services import notices
    from rcaid.services.notices import listing

    each = listing.row_of(desk, number)
    public = notices.shown(desk, number)
    inside = filter(None, (_lines(each), _until(each), _counts(each)))
    rows = (line.cells(n) for n, line in enumerate(public.lines, 1))
    lines = tuple(Note("", f"{cells[1]}  {cells[5]}") for cells in rows)
    return Preview(
        number,
        label(each.state),
        (f"{each.programme} {each.cycle}   {_lines(each)}", _until(each), _counts(each)),
        (
            ("", tuple(Note("", text) for text in inside)),
            (_("As the public reads it"), lines),
        ),
    )


def _lines(each: NoticeRow) -> str:
    from rcaid.domain.money import yuan

    text = _("{n} cases").format(n=count(each.lines))
    return f"{text}   {yuan(each.fen)}" if each.fen else text


def _until(each: NoticeRow) -> str:
    if not each.running_to:
        return ""
    text = _("from {first} to {last}").format(first=each.notice.starts_on, last=each.running_to)
    return f"{text}  {_('provisional')}" if each.provisional else text


def _counts(each: NoticeRow) -> str:
    parts = []
    if each.objected:
        parts.append(_("objections open: {n}").format(n=count(each.objected)))
    if each.due:
        parts.append(_("to clear: {n}").format(n=count(each.due)))
    if each.struck:
        parts.append(_("struck: {n}").format(n=count(each.struck)))
    return ", ".join(parts)


def card(desk: Desk, number: str) -> Card:
    """A notice in full: its public text first, then what the public does not see."""
    from rcaid.services import notices
    from rcaid.services.notices import listing

    found = listing.card(desk, number)
    shown = notices.shown(desk, number)
    text = tuple((line,) for line in shown.text.splitlines())
    said = tuple(objection_line(each, line) for each, line in found.objections)
    tables = ((_(PUBLIC_TEXT), text), (_("Objections"), said))
    return Card(
        number,
        f"{number}  {found.row.programme} {found.row.cycle}",
        label(found.row.state),
        facts=tuple(_facts(found)),
        story=say.steps(found.story, desk.day),
        way=ways("notice", found.row.state, WAY),
        tables=tuple((title, rows) for title, rows in tables if rows),
        version=found.row.notice.version,
        acts=acts(desk, found.row),
    )


def objection_line(each: Objection, line: int) -> tuple[str, ...]:
    """Number of the line, day, how it stands and why."""
    number = _("line {n}").format(n=line) if line else ""
    reason = dict(REASONS["notice.dismiss"] + REASONS["notice.uphold"]).get(each.reason or "")
    return (number, each.received_on, _decided(each), _(reason) if reason else each.reason or "")


def _decided(each: Objection) -> str:
    return _("undecided") if each.state == "open" else label(each.state)


def _facts(found: NoticeCard) -> Iterable[Note]:
    each = found.row
    yield Note(_("office"), each.place)
    yield Note(_("cases"), _lines(each))
    if each.running_to:
        sign = ATTENTION if each.provisional else ""
        yield Note(_("public"), _until(each), sign)
    yield Note(_("phone"), each.notice.phone)
    if each.objected or each.due or each.struck:
        yield Note(_("now"), _counts(each), ATTENTION if each.objected else "")
    if each.notice.corrects:
        yield Note(_("corrects"), each.notice.corrects)
    if found.corrected_by:
        yield Note(_("corrected by"), found.corrected_by)
    if each.notice.sha256:
        yield Note("SHA-256", each.notice.sha256)


def objections(desk: Desk, number: str) -> Card:
    """What was said against a notice, line by line; reading it is recorded."""
    from rcaid.services.notices import objecting

    rows = tuple(
        (
            _("line {n}").format(n=each.line),
            _decided(each.objection),
            each.who or _("unnamed"),
            each.text,
        )
        for each in objecting.read(desk, number)
    )
    return Card(number, number, "", (), tables=((_("Objections"), rows),))
