"""Aid: batches of money and goods, from the draft over approval and release to the count."""

from __future__ import annotations

from rcaid.locale import N_, _
from rcaid.screens.acting import Acting
from rcaid.screens.card import CardScreen
from rcaid.screens.commands import Command
from rcaid.screens.list import ListScreen
from rcaid.screens.previewing import ListOf
from rcaid.screens.session import Row
from rcaid.screens.widgets.rows import Column

_ALONE = ("batch.approve", "batch.release", "batch.cancel")


class AidActs(Acting):
    """What may be done to a batch, on its line and on its card alike."""

    acts = frozenset(
        {
            "batch.lock", "batch.approve", "batch.release", "batch.reconcile", "batch.close",
            "batch.cancel",
        }
    )  # fmt: skip

    def refusal(self, command: Command) -> str:
        """What commits the society is decided batch by batch."""
        if command.id in _ALONE and len(self.targets()) > 1:
            return _("one at a time: take the marks away")
        return super().refusal(command)

    def do_batch_lock(self) -> None:
        """Draft to locked."""
        self.act_twice("batch.lock", _("{key} again locks {n} batches"))

    def do_batch_approve(self) -> None:
        """Locked to approved, through the review."""
        self.act_with_review("batch.approve")

    def do_batch_release(self) -> None:
        """Approved to released, through the review."""
        self.act_with_review("batch.release")

    def do_batch_reconcile(self) -> None:
        """Released to reconciled."""
        self.act_twice("batch.reconcile", _("{key} again reconciles {n} batches"))

    def do_batch_close(self) -> None:
        """Reconciled to closed."""
        self.act_twice("batch.close", _("{key} again closes {n} batches"))

    def do_batch_cancel(self) -> None:
        """Given up, with a reason."""
        self.act_with_reason("batch.cancel", _("Cancel"))


class AidCard(AidActs, CardScreen):
    """One batch: its sum, who decided it, what became of its lines, its story."""


class Aid(AidActs, ListScreen):
    """What goes out, and what came back of it."""

    place = "aid"
    title_of_place = N_("Aid")
    lists = (
        ListOf(
            "batches",
            N_("Batches"),
            (
                Column("batch", N_("batch"), 5, 15),
                Column("office", N_("office"), 21, 10, grows=True),
                Column("kind", N_("kind"), 32, 6),
                Column("state", N_("step"), 39, 10, "code"),
                Column("n", N_("lines"), 50, 5, "count", right=True),
                Column("fen", N_("amount"), 56, 12, "money", right=True),
                Column("since", N_("released"), 69, 10, "day"),
            ),
            "step kind cycle programme street district amount n date batch by is sort",
        ),
    )

    def open_card(self, row: Row) -> None:
        """The batch in full."""
        self.rcaid.open(AidCard(self, row))
