"""Changing what a case says before it is verified; what somebody else wrote meanwhile is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rcaid.locale import N_, _
from rcaid.screens.applying import Changed, Office, ProgrammeForm, Said
from rcaid.screens.cells import Line, wrapped
from rcaid.screens.form_fields import NUMBER, Fields, FieldSpec
from rcaid.screens.reading import ACT_GROUP
from rcaid.screens.register import Register
from rcaid.screens.register_values import check_account, check_money
from rcaid.screens.session import Done
from rcaid.screens.strip import TableStrip

LABELS = {
    "category": N_("category"),
    "disease": N_("disease"),
    "stage": N_("stage"),
    "disaster": N_("disaster"),
    "hardship": N_("hardship"),
    "hardship_until": N_("until"),
    "income": N_("income, head"),
    "out_of_pocket": N_("paid oneself"),
    "asked": N_("amount"),
    "account": N_("account"),
    "bank": N_("bank"),
}


class ChangeCase(Register):
    """The need, the sums and the account of one case; the person is not changed here."""

    title_of_place = N_("Change")

    def __init__(self, office: Office, said: Said, done: Callable[[Done], None]) -> None:
        self.said = said
        super().__init__(office, str(said.values.get("programme", "")), done)
        self.form.values.update(said.values)
        self.form.renew()
        self.form.go(self.form.fields[0].name)

    def specs(self, values: Mapping[str, str]) -> Fields:
        """The fields that may be changed; the programme stays."""
        chosen = self._programme(values)
        if chosen is None:
            return ()
        return (*self._need(values, chosen), *self._money_fields(values, chosen))

    def _money_fields(self, values: Mapping[str, str], form: ProgrammeForm) -> list[FieldSpec]:
        fields = [
            FieldSpec("asked", _("amount"), NUMBER, check=check_money),
            FieldSpec("account", _("account"), NUMBER, hint=_("on record"), check=check_account),
        ]
        if values.get("account"):
            fields.append(FieldSpec("bank", _("bank"), required=True))
        return fields

    def heading_text(self) -> str:
        """Which case."""
        return self.said.case

    def look(self) -> Callable[[], object] | None:
        """Nothing is asked: its card says what is known."""
        return None

    def panel(self, width: int) -> list[Line]:
        """What to know before one changes something."""
        text = _("what is on record of the person is changed by a change request")
        return [((line, "quiet"),) for line in wrapped(text, width)]

    def keep(self) -> Callable[[], str] | None:
        """A change of a case is no draft of one's own."""
        return None

    def left(self) -> None:
        """Nothing was changed, and nothing is kept."""

    def send(self) -> None:
        """Change what differs."""
        values = {**self.form.filled, "programme": str(self.said.values.get("programme", ""))}
        session, seen = self.session.applying, self.said
        self.read(lambda: session.change(seen, values), self._changed, group=ACT_GROUP)

    def _changed(self, changed: Changed) -> None:
        if changed.done is not None:
            self.rcaid.changes += 1
            self.rcaid.close()
            self._done(changed.done)
            return
        self.form.wrong = dict(changed.wrong)
        if changed.now is not None:
            self.said = changed.now
            rows = [
                (_(LABELS.get(name, name)), _("you {value}").format(value=mine),
                 _("now {value}").format(value=theirs))
                for name, mine, theirs in changed.moved
            ]  # fmt: skip
            title = _("changed meanwhile; ^s again writes yours")
            self.open_strip(TableStrip(title, rows or [(_("nothing that you changed"),)]))
        self.surprise(changed.sentence)
        self.draw()
