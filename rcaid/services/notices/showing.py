"""A notice exactly as the public reads it, on a screen, on paper and in a file."""

from __future__ import annotations

from rcaid.db import applications
from rcaid.db import notices as rows
from rcaid.domain.public_lines import PublicNotice, as_csv, as_html
from rcaid.services.desk import Desk
from rcaid.services.notices import core

FORMATS = ("text", "csv", "html")


def shown(desk: Desk, number: str) -> PublicNotice:
    """The public text of a notice: a draft as it would go up today, else byte for byte as it was
    published. It is the only text of a notice there is."""
    notice = core.look_at(desk, number)
    lines = rows.lines(desk.store, notice.id)
    if notice.content is not None:
        return core.published(desk, notice, lines)
    cycle = core.cycle_of(desk, notice)
    found = applications.of_cases(desk.store, [line.case_id for line in lines])
    applied = [each for each in found if each.case.state == "approved"]
    public = core.public_lines(desk, desk.store, cycle, applied)
    return core.compose(desk, notice, cycle, public, sum(a.case.fen or 0 for a in applied))


def as_file(notice: PublicNotice, form: str) -> bytes:
    """The notice as a file of one of FORMATS; a table begins with a BOM for spreadsheets."""
    if form == "csv":
        return as_csv(notice).encode("utf-8-sig")
    return (as_html(notice) if form == "html" else notice.text).encode()
