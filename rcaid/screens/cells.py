"""Text in cells of the terminal, and values as people read them."""

from __future__ import annotations

import re
from functools import lru_cache

from rich.cells import cell_len, set_cell_size

from rcaid.domain.money import yuan
from rcaid.domain.text import safe_text
from rcaid.locale import _
from rcaid.screens import signs
from rcaid.screens.who import Value

Span = tuple[str, str]
"""A text and its role: text, quiet, accent, strong, done, attention, stopped."""
Line = tuple[Span, ...]

_LONGEST = 600


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """The one door to the terminal: whatever a text holds, it only ever shows."""
    return safe_text(text, _LONGEST)


@lru_cache(maxsize=8192)
def width_of(text: str) -> int:
    """How many cells the text takes on the screen."""
    return cell_len(plain(text))


@lru_cache(maxsize=8192)
def fit(text: str, width: int, right: bool = False) -> str:
    """The text in exactly ``width`` cells; what does not fit is cut and marked as cut."""
    text = plain(text)
    taken = cell_len(text)
    if taken > width:
        cut = signs.current().cut
        return set_cell_size(set_cell_size(text, max(width - 1, 0)).rstrip() + cut, width)
    blanks = " " * (width - taken)
    return blanks + text if right else text + blanks


def wrapped(text: str, width: int) -> list[str]:
    """The text on as many lines as it needs, broken at blanks, or between Han."""
    lines, line = [], ""
    for word in re.findall(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef]\s*|\s+", plain(text)):
        if line and width_of(line) + width_of(word.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()] if line or not lines else lines


def forget() -> None:
    """Drop what was fitted, after the signs changed."""
    fit.cache_clear()


def line_width(line: Line) -> int:
    """Cells of a whole line."""
    return sum(width_of(text) for text, _role in line)


def between(left: Line, right: Line, width: int) -> Line:
    """One line with a text at each end; the left one gives way."""
    room = max(width - line_width(right), 0)
    kept: list[Span] = []
    for text, role in left:
        size = width_of(text)
        if size > room:
            if room > 1:
                kept.append((fit(text, room), role))
            room = 0
            break
        kept.append((text, role))
        room -= size
    return (*kept, (" " * room, "text"), *right)


def ruled(title: str, right: str, width: int, role: str = "quiet") -> Line:
    """A heading, a rule, and what stands at its end."""
    title, right = (f"{title} " if title else ""), (f" {right}" if right else "")
    room = max(width - width_of(title) - width_of(right), 0)
    return ((title, role), (signs.current().rule * room, "quiet"), (right, "quiet"))


def bar(part: int, whole: int, width: int) -> Line:
    """``part`` of ``whole`` as a bar; anything above nothing shows, and full means full."""
    if whole <= 0:
        return ((" " * width, "text"),)
    full = min(part * width // whole, width)
    if 0 < part < whole:
        full = min(max(full, 1), width - 1)
    current = signs.current()
    return ((current.bar * full, "accent"), (current.rest * (width - full), "quiet"))


def money(fen: int) -> str:
    """Fen as yuan with thousands and two decimals."""
    return yuan(fen)


def count(n: int) -> str:
    """A number with thousands."""
    return f"{n:,}"


def day(iso: str, today: str) -> str:
    """An ISO date for people: the year is left out in the year that is meant."""
    if iso == today:
        return _("today")
    return iso[5:10] if today and iso[:4] == today[:4] and len(iso) >= 10 else iso[:10]


def shown(value: Value, kind: str, today: str = "") -> str:
    """A value of a row as its column shows it; kinds are text, code, money, count and day."""
    if value is None or value == "":
        return ""
    if kind == "money" and isinstance(value, int):
        return money(value)
    if kind == "count" and isinstance(value, int):
        return count(value)
    if kind == "code":
        from rcaid.screens.labels import label

        return label(str(value))
    return day(str(value), today) if kind == "day" else str(value)
