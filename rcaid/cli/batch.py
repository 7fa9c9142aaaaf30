"""rcaid batch: money and goods going out and coming back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from rcaid.cli import desks
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
from rcaid.domain.errors import Problem, Unusable
from rcaid.domain.money import yuan
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
_OUTCOME = ("approved", "paid", "returned", "left_out", "open")
_FACTS = (
    *_LIST,
    *(Column(f"{name}_fen", f"{name.replace('_', ' ')} money", "money") for name in _OUTCOME),
    Column("difference_fen", N_("difference"), "money"),
)

_ACCOUNT_FILE = {
    "voucher": ("凭证号", "voucher"),
    "holder": ("收款人", "户名", "payee"),
    "bank": ("开户行", "开户银行", "bank"),
    "number": ("银行账号", "银行卡号", "卡号", "账号", "account"),
}

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

    found = batches.reconciled(desk, batches.find(desk, number))
    facts: dict[str, Any] = {}
    for name in _OUTCOME:
        n, fen = getattr(found, name)
        facts |= {f"{name}_lines": n, f"{name}_fen": fen}
    return facts | {"difference_fen": found.difference}


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


@verb(
    app,
    "create",
    "rcaid batch create 22A-1 310114 money",
    "rcaid batch create 22A-1 310114 goods --json",
)
def create(
    context: typer.Context,
    round: Round,
    office: Office,
    kind: Annotated[str, typer.Argument(metavar="money|goods", help="what goes out")],
    json: Json = False,
) -> None:
    """Gathers all that is ready in a round and an office into a draft batch."""
    from rcaid.services import batches

    if kind not in ("money", "goods"):
        raise typer.BadParameter("money or goods", param_hint="KIND")
    cycle, number = _round(round)
    with desks.desk_of(context) as desk:
        made, entry = batches.create(desk, cycle, number, office, kind)
    _made(made, entry, json)


@verb(
    app,
    "reissue",
    "rcaid batch reissue 22A-1 310114",
    "rcaid batch reissue 22A-1 310114 --json",
)
def reissue(context: typer.Context, round: Round, office: Office, json: Json = False) -> None:
    """Gathers payments that came back and have another account since."""
    from rcaid.services import batches

    cycle, number = _round(round)
    with desks.desk_of(context) as desk:
        made, entry = batches.reissue(desk, cycle, number, office)
    _made(made, entry, json)


@verb(
    app,
    "accounts",
    "rcaid batch accounts fixes.csv",
    "rcaid batch accounts fixes.xlsx --json",
)
def accounts(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="凭证号, 收款人, 开户行, 银行账号; a row each")
    ],
    json: Json = False,
) -> None:
    """Gives payments that came back another account, all or none; reissue then pays them."""
    from rcaid.services import results

    fixes = _fixes(file)
    with desks.desk_of(context) as desk:
        n, entry = results.fix_accounts(desk, fixes, desk.home().id)
    done({"file": str(file), "accounts": n, "entry": str(entry)}, json)


def _fixes(file: Path) -> list[tuple[str, str, str, str]]:
    """Voucher, holder, bank and account of each row; Unusable with every empty cell."""
    from rcaid.files.headers import Field, map_columns
    from rcaid.files.tables import open_table

    fields = [Field(name, aliases, True) for name, aliases in _ACCOUNT_FILE.items()]
    wrong, fixes = [], []
    with open_table(file, fields=fields) as table:
        found = map_columns(table.header, fields)
        if found.problems:
            raise Unusable(found.problems)
        for row, cells in table.rows:
            voucher, holder, bank, number = (
                cells[found.columns[name]].strip() for name in _ACCOUNT_FILE
            )
            wrong += [
                Problem("row.required", {"field": _ACCOUNT_FILE[name][0]}, row=row)
                for name, cell in (("voucher", voucher), ("holder", holder), ("number", number))
                if not cell
            ]
            fixes.append((voucher, holder, bank, number))
    if wrong:
        raise Unusable(wrong)
    return fixes


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


def _step(name: str, about: str) -> None:
    examples = (f"rcaid batch {name} 22A-1-JD-C01", f"rcaid batch {name} 22A-1-JD-C01 --json")

    @verb(app, name, *examples, about=about)
    def step(context: typer.Context, number: Number, json: Json = False) -> None:
        from rcaid.services import batches

        do: Callable[[Any, str], object] = getattr(batches, name)
        with desks.desk_of(context) as desk:
            said = do(desk, number)
            entry = said[1] if isinstance(said, tuple) else said
            state = batches.find(desk, number).state
        done({"batch": number, "state": state, "entry": str(entry)}, json)


for _name, _about in (
    ("lock", "Fixes the lines of a draft."),
    ("reconcile", "Holds what was approved against what was paid and came back (BR-070)."),
    ("close", "Closes a reconciled batch; only at zero difference."),
):
    _step(_name, _about)


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


@verb(
    app,
    "export",
    "rcaid batch export 22A-1-JD-C01 -o bank.txt --purpose 'first payment' --for 'Bank of Shanghai'",
    "rcaid batch export 22A-1-JD-C01 -o bank.txt --purpose again --for bank --json",
)
def export(
    context: typer.Context,
    number: Number,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="where the bank's file goes")
    ],
    purpose: Annotated[str, typer.Option(metavar="TEXT", help="what it is for (BR-096)")],
    recipient: Annotated[str, typer.Option("--for", metavar="TEXT", help="who gets it (BR-096)")],
    json: Json = False,
) -> None:
    """The bank's file of a released batch, always the same bytes; recorded as an export."""
    from rcaid.files.writing import replacing
    from rcaid.services import batches

    with desks.desk_of(context) as desk:
        data, sha256, entry = batches.export(desk, number, purpose, recipient)
    with replacing(output) as file:
        file.write(data)
    done({"file": str(output), "sha256": sha256, "entry": str(entry)}, json)
