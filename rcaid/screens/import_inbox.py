"""What may be done with a file of the inbox: look into it, say how it is read, plan it."""

from __future__ import annotations

from rcaid.locale import _
from rcaid.screens import commands
from rcaid.screens.commands import Command
from rcaid.screens.import_session import Asked, FileLook, PlannedFile
from rcaid.screens.list import ListScreen
from rcaid.screens.reading import ACT_GROUP
from rcaid.screens.session import Done

_OWN = ("rows.open", "import.plan", "import.map")


class InboxActs(ListScreen):
    """The list of files. A file that was planned opens as its plan, any other by its columns."""

    def refusal(self, command: Command) -> str:
        """A file has to be under the cursor; nothing is marked here."""
        if self.list_name != "inbox":
            return super().refusal(command)
        if command.id in _OWN and self.rows.row is None:
            return _("nothing is under the cursor")
        if command.id == "rows.open":
            return self.why_not(commands.BY_ID["import.plan"])
        if command.id in ("rows.mark", "rows.mark_all"):
            return _("files are read one by one")
        return super().refusal(command)

    def on_last_line(self, command: Command) -> bool:
        """Files are not marked."""
        if self.list_name == "inbox" and command.id == "rows.mark":
            return False
        return super().on_last_line(command)

    def hint_label(self, command: Command) -> str:
        """Enter reads a file, or opens what was planned of it."""
        row = self.rows.row
        if self.list_name == "inbox" and command.id == "rows.open" and row is not None:
            return _("Open the plan") if row.acts else commands.BY_ID["import.plan"].name
        return super().hint_label(command)

    def do_import_plan(self) -> None:
        """The plan of the file under the cursor, or its columns on the way to one."""
        id = self.current_id()
        self.read(
            lambda: self.session.imports.plan_of(id),
            lambda plan: self._open_plan(plan) if plan else self._look(id),
            group=ACT_GROUP,
        )

    def do_import_map(self) -> None:
        """The columns of the file under the cursor, planned before or not."""
        self._look(self.current_id())

    def _look(self, id: str) -> None:
        self.read(
            lambda: self.session.imports.look(id),
            self._open_file,
            group=ACT_GROUP,
            apart=True,
        )

    def _open_file(self, look: FileLook) -> None:
        from rcaid.screens.import_file import FileScreen

        screen = FileScreen(look, None, lambda planned: self._planned(screen.source, planned))
        self.rcaid.open(screen)

    def _planned(self, source: tuple[FileLook, Asked], planned: PlannedFile) -> None:
        """The plan in the place of the columns it was made by."""
        self.rcaid.changes += 1
        self.rcaid.close()
        if planned.plan_id:
            self._open_plan(planned.plan_id, source)
        else:
            self.say(planned.sentence, "attention")

    def _open_plan(self, plan_id: str, source: tuple[FileLook, Asked] | None = None) -> None:
        from rcaid.screens.import_plan import PlanScreen

        self.rcaid.open(PlanScreen(plan_id, self._applied, source))

    def _applied(self, done: Done) -> None:
        """What a bank said opens in its two panes; anything else is said here."""
        self.done(done)
        if done.file:
            from rcaid.screens.bank_results import BankPanes

            self.rcaid.open(BankPanes(done.file, done))
