"""What the place of reports asks for and what it gets. See `rcaid.screens.session`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rcaid.screens.import_session import Option

if TYPE_CHECKING:
    from rcaid.screens.report_words import Sheet
    from rcaid.screens.session import Row


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: a report with its period, office ("" for the whole society) and day, or
    the number of a ``snapshot``. ``digest`` is of the figures that were seen."""

    report: str
    period: str = ""
    office: str = ""
    as_of: str = ""
    snapshot: str = ""
    digest: str = ""

    def packed(self) -> str:
        """All of it as one id."""
        parts = (self.report, self.period, self.office, self.as_of, self.snapshot, self.digest)
        return "|".join(parts)


def unpacked(id: str) -> Wanted:
    """What was packed."""
    return Wanted(*id.split("|"))


@dataclass(frozen=True, slots=True)
class Choices:
    """What a report may be asked for, the likeliest first, and what it is called."""

    name: str
    title: str
    periods: tuple[Option, ...]
    offices: tuple[Option, ...]
    days: tuple[Option, ...]
    free: bool
    """Whether any other period may be typed."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A report that was run, and by what it is asked for again."""

    wanted: Wanted
    sheet: Sheet


class Reporting(Protocol):
    """One person's reports."""

    def rows(self) -> tuple[Row, ...]:
        """Every report, then what was frozen, as rows of a list."""

    def choices(self, name: str) -> Choices:
        """What a report may be asked for."""

    def run(self, wanted: Wanted) -> Figures:
        """The figures, fresh or as they were frozen."""
