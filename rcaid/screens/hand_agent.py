"""The strip that asks who takes something for somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from rcaid.locale import _
from rcaid.screens import commands, signs
from rcaid.screens.cells import Line, fit
from rcaid.screens.strip import Entry, Strip
from rcaid.screens.widgets.frame import KeyHint

LAST4: Final = re.compile(r"\d{4}|\d{3}X", re.ASCII)
"""The end of an identity number."""


class AgentStrip(Strip):
    """Who takes it: the relation by a digit, then the last four of their number."""

    def __init__(
        self, title: str, relations: list[Entry], done: Callable[[str, str], None]
    ) -> None:
        super().__init__()
        self.title, self.right = title, _("their document is seen")
        self._relations = relations
        self._done = done
        self._relation = ""
        self._digits = ""

    def body(self, width: int) -> list[Line]:
        """The relations; once one is chosen, the field for the digits."""
        lines: list[Line] = []
        room = (width - 4) // 3
        for start in range(0, len(self._relations), 3):
            spans: list[tuple[str, str]] = [("   ", "text")]
            for entry in self._relations[start : start + 3]:
                chosen = entry.key == self._relation
                spans.append((f"{entry.key} ", "accent"))
                spans.append((fit(entry.label, room - 3) + " ", "strong" if chosen else "text"))
            lines.append(tuple(spans))
        if self._relation:
            label = _("last four digits of their ID")
            caret = (signs.current().caret, "accent")
            lines.append(((f"   {label}  ", "quiet"), (self._digits, "strong"), caret))
        return lines

    def hints(self) -> list[KeyHint]:
        """Enter hands over once the four digits stand there."""
        verb = commands.BY_ID["day.look_up"].name
        return [KeyHint("enter", verb, self._is_whole), *super().hints()]

    @property
    def _is_whole(self) -> bool:
        return bool(LAST4.fullmatch(self._digits))

    def key(self, name: str) -> bool:
        """A digit is the relation, then the number; ``.`` stands for X as on the keypad."""
        if name == "backspace":
            if not self._digits:
                self._relation = ""
            self._digits = self._digits[:-1]
        elif name == "enter":
            if self._is_whole:
                self.closed = True
                self._done(self._relation, self._digits)
        elif not self._relation:
            if any(entry.key == name for entry in self._relations):
                self._relation = name
        elif name in (".", "x", "X") or (name.isdigit() and name.isascii()):
            self._digits = (self._digits + ("X" if name in (".", "x", "X") else name))[:4]
        else:
            return False
        return True
