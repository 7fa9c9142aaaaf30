"""The edge: every ending has its exit code and one sentence, and nothing of the data leaks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rcaid.cli import edge, options, said, show
from rcaid.cli.edge import guarded, run
from rcaid.domain.errors import Broken, ExitCode, Problem, Refused, Unusable
from rcaid.domain.sentences import SENTENCES
from rcaid.locale import set_language
from tests.cli.conftest import Run

ESCAPE = "\x1b]52;c;aGk=\x07[/x] \x9b31m"


def raising(error: BaseException) -> Callable[[], int]:
    """Work that ends in this error."""

    def work() -> int:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refused(Problem("who.unknown", {"login": "x"})), ExitCode.REFUSED),
        (Unusable(Problem("file.empty", {"file": "x"})), ExitCode.PROBLEMS),
        (Broken(Problem("plan.changed", {"place": "x"})), ExitCode.INTEGRITY),
        (KeyboardInterrupt(), 130),
        (OSError(28, "No space left on device", "x"), ExitCode.FAULT),
        (ValueError("李雷 310199"), ExitCode.FAULT),
    ],
)
def test_each_ending_has_its_code_and_at_most_one_sentence(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(raising(error)) == code
    found = capsys.readouterr()
    assert found.out == ""
    assert len(found.err.splitlines()) == (0 if code == 130 else 1)
    assert "Traceback" not in found.err and "李雷" not in found.err


def test_a_traceback_is_shown_only_when_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RCAID_DEBUG", "1")
    assert guarded(raising(ValueError("inner"))) == ExitCode.FAULT
    assert "Traceback" in capsys.readouterr().err


def test_a_closed_pipe_ends_quietly(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(edge.os, "dup2", lambda *_: None)
    assert guarded(raising(BrokenPipeError())) == edge.NOBODY_READS
    assert capfd.readouterr().err == ""


def test_all_problems_are_told_and_each_on_a_safe_line(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [
        Problem("identity.checksum", {}, "number", 17, "身份证号", "310199199501010011"),
        Problem("who.unknown", {"login": ESCAPE}),
    ]
    assert guarded(raising(Unusable(problems))) == ExitCode.PROBLEMS
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("row 17, column 身份证号, “310199199501010011”: ")
    assert first.endswith("(BR-001)")
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in second)


def test_a_value_that_is_right_in_itself_is_masked() -> None:
    listed = Problem("case.listed", {"case": "22A"}, "number", 3, "证件号码", "310199199501010011")
    assert "310***********0011" in said.line_of(listed)
    phone = Problem("row.repeated", {"first": 2}, "phone", 3, "电话", "13800001111")
    assert said.value_of(phone) == "138****1111"


def test_a_sentence_that_lacks_a_fact_still_says_what_it_knows() -> None:
    assert said.words(Problem("who.unknown", {"who": "x"})) == "who.unknown: who=x"
    assert said.words(Problem("no.such", {})) == "no.such"


def test_usage_is_2_and_shows_the_way(rcaid: Run) -> None:
    for arguments in (("nothing",), ("roster",), ("roster", "nothing"), ("roster", "verify")):
        ran = rcaid(*arguments)
        assert ran.code == 2 and ran.out == ""
        assert ran.err.splitlines()[-1].endswith("--help shows how it is written")
    assert rcaid("audit", "log", "--limit", "many").code == 2


def test_a_store_that_is_not_there_is_a_problem_of_the_data(rcaid: Run, tmp_path: Path) -> None:
    ran = rcaid("--db", tmp_path / "none.db", "--as", "hua", "roster", "list")
    assert ran.code == 3 and len(ran.err.splitlines()) == 1


def test_a_person_the_store_does_not_know_is_refused(rcaid: Run, place: Path) -> None:
    assert rcaid("--as", "nobody", "roster", "list").code == 4
    assert rcaid("roster", "list").code == 4


def test_a_forced_login_wins_over_everything_that_is_said(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["cycle", "list"], login="hua") == 0
    assert run(["user", "list"], login="hua") == 4
    assert run(["--as", "root", "user", "list"], login="hua") == 4
    assert run(["--db", str(place), "cycle", "list"], login="hua") == 4
    assert run(["db", "status"], login="hua") == 4
    capsys.readouterr()


def test_read_only_refuses_a_write(rcaid: Run, place: Path) -> None:
    assert rcaid("--as", "hua", "--read-only", "cycle", "list").code == 0
    ran = rcaid("--as", "chief", "--read-only", "cycle", "close", "22A")
    assert ran.code in (3, 4) and len(ran.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "found", "rest"),
    [
        ([], options.Globals(), []),
        (["--db", "x", "--as=li", "roster"], options.Globals("x", "", "li"), ["roster"]),
        (["--read-only", "--lang", "zh_CN"], options.Globals(lang="zh_CN", read_only=True), []),
        (["roster", "--db", "x"], options.Globals(), ["roster", "--db", "x"]),
        (["--db"], options.Globals(), ["--db"]),
    ],
)
def test_global_options_stand_before_the_noun(
    arguments: list[str], found: options.Globals, rest: list[str]
) -> None:
    assert options.split(arguments) == (found, rest)


def test_tables_measure_cells_and_keep_markup_and_controls_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    columns = (show.Column("name", "name"), show.Column("fen", "money", "money"))
    rows = [{"name": "欧阳娜娜", "fen": 123456}, {"name": f"a {ESCAPE}", "fen": None}]
    show.Out().table(columns, rows)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].endswith("  1,234.56") and "[/x]" in lines[2]
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in "".join(lines))


def test_a_table_on_a_terminal_is_as_safe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    show.Out().table((show.Column("name", "name"),), [{"name": f"[bold]{ESCAPE}"}])
    printed = capsys.readouterr().out
    assert "[bold]" in printed and "\x1b]" not in printed and "\x9b" not in printed


def test_json_escapes_what_a_terminal_would_obey(capsys: pytest.CaptureFixture[str]) -> None:
    show.Out(True).data({"name": ESCAPE + "\x7f欧"})
    printed = capsys.readouterr().out
    assert json.loads(printed) == {"name": ESCAPE + "\x7f欧"} and "欧" in printed
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in printed.rstrip("\n"))


def test_output_goes_whole_into_a_private_file(tmp_path: Path) -> None:
    columns = (show.Column("name", "name"), show.Column("fen", "money", "money"))
    rows = [{"name": "=1+1", "fen": 100000}]
    for name in ("a.txt", "a.csv", "a.xlsx"):
        show.Out(False, str(tmp_path / name)).table(columns, rows)
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").split() == [
        "name,money",
        "'=1+1,1000.00",
    ]
    with pytest.raises(Unusable):
        show.Out(True, str(tmp_path / "none" / "x")).data({})


def test_messages_speak_the_language_that_was_asked_for(rcaid: Run, place: Path) -> None:
    assert set(SENTENCES) >= {"act.confirm", "who.forced", "check.flow", "doctor.keys_at"}
    set_language("en")
    ran = rcaid("--lang", "zh_CN", "--as", "mo", "cycle", "list")
    assert ran.code == 0
