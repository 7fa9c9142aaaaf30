"""Decisions taken back for good: nothing is paid any more, and what was paid is claimed back."""

from __future__ import annotations

import pytest

from rcaid.services.applications import after, recovery
from tests.services.applying import applying, fire
from tests.services.conftest import Society
from tests.services.deciding import (
    CITY,
    DISTRICT,
    approved,
    cleared,
    entitled,
    released,
    result,
    state,
    whole,
)
from tests.services.test_after import EMPTY, ONE, VOUCHER
from tests.services.writing import balances, refused, rights

PREPARER = "jd-preparer"


@pytest.fixture
def town(society: Society) -> Society:
    return applying(society)


def paid(town: Society) -> None:
    entitled(town, fire())
    result(town, released(town), "00", [VOUCHER])


@pytest.mark.parametrize("at", ["approved", "cleared", "entitled"])
def test_what_is_not_paid_is_free_again(town: Society, at: str) -> None:
    case_no = {"approved": approved, "cleared": cleared, "entitled": entitled}[at](town, fire())
    with refused("who.no_duty"):
        after.revoke(town.desk(DISTRICT), case_no, "error")
    after.revoke(town.desk(CITY), case_no, "error")

    assert state(town, case_no) == "revoked"
    assert balances(town, "FIRE") == EMPTY
    assert recovery.listing(town.desk(CITY), case_no) == []
    assert {r.state for r in rights(town.admin.store)} <= {"cancelled"}
    whole(town)


def test_what_was_paid_is_claimed_back_in_parts(town: Society) -> None:
    paid(town)
    after.revoke(town.desk(CITY), ONE, "untrue")
    [claim] = recovery.listing(town.desk(CITY), ONE)
    assert (claim.fen, claim.back_fen, claim.state) == (700_000, 0, "open")

    recovery.recovered(town.desk(PREPARER), ONE, 300_000, "SLIP-1")
    with refused("recovery.again"):
        recovery.recovered(town.desk(PREPARER), ONE, 300_000, "SLIP-1")
    with refused("recovery.amount"):
        recovery.recovered(town.desk(PREPARER), ONE, 500_000, "SLIP-2")
    with refused("reason.form"):
        recovery.recovered(town.desk(PREPARER), ONE, 100_000, "slip of 王")
    with refused("who.no_duty"):
        recovery.write_off(town.desk(DISTRICT), ONE, 400_000, "insolvent")
    recovery.write_off(town.desk(CITY), ONE, 400_000, "insolvent")

    [claim] = recovery.listing(town.desk(CITY), ONE)
    assert (claim.back_fen, claim.lost_fen, claim.state) == (300_000, 400_000, "closed")
    assert balances(town, "FIRE") == EMPTY | {"available": 99_600_000, "written_off": 400_000}
    with refused("recovery.none"):
        recovery.recovered(town.desk(PREPARER), ONE, 1, "SLIP-3")
    whole(town)


def test_a_payment_that_the_bank_returns_after_all_closes_the_claim(town: Society) -> None:
    entitled(town, fire())
    batch = released(town)
    with refused("case.on_way"):
        after.revoke(town.desk(CITY), ONE, "untrue")
    result(town, batch, "00", [VOUCHER])
    after.revoke(town.desk(CITY), ONE, "untrue")
    town.clock.set("2022-02-02")
    result(town, batch, "17", [VOUCHER])

    [claim] = recovery.listing(town.desk(CITY), ONE)
    assert (claim.state, claim.back_fen) == ("closed", 700_000)
    assert balances(town, "FIRE") == EMPTY
    whole(town)


def test_nothing_is_claimed_back_of_a_case_that_stands(town: Society) -> None:
    paid(town)
    with refused("recovery.none"):
        recovery.recovered(town.desk(PREPARER), ONE, 1, "SLIP-1")
    with refused("recovery.none"):
        recovery.write_off(town.desk(CITY), ONE, 1, "insolvent")
