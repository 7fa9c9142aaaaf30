"""Name, number and account are changed by two people: one asks, another confirms."""

from __future__ import annotations

import pytest

from rcaid.db.upkeep import miscounted
from rcaid.domain.identity import make_number
from rcaid.services import audit, changes, rosters
from rcaid.services.deaths import by_number
from rcaid.services.invariants import broken
from tests.services.conftest import JD, Society
from tests.services.test_batches import entitled
from tests.services.writing import (
    all_round,
    contents,
    lines,
    newcomer,
    people,
    refused,
    rights,
    rows,
)

NEW = make_number("310199", "19510202", 8)
ACCOUNT = "6222333344445555"
VALUES = {"name": "王玮", "number": NEW, "account": ACCOUNT}


def listed(society: Society) -> str:
    """The roster of two people on file."""
    [roster] = society.import_roster([society.person(1, "王伟"), society.person(2, "赵敏")])
    return roster


def wei(society: Society) -> str:
    return people(society.admin.store)["王伟"].id


def ask(society: Society, field: str, value: str = "", login: str = "jd-caseworker") -> str:
    change, _ = changes.ask(
        society.desk(login), wei(society), field, value or VALUES[field], "typed wrongly"
    )
    return change


@pytest.mark.parametrize("field", VALUES)
def test_nothing_changes_until_a_second_person_confirms(society: Society, field: str) -> None:
    listed(society)
    before = contents(society.admin.store, without=("change_request",))
    change = ask(society, field)
    assert contents(society.admin.store, without=("change_request",)) == before

    changes.confirm(society.desk("jd-reviewer"), change)
    assert contents(society.admin.store, without=("change_request",)) != before
    assert audit.verify_store(society.desk("sh-auditor")).faults == []


@pytest.mark.parametrize("decide", ["confirm", "refuse"])
def test_br_040_who_asked_does_not_decide(society: Society, decide: str) -> None:
    listed(society)
    me = all_round(society)
    change, _ = changes.ask(me, wei(society), "account", ACCOUNT, "x")
    before = contents(society.admin.store)

    with refused("who.maker"):
        changes.confirm(me, change) if decide == "confirm" else changes.refuse(me, change, "x")
    assert contents(society.admin.store) == before


def test_only_their_duties_ask_and_confirm_and_only_at_home(society: Society) -> None:
    listed(society)
    change = ask(society, "name")
    for login in ("jd-verifier", "jd-approver", "jd-auditor", "pd-caseworker", "sh-administrator"):
        with refused("who.no_duty"):
            ask(society, "name", login=login)
    for login in ("jd-caseworker", "jd-approver", "jd-preparer", "pd-reviewer"):
        with refused("who.no_duty"):
            changes.confirm(society.desk(login), change)
    assert changes.waiting(society.desk("pd-reviewer")) == []
    changes.confirm(society.desk("sh-reviewer"), change)


def test_a_change_is_decided_once(society: Society) -> None:
    listed(society)
    done, left = ask(society, "name"), ask(society, "account")
    reviewer = society.desk("jd-reviewer")
    changes.confirm(reviewer, done)
    changes.refuse(reviewer, left, "not_proved")
    for change in (done, left):
        with refused("state.no_move"):
            changes.confirm(reviewer, change)
        with refused("state.no_move"):
            changes.refuse(reviewer, change, "x")
    with refused("state.gone"):
        changes.confirm(reviewer, "none")
    assert changes.waiting(reviewer) == []
    assert rows(society.admin.store, "SELECT count(*) FROM account") == [(2,)]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("phone", "13900000000", "change.field"),
        ("name", " ", "row.required"),
        ("name", "王\x1b[2J", "text.control"),
        ("number", NEW[:17] + ("0" if NEW[17] != "0" else "1"), "identity.checksum"),
        ("number", "123", "identity.length"),
        ("account", "x", "account.letters"),
    ],
)
def test_a_value_that_cannot_be_is_refused_when_it_is_asked_for(
    society: Society, field: str, value: str, code: str
) -> None:
    listed(society)
    with refused(code):
        ask(society, field, value)


def test_somebody_unknown_has_nothing_to_change(society: Society) -> None:
    with refused("state.gone"):
        changes.ask(society.desk("jd-caseworker"), "nobody", "name", "x", "x")


def test_a_new_name_is_found_and_shown(society: Society) -> None:
    from rcaid.services.people import find

    listed(society)
    changes.confirm(society.desk("jd-reviewer"), ask(society, "name"))

    assert {"王玮", "赵敏"} == set(people(society.admin.store))
    desk = society.desk("jd-caseworker")
    assert [line.name for line in find(desk, "王玮", 20)] == ["王玮"]
    assert find(desk, "王伟", 20) == []


def test_a_new_number_replaces_the_old_one_and_takes_sex_and_birth_along(society: Society) -> None:
    listed(society)
    changes.confirm(society.desk("jd-reviewer"), ask(society, "number"))

    desk = society.desk("jd-caseworker")
    found = by_number(desk, NEW)
    assert found is not None
    assert (found.name, found.sex, found.born) == ("王伟", "F", "1951-02-02")
    assert by_number(desk, society.person(1, "")["证件号码"]) is None


def test_br_008_a_number_of_somebody_else_is_not_given_twice(society: Society) -> None:
    listed(society)
    change = ask(society, "number", society.person(2, "")["证件号码"])
    before = contents(society.admin.store)

    with refused("person.known"):
        changes.confirm(society.desk("jd-reviewer"), change)
    assert contents(society.admin.store) == before


def test_a_new_account_reaches_lines_that_are_not_frozen(society: Society) -> None:
    roster = listed(society)
    old = lines(society.admin.store)["22A-JD-00001"].account_id
    changes.confirm(society.desk("sh-reviewer"), ask(society, "account"))
    new = lines(society.admin.store)["22A-JD-00001"].account_id

    assert new != old
    society.freeze(roster)
    rosters.approve(society.desk("jd-approver"), [roster], [1])
    assert {r.account_id for r in rights(society.admin.store)} >= {new}


def test_a_new_account_reaches_rights_that_are_not_on_their_way(society: Society) -> None:
    entitled(society, society.person(1, "王伟"))
    before = lines(society.admin.store)["22A-JD-00001"]
    changes.confirm(society.desk("jd-reviewer"), ask(society, "account"))

    [right] = rights(society.admin.store)
    assert right.account_id != before.account_id
    assert lines(society.admin.store)["22A-JD-00001"] == before
    assert miscounted(society.admin.store) == []
    assert broken(society.admin.store) == []


def test_a_payment_on_its_way_keeps_its_account(society: Society) -> None:
    entitled(society, society.person(1, "王伟"))
    society.pay(until="locked")
    before = rights(society.admin.store)
    changes.confirm(society.desk("jd-reviewer"), ask(society, "account"))

    assert rights(society.admin.store) == before


@pytest.mark.parametrize("part", ["asked", "confirmed"])
def test_br_040_who_changed_an_account_lets_no_money_go_to_it(society: Society, part: str) -> None:
    from rcaid.services import batches

    entitled(society, society.person(1, "王伟"))
    me = all_round(society)
    asker = me if part == "asked" else society.desk("jd-caseworker")
    change, _ = changes.ask(asker, wei(society), "account", ACCOUNT, "x")
    changes.confirm(me if part == "confirmed" else society.desk("jd-reviewer"), change)
    batch = society.pay(until="locked")

    with refused("who.maker"):
        batches.approve(me, batch.number)
    batches.approve(society.desk("jd-approver"), batch.number)
    with refused("who.maker"):
        batches.release(me, batch.number)


def test_what_waits_is_shown_masked(society: Society) -> None:
    listed(society)
    for field in VALUES:
        ask(society, field)
    shown = changes.waiting(society.desk("jd-reviewer"))

    assert [each.field for each in shown] == ["name", "number", "account"]
    text = repr(shown)
    for value in (NEW, NEW[6:14], ACCOUNT, society.person(1, "")["证件号码"]):
        assert value not in text


def test_values_that_wait_are_sealed_and_never_in_the_record(society: Society) -> None:
    listed(society)
    for field in VALUES:
        ask(society, field)
    store = society.admin.store
    texts = [str(row) for row in rows(store, "SELECT line FROM audit_event")]
    texts += [str(row) for row in rows(store, "SELECT public FROM audit_row")]
    texts += [str(bytes(row[0])) for row in rows(store, "SELECT sealed FROM change_request")]

    for value in (*VALUES.values(), "typed wrongly"):
        assert not any(value in text for text in texts)


def test_a_street_asks_for_its_own_people_alone(society: Society) -> None:
    listed(society)
    elsewhere = newcomer(society, "street-2", "caseworker", office="310114002")
    with refused("who.no_duty"):
        changes.ask(elsewhere, wei(society), "name", "王玮", "x")
    own = newcomer(society, "street-1", "caseworker", office="310114001")
    changes.ask(own, wei(society), "name", "王玮", "x")
    assert society.office(JD)


def test_an_account_waits_while_its_line_is_frozen_and_not_decided(society: Society) -> None:
    """Neither the frozen line nor a right that is not there yet could take it up."""
    roster = listed(society)
    change = ask(society, "account")
    society.freeze(roster)
    before = contents(society.admin.store)
    with refused("change.frozen"):
        changes.confirm(society.desk("jd-reviewer"), change)
    assert contents(society.admin.store) == before

    rosters.approve(society.desk("jd-approver"), [roster], [1])
    changes.confirm(society.desk("jd-reviewer"), change)
    line = lines(society.admin.store)["22A-JD-00001"]
    assert line.account_id not in {right.account_id for right in rights(society.admin.store)}
