"""What the two panes of a bank's results ask for and what they get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rcaid.screens.session import Done, Note


@dataclass(frozen=True, slots=True)
class PaneRow:
    """One line of a pane: voucher or row, masked name, money in fen, what is to be said of it.
    ``acts`` are those that its state allows, each with the sentence against it or ""; ``notes``
    say all that is known."""

    id: str
    label: str
    name: str
    fen: int
    text: str
    sign: str = ""
    notes: tuple[Note, ...] = ()
    acts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PanesView:
    """A file of a bank: what settled, and what came back or fits nothing."""

    id: str
    title: str
    state: str
    settled: tuple[PaneRow, ...]
    returned: tuple[PaneRow, ...]
    settled_title: str
    returned_title: str


class BankResults(Protocol):
    """One person at the results of banks."""

    def panes(self, id: str) -> PanesView:
        """A file in full."""

    def fix(self, voucher: str, text: str) -> Done:
        """Another account for a payment that came back: its number, behind it the bank if it is
        another one."""

    def again(self, id: str, voucher: str) -> Done:
        """All that came back in the round and office of this payment and has another account by
        now goes into a new batch."""
