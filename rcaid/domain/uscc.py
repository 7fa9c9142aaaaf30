"""The unified social credit code of an organisation (GB 32100-2015): 18 places, the last a check."""

from __future__ import annotations

from rcaid.domain.errors import Problem

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of a code: no I, O, S, V, Z, which are read as digits."""
LENGTH = 18
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, len(ALPHABET)) for place in range(LENGTH - 1))
_FOLD = str.maketrans(
    {p: p - 0xFEE0 for p in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(map(ord, " \t\u00a0\u3000'-"), "")
)


def check(text: str) -> str | Problem:
    """The code in its stored form: full width folded, blanks and hyphens gone, upper case.

    A Problem says what is wrong: uscc.length, uscc.character or uscc.check.
    """
    code = text.translate(_FOLD).upper()
    if len(code) != LENGTH:
        return Problem("uscc.length", {"n": len(code)}, value=text)
    strange = next((character for character in code if character not in _VALUES), "")
    if strange:
        return Problem("uscc.character", {"character": strange}, value=text)
    if code[-1] != check_character(code[:-1]):
        return Problem("uscc.check", value=text)
    return code


def check_character(first17: str) -> str:
    """The last place of a code, from the 17 before it."""
    total = sum(_VALUES[c] * weight for c, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % len(ALPHABET)]


def make_code(number: int) -> str:
    """A made-up code for tests and demos: a social organisation of a region that never was."""
    first17 = f"51310199{number:09}"
    return first17 + check_character(first17)
