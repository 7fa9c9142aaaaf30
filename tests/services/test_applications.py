"""Single applications from the door to the district: taken in, judged, submitted, verified."""

from __future__ import annotations

import pytest

from rcaid.db import applications as rows
from rcaid.db import cases, people, rosters, upkeep
from rcaid.db.engine import Statement
from rcaid.domain.errors import Refused
from rcaid.services import cases as case_cards
from rcaid.services import explain, lists
from rcaid.services import people as person_cards
from rcaid.services.applications import intake, judging, new, papers
from rcaid.services.applications.new import Wanted
from tests.services.applying import (
    CASEWORKER,
    VERIFIER,
    angel,
    applying,
    fire,
    made,
    submitted,
    verified,
)
from tests.services.conftest import DAY, JD_STREETS, Society
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


def test_an_application_of_somebody_new_is_a_draft_with_all_that_was_said(
    open_society: Society,
) -> None:
    case, entry = new.create(open_society.desk(CASEWORKER), fire(need="房屋烧毁"))

    assert case.case_no == "22F-JD-00001"
    assert (case.lane, case.state, case.fen, case.roster_id) == ("A", "draft", 700_000, None)
    assert case.office_id == open_society.office(JD_STREETS[0])
    found = the(open_society, case.case_no)
    assert found.said.received_on == found.said.first_entry_on == DAY
    assert found.said.cause == "F-2022-01"
    assert judging.opened(open_society.admin, found.said)["need"] == "房屋烧毁"
    person = people.many(open_society.admin.store, [case.person_id])[case.person_id]
    assert (person.name, person.born, person.sex) == ("王建国", "1960-05-04", "M")
    assert rosters.makers(open_society.admin.store, [case.id]) == [
        (open_society.desk(CASEWORKER).actor.staff_id, "create")
    ]
    assert str(entry).startswith("310114-")


def test_the_amount_is_that_of_the_rules_where_none_is_asked_for(open_society: Society) -> None:
    assert the(open_society, made(open_society, angel())).case.fen == 3_000_000
    heart = angel(3, disease="congenital_heart", out_of_pocket_fen=1_000_001)
    assert the(open_society, made(open_society, heart)).case.fen == 1_000_000


def test_br_008_a_known_person_is_used_and_never_doubled(open_society: Society) -> None:
    first = the(open_society, made(open_society, fire())).case
    again = made(open_society, fire(name="", disaster="F-2022-01", cause="second", papers=()))
    by_id = new.create(
        open_society.desk(CASEWORKER),
        Wanted("FIRE", person_id=first.person_id, category="home", disaster="F-2022-01"),
    )[0]

    assert the(open_society, again).case.person_id == first.person_id == by_id.person_id
    assert by_id.office_id == first.office_id
    held = people.household(open_society.admin.store, first.household_id)
    assert len(held) == 1


def test_the_steps_to_the_district(open_society: Society) -> None:
    case_no = verified(open_society, fire())

    found = the(open_society, case_no)
    assert found.case.state == "district_review"
    steps = [
        (a.action, a.source, a.target)
        for a in cases.actions(open_society.admin.store, found.case.id)
    ]
    assert steps == [
        ("verify", "verifying", "district_review"),
        ("accept", "submitted", "verifying"),
        ("submit", "draft", "submitted"),
        ("create", "", "draft"),
    ]


def test_br_040_who_filled_it_in_does_not_verify_it(open_society: Society) -> None:
    both = newcomer(open_society, "both", "caseworker", "verifier")
    case, _ = new.create(both, fire())
    intake.submit(both, case.case_no)
    for step in (intake.accept, intake.verify):
        with refused("who.maker"):
            step(both, case.case_no)
    intake.verify(open_society.desk(VERIFIER), case.case_no)


def test_an_application_is_explained_with_its_rules_and_duties(open_society: Society) -> None:
    case_no = verified(open_society, fire(elsewhere=(("新成路街道", "2022-01-21", 300_000),)))

    told = explain.explain(open_society.desk(VERIFIER), case_no)

    codes = {check.code: check for check in told.checks}
    assert (told.programme, told.fen, told.allowed_fen, told.level) == (
        "FIRE",
        700_000,
        800_000,
        "city",
    )
    assert codes["elsewhere.given"].params["fen"] == 300_000
    assert codes["exclusive.none"].result == "pass"
    assert codes["duty.apart"].params["verify"] == VERIFIER
    assert codes["fund.covers"].result == "pass"
    assert told.outcome != "fail"
    before = explain.explain(open_society.desk(VERIFIER), case_no, DAY)
    assert before.state == "district_review"


def test_cards_and_lists_show_applications_beside_roster_lines(open_society: Society) -> None:
    case_no = submitted(open_society, fire())
    open_society.import_roster([open_society.person(9, "张伟")])
    desk = open_society.desk(VERIFIER)

    card = case_cards.card(desk, case_no)
    assert (card.lane, card.roster, card.fen, card.state) == ("A", "", 700_000, "submitted")
    assert "maker.other" in {check.code for check in card.checks}
    assert "quota.none" not in {check.code for check in card.checks}
    person = person_cards.card(desk, card.person_id)
    assert [each.case_no for each in person.cases if each.is_open] == [case_no]
    page = lists.page(desk, "cases")
    assert page.total == 2 and [row.case_no for row in page.rows] == ["22A-JD-00001", case_no]
    assert [r.case_no for r in lists.page(desk, "cases", "step:submitted").rows] == [case_no]
    assert [r.case_no for r in lists.page(desk, "cases", "环节:已上报").rows] == [case_no]
    assert lists.page(desk, "cases", "step:open").total == 2


def test_the_summaries_of_applications_are_what_a_recount_finds(open_society: Society) -> None:
    verified(open_society, fire())
    second = submitted(open_society, fire(3, "赵强"))
    intake.withdraw(open_society.desk(CASEWORKER), second, "family_asks")
    made(open_society, angel())

    assert upkeep.miscounted(open_society.admin.store) == []


def test_br_008_somebody_entered_meanwhile_is_used(open_society: Society) -> None:
    desk = open_society.desk(CASEWORKER)
    other = newcomer(open_society, "beside", "caseworker")
    between(desk, lambda: new.create(other, fire()))

    second = new.create(desk, fire(cause="another"))[0]

    first = the(open_society, "22F-JD-00001").case
    assert (second.case_no, second.person_id) == ("22F-JD-00002", first.person_id)


def test_several_are_taken_in_at_once_or_none(open_society: Society) -> None:
    desk = open_society.desk(CASEWORKER)
    with pytest.raises(Refused) as caught:
        new.create_many(desk, [fire(), fire(3, "赵强", category="flood")])
    assert [(p.code, p.row) for p in caught.value.problems] == [("category.unknown", 2)]
    assert cases.by_number(open_society.admin.store, "22F-JD-00001") is None
    found, _ = new.create_many(desk, [fire(), fire(3, "赵强")])
    assert [case.case_no for case in found] == ["22F-JD-00001", "22F-JD-00002"]


def test_what_is_sensitive_is_sealed_and_stands_in_no_record(open_society: Society) -> None:
    wanted = angel(need="家中三个孩子", diagnosis="急性白血病")
    case_no = made(open_society, wanted)
    store = open_society.admin.store
    lines = [str(row) for row in store.rows(Statement("", "SELECT line FROM audit_event"), {})]
    lines += [
        str(row)
        for noun in ("application", "aid_case", "person", "relation", "consent", "case_paper")
        for row in store.rows(
            Statement("", "SELECT public FROM audit_row WHERE noun = :noun"), {"noun": noun}
        )
    ]
    for secret in (wanted.number, wanted.name, "白血病", "leukaemia", "李秀英", "三个孩子"):
        assert not [line for line in lines if secret in line], secret
    assert judging.opened(open_society.admin, the(open_society, case_no).said)["need"]


def test_on_an_earlier_day_it_is_explained_as_it_stood_then(open_society: Society) -> None:
    case_no = submitted(open_society, fire(papers=("ID", "HUKOU", "BANK", "CONSENT")))
    open_society.clock.set("2022-02-09")
    papers.mark(open_society.desk(CASEWORKER), case_no, "DISASTER", "seen")
    intake.verify(open_society.desk(VERIFIER), case_no)
    desk = open_society.desk(VERIFIER)

    then, now = (explain.explain(desk, case_no, day) for day in (DAY, ""))

    assert (then.state, now.state) == ("submitted", "district_review")
    codes = [{check.code for check in each.checks} for each in (then, now)]
    assert "papers.missing" in codes[0] and "papers.there" in codes[1]
    with refused("explain.before"):
        explain.explain(desk, case_no, "2022-01-31")
