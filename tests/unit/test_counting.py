from __future__ import annotations

import pytest

from rcaid.domain.counting import COUNTING_RULE, Counts, Reconciled, age_band, suppressed


def test_br_060_061_062_the_rule_under_every_report_names_all_three_counts() -> None:
    for word in ("人次", "人)", "户", "BR-060", "BR-061", "BR-062"):
        assert word in COUNTING_RULE


def test_value_is_cash_and_goods_together() -> None:
    assert Counts(cash_fen=100_000, goods_fen=17_800).value_fen == 117_800


def test_br_070_what_is_not_accounted_for_is_the_difference() -> None:
    assert Reconciled(approved=500, paid=300, returned=150, unpaid=50).difference == 0
    assert Reconciled(approved=500, paid=300, returned=150, unpaid=0).difference == 50
    assert Reconciled(approved=500, paid=501, returned=0, unpaid=0).difference == -1


@pytest.mark.parametrize(
    ("age", "band"),
    [(0, "0-5"), (5, "0-5"), (6, "6-13"), (13, "6-13"), (14, "14-17"), (17, "14-17"),
     (18, "18-44"), (45, "45-59"), (60, "60-79"), (79, "60-79"), (80, "80+"), (104, "80+")],
)  # fmt: skip
def test_age_bands_turn_at_the_ages_of_the_law(age: int, band: str) -> None:
    assert age_band(age) == band


def test_br_071_small_cells_are_hidden_and_empty_ones_are_not() -> None:
    assert [suppressed(n) for n in (0, 1, 4, 5)] == [False, True, True, False]
