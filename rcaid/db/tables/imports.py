"""What came in from files."""

from __future__ import annotations

from typing import NamedTuple

from rcaid.db.tables.base import table


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


IMPORT_BATCH = table("import_batch", ImportBatch, "file_name", "header")
IMPORT_PROFILE = table("import_profile", ImportProfile, "rules")
