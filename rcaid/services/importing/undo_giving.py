"""Taking back a file of donations or of institutions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from rcaid.db import donations as rows
from rcaid.db import payments, programmes, rosters, transfers, undoing
from rcaid.db.tables import (
    DONATION,
    DONATION_LINE,
    DONATION_RECEIPT,
    DONOR,
    DONOR_PARTY,
    INSTITUTION,
    MAKER,
    Donation,
    LedgerEntry,
)
from rcaid.db.unit import Unit
from rcaid.domain.errors import Problem
from rcaid.services.desk import Desk
from rcaid.services.funds.donations import back
from rcaid.services.funds.trace import Flow, flow_of
from rcaid.services.importing.kinds import KINDS
from rcaid.services.importing.undone import Undone


def run(desk: Desk, unit: Unit, done: Undone) -> None:
    """Takes back what a file of either kind brought, within the unit of the undo."""
    kind = DonationUndo if done.batch.kind == "donation" else InstitutionUndo
    kind(desk, unit, done).run()


class _Undo:
    def __init__(self, desk: Desk, unit: Unit, done: Undone) -> None:
        self._desk = desk
        self._unit = unit
        self._store = unit.store
        self._done = done
        batch = done.batch
        self._touched = undoing.touched(unit.store, batch.id, KINDS[batch.kind].act)

    def _remove(self, table: Any, gone: Sequence[Any]) -> None:
        self._unit.delete(table, gone)
        if gone:
            self._done.removed[table.name] += len(gone)

    def _keep(self, code: str, noun: str, name: str) -> None:
        self._done.kept.append(Problem(code, {"noun": noun, "name": name}))


class InstitutionUndo(_Undo):
    """Institutions that nothing was given to go again."""

    def run(self) -> None:
        """Those that were changed since, or that a transfer or a fund names, stay."""
        made = self._touched.get("institution", {})
        named = transfers.named_institutions(self._store, made)
        scopes = {fund.scope for fund in programmes.funds(self._store)}
        gone = []
        for each in transfers.institutions(self._store):
            if each.id not in made:
                continue
            if each.id in named or each.code in scopes or each.version != 1:
                self._keep("undo.acted", "institution", each.code)
            else:
                gone.append(each)
        self._remove(INSTITUTION, gone)


class DonationUndo(_Undo):
    """Donations nobody has acted on go again, and their money with an opposite entry."""

    def run(self) -> None:
        """A donation that was used, moved on or changed stays; donors who gave nothing else go."""
        made = rows.by_ids(self._store, self._touched.get("donation", {}))
        gone = self._free(sorted(made.values(), key=lambda each: each.number))
        ids = {each.id for each in gone}
        self._post_back([each for each in gone if each.fen])
        self._remove(
            DONATION_RECEIPT, [r for id in sorted(ids) for r in rows.receipts(self._store, id)]
        )
        self._remove(DONATION_LINE, rows.lines(self._store, ids))
        self._remove(MAKER, rosters.maker_rows(self._store, ids))
        self._remove(DONATION, gone)
        self._done.fen = sum(each.fen for each in gone)
        self._donors()

    def _free(self, made: list[Donation]) -> list[Donation]:
        flows: dict[str, Flow] = {}
        free: dict[str, int] = {}
        gone = []
        for each in made:
            if each.version != 1:
                self._keep("undo.acted", "donation", each.number)
                continue
            if each.fund_id not in flows:
                flows[each.fund_id] = flow_of(self._store, each.fund_id)
                held = programmes.balances(self._store, each.fund_id)
                free[each.fund_id] = held.get("available", 0)
            left = flows[each.fund_id].left(each.id, each.fund_id)
            if min(left, free[each.fund_id]) < each.fen:
                self._keep("undo.spent", "donation", each.number)
                continue
            free[each.fund_id] -= each.fen
            gone.append(each)
        return gone

    def _post_back(self, gone: list[Donation]) -> None:
        keys = {f"receive:{each.id}": each for each in gone}
        posted = payments.entries_by_idem(self._store, keys)
        entries: list[LedgerEntry] = [
            back(self._unit, each, "reverse", posted[key]) for key, each in keys.items()
        ]
        self._unit.post(entries)

    def _donors(self) -> None:
        made = rows.donors_by_id(self._store, self._touched.get("donor", {}))
        gave: dict[str, bool] = defaultdict(bool)
        for id in made:
            gave[id] = bool(rows.of_donor(self._store, id))
        gone = [each for each in made.values() if not gave[each.id] and each.version == 1]
        parties = rows.parties(self._store, [each.id for each in gone])
        self._remove(DONOR_PARTY, parties)
        self._remove(DONOR, gone)
