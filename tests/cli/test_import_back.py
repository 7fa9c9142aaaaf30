"""rcaid import undo: what went, what came back, what stays and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, line, roster_text

PLAN = ("import", "plan", "--kind", "roster", "--cycle", "22A")


@pytest.fixture
def batch(rcaid: Run, place: Path, tmp_path: Path) -> str:
    """An import of three people."""
    path, plan = tmp_path / "three.csv", tmp_path / "three.plan"
    rows = (line(1, "王小明"), line(2, "李强"), line(4, "赵敏"))
    path.write_text(roster_text(*rows), encoding="utf-8-sig")
    rcaid("--as", "hua", *PLAN, path, "-o", plan)
    applied = rcaid("--as", "hua", "import", "apply", plan, "--yes", "--keep", "--json")
    found: str = json.loads(applied.out)["batch"]
    return found


def test_undo_says_what_went_and_the_list_is_empty_again(rcaid: Run, batch: str) -> None:
    ran = rcaid("--as", "rui", "import", "undo", batch, "--reason", "wrong_file", "--yes")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "removed: lines 3, rosters 1, people 3, households 3, accounts 3",
        "put back: 0",
        "kept: 0",
    ]
    assert batch in ran.err
    assert rcaid("--as", "rui", "roster", "list", "--json").out == ""
    logged = rcaid("--as", "sun", "audit", "log", "--act", "import.undo", "--json")
    assert json.loads(logged.out)["reason"] == "wrong_file"


def test_what_stays_is_listed_with_its_reason_and_the_undo_is_done(rcaid: Run, batch: str) -> None:
    roster = json.loads(rcaid("--as", "rui", "roster", "list", "--json").out)["number"]
    assert rcaid("--as", "wen", "roster", "verify", roster).code == 0
    ran = rcaid("--as", "rui", "import", "undo", batch, "--yes", "--json")
    assert ran.code == 0
    told = json.loads(ran.out)
    assert (told["state"], told["removed"], told["restored"]) == ("undone", {}, {})
    assert [(each["code"], each["name"]) for each in told["kept"]] == [
        ("undo.roster", f"22A-JD-{n:05}") for n in (1, 2, 3)
    ]


def test_undo_asks_no_pipe_and_needs_the_duty(rcaid: Run, batch: str) -> None:
    assert rcaid("--as", "rui", "import", "undo", batch).code == 4
    refused = rcaid("--as", "hua", "import", "undo", batch, "--yes")
    assert refused.code == 4 and "import.undo" in refused.err
    assert rcaid("--as", "rui", "import", "undo", "nothing", "--yes").code == 4


def test_an_import_is_taken_back_once_and_its_plan_is_done_with(
    rcaid: Run, batch: str, tmp_path: Path
) -> None:
    assert rcaid("--as", "rui", "import", "undo", batch, "--yes").code == 0
    again = rcaid("--as", "rui", "import", "undo", batch, "--yes")
    assert again.code == 4 and "was undone already" in again.err
    stale = rcaid("--as", "hua", "import", "apply", tmp_path / "three.plan", "--yes")
    assert stale.code == 4 and "plan again" in stale.err
    planned = rcaid("--as", "hua", *PLAN, tmp_path / "three.csv", "--json")
    assert planned.code == 0 and json.loads(planned.out)["new"] == 3


def test_the_id_of_a_plan_names_its_import_and_what_stays_is_said_last(
    rcaid: Run, place: Path, tmp_path: Path
) -> None:
    path = tmp_path / "one.csv"
    path.write_text(roster_text(line(1, "王小明")), encoding="utf-8-sig")
    plan = json.loads(rcaid("--as", "hua", *PLAN, path, "--json").out)["plan_id"]
    assert rcaid("--as", "hua", "import", "apply", plan, "--yes").code == 0
    roster = json.loads(rcaid("--as", "rui", "roster", "list", "--json").out)["number"]
    assert rcaid("--as", "wen", "roster", "verify", roster).code == 0
    ran = rcaid("--as", "rui", "import", "undo", plan, "--yes")
    assert ran.code == 0
    assert ran.err.splitlines()[-1] == "partly: 1 kept"
