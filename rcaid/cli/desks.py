"""From a command to its desk, and the last question before an act."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from rcaid.cli.options import Globals
from rcaid.cli.who import open_as, os_user, place_of
from rcaid.domain.errors import Problem, Refused
from rcaid.locale import _

if TYPE_CHECKING:
    from rcaid.services.desk import Desk


def said(context: typer.Context) -> Globals:
    """The global options of this command."""
    found = context.find_object(Globals)
    return found or Globals()


def place(context: typer.Context) -> str:
    """The address of the store; a person at a forced command has no choice."""
    return place_of(said(context))


@contextmanager
def desk_of(context: typer.Context) -> Iterator[Desk]:
    """The desk of the person who is here, closed at the end."""
    from rcaid.services.desk import note_refusal

    desk = open_as(said(context))
    try:
        yield desk
    except Refused as refused:
        note_refusal(desk, refused.problems)
        raise
    finally:
        desk.store.close()


def confirm(question: str, yes: bool) -> None:
    """Goes on after ``--yes`` or a typed y; Refused without either, and never asks a pipe."""
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refused(Problem("act.confirm"))
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().casefold() not in ("y", "yes", "是"):
        raise Refused(Problem("act.declined"))


def expected(expect: int | None, now: int) -> None:
    """Refused act.expected when the number is not the one that was reviewed."""
    if expect is not None and expect != now:
        raise Refused(Problem("act.expected", {"expected": expect, "now": now}))


def expected_sum(amount: str | None, fen: int) -> None:
    """Refused act.expected_sum when the money is not what was reviewed; ``amount`` in yuan."""
    from rcaid.domain.money import parse_yuan, yuan

    if amount is None:
        return
    wanted = parse_yuan(amount)
    if isinstance(wanted, Problem):
        raise typer.BadParameter(_("not an amount"), param_hint="--sum")
    if wanted != fen:
        raise Refused(Problem("act.expected_sum", {"expected": yuan(wanted), "now": yuan(fen)}))


__all__ = [
    "confirm",
    "desk_of",
    "expected",
    "expected_sum",
    "open_as",
    "os_user",
    "place",
    "place_of",
    "said",
]
