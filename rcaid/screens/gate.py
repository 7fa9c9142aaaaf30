"""The gate: keys run ahead of the screen and still land where they were meant.

Textual loses or misplaces keys that come in a burst, since a key is handled while the screen the
one before it opens is not there yet. Here every key and paste waits in one queue, and the next is
handed out when the program has settled: nothing waiting in any message pump that counts, and no
work running that the key must wait for. Private names of Textual are read for that; a test holds
them, and the version is pinned.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Any, TypeVar

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import Worker, get_current_worker

from rcaid.screens import keys

BACKGROUND = "bg"
"""Group of work that never holds keys."""
KEEPING = "keeping"
"""Group of work that keeps what was typed: it never holds keys, and newer of it replaces older."""
SOFT = "soft"
"""Group of work that holds all but typing: the answer to what is being typed."""

STOPPABLE = "stoppable"
"""Group of long work that holds all keys but Esc, which stops it."""

_BEHIND = (BACKGROUND, KEEPING)
QUIT = "ctrl+q"
STOP = "escape"
_HATCH_SECONDS = 2.0
_LONGEST_NAP = 0.02

T = TypeVar("T")


class KeyParser(XTermParser):
    """Reads Esc and the key behind it apart, which one read of a fast hand or of SSH melts."""

    ahead = ""
    """What was typed before the program listened."""

    def feed(self, data: str) -> Iterable[Message]:
        """Messages for the bytes read, those read earlier first."""
        ahead, KeyParser.ahead = KeyParser.ahead, ""
        return super().feed(ahead + data)

    def tick(self) -> Iterable[Message]:
        """Messages that are due without a byte being read."""
        if KeyParser.ahead:
            yield from self.feed("")
        yield from super().tick()

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        # ESC with one of these begins a longer sequence and stays ambiguous.
        if len(sequence) == 2 and sequence[0] == "\x1b" and sequence[1] not in "[]OP":
            yield events.Key("escape", "\x1b")
            sequence = sequence[1]
        elif alt:
            yield events.Key("escape", "\x1b")
        yield from super()._sequence_to_key_events(sequence)


def install_parser() -> None:
    """Let the driver of this system use `KeyParser`."""
    from textual.drivers import linux_driver

    vars(linux_driver)["XTermParser"] = KeyParser


class GatedApp(App[int]):
    """An app whose keys wait for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._feeder: asyncio.Task[None] | None = None
        self._asking: set[Worker[Any]] = set()
        self._handed_out = 0
        self.last_touched = 0.0

    @property
    def keys_waiting(self) -> int:
        """How many keys have come that were not used yet."""
        return len(self._waiting)

    async def on_event(self, event: events.Event) -> None:
        """Queue keys and pastes that come from outside; all else goes its way."""
        if isinstance(event, (events.InputEvent, events.Paste)):
            self.last_touched = asyncio.get_running_loop().time()
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            self._take(event)
        else:
            await super().on_event(event)

    def drop_keys(self) -> int:
        """Empty the queue, because something came up that these keys cannot have meant. A wish
        to quit stays in it. Returns how many were dropped."""
        kept = [e for e in self._waiting if isinstance(e, events.Key) and e.key == QUIT][:1]
        dropped = len(self._waiting) - len(kept)
        self._waiting = deque(kept)
        return dropped

    async def ask(self, screen: Screen[T]) -> T | None:
        """Open a screen and wait for its answer. Call it from a worker, which does not hold keys
        while the screen is open: they are meant for that screen."""
        worker = get_current_worker()
        self._asking.add(worker)
        try:
            return await self.push_screen_wait(screen)
        finally:
            self._asking.discard(worker)

    def _take(self, event: events.Key | events.Paste) -> None:
        if isinstance(event, events.Key) and event.key == QUIT:
            if any(isinstance(e, events.Key) and e.key == QUIT for e in self._waiting):
                self.leave_at_once()
                return
            handed_out = self._handed_out
            asyncio.get_running_loop().call_later(_HATCH_SECONDS, self._hatch, event, handed_out)
        if isinstance(event, events.Key) and event.key == STOP and self._is_stoppable():
            # What was typed before it was meant for what is being stopped.
            self.drop_keys()
        self._waiting.append(event)
        if self._feeder is None or self._feeder.done():
            self._feeder = asyncio.create_task(self._feed(), name="keys")
            self._feeder.add_done_callback(self._fed)

    def leave_at_once(self) -> None:
        """The way out when something never ends: quit without waiting for anything."""
        self._waiting.clear()
        self.exit(0)

    def _hatch(self, event: events.Key, handed_out: int) -> None:
        if event in self._waiting:
            if handed_out == self._handed_out:
                self.leave_at_once()
            else:
                loop = asyncio.get_running_loop()
                loop.call_later(_HATCH_SECONDS, self._hatch, event, self._handed_out)

    def _fed(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self._handle_exception(error)

    def _fatal_error(self) -> None:
        """Leave with a traceback that shows no values: they are about people."""
        from rich.segment import Segments
        from rich.traceback import Traceback

        # A worker's failure hides the one that matters.
        error = getattr(self._exception, "error", self._exception)
        if error is not None:
            shown = Traceback.from_exception(
                type(error), error, error.__traceback__, show_locals=False
            )
            lines = self.console.render(shown, self.console.options)
            self._exit_renderables.append(Segments(lines))
        self._close_messages_no_wait()

    async def _feed(self) -> None:
        nap = 0.0
        while self._waiting and not self._exit:
            if self._is_held(self._waiting[0]) or not self._is_settled():
                await asyncio.sleep(nap)
                nap = min(nap + 0.0005, _LONGEST_NAP)
                continue
            nap = 0.0
            event = self._waiting.popleft()
            self._handed_out += 1
            handed = asyncio.Event()
            if self.call_later(self._hand_over, event, handed):
                await handed.wait()

    async def _hand_over(self, event: events.Key | events.Paste, handed: asyncio.Event) -> None:
        try:
            await super().on_event(event)
        finally:
            handed.set()

    def _is_held(self, event: events.Key | events.Paste) -> bool:
        """Whether some running work has to end before this key may be used."""
        for worker in self.workers:
            if worker.is_finished or worker in self._asking or worker.group in _BEHIND:
                continue
            if worker.group == STOPPABLE and isinstance(event, events.Key) and event.key == STOP:
                continue
            if worker.group != SOFT or not self._overtakes(event):
                return True
        return False

    def _is_stoppable(self) -> bool:
        return any(w.group == STOPPABLE and not w.is_finished for w in self.workers)

    def _overtakes(self, event: events.Key | events.Paste) -> bool:
        if not getattr(self.focused, "takes_text", False):
            return False
        return isinstance(event, events.Paste) or keys.is_typed(event.key, event.character)

    def _is_settled(self) -> bool:
        """Whether all that keys have set off so far has come to rest."""
        stack = self.screen_stack
        if not stack or self._batch_count or not _is_idle(self):
            return False
        if not all(_is_idle(screen) and not screen._callbacks for screen in stack):
            return False
        # How far a page goes depends on the height that a strip leaves.
        if stack[-1]._layout_required:
            return False
        return all(_is_idle(widget) for widget in stack[-1].walk_children())


def _is_idle(pump: MessagePump) -> bool:
    """Whether a pump is mounted, waits for messages and has nothing put off.

    A pump that awaits something in the middle of a message has an empty queue too; but only one
    that is at rest waits for its queue to be filled.
    """
    if pump._closing or pump._closed:
        return True
    queue: Any = pump._message_queue
    waiters: Any = vars(queue.ready_event)["_waiters"]
    at_rest = any(not waiter.done() for waiter in waiters)
    return (
        at_rest
        and pump._is_mounted
        and queue.empty()
        and pump._pending_message is None
        and not pump._next_callbacks
    )
