"""What sshd calls: `rcaid serve-key` says whose key it is, `rcaid session` is what that key opens.

sshd passes a forced command to the account's shell, so nothing goes into one but a fixed program
and a login of plain characters. What the person typed comes as text, is split here and compared
with a list of commands that read, or that bring a file in; it never meets a shell.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from typing import Annotated, NamedTuple

import typer

from rcaid.cli import desks
from rcaid.cli.options import Globals, split
from rcaid.cli.said import say
from rcaid.cli.verbs import verb
from rcaid.domain.errors import ExitCode, Problem, Refused
from rcaid.locale import _

LONGEST = 4096
"""Characters of a command that came over the wire."""

_TERM = re.compile(r"[a-z0-9.+-]{1,32}")
_PATH = "/usr/local/bin:/usr/bin:/bin"


class Reading(NamedTuple):
    """A command that a key may run: how many words may follow it and of which form, and which
    options. ``flags`` are options without a value beside `_FLAGS`."""

    words: int = 0
    options: frozenset[str] = frozenset()
    form: re.Pattern[str] = re.compile(".*")
    flags: frozenset[str] = frozenset()


def _with(words: int, *options: str) -> Reading:
    return Reading(words, frozenset(options))


_FLAGS = frozenset({"--json", "--full", "--help", "-h"})
_OUTPUT = frozenset({"-o", "--output"})
_ID = re.compile("[0-9A-Z]{26}")
_LIST = _with(0, "--cycle", "--state", "--where", "--limit")
_REPORT = _with(0, "--period", "--as-of", "--style", "--format")
READINGS: dict[str, dict[str, Reading]] = {
    "audit": {
        "log": _with(0, "--act", "--by", "--object", "--before", "--limit"),
        "verify": _with(0),
    },
    "batch": {"list": _LIST, "show": _with(1)},
    "case": {"list": _LIST, "show": _with(1), "explain": _with(1, "--as-of")},
    "cycle": {"list": _with(0, "--programme"), "show": _with(1)},
    "disaster": {"list": _with(0), "show": _with(1)},
    "fund": {"list": _with(0), "show": _with(1)},
    "import": {
        "list": _with(0, "--cycle", "--where", "--limit"),
        "profiles": _with(0),
        "show": Reading(1, _OUTPUT, _ID),
        "rejects": Reading(1, _OUTPUT, _ID),
    },
    "person": {"find": _with(8, "--limit"), "history": _with(1), "show": _with(1)},
    "notice": {"list": _with(0, "--where"), "show": _with(1, "--format"), "waiting": _with(0)},
    "programme": {"list": _with(0), "show": _with(1, "--version")},
    "quota": {"show": _with(0, "--cycle")},
    "report": {"list": _with(0), "": _REPORT},
    "roster": {"list": _LIST, "show": _with(1), "check": _with(1)},
    "snapshot": {"list": _with(0), "show": _with(1, "--style", "--format")},
    "institution": {"list": _with(0)},
    "round": {"list": _with(1)},
    "transfer": {"list": _with(0, "--disaster", "--state"), "show": _with(1)},
}
"""What may come over the wire: it reads, and names no file of this machine. The verb "" stands
for any word."""

IMPORTS = {
    "plan": Reading(
        1,
        frozenset(
            {
                "--kind",
                "--profile",
                "--cycle",
                "--map",
                "--dates",
                "--sheet",
                "--encoding",
                "--delimiter",
                "--name",
                "--limit",
            }
        ),
        re.compile("-"),
        frozenset({"--summary"}),
    ),
    "apply": Reading(1, frozenset({"--expect", "--sum"}), _ID, frozenset({"--yes", "-y"})),
}
"""What brings a file in: it comes from standard input, and a plan is named by its id."""

ALONE = {"lookup": Reading(1, frozenset(), re.compile("-"))}
"""Nouns without verbs; the list of numbers comes from standard input."""


def add_alone(app: typer.Typer, word: str) -> None:
    """Adds one of the two commands to the root."""
    if word == "serve-key":
        verb(
            app,
            word,
            "rcaid serve-key %u %f %t %k",
            "rcaid --db /var/lib/rcaid/rcaid.db serve-key --session /usr/local/lib/rcaid/session"
            " %u %f %t %k",
        )(serve_key)
    else:
        verb(
            app,
            word,
            "rcaid --db /var/lib/rcaid/rcaid.db session zhang",
            "rcaid --lang zh_CN session zhang",
        )(session)


def serve_key(
    context: typer.Context,
    user: Annotated[str, typer.Argument(metavar="USER", help="%u: the account asked for")],
    fingerprint: Annotated[str, typer.Argument(metavar="FINGERPRINT", help="%f")],
    kind: Annotated[str, typer.Argument(metavar="TYPE", help="%t")],
    key: Annotated[str, typer.Argument(metavar="KEY", help="%k: the key in base64")],
    program: Annotated[
        str,
        typer.Option(
            "--session", metavar="PROGRAM", help="what the key opens, given the login; else rcaid"
        ),
    ] = "",
) -> None:
    """Prints the authorized_keys line of a key that is known; sshd calls it."""
    from rcaid.services.ssh_keys import owner_of

    place = desks.place(context)
    login = owner_of(place, fingerprint, kind, key)
    if login is None:
        return
    command = forced_command(program, place, desks.said(context).lang, login)
    if command.isprintable():
        quoted = command.replace('"', '\\"')
        print(f'restrict,pty,command="{quoted}" {kind} {key}')


def forced_command(program: str, place: str, lang: str, login: str) -> str:
    """What the account's shell runs for a key: ``program`` with the login, or this very rcaid."""
    if program:
        return shlex.join([program, login])
    if not place.startswith(("postgresql://", "postgres://")):
        place = os.path.abspath(place.removeprefix("sqlite:///"))
    words = [sys.executable, "-I", "-m", "rcaid", "--db", place]
    if lang:
        words += ["--lang", lang]
    return shlex.join([*words, "session", login])


def session(
    context: typer.Context,
    login: Annotated[str, typer.Argument(metavar="LOGIN", help="who it is, by their key")],
) -> int:
    """Opens the terminal program for a person, or runs the one command they sent; sshd calls it."""
    from rcaid.cli.edge import dispatch
    from rcaid.services.ssh_keys import LOGIN

    options = desks.said(context)
    if options.login or options.as_login or LOGIN.fullmatch(login) is None:
        raise Refused(Problem("ssh.login"))
    asked = os.environ.get("SSH_ORIGINAL_COMMAND", "")
    arguments = allowed(asked) if asked else []
    if not split(arguments)[1] and not (sys.stdin.isatty() and sys.stdout.isatty()):
        say(_("the terminal program needs a terminal: ssh -t, or name a command that reads"))
        return ExitCode.USAGE
    keep_to_oneself(desks.place_of(Globals(db=options.db)))
    return dispatch(arguments, login)


def keep_to_oneself(place: str) -> None:
    """Leaves nothing of what the other end could have put into the environment, and makes files
    that only the account reads. ``place`` is the store of this session."""
    from pwd import getpwuid

    term = os.environ.get("TERM", "")
    os.umask(0o077)
    os.environ.clear()
    os.environ.update(
        {
            "HOME": getpwuid(os.getuid()).pw_dir,
            "LANG": "C.UTF-8",
            "PATH": _PATH,
            "RCAID_DB": place,
            "TERM": term if _TERM.fullmatch(term) else "xterm",
        }
    )


def allowed(asked: str) -> list[str]:
    """The arguments of a command that came over the wire; Refused unless it is one of `READINGS`
    or brings a file in.

    The word rcaid before it may be there or not; of the options before the noun a person may
    choose the language, one office, and to read alone.
    """
    if len(asked) > LONGEST or not asked.isprintable():
        raise Refused(Problem("ssh.text"))
    try:
        arguments = shlex.split(asked)
    except ValueError as error:
        raise Refused(Problem("ssh.text")) from error
    if arguments[:1] == ["rcaid"]:
        del arguments[0]
    options, rest = split(arguments)
    if options.db or options.as_login:
        raise Refused(Problem("ssh.fixed"))
    if rest and rest not in (["--help"], ["--version"]):
        _judge(rest)
    return arguments


def _judge(words: list[str]) -> None:
    at, reading = _reading(words)
    command = " ".join(words[: max(at, 1)])
    if reading is None:
        raise Refused(Problem("ssh.command", {"command": command}))
    free = reading.words
    valued = ""
    for word in words[at:]:
        option, equals, value = word.partition("=")
        is_option = word.startswith("-") and word != "-"
        if is_option and (valued or not (option in reading.options or word in _flags(reading))):
            raise Refused(Problem("ssh.option", {"option": option, "command": command}))
        target = option if is_option and equals else valued
        if target in _OUTPUT and (value if is_option else word) != "-":
            raise Refused(Problem("ssh.option", {"option": target, "command": command}))
        if not valued and not is_option:
            free -= 1
            if reading.form.fullmatch(word) is None:
                raise Refused(Problem("ssh.form", {"word": word, "command": command}))
        valued = option if is_option and option in reading.options and not equals else ""
    if free < 0:
        raise Refused(Problem("ssh.words", {"command": command}))


def _reading(words: list[str]) -> tuple[int, Reading | None]:
    """How many words the command itself has, and what may follow them if it is on the list."""
    noun, name = words[0], words[1] if len(words) > 1 else ""
    if noun in ALONE:
        return 1, ALONE[noun]
    if not name or name.startswith("-"):
        return 2, None
    if noun == "import" and name in IMPORTS:
        return 2, IMPORTS[name]
    verbs = READINGS.get(noun, {})
    return 2, verbs.get(name) or verbs.get("")


def _flags(reading: Reading) -> frozenset[str]:
    return _FLAGS | reading.flags
