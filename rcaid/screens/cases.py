"""Cases: one line for each application or roster line."""

from __future__ import annotations

from rcaid.locale import N_
from rcaid.screens.list import ListScreen
from rcaid.screens.previewing import ListOf
from rcaid.screens.session import Row
from rcaid.screens.widgets.rows import Column


class Cases(ListScreen):
    """Everybody who is to be helped or was."""

    place = "cases"
    title_of_place = N_("Cases")
    lists = (
        ListOf(
            "cases",
            N_("Cases"),
            (
                Column("case", N_("case"), 5, 12),
                Column("name", N_("name"), 18, 8, grows=True),
                Column("who", N_("who"), 27, 6),
                Column("office", N_("lives in"), 34, 10),
                Column("category", N_("need"), 45, 8, "code"),
                Column("state", N_("step"), 54, 9, "code"),
                Column("fen", N_("amount"), 63, 10, "money", right=True),
                Column("round", N_("round"), 74, 5),
            ),
            "step street district category name age sex born programme cycle hardship amount"
            " helped roster batch by case is sort",
        ),
    )

    def open_card(self, row: Row) -> None:
        """The case in full."""
        from rcaid.screens.card import CardScreen

        self.rcaid.open(CardScreen(self, row))
