"""Names of people: one stored form, masks for lists, and where the surname ends."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from rcaid import data

DOT = "\u00b7"
_DOTS = dict.fromkeys(map(ord, "\u2022\u2027\u30fb\u2219\u22c5\uff65\u2e31\u0387\uff0e"), DOT)
_WIDE = {point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F)}
# Radicals that stand for characters in text copied out of documents.
_RADICALS = {point: unicodedata.normalize("NFKC", chr(point)) for point in range(0x2F00, 0x2FD6)}
_FOLD: dict[int, int | str] = {**_WIDE, **_RADICALS, **_DOTS, 0x3000: " ", 0xA0: " "}
_HAN = "\u2e80-\u2fd5\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PLAIN_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_ASCII_DOT = re.compile(rf"(?<=[{_HAN}])\s*\.\s*(?=[{_HAN}])")
_AROUND_DOT = re.compile(rf"[\s{DOT}]*{DOT}[\s{DOT}]*")
_SPACES = re.compile(r"\s+")
_INVISIBLE = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")  # variation selectors
_EDGES = f" '{DOT}"  # a spreadsheet's apostrophe among them
_IS_HAN = re.compile(f"[{_HAN}]")


def is_han(character: str) -> bool:
    """Whether one character is a Han character, rare ones outside the BMP included."""
    return _IS_HAN.match(character) is not None


def clean(raw: str) -> str:
    """The stored form of a name (BR-011): the dot of ethnic names is U+00B7, Chinese names have
    no inner spaces, full-width Latin is folded, NFC. The raw form is kept by the caller."""
    if _PLAIN_HAN.fullmatch(raw):
        return raw
    name = unicodedata.normalize("NFC", _INVISIBLE.sub("", raw.translate(_FOLD)))
    name = _ASCII_DOT.sub(DOT, _SPACES.sub(" ", name))
    name = _AROUND_DOT.sub(DOT, name).strip(_EDGES)
    return _BETWEEN_HAN.sub("", name)


@cache
def surname_readings() -> dict[str, tuple[str, ...]]:
    """Surname to readings, the reading of the surname first; compound ones joined by "-"."""
    rows = (line.split(" ") for line in data.text("surnames.txt").splitlines() if line)
    return {row[0]: tuple(row[1:]) for row in rows if row[0] != "#"}


def split_surname(name: str) -> tuple[str, str]:
    """Surname and given name of a cleaned name. A name with a dot and a Latin name have no
    surname in this sense: their first part and the rest are returned."""
    for mark in (DOT, " "):
        if mark in name:
            first, _, rest = name.partition(mark)
            return first, rest
    if not name or not is_han(name[0]):
        return name, ""
    size = 2 if len(name) > 2 and name[:2] in surname_readings() else 1
    return name[:size], name[size:]


def mask(name: str, code_only: bool = False) -> str:
    """The form that may stand on a list (BR-052). With ``code_only`` nothing of the name stays:
    for people under 14, without consent, or with a sensitive disease."""
    name = clean(name)
    if code_only or not name:
        return "***" if name else ""
    if DOT in name or not all(map(is_han, name)):
        return f"{name[0]}***" if len(name) > 1 else "*"
    surname, given = split_surname(name)
    if len(surname) == 2 and len(given) <= 2:
        return f"{surname}*{given[1:]}"
    if len(name) <= 2:
        return f"{name[0]}*" if given else "*"
    return f"{name[0]}{'*' if len(name) == 3 else '**'}{name[-1]}"


def mask_list(names: Iterable[str]) -> list[str]:
    """Masked names of one list, told apart by a serial where two would read the same (BR-053)."""
    masked = [mask(name) for name in names]
    total: dict[str, int] = {}
    for one in masked:
        total[one] = total.get(one, 0) + 1
    seen: dict[str, int] = {}
    result = []
    for one in masked:
        seen[one] = seen.get(one, 0) + 1
        result.append(f"{one}({seen[one]})" if total[one] > 1 else one)
    return result
