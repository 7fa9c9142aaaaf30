"""Offices, the people who act, and their duties."""

from __future__ import annotations

from rcaid.db.engine import Store, one, statement
from rcaid.db.tables import DUTY_GRANT, OFFICE, SSH_KEY, STAFF, DutyGrant, Office, SshKey, Staff

_ALL = statement("office.all", f"SELECT {OFFICE.listed} FROM office ORDER BY code")
_BY_LOGIN = statement(
    "staff.by_login", f"SELECT {STAFF.listed} FROM staff WHERE login = :login AND active = 1"
)
_BY_OS_USER = statement(
    "staff.by_os_user", f"SELECT {STAFF.listed} FROM staff WHERE os_user = :user AND active = 1"
)
_STAFF = statement("staff.all", f"SELECT {STAFF.listed} FROM staff ORDER BY login")
_GRANTS = statement(
    "duty.of_staff",
    f"SELECT {DUTY_GRANT.listed} FROM duty_grant WHERE staff_id = :staff AND valid_from <= :day"
    " AND (valid_to IS NULL OR valid_to >= :day) ORDER BY id",
)
_KEY = statement(
    "ssh_key.by_fingerprint",
    f"SELECT {SSH_KEY.listed} FROM ssh_key WHERE fingerprint = :fingerprint AND revoked_on IS NULL",
)
_KEY_KNOWN = statement("ssh_key.known", "SELECT 1 FROM ssh_key WHERE fingerprint = :fingerprint")
_KEYS_OF = statement(
    "ssh_key.of_staff", f"SELECT {SSH_KEY.listed} FROM ssh_key WHERE staff_id = :staff ORDER BY id"
)
_LOGIN_OF = statement("staff.login_of", "SELECT login FROM staff WHERE id = :id")


def all_offices(store: Store) -> list[Office]:
    """Every office, by code."""
    return [Office(*row) for row in store.rows(_ALL)]


def staff_by_login(store: Store, login: str) -> Staff | None:
    """The active person of this login."""
    found = one(store, _BY_LOGIN, {"login": login})
    return Staff(*found) if found else None


def staff_by_os_user(store: Store, user: str) -> Staff | None:
    """The active person of this operating system's user."""
    found = one(store, _BY_OS_USER, {"user": user})
    return Staff(*found) if found else None


def all_staff(store: Store) -> list[Staff]:
    """Everybody who acts or acted, by login."""
    return [Staff(*row) for row in store.rows(_STAFF)]


def grants(store: Store, staff_id: str, day: str) -> list[DutyGrant]:
    """The duties a person holds on a day."""
    return [DutyGrant(*row) for row in store.rows(_GRANTS, {"staff": staff_id, "day": day})]


def ssh_key(store: Store, fingerprint: str) -> tuple[SshKey, str] | None:
    """A key that is not revoked, and the login of its owner."""
    found = one(store, _KEY, {"fingerprint": fingerprint})
    if not found:
        return None
    key = SshKey(*found)
    login = one(store, _LOGIN_OF, {"id": key.staff_id})
    return (key, login[0]) if login else None


def ssh_key_known(store: Store, fingerprint: str) -> bool:
    """Whether anybody has or had this key."""
    return one(store, _KEY_KNOWN, {"fingerprint": fingerprint}) is not None


def ssh_keys_of(store: Store, staff_id: str) -> list[SshKey]:
    """All keys a person ever had."""
    return [SshKey(*row) for row in store.rows(_KEYS_OF, {"staff": staff_id})]
