"""Writing: whole or not at all, private, safe for spreadsheets, and readable again."""

from __future__ import annotations

import os
import resource
import stat
import zipfile
from pathlib import Path

import pytest

from rcaid.domain.errors import Unusable
from rcaid.files import writing
from rcaid.files.headers import REASONS
from rcaid.files.tables import open_table
from rcaid.files.writing import replacing, write_csv, write_rejects, write_xlsx

HEADER = ("姓名", "金额")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_br_096_a_csv_has_a_mark_private_mode_and_no_live_formula(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    rows = [('=HYPERLINK("http://x")', "1"), ("＝1", "-2"), ("@x", "+3"), (None, 4)]
    assert write_csv(path, HEADER, rows) == 4
    assert _mode(path) == 0o600
    assert (
        path.read_bytes()
        == (
            '\ufeff姓名,金额\r\n"\'=HYPERLINK(""http://x"")",1\r\n\'＝1,\'-2\r\n\'@x,\'+3\r\n,4\r\n'
        ).encode()
    )
    with open_table(path) as table:
        assert [cells for _, cells in table.rows] == [
            ['=HYPERLINK("http://x")', "1"], ["＝1", "-2"], ["@x", "+3"], ["", "4"],
        ]  # fmt: skip


def test_br_096_a_workbook_is_private_and_holds_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert write_xlsx(path, HEADER, [("=1+1", "http://x.y"), ("'x", None)], sheet="名册") == 2
    assert _mode(path) == 0o600
    with zipfile.ZipFile(path) as archive:
        page = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in page
        assert b"hyperlink" not in page
    with open_table(path) as table:
        assert table.sheet == "名册"
        assert [cells for _, cells in table.rows] == [["=1+1", "http://x.y"], ["'x", ""]]


def test_equal_rows_make_equal_workbooks(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(tmp_path / name, HEADER, [("张三", 100)], title="册", money={"金额"})
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_money_columns_are_numbers_in_yuan(tmp_path: Path) -> None:
    path = tmp_path / "money.xlsx"
    write_xlsx(path, HEADER, [("张三", 123456), ("李四", 10), ("王五", "")], money={"金额"})
    with open_table(path) as table:
        assert [cells[1] for _, cells in table.rows] == ["1234.56", "0.1", ""]


def test_a_title_over_a_single_column_is_written(tmp_path: Path) -> None:
    path = tmp_path / "one.xlsx"
    write_xlsx(path, ("姓名",), [("张三",)], title="名册")
    with zipfile.ZipFile(path) as archive:
        assert "名册".encode() in archive.read("xl/worksheets/sheet1.xml")


def test_what_a_sheet_cannot_hold_is_refused_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "big.xlsx"
    with pytest.raises(Unusable, match=r"sheet\.cell_long"):
        write_xlsx(path, HEADER, [("x" * 32_768, "")])
    monkeypatch.setattr(writing, "MOST_SHEET_ROWS", 3)
    with pytest.raises(Unusable, match=r"sheet\.too_many_rows"):
        write_xlsx(path, HEADER, [("x", "y")] * 3)
    assert list(tmp_path.iterdir()) == []


def test_a_character_outside_the_encoding_is_refused_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    with pytest.raises(Unusable) as raised:
        write_csv(path, ("a",), [("x",), ("张",)], encoding="latin-1")
    (problem,) = raised.value.problems
    assert (problem.code, problem.row) == ("file.not_encodable", 2)
    assert list(tmp_path.iterdir()) == []


def test_what_stood_there_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "kept.csv"
    path.write_text("kept")
    with pytest.raises(ZeroDivisionError), replacing(path) as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert path.read_text() == "kept"
    assert os.listdir(tmp_path) == ["kept.csv"]


def test_a_full_disk_ends_in_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        for write in (write_csv, write_xlsx):
            with pytest.raises(Unusable, match=r"file\.unwritable"):
                write(path, HEADER, ((f"{n * n}", f"{n}") for n in range(30_000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_ends_in_one_sentence(tmp_path: Path) -> None:
    for write in (write_csv, write_xlsx):
        with pytest.raises(Unusable) as raised:
            write(tmp_path / "absent" / "x", HEADER, [])
        assert [problem.code for problem in raised.value.problems] == ["file.unwritable"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-8"])
def test_rejects_go_out_as_they_came_in_and_can_come_in_again(
    tmp_path: Path, encoding: str
) -> None:
    source = tmp_path / "in.txt"
    source.write_bytes("姓名;证件号码\r\n张三;3.1E+17\r\n=李;x;y\r\n".encode(encoding))
    with open_table(source) as table:
        rows = [(cells, f"第{row}行") for row, cells in table.rows]
        path = write_rejects(tmp_path / "rejects.csv", table, rows, reason="原因")
    assert path == tmp_path / "rejects.txt"
    with open_table(path) as again:
        assert again.delimiter == ";"
        assert again.encoding == ("utf-8-sig" if encoding == "utf-8" else encoding)
        assert again.header == ("姓名", "证件号码", "原因")
        second = list(again.rows)
        assert second == [(2, ["张三", "3.1E+17", "第2行"]), (3, ["=李", "x", "第3行", "y"])]
        rows = [(cells, "又") for _, cells in second]
        third = write_rejects(tmp_path / "third.csv", again, rows, reason="原因")
    with open_table(third) as last:
        assert last.header == ("姓名", "证件号码", "原因")
        assert [cells[2] for _, cells in last.rows] == ["又", "又"]


def test_rejects_of_a_workbook_are_a_workbook(tmp_path: Path) -> None:
    source = tmp_path / "in.xlsx"
    write_xlsx(source, HEADER, [("张三", "1")], sheet="四月", title="册")
    with open_table(source) as table:
        rows = [(cells, "why") for _, cells in table.rows]
        path = write_rejects(tmp_path / "rejects.out", table, rows)
    with open_table(path) as again:
        assert (path.suffix, again.sheet, again.header) == (".xlsx", "四月", (*HEADER, REASONS[0]))
        assert [cells for _, cells in again.rows] == [["张三", "1", "why"]]
