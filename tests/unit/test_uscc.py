"""The code of an organisation (GB 32100): its check character and what is wrong with a wrong one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import integers, sampled_from

from rcaid.domain.errors import Problem
from rcaid.domain.uscc import ALPHABET, LENGTH, check, check_character, make_code


def code_of(text: str) -> str:
    found = check(text)
    assert isinstance(found, Problem)
    return found.code


def test_the_example_of_the_standard_holds() -> None:
    # GB 32100-2015, B.2: weights 3^(i-1) mod 31 over 91350100M000100Y4 give 3.
    assert check_character("91350100M000100Y4") == "3"
    assert check("91350100M000100Y43") == "91350100M000100Y43"


@pytest.mark.parametrize(
    "text", ["91350100m000100y43", "９１３５０１００Ｍ０００１００Ｙ４３", " 91350100 M000100Y4-3 "]
)
def test_a_code_is_read_as_people_write_it(text: str) -> None:
    assert check(text) == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "uscc.length"),
        ("91350100M000100Y4", "uscc.length"),
        ("91350100M000100Y433", "uscc.length"),
        ("91350100M000I00Y43", "uscc.character"),
        ("91350100M000100Y4Z", "uscc.character"),
        ("91350100M000100Y44", "uscc.check"),
    ],
)
def test_what_is_wrong_is_said(text: str, code: str) -> None:
    assert code_of(text) == code


@given(integers(0, 999_999_999), integers(0, LENGTH - 1), sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(number: int, place: int, other: str) -> None:
    code = make_code(number)
    assert check(code) == code
    wrong = code[:place] + other + code[place + 1 :]
    if wrong != code:
        assert code_of(wrong) == "uscc.check"


@given(integers(0, 999_999_999), integers(0, LENGTH - 2))
def test_two_neighbours_that_changed_places_are_found(number: int, place: int) -> None:
    code = make_code(number)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code and place < LENGTH - 2:
        assert code_of(swapped) == "uscc.check"
