"""rcaid report: the figures, each with the rule by which it was counted."""

from __future__ import annotations

from typing import Annotated

import typer

from rcaid.cli import desks
from rcaid.cli.report_out import FORMATS, STYLES, known, put_out
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, done, new_app, out, verb
from rcaid.domain.errors import Problem, Refused
from rcaid.locale import N_, _
from rcaid.services.reporting.reports import CYCLE, POINTERS, REPORTS, Kind

app = new_app()

_LIST = (
    Column("code", N_("code")),
    Column("name", N_("report")),
    Column("about", N_("what it is")),
    Column("period", N_("period")),
)
_PERIODS = {CYCLE: N_("a cycle"), "notice": N_("a notice")}
_EXAMPLES = {CYCLE: "22A", "notice": "N-JD-2022-001"}

Period = Annotated[
    str,
    typer.Option(
        metavar="PERIOD", help="2022, 2022-10, 2022-01-01..2022-06-30; or a cycle like 22A"
    ),
]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="as it stood that day")]
Style = Annotated[str, typer.Option(metavar="plain|announce", help="announce adds the wording")]
Format = Annotated[
    str, typer.Option("--format", metavar="|".join(FORMATS), help="how it comes out")
]
Freeze = Annotated[bool, typer.Option("--freeze", help="keep the figures as they are, numbered")]
Corrects = Annotated[
    str, typer.Option("--corrects", metavar="SNAPSHOT", help="the snapshot it stands instead of")
]


@verb(app, "list", "rcaid report list", "rcaid report list --json")
def list_(json: Json = False, output: OutFile = "-") -> None:
    """Every report there is, and the files that belong to them."""
    rows = [
        {
            "code": kind.code, "name": name, "about": _(kind.about),
            "period": _(_PERIODS.get(kind.period, N_("days"))),
        }
        for name, kind in REPORTS.items()
    ]  # fmt: skip
    rows += [
        {"code": each.code, "name": each.command, "about": _(each.about), "period": ""}
        for each in POINTERS
    ]
    rows.sort(key=lambda row: row["code"])
    out(json, output).table(_LIST, rows)


@verb(
    app,
    "opening",
    "rcaid report opening relief.person_times 430000 --as-of 2021-12-31 --source BOOK-7",
    "rcaid report opening relief.value 236000000.00 --as-of 2019-12-31 --source BOOK-2 --json",
)
def opening(
    context: typer.Context,
    indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help="like relief.value")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="a count, or yuan for a value")],
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="the day it is of")],
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="where it is written")],
    programme: Annotated[
        str, typer.Option("--programme", metavar="CODE", help="of one programme")
    ] = "",
    json: Json = False,
) -> None:
    """States what a figure came to before the program, so that totals go on from it (BR-075)."""
    from rcaid.domain.money import parse_yuan
    from rcaid.services import programmes
    from rcaid.services.reporting import snapshots

    number = parse_yuan(value) if indicator.endswith((".value", ".raised")) else _count(value)
    if isinstance(number, Problem):
        raise Refused(number)
    with desks.desk_of(context) as desk:
        names = {each.code: each.name for each in programmes.listing(desk)}
        if programme and programme not in names:
            names_known = ", ".join(names)
            raise Refused(
                Problem("programme.unknown", {"programme": programme, "known": names_known})
            )
        made, entry = snapshots.open_with(
            desk, indicator, names.get(programme, ""), number, as_of, source
        )
    done({"snapshot": made.number, "entry": str(entry)}, json)


def _count(text: str) -> int:
    bare = text.replace(",", "")
    if not (bare.isascii() and bare.isdigit()):
        raise typer.BadParameter(_("not a number"), param_hint="VALUE")
    return int(bare)


def _report(name: str, kind: Kind) -> None:
    period = _EXAMPLES.get(kind.period, "2022-10" if name == "monthly" else "2022")
    examples = (
        f"rcaid report {name} --period {period}",
        f"rcaid report {name} --period {period} --format xlsx -o {name}.xlsx",
    )

    @verb(app, name, *examples, about=f"{kind.code}: {kind.about}.")
    def report(
        context: typer.Context,
        period: Period,
        as_of: AsOf = None,
        style: Style = "plain",
        shape: Format = "table",
        freeze: Freeze = False,
        corrects: Corrects = "",
        json: Json = False,
        output: OutFile = "-",
    ) -> None:
        from rcaid.cli.show import local_time
        from rcaid.services.reporting import reports, snapshots

        known("--format", shape, FORMATS)
        known("--style", style, STYLES)
        if corrects and not freeze:
            raise typer.BadParameter("--freeze", param_hint="--corrects")
        number = frozen_at = ""
        with desks.desk_of(context) as desk:
            found = reports.run(desk, name, period, as_of, desks.said(context).office)
            society = desk.society
            if freeze:
                made, _entry = snapshots.freeze_report(desk, found, corrects=corrects)
                number, frozen_at = made.number, local_time(made.made_at)
        put_out(found, "json" if json else shape, style, output, society, number, frozen_at)


for _name, _kind in REPORTS.items():
    _report(_name, _kind)
