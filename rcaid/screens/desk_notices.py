"""A desk behind the list of public notices: what they say, what may be done to them, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from rcaid.domain.errors import Problem, Refused, Unusable
from rcaid.domain.sentences import sentence
from rcaid.domain.workflow import move
from rcaid.locale import N_, _
from rcaid.screens import desk_text as say
from rcaid.screens.cells import count
from rcaid.screens.desk_cards import ways
from rcaid.screens.labels import label
from rcaid.screens.session import (
    ATTENTION,
    DONE,
    STOPPED,
    Amount,
    Card,
    Choice,
    Done,
    Exemption,
    Note,
    Page,
    Preview,
    Review,
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
WHY = {
    "upheld": ("经异议核查，有不符合条件的情形", N_("an objection was upheld")),
    "amount": ("救助金额或物资有误", N_("an amount was wrong")),
    "facts": ("公示信息有误", N_("something else was wrong")),
    "consent": ("依本人要求隐去姓名", N_("somebody asked not to be named")),
}
"""Why a notice is corrected: what the public reads, and what the screen says."""
_SAID = {
    "notice.publish": N_("{n} is public until {day}: {lines} lines"),
    "notice.close": N_("{n}: {cleared} cleared, {left} left"),
    "notice.cancel": N_("{n} cancelled"),
    "notice.correct": N_("{n} is public and corrects {old}"),
    "notice.objection": N_("objection to line {line} of {n} taken down; the case stops"),
    "notice.dismiss": N_("objection dismissed; its days begin anew"),
    "notice.uphold": N_("objection upheld: {case} is rejected and its line struck"),
}
PUBLIC_TEXT = N_("Public text")


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
    lines = (line.cells(n) for n, line in enumerate(public.lines, 1))
    return Preview(
        number,
        label(each.state),
        (f"{each.programme} {each.cycle}   {_lines(each)}", _until(each), _counts(each)),
        (
            ("", tuple(Note("", text) for text in inside)),
            (_("As the public reads it"), tuple(Note(cells[1], cells[5]) for cells in lines)),
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
    said = tuple(_objection(each, line) for each, line in found.objections)
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


def _objection(each: Objection, line: int) -> tuple[str, ...]:
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


# --- acts


def reasons(desk: Desk, command: str, number: str) -> tuple[Choice, ...]:
    """What may be chosen for an act: cycles for a new notice (with a text where a telephone is to
    be given), objections that are open, why one is decided so."""
    from rcaid.services import notices
    from rcaid.services.notices import listing

    if command == "notice.new":
        asks = not notices.usual_phone(desk)
        return tuple(
            Choice(each.cycle, f"{each.programme} {each.cycle}  {count(each.n)}", asks)
            for each in notices.waiting(desk)
        )
    if command == "notice.open":
        return tuple(
            Choice(each.id, "  ".join(_objection(each, line)[:2]))
            for each, line in listing.card(desk, number).objections
            if each.state == "open"
            and each.taken_by != desk.actor.staff_id
            and desk.duty_for("objection.dismiss", each.office_id) is not None
        )
    return why_decided(command)


def why_decided(act: str) -> tuple[Choice, ...]:
    """Why an objection may be decided so, by the command or by the act of the record."""
    command = f"notice.{act.partition('.')[2]}"
    return tuple(Choice(c, _(text), c == "other") for c, text in REASONS.get(command, ()))


def review(desk: Desk, command: str, number: str) -> Review:
    """What publishing or correcting a notice would show to everybody; writes nothing."""
    from rcaid.services.notices import listing

    row = listing.row_of(desk, number)
    refusal = listing.why_not(desk, command, row)
    if command == "notice.correct":
        return _review_correction(desk, row, refusal)
    n, fen = (0, 0) if refusal else (row.lines, row.fen)
    stays = len(_drafted(desk, row)) - row.lines
    left = (Amount(_("no longer approved, left out"), stays, 0, ATTENTION),) if stays else ()
    return Review(
        command,
        f"{_('Publish a notice')}, {row.programme} {row.cycle}, {row.place}",
        number,
        _("publish"),
        Amount(_("will be public"), n, fen),
        left,
        _stopped(number, refusal),
        _("How they read"),
        tuple(_how(desk, number)),
        tuple(_limits(desk, row)),
        (_("What is public is not taken back: another notice corrects it."),),
    )


def _drafted(desk: Desk, row: NoticeRow) -> list[object]:
    from rcaid.db import notices as rows

    return list(rows.lines(desk.store, row.notice.id))


def _stopped(number: str, refusal: Problem | None) -> tuple[Exemption, ...]:
    return (Exemption(number, number, sentence(refusal, _), "", STOPPED),) if refusal else ()


def _how(desk: Desk, number: str) -> Iterable[Amount]:
    from rcaid.services import notices

    lines = notices.shown(desk, number).lines
    masked = sum("*" in line.name for line in lines)
    yield Amount(_("masked name"), masked)
    if len(lines) - masked:
        yield Amount(_("code alone"), len(lines) - masked)
    serial = sum(bool(line.serial) for line in lines)
    if serial:
        yield Amount(_("told apart by a serial"), serial)


def _limits(desk: Desk, row: NoticeRow) -> Iterable[Note]:
    from rcaid.domain.deadlines import provisional
    from rcaid.services.notices.core import last_day

    ends = last_day(desk.day, row.notice.days, row.notice.unit)
    days = _("{n} working days") if row.notice.unit == "workdays" else _("{n} days")
    yield Note("", days.format(n=row.notice.days), DONE, "BR-050")
    sign, more = (ATTENTION, _("provisional")) if provisional(ends) else (DONE, "")
    yield Note("", f"{_('to {day}').format(day=ends)} {more}".rstrip(), sign)
    yield Note("", row.notice.phone, DONE)


def _review_correction(desk: Desk, row: NoticeRow, refusal: Problem | None) -> Review:
    from rcaid.services.notices.correcting import holds

    found = holds(desk.store, row.notice)
    n = 0 if refusal else len(found.kept)
    fen = 0 if refusal else sum(each.case.fen or 0 for each in found.applied)
    struck = (Amount(_("struck or decided otherwise"), len(found.struck), 0, STOPPED),)
    return Review(
        "notice.correct",
        f"{_('Publish a correction')}, {row.programme} {row.cycle}, {row.place}",
        row.number,
        _("publish"),
        Amount(_("will be public"), n, fen),
        struck if found.struck else (),
        _stopped(row.number, refusal),
        notes=(_("{n} stays as it was, and says that it was corrected.").format(n=row.number),),
        name="why",
        options_title=_("why"),
        options=tuple(
            Choice(code, _(text), chosen=code == ("upheld" if found.struck else "facts"))
            for code, (_public, text) in WHY.items()
        ),
    )


def do(desk: Desk, command: str, number: str, seen: int, choices: Mapping[str, str]) -> Done:
    """Does an act to a notice; Refused state.stale when it is not what was looked at (BR-047)."""
    from rcaid.services import notices
    from rcaid.services.notices import listing

    if command == "notice.new":
        phone = choices.get("note", "") or notices.usual_phone(desk)
        made, entry = notices.draft(desk, number, phone=phone)
        return Done(_("{n} drafted").format(n=made.number), str(entry))
    row = listing.row_of(desk, number)
    if seen not in (0, row.notice.version):
        raise Refused(Problem("state.stale", {"noun": number, "changes": label(row.state)}))
    problem = listing.why_not(desk, ACTS[command], row)
    if problem is not None:
        raise Refused(problem)
    one: dict[str, Callable[[], tuple[dict[str, object], object]]] = {
        "notice.publish": lambda: _publish(desk, number, choices),
        "notice.close": lambda: _close(desk, number),
        "notice.cancel": lambda: ({}, notices.cancel(desk, number)),
        "notice.correct": lambda: _correct(desk, number, choices),
        "notice.objection": lambda: _take(desk, number, choices),
        "notice.dismiss": lambda: _decide(desk, command, choices),
        "notice.uphold": lambda: _decide(desk, command, choices),
    }
    said, entry_of = one[command]()
    return Done(_(_SAID[command]).format_map({"n": number} | said), str(entry_of))


def _expected(choices: Mapping[str, str]) -> int | None:
    text = choices.get("expect", "")
    return int(text) if text.isdigit() else None


def _publish(
    desk: Desk, number: str, choices: Mapping[str, str]
) -> tuple[dict[str, object], object]:
    from rcaid.services import notices

    expect = _expected(choices)
    up, entry = notices.publish(desk, number, expect=expect)
    return {"day": up.ends_on, "lines": len(notices.shown(desk, number).lines)}, entry


def _close(desk: Desk, number: str) -> tuple[dict[str, object], object]:
    from rcaid.services import notices

    done, entry = notices.close(desk, number)
    return {"cleared": count(done.cleared), "left": count(done.left)}, entry


def _correct(
    desk: Desk, number: str, choices: Mapping[str, str]
) -> tuple[dict[str, object], object]:
    from rcaid.services import notices

    chosen = [code for code in choices.get("why", "").split(",") if code in WHY] or ["facts"]
    why = "；".join(WHY[code][0] for code in chosen)
    made, entry = notices.correct(desk, number, why, expect=_expected(choices))
    return {"n": made.number, "old": number}, entry


def _take(desk: Desk, number: str, choices: Mapping[str, str]) -> tuple[dict[str, object], object]:
    from rcaid.services import notices

    line = int(choices.get("line", "0") or 0)
    who = choices.get("who", "")
    _made, entry = notices.object(desk, number, line, choices.get("note", ""), who)
    return {"line": line}, entry


def _decide(
    desk: Desk, command: str, choices: Mapping[str, str]
) -> tuple[dict[str, object], object]:
    from rcaid.db import cases
    from rcaid.db import notices as rows
    from rcaid.services import notices

    id = choices.get("objection", "")
    act = notices.dismiss if command == "notice.dismiss" else notices.uphold
    entry = act(desk, id, choices.get("reason", "") or "other", choices.get("note", ""))
    found = rows.objection(desk.store, id)
    case = cases.by_id(desk.store, found.case_id) if found else None
    return {"case": case.case_no if case else ""}, entry
