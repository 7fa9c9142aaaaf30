"""The sentences of money and goods: funds, donations, stock, batches that are held."""

from __future__ import annotations

from typing import Final

Rows = dict[str, tuple[str, str]]

MONEY: Final[dict[str, Rows]] = {}
"""By noun, the sentences and citations of its codes; `sentences` takes them in."""
