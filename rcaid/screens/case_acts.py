"""What may be done to a single application, on its line, on its card and in the queue alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rcaid.domain.errors import ProblemError
from rcaid.locale import _
from rcaid.screens import commands
from rcaid.screens.acting import Acting
from rcaid.screens.applying import Office, Paper, Said
from rcaid.screens.case_strips import THERE, PaperStrip, WriteStrip, amount_strip
from rcaid.screens.commands import Command
from rcaid.screens.import_session import Option
from rcaid.screens.reading import ACT_GROUP
from rcaid.screens.session import Card, Choice, Done
from rcaid.screens.strip import Entry, MenuStrip, TableStrip
from rcaid.screens.strip_typing import NumberStrip

OPINION = "application.opinion"
STALE = "state.stale"
_MORE = {
    "1": ("case.edit",),
    "3": ("case.withdraw",),
    "4": ("case.suspend", "case.resume"),
    "5": ("case.appeal",),
    "6": ("case.reject",),
    "7": ("case.return",),
    "8": ("case.approve",),
    "9": ("person.reveal",),
}
"""The numbers of More; they belong to the command, not to its place in the list."""
_ASKS_OPINION = ("case.verify", "case.propose")


class CaseActs(Acting):
    """One application at a time, but for approving."""

    acts = frozenset(
        {
            "case.verify", "case.answer", "case.submit", "case.propose", "case.approve",
            "case.return", "case.reject", "case.withdraw", "case.suspend", "case.resume",
            "case.appeal", "case.edit",
        }
    )  # fmt: skip

    def refusal(self, command: Command) -> str:
        """Only approving takes several at once."""
        if command.id in self.acts - {"case.approve"} and len(self.targets()) > 1:
            return _("one at a time: take the marks away")
        return super().refusal(command)

    def act_on(self, id: str, choices: Mapping[str, str] | None = None) -> None:
        """Do it; what needs a word more asks for it, and what has moved meanwhile is shown."""
        targets, chosen = self.targets(), dict(choices or {})
        seen = {thing.id: thing.version for thing in targets}
        ids = tuple(seen)
        self.read(
            lambda: self.session.act(id, ids, seen=seen, choices=chosen),
            self.done,
            group=ACT_GROUP,
            failed=lambda error: self._not_done(id, chosen, error),
        )

    def _not_done(self, id: str, choices: dict[str, str], error: ProblemError) -> None:
        codes = {problem.code for problem in error.problems}
        if codes == {OPINION} and id in _ASKS_OPINION and not choices.get("note"):
            self._ask_opinion(id, choices)
            return
        self.refused(error)
        if STALE in codes:
            self.show_moved()

    def _ask_opinion(self, id: str, choices: dict[str, str]) -> None:
        def written(text: str) -> None:
            self.close_strip()
            self.act_on(id, {**choices, "note": text})

        verb = commands.BY_ID[id].name
        title = f"{verb} {self.name_of_target()}"
        right = _("a check needs attention")
        self.open_strip(WriteStrip(title, right, _("opinion"), verb, written))

    def show_moved(self) -> None:
        """Somebody changed it meanwhile: what differs from what was looked at."""
        self.after_act()

    def on_last_line(self, command: Command) -> bool:
        """What the step of the case allows, greyed where another has to do it; what is begun from
        a list is for lists."""
        if command.id in self.acts and command.id not in self.current_acts():
            return False
        return super().on_last_line(command) and self.can_do(command)

    # steps

    def do_case_verify(self) -> None:
        """On to the district; with a warning, a line of opinion."""
        self.act_on("case.verify")

    def do_case_submit(self) -> None:
        """A draft of the store is handed in."""
        self.act_on("case.submit")

    def do_case_answer(self) -> None:
        """The papers that have come."""
        self._with_papers(self._answer)

    def _answer(self, papers: tuple[Paper, ...]) -> None:
        missing = tuple(paper for paper in papers if paper.state not in THERE)

        def given(codes: tuple[str, ...]) -> None:
            self.close_strip()
            self.act_on("case.answer", {"papers": ",".join(codes)})

        title = _("What has come for {name}").format(name=self.name_of_target())
        strip = PaperStrip(title, "", missing, _("Answer"), given, whole=not missing)
        self.open_strip(strip)

    def do_case_return(self) -> None:
        """Back to the family for papers by their numbers; from the district with a reason."""
        id = self.targets()[0].id
        self.read(
            lambda: (self.session.reasons("case.return", id), self.session.applying.papers(id)),
            lambda found: self._back(*found),
            group=ACT_GROUP,
        )

    def _back(self, reasons: tuple[Choice, ...], papers: tuple[Paper, ...]) -> None:
        if reasons:
            self._with_one_reason("case.return")
        else:
            self._return(papers)

    def _return(self, papers: tuple[Paper, ...]) -> None:
        labels = {paper.code: paper.label for paper in papers}

        def chosen(codes: tuple[str, ...]) -> None:
            self.close_strip()
            self.act_on("case.return", {"papers": ",".join(codes)})

        def text(codes: object) -> str:
            named = _(", ").join(labels[code] for code in codes)  # type: ignore[attr-defined]
            return _("please bring: {papers}; we go on when they are here").format(papers=named)

        title = _("Return {name} for papers").format(name=self.name_of_target())
        self.open_strip(
            PaperStrip(title, _("the clock stops"), papers, _("Return"), chosen, text=text)
        )

    def _with_papers(self, then: Callable[[tuple[Paper, ...]], None]) -> None:
        id = self.targets()[0].id
        self.read(lambda: self.session.applying.papers(id), then, group=ACT_GROUP)

    def do_person_papers(self) -> None:
        """The checklist; what is ticked is there, and Enter writes what has changed."""
        if not self.current_id():
            self.say(_("nothing is under the cursor"))
            return
        id = self.current_id()
        self.read(lambda: self.session.applying.papers(id), self._papers, group=ACT_GROUP)

    def _papers(self, papers: tuple[Paper, ...]) -> None:
        if not papers:
            self.say(_("this one has no papers of its own"))
            return
        before = tuple(paper.code for paper in papers if paper.state in THERE)

        def chosen(codes: tuple[str, ...]) -> None:
            self.close_strip()
            self._mark_papers(set(codes) - set(before), set(before) - set(codes))

        title = _("Papers of {name}").format(name=self.name_of_target())
        right = _("ticked is there")
        self.open_strip(
            PaperStrip(title, right, papers, _("Keep"), chosen, ticked=before, whole=True)
        )

    def _mark_papers(self, seen: set[str], missing: set[str]) -> None:
        if not seen and not missing:
            return
        choices = {"seen": ",".join(sorted(seen)), "missing": ",".join(sorted(missing))}
        id = self.current_id()
        self.read(
            lambda: self.session.act("person.papers", (id,), seen={}, choices=choices),
            self.papers_marked,
            group=ACT_GROUP,
        )

    def papers_marked(self, done: Done) -> None:
        """Say it, and read again."""
        Acting.done(self, done)

    def do_case_propose(self) -> None:
        """The amount: by rule, or another one."""
        id = self.targets()[0].id
        self.read(lambda: self.session.applying.award(id), self._propose, group=ACT_GROUP)

    def _propose(self, fen: int) -> None:
        def chosen(amount: int) -> None:
            self.close_strip()
            self.act_on("case.propose", {"fen": str(amount)})

        title = f"{_('Propose')} {self.name_of_target()}"
        self.open_strip(amount_strip(title, fen, _("Propose"), chosen))

    def do_case_approve(self) -> None:
        """Through the review."""
        self.act_with_review("case.approve")

    def do_case_reject(self) -> None:
        """With a reason by its number."""
        self._with_one_reason("case.reject")

    def do_case_withdraw(self) -> None:
        """The family asks for it."""
        self._with_one_reason("case.withdraw")

    def do_case_suspend(self) -> None:
        """Until something is cleared up."""
        self._with_one_reason("case.suspend")

    def _with_one_reason(self, id: str) -> None:
        first = self.targets()[0].id

        def choose(reasons: tuple[Choice, ...]) -> None:
            def chosen(code: str) -> None:
                self.close_strip()
                self.act_on(id, {"reason": code})

            title = f"{commands.BY_ID[id].name} {self.name_of_target()}"
            options = [Option(choice.code, choice.label) for choice in reasons]
            self.open_strip(NumberStrip(title, _("why"), options, chosen))

        self.read(lambda: self.session.reasons(id, first), choose, group=ACT_GROUP)

    def do_case_resume(self) -> None:
        """On where it stood."""
        self.act_on("case.resume")

    def do_case_appeal(self) -> None:
        """With what the family says."""

        def written(text: str) -> None:
            self.close_strip()
            self.act_on("case.appeal", {"note": text})

        title = f"{_('Appeal')} {self.name_of_target()}"
        self.open_strip(
            WriteStrip(title, _("once, within 30 days"), _("what they say"), _("Appeal"), written)
        )

    def do_case_edit(self) -> None:
        """The form again, with what may still be changed."""
        id, session = self.targets()[0].id, self.session.applying
        self.read(
            lambda: (session.office(), session.said(id)),
            lambda found: self._open_change(*found),
            group=ACT_GROUP,
        )

    def _open_change(self, office: Office, said: Said) -> None:
        from rcaid.screens.change_case import ChangeCase

        self.rcaid.open(ChangeCase(office, said, self.changed_case))

    def changed_case(self, done: Done) -> None:
        """Say it, and read again."""
        Acting.done(self, done)

    # More

    def do_rows_more(self) -> None:
        """Each act under the number it has everywhere; greyed ones with their reason."""
        entries = []
        for key, ids in _MORE.items():
            reasons = {id: self.why_not(commands.BY_ID[id]) for id in ids}
            id = next((id for id, reason in reasons.items() if not reason), ids[0])
            command = commands.BY_ID[id]
            entries.append(Entry(key, f"{command.name}  {command.key}".rstrip(), reasons[id]))

        def done(key: str) -> None:
            self.close_strip()
            self.run_first([commands.BY_ID[id] for id in _MORE[key]])

        title = f"{_('More')} {self.name_of_target()}".rstrip()
        self.open_strip(MenuStrip(title, _("greyed: not now, and why"), entries, done))


def differences(before: Card, after: Card) -> list[tuple[str, str, str]]:
    """The facts that two readings of one card differ in: what, as it was, as it is."""
    old = {fact.label: fact.text for fact in before.facts}
    new = {fact.label: fact.text for fact in after.facts}
    rows = [(_("step"), before.state, after.state)] if before.state != after.state else []
    for name in dict.fromkeys((*old, *new)):
        if old.get(name, "") != new.get(name, ""):
            rows.append((name, old.get(name, ""), new.get(name, "")))
    return rows


def moved_strip(who: str, before: Card, after: Card) -> TableStrip:
    """What somebody else changed meanwhile, field by field."""
    rows = [
        (name, f"{old or '-'}", _("now {value}").format(value=new or "-"))
        for name, old, new in differences(before, after)
    ]
    title = _("{who} changed this meanwhile").format(who=who or _("somebody"))
    return TableStrip(title, rows or [(_("nothing that is shown here"),)])
