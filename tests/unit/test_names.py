from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcaid.domain.names import clean, is_han, mask, mask_list, split_surname

HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=6)
NAMES = st.text(alphabet="赵欧阳诸葛明芳𬭎·•. 'Aaü　Ａ*", max_size=10)


@pytest.mark.parametrize("dot", ["·", "•", "‧", "・", "∙", "．", ".", " · ", "••"])
def test_br_011_every_dot_variant_is_stored_as_one(dot: str) -> None:
    assert clean(f"阿依古丽{dot}买买提") == "阿依古丽·买买提"


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("王芳", "王芳"),
        ("王　芳", "王芳"),
        (" 王 小 明\u00a0", "王小明"),
        ("王 𬭎", "王𬭎"),
        ("Ｍüller　 Anna", "Müller Anna"),
        ("Mu\u0308ller Anna", "Müller Anna"),
        ("O'Neil", "O'Neil"),
        ("J. Smith", "J. Smith"),
        ("'王芳", "王芳"),
        ("葛\ufe00明", "葛明"),
        ("⾼明", "高明"),
        ("·王芳·", "王芳"),
        ("", ""),
    ],
)
def test_br_011_a_name_has_one_stored_form(raw: str, stored: str) -> None:
    assert clean(raw) == stored


@given(st.one_of(st.text(max_size=12), NAMES))
def test_br_011_cleaning_twice_changes_nothing(raw: str) -> None:
    once = clean(raw)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王芳", "王*"),
        ("李小明", "李*明"),
        ("欧阳修", "欧阳*"),
        ("诸葛孔明", "诸葛*明"),
        ("阿依古丽·买买提", "阿***"),
        ("阿依古丽•买买提", "阿***"),
        ("Müller Anna", "M***"),
        ("O’Neil", "O***"),
        ("洛", "*"),
        ("欧阳", "欧*"),
        ("王小明明", "王**明"),
        ("欧阳小明明", "欧**明"),
        ("王𬭎", "王*"),
        ("𣗋小明", "𣗋*明"),
        ("", ""),
    ],
)
def test_br_052_masks(name: str, masked: str) -> None:
    assert mask(name) == masked


def test_br_052_code_only_keeps_nothing_of_the_name() -> None:
    assert mask("王芳", code_only=True) == "***"


@given(HAN)
def test_br_052_a_mask_always_hides_something(name: str) -> None:
    masked = mask(name)
    assert not name or "*" in masked
    assert set(masked) <= {*name, "*"}


def test_br_053_equal_masks_of_one_list_get_a_serial() -> None:
    assert mask_list(["王芳", "李小明", "王伟"]) == ["王*(1)", "李*明", "王*(2)"]


@given(st.lists(HAN, max_size=20))
def test_br_053_no_two_lines_read_the_same(listed: list[str]) -> None:
    masked = mask_list(listed)
    assert len(set(masked)) == len(masked)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("王芳", ("王", "芳")),
        ("欧阳修", ("欧阳", "修")),
        ("尉迟敬德", ("尉迟", "敬德")),
        ("欧阳", ("欧", "阳")),
        ("单于明", ("单于", "明")),
        ("阿依古丽·买买提", ("阿依古丽", "买买提")),
        ("Müller Anna", ("Müller", "Anna")),
        ("洛", ("洛", "")),
        ("", ("", "")),
    ],
)
def test_the_surname_ends_where_it_should(name: str, parts: tuple[str, str]) -> None:
    assert split_surname(name) == parts


def test_rare_characters_are_han_too() -> None:
    assert all(map(is_han, "王𬭎𣗋㛃䶮龘〇"))
    assert not any(map(is_han, "A·*ü "))
