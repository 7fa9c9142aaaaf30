"""An import taken back: what nothing rests on is gone, the rest is as it was and is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from rcaid.db.digests import digests
from rcaid.db.upkeep import miscounted
from rcaid.services import audit, changes, people, quotas, rosters
from rcaid.services.importing import imports
from rcaid.services.importing import undo as undoing
from rcaid.services.importing.imports import Applied
from rcaid.services.importing.undone import Undone
from rcaid.services.invariants import broken
from tests.services.conftest import JD_STREETS, Society, make_society
from tests.services.test_batches import entitled
from tests.services.test_results import BANK, DELIVERY, both, served, times
from tests.services.writing import (
    balances,
    lines,
    next_cycle,
    number,
    refused,
    rows,
    vouchers,
)
from tests.services.writing import people as people_of

QUOTA = ("单位代码", "单位", "类别", "名额")


def state(society: Society) -> dict[str, str]:
    """The digest of each table."""
    return digests(society.admin.store, society.admin.keys)


def told(society: Society) -> str:
    """A digest of who is listed with what, free of ids and of the order things came in."""
    found = rows(
        society.admin.store,
        "SELECT p.name, p.born, o.code, c.state, c.category, c.fen, c.qty, r.state FROM aid_case c"
        " JOIN person p ON p.id = c.person_id JOIN office o ON o.id = c.office_id"
        " JOIN roster r ON r.id = c.roster_id",
    )
    return sha256(repr(sorted(found)).encode()).hexdigest()


def take_in(
    society: Society, people: list[dict[str, str]], cycle: str = "22A"
) -> tuple[Path, Applied]:
    """Plans and applies a roster file of these rows."""
    path = society.write(people)
    return path, society.take_in(path, "roster", "jd-caseworker", cycle)[1]


def take_back(society: Society, done: Applied, login: str = "jd-reviewer") -> Undone:
    """Undoes an import; a look before says the same and changes nothing, and afterwards sums and
    record must hold."""
    before = state(society)
    look = undoing.preview(society.desk(login), done.batch.id)
    assert state(society) == before
    undone, _ = undoing.undo(society.desk(login), done.batch.id)
    assert (look.removed, look.restored, look.kept, look.fen, look.taken) == (
        undone.removed, undone.restored, undone.kept, undone.fen, undone.taken,
    )  # fmt: skip
    assert miscounted(society.admin.store) == []
    assert broken(society.admin.store) == []
    assert audit.verify_store(society.desk("sh-auditor")).ok
    return undone


def kept(undone: Undone) -> list[tuple[str, object]]:
    """Code and name of what stayed."""
    return [(problem.code, problem.params["name"]) for problem in undone.kept]


def rich(society: Society) -> list[dict[str, str]]:
    """Rows with everything an import can bring: a head, a guardian, an account, goods."""
    head = society.person(50, "户主")["证件号码"]
    other = society.street(JD_STREETS[1])
    return [
        society.person(1, "王伟", 户主证件号码=head, 与户主关系="子"),
        society.person(2, "赵敏", 户主证件号码=head, 监护人="赵刚", 与户主关系="父"),
        society.person(3, "李娜", 街道=other, 物资="BOX"),
        society.person(4, "张华", 街道=other, 金额="", 物资="BOX", 收款人="", 银行账号=""),
    ]


def test_an_import_taken_back_leaves_the_store_as_it_was(society: Society) -> None:
    before = state(society)
    _, done = take_in(society, rich(society))
    assert state(society) != before

    undone = take_back(society, done)

    assert undone.kept == []
    assert (undone.removed["aid_case"], undone.removed["person"]) == (4, 4)
    assert state(society) == before
    assert people.find(society.desk("jd-caseworker"), "王伟") == []


@pytest.fixture
def twins(
    engine: str, new_url: Callable[..., str], tmp_path: Path
) -> Iterator[tuple[Society, Society]]:
    """Two societies that are alike to the last byte."""
    made = []
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        made.append(make_society(new_url(engine), folder))
    yield made[0], made[1]
    for each in made:
        each.admin.store.close()


def keep_step(ahead: Society, behind: Society) -> None:
    """Lets the clock and the ids of one society catch up with the other's."""
    for login in ("jd-caseworker", "sh-auditor"):
        behind.desk(login)
    behind.clock._now = ahead.clock._now
    behind.admin.source._steps = ahead.admin.source._steps  # type: ignore[attr-defined]


def test_import_undo_import_leaves_what_one_import_leaves(twins: tuple[Society, Society]) -> None:
    there, plain = twins
    assert state(there) == state(plain)
    path, done = take_in(there, rich(there))
    take_back(there, done)
    keep_step(there, plain)

    _, again = there.take_in(path, "roster", "jd-caseworker", "22A")
    take_in(plain, rich(plain))

    assert not again.again
    assert again.batch.id != done.batch.id
    assert state(there) == state(plain)


def test_imports_taken_back_in_turn_leave_the_store_as_it_was(society: Society) -> None:
    """The second changed people of the first; with both gone nobody is left over."""
    next_cycle(society)
    before = state(society)
    _, first = take_in(society, rich(society))
    between = state(society)
    moved = [
        society.person(1, "王伟", 联系电话="13911112222", 街道=society.street(JD_STREETS[2])),
        society.person(
            3, "李娜", 地址="平安路9号", 户主证件号码=society.person(60, "新")["证件号码"]
        ),
    ]
    _, second = take_in(society, moved, "22B")
    assert take_back(society, second).restored["person"] == 2
    assert state(society) == between

    assert take_back(society, first).kept == []
    assert state(society) == before


def test_applied_twice_is_applied_once(society: Society) -> None:
    path = society.write(rich(society))
    plans = [path.with_suffix(f".{n}.plan") for n in (1, 2)]
    desk = society.desk("jd-caseworker")
    for plan in plans:
        imports.plan(desk, path, "roster", cycle_code="22A", target=plan)
    imports.apply(desk, plans[0], keep=True)
    after = state(society)

    for plan in plans:
        assert imports.apply(desk, plan, keep=True).again
        assert state(society) == after


def test_rejects_mended_and_fed_in_touch_only_their_rows(society: Society) -> None:
    whole = rich(society)
    wrong = [whole[0], whole[1] | {"类别": "感冒"}, whole[2], whole[3] | {"街道": "红旗镇"}]
    take_in(society, wrong)
    listed = lines(society.admin.store)

    take_in(society, [whole[1], whole[3]])
    mended = state(society)
    now = lines(society.admin.store)
    assert {case: now[case] for case in listed} == listed
    assert len(now) == 4

    for order in (reversed(whole), whole):
        planned, _ = society.take_in(society.write(list(order)), "roster", "jd-caseworker", "22A")
        assert (planned.facts.rows_new, planned.facts.rows_unchanged) == (0, 4)
        assert state(society) == mended


def test_mended_in_two_goes_the_list_is_that_of_a_right_file(
    twins: tuple[Society, Society],
) -> None:
    there, plain = twins
    whole = rich(there)
    take_in(there, [whole[0], whole[1] | {"类别": "感冒"}, *whole[2:]])
    take_in(there, [whole[1]])
    take_in(plain, whole)

    assert told(there) == told(plain)


def test_a_known_persons_phone_and_street_come_back(society: Society) -> None:
    take_in(society, [society.person(1, "王伟")])
    next_cycle(society)
    before = state(society)
    row = society.person(1, "王伟", 联系电话="13911112222", 街道=society.street(JD_STREETS[1]))
    _, done = take_in(society, [row], "22B")
    desk = society.desk("jd-caseworker")
    assert [found.name for found in people.find(desk, "13911112222")] == ["王伟"]

    undone = take_back(society, done)

    assert (undone.restored["person"], undone.removed["person"]) == (1, 0)
    assert state(society) == before
    assert people.find(desk, "13911112222") == []
    assert [found.name for found in people.find(desk, "13800000001")] == ["王伟"]


def test_a_phone_from_long_ago_is_still_found_after_the_undo(society: Society) -> None:
    for cycle, phone in (("22A", "13911112222"), ("22B", "13933334444")):
        if cycle != "22A":
            next_cycle(society, cycle)
        take_in(society, [society.person(1, "王伟", 联系电话=phone)], cycle)
    next_cycle(society, "22C")
    before = state(society)
    _, done = take_in(society, [society.person(1, "王伟", 联系电话="13911112222")], "22C")

    take_back(society, done)

    assert state(society) == before


def test_a_person_changed_since_stays_as_they_are(society: Society) -> None:
    take_in(society, [society.person(1, "王伟")])
    for cycle, phone in (("22B", "13911112222"), ("22C", "13933334444")):
        next_cycle(society, cycle)
        _, done = take_in(society, [society.person(1, "王伟", 联系电话=phone)], cycle)
        if cycle == "22B":
            middle = done
    person = people_of(society.admin.store)["王伟"]

    undone = take_back(society, middle)

    assert kept(undone) == [("undo.acted", person.id)]
    assert people_of(society.admin.store)["王伟"] == person
    assert undone.removed["aid_case"] == 1


def test_lines_of_a_verified_roster_stay_and_are_named(society: Society) -> None:
    _, done = take_in(society, rich(society))
    verified = next(
        roster.number
        for roster in rosters.of_cycle(society.admin, done.batch.cycle_id)
        if roster.office_id == society.office(JD_STREETS[0])
    )
    rosters.verify(society.desk("jd-verifier"), verified)
    mine = {case for case, line in lines(society.admin.store).items()
            if line.office_id == society.office(JD_STREETS[0])}  # fmt: skip

    undone = take_back(society, done)

    assert {name for code, name in kept(undone) if code == "undo.roster"} == mine
    assert set(lines(society.admin.store)) == mine
    assert undone.removed["aid_case"] == 2
    assert undone.batch.state == "undone"
    assert len(people_of(society.admin.store)) == 2


def test_a_struck_line_stays_and_is_named(society: Society) -> None:
    _, done = take_in(society, rich(society))
    rosters.strike(society.desk("jd-verifier"), "22A-JD-00001", "moved_away")

    undone = take_back(society, done)

    assert ("undo.acted", "22A-JD-00001") in kept(undone)
    assert set(lines(society.admin.store)) == {"22A-JD-00001"}


def test_a_person_listed_elsewhere_since_stays(society: Society) -> None:
    _, done = take_in(society, [society.person(1, "王伟"), society.person(2, "赵敏")])
    next_cycle(society)
    take_in(society, [society.person(1, "王伟")], "22B")

    undone = take_back(society, done)

    assert [code for code, _ in kept(undone)] == ["undo.lines_left"]
    assert set(people_of(society.admin.store)) == {"王伟"}
    assert [line.case_no for line in lines(society.admin.store).values()] == ["22B-JD-00001"]


def test_a_person_whose_change_waits_stays_until_it_is_decided(society: Society) -> None:
    _, done = take_in(society, [society.person(1, "王伟"), society.person(2, "赵敏")])
    person = people_of(society.admin.store)["王伟"]
    changes.ask(society.desk("jd-caseworker"), person.id, "name", "王维", "typing error")

    undone = take_back(society, done)

    assert kept(undone) == [("undo.acted", person.id)]
    assert set(people_of(society.admin.store)) == {"王伟"}


def test_a_roster_that_others_filled_too_stays_with_its_other_lines(society: Society) -> None:
    """Both had a part in it, so neither verifies it afterwards (BR-040)."""
    _, first = take_in(society, [society.person(1, "王伟")])
    between = state(society)
    path = society.write([society.person(2, "赵敏")])
    _, second = society.take_in(path, "roster", "jd-street", "22A")
    take_back(society, second)
    assert {name for name, made in state(society).items() if made != between[name]} == {"maker"}

    take_back(society, first)
    found = rosters.of_cycle(society.admin, first.batch.cycle_id)
    assert found == []


def test_an_undo_gives_the_quota_back_and_the_same_plan_is_done_with(society: Society) -> None:
    quotas.set_one(society.desk("jd-reviewer"), "22A", JD_STREETS[0], "*", 2)
    path = society.write([society.person(n, f"人{n}") for n in (1, 2)])
    plan = path.with_suffix(".plan")
    desk = society.desk("jd-caseworker")
    imports.plan(desk, path, "roster", cycle_code="22A", target=plan)
    done = imports.apply(desk, plan, keep=True)
    take_back(society, done)

    again = imports.apply(desk, plan, keep=True)
    assert (again.again, again.batch.state) == (True, "undone")
    _, other = take_in(society, [society.person(n, f"别{n}") for n in (3, 4)])
    assert other.batch.rows_new == 2


def test_an_undo_is_one_event_and_happens_once(society: Society) -> None:
    _, done = take_in(society, rich(society))
    store = society.admin.store
    events = number(store, "SELECT count(*) FROM audit_event")
    take_back(society, done)
    assert number(store, "SELECT count(*) FROM audit_event") == events + 1
    after = state(society)

    with refused("undo.again"):
        undoing.undo(society.desk("jd-reviewer"), done.batch.id)
    assert state(society) == after


def test_an_undo_that_is_not_what_was_looked_at_is_refused(society: Society) -> None:
    _, done = take_in(society, rich(society))
    look = undoing.preview(society.desk("jd-reviewer"), done.batch.id)
    assert (look.taken, look.fen) == (4, 3 * 50000)
    before = state(society)
    with refused("act.expected"):
        undoing.undo(society.desk("jd-reviewer"), done.batch.id, expect=look.taken + 1)
    assert state(society) == before
    undoing.undo(society.desk("jd-reviewer"), done.batch.id, expect=look.taken)


@pytest.mark.parametrize("login", ["jd-caseworker", "jd-verifier", "pd-reviewer", "sh-auditor"])
def test_an_undo_needs_the_reviewer_of_the_office(society: Society, login: str) -> None:
    _, done = take_in(society, rich(society))
    before = state(society)

    with refused("who.no_duty"):
        undoing.undo(society.desk(login), done.batch.id)
    with refused("who.no_duty"):
        undoing.preview(society.desk(login), done.batch.id)
    assert state(society) == before


def quota_rows(society: Society, amounts: dict[str, str]) -> list[dict[str, str]]:
    """Rows of a quota sheet."""
    return [
        {"单位代码": code, "单位": society.street(code), "类别": "*", "名额": n}
        for code, n in amounts.items()
    ]


def test_a_quota_import_is_undone(society: Society) -> None:
    before = state(society)
    path = society.write(quota_rows(society, {JD_STREETS[0]: "7", JD_STREETS[1]: "9"}), QUOTA)
    _, done = society.take_in(path, "quota", "jd-reviewer", "22A")
    assert state(society)["quota"] != before["quota"]

    undone = take_back(society, done)

    assert (undone.restored["quota"], undone.removed["quota"]) == (2, 0)
    assert state(society) == before


def test_a_quota_that_was_new_goes(society: Society) -> None:
    before = state(society)
    sheet = quota_rows(society, {JD_STREETS[0]: "7"})
    path = society.write([row | {"类别": "肿瘤"} for row in sheet], QUOTA)
    _, done = society.take_in(path, "quota", "jd-reviewer", "22A")

    assert take_back(society, done).removed["quota"] == 1
    assert state(society) == before


def test_a_quota_changed_since_stays_and_one_in_use_is_refused(society: Society) -> None:
    quotas.set_one(society.desk("jd-reviewer"), "22A", JD_STREETS[0], "*", 1)
    path = society.write(quota_rows(society, {JD_STREETS[0]: "7", JD_STREETS[1]: "9"}), QUOTA)
    _, done = society.take_in(path, "quota", "jd-reviewer", "22A")
    take_in(society, [society.person(n, f"人{n}") for n in (1, 2)])
    before = state(society)
    with refused("quota.used"):
        undoing.undo(society.desk("jd-reviewer"), done.batch.id)
    assert state(society) == before

    quotas.set_one(society.desk("jd-reviewer"), "22A", JD_STREETS[0], "*", 8)
    undone = take_back(society, done)

    name = society.admin.offices.by_code[JD_STREETS[0]].name
    assert kept(undone) == [("undo.acted", name)]
    assert undone.restored["quota"] == 1


def test_bank_results_are_undone_by_opposite_entries(society: Society) -> None:
    entitled(society, *[society.person(n, f"人{n}") for n in (1, 2, 3)])
    batch = society.pay()
    sent = balances(society)
    paid = [f"22A-JD-0000{n}-1C" for n in (1, 2, 3)]
    done = society.bank_result(batch, dict(zip(paid, ("00", "00", "17"), strict=True)))
    assert (len(served(society)), times(society)) == (2, 2)

    undone = take_back(society, done)

    assert kept(undone) == [("undo.came_back", paid[2])]
    assert undone.restored["disbursement"] == 2
    assert (served(society), times(society)) == ({}, 0)
    states = {name: line.state for name, line in vouchers(society.admin.store).items()}
    assert states == {paid[0]: "reversed", paid[1]: "reversed", paid[2]: "returned"}
    now = balances(society)
    assert (now["payable"], now["returned"]) == (100_000, 50_000)
    assert now.get("settled", 0) == 0
    assert sum(now.values()) == sum(sent.values())


def test_results_of_a_reconciled_batch_stay(society: Society) -> None:
    from rcaid.services import batches

    entitled(society, society.person(1, "王伟"))
    batch = society.pay()
    done = society.bank_result(batch, {"22A-JD-00001-1C": "00"})
    batches.reconcile(society.desk("jd-preparer"), batch.number)
    before = balances(society), served(society)

    assert kept(take_back(society, done)) == [("undo.closed", "22A-JD-00001-1C")]
    assert (balances(society), served(society)) == before


def test_a_delivery_sheet_is_undone_and_a_kit_beside_cash_counts_still(society: Society) -> None:
    both(society)
    line = {"凭证号": "22A-JD-00001-1K", "发放日期": "2022-02-01", "是否发放": "是", "数量": "1"}
    _, sheet = society.take_in(society.write([line], DELIVERY), "delivery", "jd-caseworker")
    bank = {"批次号": "22A-1-JD-C01", "凭证号": "22A-JD-00001-1C", "金额": "500",
            "日期": "2022-02-01", "结果代码": "00"}  # fmt: skip
    society.take_in(society.write([bank], BANK), "bank", "jd-preparer")
    assert (served(society), times(society)) == ({"王伟 1": 2}, 1)

    undone = take_back(society, sheet)

    assert undone.restored["disbursement"] == 1
    assert (served(society), times(society)) == ({"王伟 1": 1}, 1)
    assert vouchers(society.admin.store)["22A-JD-00001-1K"].state == "reversed"
    assert vouchers(society.admin.store)["22A-JD-00001-1C"].state == "paid"
