"""Single applications: what they say beside their case, papers, consents, notices, follow-ups."""

from __future__ import annotations

from typing import NamedTuple

from rcaid.db.tables.base import table


class Application(NamedTuple):
    """Beside its case in `aid_case`, with the same id; sums in fen, days as text."""

    id: str
    office_id: str
    received_on: str
    first_entry_on: str
    complete_on: str | None
    due_on: str | None
    paused_on: str | None
    paused_days: int
    disease: str | None
    stage: str | None
    cause: str | None
    disaster_id: str | None
    income_fen: int | None
    cost_fen: int | None
    out_of_pocket_fen: int | None
    asked_fen: int | None
    proposed_fen: int | None
    approved_fen: int | None
    fund_id: str | None
    round_id: str | None
    urgent: int
    review_due_on: str | None
    reviewed_on: str | None
    may_publish: int | None
    resume_to: str | None
    reason: str | None
    rejected_on: str | None
    appealed_on: str | None
    follow_up: int | None
    sealed: bytes | None
    version: int


class CasePaper(NamedTuple):
    id: str
    case_id: str
    office_id: str
    code: str
    state: str
    seen_by: str | None
    seen_on: str | None
    expires_on: str | None
    sha256: str | None
    pages: int | None
    reason: str | None
    version: int


class Consent(NamedTuple):
    id: str
    person_id: str
    office_id: str
    kind: str
    text_version: str
    text_sha256: str
    given_by: str
    method: str
    given_on: str
    withdrawn_on: str | None
    version: int


class Recusal(NamedTuple):
    id: str
    case_id: str
    office_id: str
    staff_id: str
    reason: str
    version: int


class Notice(NamedTuple):
    id: str
    number: str
    office_id: str
    cycle_id: str
    state: str
    days: int
    unit: str
    starts_on: str | None
    ends_on: str | None
    phone: str
    content: str | None
    sha256: str | None
    corrects: str | None
    why: str | None
    version: int


class NoticeLine(NamedTuple):
    id: str
    notice_id: str
    case_id: str
    n: int
    shown: str
    state: str
    ends_on: str | None
    version: int


class Objection(NamedTuple):
    id: str
    notice_id: str
    case_id: str
    office_id: str
    state: str
    received_on: str
    taken_by: str
    decided_by: str | None
    decided_on: str | None
    reason: str | None
    sealed: bytes | None
    version: int


class FollowUp(NamedTuple):
    id: str
    case_id: str
    office_id: str
    due_on: str
    state: str
    method: str | None
    done_on: str | None
    done_by: str | None
    received: int | None
    matched: int | None
    sealed: bytes | None
    version: int


class Snapshot(NamedTuple):
    id: str
    number: str
    office_id: str
    report: str
    params: str
    as_of: str
    content: str
    sha256: str
    made_by: str
    made_at: str
    note: str | None
    version: int


APPLICATION = table(
    "application", Application, "disease", "stage", "cause", "income_fen", "cost_fen",
    "out_of_pocket_fen", "reason",
)  # fmt: skip
CASE_PAPER = table("case_paper", CasePaper, "code", "reason", "sha256")
CONSENT = table("consent", Consent, "given_by")
RECUSAL = table("recusal", Recusal)
NOTICE = table("notice", Notice, "content", "phone", "why")
NOTICE_LINE = table("notice_line", NoticeLine, "shown")
OBJECTION = table("objection", Objection)
FOLLOW_UP = table("follow_up", FollowUp, "received", "matched")
SNAPSHOT = table("snapshot", Snapshot, "params", "content", "note")
