"""rcaid cycle and rcaid round: one run of a programme, and the hand-outs within it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from rcaid.cli import desks
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, Yes, done, new_app, out, verb
from rcaid.locale import N_, _

app = new_app()
rounds = new_app()

_LIST = (
    Column("code", N_("cycle")),
    Column("programme", N_("programme")),
    Column("label", N_("name")),
    Column("state", N_("state"), "word"),
    Column("opens_on", N_("opens")),
    Column("closes_on", N_("closed")),
    Column("rounds", N_("rounds"), "number"),
)
_ROUNDS = (
    Column("cycle", N_("cycle")),
    Column("number", N_("round"), "number"),
    Column("label", N_("name")),
)

Code = Annotated[str, typer.Argument(metavar="CYCLE", help="its code, like 22A")]


@verb(
    app,
    "new",
    "rcaid cycle new 23B --programme QWR --name '2023 winter' --opens 2023-10-09 --round December",
    "rcaid cycle new 23A --programme QWR --name '2023' --opens 2023-01-09 --round April --round June",
)
def new(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CYCLE", help="a new code, like 23B")],
    programme: Annotated[str, typer.Option(metavar="PROGRAMME", help="its code, like QWR")],
    name: Annotated[str, typer.Option(metavar="NAME", help="what people call it")],
    opens: Annotated[str, typer.Option(metavar="DATE", help="the first day of entry")],
    round: Annotated[list[str], typer.Option(metavar="NAME", help="a round, in order")],
    json: Json = False,
) -> None:
    """A new run of a programme with its rounds; it is a draft until opened."""
    from datetime import date

    from rcaid.services import programmes

    try:
        day = date.fromisoformat(opens).isoformat()
    except ValueError as error:
        raise typer.BadParameter("write it like 2023-10-09", param_hint="--opens") from error
    with desks.desk_of(context) as desk:
        entry = programmes.new_cycle(desk, programme, code, name, day, round)
    done({"cycle": code, "state": "draft", "entry": str(entry)}, json)


def _move(name: str, about: str) -> None:
    examples = (f"rcaid cycle {name} 22A", f"rcaid cycle {name} 22A --json")

    @verb(app, name, *examples, about=about)
    def move(context: typer.Context, code: Code, json: Json = False) -> None:
        from rcaid.services import programmes

        with desks.desk_of(context) as desk:
            entry = programmes.move_cycle(desk, code, name)
            state = programmes.cycle(desk, code).state
        done({"cycle": code, "state": state, "entry": str(entry)}, json)


for _name, _about in (
    ("open", "Lets a draft cycle take entries."),
    ("close", "Takes no more entries."),
    ("distribute", "Begins to hand out what was approved."),
    ("end", "Ends a cycle in which nothing is left to do."),
):
    _move(_name, _about)


@verb(app, "settle", "rcaid cycle settle 22A --yes", "rcaid cycle settle 22A --yes --json")
def settle(context: typer.Context, code: Code, yes: Yes = False, json: Json = False) -> None:
    """Ends all help of a cycle that nobody took up; its money is the fund's again (BR-069)."""
    from rcaid.services import entitlements

    with desks.desk_of(context) as desk:
        desks.confirm(_("End what is left of {cycle}?").format(cycle=code), yes)
        settled, entry = entitlements.settle_rest(desk, code)
    done({"cycle": code, **asdict(settled), "entry": str(entry)}, json)


@verb(app, "list", "rcaid cycle list", "rcaid cycle list --programme QWR --json")
def list_(
    context: typer.Context,
    programme: Annotated[str, typer.Option(metavar="PROGRAMME", help="of this one alone")] = "",
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """Every cycle, by opening day."""
    from rcaid.services import catalogue

    with desks.desk_of(context) as desk:
        out(json, output).table(_LIST, catalogue.all_cycles(desk, programme))


@verb(app, "show", "rcaid cycle show 22A", "rcaid cycle show 22A --json")
def show(context: typer.Context, code: Code, json: Json = False, output: OutFile = "-") -> None:
    """One cycle with its rounds."""
    from rcaid.services import catalogue, programmes

    with desks.desk_of(context) as desk:
        programmes.cycle(desk, code)
        facts = next(each for each in catalogue.all_cycles(desk) if each["code"] == code)
        facts["rounds"] = [f"{r['number']} {r['label']}" for r in catalogue.rounds(desk, code)]
    columns = (*_LIST[:-1], Column("rounds", N_("rounds")))
    out(json, output).record(facts, columns)


@verb(rounds, "list", "rcaid round list 22A", "rcaid round list 22A --json")
def list_rounds(
    context: typer.Context, code: Code, json: Json = False, output: OutFile = "-"
) -> None:
    """The rounds of a cycle."""
    from rcaid.services import catalogue

    with desks.desk_of(context) as desk:
        out(json, output).table(_ROUNDS, catalogue.rounds(desk, code))
