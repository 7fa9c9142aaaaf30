"""Strips that take what is typed: the number of one of many things, a count, a short text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rcaid.screens import signs
from rcaid.screens.cells import Line, fit, width_of, wrapped
from rcaid.screens.import_session import Option
from rcaid.screens.strip import Strip
from rcaid.screens.widgets.frame import KeyHint

_MOST_DIGITS = 9
_LONGEST = 40


class NumberStrip(Strip):
    """One of many things by its number: one digit up to nine of them, two digits above."""

    def __init__(
        self, title: str, right: str, options: Sequence[Option], done: Callable[[str], None]
    ) -> None:
        super().__init__()
        self.title, self.right = title, right
        self.options = tuple(options)
        self._digits = 1 if len(self.options) < 10 else 2
        self._typed = ""
        self._done = done

    def body(self, width: int) -> list[Line]:
        """The things downwards in as many columns as they fit, greyed ones with their reason."""
        texts = ["  ".join(filter(None, (o.label, o.reason or o.note))) for o in self.options]
        widest = max((width_of(text) for text in texts), default=0) + self._digits + 3
        across = max(min((width - 2) // max(widest, 1), 4), 1)
        rows = (len(texts) + across - 1) // across
        room = (width - 2) // across
        lines: list[Line] = []
        for row in range(rows):
            spans: list[tuple[str, str]] = [("  ", "text")]
            for n in range(row, len(texts), rows):
                grey = bool(self.options[n].reason)
                number = str(n + 1).zfill(self._digits)
                spans.append((f"{number} ", "quiet" if grey else "accent"))
                spans.append(
                    (fit(texts[n], room - self._digits - 2) + " ", "quiet" if grey else "text")
                )
            lines.append(tuple(spans))
        if self._typed:
            lines.append(((f"  {self._typed}", "strong"), (signs.current().caret, "accent")))
        return lines

    def key(self, name: str) -> bool:
        """Take a digit; when the number is whole, that thing."""
        if name == "backspace":
            self._typed = self._typed[:-1]
            return True
        if not (name.isdigit() and name.isascii()):
            return False
        self._typed += name
        if len(self._typed) == self._digits:
            at, self._typed = int(self._typed) - 1, ""
            if 0 <= at < len(self.options) and not self.options[at].reason:
                self.closed = True
                self._done(self.options[at].code)
        return True


class CountStrip(Strip):
    """The guard of a large act: the count has to be typed before Enter does it."""

    def __init__(
        self, title: str, question: str, expected: int, verb: str, done: Callable[[], None]
    ) -> None:
        super().__init__()
        self.title, self.verb = title, verb
        self._question, self._expected = question, str(expected)
        self._typed = ""
        self._done = done

    @property
    def is_right(self) -> bool:
        """Whether Enter may do it."""
        return self._typed == self._expected

    def body(self, width: int) -> list[Line]:
        """The question, what is typed, and the caret."""
        first, *rest = wrapped(self._question, width - 12)
        lines: list[Line] = [((f"   {line}", "text"),) for line in [first, *rest][:-1]]
        last = [first, *rest][-1]
        return [
            *lines,
            (
                (f"   {last} ", "text"),
                (self._typed, "strong"),
                (signs.current().caret, "accent"),
            ),
        ]

    def hints(self) -> list[KeyHint]:
        """Enter is grey until the count is right."""
        return [KeyHint("enter", self.verb, self.is_right), *super().hints()]

    def key(self, name: str) -> bool:
        """Digits are the count, Enter does it when it is right."""
        if name == "backspace":
            self._typed = self._typed[:-1]
        elif name.isdigit() and name.isascii():
            self._typed = (self._typed + name)[:_MOST_DIGITS]
        elif name == "enter" and self.is_right:
            self.closed = True
            self._done()
        else:
            return name == "enter"
        return True


class TextStrip(Strip):
    """A short text, a name for example."""

    def __init__(self, title: str, label: str, verb: str, done: Callable[[str], None]) -> None:
        super().__init__()
        self.title, self.verb = title, verb
        self._label = label
        self._typed = ""
        self._done = done

    def body(self, width: int) -> list[Line]:
        """The label, what is typed, and the caret."""
        return [
            (
                (f"   {self._label}  ", "quiet"),
                (self._typed, "text"),
                (signs.current().caret, "accent"),
            )
        ]

    def hints(self) -> list[KeyHint]:
        """Enter sends once something is typed."""
        return [KeyHint("enter", self.verb, bool(self._typed.strip())), *super().hints()]

    def key(self, name: str) -> bool:
        """Every character is text."""
        text = " " if name == "space" else name
        if name == "backspace":
            self._typed = self._typed[:-1]
        elif name == "enter":
            if self._typed.strip():
                self.closed = True
                self._done(self._typed.strip())
        elif len(text) == 1 and text.isprintable():
            self._typed = (self._typed + text)[:_LONGEST]
        else:
            return False
        return True
