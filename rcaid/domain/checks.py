"""One check of a person, a case or a programme's rules: what was looked at and how it came out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

DONE, ATTENTION, STOPPED = "done", "attention", "stopped"
RESULTS = {DONE: "pass", ATTENTION: "warn", STOPPED: "fail"}


class Check(NamedTuple):
    """One check: what was looked at, how it came out, its numbers (fen, counts, dates), the rule,
    and where the rule stands written, if the programme says so.

    The sentence belongs to whoever shows it; ``code`` names it.
    """

    code: str
    sign: str
    params: Mapping[str, Any]
    rule: str
    citation: str = ""

    @property
    def result(self) -> str:
        """How it came out: ``pass``, ``warn`` or ``fail``."""
        return RESULTS[self.sign]
