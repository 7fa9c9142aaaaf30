"""F1: every key of the place, what it does, and why a greyed one is grey."""

from __future__ import annotations

from textual.app import ComposeResult

from rcaid.locale import N_, _
from rcaid.screens import commands, keys, signs
from rcaid.screens.cells import Line, fit, wrapped
from rcaid.screens.frame import Frame
from rcaid.screens.widgets.frame import KeyHint

_KEYS, _NAME = 14, 24
_MOVES = {"down": 1, "j": 1, "up": -1, "k": -1}


class Help(Frame):
    """The keys of the screen below it."""

    title_of_place = N_("Help")
    contexts = (commands.ANYWHERE,)

    def __init__(self, about: Frame) -> None:
        super().__init__()
        self.about = about
        self.from_line = 0
        # Reasons belong to the moment help was asked for, when that screen was on top.
        self._asked = [
            (command, about.why_not(command))
            for command in sorted(
                commands.of((*about.contexts, *about.field_contexts)), key=_nearness
            )
        ]

    def compose_body(self) -> ComposeResult:
        """Lines and nothing else."""
        yield self.part("sub", "line")
        yield self.part("body")

    def draw_body(self) -> None:
        """The keys that fit, from where one scrolled to."""
        width = self.size.width
        title = _("Keys of {place}").format(place=_(self.about.title_of_place))
        self.painted("sub").show([((f" {title}", "strong"),)])
        body, lines = self.painted("body"), self._lines(width)
        self.from_line = max(min(self.from_line, len(lines) - body.size.height), 0)
        body.show(lines[self.from_line :][: max(body.size.height, 1)])

    def _lines(self, width: int) -> list[Line]:
        lines: list[Line] = [()]
        group = 0
        for command, reason in self._asked:
            if _nearness(command) != group and len(lines) > 1:
                lines.append(())
            group = _nearness(command)
            pressed = " ".join(keys.shown(key) for key in command.keys[:3]) or "^p"
            role = "quiet" if reason else "text"
            said = f"{signs.current().attention} {reason}" if reason else _(command.help)
            before = _KEYS + _NAME + 4
            first, *rest = wrapped(said, max(width - before - 1, 8))
            lines.append(
                (
                    ("  " + fit(pressed, _KEYS), "quiet" if reason else "accent"),
                    (fit(command.name, _NAME) + "  ", role),
                    (first, "quiet"),
                )
            )
            lines += [((" " * before + more, "quiet"),) for more in rest]
        return lines

    def use_other_key(self, name: str) -> bool:
        """Scroll."""
        page = max(self.painted("body").size.height - 1, 1)
        steps = {**_MOVES, "pagedown": page, "space": page, "pageup": -page, "home": -9999}
        if name not in steps and name != "end":
            return super().use_other_key(name)
        self.from_line = max(self.from_line + steps.get(name, 9999), 0)
        self.draw_body()
        return True

    def hints(self) -> list[KeyHint]:
        """How to scroll and how to leave."""
        return [KeyHint("escape", _("Back")), KeyHint("pagedown", _("Page down"))]

    def do_app_help(self) -> None:
        """Help on help is leaving it."""
        self.do_app_back()


def _nearness(command: commands.Command) -> int:
    """Acts of the place first, then rows, then the filter, then what works everywhere."""
    rank = {commands.ROWS: 1, commands.LIST: 1, commands.CARD: 1, commands.FILTER: 2}
    return rank.get(command.where[0], 3 if commands.ANYWHERE in command.where else 0)
