"""The sentences of money and goods: funds, donations, stock, batches that are held."""

from __future__ import annotations

from typing import Final

Rows = dict[str, tuple[str, str]]

MONEY: Final[dict[str, Rows]] = {
    "hand": {
        "served": ("{voucher} was handed over already, by {who}", ""),
        "dead": ("{voucher}: the person has died; nothing is handed over", "BR-016"),
        "suspended": ("{voucher}: the right is suspended; nothing is handed over", "BR-016"),
        "not_handed": ("{voucher} was put down as not handed out, by {who}", ""),
        "left_out": ("{voucher} was left out of this list", ""),
        "elsewhere": ("{voucher} is not on this list: it belongs to {other}", ""),
        "closed": ("{batch} is not being handed out", ""),
    },
}
"""By noun, the sentences and citations of its codes; `sentences` takes them in."""
