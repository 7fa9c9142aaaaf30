"""The register form at a desk: what the programmes ask for, what is known, drafts, and sending."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from rcaid.domain import dates, identity
from rcaid.domain.errors import Problem, ProblemError
from rcaid.domain.money import parse_yuan, yuan
from rcaid.domain.sentences import sentence
from rcaid.locale import _, language
from rcaid.screens import desk_applications as applications
from rcaid.screens import desk_text as say
from rcaid.screens.applying import (
    Changed,
    Draft,
    Known,
    Left,
    Look,
    Office,
    Paper,
    ProgrammeForm,
    Said,
    Sent,
)
from rcaid.screens.form_words import CONSENTS, NO_NUMBER, RELATIONS, paper_choices, word
from rcaid.screens.session import Done, Row
from rcaid.screens.who import Choice
from rcaid.services.clock import ZONE

if TYPE_CHECKING:
    from rcaid.domain.programmes import Programme
    from rcaid.services.applications.new import Preview
    from rcaid.services.applications.wanted import Wanted
    from rcaid.services.desk import Desk
    from rcaid.services.drafts import Kept

PLACE = "register"
_AS_THEY_STAND = (
    "programme", "person_id", "name", "id_kind", "number", "reason", "sex", "phone", "street",
    "address", "guardian", "guardian_relation", "category", "hardship", "disease", "stage",
    "disaster", "account", "bank",
)  # fmt: skip
_SUMS = {"income": "income_fen", "out_of_pocket": "out_of_pocket_fen", "asked": "asked_fen"}
_CHANGED_TEXTS = (
    "programme", "category", "hardship", "hardship_until", "disease", "stage", "disaster",
)  # fmt: skip
"""What a case says that a form changes, beside its sums."""
_FIELDS = {fen: name for name, fen in _SUMS.items()} | {"person_id": "number"}
"""Fields of the form for those of an application that are called otherwise there."""


class DeskForm:
    """See `rcaid.screens.applying.Applying`."""

    def __init__(self, desk: Desk, spoken: Callable[[], AbstractContextManager[None]]) -> None:
        self._desk = desk
        self._spoken = spoken

    # --- the form

    def office(self) -> Office:
        desk = self._desk
        with self._spoken():
            place = desk.office_for("case.new")
            streets = [
                each
                for id in desk.offices.below(place.id)
                if (each := desk.offices.by_id[id]).level == "street" and not each.pseudo
            ]
            near = place.level != "city"
            return Office(
                desk.day,
                tuple(
                    Choice(each.code, each.name if near else desk.offices.path(each.id))
                    for each in streets
                ),
                place.code if place.level == "street" else "",
                tuple(self._programmes()),
                tuple(Choice(code, _(text)) for code, text in RELATIONS),
                tuple(Choice(code, _(text)) for code, text in CONSENTS),
                tuple(Choice(code, _(text)) for code, text in NO_NUMBER),
            )

    def _programmes(self) -> Iterable[ProgrammeForm]:
        from rcaid.services import application_forms

        for each in application_forms.open_programmes(self._desk):
            yield _form_of(each.rules, each.cycle, each.disasters)

    def look(self, values: Mapping[str, str]) -> Look:
        from rcaid.services.applications import new

        with self._spoken():
            wanted = _wanted(values)
            try:
                found = new.preview(self._desk, wanted)
            except ProblemError as error:
                return Look(wrong=_wrong(error.problems))
            return Look(
                tuple(self._known(found, wanted)),
                tuple(_helped(found)),
                tuple(_left(found)),
                tuple(map(say.check_note, found.checks)),
                _wrong(found.problems),
                found.award.fen if found.award else None,
            )

    def _known(self, found: Preview, wanted: Wanted) -> Iterable[Known]:
        from rcaid.services import application_forms

        owner = application_forms.owner_of(self._desk, wanted.number)
        for each in found.known:
            same = each.sure or each.person_id == owner
            record = application_forms.on_record(self._desk, each.person_id) if same else {}
            text = f"{each.place}  {each.number_masked}"
            yield Known(each.person_id, each.name, text, same, record)

    def send(self, values: Mapping[str, str]) -> Sent:
        from rcaid.services.applications import intake, new

        desk = self._desk
        with self._spoken():
            case_no = values.get("case", "")
            try:
                wanted = self._with_account(_wanted(values))
                if case_no:
                    new.edit(desk, case_no, _changes(desk, case_no, wanted))
                else:
                    case, _entry = new.create(desk, wanted)
                    case_no = case.case_no
                entry = intake.submit(desk, case_no)
            except ProblemError as error:
                said = sentence(error.problems[0], _)
                if case_no:
                    said = _("{case} is kept as a draft, not submitted: {why}").format(
                        case=case_no, why=said
                    )
                return Sent(None, case_no, _wrong(error.problems), said)
            text = _("{case} registered and submitted").format(case=case_no)
            return Sent(Done(text, str(entry)), case_no)

    def _with_account(self, wanted: Wanted) -> Wanted:
        """The account on record of somebody known stands where none was typed."""
        from rcaid.services import application_forms

        if wanted.account or not wanted.person_id:
            return wanted
        number, bank = application_forms.account_on_record(self._desk, wanted.person_id)
        return replace(wanted, account=number, bank=bank)

    # --- changing

    def said(self, id: str) -> Said:
        from rcaid.services import application_cards
        from rcaid.services.applications import editing

        with self._spoken():
            found = application_cards.find(self._desk, id, "case.edit")
            said = editing.said_now(self._desk, found)
            values = {name: getattr(said, name) for name in _CHANGED_TEXTS}
            values |= {
                name: yuan(fen)
                for name, attribute in _SUMS.items()
                if (fen := getattr(said, attribute)) is not None
            }
            kept = {name: value for name, value in values.items() if value}
            return Said(found.case.id, found.case.case_no, kept, found.case.version)

    def change(self, seen: Said, values: Mapping[str, str]) -> Changed:
        from rcaid.services.applications import new

        mine, before = _wanted(values), _wanted(seen.values)
        names = (*_CHANGED_TEXTS, *_SUMS.values(), "account", "bank", "consents")
        changes = {
            name: getattr(mine, name)
            for name in names
            if name != "programme" and getattr(mine, name) != getattr(before, name)
        }
        with self._spoken():
            try:
                entry = new.edit(
                    self._desk, seen.case, changes, version=seen.version,
                    seen={name: getattr(before, name) for name in changes},
                )  # fmt: skip
            except ProblemError as error:
                moved = [p for p in error.problems if p.code == "state.stale_field"]
                stale = any(p.code == "state.stale_fields" for p in error.problems)
                return Changed(
                    None, sentence(error.problems[0], _), {} if stale else _wrong(error.problems),
                    tuple(_difference(problem) for problem in moved),
                    self.said(seen.id) if stale else None,
                )  # fmt: skip
        return Changed(Done(_("{case} changed").format(case=seen.case), str(entry)))

    # --- drafts

    def new_draft(self) -> str:
        from rcaid.services import drafts

        return drafts.new_id(self._desk)

    def keep(self, id: str, about: str, values: Mapping[str, str], *, is_open: bool) -> str:
        from rcaid.services import drafts

        with self._spoken():
            kept = drafts.keep(self._desk, id, PLACE, about, values, is_open=is_open)
            return _local(kept)

    def drafts(self) -> tuple[Draft, ...]:
        from rcaid.services import drafts

        with self._spoken():
            found = [each for each in drafts.mine(self._desk) if each.place == PLACE]
        return tuple(_draft(each, self._desk.day) for each in found)

    def drop(self, id: str) -> None:
        from rcaid.services import drafts

        with self._spoken():
            drafts.drop(self._desk, id)

    # --- cases

    def queue(self) -> tuple[Row, ...]:
        with self._spoken():
            return applications.queue(self._desk)

    def papers(self, id: str) -> tuple[Paper, ...]:
        with self._spoken():
            return applications.papers(self._desk, id)

    def award(self, id: str) -> int:
        with self._spoken():
            return applications.award(self._desk, id)


def _form_of(rules: Programme, cycle: str, disasters: tuple[tuple[str, str], ...]) -> ProgrammeForm:
    """What a programme asks for, in words."""
    measured: dict[str, list[str]] = {}
    stages: dict[str, dict[str, None]] = {}
    for grant in rules.grants:
        for disease in grant.diseases or ("",):
            if grant.measure:
                measured.setdefault(disease, []).append(grant.measure)
            stages.setdefault(disease, {}).update(dict.fromkeys(grant.stages))
    if rules.eligible.income_to_fen is not None:
        measured.setdefault("", []).append("income")
    minor = tuple(dict.fromkeys((*rules.papers.minor, "GUARD_REL")))
    return ProgrammeForm(
        rules.code,
        rules.name if language() != "en" else rules.name_en,
        cycle,
        rules.version,
        tuple(Choice(kind, word(kind, kind)) for kind in rules.id_kinds),
        _named(rules.categories),
        _named(rules.hardship),
        _named(dict(rules.diseases)),
        rules.eligible.disease_for,
        {
            disease: tuple(Choice(stage, word(stage, stage)) for stage in found)
            for disease, found in stages.items()
        },
        tuple(Choice(code, name) for code, name in disasters) if rules.eligible.disaster else (),
        {disease: tuple(dict.fromkeys(found)) for disease, found in measured.items()},
        {
            "": paper_choices(rules.papers.always),
            **{category: paper_choices(codes) for category, codes in rules.papers.category},
        },
        paper_choices(minor),
        rules.eligible.guardian_under,
    )


def _named(table: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(code, word(code, name)) for code, name in table.items())


def _wanted(values: Mapping[str, str]) -> Wanted:
    """An application as the form says it. What cannot be read stays out: it is wrong already."""
    from rcaid.services.applications.wanted import Wanted

    texts = {name: values[name] for name in _AS_THEY_STAND if name in values}
    sums = {
        fen: read
        for name, fen in _SUMS.items()
        if isinstance(read := parse_yuan(values.get(name, "") or "-"), int)
    }
    for name in ("hardship_until", "born"):
        read_day = dates.read(values[name]) if name in values else ""
        if isinstance(read_day, str) and read_day:
            texts[name] = read_day
    if texts.get("id_kind") == identity.NONE:
        texts["number"] = ""
    listed = {
        name: tuple(values[name].split(",")) for name in ("papers", "consents") if values.get(name)
    }
    return replace(Wanted(texts.pop("programme", "")), **texts, **sums, **listed)  # type: ignore[arg-type]


def _changes(desk: Desk, case_no: str, wanted: Wanted) -> dict[str, object]:
    """What a form says of a case that is there: the fields that may be changed."""
    from rcaid.services.applications.editing import CHANGEABLE

    return {name: value for name in CHANGEABLE if (value := getattr(wanted, name))}


def _wrong(problems: Iterable[Problem]) -> dict[str, str]:
    """The sentences of problems by the field they stand under."""
    found: dict[str, str] = {}
    for problem in problems:
        name = _FIELDS.get(problem.field, problem.field)
        if name:
            found.setdefault(name, sentence(problem, _))
    return found


def _difference(problem: Problem) -> tuple[str, str, str]:
    """A field that two people wrote: its name, mine, theirs."""
    said = problem.params
    name = _FIELDS.get(str(said["field"]), str(said["field"]))
    return name, str(said["mine"]), str(said["theirs"])


def _helped(found: Preview) -> Iterable[tuple[str, str, str]]:
    for each in found.given:
        yield each.year, each.programme, say.help_text(each.fen, each.pieces, each.item)


def _left(found: Preview) -> Iterable[Left]:
    """What is left of the caps, from the checks that name them."""
    names = {"cap.person": _("person"), "cap.home": _("household")}
    for check in found.checks:
        if check.code in names and "cap" in check.params:
            used, cap = int(check.params["fen"]), int(check.params["cap"])
            yield Left(names[check.code], min(used, cap), cap, yuan(max(cap - used, 0)))


def _draft(kept: Kept, today: str) -> Draft:
    day = say.day_here(kept.kept_at)
    when = _local(kept.kept_at) if day == today else day[5:]
    return Draft(kept.id, kept.about or _("application"), when, kept.values, kept.is_open)


def _local(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(ZONE):%H:%M}"
