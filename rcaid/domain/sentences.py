"""The sentence and the citation of every problem code, in English; translated at the edge."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rcaid.domain.errors import Problem


class Sentence(NamedTuple):
    """``text`` is a format string over the problem's parameters; ``cite`` names the rule."""

    text: str
    cite: str = ""


SENTENCES: dict[str, Sentence] = {}


def _add(noun: str, rows: dict[str, tuple[str, str]]) -> None:
    for code, (text, cite) in rows.items():
        SENTENCES[f"{noun}.{code}"] = Sentence(text, cite)


_add(
    "who",
    {
        "unknown": ("{login} is not known here; an administrator can add them", ""),
        "no_duty": ("{login} has no duty that may do this ({act}) in {office}", ""),
        "maker": ("{login} had an earlier part in this ({part}); another person does it", "BR-040"),
        "elsewhere": ("this belongs to {office}, which is outside your offices", ""),
    },
)

_add(
    "state",
    {
        "no_move": ("{noun} is {state}; it cannot {action} from there", ""),
        "stale": ("{noun} was changed by somebody else meanwhile: {changes}", "BR-047"),
        "gone": ("{noun} {id} does not exist", ""),
    },
)

_add(
    "text",
    {
        "control": ("the value holds an invisible or control character; type it again", ""),
        "bidi": ("the value holds a character that turns the direction of the text", ""),
        "surrogate": ("the value holds half a character; save the file as UTF-8 again", ""),
        "private_use": (
            "the value holds a character that only one computer knows; use the standard one",
            "BR-011",
        ),
    },
)

_add(
    "money",
    {
        "empty": ("no amount is given", ""),
        "not_amount": ("{value} is not an amount; write it like 1000.00", ""),
        "scientific": (
            "{value} was cut short by a spreadsheet; set the column to text and enter it again",
            "BR-092",
        ),
        "negative": ("{value} is below zero; an amount is never negative", ""),
        "decimals": ("{value} has more than two decimals; the smallest part is 0.01", "BR-063"),
        "too_large": ("{value} is more than any amount here can be", ""),
    },
)

_add(
    "identity",
    {
        "empty": ("no number is given; someone without a document has the type NONE", "BR-007"),
        "not_none": ("the type says there is no document, yet a number is given", "BR-007"),
        "kind": ("{kind} is not a type of identity document", ""),
        "format": ("the number does not have the form of {kind}", ""),
        "scientific": (
            "the number was cut short by a spreadsheet; set the column to text and enter it again",
            "BR-092",
        ),
        "rounded": (
            "the last three places became 000 in a spreadsheet; enter the number again as text",
            "BR-092",
        ),
        "length": (
            "the number has {length} places; it must have 18, or 15 of the old form",
            "BR-001",
        ),
        "letters": ("the number holds something other than digits and a last X", "BR-001"),
        "date": ("the places 7 to 14 are not a date of birth", "BR-001"),
        "future": ("the date of birth {born} is in the future", "BR-001"),
        "checksum": (
            "the check digit is wrong; a digit was mistyped or two were swapped",
            "BR-001",
        ),
    },
)

_add(
    "phone",
    {
        "empty": ("no phone number is given", ""),
        "scientific": (
            "the phone number was cut short by a spreadsheet; enter it again as text",
            "BR-092",
        ),
        "format": ("this is no phone number; write 11 digits, or area code and number", ""),
    },
)

_add(
    "account",
    {
        "empty": ("no account number is given", ""),
        "scientific": (
            "the account was cut short by a spreadsheet; enter it again as text",
            "BR-092",
        ),
        "rounded": (
            "the last places became zeros in a spreadsheet; enter the account again as text",
            "BR-092",
        ),
        "letters": ("an account number has digits alone", ""),
        "length": ("the account has {length} digits; it must have 8 to 30", ""),
        "luhn": ("the check digit of the card looks wrong; compare it with the card", ""),
    },
)


def sentence(problem: Problem, translate: Callable[[str], str] = lambda text: text) -> str:
    """One line that says what is wrong and what to do, with the rule in brackets."""
    known = SENTENCES.get(problem.code)
    if known is None:
        return problem.code
    text = translate(known.text).format_map({"value": problem.value, **problem.params})
    return f"{text} ({known.cite})" if known.cite else text
