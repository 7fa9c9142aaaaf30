"""How alike two names are: by character, sound, dot, order of the parts, and slips of the hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from operator import ne

from rcaid.domain import names, readings
from rcaid.domain.duplicate_keys import alike, has_han, words

_SHORT = 5  # letters: longer words may have two slips
# By length: of two characters one is half a name, long names are written by sound and vary.
_ONE_SLIP = {1: "name_half", 2: "name_half"} | dict.fromkeys((3, 4, 5), "name_one_character")
_PARTS = re.compile(rf"[{names.DOT}\s]+")


def one_slip(a: str, b: str) -> bool:
    """Whether one letter was mistaken, left out or added, or two neighbours turned."""
    if len(a) == len(b):
        wrong = int(sum(map(ne, a, b)))
        if wrong != 2:
            return wrong == 1
        at = next(i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y)
        return a[at : at + 2] == b[at : at + 2][::-1]
    short, long = sorted((a, b), key=len)
    if len(long) - len(short) != 1:
        return False
    at = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    return short[at:] == long[at + 1 :]


def distance(a: str, b: str) -> int:
    """Letters mistaken, left out, added, or turned with their neighbour."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        earlier, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


def compare(a: str, b: str) -> str:
    """The row of the table of weights for two names in their stored form; "" if one is empty."""
    if not a or not b:
        return ""
    if a == b:
        return "name_same"
    a, b = sorted((a, b))
    first, second = has_han(a), has_han(b)
    if first and second:
        return _han(a, b)
    if first or second:
        return _written_in_pinyin(a, b) if second else _written_in_pinyin(b, a)
    return _latin(words(a), words(b))


def _han(a: str, b: str) -> str:
    parts, others = _PARTS.split(a), _PARTS.split(b)
    bare, other = "".join(parts), "".join(others)
    if bare == other:
        return "name_dot"
    if sorted(parts) == sorted(others) or _rotated(bare, other):
        return "name_turned"
    if len(bare) == len(other):
        heard = _heard(bare, other)
        if heard:
            return heard
    if set(parts) < set(others) or set(others) < set(parts):
        return "name_part"
    if one_slip(bare, other):
        return _ONE_SLIP.get(min(len(bare), len(other)), "name_typo")
    return "name_other"


def _rotated(a: str, b: str) -> bool:
    """Whether the surname went to the end: 赵晓敏, 晓敏赵. Two characters alone do not tell."""
    if len(a) != len(b) or len(a) < 3:
        return False
    first, second = names.split_surname(a), names.split_surname(b)
    return first[1] + first[0] == b or second[1] + second[0] == a


@cache
def _spoken(character: str, surname: bool) -> frozenset[str]:
    known = set(readings.readings_of(character))
    if surname:
        known.update(row for row in names.surname_readings().get(character, ()) if "-" not in row)
    return frozenset(known)


@cache
def _loosely(character: str, surname: bool) -> frozenset[str]:
    return frozenset(map(alike, _spoken(character, surname)))


def _heard(a: str, b: str) -> str:
    """Whether two names of one length share a reading at every place, exactly or nearly."""
    nearly = False
    for place, (x, y) in enumerate(zip(a, b, strict=True)):
        first = place == 0
        if x == y or not _spoken(x, first).isdisjoint(_spoken(y, first)):
            continue
        if _loosely(x, first).isdisjoint(_loosely(y, first)):
            return ""
        nearly = True
    return "name_near_sound" if nearly else "name_sound"


def _written_in_pinyin(latin: str, han: str) -> str:
    parts = words(latin)
    known = readings.tokens(han)
    # Surname first as at home, or last as abroad.
    tries = {"".join(parts), "".join([*parts[1:], *parts[:1]]), "".join([*parts[-1:], *parts[:-1]])}
    long = len(han.replace(names.DOT, "")) + 1  # initials alone are no name
    return "name_sound" if any(t in known and len(t) >= long for t in tries) else "name_other"


def close(a: str, b: str) -> bool:
    """Whether two words or places differ by slips of the hand: one, or two where there is room."""
    return one_slip(a, b) or (min(len(a), len(b)) > _SHORT and distance(a, b) <= 2)


def _latin(a: Sequence[str], b: Sequence[str]) -> str:
    if not a or not b:
        return ""
    if "".join(a) == "".join(b):
        return "name_dot"
    if sorted(a) == sorted(b):
        return "name_turned"
    if close("".join(a), "".join(b)):
        return "name_typo"
    short, long = sorted((list(a), list(b)), key=lambda parts: (len(parts), parts))
    exact = [word for word in short if word in long]
    rest = [word for word in long if word not in exact]
    left = [word for word in short if word not in exact]
    slips = 0
    for word in left:
        near = next((one for one in rest if close(word, one)), None)
        if near is not None:
            rest.remove(near)
            slips += 1
    if len(exact) + slips == len(short):
        return "name_typo" if len(short) == len(long) else "name_part"
    return "name_half" if exact or slips else "name_other"
