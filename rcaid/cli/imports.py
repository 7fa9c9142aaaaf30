"""rcaid import: a file is planned, looked at, and then that plan and no other is applied."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from rcaid.cli import (
    desks,
    duplicates,
    import_back,
    import_peek,
    import_plan,
    import_profiles,
    import_summary,
    plan_text,
    said,
)
from rcaid.cli.import_peek import Delimiter, Encoding, Sheet
from rcaid.cli.import_summary import Told
from rcaid.cli.lists import MOST, Limit, OfCycle, Where, listed
from rcaid.cli.show import Column, Out
from rcaid.cli.verbs import Expect, Json, OutFile, Sum, Yes, done, new_app, out, verb
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.money import yuan
from rcaid.locale import N_, _

app = new_app()

Kind = Annotated[
    str,
    typer.Option(
        "--kind",
        metavar="KIND",
        help="roster, quota, delivery, bank, people, update, application, institution, donation",
    ),
]
Dates = Annotated[
    str, typer.Option("--dates", metavar="dmy|mdy|ymd", help="where no column proves it")
]

_LIST = (
    Column("batch", N_("import")),
    Column("kind", N_("kind"), "word"),
    Column("cycle", N_("cycle")),
    Column("office", N_("office")),
    Column("file", N_("file")),
    Column("applied_on", N_("applied")),
    Column("read", N_("rows"), "number"),
    Column("new", N_("new"), "number"),
    Column("updated", N_("updated"), "number"),
    Column("unchanged", N_("unchanged"), "number"),
    Column("rejected", N_("not taken"), "number"),
    Column("fen", N_("money"), "money"),
)


@verb(
    app,
    "plan",
    "rcaid import plan JD.xlsx --kind roster --cycle 22A",
    "rcaid import plan *.csv --profile 121 --summary",
)
def plan(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="what to read; - is stdin")
    ],
    kind: Kind = "",
    profile: Annotated[
        str, typer.Option("--profile", metavar="P", help="how the sender's files are read")
    ] = "",
    cycle: Annotated[
        str | None, typer.Option(metavar="CYCLE", help="needed by rosters and quotas")
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="what a column of the file is"),
    ] = None,
    dates: Dates = "",
    sheet: Sheet = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="PLAN", help="where the plan goes")
    ] = None,
    name: Annotated[str, typer.Option(metavar="FILE", help="what stdin is called")] = "",
    limit: Annotated[
        int, typer.Option(metavar="N", min=0, help="how many problems to print; 0 is all")
    ] = 0,
    summary: Annotated[
        bool, typer.Option("--summary", help="a line a file, then why; so for several files")
    ] = False,
    json: Json = False,
) -> int:
    """Reads all of a file and judges each row; writes nothing but the plan.

    Ends with 3 when rows were rejected: the plan is written all the same, without them.
    """
    from rcaid.services.importing import plan_store

    if output is not None and len(files) > 1:
        raise typer.BadParameter("one plan is for one file", param_hint="-o")
    known = import_plan.judged(kind, profile, dates)
    with desks.desk_of(context) as desk, ExitStack() as stack:
        plan_store.sweep(desk)
        reading = import_plan.Reading(
            desk, known, profile, columns or [], cycle, dates, sheet, encoding, delimiter
        )
        if Path("-") in files:
            reading.require()
            files = [stack.enter_context(plan_store.spooled(desk, _stdin(files), name))]
        if len(files) == 1 and not summary:
            planned = reading.plan(files[0], output)
            _print_planned(planned, limit, json)
            return import_plan.ended([Told(files[0].name, planned)])
        told = [reading.told(file, output) for file in files]
        _print_told(told, summary, json)
        return import_plan.ended(told)


def _print_told(told: list[Told], summary: bool, json: bool) -> None:
    """Several files: with ``--json`` each as an object, all of it unless a summary is asked for."""
    if not json:
        import_summary.show(told, out(False))
    for each in told:
        if each.planned is None:
            if json:
                Out(True).data(import_summary.row(each))
                said.tell(each.problems, each.file)
        elif json and not summary:
            _print_planned(each.planned, 0, True)
        else:
            if json:
                Out(True).data(import_summary.row(each))
            _say_place(each.planned)


def _stdin(files: list[Path]) -> BinaryIO:
    if len(files) > 1:
        raise typer.BadParameter("- stands alone", param_hint="FILE")
    if sys.stdin.isatty():
        raise typer.BadParameter("- needs a file: < FILE", param_hint="FILE")
    return sys.stdin.buffer


def _print_planned(planned: Any, limit: int, json: bool) -> None:
    from rcaid.cli import plan_changes

    if planned.known is not None:
        if json:
            Out(True).data({"file": planned.facts.file_name, "applied": planned.known.id})
    elif json:
        whole = plan_text.data(planned.facts, planned.problems, planned.path)
        Out(True).data({**whole, "changes": plan_changes.data(planned.changes)})
    else:
        Out().lines(plan_text.lines(planned.facts, planned.problems, limit))
        Out().lines(plan_changes.lines(planned.changes, limit))
    _say_place(planned)


def _say_place(planned: Any) -> None:
    """Where the plan lies, or that there is none because the very file came in before."""
    if planned.known is None:
        text = _("plan {id}: {place}").format(id=planned.facts.plan_id, place=planned.path)
    else:
        text = _("{file}: this very file was applied on {day} as {batch}; nothing to do").format(
            file=planned.facts.file_name, day=planned.known.applied_on, batch=planned.known.id
        )
    said.say(text)


@verb(
    app,
    "apply",
    "rcaid import apply 01JZ3KQ8V6D2M4N7P9R1S3T5W7 --yes",
    "rcaid import apply JD.plan --yes --expect 1184 --sum 355200.00",
)
def apply(
    context: typer.Context,
    which: Annotated[str, typer.Argument(metavar="PLAN", help="the id or the file of a plan")],
    expect: Expect = None,
    sum: Sum = None,
    keep: Annotated[bool, typer.Option("--keep", help="do not delete the plan afterwards")] = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Carries out a plan, all of it at once or nothing; the same plan again changes nothing."""
    from rcaid.services.importing import imports, plan_store

    with desks.desk_of(context) as desk:
        before = plan_store.applied_as(desk, which)
        if before is None and (sum is not None or not yes):
            facts = plan_store.open_plan(desk, which).facts
            desks.expected_sum(sum, facts.fen)
            question = _("Apply {rows} rows of {file}, {money} yuan?").format(
                rows=facts.rows_new + facts.rows_updated,
                file=facts.file_name,
                money=yuan(facts.fen),
            )
            desks.confirm(question, yes)
        if before is not None:
            applied = imports.Applied(before, None, True)
        else:
            place = plan_store.place_of(desk, which)
            applied = imports.apply(desk, place, expect=expect, keep=keep)
        batch = applied.batch
        if batch.state == "undone":
            raise Refused(Problem("plan.undone", {"batch": batch.id}))
        facts_done: dict[str, object] = {
            "batch": batch.id,
            "new": batch.rows_new,
            "updated": batch.rows_updated,
            "rejected": batch.rows_rejected,
            "fen": batch.fen,
            "again": int(applied.again),
            "entry": str(applied.entry) if applied.entry else None,
        }
    if applied.again and not json:
        said.say(_("this was applied before, as {batch}; nothing to do").format(batch=batch.id))
    else:
        if not json:
            del facts_done["fen"]
            facts_done["money"] = _("{money} yuan").format(money=yuan(batch.fen))
        done(facts_done, json)


import_back.add_to(app)
import_profiles.add_to(app)
duplicates.add_to(app)


@verb(app, "list", "rcaid import list", "rcaid import list --where kind:roster --json")
def list_(
    context: typer.Context,
    cycle: OfCycle = "",
    where: Where = "",
    limit: Limit = MOST,
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """What was imported, newest first."""
    with desks.desk_of(context) as desk:
        found = listed(desk, "imports", where, limit, cycle)
        out(json, output).table(_LIST, (_row(desk, row) for row in found))


def _row(desk: Any, row: Any) -> dict[str, Any]:
    return {
        "batch": row.id,
        "kind": row.kind,
        "cycle": row.cycle,
        "office": desk.offices.by_id[row.office_id].code,
        "file": row.file_name,
        "applied_on": row.applied_on,
        "read": row.read,
        "new": row.new,
        "updated": row.updated,
        "unchanged": row.unchanged,
        "rejected": row.rejected,
        "fen": row.fen,
    }


def _batch(desk: Any, batch: Any) -> dict[str, Any]:
    from rcaid.services import catalogue

    return {
        "batch": batch.id,
        "kind": batch.kind,
        "cycle": catalogue.names(desk).cycle.get(batch.cycle_id, ""),
        "office": desk.offices.by_id[batch.office_id].code,
        "file": batch.file_name,
        "applied_on": batch.applied_on,
        "read": batch.rows_read,
        "new": batch.rows_new,
        "updated": batch.rows_updated,
        "unchanged": batch.rows_unchanged,
        "rejected": batch.rows_rejected,
        "fen": batch.fen,
    }


@verb(
    app,
    "show",
    "rcaid import show JD.plan",
    "rcaid import show 01JZ3KQ8V6D2M4N7P9R1S3T5W7 --json",
)
def show(
    context: typer.Context, which: import_back.Which, json: Json = False, output: OutFile = "-"
) -> None:
    """A plan with its problems and changes, or what became of an import."""
    from rcaid.cli import plan_changes
    from rcaid.services.importing import imports, plan_store

    with desks.desk_of(context) as desk:
        if plan_store.is_plan(desk, which):
            found = plan_store.open_plan(desk, which)
            if json:
                place = plan_store.place_of(desk, which)
                whole = plan_text.data(found.facts, found.problems, place)
                out(True, output).data({**whole, "changes": plan_changes.data(found.changes)})
            else:
                told = plan_text.lines(found.facts, found.problems, 0)
                out(False, output).lines(chain(told, plan_changes.lines(found.changes)))
            return
        facts = _batch(desk, imports.applied(desk, which))
    out(json, output).record(facts, _LIST)


import_peek.add_to(app)
