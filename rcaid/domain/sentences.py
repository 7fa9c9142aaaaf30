"""The sentence and the citation of every problem code, in English; translated at the edge."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rcaid.domain.errors import Problem


class Sentence(NamedTuple):
    """``text`` is a format string over the problem's parameters; ``cite`` names the rule."""

    text: str
    cite: str = ""


SENTENCES: dict[str, Sentence] = {}


def _add(noun: str, rows: dict[str, tuple[str, str]]) -> None:
    for code, (text, cite) in rows.items():
        SENTENCES[f"{noun}.{code}"] = Sentence(text, cite)


_add(
    "who",
    {
        "unknown": ("{login} is not known here; an administrator can add them", ""),
        "no_duty": ("{login} has no duty that may do this ({act}) in {office}", ""),
        "maker": ("{login} had an earlier part in this ({part}); another person does it", "BR-040"),
        "elsewhere": ("this belongs to {office}, which is outside your offices", ""),
    },
)

_add(
    "state",
    {
        "no_move": ("{noun} is {state}; it cannot {action} from there", ""),
        "stale": ("{noun} was changed by somebody else meanwhile: {changes}", "BR-047"),
        "gone": ("{noun} {id} does not exist", ""),
    },
)


def sentence(problem: Problem, translate: Callable[[str], str] = lambda text: text) -> str:
    """One line that says what is wrong and what to do, with the rule in brackets."""
    known = SENTENCES.get(problem.code)
    if known is None:
        return problem.code
    text = translate(known.text).format_map({"value": problem.value, **problem.params})
    return f"{text} ({known.cite})" if known.cite else text
