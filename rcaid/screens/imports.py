"""Imports: files that came in, what was made of them, and who may be known twice."""

from __future__ import annotations

from rcaid.locale import N_, _
from rcaid.screens import commands
from rcaid.screens.list import ListScreen
from rcaid.screens.previewing import ListOf
from rcaid.screens.session import Row
from rcaid.screens.widgets.rows import Column

CONTEXTS = {"inbox": "inbox", "imports": "import_batches", "duplicates": "duplicates"}
"""The context of each list, by the name the session knows it by."""


class Imports(ListScreen):
    """The way of a file: from the inbox over its plan into the store, and back."""

    place = "imports"
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
                Column("since", N_("changed"), 69, 10, "day"),
            ),
        ),
        ListOf(
            "imports",
            N_("Batches"),
            (
                Column("file", N_("file"), 5, 24, grows=True),
                Column("kind", N_("kind"), 30, 11, "code"),
                Column("by", N_("by"), 42, 14),
                Column("n", N_("rows"), 57, 6, "count", right=True),
                Column("rejected", N_("not taken"), 64, 9, "count", right=True),
                Column("since", N_("applied"), 74, 6, "day"),
            ),
        ),
        ListOf(
            "duplicates",
            N_("Duplicates"),
            (
                Column("pair", N_("pair"), 5, 40, grows=True),
                Column("score", N_("score"), 46, 6, "count", right=True),
                Column("office", N_("office"), 53, 16),
                Column("since", N_("since"), 70, 9, "day"),
            ),
        ),
    )

    def __init__(self) -> None:
        super().__init__()
        self._use_contexts()

    def _use_contexts(self) -> None:
        """What may be done depends on the list."""
        own = CONTEXTS[self.list_name]
        self.contexts = (commands.ANYWHERE, commands.ROWS, commands.LIST, self.place, own)

    def enter(self, where: str | None, *, search: bool = False) -> None:
        """Come here; a filter is one of the batches."""
        if where is not None:
            self._choose(1)
        super().enter(where, search=search)

    def do_rows_tab(self) -> None:
        """The list of that number."""
        super().do_rows_tab()
        self._use_contexts()
        self.draw()

    def _choose(self, n: int) -> None:
        self.chosen_list = n
        self._use_contexts()
        self.rows.use_columns(self.shown_list.columns)

    def nothing_fits(self) -> str:
        """What an empty list means here."""
        if self.filter_text or self.list_name != "inbox":
            return super().nothing_fits()
        return _("No file is waiting. {key} looks again.").format(key=self.own_key())

    def open_card(self, row: Row) -> None:
        """What Enter does depends on the list."""
        self._without()
