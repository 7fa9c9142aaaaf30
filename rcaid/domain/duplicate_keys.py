"""Which records are worth comparing: each gives a few block keys, two that share one are a pair.

Keys are cheap on purpose: no distance is measured before two records share a block (BR-009).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain, combinations
from typing import NamedTuple

from rcaid.domain import names, readings
from rcaid.domain.identity import upgrade

LARGEST = 50  # rows of one side: beyond that a block says nothing of one person
_MEMO_SIZE = 200_000
_HAN = re.compile(
    "[\u2e80-\u2fd5\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_LATIN_WORD = re.compile(r"[^\W_]+")
_SOFT = re.compile("[aeiouhwy]")
_TWICE = re.compile(r"(.)\1+")
# What is heard alike: the sounds many speakers do not tell apart.
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"))


class Record(NamedTuple):
    """What is known of a person when two are compared; "" is what is not known.

    ``name`` is the stored form (BR-011); ``birth`` ISO, or only its year; ``sex`` M or F;
    ``number`` the checked form, 15 or 18 places for residents; ``account`` its digits or its hash;
    ``street`` a code or a name of the place; ``address`` free text within it; ``household`` the
    key of the household, which explains a phone, an account or an address two people share.
    """

    name: str
    birth: str = ""
    sex: str = ""
    number: str = ""
    phone: str = ""
    account: str = ""
    street: str = ""
    address: str = ""
    household: str = ""


class Skipped(NamedTuple):
    """A block that was not compared because too many rows share its key. The key's first letter
    says what it is (`KINDS`); the rest may be personal and is not for lists."""

    key: str
    rows: int


class Found(NamedTuple):
    """Pairs of positions to compare, in order, and the blocks left out."""

    pairs: list[tuple[int, int]]
    skipped: list[Skipped]


KINDS = {
    "n": "identity number",
    "p": "phone",
    "a": "account",
    "f": "birth date and surname",
    "b": "birth date and street",
    "y": "sound of the name and year of birth",
    "m": "sound of the name and digits of the birthday",
    "s": "sound of the name and street",
    "i": "birth date and an initial",
    "w": "sound of a word of the name and place",
    "h": "house number and road",
    "l": "sound of a Latin name",
}
"""First letter of a key, and what rows of its block share."""


def has_han(name: str) -> bool:
    """Whether a name has a Han character."""
    return _HAN.search(name) is not None


def alike(syllable: str) -> str:
    """A syllable of pinyin with the sounds that many do not tell apart made one."""
    for heard, kept in _ALIKE:
        syllable = syllable.replace(heard, kept)
    return syllable


class _Syllables(dict[str, str]):
    """The usual reading of a character, heard loosely; a character without one is itself."""

    def __missing__(self, character: str) -> str:
        known = readings.readings_of(character)
        self[character] = result = alike(known[0]) if known else character
        return result


class _Sounds(dict[str, tuple[str, str]]):
    """Of a Chinese name: how its surname sounds, and its syllables whatever their order, so that
    turned parts and a lost dot share a block."""

    def __missing__(self, name: str) -> tuple[str, str]:
        if len(self) >= _MEMO_SIZE:
            self.clear()
        surname, given = names.split_surname(name)
        if names.DOT in name or " " in name:
            surname, given = name[0], name[1:].replace(names.DOT, "").replace(" ", "")
            first = _SYLLABLES[surname]
        else:
            first = _FIRST[surname]
        self[name] = result = (first, "".join(sorted([first, *map(_SYLLABLES.__getitem__, given)])))
        return result


class _Firsts(dict[str, str]):
    def __missing__(self, surname: str) -> str:
        self[surname] = result = alike(readings.reading(surname)) or surname
        return result


class _Days(dict[str, tuple[str, str]]):
    """Of a birth date: its year, and the digits of month and day in order."""

    def __missing__(self, birth: str) -> tuple[str, str]:
        if len(self) >= _MEMO_SIZE:
            self.clear()
        self[birth] = result = (birth[:4], "".join(sorted(birth[5:].replace("-", ""))))
        return result


_SYLLABLES, _FIRST, _SOUNDS, _DAYS = _Syllables(), _Firsts(), _Sounds(), _Days()


def eighteen(number: str) -> str:
    """The number under which both forms of a resident's number are one (BR-004)."""
    return upgrade(number) if len(number) == 15 and number.isdecimal() else number


def keys(record: Record) -> tuple[str, ...]:
    """The block keys of a record, about eight; deterministic, so that a store may index a keyed
    hash of them. They hold personal values and are never shown or logged."""
    name, birth, _, number, phone, account, street, address, _ = record
    found = []
    if number:
        found.append(f"n{eighteen(number)}")
    if phone:
        found.append(f"p{phone}")
    if account:
        found.append(f"a{account}")
    whole = len(birth) == 10
    if whole and street:
        found.append(f"b{birth}{street}")
    if not name:
        return tuple(found)
    if _HAN.search(name) is None:
        return (*found, *_latin(name, birth if whole else "", street, address))
    surname, bag = _SOUNDS[name]
    if whole:
        year, day = _DAYS[birth]
        found += (f"f{birth}{surname}", f"y{year}{bag}", f"m{day}{bag}")
    if street:
        found.append(f"s{street}|{bag}")
    return tuple(found)


def words(name: str) -> list[str]:
    """The words of a Latin name, without case, accents, apostrophes and hyphens."""
    bare = name.replace("'", "").replace("’", "").replace("-", "")
    return [folded for w in _LATIN_WORD.findall(bare) if (folded := readings.fold_latin(w))]


def skeleton(word: str) -> str:
    """How a Latin word sounds, roughly: its first letter and the next three consonants."""
    return _TWICE.sub(r"\1", word[:1] + _SOFT.sub("", word[1:]))[:4]


def _latin(name: str, birth: str, street: str, address: str) -> list[str]:
    parts = words(name)
    sounds = [skeleton(word) for word in parts]
    found = ["l" + "|".join(sorted(sounds))] if len(parts) > 1 else []
    if birth:
        found += [f"i{birth}{word[0]}" for word in parts]
    if street:
        found += [f"w{sound}|{street}" for sound in sounds]
    folded = address.casefold()
    house, road = re.search(r"\d+", folded), re.search(r"[^\W\d_]+", folded)
    if house and road:
        found.append(f"h{house[0]}|{road[0]}")
    return list(dict.fromkeys(found))


def candidates(
    new: Sequence[tuple[str, ...]],
    old: Sequence[tuple[str, ...]] | None = None,
    largest: int = LARGEST,
) -> Found:
    """Pairs (position in ``new``, position in ``old``) that share a key; without ``old`` pairs
    within ``new``, the earlier first. A key that more than ``largest`` rows of either side share
    makes no pair and is noted: a helper's phone, namesakes of one year."""
    if old is None:
        return _within(new, largest)
    shared = set(chain.from_iterable(new)).intersection(chain.from_iterable(old))
    keys_left, rows_left = _hits(new, shared)
    keys_right, rows_right = _hits(old, shared)
    # Whole numbers, not lists of tuples: so many small objects would keep the collector busy.
    counts, sizes = Counter(keys_left), Counter(keys_right)
    large = {k for k in shared if counts[k] > largest or sizes[k] > largest}
    blocks: dict[str, list[int]] = {}
    for key, row in zip(keys_left, rows_left, strict=True):
        blocks.setdefault(key, []).append(row * len(old))
    for key in large:
        del blocks[key]
    pairs: set[int] = set()
    for key, row in zip(keys_right, rows_right, strict=True):
        for start in blocks.get(key, ()):
            pairs.add(start + row)
    skipped = [Skipped(key, max(counts[key], sizes[key])) for key in large]
    return Found([divmod(pair, len(old)) for pair in sorted(pairs)], sorted(skipped))


def _hits(rows: Sequence[tuple[str, ...]], shared: set[str]) -> tuple[list[str], list[int]]:
    """Every shared key that a row gives, and the position of that row, side by side."""
    found: list[str] = []
    positions: list[int] = []
    of_row = shared.intersection  # most rows share little: asked in one step
    for position, row in enumerate(rows):
        hit = of_row(row)
        if hit:
            found += hit
            positions += [position] * len(hit)
    return found, positions


def _within(rows: Sequence[tuple[str, ...]], largest: int) -> Found:
    once: set[str] = set()
    again: set[str] = set()
    for row in rows:
        again.update(once.intersection(row))
        once.update(row)
    blocks: dict[str, list[int]] = {}
    for key, position in zip(*_hits(rows, again), strict=True):
        blocks.setdefault(key, []).append(position)
    pairs: set[tuple[int, int]] = set()
    skipped = []
    for key, block in blocks.items():
        if len(block) > largest:
            skipped.append(Skipped(key, len(block)))
        else:
            pairs.update(combinations(block, 2))
    return Found(sorted(pairs), sorted(skipped))
