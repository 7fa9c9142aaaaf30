"""What the rules say to an application at the door: refused with a citation, or shown."""

from __future__ import annotations

from typing import Any

import pytest

from rcaid import data
from rcaid.db import applications as rows
from rcaid.db import cases, duplicates, people
from rcaid.db.engine import Statement
from rcaid.db.tables import AID_CASE
from rcaid.domain.checks import Check
from rcaid.domain.errors import Refused
from rcaid.domain.identity import make_number
from rcaid.domain.sentences import sentence
from rcaid.services import deaths, programmes
from rcaid.services.applications import editing, intake, judging, new, papers
from rcaid.services.applications.new import Wanted
from rcaid.services.same_person import duplicates as pairs
from tests.services.applying import (
    CASEWORKER,
    FIRE_CODE,
    PAPERS,
    REVIEWER,
    VERIFIER,
    angel,
    applying,
    fire,
    made,
    student,
    submitted,
    verified,
)
from tests.services.conftest import DAY, JD_STREETS, Society
from tests.services.writing import refused

_COUNT = Statement("", "SELECT (SELECT count(*) FROM audit_event), (SELECT count(*) FROM person)")


@pytest.fixture
def open_society(society: Society) -> Society:
    return applying(society)


def the(society: Society, case_no: str) -> rows.Applied:
    case = cases.by_number(society.admin.store, case_no)
    assert case is not None
    found = rows.of_case(society.admin.store, case.id)
    assert found is not None
    return found


def checks(society: Society, case_no: str, day: str = DAY) -> dict[str, Check]:
    found = the(society, case_no)
    return {c.code: c for c in judging.all_checks(society.desk(VERIFIER), found, day)}


def approve_by_hand(society: Society, case_no: str, fen: int) -> None:
    """Puts a case where an approval would put it."""
    found = the(society, case_no)
    approved = found.case._replace(state="approved", fen=fen)
    society.desk("sh-reviewer").write(
        "case.return",
        found.case.office_id,
        lambda unit: unit.update(AID_CASE, [approved], ("state", "fen")),
    )


def submits(society: Society, wanted: Wanted) -> str:
    case_no = made(society, wanted)
    intake.submit(society.desk(CASEWORKER), case_no)
    return case_no


def stopped(society: Society, wanted: Wanted) -> str:
    """The sentence a draft is refused with when it is handed in."""
    case_no = made(society, wanted)
    with pytest.raises(Refused) as caught:
        intake.submit(society.desk(CASEWORKER), case_no)
    return sentence(caught.value.problems[0])


# --- who


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "310199196005040019"}, "identity.checksum"),
        ({"number": "31019919600504001"}, "identity.length"),
        ({"number": ""}, "row.required"),
        ({"number": "", "id_kind": "NONE"}, "identity.reason"),
        ({"number": make_number("310199", "20990101", 1)}, "identity.future"),
        ({"sex": "F"}, "identity.sex"),
        ({"born": "1960-05-05"}, "identity.born"),
        ({"name": ""}, "row.required"),
        ({"phone": "2.54708E+11"}, "phone.scientific"),
        ({"account": "6.2E+15"}, "account.scientific"),
        ({"category": "flood"}, "category.unknown"),
        ({"hardship": "poor"}, "hardship.unknown"),
        ({"hardship_until": "31.31.2022"}, "date.order"),
        ({"street": "310115001"}, "office.unknown"),
        ({"street": ""}, "application.street"),
        ({"disaster": "F-1999"}, "disaster.unknown"),
        ({"papers": ("PASSPORT",)}, "paper.unknown"),
        ({"consents": ("photo",)}, "consent.unknown"),
        ({"asked_fen": 0}, "application.sum"),
        ({"income_fen": -1}, "application.sum"),
        ({"elsewhere": (("镇", "soon", 5),)}, "application.elsewhere"),
        ({"elsewhere": (("a\x1b[2J", "2022-01-21", 5),)}, "text.control"),
        ({"witnesses": ("a\u202eb",)}, "text.bidi"),
        ({"need": "x\x07"}, "text.control"),
        ({"need": "长" * 2001}, "application.long"),
        ({"received_on": "2022-02-02"}, "date.future"),
        ({"programme": "XXX"}, "programme.unknown"),
        ({"programme": "QWR"}, "application.lane"),
        ({"cycle": "22A"}, "cycle.unknown"),
    ],
)
def test_br_001_to_007_what_is_wrong_is_said_field_by_field(
    open_society: Society, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as caught:
        new.create(open_society.desk(CASEWORKER), fire(**changes))
    assert code in {problem.code for problem in caught.value.problems}


def test_all_that_is_wrong_is_said_at_once(open_society: Society) -> None:
    wrong = fire(number="310199196005040019", category="flood", asked_fen=0)
    with pytest.raises(Refused) as caught:
        new.create(open_society.desk(CASEWORKER), wrong)
    assert {p.field for p in caught.value.problems} >= {"number", "category", "asked_fen"}


def test_a_programme_without_an_open_cycle_takes_nobody(open_society: Society) -> None:
    programmes.move_cycle(open_society.desk("sh-approver"), "22F", "close")
    with refused("application.no_cycle"):
        new.create(open_society.desk(CASEWORKER), fire())
    with refused("cycle.not_open"):
        new.create(open_society.desk(CASEWORKER), fire(cycle="22F"))


def test_another_districts_caseworker_takes_nobody_in_here(open_society: Society) -> None:
    with refused("office.unknown"):
        new.create(open_society.desk("pd-caseworker"), fire())
    first = the(open_society, made(open_society, fire()))
    with refused("who.no_duty"):
        new.create(
            open_society.desk("pd-caseworker"),
            Wanted("FIRE", person_id=first.case.person_id, category="home", disaster=FIRE_CODE),
        )


def test_br_007_without_a_document_a_reason_is_kept_and_witnesses_are_asked_for(
    open_society: Society,
) -> None:
    nobody = fire(number="", id_kind="NONE", reason="lost in the fire", born="1960-05-04", sex="M")
    case_no = submits(open_society, nobody)
    assert checks(open_society, case_no)["witness.missing"].params == {"n": 0, "of": 2}

    editing.edit(open_society.desk(CASEWORKER), case_no, {"witnesses": ("张三", "李四")})
    assert checks(open_society, case_no)["witness.there"].result == "pass"


def test_br_008_two_registrations_of_one_number_are_one_person(open_society: Society) -> None:
    one = the(open_society, made(open_society, fire()))
    two = the(open_society, made(open_society, student(number=fire().number, born="")))
    assert one.case.person_id == two.case.person_id
    assert len(people.household(open_society.admin.store, one.case.household_id)) == 1


def test_br_009_somebody_near_blocks_the_submit_until_it_is_decided(open_society: Society) -> None:
    made(open_society, fire())
    unknown = {"number": "", "id_kind": "NONE", "reason": "lost", "born": "1960-05-04", "sex": "M"}
    twin = made(open_society, fire(**unknown))
    desk = open_society.desk(CASEWORKER)
    person = the(open_society, twin).case.person_id
    [pair] = duplicates.of_people(open_society.admin.store, [person])
    assert (pair.state, pair.right_id) == ("open", person)

    assert pair.band == "near_certain"
    with refused("application.pairs"):
        intake.submit(desk, twin)
    assert "known.pairs" in checks(open_society, twin)
    pairs.decide(desk, pair.id, "different", "两兄弟，同日生")
    intake.submit(desk, twin)
    assert the(open_society, twin).case.state == "submitted"


def test_br_013_a_year_is_full_on_the_day_after_the_birthday_where_the_rules_say_so(
    open_society: Society,
) -> None:
    open_society.clock.set("2022-03-05")  # the 19th birthday
    today = made(open_society, angel(3, "李大明", "20030305", consents=()))
    open_society.clock.set("2022-03-06")
    tomorrow = made(open_society, angel(5, "李二明", "20030305", consents=()))

    assert checks(open_society, today, "2022-03-06")["age.within"].params["age"] == 18
    assert checks(open_society, tomorrow, "2022-03-06")["age.ceiling"].params["age"] == 19


def test_br_014_age_is_that_of_the_day_of_first_entry(open_society: Society) -> None:
    open_society.clock.set("2022-03-05")
    first = made(open_society, angel(3, "李大明", "20030305", consents=()))
    open_society.clock.set("2022-05-06")
    again = made(open_society, angel(3, "李大明", "20030305", papers=(), consents=()))

    for case_no in (first, again):
        assert the(open_society, case_no).said.first_entry_on == "2022-03-05"
        found = checks(open_society, case_no, "2022-06-01")
        assert found["age.within"].params["day"] == "2022-03-05"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"guardian": "", "guardian_relation": ""}, "a guardian with proof"),
        (
            {"papers": tuple(p for p in PAPERS["ANGEL"] if p != "GUARD_REL")},
            "a guardian with proof",
        ),
        ({"consents": ("processing",)}, "the guardian has to consent"),
    ],
)
def test_br_015_a_child_needs_a_guardian_with_proof_and_their_consent(
    open_society: Society, changes: dict[str, Any], words: str
) -> None:
    said = stopped(open_society, angel(**changes))
    assert words in said and "BR-015" in said


def test_br_015_who_cannot_decide_for_themselves_needs_a_guardian_at_any_age(
    open_society: Society,
) -> None:
    adult = fire(incapable=True)
    said = stopped(open_society, adult)
    assert "cannot decide for themselves" in said and "BR-015" in said
    listed = papers.checklist(open_society.desk(VERIFIER), made(open_society, adult))
    assert "GUARD_REL" in {paper.code for paper in listed if paper.needed}

    helped = fire(
        3, "赵强", incapable=True, guardian="赵妻", guardian_relation="配偶",
        papers=(*PAPERS["FIRE"], "GUARD_ID", "GUARD_REL"),
    )  # fmt: skip
    case_no = submits(open_society, helped)
    assert checks(open_society, case_no)["guardian.incapable_there"].result == "pass"


def test_br_015_with_fourteen_the_guardian_stays_and_the_consent_goes(
    open_society: Society,
) -> None:
    submits(open_society, angel(birth="20070901", consents=("processing",)))


def test_br_016_nothing_is_applied_for_and_nothing_goes_on_for_the_dead(
    open_society: Society,
) -> None:
    draft = made(open_society, fire())
    waiting = submitted(open_society, student())
    for case_no in (draft, waiting):
        person = the(open_society, case_no).case.person_id
        deaths.record(open_society.desk(CASEWORKER), person, "2022-01-31", "派出所")

    desk = open_society.desk(CASEWORKER)
    with refused("application.deceased"):
        new.create(desk, fire(cause="another"))
    with refused("application.deceased"):
        intake.submit(desk, draft)
    with pytest.raises(Refused):
        intake.verify(open_society.desk(VERIFIER), waiting)


# --- under which rules


def test_br_020_the_version_of_the_day_of_receipt_judges_for_good(open_society: Society) -> None:
    old = submits(open_society, fire())
    text = data.text("programmes/fire.toml")
    newer = text.replace("version = 1", "version = 2").replace(
        'effective_from = "2022-01-01"', 'effective_from = "2022-02-10"'
    )
    newer = newer.split("[[examples]]")[0].replace("max_fen = 800000", "max_fen = 650000")
    programmes.load(open_society.admin, newer)
    open_society.clock.set("2022-02-20")

    early = made(open_society, fire(3, "赵强", received_on="2022-02-05"))
    late = made(open_society, fire(5, "钱进"))
    for case_no, version, most in ((old, 1, 800_000), (early, 1, 800_000), (late, 2, 650_000)):
        found = checks(open_society, case_no, "2022-02-20")
        assert found["version.in_force"].params["version"] == version
        assert found["grant.fits"].params["high"] == most


def test_br_021_category_hardship_and_disease_stand_on_the_case(open_society: Society) -> None:
    found = the(open_society, made(open_society, student()))
    assert (found.case.category, found.case.hardship) == ("illness", "low_income")
    assert (found.case.hardship_until, found.said.disease) == ("2022-12-31", "tumour")


@pytest.mark.parametrize(
    ("fen", "grant"),
    [
        (500_000, ""),
        (500_001, "自付 5000 元以上至 20000 元"),
        (2_000_000, "自付 5000 元以上至 20000 元"),
        (2_000_001, "自付 20000 元以上至 50000 元"),
        (5_000_001, "自付 50000 元以上"),
    ],
)
def test_br_025_bands_are_half_open_at_each_edge(
    open_society: Society, fen: int, grant: str
) -> None:
    case_no = made(open_society, student(out_of_pocket_fen=fen, asked_fen=None))
    found = checks(open_society, case_no)
    if grant:
        assert found["grant.fits"].params["grant"] == grant
        assert the(open_society, case_no).case.fen == found["grant.fits"].params["high"]
    else:
        assert found["grant.none"].result == "fail"
        assert the(open_society, case_no).case.fen is None


def test_br_022_what_is_promised_in_the_year_counts_towards_the_cap(open_society: Society) -> None:
    first = verified(open_society, student(cause="tumour-1", asked_fen=1_000_000))
    approve_by_hand(open_society, first, 1_500_000)
    second = made(open_society, student(cause="accident-2", asked_fen=1_000_000))
    found = checks(open_society, second)["cap.person"]
    assert (found.result, found.params["fen"], found.params["cap"]) == (
        "fail",
        1_500_000,
        2_000_000,
    )


def test_br_023_one_cause_is_helped_once_and_the_submit_says_so(open_society: Society) -> None:
    first = verified(open_society, fire())
    again = made(open_society, fire())
    assert checks(open_society, again)["beside.same"].params["case"] == first
    approve_by_hand(open_society, first, 700_000)

    said = stopped(open_society, fire())
    assert "helped before for this cause" in said and "BR-023" in said
    submits(open_society, fire(cause="F-2022-02"))


def test_br_023_a_household_is_helped_once_where_the_programme_helps_households(
    open_society: Society,
) -> None:
    head = fire().number
    first = verified(open_society, fire(head=head, relation="本人"))
    approve_by_hand(open_society, first, 700_000)
    wife = fire(2, "林芳", head=head, relation="配偶")
    assert "BR-023" in stopped(open_society, wife)


def test_br_024_a_top_up_is_the_higher_grant_less_what_was_given(open_society: Society) -> None:
    first = verified(open_society, angel())
    approve_by_hand(open_society, first, 3_000_000)
    more = submits(open_society, angel(stage="transplant"))
    assert the(open_society, more).case.fen == 2_000_000
    assert checks(open_society, more)["once.topup"].params["left"] == 2_000_000


def test_br_027_help_from_elsewhere_is_shown_and_is_no_duplicate(open_society: Society) -> None:
    town = (("月浦镇", "2022-01-21", 300_000),)
    case_no = submits(open_society, fire(elsewhere=town))
    found = checks(open_society, case_no)
    assert found["elsewhere.given"].params == {
        "giver": "月浦镇",
        "day": "2022-01-21",
        "fen": 300_000,
    }
    assert found["once.first"].result == found["exclusive.none"].result == "pass"
    excluded = made(open_society, fire(3, "赵强", elsewhere=(("STU", "2022-01-21", 1),)))
    assert checks(open_society, excluded)["exclusive.beside"].result == "fail"


def test_br_028_help_of_twelve_months_is_shown_and_above_a_sum_the_city_decides(
    open_society: Society,
) -> None:
    much = (("慈善会", "2021-06-01", 3_100_000),)
    found = checks(open_society, made(open_society, fire(elsewhere=much, asked_fen=600_000)))
    assert found["help.above"].params["fen"] == 3_100_000
    assert found["decide.level"].params["level"] == "city"
    long_ago = (("慈善会", "2021-01-01", 3_100_000),)
    found = checks(open_society, made(open_society, fire(3, "赵强", elsewhere=long_ago)))
    assert found["help.all"].params["fen"] == 0


def test_br_029_a_certificate_that_ended_is_shown_on_the_day_it_is_judged(
    open_society: Society,
) -> None:
    case_no = submits(open_society, fire(hardship_until="2022-02-28"))
    assert checks(open_society, case_no)["certificate.ends"].result == "warn"
    assert checks(open_society, case_no, "2022-03-01")["certificate.ended"].result == "fail"


def test_br_030_document_residence_and_disaster_refuse_with_the_citation(
    open_society: Society,
) -> None:
    passport = student(number="E12345678", id_kind="PASSPORT", born="2001-09-01", sex="F")
    said = stopped(open_society, passport)
    assert "PASSPORT is not taken" in said and "在校大学生" in said and "BR-030" in said
    assert "no disaster is named" in stopped(open_society, fire(disaster=""))


def test_br_030_a_street_outside_the_programmes_region_is_refused(open_society: Society) -> None:
    text = data.text("programmes/fire.toml").split("[[examples]]")[0]
    elsewhere = (
        text.replace('code = "FIRE"', 'code = "PDF"')
        .replace('fund = "FIRE"', 'fund = "PDF"')
        .replace('residence = "310000"', 'residence = "310115"')
    )
    programmes.load(open_society.admin, elsewhere)
    approver = open_society.desk("sh-approver")
    programmes.new_cycle(approver, "PDF", "22P", "2022 PD", "2022-01-10", ["one"])
    programmes.move_cycle(approver, "22P", "open")
    said = stopped(open_society, fire(programme="PDF"))
    assert "310114" in said and "outside the programme" in said


def test_the_rules_are_asked_again_when_it_is_verified(open_society: Society) -> None:
    case_no = submits(open_society, fire())
    person = the(open_society, case_no).case.person_id
    other = verified(open_society, fire(papers=PAPERS["FIRE"]))
    assert the(open_society, other).case.person_id == person
    approve_by_hand(open_society, other, 700_000)
    with refused("application.once_again"):
        intake.verify(open_society.desk(VERIFIER), case_no)


def test_a_reviewer_sends_back_with_a_reason_and_a_family_may_withdraw(
    open_society: Society,
) -> None:
    case_no = verified(open_society, fire())
    with refused("application.reason"):
        intake.send_back(open_society.desk(REVIEWER), case_no)
    intake.send_back(open_society.desk(REVIEWER), case_no, reason="visit_again")
    assert the(open_society, case_no).case.state == "verifying"
    with refused("application.reason"):
        intake.withdraw(open_society.desk(CASEWORKER), case_no, "")
    intake.withdraw(open_society.desk(CASEWORKER), case_no, "family_asks")
    with refused("state.no_move"):
        intake.withdraw(open_society.desk(CASEWORKER), case_no, "family_asks")


# --- before it is there


def test_a_preview_shows_everything_and_writes_nothing(open_society: Society) -> None:
    first = made(open_society, fire())
    before = open_society.admin.store.rows(_COUNT, {})
    desk = open_society.desk(CASEWORKER)

    seen = new.preview(desk, fire(name="", asked_fen=None))

    assert open_society.admin.store.rows(_COUNT, {}) == before
    assert (seen.sex, seen.born, seen.age) == ("M", "1960-05-04", 61)
    [known] = seen.known
    assert (known.person_id, known.name, known.sure) == (
        the(open_society, first).case.person_id, "王建国", True,
    )  # fmt: skip
    assert known.number_masked.startswith("310") and "*" in known.number_masked
    assert seen.award is not None and (seen.award.low_fen, seen.award.fen) == (600_000, 800_000)
    assert seen.papers == PAPERS["FIRE"] and seen.problems == ()
    assert "beside.same" in {check.code for check in seen.checks}


def test_a_preview_of_half_a_form_says_what_is_known_so_far(open_society: Society) -> None:
    seen = new.preview(
        open_society.desk(CASEWORKER), Wanted("ANGEL", number=angel().number, street=JD_STREETS[0])
    )
    assert (seen.born, seen.age, seen.award) == ("2012-09-01", 9, None)
    assert "GUARD_REL" in seen.papers
    assert {p.field for p in seen.problems} == {"name", "category"}


def test_a_preview_names_who_may_be_meant(open_society: Society) -> None:
    made(open_society, fire())
    near = fire(number=make_number("310199", "19600504", 3), phone="13900000001")
    seen = new.preview(open_society.desk(CASEWORKER), near)
    assert [(known.name, known.sure) for known in seen.known] == [("王建国", False)]
