"""rcaid donation: what is promised, what comes in, its receipt, and what goes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rcaid.cli import desks
from rcaid.cli.fund import amount_of
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, Partial, Reason, Yes, done, each, new_app, out, verb
from rcaid.domain.money import yuan
from rcaid.locale import N_, _

if TYPE_CHECKING:
    from rcaid.services.funds.listing import Line

app = new_app()

_LIST = (
    Column("number", N_("donation")),
    Column("name", N_("donor")),
    Column("fund", N_("fund")),
    Column("state", N_("state"), "word"),
    Column("channel", N_("channel")),
    Column("pledged_fen", N_("promised"), "money"),
    Column("fen", N_("money"), "money"),
    Column("goods_fen", N_("goods"), "money"),
    Column("unvalued", N_("without value"), "number"),
    Column("received_on", N_("received")),
    Column("earmark", N_("earmark")),
    Column("receipt", N_("receipt")),
)

CHANNELS = {
    "bank": N_("by bank"),
    "cash": N_("in cash"),
    "online": N_("online"),
    "cheque": N_("by cheque"),
    "goods": N_("goods"),
    "other": N_("other"),
}
"""How a donation comes, in words."""

Number = Annotated[str, typer.Argument(metavar="DONATION", help="its number")]
Numbers = Annotated[list[str], typer.Argument(metavar="DONATION...", help="one number or more")]
Fund = Annotated[str, typer.Option(metavar="FUND", help="the fund it is for")]
Donor = Annotated[str, typer.Option(metavar="DONOR", help="who gives, like DN-000042")]
Channel = Annotated[
    str, typer.Option(metavar="HOW", help="bank, cash, online, cheque, goods or other")
]
Earmark = Annotated[str, typer.Option(metavar="TEXT", help="what the donor wants it used for")]
Reference = Annotated[
    str, typer.Option(metavar="TEXT", help="the bank's number of it; a repeat is refused")
]
On = Annotated[str, typer.Option("--on", metavar="DAY", help="the day; today unless said")]


@verb(
    app,
    "pledge",
    "rcaid donation pledge 5000 --donor DN-000042 --fund QWR --earmark 肿瘤患者",
    "rcaid donation pledge 5000 --donor DN-000042 --fund QWR --on 2022-04-01 --json",
)
def pledge(
    context: typer.Context,
    amount: Annotated[str, typer.Argument(metavar="YUAN", help="what is promised")],
    donor: Donor,
    fund: Fund,
    channel: Channel = "bank",
    earmark: Earmark = "",
    on: On = "",
    json: Json = False,
) -> None:
    """A promise; it moves no money and gets no receipt."""
    from rcaid.services.funds import donations

    fen = amount_of(amount)
    with desks.desk_of(context) as desk:
        made, entry = donations.pledge(
            desk, donor, fund, fen, channel=channel, earmark=earmark, pledged_on=on
        )
    done({"donation": made.number, "state": made.state, "fen": fen, "entry": str(entry)}, json)


@verb(
    app,
    "receive",
    "rcaid donation receive 5000 --donor DN-000042 --fund QWR --reference 20220401-17 --yes",
    "rcaid donation receive --pledge D-2022-000007 --yes --json",
)
def receive(
    context: typer.Context,
    amount: Annotated[str, typer.Argument(metavar="YUAN", help="what came in")] = "",
    donor: Donor = "",
    fund: Fund = "",
    promised: Annotated[
        str, typer.Option("--pledge", metavar="DONATION", help="the promise that is kept")
    ] = "",
    goods: Annotated[
        list[str] | None,
        typer.Option(metavar="LOT=QUANTITY", help="goods taken in; may be repeated"),
    ] = None,
    channel: Channel = "bank",
    earmark: Earmark = "",
    reference: Reference = "",
    on: On = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Money or goods that came in, with a promise before or without."""
    from rcaid.services.funds import donations

    lots = [donations.Goods(*_goods(text)) for text in goods or ()]
    fen = amount_of(amount) if amount else None
    if not promised and not (donor and fund):
        raise typer.BadParameter(_("say --donor and --fund, or --pledge"), param_hint="--donor")
    with desks.desk_of(context) as desk:
        text = _("Receive {amount} for {fund}?")
        desks.confirm(text.format(amount=yuan(fen or 0), fund=promised or fund), yes)
        if promised:
            entry = donations.receive(
                desk, promised, fen, goods=lots, reference=reference, received_on=on
            )
            number = promised
        else:
            made, entry = donations.given(
                desk, donor, fund, fen or 0, goods=lots, channel=channel, earmark=earmark,
                reference=reference, received_on=on,
            )  # fmt: skip
            number = made.number
    done({"donation": number, "state": "received", "entry": str(entry)}, json)


def _goods(text: str) -> tuple[str, int]:
    lot, _equals, qty = text.rpartition("=")
    if not lot or not (qty.isascii() and qty.isdigit()):
        raise typer.BadParameter(f"{text}: write it like RICE-1=500", param_hint="--goods")
    return lot, int(qty)


@verb(
    app,
    "receipt",
    "rcaid donation receipt D-2022-000007 3100022001 --code 31-01 --check A9c3",
    "rcaid donation receipt D-2022-000007 3100022001 --amount 5000 --json",
)
def receipt(
    context: typer.Context,
    number: Number,
    receipt_no: Annotated[
        str, typer.Argument(metavar="NUMBER", help="the receipt's, from the official system")
    ],
    amount: Annotated[
        str, typer.Option(metavar="YUAN", help="what it says; refused if another came in")
    ] = "",
    code: Annotated[str, typer.Option(metavar="CODE", help="the code of the form")] = "",
    check: Annotated[str, typer.Option(metavar="CODE", help="its check code")] = "",
    on: On = "",
    json: Json = False,
) -> None:
    """Puts the official receipt down; its number is never made up here (BR-080)."""
    from rcaid.services.funds import receipts

    fen = amount_of(amount) if amount else None
    with desks.desk_of(context) as desk:
        made, entry = receipts.receipt(
            desk, number, receipt_no, fen=fen, code=code, checked=check, issued_on=on
        )
    facts: dict[str, object] = {"donation": number, "receipt": receipt_no, "fen": made.fen}
    done(facts | {"entry": str(entry)}, json)


def _acts(name: str, about: str, module: str) -> None:
    examples = (
        f"rcaid donation {name} D-2022-000007",
        f"rcaid donation {name} D-2022-000007 D-2022-000008 --partial",
    )

    @verb(app, name, *examples, about=about)
    def act(
        context: typer.Context, numbers: Numbers, partial: Partial = False, json: Json = False
    ) -> int:
        from rcaid.services.funds import receipts

        do: Callable[[str], object] = lambda number: getattr(receipts, module)(desk, number)  # noqa: E731
        with desks.desk_of(context) as desk:
            return each(desk, f"donation.{name}", numbers, do, partial=partial, json=json)


_acts("decline", N_("The donor wants no receipt (BR-081)."), "decline")
_acts("anonymous", N_("Nobody is there who could get a receipt (BR-081)."), "anonymous")


def _reasoned(name: str, about: str, do: str, state: str) -> None:
    examples = (
        f"rcaid donation {name} D-2022-000007 --reason mistake",
        f"rcaid donation {name} D-2022-000007 --reason donor_asks --json",
    )

    @verb(app, name, *examples, about=about)
    def act(context: typer.Context, number: Number, reason: Reason, json: Json = False) -> None:
        from rcaid.services.funds import donations, receipts

        home = receipts if do == "void" else donations
        with desks.desk_of(context) as desk:
            entry = getattr(home, do)(desk, number, reason)
        done({"donation": number, "state": state, "entry": str(entry)}, json)


for _name, _about, _do, _state in (
    ("void", N_("Its receipt is void; another one may be issued."), "void", "received"),
    ("withdraw", N_("What was promised will not come."), "withdraw", "withdrawn"),
    (
        "return",
        N_("Gives it back to the donor while nothing of it is used; not by who took it in."),
        "give_back",
        "returned",
    ),
):
    _reasoned(_name, _about, _do, _state)


@verb(
    app,
    "list",
    "rcaid donation list --fund QWR --state received",
    "rcaid donation list --donor DN-000042 --json",
)
def list_(
    context: typer.Context,
    fund: Annotated[str, typer.Option(metavar="FUND", help="of this fund alone")] = "",
    donor: Annotated[str, typer.Option(metavar="DONOR", help="of this donor alone")] = "",
    state: Annotated[str, typer.Option(metavar="STATE", help="in this state alone")] = "",
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """Donations by number; what has no value is told by quantity (BR-083)."""
    from rcaid.services.funds import listing

    with desks.desk_of(context) as desk:
        found = listing.listing(desk, fund=fund, donor=donor, state=state)
        out(json, output).table(_LIST, (_said(line, json) for line in found))


def _said(line: Line, json: bool) -> dict[str, Any]:
    """A donation as data, or with the words of its channel."""
    return asdict(line) if json else asdict(line) | {"channel": _(CHANNELS[line.channel])}


@verb(
    app,
    "show",
    "rcaid donation show D-2022-000007",
    "rcaid donation show D-2022-000007 --json",
)
def show(context: typer.Context, number: Number, json: Json = False, output: OutFile = "-") -> None:
    """One donation with its goods, its receipts and what it was used for."""
    from rcaid.services.funds import listing, receipts, trace

    with desks.desk_of(context) as desk:
        line = listing.show(desk, number)
        found = trace.of_donation(desk, number)
        text = receipts.text(desk, number) if line.receipt else ()
    facts = _said(line, json) | {
        "goods": [
            f"{lot} {qty:,}" + (f" = {yuan(fen)}" if fen is not None else "")
            for lot, qty, fen in line.goods
        ],
        "receipt_text": [f"{field} {value}" for field, value in text if value],
        "used": found.used,
        "given_back": found.given_back,
        "left": found.left,
        "uses": [asdict(use) if json else f"{use.number} {yuan(use.fen)}" for use in found.uses],
    }
    columns = (
        *_LIST,
        Column("goods", N_("goods")),
        Column("receipts", N_("receipts")),
        Column("receipt_text", N_("text")),
        Column("used", N_("used"), "money"),
        Column("given_back", N_("given back"), "money"),
        Column("left", N_("left"), "money"),
        Column("uses", N_("paid for")),
    )
    out(json, output).record(facts, columns)
