"""What may stand on a public list, and what never does."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcaid.domain.names import mask
from rcaid.domain.public_lines import (
    COLUMNS,
    HEADINGS,
    PublicLine,
    PublicNotice,
    as_csv,
    as_html,
    line_of,
    restored,
    stored,
    told_apart,
    written,
)

CODE, PLACE = "22F-JD-00001", "嘉定区·新成路街道"


def line(name: str = "王小明", *, code_only: bool = False, fen: int | None = 300_000) -> PublicLine:
    return line_of(name, CODE, code_only=code_only, place=PLACE, category="住房受损", fen=fen)


def notice(*lines: PublicLine, **changes: str) -> PublicNotice:
    facts = {
        "society": "红会",
        "title": "火灾家庭救助拟救助名单公示（2022 年）",
        "number": "22F-N-001",
    }
    facts |= {"starts_on": "2022-02-01", "ends_on": "2022-02-09", "unit": "workdays"}
    facts |= {"phone": "021-59990000"} | changes
    return PublicNotice(days=3, lines=lines, fen=300_000 * len(lines), **facts)  # type: ignore[arg-type]


def test_br_051_a_line_says_masked_name_place_category_and_help_alone() -> None:
    assert line().cells(1) == ("1", "王*明", PLACE, "住房受损", "现金", "3,000.00 元")


def test_br_051_a_line_has_no_room_for_anything_else() -> None:
    assert set(PublicLine.__dataclass_fields__) == {
        "name", "place", "category", "kind", "help", "serial",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王伟", "王*"),
        ("王小明", "王*明"),
        ("欧阳锋", "欧阳*"),
        ("诸葛孔明", "诸葛*明"),
        ("阿依古丽·买买提", "阿***"),
        ("Anna Müller", "A***"),
        ("龘", "*"),
    ],
)
def test_br_052_names_are_masked_in_their_own_way(name: str, masked: str) -> None:
    assert line(name).name == masked


def test_br_052_a_code_stands_for_the_name() -> None:
    hidden = line("王小明", code_only=True)
    assert hidden.name == CODE
    assert not set("王小明") & set("".join(hidden.cells(1)))


def test_who_has_no_name_any_more_has_a_code() -> None:
    assert line("").name == CODE


@given(st.lists(st.sampled_from(["王小明", "王大明", "王明", "李明", "李雷明"]), max_size=12))
def test_br_053_no_two_lines_read_the_same_and_nothing_but_a_serial_is_added(
    names: list[str],
) -> None:
    found = told_apart(line(name) for name in names)
    read = [each.cells(0) for each in found]
    assert len(set(read)) == len(read)
    for name, each in zip(names, found, strict=True):
        shown = each.cells(0)[1]
        assert shown in (mask(name), f"{mask(name)}({each.serial})")
    assert told_apart(found) == found


def test_br_053_who_is_told_apart_by_place_or_amount_gets_no_serial() -> None:
    found = told_apart([line("王小明"), line("王大明", fen=400_000)])
    assert [each.serial for each in found] == [0, 0]


def test_help_is_money_goods_or_both() -> None:
    both = line_of(
        "王伟", CODE, code_only=False, place=PLACE, category="x", fen=100, goods="家庭箱", qty=2
    )
    assert (both.kind, both.help) == ("现金和物资", "1.00 元 + 家庭箱 2")
    things = line_of("王伟", CODE, code_only=False, place=PLACE, category="x", goods="箱", qty=1)
    assert (things.kind, things.help) == ("物资", "箱 1")


def test_a_line_is_kept_and_read_again() -> None:
    for each in told_apart([line(), line()]):
        assert restored(stored(each)) == each


def test_the_text_says_number_period_list_and_telephone() -> None:
    text = written(notice(line(), line("李雷", fen=1_234_500)))
    assert text == (
        "红会\n"
        "火灾家庭救助拟救助名单公示（2022 年）\n"
        "\n"
        "公示编号：22F-N-001\n"
        "公示期：2022-02-01 至 2022-02-09（3 个工作日）\n"
        "\n"
        "序号  姓名或编号  区·街道            类别      方式    金额或物资\n"
        "   1  王*明       嘉定区·新成路街道  住房受损  现金   3,000.00 元\n"
        "   2  李*         嘉定区·新成路街道  住房受损  现金  12,345.00 元\n"
        "\n"
        "以上共 2 件，现金 6,000.00 元。\n"
        "对以上名单有异议的，请在公示期内致电 021-59990000。\n"
        "为保护个人信息，姓名已作隐去处理或以编号代替。\n"
    )


def test_a_correction_names_what_it_corrects_and_why() -> None:
    text = written(notice(line(), corrects="22F-N-001", why="金额有误"))
    assert "本公示更正 22F-N-001 号公示。原因：金额有误" in text


def test_the_table_has_a_line_for_each_case_with_the_period() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(notice(line(), line("李雷"))))))
    assert tuple(rows[0]) == COLUMNS
    assert rows[1] == [
        "22F-N-001", "1", "王*明", PLACE, "住房受损", "现金", "3,000.00 元", "2022-02-01",
        "2022-02-09", "021-59990000",
    ]  # fmt: skip


def test_br_096_no_cell_of_the_table_is_a_formula() -> None:
    nasty = line_of("=cmd", CODE, code_only=False, place="=1+1", category="@x", fen=100)
    rows = list(csv.reader(io.StringIO(as_csv(notice(nasty)))))
    assert rows[1][2:5] == ["'=***", "'=1+1", "'@x"]


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self._cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))
        if tag == "tr":
            self.rows.append([])
        self._cell = tag in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.rows[-1].append(data)
            self._cell = False


def test_the_page_says_the_same_loads_nothing_and_lets_no_markup_through() -> None:
    nasty = line_of("<b>", CODE, code_only=False, place="<script>x</script>", category="&", fen=100)
    page = as_html(notice(line(), nasty, phone="<i>1"))
    parsed = _Cells()
    parsed.feed(page)
    assert parsed.rows[0] == list(HEADINGS)
    assert parsed.rows[1] == list(line().cells(1))
    assert parsed.rows[2][2:4] == ["<script>x</script>", "&"]
    assert {tag for tag, _ in parsed.tags} == {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "thead",
        "tbody", "tr", "th", "td",
    }  # fmt: skip
    assert not any(name in ("src", "href") for _, attrs in parsed.tags for name, _ in attrs)
