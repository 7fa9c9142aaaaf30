"""What a report is asked for, in one strip: a digit takes the next choice, Enter runs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rcaid.locale import _
from rcaid.screens import signs
from rcaid.screens.cells import Line, fit
from rcaid.screens.import_session import Option
from rcaid.screens.report_session import Choices, Wanted
from rcaid.screens.strip import Strip
from rcaid.screens.widgets.frame import KeyHint

_LONGEST = 24


class ReportStrip(Strip):
    """Period, office and day by the digits 1 to 3; 0 types any other period."""

    def __init__(self, choices: Choices, done: Callable[[Wanted], None]) -> None:
        super().__init__()
        self.title = choices.title
        self.right = _("a digit takes the next one")
        self._choices = choices
        self._done = done
        self._at = [0, 0, 0]
        self._typing = False
        self._typed = ""

    def _options(self) -> tuple[Sequence[Option], ...]:
        return self._choices.periods, self._choices.offices, self._choices.days

    def wanted(self) -> Wanted:
        """What would be run now."""
        period, office, day = (
            options[at].code if options else ""
            for options, at in zip(self._options(), self._at, strict=True)
        )
        return Wanted(self._choices.name, self._typed or period, office, day)

    def body(self, width: int) -> list[Line]:
        """The three of them side by side, and the text that is typed."""
        spans: list[tuple[str, str]] = [("  ", "text")]
        names = (_("period"), _("office"), _("as of"))
        for n, (name, options, at) in enumerate(zip(names, self._options(), self._at, strict=True)):
            several = len(options) > 1
            text = options[at].label if options else _("none")
            if not n and self._typed:
                text = self._typed
            head = f" {n + 1} " if several else "   "
            spans += [(head, "accent"), (f"{name} ", "quiet")]
            # A span of two days, a name, a day: together they fit the narrowest screen.
            spans.append((fit(text, (23, min(width - 66, 30), 10)[n]), "text"))
        lines: list[Line] = [tuple(spans)]
        if self._typing:
            caret = signs.current().caret
            label = f"   {_('other period')}  "
            lines.append(((label, "quiet"), (self._typed, "strong"), (caret, "accent")))
        elif self._choices.free:
            said = _("type a period: 2022, 2022-10, 2022-01-01..2022-06-30")
            lines.append((("   ", "text"), ("0 ", "accent"), (said, "quiet")))
        return lines

    def hints(self) -> list[KeyHint]:
        """Enter runs it."""
        return [KeyHint("enter", _("Run"), bool(self.wanted().period)), *super().hints()]

    def key(self, name: str) -> bool:
        """A digit takes the next choice; while a period is typed, keys are text."""
        if name == "enter":
            if self._typing:
                self._typing = False
            if self.wanted().period:
                self.closed = True
                self._done(self.wanted())
            return True
        if self._typing:
            return self._write(name)
        if name == "0" and self._choices.free:
            self._typing, self._typed = True, ""
            return True
        if name in ("1", "2", "3"):
            n = int(name) - 1
            options = self._options()[n]
            if not n and self._typed:
                self._typed = ""
            elif options:
                self._at[n] = (self._at[n] + 1) % len(options)
            return True
        return False

    def _write(self, name: str) -> bool:
        if name == "backspace":
            self._typed = self._typed[:-1]
        elif len(name) == 1 and name.isascii() and name.isprintable():
            self._typed = (self._typed + name)[:_LONGEST]
        else:
            return False
        return True
