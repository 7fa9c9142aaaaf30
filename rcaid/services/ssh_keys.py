"""What sshd asks before anybody is here: whose key is this."""

from __future__ import annotations

import re

from rcaid.db import offices
from rcaid.db.engine import open_store

LOGIN = re.compile(r"[a-z0-9_][a-z0-9._-]{0,63}")
"""Logins that may stand in a forced command; nothing a shell or an option parser would act on."""

_KIND = re.compile(r"[a-z0-9@.-]{1,64}")
_TEXT = re.compile(r"[A-Za-z0-9+/]{16,16384}={0,2}")


def owner_of(url: str, fingerprint: str, kind: str, text: str) -> str | None:
    """The login a key opens a session for; None for a key that is unknown or revoked, and for one
    whose owner is not active or has a login that may not stand in a forced command."""
    if _KIND.fullmatch(kind) is None or _TEXT.fullmatch(text) is None:
        return None
    store = open_store(url, read_only=True)
    try:
        found = offices.ssh_key(store, fingerprint)
        if found is None:
            return None
        key, login = found
        same = (key.kind, key.public_key.rstrip("=")) == (kind, text.rstrip("="))
        if not same or LOGIN.fullmatch(login) is None:
            return None
        return login if offices.staff_by_login(store, login) else None
    finally:
        store.close()
