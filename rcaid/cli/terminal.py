"""Opening the terminal program, without the parser of commands."""

from __future__ import annotations

import sys
from dataclasses import replace

from rcaid.cli.options import Globals
from rcaid.domain.errors import ExitCode


def open_terminal(options: Globals, login: str = "") -> int:
    """Opens the terminal program for the person who is here; refuses where there is no terminal."""
    from rcaid.cli.said import say
    from rcaid.locale import _

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        say(_("the terminal program needs a terminal; rcaid --help shows the commands"))
        return ExitCode.USAGE
    from rcaid.cli.who import open_as
    from rcaid.screens.app import run

    desk = open_as(replace(options, login=login))
    try:
        return run(desk)
    finally:
        desk.store.close()
