"""What a batch is paid with and signed on, and what holds it: more verbs of rcaid batch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rcaid.cli import desks
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, Reason, done, out, verb
from rcaid.domain.errors import Problem, Refused, Unusable
from rcaid.domain.money import capital, parse_yuan
from rcaid.locale import N_

_FLAGS = (
    Column("flag", N_("flag"), "number"),
    Column("code", N_("what is odd"), "word"),
    Column("object", N_("about")),
    Column("number", N_("number"), "number"),
    Column("state", N_("state"), "word"),
    Column("cleared_by", N_("cleared by")),
    Column("reason", N_("reason")),
)
_TEMPLATES = (
    Column("name", N_("template")),
    Column("title", N_("about")),
    Column("format", N_("format")),
    Column("encoding", N_("encoding")),
    Column("amount", N_("amounts in")),
    Column("columns", N_("columns")),
)

_ACCOUNT_FILE = {
    "voucher": ("凭证号", "voucher"),
    "holder": ("收款人", "户名", "payee"),
    "bank": ("开户行", "开户银行", "bank"),
    "number": ("银行账号", "银行卡号", "卡号", "账号", "account"),
}

Number = Annotated[str, typer.Argument(metavar="BATCH", help="its number, like 22A-1-JD-C01")]
File = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="where the file goes")]
Purpose = Annotated[str, typer.Option(metavar="TEXT", help="what it is for (BR-096)")]
Recipient = Annotated[str, typer.Option("--for", metavar="TEXT", help="who gets it (BR-096)")]


def add_to(app: typer.Typer) -> None:
    """Adds these verbs to the noun."""
    verb(app, "export", *_EXPORTS)(export)
    verb(app, "accounts", *_ACCOUNTS)(accounts)
    verb(app, "templates", "rcaid batch templates", "rcaid batch templates --json")(templates)
    verb(app, "payer", *_PAYERS)(payer)
    verb(app, "limit", *_LIMITS)(limit)
    verb(app, "sheet", *_SHEETS)(sheet)
    verb(app, "staff", *_STAFF)(staff)
    verb(app, "flags", *_FLAG_LISTS)(flags)
    verb(app, "clear", *_CLEARS)(clear)


_EXPORTS = (
    "rcaid batch export 22A-1-JD-C01 -o bank.csv --purpose 'first payment' --for 'Bank of Shanghai'",
    "rcaid batch export 22A-1-JD-C01 -o bank.xml --format pain001 --purpose again --for bank",
)


def export(
    context: typer.Context,
    number: Number,
    output: File,
    purpose: Purpose,
    recipient: Recipient,
    form: Annotated[
        str, typer.Option("--format", metavar="pain001", help="ISO 20022, not its own template")
    ] = "",
    json: Json = False,
) -> None:
    """The bank's file of a released batch, always the same bytes; recorded as an export.

    Number, sum and sum in capitals are told for the paper that goes with it (R-09).
    """
    from rcaid.files.writing import replacing
    from rcaid.services import batches

    with desks.desk_of(context) as desk:
        data, sha256, entry = batches.export(desk, number, purpose, recipient, form=form)
        batch = batches.find(desk, number)
    with replacing(output) as file:
        file.write(data)
    facts = {"file": str(output), "lines": batch.lines, "fen": batch.fen}
    done(facts | {"capital": capital(batch.fen), "sha256": sha256, "entry": str(entry)}, json)


def templates(context: typer.Context, json: Json = False, output: OutFile = "-") -> None:
    """The forms in which banks take a batch file."""
    from rcaid.files.banking import templates

    rows = [
        {
            "name": each.name, "title": each.title, "format": each.format,
            "encoding": each.encoding if each.format == "text" else "", "amount": each.amount,
            "columns": " ".join(each.headings),
        }
        for each in templates().values()
    ]  # fmt: skip
    out(json, output).table(_TEMPLATES, rows)


_PAYERS = (
    "rcaid batch payer 310114 --name 嘉定区红十字会 --account 31001234567890123456 --bank 102290000015",
    "rcaid batch payer 310000 --name 市红十字会 --account 31001234567890123456 --bank 工商银行 --json",
)


def payer(
    context: typer.Context,
    office: Annotated[str, typer.Argument(metavar="OFFICE", help="its code, like 310114")],
    name: Annotated[str, typer.Option(metavar="TEXT", help="whose account it is")],
    account: Annotated[str, typer.Option(metavar="NUMBER", help="its number")],
    bank: Annotated[str, typer.Option(metavar="TEXT", help="the bank, by name or CNAPS number")],
    json: Json = False,
) -> None:
    """Says from which account an office and those below it pay, for pain.001 files."""
    from rcaid.files.pain001 import Payer
    from rcaid.services import paying

    with desks.desk_of(context) as desk:
        entry = paying.set_payer(desk, office, Payer(name, account, bank))
    done({"office": office, "bank": bank, "entry": str(entry)}, json)


_LIMITS = (
    "rcaid batch limit --person 2000 --point 50000",
    "rcaid batch limit --person 1000 --point 20000 --json",
)


def limit(
    context: typer.Context,
    person: Annotated[str, typer.Option(metavar="YUAN", help="cash for one person at most")],
    point: Annotated[str, typer.Option(metavar="YUAN", help="cash at one point at most")],
    json: Json = False,
) -> None:
    """Says how much cash is handed out at most (BR-068)."""
    from rcaid.services import paying

    line_fen, point_fen = parse_yuan(person), parse_yuan(point)
    for each in (line_fen, point_fen):
        if isinstance(each, Problem):
            raise Refused(each)
    assert isinstance(line_fen, int)
    assert isinstance(point_fen, int)
    with desks.desk_of(context) as desk:
        entry = paying.set_cash_limits(desk, line_fen, point_fen)
    done({"person_fen": line_fen, "point_fen": point_fen, "entry": str(entry)}, json)


_SHEETS = (
    "rcaid batch sheet 22A-1-JD-K01 -o sheet.html --purpose hand-out --for 江桥镇",
    "rcaid batch sheet 22A-1-JD-K01 -o sheet.pdf --format pdf --purpose hand-out --for 江桥镇",
)


def sheet(
    context: typer.Context,
    number: Number,
    output: File,
    purpose: Purpose,
    recipient: Recipient,
    form: Annotated[
        str, typer.Option("--format", metavar="html|pdf", help="pdf needs typst")
    ] = "html",
    json: Json = False,
) -> None:
    """The sheet to sign at a hand-out of goods or cash, for printing; recorded as an export."""
    from rcaid.files.sheets_print import sheet_html, sheet_pdf
    from rcaid.files.writing import replacing
    from rcaid.services import sign_off

    if form not in ("html", "pdf"):
        raise typer.BadParameter("html or pdf", param_hint="--format")
    with desks.desk_of(context) as desk:
        made, entry = sign_off.sheet(desk, number, purpose, recipient)
    data = sheet_html(made) if form == "html" else sheet_pdf(made)
    with replacing(output) as file:
        file.write(data)
    done({"file": str(output), "lines": len(made.lines), "entry": str(entry)}, json)


_STAFF = (
    "rcaid batch staff 22A-1-JD-C02 jd-caseworker jd-keeper",
    "rcaid batch staff 22A-1-JD-C02 jd-caseworker jd-keeper --json",
)


def staff(
    context: typer.Context,
    number: Number,
    one: Annotated[str, typer.Argument(metavar="LOGIN", help="who hands out")],
    two: Annotated[str, typer.Argument(metavar="LOGIN", help="and who with them")],
    json: Json = False,
) -> None:
    """Puts down the two people who hand out together; cash needs them (BR-068)."""
    from rcaid.services import cash

    with desks.desk_of(context) as desk:
        entry = cash.staffed(desk, number, one, two)
    done({"batch": number, "staff": f"{one}, {two}", "entry": str(entry)}, json)


_FLAG_LISTS = ("rcaid batch flags 22A-1-JD-C01", "rcaid batch flags 22A-1-JD-C01 --json")


def flags(
    context: typer.Context, number: Number, json: Json = False, output: OutFile = "-"
) -> None:
    """What is odd about a batch; while one of it is open the batch is not released (R-14)."""
    from rcaid.services import holds

    with desks.desk_of(context) as desk:
        found = holds.of_batch(desk, number)
    rows = [
        {
            "flag": each.n, "code": each.code, "object": each.object, "number": each.number,
            "state": each.state, "cleared_by": each.cleared_by, "reason": each.reason,
        }
        for each in found
    ]  # fmt: skip
    out(json, output).table(_FLAGS, rows)


_CLEARS = (
    "rcaid batch clear 22A-1-JD-C01 1 --reason siblings",
    "rcaid batch clear 22A-1-JD-C01 2 --reason account_shown --json",
)


def clear(
    context: typer.Context,
    number: Number,
    flag: Annotated[str, typer.Argument(metavar="FLAG", help="its number in rcaid batch flags")],
    reason: Reason,
    json: Json = False,
) -> None:
    """Clears one flag; not by who made the batch or filled in what it pays."""
    from rcaid.services import holds

    with desks.desk_of(context) as desk:
        entry = holds.clear(desk, number, flag, reason)
    done({"batch": number, "flag": flag, "reason": reason, "entry": str(entry)}, json)


_ACCOUNTS = ("rcaid batch accounts fixes.csv", "rcaid batch accounts fixes.xlsx --json")


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
