"""Aid: batches of money and goods, and transfers to institutions, from the draft to the count."""

from __future__ import annotations

from rcaid.locale import N_, _
from rcaid.screens import commands
from rcaid.screens.batch_making import Making
from rcaid.screens.card import CardScreen
from rcaid.screens.commands import Command
from rcaid.screens.labels import label
from rcaid.screens.list import ListScreen
from rcaid.screens.notices import NOTICES, NoticeCard, NoticeLists
from rcaid.screens.previewing import ListOf
from rcaid.screens.session import Row
from rcaid.screens.widgets.rows import Column

_AID = ("preparer", "releaser", "approver", "keeper", "auditor", "caseworker")
_SEES = {
    "batches": _AID,
    "distributions": _AID,
    "notices": ("caseworker", "verifier", "reviewer", "approver", "notice", "auditor"),
    "bank_results": ("caseworker", "approver", "preparer", "releaser", "auditor"),
    "transfers": ("preparer", "releaser", "approver", "keeper", "auditor"),
}
"""Lists that not everybody sees who sees batches."""
_MARKED = ("batches", "transfers")
_MANY = ("batch.lock", "batch.reconcile", "batch.close")


class AidActs(Making):
    """What may be done to a batch or a transfer, on its line and on its card alike."""

    acts = frozenset(
        {
            "batch.lock", "batch.approve", "batch.release", "batch.reconcile", "batch.close",
            "batch.cancel", "batch.file", "batch.clear", "return.reissue", "transfer.approve", "transfer.send", "transfer.receive",
            "transfer.report", "transfer.return", "transfer.cancel",
        }
    )  # fmt: skip

    def refusal(self, command: Command) -> str:
        """What commits the society is decided one by one."""
        if command.id in self.acts - set(_MANY) and len(self.targets()) > 1:
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

    def do_transfer_approve(self) -> None:
        """Draft to approved, through the review."""
        self.act_with_review("transfer.approve")

    def do_transfer_send(self) -> None:
        """Approved to sent, through the review."""
        self.act_with_review("transfer.send")

    def do_transfer_receive(self) -> None:
        """Sent to received."""
        self.act_now("transfer.receive")

    def do_transfer_report(self) -> None:
        """Received to closed."""
        self.act_now("transfer.report")

    def do_transfer_return(self) -> None:
        """Sent and come back, with a reason."""
        self.act_with_reason("transfer.return", _("It came back"))

    def do_transfer_cancel(self) -> None:
        """Given up, with a reason."""
        self.act_with_reason("transfer.cancel", _("Cancel"))


class AidCard(AidActs, CardScreen):
    """One batch or transfer: its sum, who decided it, what became of it, its story."""

    def __init__(self, opener: ListScreen, row: Row) -> None:
        super().__init__(opener, row)
        own = opener.list_name
        self.contexts = (commands.ANYWHERE, commands.ROWS, commands.CARD, self.place, own)


class Aid(NoticeLists, AidActs, ListScreen):
    """What goes out, and what came back of it."""

    place = "aid"
    title_of_place = N_("Aid")
    acts = AidActs.acts | NoticeLists.acts
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
        ListOf(
            "distributions",
            N_("Distributions"),
            (
                Column("batch", N_("batch"), 5, 15),
                Column("office", N_("office"), 21, 14, grows=True),
                Column("item", N_("goods"), 36, 14),
                Column("handed", N_("handed"), 51, 8, "count", right=True),
                Column("left", N_("left"), 60, 8, "count", right=True),
                Column("since", N_("day"), 69, 10, "day"),
            ),
        ),
        ListOf(
            "bank_results",
            N_("Bank results"),
            (
                Column("file", N_("file"), 5, 24, grows=True),
                Column("settled", N_("settled"), 30, 9, "count", right=True),
                Column("returned", N_("returned"), 40, 9, "count", right=True),
                Column("waiting", N_("waiting"), 50, 8, "count", right=True),
                Column("unmatched", N_("unmatched"), 59, 9, "count", right=True),
                Column("since", N_("taken in"), 69, 10, "day"),
            ),
        ),
        NOTICES,
        ListOf(
            "transfers",
            N_("Transfers"),
            (
                Column("transfer", N_("transfer"), 5, 14),
                Column("receiver", N_("receiver"), 20, 15, grows=True),
                Column("purpose", N_("purpose"), 36, 9),
                Column("state", N_("step"), 46, 9, "code"),
                Column("fen", N_("value"), 55, 13, "money", right=True),
                Column("since", N_("day"), 69, 10, "day"),
            ),
            "step programme name",
        ),
    )

    def __init__(self) -> None:
        super().__init__()
        self._use_contexts()

    def _use_contexts(self) -> None:
        """What may be done depends on the list."""
        own = self.list_name
        self.contexts = (commands.ANYWHERE, commands.ROWS, commands.LIST, self.place, own)

    def _may_see(self, name: str) -> bool:
        needed = _SEES.get(name)
        return needed is None or bool(set(needed) & set(self.session.who.duties))

    def enter(self, where: str | None, *, search: bool = False, shown: str = "") -> None:
        """Come here: to the list that is asked for, else to the first one may see."""
        if not shown and not self._may_see(self.list_name):
            shown = next(each.name for each in self.lists if self._may_see(each.name))
        super().enter(where, search=search, shown=shown)

    def do_rows_tab(self) -> None:
        """The list of that number, for who may see it."""
        n = int(self.pressed) - 1
        name = self.lists[n].name if n < len(self.lists) else ""
        if not self._may_see(name):
            who = ", ".join(map(label, _SEES[name]))
            self.say(_("needs the duty {duties}").format(duties=who), "attention")
        else:
            super().do_rows_tab()

    def refusal(self, command: Command) -> str:
        """Handing out needs a duty of its own."""
        if command.id == "rows.open" and self.list_name == "distributions":
            return self.why_not(commands.BY_ID["day.look_up"])
        if command.id in ("rows.mark", "rows.mark_all") and self.list_name not in _MARKED:
            return _("nothing is done here to several at once")
        return super().refusal(command)

    def can_do(self, command: Command) -> bool:
        """Opening a list to hand out is what the table is for."""
        return command.id == "day.look_up" or super().can_do(command)

    def on_last_line(self, command: Command) -> bool:
        """Marks are for lists of which several are acted on."""
        if command.id == "rows.mark" and self.list_name not in _MARKED:
            return False
        return super().on_last_line(command)

    def hint_label(self, command: Command) -> str:
        """Enter on a list that is handed out opens the table."""
        if command.id == "rows.open" and self.list_name == "distributions":
            return _("Hand out")
        return super().hint_label(command)

    def choose_list(self, n: int) -> None:
        """Turn to another list; what may be done depends on it."""
        super().choose_list(n)
        self._use_contexts()

    def open_card(self, row: Row) -> None:
        """The batch or the transfer in full; a list that is handed out opens the table."""
        if self.list_name == "distributions":
            from rcaid.screens.hand_out import HandOut

            self.rcaid.open(HandOut(row.id))
        elif self.list_name == "bank_results":
            from rcaid.screens.bank_results import BankPanes

            self.rcaid.open(BankPanes(row.id))
        elif self.list_name == NOTICES.name:
            self.open_notice(row)
        else:
            self.rcaid.open(AidCard(self, row))

    def open_notice(self, row: Row) -> None:
        """The notice as the public reads it."""
        self.rcaid.open(NoticeCard(self, row))
