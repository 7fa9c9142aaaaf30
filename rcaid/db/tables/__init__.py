"""The rows of the store, as Python sees them, and what of each may stand in public.

A recorded table leaves an `audit_row` for every change. ``public`` columns go into it as they are;
all other columns and the sealed values stand under the private hash (model.md, The record).
"""

# fmt: off
from rcaid.db.tables.aid import (
    AID_CASE, APPROVAL, AidCase, Approval, BATCH, BATCH_FLAG, Batch, BatchFlag, CASE_ACTION,
    CaseAction, DISBURSEMENT, Disbursement, ENTITLEMENT, Entitlement, MAKER, Maker, ROSTER,
    Roster,
)
from rcaid.db.tables.applications import (
    APPLICATION, Application, CASE_PAPER, CONSENT, CasePaper, Consent, FOLLOW_UP, FollowUp,
    NOTICE, NOTICE_LINE, Notice, NoticeLine, OBJECTION, Objection, RECUSAL, Recusal, SNAPSHOT,
    Snapshot,
)
from rcaid.db.tables.base import RECORDED, Table
from rcaid.db.tables.imports import IMPORT_BATCH, IMPORT_PROFILE, ImportBatch, ImportProfile
from rcaid.db.tables.money import (
    DONATION, DONATION_LINE, DONATION_RECEIPT, DONOR, DONOR_PARTY, Donation, DonationLine,
    DonationReceipt, Donor, DonorParty, FUND, FUND_MOVE, FUND_PERIOD, Fund, FundMove,
    FundPeriod, ITEM, Item, LEDGER_ENTRY, LOT, LedgerEntry, Lot, RECOVERY, Recovery,
    STOCK_ENTRY, StockEntry,
)
from rcaid.db.tables.people import (
    ACCOUNT, Account, CHANGE_REQUEST, ChangeRequest, DUPLICATE_PAIR, DuplicatePair, HOUSEHOLD,
    Household, PERSON, PERSON_MERGE, Person, PersonMerge, RELATION, Relation,
)
from rcaid.db.tables.society import (
    CYCLE, Cycle, DUTY_GRANT, DutyGrant, OFFICE, Office, PROGRAMME, PROGRAMME_VERSION,
    Programme, ProgrammeVersion, QUOTA, Quota, ROUND, Round, SSH_KEY, STAFF, SshKey, Staff,
)
from rcaid.db.tables.transfers import (
    DISASTER, Disaster, INSTITUTION, Institution, TRANSFER, TRANSFER_LINE, Transfer,
    TransferLine,
)

DIGESTED = (
    "setting", "region", "office", "staff", "duty_grant", "ssh_key", "programme",
    "programme_version", "cycle", "round", "quota", "household", "person", "person_key",
    "relation", "account", "item", "lot", "import_profile", "change_request", "person_merge",
    "duplicate_pair", "consent", "donor", "roster", "aid_case", "application", "case_paper",
    "recusal", "case_action", "maker", "approval", "fund", "fund_move", "fund_period",
    "donor_party", "donation", "donation_line", "donation_receipt", "notice", "notice_line", "objection", "follow_up", "recovery",
    "entitlement", "batch", "batch_flag", "disbursement", "served", "disaster", "institution",
    "transfer", "transfer_line", "ledger_entry", "balance", "stock_entry", "stock", "snapshot",
    "flow",
)
"""The tables of `db check --digest`, in the order in which they refer to each other."""
# fmt: on
