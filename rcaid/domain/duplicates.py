"""How much speaks for two records being one person, part by part (BR-009, BR-010).

A score only puts pairs in order and says why; a person decides, nothing is ever merged by itself.
Which records are compared at all says `rcaid.domain.duplicate_keys`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rcaid.domain import duplicate_names
from rcaid.domain.duplicate_keys import (
    KINDS,
    LARGEST,
    Found,
    Record,
    Skipped,
    candidates,
    eighteen,
    keys,
)
from rcaid.domain.duplicate_names import close, one_slip

__all__ = (
    "BANDS", "KINDS", "LARGEST", "NEAR_CERTAIN", "POSSIBLE", "WEIGHTS", "Found", "Part", "Record",
    "Score", "Skipped", "Weight", "candidates", "keys", "score",
)  # fmt: skip

SAME, NEAR, MAYBE, NO = BANDS = ("same", "near_certain", "possible", "no")
NEAR_CERTAIN = 60
POSSIBLE = 35
_NUMBERS = re.compile(r"\d+")
_RESIDENT = re.compile(r"\d{17}[\dX]", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Weight(NamedTuple):
    """A row of the table: the field, the points, what is said to a person (English, translated at
    the edge), whether it keeps a pair from the upper bands, and whether it always asks."""

    field: str
    points: int
    said: str
    doubt: bool = False
    asks: bool = False


class Part(NamedTuple):
    """One thing the score rests on: the row of `WEIGHTS`, its points and its words."""

    name: str
    points: int
    said: str


class Score(NamedTuple):
    """``total`` is the sum of the parts, never under 0 nor over 100; ``band`` one of `BANDS`."""

    total: int
    parts: tuple[Part, ...]
    band: str


WEIGHTS: dict[str, Weight] = {
    "number_same": Weight("number", 100, "same identity number", asks=True),
    "number_15_18": Weight(
        "number", 100, "same identity number, once with 15 and once with 18 places", asks=True
    ),
    "number_slip": Weight("number", 25, "identity numbers differ by one slip of the hand"),
    "number_other": Weight("number", -25, "two different valid identity numbers", doubt=True),
    "name_same": Weight("name", 30, "same name"),
    "name_dot": Weight("name", 28, "same name but for a dot or a space"),
    "name_turned": Weight("name", 24, "same name with its parts in another order"),
    "name_sound": Weight("name", 22, "names sound the same"),
    "name_typo": Weight("name", 20, "names differ by a slip of the hand"),
    "name_near_sound": Weight("name", 14, "names sound much alike", doubt=True),
    "name_part": Weight("name", 10, "one name is a part of the other", doubt=True),
    "name_one_character": Weight("name", 8, "names differ in one character", doubt=True),
    "name_half": Weight("name", 5, "only a part of the names is the same", doubt=True),
    "name_other": Weight("name", -30, "different names", doubt=True),
    "birth_same": Weight("birth", 25, "same birth date"),
    "birth_swapped": Weight("birth", 15, "same birth date with day and month swapped"),
    "birth_slip": Weight("birth", 12, "birth dates differ by one slip of the hand"),
    "birth_year": Weight("birth", 6, "same year of birth, the day is not known"),
    "birth_day_other": Weight("birth", 0, "same year of birth, another day", doubt=True),
    "birth_other": Weight("birth", -20, "different birth dates", doubt=True),
    "sex_same": Weight("sex", 3, "same sex"),
    "sex_other": Weight("sex", -20, "different sex", doubt=True),
    "phone_same": Weight("phone", 15, "same phone"),
    "account_same": Weight("account", 20, "same account"),
    "account_other_name": Weight(
        "account", 20, "same account under another name", doubt=True, asks=True
    ),
    "street_same": Weight("street", 5, "same street"),
    "address_same": Weight("address", 20, "same address"),
    "address_near": Weight("address", 14, "nearly the same address"),
    "household_same": Weight("household", 10, "same household"),
}
"""Every part a score can have. The points are decided by hand; docs/duplicates.md says what they
reach on public data."""

_PARTS = {code: Part(code, row.points, row.said) for code, row in WEIGHTS.items()}
_DOUBTS = {code for code, row in WEIGHTS.items() if row.doubt}
_ASKS = {code for code, row in WEIGHTS.items() if row.asks}
_AGAINST = {code for code, row in WEIGHTS.items() if row.points < 0} | {"name_half"}
_ONE_NUMBER = {"number_same", "number_15_18"}


def score(a: Record, b: Record) -> Score:
    """What speaks for and against two records being one person; the same either way round.

    What a household shares (phone, account, address) counts only for people of one name, so that
    a couple or twins are not taken for one person. "near_certain" needs agreeing names and no
    part that is a doubt, or one number and nothing against it; one account under two names is
    always asked (BR-009).
    """
    name = duplicate_names.compare(a.name, b.name)
    kin = bool(a.household) and a.household == b.household
    found = [
        code
        for code in (
            _number(a.number, b.number),
            name,
            _birth(a.birth, b.birth),
            _equal("sex", a.sex, b.sex, other=True),
        )
        if code
    ]
    agree = bool(name) and not WEIGHTS[name].doubt
    if agree or not kin:
        found += _shared(a, b, name == "name_other")
        if kin:
            found.append("household_same")
    parts = tuple([_PARTS[code] for code in found])
    total = min(100, max(0, sum([part.points for part in parts])))
    return Score(total, parts, _band(found, total, agree))


def _band(found: list[str], total: int, agree: bool) -> str:
    if agree and _DOUBTS.isdisjoint(found):
        if found[0] in _ONE_NUMBER:
            return SAME
        if total >= NEAR_CERTAIN:
            return NEAR
    if not _ONE_NUMBER.isdisjoint(found) and _AGAINST.isdisjoint(found):
        return NEAR
    return MAYBE if total >= POSSIBLE or not _ASKS.isdisjoint(found) else NO


def _shared(a: Record, b: Record, other_name: bool) -> list[str]:
    """What people of one roof may share."""
    found = [_equal("phone", a.phone, b.phone)]
    if a.account and a.account == b.account:
        found.append("account_other_name" if other_name else "account_same")
    near = _places_alike(a.street, b.street)
    if near and a.street and b.street:
        found.append("street_same")
    if near and a.address and b.address:
        found.append(_address(a.address, b.address))
    return [code for code in found if code]


def _equal(field: str, a: str, b: str, other: bool = False) -> str:
    if not a or not b:
        return ""
    if a == b:
        return f"{field}_same"
    return f"{field}_other" if other else ""


def _number(a: str, b: str) -> str:
    if not a or not b:
        return ""
    if a == b:
        return "number_same"
    if len(a) != len(b) and eighteen(a) == eighteen(b):
        return "number_15_18"
    if 15 in (len(a), len(b)):
        # A first-generation number has no check: its own 15 places are compared.
        first, second = _fifteen(a), _fifteen(b)
        if len(first) == len(second) and one_slip(first, second):
            return "number_slip"
    elif one_slip(a, b):
        return "number_slip"
    return "number_other" if _valid(eighteen(a)) and _valid(eighteen(b)) else ""


def _fifteen(number: str) -> str:
    return number[:6] + number[8:17] if len(number) == 18 else number


def _valid(number: str) -> bool:
    if _RESIDENT.fullmatch(number) is None:
        return False
    # MOD 11-2 weighs by powers of two, and 13 is 2 modulo 11: one conversion is the whole sum.
    last = 10 if number[17] == "X" else int(number[17])
    return (int(number[:17], 13) * 2 + last) % 11 == 1


def _birth(a: str, b: str) -> str:
    if not a or not b:
        return ""
    if a == b:
        return "birth_same" if len(a) == 10 else "birth_year"
    if not (_DATE.fullmatch(a) and _DATE.fullmatch(b)):
        return "birth_year" if a[:4] == b[:4] else "birth_other"
    if a[:4] == b[:4]:
        # The first of January stands for a day nobody knew.
        if "01-01" in (a[5:], b[5:]):
            return "birth_year"
        if a[5:7] == b[8:] and a[8:] == b[5:7]:
            return "birth_swapped"
    if one_slip(a.replace("-", ""), b.replace("-", "")):
        return "birth_slip"
    return "birth_day_other" if a[:4] == b[:4] else "birth_other"


def _places_alike(a: str, b: str) -> bool:
    """Whether two streets may be one: an unknown one may, codes are equal, names have slips."""
    return not a or not b or a == b or (not a.isdigit() and close(a, b))


@lru_cache(maxsize=50_000)
def _folded(address: str) -> tuple[str, frozenset[str], frozenset[str]]:
    """An address without case, width and spaces, the pairs of its letters, and its numbers."""
    text = unicodedata.normalize("NFKC", address).casefold()
    bare = "".join(c for c in text if c.isalnum())
    pairs = frozenset(map("".join, pairwise(bare)))
    return bare, pairs, frozenset(_NUMBERS.findall(text))


def _address(a: str, b: str) -> str:
    """Neighbours share a lane and most of its letters, so the numbers have to agree too."""
    (first, pairs, numbers), (second, others, theirs) = _folded(a), _folded(b)
    if first == second:
        return "address_same" if first else ""
    shared, most = len(numbers & theirs), min(len(numbers), len(theirs))
    if 2 * shared < most or 10 * len(pairs & others) < 3 * (len(pairs) + len(others)):
        return ""
    return "address_near"
