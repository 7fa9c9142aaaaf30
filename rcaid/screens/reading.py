"""Asking the session from a screen, without ever holding up the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual.worker import Worker

from rcaid.domain.errors import ProblemError
from rcaid.locale import _
from rcaid.screens.saying import Saying
from rcaid.screens.who import Unreachable

T = TypeVar("T")

ROWS_GROUP = "rows"
ACT_GROUP = "act"
_SLOW = 0.25


class Reading(Saying, inherit_bindings=False):
    """Reads and acts in the data thread; what nobody waits for any more is dropped."""

    def __init__(self) -> None:
        super().__init__()
        self._slow_for = 0.0

    def read(
        self,
        fetch: Callable[[], T],
        then: Callable[[T], None],
        *,
        group: str,
        failed: Callable[[ProblemError], None] | None = None,
        apart: bool = False,
    ) -> Worker[None] | None:
        """Fetch in the data thread and go on with the result, unless newer work of the same
        group has begun meanwhile. ``failed`` takes a refusal instead of `refused`; ``apart`` is
        for what is long and asks no desk: it has a thread of its own."""
        if not self.is_attached:
            return None
        return self.run_worker(
            self._read(fetch, then, failed or self.refused, apart), group=group, exclusive=True
        )

    async def _read(
        self,
        fetch: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[ProblemError], None],
        apart: bool,
    ) -> None:
        slow = self.set_interval(_SLOW, self._still_reading)
        self._slow_for = 0.0
        try:
            ask = self.rcaid.in_own_thread if apart else self.rcaid.in_data_thread
            result = await ask(fetch)
        except ProblemError as error:
            failed(error)
        except Unreachable as error:
            self.surprise(_("The store does not answer: {why}").format(why=str(error)))
        else:
            if self._slow_for:
                self.hush()
            then(result)
        finally:
            slow.stop()

    def _still_reading(self) -> None:
        before, self._slow_for = self._slow_for, self._slow_for + _SLOW
        if not before:
            self.slow()
        if int(before) < int(self._slow_for):
            self.say(self.slow_text().format(n=int(self._slow_for)))

    def slow_text(self) -> str:
        """What is said of something that takes long, with ``n`` seconds."""
        return _("Reading since {n} s.")

    def slow(self) -> None:
        """Reading takes longer than an eye forgives: show what stands here as old."""
