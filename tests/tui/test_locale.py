"""The Chinese catalogue: complete, in step, and with the same places to fill in."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from rcaid import locale
from rcaid.locale import _, in_language
from tools import make_locale

_SCREENS = ("rcaid/screens/",)


def test_every_marked_text_of_the_screens_has_its_chinese() -> None:
    catalogue = make_locale.merged()
    missing = [
        text
        for text in make_locale.untranslated(catalogue)
        if any(place.startswith(_SCREENS) for place, _line in make_locale.wanted()[text])
    ]
    assert missing == []


def test_every_text_of_the_commands_and_every_sentence_has_its_chinese() -> None:
    assert make_locale.untranslated(make_locale.merged()) == []


def test_both_files_are_what_the_source_gives() -> None:
    catalogue = make_locale.merged()
    assert make_locale.PO.read_bytes() == make_locale.as_po(catalogue)
    assert make_locale.MO.read_bytes() == make_locale.as_mo(catalogue)


def fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}


def test_a_translation_fills_in_the_same_places_and_no_others() -> None:
    for message in make_locale.merged():
        if message.id and message.string:
            assert fields(str(message.string)) == fields(str(message.id)), message.id


def test_chinese_texts_use_no_english_punctuation_between_han() -> None:
    for message in make_locale.merged():
        assert not re.search(r"[\u4e00-\u9fff][,;!?]", str(message.string)), message.id


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"RCAID_LANG": "zh_CN", "LC_ALL": "C"}, "zh_CN"),
        ({"LC_ALL": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_TW.UTF-8"}, "zh_CN"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    for name in ("RCAID_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    locale._state.clear()
    assert locale.language() == language


def test_text_is_english_until_another_language_is_set() -> None:
    assert _("Today") == "Today"
    assert in_language("zh_CN", "Today") == "今日"
    locale.set_language("zh_CN")
    assert _("Today") == "今日"
    assert _("") == ""
    with pytest.raises(ValueError):
        locale.set_language("fr")
