"""What a large file brought before is found again, exactly, whatever its keys look like."""

from __future__ import annotations

import pytest

from rcaid.services.importing import seen
from rcaid.services.importing.seen import Seen, packed_number


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "_FEW", 10)


def test_the_first_row_of_a_number_stays_the_first() -> None:
    found: Seen[str] = Seen(packed_number)
    numbers = [f"3101991990010{n:05}" for n in range(200)] + ["31019919900101001X", "E12345678"]
    for row, number in enumerate(numbers, 2):
        assert found.first(number, row) == row
    for row, number in enumerate(numbers, 2):
        assert found.first(number, row + 1000) == row
        assert found.get(number) == row
    assert found.get("310199199001099999") is None
    assert found.get("E87654321") is None


def test_the_last_value_that_was_set_holds() -> None:
    found: Seen[int] = Seen(lambda key: key)
    for value in range(1, 4):
        for key in range(-50, 50):
            found.put(key * 65_521, value)
    assert {found.get(key * 65_521) for key in range(-50, 50)} == {3}
    assert found.get(7) is None


@pytest.mark.parametrize("number", ["31019919900101001x", "310199１99001010010", "123", ""])
def test_only_a_residents_number_of_18_characters_becomes_a_whole_number(number: str) -> None:
    assert packed_number(number) is None


def test_numbers_that_differ_in_the_last_character_alone_stay_apart() -> None:
    ends = "0123456789X"
    assert len({packed_number(f"31019919900101001{end}") for end in ends}) == len(ends)
