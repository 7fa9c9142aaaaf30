"""Dates by explicit forms, their order decided for a whole column."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcaid.domain.damage import damage
from rcaid.domain.dates import YEAR_FIRST, Column, Order, read
from rcaid.domain.errors import Problem
from rcaid.domain.identity import make_number

DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))
DMY, MDY = Order("dmy"), Order("mdy")


def code(text: str, order: Order = YEAR_FIRST) -> str:
    found = read(text, order)
    return found.code if isinstance(found, Problem) else found


def seen(*values: str, said: str = "") -> Order | None:
    column = Column()
    for value in values:
        column.see(value)
    return column.order(said)


@pytest.mark.parametrize(
    "text",
    [
        "2022-03-09", "2022/3/9", "2022.3.9", "2022年3月9日", "20220309", "2022-03-09 00:00:00",
        "2022-03-09T00:00:00", "２０２２－０３－０９", " 2022-03-09 ",
    ],
)  # fmt: skip
def test_forms_that_begin_with_the_year_are_read_as_they_stand(text: str) -> None:
    assert read(text) == "2022-03-09"


@pytest.mark.parametrize(
    ("text", "order", "said"),
    [
        ("44629", YEAR_FIRST, "date.serial"),
        ("44629.5", DMY, "date.serial"),
        ("4.4629E+4", DMY, "date.serial"),
        ("2022-02-30", YEAR_FIRST, "date.none"),
        ("31-02-2022", DMY, "date.none"),
        ("09-03-2022", YEAR_FIRST, "date.order"),
        ("12-31-2022", DMY, "date.order"),
        ("31/12/2022", MDY, "date.order"),
        ("09-03-22", DMY, "date.format"),
        ("March 9", DMY, "date.format"),
        ("2022-03/09", YEAR_FIRST, "date.format"),
        ("2022-03-09 13:00:00", YEAR_FIRST, "date.format"),
    ],
)
def test_br_092_what_is_no_date_is_named_for_what_it_is(text: str, order: Order, said: str) -> None:
    assert code(text, order) == said


def test_a_part_above_twelve_proves_the_order_of_its_column() -> None:
    assert seen("09-03-2022", "30-11-2000") == DMY
    assert seen("09-03-2022", "11-30-2000") == MDY
    assert seen("2022-03-09", "") == YEAR_FIRST
    assert seen("nothing", "12") == YEAR_FIRST
    assert seen("05/05/2022") == DMY


def test_a_column_that_proves_nothing_or_both_has_to_be_said() -> None:
    assert seen("09-03-2022", "05-05-2022") is None
    assert seen("30-11-2000", "11-30-2000") is None
    assert seen("09-03-2022", said="mdy") == MDY
    assert seen("30-11-2000", "11-30-2000", said="dmy") == DMY


def test_in_a_column_of_two_forms_what_may_have_been_swapped_is_refused() -> None:
    order = seen("30-11-2000", "2022-03-09")
    assert order == Order("dmy", mixed=True)
    assert code("2022-03-09", order) == "date.mixed"
    assert code("2022-03-13", order) == "2022-03-13"
    assert code("2022-03-03", order) == "2022-03-03"
    assert code("09-03-2022", order) == "2022-03-09"


@given(st.lists(DAYS, min_size=1))
def test_a_column_written_day_first_is_never_read_month_first(days: list[datetime.date]) -> None:
    texts = [day.strftime("%d-%m-%Y") for day in days]
    order = seen(*texts)
    if order is not None:
        assert [read(text, order) for text in texts] == [day.isoformat() for day in days]


@given(DAYS, st.sampled_from([DMY, MDY]))
def test_a_date_is_read_back_in_the_order_it_was_written(day: datetime.date, order: Order) -> None:
    form = "%d/%m/%Y" if order is DMY else "%m/%d/%Y"
    assert read(day.strftime(form), order) == day.isoformat()


@given(st.text(max_size=12), st.sampled_from([YEAR_FIRST, DMY, MDY, Order("dmy", mixed=True)]))
def test_any_text_is_a_date_or_a_problem(text: str, order: Order) -> None:
    found = read(text, order)
    assert isinstance(found, Problem) or found == "" or datetime.date.fromisoformat(found)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("3.10101E+17", "scientific"), ("2.54708E+11", "scientific"), ("254708000000.0", "decimal"),
        ("310101195506071000", "rounded"), ("068130455742399305784829962633186139", ""),
        ("254708000000", ""), ("GoNdk", ""), ("", ""), ("1E5", "scientific"), ("E5", ""),
    ],
)  # fmt: skip
def test_br_092_damage_to_a_number_is_told_by_its_look(text: str, what: str) -> None:
    assert damage(text) == what


@given(DAYS, st.integers(1, 999))
def test_br_092_a_rounded_identity_number_is_told(day: datetime.date, seq: int) -> None:
    number = make_number("310199", day.strftime("%Y%m%d"), seq)
    assert damage(number[:15] + "000") == "rounded"
