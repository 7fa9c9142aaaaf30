"""Rosters and quota: lists of people, from what came in to what is approved."""

from __future__ import annotations

from rcaid.locale import N_, _
from rcaid.screens.batch_making import Making
from rcaid.screens.card import CardScreen
from rcaid.screens.list import ListScreen
from rcaid.screens.previewing import ListOf
from rcaid.screens.session import Row
from rcaid.screens.widgets.rows import Column


class RosterActs(Making):
    """What may be done to a roster, on its line and on its card alike."""

    acts = frozenset(
        {
            "roster.submit", "roster.verify", "roster.freeze", "roster.approve", "roster.return",
            "roster.batch",
        }
    )  # fmt: skip

    def do_roster_submit(self) -> None:
        """Open to submitted."""
        self.act_twice("roster.submit", _("{key} again hands in {n} rosters"))

    def do_roster_verify(self) -> None:
        """Submitted to verified."""
        self.act_twice("roster.verify", _("{key} again verifies {n} rosters"))

    def do_roster_freeze(self) -> None:
        """Verified to frozen."""
        self.act_twice("roster.freeze", _("{key} again freezes {n} rosters"))

    def do_roster_approve(self) -> None:
        """Frozen to approved, through the review."""
        self.act_with_review("roster.approve")

    def do_roster_return(self) -> None:
        """Back to open, with a reason."""
        self.act_with_reason("roster.return", _("Return"))


class RosterCard(RosterActs, CardScreen):
    """One roster: whose it is, its quota, its lines, its story."""


class Rosters(RosterActs, ListScreen):
    """Rosters by cycle and street, and what is left of each quota."""

    place = "rosters"
    title_of_place = N_("Rosters & quota")
    lists = (
        ListOf(
            "rosters",
            N_("Rosters"),
            (
                Column("roster", N_("roster"), 5, 17),
                Column("office", N_("office"), 23, 14, grows=True),
                Column("state", N_("step"), 38, 10, "code"),
                Column("n", N_("lines"), 49, 5, "count", right=True),
                Column("fen", N_("amount"), 55, 12, "money", right=True),
                Column("since", N_("since"), 69, 10, "day"),
            ),
            "step street district programme cycle n date by roster is sort",
        ),
        ListOf(
            "quota",
            N_("Quota"),
            (
                Column("office", N_("office"), 5, 20, grows=True),
                Column("programme", N_("programme"), 26, 14),
                Column("category", N_("category"), 41, 12, "code"),
                Column("allotted", N_("allotted"), 54, 8, "count", right=True),
                Column("used", N_("used"), 63, 7, "count", right=True),
                Column("left", N_("left"), 71, 8, "count", right=True),
            ),
            "street district programme cycle category",
        ),
    )

    def open_card(self, row: Row) -> None:
        """The roster in full; a quota is a line and no more."""
        if self.list_name == "rosters":
            self.rcaid.open(RosterCard(self, row))
        else:
            self.say(_("not here"))
