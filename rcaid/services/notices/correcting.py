"""Corrections: a new notice that names the old one, which stays as it was (BR-054)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from rcaid.db import applications
from rcaid.db import notices as rows
from rcaid.db.applications import Applied
from rcaid.db.engine import Store
from rcaid.db.tables import NOTICE, NOTICE_LINE, Notice, NoticeLine
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.public_lines import PublicLine, restored, stored
from rcaid.services.desk import Desk
from rcaid.services.disasters import checked_text
from rcaid.services.notices import core
from rcaid.services.notices.publishing import STILL_UP, next_number

_STAYS = (*STILL_UP, "suspended", "cleared", "entitled", "paid", "closed")
"""States of cases that a correction lists again."""


class Holds(NamedTuple):
    """What of a notice a correction would list: lines with their cases, and numbers left out."""

    kept: list[NoticeLine]
    applied: list[Applied]
    struck: list[int]


def holds(store: Store, old: Notice) -> Holds:
    """The lines of a notice that are not struck and whose cases were not decided otherwise."""
    before = rows.lines(store, old.id)
    found = applications.of_cases(store, [line.case_id for line in before])
    cases = {each.case.id: each for each in found}
    kept = [
        line
        for line in before
        if line.state != "struck" and cases[line.case_id].case.state in _STAYS
    ]
    left = {line.id for line in kept}
    struck = [line.n for line in before if line.id not in left]
    return Holds(kept, [cases[line.case_id] for line in kept], struck)


def correct(
    desk: Desk, number: str, why: str, *, expect: int | None = None
) -> tuple[Notice, Entry]:
    """Publishes a correction of a notice that is up or was: what holds of it, read anew.

    What is struck or was decided otherwise is left out and named by its number. A line that reads
    as before keeps its days, one that reads otherwise begins anew (BR-050). ``why`` is public.
    """
    old = core.find(desk, number)
    desk.require("notice.correct", old.office_id)
    target = core.target_of(old, "correct")
    cycle = core.cycle_of(desk, old)
    said = checked_text("why", why)

    def work(unit: Unit) -> Notice:
        unit.store.lock("cycle", "id", [cycle.id])
        kept, applied, struck = holds(unit.store, old)
        if expect not in (None, len(kept)):
            raise Refused(Problem("act.expected", {"expected": expect, "now": len(kept)}))
        public = core.public_lines(desk, unit.store, cycle, applied)
        ends = [
            _last_day(unit.day, old, line, text, case)
            for line, text, case in zip(kept, public, applied, strict=True)
        ]
        made = Notice(
            unit.new_id(), next_number(unit, cycle), old.office_id, cycle.id,
            "published" if any(ends) else "closed", old.days, old.unit, unit.day,
            max([unit.day, *ends]), old.phone, None, None, old.number, said, 1,
        )  # fmt: skip
        fen = sum(each.case.fen or 0 for each in applied)
        text = core.compose(desk, made, cycle, public, fen, struck).text
        made = made._replace(content=text, sha256=core.digest(text))
        unit.insert(NOTICE, [made])
        _put(unit, made, kept, public, ends)
        unit.update(NOTICE, [old._replace(state=target)], ("state",))
        return made

    return desk.write("notice.correct", old.office_id, work, object=number,
                      note=lambda made: {"by": made.number, "sha256": made.sha256})  # fmt: skip


def _last_day(day: str, old: Notice, line: NoticeLine, public: PublicLine, applied: Applied) -> str:
    """The last day of a line on a correction; "" where its case waits for no notice."""
    state, resume = applied.case.state, applied.said.resume_to
    if state not in STILL_UP and not (state == "suspended" and resume in STILL_UP):
        return ""
    # A serial alone is no other text: it changes when a namesake is struck.
    if replace(restored(line.shown), serial=0) == replace(public, serial=0):
        return line.ends_on or old.ends_on or day
    return core.last_day(day, old.days, old.unit)


def _put(
    unit: Unit,
    made: Notice,
    kept: Sequence[NoticeLine],
    public: Sequence[PublicLine],
    ends: Sequence[str],
) -> None:
    ids = unit.ids()
    unit.insert(
        NOTICE_LINE,
        [
            NoticeLine(next(ids), made.id, line.case_id, n, stored(text), line.state,
                       day if day and day != made.ends_on else None, 1)
            for n, (line, text, day) in enumerate(zip(kept, public, ends, strict=True), 1)
        ],
    )  # fmt: skip
