"""rcaid programme: programmes and their rule versions, as TOML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from rcaid.cli import desks
from rcaid.cli.said import as_data
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
    Column("effective_to", N_("in force until")),
    Column("citation", N_("basis")),
    Column("recipient", N_("for"), "word"),
    Column("categories", N_("categories")),
    Column("items", N_("goods")),
    Column("min_age", N_("youngest age"), "number"),
    Column("max_age", N_("oldest age"), "number"),
    Column("min_fen", N_("least"), "money"),
    Column("max_fen", N_("most"), "money"),
    Column("grant_names", N_("grants")),
    Column("cap_fen_per_year", N_("most a person and year"), "money"),
    Column("cap_household_fen_per_year", N_("most a household and year"), "money"),
    Column("exclusive_with", N_("not beside")),
    Column("papers", N_("papers")),
    Column("notice_days", N_("days of notice"), "number"),
    Column("examples", N_("examples that hold"), "number"),
)
_CHANGES = (
    Column("version", N_("version"), "number"),
    Column("effective_from", N_("in force from")),
    Column("field", N_("field")),
    Column("before", N_("before")),
    Column("after", N_("after")),
)

Worked = Annotated[bool, typer.Option("--worked", help="the worked programmes that come along")]


@verb(app, "list", "rcaid programme list", "rcaid programme list --worked --json")
def list_(
    context: typer.Context, worked: Worked = False, json: Json = False, output: OutFile = "-"
) -> None:
    """Every programme with its newest rules."""
    from rcaid.services import rulebook

    if worked:
        out(json, output).table(_LIST, rulebook.worked())
        return
    with desks.desk_of(context) as desk:
        out(json, output).table(_LIST, rulebook.all_programmes(desk))


@verb(
    app,
    "show",
    "rcaid programme show QWR --changes",
    "rcaid programme show FIRE --worked -o f.toml",
)
def show(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="PROGRAMME", help="its code, like QWR")],
    version: Annotated[int | None, typer.Option(help="a rule version; else the newest")] = None,
    changes: Annotated[
        bool, typer.Option("--changes", help="all versions and what each changed")
    ] = False,
    worked: Worked = False,
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """The rules of a programme as TOML, just as they were loaded."""
    from rcaid.services import rulebook

    if worked:
        _text_out(*rulebook.worked_text(code), json, output)
        return
    with desks.desk_of(context) as desk:
        if not changes:
            _text_out(*rulebook.programme_text(desk, code, version), json, output)
            return
        found = rulebook.versions(desk, code)
    out(json, output).table(_CHANGES, found if json else _change_rows(found))


def _text_out(facts: dict[str, Any], text: str, json: bool, output: str) -> None:
    if json:
        out(True, output).data({**facts, "rules": text})
    else:
        out(False, output).lines(text.splitlines())


def _change_rows(versions: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A row for each changed field; one for a version that changed none."""
    for each in versions:
        for change in each["changes"] or [{}]:
            yield {**each, **change}


@verb(app, "check", "rcaid programme check winter.toml", "rcaid programme check winter.toml --json")
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="rules as TOML")],
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """Reads rules, names what is wrong by line and field, and runs their examples.

    The store is not touched.
    """
    from rcaid.domain.programme_examples import checked
    from rcaid.services import rulebook

    found = checked(_text(file))
    if found.problems and json:
        told = [
            {"line": each.params["line"], "field": each.field, **as_data(each)}
            for each in found.problems
        ]
        out(True, output).data({"file": str(file), "problems": told})
    if found.problems:
        raise Unusable(found.problems)
    facts = rulebook.checked_facts(found)
    names = [each["name"] for each in facts["grants"]]
    out(json, output).record(facts if json else {**facts, "grant_names": names}, _RULES)


@verb(app, "load", "rcaid programme load winter.toml", "rcaid programme load winter.toml --json")
def load(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="rules as TOML")],
    json: Json = False,
) -> None:
    """Loads a programme: a new one with its fund and goods, or a new rule version.

    A case is judged by the version in force on the day it came in; no later one judges it anew.
    """
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
