"""Tables: headers found by content, totals, titles, refusals of the file itself."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
import xlsxwriter

from rcaid.domain.errors import Problem, Unusable
from rcaid.domain.sentences import SENTENCES
from rcaid.files.headers import Field
from rcaid.files.tables import Table, is_total, open_table, too_long
from rcaid.files.writing import write_xlsx

FIELDS = (
    Field("name", ("姓名", "name"), required=True),
    Field("number", ("证件号码", "身份证号")),
    Field("amount", ("金额",)),
)
DATA = Path(__file__).parents[2].parent / "shared/data"


def _csv(tmp_path: Path, text: str, name: str = "roster.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8", newline="")
    return path


def _refused(path: Path, **options: str) -> tuple[Problem, ...]:
    with pytest.raises(Unusable) as raised, open_table(path, **options) as table:  # type: ignore[arg-type]
        list(table.rows)
    assert all(problem.code in SENTENCES for problem in raised.value.problems)
    return raised.value.problems


def _cells(table: Table) -> list[list[str]]:
    return [cells for _, cells in table.rows]


def test_br_092_merged_titles_above_and_totals_below_are_not_data(tmp_path: Path) -> None:
    path = tmp_path / "嘉定.xlsx"
    rows = [("1", "张三", "31019919900101001X", 100000), ("2", "李四", "", 50000)]
    titles = ["2022年“千万人帮万家”名册", "单位：嘉定区红十字会"]
    total = ("合 计", "", "2人", 150000)
    header = ("序号", "姓名", "证件号码", "金额（元）")
    write_xlsx(path, header, [*rows, total], title=titles, money={"金额（元）"})
    with open_table(path, fields=FIELDS) as table:
        assert (table.kind, table.header_row, table.header) == ("xlsx", 3, header)
        assert table.warnings == []
        assert list(table.rows) == [
            (4, ["1", "张三", "31019919900101001X", "1000"]),
            (5, ["2", "李四", "", "500"]),
        ]
        assert table.totals == [(6, ["合 计", "", "2人", "1500"])]


def test_a_header_is_found_below_a_title_that_fills_several_cells(tmp_path: Path) -> None:
    text = "单位,嘉定区,日期,2022-04-01,制表,王\n\n姓名,身份证号,金额\n张三,1,2\n"
    with open_table(_csv(tmp_path, text), fields=FIELDS) as table:
        assert (table.header_row, table.header) == (3, ("姓名", "身份证号", "金额"))
        assert list(table.rows) == [(4, ["张三", "1", "2"])]


def test_a_header_nobody_knows_is_found_by_its_shape(tmp_path: Path) -> None:
    text = "Report,,\n,,\na,b,c\n1,2,3\n"
    with open_table(_csv(tmp_path, text)) as table:
        assert (table.header_row, table.header) == (3, ("a", "b", "c"))


@pytest.mark.parametrize("where", [0, 1])
@pytest.mark.parametrize(
    "word", ["合计", "总计：", "小 计", "總計", "江桥镇小计", "合计（3人）", "Total", "Sub-total:"]
)
def test_totals_in_the_first_or_the_name_column_are_set_aside(
    tmp_path: Path, where: int, word: str
) -> None:
    total = ["", "", "3"]
    total[where] = word
    text = "街镇,姓名,金额\n江桥镇,张三,3\n" + ",".join(total) + "\n江桥镇,李四,4\n"
    with open_table(_csv(tmp_path, text)) as table:
        assert [row for row, _ in table.rows] == [2, 4]
        assert table.totals == [(3, total)]


@pytest.mark.parametrize("name", ["会计", "总小计划", "Bill", "Tom Totall", "张三", "计", ""])
def test_names_are_no_totals(name: str) -> None:
    assert not is_total(name)


def test_empty_rows_are_skipped_and_short_rows_padded(tmp_path: Path) -> None:
    text = "姓名,证件号码,金额\n\n ,\u3000,\n张三\n,,5\n"
    with open_table(_csv(tmp_path, text)) as table:
        assert list(table.rows) == [(4, ["张三", "", ""]), (5, ["", "", "5"])]


def test_a_row_of_any_kind_of_blanks_is_empty(tmp_path: Path) -> None:
    blanks = [chr(point) for point in range(0x10000) if chr(point).isspace()]
    text = "姓名,地址\n" + "".join(
        f'"{blank}",{blank * 2}\n' for blank in blanks if blank not in "\r\n"
    )
    with open_table(_csv(tmp_path, text + "张三,x\n")) as table:
        assert [cells for _, cells in table.rows] == [["张三", "x"]]


def test_a_row_longer_than_the_header_keeps_its_surplus_for_the_judge(tmp_path: Path) -> None:
    text = "姓名,地址\n张三,江桥镇,12号\n李四,南翔镇,,\n"
    with open_table(_csv(tmp_path, text)) as table:
        (first, second) = list(table.rows)
        assert first == (2, ["张三", "江桥镇", "12号"])
        assert second == (3, ["李四", "南翔镇"])
        problem = too_long(table, *first)
        assert problem is not None
        assert (problem.code, problem.row, problem.column, problem.value) == (
            "row.long", 2, "C", "12号",
        )  # fmt: skip
        assert too_long(table, *second) is None


def test_repeated_headings_are_refused_with_both_positions(tmp_path: Path) -> None:
    (problem,) = _refused(_csv(tmp_path, "姓名,金额,地址,金 额\na,b,c,d\n"))
    assert problem.code == "header.repeated"
    assert (problem.params["first"], problem.params["second"], problem.row) == ("B", "D", 1)


def test_a_blank_heading_over_values_is_refused_and_over_nothing_is_not(tmp_path: Path) -> None:
    (problem,) = _refused(_csv(tmp_path, "姓名,,地址\n张三,x,y\n"))
    assert (problem.code, problem.column) == ("header.blank", "B")
    with open_table(_csv(tmp_path, "姓名,,地址,,\n张三,,y,,\n")) as table:
        assert table.header == ("姓名", "", "地址")


def test_br_092_merged_cells_among_the_data_are_told_of(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.merge_range("A1:C1", "名册")
    page.write_row(1, 0, ("街镇", "姓名", "金额"))
    page.merge_range("A3:A4", "江桥镇")
    page.write_row(2, 1, ("张三", "1"))
    page.write_row(3, 1, ("李四", "2"))
    book.close()
    with open_table(path) as table:
        (warning,) = table.warnings
        assert (warning.code, warning.params["area"], warning.warning) == (
            "sheet.merged", "A3:A4", True,
        )  # fmt: skip
        assert _cells(table) == [["江桥镇", "张三", "1"], ["", "李四", "2"]]


def test_content_decides_and_a_wrong_ending_is_told_of(tmp_path: Path) -> None:
    book = tmp_path / "really-a-workbook.csv"
    write_xlsx(book, ("姓名", "金额"), [("张三", "1")])
    with open_table(book) as table:
        assert table.kind == "xlsx"
        assert [w.code for w in table.warnings] == ["file.ending"]
        assert _cells(table) == [["张三", "1"]]
    with open_table(_csv(tmp_path, "姓名,金额\n张三,1\n", "really-text.xlsx")) as table:
        assert table.kind == "csv"
        assert [w.code for w in table.warnings] == ["file.ending"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b"\n\n , \n", "file.empty"),
        (b"\xef\xbb\xbf", "file.empty"),
        (b"%PDF-1.7 ...", "file.foreign"),
        (b"\x89PNG\r\n\x1a\n", "file.foreign"),
        (b"\x1f\x8b\x08", "file.foreign"),
        (b"\xef\xbb\xbf <HTML><table>", "file.web_page"),
        (b"<?xml version='1.0'?>", "file.web_page"),
        (b"PK\x03\x04", "sheet.broken"),
    ],
)
def test_a_file_that_is_no_table_ends_in_one_problem(
    tmp_path: Path, data: bytes, code: str
) -> None:
    path = tmp_path / "roster.xls"
    path.write_bytes(data)
    assert [problem.code for problem in _refused(path)] == [code]


def test_a_path_that_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("x")
    for name, code in {
        "absent.csv": "file.missing",
        ".": "file.not_regular",
        "pipe": "file.not_regular",
        "file/below": "file.missing",
        "a" * 300: "file.unreadable",
        "nul\0": "file.unreadable",
    }.items():
        assert [problem.code for problem in _refused(tmp_path / name)] == [code]


def test_br_091_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = _csv(tmp_path, "姓名,金额\n张三,1\n")
    with open_table(path) as table:
        assert table.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert (table.name, table.path) == ("roster.csv", path)


def _published() -> list[Path]:
    return sorted(path for path in DATA.rglob("*.csv") if path.is_file())


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the published test files are not at {DATA}")
def test_published_awkward_files_end_in_rows_or_in_a_sentence() -> None:
    refused = {}
    for path in _published():
        try:
            with open_table(path) as table:
                for _, cells in table.rows:
                    assert len(cells) >= len(table.header)
        except Unusable as error:
            refused[path.name] = error.problems[0].code
    assert refused == {
        "empty.csv": "file.empty",
        "null_byte.csv": "file.nul",
        "test_latin1.csv": "file.encoding",
        "test-registrations-demo.csv": "header.repeated",
    }


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the published test files are not at {DATA}")
def test_published_tables_are_read_as_their_makers_say() -> None:
    for path in sorted((DATA / "csv-spectrum/csvs").glob("*.csv")):
        wanted = json.loads((DATA / f"csv-spectrum/json/{path.stem}.json").read_text("utf-8"))
        with open_table(path) as table:
            found = [dict(zip(table.header, cells, strict=True)) for _, cells in table.rows]
        if isinstance(wanted, dict):
            # This one names another phone number than its table does.
            wanted = [wanted | {"Contact Phone Number": "2095257564"}]
        if path.stem.startswith("newlines"):
            found = [{k: v.replace("\r\n", "\n") for k, v in row.items()} for row in found]
            wanted = [{k: v.replace("\r\n", "\n") for k, v in row.items()} for row in wanted]
        assert found == wanted, path.name
