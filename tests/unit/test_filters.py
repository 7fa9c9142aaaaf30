from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcaid.domain.errors import Problem
from rcaid.domain.filter_fields import FIELDS
from rcaid.domain.filters import Filter, Test, Value, Word, parse
from rcaid.domain.sentences import SENTENCES, sentence

TODAY = "2022-11-24"
PIECES = st.lists(
    st.sampled_from(
        ["step", "街道", "amount", "due", "is", "sort", "name", ":", "：", "=", "<", "《", ">=", "-",
         ",", "..", '"', "“", " ", "　", "500", "1,000", "2022-11", "today", "-7d", "none", "late",
         "王*芳", "zxm", "1248", "12", "x", "\u202e", "1.5万"]
    ),
    max_size=10,
).map("".join)  # fmt: skip


def good(text: str) -> Filter:
    found = parse(text)
    assert isinstance(found, Filter), found
    return found


def bad(text: str) -> Problem:
    found = parse(text)
    assert isinstance(found, Problem), found
    return found


def test_words_and_tests_stand_side_by_side() -> None:
    assert good("zxm 1248 step:verifying -by:me").items == (
        Word("zxm"),
        Word("1248"),
        Test("step", ":", (Value("verifying"),)),
        Test("by", ":", (Value("me"),), negated=True),
    )


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("zxm", "zxm"),
        ("欧阳", "欧阳"),
        ("王*芳", "王*芳"),
        ("王＊芳", "王*芳"),
        ("-王芳", "-王芳"),
        ("街道:真新,安亭 金额>=500", "street:真新,安亭 amount>=500"),
        ("环节：核实中　期限《=today", "step:核实中 due<=today"),
        ("期限≤今天", "due<=today"),
        ("街道：真新、安亭", "street:真新,安亭"),
        ("amount:500..1000", "amount:500..1000"),
        ("金额：５００…", "amount:500.."),
        ("due:..today", "due:..today"),
        ("received:2022-10..2022-11", "received:2022-10..2022-11"),
        ("helped:none age>=60", "helped:none age>=60"),
        ("helped:无", "helped:none"),
        ("missing:hardship is:returned", "missing:hardship is:returned"),
        ("标志：逾期", "is:late"),
        ("sex:女,m", "sex:F,M"),
        ("step:open sort:-金额", "step:open sort:-amount"),
        ('name:"Müller Anna"', 'name:"Müller Anna"'),
        ("姓名：“Müller Anna”", 'name:"Müller Anna"'),
        ('name:"a,b",c', 'name:"a,b",c'),
        ("name:阿依古丽•买买提", "name:阿依古丽·买买提"),
        ("STEP:Open", "step:Open"),
        ("amount:1.5万", "amount:1.5万"),
        ("due:+5wd", "due:+5wd"),
        ("case=22-JD-00193", "case=22-JD-00193"),
        ("22-JD-00193", "22-JD-00193"),
        ('"-a:b"', '"-a:b"'),
        ("", ""),
        ("　 ", ""),
    ],
)
def test_a_line_is_read_and_written_back_in_english(typed: str, written: str) -> None:
    assert str(good(typed)) == written
    assert good(written) == good(typed)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("stret:x", "no field stret, perhaps street"),
        ("街到:x", "no field 街到, perhaps 街道"),
        (":x", "no field , perhaps F1"),
        ("amount>500,600", "one value after >"),
        ("due<=today..tomorrow", "one value after <="),
        ("12", "at least four digits"),
        ("amount:1,000", "amount has no thousands mark: write 1000"),
        ("amount>=1,000.50", "amount has no thousands mark: write 1000.50"),
        ("step:", "a value is missing after step"),
        ("name:a,,b", "a value is missing after name"),
        ("name:,", "a value is missing after name"),
        ("amount:..", "a value is missing after amount"),
        ("-", "- stands before a word or a test"),
        ('"abc', "a quote is opened and not closed, or stands in the middle of a word"),
        ('a"b"', "a quote is opened and not closed, or stands in the middle of a word"),
        ("a,b", "a comma stands between the values of a test; put words side by side"),
        ("name>3", "name has no order: write name: instead of name>"),
        ("age:old", "old is not a whole number"),
        ("amount:abc", "abc is not an amount: write 1000, 0.50 or 1.5万"),
        ("amount:0.001", "0.001 is not an amount: write 1000, 0.50 or 1.5万"),
        ("born:2022-13", "2022-13 is not a date: write 2022-11-24, 2022-11, today or -7d"),
        ("is:lat", "no flag lat"),
        ("sort:-stret", "no field -stret to sort by"),
        ("sort:name,age", "one value after :"),
        ("sex:x", "sex is F or M"),
        ("x" * 1001, "a filter has at most 1000 characters"),
    ],
)
def test_wrong_input_is_answered_by_one_sentence(typed: str, says: str) -> None:
    assert sentence(bad(typed)) == says


def test_hidden_characters_do_not_enter() -> None:
    assert bad("name:a\u202eb").code == "text.bidi"
    assert bad("a\x1b[2J").code == "text.control"


def test_a_field_the_duty_may_not_see_is_answered_as_unknown() -> None:
    seen = set(FIELDS) - {"disease"}
    hidden = parse("disease:肺", seen)
    unknown = parse("diseas3:肺", seen)
    assert isinstance(hidden, Problem)
    assert isinstance(unknown, Problem)
    assert hidden.code == unknown.code == "filter.no_field"
    assert "disease" not in (hidden.params["perhaps"], unknown.params["perhaps"])


@given(st.one_of(st.text(max_size=40), PIECES))
def test_any_line_is_a_filter_or_one_problem(text: str) -> None:
    found = parse(text)
    if isinstance(found, Problem):
        assert found.code in SENTENCES
        assert sentence(found)
    else:
        assert parse(str(found)) == found


@given(PIECES)
def test_every_filter_can_be_turned_into_spans(text: str) -> None:
    found = parse(text)
    if isinstance(found, Filter):
        for test in found.tests:
            if test.kind in ("number", "money", "date"):
                test.spans(TODAY)


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("age>=60", (60, None)),
        ("age>60", (61, None)),
        ("age<60", (None, 59)),
        ("age:60", (60, 60)),
        ("n:1..3", (1, 3)),
        ("amount:500..1000", (50_000, 100_000)),
        ("amount<=1.5万", (None, 1_500_000)),
        ("amount<0.50", (None, 49)),
        ("amount:1.000001万", (1_000_001, 1_000_001)),
        ("left:1.5亿", (15_000_000_000, 15_000_000_000)),
        ("received:2022", ("2022-01-01", "2022-12-31")),
        ("received:2022-2", ("2022-02-01", "2022-02-28")),
        ("received:2022-10..2022-11", ("2022-10-01", "2022-11-30")),
        ("received>2022-10", ("2022-11-01", None)),
        ("received<2022-10", (None, "2022-09-30")),
        ("received<=2022-10", (None, "2022-10-31")),
        ("due<=today", (None, "2022-11-24")),
        ("due:yesterday", ("2022-11-23", "2022-11-23")),
        ("due:明天", ("2022-11-25", "2022-11-25")),
        ("due:..today", (None, "2022-11-24")),
        ("date:this-week", ("2022-11-21", "2022-11-27")),
        ("date:this-month", ("2022-11-01", "2022-11-30")),
        ("date:last-month", ("2022-10-01", "2022-10-31")),
        ("changed>=-7d", ("2022-11-17", None)),
        ("due:+5wd", ("2022-12-01", "2022-12-01")),
    ],
)
def test_a_value_with_an_order_is_a_span(
    typed: str, span: tuple[int | str | None, int | str | None]
) -> None:
    assert good(typed).tests[0].spans(TODAY) == [span]


def test_missing_values_can_be_asked_for() -> None:
    assert good("helped:none").tests[0].missing is True
    assert good("helped:any").tests[0].missing is False
    assert good("helped:2022").tests[0].missing is None
    assert good("helped:none,2021").tests[0].spans(TODAY) == [("2021-01-01", "2021-12-31")]


def test_words_tests_and_sort_are_apart() -> None:
    found = good("zxm step:open sort:name sort:-amount")
    assert found.words == (Word("zxm"),)
    assert [t.field for t in found.tests] == ["step"]
    assert found.sort == "-amount"
    assert good("zxm").sort == ""


def test_every_field_has_two_names() -> None:
    for field in FIELDS.values():
        value = {"number": "5", "money": "5", "date": "today", "sex": "F", "flag": "late",
                 "sort": "name"}.get(field.kind, "x")  # fmt: skip
        assert good(f"{field.chinese}:{value}") == good(f"{field.name}:{value}")
