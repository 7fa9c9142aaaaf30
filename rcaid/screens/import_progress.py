"""How far a plan is: rows read and seconds. Esc stops it and nothing is left of it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.worker import Worker

from rcaid.domain.errors import ProblemError
from rcaid.domain.sentences import sentence
from rcaid.locale import N_, _
from rcaid.screens import commands
from rcaid.screens.cells import Line, between, count, wrapped
from rcaid.screens.commands import Command
from rcaid.screens.frame import Frame
from rcaid.screens.gate import BACKGROUND, STOPPABLE
from rcaid.screens.import_session import Asked, FileLook, PlannedFile, Stopped
from rcaid.screens.widgets.frame import KeyHint

if TYPE_CHECKING:
    from rcaid.screens.app import RcaidApp

LONG = 3.0
"""Seconds after which keys no longer wait for a plan: one may go on elsewhere meanwhile."""
_TICK = 0.25


class PlanJob:
    """One file on its way to a plan, in a thread of its own."""

    def __init__(self, app: RcaidApp, look: FileLook, asked: Asked) -> None:
        self.name = look.name
        self.rows = 0
        self._app = app
        self._look = look
        self._asked = asked
        self._stop = threading.Event()
        self._loop = asyncio.get_running_loop()
        self.is_watched = True

    def stop(self) -> None:
        """End it at the next row that is counted."""
        self._stop.set()

    def run(self) -> PlannedFile:
        """Plan the file. Called in the thread."""
        try:
            planned = self._app.session.imports.plan(self._look, self._asked, self._tell)
        except ProblemError as error:
            self._end(sentence(error.problems[0], _))
            raise
        if self._stop.is_set():
            raise Stopped
        self._end(planned.sentence or _("{file} is planned; F7 shows it").format(file=self.name))
        return planned

    def _end(self, text: str) -> None:
        """Say how it ended to somebody who went elsewhere meanwhile."""
        with contextlib.suppress(RuntimeError):  # the program has ended
            self._loop.call_soon_threadsafe(self._say, text)

    def _say(self, text: str) -> None:
        if not self.is_watched and self._app.is_running:
            self._app.changes += 1
            if isinstance(self._app.screen, Frame):
                self._app.screen.say(text)

    def _tell(self, rows: int) -> None:
        if self._stop.is_set() or not self._app.is_running:
            raise Stopped
        self.rows = rows


class ProgressScreen(Frame):
    """Shows a plan being made. ``done`` gets what came of it, ``failed`` why nothing did."""

    title_of_place = N_("Import plan")
    contexts = (commands.ANYWHERE,)

    def __init__(
        self,
        job: PlanJob,
        done: Callable[[PlannedFile], None],
        failed: Callable[[ProblemError], None],
    ) -> None:
        super().__init__()
        self.job = job
        self._done = done
        self._tell = failed
        self._seconds = 0.0
        self._worker: Worker[None] | None = None

    def compose_body(self) -> ComposeResult:
        """Which file it is, and how far it is."""
        yield self.part("sub", "line")
        yield self.part("body")

    def on_mount(self) -> None:
        """Begin."""
        self.set_interval(_TICK, self._tick)
        self._worker = self.read(
            self.job.run, self._planned, group=STOPPABLE, failed=self._failed, apart=True
        )

    def on_unmount(self) -> None:
        """Somebody who leaves lets it go on."""
        self.job.is_watched = False
        self._worker = None

    def _still_reading(self) -> None:
        """The screen itself says how long it takes."""

    def _tick(self) -> None:
        self._seconds += _TICK
        worker = self._worker
        if self._seconds >= LONG and worker is not None and worker.group == STOPPABLE:
            worker.group = BACKGROUND
        self.draw_body()

    # drawing

    def draw_body(self) -> None:
        """The file, the rows and the seconds."""
        width = self.size.width
        right = _("nothing is written yet")
        self.painted("sub").show(
            [between(((f" {self.job.name}", "strong"),), ((f"{right} ", "quiet"),), width)]
        )
        since = int(self._seconds)
        said = _("{n} rows read and judged").format(n=count(self.job.rows))
        lines: list[Line] = [(), ((f"     {said}", "text"),)]
        if since:
            lines.append(((f"     {_('since {n} s').format(n=since)}", "quiet"),))
        if self._seconds >= LONG:
            text = _("It goes on when you leave with an F-key; the inbox shows it when it is done.")
            lines.append(())
            lines += [((f"     {line}", "quiet"),) for line in wrapped(text, width - 6)]
        self.painted("body").show(lines)

    def hints(self) -> list[KeyHint]:
        """Esc is what works."""
        return [KeyHint("escape", _("Stop")), *super().hints()]

    def on_last_line(self, command: Command) -> bool:
        """No more than help and the way out."""
        return command.id.startswith("app.") and super().on_last_line(command)

    # the end

    def do_app_back(self) -> None:
        """Stop it."""
        self.job.stop()
        self._leave()
        self._say_below(_("Stopped; nothing is left of it."))

    def _leave(self) -> None:
        if self._worker is not None:
            self._worker.cancel()
        self.rcaid.close()

    def _say_below(self, text: str) -> None:
        below = self.rcaid.screen
        if isinstance(below, Frame):
            below.say(text)

    def _planned(self, planned: PlannedFile) -> None:
        self.rcaid.close()
        self._done(planned)

    def _failed(self, error: ProblemError) -> None:
        """One sentence, on the screen it was begun from."""
        self.rcaid.close()
        self._tell(error)
