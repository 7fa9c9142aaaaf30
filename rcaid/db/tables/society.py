"""Places, people who act, programmes with their cycles, rounds and quotas."""

from __future__ import annotations

from typing import NamedTuple

from rcaid.db.tables.base import table


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


OFFICE = table("office", Office)
STAFF = table("staff", Staff, "name", "os_user")
DUTY_GRANT = table("duty_grant", DutyGrant)
SSH_KEY = table("ssh_key", SshKey, "public_key")
PROGRAMME = table("programme", Programme)
PROGRAMME_VERSION = table("programme_version", ProgrammeVersion, "rules")
CYCLE = table("cycle", Cycle)
ROUND = table("round", Round)
QUOTA = table("quota", Quota)
