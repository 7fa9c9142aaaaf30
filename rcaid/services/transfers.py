"""Help to institutions and to other regions' societies: money, goods or both, to one receiver.

A transfer is made by one person, approved by another and sent by a third. Its money moves on the
ledger of its programme's fund, its goods are valued by their lots when they are sent (BR-083).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from rcaid.db import programmes
from rcaid.db import transfers as rows
from rcaid.db.tables import (
    INSTITUTION,
    MAKER,
    TRANSFER,
    TRANSFER_LINE,
    Institution,
    LedgerEntry,
    Lot,
    Maker,
    Transfer,
    TransferLine,
)
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.uscc import check as check_uscc
from rcaid.domain.workflow import move
from rcaid.services import stock
from rcaid.services.desk import Desk
from rcaid.services.disasters import checked_code, checked_text
from rcaid.services.disasters import find as disaster_of
from rcaid.services.funds import funds
from rcaid.services.programmes import rules_on
from rcaid.services.rosters import apart

KINDS = ("university", "school", "hospital", "society", "other")
MONEY: dict[str, tuple[tuple[str, str, str], ...]] = {
    "approve": (("entitle", "available", "payable"),),
    "send": (("release", "payable", "in_transit"),),
    "receive": (("paid", "in_transit", "settled"),),
    "return_": (
        ("returned", "in_transit", "returned"),
        ("written_back", "returned", "available"),
    ),
}
"""What each act posts (model.md, Postings): kind, debit, credit."""
_ON_THE_WAY = ("sent", "received", "closed")
_GIVEN_UP = (("cancelled", "payable", "available"),)


class Goods(NamedTuple):
    """Goods that are to go: the code of a lot and how many units of it."""

    lot: str
    qty: int


@dataclass(frozen=True, slots=True)
class Line:
    """One transfer as it is listed; money in fen. ``goods`` are (item, quantity, value in fen)."""

    number: str
    programme: str
    institution: str
    kind: str
    disaster: str
    purpose: str
    state: str
    fen: int
    goods_fen: int
    sent_on: str
    received_on: str
    reported_on: str
    goods: tuple[tuple[str, int, int | None], ...] = ()


def add_institution(
    desk: Desk, code: str, name: str, kind: str, place: str, uscc: str = ""
) -> Entry:
    """Somebody who may receive a transfer: a university, a hospital, another society."""
    credit = check_uscc(uscc) if uscc else None
    if isinstance(credit, Problem):
        raise Refused(credit)
    if kind not in KINDS:
        raise Refused(Problem("institution.kind", {"kind": kind, "known": ", ".join(KINDS)}))
    if rows.institution_by_code(desk.store, code) is not None:
        raise Refused(Problem("institution.exists", {"institution": code}))
    office = desk.office_for("institution.add").id
    facts = (checked_code(code), checked_text("name", name), kind, checked_text("place", place))

    def work(unit: Unit) -> None:
        unit.insert(INSTITUTION, [Institution(unit.new_id(), *facts, office, 1, credit)])

    return desk.write("institution.add", office, work, object=code)[1]


def find(desk: Desk, number: str) -> Transfer:
    """The transfer of a number; Refused transfer.unknown."""
    found = rows.by_number(desk.store, number)
    if found is None:
        raise Refused(Problem("transfer.unknown", {"transfer": number}))
    return found


def create(
    desk: Desk,
    programme_code: str,
    institution_code: str,
    purpose: str,
    *,
    fen: int = 0,
    goods: Sequence[Goods] = (),
    disaster: str = "",
    fund: str = "",
) -> tuple[Transfer, Entry]:
    """Drafts a transfer; Refused where the programme does not give to such a receiver (BR-072), or
    where the ``fund`` is for something else or was filled by the receiver (BR-090). Without one the
    programme's own fund pays."""
    office = desk.office_for("transfer.create").id
    receiver = rows.institution_by_code(desk.store, institution_code)
    if receiver is None:
        raise Refused(Problem("institution.unknown", {"institution": institution_code}))
    given_for = disaster_of(desk, disaster) if disaster else None
    if given_for is not None and given_for.state != "open":
        raise Refused(Problem("disaster.closed", {"disaster": disaster}))
    programme = next(
        (p for p in programmes.programmes(desk.store) if p.code == programme_code), None
    )
    own = programmes.fund_of(desk.store, programme.id) if programme else None
    if programme is None or own is None:
        raise Refused(Problem("programme.unknown", {"programme": programme_code}))
    eligible = rules_on(desk, programme.id, desk.day).eligible
    if receiver.kind not in eligible.institutions:
        facts = {"programme": programme.code, "kind": receiver.kind}
        raise Refused(Problem("transfer.receiver", facts))
    if eligible.disaster and given_for is None:
        raise Refused(Problem("transfer.disaster", {"programme": programme.code}))
    paying = funds.by_code(desk, fund) if fund else own
    problem = funds.matching(
        desk, paying, programme=programme.code, region=receiver.place,
        institution=receiver.code, disaster=disaster,
    ) or funds.interested(desk, paying, institution=receiver)  # fmt: skip
    if problem is not None:
        raise Refused(problem)
    lots = _lots(desk, goods)
    if fen < 0 or not (fen or lots):
        raise Refused(Problem("transfer.nothing"))
    said = checked_text("purpose", purpose)
    prefix = f"{programme.code}-{desk.day[:4]}-"

    def work(unit: Unit) -> Transfer:
        unit.store.lock("fund", "id", [paying.id])
        number = f"{prefix}{rows.numbered(unit.store, prefix) + 1:04}"
        made = Transfer(
            unit.new_id(), number, office, programme.id, paying.id, receiver.id,
            given_for.id if given_for else None, said, "draft", fen, _value(lots), None, None,
            None, 1,
        )  # fmt: skip
        unit.insert(TRANSFER, [made])
        ids = unit.ids()
        unit.insert(
            TRANSFER_LINE,
            [
                TransferLine(next(ids), made.id, lot.id, qty, _worth(lot, qty), 1)
                for lot, qty in lots
            ],
        )
        unit.insert(MAKER, [_maker(unit, desk, made, "transfer.create")])
        return made

    return desk.write("transfer.create", office, work, object=lambda made: made.number)


def _lots(desk: Desk, goods: Iterable[Goods]) -> list[tuple[Lot, int]]:
    known = {lot.code: lot for lot in programmes.lots(desk.store)}
    found = []
    for each in goods:
        if each.lot not in known:
            raise Refused(Problem("lot.unknown", {"lot": each.lot, "known": ", ".join(known)}))
        if each.qty <= 0:
            raise Refused(Problem("transfer.quantity", {"lot": each.lot}))
        found.append((known[each.lot], each.qty))
    return found


def _worth(lot: Lot, qty: int) -> int | None:
    """The value of some units in fen; None where the lot has none (basis 4, BR-083)."""
    return None if lot.unit_value_fen is None else lot.unit_value_fen * qty


def _value(lots: Iterable[tuple[Lot, int]]) -> int:
    return sum(_worth(lot, qty) or 0 for lot, qty in lots)


def _maker(unit: Unit, desk: Desk, transfer: Transfer, act: str) -> Maker:
    return Maker(unit.new_id(), "transfer", transfer.id, desk.actor.staff_id, act, 1)


def approve(desk: Desk, number: str) -> Entry:
    """Decides a draft and sets its money aside; not by who made it (BR-040)."""
    return _act(desk, number, "approve", step="transfer.approve")


def send(desk: Desk, number: str) -> Entry:
    """Lets an approved transfer go; not by who made or approved it (BR-040)."""
    return _act(desk, number, "send", step="transfer.send", day="sent_on")


def receive(desk: Desk, number: str) -> Entry:
    """The receiver has confirmed; from this day on it counts."""
    return _act(desk, number, "receive", day="received_on")


def send_back(desk: Desk, number: str, reason: str) -> Entry:
    """It came back: its money is available again. ``reason`` is a code."""
    return _act(desk, number, "return_", reason=reason)


def report(desk: Desk, number: str) -> Entry:
    """The receiver has reported what became of it."""
    return _act(desk, number, "report", day="reported_on")


def cancel(desk: Desk, number: str, reason: str) -> Entry:
    """Gives a transfer up before it is sent. ``reason`` is a code."""
    return _act(desk, number, "cancel", reason=reason)


def _act(
    desk: Desk,
    number: str,
    action: str,
    *,
    step: str = "",
    day: str = "",
    reason: str | None = None,
) -> Entry:
    transfer = find(desk, number)
    act = f"transfer.{action.rstrip('_')}"
    desk.require(act, transfer.office_id)
    row = move("transfer", transfer.state, action)
    if row is None:
        facts = {"noun": number, "state": transfer.state, "action": action.rstrip("_")}
        raise Refused(Problem("state.no_move", facts))
    if step:
        apart(desk, step, [transfer.id])
    posted = MONEY.get(action, ())
    if action == "cancel" and transfer.state == "approved":
        posted = _GIVEN_UP
    columns: Mapping[str, Any] = {"state": row.target} | ({day: desk.day} if day else {})

    def work(unit: Unit) -> None:
        unit.update(TRANSFER, [transfer._replace(**columns)], tuple(columns))
        if transfer.fen:
            unit.post([_entry(unit, transfer, *each) for each in posted])
        stock.transfer(unit, transfer, rows.lines(unit.store, transfer.id), action)
        if step:
            unit.insert(MAKER, [_maker(unit, desk, transfer, step)])

    return desk.write(act, transfer.office_id, work, object=number, reason=reason)[1]


def _entry(unit: Unit, transfer: Transfer, kind: str, debit: str, credit: str) -> LedgerEntry:
    return LedgerEntry(
        unit.new_id(), unit.day, kind, debit, credit, transfer.fund_id, transfer.fen,
        transfer.office_id, None, None, None, f"transfer:{transfer.id}:{kind}", 1, transfer.id,
    )  # fmt: skip


def listing(desk: Desk, *, disaster: str = "", state: str = "") -> list[Line]:
    """The transfers of the offices this person may look at, by number."""
    found = rows.of_offices(desk.store, desk.reach("transfer.list"))
    lines = shown(desk, found)
    return [line for line in lines if disaster in ("", line.disaster) and state in ("", line.state)]


def show(desk: Desk, number: str) -> Line:
    """One transfer with its goods."""
    transfer = find(desk, number)
    desk.require("transfer.list", transfer.office_id)
    lots = {lot.id: lot for lot in programmes.lots(desk.store)}
    items = {item.id: item.code for item in programmes.items(desk.store)}
    goods = tuple(
        (items[lots[line.lot_id].item_id], line.qty, line.value_fen)
        for line in rows.lines(desk.store, transfer.id)
    )
    (line,) = shown(desk, [transfer])
    return replace(line, goods=goods)


def shown(desk: Desk, found: Iterable[Transfer]) -> list[Line]:
    """Transfers with the names of what they refer to."""
    receivers = {each.id: each for each in rows.institutions(desk.store)}
    codes = {each.id: each.code for each in programmes.programmes(desk.store)}
    events = {each.id: each.code for each in rows.disasters(desk.store)}
    return [
        Line(
            t.number, codes[t.programme_id], receivers[t.institution_id].name,
            receivers[t.institution_id].kind, events.get(t.disaster_id or "", ""), t.purpose,
            t.state, t.fen, t.goods_fen, t.sent_on or "", t.received_on or "", t.reported_on or "",
        )
        for t in found
    ]  # fmt: skip


def receivers(desk: Desk) -> list[Institution]:
    """Every institution, by code."""
    desk.reach("transfer.list")
    return rows.institutions(desk.store)


@dataclass(frozen=True, slots=True)
class Given:
    """A disaster and what has been sent for it; money in fen."""

    code: str
    name: str
    kind: str
    place: str
    happened_on: str
    phase: str
    state: str
    transfers: int
    cash: int
    goods: int


def by_disaster(desk: Desk) -> list[Given]:
    """Every disaster with what was sent for it, by the day it happened."""
    desk.reach("transfer.list")
    found = []
    for each in rows.disasters(desk.store):
        sent = [t for t in rows.of_disaster(desk.store, each.id) if t.state in _ON_THE_WAY]
        found.append(
            Given(
                each.code, each.name, each.kind, each.place, each.happened_on, each.phase,
                each.state, len(sent), sum(t.fen for t in sent), sum(t.goods_fen for t in sent),
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a programme's receivers got: how many they are, cash and goods in fen, their kinds."""

    receivers: int
    cash_fen: int
    goods_fen: int
    kinds: frozenset[str]

    @property
    def value_fen(self) -> int:
        """Cash and goods together, in fen."""
        return self.cash_fen + self.goods_fen


def arrived(desk: Desk, first: str, last: str) -> dict[tuple[str, str], Arrived]:
    """By code of programme and disaster ("" for none), what arrived between two days, both
    included; a receiver counts once in each."""
    codes = {each.id: each.code for each in programmes.programmes(desk.store)}
    events = {each.id: each.code for each in rows.disasters(desk.store)}
    kinds = {each.id: each.kind for each in rows.institutions(desk.store)}
    by_code: dict[tuple[str, str], list[Transfer]] = defaultdict(list)
    for transfer in rows.received(desk.store, first, last):
        given_for = events.get(transfer.disaster_id or "", "")
        by_code[codes[transfer.programme_id], given_for].append(transfer)
    return {
        code: Arrived(
            len({each.institution_id for each in of}),
            sum(each.fen for each in of),
            sum(each.goods_fen for each in of),
            frozenset(kinds[each.institution_id] for each in of),
        )
        for code, of in sorted(by_code.items())
    }
