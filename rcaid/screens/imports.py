"""Imports: files that came in, what was made of them, and who may be known twice."""

from __future__ import annotations

from rcaid.locale import N_, _
from rcaid.screens import commands
from rcaid.screens.commands import Command
from rcaid.screens.duplicates import PairActs, PairCard
from rcaid.screens.import_batches import BatchActs, BatchCard
from rcaid.screens.import_inbox import InboxActs
from rcaid.screens.previewing import ListOf
from rcaid.screens.session import Row
from rcaid.screens.widgets.rows import Column

CONTEXTS = {"inbox": "inbox", "imports": "import_batches", "duplicates": "duplicates"}
"""The context of each list, by the name the session knows it by."""


class Imports(BatchActs, PairActs, InboxActs):
    """The way of a file: from the inbox over its plan into the store, and back."""

    place = "imports"
    acts = frozenset({"import.undo", "import.rejects", "dup.split"})
    title_of_place = N_("Imports")
    lists = (
        ListOf(
            "inbox",
            N_("Inbox"),
            (
                Column("file", N_("file"), 5, 30, grows=True),
                Column("office", N_("office"), 36, 12),
                Column("size", N_("size"), 49, 8, right=True),
                Column("state", N_("state"), 58, 10),
                Column("since", N_("arrived"), 69, 10, "day"),
            ),
        ),
        ListOf(
            "imports",
            N_("Batches"),
            (
                Column("file", N_("file"), 5, 20, grows=True),
                Column("kind", N_("kind"), 26, 11),
                Column("n", N_("rows"), 37, 7, "count", right=True),
                Column("rejected", N_("not taken"), 46, 9, "count", right=True),
                Column("fen", N_("amount"), 56, 12, "money", right=True),
                Column("since", N_("taken in"), 69, 10, "day"),
            ),
            "kind step cycle programme street district n date by is sort",
        ),
        ListOf(
            "duplicates",
            N_("Duplicates"),
            (
                Column("left", N_("on record"), 5, 16, grows=True),
                Column("right", N_("perhaps the same"), 22, 16),
                Column("score", N_("score"), 39, 5, "count", right=True),
                Column("state", N_("step"), 46, 11),
                Column("office", N_("office"), 58, 10),
                Column("since", N_("since"), 69, 10, "day"),
            ),
            "step name street district",
        ),
    )

    def __init__(self) -> None:
        super().__init__()
        self._use_contexts()

    def _use_contexts(self) -> None:
        """What may be done depends on the list."""
        own = CONTEXTS[self.list_name]
        self.contexts = (commands.ANYWHERE, commands.ROWS, commands.LIST, self.place, own)

    def choose_list(self, n: int) -> None:
        """Turn to another list; what may be done depends on it."""
        super().choose_list(n)
        self._use_contexts()

    def nothing_fits(self) -> str:
        """What an empty list means here."""
        if self.filter_text or self.list_name == "imports":
            return super().nothing_fits()
        if self.list_name == "duplicates":
            return _(
                "No pair waits to be decided. {key} looks again; the filter step:merged lists merges."
            ).format(key=self.own_key())
        return _("No file is waiting. {key} looks again.").format(key=self.own_key())

    def open_card(self, row: Row) -> None:
        """What Enter does depends on the list."""
        if self.list_name == "inbox":
            self.do_import_plan()
        elif self.list_name == "imports":
            self.rcaid.open(BatchCard(self, row))
        elif self.list_name == "duplicates":
            self.rcaid.open(PairCard(self, row))

    def on_last_line(self, command: Command) -> bool:
        """Marks are for acts on many things, and there is none here."""
        return command.id != "rows.mark" and super().on_last_line(command)
