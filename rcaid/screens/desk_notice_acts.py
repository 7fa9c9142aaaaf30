"""What a desk does to public notices: what may be chosen, the review, and doing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from rcaid.domain.errors import Problem, Refused
from rcaid.domain.sentences import sentence
from rcaid.locale import N_, _
from rcaid.screens.cells import count
from rcaid.screens.desk_notices import ACTS, REASONS, objection_line
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
    from rcaid.services.desk import Desk
    from rcaid.services.notices.listing import NoticeRow

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
            Choice(each.id, "  ".join(objection_line(each, line)[:2]))
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
    if command == "notice.file":
        return _file(desk, number, choices.get("form", "html"))
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


def _file(desk: Desk, number: str, form: str) -> Done:
    """The public text as a file in the outbox; nobody is named in it, so it is no event."""
    from rcaid.services import notices, outbox
    from rcaid.services.notices import core

    shown = notices.shown(desk, number)
    office = desk.offices.by_id[core.find(desk, number).office_id]
    ending = {"text": "txt"}.get(form, form)
    path = outbox.put(desk, office.id, f"{number}.{ending}", notices.as_file(shown, form))
    text = _("{file} is in the outbox of {office}")
    return Done(text.format(file=path.name, office=office.name))


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
