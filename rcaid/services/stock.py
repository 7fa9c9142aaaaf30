"""Goods by lot, in units, moved between accounts as money is between those of a fund.

Only lots that two people counted in have movements; older ones go out uncounted. external →
on_hand → issued → delivered, or shipped → delivered with a transfer; what was not delivered comes
back on hand, what is spoilt is written off. No account falls below zero (BR-085).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rcaid.db import offices, programmes
from rcaid.db import stock as rows
from rcaid.db.payments import Paying
from rcaid.db.tables import (
    LOT,
    MAKER,
    STOCK_ENTRY,
    Item,
    Lot,
    Maker,
    StockEntry,
    Transfer,
    TransferLine,
)
from rcaid.db.unit import Entry, Unit
from rcaid.domain.dates import read as read_date
from rcaid.domain.deadlines import add_months
from rcaid.domain.errors import Problem, Refused
from rcaid.services.desk import Desk
from rcaid.services.disasters import checked_code, checked_text

SOURCES = ("purchase", "donation", "allocation", "customs")
LADDER = (1, 2, 3, 4)
"""Grounds of a value: papers, market price, appraisal, none (BR-083)."""
_RESULTS = {
    ("issued", "delivered"): ("deliver", "issued", "delivered"),
    ("issued", "undelivered"): ("undeliver", "issued", "on_hand"),
    ("delivered", "reversed"): ("reverse", "delivered", "on_hand"),
}
_TRANSFERS = {
    "send": ("ship", "on_hand", "shipped"),
    "receive": ("arrive", "shipped", "delivered"),
    "return_": ("come_back", "shipped", "on_hand"),
}


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot with what of it stands where, in units; ``value`` in fen a unit, None on ground 4."""

    code: str
    item: str
    unit: str
    source: str
    basis: int
    value: int | None
    evidence: str
    expires_on: str
    received_on: str
    counted: bool
    on_hand: int
    issued: int
    shipped: int
    delivered: int
    written_off: int


def unit_moves(unit: Unit, entries: Sequence[StockEntry]) -> None:
    """Adds movements and keeps the balances; Refused stock.short if one fell below zero."""
    if not entries:
        return
    moves: dict[tuple[str, str], int] = defaultdict(int)
    for entry in entries:
        moves[entry.lot_id, entry.debit] -= entry.qty
        moves[entry.lot_id, entry.credit] += entry.qty
    sums = [(lot, account, qty) for (lot, account), qty in sorted(moves.items())]
    key = ("lot_id", "account")
    unit.store.add_many("stock", key, ("qty",), [(lot, account, 0) for lot, account, _ in sums])
    unit.store.lock("stock", "lot_id", sorted({lot for lot, _, _ in sums}))
    codes = rows.counted(unit.store, {lot for lot, _, _ in sums})
    short = [
        Problem("stock.short", {"lot": codes[lot].code, "missing": -(have + move)})
        for lot, account, move in sums
        for have in [rows.held(unit.store, lot, account)]
        if account != "external" and have + move < 0
    ]
    if short:
        raise Refused(short)
    unit.store.add_many("stock", key, ("qty",), sums)
    unit.insert(STOCK_ENTRY, entries)


def receive_lot(
    desk: Desk,
    item_code: str,
    code: str,
    qty: int,
    unit_value_fen: int | None,
    basis: int,
    *,
    second: str,
    evidence: str = "",
    expires_on: str = "",
    made_on: str = "",
    perishable: bool = False,
    source: str = "purchase",
) -> Entry:
    """Goods taken in, counted by two people: this one and ``second``, by login (BR-082).

    ``basis`` is the ground of the value, 1 to 4; on ground 4 there is none (BR-083). Food and
    medicine (``perishable``) need an expiry date. What is left of its life must be six months, or
    three where all of it (from ``made_on``) is six at most.
    """
    item = next((each for each in programmes.items(desk.store) if each.code == item_code), None)
    if item is None:
        raise Refused(Problem("item.unknown", {"value": item_code}))
    desk.require("lot.receive", desk.offices.top.id)
    counter = offices.staff_by_login(desk.store, second)
    wrong = list(_wrong(desk, code, qty, unit_value_fen, basis, evidence, source))
    if counter is None or not counter.active:
        wrong.append(Problem("who.unknown", {"login": second}))
    elif counter.id == desk.actor.staff_id:
        wrong.append(Problem("lot.one_counter", {"login": second}))
    days = [read_date(each) for each in (expires_on, made_on)]
    wrong += [each for each in days if isinstance(each, Problem)]
    if wrong or counter is None:
        raise Refused(wrong)
    expires, made = (str(each) for each in days)
    wrong += _life(desk.day, expires, made, perishable)
    if wrong:
        raise Refused(wrong)
    said = checked_text("evidence", evidence) if evidence.strip() else None
    office = desk.offices.top.id

    def work(unit: Unit) -> None:
        lot = Lot(
            unit.new_id(), item.id, checked_code(code), unit_value_fen, basis, unit.day, 1, source,
            said, expires or None, 1,
        )  # fmt: skip
        unit.insert(LOT, [lot])
        ids = unit.ids()
        unit.insert(
            MAKER,
            [
                Maker(next(ids), "lot", lot.id, who, act, 1)
                for who, act in ((desk.actor.staff_id, "lot.receive"), (counter.id, "lot.count"))
            ],
        )
        into = _entry(next(ids), unit, "receive", "external", "on_hand", lot.id, qty, office)
        unit_moves(unit, [into._replace(idem=f"receive:{lot.id}")])

    return desk.write("lot.receive", office, work, object=code, note=lambda _: {"qty": qty})[1]


def _wrong(
    desk: Desk, code: str, qty: int, value: int | None, basis: int, evidence: str, source: str
) -> Iterable[Problem]:
    if any(lot.code == code for lot in programmes.lots(desk.store)):
        yield Problem("lot.exists", {"lot": code})
    if qty <= 0:
        yield Problem("lot.quantity", {"lot": code})
    if basis not in LADDER:
        yield Problem("lot.basis", {"basis": basis})
    elif (basis == 4) != (value is None):
        yield Problem("lot.no_value" if basis == 4 else "lot.needs_value", {"lot": code})
    elif basis != 4 and not evidence.strip():
        yield Problem("lot.evidence", {"lot": code})
    if value is not None and value < 0:
        yield Problem("lot.value")
    if source not in SOURCES:
        yield Problem("lot.source", {"source": source, "known": ", ".join(SOURCES)})


def _life(day: str, expires: str, made: str, perishable: bool) -> Iterable[Problem]:
    """What is wrong with how long goods will keep (BR-082)."""
    if not expires:
        if perishable:
            yield Problem("lot.expiry")
        return
    short_lived = bool(made) and expires <= add_months(made, 6)
    months = 3 if short_lived else 6
    if expires < add_months(day, months):
        yield Problem("lot.short_life", {"day": expires, "months": months})


def _entry(
    id: str, unit: Unit, kind: str, debit: str, credit: str, lot_id: str, qty: int, office_id: str
) -> StockEntry:
    return StockEntry(
        id, unit.day, kind, debit, credit, lot_id, qty, office_id, None, None, None, None, None,
        "", 1,
    )  # fmt: skip


def take(unit: Unit, item_id: str, quantities: Sequence[int]) -> list[Lot] | None:
    """For each quantity the lot it comes from: first what expires first, then what came first
    (BR-084); None where nothing of the item was counted in. Nothing moves before release.

    Refused lot.expired or stock.short when what may go out does not cover it (BR-085).
    """
    shelves = rows.shelves(unit.store, item_id)
    if not shelves:
        return None
    good = [each for each in shelves if not _expired(each.lot, unit.day)]
    good.sort(key=lambda s: (s.lot.expires_on or "9999", s.lot.received_on, s.lot.code))
    left = {each.lot.id: each.on_hand - each.promised for each in good}
    taken = []
    for qty in quantities:
        lot = next((each.lot for each in good if left[each.lot.id] >= qty), None)
        if lot is None:
            missing = sum(quantities) - sum(each.on_hand - each.promised for each in good)
            if len(good) < len(shelves):
                old = next(each.lot for each in shelves if _expired(each.lot, unit.day))
                raise Refused(Problem("lot.expired", {"lot": old.code, "day": old.expires_on}))
            params = {"lot": shelves[0].lot.code, "missing": max(missing, 1)}
            raise Refused(Problem("stock.short", params))
        left[lot.id] -= qty
        taken.append(lot)
    return taken


def _expired(lot: Lot, day: str) -> bool:
    return bool(lot.expires_on) and (lot.expires_on or "") < day


def _refuse_expired(lots: Iterable[Lot], day: str) -> None:
    wrong = [
        Problem("lot.expired", {"lot": lot.code, "day": lot.expires_on})
        for lot in lots
        if _expired(lot, day)
    ]
    if wrong:
        raise Refused(wrong)


def issue(unit: Unit, lines: Sequence[Paying]) -> None:
    """Goods of a batch leave: on_hand → issued; Refused lot.expired or stock.short."""
    lots = rows.counted(unit.store, (p.line.lot_id or "" for p in lines))
    _refuse_expired(lots.values(), unit.day)
    _move_lines(unit, lots, [(p, "issue", "on_hand", "issued") for p in lines])


def settle(unit: Unit, pairs: Iterable[tuple[Paying, str]]) -> None:
    """What became of issued goods: (line as it was, its state now)."""
    moved = [
        (paying, *_RESULTS[paying.line.state, state])
        for paying, state in pairs
        if paying.line.kind == "goods" and (paying.line.state, state) in _RESULTS
    ]
    lots = rows.counted(unit.store, (p.line.lot_id or "" for p, *_ in moved))
    _move_lines(unit, lots, moved)


def _move_lines(
    unit: Unit, lots: dict[str, Lot], moved: Sequence[tuple[Paying, str, str, str]]
) -> None:
    ids = unit.ids()
    reversed_ = [f"deliver:{p.line.id}" for p, kind, *_ in moved if kind == "reverse"]
    first = rows.by_idem(unit.store, reversed_)
    entries = []
    for paying, kind, debit, credit in moved:
        line = paying.line
        if line.lot_id in lots and line.qty:
            entry = _entry(
                next(ids), unit, kind, debit, credit, line.lot_id or "", line.qty, line.office_id
            )
            cited = first.get(f"deliver:{line.id}") if kind == "reverse" else None
            entries.append(
                entry._replace(
                    batch_id=line.batch_id, disbursement_id=line.id, reverses=cited,
                    idem=f"{kind}:{line.id}",
                )
            )  # fmt: skip
    unit_moves(unit, entries)


def transfer(unit: Unit, given: Transfer, lines: Sequence[TransferLine], action: str) -> None:
    """Goods of a transfer: send ships them, receive delivers them, return_ brings them back."""
    if action not in _TRANSFERS:
        return
    kind, debit, credit = _TRANSFERS[action]
    lots = rows.counted(unit.store, (line.lot_id for line in lines))
    if action == "send":
        _refuse_expired(lots.values(), unit.day)
    ids = unit.ids()
    unit_moves(
        unit,
        [
            _entry(
                next(ids), unit, kind, debit, credit, line.lot_id, line.qty, given.office_id
            )._replace(transfer_id=given.id, idem=f"transfer:{line.id}:{kind}")
            for line in lines
            if line.lot_id in lots
        ],
    )  # fmt: skip


def write_off(desk: Desk, lot_code: str, qty: int, reason: str) -> Entry:
    """Goods that are spoilt or lost: on_hand → written_off. ``reason`` is a code."""
    lot = find(desk, lot_code)
    office = desk.offices.top.id
    if qty <= 0 or not lot.counted:
        code = "lot.quantity" if lot.counted else "lot.uncounted"
        raise Refused(Problem(code, {"lot": lot_code}))

    def work(unit: Unit) -> None:
        id = unit.new_id()
        entry = _entry(id, unit, "write_off", "on_hand", "written_off", lot.id, qty, office)
        unit_moves(unit, [entry._replace(idem=f"write_off:{id}")])

    note = {"qty": qty}
    return desk.write(
        "lot.write_off", office, work, object=lot_code, reason=reason, note=lambda _: note
    )[1]


def find(desk: Desk, code: str) -> Lot:
    """The lot of a code; Refused lot.unknown."""
    known = {lot.code: lot for lot in programmes.lots(desk.store)}
    if code not in known:
        raise Refused(Problem("lot.unknown", {"lot": code, "known": ", ".join(known)}))
    return known[code]


def listing(desk: Desk) -> list[LotRow]:
    """Every lot with what of it stands where: valued ones first, by what expires first, then
    those without a value (BR-083)."""
    desk.reach("lot.list")
    items = {each.id: each for each in programmes.items(desk.store)}
    stands = rows.balances(desk.store)
    lots = sorted(
        programmes.lots(desk.store),
        key=lambda lot: (lot.unit_value_fen is None, lot.expires_on or "9999", lot.code),
    )
    return [_row(lot, items[lot.item_id], stands.get(lot.id, {})) for lot in lots]


def _row(lot: Lot, item: Item, stands: dict[str, int]) -> LotRow:
    return LotRow(
        lot.code, item.name, item.unit, lot.source or "", lot.basis, lot.unit_value_fen,
        lot.evidence or "", lot.expires_on or "", lot.received_on, bool(lot.counted),
        *(stands.get(a, 0) for a in ("on_hand", "issued", "shipped", "delivered", "written_off")),
    )  # fmt: skip
