"""A report as a page: it stands alone, escapes everything, and says its bars in words."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from rcaid.domain.errors import Unusable
from rcaid.files.report_html import Bar, Page, html_page, write_html

PAGE = Page(
    "zh-CN", "红会", "分单位月报 2022-10", (("截至", "2022-10-31"),), ("单位", "人次"),
    (False, True), (("嘉定区", "1,284"), ("浦东新区", "97")), "人次",
    (Bar("嘉定区", 1284, "1,284"), Bar("浦东新区", 97, "97")), ("1381人次",), "对外表述",
    ("人次：……（BR-060）",),
)  # fmt: skip
HOSTILE = '<script>alert("x")</script>&\x00\'"><img src=//evil.example>'
_ALONE = {"meta", "rect", "img", "br", "link"}


class Reader(HTMLParser):
    """Collects tags, attributes and texts, and whether every tag is closed in turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _ALONE:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_needs_nothing_from_elsewhere_and_closes_what_it_opens() -> None:
    text = html_page(PAGE)
    read = Reader(text)
    assert read.open == []
    names = {tag for tag, _ in read.tags}
    assert not names & {"script", "link", "img", "iframe", "object"}
    assert "http" not in text and "url(" not in text and "@import" not in text
    assert ("html", {"lang": "zh-CN"}) in read.tags and ("meta", {"charset": "utf-8"}) in read.tags


def test_figures_day_wording_and_rule_stand_on_it() -> None:
    said = "".join(Reader(html_page(PAGE)).texts)
    for text in ("红会", "2022-10-31", "1,284", "1381人次", "BR-060"):
        assert text in said
    assert "@media print" in html_page(PAGE)


def test_each_bar_has_its_value_in_words_and_its_share_in_length() -> None:
    tags = Reader(html_page(PAGE)).tags
    assert [attrs["aria-label"] for tag, attrs in tags if tag == "svg"] == [
        "嘉定区: 1,284", "浦东新区: 97",
    ]  # fmt: skip
    assert [attrs["width"] for tag, attrs in tags if tag == "rect"] == ["320", "24"]
    assert "<svg" not in html_page(replace(PAGE, bars=()))


def test_whatever_a_text_holds_it_only_ever_shows() -> None:
    page = Page(
        HOSTILE, HOSTILE, HOSTILE, ((HOSTILE, HOSTILE),), (HOSTILE,), (False,), ((HOSTILE,),),
        HOSTILE, (Bar(HOSTILE, 1, HOSTILE),), (HOSTILE,), HOSTILE, (HOSTILE,),
    )  # fmt: skip
    read = Reader(html_page(page))
    assert not {"script", "img"} & {tag for tag, _ in read.tags}
    assert read.open == []
    assert {key for tag, attrs in read.tags for key in attrs} <= {
        "lang", "charset", "name", "content", "class", "scope", "role", "aria-label", "width",
        "height",
    }  # fmt: skip


def test_the_same_figures_give_the_same_bytes_for_their_owner_alone(tmp_path: Path) -> None:
    one, two = tmp_path / "one.html", tmp_path / "two.html"
    write_html(one, PAGE)
    write_html(two, PAGE)
    assert one.read_bytes() == two.read_bytes() and one.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Unusable):
        write_html(tmp_path / "none" / "three.html", PAGE)
