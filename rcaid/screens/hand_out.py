"""Distribution day: one big field for digits and slips, made for a keypad and a scanner.

Enter with something in the field looks it up, Enter with an empty field hands over; so a scanner
that ends with Enter never hands over by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset

from rcaid.domain.errors import ProblemError
from rcaid.domain.sentences import sentence
from rcaid.locale import N_, _
from rcaid.screens import commands, keys, signs
from rcaid.screens.cells import Line, bar, between, count, line_width, ruled, width_of
from rcaid.screens.commands import Command
from rcaid.screens.frame import Frame
from rcaid.screens.hand_agent import LAST4, AgentStrip
from rcaid.screens.hand_session import Happening, ListView, SlipView, Tally
from rcaid.screens.hand_table import card_lines, happened_line
from rcaid.screens.reading import ACT_GROUP, ROWS_GROUP
from rcaid.screens.session import ATTENTION
from rcaid.screens.strip import Entry, MenuStrip, Strip
from rcaid.screens.strip_typing import TextStrip
from rcaid.screens.widgets.frame import KeyHint

_LONGEST = 24
_KEPT = 60
_LEFT = 38


class HandOut(Frame):
    """One list at one table."""

    title_of_place = N_("Distribution")
    contexts = (commands.ANYWHERE, "day")

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number
        self.view: ListView | None = None
        self.tally = Tally(0, 0, 0, 0)
        self.text = ""
        self.slips: tuple[SlipView, ...] = ()
        self.at = 0
        self.opened = False
        self.unknown = False
        self.said: list[Happening] = []

    def compose_body(self) -> ComposeResult:
        """Which list, how far it is, and the table."""
        yield self.part("sub", "line")
        yield self.part("way", "line")
        yield self.part("body")

    def on_mount(self) -> None:
        """Read the list."""
        self.load()

    def load(self) -> None:
        """Read the list and how far it is."""
        number = self.number
        self.read(lambda: self.session.handing.open(number), self._show, group=ROWS_GROUP,
                  failed=self._cannot)  # fmt: skip

    def _cannot(self, error: ProblemError) -> None:
        """Without the list there is nothing to do here."""
        self.rcaid.close()
        screen = self.rcaid.screen
        if isinstance(screen, Frame):
            screen.refused(error)

    def _show(self, view: ListView) -> None:
        self.view, self.tally = view, view.tally
        self.draw()

    def speak(self) -> None:
        """Words come from the session, so the list is read again."""
        super().speak()
        self.load()

    # drawing

    def has_content(self) -> bool:
        """Once the list was read."""
        return self.view is not None

    def draw_body(self) -> None:
        """The field on the left, who it is on the right, below it what happened just now."""
        view, width, tally = self.view, self.size.width, self.tally
        if view is None:
            return
        far = _("{n} of {total} handed over")
        right = far.format(n=count(tally.handed), total=count(tally.total))
        title = ((f" {view.title}", "strong"),)
        self.painted("sub").show([between(title, ((f"{right} ", "text"),), width)])
        self.painted("way").show([((" ", "text"), *bar(tally.handed, tally.total, width - 2))])
        body = self.painted("body")
        lines = [(), *self._table(width), ()]
        lines.append(ruled(f" {_('Just now')}", "", width))
        room = max(body.size.height - len(lines) - 2, 0)
        lines += [happened_line(each, width) for each in self.said[:room]]
        lines += [()] * (body.size.height - len(lines) - 1)
        lines.append(self._counts())
        body.show(lines)
        self._place_caret()

    def _counts(self) -> Line:
        tally = self.tally
        parts = (
            (_("handed over"), tally.handed),
            (_("to agents"), tally.to_agents),
            (_("not today"), tally.not_handed),
            (_("left"), tally.left),
        )
        spans: list[tuple[str, str]] = [(" ", "text")]
        for name, n in parts:
            spans += [(f"{name} ", "quiet"), (f"{count(n)}   ", "strong")]
        return tuple(spans)

    def _table(self, width: int) -> list[Line]:
        left = self._field()
        right = card_lines(self.slips, self.at, width - _LEFT - 1, opened=self.opened)
        if self.unknown:
            sign = (f"{signs.current().stopped} ", "stopped")
            right = [(sign, (_("not on this list"), "text"))]
        height = max(len(left), len(right), 7)
        lines: list[Line] = []
        for n in range(height):
            line: Line = left[n] if n < len(left) else ()
            blank = (" " * max(_LEFT - line_width(line), 0), "text")
            lines.append((*line, blank, *(right[n] if n < len(right) else ())))
        return lines

    def _field(self) -> list[Line]:
        caret = signs.current().caret
        rule = signs.current().rule
        spaced = " ".join(self.text) if len(self.text) <= 4 else self.text
        return [
            ((f"     {_('last four digits,')}", "quiet"),),
            ((f"     {_('or the code on the slip')}", "quiet"),),
            (),
            ((f"     {spaced}", "strong"), (f" {caret}" if spaced else caret, "accent")),
            ((f"     {rule * 26}", "quiet"),),
        ]

    def _place_caret(self) -> None:
        spaced = " ".join(self.text) if len(self.text) <= 4 else self.text
        x = 5 + width_of(spaced) + bool(spaced)
        self.app.cursor_position = Offset(x, self.painted("body").region.y + 4)

    def on_last_line(self, command: Command) -> bool:
        """Going on top of the last line belongs to the field."""
        return command.id != "app.commands" and super().on_last_line(command)

    def hints(self) -> list[KeyHint]:
        """Esc leads back to the lists."""
        found = super().hints()
        return [*found[:-1], KeyHint("escape", _("Back")), *found[-1:]]

    def open_strip(self, strip: Strip) -> None:
        """The strip takes lines of the table away."""
        super().open_strip(strip)
        self.call_after_refresh(self.draw)

    def close_strip(self) -> None:
        """And gives them back with the next layout."""
        super().close_strip()
        self.call_after_refresh(self.draw)

    # keys

    def use_other_key(self, name: str) -> bool:
        """Digits, letters and signs of a code go into the field; ``.`` is the X of a keypad."""
        self.hush()
        if name == "backspace":
            self._type(self.text[:-1])
        elif name == ".":
            self._type(self.text + "X")
        elif len(name) == 1 and name.isascii() and name.isalnum():
            self._type(self.text + name.upper())
        else:
            return super().use_other_key(name)
        return True

    def use_key(self, name: str, *, in_field: bool = False) -> bool:
        """A hyphen inside a code is a part of it."""
        part = bool(self.text) and not LAST4.fullmatch(self.text)
        if name == "-" and self.strip is None and part:
            self._type(self.text + "-")
            return True
        return super().use_key(name, in_field=in_field)

    def on_paste(self, event: events.Paste) -> None:
        """A scanner may paste its code."""
        event.stop()
        code = keys.fold_text(event.text).strip()
        if code and "\n" not in code and code.isascii() and len(code) <= _LONGEST:
            self._type(code.upper())
        else:
            self.say(_("{n} lines do not fit in one field").format(n=len(event.text.splitlines())))

    def _may_take(self) -> bool:
        return bool(self.slips and self.slips[self.at].may)

    def _type(self, text: str) -> None:
        if self.opened and text:
            self._leave_open()
        self.text = text[:_LONGEST]
        self._nobody()
        self.draw()
        if LAST4.fullmatch(self.text):
            self._look(self._preview)

    def _leave_open(self) -> None:
        """The next slip came before the last one was handed over: say so."""
        if self._may_take():
            slip = self.slips[self.at]
            self._tell(self.session.handing.aside(slip.digits, slip, _("not handed over")))

    def _look(self, then: Callable[[str, tuple[SlipView, ...]], None]) -> None:
        number, code = self.number, self.text

        def found(slips: tuple[SlipView, ...]) -> None:
            if self.text == code:
                then(code, slips)

        self.read(lambda: self.session.handing.look(number, code), found, group=ROWS_GROUP)

    def _preview(self, code: str, slips: tuple[SlipView, ...]) -> None:
        """Who it is, while it is being typed."""
        self.slips, self.unknown = slips, not slips
        self.at = _first_due(slips)
        self.draw()

    def refusal(self, command: Command) -> str:
        """Without somebody at the table there is nothing to hand over."""
        if command.id in ("day.agent", "day.not_today") and not self._may_take():
            return _("nobody is at the table: type four digits first")
        if command.id == "day.look_up" and not self.text and not self.slips:
            return _("nobody is at the table: type four digits first")
        return super().refusal(command)

    def hint_label(self, command: Command) -> str:
        """Enter looks up what stands in the field, or hands over."""
        if command.id == "day.look_up":
            return _("Look up") if self.text or not self.slips else _("Hand over")
        return super().hint_label(command)

    def do_day_look_up(self) -> None:
        """Look up what stands in the field; with an empty field hand over."""
        if self.text:
            self._look(self._looked_up)
        elif self.slips:
            self._hand_over()

    def _looked_up(self, code: str, slips: tuple[SlipView, ...]) -> None:
        self.text = ""
        self._nobody()
        if not slips:
            self._tell(self.session.handing.aside(code, None))
        elif len(slips) == 1 and not slips[0].may:
            self._tell(self.session.handing.aside(slips[0].digits, slips[0]))
        else:
            self.slips, self.at, self.opened = slips, _first_due(slips), True
        self.draw()

    def do_day_pick(self) -> None:
        """Another one of those that fit."""
        step = 1 if self.pressed == "down" else -1
        if self.slips:
            self.at = max(min(self.at + step, len(self.slips) - 1), 0)
            self.draw()

    def do_day_by_name(self) -> None:
        """Somebody who does not know their number."""
        self.open_strip(
            TextStrip(_("By name"), _("name, pinyin or initials"), _("Look up"), self._named)
        )

    def _named(self, text: str) -> None:
        self.close_strip()
        number = self.number

        def found(slips: tuple[SlipView, ...]) -> None:
            self.text = ""
            self.slips, self.at, self.opened = slips, _first_due(slips), bool(slips)
            if not slips:
                self.say(_("nobody of that name is on this list"), ATTENTION)
            self.draw()

        self.read(lambda: self.session.handing.by_name(number, text), found, group=ROWS_GROUP)

    def do_day_agent(self) -> None:
        """Somebody else takes it: relation and digits, then it is handed over."""
        choices = self.session.handing.relations()
        codes = {str(n): choice.code for n, choice in enumerate(choices, 1)}
        entries = [Entry(str(n), choice.label) for n, choice in enumerate(choices, 1)]

        def done(relation: str, last4: str) -> None:
            self.close_strip()
            self._hand_over(codes[relation], last4)

        title = f"{commands.BY_ID['day.agent'].name}  {self.slips[self.at].who}"
        self.open_strip(AgentStrip(title, entries, done))

    def do_day_not_today(self) -> None:
        """It stays here: say why."""
        slip = self.slips[self.at]
        choices = self.session.handing.reasons()

        def done(key: str) -> None:
            self.close_strip()
            reason, number = choices[int(key) - 1].code, self.number
            self.read(
                lambda: self.session.handing.not_today(number, slip, reason),
                self._settled,
                group=ACT_GROUP,
                failed=lambda error: self._not_settled(slip, error),
            )

        title = f"{commands.BY_ID['day.not_today'].name}  {slip.who}"
        entries = [Entry(str(n), choice.label) for n, choice in enumerate(choices, 1)]
        self.open_strip(MenuStrip(title, _("why"), entries, done))

    def _hand_over(self, relation: str = "", last4: str = "") -> None:
        slip, number = self.slips[self.at], self.number
        if not slip.may:
            self._tell(self.session.handing.aside(slip.digits, slip))
            self.draw()
            return
        self.read(
            lambda: self.session.handing.hand_over(number, slip, relation, last4),
            self._settled,
            group=ACT_GROUP,
            failed=lambda error: self._not_settled(slip, error),
        )

    def _settled(self, done: tuple[Happening, Tally]) -> None:
        happened, self.tally = done
        self.rcaid.changes += 1
        self._tell(happened)
        self._clear()

    def _not_settled(self, slip: SlipView, error: ProblemError) -> None:
        """Somebody else was first, or it may not be: one line, and on with the next."""
        text = sentence(error.problems[0], _)
        self._tell(self.session.handing.aside(slip.digits, slip, text), ATTENTION)
        self._clear()
        self.load()

    def _nobody(self) -> None:
        self.slips, self.at, self.opened, self.unknown = (), 0, False, False

    def _clear(self) -> None:
        self.text = ""
        self._nobody()
        self.draw()

    def _tell(self, happened: Happening, sign: str = "") -> None:
        if sign:
            happened = Happening(happened.at, sign, happened.digits, happened.who, happened.text)
        self.said = [happened, *self.said][:_KEPT]

    def do_app_back(self) -> None:
        """What is typed, then who is at the table, then the lists."""
        if self.text or self.slips:
            self._clear()
        else:
            self.rcaid.back()


def _first_due(slips: tuple[SlipView, ...]) -> int:
    return next((n for n, slip in enumerate(slips) if slip.may), 0)
