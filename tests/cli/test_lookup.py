"""rcaid lookup: one line out for each number that came in."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, line, number, roster_text

PLAN = ("import", "plan", "--kind", "roster", "--cycle", "22A")


@pytest.fixture
def listed(rcaid: Run, place: Path, tmp_path: Path) -> Path:
    """Two people in a roster; a list of four numbers, two of them theirs."""
    path, plan = tmp_path / "two.csv", tmp_path / "two.plan"
    path.write_text(roster_text(line(1, "王小明"), line(2, "李强")), encoding="utf-8-sig")
    rcaid("--as", "hua", *PLAN, path, "-o", plan)
    assert rcaid("--as", "hua", "import", "apply", plan, "--yes").code == 0
    numbers = tmp_path / "numbers.txt"
    old = number(2)[:6] + number(2)[8:17]
    text = "\r\n".join((number(1), "", number(9), "12345", f" {old} ", ""))
    numbers.write_text(text, encoding="utf-8-sig")
    return numbers


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Lets a command read these bytes from standard input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


def test_each_number_gets_its_line_and_what_is_no_number_ends_in_3(
    rcaid: Run, listed: Path
) -> None:
    ran = rcaid("--as", "hua", "lookup", listed, "--json")
    assert ran.code == 3
    told: list[dict[str, Any]] = [json.loads(each) for each in ran.out.splitlines()]
    assert [each["place"] for each in told] == [1, 2, 3, 4]
    assert [each.get("enrolled") for each in told] == [["22A"], None, None, ["22A"]]
    assert [each["problem"]["code"] for each in told if "problem" in each] == [
        "person.unknown",
        "identity.length",
    ]
    assert told[0]["office"].endswith("新成路街道")
    assert (told[0]["paid_fen"], told[0]["goods_fen"], told[0]["last_day"]) == (0, 0, "")
    assert number(1) not in ran.out and number(9) not in ran.out
    assert "4 numbers: 2 known, 1 are no identity numbers" in ran.err


def test_numbers_come_from_standard_input_and_good_ones_end_in_0(
    rcaid: Run, listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for arguments in ((), ("-",)):
        stdin(monkeypatch, f"{number(1)}\n{number(9)}".encode())
        ran = rcaid("--as", "hua", "lookup", *arguments)
        assert ran.code == 0
        lines = ran.out.splitlines()
        assert len(lines) == 3 and "22A" in lines[1] and "nobody on file" in lines[2]


def test_a_list_is_one_entry_of_the_record(rcaid: Run, listed: Path) -> None:
    rcaid("--as", "hua", "lookup", listed)
    logged = rcaid("--as", "sun", "audit", "log", "--act", "person.lookup", "--json")
    [entry] = [json.loads(each) for each in logged.out.splitlines()]
    assert (entry["event"]["asked"], entry["event"]["known"]) == (4, 2)


def test_an_endless_line_a_nul_and_escapes_are_no_numbers(
    rcaid: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin(monkeypatch, b"9" * 1_000_000 + b"\n\x00\x1b[31m\n\xff\xfe\n" + number(1).encode())
    ran = rcaid("--as", "hua", "lookup", "--json")
    assert ran.code == 3
    told = [json.loads(each) for each in ran.out.splitlines()]
    assert [each["problem"]["code"].split(".")[0] for each in told] == ["identity"] * 3 + ["person"]
    assert "\x1b" not in ran.out


def test_a_workbook_or_a_missing_file_is_one_sentence(
    rcaid: Run, place: Path, tmp_path: Path
) -> None:
    book = tmp_path / "numbers.xlsx"
    book.write_bytes(b"PK\x03\x04" + bytes(100))
    for file in (book, tmp_path / "none.txt"):
        ran = rcaid("--as", "hua", "lookup", file)
        assert ran.code == 3 and ran.out == "" and len(ran.err.splitlines()) == 1


def test_lookup_needs_a_duty(rcaid: Run, listed: Path) -> None:
    assert rcaid("--as", "fei", "lookup", listed).code == 4


def test_a_heading_is_left_out_and_the_column_with_the_numbers_is_taken(
    rcaid: Run, listed: Path
) -> None:
    listed.write_text(f"姓名,证件号码\n王小明,{number(1)}\n谁,12345\n", encoding="utf-8-sig")
    ran = rcaid("--as", "hua", "lookup", listed, "--json")
    told = [json.loads(each) for each in ran.out.splitlines()]
    assert [each.get("enrolled") for each in told] == [["22A"], None]
    assert ran.code == 3


def test_a_global_option_behind_the_noun_is_told_its_place(rcaid: Run, place: Path) -> None:
    ran = rcaid("lookup", "--as", "hua")
    assert ran.code == 2
    assert "--as stands before the noun: rcaid --as … lookup" in ran.err
