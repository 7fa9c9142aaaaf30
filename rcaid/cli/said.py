"""What is said beside the data: sentences and problems, on stderr, safe for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from rcaid.domain.errors import Problem
from rcaid.domain.identity import mask_account, mask_number, mask_phone
from rcaid.domain.sentences import sentence
from rcaid.domain.text import safe_text
from rcaid.locale import N_, _

LONGEST = 2000
_WORDS = ("state", "action", "kind", "noun", "field", "duty")
_MASKS = {
    "number": mask_number,
    "head": mask_number,
    "agent_number": mask_number,
    "phone": mask_phone,
    "account": mask_account,
}
_TOTALS = {
    "read": N_("read"),
    "new": N_("new"),
    "updated": N_("updated"),
    "unchanged": N_("unchanged"),
    "rejected": N_("not taken"),
    "undecided": N_("undecided"),
    "again": N_("again"),
    "file": N_("file"),
}
"""Words of a last line where the key itself is none, or means something else on a screen."""
_ABOUT_THE_VALUE = ("identity.", "phone.", "account.", "text.")


def say(text: str) -> None:
    """One line to the person at the terminal."""
    print(safe_text(text, LONGEST), file=sys.stderr)


def words(problem: Problem) -> str:
    """The sentence of a problem in the reader's language; states and acts are translated too."""
    params = {
        key: _(value) if key in _WORDS and isinstance(value, str) else value
        for key, value in problem.params.items()
    }
    told = Problem(problem.code, params, value=problem.value)
    try:
        return sentence(told, _)
    except KeyError:
        facts = ", ".join(f"{key}={value}" for key, value in sorted(params.items()))
        return f"{problem.code}: {facts}"


def value_of(problem: Problem) -> str:
    """What stood in the file: masked if it names a person and is not itself what is wrong."""
    mask = _MASKS.get(problem.field)
    if mask is None or problem.code.startswith(_ABOUT_THE_VALUE):
        return problem.value
    return mask(problem.value)


def line_of(problem: Problem, file: str = "") -> str:
    """Where it is, what stood there, what is wrong and what to do."""
    place = [file] if file else []
    if problem.row:
        place.append(_("row {n}").format(n=problem.row))
    if problem.column:
        place.append(_("column {name}").format(name=problem.column))
    value = value_of(problem)
    if value and place:
        place.append(f"“{value}”")
    return ": ".join([*([", ".join(place)] if place else []), words(problem)])


def tell(problems: Iterable[Problem], file: str = "") -> None:
    """Each problem on a line of its own."""
    for problem in problems:
        say(line_of(problem, file))


def as_data(problem: Problem) -> dict[str, Any]:
    """A problem for ``--json``: stable keys, the code beside its sentence."""
    found: dict[str, Any] = {"code": problem.code, "text": words(problem)}
    if problem.row:
        found["row"] = problem.row
    if problem.column:
        found["column"] = problem.column
    if problem.value:
        found["value"] = value_of(problem)
    if problem.warning:
        found["warning"] = True
    return found


def totals(numbers: Mapping[str, object]) -> str:
    """The last line of what a verb did: ``rosters 3, lines 214``."""
    return ", ".join(
        f"{_(_TOTALS.get(name, name))} {_plain(value)}" for name, value in numbers.items()
    )


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
