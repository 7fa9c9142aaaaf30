"""A file from standard input, planned and applied by nobody who could answer a question."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from rcaid.files.writing import write_xlsx
from tests.cli.conftest import HEADER, Run, line, roster_text

PLAN = ("import", "plan", "-", "--kind", "roster", "--cycle", "22A")


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> object:
    """Lets the next command read these bytes."""

    def feeding(data: bytes) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))

    return feeding


def left(place: Path) -> list[str]:
    """What lies in the folder of plans, without the plans."""
    return [each.name for each in (place.parent / "plans").iterdir() if each.suffix != ".plan"]


def test_a_file_from_standard_input_is_planned_and_applied_by_id(
    rcaid: Run, place: Path, feed: object
) -> None:
    text = roster_text(line(1), line(2, "李强", category="感冒"))
    feed(text.encode("gb18030"))  # type: ignore[operator]
    ran = rcaid("--as", "hua", *PLAN, "--json")
    assert ran.code == 3
    told = json.loads(ran.out)
    assert (told["file"], told["new"], told["rejected"]) == ("stdin.csv", 1, 1)
    assert Path(told["plan"]).name == f"{told['plan_id']}.plan"
    assert left(place) == []

    apply = ("import", "apply", told["plan_id"])
    assert rcaid("--as", "hua", *apply).code == 4
    assert rcaid("--as", "hua", *apply, "--yes", "--expect", "2").code == 4
    applied = rcaid("--as", "hua", *apply, "--yes", "--expect", "1", "--json")
    assert applied.code == 0
    again = rcaid("--as", "hua", *apply, "--yes", "--json")
    assert again.code == 0
    assert json.loads(again.out)["batch"] == json.loads(applied.out)["batch"]
    assert (json.loads(applied.out)["again"], json.loads(again.out)["again"]) == (0, 1)

    feed(text.encode("gb18030"))  # type: ignore[operator]
    known = rcaid("--as", "hua", *PLAN)
    assert known.code == 0 and "nothing to do" in known.err


def test_a_workbook_is_known_by_content_and_named_without_its_folder(
    rcaid: Run, place: Path, feed: object, tmp_path: Path
) -> None:
    book = tmp_path / "book"
    write_xlsx(book, HEADER.split(","), [line(1).split(",")])
    for name, shown in (
        ("", "stdin.xlsx"),
        ("嘉定.xlsx", "嘉定.xlsx"),
        ("../../etc/嘉定.xlsx", "嘉定.xlsx"),
        ("C:\\Users\\li\\嘉定.xlsx", "嘉定.xlsx"),
        ("..", "stdin.xlsx"),
    ):
        feed(book.read_bytes())  # type: ignore[operator]
        ran = rcaid("--as", "hua", *PLAN, "--name", name, "--json")
        assert ran.code == 0
        assert json.loads(ran.out)["file"] == shown
    assert left(place) == []


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no workbook", b"\x89PNG\r\n", b"<html>"])
def test_what_is_no_table_ends_in_3_and_leaves_nothing(
    rcaid: Run, place: Path, feed: object, data: bytes
) -> None:
    feed(data)  # type: ignore[operator]
    ran = rcaid("--as", "hua", *PLAN)
    assert (ran.code, ran.out) == (3, "") and len(ran.err.splitlines()) == 1
    assert left(place) == []


def test_who_may_not_import_is_refused_before_anything_is_read(
    rcaid: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unread(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _buffer: object) -> int:
            raise AssertionError("it was read")

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(Unread())))
    assert rcaid("--as", "wen", *PLAN).code == 4


def test_standard_input_stands_alone_and_is_no_terminal(
    rcaid: Run, place: Path, roster_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rcaid("--as", "hua", *PLAN[:3], roster_file, *PLAN[3:]).code == 2
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert rcaid("--as", "hua", *PLAN).code == 2


def test_a_plan_that_is_not_there_is_one_sentence(rcaid: Run, place: Path) -> None:
    ran = rcaid("--as", "hua", "import", "apply", "01JZ3KQ8V6D2M4N7P9R1S3T5W7", "--yes")
    assert ran.code == 3 and "no such plan" in ran.err


def test_a_file_from_standard_input_finds_the_profile_that_fits_it(
    rcaid: Run, place: Path, feed: object
) -> None:
    text = "programFspConfigurationName,phoneNumber,fullName\nMTN,260000000001,Lola Walton\n"
    plan = ("import", "plan", "-", "--name", "MTN.csv", "--profile", "121", "--summary", "--json")
    feed(text.encode())  # type: ignore[operator]
    ran = rcaid("--as", "hua", *plan)
    assert ran.code == 0 and "MTN.csv: of the profiles 121, 121-registrations fits" in ran.err
    told = json.loads(ran.out)
    assert (told["file"], told["profile"], told["new"]) == ("MTN.csv", "121-registrations", 1)
    feed(text.encode())  # type: ignore[operator]
    assert rcaid("--as", "wen", *plan).code == 4, "a verifier imports nothing"
