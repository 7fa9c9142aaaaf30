"""Strips about one case: its papers by their numbers, an amount, a line of opinion."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rcaid.domain.errors import Problem
from rcaid.domain.money import parse_yuan
from rcaid.domain.sentences import sentence
from rcaid.locale import _
from rcaid.screens import keys, signs
from rcaid.screens.applying import Paper
from rcaid.screens.cells import Line, fit, money, width_of, wrapped
from rcaid.screens.strip import Strip
from rcaid.screens.widgets.frame import KeyHint

THERE = ("seen", "copied", "waived")


class PaperStrip(Strip):
    """Papers by the numbers they have on every screen; 0 takes all. ``ticked`` are ticked from
    the start, ``text`` says what the family will read of what is ticked, and with ``whole`` Enter
    works with none ticked too."""

    def __init__(
        self,
        title: str,
        right: str,
        papers: Sequence[Paper],
        verb: str,
        done: Callable[[tuple[str, ...]], None],
        *,
        ticked: Sequence[str] = (),
        text: Callable[[Sequence[str]], str] | None = None,
        whole: bool = False,
    ) -> None:
        super().__init__()
        self.title, self.right, self.verb = title, right, verb
        self.papers = tuple(papers)
        self.ticked = set(ticked)
        self._text = text
        self._whole = whole
        self._digits = 1 if all(paper.number < 10 for paper in papers) else 2
        self._typed = ""
        self._done = done

    @property
    def chosen(self) -> tuple[str, ...]:
        """The papers that are ticked, in the order of their numbers."""
        return tuple(paper.code for paper in self.papers if paper.code in self.ticked)

    @property
    def is_ready(self) -> bool:
        """Whether Enter does it."""
        return self._whole or bool(self.chosen)

    def body(self, width: int) -> list[Line]:
        """The papers in columns, what is typed, and what the family will read."""
        current = signs.current()
        texts = [paper.label for paper in self.papers]
        widest = max(map(width_of, texts), default=0) + self._digits + 4
        across = max(min((width - 4) // widest, 4), 1)
        room = min((width - 4) // across, widest + 4)
        lines: list[Line] = []
        for start in range(0, len(self.papers), across):
            spans: list[tuple[str, str]] = [("   ", "text")]
            for paper in self.papers[start : start + across]:
                box = current.ticked if paper.code in self.ticked else current.box
                spans.append((f"{box}{str(paper.number).zfill(self._digits)} ", "accent"))
                spans.append((fit(paper.label, room - self._digits - 3) + " ", "text"))
            lines.append(tuple(spans))
        if self._typed:
            lines.append(((f"   {self._typed}", "strong"), (current.caret, "accent")))
        if self._text is not None and self.chosen:
            label = f"   {_('the family will read')}  "
            first, *more = wrapped(self._text(self.chosen), max(width - width_of(label) - 1, 8))
            lines.append(((label, "quiet"), (first, "text")))
            lines += [((" " * width_of(label) + line, "text"),) for line in more[:2]]
        return lines

    def hints(self) -> list[KeyHint]:
        """Enter does it once something is ticked."""
        return [KeyHint("enter", self.verb, self.is_ready), *super().hints()]

    def key(self, name: str) -> bool:
        """A number ticks or takes back, Enter does it."""
        if name == "enter":
            if self.is_ready:
                self.closed = True
                self._done(self.chosen)
            return True
        if name == "backspace":
            self._typed = self._typed[:-1]
            return True
        if not (name.isdigit() and name.isascii()):
            return False
        self._typed += name
        if len(self._typed) == self._digits:
            number, self._typed = int(self._typed), ""
            found = [paper.code for paper in self.papers if paper.number == number]
            if not number:
                self.ticked = {paper.code for paper in self.papers}
            self.ticked ^= set(found)
        return True


class WriteStrip(Strip):
    """A line of text. ``given`` stands in for nothing typed; ``refused`` says what is wrong with
    a text, "" for nothing."""

    def __init__(
        self,
        title: str,
        right: str,
        label: str,
        verb: str,
        done: Callable[[str], None],
        *,
        given: str = "",
        refused: Callable[[str], str] | None = None,
        most: int = 200,
    ) -> None:
        super().__init__()
        self.title, self.right, self.verb = title, right, verb
        self._label, self._given, self._refused = label, given, refused
        self._most = most
        self._typed = ""
        self._wrong = ""
        self._done = done

    def body(self, width: int) -> list[Line]:
        """The label, what is typed, the caret; what is wrong below."""
        caret = signs.current().caret
        room = max(width - width_of(self._label) - 8, 8)
        shown = self._typed
        while width_of(shown) > room:
            shown = shown[1:]
        lines: list[Line] = [
            (
                (f"   {self._label}  ", "quiet"),
                (shown, "text"),
                (caret, "accent"),
                ("" if self._typed else self._given, "quiet"),
            )
        ]
        if self._wrong:
            lines.append(((f"   {signs.current().stopped} ", "stopped"), (self._wrong, "text")))
        return lines

    def hints(self) -> list[KeyHint]:
        """Enter sends."""
        ready = bool(self._typed.strip() or self._given)
        return [KeyHint("enter", self.verb, ready), *super().hints()]

    def key(self, name: str) -> bool:
        """Every character is text."""
        text = " " if name == "space" else name
        if name == "backspace":
            self._typed = self._typed[:-1]
        elif name == "enter":
            self._finish()
        elif len(text) == 1 and text.isprintable():
            self._typed = (self._typed + text)[: self._most]
            self._wrong = ""
        else:
            return False
        return True

    def _finish(self) -> None:
        text = self._typed.strip() or self._given
        if not text:
            return
        self._wrong = self._refused(text) if self._refused else ""
        if not self._wrong:
            self.closed = True
            self._done(text)


def amount_strip(title: str, fen: int, verb: str, done: Callable[[int], None]) -> WriteStrip:
    """An amount in yuan; Enter alone takes the one the rules give."""

    def refused(text: str) -> str:
        read = parse_yuan("".join(map(keys.fold, text)))
        return sentence(read, _) if isinstance(read, Problem) else ""

    def chosen(text: str) -> None:
        read = parse_yuan("".join(map(keys.fold, text)))
        if isinstance(read, int):
            done(read)

    given = money(fen) if fen else ""
    right = _("by rule {money}").format(money=given) if given else ""
    return WriteStrip(
        title, right, _("amount"), verb, chosen, given=given, refused=refused, most=20
    )
