from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcaid.domain.errors import Problem
from rcaid.domain.money import MOST_FEN, announce, announce_money, capital, parse_yuan, yuan
from rcaid.domain.sentences import sentence

FEN = st.integers(0, MOST_FEN)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1000", 100_000),
        ("1000.00", 100_000),
        ("1,000.50", 100_050),
        ("¥1000", 100_000),
        ("￥ 1,000", 100_000),
        ("１０００．５", 100_050),
        ("500元", 50_000),
        ("0", 0),
        ("0.05", 5),
        (" 12,345,678.9 ", 1_234_567_890),
    ],
)
def test_amounts_as_people_write_them(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money.empty"),
        ("¥", "money.empty"),
        ("1000.001", "money.decimals"),
        ("3.1E+5", "money.scientific"),
        ("-5", "money.negative"),
        ("-¥5.00", "money.negative"),
        ("一千", "money.words"),
        ("1,00", "money.words"),
        ("1000,000", "money.words"),
        ("1.000,50", "money.words"),
        ("1000.", "money.words"),
        ("٣٠٠", "money.words"),
        ("nan", "money.words"),
        ("99999999999999999999", "money.too_large"),
        ("10000000000000.01", "money.too_large"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(text: str, code: str) -> None:
    problem = parse_yuan(text)
    assert isinstance(problem, Problem)
    assert problem.code == code
    assert problem.value == text


@given(FEN)
def test_what_is_printed_is_read_back(fen: int) -> None:
    assert parse_yuan(yuan(fen)) == fen
    assert Decimal(yuan(fen).replace(",", "")) * 100 == fen


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_one_problem(text: str) -> None:
    assert isinstance(parse_yuan(text), int | Problem)


def test_negative_sums_are_printed_with_their_sign() -> None:
    assert yuan(-123_456) == "-1,234.56"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (98_400, "9.84万人次"),
        (98_437, "9.84万余人次"),
        (98_499, "9.84万余人次"),
        (98_500, "9.85万人次"),
        (9_999, "9999人次"),
        (10_000, "1万人次"),
        (10_001, "1万余人次"),
        (100_001, "10万余人次"),
        (0, "0人次"),
        (99_999_999, "9999万余人次"),
        (100_000_000, "1亿人次"),
    ],
)
def test_br_076_counts_are_announced_and_never_rounded_up(value: int, text: str) -> None:
    assert announce(value, "人次") == text


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (1_756_321_000, "1756万余元"),
        (1_048_200_000, "1048.2万元"),
        (31_600_000_000, "3.16亿元"),
        (210_340_000, "210万余元"),
        (1_000_000, "1万元"),
        (1_000_001, "1万余元"),
        (999_999, "9999.99元"),
        (50_000, "500元"),
    ],
)
def test_br_076_money_is_announced(fen: int, text: str) -> None:
    assert announce_money(fen) == text


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (100, "壹元整"),
        (1_000, "壹拾元整"),
        (10_001, "壹佰元零壹分"),
        (100_530, "壹仟零伍元叁角整"),
        (1_000_000, "壹万元整"),
        (10_000_500, "壹拾万零伍元整"),
        (1_756_321_000, "壹仟柒佰伍拾陆万叁仟贰佰壹拾元整"),
        (10_000_000_000, "壹亿元整"),
        (10_100, "壹佰零壹元整"),
        (123, "壹元贰角叁分"),
        (10_000_000_100, "壹亿零壹元整"),
        (1_000_100, "壹万零壹元整"),
        (100_010_000, "壹佰万零壹佰元整"),
        (MOST_FEN, "壹拾万亿元整"),
    ],
)
def test_br_077_capital_amounts(fen: int, text: str) -> None:
    assert capital(fen) == text


def _spoken(text: str) -> int:
    """Fen of a capital amount, read the way a cashier reads it."""
    total = section = digit = 0
    for c in text:
        if c in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(c)
        elif c in "拾佰仟":
            section, digit = section + digit * 10 ** ("拾佰仟".index(c) + 1), 0
        elif c == "万":
            section, digit = (section + digit) * 10**4, 0
        elif c == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
        elif c == "元":
            total, section, digit = (total + section + digit) * 100, 0, 0
        elif c in "角分":
            total, digit = total + digit * (10 if c == "角" else 1), 0
    return total


@given(FEN)
def test_br_077_a_capital_amount_is_the_amount(fen: int) -> None:
    assert _spoken(capital(fen)) == fen
    assert "零零" not in capital(fen)


def test_br_077_there_is_no_capital_amount_below_zero() -> None:
    with pytest.raises(ValueError, match="-1"):
        capital(-1)


def test_every_problem_of_an_amount_has_its_sentence() -> None:
    for text in ("", "一千", "1.001", "3E5", "-1", "9" * 20):
        problem = parse_yuan(text)
        assert isinstance(problem, Problem)
        assert sentence(problem) != problem.code


@pytest.mark.parametrize(
    "text",
    ["CNY 1,000.50", "RMB1000.5", "人民币 ￥1000.50", "1000.50元", "1000.50 CNY", "¥1,000.5 元"],
)
def test_marks_of_the_yuan_are_read(text: str) -> None:
    assert parse_yuan(text) == 100_050


@pytest.mark.parametrize(
    "text", ["$100", "100 USD", "€100", "USD100", "HK$100", "100美元", "100港币"]
)
def test_other_currencies_are_refused_by_name(text: str) -> None:
    found = parse_yuan(text)
    assert isinstance(found, Problem)
    assert found.code == "money.currency"


@pytest.mark.parametrize(
    ("text", "code"),
    [("1.234", "money.decimals"), ("1.000,50", "money.words"), ("1,00,000", "money.words"),
     ("1 000", "money.words"), ("100元整", "money.words")],
)  # fmt: skip
def test_marks_that_may_mean_two_things_are_refused(text: str, code: str) -> None:
    found = parse_yuan(text)
    assert isinstance(found, Problem)
    assert found.code == code
