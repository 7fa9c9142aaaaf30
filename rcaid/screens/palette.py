"""^p: every command by its name, in both languages, with its key and why it is grey."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input

from rcaid.locale import N_, _, in_language
from rcaid.screens import commands, keys, signs
from rcaid.screens.cells import Line, between, fit
from rcaid.screens.commands import Command
from rcaid.screens.frame import Frame
from rcaid.screens.widgets.field import Field
from rcaid.screens.widgets.frame import KeyHint

_HIDDEN = ("rows.down", "rows.up", "rows.tab", "app.commands", "app.back", "app.copy_selection")


class Palette(Frame):
    """Type part of a name; Enter does it on the screen below."""

    title_of_place = N_("Commands")
    contexts = (commands.ANYWHERE,)

    def __init__(self, about: Frame) -> None:
        super().__init__()
        self.about = about
        self.cursor = 0
        self.field = Field(id="field")
        here = set(about.contexts)
        listed = [
            c for c in commands.COMMANDS
            if c.id not in _HIDDEN and commands.FILTER not in c.where and commands.REVIEW not in c.where
        ]  # fmt: skip
        near = sorted(listed, key=lambda c: (not set(c.where) & here, bool(c.absent)))
        self._all = [(c, about.why_not(c) if set(c.where) & here else _elsewhere(c)) for c in near]
        self.found = self._all

    def compose_body(self) -> ComposeResult:
        """The field, and the commands that fit."""
        with Horizontal(id="filter", classes="-open"):
            yield self.part("slash")
            yield self.field
        yield self.part("body")

    def on_mount(self) -> None:
        """Type at once."""
        self.painted("slash").show([((" : ", "accent"),)])
        self.field.focus()

    def draw_body(self) -> None:
        """The commands that fit what was typed."""
        body = self.painted("body")
        height = max(body.size.height, 1)
        top = max(min(self.cursor - height + 2, len(self.found) - height), 0)
        lines = [
            self._line(n, command, reason)
            for n, (command, reason) in enumerate(self.found[top : top + height], top)
        ]
        none: Line = ((f"     {_('no command of this name')}", "quiet"),)
        body.show(lines or [none])

    def _line(self, n: int, command: Command, reason: str) -> Line:
        here = n == self.cursor
        pressed = " ".join(keys.shown(key) for key in command.keys[:2])
        said = reason or _(command.help)
        return between(
            (
                (f" {signs.current().cursor}  " if here else "    ", "accent"),
                (fit(command.name, 28) + " ", "quiet" if reason else "text"),
                (fit(pressed, 8) + " ", "quiet" if reason else "accent"),
                (said, "quiet"),
            ),
            ((" ", "text"),),
            self.size.width,
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        """Every word has to fit the name in one of the languages, or the id."""
        words = event.value.casefold().split()
        self.found = [(c, reason) for c, reason in self._all if all(w in _text(c) for w in words)]
        self.cursor = 0
        self.draw_body()

    def use_key(self, name: str, *, in_field: bool = False) -> bool:
        """Arrows choose, Enter does it, Esc leaves."""
        if name in ("down", "up", "pagedown", "pageup"):
            step = {"down": 1, "up": -1, "pagedown": 10, "pageup": -10}[name]
            self.cursor = max(min(self.cursor + step, len(self.found) - 1), 0)
            self.hush()
            self.draw_body()
        elif name == "enter":
            self._choose()
        elif name == "ctrl+p":
            self.dismiss(None)
        else:
            return super().use_key(name, in_field=in_field)
        return True

    def _choose(self) -> None:
        if not self.found:
            return
        command, reason = self.found[self.cursor]
        if reason:
            self.say(reason, "attention")
        else:
            self.dismiss(command.id)

    def do_filter_cancel(self) -> None:
        """Esc leaves."""
        self.dismiss(None)

    def hints(self) -> list[KeyHint]:
        """What works here."""
        return [
            KeyHint("down", _("Choose")),
            KeyHint("enter", _("Do it")),
            KeyHint("escape", _("Back")),
        ]


def _elsewhere(command: Command) -> str:
    reason = commands.absence(command)
    if reason:
        return reason
    places = [f"go.{name}" for name in command.where]
    names = [commands.BY_ID[id].name for id in places if id in commands.BY_ID]
    return _("in {places}").format(places=", ".join(names)) if names else _("not here")


def _text(command: Command) -> str:
    chinese = in_language("zh_CN", command.label)
    return f"{command.label} {chinese} {command.id}".casefold()
