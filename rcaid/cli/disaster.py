"""rcaid disaster: the events that help is given for."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import typer

from rcaid.cli import desks
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, done, new_app, out, verb
from rcaid.locale import N_

app = new_app()

_LIST = (
    Column("code", N_("disaster")),
    Column("name", N_("name")),
    Column("kind", N_("kind"), "word"),
    Column("place", N_("place")),
    Column("happened_on", N_("happened")),
    Column("phase", N_("phase"), "word"),
    Column("state", N_("state"), "word"),
    Column("transfers", N_("transfers"), "number"),
    Column("cash", N_("cash"), "money"),
    Column("goods", N_("goods"), "money"),
)

Code = Annotated[str, typer.Argument(metavar="DISASTER", help="its code, like EQ-2022-09")]


@verb(
    app,
    "open",
    "rcaid disaster open EQ-2022-09 --name 泸定地震 --kind earthquake --place 四川泸定 --on 2022-09-05",
    "rcaid disaster open F-2022-11 --name 火灾 --kind fire --place 嘉定 --on 2022-11-03 --json",
)
def open_(
    context: typer.Context,
    code: Code,
    name: Annotated[str, typer.Option(metavar="NAME", help="what people call it")],
    kind: Annotated[str, typer.Option(metavar="KIND", help="fire, flood, typhoon, earthquake …")],
    place: Annotated[str, typer.Option(metavar="PLACE", help="where it happened")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="when it happened")],
    json: Json = False,
) -> None:
    """Opens an event, in its relief phase."""
    from rcaid.services import disasters

    try:
        day = date.fromisoformat(on).isoformat()
    except ValueError as error:
        raise typer.BadParameter("write it like 2022-09-05", param_hint="--on") from error
    with desks.desk_of(context) as desk:
        entry = disasters.open_(desk, code, name, kind, place, day)
    done({"disaster": code, "state": "open", "entry": str(entry)}, json)


@verb(app, "list", "rcaid disaster list", "rcaid disaster list --json")
def list_(context: typer.Context, json: Json = False, output: OutFile = "-") -> None:
    """Every event with what was given for it, by the day it happened."""
    with desks.desk_of(context) as desk:
        out(json, output).table(_LIST, _given(desk))


@verb(app, "show", "rcaid disaster show EQ-2022-09", "rcaid disaster show EQ-2022-09 --json")
def show(context: typer.Context, code: Code, json: Json = False, output: OutFile = "-") -> None:
    """One event and what was given for it."""
    from rcaid.services import disasters

    with desks.desk_of(context) as desk:
        disasters.find(desk, code)
        facts = next(each for each in _given(desk) if each["code"] == code)
    out(json, output).record(facts, _LIST)


def _given(desk: Any) -> list[dict[str, Any]]:
    from rcaid.services import transfers

    return [asdict(each) for each in transfers.by_disaster(desk)]


@verb(
    app,
    "phase",
    "rcaid disaster phase EQ-2022-09 recovery",
    "rcaid disaster phase EQ-2022-09 relief --json",
)
def phase(
    context: typer.Context,
    code: Code,
    to: Annotated[str, typer.Argument(metavar="PHASE", help="relief or recovery")],
    json: Json = False,
) -> None:
    """Says whether help is relief or recovery from now on."""
    from rcaid.services import disasters

    with desks.desk_of(context) as desk:
        entry = disasters.phase(desk, code, to)
    done({"disaster": code, "phase": to, "entry": str(entry)}, json)


@verb(app, "close", "rcaid disaster close EQ-2022-09", "rcaid disaster close EQ-2022-09 --json")
def close(context: typer.Context, code: Code, json: Json = False) -> None:
    """Closes an event for which nothing is under way."""
    from rcaid.services import disasters

    with desks.desk_of(context) as desk:
        entry = disasters.close(desk, code)
    done({"disaster": code, "state": "closed", "entry": str(entry)}, json)
