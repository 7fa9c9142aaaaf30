"""The review of a plan: what applying it would do, what it would not take, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual.app import ComposeResult

from rcaid.domain.errors import ProblemError
from rcaid.locale import N_, _
from rcaid.screens import commands
from rcaid.screens.cells import between, count, money, ruled
from rcaid.screens.commands import Command
from rcaid.screens.frame import Frame
from rcaid.screens.import_file import FileScreen, start_plan
from rcaid.screens.import_session import (
    DIFFERENT,
    LATER,
    SAME,
    Asked,
    FileLook,
    PlannedFile,
    PlanView,
)
from rcaid.screens.plan_parts import BadRows, Changes, NewRows, Pairs, Part, numbers
from rcaid.screens.reading import ACT_GROUP, ROWS_GROUP
from rcaid.screens.session import Done
from rcaid.screens.strip_typing import CountStrip


class PlanScreen(Frame):
    """One plan. ``done`` is told what applying it did; ``asked`` is how its file was read, where
    that is known."""

    title_of_place = N_("Import plan")
    contexts = (commands.ANYWHERE, commands.ROWS, "plan")

    def __init__(
        self, plan_id: str, done: Callable[[Done], None], source: tuple[FileLook, Asked] | None
    ) -> None:
        super().__init__()
        self.plan_id = plan_id
        self.plan: PlanView | None = None
        self.parts_: list[Part] = []
        self.at = 0
        self._done = done
        self._source = source
        self._moved = False
        self._applying = False

    def compose_body(self) -> ComposeResult:
        """What it is about, and the numbers above the parts."""
        yield self.part("sub", "line")
        yield self.part("body")

    def on_mount(self) -> None:
        """Read the plan."""
        self.load()

    def load(self) -> None:
        """Read the plan and let it stand here."""
        id = self.plan_id
        self.read(lambda: self.session.imports.view(id), self.show_plan, group=ROWS_GROUP)

    def show_plan(self, plan: PlanView) -> None:
        """Let a plan stand here."""
        self.plan = plan
        pairs = Pairs(_("Perhaps known already"), plan.pairs, _("s same   d different   l later"))
        rejected = _("Rejected"), plan.problems, _("o writes these rows with the reason")
        found: list[Part] = [
            BadRows(*rejected),
            pairs,
            Changes(_("Changed fields"), plan.changes),
            NewRows(_("New rows"), plan.fresh, plan.new),
            BadRows(_("To know"), plan.warnings),
        ]
        self.parts_ = [part for part in found if len(part)]
        self.at = 0
        self._moved = False
        self.draw()

    def speak(self) -> None:
        """Labels come from the session, so the plan is read again."""
        super().speak()
        self.load()

    # drawing

    def has_content(self) -> bool:
        """Once the plan was read."""
        return self.plan is not None

    def draw_body(self) -> None:
        """The numbers, then the parts, the one with the cursor as large as it needs to be."""
        plan, width = self.plan, self.size.width
        if plan is None:
            return
        right = ((f" {_('nothing is written yet')} ", "quiet"),)
        self.painted("sub").show([between(((f" {plan.title}", "strong"),), right, width)])
        body = self.painted("body")
        lines = [*numbers(plan, width), ()]
        rooms = self._rooms(body.size.height - len(lines) - len(self.parts_))
        for n, (part, room) in enumerate(zip(self.parts_, rooms, strict=True)):
            here = n == self.at
            hint = part.hint or ""
            right_text = f"{hint} " if here or room else ""
            title = f" {part.title} {count(part.total)}"
            lines.append(ruled(title, right_text, width, "accent" if here else "quiet"))
            lines += part.lines(room, width, here=here)
        if not self.parts_:
            nothing = "" if plan.ready else _("Every row is on record already.")
            lines.append(((f"     {nothing}", "quiet"),))
        body.show(lines)

    def _rooms(self, room: int) -> list[int]:
        """Lines for each part: first the one with the cursor, then the others in order."""
        rooms = [0] * len(self.parts_)
        order = sorted(range(len(rooms)), key=lambda n: n != self.at)
        for n in order:
            given = min(self.parts_[n].needed(), room)
            rooms[n] = given if given >= 2 else 0
            room -= rooms[n]
        return rooms

    @property
    def current(self) -> Part | None:
        """The part with the cursor."""
        return self.parts_[self.at] if self.parts_ else None

    @property
    def pairs(self) -> Pairs | None:
        """The part of the pairs, if it has the cursor."""
        return self.current if isinstance(self.current, Pairs) else None

    def _all_pairs(self) -> Pairs | None:
        return next((part for part in self.parts_ if isinstance(part, Pairs)), None)

    @property
    def decided(self) -> int:
        """Pairs that were decided since the plan was made, so that it no longer says it all."""
        pairs = self._all_pairs()
        answers = (SAME, DIFFERENT)
        return sum(pair.decision in answers for pair in pairs.pairs) if pairs else 0

    # what may be done

    def refusal(self, command: Command) -> str:
        """Keys of a part work in it; applying waits for what was decided."""
        plan = self.plan
        if plan is None:
            return _("not here")
        if command.id == "import.apply":
            if plan.may_apply:
                return plan.may_apply
            if self.decided or self._moved:
                return _("plan again first: y")
        if command.id == "import.again" and not self._can_plan:
            return plan.may_apply or _("the file is no longer in the inbox")
        if command.id == "import.rejects" and not plan.not_taken:
            return _("every row is taken")
        if command.id.startswith("dup."):
            return self._against_deciding(plan)
        if command.id == "rows.open" and self.current is None:
            return _("nothing is under the cursor")
        return super().refusal(command)

    def _against_deciding(self, plan: PlanView) -> str:
        pairs = self.pairs
        if pairs is None:
            return (
                _("Tab goes to the pairs first") if self._all_pairs() else _("there are no pairs")
            )
        if pairs.pair.decision == "file":
            return _("a row of this file: apply first, it is asked again then")
        return plan.may_decide

    @property
    def _can_plan(self) -> bool:
        return self._source is not None or bool(self.plan and self.plan.file_id)

    def on_last_line(self, command: Command) -> bool:
        """What the part with the cursor is for."""
        if command.id.startswith("dup."):
            return self.pairs is not None and super().on_last_line(command)
        if command.id == "import.again":
            return (bool(self.decided) or self._moved) and super().on_last_line(command)
        if command.id == "rows.more":
            return False
        return super().on_last_line(command)

    def hint_label(self, command: Command) -> str:
        """Enter looks closer."""
        return _("Look") if command.id == "rows.open" else super().hint_label(command)

    # moving

    def _move(self, step: int) -> None:
        part = self.current
        if part is not None:
            part.cursor = max(min(part.cursor + step, len(part) - 1), 0)
            self.draw()

    def do_rows_down(self) -> None:
        """Down."""
        self._move(1)

    def do_rows_up(self) -> None:
        """Up."""
        self._move(-1)

    def do_rows_page_down(self) -> None:
        """A screen down."""
        self._move(8)

    def do_rows_page_up(self) -> None:
        """A screen up."""
        self._move(-8)

    def do_rows_first(self) -> None:
        """The first of this part."""
        self._move(-(10**9))

    def do_rows_last(self) -> None:
        """The last of this part."""
        self._move(10**9)

    def do_rows_pane(self) -> None:
        """The next part."""
        self._step(1)

    def do_rows_pane_back(self) -> None:
        """The part before."""
        self._step(-1)

    def _step(self, step: int) -> None:
        if self.parts_:
            self.at = (self.at + step) % len(self.parts_)
            self.draw()

    def do_rows_open(self) -> None:
        """Say what is under the cursor in full."""
        if self.current is not None:
            self.say(self.current.text())

    # acts

    def do_import_rejects(self) -> None:
        """Write the rows that are not taken."""
        id = self.plan_id
        self.read(lambda: self.session.imports.write_rejects(id), self._written, group=ACT_GROUP)

    def _written(self, done: Done) -> None:
        self.rcaid.changes += 1
        self.say(done.sentence, number=done.number)

    def do_import_apply(self) -> None:
        """Ask for the count, then carry it out."""
        plan = self.plan
        if plan is None:
            return
        what = _("Type {n} to apply {n} rows, {yuan} yuan:") if plan.fen else _("Type {n} to apply {n} rows:")  # fmt: skip
        question = what.format(n=plan.ready, yuan=money(plan.fen))
        verb = commands.BY_ID["import.apply"].name
        self.open_strip(CountStrip(f"{verb} {plan.title}", question, plan.ready, verb, self._apply))

    def _apply(self) -> None:
        self.close_strip()
        plan = self.plan
        if plan is not None:
            self.say(_("Applying."))
            self._applying = True
            self.read(
                lambda: self.session.imports.apply(plan.id, plan.ready),
                self._applied,
                group=ACT_GROUP,
                failed=self._not_applied,
            )

    def slow_text(self) -> str:
        """A large plan takes its time to go in."""
        return _("Applying since {n} s.") if self._applying else super().slow_text()

    def _applied(self, done: Done) -> None:
        self.rcaid.changes += 1
        self.rcaid.close()
        self._done(done)

    def _not_applied(self, error: ProblemError) -> None:
        """Nothing was done: say what moved; y plans again with what stands there now."""
        self.refused(error)
        self._applying = False
        self._moved = True
        self.draw()

    def do_import_again(self) -> None:
        """Plan the same file once more; where it is not known how it was read, show that first."""
        if self._source is not None:
            self._again(*self._source)
        else:
            self.do_import_map()

    def _again(self, look: FileLook, asked: Asked) -> None:
        self._source = (look, asked)
        start_plan(self.rcaid, look, asked, self._planned_again, self.refused)

    def _planned_again(self, planned: PlannedFile) -> None:
        if not planned.plan_id:
            self.say(planned.sentence, "attention")
            return
        self.plan_id = planned.plan_id
        self.rcaid.changes += 1
        self.load()

    def with_source(self, then: Callable[[FileLook, Asked], None]) -> None:
        """Go on with the file this plan was made of, and how it was read."""
        plan = self.plan
        if self._source is not None:
            then(*self._source)
        elif plan is not None and plan.file_id:
            id, asked = plan.file_id, plan.asked or Asked()
            self.read(
                lambda: self.session.imports.look(id),
                lambda look: then(look, asked),
                group=ACT_GROUP,
                apart=True,
            )
        else:
            self.say(_("the file is no longer in the inbox"), "attention")

    def do_import_map(self) -> None:
        """What each column was taken for, to read it otherwise."""

        def opened(look: FileLook, asked: Asked) -> None:
            screen = FileScreen(look, asked, lambda p: self._otherwise(screen.source, p))
            self.rcaid.open(screen)

        self.with_source(opened)

    def _otherwise(self, source: tuple[FileLook, Asked], planned: PlannedFile) -> None:
        self._source = source
        self.rcaid.close()
        self._planned_again(planned)

    def do_dup_same(self) -> None:
        """The row is this person."""
        self._decide(SAME)

    def do_dup_different(self) -> None:
        """They are different people."""
        self._decide(DIFFERENT)

    def do_dup_later(self) -> None:
        """Leave it for another time."""
        self._decide(LATER)

    def _decide(self, decision: str) -> None:
        pairs, id = self.pairs, self.plan_id
        if pairs is None:
            return
        at, pair = pairs.cursor, pairs.pair

        def decided(done: Done) -> None:
            pairs.pairs[at] = replace(pair, decision=decision)
            pairs.cursor = min(at + 1, len(pairs) - 1)
            self.say(done.sentence, number=done.number)
            self.draw()
            self._when_all_are_decided(pairs)

        self.read(
            lambda: self.session.imports.decide(id, pair.row, pair.person_id, decision),
            decided,
            group=ACT_GROUP,
        )

    def _when_all_are_decided(self, pairs: Pairs) -> None:
        """With the last answer the plan no longer says what would happen: make it anew."""
        all_said = all(pair.decision for pair in pairs.pairs)
        if self.decided and all_said and self._source is not None:
            self._again(*self._source)
