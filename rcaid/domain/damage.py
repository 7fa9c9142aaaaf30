"""What a spreadsheet does to long numbers, told by how they look afterwards (BR-092)."""

from __future__ import annotations

import re

SIGNIFICANT = 15
"""Digits of a number that a spreadsheet keeps; those behind become zeros."""
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d*)?E\+?\d+", re.ASCII | re.IGNORECASE)
_DECIMAL = re.compile(r"\d+\.0+", re.ASCII)
_FOLD = str.maketrans({p: p - 0xFEE0 for p in range(0xFF01, 0xFF5F)})


def damage(text: str) -> str:
    """What was done to a number that identifies something: "scientific" (3.10101E+17), "decimal"
    (123.0), "rounded" (all behind the fifteenth digit zeros), or ""."""
    folded = text.strip().translate(_FOLD)
    if _SCIENTIFIC.fullmatch(folded):
        return "scientific"
    if _DECIMAL.fullmatch(folded):
        return "decimal"
    if len(folded) > SIGNIFICANT and folded.isascii() and folded.isdigit():
        # One zero may be chance; of eighteen places three are lost.
        lost = folded[SIGNIFICANT:]
        return "rounded" if len(lost) >= 2 and not lost.strip("0") else ""
    return ""
