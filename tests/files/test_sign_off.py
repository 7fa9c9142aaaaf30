"""Sheets to sign: what stands on them, and that hostile text only ever shows."""

from __future__ import annotations

import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from rcaid.domain.errors import Unusable
from rcaid.domain.sentences import SENTENCES
from rcaid.files.sheets_print import SignLine, SignSheet, sheet_html, sheet_pdf

LINES = (
    SignLine("22A-JD-00001-1K", "王*", "1234", "守“沪”家庭箱 1箱"),
    SignLine("22A-JD-00002-1K", "赵*敏", "567X", "守“沪”家庭箱 1箱"),
)
SHEET = SignSheet(
    "红会", "嘉定区", "千万人帮万家 2022 spring", "22A-1-JD-K01", "江桥街道", "2022-02-01",
    "周一", "吴二", "共 2 人", LINES,
)  # fmt: skip
HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</td></tr></table>", "&lt;",
    "\u202egpj.exe", "a\x00b\x1b[31m", "#eval(\"1\")", "$ x $ #set page(width: 1pt)", "张\ufeff三",
)  # fmt: skip


class _Read(HTMLParser):
    """Collects tags and the cells of the rows."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.cells: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._inside = tag == "td"
        if self._inside:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.cells[-1] += data


def read(sheet: SignSheet) -> _Read:
    """The page of a sheet, read as a browser would."""
    parser = _Read()
    parser.feed(sheet_html(sheet).decode())
    return parser


def test_r_08_a_sheet_has_a_row_for_everybody_with_space_to_sign() -> None:
    cells = read(SHEET).cells
    assert cells[:8] == ["1", "22A-JD-00001-1K", "王*", "1234", "守“沪”家庭箱 1箱", "", "", ""]
    assert len(cells) == 16
    page = sheet_html(SHEET).decode()
    for text in ("红会", "嘉定区", "22A-1-JD-K01", "江桥街道", "2022-02-01", "周一", "吴二"):
        assert text in page
    assert "counter(page)" in page
    assert "size: A4" in page


def test_what_is_not_known_yet_is_written_in_by_hand() -> None:
    page = sheet_html(replace(SHEET, staff_one="", staff_two="", place="", day="")).decode()
    assert page.count("＿" * 8) >= 3


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_shows_and_does_nothing(text: str) -> None:
    line = SignLine(text, text, text, text)
    sheet = SignSheet(*[text] * 9, (line,))
    parsed, plain = read(sheet), read(replace(SHEET, lines=LINES[:1]))
    assert parsed.tags == plain.tags
    page = sheet_html(sheet).decode()
    assert not any(character in page for character in "\x00\x1b\u202e\ufeff")


def test_without_typst_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(Unusable, match=r"sheet\.no_typst"):
        sheet_pdf(SHEET)
    assert "sheet.no_typst" in SENTENCES


def test_a_pdf_takes_hostile_text_as_data() -> None:
    pytest.importorskip("typst", reason="the extra for PDF is not installed")
    sheet = SignSheet(*[HOSTILE[6]] * 9, tuple(SignLine(t, t, t, t) for t in HOSTILE))
    assert sheet_pdf(sheet).startswith(b"%PDF-")
