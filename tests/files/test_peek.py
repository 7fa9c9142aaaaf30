"""What `import peek` says of a file is what stands in it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from rcaid.cli.edge import run
from tests.files import biff, seeds

DATA = Path(__file__).parents[2].parent / "shared/data"
SPECTRUM = DATA / "csv-spectrum"
Peek = Any


@pytest.fixture
def peek(capsys: pytest.CaptureFixture[str]) -> Peek:
    def look(path: Path, *options: str) -> tuple[int, dict[str, Any]]:
        code = run(["import", "peek", str(path), "--json", *options])
        shown = capsys.readouterr()
        return code, json.loads(shown.out) if shown.out else {"said": shown.err}

    return look


def _even(text: str) -> str:
    """Line ends within cells differ between the published tables and their JSON."""
    return text.replace("\r\n", "\n")


@pytest.mark.skipif(not SPECTRUM.is_dir(), reason=f"csv-spectrum is not at {SPECTRUM}")
def test_all_of_csv_spectrum_is_read_exactly(peek: Peek) -> None:
    read = 0
    for path in sorted((SPECTRUM / "csvs").glob("*.csv")):
        wanted = json.loads((SPECTRUM / f"json/{path.stem}.json").read_text("utf-8"))
        if isinstance(wanted, dict):
            # This one names another phone number than its table does.
            wanted = [wanted | {"Contact Phone Number": "2095257564"}]
        code, told = peek(path)
        assert code == 0
        found = [dict(zip(told["header"], cells, strict=True)) for cells in told["rows"]]
        assert [{k: _even(v) for k, v in row.items()} for row in found] == [
            {k: _even(v) for k, v in row.items()} for row in wanted
        ], path.name
        assert [raw["cells"] for raw in told["raw"]] == [told["header"], *told["rows"]]
        read += 1
    assert read == 12


@pytest.mark.parametrize("ends", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_line_ends_quotes_and_marks_change_nothing(
    tmp_path: Path, peek: Peek, ends: str, encoding: str
) -> None:
    lines = ['姓名,"地址,\n二",备注', '张三,"他说""好"",\r\n走了",', "李四,,x"]
    path = tmp_path / "a.csv"
    path.write_bytes((ends.join(lines) + ends).encode(encoding))
    code, told = peek(path)
    assert (code, told["type"], told["encoding"], told["delimiter"]) == (0, "csv", encoding, ",")
    assert told["header"] == ["姓名", "地址,\n二", "备注"]
    assert told["rows"] == [["张三", '他说"好",\r\n走了', ""], ["李四", "", "x"]]


def test_repeated_headings_are_named_and_the_rows_shown_all_the_same(
    tmp_path: Path, peek: Peek
) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("a,b,A\n1,2,3\n", "utf-8")
    code, told = peek(path)
    assert code == 3
    assert told["problems"] == ["the heading A stands in column A and in C; rename one"]
    assert told["raw"] == [
        {"row": 1, "cells": ["a", "b", "A"]},
        {"row": 2, "cells": ["1", "2", "3"]},
    ]
    assert told["rows"] == [["1", "2", "3"]]


def test_ragged_rows_stand_as_they_are(tmp_path: Path, peek: Peek) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("a,b,c\n1\n1,2,3,4\n", "utf-8")
    code, told = peek(path)
    assert code == 0
    assert told["rows"] == [["1", "", ""], ["1", "2", "3", "4"]]
    assert [raw["cells"] for raw in told["raw"]] == [["a", "b", "c"], ["1"], ["1", "2", "3", "4"]]


def test_a_sheet_is_chosen_and_the_others_are_named(tmp_path: Path, peek: Peek) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(biff.workbook({"四月": [["姓名", "b"], ["张三", 1]], "六月": [["姓名", "c"]]}))
    code, told = peek(path)
    assert (code, told["type"], told["sheet"], told["rows"]) == (0, "xls", "四月", [["张三", "1"]])
    assert told["warnings"] == ["sheet 四月 was read; also filled: 六月"]
    code, told = peek(path, "--sheet", "六月")
    assert (code, told["header"], told["warnings"]) == (0, ["姓名", "c"], [])
    code, told = peek(path, "--sheet", "十月")
    assert code == 3 and "四月, 六月" in told["said"]


def test_what_is_no_table_is_said_in_one_sentence(tmp_path: Path, peek: Peek) -> None:
    for name, data, word in (
        ("empty.csv", b"", "nothing in it"),
        ("nul.csv", b"a,b\n\0,1\n", "line 2 holds a NUL"),
        ("locked.xls", seeds.honest_xls(locked=True), "password"),
        ("cut.xlsx", seeds.xlsx()[:900], "damaged"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        code, told = peek(path)
        assert code == 3 and word in told["said"] and told["said"].count("\n") == 1


def test_a_name_that_is_no_text_is_no_obstacle(tmp_path: Path, peek: Peek) -> None:
    path = tmp_path / os.fsdecode(b"\xff\xfe.csv")
    path.write_text("a,b\n1,2\n", "utf-8")
    code, told = peek(path)
    assert (code, told["file"], told["rows"]) == (0, "??.csv", [["1", "2"]])
    path.write_text("", "utf-8")
    code, told = peek(path)
    assert code == 3 and "??.csv" in told["said"]


def test_a_profile_says_how_the_columns_of_its_files_map(
    peek: Peek, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RCAID_DB", str(tmp_path / "rcaid.db"))
    init = ["init", "--society", "s", "--keys", str(tmp_path / "keys")]
    assert run(init) == 0
    path = tmp_path / "names.csv"
    path.write_text(
        "firstName~lastName~phoneNumber~scope~maxPayments\na~b~14155238886~x~1\n", "utf-8"
    )
    code, told = peek(path, "--profile", "121", "--delimiter", "~")
    assert code == 0
    assert told["profile"] == "121-names"
    assert told["columns"] == ["firstName=name", "lastName=name", "phoneNumber=phone"]
    assert (told["not_used"], told["left_out"]) == (["scope"], ["maxPayments"])
    path.write_text("firstName~phoneNumber\na~14155238886\n", "utf-8")
    code, told = peek(path, "--profile", "121-names", "--delimiter", "~")
    assert code == 3 and "lastName" in told["problems"][0]
