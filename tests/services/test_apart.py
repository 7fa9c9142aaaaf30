"""BR-040: creator, verifier, approver and releaser of one object are different people, always.

Everybody here holds every duty of the district, so that only the part they had can stop them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rcaid.domain.duties import kept_apart
from rcaid.services import batches, results, rosters, staff
from rcaid.services.desk import Desk
from rcaid.services.importing import imports
from rcaid.services.society import as_person
from tests.services.conftest import JD, PD, Society
from tests.services.writing import (
    all_round,
    contents,
    lines,
    newcomer,
    number,
    refused,
    rights,
    rows,
)

Who = dict[str, Desk]
ROSTER_STEPS: dict[str, Callable[[Desk, str], Any]] = {
    "verify": rosters.verify,
    "freeze": rosters.freeze,
    "approve": lambda desk, roster: rosters.approve(desk, [roster], [1]),
}
BATCH_STEPS: dict[str, Callable[[Desk, str], Any]] = {
    "batch.create": lambda desk, _: batches.create(desk, "22A", 1, JD, "money"),
    "batch.lock": batches.lock,
    "batch.approve": batches.approve,
    "batch.release": batches.release,
    "batch.reconcile": batches.reconcile,
    "batch.close": batches.close,
}
# What somebody did, the step that is barred to them.
BARRED = [
    ("import", "verify"),
    ("import", "freeze"),
    ("import", "approve"),
    ("verify", "freeze"),
    ("verify", "approve"),
    ("import", "batch.approve"),
    ("import", "batch.release"),
    ("verify", "batch.approve"),
    ("verify", "batch.release"),
    ("approve", "batch.release"),
    ("batch.create", "batch.approve"),
    ("batch.create", "batch.release"),
    ("batch.approve", "batch.release"),
    ("batch.release", "batch.reconcile"),
]
# The reviewer may be the approver, an approver of the roster may approve the batch.
FREE = [
    ("freeze", "approve"),
    ("approve", "batch.approve"),
    ("approve", "batch.create"),
    ("batch.create", "batch.lock"),
    ("freeze", "batch.release"),
    ("batch.create", "batch.reconcile"),
    ("batch.approve", "batch.close"),
]
ORDER = ["import", *ROSTER_STEPS, *BATCH_STEPS]


def walk(society: Society, who: Who, until: str, desk: Desk | None = None) -> Callable[[], Any]:
    """Takes a roster and its batch up to a step, each by its own person; returns that step."""
    roster = batch = ""
    everybody = all_round(society, "somebody-else")
    for step in ORDER:
        actor = who.get(step, everybody if step == until else society.desk(DUTY[step]))
        if step == until and desk is not None:
            actor = desk
        act = _act(society, step, actor, roster, batch)
        if step == until:
            return act
        made = act()
        if step == "import":
            roster = made
        elif step == "batch.create":
            batch = made[0].number
        elif step == "batch.release":
            codes = {f"22A-JD-0000{n}-1C": "00" for n in (1, 2)}
            society.bank_result(made[0], codes)
    raise AssertionError(until)


DUTY = {
    "import": "jd-caseworker",
    "verify": "jd-verifier",
    "freeze": "jd-reviewer",
    "approve": "jd-approver",
    "batch.create": "jd-preparer",
    "batch.lock": "jd-preparer",
    "batch.approve": "jd-approver",
    "batch.release": "jd-releaser",
    "batch.reconcile": "jd-preparer",
    "batch.close": "jd-approver",
}


def _act(society: Society, step: str, actor: Desk, roster: str, batch: str) -> Callable[[], Any]:
    if step == "import":
        return lambda: _import(society, actor)
    if step in ROSTER_STEPS:
        return lambda: ROSTER_STEPS[step](actor, roster)
    return lambda: BATCH_STEPS[step](actor, batch)


def _import(society: Society, desk: Desk) -> str:
    path = society.write([society.person(1, "王伟"), society.person(2, "赵敏")])
    target = path.with_suffix(".plan")
    imports.plan(desk, path, "roster", cycle_code="22A", target=target)
    imports.apply(desk, target)
    society.clock.wait(2)
    return str(rows(society.admin.store, "SELECT number FROM roster")[0][0])


@pytest.mark.parametrize(("part", "step"), BARRED)
def test_br_040_who_had_an_earlier_part_is_refused(society: Society, part: str, step: str) -> None:
    me = all_round(society)
    act = walk(society, {part: me}, step, me)
    before = contents(society.admin.store)

    with refused("who.maker"):
        act()
    assert contents(society.admin.store) == before


@pytest.mark.parametrize(("part", "step"), FREE)
def test_br_040_who_had_another_part_may_go_on(society: Society, part: str, step: str) -> None:
    me = all_round(society)
    walk(society, {part: me}, step, me)()


def test_br_040_nobody_who_had_no_part_is_stopped(society: Society) -> None:
    walk(society, {}, "batch.close")()
    assert rows(society.admin.store, "SELECT state FROM batch") == [("closed",)]


def test_br_040_all_parts_of_one_batch_are_written_down(society: Society) -> None:
    walk(society, {}, "batch.reconcile")

    logins = dict(rows(society.admin.store, "SELECT id, login FROM staff"))
    found = [
        (noun, act, logins[who])
        for noun, act, who in rows(society.admin.store, "SELECT noun, act, staff_id FROM maker")
    ]
    assert sorted(found) == [
        ("batch", "batch.approve", "jd-approver"),
        ("batch", "batch.create", "jd-preparer"),
        ("batch", "batch.release", "jd-releaser"),
        ("roster", "approve", "jd-approver"),
        ("roster", "freeze", "jd-reviewer"),
        ("roster", "import", "jd-caseworker"),
        ("roster", "verify", "jd-verifier"),
    ]


def test_br_040_an_approval_names_each_maker_its_checker_and_the_hash(society: Society) -> None:
    walk(society, {}, "batch.create")

    store = society.admin.store
    logins = dict(rows(store, "SELECT id, login FROM staff"))
    frozen = rows(store, "SELECT frozen_hash FROM roster")[0][0]
    found = rows(store, "SELECT noun, step, maker_id, checker_id, hash FROM approval")
    assert sorted((n, s, logins[m], logins[c], h) for n, s, m, c, h in found) == [
        ("roster", "approve", "jd-caseworker", "jd-approver", frozen),
        ("roster", "approve", "jd-verifier", "jd-approver", frozen),
    ]


def test_br_040_a_new_login_does_not_make_another_person(society: Society) -> None:
    me = all_round(society)
    roster = _import(society, me)
    rows(
        society.admin.store,
        "UPDATE staff SET login = 'renamed', name = 'New Name' WHERE login = 'all-round' RETURNING id",
    )
    again = as_person(society.admin, "renamed")

    assert again.actor.staff_id == me.actor.staff_id
    with refused("who.maker"):
        rosters.verify(again, roster)


def test_br_040_a_duty_granted_later_does_not_help(society: Society) -> None:
    caseworker = society.desk("jd-caseworker")
    roster = _import(society, caseworker)
    staff.grant(society.admin, "jd-caseworker", "verifier", JD)
    staff.grant(society.admin, "jd-caseworker", "approver", "310000")
    again = as_person(society.admin, "jd-caseworker")

    with refused("who.maker"):
        rosters.verify(again, roster)
    society.freeze(roster)
    with refused("who.maker"):
        rosters.approve(again, [roster], [1])


def test_br_040_a_duty_taken_away_and_given_back_does_not_help(society: Society) -> None:
    me = all_round(society)
    roster = _import(society, me)
    staff.revoke(society.admin, "all-round", "verifier", JD)
    staff.grant(society.admin, "all-round", "verifier", "310000")

    with refused("who.maker"):
        rosters.verify(as_person(society.admin, "all-round"), roster)


@pytest.mark.parametrize("office", [PD, "310114001"])
def test_br_040_an_approver_of_another_or_a_lower_office_is_refused(
    society: Society, office: str
) -> None:
    roster = _import(society, society.desk("jd-caseworker"))
    if office != PD:
        rows(
            society.admin.store,
            "UPDATE roster SET office_id = (SELECT id FROM office WHERE code = '310114002') RETURNING id",
        )
    society.freeze(roster)
    stranger = newcomer(society, "stranger", "approver", office=office)

    with refused("who.no_duty"):
        rosters.approve(stranger, [roster], [1])


def test_br_040_an_approver_of_the_office_above_may_approve(society: Society) -> None:
    roster = _import(society, society.desk("jd-caseworker"))
    society.freeze(roster)
    rosters.approve(society.desk("sh-approver"), [roster], [1])


def test_br_040_one_roster_of_several_with_a_part_refuses_all(society: Society) -> None:
    me = all_round(society)
    street = society.admin.offices.by_code["310114002"].name
    first, second = society.import_roster(
        [society.person(1, "王伟"), society.person(2, "赵敏", 街道=street)]
    )
    rosters.verify(me, first)
    rosters.verify(society.desk("jd-verifier"), second)
    for each in (first, second):
        rosters.freeze(society.desk("jd-reviewer"), each)

    with refused("who.maker"):
        rosters.approve(me, [first, second], [1])
    assert number(society.admin.store, "SELECT count(*) FROM entitlement") == 0
    rosters.approve(me, [second], [1])


def test_br_040_a_part_in_any_roster_of_a_batch_bars_its_release(society: Society) -> None:
    me = all_round(society)
    street = society.admin.offices.by_code["310114002"].name
    first, second = society.import_roster(
        [society.person(1, "王伟"), society.person(2, "赵敏", 街道=street)]
    )
    rosters.verify(me, second)
    rosters.freeze(society.desk("jd-reviewer"), second)
    rosters.approve(society.desk("jd-approver"), [second], [1])
    society.approve(first)
    batch = society.pay(until="approved")

    with refused("who.maker"):
        batches.release(me, batch.number)


@pytest.mark.parametrize("step", ["batch.approve", "batch.release"])
def test_br_040_who_gave_a_payee_another_account_lets_no_money_go_to_it(
    society: Society, step: str
) -> None:
    me = all_round(society)
    society.approve(society.import_roster([society.person(1, "王伟")])[0])
    society.bank_result(society.pay(), {"22A-JD-00001-1C": "17"})
    results.fix_accounts(
        me, [("22A-JD-00001-1C", "王伟", "上海银行", "6222333344445555")], society.office(JD)
    )
    batch, _ = batches.reissue(society.desk("jd-preparer"), "22A", 1, JD)
    batches.lock(society.desk("jd-preparer"), batch.number)
    if step == "batch.release":
        batches.approve(society.desk("jd-approver"), batch.number)

    with refused("who.maker"):
        BATCH_STEPS[step](me, batch.number)


def test_br_040_whoever_edits_lines_of_a_returned_roster_is_its_maker_too(
    society: Society,
) -> None:
    me = all_round(society)
    roster = _import(society, society.desk("jd-caseworker"))
    rosters.send_back(society.desk("jd-verifier"), roster, "phones")
    path = society.write([society.person(3, "李娜")])
    target = path.with_suffix(".plan")
    imports.plan(me, path, "roster", cycle_code="22A", target=target)
    imports.apply(me, target)

    with refused("who.maker"):
        rosters.verify(me, roster)
    rosters.verify(society.desk("jd-verifier"), roster)


def test_br_040_an_open_roster_is_not_verified_by_who_hands_it_in(society: Society) -> None:
    me = all_round(society)
    roster = _import(society, society.desk("jd-caseworker"))
    rosters.send_back(society.desk("jd-verifier"), roster, "phones")
    rosters.submit(me, roster)

    with refused("who.maker"):
        rosters.verify(me, roster)


def test_br_040_the_database_itself_keeps_maker_and_checker_apart(society: Society) -> None:
    from tests.db.support import INTEGRITY

    mine = society.desk("jd-approver").actor.staff_id
    with pytest.raises(INTEGRITY):
        society.admin.store.insert_many(
            "approval",
            ("id", "noun", "object_id", "step", "maker_id", "checker_id", "hash", "version"),
            [("x", "roster", "y", "approve", mine, mine, "", 1)],
        )


@pytest.mark.parametrize("step", ["verify", "approve", "batch.approve", "batch.release"])
def test_br_040_there_is_no_setting_that_turns_it_off(step: str) -> None:
    """Nothing but the parts goes into the decision."""
    part = {"verify": "import", "approve": "verify"}.get(step, "batch.create")

    assert kept_apart(step, "me", [("me", part)]) is not None
    assert kept_apart(step, "me", [("other", part)]) is None
    assert kept_apart.__code__.co_varnames[: kept_apart.__code__.co_argcount] == (
        "step",
        "staff_id",
        "parts",
    )


def test_br_040_a_refusal_changes_no_line_and_no_entitlement(society: Society) -> None:
    me = all_round(society)
    roster = _import(society, me)
    society.freeze(roster)
    with refused("who.maker"):
        rosters.approve(me, [roster], [1])

    assert rights(society.admin.store) == []
    assert {line.state for line in lines(society.admin.store).values()} == {"listed"}
