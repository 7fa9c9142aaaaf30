"""Press keys on the program and read what stands on its screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from textual import events

from rcaid.screens.app import RcaidApp
from rcaid.screens.frame import Frame
from rcaid.screens.gate import BACKGROUND
from rcaid.screens.list import ListScreen
from rcaid.screens.review import ReviewScreen
from rcaid.screens.session import Session

_CHARACTERS = {"enter": "\r", "escape": "\x1b", "space": " ", "tab": "\t", "backspace": "\x7f"}


def presses(text: str) -> list[events.Key | events.Paste]:
    """Key presses for words: names of keys, and ``"zxm"`` for typed text."""
    found: list[events.Key | events.Paste] = []
    for word in text.split():
        if word.startswith('"'):
            found += [events.Key(c, c) for c in word.strip('"').replace("_", " ")]
        else:
            found.append(events.Key(word, _CHARACTERS.get(word, word if len(word) == 1 else None)))
    return found


async def settle(app: RcaidApp) -> None:
    """Wait until all keys are used and what they set off has come to rest."""
    quiet = 0
    while quiet < 3:
        await asyncio.sleep(0.001)
        busy = any(not w.is_finished and w.group != BACKGROUND for w in app.workers)
        at_rest = app._exit or (not app.keys_waiting and not busy and app._is_settled())
        quiet = quiet + 1 if at_rest else 0


async def press(app: RcaidApp, text: str, *, slowly: bool = False) -> None:
    """Press keys in one burst, or one after another."""
    for event in presses(text):
        app.post_message(event)
        if slowly:
            await settle(app)
    await settle(app)


@asynccontextmanager
async def running(session: Session, size: tuple[int, int] = (80, 24)) -> AsyncIterator[RcaidApp]:
    """The program, opened and at rest."""
    app = RcaidApp(session)
    async with app.run_test(size=size):
        await settle(app)
        yield app


def lines(app: RcaidApp) -> list[str]:
    """What stands on the screen, line by line."""
    return [strip.text for strip in app.screen._compositor.render_strips()]


def shown(app: RcaidApp) -> str:
    """What stands on the screen."""
    return "\n".join(lines(app))


def message(app: RcaidApp) -> str:
    """The message line, on however many lines it needs."""
    assert isinstance(app.screen, Frame)
    said = ["".join(text for text, _role in line) for line in app.screen.painted("message").lines]
    return " ".join(line.strip() for line in said)


def state(app: RcaidApp) -> tuple[object, ...]:
    """Where the program is: what a burst has to leave as slow hands do."""
    screen = app.screen
    parts: list[object] = [type(screen).__name__, app.here, app._history]
    for frame in sorted(app._places.values(), key=lambda f: f.place):
        if isinstance(frame, ListScreen) and frame.is_mounted:
            rows = frame.rows
            marked = sorted(rows.marked)
            parts.append((frame.place, rows.cursor, marked, frame.filter_text, frame.chosen_list))
            parts.append(frame.focused is not None)
    if isinstance(screen, ReviewScreen):
        parts.append((screen.typed, sorted(screen.included), screen.cursor))
    strip = getattr(screen, "strip", None)
    parts.append(strip.title if strip else "")
    return tuple(parts)


def acts(log: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """What was done, of all that was asked for."""
    return [entry for entry in log if entry[0] in ("act", "reveal", "review", "card")]
