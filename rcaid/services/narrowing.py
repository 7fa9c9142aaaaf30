"""Short lists narrowed by words alone: each word stands somewhere in a line, or with ``-`` nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from rcaid.domain.errors import Problem
from rcaid.domain.filters import parse

T = TypeVar("T")


def narrowed(
    filter_text: str, things: Iterable[T], words: Callable[[T], Iterable[str]]
) -> list[T] | Problem:
    """The things that fit, or what is wrong with the filter; these lists have no fields."""
    wanted = parse(filter_text, set())
    if isinstance(wanted, Problem):
        return wanted

    def fits(thing: T) -> bool:
        stands = [text.casefold() for text in words(thing)]
        return all(
            any(word.text.casefold() in text for text in stands) is not word.negated
            for word in wanted.words
        )

    return [thing for thing in things if fits(thing)]
