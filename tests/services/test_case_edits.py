"""Changes of an application before it is verified; two people who change the same (BR-047)."""

from __future__ import annotations

from typing import Any

import pytest

from rcaid.db import applications as rows
from rcaid.db import cases, people, upkeep
from rcaid.domain.errors import Refused
from rcaid.services.applications import consents, editing, intake, judging, papers
from rcaid.services.shown import account_number, opened
from tests.services.applying import (
    CASEWORKER,
    VERIFIER,
    applying,
    fire,
    made,
    submitted,
    verified,
)
from tests.services.conftest import Society
from tests.services.writing import between, newcomer, refused


@pytest.fixture
def open_society(society: Society) -> Society:
    return applying(society)


def the(society: Society, case_no: str) -> rows.Applied:
    case = cases.by_number(society.admin.store, case_no)
    assert case is not None
    found = rows.of_case(society.admin.store, case.id)
    assert found is not None
    return found


def edit(society: Society, case_no: str, changes: dict[str, Any], **seen: Any) -> None:
    editing.edit(society.desk(CASEWORKER), case_no, changes, **seen)


def test_what_an_application_says_may_be_changed_before_it_is_verified(
    open_society: Society,
) -> None:
    case_no = submitted(open_society, fire(need="房屋烧毁"))
    edit(
        open_society, case_no,
        {"category": "burns", "asked_fen": 900_000, "need": "严重烧伤", "hospital": "瑞金医院",
         "hardship": "none", "hardship_until": "", "guardian": "王大", "guardian_relation": "父亲",
         "elsewhere": (("镇", "2022-01-21", 300_000),)},
    )  # fmt: skip
    found = the(open_society, case_no)
    assert (found.case.category, found.case.fen, found.case.hardship) == ("burns", 900_000, "none")
    sealed = judging.opened(open_society.admin, found.said)
    assert (sealed["need"], sealed["hospital"]) == ("严重烧伤", "瑞金医院")
    assert sealed["elsewhere"] == [["镇", "2022-01-21", 300_000]]
    listed = {p.code: p.state for p in papers.checklist(open_society.desk(VERIFIER), case_no)}
    assert (listed["DIAG"], listed["INVOICE"], listed["ID"]) == ("missing", "missing", "seen")
    assert found.said.complete_on is None and found.said.due_on is None
    assert upkeep.miscounted(open_society.admin.store) == []


def test_another_account_and_another_telephone_are_taken_over(open_society: Society) -> None:
    case_no = made(open_society, fire())
    before = the(open_society, case_no).case
    edit(open_society, case_no, {"account": "6200000000000099", "phone": "13911112222"})
    after = the(open_society, case_no).case
    assert after.account_id and after.account_id != before.account_id
    account = people.accounts(open_society.admin.store, [after.account_id])[after.account_id]
    assert account_number(open_society.admin, account) == "6200000000000099"
    person = people.many(open_society.admin.store, [after.person_id])[after.person_id]
    assert opened(open_society.admin, person)["phone"] == "13911112222"
    edit(open_society, case_no, {"need": "x"})
    assert the(open_society, case_no).case.account_id == after.account_id


def test_what_is_wrong_or_no_field_of_an_application_is_refused(open_society: Society) -> None:
    case_no = made(open_society, fire())
    with refused("application.field"):
        edit(open_society, case_no, {"number": "310199196005040026"})
    with refused("category.unknown"):
        edit(open_society, case_no, {"category": "flood"})
    with refused("application.sum"):
        edit(open_society, case_no, {"asked_fen": 0})


def test_from_verifying_on_nothing_is_changed_here(open_society: Society) -> None:
    case_no = submitted(open_society, fire())
    intake.accept(open_society.desk(VERIFIER), case_no)
    with refused("application.too_late"):
        edit(open_society, case_no, {"asked_fen": 800_000})
    with refused("application.too_late"):
        edit(open_society, verified(open_society, fire(3, "赵强")), {"asked_fen": 800_000})


def test_br_040_who_changed_an_application_does_not_verify_it(open_society: Society) -> None:
    both = newcomer(open_society, "both", "caseworker", "verifier")
    case_no = submitted(open_society, fire())
    editing.edit(both, case_no, {"asked_fen": 800_000})
    with refused("who.maker"):
        intake.verify(both, case_no)
    intake.verify(open_society.desk(VERIFIER), case_no)


def test_br_047_a_stale_change_is_refused_field_by_field(open_society: Society) -> None:
    case_no = made(open_society, fire())
    version = the(open_society, case_no).case.version
    seen = {"asked_fen": 700_000, "hardship": "subsistence", "account": "62" + f"{1:014}"}
    edit(
        open_society, case_no,
        {"asked_fen": 800_000, "need": "新", "account": "6200000000000099"}, version=version,
    )  # fmt: skip

    mine = {"asked_fen": 600_000, "hardship": "destitute", "account": "6200000000000077"}
    with pytest.raises(Refused) as caught:
        edit(open_society, case_no, mine, version=version, seen=seen)

    first, *fields = caught.value.problems
    assert (first.code, first.params["fields"]) == ("state.stale_fields", "asked_fen, account")
    assert [(p.field, p.params["mine"], p.params["theirs"]) for p in fields] == [
        ("asked_fen", "600000", "800000"),
        ("account", "************0077", "************0099"),
    ]
    edit(open_society, case_no, mine, version=version + 1)
    assert the(open_society, case_no).case.fen == 600_000


def test_br_047_two_at_once_and_the_second_is_told(open_society: Society) -> None:
    case_no = submitted(open_society, fire())
    other = newcomer(open_society, "second", "verifier")
    desk = open_society.desk(VERIFIER)
    between(desk, lambda: intake.verify(other, case_no))
    with refused("state.stale"):
        intake.verify(desk, case_no)
    actions = [
        a.action
        for a in cases.actions(open_society.admin.store, the(open_society, case_no).case.id)
    ]
    assert actions.count("verify") == 1


def test_br_007_witnesses_may_be_named_until_something_is_entitled(open_society: Society) -> None:
    nobody = fire(number="", id_kind="NONE", reason="lost", born="1960-05-04", sex="M")
    case_no = verified(open_society, nobody)
    with refused("application.witnesses"):
        judging.refuse_unwitnessed(open_society.admin, the(open_society, case_no))
    edit(open_society, case_no, {"witnesses": ("张三", "李四")})
    judging.refuse_unwitnessed(open_society.admin, the(open_society, case_no))
    with refused("application.too_late"):
        edit(open_society, case_no, {"witnesses": (), "need": "x"})


def test_br_100_a_consent_taken_back_reaches_the_applications_on_their_way(
    open_society: Society,
) -> None:
    case_no = verified(open_society, fire())
    desk, person = open_society.desk(CASEWORKER), the(open_society, case_no).case.person_id
    assert the(open_society, case_no).said.may_publish == 1
    consents.withdraw(desk, person, "publication")
    assert the(open_society, case_no).said.may_publish == 0
    consents.give(desk, person, "publication")
    assert the(open_society, case_no).said.may_publish == 1
