"""A desk behind the place of reports: what may be asked for, the figures, freezing and files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rcaid.domain.errors import Problem, Refused
from rcaid.domain.record import canonical
from rcaid.locale import _
from rcaid.screens.import_session import Option
from rcaid.screens.report_session import Choices, Figures, Wanted, unpacked
from rcaid.screens.session import Amount, Choice, Done, Review, Row
from rcaid.services.clock import ZONE

if TYPE_CHECKING:
    from rcaid.services.desk import Desk
    from rcaid.services.reporting.shape import Report

REPORT, SNAPSHOT, RULE = "report:", "snapshot:", "rule"
_SHOWN = 60


class DeskReports:
    """One person's reports. See `rcaid.screens.report_session.Reporting`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def rows(self) -> tuple[Row, ...]:
        """Every report, then what was frozen."""
        from rcaid.services.reporting import snapshots
        from rcaid.services.reporting.choosing import why_not
        from rcaid.services.reporting.reports import REPORTS

        desk = self._desk
        found = []
        for n, (name, kind) in enumerate(REPORTS.items(), 1):
            values = {
                "key": str(n) if n < 10 else "",
                "code": kind.code,
                "title": _(kind.title).format(period="").strip(),
                "about": _("not with your duties") if why_not(desk, name) else _(kind.about),
            }
            found.append(Row(REPORT + name, values, kind.code))
        kept = snapshots.listing(desk, _SHOWN)
        if kept:
            found.append(Row(RULE, {}, ""))
        for each in kept:
            kind_of = REPORTS.get(each.report)
            title = _(kind_of.title).format(period="").strip() if kind_of else each.report
            note = f"  {each.note}" if each.note else ""
            values = {
                "key": "",
                "code": each.number,
                "title": title,
                "about": f"{_params(each.params)}  {_('as of')} {each.as_of}{note}",
            }
            found.append(Row(SNAPSHOT + each.number, values, each.number))
        return tuple(found)

    def choices(self, name: str) -> Choices:
        """What a report may be asked for. Refused who.no_duty."""
        from rcaid.services.reporting import choosing
        from rcaid.services.reporting.reports import REPORTS, SPAN

        desk, kind = self._desk, REPORTS[name]
        desk.reach(kind.act)

        def office(code: str) -> Option:
            known = desk.offices.by_code.get(code)
            return Option(code, known.name if known else _("the whole society"))

        return Choices(
            name,
            f"{kind.code} {_(kind.title).format(period='').strip()}",
            tuple(Option(each, each) for each in choosing.periods(desk, name)),
            tuple(map(office, choosing.offices(desk, name))),
            tuple(Option(each, each) for each in choosing.days(desk, name)),
            kind.period == SPAN,
        )

    def run(self, wanted: Wanted) -> Figures:
        """The figures, fresh or as they were frozen."""
        from rcaid.screens.report_words import sheet

        report, number, frozen_at = _report(self._desk, wanted)
        return Figures(replace(wanted, digest=_digest(report)), sheet(report, number, frozen_at))


def _params(params: str) -> str:
    import json

    facts = json.loads(params)
    return str(facts.get("period") or facts.get("indicator") or "")


def _report(desk: Desk, wanted: Wanted) -> tuple[Report, str, str]:
    """A report, the number of its snapshot and when that was frozen."""
    from rcaid.services.reporting import reports, snapshots

    if not wanted.snapshot:
        found = reports.run(desk, wanted.report, wanted.period, wanted.as_of, wanted.office)
        return found, "", ""
    kept = snapshots.show(desk, wanted.snapshot)
    return kept.report(), kept.snapshot.number, _time(kept.snapshot.made_at)


def _time(at: str) -> str:
    return datetime.fromisoformat(at).astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")


def _digest(report: Report) -> str:
    return hashlib.sha256(canonical(report.data())).hexdigest()[:16]


def review(desk: Desk, id: str) -> Review:
    """What freezing the figures that were seen would keep."""
    from rcaid.screens.report_words import sheet
    from rcaid.services.reporting import snapshots

    report, _number, _at = _report(desk, unpacked(id))
    desk.require("report.freeze", desk.office_for("report.freeze").id)
    found = sheet(report)
    before = snapshots.newest(desk, report.name, report.period)
    options: tuple[Choice, ...] = ()
    if before:
        said = _("stands instead of {number}").format(number=before)
        options = (Choice(before, said),)
    return Review(
        "report.freeze",
        f"{_('Freeze')} {found.title}",
        "   ".join(f"{name} {text}" for name, text in found.facts),
        _("freeze"),
        Amount(_("lines are kept as they are"), max(len(report.rows), 1)),
        notes=(_("Nothing changes a snapshot: a correction is a further one that names it."),),
        counted=False,
        name="corrects",
        options_title=_("correction"),
        options=options,
    )


def do(desk: Desk, act: str, id: str, choices: Mapping[str, str]) -> Done:
    """Freezes figures, or writes them into the outbox."""
    wanted = unpacked(id)
    report, number, frozen_at = _report(desk, wanted)
    if act == "report.freeze":
        return _freeze(desk, wanted, report, choices.get("corrects", ""))
    return _write(desk, report, act, number, frozen_at)


def _freeze(desk: Desk, wanted: Wanted, report: Report, corrects: str) -> Done:
    from rcaid.services.reporting import snapshots

    if _digest(report) != wanted.digest:
        raise Refused(Problem("snapshot.moved"))
    made, entry = snapshots.freeze_report(desk, report, corrects=corrects)
    text = _("{number} frozen: {code} {period}, as of {day}")
    said = text.format(number=made.number, code=report.code, period=report.period, day=report.as_of)
    return Done(said, str(entry))


def _write(desk: Desk, report: Report, act: str, number: str, frozen_at: str) -> Done:
    from rcaid.files.report_html import write_html
    from rcaid.screens.report_words import page_of, workbook
    from rcaid.services.reporting.exporting import to_outbox

    def page(path: Path) -> None:
        write_html(path, page_of(report, desk.society, number, frozen_at))

    def book(path: Path) -> None:
        workbook(report, path, number, frozen_at)

    ending, write = (".html", page) if act == "report.page" else (".xlsx", book)
    path, entry = to_outbox(desk, report, ending, write, number)
    office = desk.office_for("report.export").name
    text = _("{file} is in the outbox of {office}")
    return Done(text.format(file=path.name, office=office), str(entry))
