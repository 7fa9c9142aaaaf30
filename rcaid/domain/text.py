"""Text that came from outside: what may enter, and how it is shown without doing anything."""

from __future__ import annotations

import re
import unicodedata

MOST_MARKS = 4
_ORDINARY = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u3001-\u3029\u3040-\u3096\u30a0-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e\uffe5\U00020000-\U000323af]*"
)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters by category that draw nothing, or a blank where nobody looks for one.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def is_plain(value: str) -> bool:
    """Quick check: nothing in the text can be a control, an override or invisible. Text that
    fails it may still be fine (an ideographic space is); `refusal` tells."""
    return value.isprintable()


def refusal(value: str) -> str | None:
    """The problem code of a value that may not enter, or None."""
    if value.isprintable():
        return None
    for character in value:
        if character in _BIDI:
            return "text.bidi"
        category = unicodedata.category(character)
        if category == "Cs":
            return "text.surrogate"
        if category == "Co":
            return "text.private_use"
        if category in ("Cc", "Cf", "Zl", "Zp") or _is_noncharacter(character):
            return "text.control"
    return None


def _is_noncharacter(character: str) -> bool:
    point = ord(character)
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF


def safe_text(value: str, limit: int = 400) -> str:
    """The one door to terminal and log: whatever the text holds, it only ever shows.

    NFC; controls become pictures (␛), overrides, invisible and unassigned characters stand as
    ⟨U+202E⟩, at most four marks pile up on a letter, and the result has at most ``limit``
    characters, the last an ellipsis if more was there.
    """
    if _ORDINARY.fullmatch(value) is None:
        # More than any limit of a screen could show; a mark costs up to eight characters.
        value = _shown(value[: limit * (MOST_MARKS + 4) + 1])
    if len(value) > limit:
        return value[: max(limit - 1, 0)] + "…"[:limit]
    return value


def _shown(value: str) -> str:
    parts: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", value):
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > MOST_MARKS:
            continue
        parts.append(_picture(character, category))
    return "".join(parts)


def _picture(character: str, category: str) -> str:
    point = ord(character)
    if point < 0x20:
        return chr(0x2400 + point)
    if point == 0x7F:
        return "\u2421"
    hidden = category in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or character in _BLANK
    if hidden or _is_noncharacter(character) or _is_variation(point):
        return f"⟨U+{point:04X}⟩"
    if category == "Zs" and point not in (0x20, 0x3000):
        return " "
    return character


def _is_variation(point: int) -> bool:
    return 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF


def spreadsheet_safe(value: str) -> str:
    """The text with an apostrophe before it if a spreadsheet could take it for a formula
    (BR-096). Full-width forms count too, and so does what stands behind spaces."""
    bare = value.lstrip()
    if value.startswith(("\t", "\r", "\n")) or bare.startswith(_FORMULA):
        return "'" + value
    return value
