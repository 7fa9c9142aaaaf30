"""rcaid case explain: each check in words and as data, on any day; every check has its words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from rcaid.cli.edge import run
from rcaid.domain.sentences import SENTENCES
from rcaid.screens.desk_text import _CHECKS
from rcaid.screens.rule_words import RULES
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
_CODE = re.compile(r'"((?:{fronts})\.[a-z_]+)"'.format(fronts="|".join(
    sorted({code.split(".")[0] for code in (*RULES, *_CHECKS) if "." in code})
)))  # fmt: skip


@pytest.fixture
def listed(place: Path, roster_file: Path, tmp_path: Path) -> Path:
    """The store with a submitted roster of three lines."""
    plan = str(tmp_path / "one.plan")
    run(["--as", "hua", "import", "plan", str(roster_file), "--kind", "roster", "--cycle", "22A",
         "-o", plan])  # fmt: skip
    assert run(["--as", "hua", "import", "apply", plan, "--yes"]) == 0
    return place


def test_a_case_is_explained_as_one_object(rcaid: Run, listed: Path) -> None:
    ran = rcaid("--as", "wen", "case", "explain", "22A-JD-00001", "--json")
    [line] = ran.out.splitlines()
    found = json.loads(line)
    assert (found["case"], found["programme"], found["version"]) == ("22A-JD-00001", "QWR", 1)
    cap = next(each for each in found["checks"] if each["code"] == "cap.person")
    assert cap["numbers"] == {"fen": 0, "cap": 100_000}
    assert (cap["kind"], cap["result"], cap["rule"]) == ("cap", "pass", "BR-022")
    assert cap["text"] == "cap, person: 0.00 of 1,000.00"


def test_a_case_is_explained_to_people(rcaid: Run, listed: Path) -> None:
    out = rcaid("--as", "wen", "case", "explain", "22A-JD-00001").out
    assert "cap, person: 0.00 of 1,000.00" in out and "BR-022" in out
    out = rcaid("--as", "wen", "--lang", "zh_CN", "case", "explain", "22A-JD-00001").out
    assert "通过" in out and "个人上限" in out


def test_a_day_before_the_case_or_none_at_all_ends_in_4(rcaid: Run, listed: Path) -> None:
    for day in ("2022-01-01", "2099-01-01", "soon"):
        ran = rcaid("--as", "wen", "case", "explain", "22A-JD-00001", "--as-of", day)
        assert ran.code == 4, day
        assert day in ran.err
    ran = rcaid("--as", "wen", "case", "explain", "22A-JD-00001", "--as-of", "2022-02-01")
    assert ran.code == 0


def test_every_check_that_the_program_makes_has_its_words() -> None:
    made = set()
    for name in (
        "domain/programme_facts.py",
        "domain/programme_rules.py",
        "services/checks.py",
        "services/case_then.py",
        "services/applications/judging.py",
        "services/applications/weighing.py",
    ):
        made |= set(_CODE.findall((ROOT / "rcaid" / name).read_text(encoding="utf-8")))
    parts = ("id_kind", "region", "institution", "category", "hardship", "disease", "item")
    made |= {f"{part}.{end}" for part in parts for end in ("listed", "outside")}
    made |= {f"{part}.{end}" for part in ("guardian", "consent") for end in ("there", "missing")}
    worded = {*RULES, *_CHECKS}
    assert made - SENTENCES.keys() <= worded
    made &= worded
    assert len(made) > 60
    assert set(RULES) <= made
