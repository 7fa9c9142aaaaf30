"""Public notices: the fourth list of Aid, and a notice exactly as the public reads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rcaid.locale import N_, _
from rcaid.screens import commands, signs
from rcaid.screens.acting import Acting
from rcaid.screens.card import CardScreen
from rcaid.screens.cells import Line, fit, wrapped
from rcaid.screens.commands import Command
from rcaid.screens.import_session import Option
from rcaid.screens.labels import PUBLIC_TEXT
from rcaid.screens.list import ListScreen
from rcaid.screens.previewing import ListOf
from rcaid.screens.reading import ACT_GROUP
from rcaid.screens.session import Card, Choice, Done, Page, Row
from rcaid.screens.strip import ChooseStrip, Entry, MenuStrip, Strip, TableStrip
from rcaid.screens.strip_typing import NumberStrip
from rcaid.screens.widgets.frame import KeyHint
from rcaid.screens.widgets.rows import Column

NOTICES = ListOf(
    "notices",
    N_("Notices"),
    (
        Column("notice", N_("notice"), 5, 12),
        Column("office", N_("office"), 18, 14, grows=True),
        Column("state", N_("step"), 33, 10, "code"),
        Column("starts", N_("starts"), 44, 9, "day"),
        Column("ends", N_("ends"), 54, 9, "day"),
        Column("n", N_("cases"), 64, 5, "count", right=True),
        Column("objected", N_("objected"), 70, 9, "count", right=True),
    ),
    "step programme cycle is",
)
_LONGEST = 300


class FirstStrip(NumberStrip):
    """One of many by its number; Enter takes the first."""

    def hints(self) -> list[KeyHint]:
        """Enter stands first."""
        return [KeyHint("enter", _("Take the first")), *super().hints()]

    def key(self, name: str) -> bool:
        """Enter, or a number."""
        if name == "enter" and self.options:
            self.closed = True
            self._done(self.options[0].code)
            return True
        return super().key(name)


class FieldsStrip(Strip):
    """A few short texts, one below the other; Enter goes on, and behind the last one sends."""

    def __init__(
        self,
        title: str,
        right: str,
        fields: Sequence[tuple[str, bool]],
        verb: str,
        done: Callable[[tuple[str, ...]], None],
    ) -> None:
        super().__init__()
        self.title, self.right, self.verb = title, right, verb
        self._labels = [label for label, _needed in fields]
        self._needed = [needed for _label, needed in fields]
        self._texts = [""] * len(self._labels)
        self._at = 0
        self._done = done

    def body(self, width: int) -> list[Line]:
        """Each label with its text; the caret in the one that takes keys."""
        wide = max(len(label) * 2 for label in self._labels)
        lines: list[Line] = []
        for n, (label, text) in enumerate(zip(self._labels, self._texts, strict=True)):
            here = n == self._at
            first, *rest = wrapped(text, max(width - wide - 8, 8))
            pieces = [first, *rest]
            for m, piece in enumerate(pieces):
                caret = signs.current().caret if here and m == len(pieces) - 1 else ""
                head = fit(label if not m else "", wide)
                lines.append(((f"   {head}  ", "quiet"), (piece, "text"), (caret, "accent")))
        return lines

    def hints(self) -> list[KeyHint]:
        """Enter goes on once something is typed where it is needed."""
        last = self._at == len(self._labels) - 1
        ready = bool(self._texts[self._at].strip()) or not self._needed[self._at]
        return [KeyHint("enter", self.verb if last else _("Next field"), ready), *super().hints()]

    def key(self, name: str) -> bool:
        """Every character is text."""
        text = " " if name == "space" else name
        if name == "backspace":
            self._texts[self._at] = self._texts[self._at][:-1]
        elif name == "enter":
            self._next()
        elif len(text) == 1 and text.isprintable():
            self._texts[self._at] = (self._texts[self._at] + text)[:_LONGEST]
        else:
            return False
        return True

    def _next(self) -> None:
        if self._needed[self._at] and not self._texts[self._at].strip():
            return
        if self._at < len(self._labels) - 1:
            self._at += 1
        else:
            self.closed = True
            self._done(tuple(text.strip() for text in self._texts))


class NoticeActs(Acting):
    """What may be done to a notice, on its line and on its card alike."""

    acts = frozenset(
        {
            "notice.publish", "notice.close", "notice.objection", "notice.correct",
            "notice.cancel", "notice.read", "notice.dismiss", "notice.uphold",
        }
    )  # fmt: skip

    def on_last_line(self, command: Command) -> bool:
        """Only what the step of the notice is for."""
        if command.id in self.acts and command.id.startswith("notice."):
            return command.id in self.current_acts() and super().on_last_line(command)
        return super().on_last_line(command)

    def do_notice_publish(self) -> None:
        """Up it goes, through the review."""
        self.act_with_review("notice.publish")

    def do_notice_close(self) -> None:
        """What stood to its last day is cleared."""
        self.act_now("notice.close")

    def do_notice_cancel(self) -> None:
        """A draft is given up."""
        self.act_now("notice.cancel")

    def do_notice_correct(self) -> None:
        """Another notice in its place, through the review."""
        self.act_with_review("notice.correct")

    def do_notice_objection(self) -> None:
        """Which line, what is said, and by whom."""

        def typed(texts: tuple[str, ...]) -> None:
            self.close_strip()
            line, said, who = texts
            self.act_now("notice.objection", {"line": line, "note": said, "who": who})

        fields = ((_("number in the list"), True), (_("what is said"), True), (_("by whom"), False))
        title = _("Objection to {n}").format(n=self.name_of_target())
        right = _("kept sealed; the case stops")
        self.open_strip(FieldsStrip(title, right, fields, _("Take it down"), typed))

    def do_notice_read(self) -> None:
        """What was said; reading it is recorded."""
        number = self.current_id()

        def show(card: Card) -> None:
            title = _("Objections to {n}").format(n=number)
            rows = card.tables[0][1] or ((_("none"),),)
            self.open_strip(TableStrip(title, rows))

        self.read(lambda: self.session.card("objections", number), show, group=ACT_GROUP)

    def do_notice_file(self) -> None:
        """The public text as a file, for the wall or a page of one's own."""
        forms = {"1": "html", "2": "csv", "3": "text"}

        def chosen(key: str) -> None:
            self.close_strip()
            self.act_now("notice.file", {"form": forms[key]})

        labels = (_("as a page"), _("as a table"), _("as text"))
        entries = [Entry(key, label) for key, label in zip(forms, labels, strict=True)]
        title = f"{_('Write it to a file')}: {self.name_of_target()}"
        self.open_strip(MenuStrip(title, _("into the outbox"), entries, chosen))

    def do_notice_dismiss(self) -> None:
        """No ground for it."""
        self._decide("notice.dismiss", _("Dismiss"))

    def do_notice_uphold(self) -> None:
        """It is right: the case is rejected."""
        self._decide("notice.uphold", _("Uphold"))

    def _decide(self, command: str, verb: str) -> None:
        number = self.current_id()
        self.read(
            lambda: (
                self.session.reasons("notice.open", number),
                self.session.reasons(command, number),
            ),
            lambda found: self._which(command, verb, *found),
            group=ACT_GROUP,
        )

    def _which(
        self, command: str, verb: str, open_: tuple[Choice, ...], why: tuple[Choice, ...]
    ) -> None:
        def chosen(id: str) -> None:
            self.close_strip()
            self._why(command, verb, id, why)

        if len(open_) == 1:
            self._why(command, verb, open_[0].code, why, open_[0].label)
            return
        options = tuple(Option(each.code, each.label) for each in open_)
        title = f"{verb}: {self.name_of_target()}"
        self.open_strip(NumberStrip(title, _("which objection"), options, chosen))

    def _why(
        self, command: str, verb: str, id: str, why: tuple[Choice, ...], which: str = ""
    ) -> None:
        def chosen(codes: tuple[str, ...], note: str) -> None:
            self.close_strip()
            self.act_now(command, {"objection": id, "reason": ".".join(codes), "note": note})

        title = f"{verb}: {self.name_of_target()}  {which}".rstrip()
        self.open_strip(ChooseStrip(title, _("why"), why, chosen, verb=verb))


class NoticeCard(NoticeActs, CardScreen):
    """One notice: first the public text alone, byte for byte, then what the public does not see."""

    def __init__(self, opener: ListScreen, row: Row) -> None:
        super().__init__(opener, row)
        own = (commands.ROWS, commands.CARD, self.place, NOTICES.name)
        self.contexts = (commands.ANYWHERE, *own)

    def on_last_line(self, command: Command) -> bool:
        """A new one is begun on the list."""
        return command.id != "notice.new" and super().on_last_line(command)

    def parts(self, card: Card) -> list[str]:
        """The public text comes first."""
        title, names = _(PUBLIC_TEXT), super().parts(card)
        return [title, *(each for each in names if each != title)] if title in names else names

    def _part(self, card: Card, name: str, width: int) -> list[Line]:
        # Without its text the card has other parts; the one that is marked is counted on the whole.
        return super()._part(self.card or card, name, width)

    def body_lines(self, card: Card, width: int) -> list[Line]:
        """The text, and below it the rest."""
        if self.alone:
            return super().body_lines(card, width)
        title = _(PUBLIC_TEXT)
        text = self._part(card, title, width - 2)
        rest = replace(card, tables=tuple(each for each in card.tables if each[0] != title))
        return [
            *(((" ", "text"), *line) for line in text),
            *super().body_lines(rest, width),
        ]


class NoticeLists(NoticeActs):
    """A place with the list of notices: a new one is drafted from it."""

    def do_notice_new(self) -> None:
        """A notice of the approved cases of a cycle."""
        self.read(lambda: self.session.reasons("notice.new", ""), self._cycles, group=ACT_GROUP)

    def _cycles(self, cycles: tuple[Choice, ...]) -> None:
        if not cycles:
            self.say(_("no approved case waits for a notice"))
            return
        asks = cycles[0].note

        def chosen(code: str) -> None:
            self.close_strip()
            if asks:
                self._ask_phone(code)
            else:
                self._draft(code, "")

        options = tuple(Option(each.code, each.label) for each in cycles)
        self.open_strip(FirstStrip(_("New notice"), _("of which cycle"), options, chosen))

    def _ask_phone(self, cycle: str) -> None:
        def typed(texts: tuple[str, ...]) -> None:
            self.close_strip()
            self._draft(cycle, texts[0])

        title = f"{_('New notice')} {cycle}"
        right = _("next time the same is taken")
        fields = ((_("telephone for objections"), True),)
        self.open_strip(FieldsStrip(title, right, fields, _("Draft it"), typed))

    def _draft(self, cycle: str, phone: str) -> None:
        def work() -> tuple[Done, Page]:
            choices = {"note": phone}
            done = self.session.act("notice.new", (cycle,), seen={}, choices=choices)
            return done, self.session.page(NOTICES.name, "", "", 1)

        def drafted(found: tuple[Done, Page]) -> None:
            done, page = found
            self.done(done)
            new = next((row for row in page.rows if row.label in done.sentence), None)
            if new is not None:
                self.open_notice(new)

        self.read(work, drafted, group=ACT_GROUP)

    def open_notice(self, row: Row) -> None:
        """The notice as the public reads it."""
        raise NotImplementedError
