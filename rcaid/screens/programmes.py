"""Programmes, funds, disasters and donors: the rules, the pots, and where the money went."""

from __future__ import annotations

from rcaid.locale import N_, _
from rcaid.screens import commands
from rcaid.screens.acting import Acting
from rcaid.screens.card import CardScreen
from rcaid.screens.commands import Command
from rcaid.screens.labels import label
from rcaid.screens.list import ListScreen
from rcaid.screens.previewing import ListOf
from rcaid.screens.session import Card, Row
from rcaid.screens.widgets.rows import Column

_SEES = {"donors": ("preparer", "releaser", "approver", "auditor")}
"""Lists that not everybody sees."""
_TURNS = {"programme.versions": "What changed", "fund.trace": "What it paid for"}
"""Commands that turn to one part of a card."""


class Looks(Acting):
    """What may be looked at more closely, from a line and from a card alike."""

    def refusal(self, command: Command) -> str:
        """Only programmes have versions."""
        if command.id == "programme.versions" and self.list_name != "programmes":
            return _("only programmes have versions")
        return super().refusal(command)

    def on_last_line(self, command: Command) -> bool:
        """Only programmes have versions."""
        if command.id == "programme.versions" and self.list_name != "programmes":
            return False
        return super().on_last_line(command)

    def do_programme_versions(self) -> None:
        """What each version of the rules changed."""
        self.turn_to(_("What changed"))

    def do_fund_file(self) -> None:
        """The trace of a donor as a file in the outbox."""
        self.act_now("fund.file")

    def do_fund_trace(self) -> None:
        """What became of the money, donation by donation."""
        self.turn_to(_("What it paid for"))

    def turn_to(self, part: str) -> None:
        """Show one part alone."""


class ProgrammeCard(Looks, CardScreen):
    """A programme, fund, disaster or donor in full."""

    def __init__(self, opener: ListScreen, row: Row, part: str = "") -> None:
        super().__init__(opener, row)
        own = opener.list_name
        self.contexts = (commands.ANYWHERE, commands.ROWS, commands.CARD, self.place, own)
        self._part_wanted = part

    def show_card(self, card: Card) -> None:
        """Let a card stand here, turned to the part that was asked for."""
        part, self._part_wanted = self._part_wanted, ""
        self.card = card
        self.from_line = 0
        if part:
            self.turn_to(part)
        else:
            self.draw()

    def turn_to(self, part: str) -> None:
        """Show one part alone; again: all of it."""
        if self.card is None:
            return
        parts = self.parts(self.card)
        if part not in parts:
            self.say(_("there is nothing of this here"))
        elif self.alone and parts[self.at_part] == part:
            self.alone = False
        else:
            self.at_part, self.alone = parts.index(part), True
        self.from_line = 0
        self.draw()


class Programmes(Looks, ListScreen):
    """Rules, balances, events and givers."""

    place = "programmes"
    title_of_place = N_("Programmes")
    lists = (
        ListOf(
            "programmes",
            N_("Programmes"),
            (
                Column("code", N_("code"), 5, 8),
                Column("name", N_("programme"), 14, 30, grows=True),
                Column("version", N_("version"), 45, 8, "count", right=True),
                Column("cycle", N_("cycle"), 55, 12),
                Column("since", N_("in force"), 69, 10, "day"),
            ),
        ),
        ListOf(
            "funds",
            N_("Funds"),
            (
                Column("code", N_("fund"), 5, 12),
                Column("name", N_("name"), 18, 20, grows=True),
                Column("available", N_("available"), 39, 14, "money", right=True),
                Column("bound", N_("bound"), 54, 13, "money", right=True),
                Column("settled", N_("paid out"), 67, 12, "money", right=True),
            ),
        ),
        ListOf(
            "disasters",
            N_("Disasters"),
            (
                Column("code", N_("code"), 5, 14),
                Column("name", N_("disaster"), 20, 18, grows=True),
                Column("phase", N_("phase"), 39, 9, "code"),
                Column("n", N_("helped"), 49, 6, "count", right=True),
                Column("fen", N_("given"), 55, 13, "money", right=True),
                Column("since", N_("day"), 69, 10, "day"),
            ),
        ),
        ListOf(
            "donors",
            N_("Donors"),
            (
                Column("code", N_("donor"), 5, 12),
                Column("name", N_("name"), 18, 24, grows=True),
                Column("n", N_("donations"), 43, 10, "count", right=True),
                Column("fen", N_("money"), 54, 14, "money", right=True),
                Column("since", N_("last"), 69, 10, "day"),
            ),
        ),
    )

    def __init__(self) -> None:
        super().__init__()
        self._use_contexts()

    def _use_contexts(self) -> None:
        own = self.list_name
        self.contexts = (commands.ANYWHERE, commands.ROWS, commands.LIST, self.place, own)

    def do_rows_tab(self) -> None:
        """The list of that number, for who may see it."""
        n = int(self.pressed) - 1
        needed = _SEES.get(self.lists[n].name, ()) if n < len(self.lists) else ()
        if needed and not set(needed) & set(self.session.who.duties):
            who = ", ".join(map(label, needed))
            self.say(_("needs the duty {duties}").format(duties=who), "attention")
        else:
            super().do_rows_tab()

    def choose_list(self, n: int) -> None:
        """Turn to another list; what may be done depends on it."""
        super().choose_list(n)
        self._use_contexts()

    def refusal(self, command: Command) -> str:
        """Nothing is done here to several at once."""
        if command.id in ("rows.mark", "rows.mark_all"):
            return _("nothing is done here to several at once")
        if command.id in (*_TURNS, "fund.file") and self.rows.row is None:
            return _("nothing is under the cursor")
        return super().refusal(command)

    def on_last_line(self, command: Command) -> bool:
        """Nothing is marked here."""
        return command.id != "rows.mark" and super().on_last_line(command)

    def open_card(self, row: Row) -> None:
        """The whole of it."""
        self.rcaid.open(ProgrammeCard(self, row))

    def turn_to(self, part: str) -> None:
        """One part of its card alone."""
        row = self.rows.row
        if row is not None:
            self.rcaid.open(ProgrammeCard(self, row, part))
