"""What making a batch and clearing its flags ask for. See `rcaid.screens.session` for the manners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rcaid.screens.import_session import Option


@dataclass(frozen=True, slots=True)
class BatchChoice:
    """A batch that could be made: codes of its round, office and kind, each with its words, and
    what would be in it."""

    round: str
    round_label: str
    office: str
    office_label: str
    kind: str
    kind_label: str
    much: str

    @property
    def code(self) -> str:
        """Round, office and kind in one."""
        return f"{self.round}/{self.office}/{self.kind}"


class Making(Protocol):
    """One person who makes batches."""

    def choices(self) -> tuple[BatchChoice, ...]:
        """Every batch that could be made now, the newest round first."""

    def of_roster(self, id: str) -> tuple[BatchChoice, ...]:
        """Those of one approved roster."""

    def flags(self, id: str) -> tuple[Option, ...]:
        """The open flags that hold a batch, by number."""
