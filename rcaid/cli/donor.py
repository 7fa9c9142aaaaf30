"""rcaid donor: who gives, who belongs to them, and what their money was used for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer

from rcaid.cli import desks
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, done, new_app, out, verb
from rcaid.locale import N_

app = new_app()

_LIST = (
    Column("code", N_("donor")),
    Column("kind", N_("kind"), "word"),
    Column("name", N_("name")),
    Column("uscc", N_("credit code")),
)
_TRACE = (
    Column("donation", N_("donation")),
    Column("received_on", N_("received")),
    Column("received", N_("money"), "money"),
    Column("kind", N_("used as"), "word"),
    Column("number", N_("number")),
    Column("object", N_("for")),
    Column("fund", N_("fund")),
    Column("day", N_("day")),
    Column("fen", N_("used"), "money"),
)

Code = Annotated[str, typer.Argument(metavar="DONOR", help="the code, like DN-000042")]


@verb(
    app,
    "add",
    "rcaid donor add 王捐赠 --phone 13800000001",
    "rcaid donor add 申城公司 --kind organisation --uscc 51310199000000001M --publish"
    " --party 李董=director --json",
)
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="nothing for who stays unnamed")] = "",
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="person, organisation or anonymous")
    ] = "person",
    number: Annotated[str, typer.Option(metavar="NUMBER", help="a person's identity number")] = "",
    uscc: Annotated[
        str, typer.Option(metavar="CODE", help="an organisation's unified social credit code")
    ] = "",
    phone: Annotated[str, typer.Option(metavar="PHONE", help="where to reach them")] = "",
    contact: Annotated[str, typer.Option(metavar="TEXT", help="whom to ask for")] = "",
    publish: Annotated[bool, typer.Option("--publish", help="their name may be published")] = False,
    party: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=RELATION[=NUMBER]",
            help="who belongs to them and is not helped by what they give; may be repeated",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Puts a donor on file; who belongs to them is not helped by it (BR-090)."""
    from rcaid.services.funds import donors

    parties = tuple(donors.Party(*_party(each)) for each in party or ())
    giver = donors.Giver(kind, name, number, uscc, phone, contact, publish, parties)
    with desks.desk_of(context) as desk:
        made, entry = donors.add(desk, giver)
    done({"donor": made.code, "entry": str(entry)}, json)


def _party(text: str) -> list[str]:
    parts = text.split("=")
    if not 2 <= len(parts) <= 3:
        raise typer.BadParameter(f"{text}: write it like 李董=director", param_hint="--party")
    return parts


@verb(app, "find", "rcaid donor find 申城", "rcaid donor find --json")
def find(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="a part of the name or code")] = "",
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """Donors by a part of their name or code."""
    from rcaid.services.funds import donors

    with desks.desk_of(context) as desk:
        found = donors.find(desk, text)
        out(json, output).table(
            _LIST,
            (
                {"code": d.code, "kind": d.kind, "name": donors.shown_name(desk, d), "uscc": d.uscc}
                for d in found
            ),
        )


@verb(app, "trace", "rcaid donor trace DN-000042", "rcaid donor trace DN-000042 --json")
def trace(context: typer.Context, code: Code, json: Json = False, output: OutFile = "-") -> None:
    """What a donor's money was used for, payment by payment, to the fen (BR-088)."""
    from rcaid.services.funds import trace as traces

    with desks.desk_of(context) as desk:
        found = traces.of_donor(desk, code)
        if json:
            out(json, output).table((), (asdict(each) for each in found))
        else:
            out(json, output).table(_TRACE, (row for each in found for row in _rows(each)))


def _rows(trace: Any) -> Iterator[dict[str, Any]]:
    """A line for each use, then what went back and what is left."""
    own = {"donation": trace.number, "received_on": trace.received_on, "received": trace.fen}
    for use in trace.uses:
        yield own | asdict(use)
    for kind, fen in (("given_back", trace.given_back), ("left", trace.left)):
        if fen:
            yield own | {"kind": kind, "fund": trace.fund, "fen": fen}
