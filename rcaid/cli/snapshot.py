"""rcaid snapshot: figures once frozen, byte for byte."""

from __future__ import annotations

from typing import Annotated

import typer

from rcaid.cli import desks
from rcaid.cli.report_out import FORMATS, STYLES, known, put_content, put_out
from rcaid.cli.show import Column, local_time
from rcaid.cli.verbs import Json, OutFile, new_app, out, verb
from rcaid.locale import N_

app = new_app()

_LIST = (
    Column("number", N_("snapshot")),
    Column("report", N_("report")),
    Column("period", N_("period")),
    Column("as_of", N_("as of")),
    Column("office", N_("office")),
    Column("made_at", N_("frozen"), "time"),
    Column("sha256", N_("hash")),
    Column("note", N_("note")),
)


@verb(app, "list", "rcaid snapshot list", "rcaid snapshot list --json")
def list_(context: typer.Context, json: Json = False, output: OutFile = "-") -> None:
    """What was frozen, the newest first."""
    import json as json_

    from rcaid.services.reporting import snapshots

    with desks.desk_of(context) as desk:
        rows = [
            {
                "number": each.number, "report": each.report,
                "period": json_.loads(each.params).get("period", ""), "as_of": each.as_of,
                "office": desk.offices.by_id[each.office_id].name, "made_at": each.made_at,
                "sha256": each.sha256 if json else each.sha256[:12], "note": each.note or "",
            }
            for each in snapshots.listing(desk)
        ]  # fmt: skip
    out(json, output).table(_LIST, rows)


@verb(
    app,
    "show",
    "rcaid snapshot show S-2022-0001",
    "rcaid snapshot show S-2022-0001 --format html -o S-2022-0001.html",
)
def show(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="SNAPSHOT", help="its number, like S-2022-0001")],
    style: Annotated[
        str, typer.Option(metavar="plain|announce", help="announce adds the wording")
    ] = "plain",
    shape: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help="how it comes out")
    ] = "table",
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """A snapshot as it was frozen; --json gives the very bytes that its hash is of (BR-074)."""
    from rcaid.services.reporting import snapshots

    known("--format", shape, FORMATS)
    known("--style", style, STYLES)
    with desks.desk_of(context) as desk:
        found = snapshots.show(desk, number)
        society = desk.society
    kept = found.snapshot
    if json or shape == "json":
        put_content(kept.content, output)
        return
    put_out(found.report(), shape, style, output, society, kept.number, local_time(kept.made_at))
