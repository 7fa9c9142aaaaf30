"""rcaid batch: money and goods going out and coming back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from rcaid.cli import batch_files, desks
from rcaid.cli.lists import MOST, Limit, OfCycle, OfState, Where, listed
from rcaid.cli.show import Column, Row
from rcaid.cli.verbs import (
    Expect,
    Json,
    OutFile,
    Reason,
    Sum,
    Yes,
    done,
    new_app,
    out,
    verb,
)
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.money import parse_yuan, yuan
from rcaid.locale import N_, _

app = new_app()

_LIST = (
    Column("number", N_("batch")),
    Column("kind", N_("kind"), "word"),
    Column("state", N_("state"), "word"),
    Column("office_name", N_("office")),
    Column("lines", N_("lines"), "number"),
    Column("fen", N_("money"), "money"),
    Column("qty", N_("pieces"), "number"),
    Column("left_out", N_("left out"), "number"),
    Column("released_on", N_("released")),
)
_MORE = (
    "channel", "template", "place", "held_on", "statement_fen", "vouchers", "explanation",
)  # fmt: skip
_OUTCOME = ("approved", "paid", "returned", "left_out", "open")
_FACTS = (
    *_LIST,
    *(Column(f"{name}_fen", f"{name.replace('_', ' ')} money", "money") for name in _OUTCOME),
    Column("difference_fen", N_("difference"), "money"),
    Column("channel", N_("channel"), "word"),
    Column("template", N_("bank template")),
    Column("place", N_("place")),
    Column("held_on", N_("day")),
    Column("statement_fen", N_("bank's statement"), "money"),
    Column("vouchers", N_("signed papers"), "number"),
    Column("explanation", N_("difference explained as")),
)

Number = Annotated[str, typer.Argument(metavar="BATCH", help="its number, like 22A-1-JD-C01")]
Round = Annotated[str, typer.Argument(metavar="ROUND", help="cycle and round, like 22A-1")]
Office = Annotated[str, typer.Argument(metavar="OFFICE", help="its code, like 310114")]


def _round(text: str) -> tuple[str, int]:
    cycle, dash, number = text.rpartition("-")
    if not (cycle and dash and number.isascii() and number.isdigit()):
        raise typer.BadParameter("write it like 22A-1", param_hint="ROUND")
    return cycle, int(number)


def _facts(desk: Any, number: str) -> dict[str, Any]:
    from rcaid.services import batches, catalogue

    batch = batches.find(desk, number)
    desk.require("batch.list", batch.office_id)
    return catalogue.batch_facts(desk, batch)


def _outcome(desk: Any, number: str) -> Row:
    from rcaid.services import batches

    batch = batches.find(desk, number)
    found = batches.reconciled(desk, batch)
    facts: dict[str, Any] = {}
    for name in _OUTCOME:
        n, fen = getattr(found, name)
        facts |= {f"{name}_lines": n, f"{name}_fen": fen}
    more = {name: getattr(batch, name) for name in _MORE if getattr(batch, name) is not None}
    return facts | {"difference_fen": found.difference} | more


@verb(app, "list", "rcaid batch list --cycle 22A", "rcaid batch list --state released --json")
def list_(
    context: typer.Context,
    cycle: OfCycle = "",
    state: OfState = "",
    where: Where = "",
    limit: Limit = MOST,
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """The batches of your offices, newest first."""
    with desks.desk_of(context) as desk:
        found = listed(desk, "batches", where, limit, cycle, state)
        out(json, output).table(_LIST, (_row(desk, row) for row in found))


def _row(desk: Any, row: Any) -> dict[str, Any]:
    return {
        "number": row.number,
        "round": row.round,
        "office": desk.offices.by_id[row.office_id].code,
        "office_name": row.place,
        "kind": row.kind,
        "state": row.state,
        "lines": row.lines,
        "fen": row.fen,
        "qty": row.qty,
        "left_out": row.left_out,
        "released_on": row.released_on,
    }


@verb(app, "show", "rcaid batch show 22A-1-JD-C01", "rcaid batch show 22A-1-JD-C01 --json")
def show(context: typer.Context, number: Number, json: Json = False, output: OutFile = "-") -> None:
    """One batch: what was approved, paid, came back, and what is still on its way (BR-070)."""
    with desks.desk_of(context) as desk:
        facts = {**_facts(desk, number), **_outcome(desk, number)}
    out(json, output).record(facts, _FACTS)


Template = Annotated[
    str, typer.Option(metavar="NAME", help="how the bank wants its file: rcaid batch templates")
]
Channel = Annotated[
    str, typer.Option(metavar="bank|cash|event", help="how it goes out; a bank unless said")
]
Place = Annotated[str, typer.Option(metavar="TEXT", help="where cash or goods are handed out")]
On = Annotated[str, typer.Option("--on", metavar="DAY", help="and on which day")]


@verb(
    app,
    "create",
    "rcaid batch create 22A-1 310114 goods --json",
    "rcaid batch create 22A-1 310114 money --channel cash --place 江桥镇 --on 2022-04-20",
)
def create(
    context: typer.Context,
    round: Round,
    office: Office,
    kind: Annotated[str, typer.Argument(metavar="money|goods", help="what goes out")],
    channel: Channel = "",
    template: Template = "",
    place: Place = "",
    on: On = "",
    everybody: Annotated[
        bool, typer.Option("--everybody", help="cash: also for those who have an account")
    ] = False,
    json: Json = False,
) -> None:
    """Gathers all that is ready in a round and an office into a draft batch."""
    from rcaid.services import batches

    if kind not in ("money", "goods"):
        raise typer.BadParameter("money or goods", param_hint="KIND")
    cycle, number = _round(round)
    how = batches.How(channel, template, place, on, everybody)
    with desks.desk_of(context) as desk:
        made, entry = batches.create(desk, cycle, number, office, kind, how)
    _made(made, entry, json)


@verb(
    app,
    "reissue",
    "rcaid batch reissue 22A-1 310114",
    "rcaid batch reissue 22A-1 310114 --channel cash --place 江桥镇 --on 2022-05-20 --json",
)
def reissue(
    context: typer.Context,
    round: Round,
    office: Office,
    channel: Channel = "",
    template: Template = "",
    place: Place = "",
    on: On = "",
    json: Json = False,
) -> None:
    """Gathers payments that came back and have another account since, or go out as cash."""
    from rcaid.services import batches

    cycle, number = _round(round)
    how = batches.How(channel, template, place, on)
    with desks.desk_of(context) as desk:
        made, entry = batches.reissue(desk, cycle, number, office, how)
    _made(made, entry, json)


def _made(batch: Any, entry: object, json: bool) -> None:
    done(
        {
            "batch": batch.number,
            "state": batch.state,
            "lines": batch.lines,
            "fen": batch.fen,
            "qty": batch.qty,
            "left_out": batch.left_out,
            "entry": str(entry),
        },
        json,
    )


@verb(app, "lock", "rcaid batch lock 22A-1-JD-C01", "rcaid batch lock 22A-1-JD-C01 --json")
def lock(context: typer.Context, number: Number, json: Json = False) -> None:
    """Fixes the lines of a draft, and looks for what is odd about them (R-14)."""
    from rcaid.services import batches, holds

    with desks.desk_of(context) as desk:
        entry = batches.lock(desk, number)
        flags = len(holds.of_batch(desk, number))
    done({"batch": number, "state": "locked", "flags": flags, "entry": str(entry)}, json)


@verb(
    app,
    "reconcile",
    "rcaid batch reconcile 22A-1-JD-C01 --statement 123600.00 --json",
    "rcaid batch reconcile 22A-1-JD-K01 --vouchers 411 --explain voucher_lost",
)
def reconcile(
    context: typer.Context,
    number: Number,
    statement: Annotated[
        str | None, typer.Option(metavar="YUAN", help="what the bank's statement shows")
    ] = None,
    vouchers: Annotated[
        int | None, typer.Option(metavar="N", help="how many signed papers came back", min=0)
    ] = None,
    explain: Annotated[
        str | None, typer.Option(metavar="CODE", help="why it differs; the approver accepts it")
    ] = None,
    json: Json = False,
) -> None:
    """Holds what was approved against what was paid and came back (BR-070)."""
    from rcaid.services import batches

    fen = parse_yuan(statement) if statement is not None else None
    if isinstance(fen, Problem):
        raise Refused(fen)
    with desks.desk_of(context) as desk:
        _found, entry = batches.reconcile(
            desk, number, statement_fen=fen, vouchers=vouchers, explain=explain
        )
    done({"batch": number, "state": "reconciled", "entry": str(entry)}, json)


@verb(
    app,
    "close",
    "rcaid batch close 22A-1-JD-C01",
    "rcaid batch close 22A-1-JD-K01 --accept voucher_lost --json",
)
def close(
    context: typer.Context,
    number: Number,
    accept: Annotated[
        str | None, typer.Option(metavar="CODE", help="the explanation that you accept")
    ] = None,
    json: Json = False,
) -> None:
    """Closes a reconciled batch; at zero difference, or one that is explained and accepted."""
    from rcaid.services import batches

    with desks.desk_of(context) as desk:
        entry = batches.close(desk, number, accept=accept)
    done({"batch": number, "state": "closed", "entry": str(entry)}, json)


def _decide(name: str, about: str, question: str) -> None:
    examples = (
        f"rcaid batch {name} 22A-1-JD-C01 --yes",
        f"rcaid batch {name} 22A-1-JD-C01 --yes --expect 412 --sum 123600.00",
    )

    @verb(app, name, *examples, about=about)
    def decide(
        context: typer.Context,
        number: Number,
        expect: Expect = None,
        sum: Sum = None,
        yes: Yes = False,
        json: Json = False,
    ) -> None:
        from rcaid.services import batches

        with desks.desk_of(context) as desk:
            batch = batches.find(desk, number)
            desks.expected_sum(sum, batch.fen)
            asked = _(question).format(
                batch=batch.number, lines=batch.lines, money=yuan(batch.fen), pieces=batch.qty
            )
            desks.confirm(asked, yes)
            do: Callable[..., object] = getattr(batches, name)
            said = do(desk, number, expect=expect)
            entry = said[1] if isinstance(said, tuple) else said
            batch = batches.find(desk, number)
        _made(batch, entry, json)


_decide(
    "approve",
    "Decides a locked batch; not by who made it or had a part in its rosters.",
    "Approve {batch}: {lines} lines, {money} yuan, {pieces} pieces?",
)
_decide(
    "release",
    "Lets an approved batch go; by a fourth person.",
    "Release {batch}: {lines} lines, {money} yuan, {pieces} pieces?",
)


@verb(
    app,
    "cancel",
    "rcaid batch cancel 22A-1-JD-C01 --reason wrong_round --yes",
    "rcaid batch cancel 22A-1-JD-C01 --reason wrong_round --yes --json",
)
def cancel(
    context: typer.Context, number: Number, reason: Reason, yes: Yes = False, json: Json = False
) -> None:
    """Gives up a batch that was not released; all in it is ready again."""
    from rcaid.services import batches

    with desks.desk_of(context) as desk:
        desks.confirm(_("Cancel {batch}?").format(batch=number), yes)
        entry = batches.cancel(desk, number, reason)
    done({"batch": number, "state": "cancelled", "entry": str(entry)}, json)


batch_files.add_to(app)
