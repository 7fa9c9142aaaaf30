"""How a name is found: search tokens, the terms of a typed search, and the order of names.

The character table ships as data (made by tools/make_tables.py) and is read at first use.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import product
from typing import NamedTuple

from rcaid import data
from rcaid.domain import names

MOST_READINGS = 6  # of one name: beyond that, combinations nobody types only swell the index
_MEMO_SIZE = 100_000
_HAN_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_WORD = re.compile(r"[^\W_]+")
_CASE = re.compile(r"\d{2}[a-z](-[a-z]{0,2}(-\w{0,8}){0,2})?", re.IGNORECASE)
_SPECIAL = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"})

Spoken = tuple[str, str]
"""One reading of a name or of a part of it: full pinyin and initials."""


class Term(NamedTuple):
    """One term of a search. ``han`` is a phrase of characters side by side; ``latin`` a prefix of
    initials, pinyin, a Latin word or a case number; ``digits`` the end of a number, or all of it."""

    kind: str
    text: str


@cache
def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in data.text("hanzi.txt").splitlines():
        syllables, characters = line.split("\t")
        table.update(dict.fromkeys(characters, tuple(syllables.split(" "))))
    return table


def readings_of(character: str) -> tuple[str, ...]:
    """Every reading in use of one character, without tones, the usual one first; ü is v."""
    return _table().get(character, ())


def _surname(surname: str) -> tuple[tuple[str, ...], ...]:
    """Readings of a surname, each a row of syllables, the reading of the surname first."""
    known = names.surname_readings().get(surname)
    rows = known if known is not None else readings_of(surname)
    spoken = [tuple(row.split("-")) for row in rows]
    spoken += [tuple(s.replace("lv", "lyu") for s in row) for row in spoken if "lv" in row]
    return tuple(spoken)


def reading(surname: str) -> str:
    """The preferred reading of a surname: ``zeng`` for 曾, ``ouyang`` for 欧阳, "" if unknown."""
    rows = _surname(surname)
    return "".join(rows[0]) if rows else ""


def _spoken(text: str) -> tuple[Spoken, ...]:
    rows = [readings_of(c) or ("",) for c in text]
    return tuple(
        dict.fromkeys(
            ("".join(row), "".join(s[:1] for s in row))
            for row, _ in zip(product(*rows), range(MOST_READINGS), strict=False)
        )
    )


class _Surnames(dict[str, tuple[Spoken, ...]]):
    def __missing__(self, surname: str) -> tuple[Spoken, ...]:
        rows = _surname(surname) or ((surname,),) * (not names.is_han(surname[:1]))
        self[surname] = result = tuple(
            ("".join(row), "".join(s[0] for s in row)) for row in rows or (("",),) if row[0]
        ) or (("", ""),)
        return result


class _Given(dict[str, tuple[Spoken, ...]]):
    def __missing__(self, given: str) -> tuple[Spoken, ...]:
        if len(self) >= _MEMO_SIZE:
            self.clear()
        self[given] = result = _spoken(given)
        return result


_SURNAMES, _GIVEN = _Surnames(), _Given()
_COMPOUND: set[str] = set()


def tokens(name: str) -> tuple[str, ...]:
    """Search tokens of a cleaned name: each Han character in order (so that a Chinese term can be
    asked for as a phrase), then every reading in full pinyin and in initials, and Latin words
    folded. ``赵晓敏`` gives 赵 晓 敏 zhaoxiaomin zxm."""
    if _HAN_RUN.fullmatch(name) is None:
        return _mixed(name)
    if not _COMPOUND:
        _COMPOUND.update(s for s in names.surname_readings() if len(s) == 2)
    size = 2 if len(name) > 2 and name[:2] in _COMPOUND else 1
    first, rest = _SURNAMES[name[:size]], _GIVEN[name[size:]]
    if len(first) == 1 and len(rest) == 1:
        return (*name, first[0][0] + rest[0][0], first[0][1] + rest[0][1])
    return (*name, *_spoken_tokens([(a + c, b + d) for a, b in first for c, d in rest]))


def _spoken_tokens(spoken: list[Spoken]) -> list[str]:
    return [t for t in dict.fromkeys([s for s, _ in spoken] + [i for _, i in spoken]) if t]


def _mixed(name: str) -> tuple[str, ...]:
    """Names with a dot, Latin letters or rare characters: the parts are found on their own too."""
    han: list[str] = []
    found: list[str] = []
    whole: list[Spoken] = [("", "")]
    for part in re.split(rf"[{names.DOT}\s]+", name.replace("'", "").replace("’", "")):
        characters = [c for c in part if names.is_han(c)]
        if characters:
            han += characters
            part_spoken = _part(characters)
            if part != name:
                found += _spoken_tokens(part_spoken)
            whole = [(a + c, b + d) for a, b in whole for c, d in part_spoken][:MOST_READINGS]
        for word in _WORD.findall("".join(" " if names.is_han(c) else c for c in part)):
            found += dict.fromkeys((fold_latin(word), _typed_latin(word)))
    # Whoever types the name as it stands is asking for these.
    found += (t.text if t.kind == "latin" else t.text[-4:] for t in query(name) if t.kind != "han")
    return (*han, *dict.fromkeys([*_spoken_tokens(whole), *found]))


def _part(characters: list[str]) -> list[Spoken]:
    surname, given = names.split_surname("".join(characters))
    return [(a + c, b + d) for a, b in _SURNAMES[surname] for c, d in _GIVEN[given]]


def fold_latin(word: str) -> str:
    """A Latin word as it is indexed: case and accents folded to ASCII (Müller is muller)."""
    bare = unicodedata.normalize("NFKD", word.casefold().translate(_SPECIAL))
    return "".join(c for c in bare.casefold() if c.isalnum())


def _typed_latin(word: str) -> str:
    """A word as the search understands it: lü is lv, as in pinyin, and lve is lue."""
    typed = unicodedata.normalize("NFC", word.casefold())
    return fold_latin(re.sub("(?<=[ln])ü", "v", typed)).replace("ve", "ue")


def case_token(case_no: str) -> str:
    """The search token of a case or voucher number: ``22A-JD-00193`` is ``22ajd00193``."""
    return case_no.replace("-", "").casefold()


def query(text: str) -> list[Term]:
    """The terms of a typed search, all of which must hold: ``zxm 1248``, ``欧阳``, ``王x1248``."""
    terms: list[Term] = []
    folded = unicodedata.normalize("NFKC", text).replace("'", "").replace("’", "")
    for chunk in folded.split():
        if _CASE.fullmatch(chunk) and not chunk.isdigit():
            terms.append(Term("latin", case_token(chunk)))
            continue
        if re.fullmatch(r"\d{17}[xX]|\d{14,18}", chunk):
            terms.append(Term("digits", chunk.upper()))
            continue
        terms += _runs(chunk)
    return list(dict.fromkeys(terms))


def _runs(chunk: str) -> list[Term]:
    terms: list[Term] = []
    run, kind = "", ""
    for c in [*chunk, ""]:
        now = _kind(c)
        if now != kind:
            if kind:
                terms.append(Term(kind, _typed_latin(run) if kind == "latin" else run.upper()))
            run, kind = "", now
        run += c
    return [t for t in terms if t.text]


def _kind(character: str) -> str:
    if not character:
        return ""
    if names.is_han(character):
        return "han"
    if character.isascii() and character.isdigit():
        return "digits"
    return "latin" if character.isalpha() or unicodedata.combining(character) else ""


def sort_key(name: str) -> str:
    """A key that sorts names by the pinyin of the surname, then of the rest, then by character."""
    surname, given = names.split_surname(name)
    first = reading(surname) or _sounded(surname)
    return f"{first} {_sounded(given)} {name}"


def _sounded(text: str) -> str:
    """Syllables of the Han characters, words folded, in the order of the text."""
    spaced = "".join(f" {readings_of(c)[0]} " if readings_of(c) else c for c in text)
    return " ".join(fold_latin(word) for word in spaced.replace(names.DOT, " ").split())
