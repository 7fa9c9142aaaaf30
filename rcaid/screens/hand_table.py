"""What stands on the table of a distribution day: who is at it, and what happened just now."""

from __future__ import annotations

from collections.abc import Sequence

from rcaid.locale import _
from rcaid.screens import signs
from rcaid.screens.cells import Line, between, fit, wrapped
from rcaid.screens.hand_session import Happening, SlipView


def card_lines(slips: Sequence[SlipView], at: int, width: int, *, opened: bool) -> list[Line]:
    """Who it is and what they get; several below one another, the one that is picked marked.
    ``opened`` says that Enter would hand over now."""
    if not slips:
        return []
    if len(slips) > 1:
        return _several(slips, at, width, opened=opened)
    slip = slips[0]
    sign = signs.current().of(slip.sign)
    lines: list[Line] = [
        ((f"{sign} ", slip.sign or "text"), (fit(slip.said, width - 2), "text")),
        ((fit(slip.who, width), "strong"),),
        ((fit(slip.what, width), "text"),),
    ]
    lines += [((line, "quiet"),) for fact in slip.facts for line in wrapped(fact, width)]
    return [*lines, (), _ways()] if slip.may and opened else lines


def _several(slips: Sequence[SlipView], at: int, width: int, *, opened: bool) -> list[Line]:
    said = _("{n} fit; choose with the arrows").format(n=len(slips))
    lines: list[Line] = [((said, "quiet"),)]
    for n, slip in enumerate(slips):
        here = n == at
        cursor = (f"{signs.current().cursor} " if here else "  ", "accent")
        lines.append((cursor, (fit(slip.who, width - 2), "strong" if here else "text")))
        facts = "  ".join((*slip.facts[:1], slip.what if slip.may else slip.said))
        lines.append((("    ", "text"), (fit(facts, width - 4), "quiet")))
    return [*lines, _ways()] if opened else lines


def _ways() -> Line:
    return (
        (f"{signs.current().enter} ", "accent"),
        (f"{_('hand over')}   ", "text"),
        ("+ ", "accent"),
        (f"{_('to an agent')}   ", "text"),
        ("- ", "accent"),
        (_("not today"), "text"),
    )


def happened_line(each: Happening, width: int) -> Line:
    """One line of what happened just now, its number in the record at the end."""
    sign = signs.current().of(each.sign)
    right = ((f" {each.number} ", "quiet"),) if each.number else ()
    left = (
        (f" {each.at}  ", "quiet"),
        (f"{sign}  ", each.sign or "text"),
        (fit(each.digits, 6 if len(each.digits) <= 4 else 18), "text"),
        (fit(each.who, 14) + "  ", "text"),
        (each.text, "text"),
    )
    return between(left, right, width)
