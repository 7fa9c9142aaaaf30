"""rcaid change: a name, an identity number or an account is corrected by two people."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from rcaid.cli import desks
from rcaid.cli.person import Who, id_of
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, Yes, done, new_app, out, verb
from rcaid.locale import N_, _

app = new_app()

_LIST = (
    Column("change", N_("change")),
    Column("person", N_("person")),
    Column("field", N_("field")),
    Column("before", N_("before")),
    Column("after", N_("after")),
    Column("reason", N_("reason")),
    Column("asked_by", N_("asked by")),
)
_EXAMPLE = "01JZ3KQ8V6D2M4N7P9R1S3T5W7"

Id = Annotated[str, typer.Argument(metavar="CHANGE", help="its id, as change list shows")]


@verb(app, "list", "rcaid change list", "rcaid change list --json")
def list_(context: typer.Context, json: Json = False, output: OutFile = "-") -> None:
    """What waits for you to confirm or refuse, oldest first, with masked values."""
    from rcaid.services import changes

    with desks.desk_of(context) as desk:
        rows = [_row(each) for each in changes.waiting(desk)]
    out(json, output).table(_LIST, rows)


def _row(waiting: Any) -> dict[str, Any]:
    return {
        "change": waiting.id,
        "person": waiting.person_id,
        "field": waiting.field,
        "before": waiting.before,
        "after": waiting.after,
        "reason": waiting.reason,
        "asked_by": waiting.asked_by,
    }


@verb(
    app,
    "ask",
    "rcaid change ask 22A-JD-00042 name 王晓明 --reason typing_error",
    "rcaid change ask 22A-JD-00042 account - --holder 王晓明 --reason new_card < account.txt",
)
def ask(
    context: typer.Context,
    who: Who,
    field: Annotated[str, typer.Argument(metavar="FIELD", help="name, number or account")],
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help="what it should be; - reads it from stdin")
    ],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="why, for the second person")],
    holder: Annotated[
        str, typer.Option(metavar="NAME", help="of an account; else the person")
    ] = "",
    json: Json = False,
) -> None:
    """Asks for a change; it waits until a second person confirms it."""
    from rcaid.services import changes

    # A value on the command line can be read by others on this machine while the command runs.
    text = sys.stdin.readline(1000).strip() if value == "-" else value
    with desks.desk_of(context) as desk:
        person = id_of(desk, who)
        change, entry = changes.ask(desk, person, field, text, reason, holder)
    done({"change": change, "person": person, "field": field, "entry": str(entry)}, json)


@verb(
    app,
    "confirm",
    f"rcaid change confirm {_EXAMPLE} --yes",
    f"rcaid change confirm {_EXAMPLE} --yes --json",
)
def confirm(context: typer.Context, change: Id, yes: Yes = False, json: Json = False) -> None:
    """Carries a change out; not by who asked for it."""
    from rcaid.services import changes

    with desks.desk_of(context) as desk:
        found = next((each for each in changes.waiting(desk) if each.id == change), None)
        if found is not None:
            question = _("Change {field} of {person} from {before} to {after}?").format(
                field=found.field, person=found.person_id, before=found.before, after=found.after
            )
            desks.confirm(question, yes)
        entry = changes.confirm(desk, change)
    done({"change": change, "state": "confirmed", "entry": str(entry)}, json)


@verb(
    app,
    "refuse",
    f"rcaid change refuse {_EXAMPLE} --reason not_proven",
    f"rcaid change refuse {_EXAMPLE} --reason not_proven --json",
)
def refuse(
    context: typer.Context,
    change: Id,
    reason: Annotated[str, typer.Option(metavar="CODE", help="why, for the record")],
    json: Json = False,
) -> None:
    """Leaves everything as it is; not by who asked for the change."""
    from rcaid.services import changes

    with desks.desk_of(context) as desk:
        entry = changes.refuse(desk, change, reason)
    done({"change": change, "state": "refused", "entry": str(entry)}, json)
