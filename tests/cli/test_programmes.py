"""Programmes on the command line: checked by line, loaded, shown with what versions changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rcaid import data
from tests.cli.conftest import Run

QWR = data.text("programmes/qwr.toml")


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """The rules of QWR as a version 2 that gives a street five days less."""
    path = tmp_path / "second.toml"
    text = QWR.replace("version = 1", "version = 2").replace("2021-05-18", "2022-07-01", 2)
    path.write_text(text.replace("notice_days = 5", "notice_days = 3"), encoding="utf-8")
    return path


def test_a_file_that_is_wrong_is_told_line_by_line_and_ends_in_3(
    rcaid: Run, tmp_path: Path
) -> None:
    path = tmp_path / "p.toml"
    lines = QWR.splitlines()
    lines[lines.index("min_age = 0")] = "min_age = -1"
    lines[lines.index("notice_days = 5")] = "notice_dayz = 5"
    path.write_text("\n".join(lines), encoding="utf-8")
    ran = rcaid("programme", "check", path)
    age, notice = lines.index("min_age = -1") + 1, lines.index("notice_dayz = 5") + 1
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.splitlines() == [
        f"line {age}: eligible.min_age is a whole number, 0 or more",
        f"line {notice}: there is no field decide.notice_dayz; perhaps notice_days",
    ]
    ran = rcaid("programme", "check", path, "--json")
    assert ran.code == 3
    told = json.loads(ran.out)["problems"]
    assert [(p["line"], p["field"], p["code"]) for p in told] == [
        (age, "eligible.min_age", "programme.number"),
        (notice, "decide.notice_dayz", "programme.unknown_field"),
    ]


def test_examples_are_the_tests_of_a_file(rcaid: Run, tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(QWR.replace("fen = 40000", "fen = 50000"), encoding="utf-8")
    ran = rcaid("programme", "check", path)
    assert ran.code == 3
    assert "fen is 40000, and 50000 was expected" in ran.err
    path.write_text(QWR, encoding="utf-8")
    assert json.loads(rcaid("programme", "check", path, "--json").out)["examples"] == 4


def test_a_version_is_loaded_and_shown_with_what_it_changed(
    rcaid: Run, place: Path, second: Path
) -> None:
    assert rcaid("--as", "root", "programme", "load", second).code == 0
    ran = rcaid("--as", "mo", "programme", "show", "QWR", "--changes", "--json")
    first, other = (json.loads(line) for line in ran.out.splitlines())
    assert (first["version"], first["changes"]) == (1, [])
    assert {"field": "decide.notice_days", "before": 5, "after": 3} in other["changes"]
    table = rcaid("--as", "mo", "programme", "show", "QWR", "--changes").out
    assert "decide.notice_days" in table
    shown = rcaid("--as", "mo", "programme", "show", "QWR", "--version", "1").out
    assert "notice_days = 5" in shown


def test_a_version_that_would_judge_a_cycle_anew_ends_in_4(
    rcaid: Run, place: Path, second: Path
) -> None:
    text = second.read_text(encoding="utf-8").replace("2022-07-01", "2022-01-05", 1)
    second.write_text(text, encoding="utf-8")
    ran = rcaid("--as", "root", "programme", "load", second)
    assert ran.code == 4
    assert "it would judge cycle 22A anew" in ran.err and "BR-020" in ran.err


def test_worked_programmes_are_listed_copied_and_pass_their_check(
    rcaid: Run, tmp_path: Path
) -> None:
    ran = rcaid("programme", "list", "--worked", "--json")
    codes = [json.loads(line)["code"] for line in ran.out.splitlines()]
    assert codes == ["AID", "ANGEL", "FIRE", "HLW", "QWR", "STORM", "STU", "UNI"]
    copy = tmp_path / "fire.toml"
    assert rcaid("programme", "show", "fire", "--worked", "-o", copy).code == 0
    assert copy.read_text(encoding="utf-8") == data.text("programmes/fire.toml")
    assert rcaid("programme", "check", copy).code == 0
    assert rcaid("programme", "show", "none", "--worked").code == 4
