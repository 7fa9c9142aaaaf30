"""Rosters and their lines, who is to get what, and what went out."""

from __future__ import annotations

from typing import NamedTuple

from rcaid.db.tables.base import table


class Roster(NamedTuple):
    id: str
    cycle_id: str
    office_id: str
    number: str
    state: str
    supplements: str | None
    rounds: str | None
    lines: int
    frozen_hash: str | None
    opened_on: str
    version: int


class AidCase(NamedTuple):
    id: str
    case_no: str
    lane: str
    cycle_id: str
    roster_id: str | None
    office_id: str
    person_id: str
    household_id: str
    category: str | None
    hardship: str | None
    hardship_until: str | None
    fen: int | None
    item_id: str | None
    qty: int | None
    account_id: str | None
    state: str
    line_hash: str | None
    sealed: bytes | None
    version: int


class CaseAction(NamedTuple):
    id: str
    case_id: str
    office_id: str
    staff_id: str
    duty: str
    action: str
    source: str
    target: str
    at: str
    reason: str | None
    version: int
    fen: int | None = None
    papers: str | None = None
    sealed: bytes | None = None


class Maker(NamedTuple):
    id: str
    noun: str
    object_id: str
    staff_id: str
    act: str
    version: int


class Approval(NamedTuple):
    id: str
    noun: str
    object_id: str
    step: str
    maker_id: str
    checker_id: str
    hash: str
    version: int


class Entitlement(NamedTuple):
    id: str
    case_id: str
    round_id: str
    kind: str
    office_id: str
    person_id: str
    fund_id: str
    fen: int | None
    item_id: str | None
    qty: int | None
    account_id: str | None
    state: str
    resume_to: str | None
    version: int
    again: int | None = None


class Batch(NamedTuple):
    id: str
    number: str
    round_id: str
    office_id: str
    kind: str
    lot_id: str | None
    state: str
    lines: int
    fen: int
    qty: int
    left_out: int
    file_sha256: str | None
    released_on: str | None
    note: str | None
    version: int
    channel: str | None = None
    template: str | None = None
    place: str | None = None
    held_on: str | None = None
    staff_one: str | None = None
    staff_two: str | None = None
    explained_by: str | None = None
    explanation: str | None = None
    statement_fen: int | None = None
    vouchers: int | None = None


class Disbursement(NamedTuple):
    id: str
    batch_id: str
    entitlement_id: str
    voucher: str
    live: int | None
    office_id: str
    person_id: str
    household_id: str | None
    kind: str
    fen: int | None
    item_id: str | None
    lot_id: str | None
    qty: int | None
    value_fen: int
    account_id: str | None
    state: str
    done_on: str | None
    code: str | None
    replaces: str | None
    sealed: bytes | None
    version: int


class BatchFlag(NamedTuple):
    id: str
    batch_id: str
    office_id: str
    code: str
    object: str
    n: int
    state: str
    cleared_by: str | None
    reason: str | None
    version: int


ROSTER = table("roster", Roster)
AID_CASE = table(
    "aid_case", AidCase, "category", "hardship", "hardship_until", "household_id", "line_hash"
)
CASE_ACTION = table("case_action", CaseAction, "reason")
MAKER = table("maker", Maker)
APPROVAL = table("approval", Approval)
ENTITLEMENT = table("entitlement", Entitlement)
BATCH = table("batch", Batch, "note", "place")
DISBURSEMENT = table("disbursement", Disbursement)
BATCH_FLAG = table("batch_flag", BatchFlag, "object")
