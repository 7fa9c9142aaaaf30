"""A file of the inbox before it is read: what each column is taken for, with samples.

Nothing is guessed in silence: what the headings say is shown, and Enter takes what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from rcaid.domain.errors import ProblemError
from rcaid.locale import N_, _
from rcaid.screens import commands, signs
from rcaid.screens.cells import Line, between, wrapped
from rcaid.screens.commands import Command
from rcaid.screens.frame import Frame
from rcaid.screens.import_session import (
    Asked,
    FileColumn,
    FileLook,
    FileMapping,
    MappedColumn,
    Option,
    PlannedFile,
)
from rcaid.screens.reading import ACT_GROUP, ROWS_GROUP
from rcaid.screens.session import ATTENTION, DONE, STOPPED, Page, Row
from rcaid.screens.strip_typing import NumberStrip, TextStrip
from rcaid.screens.widgets.rows import Column, Rows, heading
from rcaid.screens.window import Window

if TYPE_CHECKING:
    from rcaid.screens.app import RcaidApp

_COLUMNS = (
    Column("letter", N_("column"), 5, 6),
    Column("heading", N_("heading"), 12, 18),
    Column("field", N_("is read as"), 31, 18),
    Column("samples", N_("what stands there"), 50, 29, grows=True),
)
_MOST_SAID = 3


class FileScreen(Frame):
    """The columns of one file. ``planned`` gets the plan that Enter makes."""

    title_of_place = N_("Columns")
    contexts = (commands.ANYWHERE, commands.ROWS, "mapping")

    def __init__(
        self, look: FileLook, asked: Asked | None, planned: Callable[[PlannedFile], None]
    ) -> None:
        super().__init__()
        self.look = look
        self.mapping: FileMapping | None = None
        self.rows = Rows(_COLUMNS, id="rows")
        self._asked = asked
        self._planned = planned

    @property
    def source(self) -> tuple[FileLook, Asked]:
        """The file and how it is read now, to read it so again."""
        return self.look, self.mapping.asked if self.mapping else Asked()

    def compose_body(self) -> ComposeResult:
        """Which file it is, how it is read, its columns."""
        yield self.part("sub", "line")
        yield self.part("ways", "line")
        yield self.part("heading", "line")
        yield self.rows

    def on_mount(self) -> None:
        """Offer what the headings say."""
        self._ask(self._asked or Asked())

    def _ask(self, asked: Asked) -> None:
        """What the columns are when it is read so."""
        look = self.look
        self.read(lambda: self.session.imports.mapping(look, asked), self._show, group=ROWS_GROUP)

    def _show(self, mapping: FileMapping) -> None:
        offered = self._offer(mapping)
        if offered != mapping.asked:
            self._ask(offered)
            return
        self.mapping = mapping
        rows = tuple(
            _row(column, mapped)
            for column, mapped in zip(self.look.columns, mapping.columns, strict=True)
        )
        self.rows.show(Window(Page(rows, len(rows))), self.rows.cursor)
        self.draw()

    def _offer(self, mapping: FileMapping) -> Asked:
        """The kind whose headings fit best, and the one cycle there is: shown, not settled."""
        asked = mapping.asked
        may = {option.code for option in mapping.kinds if not option.reason}
        if not asked.kind and self.mapping is None:
            kind = next((kind for kind in self.look.fitting if kind in may), "")
            fitting = [option.code for option in mapping.profiles if option.note]
            profile = fitting[0] if len(fitting) == 1 and not kind else ""
            return replace(asked, kind=kind, profile=profile)
        if mapping.needs_cycle and not asked.cycle and len(mapping.cycles) == 1:
            return replace(asked, cycle=mapping.cycles[0].code)
        return asked

    def speak(self) -> None:
        """Labels come from the session, so they are asked again."""
        self.rows.use_columns(_COLUMNS)
        super().speak()
        if self.mapping is not None:
            self._ask(self.mapping.asked)

    # drawing

    def has_content(self) -> bool:
        """Once it is known what the columns are."""
        return self.mapping is not None

    def draw_body(self) -> None:
        """The file, how it is read, and the headings of the table."""
        width, look = self.size.width, self.look
        where = _("header in row {n}").format(n=look.header_row)
        sheet = ", " + _("sheet {sheet}").format(sheet=look.sheet) if look.sheet else ""
        left = ((f" {look.name}{sheet}", "strong"), (f"   {where}", "quiet"))
        right = (f" {_('nothing is written yet')} ", "quiet")
        self.painted("sub").show([between(left, (right,), width)])
        self.painted("ways").show([self._ways()])
        self.painted("heading").show([heading(self.rows.columns)])

    def _ways(self) -> Line:
        mapping = self.mapping
        if mapping is None:
            return ()
        spans: list[tuple[str, str]] = [(" ", "text")]
        for digit, title, chosen in self._choices(mapping):
            spans += [
                (f"{digit} ", "accent"),
                (f"{title} ", "quiet"),
                (f"{chosen or '?'}   ", "text" if chosen else "attention"),
            ]
        return tuple(spans)

    def _choices(self, mapping: FileMapping) -> list[tuple[str, str, str]]:
        asked = mapping.asked
        dates = {choice.code: choice.label for choice in self.session.imports.choices("dates")}
        kind = _label(mapping.kinds, asked.kind)
        found = [("1", _("kind"), kind)]
        if mapping.needs_cycle:
            found.append(("2", _("cycle"), _label(mapping.cycles, asked.cycle)))
        if len(mapping.profiles) > 1:
            chosen = _label(mapping.profiles, asked.profile) or _("none")
            found.append(("3", _("profile"), chosen))
        if mapping.has_dates:
            found.append(("4", _("dates"), dates.get(asked.dates, "")))
        return found

    def foot_lines(self, width: int) -> Sequence[Line]:
        """The open strip; else what keeps the file from being read, and what is left out."""
        if self.strip is not None:
            return self.strip.lines(width)
        lines: list[Line] = []
        for text, sign in self._said()[:_MOST_SAID]:
            first, *rest = wrapped(text, width - 6)
            mark = f"   {signs.current().of(sign)} "
            lines += [((mark, sign or "text"), (first, "text"))]
            lines += [((f"     {more}", "text"),) for more in rest[:1]]
        return lines

    def _said(self) -> list[tuple[str, str]]:
        mapping = self.mapping
        if mapping is None:
            return []
        said = [(text, STOPPED) for text in mapping.wrong]
        left = [
            column.heading or column.letter
            for column, mapped in zip(self.look.columns, mapping.columns, strict=True)
            if not mapped.field and mapped.by not in ("reasons", "profile")
        ]
        if left:
            said.append((_("not used: {names}").format(names=", ".join(left)), ATTENTION))
        return said + [(text, ATTENTION) for text in self.look.notes]

    def hint_label(self, command: Command) -> str:
        """Enter reads the file as shown."""
        if command.id == "rows.open":
            return commands.BY_ID["import.plan"].name
        return super().hint_label(command)

    def on_last_line(self, command: Command) -> bool:
        """Only what works here."""
        return command.id != "rows.more" and self.can_do(command) and super().on_last_line(command)

    def refusal(self, command: Command) -> str:
        """Enter is grey until all is said that has to be."""
        mapping = self.mapping
        if mapping is None:
            return _("not here")
        if command.id in ("rows.open", "import.plan") and mapping.wrong:
            return mapping.wrong[0]
        if command.id == "map.cycle" and not mapping.needs_cycle:
            return _("files of this kind belong to no cycle")
        if command.id == "map.profile" and len(mapping.profiles) < 2:
            return _("no profile is for this kind")
        if command.id == "map.dates" and not mapping.has_dates:
            return _("files of this kind hold no dates")
        if command.id in ("map.field", "map.leave", "map.keep") and not mapping.asked.kind:
            return mapping.wrong[0]
        return super().refusal(command)

    # commands

    def do_rows_down(self) -> None:
        """Down."""
        self.rows.move(1)

    def do_rows_up(self) -> None:
        """Up."""
        self.rows.move(-1)

    def do_rows_page_down(self) -> None:
        """A screen down."""
        self.rows.page(1)

    def do_rows_page_up(self) -> None:
        """A screen up."""
        self.rows.page(-1)

    def do_rows_first(self) -> None:
        """The first column."""
        self.rows.go(0)

    def do_rows_last(self) -> None:
        """The last column."""
        self.rows.go(len(self.look.columns) - 1, -1)

    def do_rows_open(self) -> None:
        """Read the file as shown."""
        if self.mapping is not None:
            start_plan(self.rcaid, self.look, self.mapping.asked, self._planned, self._not_planned)

    def _not_planned(self, error: ProblemError) -> None:
        """Say why; where it is the order of dates, ask for it."""
        problem = error.problems[0]
        if problem.code == "date.unproven":
            self.do_map_dates()
            text = _("column {column}: nothing proves which part is the day and which the month")
            self.say(text.format(column=problem.params["column"]), "attention")
        else:
            self.refused(error)

    def do_import_plan(self) -> None:
        """Read the file as shown."""
        self.do_rows_open()

    def _open_choice(self, title: str, options: Sequence[Option], name: str) -> None:
        def done(code: str) -> None:
            self.close_strip()
            if self.mapping is not None:
                self._ask(_with(self.mapping.asked, name, code))

        self.open_strip(NumberStrip(title, "", options, done))

    def do_map_kind(self) -> None:
        """Another kind of file."""
        if self.mapping is not None:
            self._open_choice(_("What kind of file is it?"), self.mapping.kinds, "kind")

    def do_map_cycle(self) -> None:
        """The cycle it is for."""
        if self.mapping is not None:
            self._open_choice(_("Which cycle is it for?"), self.mapping.cycles, "cycle")

    def do_map_profile(self) -> None:
        """A profile that was kept."""
        if self.mapping is not None:
            self._open_choice(_("Read it by which profile?"), self.mapping.profiles, "profile")

    def do_map_dates(self) -> None:
        """The order in which dates are written."""
        found = self.session.imports.choices("dates")
        options = [Option(choice.code, choice.label) for choice in found]
        self._open_choice(_("How are dates written?"), options, "dates")

    def do_map_field(self) -> None:
        """What the column under the cursor is."""
        mapping, at = self.mapping, self.rows.cursor
        if mapping is None:
            return
        taken = {each.field for n, each in enumerate(mapping.columns) if n != at}
        options = [
            replace(option, reason=_("taken") if option.code in taken else "")
            for option in mapping.fields
        ]
        column = self.look.columns[at]
        title = _("Column {letter} {heading} is").format(
            letter=column.letter, heading=column.heading
        )
        self.open_strip(NumberStrip(title, "", options, self._set_field))

    def do_map_leave(self) -> None:
        """The column under the cursor is not used; again: as its heading says."""
        mapping, heading_ = self.mapping, self.look.columns[self.rows.cursor].heading
        if mapping is None:
            return
        columns = dict(mapping.asked.columns)
        if heading_ in columns:
            del columns[heading_]
        else:
            columns[heading_] = ""
        self._ask(replace(mapping.asked, columns=columns))

    def _set_field(self, field: str) -> None:
        self.close_strip()
        if self.mapping is not None:
            heading_ = self.look.columns[self.rows.cursor].heading
            columns = {**self.mapping.asked.columns, heading_: field}
            self._ask(replace(self.mapping.asked, columns=columns))

    def do_map_keep(self) -> None:
        """Remember how this file is read."""
        self.open_strip(
            TextStrip(
                _("Keep how this file is read as a profile"), _("name"), _("Keep"), self._keep
            )
        )

    def _keep(self, name: str) -> None:
        self.close_strip()
        mapping = self.mapping
        if mapping is not None:
            self.read(
                lambda: self.session.imports.keep_profile(self.look, mapping.asked, name),
                lambda done: self.say(done.sentence, number=done.number),
                group=ACT_GROUP,
            )


def start_plan(
    app: RcaidApp,
    look: FileLook,
    asked: Asked,
    planned: Callable[[PlannedFile], None],
    failed: Callable[[ProblemError], None],
) -> None:
    """Plan a file, with a screen on top that says how far it is."""
    from rcaid.screens.import_progress import PlanJob, ProgressScreen

    app.open(ProgressScreen(PlanJob(app, look, asked), planned, failed))


def _with(asked: Asked, name: str, code: str) -> Asked:
    """The same with one of its choices changed; another kind has other fields."""
    if name == "kind":
        return replace(asked, kind=code, profile="", columns={})
    if name == "cycle":
        return replace(asked, cycle=code)
    if name == "profile":
        return replace(asked, profile=code, columns={})
    return replace(asked, dates=code)


def _label(options: Sequence[Option], code: str) -> str:
    return next((option.label for option in options if option.code == code), "") if code else ""


def _row(column: FileColumn, mapped: MappedColumn) -> Row:
    said = {"hand": f" {_('by hand')}", "profile": f" {_('by the profile')}"}
    by = said.get(mapped.by, "")
    unused = _("why it was refused") if mapped.by == "reasons" else _("not used")
    field = mapped.label if mapped.field else unused
    values = {
        "letter": column.letter,
        "heading": column.heading,
        "field": f"{field}{by}",
        "samples": f" {signs.current().dot} ".join(column.samples),
    }
    known = mapped.by in ("reasons", "profile")
    sign = DONE if mapped.field else "" if known else ATTENTION
    return Row(column.letter, values, column.heading, sign)
