"""The filter language: one line of words and tests for every list and for ``--where``.

``parse`` reads a line, ``str(filter)`` writes it back in English names, and the two agree.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import pairwise

from rcaid.domain.errors import Problem
from rcaid.domain.filter_fields import (
    DATE_WORDS,
    FIELDS,
    FLAGS,
    Field,
    Span,
    field_named,
    span_of,
)
from rcaid.domain.text import refusal

LONGEST = 1000
_FOLD: dict[int, int | str] = {point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F)}
_FOLD |= {
    ord(typed): meant
    for typed, meant in {
        "《": "<", "》": ">", "〈": "<", "〉": ">", "≤": "<=", "≥": ">=", "、": ",", "“": '"',
        "”": '"', "…": "..", "—": "-", "–": "-", "\t": " ", "•": "·", "‧": "·", "・": "·",
        "∙": "·", "⋅": "·", "･": "·",
    }.items()
}  # fmt: skip
_ORDERED = ("number", "money", "date")
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)
_MONEY = re.compile(r"(\d{1,12})(?:\.(\d{1,6}))?([万亿]?)", re.ASCII)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?|[+-]\d{1,4}w?d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Value:
    """One value, or a span from ``text`` to ``to``, both included, "" for an open end."""

    text: str
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A word that finds people or cases; ``*`` in it is one character."""

    text: str
    negated: bool = False

    def __str__(self) -> str:
        odd = self.text.startswith("-") or any(c in self.text for c in ' ,:=<>"')
        return ("-" if self.negated else "") + (f'"{self.text}"' if odd else self.text)


@dataclass(frozen=True, slots=True)
class Test:
    """A field, an operator, and values of which one must hold; ``typed`` is the field as written."""

    __test__ = False

    field: str
    op: str
    values: tuple[Value, ...]
    negated: bool = False
    typed: str = dataclasses.field(default="", compare=False)

    def __str__(self) -> str:
        values = ",".join(map(_printed, self.values))
        return f"{'-' if self.negated else ''}{self.field}{self.op}{values}"

    @property
    def kind(self) -> str:
        """The kind of value of the field: text, code, number, money, date, flag or sort."""
        return FIELDS[self.field].kind

    def spans(self, today: str) -> list[Span]:
        """First and last value, both included, of each value of a number (int), money (fen) or
        date (ISO) test; None for an open end. ``none`` and ``any`` are not among them."""
        plain = [v for v in self.values if v.text not in ("none", "any")]
        return [span_of(self.kind, self.op, v.text, v.to, today) for v in plain]

    @property
    def missing(self) -> bool | None:
        """True if ``none`` is asked for, False for ``any``, else None."""
        texts = {v.text for v in self.values if v.to is None}
        return True if "none" in texts else False if "any" in texts else None


def _printed(value: Value) -> str:
    if value.to is not None:
        return f"{value.text}..{value.to}"
    odd = not value.text or any(c in value.text for c in " ,")
    return f'"{value.text}"' if odd else value.text


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; all items must hold."""

    items: tuple[Word | Test, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.items))

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(i for i in self.items if isinstance(i, Word))

    @property
    def tests(self) -> tuple[Test, ...]:
        """Tests that narrow the list; `sort` is apart."""
        return tuple(i for i in self.items if isinstance(i, Test) and i.field != "sort")

    @property
    def sort(self) -> str:
        """The last sort written, a field with - before it for the other way, or ""."""
        sorts = [i for i in self.items if isinstance(i, Test) and i.field == "sort"]
        return sorts[-1].values[0].text if sorts else ""


class _Wrong(Exception):  # noqa: N818
    """Carries the one problem of a line out of the parser."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.problem = Problem(f"filter.{code}", params)


def parse(text: str, allowed: Collection[str] | None = None) -> Filter | Problem:
    """The filter a line means, or the first thing wrong with it. Chinese punctuation, full width
    and dot variants are folded. A field not in ``allowed`` is answered as an unknown one."""
    if len(text) > LONGEST:
        return Problem("filter.too_long", {"limit": LONGEST})
    folded = unicodedata.normalize("NFC", text).translate(_FOLD)
    code = refusal(folded)
    if code:
        return Problem(code, value=text)
    try:
        return Filter(tuple(_item(token, allowed) for token in _tokens(folded)))
    except _Wrong as wrong:
        return replace(wrong.problem, value=text)


def _tokens(text: str) -> list[str]:
    """Pieces between spaces; quotes hold spaces together."""
    tokens, current, quoted = [], "", False
    for c in text:
        quoted ^= c == '"'
        if c.isspace() and not quoted:
            if current:
                tokens.append(current)
            current = ""
        else:
            current += " " if c.isspace() else c
    if quoted:
        raise _Wrong("quote")
    return [*tokens, current] if current else tokens


def _item(token: str, allowed: Collection[str] | None) -> Word | Test:
    negated = token.startswith("-")
    body = token[negated:]
    if not body:
        raise _Wrong("minus")
    match = re.match(r'([^:=<>",]*)(<=|>=|[:=<>])(.*)', body)
    if match is None:
        return Word(_word(body), negated)
    field = field_named(match[1])
    if field is None or (allowed is not None and field.name not in allowed):
        raise _Wrong("no_field", field=match[1], perhaps=_perhaps(match[1], allowed))
    # What is wrong names the field in the language it was written in.
    found = _test(field._replace(name=match[1]), match[2], match[3], negated)
    return replace(found, field=field.name, typed=match[1])


def _perhaps(typed: str, allowed: Collection[str] | None) -> str:
    from difflib import get_close_matches

    known = [n for f in FIELDS.values() for n in (f.name, f.chinese)
             if allowed is None or f.name in allowed]  # fmt: skip
    close = get_close_matches(typed.casefold(), known, n=1, cutoff=0.5)
    return close[0] if close else "F1"


def _word(body: str) -> str:
    text = _unquoted(body)
    if body[0] != '"' and "," in body:
        raise _Wrong("comma")
    if not text.strip():
        raise _Wrong("no_value", field="")
    if text.isascii() and text.isdigit() and len(text) < 4:
        raise _Wrong("short_digits")
    return text


def _unquoted(text: str) -> str:
    if '"' not in text:
        return text
    if len(text) < 2 or text[0] != '"' or text[-1] != '"' or text.count('"') != 2:
        raise _Wrong("quote")
    return text[1:-1]


def _test(field: Field, op: str, rest: str, negated: bool) -> Test:
    ordered = field.kind in _ORDERED
    if op[0] in "<>" and not ordered:
        raise _Wrong("op", field=field.name, op=op)
    parts = re.findall(r'(?:"[^"]*"|[^,"])+|(?<=,)(?=,|$)|^$', rest)
    if not all(parts) or rest.startswith(","):
        raise _Wrong("no_value", field=field.name)
    if field.kind in ("number", "money"):
        _refuse_thousands(field, parts)
    if len(parts) > 1 and (op[0] in "<>" or field.kind == "sort"):
        raise _Wrong("one_value", op=op)
    values = tuple(_value(field, op, part) for part in parts)
    if field.kind == "sort" and negated:
        raise _Wrong("minus")
    return Test(field.name, op, values, negated)


def _refuse_thousands(field: Field, parts: list[str]) -> None:
    for first, second in pairwise(parts):
        marked = re.fullmatch(r"\d{1,3},\d{3}(\.\d+)?", f"{first},{second}")
        if marked and (second[0] == "0" or len(first) < 3):
            raise _Wrong("thousands", field=field.name, write=first + second)


def _value(field: Field, op: str, part: str) -> Value:
    if field.kind in _ORDERED and ".." in part and '"' not in part:
        if op[0] in "<>":
            raise _Wrong("one_value", op=op)
        low, _, high = part.partition("..")
        if not low and not high:
            raise _Wrong("no_value", field=field.name)
        return Value(low and _ordered(field, low), high and _ordered(field, high))
    text = _unquoted(part)
    if not text.strip():
        raise _Wrong("no_value", field=field.name)
    if field.kind in _ORDERED:
        word = {"无": "none", "有": "any"}.get(text, text.casefold())
        if word in ("none", "any") and op in ":=":
            return Value(word)
        return Value(_ordered(field, text))
    return Value(_named(field, text))


def _ordered(field: Field, text: str) -> str:
    """The value of a field with an order, as it is written back."""
    text = text.casefold()
    if field.kind == "date":
        text = DATE_WORDS.get(text, text)
        if text in DATE_WORDS.values() or _is_date(text):
            return text
    elif (_NUMBER if field.kind == "number" else _MONEY).fullmatch(text) and _is_whole_fen(text):
        return text
    raise _Wrong(field.kind, field=field.name, typed=text)


def _is_date(text: str) -> bool:
    from datetime import date

    match = _DATE.fullmatch(text)
    if match is None or not match[1]:
        return match is not None
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return 1800 <= int(match[1]) <= 2200


def _is_whole_fen(text: str) -> bool:
    match = _MONEY.fullmatch(text)
    if match is None:
        return False
    places = {"": 2, "万": 6, "亿": 6}[match[3]]
    return len(match[2] or "") <= places


def _named(field: Field, text: str) -> str:
    """The value of a field whose values have names; free text stays as typed."""
    if field.kind == "flag":
        flag = FLAGS.get(text.casefold())
        if flag is None:
            raise _Wrong("flag", typed=text)
        return flag
    if field.kind == "sort":
        down = text.startswith("-")
        by = field_named(text[down:])
        if by is None or by.kind in ("sort", "flag"):
            raise _Wrong("sort", typed=text)
        return "-" * down + by.name
    if field.kind == "sex":
        sex = {"女": "F", "男": "M", "f": "F", "m": "M"}.get(text.casefold())
        if sex is None:
            raise _Wrong("sex", typed=text)
        return sex
    return text
