"""What always holds of single applications, broken by somebody with a database tool, is named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rcaid.services import invariants
from rcaid.services.applications import after, deciding, recovery
from rcaid.services.notices import draft, object, publish, uphold
from tests.services.applying import CASEWORKER, REVIEWER, applying, fire
from tests.services.conftest import Societies, Society
from tests.services.deciding import (
    CITY,
    approved,
    entitled,
    released,
    result,
    state,
    whole,
)
from tests.services.on_notice import PHONE
from tests.services.tamper import Change, tampered
from tests.services.writing import newcomer, rows

WAITS, READY, PAID, LOST = (f"22F-JD-0000{n}" for n in (1, 2, 3, 4))


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def told(
    request: pytest.FixtureRequest, societies: Societies, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Society]:
    """Cases that are approved, entitled, paid, and revoked after they were paid."""
    society = applying(societies.copy(request.param, tmp_path_factory.mktemp("told")))
    assert approved(society, fire(1)) == WAITS
    assert entitled(society, fire(2, "李强")) == READY
    batch = released(society)
    after_ = [entitled(society, fire(n, name)) for n, name in ((3, "赵敏"), (4, "钱进"))]
    assert after_ == [PAID, LOST]
    result(society, batch, "17", [f"{READY}-1C"])
    second = released(society)
    result(society, second, "00", [f"{PAID}-1C", f"{LOST}-1C"])
    after.revoke(society.desk(CITY), LOST, "untrue")
    recovery.write_off(society.desk(CITY), LOST, 300_000, "insolvent")
    whole(society)
    yield society
    societies.close(society)


def broken(society: Society, *changes: Change) -> set[tuple[str, str]]:
    """Invariant and code of what is found after these changes, which are taken back."""
    with tampered(society, *changes):
        found = invariants.check(society.admin.store)
    assert invariants.broken(society.admin.store) == []
    return {(each.id, p.code.removeprefix("invariant.")) for each in found for p in each.problems}


def of(case_no: str) -> str:
    return f"(SELECT id FROM aid_case WHERE case_no = '{case_no}')"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (f"UPDATE application SET approved_fen = 1 WHERE id = {of(WAITS)}", "committed"),
        (f"UPDATE aid_case SET state = 'rejected' WHERE case_no = '{WAITS}'", "committed"),
        ("UPDATE ledger_entry SET case_id = NULL WHERE kind = 'entitle'", "no_case"),
    ],
)
def test_i3_money_that_is_set_aside_is_that_of_the_decision(
    told: Society, change: str, code: str
) -> None:
    assert ("I3", code) in broken(told, change)


def test_i3_a_case_has_one_right_of_a_kind(told: Society) -> None:
    change = f"UPDATE entitlement SET case_id = {of(READY)}, again = 1 WHERE case_id = {of(PAID)}"
    assert ("I3", "right_twice") in broken(told, change)


def test_i5_an_entry_of_a_case_stands_under_its_own_key(told: Society) -> None:
    change = "UPDATE ledger_entry SET idem = 'x' || idem WHERE kind = 'commit'"
    assert ("I5", "key_other") in broken(told, change)


def test_i6_somebody_approved_every_case_that_is_decided(told: Society) -> None:
    change = f"DELETE FROM maker WHERE act = 'approve' AND object_id = {of(WAITS)}"
    assert broken(told, change) == {("I6", "by_nobody")}


def test_i6_who_entered_a_case_did_not_approve_it_or_its_batch(told: Society) -> None:
    same = (
        "UPDATE maker SET staff_id = (SELECT staff_id FROM maker WHERE act = 'create'"
        f" AND object_id = {of(PAID)}) WHERE act = "
    )
    assert ("I6", "approver") in broken(told, f"{same} 'approve' AND object_id = {of(PAID)}")
    assert ("I6", "approver") in broken(told, f"{same} 'batch.release'")


@pytest.mark.parametrize(
    "change",
    [
        f"UPDATE aid_case SET category = 'burns' WHERE case_no = '{PAID}'",
        f"UPDATE aid_case SET account_id = NULL WHERE case_no = '{WAITS}'",
        f"UPDATE aid_case SET line_hash = NULL WHERE case_no = '{WAITS}'",
        f"UPDATE application SET fund_id = NULL WHERE id = {of(WAITS)}",
        f"DELETE FROM approval WHERE object_id = {of(WAITS)}",
    ],
)
def test_i7_what_stands_is_what_was_approved(told: Society, change: str) -> None:
    assert broken(told, change) == {("I7", "not_frozen")}


@pytest.mark.parametrize("name", ["fen = 1", f"person_id = (SELECT person_id FROM aid_case WHERE case_no = '{WAITS}')"])  # fmt: skip
def test_i7_a_right_is_what_its_case_says(told: Society, name: str) -> None:
    change = f"UPDATE entitlement SET {name} WHERE case_id = {of(PAID)}"
    assert ("I7", "right_other") in broken(told, change)


def test_i9_what_is_given_up_is_what_its_entries_give_up(told: Society) -> None:
    assert broken(told, "UPDATE recovery SET lost_fen = 1") == {("I9", "recovery")}


def test_i11_nobody_is_paid_more_in_a_year_than_the_highest_cap(told: Society) -> None:
    [[text]] = rows(
        told.admin.store,
        "SELECT v.rules FROM programme_version v JOIN programme p ON p.id = v.programme_id"
        " WHERE p.code = 'FIRE'",
    )
    lower = text.replace("household_fen_per_year = 1000000", "person_fen_per_year = 100")
    change = "UPDATE programme_version SET rules = ? WHERE rules = ?", (lower, text)
    assert lower != text
    assert broken(told, change) == {("I11", "over_cap")}


def test_i12_a_cycle_does_not_end_over_what_is_decided(told: Society) -> None:
    found = broken(told, "UPDATE cycle SET state = 'ended' WHERE code = '22F'")
    assert found == {("I12", "left_open")}


def test_i13_a_case_is_paid_by_its_own_programme(told: Society) -> None:
    other = "(SELECT id FROM programme WHERE code = 'STU')"
    change = f"UPDATE fund SET programme_id = {other} WHERE code = 'FIRE'"
    assert ("I13", "other_fund") in broken(told, change)


def test_an_objection_that_was_upheld_frees_the_money_and_may_be_appealed(
    society: Society,
) -> None:
    town = applying(society)
    case_no = approved(town, fire())
    officer = newcomer(town, "officer", "notice", office="310000")
    notice, _ = draft(officer, "22F", phone=PHONE)
    publish(officer, notice.number)
    taken, _ = object(officer, notice.number, 1, "不实", "邻居")
    uphold(town.desk(REVIEWER), taken.id, "untrue")
    assert state(town, case_no) == "rejected"
    whole(town)
    deciding.appeal(town.desk(CASEWORKER), case_no)
    deciding.propose(town.desk(REVIEWER), case_no, 600_000)
    deciding.approve(town.desk(CITY), [case_no])

    assert state(town, case_no) == "approved"
    whole(town)
