"""What distribution day asks for and what it gets. See `rcaid.screens.session` for the manners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rcaid.screens.who import Choice


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a list is: lines handed over, of them to agents, not handed out, still to come."""

    handed: int
    to_agents: int
    not_handed: int
    left: int

    @property
    def total(self) -> int:
        """All lines."""
        return self.handed + self.not_handed + self.left


@dataclass(frozen=True, slots=True)
class ListView:
    """A list that is handed out: what it is called, and how far it is."""

    number: str
    title: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class SlipView:
    """One line: ``digits`` as they were asked for, ``who`` masked, ``what`` they get and further
    ``facts``. ``may`` says that it can be handed over, ``said`` what stands against it or that
    nothing does, with its sign."""

    voucher: str
    digits: str
    who: str
    what: str
    facts: tuple[str, ...]
    may: bool
    said: str
    sign: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of what happened just now; ``at`` is local time."""

    at: str
    sign: str
    digits: str
    who: str
    text: str
    number: str = ""


class HandingOut(Protocol):
    """One person at the table where things are handed out."""

    def open(self, number: str) -> ListView:
        """A list to look up in."""

    def look(self, number: str, code: str) -> tuple[SlipView, ...]:
        """The lines of a code, as they are now; none where it is not on the list."""

    def by_name(self, number: str, text: str) -> tuple[SlipView, ...]:
        """The first lines of a name."""

    def relations(self) -> tuple[Choice, ...]:
        """Who may take it for somebody, by number."""

    def reasons(self) -> tuple[Choice, ...]:
        """Why it is not handed out today, by number."""

    def hand_over(
        self, number: str, slip: SlipView, relation: str = "", last4: str = ""
    ) -> tuple[Happening, Tally]:
        """Gives it to the person, or to an agent. Refused when somebody else was first."""

    def not_today(self, number: str, slip: SlipView, reason: str) -> tuple[Happening, Tally]:
        """Puts down that it was not handed out."""

    def aside(self, digits: str, slip: SlipView | None, text: str = "") -> Happening:
        """What is said of a code that leads to nothing: unknown, or why not."""
