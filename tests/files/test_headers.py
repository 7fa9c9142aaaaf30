"""Headings: folding, aliases, overrides, what is missing and what fits twice."""

from __future__ import annotations

import pytest

from rcaid.files.headers import Field, bare, find_header, fold, letter, map_columns
from rcaid.files.profiles import Profile

FIELDS = (
    Field("name", ("姓名", "受助人姓名", "Name"), required=True),
    Field("number", ("证件号码", "身份证号"), required=True),
    Field("head", ("户主证件号码", "证件号码（户主）")),
    Field("amount", ("金额",)),
)


@pytest.mark.parametrize(
    "heading",
    [
        "金额",
        " 金 额 ",
        "金额（元）",
        "金额(元)",
        "*金额",
        "金额＊",
        "金\n额\r\n[yuan]",
        "金额：",
        "金额【必填】",
    ],
)
def test_headings_are_matched_without_width_space_brackets_and_asterisks(heading: str) -> None:
    mapping = map_columns(("姓名", "证件号码", heading), FIELDS)
    assert dict(mapping.columns) == {"name": 0, "number": 1, "amount": 2}
    assert mapping.unmapped == ()
    assert mapping.problems == ()


def test_width_and_case_do_not_count() -> None:
    assert fold("Ｎａｍｅ *") == fold("name") == "name"
    assert bare("（元）") == "(元)"


def test_unmapped_columns_are_listed_in_order() -> None:
    mapping = map_columns(("序号", "姓名", "", "证件号码", "备注"), FIELDS)
    assert mapping.unmapped == ("序号", "备注")


def test_a_missing_required_field_names_what_was_looked_for() -> None:
    mapping = map_columns(("姓名", "地址"), FIELDS)
    (problem,) = mapping.problems
    assert (problem.code, problem.field) == ("header.missing", "number")
    assert problem.params["aliases"] == "证件号码 / 身份证号"


def test_an_exact_heading_wins_over_one_that_fits_without_its_brackets() -> None:
    mapping = map_columns(("姓名", "证件号码（户主）", "证件号码"), FIELDS)
    assert dict(mapping.columns) == {"name": 0, "number": 2, "head": 1}


def test_two_columns_that_fit_equally_are_a_problem() -> None:
    mapping = map_columns(("姓名", "证件号码", "金额（元）", "金额（美元）"), FIELDS)
    (problem,) = mapping.problems
    assert (problem.code, problem.params["columns"]) == ("header.ambiguous", "C, D")


def test_an_override_says_which_column_it_is() -> None:
    header = ("姓名", "证件号码", "金额（元）", "金额（美元）")
    mapping = map_columns(header, FIELDS, {"amount": "金额（元）"})
    assert mapping.columns["amount"] == 2
    assert mapping.problems == ()
    (problem,) = map_columns(header, FIELDS, {"amount": "总额"}).problems
    assert (problem.code, problem.params["name"]) == ("header.no_such", "总额")


def test_the_header_is_the_row_that_knows_most_aliases() -> None:
    rows = [
        ["姓名册"],
        ["单位：甲", "金额单位：元", "x", "y"],
        ["姓名", "证件号码"],
        ["张三", "金额"],
    ]
    assert find_header(rows, [alias for field in FIELDS for alias in field.aliases]) == 2
    assert find_header([["", " "], []]) is None
    assert find_header([["title"], ["one"], ["x"]]) == 0


def test_columns_have_the_letters_a_spreadsheet_gives_them() -> None:
    assert [letter(i) for i in (0, 25, 26, 51, 52, 701, 702, 16383)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD",
    ]  # fmt: skip


def test_an_override_of_nothing_leaves_the_column_of_a_field_unused() -> None:
    found = map_columns(["姓名", "电话"], FIELDS_LEFT, {"phone": ""})
    assert dict(found.columns) == {"name": 0}
    assert found.unmapped == ("电话",)
    assert not found.problems
    missing = map_columns(["姓名", "电话"], FIELDS_LEFT, {"name": ""})
    assert [each.code for each in missing.problems] == ["header.missing"]


FIELDS_LEFT = (Field("name", ("姓名",), True), Field("phone", ("电话",)))


def test_what_a_profile_needs_and_half_of_a_name_are_told() -> None:
    profile = Profile(
        "ours", "people", columns={"name": ("first", "last"), "phone": ("tel",)}, needs=("tel",)
    )
    fields = (Field("name", ("name",)), Field("phone", ("phone",)))
    found = map_columns(["first", "age"], fields, {}, profile)
    assert [(p.code, dict(p.params)) for p in found.problems] == [
        ("header.profile", {"name": "tel", "profile": "ours"}),
        ("header.no_such", {"name": "last", "field": "name"}),
    ]
    assert not map_columns(["first", "tel"], fields, {"name": "first"}, profile).problems
    whole = map_columns(["tel", "last", "first"], fields, {}, profile)
    assert not whole.problems and whole.joined == {"name": (2, 1)}


def test_headings_a_profile_ignores_are_not_listed_as_unused() -> None:
    profile = Profile("ours", "people", columns={"name": ("who",)}, ignored=("Scope",))
    fields = (Field("name", ("name",)), Field("phone", ("scope",)))
    found = map_columns(["who", "scope", "other"], fields, {}, profile)
    assert found.columns == {"name": 0} and found.unmapped == ("other",)
