"""Register: an application from the identity number to the consents, with what is known beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from rcaid.domain import identity
from rcaid.domain.deadlines import age
from rcaid.domain.errors import Problem, ProblemError
from rcaid.domain.identity import Identity
from rcaid.domain.sentences import sentence
from rcaid.locale import N_, _
from rcaid.screens import signs
from rcaid.screens.applying import Draft, Known, Look, Office, ProgrammeForm, Sent
from rcaid.screens.card import check_lines, tally
from rcaid.screens.cells import Line, bar, between, fit, wrapped
from rcaid.screens.cells import money as yuan
from rcaid.screens.form import FormScreen, joined, panel_rule
from rcaid.screens.form_fields import CHOICE, NUMBER, TICKS, Fields, FieldSpec
from rcaid.screens.labels import label
from rcaid.screens.reading import ACT_GROUP
from rcaid.screens.register_values import (
    BY_NUMBER,
    check_account,
    check_day,
    check_money,
    check_phone,
    is_minor,
    is_without,
    needs_kind,
    papers_of,
    who_is,
)
from rcaid.screens.session import DONE, Done, Note
from rcaid.screens.who import Choice, Unreachable

_SEXES = ("F", "M")
_BAR = 8
_BESIDE = ("case", "person_id")
"""Values that no field shows: the case an earlier answer made, who was taken from the panel."""


class Register(FormScreen):
    """One application. ``draft`` is one that was begun before; ``done`` is told what became of
    it."""

    title_of_place = N_("Register")
    place = "register"

    def __init__(
        self,
        office: Office,
        programme: str,
        done: Callable[[Done], None],
        draft: Draft | None = None,
    ) -> None:
        self.office = office
        self.found: Look | None = None
        self._done = done
        self._left = False
        self.draft_id = draft.id if draft else ""
        super().__init__()
        self.form.values.update(draft.values if draft else {})
        if programme and "programme" not in self.form.values:
            self.form.values["programme"] = programme
        self.kept = draft.kept if draft else ""
        self.form.renew()
        self.form.go("number" if self._programme(self.form.values) else "programme")
        if draft:
            self.form.next_to_fill()

    def on_mount(self) -> None:
        """What is known of a draft stands beside it at once."""
        if self.draft_id:
            self._look_soon()

    def speak(self) -> None:
        """Words of choices come from the session, so they are read again."""
        super().speak()
        self.read(self.session.applying.office, self._take_office, group=ACT_GROUP)

    def _take_office(self, office: Office) -> None:
        self.office = office
        self.form.renew()
        self._look_soon()
        self.draw()

    # the fields

    def _programme(self, values: Mapping[str, str]) -> ProgrammeForm | None:
        code = values.get("programme", "")
        if not code and len(self.office.programmes) == 1:
            return self.office.programmes[0]
        return next((each for each in self.office.programmes if each.code == code), None)

    def specs(self, values: Mapping[str, str]) -> Fields:
        """The fields that the programme asks for, as far as what stands there needs them."""
        chosen = self._programme(values)
        options = tuple(Choice(each.code, each.name) for each in self.office.programmes)
        first = FieldSpec(
            "programme", _("programme"), CHOICE, options, required=True,
            default=chosen.code if chosen else "",
        )  # fmt: skip
        if chosen is None:
            return (first,)
        who = who_is(values, self.office.day)
        return (
            first,
            *self._person(values, chosen, who),
            *self._need(values, chosen),
            *self._end(values, chosen, who),
        )

    def _record(self, name: str) -> tuple[str, str]:
        """What is on record for a field of somebody known, and that it is."""
        known = self.same
        value = known.on_record.get(name, "") if known else ""
        return value, _("on record") if value else ""

    @property
    def same(self) -> Known | None:
        """Who has this very number."""
        return next((each for each in self.found.known if each.same), None) if self.found else None

    def _text(self, name: str, words: str, required: bool = False, **more: object) -> FieldSpec:
        default, hint = self._record(name)
        return FieldSpec(name, words, required=required, default=default, hint=hint, **more)  # type: ignore[arg-type]

    def _person(
        self, values: Mapping[str, str], form: ProgrammeForm, who: Identity | None
    ) -> list[FieldSpec]:
        beside = ""
        if who and who.birth_date:
            years = age(who.birth_date, self.office.day)
            beside = f"{label(who.sex)} {years}  {who.birth_date}"
        fields = [
            FieldSpec(
                "number", _("identity"), NUMBER, required=not is_without(values),
                hint=_("- for none"), beside=beside, check=self._number_check(values),
            )
        ]  # fmt: skip
        if needs_kind(values):
            fields.append(
                FieldSpec("id_kind", _("document"), CHOICE, form.documents, required=True)
            )
        if is_without(values):
            fields.append(
                FieldSpec("reason", _("no number"), CHOICE, self.office.no_number, required=True)
            )
        fields.append(self._text("name", _("name"), required=True))
        if who is None or not who.birth_date:
            sexes = tuple(Choice(code, label(code)) for code in _SEXES)
            if needs_kind(values):
                fields.append(FieldSpec("sex", _("sex"), CHOICE, sexes))
                fields.append(FieldSpec("born", _("born"), NUMBER, check=check_day))
        if is_minor(values, who, self.office.day, form.guardian_under):
            fields.append(self._text("guardian", _("guardian"), required=True))
            fields.append(FieldSpec("guardian_relation", _("relation"), CHOICE,
                                    self.office.relations, required=True))  # fmt: skip
        fields.append(self._text("phone", _("phone"), kind=NUMBER, check=check_phone))
        default, hint = self._record("street")
        fields.append(
            FieldSpec(
                "street", _("lives in"), CHOICE, self.office.streets, required=True,
                default=default or self.office.street, hint=hint,
            )
        )  # fmt: skip
        fields.append(self._text("address", _("address")))
        return fields

    def _number_check(self, values: Mapping[str, str]) -> Callable[[str], str]:
        kind = values.get("id_kind", "")
        day = self.office.day

        def check(number: str) -> str:
            if kind and kind not in BY_NUMBER:
                return ""
            found = identity.check(number, kind or identity.RESIDENT_ID, day)
            return sentence(found, _) if isinstance(found, Problem) else ""

        return check

    def _need(self, values: Mapping[str, str], form: ProgrammeForm) -> list[FieldSpec]:
        only = form.categories[0].code if len(form.categories) == 1 else ""
        fields = [FieldSpec("category", _("category"), CHOICE, form.categories, True, only)]
        category = values.get("category") or only
        disease = values.get("disease", "")
        if form.diseases and (not form.diseases_for or category in form.diseases_for):
            fields.append(FieldSpec("disease", _("disease"), CHOICE, form.diseases, True))
            stages = form.stages.get(disease, ())
            if stages:
                fields.append(FieldSpec("stage", _("stage"), CHOICE, stages))
        if form.disasters:
            default = form.disasters[0].code if len(form.disasters) == 1 else ""
            fields.append(
                FieldSpec("disaster", _("disaster"), CHOICE, form.disasters, True, default)
            )
        if form.hardships:
            fields.append(FieldSpec("hardship", _("hardship"), CHOICE, form.hardships, True))
            if values.get("hardship", "none") != "none":
                fields.append(FieldSpec("hardship_until", _("until"), NUMBER, check=check_day))
        needed = (*form.measures.get("", ()), *form.measures.get(disease, ()))
        if "income" in needed:
            fields.append(
                FieldSpec("income", _("income, head"), NUMBER, required=True, check=check_money)
            )
        if "out_of_pocket" in needed:
            fields.append(
                FieldSpec(
                    "out_of_pocket", _("paid oneself"), NUMBER, required=True, check=check_money
                )
            )
        return fields

    def _end(
        self, values: Mapping[str, str], form: ProgrammeForm, who: Identity | None
    ) -> list[FieldSpec]:
        award = self.found.award_fen if self.found else None
        by_rule = _("by rule") if award else ""
        account, hint = self._record("account")
        category = values.get("category") or (
            form.categories[0].code if len(form.categories) == 1 else ""
        )
        minor = is_minor(values, who, self.office.day, form.guardian_under)
        papers = papers_of(form, category, minor)
        fields = [
            FieldSpec("asked", _("amount"), NUMBER, default=yuan(award) if award else "",
                      hint=by_rule, check=check_money),
            FieldSpec("account", _("account"), NUMBER, default=account, hint=hint,
                      check=check_account),
        ]  # fmt: skip
        if values.get("account"):
            fields.append(FieldSpec("bank", _("bank"), required=True))
        fields.append(FieldSpec("papers", _("papers"), TICKS, papers, all_by_zero=True))
        consents = self.office.consents if minor else self.office.consents[:-1]
        fields.append(FieldSpec("consents", _("consent"), TICKS, consents, required=True))
        return fields

    # the panel

    def heading_text(self) -> str:
        """The programme, its cycle and its rules."""
        form = self._programme(self.form.values)
        if form is None:
            return _("choose the programme")
        return f"{form.name} {form.cycle}, " + _("rules v{n}").format(n=form.version)

    def look(self) -> Callable[[], object] | None:
        """What is known of the form as it stands."""
        if self._programme(self.form.values) is None:
            return None
        values = self._values()
        return lambda: self.session.applying.look(values)

    def _values(self) -> dict[str, str]:
        """What is handed on: what was typed, and what stands in for nothing typed but for what
        is on record already."""
        kept = {f.name for f in self.form.fields if f.hint and not self.form.values.get(f.name)}
        values = {name: v for name, v in self.form.filled.items() if name not in kept}
        more = {name: self.form.values[name] for name in _BESIDE if name in self.form.values}
        if self.same is not None:
            more["person_id"] = self.same.id
        return values | more

    def looked(self, found: object) -> None:
        """Errors stand under their fields as soon as they are known."""
        look = cast("Look", found)
        self.found = look
        typed = {field.name for field in self.form.fields if self.form.values.get(field.name)}
        self.form.wrong = {name: text for name, text in look.wrong.items() if name in typed}

    def panel(self, width: int) -> list[Line]:
        """Known already, helped before, what is left, the checks."""
        look = self.found
        if look is None:
            return [((_("what is known stands here"), "quiet"),)]
        known: list[Line] = []
        if look.known:
            known = [panel_rule(_("Already known"), width)]
            for each in look.known[:3]:
                sign = signs.current().of("done" if each.same else "attention")
                known.append(((f"{sign} ", "done" if each.same else "attention"),
                              (fit(each.name, width - 2).rstrip(), "text")))  # fmt: skip
                known += [((f"  {line}", "quiet"),) for line in wrapped(each.text, width - 2)]
        helped: list[Line] = []
        if look.helped:
            helped = [panel_rule(_("Helped before"), width)]
            helped += [
                between(((f"{day}  {what}", "text"),), ((f" {much}", "text"),), width)
                for day, what, much in look.helped[:4]
            ]
        left: list[Line] = []
        if look.left:
            left = [panel_rule(_("Left this year"), width)]
            for part in look.left:
                left.append((
                    (fit(part.label, 11), "quiet"), *bar(part.part, part.whole, _BAR),
                    (fit(part.text, width - 11 - _BAR, right=True), "text"),
                ))  # fmt: skip
        wanting = [note for note in look.checks if note.sign != DONE]
        checks = [panel_rule(_("Checks"), width, tally(look.checks)), *check_lines(wanting, width)]
        checks += [_holds(note, width) for note in look.checks if note.sign == DONE]
        return joined((known, helped, left, checks if look.checks else []))

    # drafts

    def keep(self) -> Callable[[], str] | None:
        """Keep it under an id of its own, begun with the first key."""
        if self._left or not self.form.values.keys() - {"programme"}:
            return None
        values, about = dict(self.form.values), self._about()
        session, is_open = self.session.applying, self.is_current or self.is_mounted

        def work() -> str:
            if not self.draft_id:
                self.draft_id = session.new_draft()
            return session.keep(self.draft_id, about, values, is_open=is_open)

        return work

    def _about(self) -> str:
        form = self._programme(self.form.values)
        name = self.form.values.get("name") or (self.same.name if self.same else "")
        return " ".join(filter(None, (form.name if form else "", name)))

    def do_form_leave(self) -> None:
        """One step back; the draft stays, and says that it was left."""
        self.left()
        super().do_form_leave()

    def left(self) -> None:
        """Keep it once more, as a form that was left."""
        if self._left or not self.form.values.keys() - {"programme"}:
            return
        values, about = dict(self.form.values), self._about()
        session = self.session.applying
        self._left = True
        self.rcaid.changes += 1

        def work() -> None:
            session.keep(self.draft_id or session.new_draft(), about, values, is_open=False)

        self.rcaid.keep(work)

    def do_form_discard(self) -> None:
        """Throw the draft away and leave."""
        session = self.session.applying
        self._left = True
        self.rcaid.changes += 1
        self.rcaid.keep(lambda: session.drop(self.draft_id))
        self.rcaid.close()

    # sending

    def send(self) -> None:
        """Register and submit, in the data thread; nothing is lost when it is refused."""
        values, session = self._values(), self.session.applying
        # Nothing is kept from here on that would outlive what is sent.
        self._left = True

        def work() -> Sent:
            try:
                sent = session.send(values)
            except (ProblemError, Unreachable):
                self._left = False
                raise
            if sent.done is not None and self.draft_id:
                session.drop(self.draft_id)
            return sent

        self.read(work, self._sent, group=ACT_GROUP)

    def _sent(self, sent: Sent) -> None:
        if sent.case:
            self.form.values["case"] = sent.case
        if sent.done is None:
            self._left = False
            self.form.wrong = dict(sent.wrong)
            shown = [f for f in self.form.fields if f.name in self.form.wrong]
            if shown:
                self.form.go(shown[0].name)
            self.surprise(sent.sentence)
            self.changed()
            return
        self.rcaid.changes += 1
        self.rcaid.last_programme = self.form.filled.get("programme", "")
        done = sent.done
        self.rcaid.close()
        self._done(done)


def _holds(note: Note, width: int) -> Line:
    """A check that holds takes one line and no more."""
    sign = signs.current().done
    rule: Line = ((f" {note.rule}", "quiet"),) if note.rule else ()
    return between(((f"{sign} ", "done"), (note.text or note.label, "text")), rule, width)
