"""What stood in a file before, for files of millions of rows."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

_FEW = 100_000
_SPREAD = 65_521  # a prime: numbers that differ in a few digits spread evenly


class Seen(Generic[K]):
    """Whole numbers by key, as a dictionary keeps them, at a tenth of its memory.

    The first hundred thousand lie in a dictionary. When it is full they move into small arrays of
    64-bit numbers, through which it takes half a microsecond to look. ``packed`` turns a key into
    such a number, exactly, or gives None where it has none; those keys stay as they are.
    """

    def __init__(self, packed: Callable[[K], int | None]) -> None:
        self._packed = packed
        self._few: dict[K, int] = {}
        self._odd: dict[K, int] = {}
        self._many: dict[int, tuple[array[int], array[int]]] = {}

    def get(self, key: K) -> int | None:
        """The value of a key, or None."""
        found = self._few.get(key)
        if found is not None or not self._many:
            return found
        number = self._packed(key)
        if number is None:
            return self._odd.get(key)
        numbers, values = self._many.get(number % _SPREAD, _NONE)
        return values[numbers.index(number)] if number in numbers else None

    def put(self, key: K, value: int) -> None:
        """Sets the value of a key."""
        self._few[key] = value
        if len(self._few) >= _FEW:
            self._settle()

    def first(self, key: K, value: int) -> int:
        """The value of a key, set now if it has none."""
        found = self.get(key)
        if found is None:
            self.put(key, value)
            return value
        return found

    def _settle(self) -> None:
        for key, value in self._few.items():
            number = self._packed(key)
            if number is None:
                self._odd[key] = value
                continue
            place = number % _SPREAD
            numbers, values = self._many.get(place, _NONE)
            if values is _NONE[1]:
                numbers, values = self._many[place] = array("q"), array("q")
            if number in numbers:
                values[numbers.index(number)] = value
            else:
                numbers.append(number)
                values.append(value)
        self._few.clear()


_NONE: tuple[array[int], array[int]] = (array("q"), array("q"))


def packed_number(number: str) -> int | None:
    """A resident's number of 18 characters as a whole number; another document's has none."""
    if len(number) != 18 or not number.isascii():
        return None
    if number.isdigit():
        return int(number)
    return -1 - int(number[:17]) if number[17] == "X" and number[:17].isdigit() else None
