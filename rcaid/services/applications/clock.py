"""By when an application has to be decided: working days from complete papers on (BR-044).

Nothing here reads a store. The clock stands while the family has to answer, and that an application
is late is shown and decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from rcaid.domain.deadlines import add_workdays, provisional, workdays_between
from rcaid.domain.programmes import Decide

STEPS = {
    "submitted": "street", "verifying": "street", "returned": "street",
    "district_review": "district", "approval": "city",
}  # fmt: skip
"""The level at which an application of a state waits; no other state has a due date."""


@dataclass(frozen=True, slots=True)
class Due:
    """A date by which a level has to be done; ``provisional`` where the holidays of that year are
    not known yet."""

    on: str
    provisional: bool


def workdays(decide: Decide, state: str, level: str = "city") -> int | None:
    """Working days from complete papers up to the end of the step of a state, None where none
    runs. The steps before count; the total is never passed. ``level`` is who decides."""
    at = STEPS.get(state)
    if at is None:
        return None
    days = decide.street_days
    if at != "street":
        days += decide.district_days
    if at == "city" and level == "city":
        days += decide.city_days
    return min(days, decide.total_days)


def due(
    decide: Decide,
    complete_on: str | None,
    state: str,
    *,
    level: str = "city",
    paused_days: int = 0,
) -> Due | None:
    """When the step of a state has to be done; None before the papers are complete and after the
    decision. ``paused_days`` are working days for which the clock stood."""
    days = workdays(decide, state, level)
    if complete_on is None or days is None:
        return None
    on = add_workdays(complete_on, days + paused_days)
    return Due(on, provisional(on))


def stood(paused_on: str | None, day: str) -> int:
    """Working days that the clock has stood since ``paused_on``, up to and with a day."""
    return max(0, workdays_between(paused_on, day)) if paused_on else 0


def overdue(due_on: str | None, day: str, paused_on: str | None = None) -> int:
    """Working days an application is late on a day; 0 in time, before complete papers, and while
    the family has to answer."""
    if due_on is None or paused_on is not None or day <= due_on:
        return 0
    return workdays_between(due_on, day)
