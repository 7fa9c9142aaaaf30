"""Acts on things: at once, with a reason, or through the review. Lists and cards share them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rcaid.locale import N_, _
from rcaid.screens import commands
from rcaid.screens.cells import count, money
from rcaid.screens.commands import Command
from rcaid.screens.frame import Frame
from rcaid.screens.reading import ACT_GROUP
from rcaid.screens.session import Choice, Done, Given, Marked, Review, Row
from rcaid.screens.strip import ChooseStrip, Entry, MenuStrip, TableStrip

if TYPE_CHECKING:
    from rcaid.screens.review import ReviewScreen


_WHY = (
    ("1", "verify_identity", N_("to verify the identity")),
    ("2", "payment", N_("for a payment")),
    ("3", "contact", N_("to get in touch")),
    ("4", "correction", N_("to correct a mistake")),
    ("9", "other", N_("another reason")),
)
"""What a value may be shown for: the digit, the code of the record, and in words."""


_SEEN_AT_HOME = ("person.reveal", "person.help", "case.explain")


def _came(given: Given) -> str:
    """Cash and goods in words."""
    pieces = f"{given.pieces} {given.item or _('pieces')}" if given.pieces else ""
    return " + ".join(filter(None, (money(given.fen) if given.fen else "", pieces)))


class Acting(Frame):
    """A screen with things on it that something may be done to."""

    acts: frozenset[str] = frozenset()
    """Commands that the state of the thing allows or not."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: tuple[str, tuple[str, ...]] | None = None

    def targets(self) -> tuple[Marked, ...]:
        """What an act would work on: the marked things, else the one under the cursor."""
        return ()

    def current_acts(self) -> Mapping[str, str]:
        """Which acts the state of the target allows, each with the reason against it or ""."""
        return {}

    def current_row(self) -> Row | None:
        """The row of the thing under the cursor."""
        return None

    def current_id(self) -> str:
        """The thing under the cursor."""
        return ""

    def name_of_target(self) -> str:
        """What a strip calls the thing."""
        return ""

    @property
    def list_name(self) -> str:
        """The list the thing is of, as the session calls it."""
        return self.place

    def after_act(self) -> None:
        """Read again what the act has changed."""

    def refusal(self, command: Command) -> str:
        """An act needs a thing whose state allows it."""
        if command.id in self.acts:
            if not self.targets():
                return _("nothing is under the cursor")
            reason = self.current_acts().get(command.id)
            return _("not from this step") if reason is None else reason
        row = self.current_row()
        if command.id in _SEEN_AT_HOME and row is not None and row.elsewhere:
            return _("somebody of other offices: those who work there see more")
        return super().refusal(command)

    def reason_of(self, found: Sequence[Command], reasons: Sequence[str]) -> str:
        """Of the command that the step of the thing is for; if none is, the step is the reason."""
        if len(found) > 1 and self.targets() and all(c.id in self.acts for c in found):
            allowed = self.current_acts()
            here = [why for c, why in zip(found, reasons, strict=True) if c.id in allowed]
            return here[0] if here else _("not from this step")
        return super().reason_of(found, reasons)

    def nearer(self, command: Command, known: Command) -> bool:
        """What the step of the thing is for, even if this person may not do it."""
        allowed = self.current_acts()
        if command.id in self.acts and (command.id in allowed) != (known.id in allowed):
            return command.id in allowed
        return super().nearer(command, known)

    def hint_label(self, command: Command) -> str:
        """With marks the label says how many."""
        n = len(self.targets())
        return f"{command.name} {n}" if command.marks and n > 1 else command.name

    # acts

    def act_now(self, id: str, choices: Mapping[str, str] | None = None) -> None:
        """Do it at once; what can be taken back asks nothing."""
        targets, chosen = self.targets(), dict(choices or {})
        seen = {thing.id: thing.version for thing in targets}
        ids = tuple(seen)
        if commands.BY_ID[id].repeatable:
            self.rcaid.last_act = (id, chosen)
        self.read(
            lambda: self.session.act(id, ids, seen=seen, choices=chosen),
            self.done,
            group=ACT_GROUP,
        )

    def done(self, done: Done) -> None:
        """Say what was done, with its number, and read again."""
        self.rcaid.changes += 1
        self.after_act()
        self.say(done.sentence, number=done.number)

    def run_command(self, command: Command) -> None:
        """Any other command takes back what waits for its key a second time."""
        if self._asked is not None and self._asked[0] != command.id:
            self._asked = None
        super().run_command(command)

    def act_twice(self, id: str, question: str) -> None:
        """Do it at once to one thing; to several when the key comes again."""
        targets = self.targets()
        asked = (id, tuple(thing.id for thing in targets))
        if len(targets) > 1 and self._asked != asked:
            self._asked = asked
            key = commands.BY_ID[id].key
            self.say(question.format(key=key, n=count(len(targets))), "attention")
            return
        self._asked = None
        self.act_now(id)

    def act_with_reason(self, id: str, verb: str) -> None:
        """Ask for reasons in a strip, then do it."""
        first = self.targets()[0].id
        self.read(
            lambda: self.session.reasons(id, first),
            lambda reasons: self._choose_reason(id, verb, reasons),
            group=ACT_GROUP,
        )

    def _choose_reason(self, id: str, verb: str, reasons: tuple[Choice, ...]) -> None:
        def chosen(codes: tuple[str, ...], note: str) -> None:
            self.close_strip()
            self.act_now(id, {"reason": ",".join(codes), "note": note})

        title = f"{verb} {self.name_of_target()}"
        self.open_strip(ChooseStrip(title, _("why"), reasons, chosen, verb=verb))

    def act_with_review(self, id: str) -> None:
        """Show what would be done first."""
        targets = self.targets()
        ids = tuple(thing.id for thing in targets)
        seen = {thing.id: thing.version for thing in targets}
        self.read(
            lambda: self.session.review(id, ids),
            lambda review: self._open_review(review, ids, seen),
            group=ACT_GROUP,
        )

    def _open_review(self, review: Review, ids: tuple[str, ...], seen: Mapping[str, int]) -> None:
        from rcaid.screens.review import ReviewScreen

        screen = ReviewScreen(review, ids, seen)
        self.rcaid.open(screen, lambda _answer: self._reviewed(screen))

    def _reviewed(self, screen: ReviewScreen) -> None:
        if screen.result is not None:
            self.done(screen.result)

    def do_rows_repeat(self) -> None:
        """The last act that can be taken back, on this row."""
        last = self.rcaid.last_act
        if last is None:
            self.say(_("nothing to repeat yet"))
            return
        id, choices = last
        reason = self.why_not(commands.BY_ID[id])
        if reason:
            self.say(reason, "attention")
        else:
            self.act_now(id, choices)

    # looking closer

    def do_person_help(self) -> None:
        """Help given, by year, in a strip."""
        id = self.current_id()
        if id:
            self.read(
                lambda: self.session.help_given(self.list_name, id),
                self._show_help_given,
                group=ACT_GROUP,
            )

    def _show_help_given(self, given: tuple[Given, ...]) -> None:
        rows = [(g.year, g.what, g.who, _came(g)) for g in given]
        title = _("Help given to {name}").format(name=self.name_of_target())
        self.open_strip(TableStrip(title, rows or [(_("no help on record"),)]))

    def masked_fields(self) -> tuple[tuple[str, str], ...]:
        """The fields that may be revealed, as (field, label)."""
        return ()

    def do_person_reveal(self) -> None:
        """Reveal one field for a reason; of several fields the digit of the field comes first."""
        fields = self.masked_fields()
        if not fields:
            self.say(_("nothing is masked here"))
        elif len(fields) == 1:
            self._ask_why(*fields[0])
        else:
            entries = [Entry(str(n), label) for n, (_field, label) in enumerate(fields, 1)]
            title = f"{_('Reveal')} {self.name_of_target()}"
            self.open_strip(
                MenuStrip(
                    title, _("which"), entries, lambda key: self._ask_why(*fields[int(key) - 1])
                )
            )

    def _ask_why(self, field: str, label: str) -> None:
        codes = {digit: code for digit, code, _text in _WHY}

        def chosen(digit: str) -> None:
            self.close_strip()
            self._reveal(field, codes[digit])

        right = _("recorded before it is shown")
        title = f"{_('Reveal')} {self.name_of_target()} {label}"
        entries = [Entry(digit, _(text)) for digit, _code, text in _WHY]
        self.open_strip(MenuStrip(title, right, entries, chosen))

    def _reveal(self, field: str, reason: str) -> None:
        id, place = self.current_id(), self.list_name
        self.read(
            lambda: self.session.reveal(place, id, field, reason),
            lambda value: self.revealed(field, value),
            group=ACT_GROUP,
        )

    def revealed(self, field: str, value: str) -> None:
        """Show a full value for a while."""
        self.say(value)

    def do_rows_copy(self) -> None:
        """Send the number to the person's own clipboard."""
        text = self.name_of_target() or self.current_id()
        if text:
            self.rcaid.copy_out(text)
            self.say(_("{text} was sent to the terminal's clipboard").format(text=text))
