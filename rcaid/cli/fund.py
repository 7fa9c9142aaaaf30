"""rcaid fund: pots with a purpose; their balances never fall below zero."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from rcaid.cli import desks
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, Yes, done, new_app, out, verb
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.money import parse_yuan, yuan
from rcaid.locale import N_, _

app = new_app()

ACCOUNTS = (
    "available", "committed", "payable", "in_transit", "settled", "returned", "written_off",
)  # fmt: skip
_COLUMNS = (
    Column("code", N_("fund")),
    Column("name", N_("name")),
    Column("programme", N_("programme")),
    Column("restriction", N_("for"), "word"),
    Column("scope", N_("scope")),
    *(Column(account, account.replace("_", " "), "money") for account in ACCOUNTS),
)
_TRACE = (
    Column("number", N_("donation")),
    Column("donor", N_("donor")),
    Column("state", N_("state"), "word"),
    Column("received_on", N_("received")),
    Column("fen", N_("money"), "money"),
    Column("used", N_("used"), "money"),
    Column("given_back", N_("given back"), "money"),
    Column("left", N_("left"), "money"),
)
_SOURCES = (
    Column("donation", N_("donation")),
    Column("donor", N_("donor")),
    Column("received_on", N_("received")),
    Column("fund", N_("fund")),
    Column("fen", N_("money"), "money"),
)
_MONTHS = (
    Column("month", N_("month")),
    Column("closed_on", N_("closed")),
    Column("sha256", N_("hash")),
)


def _flat(facts: dict[str, Any]) -> dict[str, Any]:
    """A fund with its balances as columns of fen."""
    own = {key: value for key, value in facts.items() if key != "balances"}
    return own | {account: facts["balances"].get(account, 0) for account in ACCOUNTS}


def amount_of(text: str) -> int:
    """Fen of an amount that was typed; Refused with what is wrong with it."""
    fen = parse_yuan(text)
    if isinstance(fen, Problem):
        raise Refused(fen)
    return fen


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
    "open",
    "rcaid fund open QWR-JD --name 嘉定千万人帮万家 --programme QWR --for region --scope 310114"
    " --office-code 310114",
    "rcaid fund open AID-EQ --name 地震救灾 --programme AID --for campaign --scope EQ-2022-09 --json",
)
def open_(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="FUND", help="a new code, like QWR-JD")],
    name: Annotated[str, typer.Option(metavar="NAME", help="its name")],
    programme: Annotated[str, typer.Option(metavar="PROGRAMME", help="what it is a part of")],
    restriction: Annotated[
        str,
        typer.Option(
            "--for", metavar="WHAT", help="programme, campaign, region, institution or person"
        ),
    ],
    scope: Annotated[
        str, typer.Option(metavar="CODE", help="which one: its code, or a person's id")
    ] = "",
    office_code: Annotated[
        str, typer.Option(metavar="OFFICE", help="whose pot it is; the city's unless said")
    ] = "",
    json: Json = False,
) -> None:
    """Opens a fund for a part of what a programme is for."""
    from rcaid.services.funds import funds

    with desks.desk_of(context) as desk:
        made, entry = funds.open_fund(
            desk, code, name, programme, restriction=restriction, scope=scope, office=office_code
        )
    done({"fund": made.code, "scope": made.scope, "entry": str(entry)}, json)


@verb(app, "close", "rcaid fund close QWR-JD --yes", "rcaid fund close QWR-JD --yes --json")
def close(context: typer.Context, code: Code, yes: Yes = False, json: Json = False) -> None:
    """Closes a fund that holds nothing; it takes and pays no more."""
    from rcaid.services.funds import funds

    with desks.desk_of(context) as desk:
        desks.confirm(_("Close fund {fund}?").format(fund=code), yes)
        entry = funds.close_fund(desk, code)
    done({"fund": code, "state": "closed", "entry": str(entry)}, json)


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
    """Money that came in for a fund, without a donor to name."""
    from rcaid.services import programmes

    fen = amount_of(amount)
    with desks.desk_of(context) as desk:
        desks.confirm(_("Receive {amount} for {fund}?").format(amount=yuan(fen), fund=code), yes)
        entry = programmes.receive(desk, code, fen, key)
    done({"fund": code, "fen": fen, "entry": str(entry)}, json)


@verb(
    app,
    "move",
    "rcaid fund move QWR QWR-JD 300000 --key 2022-1 --yes",
    "rcaid fund move QWR-JD QWR-PD 5000 --key 2022-7 --earmark --paper 函2022-7 --yes --json",
)
def move(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FROM", help="the fund that gives")],
    target: Annotated[str, typer.Argument(metavar="TO", help="the fund that gets")],
    amount: Annotated[str, typer.Argument(metavar="YUAN", help="like 300000.00")],
    key: Annotated[str, typer.Option(metavar="TEXT", help="the paper; a repeat changes nothing")],
    earmark: Annotated[
        bool, typer.Option("--earmark", help="to another purpose, with --paper or --reason")
    ] = False,
    paper: Annotated[
        str, typer.Option(metavar="TEXT", help="by which the donor agrees to another purpose")
    ] = "",
    reason: Annotated[
        str, typer.Option(metavar="CODE", help="why the city agrees to another purpose")
    ] = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Moves available money to another fund; it is no income there (BR-073)."""
    from rcaid.services.funds import funds

    fen = amount_of(amount)
    kind = "earmark" if earmark else "transfer"
    with desks.desk_of(context) as desk:
        text = _("Move {amount} from {fund} to {to}?")
        desks.confirm(text.format(amount=yuan(fen), fund=source, to=target), yes)
        _made, entry = funds.move(
            desk, source, target, fen, kind, paper=paper, reason=reason, key=key
        )
    done({"from": source, "to": target, "kind": kind, "fen": fen, "entry": str(entry)}, json)


@verb(
    app,
    "trace",
    "rcaid fund trace QWR --json",
    "rcaid fund trace QWR --voucher 22A-JD-00001-1C",
)
def trace(
    context: typer.Context,
    code: Code,
    voucher: Annotated[
        str, typer.Option(metavar="VOUCHER", help="out of what this payment or transfer came")
    ] = "",
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """What each donation of a fund was used for, the oldest first (BR-088)."""
    from rcaid.services.funds import trace as traces

    with desks.desk_of(context) as desk:
        if voucher:
            sources = traces.of_disbursement(desk, voucher)
            out(json, output).table(_SOURCES, (asdict(each) for each in sources))
        else:
            out(json, output).table(_TRACE, (asdict(each) for each in traces.of_fund(desk, code)))


@verb(
    app,
    "close-month",
    "rcaid fund close-month 2022-04 --yes",
    "rcaid fund close-month 2022-04 --yes --json",
)
def close_month(
    context: typer.Context,
    month: Annotated[str, typer.Argument(metavar="MONTH", help="one that is over, like 2022-04")],
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Closes a month of the books: nothing is posted on its days any more."""
    from rcaid.services.funds import periods

    with desks.desk_of(context) as desk:
        desks.confirm(_("Close {month} for good?").format(month=month), yes)
        made, entry = periods.close_month(desk, month)
    done({"month": month, "sha256": made.sha256, "entry": str(entry)}, json)


@verb(app, "months", "rcaid fund months", "rcaid fund months --json")
def months(context: typer.Context, json: Json = False, output: OutFile = "-") -> None:
    """The months that are closed, each with the hash of its entries."""
    from rcaid.services.funds import periods

    with desks.desk_of(context) as desk:
        out(json, output).table(_MONTHS, (each._asdict() for each in periods.listing(desk)))
