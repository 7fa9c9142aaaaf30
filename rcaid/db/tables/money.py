"""Funds, the ledger, goods by lot, donations."""

from __future__ import annotations

from typing import NamedTuple

from rcaid.db.tables.base import table


class Fund(NamedTuple):
    id: str
    code: str
    name: str
    programme_id: str
    office_id: str
    version: int
    restriction: str | None = None
    scope: str | None = None
    closed_on: str | None = None


class LedgerEntry(NamedTuple):
    id: str
    day: str
    kind: str
    debit: str
    credit: str
    fund_id: str
    fen: int
    office_id: str
    entitlement_id: str | None
    disbursement_id: str | None
    reverses: str | None
    idem: str
    version: int
    transfer_id: str | None = None
    case_id: str | None = None
    donation_id: str | None = None


class Item(NamedTuple):
    id: str
    code: str
    name: str
    unit: str
    category: str
    version: int


class Lot(NamedTuple):
    id: str
    item_id: str
    code: str
    unit_value_fen: int | None
    basis: int
    received_on: str
    version: int
    source: str | None = None
    evidence: str | None = None
    expires_on: str | None = None
    counted: int | None = None


class Donor(NamedTuple):
    id: str
    code: str
    kind: str
    office_id: str
    name: str | None
    uscc: str | None
    publish: int
    sealed: bytes | None
    version: int


class DonorParty(NamedTuple):
    id: str
    donor_id: str
    office_id: str
    relation: str
    name: str | None
    hash: int | None
    uscc: str | None
    version: int


class DonationReceipt(NamedTuple):
    id: str
    donation_id: str
    office_id: str
    number: str
    code: str | None
    checked: str | None
    issued_on: str
    fen: int | None
    state: str
    replaces: str | None
    version: int


class FundMove(NamedTuple):
    id: str
    office_id: str
    from_id: str
    to_id: str
    kind: str
    fen: int
    day: str
    paper: str | None
    key: str
    version: int


class Donation(NamedTuple):
    id: str
    number: str
    office_id: str
    donor_id: str
    fund_id: str
    state: str
    channel: str
    campaign: str | None
    pledged_fen: int
    fen: int
    pledged_on: str | None
    received_on: str | None
    earmark: str | None
    reference: str | None
    receipt_no: str | None
    version: int


class DonationLine(NamedTuple):
    id: str
    donation_id: str
    lot_id: str
    qty: int
    value_fen: int | None
    version: int


class FundPeriod(NamedTuple):
    id: str
    month: str
    office_id: str
    closed_by: str
    closed_on: str
    sha256: str
    version: int


class StockEntry(NamedTuple):
    id: str
    day: str
    kind: str
    debit: str
    credit: str
    lot_id: str
    qty: int
    office_id: str
    batch_id: str | None
    disbursement_id: str | None
    transfer_id: str | None
    donation_id: str | None
    reverses: str | None
    idem: str
    version: int


class Recovery(NamedTuple):
    id: str
    case_id: str
    office_id: str
    fund_id: str
    fen: int
    back_fen: int
    lost_fen: int
    state: str
    version: int


FUND = table("fund", Fund)
LEDGER_ENTRY = table("ledger_entry", LedgerEntry)
ITEM = table("item", Item)
LOT = table("lot", Lot, "evidence")
DONOR = table("donor", Donor, "name", "uscc")
DONOR_PARTY = table("donor_party", DonorParty, "name", "hash", "uscc")
DONATION_RECEIPT = table("donation_receipt", DonationReceipt)
FUND_MOVE = table("fund_move", FundMove, "paper")
DONATION = table("donation", Donation, "earmark", "reference")
DONATION_LINE = table("donation_line", DonationLine)
FUND_PERIOD = table("fund_period", FundPeriod)
STOCK_ENTRY = table("stock_entry", StockEntry)
RECOVERY = table("recovery", Recovery)
