"""People who act: added, given duties for an office and all below it, given SSH keys."""

from __future__ import annotations

import base64
import hashlib

from rcaid.db import offices
from rcaid.db.tables import DUTY_GRANT, SSH_KEY, STAFF, DutyGrant, SshKey, Staff
from rcaid.db.unit import Entry, Unit
from rcaid.domain.duties import DUTIES
from rcaid.domain.errors import Problem, Refused
from rcaid.services.desk import Desk


def office_id(desk: Desk, code: str) -> str:
    """The id of an office by its code; Refused office.unknown."""
    office = desk.offices.by_code.get(code)
    if office is None:
        raise Refused(Problem("office.unknown", {"value": code}, value=code))
    return office.id


def add(
    desk: Desk, login: str, name: str, grants: list[tuple[str, str]], os_user: str | None = None
) -> Entry:
    """Adds a person with their first duties, as (duty, office code)."""
    if offices.staff_by_login(desk.store, login):
        raise Refused(Problem("user.exists", {"login": login}))
    if os_user and offices.staff_by_os_user(desk.store, os_user):
        raise Refused(Problem("user.os_user", {"os_user": os_user}))
    places = [(_known_duty(duty), office_id(desk, code)) for duty, code in grants]
    for _, office in places:
        desk.require("user.add", office)

    def work(unit: Unit) -> None:
        staff = Staff(unit.new_id(), login, name, os_user, 1, 1)
        unit.insert(STAFF, [staff])
        ids = unit.ids()
        rows = [
            DutyGrant(next(ids), staff.id, duty, office, unit.day, None, desk.actor.staff_id, 1)
            for duty, office in places
        ]
        unit.insert(DUTY_GRANT, rows)

    return desk.write("user.add", desk.office_for("user.add").id, work, object=login)[1]


def grant(desk: Desk, login: str, duty: str, office_code: str) -> Entry:
    """Gives a person a duty for an office and all below it, from today."""
    staff = _known(desk, login)
    office = office_id(desk, office_code)
    _known_duty(duty)

    def work(unit: Unit) -> None:
        row = DutyGrant(
            unit.new_id(), staff.id, duty, office, unit.day, None, desk.actor.staff_id, 1
        )
        unit.insert(DUTY_GRANT, [row])

    return desk.write("user.grant", office, work, object=login)[1]


def revoke(desk: Desk, login: str, duty: str, office_code: str) -> Entry:
    """Ends a duty as of yesterday."""
    staff = _known(desk, login)
    office = office_id(desk, office_code)
    held = [
        each
        for each in offices.grants(desk.store, staff.id, desk.day)
        if each.duty == duty and each.office_id == office
    ]
    if not held:
        raise Refused(Problem("user.no_duty", {"login": login, "duty": duty}))

    def work(unit: Unit) -> None:
        ended = [row._replace(valid_to=_day_before(unit.day)) for row in held]
        unit.update(DUTY_GRANT, ended, ("valid_to",))

    return desk.write("user.revoke", office, work, object=login)[1]


def add_key(desk: Desk, login: str, public_key: str) -> Entry:
    """Gives a person an SSH key, as it stands in a .pub file."""
    staff = _known(desk, login)
    kind, text, fingerprint = parse_key(public_key)
    if offices.ssh_key_known(desk.store, fingerprint):
        raise Refused(Problem("user.key_known", {"fingerprint": fingerprint}))

    def work(unit: Unit) -> None:
        row = SshKey(unit.new_id(), staff.id, kind, text, fingerprint, None, 1)
        unit.insert(SSH_KEY, [row])

    return desk.write("user.key", _over(desk, staff.id), work, object=login)[1]


def revoke_key(desk: Desk, fingerprint: str) -> Entry:
    """Ends an SSH key at once."""
    found = offices.ssh_key(desk.store, fingerprint)
    if found is None:
        raise Refused(Problem("user.key_unknown", {"fingerprint": fingerprint}))
    key, login = found

    def work(unit: Unit) -> None:
        unit.update(SSH_KEY, [key._replace(revoked_on=unit.day)], ("revoked_on",))

    place = _over(desk, key.staff_id)
    return desk.write("user.key", place, work, object=login, reason="revoked")[1]


def parse_key(public_key: str) -> tuple[str, str, str]:
    """Kind, base64 text and SHA256 fingerprint of an OpenSSH public key line."""
    parts = public_key.split()
    try:
        kind, text = parts[0], parts[1]
        blob = base64.b64decode(text, validate=True)
    except (IndexError, ValueError) as error:
        raise Refused(Problem("user.key_form")) from error
    if not kind.startswith(("ssh-", "ecdsa-", "sk-")) or kind.encode() not in blob[:64]:
        raise Refused(Problem("user.key_form"))
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return kind, text, f"SHA256:{digest}"


def _over(desk: Desk, staff_id: str) -> str:
    """The office to act from on a person's keys: a key opens all their duties, so all must be
    within the administrator's offices."""
    held = offices.grants(desk.store, staff_id, desk.day)
    for grant in held:
        desk.require("user.key", grant.office_id)
    return held[0].office_id if held else desk.office_for("user.key").id


def _known(desk: Desk, login: str) -> Staff:
    staff = offices.staff_by_login(desk.store, login)
    if staff is None:
        raise Refused(Problem("who.unknown", {"login": login}))
    return staff


def _known_duty(duty: str) -> str:
    if duty not in DUTIES:
        raise Refused(Problem("user.duty_unknown", {"duty": duty, "known": ", ".join(DUTIES)}))
    return duty


def _day_before(day: str) -> str:
    from datetime import date, timedelta

    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
