"""The ground of every screen: its parts made of lines, and the message line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from rcaid.domain.errors import Broken, ProblemError
from rcaid.domain.sentences import sentence
from rcaid.locale import _
from rcaid.screens import signs
from rcaid.screens.cells import Line, between, fit, line_width, width_of, wrapped
from rcaid.screens.who import STOPPED
from rcaid.screens.widgets.painted import Painted

if TYPE_CHECKING:
    from rcaid.screens.app import RcaidApp
    from rcaid.screens.session import Session

_MOST_LINES = 3


class Saying(Screen[str], inherit_bindings=False):
    """A screen that says what just happened: on its message line, never over data."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: dict[str, Painted] = {}
        self._message: tuple[Line, ...] = ()

    @property
    def rcaid(self) -> RcaidApp:
        """The app, by its own type."""
        from rcaid.screens.app import RcaidApp

        assert isinstance(self.app, RcaidApp)
        return self.app

    @property
    def session(self) -> Session:
        """Who works here and with what."""
        return self.rcaid.session

    def part(self, id: str, classes: str | None = None) -> Painted:
        """Make one of the parts, to be found again by its id; timers may still ask for it when
        the screen is on its way out."""
        self._parts[id] = Painted(id=id, classes=classes)
        return self._parts[id]

    def painted(self, id: str) -> Painted:
        """One of the parts that are made of lines."""
        return self._parts[id]

    def say(self, text: str, sign: str = "", number: str = "") -> None:
        """Put what just happened on the message line, with its number in the record."""
        mark = f"{signs.current().of(sign)} " if sign else ""
        if number:
            # The result of an act stands at the right, where no sentence begins.
            ends = ((f" {signs.current().dot} {number} ", "quiet"),)
            room = max(self.size.width - line_width(ends) - 1, 1)
            said = fit(text, min(width_of(text), room))
            self._message = (between((), ((f" {said}", "text"), *ends), self.size.width),)
        else:
            first, *more = wrapped(text, max(self.size.width - 4, 1))[:_MOST_LINES]
            self._message = (
                ((" ", "text"), (mark, sign or "text"), (first, "text")),
                *(((" " * (1 + len(mark)) + line, "text"),) for line in more),
            )
        self._show_message()

    def _show_message(self) -> None:
        part = self.painted("message")
        if max(len(self._message), 1) != max(len(part.lines), 1):
            part.styles.height = max(len(self._message), 1)
        part.show(self._message)

    def hush(self) -> None:
        """Empty the message line."""
        if self._message:
            self._message = ()
            self._show_message()

    def surprise(self, text: str, sign: str = STOPPED) -> None:
        """Say something that waiting keys cannot have meant, and drop them."""
        dropped = self.rcaid.drop_keys()
        if dropped:
            text = f"{text} " + _("{n} keys were not used.").format(n=dropped)
        self.say(text, sign)

    def refused(self, error: ProblemError) -> None:
        """Say why something was not done."""
        first = sentence(error.problems[0], _)
        more = len(error.problems) - 1
        if more:
            first += " " + _("and {n} more").format(n=more)
        said = _("Does not hold: {why}") if isinstance(error, Broken) else _("Refused: {why}")
        self.surprise(said.format(why=first))
