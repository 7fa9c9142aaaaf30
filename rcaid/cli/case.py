"""rcaid case: single cases and the lines of rosters, looked at one by one."""

from __future__ import annotations

from typing import Annotated

import typer

from rcaid.cli import desks
from rcaid.cli.person import plain
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, new_app, out, verb

app = new_app()

_CARD = (
    Column("case_no", "case"),
    Column("state", "state"),
    Column("programme", "programme"),
    Column("cycle", "cycle"),
    Column("roster", "roster"),
    Column("place", "place"),
    Column("name", "name"),
    Column("sex", "sex"),
    Column("age", "age", "number"),
    Column("identity", "identity number"),
    Column("category", "category"),
    Column("hardship", "hardship"),
    Column("hardship_until", "certificate until"),
    Column("fen", "money", "money"),
    Column("item", "goods"),
    Column("account", "account"),
    Column("payee", "payee"),
    Column("bank", "bank"),
)
_STORY = (
    Column("at", "time"),
    Column("login", "who"),
    Column("act", "act"),
    Column("reason", "reason"),
    Column("number", "entry"),
)

Number = Annotated[str, typer.Argument(metavar="CASE", help="its number, like 22A-JD-00042")]


@verb(app, "show", "rcaid case show 22A-JD-00042", "rcaid case show 22A-JD-00042 --json")
def show(context: typer.Context, number: Number, json: Json = False, output: OutFile = "-") -> None:
    """One case in full and what was done to it; that you looked is recorded."""
    from rcaid.services import cases

    with desks.desk_of(context) as desk:
        card = plain(cases.card(desk, number))
    if json:
        out(True, output).data(card)
        return
    if output == "-":
        out(False).record(card, _CARD)
    out(False, output).table(_STORY, card["story"])
