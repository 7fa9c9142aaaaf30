"""Rows judged by the table of their kind: everything wrong at once, or typed values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcaid.domain import identity
from rcaid.domain.errors import Problem
from rcaid.domain.identity import make_number
from rcaid.domain.sentences import SENTENCES
from rcaid.files.headers import Field, map_columns
from rcaid.files.profiles import Profile
from rcaid.services.importing import giving_words, row_judge, row_phones
from rcaid.services.importing.kinds import KINDS, Kind
from rcaid.services.importing.row_checks import Rules
from rcaid.services.importing.row_judge import READERS, Read, TableJudge

TODAY = "2022-04-01"
STREETS = {"江桥镇": "street", "南翔镇": None}
HOME = Profile("home", "people")
ABROAD = Profile("abroad", "people", phone="international", identity="any", reason="abroad")


def judge_of(kind: Kind, header: tuple[str, ...], profile: Profile = HOME) -> TableJudge:
    columns = map_columns(header, kind.fields, {}, profile)
    assert columns.problems == ()
    readers: Mapping[str, Any] = {"category": str, "hardship": str, "item": str}
    return TableJudge(kind, columns, header, Rules(TODAY, STREETS, profile, readers))


def judged(kind: str, cells: Mapping[str, str], profile: Profile = HOME) -> Read:
    return judge_of(KINDS[kind], tuple(cells), profile).judge(2, list(cells.values()))


def codes(read: Read) -> set[str]:
    return {each.code for each in read.problems}


def test_every_type_of_the_table_has_a_reader() -> None:
    known = {*READERS, "date", "category", "hardship", "item", "disease", "papers", "consents"}
    known |= {*giving_words.readers(TODAY)}
    assert {field.type for kind in KINDS.values() for field in kind.fields} <= known


def test_every_kind_names_keys_it_has() -> None:
    for kind in KINDS.values():
        names = [field.name for field in kind.fields]
        assert len(names) == len(set(names))
        assert set(kind.keys) <= set(names)


def test_a_later_kind_is_rows_of_a_table_and_no_new_code() -> None:
    stock = Kind(
        "stock", "Stock", "import.stock",
        (
            Field("code", ("编号",), True, "code"), Field("n", ("数量",), True, "whole"),
            Field("value", ("价值",), False, "money"), Field("opened", ("已启用",), False, "yes_no"),
            Field("day", ("日期",), False, "date", ("past",)),
        ),
        ("code",),
    )  # fmt: skip
    header = ("编号", "数量", "价值", "已启用", "日期")
    judge = judge_of(stock, header)

    good = judge.judge(2, ["S-1", "12", "¥1,780.00", "是", "2022年3月9日"])
    bad = judge.judge(3, ["S-2", "12.5", "1.7801", "?", "2022-04-02"])
    again = judge.judge(4, ["S-1", "1", "", "", ""])

    assert good.values == {
        "code": "S-1", "n": 12, "value": 178_000, "opened": "yes", "day": "2022-03-09"
    }  # fmt: skip
    assert codes(bad) == {"quota.number", "money.decimals", "word.yes_no", "date.future"}
    assert codes(again) == {"row.repeated"}


def test_a_row_longer_than_the_header_is_refused() -> None:
    judge = judge_of(KINDS["people"], ("姓名", "证件号码"))
    assert codes(judge.judge(2, ["王伟", "", "x"])) == {"row.long"}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("3.10101E+17", "identity.scientific"),
        ("310199195506071000", "identity.rounded"),
        ("31019919550607123X.0", "identity.letters"),
        ("310199195506071248.0", "identity.rounded"),
        ("310199195506072148", "identity.checksum"),
        ("310199195506701238", "identity.date"),
        ("31019919550607124", "identity.length"),
    ],
)
def test_br_092_damage_of_an_identity_number_is_named(cell: str, code: str) -> None:
    assert codes(judged("people", {"姓名": "王伟", "证件号码": cell})) == {code}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("32121321000000000", "identity.rounded"),
        ("3.2121E+17", "identity.scientific"),
        ("32121321.0", "identity.decimal"),
    ],
)
def test_br_092_damage_of_any_other_number_is_named_too(cell: str, code: str) -> None:
    assert codes(judged("people", {"name": "Ann", "id number": cell}, ABROAD)) == {code}


@given(st.dates(), st.integers(1, 999))
def test_no_number_that_a_spreadsheet_rounded_is_taken(day: Any, seq: int) -> None:
    number = make_number("310199", f"{day.year:04}{day.month:02}{day.day:02}", seq)
    rounded = number[:15] + "000"
    found = judged("people", {"姓名": "王伟", "证件号码": rounded})
    # One in eleven has the right check character by chance; a sequence of 000 is nobody's then.
    assert found.problems or identity.check_character(rounded[:17]) == rounded[17]


@pytest.mark.parametrize(
    ("rule", "cell", "stored"),
    [
        ("cn", "138 0000 1111", "13800001111"),
        ("international", "+745 5218119193", "+7455218119193"),
        ("international", "00144693326", "+144693326"),
        ("international", "14155238886", "+14155238886"),
        ("digits", "00144693326", "00144693326"),
        ("digits", "１３８-0000", "1380000"),
    ],
)
def test_the_rule_for_phones_is_the_profile_s(rule: str, cell: str, stored: str) -> None:
    assert row_phones.READERS[rule](cell) == stored


@pytest.mark.parametrize("rule", ["cn", "international", "digits"])
@pytest.mark.parametrize("cell", ["2.54708E+11", "abc", "12", "1" * 40])
def test_no_damaged_phone_is_taken_by_any_rule(rule: str, cell: str) -> None:
    assert isinstance(row_phones.READERS[rule](cell), Problem)


def test_br_007_documents_of_no_type_need_a_reason() -> None:
    bare = Profile("bare", "people", identity="any")
    assert codes(judged("people", {"name": "Ann", "id number": "AB1"}, bare)) == {"identity.reason"}
    assert judged("people", {"name": "Ann", "id number": "AB1"}, ABROAD).problems == []
    none = judged("people", {"name": "Ann"}, ABROAD)
    assert none.who is not None
    assert none.who.kind == identity.NONE


_CELLS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["", "江桥镇", "南翔镇", "3.1E+17", "2022-01-01", "44629", "男", "-1", "1.0"]),
)


@given(st.lists(_CELLS, min_size=20, max_size=24), st.sampled_from(["people", "update"]))
def test_any_row_comes_to_values_or_to_sentences(cells: list[str], kind: str) -> None:
    header = tuple(field.aliases[0] for field in KINDS[kind].fields)
    for profile in (HOME, ABROAD):
        read = judge_of(KINDS[kind], header, profile).judge(2, cells)
        assert bool(read.problems) != bool(read.values)
        for each in read.problems:
            assert each.code in SENTENCES
            SENTENCES[each.code].text.format(**each.params)
        for value in read.values.values():
            assert not isinstance(value, Problem)


def test_readers_never_raise() -> None:
    rules = Rules(TODAY, STREETS, ABROAD, {})
    for make in row_judge.READERS.values():
        for text in ("x", "1", "²", "٣", "1" * 400, "'", "e", "1e", "."):
            make(rules)(text)
