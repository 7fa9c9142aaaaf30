"""The kind donation: who gave what, to which fund, on which day, with the receipt where there is one.

A plan keeps donors and their numbers sealed. Donors are found by number or code (USCC), else by
name; new ones come in with their first donation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from rcaid.db import donations as rows
from rcaid.db import programmes
from rcaid.db.tables import Cycle, Donation, Donor, Fund, Lot
from rcaid.db.unit import Unit
from rcaid.domain.errors import Problem
from rcaid.files.headers import HeaderMap
from rcaid.files.profiles import Profile
from rcaid.files.tables import Table
from rcaid.services.desk import Desk
from rcaid.services.funds import donations, donors
from rcaid.services.funds.donations import Gift
from rcaid.services.funds.donors import Giver
from rcaid.services.importing.giving_words import readers
from rcaid.services.importing.kinds import DONATION as KIND
from rcaid.services.importing.plans import Facts, Judged, Plan, PlanWriter, Rejected
from rcaid.services.importing.row_checks import Rules
from rcaid.services.importing.row_judge import YES, Read, TableJudge

Wrong = tuple[str, Problem]


class Row(NamedTuple):
    """A judged row as the plan keeps it; ``fund`` and ``lot`` are ids, money in fen."""

    row: int
    kind: str
    name: str
    number: str
    uscc: str
    phone: str
    publish: bool
    fund: str
    fen: int
    on: str
    promised: bool
    channel: str
    campaign: str
    earmark: str
    reference: str
    receipt: str
    lot: str
    qty: int


class DonationImporter:
    """Plans and applies lists of donations."""

    def plan(
        self, desk: Desk, table: Table, columns: HeaderMap, cycle: Cycle | None,
        writer: PlanWriter, facts: Facts,
    ) -> Judged:  # fmt: skip
        """Judges every row; one that came in before, by its reference, is left alone."""
        for name in KIND.dates():
            columns.order(name)
        profile = columns.profile or Profile(KIND.name, KIND.name)
        judge = TableJudge(
            KIND, columns, table.header, Rules(desk.day, {}, profile, readers(desk.day))
        )
        judged = _Judged(desk, judge, desk.offices.by_code[facts.office].id)
        problems: list[Rejected] = []
        cells: list[tuple[int, list[str]]] = []
        good: list[Row] = []
        width = len(table.header)
        stood = [(row, values, judge.judge(row, values)) for row, values in table.rows]
        judged.look_up(read for _, _, read in stood if not read.problems)
        for row, values, read in stood:
            facts.rows_read += 1
            found = read.problems or judged.row(read)
            if isinstance(found, Row):
                facts.rows_new += 1
                facts.fen += 0 if found.promised else found.fen
                good.append(found)
            elif found:
                problems += found
                cells.append((row, values[:width]))
            else:
                facts.rows_unchanged += 1
        facts.uses = sorted(judged.uses)
        packed = msgspec.msgpack.encode([tuple(each) for each in good])
        writer.part(
            "gifts", desk.keys.encrypt(f"gifts|{facts.plan_id}", packed, desk.source.chance(12))
        )
        return Judged(problems, cells)

    def apply(
        self, desk: Desk, unit: Unit, plan: Plan, batch_id: str
    ) -> list[tuple[int, str, str]]:
        """Puts donors on file who are not, and then all that was given, in one posting."""
        found = list(_gifts(desk, plan))
        funds = {fund.id: fund for fund in programmes.funds(unit.store)}
        lots = {lot.id: lot for lot in programmes.lots(unit.store)}
        givers = _donors(desk, unit, found, desk.offices.by_code[plan.facts.office].id)
        made = donations.put(
            desk, unit, [_gift(each, givers[_who(each)], funds, lots) for each in found]
        )
        return [(row.row, "new", each.id) for row, each in zip(found, made, strict=True)]


def _gifts(desk: Desk, plan: Plan) -> Iterator[Row]:
    for _, hidden in plan.parts("gifts"):
        packed = desk.keys.decrypt(f"gifts|{plan.facts.plan_id}", hidden)
        yield from (Row(*each) for each in msgspec.msgpack.decode(packed))


def _who(row: Row) -> tuple[str, str]:
    """By what rows of one donor are found to be so."""
    return row.kind, row.number or row.uscc or row.name


def _giver(row: Row) -> Giver:
    return Giver(row.kind, row.name, row.number, row.uscc, row.phone, publish=row.publish)


def _donors(desk: Desk, unit: Unit, found: list[Row], office: str) -> dict[tuple[str, str], Donor]:
    """Every donor of the rows, those who are new put on file first."""
    have: dict[tuple[str, str], Donor] = {}
    new: dict[tuple[str, str], Giver] = {}
    for row in found:
        who = _who(row)
        if who in have or who in new:
            continue
        giver = _giver(row)
        known = (
            donors.unnamed(desk, office) if row.kind == "anonymous" else donors.known(desk, giver)
        )
        if known is None:
            new[who] = giver
        else:
            have[who] = known
    made = donors.put(desk, unit, list(new.values()), office)
    return have | dict(zip(new, made, strict=True))


def _gift(row: Row, donor: Donor, funds: dict[str, Fund], lots: dict[str, Lot]) -> Gift:
    goods = ((lots[row.lot], row.qty),) if row.lot else ()
    return Gift(
        donor, funds[row.fund], row.fen, row.on, row.channel, row.campaign, row.earmark,
        row.reference, goods, row.receipt, row.promised,
    )  # fmt: skip


class _Judged:
    """What is wrong with a row beyond its cells: its donor, fund, goods, and what came before."""

    def __init__(self, desk: Desk, judge: TableJudge, place: str) -> None:
        self._desk = desk
        self._judge = judge
        self._mine = set(desk.offices.below(place))
        self._funds = {fund.code: fund for fund in programmes.funds(desk.store)}
        self._lots = {lot.code: lot for lot in programmes.lots(desk.store)}
        self._came: dict[str, Donation] = {}
        self._receipts: dict[str, str] = {}
        self._given: dict[str, str] = {}
        self.uses: set[tuple[str, str, int]] = set()

    def look_up(self, reads: Iterator[Read]) -> None:
        """Asks once for all rows which references and receipts were there before."""
        found = [read.values for read in reads]
        store = self._desk.store
        self._came = rows.by_references(store, [v["reference"] for v in found if v["reference"]])
        self._receipts = rows.receipt_numbers(store, [v["receipt"] for v in found if v["receipt"]])
        self._given = rows.given_lots(store, [lot.id for lot in self._lots.values()])

    def row(self, read: Read) -> Row | list[Rejected]:
        """The row as it is kept, what is wrong with it, or nothing where it came in before."""
        v = read.values
        fund = self._funds.get(v["fund"])
        if (came := self._came.get(v["reference"])) is not None:
            if fund is not None and (came.fund_id, came.fen) == (fund.id, v["amount"]):
                return []
            facts = {"reference": v["reference"], "donation": came.number}
            return self._said(read, ("reference", Problem("donation.reference", facts)))
        wrong = self._about_fund(v, fund) or self._about_goods(v) or self._about_paper(v)
        if wrong is not None or fund is None:
            return self._said(read, wrong or ("fund", Problem("fund.unknown", {"fund": v["fund"]})))
        giver = self._giver(v)
        if isinstance(giver, Problem):
            return self._said(read, ("donor", giver))
        lot = self._lots[v["lot"]] if v["lot"] else None
        gift = self._row(read.row, v, giver, fund, lot)
        self.uses.add(("fund", fund.id, fund.version))
        if lot is not None:
            self.uses.add(("lot", lot.id, lot.version))
            self._given[lot.id] = f"#{read.row}"
        if gift.receipt:
            self._receipts[gift.receipt] = f"#{read.row}"
        return gift

    def _said(self, read: Read, wrong: Wrong) -> list[Rejected]:
        field, problem = wrong
        return [self._judge.said(read.row, problem, field, str(read.values[field]))]

    def _about_fund(self, v: dict[str, Any], fund: Fund | None) -> Wrong | None:
        if fund is None:
            return "fund", Problem("fund.unknown", {"fund": v["fund"]})
        if fund.office_id not in self._mine:
            return "fund", Problem("donation.elsewhere", {"fund": fund.code})
        if fund.closed_on:
            return "fund", Problem("fund.closed", {"fund": fund.code, "day": fund.closed_on})
        return None

    def _about_goods(self, v: dict[str, Any]) -> Wrong | None:
        lot = self._lots.get(v["lot"])
        if v["lot"] and lot is None:
            facts = {"lot": v["lot"], "known": ", ".join(self._lots) or "-"}
            return "lot", Problem("lot.unknown", facts)
        if lot is not None and not v["qty"]:
            return "qty", Problem("donation.quantity", {"lot": lot.code})
        if lot is not None and lot.id in self._given:
            facts = {"lot": lot.code, "donation": self._given[lot.id]}
            return "lot", Problem("donation.lot", facts)
        if not (v["amount"] or lot):
            return "amount", Problem("donation.nothing")
        return None

    def _about_paper(self, v: dict[str, Any]) -> Wrong | None:
        receipt = v["receipt"]
        if not (v["day"] or v["pledged_on"]):
            return "day", self._judge.required("day")
        if not receipt:
            return None
        if not v["day"]:
            return "receipt", Problem("donation.row_receipt")
        if donations.RECEIPT.fullmatch(receipt) is None:
            return "receipt", Problem("donation.receipt_form", {"receipt": receipt})
        if receipt in self._receipts:
            facts = {"receipt": receipt, "donation": self._receipts[receipt]}
            return "receipt", Problem("donation.receipt_used", facts)
        return None

    def _giver(self, v: dict[str, Any]) -> Giver | Problem:
        kind = v["donor_kind"] or ("organisation" if v["uscc"] else "person" if v["number"] else "")
        if not kind:
            return self._judge.required("donor_kind") if v["donor"] else Giver("anonymous")
        publish = str(v["publish"]).casefold() in YES
        giver = Giver(kind, v["donor"], v["number"], v["uscc"], v["phone"], publish=publish)
        return donors.checked(giver, self._desk.day)

    def _row(
        self, row: int, v: dict[str, Any], giver: Giver, fund: Fund, lot: Lot | None
    ) -> Row:  # fmt: skip
        promised = not v["day"]
        channel = v["channel"] or ("goods" if lot and not v["amount"] else "bank")
        return Row(
            row, giver.kind, giver.name, giver.number, giver.uscc, giver.phone, giver.publish,
            fund.id, v["amount"] or 0, v["day"] or v["pledged_on"], promised, channel,
            v["campaign"], v["earmark"], v["reference"], v["receipt"], lot.id if lot else "",
            v["qty"] or 0,
        )  # fmt: skip
