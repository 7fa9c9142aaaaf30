"""rcaid import undo: an import taken back, with what stays and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from rcaid.cli import desks, said
from rcaid.cli.show import Out
from rcaid.cli.verbs import Json, Yes, done, verb
from rcaid.locale import N_, _

NOUNS = {
    "aid_case": N_("lines"),
    "roster": N_("rosters"),
    "person": N_("people"),
    "household": N_("households"),
    "relation": N_("relations"),
    "account": N_("accounts"),
    "quota": N_("quotas"),
    "disbursement": N_("payments"),
}
"""The word for the rows of each table; what is not here is nobody's business but the store's."""


def add_to(app: typer.Typer) -> None:
    """Adds the verb to the noun import."""
    verb(
        app,
        "undo",
        "rcaid import undo 01JZ3KQ8V6D2M4N7P9R1S3T5W7 --reason wrong_file --yes",
        "rcaid import undo 01JZ3KQ8V6D2M4N7P9R1S3T5W7 --yes --json",
    )(undo)


def undo(
    context: typer.Context,
    batch: Annotated[str, typer.Argument(metavar="BATCH", help="an import, as import list shows")],
    reason: Annotated[str, typer.Option(metavar="CODE", help="why, for the record")] = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Takes an import back; what others rest on stays and is listed with its reason."""
    from rcaid.services import imports
    from rcaid.services.undo import undo as take_back

    with desks.desk_of(context) as desk:
        found = imports.batch_of(desk, batch)
        question = _("Take back {rows} rows of {file}, applied on {day}?").format(
            rows=found.rows_new + found.rows_updated, file=found.file_name, day=found.applied_on
        )
        desks.confirm(question, yes)
        undone, entry = take_back(desk, batch, reason or None)
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
    Out().lines(_lines(undone))
    done({"batch": batch, "entry": str(entry)}, json=False)


def _lines(undone: Any) -> Iterator[str]:
    yield f"{_('removed')}: {_counts(undone.removed)}"
    yield f"{_('put back')}: {_counts(undone.restored)}"
    yield f"{_('kept')}: {len(undone.kept):,}"
    for each in undone.kept:
        yield f"  {said.line_of(each)}"


def _counts(rows: Mapping[str, int]) -> str:
    shown = {NOUNS[noun]: f"{rows[noun]:,}" for noun in NOUNS if rows.get(noun)}
    return said.totals(shown) if shown else "0"
