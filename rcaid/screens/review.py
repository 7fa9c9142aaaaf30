"""The Review: what is about to happen, the numbers first, exceptions before everything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from textual.app import ComposeResult
from textual.geometry import Offset

from rcaid.domain.errors import ProblemError
from rcaid.locale import N_, _
from rcaid.screens import commands, signs
from rcaid.screens.cells import Line, between, count, fit, line_width, money, ruled, width_of
from rcaid.screens.commands import Command
from rcaid.screens.frame import Frame
from rcaid.screens.reading import ACT_GROUP
from rcaid.screens.session import ATTENTION, Amount, Choice, Done, Exemption, Review
from rcaid.screens.strip import ChooseStrip


class ReviewScreen(Frame):
    """Digits go to the count line from anywhere; every other key acts on the exceptions."""

    title_of_place = N_("Review")
    contexts = (commands.ANYWHERE, commands.REVIEW)

    def __init__(self, review: Review, ids: tuple[str, ...], seen: Mapping[str, int]) -> None:
        super().__init__()
        self.review = review
        self.ids = ids
        self.seen = dict(seen)
        self.typed = ""
        self.included: dict[str, str] = {}
        self.options = tuple(c.code for c in review.options if c.chosen)
        self.cursor = _first_doubtful(review)
        self.result: Done | None = None

    def compose_body(self) -> ComposeResult:
        """What it is about, and the numbers."""
        yield self.part("sub", "line")
        yield self.part("body")
        yield self.part("count", "line")
        yield self.part("note", "line")

    # what would be done now

    @property
    def will(self) -> Amount:
        """What is done if it is done now, with what was put in."""
        put_in = [e for e in self.review.exceptions if e.id in self.included]
        will = self.review.will
        return replace(will, n=will.n + len(put_in), fen=will.fen + sum(e.fen for e in put_in))

    @property
    def is_right(self) -> bool:
        """Whether Enter may do it."""
        return self.will.n > 0 and (self.review.counted and self.typed == str(self.will.n))

    # drawing

    def draw_body(self) -> None:
        """All of it; the count line last."""
        width, review = self.size.width, self.review
        right = (f"{review.subject} ", "quiet")
        self.painted("sub").show([between(((f" {review.title}", "strong"),), (right,), width)])
        self.painted("body").show(self._lines(width))
        self.painted("count").show([self._count_line()])
        note = review.notes[0] if review.notes else ""
        self.painted("note").show([((f" {note}", "quiet"),)])

    def _lines(self, width: int) -> list[Line]:
        review = self.review
        numbers = [self.will, *review.left_out]
        lines: list[Line] = [(), *(_number(amount, 48) for amount in numbers)]
        if review.options:
            chosen = [c.label for c in review.options if c.code in self.options]
            text = ", ".join(chosen) or _("none")
            label = fit(f"     {review.options_title}", 42)
            lines.append(((label, "quiet"), (f"  {text}   ", "text"), ("m", "accent")))
        lines.append(())
        n = len(review.exceptions)
        body = self.painted("body").size.height
        rest = max(len(review.groups), len(review.limits)) + 2
        room = max(body - len(lines) - rest - 1, 3)
        if n:
            top = max(min(self.cursor - room + 1, n - room), 0)
            shown = review.exceptions[top : top + room]
            right = _("{n} of {total}").format(n=len(shown), total=n)
            lines.append(ruled(f" {_('Exceptions')}", f"{right} ", width))
            lines += [self._exception(i, e, width) for i, e in enumerate(shown, top)]
            lines.append(())
        lines += self._groups(width)
        return lines

    def _exception(self, index: int, item: Exemption, width: int) -> Line:
        current = signs.current()
        here = index == self.cursor
        put_in = item.id in self.included
        sign = current.done if put_in else current.of(item.sign)
        return between(
            (
                (f" {current.cursor} " if here else "   ", "accent"),
                (f"{sign} ", "done" if put_in else item.sign or "text"),
                (fit(item.label, 24), "text"),
                (item.text, "text"),
            ),
            ((f" {item.rule} ", "quiet"),),
            width,
        )

    def _groups(self, width: int) -> list[Line]:
        review = self.review
        if not review.groups and not review.limits:
            return []
        left_width = 56 if review.limits else width - 1
        left = [ruled(f" {review.groups_title}", "", left_width - 2)]
        left += [_number(group, 40) for group in review.groups]
        right: list[Line] = []
        if review.limits:
            right.append(ruled(_("Your limits"), "", width - left_width - 1))
            right += [
                (
                    (f"{signs.current().of(limit.sign)} ", limit.sign or "text"),
                    ("  ".join(part for part in (limit.label, limit.text) if part), "text"),
                )
                for limit in review.limits
            ]
        lines: list[Line] = []
        for n in range(max(len(left), len(right))):
            line: Line = left[n] if n < len(left) else ()
            blank = (" " * max(left_width - line_width(line), 0), "text")
            lines.append((*line, blank, *(right[n] if n < len(right) else ())))
        return lines

    def _count_line(self) -> Line:
        will, verb = self.will, self.review.verb
        if not will.n:
            return ((f" {_('Nothing would be done.')}", "attention"),)
        what = count(will.n)
        if will.fen:
            what = _("{n}, {yuan} yuan").format(n=what, yuan=money(will.fen))
        if not self.review.counted:
            return ((f" {_('y to {verb} {what}').format(verb=verb, what=what)}", "text"),)
        text = _("Type {n} to {verb} {what}:").format(n=will.n, verb=verb, what=what)
        caret = signs.current().caret
        self._place_caret(width_of(f" {text} {self.typed}"))
        return ((f" {text} ", "text"), (self.typed, "strong"), (caret, "accent"))

    def _place_caret(self, x: int) -> None:
        self.app.cursor_position = Offset(x, self.painted("count").region.y)

    # keys

    def use_other_key(self, name: str) -> bool:
        """Digits go to the count line; j, k and the arrows move over the exceptions."""
        if name.isdigit() and name.isascii():
            self.hush()
            self.typed = (self.typed + name)[:9]
        elif name == "backspace":
            self.typed = self.typed[:-1]
        elif name in ("down", "j", "up", "k", "home", "end"):
            last = max(len(self.review.exceptions) - 1, 0)
            step = {"down": 1, "j": 1, "up": -1, "k": -1, "home": -last, "end": last}[name]
            self.cursor = max(min(self.cursor + step, last), 0)
        else:
            return super().use_other_key(name)
        self.draw()
        return True

    def refusal(self, command: Command) -> str:
        """Enter is grey until the count is right."""
        if command.id in ("review.go", "review.yes") and not self.will.n:
            return _("nothing would be done")
        if command.id == "review.go" and not self.is_right:
            if not self.review.counted:
                return _("y does it here")
            return _("type the count {n} first").format(n=self.will.n)
        if command.id == "review.yes" and self.review.counted:
            return _("the count and Enter do it here")
        if command.id in ("review.in_out", "case.explain") and not self.review.exceptions:
            return _("there are no exceptions")
        if command.id == "review.options" and not self.review.options:
            return _("there is nothing to choose here")
        return super().refusal(command)

    def on_last_line(self, command: Command) -> bool:
        """One of the two ways to do it."""
        if command.id in ("review.go", "review.yes"):
            return (command.id == "review.go") == self.review.counted
        if command.id == "review.options":
            return bool(self.review.options)
        if command.id == "case.explain":
            return bool(self.review.exceptions)
        if command.id == "review.in_out":
            return any(item.sign == ATTENTION for item in self.review.exceptions)
        return super().on_last_line(command)

    def hint_label(self, command: Command) -> str:
        """The verb of this act."""
        if command.id in ("review.go", "review.yes"):
            return _(commands.BY_ID[self.review.act].label)
        return super().hint_label(command)

    def do_review_go(self) -> None:
        """Do it, as reviewed or not at all."""
        include = ",".join(f"{id}={reason}" for id, reason in self.included.items())
        choices = {"expect": str(self.will.n), "include": include}
        if self.review.options:
            choices[self.review.name] = ",".join(self.options)
        self.read(
            lambda: self.session.act(self.review.act, self.ids, seen=self.seen, choices=choices),
            self._done,
            group=ACT_GROUP,
            failed=self._refused,
        )

    def do_review_yes(self) -> None:
        """Do it; so few things need no count."""
        self.do_review_go()

    def _done(self, done: Done) -> None:
        self.result = done
        self.dismiss("")

    def _refused(self, error: ProblemError) -> None:
        """Nothing was done: say why, and show the numbers of now."""
        self.refused(error)
        self.typed = ""
        self.read(
            lambda: self.session.review(self.review.act, self.ids),
            self._show_again,
            group=ACT_GROUP,
        )

    def _show_again(self, review: Review) -> None:
        self.review = review
        self.included = {
            e.id: self.included[e.id] for e in review.exceptions if e.id in self.included
        }
        self.draw()

    def do_review_in_out(self) -> None:
        """Put a doubtful one in with a reason, or take it out again."""
        item = self.review.exceptions[self.cursor]
        if item.id in self.included:
            del self.included[item.id]
            self._next()
        elif item.sign != ATTENTION:
            self.say(_("a rule stops this one: {text} {rule}").format(
                text=item.text, rule=item.rule
            ), "stopped")  # fmt: skip
        elif self.review.include_reasons:
            title = _("Put in {what}").format(what=item.label)
            self.open_strip(
                ChooseStrip(
                    title,
                    _("why"),
                    self.review.include_reasons,
                    lambda codes, _note: self._put_in(item, codes[0]),
                    several=False,
                )
            )
        else:
            self._put_in(item, "reviewed")

    def _put_in(self, item: Exemption, reason: str) -> None:
        self.close_strip()
        self.included[item.id] = reason
        self._next()

    def _next(self) -> None:
        self.cursor = min(self.cursor + 1, len(self.review.exceptions) - 1)
        self.draw()

    def do_review_options(self) -> None:
        """Change what can be chosen, for example the rounds."""
        chosen = set(self.options)
        choices = tuple(
            Choice(c.code, c.label, chosen=c.code in chosen) for c in self.review.options
        )

        def done(codes: tuple[str, ...], _note: str) -> None:
            self.close_strip()
            self.options = codes
            # The strip gives its lines back to the body only with the next layout.
            self.call_after_refresh(self.draw)

        self.open_strip(ChooseStrip(self.review.options_title, "", choices, done, verb=_("Take")))

    def do_case_explain(self) -> None:
        """Why one stays behind."""
        if self.review.exceptions:
            item = self.review.exceptions[self.cursor]
            self.say(f"{item.label}: {item.text} {item.rule}")


def _first_doubtful(review: Review) -> int:
    for index, item in enumerate(review.exceptions):
        if item.sign == ATTENTION:
            return index
    return 0


def _number(amount: Amount, width: int) -> Line:
    sign = f"{signs.current().of(amount.sign)} " if amount.sign else ""
    label = fit(f"     {sign}{amount.label}", width - 8)
    n = fit(count(amount.n), 8, right=True)
    fen = fit(money(amount.fen), 15, right=True) if amount.fen else " " * 15
    goods = f"   {count(amount.pieces)} {_('pieces')}" if amount.pieces else ""
    return ((label, "text"), (n, "strong"), (fen, "text"), (goods, "text"))
