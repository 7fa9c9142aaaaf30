"""BR-069: what nobody claimed lapses at a cycle's end and its money goes back to the same fund."""

from __future__ import annotations

import pytest

from rcaid.db.upkeep import miscounted
from rcaid.services import batches, deaths
from rcaid.services.entitlements import settle_rest
from tests.services.conftest import DAY, JD, Society
from tests.services.test_batches import START, dies, entitled, ledger, take
from tests.services.test_results import MONEY, paid, returned
from tests.services.writing import BOX, balances, contents, refused, rights, rows, vouchers


def test_rights_that_nobody_claimed_lapse_and_their_money_is_available_again(
    society: Society,
) -> None:
    entitled(society, society.person(1, "王伟"), society.person(2, "赵敏", 金额="", 物资=BOX))
    done, _ = settle_rest(society.desk("sh-approver"), "22A")

    assert (done.rights, done.written_back, done.fen) == (2, 0, 50_000)
    assert {right.state for right in rights(society.admin.store)} == {"lapsed"}
    assert balances(society) == {"external": -START, "available": START}
    assert ledger(society)[-1] == ("lapse", "payable", "available", 50_000)
    assert miscounted(society.admin.store) == []


def test_a_payment_that_came_back_is_written_back(society: Society) -> None:
    entitled(society, society.person(1, "王伟"))
    society.pay()
    take(society, returned(), login="jd-preparer")
    done, _ = settle_rest(society.desk("sh-approver"), "22A")

    assert (done.rights, done.written_back) == (1, 1)
    assert vouchers(society.admin.store)[MONEY].state == "written_back"
    assert balances(society) == {"external": -START, "available": START}
    assert ledger(society)[-1] == ("write_back", "returned", "available", 50_000)
    assert miscounted(society.admin.store) == []


def test_the_right_of_the_dead_is_cancelled(society: Society) -> None:
    entitled(society)
    dies(society, "王伟")
    settle_rest(society.desk("sh-approver"), "22A")

    assert sorted(right.state for right in rights(society.admin.store)) == ["cancelled", "lapsed"]
    assert balances(society) == {"external": -START, "available": START}


@pytest.mark.parametrize("until", ["draft", "approved", "released"])
@pytest.mark.parametrize("dead", [False, True])
def test_nothing_is_settled_while_a_line_is_on_its_way(
    society: Society, until: str, dead: bool
) -> None:
    entitled(society, society.person(1, "王伟"))
    society.pay(until=until)
    if dead:
        dies(society, "王伟")
    before = contents(society.admin.store)

    with refused("cycle.on_way"):
        settle_rest(society.desk("sh-approver"), "22A")
    assert contents(society.admin.store) == before


def test_what_was_paid_to_somebody_who_died_on_the_way_is_delivered(society: Society) -> None:
    """The money arrived; it is not set free a second time."""
    entitled(society, society.person(1, "王伟"))
    society.pay()
    dies(society, "王伟")
    take(society, paid(), login="jd-preparer")

    assert [right.state for right in rights(society.admin.store)] == ["delivered"]
    done, _ = settle_rest(society.desk("sh-approver"), "22A")
    assert (done.rights, done.fen) == (0, 0)
    assert balances(society)["settled"] == 50_000
    assert miscounted(society.admin.store) == []


def test_what_came_back_from_somebody_who_died_is_written_back(society: Society) -> None:
    entitled(society, society.person(1, "王伟"))
    society.pay()
    dies(society, "王伟")
    take(society, returned(), login="jd-preparer")
    [right] = rights(society.admin.store)
    assert (right.state, right.resume_to) == ("suspended", "ready")
    settle_rest(society.desk("sh-approver"), "22A")

    assert balances(society) == {"external": -START, "available": START}
    assert miscounted(society.admin.store) == []


def test_settling_twice_changes_nothing_the_second_time(society: Society) -> None:
    entitled(society)
    settle_rest(society.desk("sh-approver"), "22A")
    before = contents(society.admin.store)
    done, _ = settle_rest(society.desk("sh-approver"), "22A")

    assert (done.rights, done.fen) == (0, 0)
    assert contents(society.admin.store) == before


def test_only_the_citys_approver_settles_a_cycle(society: Society) -> None:
    entitled(society)
    for login in ("jd-preparer", "sh-preparer", "sh-administrator", "sh-caseworker"):
        with refused("who.no_duty"):
            settle_rest(society.desk(login), "22A")


def test_a_district_approver_does_not_settle_the_citys_cycle(society: Society) -> None:
    entitled(society)
    with refused("who.no_duty"):
        settle_rest(society.desk("jd-approver"), "22A")


def test_a_late_return_after_the_end_may_still_be_taken_up(society: Society) -> None:
    entitled(society, society.person(1, "王伟"))
    batch = society.pay()
    take(society, paid(), login="jd-preparer")
    settle_rest(society.desk("sh-approver"), "22A")
    society.bank_result(batch, {MONEY: "17"}, day=DAY)

    assert balances(society)["returned"] == 50_000
    settle_rest(society.desk("sh-approver"), "22A")
    assert balances(society) == {"external": -START, "available": START}


def test_br_016_a_death_before_the_birth_or_after_today_is_refused(society: Society) -> None:
    entitled(society)
    [(person,)] = rows(society.admin.store, "SELECT id FROM person WHERE name = '王伟'")
    for day in ("1949-12-31", "2022-02-02"):
        with refused("person.death_date"):
            deaths.record(society.desk("jd-caseworker"), person, day, "registry")
    deaths.record(society.desk("jd-caseworker"), person, DAY, "registry")
    with refused("person.not_live"):
        deaths.record(society.desk("jd-caseworker"), person, DAY, "registry")
    with refused("state.gone"):
        deaths.record(society.desk("jd-caseworker"), "nobody", DAY, "registry")
    assert batches.round_of(society.admin, "22A", 1)


def test_br_016_a_file_of_deaths_counts_who_was_new(society: Society) -> None:
    entitled(society)
    desk = society.desk("jd-caseworker")
    number = society.person(1, "")["证件号码"]
    stranger = society.person(77, "")["证件号码"]

    assert deaths.record_by_number(desk, number, DAY, "registry") == 1
    assert deaths.record_by_number(desk, number, DAY, "registry") == 0
    assert deaths.record_by_number(desk, stranger, DAY, "registry") == 0
    with refused("identity.length"):
        deaths.record_by_number(desk, "123", DAY, "registry")


def test_a_death_is_recorded_within_ones_own_offices(society: Society) -> None:
    entitled(society)
    [(person,)] = rows(society.admin.store, "SELECT id FROM person WHERE name = '王伟'")
    before = contents(society.admin.store)
    for login in ("pd-caseworker", "jd-verifier", "jd-auditor"):
        with refused("who.no_duty"):
            deaths.record(society.desk(login), person, DAY, "registry")
    assert contents(society.admin.store) == before
    assert society.admin.offices.by_code[JD]
