"""rcaid import of people and of updates: what a plan says of them, and what becomes of it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run, number


def text(*rows: str) -> str:
    return "\n".join(["姓名,证件号码,联系电话,出生日期", *rows]) + "\n"


def write(path: Path, *rows: str) -> Path:
    path.write_text(text(*rows), encoding="utf-8-sig")
    return path


def test_people_come_in_and_updates_say_what_they_change(
    rcaid: Run, place: Path, tmp_path: Path
) -> None:
    first = write(tmp_path / "people.csv", f"王伟,{number(1)},13800000001,")
    plan = rcaid("--as", "hua", "import", "plan", first, "--kind", "people", "--json")
    assert plan.code == 0
    done = rcaid("--as", "hua", "import", "apply", json.loads(plan.out)["plan"], "--yes")
    assert done.code == 0

    second = write(tmp_path / "update.csv", f"王玮,{number(1)},13900000002,", "李芳,,1390,")
    told = rcaid("--as", "hua", "import", "plan", second, "--kind", "update")

    assert told.code == 3
    assert "update.csv: updates" in told.out
    assert "row 2: phone: 138****0001 → 139****0002" in told.out
    assert "row 2: name: 王* → 王* (waits for a second person)" in told.out
    assert "row 3" in told.out
    as_data = json.loads(
        rcaid("--as", "hua", "import", "plan", second, "--kind", "update", "--json").out
    )
    assert [(c["field"], c["waits"]) for c in as_data["changes"]] == [
        ("phone", False), ("name", True)
    ]  # fmt: skip
    shown = rcaid("--as", "rui", "import", "show", as_data["plan_id"])
    assert "row 2: phone: 138****0001 → 139****0002" in shown.out


def test_a_column_of_dates_that_proves_nothing_asks_for_the_option(
    rcaid: Run, place: Path, tmp_path: Path
) -> None:
    head = "name,id type,id number,reason,date of birth"
    path = tmp_path / "abroad.csv"
    path.write_text(f"{head}\nAnn,其他,A1,abroad,03-04-1999\n", encoding="utf-8")

    asked = rcaid("--as", "hua", "import", "plan", path, "--kind", "people")
    assert asked.code == 3
    assert "--dates dmy or --dates mdy" in asked.err
    said = rcaid("--as", "hua", "import", "plan", path, "--kind", "people", "--dates", "mdy")
    assert said.code == 0


def test_who_may_not_bring_people_in_is_refused(rcaid: Run, place: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "people.csv", f"王伟,{number(1)},13800000001,")
    assert rcaid("--as", "bo", "import", "plan", path, "--kind", "people").code == 4
