"""rcaid import undo and rejects: an import taken back; rejected rows out, to be mended."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from rcaid.cli import desks, plan_text, said
from rcaid.cli.show import Out
from rcaid.cli.verbs import Json, Yes, done, verb
from rcaid.domain.errors import Problem, Refused
from rcaid.locale import _, language
from rcaid.screens.labels import NOUNS


def add_to(app: typer.Typer) -> None:
    """Adds the verbs to the noun import."""
    verb(
        app,
        "rejects",
        "rcaid import rejects 01JZ3KQ8V6D2M4N7P9R1S3T5W7 -o mend.xlsx",
        "rcaid import rejects JD.plan -o mend.csv",
    )(rejects)
    verb(
        app,
        "undo",
        "rcaid import undo 01JZ3KQ8V6D2M4N7P9R1S3T5W7 --reason wrong_file --yes",
        "rcaid import undo 01JZ3KQ8V6D2M4N7P9R1S3T5W7 --yes --json",
    )(undo)


Which = Annotated[
    str, typer.Argument(metavar="PLAN|BATCH", help="the id or the file of a plan, or an import")
]


def rejects(
    context: typer.Context,
    which: Which,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="where the rows go; - is stdout")
    ],
    json: Json = False,
) -> None:
    """Rejected rows as a file like the one they came from, each with its reason, to be mended.

    Mended and planned like any other file they touch only their own rows.
    """
    from rcaid.files.headers import REASONS
    from rcaid.services.importing import imports, plan_store
    from rcaid.services.importing import rejects as bad

    with desks.desk_of(context) as desk:
        if plan_store.is_plan(desk, which):
            found = bad.of_plan(plan_store.open_plan(desk, which))
        else:
            found = bad.of_batch(desk, imports.applied(desk, which).id)
    if not found.rows:
        raise Refused(Problem("import.no_rejects"))
    heading = REASONS[language() == "zh_CN"]
    if output == "-":
        _to_stdout(lambda place: bad.write(place, found, heading, plan_text.reason))
        said.say(said.totals({"rows": len(found.rows)}))
        return
    written = bad.write(output, found, heading, plan_text.reason)
    done({"file": str(written), "rows": len(found.rows)}, json)


def _to_stdout(write: Callable[[Path], Path]) -> None:
    if sys.stdout.isatty():
        raise typer.BadParameter("a terminal shows no table file: > FILE", param_hint="-o")
    with tempfile.TemporaryDirectory() as folder:
        data = write(Path(folder) / "rejects").read_bytes()
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def undo(
    context: typer.Context,
    which: Annotated[
        str, typer.Argument(metavar="PLAN|BATCH", help="an import, or the id of its plan")
    ],
    reason: Annotated[str, typer.Option(metavar="CODE", help="why, for the record")] = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Takes an import back; what others rest on stays and is listed with its reason.

    Without --yes it shows what would go and what would stay before it asks.
    """
    from rcaid.services.importing import imports
    from rcaid.services.importing.undo import preview
    from rcaid.services.importing.undo import undo as take_back

    with desks.desk_of(context) as desk:
        found = imports.applied(desk, which)
        batch, expect = found.id, None
        if not yes:
            look = preview(desk, batch)
            expect = look.taken
            for each in _lines(look, _("would remove"), _("would put back"), _("would keep")):
                said.say(each)
        question = _("Take back {rows} rows of {file}, applied on {day}?").format(
            rows=found.rows_new + found.rows_updated, file=found.file_name, day=found.applied_on
        )
        desks.confirm(question, yes)
        undone, entry = take_back(desk, batch, reason or None, expect=expect)
    if json:
        Out(True).data(
            {
                "batch": batch,
                "state": undone.batch.state,
                "removed": dict(undone.removed),
                "restored": dict(undone.restored),
                "kept": [{**said.as_data(each), **each.params} for each in undone.kept],
                "entry": str(entry),
            }
        )
        return
    Out().lines(_lines(undone, _("removed"), _("put back"), _("kept")))
    done({"batch": batch, "entry": str(entry)}, json=False)
    if undone.kept:
        said.say(_("partly: {n} kept").format(n=f"{len(undone.kept):,}"))


def _lines(undone: Any, removed: str, restored: str, kept: str) -> Iterator[str]:
    yield f"{removed}: {_counts(undone.removed)}"
    yield f"{restored}: {_counts(undone.restored)}"
    yield f"{kept}: {len(undone.kept):,}"
    for each in undone.kept:
        yield f"  {said.line_of(each)}"


def _counts(rows: Mapping[str, int]) -> str:
    shown = {NOUNS[noun]: f"{rows[noun]:,}" for noun in NOUNS if rows.get(noun)}
    return said.totals(shown) if shown else "0"
