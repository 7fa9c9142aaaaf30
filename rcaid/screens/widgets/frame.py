"""The lines around every place: who and where, what may be pressed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rcaid.screens import keys, signs
from rcaid.screens.cells import Line, Span, fit, line_width, width_of
from rcaid.screens.labels import label
from rcaid.screens.who import Who

MOST_KEYS = 8
NARROWEST, LOWEST = 80, 24


class KeyHint(NamedTuple):
    """A key of the last line; a greyed one keeps its place."""

    key: str
    label: str
    may: bool = True


def top_line(who: Who, place: str, width: int) -> Line:
    """Society, office, person, duty; the place in the middle; what must not be missed."""
    dot = f" {signs.current().dot} "
    flags = list(who.flags)
    duties = ", ".join(label(duty) for duty in who.duties)
    if width_of(duties) > width // 4 and len(who.duties) > 1:
        duties = f"{label(who.duties[0])} +{len(who.duties) - 1}"
    parts = [part for part in (who.society, who.office_name, who.name, duties) if part]
    middle = max((width - width_of(place)) // 2, 0)
    # When room runs out the society goes first, then the store, then the duty.
    if who.society and width_of(dot.join(parts)) > middle - 2:
        parts.remove(who.society)
    if len(flags) > 1 and width_of(dot.join(flags)) > width - middle - width_of(place) - 3:
        flags.pop()
    if width_of(dot.join(parts)) > middle - 2 and len(parts) > 2:
        parts[-1] = fit(parts[-1], max(middle - 2 - width_of(dot.join(parts[:-1]) + dot), 4))
    left = fit(" " + dot.join(parts), middle)
    right = dot.join(flags) + " "
    gap = max(width - middle - width_of(place) - width_of(right), 1)
    return ((left, "text"), (place, "strong"), (" " * gap, "text"), (right, "attention"))


def last_line(hints: Sequence[KeyHint], width: int) -> Line:
    """At most eight keys, the last two of which always fit."""
    hints = list(hints)
    hints = [*hints[: MOST_KEYS - 2], *hints[-2:]] if len(hints) > MOST_KEYS else hints
    while len(hints) > 2 and line_width(_hinted(hints)) > width:
        del hints[-3]
    return _hinted(hints)


def _hinted(hints: Sequence[KeyHint]) -> Line:
    spans: list[Span] = [(" ", "text")]
    for hint in hints:
        spans.append((keys.shown(hint.key), "accent" if hint.may else "quiet"))
        spans.append((f" {hint.label}  ", "text" if hint.may else "quiet"))
    return tuple(spans)
