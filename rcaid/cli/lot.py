"""rcaid lot: goods by lot, what came in on which ground of value, and what of it is left."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from rcaid.cli import desks
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, Reason, Yes, done, new_app, out, verb
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.money import parse_yuan
from rcaid.locale import N_, _

app = new_app()

_COLUMNS = (
    Column("code", N_("lot")),
    Column("item", N_("goods")),
    Column("source", N_("source"), "word"),
    Column("basis", N_("ground"), "number"),
    Column("value", N_("value of one"), "money"),
    Column("expires_on", N_("expires")),
    Column("on_hand", N_("on hand"), "number"),
    Column("issued", N_("issued"), "number"),
    Column("shipped", N_("shipped"), "number"),
    Column("delivered", N_("delivered"), "number"),
    Column("written_off", N_("written off"), "number"),
)
_FACTS = (
    *_COLUMNS,
    Column("received_on", N_("received")),
    Column("evidence", N_("value rests on")),
)
Lot = Annotated[str, typer.Argument(metavar="LOT", help="its code, like BOX-2022-04")]


@verb(app, "list", "rcaid lot list", "rcaid lot list --json")
def list_(context: typer.Context, json: Json = False, output: OutFile = "-") -> None:
    """Every lot and where it stands: what expires first on top, goods without a value last."""
    from rcaid.services import stock

    with desks.desk_of(context) as desk:
        out(json, output).table(_COLUMNS, map(asdict, stock.listing(desk)))


@verb(app, "show", "rcaid lot show BOX-2022-04", "rcaid lot show BOX-2022-04 --json")
def show(context: typer.Context, lot: Lot, json: Json = False, output: OutFile = "-") -> None:
    """One lot: its value and what that rests on, and what of it stands where."""
    from rcaid.services import stock

    with desks.desk_of(context) as desk:
        code = stock.find(desk, lot).code
        facts: dict[str, Any] = next(asdict(e) for e in stock.listing(desk) if e.code == code)
    out(json, output).record(facts, _FACTS)


@verb(
    app,
    "receive",
    "rcaid lot receive BOX BOX-2022-05 500 --value 178.00 --ground 1 --evidence 发票0042 --with sh-preparer",
    "rcaid lot receive MASK M-7 20000 --ground 4 --with sh-preparer --source donation --json",
)
def receive(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="GOODS", help="their code, like BOX")],
    lot: Lot,
    qty: Annotated[int, typer.Argument(metavar="N", help="how many were counted")],
    ground: Annotated[
        int, typer.Option(metavar="1-4", help="of the value: papers, market, appraisal, none")
    ],
    second: Annotated[
        str, typer.Option("--with", metavar="LOGIN", help="who counted with you (BR-082)")
    ],
    value: Annotated[
        str | None, typer.Option(metavar="YUAN", help="of one; none on ground 4")
    ] = None,
    evidence: Annotated[str, typer.Option(metavar="TEXT", help="what the value rests on")] = "",
    expires: Annotated[str, typer.Option(metavar="DAY", help="when it expires")] = "",
    made: Annotated[str, typer.Option(metavar="DAY", help="when it was made")] = "",
    perishable: Annotated[
        bool, typer.Option("--perishable", help="food or medicine: an expiry day is needed")
    ] = False,
    source: Annotated[
        str, typer.Option(metavar="WORD", help="purchase, donation, allocation or customs")
    ] = "purchase",
    json: Json = False,
) -> None:
    """Goods taken in and counted by two people, at the value they keep (BR-082, BR-083)."""
    from rcaid.services import stock

    fen = parse_yuan(value) if value is not None else None
    if isinstance(fen, Problem):
        raise Refused(fen)
    with desks.desk_of(context) as desk:
        entry = stock.receive_lot(
            desk, item, lot, qty, fen, ground, second=second, evidence=evidence,
            expires_on=expires, made_on=made, perishable=perishable, source=source,
        )  # fmt: skip
    done({"lot": lot, "qty": qty, "entry": str(entry)}, json)


@verb(
    app,
    "write-off",
    "rcaid lot write-off BOX-2022-05 3 --reason spoilt --yes",
    "rcaid lot write-off BOX-2022-05 3 --reason spoilt --yes --json",
)
def write_off(
    context: typer.Context,
    lot: Lot,
    qty: Annotated[int, typer.Argument(metavar="N", help="how many are gone")],
    reason: Reason,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Goods that are spoilt or lost leave the stock."""
    from rcaid.services import stock

    with desks.desk_of(context) as desk:
        desks.confirm(_("Write off {n} of {lot}?").format(n=qty, lot=lot), yes)
        entry = stock.write_off(desk, lot, qty, reason)
    done({"lot": lot, "qty": qty, "entry": str(entry)}, json)
