"""The verify queue: one card after another, what is due first, each passed or sent back by a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rcaid.locale import N_, _
from rcaid.screens.cases import CaseCard
from rcaid.screens.cells import Line
from rcaid.screens.frame import Frame
from rcaid.screens.session import Done, Page, Row
from rcaid.screens.window import Window


class _Rows:
    """The rows of a queue, as a card asks a list for them."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.window = Window(Page(tuple(rows), len(rows)))
        self.rules: Mapping[str, Line] = {}


class Walk:
    """A queue in place of a list: cards walk along it."""

    place = "cases"
    list_name = "cases"
    title_of_place = N_("Verify queue")

    def __init__(self, rows: Sequence[Row]) -> None:
        self._all = list(rows)
        self.rows = _Rows(rows)
        self.at = 0

    @property
    def row(self) -> Row:
        """The row whose card is open."""
        return self._all[self.at]

    def step(self, step: int, then: Callable[[Row], None]) -> None:
        """Go to another card, without deciding on this one."""
        if 0 <= self.at + step < len(self._all):
            self.at += step
            then(self.row)

    def take_out(self) -> Row | None:
        """The case is done: the next one, None behind the last."""
        del self._all[self.at]
        self.rows = _Rows(self._all)
        self.at = min(self.at, max(len(self._all) - 1, 0))
        return self._all[self.at] if self._all else None


class QueueCard(CaseCard):
    """A card of the queue: what is decided on it opens the next."""

    def __init__(self, walk: Walk, below: Frame) -> None:
        super().__init__(walk, walk.row)
        self.walk = walk
        self.below = below

    def done(self, done: Done) -> None:
        """On to the next; behind the last one back to where it began."""
        self.rcaid.changes += 1
        row = self.walk.take_out()
        if row is not None:
            self.load(row)
            self.say(done.sentence, number=done.number)
            return
        self.rcaid.close()
        text = _("{done}; the queue is empty").format(done=done.sentence)
        self.below.say(text, number=done.number)
