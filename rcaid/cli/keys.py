"""rcaid keys: the registry of the terminal program's commands and keys."""

from __future__ import annotations

from typing import Annotated

import typer

from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, out, verb
from rcaid.locale import N_

_COLUMNS = (
    Column("id", N_("command")),
    Column("key", N_("key")),
    Column("label", N_("what it does")),
    Column("where", N_("where")),
    Column("who", N_("who may")),
    Column("command_line", N_("on the command line")),
)


def add_alone(app: typer.Typer, word: str) -> None:
    """Adds ``rcaid keys`` to the root."""
    verb(app, word, "rcaid keys", "rcaid keys rosters --json")(keys)


def keys(
    place: Annotated[str, typer.Argument(metavar="[PLACE]", help="like today or rosters")] = "",
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """Every command of the terminal program with its key, where it works and who may."""
    from rcaid.screens import commands
    from rcaid.screens.keys import shown

    known = sorted({where for each in commands.COMMANDS for where in each.where})
    if place and place not in known:
        raise typer.BadParameter(", ".join(known), param_hint="PLACE")
    rows = (
        {
            "id": each.id,
            "key": ", ".join(map(shown, each.keys)),
            "label": each.name,
            "where": list(each.where),
            "who": commands.duties_text(each),
            "command_line": f"rcaid {each.cli}" if each.cli else "",
        }
        for each in commands.COMMANDS
        if not place or place in each.where
    )
    out(json, output).table(_COLUMNS, rows)
