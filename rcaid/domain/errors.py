"""What is wrong, as data: problems, the exceptions that carry them, and exit codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """How a command ends."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    PROBLEMS = 3
    REFUSED = 4
    INTEGRITY = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, for a person to mend.

    The sentence and the citation are looked up by ``code`` in `domain.sentences`, at the edge and
    in the reader's language; the record stores the code. ``row`` counts as the file does, from 1.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    field: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    warning: bool = False


class ProblemError(Exception):
    """Carries problems out of a unit of work, so that nothing of it is kept."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__(", ".join(p.code for p in self.problems))


class Refused(ProblemError):  # noqa: N818
    """A rule or a permission says no (exit 4)."""


class Unusable(ProblemError):  # noqa: N818
    """A file or its data cannot be used (exit 3)."""


class Broken(ProblemError):  # noqa: N818
    """What was stored or handed over does not hold what it says (exit 5)."""
