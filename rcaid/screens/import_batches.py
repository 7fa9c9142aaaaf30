"""Batches: what became of files that came in, and taking them back."""

from __future__ import annotations

from rcaid.locale import _
from rcaid.screens import commands
from rcaid.screens.acting import Acting
from rcaid.screens.card import CardScreen
from rcaid.screens.commands import Command
from rcaid.screens.list import ListScreen
from rcaid.screens.session import Row


class BatchActs(Acting):
    """What may be done to a batch, on its line and on its card alike."""

    def refusal(self, command: Command) -> str:
        """Each batch is a review of its own."""
        batch_act = command.id in ("import.undo", "import.rejects")
        if batch_act and command.id in self.acts and len(self.targets()) > 1:
            return _("one at a time: take the marks away")
        return super().refusal(command)

    def do_import_undo(self) -> None:
        """Take it back, through the review."""
        self.act_with_review("import.undo")

    def do_import_rejects(self) -> None:
        """What was not taken, as a file in the inbox."""
        self.act_now("import.rejects")


class BatchCard(BatchActs, CardScreen):
    """One file that came in: its rows by outcome, what was wrong, what it changed."""

    acts = frozenset({"import.undo", "import.rejects"})

    def __init__(self, opener: ListScreen, row: Row) -> None:
        super().__init__(opener, row)
        self.contexts = (commands.ANYWHERE, commands.ROWS, commands.CARD, "import_batches")
