"""People who act: added with duties, given and taken away again, with keys of their own."""

from __future__ import annotations

import base64

import pytest

from rcaid.services import staff
from rcaid.services.society import as_person
from tests.services.conftest import JD, PD, Society
from tests.services.writing import contents, newcomer, refused, rows

BLOB = base64.b64encode(b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00 " + bytes(range(32))).decode()
KEY = f"ssh-ed25519 {BLOB} somebody@somewhere"


def duties(society: Society, login: str) -> set[tuple[str, str]]:
    """What somebody may do today, by office code."""
    desk = as_person(society.admin, login)
    return {(duty, desk.offices.by_id[office].code) for duty, office in desk.actor.duties}


def test_somebody_new_has_the_duties_they_were_given(society: Society) -> None:
    staff.add(society.admin, "new", "新人", [("caseworker", JD), ("keeper", PD)], os_user="new1")

    assert duties(society, "new") == {("caseworker", JD), ("keeper", PD)}
    [row] = rows(society.admin.store, "SELECT name, os_user, active FROM staff WHERE login = 'new'")
    assert row == ("新人", "new1", 1)


@pytest.mark.parametrize(
    ("grants", "code"),
    [
        ([("king", JD)], "user.duty_unknown"),
        ([("caseworker", "999999")], "office.unknown"),
        ([("caseworker", JD), ("", JD)], "user.duty_unknown"),
    ],
)
def test_nobody_is_added_with_a_duty_or_office_that_there_is_not(
    society: Society, grants: list[tuple[str, str]], code: str
) -> None:
    before = contents(society.admin.store)
    with refused(code):
        staff.add(society.admin, "new", "New", grants)
    assert contents(society.admin.store) == before


def test_a_login_and_a_user_of_the_system_belong_to_one_person(society: Society) -> None:
    staff.add(society.admin, "one", "One", [], os_user="root")
    with refused("user.exists"):
        staff.add(society.admin, "one", "Two", [])
    with refused("user.os_user"):
        staff.add(society.admin, "two", "Two", [], os_user="root")


def test_a_duty_is_given_and_taken_away(society: Society) -> None:
    staff.grant(society.admin, "jd-keeper", "notice", JD)
    assert duties(society, "jd-keeper") == {("keeper", JD), ("notice", JD)}
    staff.revoke(society.admin, "jd-keeper", "notice", JD)
    assert duties(society, "jd-keeper") == {("keeper", JD)}
    with refused("user.no_duty"):
        staff.revoke(society.admin, "jd-keeper", "notice", JD)
    with refused("user.no_duty"):
        staff.revoke(society.admin, "jd-keeper", "keeper", PD)


def test_a_duty_given_twice_is_taken_away_at_once(society: Society) -> None:
    for _ in range(2):
        staff.grant(society.admin, "jd-keeper", "notice", JD)
    staff.revoke(society.admin, "jd-keeper", "notice", JD)
    assert duties(society, "jd-keeper") == {("keeper", JD)}


def test_a_grant_says_who_gave_it(society: Society) -> None:
    staff.grant(society.admin, "jd-keeper", "notice", JD)
    [(by,)] = rows(society.admin.store, "SELECT granted_by FROM duty_grant WHERE duty = 'notice' AND valid_to IS NULL ORDER BY id DESC LIMIT 1")  # fmt: skip
    assert by == society.admin.actor.staff_id


@pytest.mark.parametrize("act", [lambda s: staff.grant(s.admin, "nobody", "keeper", JD), lambda s: staff.revoke(s.admin, "nobody", "keeper", JD), lambda s: staff.add_key(s.admin, "nobody", KEY)])  # fmt: skip
def test_somebody_unknown_gets_nothing(society: Society, act: object) -> None:
    assert callable(act)
    with refused("who.unknown"):
        act(society)


def test_an_administrator_of_a_district_gives_nothing_beyond_it(society: Society) -> None:
    admin = newcomer(society, "jd-admin", "administrator")
    before = contents(society.admin.store)
    for act in (
        lambda: staff.grant(admin, "jd-keeper", "approver", "310000"),
        lambda: staff.grant(admin, "jd-admin", "administrator", "310000"),
        lambda: staff.add(admin, "new", "New", [("keeper", JD), ("keeper", PD)]),
        lambda: staff.revoke(admin, "pd-approver", "approver", PD),
        lambda: staff.add_key(admin, "sh-approver", KEY),
    ):
        with refused("who.no_duty"):
            act()
    assert contents(society.admin.store) == before
    staff.add(admin, "new", "New", [("keeper", JD)])
    staff.add_key(admin, "new", KEY)


def test_a_key_belongs_to_one_person_and_ends_for_good(society: Society) -> None:
    staff.add_key(society.admin, "jd-caseworker", KEY)
    with refused("user.key_known"):
        staff.add_key(society.admin, "jd-verifier", KEY)
    fingerprint = staff.parse_key(KEY)[2]
    staff.revoke_key(society.admin, fingerprint)
    with refused("user.key_unknown"):
        staff.revoke_key(society.admin, fingerprint)
    with refused("user.key_known"):
        staff.add_key(society.admin, "jd-verifier", KEY)


@pytest.mark.parametrize(
    "text",
    ["", "ssh-ed25519", "ssh-ed25519 !!!", f"ssh-rsa {BLOB}", f"none {BLOB}", f"{BLOB} ssh-ed25519", "ssh-ed25519 AAAA"],
)  # fmt: skip
def test_a_line_that_is_no_public_key_is_refused(society: Society, text: str) -> None:
    with refused("user.key_form"):
        staff.add_key(society.admin, "jd-caseworker", text)


def test_a_fingerprint_is_the_one_that_ssh_shows() -> None:
    kind, text, fingerprint = staff.parse_key(KEY)

    assert (kind, text) == ("ssh-ed25519", BLOB)
    assert fingerprint.startswith("SHA256:")
    assert len(fingerprint) == len("SHA256:") + 43
