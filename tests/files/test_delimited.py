"""Delimited text: encodings, delimiters, line ends, refusals, and tables that come back equal."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcaid.domain.errors import Unusable
from rcaid.domain.text import spreadsheet_safe
from rcaid.files import delimited
from rcaid.files.tables import open_table
from rcaid.files.writing import write_csv

TEXT = "姓名,证件号码,地址\r\n张三,31019919900101001X,江桥镇\r\n王𬭎,,真新街道\r\n"
ROWS = [
    (2, ["张三", "31019919900101001X", "江桥镇"]),
    (3, ["王𬭎", "", "真新街道"]),
]


def _codes(raised: pytest.ExceptionInfo[Unusable]) -> list[str]:
    return [problem.code for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("gb18030", "gb18030"),
    ],
)
def test_br_092_encoding_is_found_without_being_named(
    tmp_path: Path, written: str, found: str
) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(TEXT.encode(written))
    with open_table(path) as table:
        assert table.encoding == found
        assert table.header == ("姓名", "证件号码", "地址")
        assert list(table.rows) == ROWS


def test_a_named_encoding_overrides_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big5.csv"
    path.write_bytes("姓名,地址\n張三,臺北\n".encode("big5"))
    with open_table(path, encoding="Big5") as table:
        assert list(table.rows) == [(2, ["張三", "臺北"])]
    for name in ("utf-7", "hex", "nonsense", "\0"):
        with pytest.raises(Unusable) as raised:
            open_table(path, encoding=name)
        assert _codes(raised) == ["file.encoding_unknown"]


def test_a_mark_is_not_left_in_the_first_heading_when_the_encoding_is_named(
    tmp_path: Path,
) -> None:
    path = tmp_path / "marked.csv"
    for written, named in (("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le")):
        path.write_bytes(TEXT.encode(written))
        with open_table(path, encoding=named) as table:
            assert table.header[0] == "姓名"


def test_bytes_that_fit_no_encoding_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes(b"name,place\na,b\nRen\xe9,x\n")
    with pytest.raises(Unusable) as raised:
        open_table(path)
    (problem,) = raised.value.problems
    assert (problem.code, problem.params["line"]) == ("file.encoding", 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_nul_is_refused_with_its_line(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "nul.csv"
    path.write_bytes("姓名,地址\n张三,x\n李\0四,y\n".encode(encoding))
    with pytest.raises(Unusable) as raised:
        open_table(path)
    (problem,) = raised.value.problems
    assert (problem.code, problem.row) == ("file.nul", 3)


def test_a_lone_surrogate_in_utf_16_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lone.csv"
    path.write_bytes(b"\xff\xfe" + "a,b\n1,".encode("utf-16-le") + b"\x00\xd8" + b"\n\x00")
    with pytest.raises(Unusable) as raised:
        open_table(path)
    assert _codes(raised) == ["file.encoding"]


def test_a_bad_byte_far_down_a_utf_8_file_is_found_before_any_row_is_given(
    tmp_path: Path,
) -> None:
    path = tmp_path / "far.csv"
    line = "张三,江桥镇\n".encode()
    path.write_bytes("姓名,地址\n".encode() + line * 120_000 + b"\xe5,x\n")
    with pytest.raises(Unusable) as raised:
        open_table(path)
    assert raised.value.problems[0].row == 120_002


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_end_are_found(tmp_path: Path, delimiter: str, end: str) -> None:
    path = tmp_path / "table.txt"
    lines = [["姓名", "金额", "地址"], ["张三", "1000.00", "a b"], ["李四", "500.00", "c"]]
    path.write_text(end.join(delimiter.join(line) for line in lines), "utf-8", newline="")
    with open_table(path) as table:
        assert table.delimiter == delimiter
        assert [cells for _, cells in table.rows] == lines[1:]


def test_a_named_delimiter_overrides_what_the_cells_tell(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名~地址\n王,伟~江桥,镇\n", "utf-8")
    with open_table(path, delimiter="~") as table:
        assert table.delimiter == "~"
        assert list(table.rows) == [(2, ["王,伟", "江桥,镇"])]


@pytest.mark.parametrize("wrong", ["", "ab", '"', "\n"])
def test_what_cannot_be_a_delimiter_is_refused(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名,地址\n", "utf-8")
    with pytest.raises(Unusable) as raised:
        open_table(path, delimiter=wrong)
    assert _codes(raised) == ["file.delimiter"]


def test_decimal_commas_do_not_hide_the_semicolon() -> None:
    assert delimited.sniff("a;b;c\n1,7;2,5;3\n4,0;5,1;6\n") == ";"


def test_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("姓名\n张三\n李四\n", "utf-8")
    with open_table(path) as table:
        assert [cells for _, cells in table.rows] == [["张三"], ["李四"]]


def test_a_row_number_counts_records_as_a_spreadsheet_does(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text('name,note\nA,"two\nlines"\n\nB,x\n', "utf-8")
    with open_table(path) as table:
        assert list(table.rows) == [(2, ["A", "two\nlines"]), (4, ["B", "x"])]


@pytest.mark.parametrize("broken", ['A,"never closed\nB,x\nC,y\n', 'A,"clo"sed\nB,x\n'])
def test_a_stray_quotation_mark_is_refused_with_its_row(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "quote.csv"
    path.write_text("name,note\n" + "Z,z\n" * 30 + broken, "utf-8")
    with open_table(path) as table, pytest.raises(Unusable) as raised:
        list(table.rows)
    (problem,) = raised.value.problems
    assert (problem.code, problem.row) == ("file.quote", 32)


def test_an_endless_cell_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("name,note\nA," + "x" * 200_000 + "\n", "utf-8")
    with pytest.raises(Unusable) as raised:
        open_table(path)
    assert _codes(raised) == ["file.cell_long"]


def test_a_file_changed_under_the_reader_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "changing.csv"
    path.write_text("name,note\n" + "A,x\n" * 50_000, "utf-8")
    with open_table(path) as table:
        with open(path, "r+b") as file:
            file.seek(150_000)
            file.write(b"\xff\xff\xff")
        with pytest.raises(Unusable) as raised:
            list(table.rows)
    assert _codes(raised) == ["file.changed"]


CELLS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
) | st.sampled_from(['"', "a\r\nb", "=1+1", "＝A1", "-5", "'=x", "a,b;c|d\te", " 王 "])


@st.composite
def _tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(1, 6))
    row = st.lists(CELLS, min_size=width, max_size=width)
    return draw(st.lists(row, min_size=1, max_size=6))


@given(_tables(), st.sampled_from(delimited.DELIMITERS), st.sampled_from(["utf-8-sig", "gb18030"]))
def test_what_is_written_is_read_again(
    rows: list[list[str]], delimiter: str, encoding: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        write_csv(path, rows[0], rows[1:], encoding=encoding, delimiter=delimiter)
        with open(path, "rb") as file:
            read = [cells for _, cells in delimited.read(file, "t.csv", encoding, delimiter)]
    assert read == [[spreadsheet_safe(cell) for cell in row] for row in rows]


@given(CELLS)
def test_the_formula_guard_is_taken_off_again(cell: str) -> None:
    assert delimited.unguard([spreadsheet_safe(cell)]) == [cell] or cell.startswith("'")


@given(st.binary(max_size=300))
def test_any_bytes_end_in_rows_or_in_one_sentence(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.csv"
        path.write_bytes(data)
        try:
            with open_table(path) as table:
                for _, cells in table.rows:
                    assert len(cells) >= len(table.header)
        except Unusable as error:
            assert error.problems


def test_reading_adds_no_python_work_to_a_clean_file(tmp_path: Path) -> None:
    path = tmp_path / "clean.csv"
    path.write_text(TEXT, "utf-8", newline="")
    with open(path, "rb") as file:
        rows = delimited.read(file, "clean.csv", "utf-8", ",")
        plain = list(csv.reader(io.StringIO(TEXT, newline="")))
        assert [cells for _, cells in rows] == plain
