"""What the screens of single applications ask for: the part of the session that deals with them.

As in `rcaid.screens.session`: labels and sentences in the reader's language, money in fen, dates in
ISO text. Values of a form are what was typed, by field; codes stay codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rcaid.screens.session import Done, Note, Row
from rcaid.screens.who import Choice


@dataclass(frozen=True, slots=True)
class ProgrammeForm:
    """What a programme with an open cycle asks for. ``papers`` are by category, "" for those of
    everybody; ``diseases_for`` are the categories that ask for a disease; ``measures`` are the
    sums it needs, out_of_pocket or income, by disease, "" for every one."""

    code: str
    name: str
    cycle: str
    version: int
    documents: tuple[Choice, ...]
    categories: tuple[Choice, ...]
    hardships: tuple[Choice, ...]
    diseases: tuple[Choice, ...] = ()
    diseases_for: tuple[str, ...] = ()
    stages: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    disasters: tuple[Choice, ...] = ()
    measures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    papers: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    papers_minor: tuple[Choice, ...] = ()
    guardian_under: int = 18
    items: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """What a form is filled in for: the day, the streets to choose from and one's own ("" for
    none), and the kinds of relations and of consents."""

    day: str
    streets: tuple[Choice, ...]
    street: str
    programmes: tuple[ProgrammeForm, ...]
    relations: tuple[Choice, ...]
    consents: tuple[Choice, ...]
    no_number: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody on file that the person may be, as far as this desk sees them. ``same`` says that
    the number is theirs."""

    id: str
    name: str
    text: str
    same: bool = False
    on_record: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a cap or quota: ``part`` of ``whole`` in fen or lines, said as ``text``."""

    label: str
    part: int
    whole: int
    text: str


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a form as it stands. ``helped`` are (day, what, how much), ``wrong`` the
    errors by field, ``award_fen`` the amount that the rules give."""

    known: tuple[Known, ...] = ()
    helped: tuple[tuple[str, str, str], ...] = ()
    left: tuple[Left, ...] = ()
    checks: tuple[Note, ...] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)
    award_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Something begun: what it is about, when it was kept (local time of day or date), its values.
    ``was_open`` says that its form was never left: a line dropped."""

    id: str
    about: str
    kept: str
    values: Mapping[str, str]
    was_open: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What sending a form did. ``case`` is the case that was made; with ``wrong`` it stays a draft
    of the store, and the form goes on with it."""

    done: Done | None
    case: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a case says, as a form has it, and the version it was read in."""

    id: str
    case: str
    values: Mapping[str, str]
    version: int


@dataclass(frozen=True, slots=True)
class Changed:
    """What changing a case did. Without ``done`` nothing was: ``wrong`` by field, or ``moved`` as
    (field, mine, theirs) where somebody else was there first; then ``now`` is what it says now."""

    done: Done | None
    sentence: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    moved: tuple[tuple[str, str, str], ...] = ()
    now: Said | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of a case's checklist, under the number it has on every screen."""

    number: int
    code: str
    label: str
    state: str


class Applying(Protocol):
    """Single applications at the desk of one person."""

    def office(self) -> Office:
        """What a new form needs to know."""

    def look(self, values: Mapping[str, str]) -> Look:
        """What is known of a form as it stands; writes nothing."""

    def send(self, values: Mapping[str, str]) -> Sent:
        """Register and submit. With the ``case`` of an earlier answer that one is changed."""

    def new_draft(self) -> str:
        """The id of a draft about to be begun."""

    def keep(self, id: str, about: str, values: Mapping[str, str], *, is_open: bool) -> str:
        """Keep what was typed; the local time."""

    def drafts(self) -> tuple[Draft, ...]:
        """What this person has begun, newest first."""

    def drop(self, id: str) -> None:
        """Throw a draft away."""

    def said(self, id: str) -> Said:
        """What a case says that may still be changed."""

    def change(self, seen: Said, values: Mapping[str, str]) -> Changed:
        """Change what differs from what was seen."""

    def queue(self) -> tuple[Row, ...]:
        """The cases this person may verify, what is due first."""

    def papers(self, id: str) -> tuple[Paper, ...]:
        """The checklist of a case."""

    def award(self, id: str) -> int:
        """The amount that the rules give for a case, or what it asks for; fen."""
