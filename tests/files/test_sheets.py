"""Workbooks: what they say, and every way a bad one ends in one sentence."""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from rcaid.domain.errors import Unusable
from rcaid.domain.sentences import SENTENCES, sentence
from rcaid.files import sheets
from rcaid.files.sheets import cell_text, open_sheet
from rcaid.files.tables import open_table
from rcaid.files.writing import write_xlsx

HEADER = ("姓名", "证件号码", "金额")


def _workbook(path: Path) -> Path:
    write_xlsx(path, HEADER, [("张三", "31019919900101001X", "1000.00")] * 40)
    return path


def _refused(path: Path, sheet: str | None = None) -> str:
    """The one problem a file ends in, when it is read to its end."""
    with pytest.raises(Unusable) as raised, open_table(path, sheet=sheet) as table:
        list(table.rows)
    (problem,) = raised.value.problems
    assert problem.code in SENTENCES
    assert path.name in sentence(problem)
    return problem.code


def _zip(path: Path, parts: dict[str, bytes], extra: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        for number in range(extra):
            archive.writestr(f"xl/media/{number}", b"")
    return path


def _ods(path: Path, rows: str, manifest: str = "") -> Path:
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body>'
        '<office:spreadsheet><table:table table:name="名单">'
        f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    listed = f'<manifest:manifest xmlns:manifest="urn:oasis:x">{manifest}</manifest:manifest>'
    parts = {"mimetype": kind, "META-INF/manifest.xml": listed.encode()}
    return _zip(path, parts | {"content.xml": content.encode()})


def _compound(stream: str) -> bytes:
    """A compound file (the container of XLS and of encrypted XLSX) with one empty stream."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    fat = struct.pack("<128I", table, end, *[free] * 126)

    def entry(name: str, kind: int, child: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1)
        return (
            head + struct.pack("<III", free, free, child) + bytes(36) + struct.pack("<IQ", end, 0)
        )

    entries = entry("Root Entry", 5, 1) + entry(stream, 2, free)
    return header + fat + entries.ljust(512, b"\0")


def test_cells_come_out_as_a_spreadsheet_shows_them() -> None:
    shown = {
        1000.0: "1000",
        0.0: "0",
        -5.0: "-5",
        178.5: "178.5",
        0.1 + 0.2: "0.3",
        310199900101001.0: "310199900101001",
        True: "TRUE",
        dt.date(2022, 4, 1): "2022-04-01",
        dt.datetime(2022, 4, 1): "2022-04-01",
        dt.datetime(2022, 4, 1, 9, 30): "2022-04-01T09:30:00",
        dt.time(9, 30): "09:30:00",
    }
    assert {value: cell_text(value) for value in shown} == shown


def test_br_092_a_number_whose_digits_are_lost_says_so() -> None:
    assert cell_text(310199199001010018.0) == "3.10199E+17"
    assert cell_text(6228480000000000000.0) == "6.22848E+18"
    assert cell_text(1e15) == "1E+15"


def test_br_092_identity_numbers_in_numeric_cells_reach_the_judge_as_damage(
    tmp_path: Path,
) -> None:
    path = tmp_path / "numbers.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write_row(0, 0, HEADER)
    page.write_row(1, 0, ("张三", 310199199001010018, 1000))
    page.write_string(2, 0, "李四")
    page.write_datetime(2, 1, dt.datetime(2022, 4, 1), book.add_format({"num_format": "yyyy/m/d"}))
    book.close()
    with open_table(path) as table:
        assert list(table.rows) == [
            (2, ["张三", "3.10199E+17", "1000"]),
            (3, ["李四", "2022-04-01", ""]),
        ]


def test_rows_and_columns_keep_the_numbers_the_sheet_gives_them(tmp_path: Path) -> None:
    path = tmp_path / "offset.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write_row(4, 2, ("姓名", "金额"))
    page.write_row(5, 2, ("张三", "1"))
    page.write_row(7, 2, ("李四", "2"))
    book.close()
    with open_table(path) as table:
        assert (table.header_row, table.header) == (5, ("", "", "姓名", "金额"))
        assert list(table.rows) == [(6, ["", "", "张三", "1"]), (8, ["", "", "李四", "2"])]


def test_a_sheet_longer_than_many_frames_comes_whole(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    write_xlsx(path, ("姓名", "序号"), ((f"甲{n}", n) for n in range(3_001)))
    with open_table(path) as table:
        assert list(table.rows) == [(n + 2, [f"甲{n}", str(n)]) for n in range(3_001)]


def test_ods_is_read(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        inner = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>'
            for c in cells
        )
        return f"<table:table-row>{inner}</table:table-row>"

    path = _ods(tmp_path / "t.ods", row("姓名", "地址") + row("张三", "江桥镇"))
    with open_table(path) as table:
        assert (table.kind, table.sheet) == ("ods", "名单")
        assert list(table.rows) == [(2, ["张三", "江桥镇"])]


def test_the_first_filled_visible_sheet_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "sheets.xlsx"
    book = xlsxwriter.Workbook(path)
    hidden = book.add_worksheet("旧")
    hidden.write_row(0, 0, ("姓名", "a"))
    book.add_worksheet("空")
    book.add_worksheet("四月").write_row(0, 0, ("姓名", "b"))
    book.add_worksheet("六月").write_row(0, 0, ("姓名", "c"))
    book.get_worksheet_by_name("空").activate()
    hidden.hide()
    book.close()
    with open_table(path) as table:
        assert (table.sheet, table.header) == ("四月", ("姓名", "b"))
        assert [(w.code, w.params["others"]) for w in table.warnings] == [("sheet.others", "六月")]
    with open_table(path, sheet="旧") as table:
        assert table.header == ("姓名", "a")
        assert table.warnings == []
    assert _refused(path, sheet="十月") == "sheet.unknown"
    assert _refused(path, sheet="空") == "file.empty"


def test_a_truncated_workbook_is_refused_wherever_it_is_cut(tmp_path: Path) -> None:
    whole = _workbook(tmp_path / "whole.xlsx").read_bytes()
    path = tmp_path / "cut.xlsx"
    for size in (10, 100, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        path.write_bytes(whole[:size])
        assert _refused(path) == "sheet.broken"


def test_damaged_bytes_end_in_rows_or_in_one_sentence(tmp_path: Path) -> None:
    whole = _workbook(tmp_path / "whole.xlsx").read_bytes()
    path = tmp_path / "damaged.xlsx"
    chance = random.Random(7)
    for _ in range(12):
        data = bytearray(whole)
        for _ in range(5):
            data[chance.randrange(4, len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            with open_table(path) as table:
                list(table.rows)
        except Unusable as error:
            assert error.problems


def test_an_encrypted_workbook_says_that_a_password_protects_it(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    path.write_bytes(_compound("EncryptedPackage"))
    assert _refused(path) == "sheet.password"
    locked = _ods(tmp_path / "locked.ods", "", "<manifest:encryption-data/>")
    assert _refused(locked) == "sheet.password"


def test_an_old_workbook_without_a_workbook_in_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(_compound("Nothing"))
    assert _refused(path) == "sheet.broken"
    path.write_bytes(path.read_bytes()[:700])
    assert _refused(path) == "sheet.broken"


def test_a_workbook_of_too_many_parts_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "parts.xlsx", {"xl/workbook.xml": b"<a/>"}, extra=1_000)
    assert _refused(path) == "sheet.bomb_entries"


def test_a_workbook_that_unpacks_to_hundreds_of_times_its_size_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "ratio.xlsx", {"xl/workbook.xml": bytes(4_000_000)})
    assert _refused(path) == "sheet.bomb_ratio"


def test_a_workbook_that_says_it_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "size.xlsx", {"xl/workbook.xml": os.urandom(2_000)})
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 0xF0000000)
    path.write_bytes(data)
    assert _refused(path) == "sheet.bomb_size"


def test_a_sheet_that_grows_beyond_the_memory_of_the_child_is_refused(tmp_path: Path) -> None:
    whole = _workbook(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    page = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = page.replace(b"</sheetData>", far + b"</sheetData>")
    assert _refused(_zip(tmp_path / "far.xlsx", parts)) == "sheet.too_big"


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    assert _refused(_zip(tmp_path / "x.xlsx", {"readme.txt": b"hello"})) == "file.foreign"
    assert _refused(_zip(tmp_path / "x.ods", {"word/a": b"", "content.xml": b""})) == "file.foreign"


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import signal; signal.pause()", "sheet.stuck"),
        ("import os; os.write(1, b'\\0\\0'); import signal; signal.pause()", "sheet.stuck"),
        ("while True: pass", "sheet.stuck"),
        ("import os; os.abort()", "sheet.too_big"),
        ("pass", "sheet.broken"),
        ("import os; os.write(1, b'\\0\\0\\0\\x09\\x92')", "sheet.broken"),
    ],
)
def test_a_child_that_stops_or_dies_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, code: str
) -> None:
    monkeypatch.setattr(sheets, "child_command", lambda sheet: [sys.executable, "-c", program])
    path = _workbook(tmp_path / "a.xlsx")
    patience = 0.05 if code == "sheet.stuck" else 10
    with open(path, "rb") as file, pytest.raises(Unusable) as raised:
        open_sheet(file, "a.xlsx", patience=patience)
    assert [problem.code for problem in raised.value.problems] == [code]


def test_whoever_is_held_to_less_memory_reads_workbooks_all_the_same(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "a.xlsx")
    program = f"""
import resource
resource.setrlimit(resource.RLIMIT_AS, (800 << 20, 800 << 20))
from rcaid.files.tables import open_table
with open_table({str(path)!r}) as table:
    print(sum(1 for _ in table.rows))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.stdout == "40\n", ran.stderr


class _Panic(BaseException):
    """Like the parser's own: no Exception."""


def test_a_panic_of_the_parser_ends_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[list[object]] = []

    def panic(file: object, sheet: object) -> None:
        raise _Panic("index out of bounds")

    monkeypatch.setattr(sheets, "_limit", lambda: None)
    monkeypatch.setattr(sheets, "_parse", panic)
    monkeypatch.setattr(sheets, "_send", sent.append)
    monkeypatch.setattr("builtins.open", lambda *a, **k: io.BytesIO())
    sheets._serve(None)
    assert sent == [["problem", "sheet.broken", {}]]


def test_closing_a_table_half_read_ends_the_child(tmp_path: Path) -> None:
    path = tmp_path / "half.xlsx"
    write_xlsx(path, ("姓名", "序号"), ((f"甲{n}", n) for n in range(20_000)))
    with open(path, "rb") as file:
        stream = open_sheet(file, path.name)
        next(stream.rows)
        stream.close()
        assert stream._child._process.returncode is not None
