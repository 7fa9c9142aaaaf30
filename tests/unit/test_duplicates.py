"""Pairs that may be one person: which are compared, and what speaks for and against them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcaid.domain.duplicate_names import close, compare, distance, one_slip
from rcaid.domain.duplicates import (
    BANDS,
    KINDS,
    LARGEST,
    NEAR_CERTAIN,
    POSSIBLE,
    WEIGHTS,
    Record,
    Skipped,
    candidates,
    keys,
    score,
)
from rcaid.domain.identity import check_character, make_number, upgrade

ZHAO = Record(
    name="赵晓敏",
    birth="1956-03-08",
    sex="F",
    number=make_number("310199", "19560308", 124),
    phone="13800001248",
    account="6222021000000001248",
    street="310114001",
    address="曹安路12弄3号501室",
)
WITHOUT_NUMBER = ZHAO._replace(number="")


def parts(a: Record, b: Record) -> dict[str, int]:
    return {part.name: part.points for part in score(a, b).parts}


def paired(a: Record, b: Record) -> bool:
    return candidates([keys(a)], [keys(b)]).pairs == [(0, 0)]


# --- What holds of any two

LETTERS = "赵钱曾单仇晓小敏明民阿依·买 abcß'ç"
DATES = st.sampled_from(
    ["", "1956", "1956-03", "1956-03-08", "1956-08-03", "1956-03-18", "1956-01-01", "1965-03-08"]
)
NUMBERS = st.sampled_from(
    [
        "", "E1234567", "310199560308124", ZHAO.number, ZHAO.number[:-1],
        make_number("310199", "19560308", 125), make_number("310199", "19560803", 124),
    ]
)  # fmt: skip
RECORDS = st.builds(
    Record,
    name=st.text(LETTERS, max_size=7) | st.text(max_size=5),
    birth=DATES,
    sex=st.sampled_from(["", "F", "M"]),
    number=NUMBERS,
    phone=st.sampled_from(["", "13800001248", "13800001249"]),
    account=st.sampled_from(["", "6222021000000001248", "6222021000000001255"]),
    street=st.sampled_from(["", "310114001", "310114002", "hilldale", "hildale"]),
    address=st.sampled_from(["", "曹安路12弄3号501室", "曹安路12弄3号", "7 wallaby place 2119"]),
    household=st.sampled_from(["", "h1", "h2"]),
)


@given(RECORDS, RECORDS)
def test_the_order_of_two_records_makes_no_difference(a: Record, b: Record) -> None:
    assert score(a, b) == score(b, a)
    assert paired(a, b) == paired(b, a)


@given(RECORDS, RECORDS)
def test_the_parts_sum_to_the_total_and_say_what_the_table_says(a: Record, b: Record) -> None:
    found = score(a, b)
    assert found.total == min(100, max(0, sum(part.points for part in found.parts)))
    assert found.band in BANDS
    for part in found.parts:
        assert (part.points, part.said) == (WEIGHTS[part.name].points, WEIGHTS[part.name].said)
    fields = [WEIGHTS[part.name].field for part in found.parts]
    assert len(fields) == len(set(fields))


@given(RECORDS, RECORDS)
def test_nothing_scores_higher_than_the_record_itself(a: Record, b: Record) -> None:
    # A number decides by itself and a date may be half known: both are held by hand below.
    a, b = a._replace(number="", household=""), b._replace(number="", household="")
    assert score(a, a).total >= score(a, b).total


@given(RECORDS)
def test_a_number_in_common_with_nothing_against_it_is_the_same_person(a: Record) -> None:
    a = a._replace(number=ZHAO.number, name="赵晓敏")
    found = score(a, a)
    assert (found.band, found.total) == ("same", 100)


@given(RECORDS, RECORDS)
def test_br_009_near_certain_rests_on_no_doubt(a: Record, b: Record) -> None:
    found = score(a, b)
    if found.band == "near_certain":
        assert found.total >= NEAR_CERTAIN
        assert all(part.points >= 0 for part in found.parts)


@given(RECORDS)
def test_keys_are_few_and_of_known_kinds(a: Record) -> None:
    found = keys(a)
    assert len(found) == len(set(found)) <= 8 + 2 * len(a.name)
    assert {key[0] for key in found} <= set(KINDS)


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_one_slip_is_a_distance_of_one(a: str, b: str) -> None:
    assert one_slip(a, b) == (distance(a, b) == 1)
    assert distance(a, b) == distance(b, a)
    assert close(a, b) == close(b, a)


def test_the_page_has_every_row_of_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "duplicates.md").read_text(encoding="utf-8")
    rows = [
        line for line in page.splitlines() if re.match(r"\|[^|]+\|[^|]+\| -?\d+ \|[^|]+\|$", line)
    ]
    assert rows == [
        f"| {row.field} | {row.said} | {row.points} | {'yes' if row.doubt else ''} |"
        for row in WEIGHTS.values()
    ]
    assert f"{NEAR_CERTAIN} points or more" in page
    assert f"{POSSIBLE} points or more" in page
    assert f"more than {LARGEST} rows" in page


# --- Identity numbers


def test_br_009_a_number_of_15_places_is_the_same_as_its_18() -> None:
    short = ZHAO.number[:6] + ZHAO.number[8:17]
    assert upgrade(short) == ZHAO.number
    found = score(ZHAO, ZHAO._replace(number=short))
    assert found.parts[0].name == "number_15_18"
    assert found.band == "same"
    assert paired(Record("", number=short), Record("", number=ZHAO.number))


@pytest.mark.parametrize(
    "wrong",
    [
        ZHAO.number[:9] + "9" + ZHAO.number[10:],
        ZHAO.number[:14] + ZHAO.number[15] + ZHAO.number[14] + ZHAO.number[16:],
        ZHAO.number[:10] + ZHAO.number[11:],
    ],
)
def test_a_slip_in_a_number_is_said_and_leaves_near_certain_possible(wrong: str) -> None:
    assert wrong != ZHAO.number
    found = score(ZHAO, ZHAO._replace(number=wrong))
    assert found.parts[0].name == "number_slip"
    assert found.band == "near_certain"


def test_two_valid_numbers_are_never_near_certain_however_much_agrees() -> None:
    other = ZHAO._replace(number=make_number("310199", "19560308", 126))
    found = score(ZHAO, other)
    assert found.parts[0].name == "number_other"
    assert found.band == "possible"


def test_a_damaged_number_says_nothing_against_its_owner() -> None:
    damaged = ZHAO._replace(number=ZHAO.number[:14] + "0000")
    assert damaged.number[17] != check_character(damaged.number[:17])
    assert "number_other" not in parts(ZHAO, damaged)
    assert score(ZHAO, damaged).band == "near_certain"


def test_br_008_one_number_under_two_names_is_asked_and_never_the_same() -> None:
    stranger = Record("钱大有", birth="1980-05-06", sex="M", number=ZHAO.number)
    found = score(ZHAO, stranger)
    assert found.parts[0].points == 100
    assert found.band == "possible"


def test_one_number_and_a_slip_in_the_name_is_near_certain() -> None:
    assert score(ZHAO, ZHAO._replace(name="赵晓明")).band == "near_certain"


# --- Names


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("赵晓敏", "赵晓敏", "name_same"),
        ("阿依古丽·买买提", "阿依古丽买买提", "name_dot"),
        ("阿依古丽·买买提", "阿依古丽 买买提", "name_dot"),
        ("阿依古丽·买买提", "买买提·阿依古丽", "name_turned"),
        ("赵晓敏", "晓敏赵", "name_turned"),
        ("欧阳明", "明欧阳", "name_turned"),
        ("赵晓敏", "赵小敏", "name_sound"),
        ("仇明", "邱明", "name_sound"),  # qiu, the reading of the surname
        ("王乐", "王悦", "name_sound"),  # yue, a second reading
        ("王𬭎", "王宏", "name_sound"),
        ("陈静", "程静", "name_near_sound"),  # chen, cheng
        ("张三思", "张山思", "name_near_sound"),
        ("阿卜杜热合曼·吐尔逊", "阿不都热合曼·吐尔逊", "name_sound"),
        ("古丽娜尔·吐尔逊", "古丽娜依·吐尔逊", "name_typo"),
        ("买买提·艾力", "买买提·艾山", "name_one_character"),
        ("阿卜杜热合曼·阿卜杜克热木·吐尔逊", "阿卜杜热合曼·吐尔逊", "name_part"),
        ("赵晓敏", "赵晓华", "name_one_character"),
        ("赵晓敏", "赵晓明", "name_near_sound"),
        ("王明", "王小明", "name_half"),
        ("王伟", "王芳", "name_half"),
        ("赵晓敏", "钱大有", "name_other"),
        ("赵晓敏", "Zhao Xiaomin", "name_sound"),
        ("赵晓敏", "Xiaomin Zhao", "name_sound"),
        ("赵晓敏", "zxm", "name_other"),
        ("O'Neil Anna", "oneil anna", "name_dot"),
        ("Müller Anna", "Anna Muller", "name_turned"),
        ("mitchell green", "mitchel green", "name_typo"),
        ("mitchell green", "grene mitchell", "name_typo"),
        ("mitchell green", "mitchell", "name_part"),
        ("mitchell green", "mitchell clarke", "name_half"),
        ("mitchell green", "sara polak", "name_other"),
        ("", "赵晓敏", ""),
    ],
)
def test_names_are_compared_by_character_sound_dot_and_order(a: str, b: str, expected: str) -> None:
    assert compare(a, b) == compare(b, a) == expected


@pytest.mark.parametrize(
    "name",
    ["赵小敏", "赵晓敏", "晓敏赵", "赵 晓敏"],
)
def test_br_009_same_sound_and_birth_is_compared_and_asked(name: str) -> None:
    bare = Record("赵晓敏", birth="1956-03-08")
    other = Record(name, birth="1956-03-08")
    assert paired(bare, other)
    assert score(bare, other).band == "possible"


def test_br_009_sound_birth_and_street_in_common_is_asked() -> None:
    a = Record("赵晓敏", birth="1956-03-08", sex="F", street="310114001")
    assert score(a, a._replace(name="赵小敏")).band == "possible"
    assert score(a, a).band == "near_certain"


def test_a_lost_dot_and_a_street_find_a_person_without_a_birth_date() -> None:
    a = Record("阿依古丽·买买提", street="310114001", phone="13800001248")
    b = Record("阿依古丽买买提", street="310114001")
    assert paired(a, b)
    assert paired(a, b._replace(name="买买提·阿依古丽"))


# --- Birth dates


@pytest.mark.parametrize(
    ("birth", "expected", "band"),
    [
        ("1956-03-08", "birth_same", "near_certain"),
        ("1956-08-03", "birth_swapped", "near_certain"),
        ("1956-03-18", "birth_slip", "near_certain"),
        ("1965-03-08", "birth_slip", "near_certain"),
        ("1956-01-01", "birth_year", "near_certain"),
        ("1956", "birth_year", "near_certain"),
        ("1956-11-27", "birth_day_other", "possible"),
        ("1941-11-27", "birth_other", "possible"),
    ],
)
def test_birth_dates_are_compared_with_the_slips_people_make(
    birth: str, expected: str, band: str
) -> None:
    other = WITHOUT_NUMBER._replace(birth=birth)
    found = score(WITHOUT_NUMBER, other)
    assert expected in [part.name for part in found.parts]
    assert found.band == band


@pytest.mark.parametrize("birth", ["1956-08-03", "1956-03-18", "1965-03-08", "1986-03-08"])
def test_a_wrong_date_alone_does_not_keep_two_of_one_name_from_being_compared(birth: str) -> None:
    assert paired(Record("赵晓敏", birth="1956-03-08"), Record("赵晓敏", birth=birth))


# --- People who are not one person


def twins(**changed: str) -> tuple[Record, Record]:
    first = Record(
        "陆诗涵",
        birth="2012-06-01",
        sex="F",
        number=make_number("310199", "20120601", 124),
        phone="13800001248",
        account="6222021000000001248",
        street="310114001",
        address="曹安路12弄3号501室",
    )._replace(**changed)
    number = make_number("310199", "20120601", 126) if first.number else ""
    return first, first._replace(name="陆诗琪", number=number)


def test_twins_of_one_household_are_not_taken_for_one_person() -> None:
    assert score(*twins(household="h1")).band == "no"
    assert score(*twins(household="h1", number="")).band in ("no", "possible")


@pytest.mark.parametrize("number", ["", make_number("310199", "20120601", 124)])
def test_twins_whose_household_is_not_known_are_never_near_certain(number: str) -> None:
    assert score(*twins(number=number)).band == "possible"


def test_newborn_twins_with_certificates_in_sequence_are_never_near_certain() -> None:
    first, second = twins(number="J310000001")
    found = score(first, second._replace(number="J310000002"))
    assert found.parts[0].name == "number_slip"
    assert found.band == "possible"


@pytest.mark.parametrize("birth", ["1956-11-27", "1941-10-27", "1972-06-30"])
def test_namesakes_with_other_birth_dates_are_never_near_certain(birth: str) -> None:
    number = make_number("310199", birth.replace("-", ""), 124)
    assert score(ZHAO, ZHAO._replace(birth=birth, number=number)).band != "near_certain"
    stranger = Record("赵晓敏", birth=birth, sex="F", number=number, street="310115007")
    assert score(ZHAO, stranger).band == "no"
    assert score(WITHOUT_NUMBER, stranger._replace(number="")).band == "no"


def test_namesakes_of_one_birthday_with_valid_numbers_are_not_asked() -> None:
    stranger = Record(
        "赵晓敏", "1956-03-08", "F", make_number("310199", "19560308", 246), street="310115007"
    )
    assert score(ZHAO, stranger).band == "no"


@pytest.mark.parametrize("household", ["", "h1"])
def test_a_couple_with_one_phone_and_home_is_not_asked(household: str) -> None:
    wife = ZHAO._replace(account="", household=household)
    husband = wife._replace(
        name="王建国", birth="1954-11-30", sex="M", number=make_number("310199", "19541130", 125)
    )
    assert paired(wife, husband)
    assert score(wife, husband).band == "no"


def test_br_009_one_account_under_two_names_is_asked_unless_a_household_explains_it() -> None:
    stranger = Record("钱大有", birth="1980-05-06", sex="M", account=ZHAO.account)
    assert paired(ZHAO, stranger)
    assert "account_other_name" in parts(ZHAO, stranger)
    assert score(ZHAO, stranger).band == "possible"
    kin = score(ZHAO._replace(household="h1"), stranger._replace(household="h1"))
    assert kin.band == "no"


def test_one_name_in_one_household_speaks_for_one_person() -> None:
    a = Record("赵晓敏", birth="1956-03-08", sex="F", household="h1")
    assert score(a, a).band == "near_certain"


def test_a_name_alone_is_no_ground_to_ask() -> None:
    assert score(Record("张秀英"), Record("张秀英")).band == "no"
    assert not paired(Record("张秀英"), Record("张秀英"))


# --- Places


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("曹安路12弄3号501室", "address_same"),
        ("曹安路１２弄３号５０１室 ", "address_same"),
        ("曹安路12弄3号", "address_near"),
        ("曹安公路12弄3号501", "address_near"),
        ("曹安路12弄8号302室", ""),
        ("沪宜公路88号", ""),
    ],
)
def test_an_address_needs_its_numbers(address: str, expected: str) -> None:
    found = parts(ZHAO, ZHAO._replace(address=address))
    assert [name for name in found if name.startswith("address")] == [expected] * bool(expected)


def test_an_address_of_another_street_says_nothing() -> None:
    found = parts(ZHAO, ZHAO._replace(street="310114002"))
    assert not {"street_same", "address_same"} & set(found)


# --- Latin data


def test_latin_records_are_found_with_slips_turned_words_and_a_lost_part() -> None:
    a = Record(
        "mitchell green", "1956-04-09", street="cleveland", address="7 wallaby place delmar 2119"
    )
    for changed in (
        a._replace(name="green mitchel"),
        a._replace(name="green", birth=""),
        a._replace(name="sara green", birth="1990-01-02"),
        a._replace(birth="1956-09-04", street="cleveland east"),
        a._replace(birth="", street="", name="michel gren"),
    ):
        assert paired(a, changed), changed
    assert score(a, a._replace(name="green mitchell")).band == "near_certain"
    assert score(a, a._replace(name="mitchel green", address="7 wallabyplace 2119")).band == (
        "near_certain"
    )


# --- Candidates


def test_a_block_that_too_many_share_is_left_out_and_said() -> None:
    helper = [Record(f"{name}一", phone="13800001248") for name in "赵钱孙李"]
    asked = candidates([keys(r) for r in helper], largest=4)
    assert asked.pairs == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    assert asked.skipped == []
    left_out = candidates([keys(r) for r in helper], largest=3)
    assert left_out.pairs == []
    assert left_out.skipped == [Skipped("p13800001248", 4)]
    against = candidates([keys(helper[0])], [keys(r) for r in helper], largest=3)
    assert (against.pairs, against.skipped) == ([], [Skipped("p13800001248", 4)])


def test_pairs_are_positions_in_order_each_once() -> None:
    new = [keys(ZHAO), keys(Record("钱大有", phone="13900000000")), keys(ZHAO)]
    old = [keys(Record("孙一", phone="13900000000")), keys(ZHAO)]
    assert candidates(new, old).pairs == [(0, 1), (1, 0), (2, 1)]
    assert candidates(new).pairs == [(0, 2)]
    assert candidates([], old).pairs == candidates(new, []).pairs == []
