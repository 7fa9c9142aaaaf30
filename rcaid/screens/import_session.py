"""What the screens of imports ask for: the part of the session that deals with files.

As in `rcaid.screens.session`: labels and sentences in the reader's language, counts and money as
facts. Looking into a file and planning it touch no desk of the session, so that they may run in a
thread of their own while others are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rcaid.screens.session import Choice, Done

SAME, DIFFERENT, LATER = "same", "different", "later"


class Stopped(Exception):  # noqa: N818
    """Somebody stopped the plan; nothing is left of it."""


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of a file: its letter and heading, and the first of what stands below it."""

    letter: str
    heading: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileLook:
    """The first look into a file. ``fitting`` are kinds whose needed headings are all there, the
    best first; ``notes`` is what the reader has to say of the file as a whole."""

    id: str
    name: str
    sheet: str
    header_row: int
    columns: tuple[FileColumn, ...]
    fitting: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be read. ``columns`` holds what was chosen by hand: a heading, and the
    field it is, "" for none. ``dates`` is "", ymd, dmy or mdy."""

    kind: str = ""
    cycle: str = ""
    profile: str = ""
    dates: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of the mapping; ``reason`` says why it is greyed, ``note`` what speaks for it."""

    code: str
    label: str
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """What a column is taken for. ``field`` is "" where it is not used; ``by`` tells who says so:
    heading, profile or hand."""

    field: str
    label: str
    by: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class FileMapping:
    """Every column with its field, what is still missing, and what may be chosen.

    ``wrong`` are sentences that keep the file from being read so; "" kinds and cycles are asked.
    """

    asked: Asked
    columns: tuple[MappedColumn, ...]
    wrong: tuple[str, ...]
    kinds: tuple[Option, ...]
    cycles: tuple[Option, ...]
    profiles: tuple[Option, ...]
    fields: tuple[Option, ...]
    needs_cycle: bool = False
    has_dates: bool = False


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """What planning came to: the plan's id, or the sentence that nothing is to be done."""

    plan_id: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A problem of a row: its number, the column, what stood there, what is wrong in words."""

    row: int
    column: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Alike:
    """A row and somebody who may be the same person, field by field: (label, in the file, on
    record). ``holds`` says that the row waits; ``decision`` is what was said of it since, or "file"
    where the other is a row of the same file, of which nothing is decided."""

    row: int
    person_id: str
    title: str
    score: int
    fields: tuple[tuple[str, str, str], ...]
    parts: tuple[str, ...] = ()
    holds: bool = True
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A field that a row changes: what it is, before, after; why it does not happen at once."""

    row: int
    what: str
    before: str
    after: str
    waits: str = ""


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan to be read and decided on. Counts are rows of the file; ``fen`` is their money.

    ``quota`` are (place, used before, used after, allotted). ``fresh`` are the cells of the first
    new rows: row, number, name, office, need, money. ``file_id`` is the file in the inbox, "" if
    it is gone. ``may_apply`` and ``may_decide`` hold the sentence against it, "" if one may.
    """

    id: str
    file_id: str
    title: str
    about: str
    read: int
    new: int
    changed: int
    unchanged: int
    rejected: int
    undecided: int
    fen: int
    quota: tuple[tuple[str, int, int, int], ...]
    known_columns: int
    columns: int
    unmapped: tuple[str, ...]
    problems: tuple[BadRow, ...]
    warnings: tuple[BadRow, ...]
    pairs: tuple[Alike, ...]
    changes: tuple[Change, ...]
    fresh: tuple[tuple[str, ...], ...]
    asked: Asked | None = None
    may_apply: str = ""
    may_decide: str = ""

    @property
    def ready(self) -> int:
        """What applying it brings in."""
        return self.new + self.changed

    @property
    def not_taken(self) -> int:
        """Rejected and undecided."""
        return self.rejected + self.undecided


class Importing(Protocol):
    """Files, from the inbox to what became of them."""

    def look(self, id: str) -> FileLook:
        """The first look into a file of the inbox. Any thread may ask."""

    def mapping(self, look: FileLook, asked: Asked) -> FileMapping:
        """What each column is taken for when the file is read so."""

    def plan(self, look: FileLook, asked: Asked, progress: Callable[[int], None]) -> PlannedFile:
        """Reads and judges all of a file. In a thread of its own; ``progress`` is told the rows
        read and may raise `Stopped`."""

    def plan_of(self, id: str) -> str:
        """The id of the plan that a row of the inbox stands for, "" if it is to be read first."""

    def view(self, plan_id: str) -> PlanView:
        """A plan that waits."""

    def apply(self, plan_id: str, expect: int) -> Done:
        """Carries out a plan, if that many rows go in."""

    def decide(self, plan_id: str, row: int, person_id: str, decision: str) -> Done:
        """Says of a pair of a plan whether it is the same person."""

    def write_rejects(self, plan_id: str) -> Done:
        """The rows that are not taken, as a file beside the others in the inbox."""

    def keep_profile(self, look: FileLook, asked: Asked, name: str) -> Done:
        """Remembers how this file is read under a name."""

    def choices(self, name: str) -> tuple[Choice, ...]:
        """Fixed choices: dates."""
