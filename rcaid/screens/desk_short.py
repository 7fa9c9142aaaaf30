"""Short lists by who reads them: a page at once, one line in short, and a card."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rcaid.screens import desk_bank_results, desk_hand_out, desk_notices, desk_programmes
from rcaid.screens.session import Card, Page, Preview

if TYPE_CHECKING:
    from rcaid.services.desk import Desk

PAGES: dict[str, tuple[Callable[[Desk, str], Page], Callable[[Desk, str], Preview]]] = {
    "distributions": (desk_hand_out.page, desk_hand_out.preview),
    "bank_results": (desk_bank_results.page, desk_bank_results.preview),
    "notices": (desk_notices.page, desk_notices.preview),
    "programmes": (desk_programmes.programme_page, desk_programmes.programme_preview),
    "funds": (desk_programmes.fund_page, desk_programmes.fund_preview),
    "disasters": (desk_programmes.event_page, desk_programmes.event_preview),
    "donors": (desk_programmes.donor_page, desk_programmes.donor_preview),
}
"""A page at once, and one line in short."""
CARDS: dict[str, Callable[[Desk, str], Card]] = {
    "programmes": desk_programmes.programme_card,
    "funds": desk_programmes.fund_card,
    "disasters": desk_programmes.event_card,
    "donors": desk_programmes.donor_card,
}
"""One of them in full."""
