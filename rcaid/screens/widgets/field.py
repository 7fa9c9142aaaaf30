"""One line of text to type into: no border, no blinking, and pastes that are never cut."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from rcaid.domain.text import safe_text
from rcaid.locale import _


class Field(Input):
    """An input without a frame. While it has the focus, what is typed is text."""

    takes_text = True
    ALLOW_SELECT = False

    class Refused(Message):
        """Something pasted does not fit here; ``sentence`` says why."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    def __init__(self, *, id: str | None = None, suggester: Suggester | None = None) -> None:
        super().__init__(id=id, compact=True, select_on_focus=False, suggester=suggester)
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        lines = event.text.splitlines()
        if len(lines) > 1:
            sentence = _("{n} lines do not fit in one field").format(n=len(lines))
            self.post_message(self.Refused(sentence))
        elif lines:
            text = safe_text(lines[0].replace("\t", " ").strip())
            start, end = self.selection
            self.replace(text, min(start, end), max(start, end))
