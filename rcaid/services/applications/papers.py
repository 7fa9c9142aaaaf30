"""The checklist of papers of an application: what is missing, seen, copied or waived.

Scans are not kept: a paper has its code, who saw it, when it runs out, and if there is one the
SHA-256 of a file that lies elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from rcaid.db import applications as rows
from rcaid.db import offices
from rcaid.db.applications import Applied
from rcaid.db.tables import APPLICATION, CASE_PAPER, CasePaper
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.programme_fields import PAPERS
from rcaid.domain.programmes import Programme
from rcaid.services import case_steps
from rcaid.services.applications import clock, judging
from rcaid.services.desk import Desk

STATES = ("missing", "seen", "copied", "waived")
OPEN = ("draft", "submitted", "verifying", "returned", "district_review", "approval")
"""States of an application in which papers still come in."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a checklist. ``needed`` by the rules; ``holds`` whether it counts today (there,
    and not run out); ``seen_by`` a login."""

    code: str
    name: str
    needed: bool
    state: str
    holds: bool
    seen_by: str
    seen_on: str
    expires_on: str
    pages: int | None
    sha256: str
    reason: str
    version: int


def checklist(desk: Desk, case_no: str) -> list[Paper]:
    """The papers of an application, what is needed first, in the order of the rules."""
    return of(desk, case_steps.find(desk, case_no, "case.card"))


def of(desk: Desk, found: Applied) -> list[Paper]:
    """The same of an application that was found already."""
    needed = needed_of(desk, found)
    order = {code: n for n, code in enumerate((*needed, *PAPERS))}
    held = rows.papers(desk.store, [found.case.id])
    logins = {s.id: s.login for s in offices.all_staff(desk.store)}
    return [
        Paper(
            each.code, PAPERS.get(each.code, each.code), each.code in needed, each.state,
            judging.holds(each, desk.day), logins.get(each.seen_by or "", ""), each.seen_on or "",
            each.expires_on or "", each.pages, each.sha256 or "", each.reason or "", each.version,
        )
        for each in sorted(held, key=lambda paper: order.get(paper.code, len(order)))
    ]  # fmt: skip


def needed_of(desk: Desk, found: Applied) -> tuple[str, ...]:
    """The codes an application needs, by its category and the person's age on receipt."""
    rules = judging.rules_of(desk, found)
    person = judging.person_of(desk, found)
    minor = judging.is_minor(rules, person.born or "", found.said.received_on) or bool(
        judging.opened(desk, found.said).get("incapable")
    )
    return judging.papers_needed(rules, found.case.category or "", minor)


def missing(desk: Desk, found: Applied, day: str) -> list[str]:
    """The codes of needed papers that are not there on a day."""
    held = {p.code for p in rows.papers(desk.store, [found.case.id]) if judging.holds(p, day)}
    return [code for code in needed_of(desk, found) if code not in held]


def mark(
    desk: Desk, case_no: str, code: str, state: str, *, expires_on: str = "", sha256: str = "",
    pages: int | None = None, reason: str = "",
) -> Entry:  # fmt: skip
    """Records what became of a paper; a waiver needs a reason code and a verifier or reviewer.

    The clock starts when the last one comes (BR-044). Refused paper.unknown, paper.state,
    paper.waiver, paper.day, paper.sha256, paper.pages, application.closed.
    """
    act = "case.waive" if state == "waived" else "case.paper"
    found = case_steps.find(desk, case_no, act)
    _checked(code, state, expires_on, sha256, pages, reason)
    if found.case.state not in OPEN:
        facts = {"case": found.case.case_no, "state": found.case.state}
        raise Refused(Problem("application.closed", facts))
    rules = judging.rules_of(desk, found)

    def work(unit: Unit) -> None:
        duty = desk.require(act, found.case.office_id)
        facts = {"expires_on": expires_on or None, "sha256": sha256 or None, "pages": pages}
        put(desk, unit, found, [code], state, reason=reason or None, **facts)
        case_steps.act(desk, unit, found.case, "paper", found.case.state, duty=duty,
                       reason=reason, papers=[code])  # fmt: skip
        start(desk, unit, found, rules)

    return desk.write(act, found.case.office_id, work, object=found.case.case_no,
                      reason=reason or None)[1]  # fmt: skip


def _checked(
    code: str, state: str, expires_on: str, sha256: str, pages: int | None, reason: str
) -> None:
    if code not in PAPERS:
        known = ", ".join(PAPERS)
        raise Refused(Problem("paper.unknown", {"value": code, "known": known}, field="paper"))
    if state not in STATES:
        raise Refused(Problem("paper.state", {"value": state, "known": ", ".join(STATES)}))
    if state == "waived" and not reason:
        raise Refused(Problem("paper.waiver", {"paper": code}))
    if expires_on and not _is_day(expires_on):
        raise Refused(Problem("paper.day", {"value": expires_on}))
    if sha256 and not _SHA256.fullmatch(sha256):
        raise Refused(Problem("paper.sha256"))
    if pages is not None and pages < 1:
        raise Refused(Problem("paper.pages"))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def put(
    desk: Desk, unit: Unit, found: Applied, codes: Iterable[str], state: str, **facts: Any
) -> None:
    """Sets papers to a state inside a unit; those that are not on the list join it."""
    held = {each.code: each for each in rows.papers(unit.store, [found.case.id])}
    who = None if state == "missing" else desk.actor.staff_id
    day = None if state == "missing" else unit.day
    new, changed = [], []
    for code in dict.fromkeys(codes):
        said: dict[str, Any] = {"state": state, "seen_by": who, "seen_on": day}
        said |= dict.fromkeys(("expires_on", "sha256", "pages", "reason")) | facts
        before = held.get(code)
        if before is None:
            row = CasePaper(unit.new_id(), found.case.id, found.case.office_id, code, state, None,
                            None, None, None, None, None, 1)  # fmt: skip
            new.append(row._replace(**said))
        else:
            changed.append(before._replace(**said))
    unit.insert(CASE_PAPER, new)
    unit.update(
        CASE_PAPER, changed,
        ("state", "seen_by", "seen_on", "expires_on", "sha256", "pages", "reason"),
    )  # fmt: skip


def start(desk: Desk, unit: Unit, found: Applied, rules: Programme) -> Applied:
    """Starts the clock of a submitted application once its papers are complete, inside a unit."""
    case, said = found
    if case.state == "draft" or said.complete_on or missing(desk, found, unit.day):
        return found
    due = clock.due(rules.decide, unit.day, case.state, paused_days=said.paused_days)
    started = said._replace(complete_on=unit.day, due_on=due.on if due else None)
    (started,) = unit.update(APPLICATION, [started], ("complete_on", "due_on"))
    return Applied(case, started)
