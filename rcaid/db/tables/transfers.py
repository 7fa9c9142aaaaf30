"""Help to institutions and other regions, and the disasters it is for."""

from __future__ import annotations

from typing import NamedTuple

from rcaid.db.tables.base import table


class Disaster(NamedTuple):
    id: str
    code: str
    name: str
    kind: str
    place: str
    happened_on: str
    phase: str
    state: str
    office_id: str
    closed_on: str | None
    version: int


class Institution(NamedTuple):
    id: str
    code: str
    name: str
    kind: str
    place: str
    office_id: str
    version: int
    uscc: str | None = None


class Transfer(NamedTuple):
    id: str
    number: str
    office_id: str
    programme_id: str
    fund_id: str
    institution_id: str
    disaster_id: str | None
    purpose: str
    state: str
    fen: int
    goods_fen: int
    sent_on: str | None
    received_on: str | None
    reported_on: str | None
    version: int


class TransferLine(NamedTuple):
    id: str
    transfer_id: str
    lot_id: str
    qty: int
    value_fen: int | None
    version: int


DISASTER = table("disaster", Disaster)
INSTITUTION = table("institution", Institution)
TRANSFER = table("transfer", Transfer, "purpose")
TRANSFER_LINE = table("transfer_line", TransferLine)
