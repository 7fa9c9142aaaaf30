"""The Form: one column of fields with a live panel beside it. What is typed is kept as a draft.

Keys that print are text in a field and the number of a choice; all else is an F-key or a ctrl key,
so that an input method never sets anything off. Nothing a key does waits for the panel, but for ^r
and ^s, which go by what the panel says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.timer import Timer

from rcaid.domain.sentences import sentence
from rcaid.locale import _
from rcaid.screens import commands, signs
from rcaid.screens.cells import Line, between, fit, line_width
from rcaid.screens.form_fields import CHOICE, END, Fields, Form
from rcaid.screens.form_lines import Laid, laid_out
from rcaid.screens.frame import Frame
from rcaid.screens.gate import BACKGROUND, KEEPING
from rcaid.screens.import_session import Option
from rcaid.screens.reading import ACT_GROUP
from rcaid.screens.strip_typing import NumberStrip

KEEP_AFTER = 1.0
"""Seconds after the first key that was not kept yet until all that was typed is."""
_LOOK_AFTER = 0.15
_WIDE = 110
_PANEL, _WIDE_PANEL = 33, 52


class FormScreen(Frame):
    """Fields, and beside them what is known of what stands in them."""

    contexts = (commands.ANYWHERE, commands.FORM)
    field_contexts = (commands.FORM,)

    def __init__(self) -> None:
        super().__init__()
        self.form = Form(self.specs)
        self.kept = ""
        self._typed = self._kept = 0
        self._looked_at: Mapping[str, str] | None = None
        self._keep_timer: Timer | None = None
        self._look_timer: Timer | None = None
        self._top = 0

    # what a form of its own says

    def specs(self, values: Mapping[str, str]) -> Fields:
        """The fields that these values ask for, in order."""
        return ()

    def look(self) -> Callable[[], object] | None:
        """What to ask about the values of now, in the data thread; None where nothing is asked."""
        return None

    def looked(self, found: object) -> None:
        """Take what was answered."""

    def panel(self, width: int) -> list[Line]:
        """The lines of the panel."""
        return []

    def heading_text(self) -> str:
        """What the form is about."""
        return ""

    def keep(self) -> Callable[[], str] | None:
        """How to keep what was typed, in the data thread; None where there is nothing to keep. It
        returns the time as it is to be shown."""
        return None

    def send(self) -> None:
        """Everything is filled: do it."""

    # drawing

    def compose_body(self) -> ComposeResult:
        """What it is about, and the fields beside the panel."""
        yield self.part("sub", "line")
        yield self.part("blank", "line")
        yield self.part("body")

    def draw_body(self) -> None:
        """The fields around the caret, and the panel beside them."""
        width = self.size.width
        right = (
            _("draft kept {time}").format(time=self.kept)
            if self.kept and self.all_kept
            else _("not kept yet")
            if not self.all_kept
            else ""
        )
        heading = ((f" {self.heading_text()}", "strong"),)
        self.painted("sub").show([between(heading, ((f"{right} ", "quiet"),), width)])
        panel = _WIDE_PANEL if width >= _WIDE else _PANEL
        room = width - panel - 3
        laid = laid_out(self.form, room, _("submit"))
        body = self.painted("body")
        height = max(body.size.height, 1)
        self._scroll(laid, height)
        shown = laid.lines[self._top : self._top + height]
        beside = self.panel(panel - 1)[:height]
        divider = signs.current().divider
        lines: list[Line] = []
        for n in range(height):
            left: Line = shown[n] if n < len(shown) else ()
            gap = (" " * max(room - line_width(left), 0), "text")
            rest: Line = beside[n] if n < len(beside) else ()
            lines.append((*left, gap, (f" {divider} ", "quiet"), *rest))
        body.show(lines)
        if laid.caret is not None and self.strip is None:
            x, y = laid.caret
            self.app.cursor_position = Offset(x, body.region.y + y - self._top)

    def _scroll(self, laid: Laid, height: int) -> None:
        """Keep the field with the caret in sight, its choices too."""
        self._top = max(min(self._top, laid.first), laid.last - height + 1, 0)
        self._top = min(self._top, laid.first, max(len(laid.lines) - height, 0))

    # keys

    def on_key(self, event: events.Key) -> None:
        """What prints is for the field; an open strip comes first."""
        character = event.character
        printed = character is not None and len(character) == 1 and _prints(character)
        if self.strip is None and printed and event.key not in ("enter", "tab"):
            event.stop()
            event.prevent_default()
            self.hush()
            if self.form.type(character or ""):
                self.changed()
            else:
                self.say(self._no_text())
                self.draw()
            return
        super().on_key(event)

    def _no_text(self) -> str:
        field = self.form.field
        if field.kind == END:
            return _("Enter submits; what is typed here goes nowhere")
        return _("a number of the list, please")

    def use_key(self, name: str, *, in_field: bool = False) -> bool:
        """Keys that edit, then those of the registry; an open strip comes first."""
        if self.strip is None:
            before = dict(self.form.values)
            if self.form.key(name):
                self.hush()
                if self.form.values != before:
                    self.changed()
                else:
                    self.draw()
                return True
        return super().use_key(name, in_field=True)

    def on_paste(self, event: events.Paste) -> None:
        """Cells fill this field and those behind it."""
        event.stop()
        event.prevent_default()
        refusal = self.form.paste(event.text)
        if refusal:
            self.say(refusal, "attention")
        else:
            self.changed()

    def close_strip(self) -> None:
        """The caret is back in its field."""
        super().close_strip()
        self.draw()

    def changed(self) -> None:
        """Something was typed: it is to be kept, and to be looked at when the hand rests."""
        self._typed += 1
        if self._keep_timer is None:
            self._keep_timer = self.set_timer(KEEP_AFTER, self.keep_soon)
        if self._look_timer is not None:
            self._look_timer.stop()
        self._look_timer = self.set_timer(_LOOK_AFTER, self._look_soon)
        self.draw()

    # drafts

    @property
    def all_kept(self) -> bool:
        """Whether all that was typed is kept."""
        return self._typed == self._kept

    def keep_soon(self) -> None:
        """Keep what was typed, without holding up the keys."""
        self._keep_timer = None
        work = None if self.all_kept else self.keep()
        if work is not None:
            typed = self._typed
            self.read(
                work,
                lambda time: self._was_kept(typed, time),
                group=KEEPING,
                failed=lambda error: self.say(sentence(error.problems[0], _), "attention"),
            )

    def _was_kept(self, typed: int, time: str) -> None:
        self._kept, self.kept = typed, time
        self.draw()

    def keep_now(self) -> None:
        """Keep it in any case: the form or the program is about to be left."""
        work = None if self.all_kept else self.keep()
        if work is not None:
            self._kept = self._typed
            self.rcaid.keep(work)

    def on_unmount(self) -> None:
        """The form goes, by whichever way; what was typed stays."""
        if self.rcaid.is_ending:
            self.leaving()
        else:
            self.left()

    def left(self) -> None:
        """Somebody went elsewhere."""
        self.keep_now()

    def leaving(self) -> None:
        """Leave nothing behind that is not kept."""
        self.keep_now()

    # the panel

    def _look_soon(self) -> None:
        work = self.look()
        if work is not None:
            values = dict(self.form.values)
            self.read(work, lambda found: self._take(values, found), group=BACKGROUND)

    def _take(self, values: Mapping[str, str], found: object) -> None:
        self._looked_at = values
        self.looked(found)
        self.form.renew()
        self.draw()

    def after_look(self, then: Callable[[], None]) -> None:
        """Go on when the panel is of what stands in the fields now; keys wait for it."""
        work = self.look()
        if work is None or self._looked_at == self.form.values:
            then()
            return
        values = dict(self.form.values)

        def answered(found: object) -> None:
            self._take(values, found)
            then()

        self.read(work, answered, group=ACT_GROUP)

    # commands

    def do_form_next(self) -> None:
        """The next field; on the last line everything is sent."""
        field = self.form.field
        if field.kind == END:
            self.do_form_submit()
            return
        lacks = field.kind == CHOICE and field.required and not self.form.value(field)
        if lacks and self.pressed == "enter":
            self.say(_("{field}: a number of the list, please").format(field=field.label))
            return
        self.form.next()
        self.draw()

    def do_form_before(self) -> None:
        """The field before."""
        self.form.before()
        self.draw()

    def do_form_open_field(self) -> None:
        """The next field that is to be filled."""

        def go() -> None:
            self.form.next_to_fill()
            self.draw()

        self.after_look(go)

    def do_form_jump(self) -> None:
        """A field by its number."""
        fields = [field for field in self.form.fields if field.kind != END]
        options = [Option(field.name, field.label) for field in fields]

        def chosen(name: str) -> None:
            self.close_strip()
            self.form.go(name)
            self.draw()

        self.open_strip(NumberStrip(_("Jump to"), _("a number goes there"), options, chosen))

    def do_form_submit(self) -> None:
        """Send it; with fields left to fill, go to the first of them and say so."""

        def go() -> None:
            left = self.form.to_fill
            if left:
                self.form.go(left[0].name)
                why = self.form.error(left[0])
                text = _("{n} to fill, first: {field}").format(n=len(left), field=left[0].label)
                self.surprise(f"{text}. {why}" if why else text, "attention")
                self.draw()
            else:
                self.send()

        self.after_look(go)

    def do_form_leave(self) -> None:
        """One step back; the draft stays."""
        self.rcaid.close()


def _prints(character: str) -> bool:
    return character.isprintable() or character == "\u3000"


def panel_rule(title: str, width: int, right: str = "") -> Line:
    """A heading of the panel."""
    rule = signs.current().rule
    text = f"{title} "
    room = max(width - line_width(((text + right, ""),)) - (1 if right else 0), 0)
    return ((text, "strong"), (rule * room, "quiet"), (f" {right}" if right else "", "quiet"))


def panel_pair(left: str, right: str, width: int) -> Line:
    """A line of the panel with a number at its end."""
    return between(((fit(left, len(left)), "text"),), ((right, "text"),), width)


def joined(parts: Sequence[Sequence[Line]]) -> list[Line]:
    """Parts of the panel with a blank line between them."""
    lines: list[Line] = []
    for part in parts:
        if part:
            lines += [(), *part] if lines else [*part]
    return lines
