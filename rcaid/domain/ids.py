"""Identifiers made by the program: ULIDs that grow, in series, and salts for sealed rows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import blake2b
from typing import Protocol

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
_SERIES = 1 << 20  # how many ids one series gives before the next begins


def _crockford(number: int, length: int) -> str:
    out = []
    for _ in range(length):
        out.append(_ALPHABET[number & 31])
        number >>= 5
    return "".join(reversed(out))


def series(milliseconds: int, random10: bytes, start: int = 0) -> Iterator[str]:
    """ULIDs of one moment that grow: 48 bits of time, 60 of chance, 20 that count up.

    ``random10`` is ten bytes; ids of one series share all but their last four characters.
    """
    head = _crockford(milliseconds, 10) + _crockford(int.from_bytes(random10, "big") >> 20, 12)
    for count in range(start, _SERIES):
        yield head + _PAIRS[count >> 10] + _PAIRS[count & 1023]


def milliseconds_of(id: str) -> int:
    """When an id was made, in milliseconds since 1970 (UTC)."""
    found = 0
    for letter in id[:10]:
        found = found << 5 | _ALPHABET.index(letter)
    return found


def first_of(milliseconds: int) -> str:
    """What every id made at this moment or later is not below."""
    return _crockford(milliseconds, 10)


class Source(Protocol):
    """Where ids, salts and nonces come from."""

    def step(self, name: str) -> None:
        """Begins a unit of work; a source that can be repeated starts a new series here."""

    def ids(self, milliseconds: int) -> Iterator[str]:
        """An endless growing series of ULIDs."""

    def chance(self, size: int) -> bytes:
        """``size`` bytes that nobody can guess."""


class SystemSource:
    """Ids and salts from the operating system's randomness."""

    def step(self, name: str) -> None:
        """Nothing to do: every draw is new."""

    def ids(self, milliseconds: int) -> Iterator[str]:
        while True:
            yield from series(milliseconds, os.urandom(10))
            milliseconds += 1

    def chance(self, size: int) -> bytes:
        return os.urandom(size)


class SeededSource:
    """For a demo: ids and salts are keyed hashes of (seed, step, count), so a year repeats."""

    def __init__(self, seed: int) -> None:
        self._key = f"rcaid demo {seed}".encode()
        self._steps = 0
        self._draws = 0
        self._name = b""

    def step(self, name: str) -> None:
        self._steps += 1
        self._draws = 0
        self._name = f"{self._steps} {name} ".encode()

    def ids(self, milliseconds: int) -> Iterator[str]:
        while True:
            yield from series(milliseconds, self.chance(10))
            milliseconds += 1

    def chance(self, size: int) -> bytes:
        self._draws += 1
        out = b""
        part = 0
        while len(out) < size:
            word = self._name + b"%d.%d" % (self._draws, part)
            out += blake2b(word, key=self._key, digest_size=64).digest()
            part += 1
        return out[:size]
