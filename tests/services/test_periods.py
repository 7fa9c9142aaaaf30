"""Months of the books: closed in order, proven by a hash, and nothing is posted into them any more."""

from __future__ import annotations

import pytest

from rcaid.db import funds as rows
from rcaid.services import invariants, programmes
from rcaid.services.desk import Desk
from rcaid.services.funds import donations, funds, periods
from rcaid.services.funds.periods import close_month, posting_day
from tests.services.conftest import Society
from tests.services.giving import balances, code_of, donor, gift, problem_of
from tests.services.tamper import tampered
from tests.services.writing import newcomer, number


@pytest.fixture
def spring(society: Society) -> Society:
    """Money that came in February and March, and it is May now."""
    programmes.receive(society.desk("sh-preparer"), "QWR", 100, "feb")
    society.clock.set("2022-03-10")
    programmes.receive(society.desk("sh-preparer"), "QWR", 200, "mar")
    society.clock.set("2022-05-02")
    return society


def chief(society: Society) -> Desk:
    return society.desk("sh-approver")


def test_months_close_one_after_another_and_only_when_they_are_over(spring: Society) -> None:
    for month, code in (
        ("2022-05", "period.early"),
        ("2022-06", "period.early"),
        ("2022-13", "period.form"),
        ("2022-4", "period.form"),
        ("2022-03", "period.earlier"),
    ):
        assert code_of(lambda: close_month(chief(spring), month)) == code  # noqa: B023
    made, _ = close_month(chief(spring), "2022-02")
    assert (made.month, made.closed_on, len(made.sha256)) == ("2022-02", "2022-05-02", 64)
    assert code_of(lambda: close_month(chief(spring), "2022-02")) == "period.again"
    close_month(chief(spring), "2022-03")
    close_month(chief(spring), "2022-04")  # nothing happened in it
    assert [each.month for each in periods.listing(chief(spring))] == [
        "2022-02", "2022-03", "2022-04",
    ]  # fmt: skip
    assert invariants.broken(spring.admin.store) == []


def test_an_empty_month_may_be_passed_over(society: Society) -> None:
    society.clock.set("2022-05-02")
    close_month(chief(society), "2022-02")
    close_month(chief(society), "2022-04")
    assert code_of(lambda: close_month(chief(society), "2022-03")) == "period.again"


def test_only_the_citys_approver_closes_a_month(spring: Society) -> None:
    for desk in (
        spring.desk("jd-approver"),
        spring.desk("sh-preparer"),
        newcomer(spring, "aud", "auditor", office="310000"),
    ):
        assert code_of(lambda: close_month(desk, "2022-02")) == "who.no_duty"  # noqa: B023


def test_i12_nothing_is_posted_on_a_day_of_a_closed_month(spring: Society) -> None:
    close_month(chief(spring), "2022-02")
    close_month(chief(spring), "2022-03")
    held = balances(spring, "QWR")
    desk = spring.desk("sh-preparer")
    fund = rows.by_code(spring.admin.store, "QWR")
    assert fund is not None

    def on(day: str) -> None:
        desk.write(
            "fund.receive",
            fund.office_id,
            lambda unit: unit.post([funds.receipt(unit.new_id(), unit, fund, 1, "late", day=day)]),
        )

    for day in ("2022-02-01", "2022-03-31", "2021-12-31"):
        refused = problem_of(lambda: on(day))  # noqa: B023
        assert (refused.code, refused.params["month"]) == ("period.closed", "2022-03")
    spring.clock.set("2022-03-31")
    assert code_of(lambda: programmes.receive(desk, "QWR", 1, "late")) == "period.closed"
    assert balances(spring, "QWR") == held
    spring.clock.set("2022-04-01")
    programmes.receive(desk, "QWR", 1, "late")
    assert invariants.broken(spring.admin.store) == []


def test_what_comes_in_late_is_posted_on_the_first_open_day(spring: Society) -> None:
    close_month(chief(spring), "2022-02")
    close_month(chief(spring), "2022-03")
    late = gift(spring, 700, received_on="2022-03-28")
    early = gift(spring, 800, received_on="2022-04-15")
    found = donations.find(spring.admin, late)
    assert found.received_on == "2022-03-28"
    for fen, day in ((700, "2022-04-01"), (800, "2022-04-15")):
        counted = number(
            spring.admin.store,
            f"SELECT count(*) FROM ledger_entry WHERE fen = {fen} AND day = '{day}'",
        )
        assert counted == 1, day
    assert donations.find(spring.admin, early).received_on == "2022-04-15"
    assert invariants.broken(spring.admin.store) == []


def test_the_first_open_day_goes_over_the_end_of_a_year(society: Society) -> None:
    store = society.admin.store
    assert posting_day(store, "2021-11-05", "2022-02-01") == "2021-11-05"
    close_month(chief(society), "2021-12")
    assert posting_day(store, "2021-11-05", "2022-02-01") == "2022-01-01"
    assert posting_day(store, "2022-01-05", "2022-02-01") == "2022-01-05"


def test_a_promise_may_be_put_down_on_a_day_of_a_closed_month(spring: Society) -> None:
    close_month(chief(spring), "2022-02")
    made, _ = donations.pledge(
        spring.desk("sh-preparer"), donor(spring), "QWR", 5, pledged_on="2022-02-05"
    )
    assert made.pledged_on == "2022-02-05"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_entry SET fen = 101 WHERE fen = 100",
        "DELETE FROM ledger_entry WHERE fen = 100",
        "UPDATE ledger_entry SET day = '2022-01-05' WHERE fen = 100",
        "UPDATE ledger_entry SET day = '2022-02-03' WHERE fen = 200",
        "UPDATE fund_period SET sha256 = 'x'",
    ],
)
def test_i12_a_closed_month_that_was_changed_is_named(spring: Society, change: str) -> None:
    close_month(chief(spring), "2022-02")
    with tampered(spring, change):
        found = {p.code for p in invariants.broken(spring.admin.store)}
    assert "invariant.closed_month" in found
    assert invariants.broken(spring.admin.store) == []


def test_a_months_hash_is_that_of_its_entries_and_no_others(spring: Society) -> None:
    store = spring.admin.store
    before = periods.digest(periods.of_month(store, "2022-02"))
    assert before != periods.digest(periods.of_month(store, "2022-03"))
    assert periods.digest([]) == periods.digest(periods.of_month(store, "2022-04"))
    programmes.receive(spring.desk("sh-preparer"), "QWR", 5, "may")
    assert periods.digest(periods.of_month(store, "2022-02")) == before
