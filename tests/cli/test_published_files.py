"""One command says of each published file what became of its rows, and why."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

DATA = Path(__file__).parents[2].parent / "shared/data"
FIXTURE = Path(__file__).parents[1] / "services/hand_counts.toml"
COUNTED = {
    Path(each["name"]).name: each for each in tomllib.loads(FIXTURE.read_text("utf-8"))["file"]
}
COUNTS = ("read", "new", "updated", "unchanged", "undecided", "rejected", "warned")

pytestmark = pytest.mark.skipif(
    not (DATA / "121").is_dir(), reason=f"the published files are not at {DATA}"
)


def _plan(rcaid: Run, some: str, *options: str) -> Any:
    files = sorted((DATA / "121").glob(some))
    return rcaid("--as", "hua", "import", "plan", *files, "--profile", "121", *options)


def test_the_summary_of_a_folder_equals_the_counts_made_by_hand(rcaid: Run, place: Path) -> None:
    ran = _plan(rcaid, "*.csv", "--summary", "--json")
    assert ran.code == 3
    told = {row["file"]: row for row in map(json.loads, ran.out.splitlines())}
    assert told.keys() == {path.name for path in (DATA / "121").glob("*.csv")}
    for name, row in told.items():
        counted = COUNTED[name]
        if "refused" in counted:
            assert [each["code"] for each in row["refused"]] == [counted["refused"]]
            continue
        assert row["profile"] == counted["profile"]
        assert {key: row[key] for key in COUNTS} == {key: counted.get(key, 0) for key in COUNTS}
        assert row["read"] == row["accepted"] + row["undecided"] + row["rejected"]
        why = {each["code"]: each["rows"] for each in row["why"] if not each.get("warning")}
        assert why == counted.get("why", {})
        assert row["pairs"]["asked"] == counted.get("asked", 0)
        assert row["unmapped"] == [] and bool(row["ignored"]) == (row["kind"] == "people")


def test_the_summary_reads_as_a_table_and_then_says_why(rcaid: Run, place: Path) -> None:
    ran = _plan(rcaid, "test-registrations-[ASd]*.csv")
    lines = ran.out.splitlines()
    assert len(lines[1:6]) == 5 and all(line.startswith("test-") for line in lines[1:6])
    damaged = lines.index("test-registrations-Safaricom.csv:")
    assert lines[damaged + 1].startswith("  9 × phone.scientific: row 2, column phoneNumber")
    repeated = next(line for line in lines if line.startswith("test-registrations-demo.csv: "))
    assert "whatsappPhoneNumber stands in column F and in AB" in repeated
    copied = lines.index("test-registrations-demo-1001.csv:")
    assert "row 1002" in lines[copied + 1] and "same as row 1001" in lines[copied + 1]
    assert "test-registrations-Airtel.csv: of the profiles 121, 121-registrations fits" in ran.err
