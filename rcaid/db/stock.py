"""Goods by lot: what stands where, and what of it is promised to batches not gone yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rcaid.db.engine import Store, statement
from rcaid.db.people import chunks
from rcaid.db.tables import LOT, STOCK_ENTRY, Lot, StockEntry

_W = ", ".join(f"w.{name}" for name in LOT.columns)
_COUNTED = statement(
    "lot.counted",
    f"SELECT {_W}, COALESCE(s.qty, 0), COALESCE(p.qty, 0) FROM lot w"
    " LEFT JOIN stock s ON s.lot_id = w.id AND s.account = 'on_hand'"
    " LEFT JOIN (SELECT d.lot_id, CAST(SUM(d.qty) AS BIGINT) AS qty FROM disbursement d"
    " JOIN batch b ON b.id = d.batch_id WHERE d.state = 'prepared' AND d.kind = 'goods'"
    " AND b.state IN ('draft', 'locked', 'approved') GROUP BY d.lot_id) p ON p.lot_id = w.id"
    " WHERE w.item_id = :item AND w.counted = 1 ORDER BY w.code",
)
_AMONG = statement(
    "lot.counted_among",
    f"SELECT {LOT.listed} FROM lot WHERE id IN (:lots) AND counted = 1 ORDER BY code",
    lists=("lots",),
)
_BALANCES = statement(
    "stock.balances", "SELECT lot_id, account, qty FROM stock ORDER BY lot_id, account"
)
_HELD = statement("stock.held", "SELECT qty FROM stock WHERE lot_id = :lot AND account = :account")
_ENTRIES = statement(
    "stock_entry.of_lot",
    f"SELECT {STOCK_ENTRY.listed} FROM stock_entry WHERE lot_id = :lot ORDER BY id LIMIT :limit",
)
_IDEMS = statement(
    "stock_entry.by_idem",
    "SELECT idem, id FROM stock_entry WHERE idem IN (:idems)",
    lists=("idems",),
)


class Shelf(NamedTuple):
    """A counted lot with what is on hand and what of that is promised."""

    lot: Lot
    on_hand: int
    promised: int


def shelves(store: Store, item_id: str) -> list[Shelf]:
    """The counted lots of an item, by code."""
    width = len(LOT.columns)
    return [
        Shelf(Lot(*row[:width]), int(row[width]), int(row[width + 1]))
        for row in store.rows(_COUNTED, {"item": item_id})
    ]


def counted(store: Store, lot_ids: Iterable[str]) -> dict[str, Lot]:
    """Those of these lots that are counted, by id."""
    return {
        lot.id: lot
        for piece in chunks(set(lot_ids))
        for lot in (Lot(*row) for row in store.rows(_AMONG, {"lots": piece}))
    }


def balances(store: Store) -> dict[str, dict[str, int]]:
    """What stands on each account of each lot, in units."""
    found: dict[str, dict[str, int]] = {}
    for lot, account, qty in store.rows(_BALANCES):
        found.setdefault(lot, {})[account] = int(qty)
    return found


def held(store: Store, lot_id: str, account: str) -> int:
    """What stands on one account of a lot."""
    rows = store.rows(_HELD, {"lot": lot_id, "account": account})
    return int(rows[0][0]) if rows else 0


def entries(store: Store, lot_id: str, limit: int = 500) -> list[StockEntry]:
    """The first movements of a lot, oldest first."""
    return [StockEntry(*r) for r in store.rows(_ENTRIES, {"lot": lot_id, "limit": limit})]


def by_idem(store: Store, idems: Iterable[str]) -> dict[str, str]:
    """Ids of movements by their idempotency keys."""
    return {
        idem: id for piece in chunks(idems) for idem, id in store.rows(_IDEMS, {"idems": piece})
    }
