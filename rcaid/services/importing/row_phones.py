"""Phone numbers by the rule of a profile: of this country, of any with its code, or any digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from rcaid.domain.damage import damage
from rcaid.domain.errors import Problem
from rcaid.domain.identity import check_phone

_FOLD = str.maketrans(
    {p: p - 0xFEE0 for p in range(0xFF01, 0xFF5F)} | dict.fromkeys(map(ord, " \t\u00a0\u3000'()-"))
)
_ABROAD = re.compile(r"(?:\+|00)?([1-9]\d{6,14})", re.ASCII)
_DIGITS = re.compile(r"\+?\d{5,20}", re.ASCII)


def _international(text: str) -> str | Problem:
    """With its country code, whether + or 00 stands before it or nothing: +14155238886."""
    if (what := damage(text)) != "":
        return Problem(f"phone.{_named(what)}", value=text)
    found = _ABROAD.fullmatch(text.translate(_FOLD))
    return f"+{found[1]}" if found else Problem("phone.abroad", value=text)


def _digits(text: str) -> str | Problem:
    """Digits as they stand, with the zeros before them."""
    if (what := damage(text)) != "":
        return Problem(f"phone.{_named(what)}", value=text)
    bare = text.translate(_FOLD)
    return bare if _DIGITS.fullmatch(bare) else Problem("phone.digits", value=text)


def _named(what: str) -> str:
    return "scientific" if what == "rounded" else what


READERS: Mapping[str, Callable[[str], str | Problem]] = {
    "cn": check_phone,
    "international": _international,
    "digits": _digits,
}
