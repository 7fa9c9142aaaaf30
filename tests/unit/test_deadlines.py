from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcaid.domain.deadlines import (
    add_days,
    add_months,
    add_workdays,
    age,
    is_workday,
    provisional,
    workdays_between,
)

DAYS = st.dates(date(2004, 1, 1), date(2028, 12, 31)).map(date.isoformat)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2022-11-24", True),
        ("2022-11-26", False),
        ("2022-10-01", False),
        ("2022-10-08", True),
        ("2022-10-09", True),
        ("2022-01-31", False),
        ("2022-01-29", True),
        ("2026-10-01", False),
        ("2027-10-01", True),
        ("2027-10-02", False),
    ],
)
def test_holidays_and_make_up_days_are_known(day: str, works: bool) -> None:
    assert is_workday(day) is works


def test_the_shipped_calendar_is_that_of_chinesecalendar() -> None:
    import chinese_calendar

    day = date(2004, 1, 1)
    while day.year < 2027:
        assert is_workday(day.isoformat()) == chinese_calendar.is_workday(day), day
        day = date.fromordinal(day.toordinal() + 1)


def test_years_without_a_published_calendar_are_provisional() -> None:
    assert [provisional(f"{y}-06-01") for y in (2003, 2004, 2026, 2027)] == [
        True, False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "days", "end"),
    [
        ("2022-11-24", 1, "2022-11-25"),
        ("2022-11-25", 1, "2022-11-28"),
        ("2022-11-24", 5, "2022-12-01"),
        ("2022-09-30", 1, "2022-10-08"),
        ("2022-11-28", -1, "2022-11-25"),
        ("2022-11-26", 0, "2022-11-26"),
        ("2026-12-31", 1, "2027-01-01"),
    ],
)
def test_br_044_working_days_are_counted_from_the_day_after(day: str, days: int, end: str) -> None:
    assert add_workdays(day, days) == end


@given(DAYS, st.integers(1, 30))
def test_adding_and_counting_working_days_agree(day: str, days: int) -> None:
    end = add_workdays(day, days)
    assert is_workday(end)
    assert workdays_between(day, end) == days
    assert workdays_between(end, day) == -days


def test_months_end_where_the_month_ends() -> None:
    assert add_months("2022-01-31", 1) == "2022-02-28"
    assert add_months("2024-02-29", 12) == "2025-02-28"
    assert add_months("2022-03-31", -1) == "2022-02-28"
    assert add_days("2022-12-31", 1) == "2023-01-01"


@pytest.mark.parametrize(
    ("born", "on", "rule", "years"),
    [
        ("1960-05-10", "2022-05-09", "birthday", 61),
        ("1960-05-10", "2022-05-10", "birthday", 62),
        ("1960-05-10", "2022-05-10", "next_day", 61),
        ("1960-05-10", "2022-05-11", "next_day", 62),
        ("2004-02-29", "2022-02-28", "birthday", 18),
        ("2004-02-29", "2022-02-27", "birthday", 17),
        ("2004-02-29", "2022-02-28", "birthday_march", 17),
        ("2004-02-29", "2022-03-01", "birthday_march", 18),
        ("2004-02-29", "2022-02-28", "next_day", 17),
        ("2004-02-29", "2022-03-01", "next_day", 18),
        ("2004-02-29", "2024-02-29", "birthday", 20),
        ("2004-02-29", "2024-02-29", "next_day", 19),
        ("1918-12-31", "2022-12-31", "birthday", 104),
        ("2022-11-24", "2022-11-24", "birthday", 0),
    ],
)
def test_br_013_age_turns_on_the_day_of_the_rule(born: str, on: str, rule: str, years: int) -> None:
    assert age(born, on, rule) == years


def test_br_013_an_unknown_age_rule_is_a_fault() -> None:
    with pytest.raises(ValueError, match="lunar"):
        age("1960-05-10", "2022-05-10", "lunar")
