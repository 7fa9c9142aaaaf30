"""Cases: one line for each application or roster line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rcaid.locale import N_
from rcaid.screens.card import CardScreen, Opener
from rcaid.screens.case_acts import CaseActs, moved_strip
from rcaid.screens.cells import Line
from rcaid.screens.list import ListScreen
from rcaid.screens.previewing import ListOf
from rcaid.screens.session import Card, Done, Row
from rcaid.screens.starting import Starting
from rcaid.screens.widgets.rows import Column


class CaseCard(CaseActs, CardScreen):
    """One case: an application with its papers and its checks, or a line of a roster."""

    def __init__(self, opener: Opener, row: Row) -> None:
        super().__init__(opener, row)
        self._before: Card | None = None

    def foot_lines(self, width: int) -> Sequence[Line]:
        """What the next step will ask for stands in sight, however long the card is."""
        lines = super().foot_lines(width)
        if lines or self.strip or self.card is None or not self.card.advice:
            return lines
        return [((f" {self.card.advice}", "attention"),)]

    def body_lines(self, card: Card, width: int) -> list[Line]:
        """All lines of the card but for the advice."""
        return super().body_lines(replace(card, advice=""), width)

    def show_moved(self) -> None:
        """What somebody else changed meanwhile, field by field, over what stands there by now."""
        self._before = self.card
        self.after_act()

    def show_card(self, card: Card) -> None:
        """Let a card stand here."""
        before, self._before = self._before, None
        super().show_card(card)
        if before is not None and before.id == card.id:
            who = card.story[0].who if card.story else ""
            self.open_strip(moved_strip(who, before, card))


class Cases(CaseActs, Starting, ListScreen):
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
                Column("who", N_("who"), 27, 5),
                Column("office", N_("lives in"), 33, 8),
                Column("category", N_("need"), 42, 8, "code"),
                Column("state", N_("step"), 51, 9, "code"),
                Column("fen", N_("amount"), 61, 9, "money", right=True),
                Column("due", N_("due"), 71, 8),
            ),
            "step due street district category name age sex born programme cycle hardship amount"
            " helped roster batch by case lane is sort",
        ),
    )

    def open_card(self, row: Row) -> None:
        """The case in full."""
        self.rcaid.open(CaseCard(self, row))

    def registered(self, done: Done) -> None:
        """A new case stands in the list."""
        self.reload()
        super().registered(done)
