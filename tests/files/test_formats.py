"""Workbooks of every make, label rows, and what stands around the data."""

from __future__ import annotations

from pathlib import Path

import pytest

from rcaid.domain.errors import Unusable
from rcaid.files.headers import Field
from rcaid.files.tables import open_table
from tests.files import biff, seeds

FIELDS = (
    Field("name", ("姓名", "name"), required=True),
    Field("number", ("证件号码", "id number")),
    Field("amount", ("金额", "amount")),
)
ROWS = [(2, ["张三", "31019919900101001X", "1000"]), (3, ["李四", "", "178.5"])]


def test_xls_and_ods_are_really_read(tmp_path: Path) -> None:
    rows: list[list[biff.Cell]] = [
        ["姓名", "证件号码", "金额"],
        ["张三", "31019919900101001X", 1000],
        ["李四", None, 178.5],
    ]
    old = tmp_path / "a.xls"
    old.write_bytes(biff.workbook({"名单": rows, "空": []}))
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    new = tmp_path / "a.ods"
    new.write_bytes(seeds.ods("".join(seeds.ods_row(*row) for row in texts)))
    for path in (old, new):
        with open_table(path, fields=FIELDS) as table:
            assert (table.kind, table.sheet) == (path.suffix[1:], "名单")
            assert table.warnings == []
            assert list(table.rows) == ROWS


def test_an_ods_of_several_sheets_names_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    other = f'<table:table table:name="六月">{seeds.ods_row("姓名", "b")}</table:table>'
    path.write_bytes(seeds.ods(seeds.ods_row("姓名", "a"), sheets=other))
    with open_table(path) as table:
        assert (table.sheet, table.header) == ("名单", ("姓名", "a"))
        assert [(w.code, w.params["others"]) for w in table.warnings] == [("sheet.others", "六月")]
    with open_table(path, sheet="六月") as table:
        assert (table.header, table.warnings) == (("姓名", "b"), [])


def test_an_identity_number_that_an_old_sheet_keeps_as_a_number_is_shown_as_damage(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(biff.workbook({"a": [["姓名", "证件号码"], ["张三", 310199199001010018]]}))
    with open_table(path) as table:
        assert list(table.rows) == [(2, ["张三", "3.10199E+17"])]


@pytest.mark.parametrize(
    ("labels", "known"),
    [
        ("name,id number,amount", True),
        ("name,证件,amount", True),
        ("姓名,证件号码,金额", False),
        ("full_name,idNumber,paid", False),
    ],
)
def test_a_row_that_says_the_headings_once_more_is_set_aside_and_told_of(
    tmp_path: Path, labels: str, known: bool
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"姓名,证件号码,金额\n{labels}\n张三,1,2\n", "utf-8")
    with open_table(path, fields=FIELDS if known else ()) as table:
        assert list(table.rows) == [(3, ["张三", "1", "2"])]
        assert table.labels == [(2, labels.split(","))]
        (warning,) = table.warnings
        assert (warning.code, warning.row, warning.warning) == ("header.labels", 2, True)


@pytest.mark.parametrize("row", ["Ann,F,UK", "张三,,", "li_si,,", "a_b,1,2", "name,1,2"])
def test_a_person_is_no_label_row(tmp_path: Path, row: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"姓名,证件号码,金额\n{row}\n", "utf-8")
    with open_table(path, fields=FIELDS) as table:
        assert list(table.rows) == [(2, row.split(","))]
        assert (table.labels, table.warnings) == ([], [])


def test_the_header_of_every_printed_page_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名,证件号码,金额\n张三,1,2\n姓名,证件号码,金额\n李四,3,4\n", "utf-8")
    with open_table(path) as table:
        assert [row for row, _ in table.rows] == [2, 4]
        assert table.labels == [(3, ["姓名", "证件号码", "金额"])]


def test_a_row_without_an_end_is_given_up_and_the_rows_before_it_stand(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 64 + b'"\n",' * (9 << 20))
    with open_table(path) as table:
        assert [next(table.rows)[0] for _ in range(64)] == list(range(2, 66))
        with pytest.raises(Unusable) as raised:
            next(table.rows)
    (problem,) = raised.value.problems
    assert (problem.code, problem.row) == ("file.row_long", 66)
