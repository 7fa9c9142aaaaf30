"""The rows of the store, as Python sees them, and what of each may stand in public.

A recorded table leaves an `audit_row` for every change. ``public`` columns go into it as they are;
all other columns and the sealed values stand under the private hash (model.md, The record).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class Office(NamedTuple):
    id: str
    code: str
    name: str
    level: str
    letters: str
    parent_id: str | None
    log: str
    pseudo: int
    valid_from: str
    valid_to: str | None
    version: int


class Staff(NamedTuple):
    id: str
    login: str
    name: str
    os_user: str | None
    active: int
    version: int


class DutyGrant(NamedTuple):
    id: str
    staff_id: str
    duty: str
    office_id: str
    valid_from: str
    valid_to: str | None
    granted_by: str | None
    version: int


class SshKey(NamedTuple):
    id: str
    staff_id: str
    kind: str
    public_key: str
    fingerprint: str
    revoked_on: str | None
    version: int


class Programme(NamedTuple):
    id: str
    code: str
    name: str
    name_en: str
    version: int


class ProgrammeVersion(NamedTuple):
    id: str
    programme_id: str
    number: int
    effective_from: str
    effective_to: str | None
    rules: str
    sha256: str
    citation: str
    version: int


class Cycle(NamedTuple):
    id: str
    programme_id: str
    code: str
    label: str
    state: str
    opens_on: str
    closes_on: str | None
    version: int


class Round(NamedTuple):
    id: str
    cycle_id: str
    number: int
    label: str
    version: int


class Quota(NamedTuple):
    id: str
    cycle_id: str
    office_id: str
    category: str
    allotted: int
    version: int


class Household(NamedTuple):
    id: str
    office_id: str
    version: int


class Person(NamedTuple):
    id: str
    doc: int
    office_id: str
    household_id: str
    state: str
    name: str | None
    sex: str | None
    born: str | None
    id_kind: str | None
    died_on: str | None
    merged_into: str | None
    sealed: bytes | None
    version: int


class Relation(NamedTuple):
    id: str
    person_id: str
    kind: str
    office_id: str
    other_id: str | None
    sealed: bytes | None
    version: int


class Account(NamedTuple):
    id: str
    person_id: str
    office_id: str
    hash: int
    bank: str | None
    sealed: bytes | None
    version: int


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


class Fund(NamedTuple):
    id: str
    code: str
    name: str
    programme_id: str
    office_id: str
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


class ImportBatch(NamedTuple):
    id: str
    kind: str
    cycle_id: str
    office_id: str
    staff_id: str
    file_name: str
    file_sha256: str
    file_type: str
    sheet: str | None
    header: str
    plan_id: str
    state: str
    applied_on: str
    rows_read: int
    rows_new: int
    rows_updated: int
    rows_unchanged: int
    rows_rejected: int
    fen: int
    version: int
    rows_undecided: int | None = None
    profile: str | None = None


class ImportProfile(NamedTuple):
    id: str
    name: str
    kind: str
    rules: str
    made_by: str
    version: int


class DuplicatePair(NamedTuple):
    id: str
    office_id: str
    left_id: str
    right_id: str | None
    batch_id: str | None
    row_no: int | None
    row_key: str
    score: int
    band: str
    parts: str
    state: str
    decided_by: str | None
    decided_on: str | None
    version: int
    sealed: bytes | None = None


class ChangeRequest(NamedTuple):
    id: str
    person_id: str
    office_id: str
    field: str
    state: str
    reason: str
    batch_id: str | None
    asked_by: str
    decided_by: str | None
    sealed: bytes | None
    version: int


class PersonMerge(NamedTuple):
    id: str
    office_id: str
    winner_id: str
    loser_id: str
    state: str
    decided_by: str
    merged_on: str
    version: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose changes are recorded. ``private`` columns are hashed, never shown."""

    name: str
    row: Any
    private: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns, in the order of the row."""
        fields: tuple[str, ...] = self.row._fields
        return fields

    @property
    def listed(self) -> str:
        """The columns as a SELECT names them."""
        return ", ".join(self.columns)

    @property
    def public(self) -> tuple[str, ...]:
        """What of a row stands in the record as it is; the id and the version stand beside it."""
        hidden = self.private | {"id", "version", "sealed"}
        return tuple(column for column in self.columns if column not in hidden)

    @property
    def sealed(self) -> bool:
        """Whether a row carries sealed values."""
        return "sealed" in self.columns


def _table(name: str, row: Any, *private: str) -> Table:
    made = Table(name, row, frozenset(private))
    RECORDED[name] = made
    return made


RECORDED: dict[str, Table] = {}

OFFICE = _table("office", Office)
STAFF = _table("staff", Staff, "name", "os_user")
DUTY_GRANT = _table("duty_grant", DutyGrant)
SSH_KEY = _table("ssh_key", SshKey, "public_key")
PROGRAMME = _table("programme", Programme)
PROGRAMME_VERSION = _table("programme_version", ProgrammeVersion, "rules")
CYCLE = _table("cycle", Cycle)
ROUND = _table("round", Round)
QUOTA = _table("quota", Quota)
HOUSEHOLD = _table("household", Household)
PERSON = _table("person", Person, "name", "sex", "born", "id_kind", "died_on", "doc")
RELATION = _table("relation", Relation)
ACCOUNT = _table("account", Account, "hash", "bank")
ITEM = _table("item", Item)
LOT = _table("lot", Lot)
ROSTER = _table("roster", Roster)
AID_CASE = _table(
    "aid_case", AidCase, "category", "hardship", "hardship_until", "household_id", "line_hash"
)
CASE_ACTION = _table("case_action", CaseAction, "reason")
MAKER = _table("maker", Maker)
APPROVAL = _table("approval", Approval)
FUND = _table("fund", Fund)
ENTITLEMENT = _table("entitlement", Entitlement)
BATCH = _table("batch", Batch, "note")
DISBURSEMENT = _table("disbursement", Disbursement)
LEDGER_ENTRY = _table("ledger_entry", LedgerEntry)
DISASTER = _table("disaster", Disaster)
INSTITUTION = _table("institution", Institution)
TRANSFER = _table("transfer", Transfer, "purpose")
TRANSFER_LINE = _table("transfer_line", TransferLine)
IMPORT_BATCH = _table("import_batch", ImportBatch, "file_name", "header")
IMPORT_PROFILE = _table("import_profile", ImportProfile, "rules")
DUPLICATE_PAIR = _table("duplicate_pair", DuplicatePair, "parts", "row_key")
CHANGE_REQUEST = _table("change_request", ChangeRequest, "reason")
PERSON_MERGE = _table("person_merge", PersonMerge)

DIGESTED = [
    "setting",
    "region",
    "office",
    "staff",
    "duty_grant",
    "ssh_key",
    "programme",
    "programme_version",
    "cycle",
    "round",
    "quota",
    "household",
    "person",
    "person_key",
    "relation",
    "account",
    "item",
    "lot",
    "import_profile",
    "change_request",
    "person_merge",
    "duplicate_pair",
    "roster",
    "aid_case",
    "case_action",
    "maker",
    "approval",
    "fund",
    "entitlement",
    "batch",
    "disbursement",
    "served",
    "disaster",
    "institution",
    "transfer",
    "transfer_line",
    "ledger_entry",
    "balance",
    "flow",
]
"""The tables of `db check --digest`, in the order in which they refer to each other."""
