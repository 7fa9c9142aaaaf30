"""Red flags hold a batch until somebody who had no part in it has cleared each (R-14, BR-066)."""

from __future__ import annotations

import pytest

from rcaid.domain.sentences import SENTENCES
from rcaid.services import batches, deaths, holds
from tests.services.conftest import JD, Society
from tests.services.test_batches import entitled, fix
from tests.services.writing import BOX, contents, newcomer, people, refused, rows

RELEASER = "jd-releaser"


def found(society: Society, number: str) -> list[tuple[str, str, int]]:
    """Code, what it is about and how many, of each flag."""
    flags = holds.of_batch(society.desk("jd-preparer"), number)
    return [(flag.code, flag.object, flag.number) for flag in flags]


def shared_account(society: Society) -> str:
    """The number of an approved batch that pays two strangers to one account."""
    account = {"银行账号": "6222020202020202"}
    entitled(society, society.person(1, "王伟", **account), society.person(2, "赵敏", **account))
    return society.pay(until="approved").number


def test_a_batch_without_anything_odd_is_not_held(society: Society) -> None:
    entitled(society)
    batch = society.pay()
    assert (batch.state, found(society, batch.number)) == ("released", [])


def test_br_066_an_account_of_two_strangers_holds_their_batch_until_it_is_cleared(
    society: Society,
) -> None:
    number = shared_account(society)
    assert found(society, number) == [("same_account", "22A-JD-00001, 22A-JD-00002", 2)]
    before = contents(society.admin.store)
    with refused("batch.held"):
        batches.release(society.desk(RELEASER), number)
    assert contents(society.admin.store) == before

    entry = holds.clear(society.desk("jd-reviewer"), number, 1, "siblings")
    [flag] = holds.of_batch(society.desk("jd-preparer"), number)
    assert (flag.state, flag.cleared_by, flag.reason) == ("cleared", "jd-reviewer", "siblings")
    assert str(entry).startswith("310114-")
    assert batches.release(society.desk(RELEASER), number)[0].state == "released"


def test_br_066_an_account_shared_with_a_line_outside_the_batch_is_found_too(
    society: Society,
) -> None:
    account = {"银行账号": "6222020202020202"}
    pd = society.admin.offices.children(society.office("310115"))[0]
    others = society.import_roster(
        [society.person(5, "周洁", 街道=pd.name, **account)], "pd-caseworker"
    )
    assert others
    [mine] = [
        each
        for each in society.import_roster([society.person(1, "王伟", **account)])
        if "310114" in each
    ]
    society.approve(mine)
    [(code, numbers, n)] = found(society, society.pay(until="locked").number)
    assert (code, n) == ("same_account", 2)
    assert "22A-JD-00001" in numbers


def test_people_who_live_together_share_account_and_phone_freely(society: Society) -> None:
    together = {"户主证件号码": society.person(1, "")["证件号码"], "银行账号": "6222020202020202"}
    some = [
        society.person(n, name, 联系电话="13812345678", **together)
        for n, name in ((1, "王伟"), (2, "王芳"), (3, "王小明"))
    ]
    entitled(society, *some)
    assert found(society, society.pay(until="locked").number) == []


def test_a_phone_of_three_people_holds_a_batch(society: Society) -> None:
    some = [society.person(n, f"人{n}", 联系电话="13812345678") for n in (1, 2, 3)]
    entitled(society, *some)
    assert found(society, society.pay(until="locked").number) == [
        ("same_phone", "22A-JD-00001, 22A-JD-00002, 22A-JD-00003", 3)
    ]


def test_br_065_a_payee_who_is_no_guardian_holds_a_batch(society: Society) -> None:
    entitled(
        society,
        society.person(1, "王伟", 收款人="李四"),
        society.person(2, "赵小敏", 收款人="赵父", 监护人="赵父"),
    )
    assert found(society, society.pay(until="locked").number) == [
        ("other_payee", "22A-JD-00001", 1)
    ]


def test_what_was_approved_in_the_minute_it_came_in_holds_a_batch(society: Society) -> None:
    from rcaid.services import rosters

    [roster] = society.import_roster([society.person(1, "王伟")])
    rosters.send_back(society.desk("jd-verifier"), roster, "phones")
    rosters.submit(society.desk("jd-caseworker"), roster)
    society.approve(roster)
    assert found(society, society.pay(until="locked").number) == [("same_minute", roster, 1)]


def test_an_account_changed_within_30_days_holds_a_batch_but_not_a_reissue_to_oneself(
    society: Society,
) -> None:
    entitled(society, society.person(1, "王伟"))
    society.bank_result(society.pay(), {"22A-JD-00001-1C": "17"})
    fix(society, "22A-JD-00001-1C")
    preparer = society.desk("jd-preparer")
    again, _ = batches.reissue(preparer, "22A", 1, JD)
    batches.lock(preparer, again.number)
    assert found(society, again.number) == []
    batches.cancel(preparer, again.number, "mistake")
    # Gathered once more the line no longer names what came back.
    third, _ = batches.create(preparer, "22A", 1, JD, "money")
    batches.lock(preparer, third.number)
    assert found(society, third.number) == [("new_account", "22A-JD-00001-1C.3", 1)]


def test_br_016_somebody_who_died_is_left_out_and_needs_no_flag(society: Society) -> None:
    entitled(society)
    batch = society.pay(until="draft")
    person = people(society.admin.store)["王伟"]
    deaths.record(society.desk("jd-caseworker"), person.id, "2022-01-31", "registry")
    batches.lock(society.desk("jd-preparer"), batch.number)
    assert found(society, batch.number) == []
    rows(
        society.admin.store,
        "UPDATE entitlement SET state = 'reserved', resume_to = NULL WHERE state = 'suspended' RETURNING id",
    )
    batches.cancel(society.desk("jd-preparer"), batch.number, "again")
    again = society.pay(until="locked")
    assert found(society, again.number) == [("deceased", "22A-JD-00001-1C.2", 1)]


def test_goods_are_asked_about_phones_and_minutes_alone(society: Society) -> None:
    entitled(society, society.person(1, "王伟", 金额="", 物资=BOX, 收款人="李四"))
    assert found(society, society.pay("goods", until="locked").number) == []


@pytest.mark.parametrize("login", ["jd-approver", "jd-reviewer", "jd-releaser"])
def test_who_decides_may_clear(society: Society, login: str) -> None:
    number = shared_account(society)
    holds.clear(society.desk(login), number, "1", "siblings")


def test_br_040_nobody_clears_what_they_prepared_or_filled_in(society: Society) -> None:
    maker = newcomer(society, "maker", "caseworker", "reviewer")
    account = {"银行账号": "6222020202020202"}
    people_ = [society.person(n, name, **account) for n, name in ((1, "王伟"), (2, "赵敏"))]
    society._desks["maker"] = maker
    [roster] = society.import_roster(people_, "maker")
    society.approve(roster)
    preparer = newcomer(society, "prep", "preparer", "approver")
    batch, _ = batches.create(preparer, "22A", 1, JD, "money")
    batches.lock(preparer, batch.number)
    before = contents(society.admin.store)
    for desk in (maker, preparer):
        with refused("who.maker"):
            holds.clear(desk, batch.number, 1, "siblings")
    with refused("who.no_duty"):
        holds.clear(society.desk("jd-preparer"), batch.number, 1, "siblings")
    with refused("who.no_duty"):
        holds.clear(society.desk("pd-reviewer"), batch.number, 1, "siblings")
    assert contents(society.admin.store) == before


def test_a_flag_is_cleared_once_and_with_a_code(society: Society) -> None:
    number = shared_account(society)
    reviewer = society.desk("jd-reviewer")
    with refused("reason.form"):
        holds.clear(reviewer, number, 1, "they are siblings")
    with refused("batch.flag_unknown"):
        holds.clear(reviewer, number, 2, "siblings")
    holds.clear(reviewer, number, 1, "siblings")
    with refused("batch.flag_cleared"):
        holds.clear(reviewer, number, 1, "siblings")
    assert {"batch.held", "batch.flag_unknown", "batch.flag_cleared"} <= SENTENCES.keys()
