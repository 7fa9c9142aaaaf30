"""Dialogs as strips at the foot of the screen: what they are about stays in sight.

A strip is plain data with two questions, what it shows and what a key does to it; the frame draws
it and hands it keys.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rcaid.locale import _
from rcaid.screens import commands, signs
from rcaid.screens.cells import Line, fit, ruled, width_of, wrapped
from rcaid.screens.who import Choice
from rcaid.screens.widgets.frame import KeyHint

_MOST_ROWS = 10


class Strip:
    """One strip. `key` answers whether it used the key; `closed` says that it is over."""

    title = ""
    right = ""

    def __init__(self) -> None:
        self.closed = False

    def lines(self, width: int) -> list[Line]:
        """What stands on the strip, its heading first."""
        return [ruled(f" {self.title}", f"{self.right} ", width, "strong"), *self.body(width)]

    def body(self, width: int) -> list[Line]:
        """The lines below the heading."""
        return []

    def hints(self) -> list[KeyHint]:
        """What the last line says while the strip is open."""
        return [KeyHint("escape", _("Not now")), KeyHint("f1", _("Help"))]

    def key(self, name: str) -> bool:
        """Use a key, or say that it is not one of this strip."""
        return False


class Entry(NamedTuple):
    """A line of a menu: the key that does it, and why it cannot be done now."""

    key: str
    label: str
    reason: str = ""


class TableStrip(Strip):
    """Lines of cells to read, one below the other; the last cell gives way and wraps."""

    def __init__(self, title: str, rows: Sequence[Sequence[str]]) -> None:
        super().__init__()
        self.title = title
        self.rows = tuple(rows)

    def body(self, width: int) -> list[Line]:
        """The cells in columns, as many lines as leave the rest of the screen in sight."""
        across = max(len(cells) for cells in self.rows)
        widths = [max(width_of(cells[n]) for cells in self.rows) for n in range(across - 1)]
        before = 3 + sum(each + 2 for each in widths)
        lines: list[Line] = []
        for cells in self.rows[:_MOST_ROWS]:
            front = "".join(fit(c, w + 2) for c, w in zip(cells[:-1], widths, strict=True))
            first, *rest = wrapped(cells[-1], max(width - before - 1, 8))
            lines.append(((f"   {front}", "quiet"), (first, "text")))
            lines += [((" " * before + more, "text"),) for more in rest]
        more = len(self.rows) - _MOST_ROWS
        if more > 0:
            lines.append(((f"   {_('and {n} more').format(n=more)}", "quiet"),))
        return lines


class MenuStrip(Strip):
    """A number or a letter does it."""

    def __init__(
        self, title: str, right: str, entries: Sequence[Entry], done: Callable[[str], None]
    ) -> None:
        super().__init__()
        self.title, self.right = title, right
        self.entries = tuple(entries)
        self._done = done
        self._said = ""

    def body(self, width: int) -> list[Line]:
        """Two or four entries on a line, downwards; greyed ones with their reason."""
        across = 2 if any(entry.reason for entry in self.entries) else 4
        texts = [f"{e.label}  {e.reason}" if e.reason else e.label for e in self.entries]
        if any(width_of(text) > (width - 2) // across - 5 for text in texts):
            return self._one_below_another(width)
        rows = (len(self.entries) + across - 1) // across
        room = (width - 2) // across
        lines: list[Line] = []
        for row in range(rows):
            spans: list[tuple[str, str]] = [("  ", "text")]
            for entry in self.entries[row::rows]:
                text = f"{entry.label}  {entry.reason}" if entry.reason else entry.label
                may = not entry.reason
                spans.append((f" {entry.key} ", "accent" if may else "quiet"))
                spans.append((fit(text, room - 4) + " ", "text" if may else "quiet"))
            lines.append(tuple(spans))
        return lines

    def _one_below_another(self, width: int) -> list[Line]:
        """Where two do not fit beside each other, each has lines of its own."""
        lines: list[Line] = []
        for entry in self.entries:
            text = f"{entry.label}  {entry.reason}" if entry.reason else entry.label
            key, said = ("quiet", "quiet") if entry.reason else ("accent", "text")
            first, *rest = wrapped(text, max(width - 7, 8))
            lines.append((("  ", "text"), (f" {entry.key} ", key), (first, said)))
            lines += [((f"       {more}", said),) for more in rest]
        return lines

    def key(self, name: str) -> bool:
        """Do the entry of that key."""
        for entry in self.entries:
            if entry.key == name and not entry.reason:
                self.closed = True
                self._done(name)
                return True
        return any(entry.key == name for entry in self.entries)


class ChooseStrip(Strip):
    """One or several of a few numbered things, and a text where one asks for it."""

    def __init__(
        self,
        title: str,
        right: str,
        choices: Sequence[Choice],
        done: Callable[[tuple[str, ...], str], None],
        *,
        several: bool = True,
        verb: str = "",
    ) -> None:
        super().__init__()
        self.title, self.right, self.verb = title, right, verb
        self.choices = tuple(choices)
        self.several = several
        self.chosen = {choice.code for choice in choices if choice.chosen}
        self.note = ""
        self._done = done

    @property
    def asks_note(self) -> bool:
        """Whether something chosen needs a text with it."""
        return any(choice.note and choice.code in self.chosen for choice in self.choices)

    def body(self, width: int) -> list[Line]:
        """The choices, up to three on a line, and the text."""
        current = signs.current()
        widest = max((width_of(choice.label) for choice in self.choices), default=0)
        across = next((n for n in (3, 2) if widest <= (width - 4) // n - 6), 1)
        room = (width - 4) // across
        lines: list[Line] = []
        for start in range(0, len(self.choices), across):
            spans: list[tuple[str, str]] = [("   ", "text")]
            for n, choice in enumerate(self.choices[start : start + across], start + 1):
                ticked = choice.code in self.chosen
                box = (current.ticked if ticked else current.box) if self.several else ""
                spans.append((f"{box}{n} ", "accent"))
                spans.append((fit(choice.label, room - 3 - len(box)) + " ", "text"))
            lines.append(tuple(spans))
        if self.asks_note:
            lines.append(
                ((f"   {_('note')}  ", "quiet"), (self.note, "text"), (current.caret, "accent"))
            )
        return lines

    def hints(self) -> list[KeyHint]:
        """Enter sends once something is chosen."""
        ready = bool(self.chosen) and (not self.asks_note or bool(self.note.strip()))
        go = [KeyHint("enter", self.verb or _("Do it"), ready)] if self.several else []
        return [*go, *super().hints()]

    def key(self, name: str) -> bool:
        """A digit chooses or takes back, Enter sends; while a text is asked for, keys are text."""
        if self.asks_note and self._write(name):
            return True
        if name.isdigit() and 1 <= int(name) <= len(self.choices):
            self._pick(self.choices[int(name) - 1])
            return True
        if name == "enter" and self.several:
            if self.chosen and (not self.asks_note or self.note.strip()):
                self._finish()
            return True
        return False

    def _write(self, name: str) -> bool:
        if name == "backspace":
            if not self.note:
                self.chosen -= {choice.code for choice in self.choices if choice.note}
            self.note = self.note[:-1]
            return True
        text = " " if name == "space" else name
        if len(text) == 1 and text.isprintable():
            self.note += text
            return True
        return False

    def _pick(self, choice: Choice) -> None:
        if self.several:
            self.chosen ^= {choice.code}
        else:
            self.chosen = {choice.code}
            self._finish()

    def _finish(self) -> None:
        self.closed = True
        codes = tuple(choice.code for choice in self.choices if choice.code in self.chosen)
        self._done(codes, self.note.strip())


def go_strip(here: str, refusals: dict[str, str], done: Callable[[str], None]) -> MenuStrip:
    """Every place by its digit, and quitting."""
    entries = [
        Entry(key, commands.BY_ID[id].name, refusals.get(id, "")) for key, id in commands.GO.items()
    ]
    right = _("you are in {place}").format(place=here)
    return MenuStrip(_("Go to"), right, entries, lambda key: done(commands.GO[key]))
