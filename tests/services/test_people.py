"""People are found, shown masked or in full, and every look into them stands in the record."""

from __future__ import annotations

import json

import pytest

from rcaid.db.engine import Statement
from rcaid.db.people import many
from rcaid.domain.errors import Refused
from rcaid.domain.identity import make_number
from rcaid.services import deaths, people
from rcaid.services.finding import PersonLine
from tests.services.conftest import JD_STREETS, PD, Society

ADA = make_number("310199", "19500101", 1)
OLD = "310199500101003"


@pytest.fixture
def filled(society: Society) -> Society:
    """People in two streets of JD and in PD."""
    second = society.street(JD_STREETS[1])
    pudong = next(s for s in society.admin.offices.children(society.office(PD)) if not s.pseudo)
    society.import_roster(
        [
            society.person(1, "赵晓敏"),
            society.person(2, "曾晓明", 街道=second),
            society.person(4, "赵小明", 证件号码=OLD, 街道=second, 监护人="赵大力"),
            society.person(5, "周晓梅", 户主证件号码=ADA, 与户主关系="配偶"),
            society.person(6, "赵家人", 户主证件号码=ADA, 与户主关系="子女", 物资="守“沪”家庭箱"),
        ]
    )
    society.import_roster([society.person(7, "赵晓茂", 街道=pudong.name)], "pd-caseworker")
    return society


def _names(found: list[PersonLine]) -> list[str]:
    return [line.name for line in found]


def test_initials_find_own_street_then_district_then_city(filled: Society) -> None:
    found = people.find(filled.desk("jd-street"), "zxm")
    assert [(line.circle, line.name) for line in found] == [
        ("street", "赵晓敏"), ("street", "周晓梅"), ("district", "曾*明"), ("district", "赵*明"),
        ("city", "赵*茂"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "晓敏",
        "赵晓",
        "zhaoxiaom",
        f"zxm {ADA[-4:]}",
        ADA,
        "13800000001",
        "6200000000000001",
        "22ajd1",
    ],
)
def test_a_person_is_found_by_name_pinyin_ends_whole_numbers_and_case(
    filled: Society, text: str
) -> None:
    assert "赵晓敏" in _names(people.find(filled.desk("jd-verifier"), text))


def test_br_004_an_old_number_and_its_new_form_find_the_same_person(filled: Society) -> None:
    desk = filled.desk("jd-verifier")
    upgraded = make_number("310199", "19500101", 3)
    assert _names(people.find(desk, OLD)) == _names(people.find(desk, upgraded)) == ["赵小明"]


def test_more_than_four_digits_must_all_be_at_the_end(filled: Society) -> None:
    desk = filled.desk("jd-verifier")
    assert _names(people.find(desk, ADA[-8:])) == ["赵晓敏"]
    assert people.find(desk, f"9{ADA[-6:]}") == []


def test_a_whole_number_and_a_name_must_both_fit(filled: Society) -> None:
    desk = filled.desk("jd-verifier")
    assert _names(people.find(desk, f"zxm {ADA}")) == ["赵晓敏"]
    assert people.find(desk, f"wang {ADA}") == []


def test_br_052_outside_the_own_subtree_names_are_masked_and_the_street_is_shown(
    filled: Society,
) -> None:
    (line,) = people.find(filled.desk("pd-verifier"), "赵晓敏")
    assert (line.name, line.full, line.identity) == ("赵*敏", False, "310***********" + ADA[-4:])
    assert line.place == f"嘉定区·{filled.street(JD_STREETS[0])}"
    (masked,) = people.find(filled.desk("jd-auditor"), "赵晓敏")
    assert masked.name == "赵*敏"


def test_who_has_no_part_with_people_finds_nobody(filled: Society) -> None:
    with pytest.raises(Refused):
        people.find(filled.desk("jd-keeper"), "zxm")


def test_a_line_says_open_cases_and_the_last_help(filled: Society) -> None:
    desk = filled.desk("jd-verifier")
    (line,) = people.find(desk, "赵晓敏")
    assert (line.last_help, line.open_lines) == ("", 1)
    filled.approve("22A-R-310114001")
    batch = filled.pay()
    filled.bank_result(batch, {"22A-JD-00001-1C": "00"})
    (line,) = people.find(desk, "赵晓敏")
    assert (line.last_help, line.open_lines) == ("2022-02-01", 0)


# --- the card


def _id(society: Society, name: str, login: str = "jd-verifier") -> str:
    return people.find(society.desk(login), name)[0].id


def _last_event(society: Society) -> dict[str, object]:
    query = Statement("", "SELECT line FROM audit_event ORDER BY at DESC, log, seq DESC LIMIT 1")
    event: dict[str, object] = json.loads(society.admin.store.rows(query)[0][0])
    return event


def test_a_card_shows_household_cases_and_help_and_masks_what_is_sensitive(
    filled: Society,
) -> None:
    filled.approve("22A-R-310114001")
    filled.bank_result(filled.pay(), {"22A-JD-00005-1C": "00", "22A-JD-00004-1C": "17"})
    card = people.card(filled.desk("jd-verifier"), _id(filled, "周晓梅"))
    assert (card.name, card.age, card.phone, card.account) == ("周晓梅", 72, "138****0005", "************0005")  # fmt: skip
    assert card.identity.startswith("310***")
    assert [member.name for member in card.household] == ["赵家人"]
    assert card.masked == ("number", "phone", "address", "account")
    (case,) = card.cases
    assert (case.case_no, case.state, case.category, case.fen) == ("22A-JD-00004", "entitled", "tumour", 50_000)  # fmt: skip
    assert [(line.state, line.line_state) for line in case.help] == [("ready", "returned")]
    assert [(g.who, g.fen) for g in card.given] == [("household", 50_000)]
    assert all(ADA not in str(value) for value in (card.identity, card.household, card.cases))


def test_a_guardian_without_a_number_stands_on_the_card(filled: Society) -> None:
    card = people.card(filled.desk("jd-verifier"), _id(filled, "赵小明"))
    assert [(kin.kind, kin.name) for kin in card.kin] == [("guardian", "赵大力")]
    masked = people.card(filled.desk("jd-auditor"), card.id)
    assert [kin.name for kin in masked.kin] == ["赵*力"]
    assert (masked.name, masked.cases[0].category) == ("赵*明", "")


def test_opening_a_card_is_recorded(filled: Society) -> None:
    person = _id(filled, "赵晓敏")
    people.card(filled.desk("jd-verifier"), person)
    event = _last_event(filled)
    assert (event["action"], event["actor"], event["object"]) == ("person.card", "jd-verifier", person)  # fmt: skip


def test_a_card_of_another_district_stays_closed(filled: Society) -> None:
    with pytest.raises(Refused, match="no_duty"):
        people.card(filled.desk("pd-verifier"), _id(filled, "赵晓敏"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", ADA),
        ("phone", "13800000001"),
        ("address", "幸福路1号"),
        ("account", "6200000000000001"),
    ],
)
def test_a_value_is_revealed_with_a_reason_and_recorded_without_the_value(
    filled: Society, field: str, value: str
) -> None:
    person = _id(filled, "赵晓敏")
    assert people.reveal(filled.desk("jd-caseworker"), person, field, "call_back") == value
    event = _last_event(filled)
    assert (event["action"], event["object"], event["field"], event["reason"]) == (
        "person.reveal", person, field, "call_back",
    )  # fmt: skip
    assert value not in json.dumps(event, ensure_ascii=False)


def test_nothing_is_revealed_without_a_duty_a_reason_or_a_value(filled: Society) -> None:
    person = _id(filled, "赵晓敏")
    for login, field, reason in (
        ("jd-auditor", "phone", "look"), ("pd-caseworker", "phone", "look"),
        ("jd-caseworker", "phone", " "), ("jd-caseworker", "name", "look"),
    ):  # fmt: skip
        with pytest.raises(Refused):
            people.reveal(filled.desk(login), person, field, reason)


# --- a death


def test_br_016_a_death_strikes_open_lines_and_suspends_entitlements(filled: Society) -> None:
    desk = filled.desk("jd-caseworker")
    listed, entitled = _id(filled, "曾晓明"), _id(filled, "赵晓敏")
    filled.approve("22A-R-310114001", (1, 2))
    deaths.record(desk, listed, "2022-01-30", "civil_affairs")
    deaths.record(desk, entitled, "2022-01-31", "civil_affairs")
    card = people.card(desk, listed)
    assert (card.state, card.died_on, card.cases[0].state) == ("deceased", "2022-01-30", "struck")
    assert people.card(desk, entitled).age == 72
    assert {line.state for line in people.card(desk, entitled).cases[0].help} == {"suspended"}
    assert filled.pay().lines == 2
    with pytest.raises(Refused, match="not_live"):
        deaths.record(desk, listed, "2022-01-30", "again")


def test_a_death_is_found_by_number_and_taken_once(filled: Society) -> None:
    desk = filled.desk("sh-caseworker")
    assert deaths.record_by_number(desk, ADA, "2022-01-31", "police") == 1
    assert deaths.record_by_number(desk, ADA, "2022-01-31", "police") == 0
    nobody = make_number("310199", "19600101", 9)
    assert deaths.record_by_number(desk, nobody, "2022-01-31", "police") == 0
    (person,) = many(desk.store, [_id(filled, "赵晓敏")]).values()
    assert person.state == "deceased"


def test_help_by_year_tells_the_person_from_the_household(filled: Society) -> None:
    filled.approve("22A-R-310114001")
    filled.bank_result(filled.pay(), {"22A-JD-00005-1C": "00", "22A-JD-00004-1C": "00"})
    given = people.history(filled.desk("jd-verifier"), _id(filled, "周晓梅"))
    assert [(g.year, g.who, g.fen, g.pieces) for g in given] == [
        ("2022", "person", 50_000, 0), ("2022", "household", 100_000, 0),
    ]  # fmt: skip
