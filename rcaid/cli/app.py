"""The table of nouns, and the parser that is built from it for the one noun that was asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, NamedTuple

import typer

from rcaid.cli.options import VALUED, Globals
from rcaid.domain.errors import ExitCode
from rcaid.locale import N_, _


class Noun(NamedTuple):
    """One noun: its word, the file that holds its verbs, and what it is about.

    The file has an ``app`` with the verbs, or ``module:name`` says which it is; when ``alone`` is
    set it adds one command of this name by itself.
    """

    word: str
    module: str
    about: str
    alone: bool = False


NOUNS = (
    Noun("init", "start", N_("a new store with its keys"), alone=True),
    Noun("demo", "demo", N_("a made-up year to play")),
    Noun("programme", "programme", N_("programmes and their rules")),
    Noun("cycle", "cycle", N_("one run of a programme")),
    Noun("round", "cycle:rounds", N_("hand-outs within a cycle")),
    Noun("quota", "quota", N_("who may list how many")),
    Noun("fund", "fund", N_("pots with a purpose")),
    Noun("donor", "donor", N_("who gives")),
    Noun("donation", "donation", N_("what they give, receipts")),
    Noun("import", "imports", N_("files in: plan, then apply")),
    Noun("roster", "roster", N_("people listed under quotas")),
    Noun("person", "person", N_("people, and help given")),
    Noun("lookup", "lookup", N_("many numbers: who got what"), alone=True),
    Noun("change", "change", N_("changes two people decide")),
    Noun("case", "case", N_("one person in one cycle")),
    Noun("notice", "notice", N_("public lists, objections")),
    Noun("batch", "batch", N_("money and goods going out")),
    Noun("lot", "lot", N_("goods in stock, lot by lot")),
    Noun("disaster", "disaster", N_("events help is given for")),
    Noun("institution", "transfer:institutions", N_("who receives transfers")),
    Noun("transfer", "transfer", N_("help beyond the rosters")),
    Noun("report", "report", N_("the figures and their rules")),
    Noun("snapshot", "snapshot", N_("figures once frozen")),
    Noun("audit", "audit", N_("the record: show and check")),
    Noun("user", "user", N_("people who act, and duties")),
    Noun("db", "db", N_("the store itself")),
    Noun("doctor", "db", N_("what an operator mends"), alone=True),
    Noun("keys", "keys", N_("the terminal program's keys"), alone=True),
    Noun("serve-key", "ssh", N_("for sshd: whose key is it"), alone=True),
    Noun("session", "ssh", N_("for sshd: what a key opens"), alone=True),
)
"""Every noun of the command line, in the order in which the work goes."""

ABOUT = N_("Relief programmes from roster to receipt. Alone it opens the terminal program.")
EXAMPLES = (
    "rcaid import plan roster.xlsx --kind roster --cycle 22A",
    "rcaid --as jd-approver roster approve 22A-R-310114001 --round 1 --yes",
)


def root(nouns: tuple[Noun, ...] = NOUNS) -> typer.Typer:
    """The parser of these nouns, with the global options before them."""
    from rcaid.cli.verbs import new_app

    app = new_app(_(ABOUT))
    app.callback()(_globals)
    for noun in nouns:
        file, _colon, name = noun.module.partition(":")
        module = import_module(f"rcaid.cli.{file}")
        if noun.alone:
            module.add_alone(app, noun.word)
        else:
            app.add_typer(getattr(module, name or "app"), name=noun.word, help=_(noun.about))
    return app


def _globals(
    context: typer.Context,
    db: str = typer.Option("", "--db", metavar="URL", help=N_("the store; or RCAID_DB")),
    office: str = typer.Option("", metavar="CODE", help=N_("keep to one office and all below")),
    as_login: str = typer.Option("", "--as", metavar="LOGIN", help=N_("demo stores: who acts")),
    lang: str = typer.Option("", metavar="en|zh_CN", help=N_("the language of messages")),
    read_only: bool = typer.Option(False, "--read-only", help=N_("open the store to read alone")),
    _version: bool = typer.Option(False, "--version", help=N_("the version of the program")),
) -> None:
    """Keeps the global options; --version is answered before the parser is built."""
    login = context.obj.login if isinstance(context.obj, Globals) else ""
    context.obj = Globals(db, office, as_login, lang, read_only, login)


def carry_out(arguments: list[str], rest: list[str], login: str = "") -> int:
    """Parses and runs one command; ``rest`` is what of it stands behind the global options.

    Usage errors end in 2 with a line that shows the way.
    """
    if rest[0] == "--version":
        from rcaid.cli.helptext import VERSION

        print(VERSION)
        return ExitCode.DONE
    if rest[0] in ("--help", "-h"):
        from rcaid.cli.reference import help_text

        sys.stdout.write(help_text())
        return ExitCode.DONE
    app = root(tuple(noun for noun in NOUNS if noun.word == rest[0]) or NOUNS)
    try:
        done: Any = app(
            args=arguments, prog_name="rcaid", standalone_mode=False, obj=Globals(login=login)
        )
    except typer.Abort:
        return ExitCode.USAGE
    except typer.TyperException as error:
        return _usage(error)
    return done if isinstance(done, int) else ExitCode.DONE


def _usage(error: Any) -> int:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "rcaid"
    from rcaid.cli.said import say

    say(f"{path}: {error.format_message()}")
    option = str(getattr(error, "option_name", "")).partition("=")[0]
    if option in (*VALUED, "--read-only") and path != "rcaid":
        say(
            _("{option} stands before the noun: rcaid {option} … {noun}").format(
                option=option, noun=path.removeprefix("rcaid ")
            )
        )
    say(_("{command} --help shows how it is written").format(command=path))
    return ExitCode.USAGE
