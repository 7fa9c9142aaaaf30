"""Opening the terminal program, without the parser of commands, and the store after it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from rcaid.cli.options import Globals
from rcaid.domain.errors import ExitCode, ProblemError

if TYPE_CHECKING:
    from rcaid.screens.desk import DeskSession
    from rcaid.screens.session import Session, Today, Who


def open_terminal(options: Globals, login: str = "") -> int:
    """Opens the terminal program for the person who is here; refuses where there is no terminal."""
    from rcaid.cli.said import say
    from rcaid.locale import _

    if not before_a_terminal():
        say(_("the terminal program needs a terminal; rcaid --help shows the commands"))
        return ExitCode.USAGE
    options = replace(options, login=login)
    opening = Opening(lambda: _open(options), options.login or options.as_login)
    if not _is_there(options):
        opening.opened()
    from rcaid.screens.app import run

    try:
        code = run(cast("Session", opening))
        if opening.failed is not None:
            raise opening.failed
        return code
    finally:
        opening.close()


def before_a_terminal() -> bool:
    """Whether somebody sits before this process."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _open(options: Globals) -> DeskSession:
    from rcaid.cli.who import open_as
    from rcaid.screens.desk import DeskSession

    return DeskSession(open_as(options))


def _is_there(options: Globals) -> bool:
    """Whether a store seems to lie there. If not, the sentence comes before any screen does."""
    place = options.db or os.environ.get("RCAID_DB", "")
    embedded = not place.startswith(("postgresql://", "postgres://"))
    return bool(place) and (not embedded or os.path.exists(place.removeprefix("sqlite:///")))


class Opening:
    """A session whose store is opened by the first question, when the first frame is drawn.

    Until then it knows no more than the login. ``failed`` is what kept the store from opening.
    """

    def __init__(self, open_session: Callable[[], DeskSession], login: str) -> None:
        self._open = open_session
        self._login = login
        self._lock = threading.Lock()
        self._session: DeskSession | None = None
        self.failed: ProblemError | None = None

    @property
    def who(self) -> Who:
        """Who sits here; until the store is open, the login alone."""
        if self._session is not None:
            return self._session.who
        from rcaid.screens.who import Who

        return Who(self._login, "", "", ())

    def today(self) -> Today:
        """The first question of the first screen."""
        return self.opened().today()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.opened(), name)

    def opened(self) -> DeskSession:
        """The session itself. When it cannot be had the program leaves, as at a hang-up."""
        with self._lock:
            if self._session is None:
                try:
                    self._session = self._open()
                except ProblemError as error:
                    self.failed = error
                    if threading.current_thread() is not threading.main_thread():
                        os.kill(os.getpid(), signal.SIGTERM)
                    raise
            return self._session

    def close(self) -> None:
        """Closes the store if it was opened."""
        if self._session is not None:
            self._session.desk.store.close()
