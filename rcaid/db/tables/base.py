"""What every recorded table has: its columns, and what of them may stand in public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose changes are recorded. ``private`` columns are hashed, never shown."""

    name: str
    row: Any
    private: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns, in the order of the row."""
        fields: tuple[str, ...] = self.row._fields
        return fields

    @property
    def listed(self) -> str:
        """The columns as a SELECT names them."""
        return ", ".join(self.columns)

    @property
    def public(self) -> tuple[str, ...]:
        """What of a row stands in the record as it is; the id and the version stand beside it."""
        hidden = self.private | {"id", "version", "sealed"}
        return tuple(column for column in self.columns if column not in hidden)

    @property
    def sealed(self) -> bool:
        """Whether a row carries sealed values."""
        return "sealed" in self.columns


RECORDED: dict[str, Table] = {}
"""Every table whose changes are recorded, by name."""


def table(name: str, row: Any, *private: str) -> Table:
    """Registers a recorded table; ``private`` columns are hashed and never shown."""
    made = Table(name, row, frozenset(private))
    RECORDED[name] = made
    return made
