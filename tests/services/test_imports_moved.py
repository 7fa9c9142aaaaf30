"""A plan carries out what was reviewed: not in another store, not changed, not when things moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from rcaid.db.tables import Office
from rcaid.domain.errors import Broken, Refused, Unusable
from rcaid.services import deaths, quotas, rosters
from rcaid.services.importing import imports
from rcaid.services.importing.plans import read_plan
from tests.services.conftest import JD, JD_STREETS, PD, Society, make_society
from tests.services.writing import (
    between,
    contents,
    lines,
    newcomer,
    next_cycle,
    people,
    refused,
    rows,
    vouchers,
)


def plan_of(society: Society, *people: dict[str, str], login: str = "jd-caseworker") -> Path:
    """A plan for a roster file of these rows."""
    path = society.write(people)
    target = path.with_suffix(".plan")
    imports.plan(society.desk(login), path, "roster", cycle_code="22A", target=target)
    return target


def unchanged(society: Society, plan: Path, *codes: str, login: str = "jd-caseworker") -> None:
    """Applying the plan is refused with these codes and leaves every table as it was."""
    before = contents(society.admin.store)
    with refused(*codes):
        imports.apply(society.desk(login), plan)
    assert contents(society.admin.store) == before


def pd_street(society: Society) -> Office:
    return society.admin.offices.children(society.office(PD))[0]


@pytest.fixture
def other(new_url: Callable[..., str], tmp_path: Path) -> Iterator[Society]:
    """Another society's store."""
    made = make_society(new_url("sqlite"), tmp_path, seed=8)
    yield made
    made.admin.store.close()


def test_a_plan_of_another_store_is_refused(society: Society, other: Society) -> None:
    plan = plan_of(society, society.person(1, "王伟"))

    unchanged(other, plan, "plan.other_store")


def test_a_plan_changed_in_one_bit_anywhere_is_broken(society: Society) -> None:
    plan = plan_of(society, society.person(1, "王伟"), society.person(2, "赵敏", 类别="感冒"))
    whole = plan.read_bytes()
    desk = society.desk("jd-caseworker")
    rng = Random(3)
    header = whole.index(b"\n") + 1
    places = [*range(header, header + 64), *rng.sample(range(header, len(whole)), 400)]
    places += range(len(whole) - 40, len(whole))
    for at in places:
        changed = bytearray(whole)
        changed[at] ^= 1 << rng.randrange(8)
        plan.write_bytes(changed)
        with pytest.raises(Broken) as caught:
            read_plan(desk, plan)
        assert caught.value.problems[0].code == "plan.changed", at


def test_a_plan_changed_in_its_first_line_is_no_plan(society: Society) -> None:
    plan = plan_of(society, society.person(1, "王伟"))
    whole = plan.read_bytes()
    for at in range(whole.index(b"\n") + 1):
        changed = bytearray(whole)
        changed[at] ^= 1
        plan.write_bytes(changed)
        with pytest.raises((Broken, Unusable)):
            read_plan(society.desk("jd-caseworker"), plan)


@pytest.mark.parametrize("keep", [0, 5, 13, 20, 60, -33, -32, -1])
def test_a_plan_cut_short_is_not_applied(society: Society, keep: int) -> None:
    plan = plan_of(society, society.person(1, "王伟"))
    plan.write_bytes(plan.read_bytes()[:keep])
    before = contents(society.admin.store)

    with pytest.raises((Broken, Unusable)):
        imports.apply(society.desk("jd-caseworker"), plan)
    assert contents(society.admin.store) == before


def test_a_plan_that_is_missing_or_another_file_is_unusable(society: Society) -> None:
    with refused("plan.missing", by=Unusable):
        imports.apply(society.desk("jd-caseworker"), society.folder / "none.plan")
    with refused("plan.not_one", by=Unusable):
        imports.apply(society.desk("jd-caseworker"), society.write([]))


def test_a_roster_verified_since_is_named(society: Society) -> None:
    [number] = society.import_roster([society.person(1, "王伟")])
    plan = plan_of(society, society.person(2, "赵敏"))
    rosters.verify(society.desk("jd-verifier"), number)

    unchanged(society, plan, "plan.moved")


def test_a_known_person_changed_since_is_named(society: Society) -> None:
    _on_file(society, "王伟")
    plan = plan_of(society, society.person(1, "王伟", 联系电话="13911112222"))
    next_cycle(society, "24A")
    society.import_roster([society.person(1, "王伟", 联系电话="13933334444")], cycle="24A")

    unchanged(society, plan, "plan.moved")


def _on_file(society: Society, name: str) -> str:
    """Puts person 1 on file by a roster of a cycle of its own."""
    next_cycle(society, "23A")
    society.import_roster([society.person(1, name)], cycle="23A")
    return people(society.admin.store)[name].id


def test_a_known_person_who_died_since_is_named_though_the_row_changes_nothing(
    society: Society,
) -> None:
    person = _on_file(society, "王伟")
    plan = plan_of(society, society.person(1, "王伟"))
    deaths.record(society.desk("jd-caseworker"), person, "2022-01-31", "registry")

    unchanged(society, plan, "plan.moved")


def test_a_known_person_listed_by_another_district_since_is_refused(society: Society) -> None:
    _on_file(society, "王伟")
    plan = plan_of(society, society.person(1, "王伟"))
    elsewhere = society.person(1, "王伟", 街道=pd_street(society).code)
    society.import_roster([elsewhere], "pd-caseworker")

    unchanged(society, plan, "plan.moved")


def test_a_new_person_who_came_in_by_another_district_since_is_refused(society: Society) -> None:
    plan = plan_of(society, society.person(1, "王伟"))
    elsewhere = society.person(1, "王伟", 街道=pd_street(society).code)
    society.import_roster([elsewhere], "pd-caseworker")

    unchanged(society, plan, "plan.moved")


def test_a_household_that_came_in_by_another_district_since_is_refused(society: Society) -> None:
    head = society.person(9, "户主")["证件号码"]
    plan = plan_of(society, society.person(1, "王伟", 户主证件号码=head))
    elsewhere = society.person(2, "赵敏", 户主证件号码=head, 街道=pd_street(society).code)
    society.import_roster([elsewhere], "pd-caseworker")

    unchanged(society, plan, "plan.moved")


def test_quota_used_since_is_named_with_its_office(society: Society) -> None:
    plan = plan_of(society, society.person(1, "王伟"))
    society.import_roster([society.person(2, "赵敏")])
    before = contents(society.admin.store)

    with pytest.raises(Refused) as caught:
        imports.apply(society.desk("jd-caseworker"), plan)

    found = {problem.code: problem for problem in caught.value.problems}
    assert "plan.quota" in found
    assert found["plan.quota"].params["office"] == society.street(JD_STREETS[0])
    assert (found["plan.quota"].params["before"], found["plan.quota"].params["now"]) == (0, 1)
    assert contents(society.admin.store) == before


def test_quota_lowered_since_is_refused(society: Society) -> None:
    plan = plan_of(society, society.person(1, "王伟"), society.person(2, "赵敏"))
    quotas.set_one(society.desk("jd-reviewer"), "22A", JD_STREETS[0], "*", 1)

    unchanged(society, plan, "plan.quota")


def test_case_numbers_given_since_by_another_street_are_named(society: Society) -> None:
    plan = plan_of(society, *[society.person(n, f"人{n}") for n in (1, 2, 3)])
    society.import_roster([society.person(9, "赵敏", 街道=JD_STREETS[1])])

    unchanged(society, plan, "plan.numbers")


def test_a_cap_reached_since_is_refused(society: Society) -> None:
    """What a person was entitled to meanwhile counts when the plan is applied (BR-022)."""
    _on_file(society, "王伟")
    plan = plan_of(society, society.person(1, "王伟", 金额="600"))
    number = rosters.of_cycle(society.admin, _cycle(society, "23A"))[0].number
    society.approve(number)

    before = contents(society.admin.store)
    with pytest.raises(Refused):
        _apply_and_approve(society, plan)
    assert sum(line.state == "entitled" for line in lines(society.admin.store).values()) == 1
    assert before["ledger_entry"] == contents(society.admin.store)["ledger_entry"]


def _apply_and_approve(society: Society, plan: Path) -> None:
    imports.apply(society.desk("jd-caseworker"), plan)
    [number] = [r.number for r in rosters.of_cycle(society.admin, _cycle(society, "22A"))]
    society.approve(number, (1,))


def _cycle(society: Society, code: str) -> str:
    return str(rows(society.admin.store, f"SELECT id FROM cycle WHERE code = '{code}'")[0][0])


def test_a_line_paid_since_makes_the_plan_of_its_result_refuse(society: Society) -> None:
    [number] = society.import_roster([society.person(1, "王伟")])
    society.approve(number)
    batch = society.pay()
    headings = ("批次号", "凭证号", "账号后四位", "金额", "日期", "结果代码", "说明")
    row = {"批次号": batch.number, "凭证号": "22A-JD-00001-1C", "金额": "500", "日期": "2022-02-01"}
    path = society.write([row | {"结果代码": "17"}], headings)
    target = path.with_suffix(".plan")
    imports.plan(society.desk("jd-preparer"), path, "bank", target=target)
    society.bank_result(batch, {"22A-JD-00001-1C": "00"})

    unchanged(society, target, "plan.moved", login="jd-preparer")
    assert vouchers(society.admin.store)["22A-JD-00001-1C"].state == "paid"


def test_a_quota_changed_since_makes_the_plan_of_a_quota_sheet_refuse(society: Society) -> None:
    headings = ("单位代码", "单位", "类别", "名额")
    row = {"单位代码": JD_STREETS[0], "类别": "*", "名额": "40"}
    path = society.write([row], headings)
    target = path.with_suffix(".plan")
    imports.plan(society.desk("sh-reviewer"), path, "quota", cycle_code="22A", target=target)
    quotas.set_one(society.desk("jd-reviewer"), "22A", JD_STREETS[0], "*", 45)

    unchanged(society, target, "plan.moved", login="sh-reviewer")


def test_somebody_of_another_office_cannot_apply_a_plan(society: Society) -> None:
    plan = plan_of(society, society.person(1, "王伟"))

    unchanged(society, plan, "who.no_duty", login="pd-caseworker")


def test_somebody_without_the_duty_cannot_apply_a_plan(society: Society) -> None:
    plan = plan_of(society, society.person(1, "王伟"))

    for login in ("jd-verifier", "jd-approver", "jd-preparer", "sh-administrator"):
        unchanged(society, plan, "who.no_duty", login=login)


def test_a_colleague_of_the_same_office_may_apply_a_plan_and_is_its_maker_too(
    society: Society,
) -> None:
    plan = plan_of(society, society.person(1, "王伟"))
    colleague = newcomer(society, "colleague", "caseworker", "verifier", office=JD)
    imports.apply(colleague, plan)

    [roster] = rosters.of_cycle(society.admin, _cycle(society, "22A"))
    with refused("who.maker"):
        rosters.verify(colleague, roster.number)


def test_a_unit_that_fails_at_its_end_leaves_nothing(
    society: Society, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(society, society.person(1, "王伟"), society.person(2, "赵敏"))
    before = contents(society.admin.store)

    def fail(*_: Any) -> None:
        raise RuntimeError("at the end")

    with monkeypatch.context() as patch:
        patch.setattr(imports, "_keep_outcomes", fail)
        with pytest.raises(RuntimeError):
            imports.apply(society.desk("jd-caseworker"), plan)
    assert contents(society.admin.store) == before
    assert plan.exists()

    assert imports.apply(society.desk("jd-caseworker"), plan).batch.rows_new == 2


def test_a_plan_applied_at_two_desks_at_once_comes_in_once(society: Society) -> None:
    plan = plan_of(society, society.person(1, "王伟"))
    other = newcomer(society, "other", "caseworker")
    between(society.desk("jd-caseworker"), lambda: imports.apply(other, plan, keep=True))
    done = imports.apply(society.desk("jd-caseworker"), plan)

    assert done.again
    assert (done.entry, done.batch.staff_id) == (None, other.actor.staff_id)
    assert len(lines(society.admin.store)) == 1
