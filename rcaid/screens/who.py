"""The few facts of a session that the first frame needs; the others take a while to import."""

from __future__ import annotations

from dataclasses import dataclass

Value = str | int | None

DONE, ATTENTION, STOPPED = "done", "attention", "stopped"
"""The three meanings a sign may have; "" is none."""


class Unreachable(Exception):  # noqa: N818
    """The store does not answer; the text says why, for a person."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who sits here, and the business day of this desk (ISO). ``flags`` stand at the right of
    line 1, the most important first."""

    login: str
    name: str
    office_name: str
    duties: tuple[str, ...]
    society: str = ""
    flags: tuple[str, ...] = ()
    today: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line to choose by number. ``note`` asks for a text with it."""

    code: str
    label: str
    note: bool = False
    chosen: bool = False
