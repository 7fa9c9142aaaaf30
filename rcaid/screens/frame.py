"""What every screen is made of: top line, sub line, body, strip, message line, last line.

A screen names its contexts; the registry says what a key means there; a method ``do_<id>`` does
it. No screen binds a key of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.app import ComposeResult

from rcaid.locale import _
from rcaid.screens import commands, keys
from rcaid.screens.cells import Line
from rcaid.screens.commands import Command
from rcaid.screens.labels import label
from rcaid.screens.reading import ACT_GROUP, Reading
from rcaid.screens.strip import Entry, MenuStrip, Strip, go_strip
from rcaid.screens.widgets.frame import LOWEST, NARROWEST, KeyHint, last_line, top_line

if TYPE_CHECKING:
    pass

T = TypeVar("T")


class Frame(Reading, inherit_bindings=False):
    """One screen of the program."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (141, "-huge")]  # noqa: RUF012

    place = ""
    contexts: tuple[str, ...] = (commands.ANYWHERE,)
    field_contexts: tuple[str, ...] = (commands.FILTER,)
    title_of_place = ""
    is_place = False

    def __init__(self) -> None:
        super().__init__()
        self.strip: Strip | None = None
        self.pressed = ""

    # the parts

    def compose(self) -> ComposeResult:
        """The lines of the frame around the body."""
        yield self.part("top", "line")
        yield from self.compose_body()
        yield self.part("foot")
        yield self.part("message", "line")
        yield self.part("last", "line")
        yield self.part("small")

    def compose_body(self) -> ComposeResult:
        """The widgets between the frame's lines."""
        yield from ()

    def enter(self, where: str | None, *, search: bool = False, shown: str = "") -> None:
        """Somebody comes to this place: with a filter, or to one of its lists, if one is given."""

    def leaving(self) -> None:
        """The program is about to end: keep what would be lost."""

    def speak(self) -> None:
        """Say everything again, in the language and with the signs of now."""
        self._message = ()
        self.draw()

    # drawing

    def on_resize(self, event: events.Resize) -> None:
        """Draw again, or only say that the window is too small."""
        small = event.size.width < NARROWEST or event.size.height < LOWEST
        notice = _("rcaid needs {need}; this window is {have}.").format(
            need=f"{NARROWEST}x{LOWEST}", have=f"{event.size.width}x{event.size.height}"
        )
        self.set_class(small, "-small")
        self.painted("small").show([((notice, "text"),)] if small else [])
        self.draw()

    def on_screen_resume(self) -> None:
        """Draw what may have changed while another screen was on top."""
        if self.is_mounted:
            self.draw()
            self.resumed()

    def resumed(self) -> None:
        """The screen is on top again."""

    def draw(self) -> None:
        """Draw all lines of the frame; what did not change is not sent."""
        if not self.size.width:
            return
        place = _(self.title_of_place)
        self.painted("top").show([top_line(self.session.who, place, self.size.width)])
        self.draw_body()
        self.draw_foot()
        if self.has_content() and self.is_current:
            self.rcaid.release_picture()

    def has_content(self) -> bool:
        """Whether there is more to show than a frame."""
        return True

    def draw_body(self) -> None:
        """Draw the body."""

    def draw_foot(self) -> None:
        """Draw strip, message line and last line."""
        width = self.size.width
        foot = self.painted("foot")
        lines = self.foot_lines(width)
        # Setting a style lays everything out again, even to what it was.
        if len(lines) != len(foot.lines):
            foot.styles.height = len(lines)
            foot.display = bool(lines)
        foot.show(lines)
        self._show_message()
        hints = self.strip.hints() if self.strip else self.hints()
        self.painted("last").show([last_line(hints, width)])

    def foot_lines(self, width: int) -> Sequence[Line]:
        """What stands above the message line: the open strip, else what the screen puts there."""
        return self.strip.lines(width) if self.strip else []

    def hints(self) -> list[KeyHint]:
        """The keys of the last line, the next step first."""
        by_key: dict[str, Command] = {}
        for command in sorted(commands.of(self.contexts), key=lambda c: c.order):
            if not command.order or not command.keys or not self.on_last_line(command):
                continue
            known = by_key.get(command.keys[0])
            if known is None or self.nearer(command, known):
                by_key[command.keys[0]] = command
        return [
            KeyHint(key, self.hint_label(command), not self.why_not(command))
            for key, command in by_key.items()
        ]

    def nearer(self, command: Command, known: Command) -> bool:
        """Whether a command stands for a key rather than the one known for it."""
        return bool(self.why_not(known)) and not self.why_not(command)

    def on_last_line(self, command: Command) -> bool:
        """Whether a command stands there at all; not for duties that never have it."""
        return not command.absent and self.has_duty(command)

    def hint_label(self, command: Command) -> str:
        """What the last line says beside a key."""
        return command.name

    # keys

    def on_key(self, event: events.Key) -> None:
        """What a key means here, from the registry."""
        name = keys.token(event.key, event.character)
        in_field = getattr(self.focused, "takes_text", False)
        if self.strip is None and in_field and keys.is_typed(event.key, event.character):
            return
        if self.use_key(name, in_field=in_field):
            event.stop()
            event.prevent_default()

    def use_key(self, name: str, *, in_field: bool = False) -> bool:
        """Use a key on the strip, in the field, or on the rows; whether it means anything."""
        if self.strip is not None and self._use_on_strip(name):
            return True
        if in_field:
            found = commands.of_key(name, self.field_contexts)
            found = found or commands.of_key(name, (commands.ANYWHERE,))
        else:
            found = commands.of_key(name, self.contexts)
        if found and found[0].id in ("app.copy_selection", "filter.accept"):
            return False
        if not found:
            return not in_field and self.use_other_key(name)
        self.hush()
        self.pressed = name
        self.run_first(found)
        return True

    def use_other_key(self, name: str) -> bool:
        """A key that no command of this place has."""
        if keys.is_han(name):
            self.say(_("The input method is on; shift turns it off."))
        elif name == "q":
            self.say(_("^q quits"))
        return len(name) == 1

    def _use_on_strip(self, name: str) -> bool:
        strip = self.strip
        assert strip is not None
        if name == "escape":
            self.close_strip()
            return True
        self.hush()
        used = strip.key(name)
        if strip.closed and self.strip is strip:
            self.close_strip()
        elif used:
            self.draw_foot()
        # What is not the strip's own does nothing, but for the keys that work everywhere.
        return used or len(name) == 1 or name in ("enter", "space")

    def open_strip(self, strip: Strip) -> None:
        """Open a strip at the foot."""
        self.strip = strip
        self.draw_foot()

    def close_strip(self) -> None:
        """Close the strip; what it was about stands as before."""
        self.strip = None
        self.draw_foot()

    def on_paste(self, event: events.Paste) -> None:
        """A paste on rows does nothing and says so; a field has stopped its own."""
        event.stop()
        self.say(_("Nothing is pasted here: open a field first."))

    # commands

    def run_first(self, found: Sequence[Command]) -> None:
        """Run the one of several that may be run now, or say why the first may not."""
        reasons = [self.why_not(command) for command in found]
        for command, reason in zip(found, reasons, strict=True):
            if not reason:
                self.run_command(command)
                return
        self.say(self.reason_of(found, reasons), "attention")

    def reason_of(self, found: Sequence[Command], reasons: Sequence[str]) -> str:
        """Which of the reasons against the commands of one key is told."""
        return reasons[0]

    def run_command(self, command: Command) -> None:
        """Run a command of the registry."""
        getattr(self, "do_" + command.id.replace(".", "_"), self._without)()

    def _without(self) -> None:
        self.say(_("not here"))

    def can_do(self, command: Command) -> bool:
        """Whether this screen has the command at all."""
        return hasattr(self, "do_" + command.id.replace(".", "_"))

    def has_duty(self, command: Command) -> bool:
        """Whether the person holds a duty that may do it somewhere."""
        return not command.duties or bool(set(command.duties) & set(self.session.who.duties))

    def why_not(self, command: Command) -> str:
        """Why a command may not be run now; "" if it may."""
        if command.absent:
            return commands.absence(command)
        if not self.has_duty(command):
            duties = ", ".join(label(duty) for duty in command.duties)
            return _("needs the duty {duties}").format(duties=duties)
        if not self.can_do(command):
            return _("not here")
        return self.refusal(command)

    def refusal(self, command: Command) -> str:
        """The screen's own reason against a command; "" if it has none."""
        return ""

    def do_app_help(self) -> None:
        """Every key of this place."""
        from rcaid.screens.help import Help

        self.rcaid.open(Help(self))

    def do_app_commands(self) -> None:
        """The palette."""
        from rcaid.screens.palette import Palette

        self.rcaid.open(Palette(self), self._from_palette)

    def _from_palette(self, id: str | None) -> None:
        if id:
            self.run_first((commands.BY_ID[id],))

    def do_app_go(self) -> None:
        """The strip with all places."""
        refusals = {
            id: _("not yet") if command.absent else self.why_not(command) and _("not for you")
            for id, command in ((id, commands.BY_ID[id]) for id in commands.GO.values())
        }

        def done(id: str) -> None:
            self.close_strip()
            self.run_command(commands.BY_ID[id])

        self.open_strip(go_strip(_(self.title_of_place), refusals, done))

    def do_app_find(self) -> None:
        """People, with the search open."""
        self.rcaid.go("people", search=True)

    def do_app_back(self) -> None:
        """One step back."""
        self.rcaid.back()

    def do_app_redraw(self) -> None:
        """Send every line again."""
        self.repaint()

    def repaint(self) -> None:
        """Draw every widget anew."""
        self.refresh(layout=True)
        for widget in self.walk_children():
            widget.refresh()

    def do_app_lock(self) -> None:
        """Cover everything until Enter."""
        self.rcaid.lock()

    def do_app_quit(self) -> None:
        """Leave the program."""
        self.rcaid.exit(0)

    def do_go_today(self) -> None:
        """Go there."""
        self.rcaid.go("today")

    def do_go_people(self) -> None:
        """Go there."""
        self.rcaid.go("people")

    def do_go_cases(self) -> None:
        """Go there."""
        self.rcaid.go("cases")

    def do_go_rosters(self) -> None:
        """Go there."""
        self.rcaid.go("rosters")

    def do_go_aid(self) -> None:
        """Go there."""
        self.rcaid.go("aid")

    def do_go_imports(self) -> None:
        """Go there."""
        self.rcaid.go("imports")

    def do_go_programmes(self) -> None:
        """Go there."""
        self.rcaid.go("programmes")

    def do_go_reports(self) -> None:
        """Go there."""
        self.rcaid.go("reports")

    def do_rows_more(self) -> None:
        """All that may be done here, each with a number of its own."""
        listed = [c for c in commands.of(self.contexts) if _on_more(c)]
        entries = [
            Entry(str(n % 10), f"{command.name}  {command.key}", self.why_not(command))
            for n, command in enumerate(listed[:10], 1)
        ]

        def done(key: str) -> None:
            self.close_strip()
            self.run_first((listed[(int(key) or 10) - 1],))

        right = _("greyed: not now, and why")
        self.open_strip(MenuStrip(self.title_of_more(), right, entries, done))

    def title_of_more(self) -> str:
        """What More is about."""
        return _("More")

    def do_record_verify(self) -> None:
        """Recompute the record and say whether it holds."""
        self.say(_("Checking the record."))
        self.read(
            lambda: self.session.act("record.verify", (), seen={}, choices={}),
            lambda done: self.say(done.sentence, number=done.number),
            group=ACT_GROUP,
        )

    def do_set_language(self) -> None:
        """The other language."""
        self.rcaid.next_language()

    def do_set_theme(self) -> None:
        """The next theme."""
        self.say(self.rcaid.next_theme())

    def do_set_glyphs(self) -> None:
        """The other set of signs."""
        self.rcaid.next_signs()


def _on_more(command: Command) -> bool:
    """What More lists: what is done here, and not More itself."""
    return bool(command.order) and not command.id.startswith("app.") and command.id != "rows.more"
