"""Who is on file already, whose household it is, which roster grows, and what stood before."""

from __future__ import annotations

import msgspec
import pytest

from rcaid.db import people as people_rows
from rcaid.db.keys import Keys
from rcaid.db.tables import Person
from rcaid.domain.identity import make_number
from rcaid.services import quotas, rosters
from rcaid.services.deaths import by_number
from rcaid.services.importing import imports
from tests.services.conftest import JD_STREETS, Society
from tests.services.writing import (
    contents,
    lines,
    next_cycle,
    number,
    people,
    refused,
    rows,
)

GOOD = make_number("310199", "19500101", 1)
OLD = GOOD[:6] + GOOD[8:17]


def opened(society: Society, name: str) -> dict[str, str]:
    """The sealed values of a person."""
    person = people(society.admin.store)[name]
    assert person.sealed is not None
    return society.admin.keys.open("person", person.id, bytes(person.sealed))[1]


@pytest.mark.parametrize(("first", "second"), [(GOOD, OLD), (OLD, GOOD), (GOOD, GOOD)])
def test_br_004_a_person_is_known_by_either_form_of_their_number(
    society: Society, first: str, second: str
) -> None:
    society.import_roster([society.person(1, "王伟", 证件号码=first)])
    next_cycle(society)
    society.import_roster([society.person(1, "王伟", 证件号码=second)], cycle="22B")

    store = society.admin.store
    assert number(store, "SELECT count(*) FROM person") == 1
    assert number(store, "SELECT count(DISTINCT person_id) FROM aid_case") == 1
    desk = society.desk("jd-caseworker")
    for text in (GOOD, OLD, GOOD.lower()):
        found = by_number(desk, text)
        assert found is not None
        assert found.name == "王伟"


def test_br_003_sex_and_birth_come_from_the_number(society: Society) -> None:
    society.import_roster([society.person(1, "王伟"), society.person(2, "赵敏")])

    found = people(society.admin.store)
    assert [(found[n].sex, found[n].born) for n in ("王伟", "赵敏")] == [
        ("M", "1950-01-01"),
        ("F", "1950-01-01"),
    ]


def test_a_known_person_takes_over_what_is_new_and_the_before_image_is_kept(
    society: Society,
) -> None:
    society.import_roster([society.person(1, "王伟")])
    before = people(society.admin.store)["王伟"]
    next_cycle(society)
    path = society.write(
        [society.person(1, "王伟", 联系电话="13911112222", 街道=society.street(JD_STREETS[1]))]
    )
    planned, done = society.take_in(path, "roster", "jd-caseworker", "22B")

    after = people(society.admin.store)["王伟"]
    assert opened(society, "王伟")["phone"] == "13911112222"
    assert after.office_id == society.office(JD_STREETS[1])
    assert (after.version, after.household_id) == (before.version + 1, before.household_id)
    assert planned.facts.extra["people_updated"] == 1
    [(noun, row_id, sealed)] = rows(
        society.admin.store,
        f"SELECT noun, row_id, sealed FROM import_change WHERE batch_id = '{done.batch.id}'",
    )
    assert (noun, row_id) == ("person", before.id)
    packed = society.admin.keys.decrypt(f"before|{before.id}", bytes(sealed))
    assert b"13800000001" not in bytes(sealed)
    assert Person(*msgspec.msgpack.decode(packed)) == before


def test_a_known_person_who_changes_nothing_keeps_their_version(society: Society) -> None:
    society.import_roster([society.person(1, "王伟")])
    next_cycle(society)
    _, done = society.take_in(
        society.write([society.person(1, "王伟")]), "roster", "jd-caseworker", "22B"
    )

    assert people(society.admin.store)["王伟"].version == 1
    assert not rows(
        society.admin.store, f"SELECT 1 FROM import_change WHERE batch_id = '{done.batch.id}'"
    )


def test_a_phone_may_come_back_after_another_one(society: Society) -> None:
    for cycle, phone in (("22A", "13911112222"), ("22B", "13933334444"), ("22C", "13911112222")):
        if cycle != "22A":
            next_cycle(society, cycle)
        society.import_roster([society.person(1, "王伟", 联系电话=phone)], cycle=cycle)

    assert opened(society, "王伟")["phone"] == "13911112222"


def test_people_may_share_a_phone_and_an_account(society: Society) -> None:
    same = {"联系电话": "13911112222", "银行账号": "6222000011112222"}
    society.import_roster([society.person(n, f"人{n}", **same) for n in (1, 2, 3)])

    store = society.admin.store
    assert number(store, "SELECT count(*) FROM person_key WHERE kind = 2") == 3
    assert number(store, "SELECT count(DISTINCT hash) FROM account") == 1


def test_one_account_of_one_person_is_one_row_over_cycles(society: Society) -> None:
    society.import_roster([society.person(1, "王伟")])
    next_cycle(society)
    society.import_roster([society.person(1, "王伟")], cycle="22B")

    assert number(society.admin.store, "SELECT count(*) FROM account") == 1
    assert number(society.admin.store, "SELECT count(DISTINCT account_id) FROM aid_case") == 1


def test_households_are_found_by_their_head_who_need_not_be_on_file(society: Society) -> None:
    head = make_number("310199", "19480101", 9)
    society.import_roster(
        [
            society.person(1, "王伟", 户主证件号码=head, 与户主关系="子"),
            society.person(2, "王敏", 户主证件号码=head, 与户主关系="女"),
            society.person(3, "李娜"),
            society.person(4, "李静"),
        ]
    )
    next_cycle(society)
    society.import_roster([society.person(5, "王芳", 户主证件号码=head)], cycle="22B")

    homes = {name: person.household_id for name, person in people(society.admin.store).items()}
    assert homes["王伟"] == homes["王敏"] == homes["王芳"]
    assert len({homes["王伟"], homes["李娜"], homes["李静"]}) == 3


def test_the_head_is_of_their_own_household(society: Society) -> None:
    head = society.person(1, "王伟")["证件号码"]
    society.import_roster(
        [
            society.person(1, "王伟", 户主证件号码=head, 与户主关系="本人"),
            society.person(2, "王敏", 户主证件号码=head),
        ]
    )

    found = people(society.admin.store)
    assert found["王伟"].household_id == found["王敏"].household_id


def test_a_known_person_moves_only_when_the_row_names_another_household(society: Society) -> None:
    heads = [make_number("310199", "19480101", n) for n in (7, 9)]
    society.import_roster([society.person(1, "王伟", 户主证件号码=heads[0])])
    first = people(society.admin.store)["王伟"].household_id
    next_cycle(society)
    society.import_roster([society.person(1, "王伟")], cycle="22B")
    assert people(society.admin.store)["王伟"].household_id == first
    next_cycle(society, "22C")
    society.import_roster([society.person(1, "王伟", 户主证件号码=heads[1])], cycle="22C")
    assert people(society.admin.store)["王伟"].household_id != first


def test_a_guardian_is_kept_as_a_sealed_name(society: Society) -> None:
    society.import_roster([society.person(1, "王小", 监护人="王大", 与户主关系="父亲")])

    [(kind, id_, sealed)] = rows(society.admin.store, "SELECT kind, id, sealed FROM relation")
    assert kind == "guardian"
    assert "王大".encode() not in bytes(sealed)
    values = society.admin.keys.open("relation", id_, bytes(sealed))[1]
    assert values == {"name": "王大", "relation": "父亲"}


@pytest.fixture
def short_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of eight bits, so that different numbers meet."""
    whole = Keys.hash64
    monkeypatch.setattr(Keys, "hash64", lambda self, value: whole(self, value) & 0xFF)


@pytest.mark.usefixtures("short_hash")
def test_a_hash_that_the_sealed_value_disproves_gets_the_next_n(society: Society) -> None:
    """Three hundred people have to share 256 hashes; each is still found and nobody twice."""
    quotas.set_one(society.desk("sh-reviewer"), "22A", "310000", "*", 5000)
    quotas.set_one(society.desk("sh-reviewer"), "22A", "310114", "*", 1000)
    quotas.set_one(society.desk("jd-reviewer"), "22A", JD_STREETS[0], "*", 400)
    for start in (1, 101, 201):
        society.import_roster(
            [society.person(n, f"人{n}", 户主证件号码="") for n in range(start, start + 100)]
        )

    store = society.admin.store
    assert number(store, "SELECT count(*) FROM person") == 300
    assert number(store, "SELECT max(n) FROM person_key WHERE kind = 1") >= 1
    desk = society.desk("jd-caseworker")
    for n in range(1, 301, 7):
        found = by_number(desk, society.person(n, "")["证件号码"])
        assert found is not None
        assert found.name == f"人{n}"


@pytest.mark.usefixtures("short_hash")
def test_a_person_met_again_among_equal_hashes_is_the_same_one(society: Society) -> None:
    some = [society.person(n, f"人{n}") for n in range(1, 41)]
    society.import_roster(some)
    next_cycle(society)
    society.import_roster(some, cycle="22B")

    assert number(society.admin.store, "SELECT count(*) FROM person") == 40
    assert number(society.admin.store, "SELECT count(*) FROM aid_case") == 80


@pytest.mark.usefixtures("short_hash")
def test_an_account_with_an_equal_hash_is_not_taken_for_the_known_one(society: Society) -> None:
    """A hit counts only when the sealed number is the same: else money goes astray."""
    society.import_roster([society.person(1, "王伟")])
    keys = society.admin.keys
    wanted = keys.hash64("account:6200000000000001")
    twin = next(
        text
        for n in range(1000, 9000)
        for text in [f"62000000000{n:05}"]
        if keys.hash64(f"account:{text}") == wanted and text != "6200000000000001"
    )
    next_cycle(society)
    society.import_roster([society.person(1, "王伟", 银行账号=twin)], cycle="22B")

    assert number(society.admin.store, "SELECT count(*) FROM account") == 2
    assert number(society.admin.store, "SELECT count(DISTINCT account_id) FROM aid_case") == 2


def test_identity_keys_carry_the_hash_of_the_number(society: Society) -> None:
    society.import_roster([society.person(1, "王伟", 证件号码=OLD)])

    hashed = society.admin.keys.hash64(f"RESIDENT_ID:{GOOD}")
    held = people_rows.keys(society.admin.store, people_rows.IDENTITY, [hashed])
    assert held == {hashed: [(0, people(society.admin.store)["王伟"].id)]}


def test_an_open_or_submitted_roster_grows(society: Society) -> None:
    [first] = society.import_roster([society.person(1, "王伟")])
    [again] = society.import_roster([society.person(2, "赵敏")])
    assert again == first
    rosters.send_back(society.desk("jd-verifier"), first, "phones")

    [third] = society.import_roster([society.person(3, "李娜")])
    roster = rosters.find(society.admin, third)
    assert (third, roster.state, roster.lines) == (first, "submitted", 3)


@pytest.mark.parametrize("state", ["verified", "frozen", "approved"])
def test_br_034_from_verified_on_an_import_makes_a_supplement(society: Society, state: str) -> None:
    [first] = society.import_roster([society.person(1, "王伟")])
    rosters.verify(society.desk("jd-verifier"), first)
    if state != "verified":
        rosters.freeze(society.desk("jd-reviewer"), first)
    if state == "approved":
        rosters.approve(society.desk("jd-approver"), [first], [1])
    before = rosters.find(society.admin, first)

    numbers = society.import_roster([society.person(2, "赵敏")])

    assert numbers == [first, f"{first}-2"]
    supplement = rosters.find(society.admin, numbers[1])
    assert (supplement.state, supplement.supplements, supplement.lines) == (
        "submitted",
        before.id,
        1,
    )
    assert rosters.find(society.admin, first) == before
    more = society.import_roster([society.person(3, "李娜")])
    assert more == numbers
    rosters.verify(society.desk("jd-verifier"), numbers[1])
    assert society.import_roster([society.person(4, "周洁")])[-1] == f"{first}-3"
    assert rosters.find(society.admin, f"{first}-3").supplements == before.id


def test_a_supplement_is_frozen_and_approved_on_its_own(society: Society) -> None:
    [first] = society.import_roster([society.person(1, "王伟")])
    society.approve(first)
    supplement = society.import_roster([society.person(2, "赵敏")])[1]
    society.approve(supplement)

    found = [rosters.find(society.admin, each) for each in (first, supplement)]
    assert [roster.state for roster in found] == ["approved", "approved"]
    assert found[0].frozen_hash != found[1].frozen_hash


def test_who_imports_is_a_maker_of_every_roster_it_touched(society: Society) -> None:
    streets = [society.street(code) for code in JD_STREETS[:2]]
    society.import_roster([society.person(n, f"人{n}", 街道=streets[n - 1]) for n in (1, 2)])

    found = rows(society.admin.store, "SELECT noun, staff_id, act FROM maker")
    mine = society.desk("jd-caseworker").actor.staff_id
    assert sorted(found) == [("roster", mine, "import")] * 2


def test_an_import_of_nothing_new_leaves_no_trace_but_the_batch(society: Society) -> None:
    society.import_roster([society.person(1, "王伟")])
    before = contents(society.admin.store, without=("import_batch", "import_row"))
    society.take_in(
        society.write([society.person(1, "王伟"), society.person(2, "赵敏", 类别="感冒")]),
        "roster", "jd-caseworker", "22A",
    )  # fmt: skip

    assert contents(society.admin.store, without=("import_batch", "import_row")) == before


def test_batches_of_imports_are_seen_by_their_offices_alone(society: Society) -> None:
    _, done = society.take_in(
        society.write([society.person(1, "王伟", 类别="感冒")]), "roster", "jd-caseworker", "22A"
    )

    assert done.batch in imports.listing(society.desk("jd-caseworker"))
    assert done.batch in imports.listing(society.desk("sh-auditor"))
    assert done.batch not in imports.listing(society.desk("pd-caseworker"))
    with refused("who.no_duty"):
        imports.batch_of(society.desk("pd-caseworker"), done.batch.id)
    with refused("who.no_duty"):
        imports.rejects(society.desk("pd-caseworker"), done.batch)
    with refused("import.unknown"):
        imports.batch_of(society.desk("jd-caseworker"), "none")


def test_a_line_keeps_category_hardship_and_household_of_its_day(society: Society) -> None:
    society.import_roster([society.person(1, "王伟", 类别="失智", 困难类型="特困供养")])

    line = lines(society.admin.store)["22A-JD-00001"]
    person = people(society.admin.store)["王伟"]
    assert (line.category, line.hardship, line.hardship_until, line.household_id) == (
        "dementia",
        "destitute",
        "2022-12-31",
        person.household_id,
    )


def test_the_plan_says_what_changes_of_a_known_person_masked(society: Society) -> None:
    society.import_roster([society.person(1, "王伟")])
    next_cycle(society)
    path = society.write(
        [society.person(1, "王伟", 联系电话="13911112222", 街道=society.street(JD_STREETS[1]))]
    )
    target = society.folder / "known.plan"
    desk = society.desk("jd-caseworker")
    planned = imports.plan(desk, path, "roster", cycle_code="22B", target=target)

    said = {each.field: (each.before, each.after) for each in planned.changes}
    assert said["phone"] == ("138****0001", "139****2222")
    assert said["street"][1].endswith(society.street(JD_STREETS[1]))
    assert "13911112222" not in str(planned.changes)
    assert {each.row for each in planned.changes} == {2}


def test_br_065_a_known_number_with_another_name_goes_in_and_is_pointed_out(
    society: Society,
) -> None:
    society.import_roster([society.person(1, "王伟")])
    next_cycle(society)
    path = society.write([society.person(1, "李强"), society.person(2, "赵敏")])
    planned, _ = society.take_in(path, "roster", "jd-caseworker", "22B")

    [doubt] = planned.problems
    assert (doubt.row, doubt.code, doubt.field, doubt.value) == (
        2,
        "person.other_name",
        "name",
        "李强",
    )
    assert doubt.warning
    assert doubt.params == {"name": "王*"}
    assert (planned.facts.rows_new, planned.facts.rows_rejected) == (2, 0)
    assert "李强" not in people(society.admin.store)
