"""rcaid quota: how many people each office may list, city over district over street."""

from __future__ import annotations

from typing import Annotated

import typer

from rcaid.cli import desks
from rcaid.cli.show import Column
from rcaid.cli.verbs import Cycle, Json, OutFile, done, new_app, out, verb
from rcaid.locale import N_

app = new_app()

_COLUMNS = (
    Column("office", N_("office")),
    Column("office_name", N_("name")),
    Column("category", N_("category"), "word"),
    Column("allotted", N_("allotted"), "number"),
    Column("used", N_("used"), "number"),
    Column("left", N_("left"), "number"),
)


@verb(
    app,
    "show",
    "rcaid quota show --cycle 22A",
    "rcaid --office 310114 quota show --cycle 22A --json",
)
def show(
    context: typer.Context,
    cycle: Cycle,
    full: Annotated[bool, typer.Option("--full", help="only where nothing is left")] = False,
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """The quota of each office with what is used and what is left."""
    from rcaid.services import quotas

    with desks.desk_of(context) as desk:
        lines = quotas.show(desk, cycle, tuple(desk.offices.by_id))
        rows = [
            {
                "office": desk.offices.by_id[line.office_id].code,
                "office_name": desk.offices.path(line.office_id),
                "category": line.category,
                "allotted": line.allotted,
                "used": line.used,
                "left": line.left,
            }
            for line in lines
            if line.left <= 0 or not full
        ]
    rows.sort(key=lambda row: (str(row["office"]), str(row["category"])))
    out(json, output).table(_COLUMNS, rows)


@verb(
    app,
    "set",
    "rcaid quota set 310114001 120 --cycle 22A",
    "rcaid quota set 310114001 40 --cycle 22A --category tumour",
)
def set_(
    context: typer.Context,
    office: Annotated[str, typer.Argument(metavar="OFFICE", help="its code")],
    number: Annotated[int, typer.Argument(metavar="N", min=0, help="how many people")],
    cycle: Cycle,
    category: Annotated[str, typer.Option(metavar="CODE", help="* is all together")] = "*",
    json: Json = False,
) -> None:
    """Sets one quota; the office above must have that much to give (BR-031)."""
    from rcaid.services import quotas

    with desks.desk_of(context) as desk:
        entry = quotas.set_one(desk, cycle, office, category, number)
    done({"office": office, "category": category, "allotted": number, "entry": str(entry)}, json)
