"""A desk behind the screens of imports: the inbox, how a file is read, and its plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from rcaid.domain.errors import Problem, Refused, Unusable
from rcaid.domain.identity import mask_number
from rcaid.domain.money import yuan
from rcaid.domain.sentences import sentence
from rcaid.locale import N_, _
from rcaid.screens import desk_plans
from rcaid.screens.desk_columns import field_label, kept, mapped, overrides
from rcaid.screens.desk_text import day_here
from rcaid.screens.import_session import (
    Asked,
    FileColumn,
    FileLook,
    FileMapping,
    MappedColumn,
    Option,
    PlannedFile,
    PlanView,
)
from rcaid.screens.session import ATTENTION, DONE, Choice, Done, Note, Page, Preview, Row

if TYPE_CHECKING:
    from rcaid.files.headers import Field
    from rcaid.files.profiles import Profile
    from rcaid.services.desk import Desk
    from rcaid.services.importing.inbox import Waiting
    from rcaid.services.importing.kinds import Kind

SAMPLES = 3
_LOOKED_AT = 40
_PATIENCE = 5.0
"""Seconds that a first look may take to come up with rows."""
_LONG_NUMBER = re.compile(r"[A-Za-z]?\d{7,}[\dXx]?")
KIND_NAMES = {
    "roster": N_("roster"),
    "quota": N_("quota"),
    "delivery": N_("delivery"),
    "bank": N_("bank result"),
    "people": N_("people"),
    "update": N_("updates"),
    "institution": N_("institutions"),
    "donation": N_("donations"),
}
DATES = (
    ("", N_("as the column proves")),
    ("ymd", N_("year, month, day")),
    ("dmy", N_("day, month, year")),
    ("mdy", N_("month, day, year")),
)
_NEEDS_CYCLE = ("roster", "quota")


def kind_name(kind: str) -> str:
    """What a kind of file is called."""
    return _(KIND_NAMES[kind]) if kind in KIND_NAMES else kind


class DeskImports:
    """One person at the files that came in. See `rcaid.screens.import_session.Importing`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._headings: tuple[str, ...] = ()

    # --- the list

    def inbox_page(self, filter_text: str) -> Page:
        """Files that wait and plans without one; words of the filter stand in the name."""
        from rcaid.services.importing import inbox, profiles

        # A look into a file asks no store, so what profiles know is kept from here on.
        self._headings = tuple(
            heading
            for known in profiles.listing(self._desk)
            for heading in known.profile.headings()
        )
        words = filter_text.casefold().split()
        rows = tuple(
            _row(self._desk, each)
            for each in inbox.listing(self._desk)
            if all(word in each.name.casefold() for word in words)
        )
        return Page(rows, len(rows))

    def inbox_preview(self, id: str) -> Preview:
        """What is known of a file without opening it."""
        from rcaid.services.importing import inbox

        found = next((each for each in inbox.listing(self._desk) if each.id == id), None)
        if found is None:
            return Preview("", "", ())
        notes = tuple(_notes(self._desk, found))
        strip = tuple(f"{note.label}  {note.text}".strip() for note in notes)
        return Preview(found.name, _state(found), strip[:3], (("", notes),))

    def plan_of(self, id: str) -> str:
        """The id of the plan that a row of the inbox stands for, "" if it is to be read first."""
        from rcaid.services.importing import inbox

        found = next((each for each in inbox.listing(self._desk) if each.id == id), None)
        if found is None:
            raise Refused(Problem("inbox.gone", {"file": id}))
        return found.plan.plan_id if found.plan else ""

    # --- reading a file

    def look(self, id: str) -> FileLook:
        """The first look into a file of the inbox. Any thread may ask."""
        from rcaid.files.headers import Field, letter
        from rcaid.files.tables import open_table
        from rcaid.services.importing import inbox
        from rcaid.services.importing.kinds import KINDS

        path = inbox.find(self._desk, id)
        known = tuple(field for kind in KINDS.values() for field in kind.fields)
        fields = (*known, Field("", self._headings))
        with open_table(path, fields=fields, tolerant=True, patience=_PATIENCE) as table:
            first = list(islice(table.rows, _LOOKED_AT))
            columns = tuple(
                FileColumn(letter(n), heading, _samples([cells for _row, cells in first], n))
                for n, heading in enumerate(table.header)
            )
            said = [*table.problems, *table.warnings]
            return FileLook(
                id, table.name, table.sheet, table.header_row, columns,
                tuple(inbox.kinds_by_headings(table)), tuple(sentence(each, _) for each in said),
            )  # fmt: skip

    def mapping(self, look: FileLook, asked: Asked) -> FileMapping:
        """What each column is taken for when the file is read so."""
        from rcaid.services.importing.kinds import KINDS

        profile = self._profile(asked.profile)
        if profile is not None:
            asked = replace(asked, kind=profile.kind)
        kind = KINDS.get(asked.kind)
        needs_cycle = asked.kind in _NEEDS_CYCLE
        wrong = [] if kind else [_("say what kind of file this is: 1")]
        if needs_cycle and not asked.cycle:
            wrong.append(_("say for which cycle it is: 2"))
        columns: tuple[MappedColumn, ...] = tuple(MappedColumn("", "") for _c in look.columns)
        if kind is not None:
            columns, problems = mapped(look, asked, kind, profile)
            wrong += problems
        return FileMapping(
            asked, columns, tuple(wrong), self._kinds(look),
            self._cycles(asked.kind) if needs_cycle else (), self._profiles(look, asked.kind),
            _fields(kind) if kind else (), needs_cycle, bool(kind and kind.dates()),
        )  # fmt: skip

    def _profile(self, name: str) -> Profile | None:
        from rcaid.services.importing import profiles

        return profiles.find(self._desk, name).profile if name else None

    def _kinds(self, look: FileLook) -> tuple[Option, ...]:
        from rcaid.services.importing.kinds import KINDS

        desk = self._desk
        options = []
        for kind in KINDS.values():
            may = desk.duty_for(kind.act, desk.office_for(kind.act).id)
            reason = "" if may else _("not with your duties")
            note = _("the headings fit") if kind.name in look.fitting else ""
            options.append(Option(kind.name, kind_name(kind.name), reason, note))
        return tuple(options)

    def _cycles(self, kind: str) -> tuple[Option, ...]:
        from rcaid.services import programmes

        lane = "A" if kind == "application" else "B"
        return tuple(
            Option(each.code, f"{each.code} {each.label}")
            for each in programmes.open_cycles(self._desk, lane)
        )

    def _profiles(self, look: FileLook, kind: str) -> tuple[Option, ...]:
        """Profiles of this kind, or of all kinds while none is chosen."""
        from rcaid.files.headers import fold
        from rcaid.services.importing import profiles

        there = {fold(column.heading) for column in look.columns}
        options = [Option("", _("none"))]
        for known in profiles.listing(self._desk):
            profile = known.profile
            if kind in ("", profile.kind):
                fits = bool(profile.needed()) and {fold(h) for h in profile.needed()} <= there
                options.append(
                    Option(profile.name, profile.name, note=_("the headings fit") if fits else "")
                )
        return tuple(options)

    def choices(self, name: str) -> tuple[Choice, ...]:
        """Fixed choices: dates."""
        return tuple(Choice(code, _(text)) for code, text in DATES)

    # --- planning

    def plan(self, look: FileLook, asked: Asked, progress: Callable[[int], None]) -> PlannedFile:
        """Reads and judges all of a file. In a thread of its own."""
        from rcaid.services import society
        from rcaid.services.importing import imports, inbox, profiles
        from rcaid.services.importing.kinds import KINDS

        desk = society.beside(self._desk)
        try:
            profile = profiles.find(desk, asked.profile).profile if asked.profile else None
            planned = imports.plan(
                desk, inbox.find(desk, look.id), asked.kind, cycle_code=asked.cycle or None,
                overrides=overrides(look, asked, KINDS[asked.kind], profile), profile=profile,
                dates=asked.dates, progress=progress,
            )  # fmt: skip
        except (OSError, MemoryError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            params = {"file": look.name, "reason": reason}
            raise Unusable(Problem("file.unreadable", params)) from error
        finally:
            desk.store.close()
        if planned.known is not None:
            text = _("this very file was applied on {day}; nothing to do")
            return PlannedFile("", text.format(day=planned.known.applied_on))
        inbox.drop_others(self._desk, planned.facts)
        return PlannedFile(planned.facts.plan_id)

    # --- a plan

    def view(self, plan_id: str) -> PlanView:
        """A plan that waits."""
        return desk_plans.view(self._desk, plan_id)

    def apply(self, plan_id: str, expect: int) -> Done:
        """Carries out a plan, if that many rows go in."""
        from rcaid.services.importing import imports, plan_store

        done = imports.apply(self._desk, plan_store.place_of(self._desk, plan_id), expect=expect)
        batch = done.batch
        if done.again:
            return Done(
                _("applied before, on {day}; nothing was done").format(day=batch.applied_on)
            )
        n, fen = batch.rows_new + batch.rows_updated, batch.fen
        text = (
            _("{n} rows of {file} are in, {yuan} yuan") if fen else _("{n} rows of {file} are in")
        )
        said = text.format(n=f"{n:,}", file=batch.file_name, yuan=yuan(fen))
        file = batch.id if batch.kind == "bank" else ""
        return Done(said, str(done.entry) if done.entry else "", file=file)

    def decide(self, plan_id: str, row: int, person_id: str, decision: str) -> Done:
        """Says of a pair of a plan whether it is the same person."""
        return desk_plans.decide(self._desk, plan_id, row, person_id, decision)

    def write_rejects(self, plan_id: str) -> Done:
        """The rows that are not taken, as a file beside the others in the inbox."""
        return desk_plans.write_rejects(self._desk, plan_id)

    def keep_profile(self, look: FileLook, asked: Asked, name: str) -> Done:
        """Remembers how this file is read under a name."""
        from rcaid.services.importing import profiles
        from rcaid.services.importing.kinds import KINDS

        base = self._profile(asked.profile)
        columns, _wrong = mapped(look, asked, KINDS[asked.kind], base)
        entry = profiles.save(self._desk, kept(name, look, asked, columns, base))
        return Done(_("profile {name} is kept").format(name=name), str(entry))


# --- in words


def _fields(kind: Kind) -> tuple[Option, ...]:
    def text(field: Field) -> str:
        own = field_label(kind, field.name)
        return f"{own} *" if field.required else own

    return tuple(Option(field.name, text(field)) for field in kind.fields)


def _samples(rows: Sequence[Sequence[str]], n: int) -> tuple[str, ...]:
    """The first different things that stand in a column; long numbers masked."""
    found: dict[str, None] = {}
    for cells in rows:
        text = cells[n].strip() if n < len(cells) else ""
        if text:
            found[_LONG_NUMBER.sub(lambda match: mask_number(match[0]), text)] = None
        if len(found) == SAMPLES:
            break
    return tuple(found)


def _row(desk: Desk, each: Waiting) -> Row:
    own = each.office.id == desk.home().id
    values = {
        "file": each.name,
        "office": "" if own else each.office.name,
        "size": _size(each.size) if each.size else "",
        "state": _state(each),
        "since": day_here(each.changed),
    }
    sign = DONE if each.applied else ATTENTION if each.plan else ""
    acts = {"import.apply": ""} if each.plan else {}
    return Row(each.id, values, each.name, sign, acts=acts)


def _state(each: Waiting) -> str:
    return _("taken in") if each.applied else _("planned") if each.plan else ""


def _size(n: int) -> str:
    if n < 1024:
        return f"{n} B"
    for unit in ("KiB", "MiB", "GiB"):
        n_float = n / 1024
        if n_float < 1000 or unit == "GiB":
            return f"{n_float:.1f} {unit}" if n_float < 10 else f"{n_float:.0f} {unit}"
        n //= 1024
    return ""


def _notes(desk: Desk, each: Waiting) -> list[Note]:
    notes = [Note(_("for"), each.office.name)]
    if each.applied is not None:
        batch = each.applied
        notes.append(Note(_("taken in"), f"{batch.applied_on}  {kind_name(batch.kind)}"))
        notes.append(Note(_("rows"), f"{batch.rows_read:,}"))
    elif each.plan is not None:
        facts = each.plan
        notes.append(Note(_("planned"), f"{day_here(facts.planned_at)}  {facts.planner}"))
        counts = _("{read} rows: {new} new, {changed} changed, {rejected} rejected")
        notes.append(Note(
            f"{kind_name(facts.kind)} {facts.cycle}".strip(),
            counts.format(
                read=f"{facts.rows_read:,}", new=f"{facts.rows_new:,}",
                changed=f"{facts.rows_updated:,}", rejected=f"{facts.rows_rejected:,}",
            ),
        ))  # fmt: skip
    else:
        notes.append(Note(_("size"), _size(each.size)))
        notes.append(Note("", _("not read yet")))
    return notes
