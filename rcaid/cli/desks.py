"""From a command to a desk: which store, which person, which office; and the last question."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from rcaid.cli.options import Globals
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


def place_of(options: Globals) -> str:
    """The address of the store that the options name, or the usual one."""
    from rcaid.services.society import default_store

    if options.login and (options.db or options.as_login):
        raise Refused(Problem("who.forced", {"login": options.login}))
    return options.db or default_store()


def os_user() -> str:
    """The login of the operating system's user; "" where it has no name."""
    import getpass
    import os

    # The variables that getpass would believe first are a person's to set.
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return ""
    except ImportError:  # no accounts of that kind on this system
        return getpass.getuser()


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


def open_as(options: Globals) -> Desk:
    """Opens the store as the person the options, the forced command or the system name."""
    from rcaid.services.society import open_desk

    url = place_of(options)
    desk = open_desk(
        url,
        options.login or None,
        as_login=options.as_login or None,
        read_only=options.read_only,
        os_user="" if options.login else os_user(),
    )
    if options.office:
        _narrow(desk, options.office)
    return desk


def _narrow(desk: Desk, code: str) -> None:
    """Holds every duty to one office and what is below it; never widens one."""
    from rcaid.services.staff import office_id

    wanted = office_id(desk, code)
    below = desk.offices.below(wanted)
    duties = []
    for duty, granted in desk.actor.duties:
        if granted in below:
            duties.append((duty, granted))
        elif wanted in desk.offices.below(granted):
            duties.append((duty, wanted))
    if not duties:
        raise Refused(Problem("who.elsewhere", {"office": desk.offices.by_id[wanted].name}))
    desk.actor = replace(desk.actor, duties=tuple(duties))


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
