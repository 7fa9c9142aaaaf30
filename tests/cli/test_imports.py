"""rcaid import: plan, look, apply; exit codes as the reference says."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.cli.conftest import Run, line, number, roster_text

PLAN = ("import", "plan", "--kind", "roster", "--cycle", "22A")


def test_plan_with_a_wrong_row_ends_in_3_and_still_writes_the_plan(
    rcaid: Run, place: Path, roster_file: Path, tmp_path: Path
) -> None:
    plan = tmp_path / "one.plan"
    ran = rcaid("--as", "hua", *PLAN, roster_file, "-o", plan)
    assert ran.code == 3
    assert plan.is_file() and plan.stat().st_mode & 0o077 == 0
    assert "rows: read 4, new 3, updated 0, unchanged 0, not taken 1" in ran.out
    assert "money: 900.00" in ran.out
    assert "310114001" in ran.out and "0 → 3 / 10" in ran.out
    assert "columns not used: 备注" in ran.out
    assert "row 4, column 证件号码" in ran.out and "check digit" in ran.out
    assert str(plan) in ran.err and str(plan) not in ran.out


def test_plan_as_json_is_one_object_with_plan_and_problems(
    rcaid: Run, place: Path, roster_file: Path
) -> None:
    ran = rcaid("--as", "hua", *PLAN, roster_file, "--json")
    assert ran.code == 3
    told = json.loads(ran.out)
    assert (told["read"], told["new"], told["rejected"], told["fen"]) == (4, 3, 1, 90000)
    assert Path(told["plan"]).is_file()
    problem = told["problems"][0]
    assert (problem["row"], problem["column"], problem["code"]) == (
        4,
        "证件号码",
        "identity.checksum",
    )
    assert told["quota"] == [
        {"office": "310114001", "name": "新成路街道", "allotted": 10, "used_before": 0, "used": 3}
    ]


def test_a_wrong_number_is_shown_to_compare_a_right_one_is_masked(
    rcaid: Run, place: Path, tmp_path: Path
) -> None:
    path = tmp_path / "twice.csv"
    path.write_text(roster_text(line(1), line(1, "李强")), encoding="utf-8-sig")
    ran = rcaid("--as", "hua", *PLAN, path)
    assert ran.code == 3
    assert number(1) not in ran.out
    assert "310***********" in ran.out


def test_apply_asks_no_pipe_takes_yes_and_the_same_again_changes_nothing(
    rcaid: Run, place: Path, roster_file: Path, tmp_path: Path
) -> None:
    plan = tmp_path / "one.plan"
    rcaid("--as", "hua", *PLAN, roster_file, "-o", plan)
    refused = rcaid("--as", "hua", "import", "apply", plan)
    assert refused.code == 4 and "--yes" in refused.err
    applied = rcaid("--as", "hua", "import", "apply", plan, "--yes", "--json", "--keep")
    assert applied.code == 0
    told = json.loads(applied.out)
    assert (told["new"], told["rejected"], told["fen"], told["again"]) == (3, 1, 90000, 0)
    again = rcaid("--as", "hua", "import", "apply", plan, "--yes")
    assert again.code == 0 and again.out == "" and told["batch"] in again.err
    known = rcaid("--as", "hua", *PLAN, roster_file)
    assert known.code == 0 and "nothing to do" in known.err


def test_apply_refuses_another_number_or_sum_than_was_reviewed(
    rcaid: Run, place: Path, roster_file: Path, tmp_path: Path
) -> None:
    plan = tmp_path / "one.plan"
    rcaid("--as", "hua", *PLAN, roster_file, "-o", plan)
    assert rcaid("--as", "hua", "import", "apply", plan, "--yes", "--expect", "4").code == 4
    assert rcaid("--as", "hua", "import", "apply", plan, "--yes", "--sum", "900.01").code == 4
    assert rcaid("--as", "hua", "import", "apply", plan, "--yes", "--sum", "much").code == 2
    right = ("--yes", "--expect", "3", "--sum", "900.00")
    assert rcaid("--as", "hua", "import", "apply", plan, *right).code == 0


def test_a_changed_plan_ends_in_5(
    rcaid: Run, place: Path, roster_file: Path, tmp_path: Path
) -> None:
    plan = tmp_path / "one.plan"
    rcaid("--as", "hua", *PLAN, roster_file, "-o", plan)
    content = bytearray(plan.read_bytes())
    content[-1] ^= 1
    plan.write_bytes(content)
    ran = rcaid("--as", "hua", "import", "apply", plan, "--yes")
    assert ran.code == 5 and len(ran.err.splitlines()) == 1


def test_a_file_that_is_no_table_ends_in_3_and_one_sentence(
    rcaid: Run, place: Path, tmp_path: Path
) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"PK\x03\x04 this was a workbook once")
    ran = rcaid("--as", "hua", *PLAN, path)
    assert ran.code == 3 and ran.out == "" and len(ran.err.splitlines()) == 1


def test_one_bad_file_among_several_does_not_keep_the_others_back(
    rcaid: Run, place: Path, roster_file: Path, tmp_path: Path
) -> None:
    ran = rcaid("--as", "hua", *PLAN, tmp_path / "missing.csv", roster_file, "--json")
    assert ran.code == 3 and "no such file" in ran.err
    bad, good = map(json.loads, ran.out.splitlines())
    assert bad["file"] == "missing.csv" and bad["refused"][0]["code"] == "file.missing"
    assert good["new"] == 3


def test_several_files_are_a_line_each_and_then_why(
    rcaid: Run, place: Path, roster_file: Path, tmp_path: Path
) -> None:
    ran = rcaid("--as", "hua", *PLAN, tmp_path / "missing.csv", roster_file)
    assert ran.code == 3 and ran.err.count("plan ") == 1
    header, missing, found, *reasons = ran.out.splitlines()
    assert header.split()[:5] == ["file", "kind", "profile", "read", "taken"]
    assert missing.split() == ["missing.csv"]
    assert found.split() == ["嘉定.csv", "roster", "4", "3", "3", "0", "0", "0", "1", "0"]
    assert reasons[0].startswith("missing.csv: ") and "no such file" in reasons[0]
    assert reasons[1] == "嘉定.csv:" and reasons[2].startswith("  1 × identity.checksum: row 4")
    assert reasons[3] == "  columns not used: 备注"


def test_the_summary_of_one_file_as_json_counts_each_problem(
    rcaid: Run, place: Path, roster_file: Path
) -> None:
    ran = rcaid("--as", "hua", *PLAN, roster_file, "--summary", "--json")
    told = json.loads(ran.out)
    assert {key: told[key] for key in ("read", "accepted", "rejected", "warned", "undecided")} == {
        "read": 4, "accepted": 3, "rejected": 1, "warned": 0, "undecided": 0,
    }  # fmt: skip
    [why] = told["why"]
    assert (why["code"], why["rows"], why["row"]) == ("identity.checksum", 1, 4)
    assert Path(told["plan"]).is_file() and "problems" not in told


def test_a_plan_needs_a_kind_or_a_profile(rcaid: Run, place: Path, roster_file: Path) -> None:
    ran = rcaid("--as", "hua", "import", "plan", roster_file)
    assert ran.code == 2 and "--profile" in ran.err
    assert rcaid("--as", "hua", *PLAN, roster_file, "--dates", "ydm").code == 2


def test_rejects_of_plan_and_batch_come_out_with_their_reason(
    rcaid: Run, place: Path, roster_file: Path, tmp_path: Path
) -> None:
    plan, mend = tmp_path / "one.plan", tmp_path / "mend.csv"
    rcaid("--as", "hua", *PLAN, roster_file, "-o", plan)
    assert rcaid("--as", "hua", "import", "rejects", plan, "-o", mend).code == 0
    with open(mend, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1 and rows[0]["姓名"] == "张华"
    assert "check digit" in rows[0]["rejected because"]
    applied = rcaid("--as", "hua", "import", "apply", plan, "--yes", "--json")
    batch = json.loads(applied.out)["batch"]
    again = tmp_path / "again.csv"
    assert rcaid("--as", "hua", "import", "rejects", batch, "-o", again).code == 0
    assert again.read_bytes() == mend.read_bytes()


def test_the_id_of_a_plan_names_its_import_once_it_was_applied(
    rcaid: Run, place: Path, roster_file: Path, tmp_path: Path
) -> None:
    planned = json.loads(rcaid("--as", "hua", *PLAN, roster_file, "--json").out)["plan_id"]
    rcaid("--as", "hua", "import", "apply", planned, "--yes")
    mend = tmp_path / "mend.csv"
    assert rcaid("--as", "hua", "import", "rejects", planned, "-o", mend).code == 0
    assert "check digit" in mend.read_text(encoding="utf-8-sig")
    assert "not taken" in rcaid("--as", "hua", "import", "show", planned).out


def test_list_and_show_tell_what_came_in(
    rcaid: Run, place: Path, roster_file: Path, tmp_path: Path
) -> None:
    plan = tmp_path / "one.plan"
    rcaid("--as", "hua", *PLAN, roster_file, "-o", plan)
    assert "not taken 1" in rcaid("--as", "hua", "import", "show", plan).out
    rcaid("--as", "hua", "import", "apply", plan, "--yes")
    rows = [
        json.loads(each)
        for each in rcaid("--as", "hua", "import", "list", "--json").out.splitlines()
    ]
    assert [(row["kind"], row["new"], row["office"]) for row in rows] == [("roster", 3, "310114")]
    shown = json.loads(rcaid("--as", "hua", "import", "show", rows[0]["batch"], "--json").out)
    assert shown == rows[0]


def test_a_column_of_another_name_is_mapped_by_hand(
    rcaid: Run, place: Path, roster_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.csv"
    text = roster_file.read_text(encoding="utf-8-sig").replace("类别", "病种分类")
    other.write_text(text, encoding="utf-8-sig")
    assert rcaid("--as", "hua", *PLAN, other).code == 3
    ran = rcaid("--as", "hua", *PLAN, other, "--map", "病种分类=category", "--json")
    assert json.loads(ran.out)["new"] == 3
    wrong = rcaid("--as", "hua", *PLAN, other, "--map", "病种分类=nothing")
    assert wrong.code == 2 and "category" in wrong.err


def test_peek_says_how_a_file_would_be_read(rcaid: Run, roster_file: Path) -> None:
    ran = rcaid("import", "peek", roster_file, "--kind", "roster", "--rows", "2", "--json")
    told = json.loads(ran.out)
    assert (told["type"], told["encoding"], told["header_row"]) == ("csv", "utf-8-sig", 1)
    assert len(told["rows"]) == 2 and "姓名=name" in told["columns"]
    assert told["not_used"] == ["备注"]


def test_an_unknown_kind_is_refused_with_those_there_are(rcaid: Run, roster_file: Path) -> None:
    ran = rcaid("import", "plan", roster_file, "--kind", "nothing")
    assert ran.code == 4 and "roster" in ran.err


def test_escape_bytes_of_a_file_reach_no_terminal(rcaid: Run, place: Path, tmp_path: Path) -> None:
    path = tmp_path / "evil.csv"
    evil = "\x1b]52;c;aGk=\x07王"
    path.write_text(roster_text(line(1, evil), line(2)), encoding="utf-8-sig")
    for extra in ((), ("--json",)):
        ran = rcaid("--as", "hua", *PLAN, path, *extra)
        assert ran.code == 3
        assert not {c for c in ran.out + ran.err if ord(c) < 32 or 127 <= ord(c) < 160} - {"\n"}
