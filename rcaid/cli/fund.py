"""rcaid fund: pots with a purpose; their balances never fall below zero."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from rcaid.cli import desks
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, Yes, done, new_app, out, verb
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.money import parse_yuan, yuan
from rcaid.locale import N_, _

app = new_app()

ACCOUNTS = ("available", "payable", "in_transit", "settled", "returned")
_COLUMNS = (
    Column("code", N_("fund")),
    Column("name", N_("name")),
    Column("programme", N_("programme")),
    *(Column(account, account.replace("_", " "), "money") for account in ACCOUNTS),
)


def _flat(facts: dict[str, Any]) -> dict[str, Any]:
    """A fund with its balances as columns of fen."""
    own = {key: value for key, value in facts.items() if key != "balances"}
    return own | {account: facts["balances"].get(account, 0) for account in ACCOUNTS}


@verb(app, "list", "rcaid fund list", "rcaid fund list --json")
def list_(context: typer.Context, json: Json = False, output: OutFile = "-") -> None:
    """Every fund and where its money is."""
    from rcaid.services import catalogue

    with desks.desk_of(context) as desk:
        out(json, output).table(_COLUMNS, map(_flat, catalogue.funds(desk)))


Code = Annotated[str, typer.Argument(metavar="FUND", help="its code, like QWR")]


@verb(app, "show", "rcaid fund show QWR", "rcaid fund show QWR --json")
def show(context: typer.Context, code: Code, json: Json = False, output: OutFile = "-") -> None:
    """One fund and where its money is, in fen with --json."""
    from rcaid.services import catalogue

    with desks.desk_of(context) as desk:
        found = [each for each in catalogue.funds(desk) if each["code"] == code]
    if not found:
        raise Refused(Problem("fund.unknown", {"fund": code}))
    out(json, output).record(_flat(found[0]), _COLUMNS)


@verb(
    app,
    "receive",
    "rcaid fund receive QWR 500000.00 --key 2022-01 --yes",
    "rcaid fund receive QWR 12000 --key receipt-0042 --yes --json",
)
def receive(
    context: typer.Context,
    code: Code,
    amount: Annotated[str, typer.Argument(metavar="YUAN", help="like 500000.00")],
    key: Annotated[str, typer.Option(metavar="TEXT", help="the receipt; a repeat changes nothing")],
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Money that came in for a fund."""
    from rcaid.services import programmes

    fen = parse_yuan(amount)
    if isinstance(fen, Problem):
        raise Refused(fen)
    with desks.desk_of(context) as desk:
        desks.confirm(_("Receive {amount} for {fund}?").format(amount=yuan(fen), fund=code), yes)
        entry = programmes.receive(desk, code, fen, key)
    done({"fund": code, "fen": fen, "entry": str(entry)}, json)
