"""rcaid programme: programmes and their rule versions, as TOML."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rcaid.cli import desks
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, done, new_app, out, verb
from rcaid.domain.errors import Problem, Unusable
from rcaid.locale import N_

app = new_app()

_LIST = (
    Column("code", N_("programme")),
    Column("name", N_("name")),
    Column("name_en", N_("in English")),
    Column("version", N_("version"), "number"),
    Column("effective_from", N_("in force from")),
    Column("citation", N_("basis")),
)
_RULES = (
    Column("code", N_("programme")),
    Column("name", N_("name")),
    Column("version", N_("version"), "number"),
    Column("effective_from", N_("in force from")),
    Column("citation", N_("basis")),
    Column("categories", N_("categories")),
    Column("items", N_("goods")),
    Column("min_fen", N_("least"), "money"),
    Column("max_fen", N_("most"), "money"),
    Column("cap_fen_per_year", N_("most a person and year"), "money"),
)


@verb(app, "list", "rcaid programme list", "rcaid programme list --json")
def list_(context: typer.Context, json: Json = False, output: OutFile = "-") -> None:
    """Every programme with its newest rules."""
    from rcaid.services import catalogue

    with desks.desk_of(context) as desk:
        out(json, output).table(_LIST, catalogue.all_programmes(desk))


@verb(app, "show", "rcaid programme show QWR", "rcaid programme show QWR --version 1 -o qwr.toml")
def show(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="PROGRAMME", help="its code, like QWR")],
    version: Annotated[int | None, typer.Option(help="a rule version; else the newest")] = None,
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """The rules of a programme as TOML, just as they were loaded."""
    from rcaid.services import catalogue

    with desks.desk_of(context) as desk:
        facts, text = catalogue.programme_text(desk, code, version)
        if json:
            out(True, output).data({**facts, "rules": text})
        else:
            out(False, output).lines(text.splitlines())


@verb(app, "check", "rcaid programme check winter.toml", "rcaid programme check winter.toml --json")
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="rules as TOML")],
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """Reads rules and says what they come to; the store is not touched."""
    from rcaid.domain.programmes import read
    from rcaid.services import catalogue

    rules = read(_text(file))
    if isinstance(rules, Problem):
        raise Unusable(rules)
    out(json, output).record(catalogue.rules_facts(rules), _RULES)


@verb(app, "load", "rcaid programme load winter.toml", "rcaid programme load winter.toml --json")
def load(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="rules as TOML")],
    json: Json = False,
) -> None:
    """Loads a programme: a new one with its fund and goods, or a new rule version."""
    from rcaid.services import programmes

    text = _text(file)
    with desks.desk_of(context) as desk:
        entry = programmes.load(desk, text)
    done({"file": str(file), "entry": str(entry)}, json)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        problem = Problem("file.unreadable", {"file": str(file), "reason": error.strerror or ""})
        raise Unusable(problem) from error
    except UnicodeDecodeError as error:
        raise Unusable(Problem("file.not_utf8", {"file": str(file)})) from error
