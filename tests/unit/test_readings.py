from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from rcaid.domain import readings
from rcaid.domain.names import clean, is_han
from rcaid.domain.readings import Term, query, reading, sort_key, tokens

GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂玉红建国华文小晓春梅志海燕雪婷俊宇欣怡子轩梓涵"
)
ORDINARY = st.text(alphabet="王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁", min_size=1, max_size=1)
# The 33 surnames whose usual reading is not that of the surname.
POLYPHONIC = {
    "单": "shan dan", "曾": "zeng ceng", "仇": "qiu chou", "解": "xie jie", "朴": "piao pu",
    "查": "zha cha", "翟": "zhai di", "缪": "miao mou", "盖": "ge gai", "乐": "yue le",
    "区": "ou qu", "员": "yun yuan", "覃": "qin tan", "洗": "xian xi", "秘": "bi mi",
    "能": "nai neng", "繁": "po fan", "折": "she zhe", "召": "shao zhao", "种": "chong zhong",
    "重": "chong zhong", "祭": "zhai ji", "郇": "xun huan", "黑": "he hei", "牟": "mu mou",
    "适": "kuo shi", "阚": "kan han", "颉": "xie jie", "隗": "wei kui", "薄": "bo bao",
    "卜": "bu bo", "佴": "nai er", "不": "fou bu",
}  # fmt: skip


def test_a_name_is_its_characters_its_pinyin_and_its_initials() -> None:
    assert tokens("赵晓敏") == ("赵", "晓", "敏", "zhaoxiaomin", "zxm")


@pytest.mark.parametrize(("surname", "spoken"), POLYPHONIC.items())
def test_br_012_a_polyphonic_surname_is_found_by_every_reading(surname: str, spoken: str) -> None:
    found = tokens(surname + "晓敏")
    for one in spoken.split():
        assert f"{one}xiaomin" in found
        assert f"{one[0]}xm" in found
    assert reading(surname) == spoken.split()[0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("欧阳修", {"欧", "阳", "修", "ouyangxiu", "oyx"}),
        ("尉迟敬德", {"yuchijingde", "weichijingde", "ycjd", "wcjd"}),
        ("万俟雪", {"moqixue", "mqx"}),
        ("单于明", {"chanyuming", "danyuming"}),
        (
            "阿依古丽·买买提",
            {"阿", "买", "ayigulimaimaiti", "ayglmmt", "ayiguli", "maimaiti", "mmt"},
        ),
        ("Müller Anna", {"muller", "anna"}),
        ("O’Neil", {"oneil"}),
        ("王 Anna", {"王", "wang", "w", "anna"}),
        ("王𬭎", {"王", "𬭎", "wanghong", "wh"}),
        ("吕布", {"lvbu", "lyubu", "lb"}),
        ("王晟", {"wangsheng", "ws"}),
        ("洛", {"洛", "luo", "l"}),
    ],
)
def test_br_012_names_of_every_kind_are_found(name: str, expected: set[str]) -> None:
    assert expected <= set(tokens(name))


@given(ORDINARY, st.text(alphabet=GIVEN, min_size=1, max_size=2))
def test_pypinyin_agrees_with_the_table(surname: str, given_name: str) -> None:
    name = surname + given_name
    syllables = lazy_pinyin(name)
    assert "".join(syllables) in tokens(name)
    assert "".join(s[0] for s in syllables) in tokens(name)


def test_pypinyin_agrees_on_every_common_character() -> None:
    common = [chr(point) for point in range(0x4E00, 0x9FA6)]
    spoken = (lazy_pinyin(c, v_to_u=False)[0] for c in common)
    wrong = [
        (c, said, readings.readings_of(c))
        for c, said in zip(common, spoken, strict=True)
        if said.isascii() and said.replace("ve", "ue") not in readings.readings_of(c)
    ]
    assert not wrong


@given(st.text(max_size=12))
def test_tokens_have_no_spaces_and_no_signs(raw: str) -> None:
    for token in tokens(clean(raw)):
        assert token
        assert token.isalnum() or is_han(token)
        assert token == token.casefold()


def test_a_name_of_many_readings_does_not_swell_the_index() -> None:
    assert len(tokens("乐" * 12)) <= 12 + 4 * readings.MOST_READINGS


def test_a_name_without_readings_is_found_by_its_characters() -> None:
    assert tokens("\U00030edd\U00030edd")[:2] == ("\U00030edd",) * 2


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("zxm", [Term("latin", "zxm")]),
        ("zxm 1248", [Term("latin", "zxm"), Term("digits", "1248")]),
        ("欧阳", [Term("han", "欧阳")]),
        ("欧阳x1248", [Term("han", "欧阳"), Term("latin", "x"), Term("digits", "1248")]),
        ("ＺＸＭ　１２４８", [Term("latin", "zxm"), Term("digits", "1248")]),
        ("31019919550607123x", [Term("digits", "31019919550607123X")]),
        ("22A-JD-00193", [Term("latin", "22ajd00193")]),
        ("22a-jd", [Term("latin", "22ajd")]),
        ("22A-JD-00193-1C", [Term("latin", "22ajd001931c")]),
        ("lü", [Term("latin", "lv")]),
        ("O'Neil", [Term("latin", "oneil")]),
        ("Müller", [Term("latin", "muller")]),
        ("阿依古丽·买买提", [Term("han", "阿依古丽"), Term("han", "买买提")]),
        ("王*芳", [Term("han", "王"), Term("han", "芳")]),
        ('"; DROP', [Term("latin", "drop")]),
        ("  ", []),
    ],
)
def test_a_typed_search_is_split_into_terms(typed: str, terms: list[Term]) -> None:
    assert query(typed) == terms


@given(st.text(max_size=20))
def test_terms_hold_nothing_that_a_full_text_engine_could_misread(typed: str) -> None:
    for kind, text in query(typed):
        assert kind in ("han", "latin", "digits")
        assert text.isalnum() or all(map(is_han, text))


@pytest.mark.parametrize(
    "name", ["赵晓敏", "曾小明", "欧阳修", "阿依古丽·买买提", "Müller Anna", "王𬭎"]
)
def test_what_is_typed_finds_what_was_indexed(name: str) -> None:
    indexed = set(tokens(name))
    for term in query(name):
        assert set(term.text) <= indexed if term.kind == "han" else term.text in indexed


def test_case_numbers_are_found_by_their_beginning() -> None:
    assert readings.case_token("22A-JD-00193").startswith(query("22A-JD-001")[0].text)


def test_names_are_sorted_by_the_pinyin_of_the_surname() -> None:
    listed = [
        "赵晓敏",
        "曾小明",
        "单明",
        "Müller Anna",
        "查良",
        "欧阳修",
        "阿依古丽·买买提",
        "曾阿明",
    ]
    assert sorted(listed, key=sort_key) == [
        "阿依古丽·买买提", "Müller Anna", "欧阳修", "单明", "曾阿明", "曾小明", "查良", "赵晓敏",
    ]  # fmt: skip


def test_every_surname_of_the_table_has_a_reading() -> None:
    from rcaid.domain.names import surname_readings

    for surname, rows in surname_readings().items():
        for row in rows:
            syllables = row.split("-")
            assert len(syllables) == len(surname)
            assert all(s.isascii() and s.islower() for s in itertools.chain(syllables))
