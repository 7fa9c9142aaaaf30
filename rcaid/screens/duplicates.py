"""Duplicates: two who may be one person, side by side, and what is decided of them."""

from __future__ import annotations

from collections.abc import Sequence

from rcaid.locale import _
from rcaid.screens import commands, signs
from rcaid.screens.acting import Acting
from rcaid.screens.card import CardScreen, check_lines, tally
from rcaid.screens.cells import Line, fit, ruled, width_of, wrapped
from rcaid.screens.commands import Command
from rcaid.screens.list import ListScreen
from rcaid.screens.reading import ACT_GROUP
from rcaid.screens.session import Card, Done, Row, Side

_WORD = 9
_LABEL = 11


class PairActs(Acting):
    """A merge is taken back from its line and from its card, or at once after it was made."""

    answered: Row | None = None
    """The pair that was merged last, as long as nothing else was decided."""

    def merged_last(self) -> Row | None:
        """The pair whose merge can be taken back at once."""
        return self.answered

    def refusal(self, command: Command) -> str:
        """The last merge may be taken back from wherever one stands."""
        if command.id == "dup.split" and self.merged_last() is not None:
            return ""
        return super().refusal(command)

    def on_last_line(self, command: Command) -> bool:
        """Taking back stands there where it can be done."""
        if command.id == "dup.split":
            return not self.why_not(command)
        return super().on_last_line(command)

    def do_dup_split(self) -> None:
        """Two people again: those under the cursor, else those that were merged last."""
        last = self.merged_last()
        if last is None or "dup.split" in self.current_acts():
            self.act_now("dup.split")
            return
        self.read(
            lambda: self.session.act("dup.split", (last.id,), seen={}, choices={}),
            lambda done: self.taken_back(last, done),
            group=ACT_GROUP,
        )

    def taken_back(self, row: Row, done: Done) -> None:
        """A merge is undone."""
        self.answered = None
        self.done(done)


class PairCard(PairActs, CardScreen):
    """A pair. An answer goes on to the next one at once."""

    acts = frozenset({"dup.same", "dup.different", "dup.later", "dup.split"})
    opener: ListScreen

    def __init__(self, opener: ListScreen, row: Row) -> None:
        super().__init__(opener, row)
        self.contexts = (commands.ANYWHERE, commands.ROWS, commands.CARD, "duplicates", "pair")

    def merged_last(self) -> Row | None:
        """What the list knows, so that it holds after the last pair too."""
        return self.opener.merged_last() if isinstance(self.opener, PairActs) else None

    def taken_back(self, row: Row, done: Done) -> None:
        """Show the two side by side again."""
        rows = self.opener.rows
        at = rows.window.index_of(row.id)
        self._remember(None)
        self.rcaid.changes += 1
        if at is not None:
            rows.go(at)
        self.load(row)
        self.say(done.sentence, number=done.number)

    def _remember(self, row: Row | None) -> None:
        if isinstance(self.opener, PairActs):
            self.opener.answered = row

    # drawing

    def parts(self, card: Card) -> list[str]:
        """Side by side, what it rests on, what was decided."""
        titles = [_("Side by side"), _("What the score rests on")]
        return titles + ([_("Story")] if card.story else [])

    def body_lines(self, card: Card, width: int) -> list[Line]:
        """All lines, one part below another."""
        names = self.parts(card)
        shown = [names[self.at_part]] if self.alone else names
        lines: list[Line] = []
        for name in shown:
            lines += [(), *(((" ", "text"), *line) for line in self._part(card, name, width - 2))]
        return lines

    def draw_body(self) -> None:
        """Above the two of them stands what the answer will do."""
        super().draw_body()
        if self.card is not None:
            self.painted("way").show([((f" {self.card.advice}", "quiet"),)])

    def _part(self, card: Card, name: str, width: int) -> list[Line]:
        role = "accent" if self.parts(card).index(name) == self.at_part else "quiet"
        if name == _("Side by side"):
            return [ruled(name, "", width, role), *_sides(card, width)]
        if name == _("What the score rests on"):
            return [ruled(name, tally(card.checks), width, role), *check_lines(card.checks, width)]
        return super()._part(card, name, width)

    # acts

    def on_last_line(self, command: Command) -> bool:
        """A merge has no answers any more."""
        return (
            command.id not in self.acts or command.id == "dup.split"
            or command.id in self.current_acts()
        ) and super().on_last_line(command)  # fmt: skip

    def do_dup_same(self) -> None:
        """One person."""
        self.act_now("dup.same")

    def do_dup_different(self) -> None:
        """Two people."""
        self.act_now("dup.different")

    def do_dup_later(self) -> None:
        """Another time."""
        self.act_now("dup.later")

    def done(self, done: Done) -> None:
        """Say what was done, and go on to the next pair; after the last one, to the list."""
        self._remember(self.row if done.undo else None)
        rows = self.opener.rows
        at = rows.window.index_of(self.row.id)
        following = None if at is None else rows.window.at(at + 1)
        self.rcaid.changes += 1
        if following is None or at is None:
            self.rcaid.close()
            self.opener.say(done.sentence, number=done.number)
            return
        rows.go(at + 1)
        self.load(following)
        self.say(done.sentence, number=done.number)


def _sides(card: Card, width: int) -> list[Line]:
    """The fields of both, what differs marked by sign and word."""
    label = max([_LABEL, *(width_of(side.label) + 2 for side in card.sides)])
    word = max([_WORD, *(width_of(side.word) + 1 for side in card.sides)])
    room = max((width - 2 - label - word) // 2, 8)
    lines: list[Line] = []
    for n, side in enumerate(card.sides):
        role = "quiet" if not n else "text"
        lines += _side(side, label, room, word, role)
    return lines


def _side(side: Side, label: int, room: int, word: int, role: str) -> list[Line]:
    left, right = (wrapped(text, room - 2) for text in (side.left, side.right))
    sign = signs.current().of(side.sign)
    lines: list[Line] = []
    for n in range(max(len(left), len(right))):
        first: Sequence[tuple[str, str]] = (
            ((f"{sign} ", side.sign or "text"), (fit(side.label, label), "quiet"))
            if not n
            else ((" " * (label + 2), "quiet"),)
        )
        cells = [fit(part[n] if n < len(part) else "", room) for part in (left, right)]
        last = (fit(side.word, word), side.sign or "quiet") if not n else (" " * word, "quiet")
        lines.append((*first, (cells[0], role), (cells[1], role), last))
    return lines
