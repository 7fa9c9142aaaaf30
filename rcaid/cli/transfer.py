"""rcaid transfer and rcaid institution: help to universities, hospitals and other regions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from rcaid.cli import desks
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, Partial, Reason, Yes, done, each, new_app, out, verb
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.money import parse_yuan, yuan
from rcaid.locale import N_, _

app = new_app()
institutions = new_app()

_LIST = (
    Column("number", N_("transfer")),
    Column("programme", N_("programme")),
    Column("institution", N_("receiver")),
    Column("kind", N_("kind"), "word"),
    Column("disaster", N_("disaster")),
    Column("purpose", N_("purpose")),
    Column("state", N_("state"), "word"),
    Column("fen", N_("cash"), "money"),
    Column("goods_fen", N_("goods"), "money"),
    Column("sent_on", N_("sent")),
    Column("received_on", N_("received")),
    Column("reported_on", N_("reported")),
)
_RECEIVERS = (
    Column("code", N_("institution")),
    Column("name", N_("name")),
    Column("kind", N_("kind"), "word"),
    Column("place", N_("place")),
)

Number = Annotated[str, typer.Argument(metavar="TRANSFER", help="its number")]
Numbers = Annotated[list[str], typer.Argument(metavar="TRANSFER...", help="one number or more")]


@verb(
    institutions,
    "add",
    "rcaid institution add U01 --name 申城第一大学 --kind university --place 杨浦",
    "rcaid institution add RC-SC --name 四川省红十字会 --kind society --place 四川 --json",
)
def add(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="a new code, like U01")],
    name: Annotated[str, typer.Option(metavar="NAME", help="its full name")],
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="university, school, hospital, society, other")
    ],
    place: Annotated[str, typer.Option(metavar="PLACE", help="where it is")],
    uscc: Annotated[str, typer.Option(metavar="CODE", help="its unified social credit code")] = "",
    json: Json = False,
) -> None:
    """Somebody who may receive a transfer."""
    from rcaid.services import transfers

    with desks.desk_of(context) as desk:
        entry = transfers.add_institution(desk, code, name, kind, place, uscc)
    done({"institution": code, "entry": str(entry)}, json)


@verb(institutions, "list", "rcaid institution list", "rcaid institution list --json")
def list_institutions(context: typer.Context, json: Json = False, output: OutFile = "-") -> None:
    """Every institution, by code."""
    from rcaid.services import transfers

    with desks.desk_of(context) as desk:
        found = transfers.receivers(desk)
        out(json, output).table(_RECEIVERS, (each._asdict() for each in found))


@verb(
    app,
    "new",
    "rcaid transfer new U01 --programme UNI --goods RICE-1=500 --purpose 校园保供",
    "rcaid transfer new RC-SC --programme AID --amount 2100000 --disaster EQ-2022-09 --purpose 救灾",
)
def new(
    context: typer.Context,
    institution: Annotated[str, typer.Argument(metavar="CODE", help="who receives it")],
    programme: Annotated[str, typer.Option(metavar="PROGRAMME", help="out of whose fund")],
    purpose: Annotated[str, typer.Option(metavar="TEXT", help="what it is for")],
    amount: Annotated[str, typer.Option(metavar="YUAN", help="money")] = "",
    goods: Annotated[
        list[str] | None, typer.Option(metavar="LOT=QUANTITY", help="goods; may be repeated")
    ] = None,
    disaster: Annotated[str, typer.Option(metavar="DISASTER", help="given for this event")] = "",
    fund: Annotated[
        str, typer.Option(metavar="FUND", help="out of this fund of the programme")
    ] = "",
    json: Json = False,
) -> None:
    """Drafts a transfer of money, goods or both."""
    from rcaid.services import transfers

    fen = parse_yuan(amount) if amount else 0
    if isinstance(fen, Problem):
        raise Refused(fen)
    with desks.desk_of(context) as desk:
        made, entry = transfers.create(
            desk, programme, institution, purpose, fen=fen, disaster=disaster, fund=fund,
            goods=[transfers.Goods(*_goods(text)) for text in goods or ()],
        )  # fmt: skip
    done({"transfer": made.number, "state": made.state, "entry": str(entry)}, json)


def _goods(text: str) -> tuple[str, int]:
    lot, _equals, qty = text.rpartition("=")
    if not lot or not (qty.isascii() and qty.isdigit()):
        raise typer.BadParameter(f"{text}: write it like RICE-1=500", param_hint="--goods")
    return lot, int(qty)


@verb(app, "list", "rcaid transfer list", "rcaid transfer list --disaster EQ-2022-09 --json")
def list_(
    context: typer.Context,
    disaster: Annotated[str, typer.Option(metavar="DISASTER", help="for this event alone")] = "",
    state: Annotated[str, typer.Option(metavar="STATE", help="in this state alone")] = "",
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """What went to institutions and other regions, by number."""
    from rcaid.services import transfers

    with desks.desk_of(context) as desk:
        found = transfers.listing(desk, disaster=disaster, state=state)
        out(json, output).table(_LIST, (asdict(line) for line in found))


@verb(app, "show", "rcaid transfer show UNI-2022-0001", "rcaid transfer show UNI-2022-0001 --json")
def show(context: typer.Context, number: Number, json: Json = False, output: OutFile = "-") -> None:
    """One transfer with its goods; goods without a value are told by quantity (BR-083)."""
    from rcaid.services import transfers

    with desks.desk_of(context) as desk:
        line = transfers.show(desk, number)
    facts = asdict(line) | {
        "goods": [
            f"{item} {qty:,}" + (f" = {yuan(fen)}" if fen is not None else "")
            for item, qty, fen in line.goods
        ]
    }
    out(json, output).record(facts, (*_LIST, Column("goods", N_("goods"))))


def _acts(name: str, about: str, do: str, *, asks: bool) -> None:
    examples = (
        f"rcaid transfer {name} UNI-2022-0001 --yes",
        f"rcaid transfer {name} UNI-2022-0001 UNI-2022-0002 --yes --partial",
    )

    @verb(app, name, *examples, about=about)
    def act(
        context: typer.Context,
        numbers: Numbers,
        yes: Yes = False,
        partial: Partial = False,
        json: Json = False,
    ) -> int:
        from rcaid.services import transfers

        with desks.desk_of(context) as desk:
            if asks:
                sums = [transfers.find(desk, number) for number in numbers]
                money = yuan(sum(each.fen + each.goods_fen for each in sums))
                text = _("{act} {n} transfers worth {money} yuan?")
                desks.confirm(text.format(act=name, n=len(numbers), money=money), yes)
            step: Callable[[str], object] = lambda number: getattr(transfers, do)(desk, number)  # noqa: E731
            return each(desk, f"transfer.{name}", numbers, step, partial=partial, json=json)


for _name, _about, _do, _asks in (
    ("approve", N_("Decides drafts and sets their money aside; not by who made them."), "approve", True),
    ("send", N_("Lets approved transfers go; not by who made or approved them."), "send", True),
    ("receive", N_("The receiver has confirmed; from today on it counts."), "receive", False),
    ("report", N_("The receiver has reported what became of it."), "report", False),
):  # fmt: skip
    _acts(_name, _about, _do, asks=_asks)


@verb(
    app,
    "return",
    "rcaid transfer return AID-2022-0001 --reason wrong_account",
    "rcaid transfer return AID-2022-0001 --reason refused --json",
)
def return_(context: typer.Context, number: Number, reason: Reason, json: Json = False) -> None:
    """It came back; its money is available again."""
    from rcaid.services import transfers

    with desks.desk_of(context) as desk:
        entry = transfers.send_back(desk, number, reason)
    done({"transfer": number, "state": "returned", "entry": str(entry)}, json)


@verb(
    app,
    "cancel",
    "rcaid transfer cancel AID-2022-0001 --reason mistake",
    "rcaid transfer cancel AID-2022-0001 --reason double --json",
)
def cancel(context: typer.Context, number: Number, reason: Reason, json: Json = False) -> None:
    """Gives a transfer up before it is sent."""
    from rcaid.services import transfers

    with desks.desk_of(context) as desk:
        entry = transfers.cancel(desk, number, reason)
    done({"transfer": number, "state": "cancelled", "entry": str(entry)}, json)
