"""Working days, months and ages. Dates are ISO text, as everywhere in the program."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from rcaid import data

FIRST_YEAR, LAST_YEAR = 2004, 2026
"""Years whose public holidays are known; other years follow the week and are provisional."""
BIRTHDAY, BIRTHDAY_MARCH, NEXT_DAY = "birthday", "birthday_march", "next_day"
AGE_RULES = (BIRTHDAY, BIRTHDAY_MARCH, NEXT_DAY)


@cache
def _exceptions() -> dict[str, bool]:
    rows = data.text("workcalendar.csv").splitlines()
    return {row[:10]: row.endswith("workday") for row in rows if row[0] != "#"}


def provisional(day: str) -> bool:
    """Whether the public holidays of that year are not known yet: say so beside the date."""
    return not FIRST_YEAR <= int(day[:4]) <= LAST_YEAR


def is_workday(day: str) -> bool:
    """Whether offices work on that day: make-up weekends do, public holidays do not."""
    known = _exceptions().get(day)
    return known if known is not None else date.fromisoformat(day).weekday() < 5


def add_days(day: str, days: int) -> str:
    """The date so many calendar days later, or earlier."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def add_workdays(day: str, days: int) -> str:
    """The ``days``-th working day after ``day``, or before it if negative. The day itself does
    not count; with 0 it is the day."""
    step = 1 if days > 0 else -1
    left = abs(days)
    while left:
        day = add_days(day, step)
        left -= is_workday(day)
    return day


def workdays_between(first: str, last: str) -> int:
    """Working days after ``first`` up to and with ``last``; negative when ``last`` is earlier."""
    if last < first:
        return -workdays_between(last, first)
    count = 0
    while first < last:
        first = add_days(first, 1)
        count += is_workday(first)
    return count


def add_months(day: str, months: int) -> str:
    """The same day so many months later; the last of the month where there is no such day."""
    from dateutil.relativedelta import relativedelta

    return (date.fromisoformat(day) + relativedelta(months=months)).isoformat()


def age(born: str, on: str, rule: str = BIRTHDAY) -> int:
    """Full years at a date (BR-013). ``birthday``: a year is full on the birthday, for a leap-day
    birth on 28 February; ``birthday_march``: for a leap-day birth on 1 March; ``next_day``: on the
    day after the birthday. Before the birth it is negative."""
    if rule not in AGE_RULES:
        raise ValueError(f"no age rule {rule}")
    birthday = born[5:]
    if birthday == "02-29" and not _is_leap(int(on[:4])):
        birthday = "03-01" if rule == BIRTHDAY_MARCH else "02-28"
    reached = on[5:] > birthday if rule == NEXT_DAY else on[5:] >= birthday
    return int(on[:4]) - int(born[:4]) - (not reached)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
