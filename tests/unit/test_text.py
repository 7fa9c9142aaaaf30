from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcaid.domain.text import is_plain, refusal, safe_text, spreadsheet_safe

ANY_TEXT = st.text(alphabet=st.characters(), max_size=120)  # lone surrogates among them


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("赵晓敏", "赵晓敏"),
        ("王𬭎 龘㛃䶮", "王𬭎 龘㛃䶮"),
        ("a\x1b]52;c;AA\x07b", "a␛]52;c;AA␇b"),
        ("a\x00b\x7fc", "a␀b␡c"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("abc\u202edcba", "abc⟨U+202E⟩dcba"),
        ("zero\u200bwidth\ufeff", "zero⟨U+200B⟩width⟨U+FEFF⟩"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("\ue000", "⟨U+E000⟩"),
        ("葛\ufe00", "葛⟨U+FE00⟩"),
        ("line\nbreak\ttab", "line␊break␉tab"),
        ("para\u2028graph", "para⟨U+2028⟩graph"),
        ("e\u0301", "é"),
        ("[/x] [@click=app.pay]", "[/x] [@click=app.pay]"),
        ("全　角", "全　角"),
        ("no\u00a0break", "no break"),
        ("\u3164filler", "⟨U+3164⟩filler"),
    ],
)
def test_outside_text_only_ever_shows(value: str, shown: str) -> None:
    assert safe_text(value) == shown


def test_marks_pile_up_at_most_four_high() -> None:
    assert safe_text("Z" + "\u0335" * 50) == "Z" + "\u0335" * 4


def test_long_text_is_cut_with_an_ellipsis() -> None:
    assert safe_text("汉" * 401) == "汉" * 399 + "…"
    assert safe_text("汉" * 400) == "汉" * 400
    assert safe_text("abc", limit=1) == "…"
    assert safe_text("abc", limit=0) == ""


@given(ANY_TEXT, st.integers(0, 60))
def test_nothing_that_leaves_the_door_can_act_on_a_terminal(value: str, limit: int) -> None:
    shown = safe_text(value, limit)
    assert len(shown) <= limit
    assert shown.replace("　", " ").isprintable() or all(
        unicodedata.category(c) in ("Cn", "Zs") or c.isprintable() for c in shown
    )
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for c in shown)
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("赵晓敏", None),
        ("王𬭎", None),
        ("王　明", None),
        ("Müller Anna", None),
        ("\U00031350", None),
        ("a\x1bb", "text.control"),
        ("a\x00", "text.control"),
        ("a\tb", "text.control"),
        ("a\x85b", "text.control"),
        ("a\u200db", "text.control"),
        ("a\ufffe", "text.control"),
        ("a\u202eb", "text.bidi"),
        ("a\u2067b", "text.bidi"),
        ("\udc00", "text.surrogate"),
        ("王\ue844", "text.private_use"),
        ("\U000f0000", "text.private_use"),
    ],
)
def test_what_may_not_enter_is_named(value: str, code: str | None) -> None:
    assert refusal(value) == code


@given(ANY_TEXT)
def test_a_plain_text_is_never_refused(value: str) -> None:
    if is_plain(value):
        assert refusal(value) is None


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "  ="])
def test_br_096_formula_starts_get_an_apostrophe(start: str) -> None:
    value = start + 'HYPERLINK("http://x")'
    assert spreadsheet_safe(value) == "'" + value


@pytest.mark.parametrize("value", ["", "王芳", "1=2", "a@b", "'=1"])
def test_br_096_other_text_stays_verbatim(value: str) -> None:
    assert spreadsheet_safe(value) == value
