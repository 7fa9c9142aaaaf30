"""The terminal program: one frame, its places, and the way in and out."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.filter import Monochrome, NoColor
from textual.screen import Screen

from rcaid import locale
from rcaid.domain.errors import ExitCode
from rcaid.locale import _
from rcaid.screens import cells, signs, themes
from rcaid.screens.frame import Frame
from rcaid.screens.gate import GatedApp, install_parser

if TYPE_CHECKING:
    from rcaid.screens.session import Session

T = TypeVar("T")

HUNG_UP = 129
"""What a program returns that its terminal left."""
_SECONDS_TO_LEAVE = 1.5
_SECONDS_TO_KEEP = 1.0
_MOMENT = 0.06
LOCK_AFTER = 5 * 60
"""Seconds without a key after which the screen is locked."""
LEAVE_AFTER = 30 * 60
"""Seconds without a key after which the program leaves: a line that died unheard ends too."""

_PLACES = {
    "today": ("rcaid.screens.today", "TodayScreen"),
    "people": ("rcaid.screens.people", "People"),
    "cases": ("rcaid.screens.cases", "Cases"),
    "rosters": ("rcaid.screens.rosters", "Rosters"),
    "aid": ("rcaid.screens.aid", "Aid"),
    "imports": ("rcaid.screens.imports", "Imports"),
    "programmes": ("rcaid.screens.programmes", "Programmes"),
    "reports": ("rcaid.screens.reports", "Reports"),
}


class RcaidApp(GatedApp, inherit_bindings=False):
    """One person's program. It writes no file, shows no toast and never moves by itself."""

    CSS_PATH = os.path.join(os.path.dirname(__file__), "rcaid.tcss")
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None
    ALLOW_SELECT = False
    BINDINGS: ClassVar = []

    def __init__(
        self,
        session: Session,
        *,
        theme: str = themes.DEFAULT,
        lock_after: int = LOCK_AFTER,
        leave_after: int = LEAVE_AFTER,
    ) -> None:
        super().__init__()
        self.lock_after = lock_after
        self.leave_after = leave_after
        self.session = session
        self._data_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="data")
        self._questions: set[futures.Future[Any]] = set()
        self._keeping: set[futures.Future[Any]] = set()
        self._places: dict[str, Frame] = {}
        self._history: list[str] = []
        self.last_act: tuple[str, dict[str, str]] | None = None
        self.changes = 0
        self.last_programme = ""
        self._held = False
        self.left_alone = False
        self.animation_level = "none"
        for known in themes.themes():
            self.register_theme(known)
        bare = self.no_color or themes.colourless(os.environ)
        if bare:
            self.no_color = True
            self._filters = [f for f in self._filters if not isinstance(f, Monochrome)]
            self._filters.append(NoColor())
        self.take_theme("rcaid-terminal" if bare else theme)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The roles under any theme, so that the style sheet always reads."""
        return dict(themes.themes()[0].variables)

    def get_default_screen(self) -> Screen[str]:
        """Today stands at the bottom of everything."""
        return self._place("today")

    def on_mount(self) -> None:
        """Leave well when the terminal goes."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGHUP, signal.SIGTERM):
            loop.add_signal_handler(name, self.hang_up)
        self.last_touched = loop.time()
        loop.call_later(self.lock_after, self._watch_idling)

    def hang_up(self) -> None:
        """The terminal is gone, or somebody ends the program: leave within two seconds."""
        watchdog = threading.Timer(_SECONDS_TO_LEAVE, os._exit, (HUNG_UP,))
        watchdog.daemon = True
        watchdog.start()
        self._waiting.clear()
        self.exit(HUNG_UP, return_code=HUNG_UP)

    # a person who went away

    def _watch_idling(self) -> None:
        """Look again when the nearest of the two times would be over, if no key comes."""
        idle = asyncio.get_running_loop().time() - self.last_touched
        if idle >= self.leave_after:
            self.left_alone = True
            self.leave_at_once()
            return
        if idle >= self.lock_after:
            self.lock()
        left = self.leave_after if idle >= self.lock_after else self.lock_after
        asyncio.get_running_loop().call_later(left - idle, self._watch_idling)

    def lock(self) -> None:
        """Cover everything until Enter; keys that wait were not meant for this."""
        from rcaid.screens.lock import Lock

        if not isinstance(self.screen, Lock):
            self.drop_keys()
            self.open(Lock())

    def unlock(self) -> None:
        """Take the lock away."""
        self.close()

    async def in_data_thread(self, fetch: Callable[[], T]) -> T:
        """Ask the session, in the one thread that talks to it. What nobody waits for any more
        is not even begun."""
        question = self._data_thread.submit(fetch)
        self._questions.add(question)
        question.add_done_callback(self._questions.discard)
        return await asyncio.wrap_future(question)

    @property
    def is_ending(self) -> bool:
        """Whether the program is on its way out."""
        return self._exit

    def keep(self, work: Callable[[], object]) -> None:
        """Do something in the data thread that is to be done even if the program ends next."""
        question = self._data_thread.submit(work)
        self._keeping.add(question)
        question.add_done_callback(self._keeping.discard)

    async def in_own_thread(self, fetch: Callable[[], T]) -> T:
        """Do long work that needs nothing of the session beside all else. It goes on when nobody
        waits for it any more, and ends with the program."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(result: T | None, error: BaseException | None) -> None:
            if future.done():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(cast("T", result))

        def work() -> None:
            result, error = None, None
            try:
                result = fetch()
            except BaseException as raised:  # whoever waits has to hear of it, whatever it is
                error = raised
            with contextlib.suppress(RuntimeError):  # the program has ended
                loop.call_soon_threadsafe(settle, result, error)

        threading.Thread(target=work, name="file", daemon=True).start()
        return await future

    def on_unmount(self) -> None:
        """Begin nothing new in the data thread, and let what it is at come to its end: the store
        is closed next, and must not be while somebody reads in it. What is to be kept is."""
        futures.wait(set(self._keeping), timeout=_SECONDS_TO_KEEP)
        self._data_thread.shutdown(wait=False, cancel_futures=True)
        futures.wait(set(self._questions), timeout=_SECONDS_TO_LEAVE)

    @property
    def is_asking(self) -> bool:
        """Whether a question is still under way in the data thread."""
        return bool(self._questions)

    def copy_out(self, text: str) -> None:
        """Put a text on the clipboard of the machine the person sits at (OSC 52)."""
        if self._driver is None:
            return
        packed = base64.b64encode(cells.plain(text).encode()).decode()
        sequence = f"\x1b]52;c;{packed}\x07"
        if os.environ.get("TMUX"):
            sequence = f"\x1bPtmux;\x1b{sequence}\x1b\\"
        self._driver.write(sequence)

    # places

    def _place(self, name: str) -> Frame:
        if name not in self._places:
            module, kind = _PLACES[name]
            self._places[name] = getattr(import_module(module), kind)()
        return self._places[name]

    @property
    def here(self) -> str:
        """The place that is on the screen, below any card."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Frame) and screen.place in _PLACES and screen.is_place:
                return screen.place
        return "today"

    def go(
        self, name: str, *, where: str | None = None, search: bool = False, shown: str = ""
    ) -> None:
        """Go to a place, or to one of its lists; the place one is in is read again."""
        here = self.here
        if name == here and isinstance(self.screen, Frame) and self.screen.is_place:
            self.screen.enter(where, search=search, shown=shown)
            return
        if name != here:
            self._history = [place for place in self._history if place != here] + [here]
        self._show(name)
        self._place(name).enter(where, search=search, shown=shown)

    def back(self) -> None:
        """One step back: a card to its list, a place to the one before it."""
        screen = self.screen
        if isinstance(screen, Frame) and not screen.is_place:
            self.close()
        elif self._history:
            self._show(self._history.pop())
        elif self.here != "today":
            self._show("today")
        elif isinstance(screen, Frame):
            screen.say(_("^q quits"))

    def open(self, screen: Frame, then: Callable[[str | None], None] | None = None) -> None:
        """Put a screen on top; ``then`` gets its answer."""
        self.hold_picture()
        self.push_screen(screen, then)

    def close(self) -> None:
        """Take the screen on top away."""
        self.hold_picture()
        self.pop_screen()

    def hold_picture(self) -> None:
        """Send nothing until the next screen has something to show, or a moment has gone: over a
        slow line one picture is better than three."""
        if not self._held and self._running:
            self._held = True
            self._begin_batch()
            self.set_timer(_MOMENT, self.release_picture)

    def release_picture(self) -> None:
        """Send what stands there."""
        if self._held:
            self._held = False
            self._end_batch()

    def exit(self, *args: Any, **kwargs: Any) -> None:
        """Leave; a picture that is held back would keep the screens from closing. What stands in
        a form is kept first."""
        for frame in self.frames():
            frame.leaving()
        self.release_picture()
        super().exit(*args, **kwargs)

    def _show(self, name: str) -> None:
        self.hold_picture()
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if name == "today":
            return
        screen = self._place(name)
        if not self.is_screen_installed(screen):
            self.install_screen(screen, name)
        self.push_screen(name)

    def frames(self) -> Iterator[Frame]:
        """Every screen that is there, shown or not."""
        for screen in {*self.screen_stack, *self._places.values()}:
            if isinstance(screen, Frame) and screen.is_mounted:
                yield screen

    # what a person may set

    def next_language(self) -> None:
        """Speak the next language, everywhere at once."""
        languages = locale.LANGUAGES
        locale.set_language(languages[(languages.index(locale.language()) + 1) % len(languages)])
        for frame in self.frames():
            frame.speak()

    def next_theme(self) -> str:
        """Take the next theme and return its name."""
        names = [theme.name for theme in themes.themes()]
        self.take_theme(names[(names.index(self.theme) + 1) % len(names)])
        for frame in self.frames():
            frame.repaint()
        return self.theme

    def take_theme(self, name: str) -> None:
        """Draw in the colours of a theme from now on."""
        self.theme = name
        self.role_styles = themes.role_styles(self.available_themes[name])

    def next_signs(self) -> None:
        """Take the other set of signs."""
        signs.use(signs.PLAIN if signs.current() is signs.FINE else signs.FINE)
        cells.forget()
        for frame in self.frames():
            frame.speak()


def run(session: Session) -> int:
    """Open the program on this terminal and return how it ended. Refuses without a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        refusal = _("The terminal program needs a terminal; commands work without one.")
        print(refusal, file=sys.stderr)
        return int(ExitCode.USAGE)
    from rcaid.screens import terminal

    signs.use(terminal.fitting_signs())
    install_parser()
    app = RcaidApp(session)
    answer = app.run()
    if app.left_alone:
        minutes = app.leave_after // 60
        print(_("rcaid left after {n} minutes without a key.").format(n=minutes), file=sys.stderr)
    code = app.return_code or answer or int(ExitCode.DONE)
    if app.is_asking:  # it never ends, and nothing may be closed under it
        os._exit(code)
    return code
