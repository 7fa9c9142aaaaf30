"""What comes after a decision: paid through batches, stopped, taken up, ended by a death, given to
an heir, followed up, closed."""

from __future__ import annotations

import pytest

from rcaid.db import commitments
from rcaid.db.tables import MAKER, Maker
from rcaid.services import batches, changes, deaths, notices, results
from rcaid.services.applications import after, deciding, new
from rcaid.services.desk import Desk
from rcaid.services.entitlements import settle_rest
from rcaid.services.funds import funds
from tests.services.applying import CASEWORKER, REVIEWER, applying, fire, verified
from tests.services.conftest import JD, Society
from tests.services.deciding import (
    CITY,
    DISTRICT,
    approved,
    clear_flags,
    cleared,
    entitled,
    pass_notice,
    proposed,
    released,
    result,
    state,
    the,
    whole,
)
from tests.services.on_notice import PHONE
from tests.services.writing import balances, newcomer, people, refused, rights, vouchers

EMPTY = {"external": -100_000_000, "available": 100_000_000}
ONE = "22F-JD-00001"
VOUCHER = f"{ONE}-1C"


@pytest.fixture
def town(society: Society) -> Society:
    return applying(society)


def test_only_a_programme_without_notice_is_cleared_at_once(town: Society) -> None:
    case_no = approved(town, fire())
    with refused("case.notice"):
        after.clear(town.desk(CITY), [case_no])
    assert state(town, case_no) == "approved"


def test_br_072_what_was_set_aside_becomes_payable_in_the_newest_round(town: Society) -> None:
    case_no = cleared(town, fire())
    with refused("round.unknown"):
        after.entitle(town.desk(CITY), [case_no], round_number=7)
    after.entitle(town.desk(CITY), [case_no])

    [right] = rights(town.admin.store)
    assert (right.state, right.fen, right.kind, right.again) == ("ready", 700_000, "money", None)
    assert balances(town, "FIRE") == EMPTY | {"available": 99_300_000, "payable": 700_000}
    whole(town)


def test_another_fund_than_was_approved_is_a_decision_of_its_own(town: Society) -> None:
    case_no = cleared(town, fire())
    money = newcomer(town, "money", "preparer", "approver", office="310000")
    funds.open_fund(money, "FIRE-JD", "嘉定火灾", "FIRE", restriction="region", scope="310114")
    funds.receive(money, "FIRE-JD", 1_000_000, "two")
    with refused("case.limit"):
        after.entitle(town.desk(DISTRICT), [case_no], fund="FIRE-JD")
    after.entitle(town.desk(CITY), [case_no], fund="FIRE-JD")

    assert balances(town, "FIRE") == EMPTY
    assert balances(town, "FIRE-JD")["payable"] == 700_000
    whole(town)


def test_a_payment_goes_through_a_batch_and_makes_the_case_paid(town: Society) -> None:
    entitled(town, fire())
    batch = released(town)
    assert batch.fen == 700_000
    result(town, batch, "00", [VOUCHER])

    assert state(town, ONE) == "paid"
    assert balances(town, "FIRE") == EMPTY | {"available": 99_300_000, "settled": 700_000}
    whole(town)


def test_br_040_who_made_or_approved_an_application_does_not_let_its_batch_go(
    town: Society,
) -> None:
    everything = ("reviewer", "approver", "releaser", "preparer")
    approver = newcomer(town, "everything", *everything, office="310000")
    case_no = proposed(town, fire())
    deciding.approve(approver, [case_no])
    pass_notice(town, case_no)
    after.entitle(approver, [case_no])
    entered = newcomer(town, "entered", "caseworker", "approver")
    found = the(town, case_no)
    entered.write(
        "case.edit", found.case.office_id,
        lambda unit: unit.insert(
            MAKER,
            [Maker(unit.new_id(), "case", found.case.id, entered.actor.staff_id, "edit", 1)],
        ),
    )  # fmt: skip
    batch, _ = batches.create(town.desk("jd-preparer"), "22F", 1, JD, "money")
    batches.lock(town.desk("jd-preparer"), batch.number)
    with refused("who.maker"):
        batches.approve(entered, batch.number)
    clear_flags(town, batch.number)
    batches.approve(town.desk(DISTRICT), batch.number)
    with refused("who.maker"):
        batches.release(approver, batch.number)


def test_br_067_a_payment_that_comes_back_is_paid_again_once(town: Society) -> None:
    entitled(town, fire())
    batch = released(town)
    result(town, batch, "17", [VOUCHER])
    assert state(town, ONE) == "entitled"
    assert rights(town.admin.store)[0].state == "ready"
    fixed = (VOUCHER, "王建国", "上海银行", "6222333344445555")
    results.fix_accounts(town.desk(CASEWORKER), [fixed], town.office(JD))
    again, _ = batches.reissue(town.desk("jd-preparer"), "22F", 1, JD)
    batches.lock(town.desk("jd-preparer"), again.number)
    clear_flags(town, again.number)
    batches.approve(town.desk(DISTRICT), again.number)
    again, _ = batches.release(town.desk("jd-releaser"), again.number)
    result(town, again, "00", [f"{VOUCHER}.2"])

    lines = vouchers(town.admin.store)
    assert lines[f"{VOUCHER}.2"].replaces == lines[VOUCHER].id
    assert state(town, ONE) == "paid"
    assert balances(town, "FIRE")["settled"] == 700_000
    whole(town)


def test_a_late_return_takes_paid_back_even_after_the_case_was_closed(town: Society) -> None:
    entitled(town, fire())
    batch = released(town)
    result(town, batch, "00", [VOUCHER])
    finish(town)
    assert state(town, ONE) == "closed"
    town.clock.set("2022-02-02")
    result(town, batch, "17", [VOUCHER])

    assert state(town, ONE) == "entitled"
    whole(town)


def finish(town: Society) -> None:
    """Follows up where it was chosen, and closes."""
    if the(town, ONE).said.follow_up:
        desk = town.desk(CASEWORKER)
        with refused("case.follow_up_due"):
            after.close(desk, ONE)
        with refused("case.method"):
            after.follow_up(desk, ONE, "pigeon", received=True, matched=True)
        after.follow_up(desk, ONE, "phone", received=True, matched=True, text="谢谢")
    with refused("case.no_follow_up"):
        after.follow_up(town.desk(CASEWORKER), ONE, "phone", received=True, matched=True)
    after.close(town.desk(CASEWORKER), ONE)


def test_a_share_is_followed_up_that_nobody_can_choose(town: Society) -> None:
    ids = [f"{n:026}" for n in range(2000)]
    assert not any(after.chosen(id, 0) for id in ids)
    assert all(after.chosen(id, 100) for id in ids)
    assert 300 < sum(after.chosen(id, 20) for id in ids) < 500
    assert [after.chosen(id, 20) for id in ids] == [after.chosen(id, 20) for id in ids]


def test_a_chosen_case_is_closed_after_its_follow_up_or_a_waiver(
    town: Society, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(after, "chosen", lambda _id, _percent: True)
    entitled(town, fire())
    result(town, released(town), "00", [VOUCHER])
    [due] = commitments.follow_ups_due(town.admin.store, [the(town, ONE).case.office_id])
    assert (due.state, due.due_on) == ("due", "2022-03-01")
    with refused("who.no_duty"):
        after.waive_follow_up(town.desk(CASEWORKER), ONE, "moved_away")
    after.waive_follow_up(town.desk(REVIEWER), ONE, "moved_away")
    after.close(town.desk(CASEWORKER), ONE)

    assert state(town, ONE) == "closed"
    whole(town)


@pytest.mark.parametrize("at", ["district_review", "approval", "approved", "cleared", "entitled"])
def test_a_suspended_case_goes_on_where_it_stood(town: Society, at: str) -> None:
    make = {"district_review": verified, "approval": proposed, "approved": approved,
            "cleared": cleared, "entitled": entitled}[at]  # fmt: skip
    case_no = make(town, fire())
    before = balances(town, "FIRE")
    with refused("application.reason"):
        after.suspend(town.desk(REVIEWER), case_no, "")
    after.suspend(town.desk(REVIEWER), case_no, "account_in_doubt")
    assert state(town, case_no) == "suspended"
    assert {r.state for r in rights(town.admin.store)} <= {"suspended"}
    whole(town)
    after.resume(town.desk(REVIEWER), case_no)

    assert state(town, case_no) == at
    assert {r.state for r in rights(town.admin.store)} <= {"ready"}
    assert balances(town, "FIRE") == before
    whole(town)


def test_a_suspended_payment_is_left_out_of_its_batch_and_goes_into_the_next(
    town: Society,
) -> None:
    entitled(town, fire())
    entitled(town, fire(2, "李强"))
    batch, _ = batches.create(town.desk("jd-preparer"), "22F", 1, JD, "money")
    after.suspend(town.desk(REVIEWER), ONE, "account_in_doubt")
    batches.cancel(town.desk("jd-preparer"), batch.number, "again")
    first = released(town)
    assert first.lines == 1
    after.resume(town.desk(REVIEWER), ONE)
    second = released(town)

    assert second.lines == 1
    result(town, second, "00", [f"{VOUCHER}.2"])
    assert state(town, ONE) == "paid"
    whole(town)


@pytest.mark.parametrize("at", ["district_review", "approval", "approved", "cleared"])
def test_br_016_a_death_ends_a_case_that_has_no_right_yet(town: Society, at: str) -> None:
    make = {"district_review": verified, "approval": proposed, "approved": approved,
            "cleared": cleared}[at]  # fmt: skip
    case_no = make(town, fire())
    die(town, case_no)

    assert state(town, case_no) == "closed_deceased"
    assert balances(town, "FIRE") == EMPTY
    whole(town)


def die(town: Society, case_no: str) -> None:
    deaths.record(town.desk(CASEWORKER), the(town, case_no).case.person_id, town.admin.day, "x")


def test_br_016_after_a_death_nothing_is_paid_until_an_heir_gets_it(town: Society) -> None:
    case_no = entitled(town, fire())
    heir = heiress(town)
    die(town, case_no)
    found = the(town, case_no)
    assert (found.case.state, found.said.resume_to) == ("suspended", "entitled")
    assert [r.state for r in rights(town.admin.store)] == ["suspended"]
    with refused("case.dead"):
        after.resume(town.desk(REVIEWER), case_no)
    with refused("batch.empty"):
        batches.create(town.desk("jd-preparer"), "22F", 1, JD, "money")
    with refused("case.heir_account"):
        after.heir(town.desk(CITY), case_no, heir, "daughter")
    checker = confirmed_account(town, heir)
    with refused("who.maker"):
        after.heir(checker, case_no, heir, "daughter")
    after.heir(town.desk(CITY), case_no, heir, "daughter")

    assert state(town, case_no) == "entitled"
    old, new_right = rights(town.admin.store)
    assert (old.state, new_right.state, new_right.person_id) == ("cancelled", "ready", heir)
    assert balances(town, "FIRE")["payable"] == 700_000
    whole(town)
    result(town, released(town), "00", [VOUCHER])
    assert state(town, case_no) == "paid"
    whole(town)


def heiress(town: Society) -> str:
    """Somebody on file, by id."""
    new.create(town.desk(CASEWORKER), fire(9, "王小梅", asked_fen=300_000))
    return people(town.admin.store)["王小梅"].id


def confirmed_account(town: Society, person_id: str) -> Desk:
    """Gives somebody an account that a second person confirmed; the desk of who did."""
    checker = newcomer(town, "checker", "reviewer", "approver", office="310000")
    asked, _ = changes.ask(town.desk(CASEWORKER), person_id, "account", "6288888888888888", "heir")
    changes.confirm(checker, asked)
    return checker


def test_where_there_is_no_heir_the_case_ends_and_the_money_is_free(town: Society) -> None:
    case_no = entitled(town, fire())
    with refused("state.no_move"):
        after.cancel(town.desk(CITY), case_no, "no_heir")
    die(town, case_no)
    after.cancel(town.desk(CITY), case_no, "no_heir")

    assert state(town, case_no) == "closed_deceased"
    assert balances(town, "FIRE") == EMPTY
    whole(town)


def test_what_was_paid_to_somebody_who_died_on_the_way_stays_paid(town: Society) -> None:
    case_no = entitled(town, fire())
    batch = released(town)
    die(town, case_no)
    with refused("case.on_way"):
        after.cancel(town.desk(CITY), case_no, "no_heir")
    result(town, batch, "00", [VOUCHER])
    after.resume(town.desk(REVIEWER), case_no)

    assert state(town, case_no) == "paid"
    whole(town)


def test_a_correction_waits_for_a_payment_that_is_on_its_way(town: Society) -> None:
    case_no = entitled(town, fire())
    batch = released(town)
    person = the(town, case_no).case.person_id
    asked, _ = changes.ask(town.desk(CASEWORKER), person, "name", "王建图", "typo")
    checker = newcomer(town, "checker", "reviewer")
    with refused("case.on_way"):
        changes.confirm(checker, asked)
    result(town, batch, "00", [VOUCHER])
    changes.confirm(checker, asked)

    assert state(town, case_no) == "paid"
    whole(town)


def test_a_correction_of_a_suspended_case_voids_what_was_decided(town: Society) -> None:
    case_no = entitled(town, fire())
    after.suspend(town.desk(REVIEWER), case_no, "account_in_doubt")
    person = the(town, case_no).case.person_id
    asked, _ = changes.ask(town.desk(CASEWORKER), person, "account", "6277777777777777", "x")
    changes.confirm(newcomer(town, "checker", "reviewer"), asked)
    assert balances(town, "FIRE") == EMPTY
    after.resume(town.desk(REVIEWER), case_no)

    assert state(town, case_no) == "approval"
    whole(town)


def test_br_069_what_nobody_claims_goes_back_to_its_fund(town: Society) -> None:
    case_no = entitled(town, fire())
    settle_rest(town.desk(CITY), "22F")

    assert state(town, case_no) == "closed"
    assert rights(town.admin.store)[0].state == "lapsed"
    assert balances(town, "FIRE") == EMPTY
    whole(town)


def test_a_cycle_does_not_end_over_decided_applications(town: Society) -> None:
    approved(town, fire())
    with refused("cycle.decided"):
        settle_rest(town.desk(CITY), "22F")


def test_a_decision_that_is_reopened_leaves_the_batch_it_was_in(town: Society) -> None:
    entitled(town, fire())
    entitled(town, fire(2, "李强"))
    batch, _ = batches.create(town.desk("jd-preparer"), "22F", 1, JD, "money")
    batches.lock(town.desk("jd-preparer"), batch.number)
    clear_flags(town, batch.number)
    after.reopen(town.desk(CITY), ONE, "insured")
    whole(town)
    batches.approve(town.desk(DISTRICT), batch.number)
    batch, _ = batches.release(town.desk("jd-releaser"), batch.number)
    assert (batch.lines, batch.left_out, batch.fen) == (1, 1, 700_000)
    result(town, batch, "00", ["22F-JD-00002-1C"])
    whole(town)
    deciding.approve(town.desk(CITY), [ONE], fen=600_000, reason="insured")
    pass_notice(town, ONE)
    after.entitle(town.desk(CITY), [ONE])
    again = released(town)

    assert again.fen == 600_000
    result(town, again, "00", [f"{VOUCHER}.2"], 6000)
    assert state(town, ONE) == "paid"
    assert balances(town, "FIRE")["settled"] == 1_300_000
    whole(town)


def test_br_045_a_relative_does_not_decide_on_the_batch_either(town: Society) -> None:
    entitled(town, fire())
    batch, _ = batches.create(town.desk("jd-preparer"), "22F", 1, JD, "money")
    batches.lock(town.desk("jd-preparer"), batch.number)
    clear_flags(town, batch.number)
    for login in (DISTRICT, "jd-releaser"):
        deciding.recuse(town.desk(CASEWORKER), ONE, login, "cousin")
    with refused("who.recused"):
        batches.approve(town.desk(DISTRICT), batch.number)
    batches.approve(town.desk(CITY), batch.number)
    with refused("who.recused"):
        batches.release(town.desk("jd-releaser"), batch.number)


def test_who_leaves_a_notice_is_not_cleared_by_it_and_is_told_anew(town: Society) -> None:
    officer = newcomer(town, "officer", "notice", office="310000")
    approved(town, fire())
    approved(town, fire(2, "李强"))
    first, _ = notices.draft(officer, "22F", phone=PHONE)
    notices.publish(officer, first.number)
    after.reopen(town.desk(CITY), ONE, "insured")
    deciding.approve(town.desk(CITY), [ONE], fen=600_000, reason="insured")
    second, _ = notices.draft(officer, "22F", phone=PHONE)
    town.clock.set("2022-02-08")
    notices.publish(officer, second.number)
    town.clock.set("2022-02-10")
    notices.close(officer, first.number)

    assert (state(town, ONE), state(town, "22F-JD-00002")) == ("on_notice", "cleared")
    town.clock.set("2022-02-28")
    notices.close(officer, second.number)
    assert state(town, ONE) == "cleared"
    whole(town)


@pytest.mark.parametrize("by", ["revoke", "death"])
def test_a_notice_closes_without_those_who_are_no_longer_on_it(town: Society, by: str) -> None:
    officer = newcomer(town, "officer", "notice", office="310000")
    approved(town, fire())
    approved(town, fire(2, "李强"))
    made, _ = notices.draft(officer, "22F", phone=PHONE)
    notices.publish(officer, made.number)
    if by == "revoke":
        after.revoke(town.desk(CITY), ONE, "error")
    else:
        die(town, ONE)
    town.clock.set("2022-02-28")
    closed, _ = notices.close(officer, made.number)

    assert (closed.cleared, closed.left) == (1, 0)
    assert balances(town, "FIRE")["committed"] == 700_000
    whole(town)
