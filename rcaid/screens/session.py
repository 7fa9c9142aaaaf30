"""What the screens ask for and what they get: the one small protocol between them and the rest.

Labels and sentences come in the reader's language. Values of rows are facts: codes stay codes,
money is fen, dates are ISO text, names and numbers are masked by who made them. Every method may
be called from a worker thread, never from two at once. Each may raise `Refused`, `Unusable` or
`Broken` of `rcaid.domain.errors`, and `Unreachable` when the store does not answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from rcaid.screens.who import ATTENTION as ATTENTION
from rcaid.screens.who import DONE as DONE
from rcaid.screens.who import STOPPED as STOPPED
from rcaid.screens.who import Choice as Choice
from rcaid.screens.who import Unreachable as Unreachable
from rcaid.screens.who import Value as Value
from rcaid.screens.who import Who as Who

if TYPE_CHECKING:
    from rcaid.screens.applying import Applying
    from rcaid.screens.bank_session import BankResults
    from rcaid.screens.hand_session import HandingOut
    from rcaid.screens.import_session import Importing
    from rcaid.screens.making_session import Making
    from rcaid.screens.report_session import Reporting


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of a list. ``values`` are keyed by column name; ``acts`` holds the commands that
    apply to it in its state, each with the sentence why it may not be done, or "". ``elsewhere``
    says that it is of other offices, where no more of it is seen."""

    id: str
    values: Mapping[str, Value]
    label: str = ""
    sign: str = ""
    fen: int = 0
    version: int = 0
    acts: Mapping[str, str] = field(default_factory=dict)
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in list order with the keys of the pages around them, "" at an end. ``total`` counts
    all that fit; ``capped`` says that counting stopped there. ``fen`` is their sum if known."""

    rows: tuple[Row, ...]
    total: int
    next_key: str = ""
    before_key: str = ""
    fen: int | None = None
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """An id that fits a filter, and its money."""

    id: str
    fen: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """One line of a preview or a card: what it is about, what it says, its meaning, the rule.

    ``reveals`` names the field whose full value a person may ask for in its place.
    """

    label: str
    text: str
    sign: str = ""
    rule: str = ""
    reveals: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The thing under the cursor in short: ``strip`` for three lines, ``parts`` for the pane."""

    title: str
    right: str
    strip: tuple[str, ...]
    parts: tuple[tuple[str, tuple[Note, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a story: when (UTC or local text as it is to be shown), what, who, details."""

    when: str
    what: str
    who: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One field of two people side by side; ``word`` says how they compare, ``sign`` what of it."""

    label: str
    left: str
    right: str
    word: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One thing in full. ``way`` is its path as (label, "done" | "here" | "ahead"); ``masked``
    are the fields that may be revealed as (field, label); ``tables`` are further parts, each a
    title and lines of cells. A pair has ``sides`` instead of facts, the first of them headings."""

    id: str
    title: str
    state: str
    facts: tuple[Note, ...]
    checks: tuple[Note, ...] = ()
    story: tuple[Step, ...] = ()
    way: tuple[tuple[str, str], ...] = ()
    tables: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = ()
    masked: tuple[tuple[str, str], ...] = ()
    advice: str = ""
    version: int = 0
    acts: Mapping[str, str] = field(default_factory=dict)
    sides: tuple[Side, ...] = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of a review: how many, how much (fen) and pieces of goods, with its meaning."""

    label: str
    n: int
    fen: int = 0
    sign: str = ""
    pieces: int = 0


@dataclass(frozen=True, slots=True)
class Exemption:
    """Something that stays behind. A doubtful one (attention) may be put in with a reason; a
    stopped one may not."""

    id: str
    label: str
    text: str
    rule: str = ""
    sign: str = STOPPED
    fen: int = 0


@dataclass(frozen=True, slots=True)
class Review:
    """What an act would do. ``will`` is what is done, ``left_out`` what stays behind by default,
    ``groups`` the numbers by category, ``limits`` whether the doer's limits hold. ``counted``
    asks for the count to be typed; ``options`` can be changed before, under the choice ``name``."""

    act: str
    title: str
    subject: str
    verb: str
    will: Amount
    left_out: tuple[Amount, ...] = ()
    exceptions: tuple[Exemption, ...] = ()
    groups_title: str = ""
    groups: tuple[Amount, ...] = ()
    limits: tuple[Note, ...] = ()
    notes: tuple[str, ...] = ()
    counted: bool = True
    include_reasons: tuple[Choice, ...] = ()
    name: str = ""
    options_title: str = ""
    options: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did, in one sentence, and its number in the record; ``undo`` is the command that
    takes it back at once, if there is one. ``file`` is the bank's file that came in by it."""

    sentence: str
    number: str = ""
    undo: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class TodayLine:
    """A kind of work that waits. ``count`` is its number as shown (``47/60`` too); Enter opens
    the list ``shown`` of ``place`` with ``filter``."""

    id: str
    label: str
    count: str
    fen: int | None
    oldest: str
    due: str
    sign: str
    place: str
    filter: str
    about: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """``part`` of ``whole`` as a bar, between a label and its cells."""

    label: str
    part: int
    whole: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """A block of bars under one heading, with the headings of their cells."""

    title: str
    headings: tuple[str, ...]
    bars: tuple[Bar, ...]
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """The first page. ``date`` and ``as_of`` are ISO date and local time of reading."""

    date: str
    as_of: str
    lines: tuple[TodayLine, ...]
    bars: tuple[Bars, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """People found in one circle: my street, the district, the city."""

    label: str
    total: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """Help given in one year by a programme: money in fen, pieces of an item, for whom."""

    year: str
    what: str
    who: str
    fen: int = 0
    pieces: int = 0
    item: str = ""


class Session(Protocol):
    """One person at work."""

    @property
    def who(self) -> Who:
        """Who sits here, with the duties of today."""

    @property
    def imports(self) -> Importing:
        """Files that came in, and their plans."""

    @property
    def applying(self) -> Applying:
        """Single applications, from the form to the decision."""

    @property
    def handing(self) -> HandingOut:
        """The table where things are handed out."""

    @property
    def bank(self) -> BankResults:
        """What banks said of payments, file by file."""

    @property
    def making(self) -> Making:
        """Batches on the way, and what holds them."""

    @property
    def reporting(self) -> Reporting:
        """Figures, as of a day or as they were frozen."""

    def today(self) -> Today:
        """What waits, most urgent first."""

    def page(
        self, place: str, filter_text: str, after_key: str, limit: int, *, backward: bool = False
    ) -> Page:
        """Up to ``limit`` rows of the list ``place`` behind ``after_key`` ("" is the start), or
        before it with ``backward`` ("" is the end)."""

    def marks(self, place: str, filter_text: str) -> tuple[Marked, ...]:
        """Everything that fits, all pages of it."""

    def preview(self, place: str, id: str) -> Preview:
        """One thing in short; not recorded."""

    def card(self, place: str, id: str) -> Card:
        """One thing in full; recorded."""

    def find_people(self, text: str, limit: int) -> tuple[Group, ...]:
        """People by Han, pinyin, initials and digits, my street first, then district, city."""

    def help_given(self, place: str, id: str) -> tuple[Given, ...]:
        """Help of this person and their household by year, newest first."""

    def reveal(self, place: str, id: str, field: str, reason: str) -> str:
        """The full value of a masked field; recorded before it is returned."""

    def reasons(self, act: str, id: str) -> tuple[Choice, ...]:
        """What may be given as a reason for an act, in the order of their numbers."""

    def review(self, act: str, ids: tuple[str, ...]) -> Review:
        """What the act would do to these things; writes nothing."""

    def act(
        self,
        act: str,
        ids: tuple[str, ...],
        *,
        seen: Mapping[str, int],
        choices: Mapping[str, str],
    ) -> Done:
        """Do it. ``seen`` are the versions the person looked at; ``choices`` what they chose:
        ``reason`` (codes with commas), ``note``, ``expect`` (the count typed), ``include``
        (``id=reason`` with commas), and the review's own option."""
