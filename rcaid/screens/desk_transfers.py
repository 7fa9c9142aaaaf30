"""A desk behind the list of transfers: help to institutions and other regions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from rcaid.domain.errors import Problem, Refused, Unusable
from rcaid.domain.money import MOST_FEN, capital, yuan
from rcaid.domain.sentences import sentence
from rcaid.domain.workflow import move
from rcaid.locale import N_, _
from rcaid.screens import desk_text as say
from rcaid.screens.cells import count
from rcaid.screens.desk_cards import ways
from rcaid.screens.labels import label
from rcaid.screens.session import (
    DONE,
    STOPPED,
    Amount,
    Card,
    Choice,
    Done,
    Exemption,
    Note,
    Page,
    Preview,
    Review,
    Row,
    Value,
)

if TYPE_CHECKING:
    from rcaid.services.desk import Desk
    from rcaid.services.transfer_lists import TransferCard, TransferRow

WAY = ("draft", "approved", "sent", "received", "closed")
_REASONS = {
    "transfer.return": (
        ("wrong_account", N_("the account is wrong")),
        ("refused", N_("the receiver did not take it")),
        ("other", N_("another reason")),
    ),
    "transfer.cancel": (
        ("mistake", N_("it was a mistake")),
        ("double", N_("it is there twice")),
        ("other", N_("another reason")),
    ),
}
_SAID = {
    "transfer.approve": N_("{n} approved, {money}"),
    "transfer.send": N_("{n} sent, {money}"),
    "transfer.receive": N_("{n} received, {money}"),
    "transfer.report": N_("{n} reported, {money}"),
    "transfer.return": N_("{n} came back, {money}"),
    "transfer.cancel": N_("{n} cancelled, {money}"),
}
_SHORT = 8


def page(desk: Desk, filter_text: str) -> Page:
    """The transfers that fit, all of them."""
    from rcaid.services import transfer_lists

    found = transfer_lists.page(desk, filter_text)
    if isinstance(found, Problem):
        raise Unusable(found)
    return Page(tuple(_row(desk, each) for each in found), len(found), fen=sum(map(_worth, found)))


def _worth(each: TransferRow) -> int:
    return each.line.fen + each.line.goods_fen


def _row(desk: Desk, each: TransferRow) -> Row:
    line = each.line
    values: dict[str, Value] = {
        "transfer": line.number,
        "receiver": line.institution,
        "purpose": line.purpose,
        "state": line.state,
        "fen": _worth(each) or None,
        "since": line.received_on or line.sent_on,
    }
    sign = STOPPED if line.state in ("cancelled", "returned") else ""
    fen = _worth(each)
    return Row(line.number, values, line.number, sign, fen, each.version, acts(desk, each))


def acts(desk: Desk, each: TransferRow) -> dict[str, str]:
    """What the state of a transfer allows, each with the sentence why this person may not."""
    from rcaid.services.transfer_lists import STEPS, why_not

    found = {}
    for act, (action, _step) in STEPS.items():
        if move("transfer", each.line.state, action) is not None:
            problem = why_not(desk, act, each)
            found[act] = sentence(problem, _) if problem else ""
    return found


def preview(desk: Desk, number: str) -> Preview:
    """A transfer in short."""
    from rcaid.services import transfer_lists

    found = transfer_lists.card(desk, number)
    line = found.row.line
    last = say.steps(found.story, desk.day)
    notes = tuple(Note(step.when, step.what, rule=step.who) for step in last[:_SHORT])
    return Preview(
        line.number,
        label(line.state),
        (
            f"{line.institution}   {line.purpose} {line.disaster}".rstrip(),
            ", ".join(filter(None, (yuan(line.fen) if line.fen else "", *_goods(found)))),
            f"{last[0].when}  {last[0].what}  {last[0].who}" if last else "",
        ),
        (("", tuple(_facts(found))), (_("Story"), notes)),
    )


def card(desk: Desk, number: str) -> Card:
    """A transfer in full."""
    from rcaid.services import transfer_lists

    found = transfer_lists.card(desk, number)
    line = found.row.line
    return Card(
        line.number,
        f"{line.number}  {line.institution}",
        label(line.state),
        facts=tuple(_facts(found)),
        story=say.steps(found.story, desk.day),
        way=ways("transfer", line.state, WAY),
        version=found.row.version,
        acts=acts(desk, found.row),
    )


def _goods(found: TransferCard) -> Iterable[str]:
    """Goods in words; those without a value are told by quantity (BR-083)."""
    for item, qty, fen in found.row.line.goods:
        yield f"{item} {count(qty)}" + (f" = {yuan(fen)}" if fen is not None else "")


def _facts(found: TransferCard) -> Iterable[Note]:
    line = found.row.line
    yield Note(_("receiver"), f"{line.institution}  {label(line.kind)}")
    yield Note(_("programme"), line.programme)
    yield Note(_("purpose"), line.purpose)
    if line.disaster:
        yield Note(_("disaster"), line.disaster)
    if line.fen:
        yield Note(_("cash"), yuan(line.fen))
        if line.fen <= MOST_FEN:
            yield Note(_("in capitals"), capital(line.fen))
    for text in _goods(found):
        yield Note(_("goods"), text)
    for name, day in (
        (_("sent"), line.sent_on),
        (_("received"), line.received_on),
        (_("reported"), line.reported_on),
    ):
        if day:
            yield Note(name, day)


# --- acts


def review(desk: Desk, act: str, number: str) -> Review:
    """What approving or sending a transfer would do; writes nothing."""
    from rcaid.services import transfer_lists

    found = transfer_lists.card(desk, number)
    line = found.row.line
    refusal = transfer_lists.why_not(desk, act, found.row)
    approving = act == "transfer.approve"
    held = found.available if approving else found.payable
    enough = line.fen <= held
    stopped = refusal is not None or not enough
    pieces = sum(qty for _item, qty, _fen in line.goods)
    left = (Amount(_("stay behind, a rule stops them"), 1, line.fen, STOPPED, pieces),)
    apart = refusal is None or refusal.code != "who.maker"
    fund = _("fund {money}").format(money=yuan(held))
    said = Exemption(number, number, sentence(refusal, _), "", STOPPED) if refusal else None
    return Review(
        act,
        f"{_('Approve a transfer') if approving else _('Send a transfer')}, {line.institution}",
        number,
        _("approve") if approving else _("send"),
        Amount(
            _("will be approved") if approving else _("will be sent"),
            0 if stopped else 1, 0 if stopped else line.fen, pieces=0 if stopped else pieces,
        ),
        left if stopped else (),
        (said,) if said else (),
        _("Goods"),
        tuple(Amount(item, qty, fen or 0) for item, qty, fen in line.goods),
        (
            Note("", fund, DONE if enough else STOPPED),
            Note("", _("no earlier part") if apart else _("an earlier part"),
                 DONE if apart else STOPPED, "BR-040"),
        ),
        (_("The money is set aside at once.") if approving else _("Money and goods are on their way."),),
        counted=False,
    )  # fmt: skip


def reasons(act: str) -> tuple[Choice, ...]:
    """Why a transfer came back or is given up."""
    return tuple(Choice(code, _(text)) for code, text in _REASONS.get(act, ()))


def do(desk: Desk, act: str, number: str, reason: str, seen: Mapping[str, int]) -> Done:
    """Does an act to a transfer."""
    from rcaid.services import transfer_lists, transfers

    row = transfer_lists.row_of(desk, number)
    transfer_lists.unchanged(desk, row, seen.get(number, 0))
    problem = transfer_lists.why_not(desk, act, row)
    if problem is not None:
        raise Refused(problem)
    one: dict[str, Callable[[], object]] = {
        "transfer.approve": lambda: transfers.approve(desk, number),
        "transfer.send": lambda: transfers.send(desk, number),
        "transfer.receive": lambda: transfers.receive(desk, number),
        "transfer.report": lambda: transfers.report(desk, number),
        "transfer.return": lambda: transfers.send_back(desk, number, reason or "other"),
        "transfer.cancel": lambda: transfers.cancel(desk, number, reason or "other"),
    }
    entry = one[act]()
    return Done(_(_SAID[act]).format(n=number, money=yuan(_worth(row))), str(entry))
