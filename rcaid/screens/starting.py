"""What begins from several places alike: a new application, a draft, the queue to verify."""

from __future__ import annotations

from collections.abc import Sequence

from rcaid.locale import _
from rcaid.screens.applying import Draft, Office
from rcaid.screens.frame import Frame
from rcaid.screens.import_session import Option
from rcaid.screens.reading import ACT_GROUP
from rcaid.screens.session import Done, Row
from rcaid.screens.strip_typing import NumberStrip


class Starting(Frame):
    """A place from which applications are begun and checked one after another."""

    def do_case_register(self) -> None:
        """A new application."""
        self.read(self.session.applying.office, self._register, group=ACT_GROUP)

    def _register(self, office: Office) -> None:
        if not office.programmes:
            self.surprise(_("no programme takes single applications now"), "attention")
            return
        self._open_form(office, None)

    def _open_form(self, office: Office, draft: Draft | None) -> None:
        from rcaid.screens.register import Register

        known = {each.code for each in office.programmes}
        last = self.rcaid.last_programme
        self.rcaid.open(Register(office, last if last in known else "", self.registered, draft))

    def registered(self, done: Done) -> None:
        """Say what became of a form, and read again."""
        self.say(done.sentence, number=done.number)

    def open_drafts(self) -> None:
        """The one draft there is, or which of them."""
        session = self.session.applying
        self.read(
            lambda: (session.office(), session.drafts()),
            lambda found: self._choose_draft(*found),
            group=ACT_GROUP,
        )

    def _choose_draft(self, office: Office, drafts: Sequence[Draft]) -> None:
        if not drafts:
            self.say(_("there are no drafts any more"))
        elif len(drafts) == 1:
            self._open_form(office, drafts[0])
        else:
            by_id = {draft.id: draft for draft in drafts}
            options = [Option(draft.id, draft.about, note=draft.kept) for draft in drafts]

            def chosen(id: str) -> None:
                self.close_strip()
                self._open_form(office, by_id[id])

            self.open_strip(NumberStrip(_("My drafts"), _("a number opens it"), options, chosen))

    def do_case_queue(self) -> None:
        """The cases to verify, one after another."""
        self.read(self.session.applying.queue, self._open_queue, group=ACT_GROUP)

    def _open_queue(self, rows: Sequence[Row]) -> None:
        from rcaid.screens.case_queue import QueueCard, Walk

        if not rows:
            self.surprise(_("nothing waits for you to verify"), "attention")
            return
        self.rcaid.open(QueueCard(Walk(rows), self))
