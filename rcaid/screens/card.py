"""The Card: facts, checks and story of one thing, side by side where there is room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from textual.app import ComposeResult
from textual.timer import Timer

from rcaid.locale import N_, _
from rcaid.screens import commands, signs
from rcaid.screens.acting import Acting
from rcaid.screens.cells import Line, between, count, fit, line_width, ruled, width_of, wrapped
from rcaid.screens.commands import Command
from rcaid.screens.reading import ROWS_GROUP
from rcaid.screens.session import ATTENTION, DONE, STOPPED, Card, Marked, Note, Row, Step

if TYPE_CHECKING:
    from rcaid.screens.window import Window

_REVEALED_SECONDS = 60.0
_WIDE = 110
_NARROW = 24


class _Opened(Protocol):
    """The rows that a card was opened from."""

    @property
    def window(self) -> Window: ...
    @property
    def rules(self) -> Mapping[str, Line]: ...


class Opener(Protocol):
    """Where a card was opened from: a list, or a queue that cards walk along."""

    place: str
    title_of_place: str

    @property
    def list_name(self) -> str: ...
    @property
    def rows(self) -> _Opened: ...
    def step(self, step: int, then: Callable[[Row], None]) -> None: ...


class CardScreen(Acting):
    """One thing of a list, which stays below it."""

    title_of_place = N_("Card")

    def __init__(self, opener: Opener, row: Row) -> None:
        super().__init__()
        self.opener = opener
        self.row = row
        self.place = opener.place
        self.contexts = (commands.ANYWHERE, commands.ROWS, commands.CARD, opener.place)
        self.title_of_place = opener.title_of_place
        self.card: Card | None = None
        self.at_part = 0
        self.alone = False
        self.from_line = 0
        self.shown_in_full: dict[str, str] = {}
        self._mask_again: Timer | None = None

    def compose_body(self) -> ComposeResult:
        """Which thing it is, its way, and the parts."""
        yield self.part("sub", "line")
        yield self.part("way", "line")
        yield self.part("body")

    def on_mount(self) -> None:
        """Read the thing."""
        self.load(self.row)

    @property
    def list_name(self) -> str:
        """The list this card came from."""
        return self.opener.list_name

    def load(self, row: Row) -> None:
        """Read a thing and let it stand here."""
        self.row, name = row, self.list_name
        self.shown_in_full.clear()
        self.read(lambda: self.session.card(name, row.id), self.show_card, group=ROWS_GROUP)

    def show_card(self, card: Card) -> None:
        """Let a card stand here."""
        self.card = card
        self.from_line = 0
        self.draw()

    def speak(self) -> None:
        """Labels come from the session, so the card is read again."""
        super().speak()
        self.load(self.row)

    # drawing

    def has_content(self) -> bool:
        """Once the thing was read."""
        return self.card is not None

    def draw_body(self) -> None:
        """The head and the parts that fit."""
        card, width = self.card, self.size.width
        if card is None:
            return
        window = self.opener.rows.window
        at = window.index_of(self.row.id)
        right = (
            ""
            if at is None or self.opener.rows.rules
            else _("{n} of {total}").format(n=count(at + 1), total=count(window.total))
        )
        left = ((f" {card.title}", "strong"), (f"   {card.state}", "text"))
        self.painted("sub").show([between(left, ((f"{right} ", "quiet"),), width)])
        self.painted("way").show([_way(card.way)])
        body = self.painted("body")
        lines = self.body_lines(card, width)
        self.from_line = max(min(self.from_line, len(lines) - body.size.height), 0)
        body.show(lines[self.from_line :][: max(body.size.height, 1)])

    def parts(self, card: Card) -> list[str]:
        """The parts a person may step through with Tab."""
        titles = [_("Facts")]
        titles += [_("Checks")] if card.checks else []
        titles += [title for title, _lines in card.tables]
        return titles + ([_("Story")] if card.story else [])

    def body_lines(self, card: Card, width: int) -> list[Line]:
        """All lines of the card at this width."""
        if self.alone:
            part = self._part(card, self.parts(card)[self.at_part], width - 2)
            return [(), *(_indented(line) for line in part)]
        names = self.parts(card)
        tables = [title for title, _lines in card.tables]
        beside = [names[0], *([_("Checks")] if card.checks else [])]
        if width >= _WIDE and card.story:
            beside.insert(1, _("Story"))
        below = [*tables, *([_("Story")] if card.story and _("Story") not in beside else [])]
        room = (width - 2) // len(beside)
        columns = [self._part(card, name, room - (2 if n else 1)) for n, name in enumerate(beside)]
        lines: list[Line] = [(), *_side_by_side(columns, room)]
        for name in below:
            lines += [(), *(_indented(line) for line in self._part(card, name, width - 2))]
        if card.advice:
            lines += [(), ((f" {card.advice}", "quiet"),)]
        return lines

    def _part(self, card: Card, name: str, width: int) -> list[Line]:
        here = self.parts(card).index(name) == self.at_part
        role = "accent" if here else "quiet"
        if name == _("Checks"):
            return [ruled(name, tally(card.checks), width, role), *check_lines(card.checks, width)]
        if name == _("Story"):
            return [ruled(name, count(len(card.story)), width, role), *_story(card.story, width)]
        for title, cells in card.tables:
            if title == name:
                return [ruled(name, count(len(cells)), width, role), *_table(cells, width)]
        return [ruled(name, "", width, role), *self._facts(card.facts, width)]

    def _facts(self, facts: Sequence[Note], width: int) -> list[Line]:
        label_width = max([9, *(width_of(fact.label) for fact in facts)]) + 2
        lines: list[Line] = []
        for fact in facts:
            text = self.shown_in_full.get(fact.reveals, fact.text)
            role = "attention" if fact.reveals in self.shown_in_full else fact.sign or "text"
            first, *rest = wrapped(text, max(width - label_width, 8))
            lines.append(((fit(fact.label, label_width), "quiet"), (first, role)))
            lines += [((" " * label_width, "quiet"), (more, role)) for more in rest]
        return lines

    # what it is about

    def targets(self) -> tuple[Marked, ...]:
        """The thing itself."""
        return (Marked(self.card.id, version=self.card.version),) if self.card else ()

    def current_acts(self) -> Mapping[str, str]:
        """What its state allows."""
        return self.card.acts if self.card else {}

    def current_row(self) -> Row | None:
        """The row it was opened from."""
        return self.row

    def current_id(self) -> str:
        """The thing itself."""
        return self.row.id

    def name_of_target(self) -> str:
        """Its number."""
        return self.row.label or self.row.id

    def after_act(self) -> None:
        """Read the thing again."""
        self.load(self.row)

    # commands

    def on_last_line(self, command: Command) -> bool:
        """It is open already."""
        return command.id != "rows.open" and super().on_last_line(command)

    def masked_fields(self) -> tuple[tuple[str, str], ...]:
        """What may be revealed here."""
        return self.card.masked if self.card else ()

    def revealed(self, field: str, value: str) -> None:
        """Show a field in full for a minute, or until the card is left."""
        self.shown_in_full[field] = value
        self.draw()
        self.say(_("masked again in 60 s or when you leave"))
        if self._mask_again is not None:
            self._mask_again.stop()
        self._mask_again = self.set_timer(_REVEALED_SECONDS, self._mask)

    def _mask(self) -> None:
        self.shown_in_full.clear()
        self.draw()

    def on_screen_suspend(self) -> None:
        """Leaving masks."""
        self.shown_in_full.clear()

    def do_rows_open(self) -> None:
        """A card is open already."""
        self.do_rows_zoom()

    def do_rows_down(self) -> None:
        """A line down."""
        self._scroll(1)

    def do_rows_up(self) -> None:
        """A line up."""
        self._scroll(-1)

    def do_rows_page_down(self) -> None:
        """A screen down."""
        self._scroll(self.painted("body").size.height - 1)

    def do_rows_page_up(self) -> None:
        """A screen up."""
        self._scroll(1 - self.painted("body").size.height)

    def do_rows_first(self) -> None:
        """The first line."""
        self._scroll(-self.from_line)

    def do_rows_last(self) -> None:
        """The last line."""
        self._scroll(100_000)

    def _scroll(self, lines: int) -> None:
        self.from_line = max(self.from_line + lines, 0)
        self.draw_body()

    def do_rows_pane(self) -> None:
        """The next part."""
        self._step_part(1)

    def do_rows_pane_back(self) -> None:
        """The part before."""
        self._step_part(-1)

    def _step_part(self, step: int) -> None:
        if self.card is not None:
            self.at_part = (self.at_part + step) % len(self.parts(self.card))
            self.draw_body()

    def do_rows_zoom(self) -> None:
        """The part alone, or all of them."""
        self.alone = not self.alone
        self.from_line = 0
        self.draw_body()

    def do_case_explain(self) -> None:
        """The checks alone: every rule with its number."""
        names = self.parts(self.card) if self.card else []
        if _("Checks") in names:
            self.at_part = names.index(_("Checks"))
            self.alone = True
            self.from_line = 0
            self.draw_body()
        else:
            self.say(_("there is nothing to explain here"))

    def do_app_back(self) -> None:
        """One part alone, then the card."""
        if self.alone:
            self.do_rows_zoom()
        else:
            self.rcaid.back()

    def do_card_next(self) -> None:
        """The next card of the list."""
        self.opener.step(1, self.load)

    def do_card_before(self) -> None:
        """The card before."""
        self.opener.step(-1, self.load)


def _indented(line: Line) -> Line:
    return ((" ", "text"), *line)


def _way(way: Sequence[tuple[str, str]]) -> Line:
    current = signs.current()
    spans: list[tuple[str, str]] = [(" ", "text")]
    for n, (step, where) in enumerate(way):
        if n:
            spans.append((f" {current.rule} ", "quiet"))
        if where == "done":
            spans += [(f"{current.done} ", "done"), (step, "text")]
        elif where == "here":
            spans += [(f"{current.cursor} ", "accent"), (step, "strong")]
        else:
            spans.append((step, "quiet"))
    return tuple(spans)


def tally(checks: Sequence[Note]) -> str:
    """How many hold, need attention, stop."""
    current = signs.current()
    n = {meaning: sum(c.sign == meaning for c in checks) for meaning in (DONE, ATTENTION, STOPPED)}
    return (
        f"{current.done} {n[DONE]}   {current.attention} {n[ATTENTION]}"
        f"   {current.stopped} {n[STOPPED]}"
    )


def check_lines(checks: Sequence[Note], width: int) -> list[Line]:
    """Checks with their signs and rules, what stops first."""
    order = {STOPPED: 0, ATTENTION: 1}
    lines: list[Line] = []
    for check in sorted(checks, key=lambda c: order.get(c.sign, 2)):
        sign = (f"{signs.current().of(check.sign)} ", check.sign or "text")
        text = (
            f"{check.label}: {check.text}"
            if check.label and check.text
            else (check.label or check.text)
        )
        rule = f" {check.rule}" if check.rule else ""
        first, *rest = wrapped(text, max(width - 2 - width_of(rule), 8))
        lines.append(between((sign, (first, "text")), ((rule, "quiet"),), width))
        lines += [((f"  {more}", "text"),) for more in rest]
    return lines


def _story(story: Sequence[Step], width: int) -> list[Line]:
    what = max((width_of(step.what) for step in story), default=0) + 2
    who = max((width_of(step.who) for step in story), default=0) + 2
    lines: list[Line] = []
    for step in story:
        room = width - 13 - what - who
        below = width_of(step.text) > max(room, 0) and room < _NARROW
        text = "" if below else fit(step.text, max(room, 0))
        lines.append(
            (
                (fit(step.when, 13), "quiet"),
                (fit(step.what, what), "text"),
                (fit(step.who, who), "text"),
                (text, "quiet"),
            )
        )
        if below:
            lines += [((f"  {more}", "quiet"),) for more in wrapped(step.text, width - 2)]
    return lines


def _table(rows: Sequence[Sequence[str]], width: int) -> list[Line]:
    """Cells in columns; numbers stand right, and a last cell that is too long goes on below."""
    if not rows:
        return []
    across = max(len(cells) for cells in rows)
    widths = [max(width_of(c[n]) if n < len(c) else 0 for c in rows) for n in range(across)]
    right = [
        all(not c[n] or (c[n][-1].isdigit() and c[n][0].isdigit() and "-" not in c[n])
            for c in rows if n < len(c))
        for n in range(across)
    ]  # fmt: skip
    before = sum(widths[:-1]) + 2 * (across - 1)
    lines: list[Line] = []
    for cells in rows:
        text = "  ".join(fit(cell, widths[n], right[n]) for n, cell in enumerate(cells))
        if width_of(text.rstrip()) <= width or len(cells) < across or width - before < _NARROW:
            lines.append(((fit(text, width), "text"),))
            continue
        front = "".join(fit(cell, widths[n], right[n]) + "  " for n, cell in enumerate(cells[:-1]))
        first, *rest = wrapped(cells[-1], width - before)
        lines.append(((front + first, "text"),))
        lines += [((" " * before + more, "text"),) for more in rest]
    return lines


def _side_by_side(columns: Sequence[Sequence[Line]], room: int) -> list[Line]:
    lines: list[Line] = []
    for n in range(max(len(column) for column in columns)):
        spans: list[tuple[str, str]] = [(" ", "text")]
        for column in columns:
            line = column[n] if n < len(column) else ()
            spans += [*line, (" " * max(room - line_width(line), 0), "text")]
        lines.append(tuple(spans))
    return lines
