"""The edge of the command line: what went wrong becomes sentences and an exit code, here alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from rcaid.cli.options import split
from rcaid.cli.show import NobodyReadsError
from rcaid.domain.errors import Broken, ExitCode, ProblemError, Refused, Unusable
from rcaid.locale import LANGUAGES, _, set_language

INTERRUPTED = 130
NOBODY_READS = 141
"""128 and the number of the signal, as shells have it for ctrl+c and for a closed pipe."""

_CODES: tuple[tuple[type[ProblemError], ExitCode], ...] = (
    (Refused, ExitCode.REFUSED),
    (Unusable, ExitCode.PROBLEMS),
    (Broken, ExitCode.INTEGRITY),
)


def run(arguments: list[str], *, login: str = "") -> int:
    """Carries out a command and returns its exit code.

    ``login`` is the name that a forced SSH command fixed; it wins over everything that is said.
    """
    return guarded(lambda: dispatch(arguments, login))


def dispatch(arguments: list[str], login: str = "") -> int:
    """Opens the terminal program where no noun is given, else parses and runs the command."""
    options, rest = split(arguments)
    if options.lang not in ("", *LANGUAGES):
        from rcaid.cli.said import say

        say(f"--lang: {options.lang}: {', '.join(LANGUAGES)}")
        return ExitCode.USAGE
    if options.lang:
        set_language(options.lang)
    if not rest:
        from rcaid.cli.terminal import open_terminal

        return open_terminal(options, login)
    from rcaid.cli.app import carry_out

    return carry_out(arguments, rest, login)


def guarded(work: Callable[[], int]) -> int:
    """Does ``work`` and turns whatever it raises into sentences on stderr and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = work()
        sys.stdout.flush()
        return code
    except ProblemError as error:
        from rcaid.cli.said import tell

        tell(error.problems)
        return next(code for kind, code in _CODES if isinstance(error, kind))
    except (BrokenPipeError, NobodyReadsError):
        # Python flushes stdout once more at the end and would complain about the same pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except KeyboardInterrupt:
        return INTERRUPTED
    # The one place that may catch everything: past it Python would print locals of a traceback.
    except Exception as fault:
        return _fault(fault)


def _fault(fault: Exception) -> int:
    from rcaid.cli.said import say

    if os.environ.get("RCAID_DEBUG") == "1":
        import traceback

        traceback.print_exception(fault)
    if isinstance(fault, OSError) and fault.strerror:
        place = f"{fault.filename}: " if fault.filename else ""
        say(f"{place}{fault.strerror}")
    else:
        # The message of an exception may hold somebody's data; its kind does not.
        kind = type(fault).__name__
        say(_("a fault of the program ({kind}); RCAID_DEBUG=1 shows where").format(kind=kind))
    return ExitCode.FAULT
