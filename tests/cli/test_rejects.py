"""Rejected rows go round: out with their reasons, mended, in again, touching nothing else."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from rcaid.files.headers import REASONS
from rcaid.files.tables import open_table
from rcaid.files.writing import write_csv, write_xlsx
from tests.cli.conftest import HEADER, Run, line, number

HEADINGS = HEADER.split(",")
ENDINGS = ("csv", "xlsx")


def cells(serial: int, name: str, **changes: str) -> list[str]:
    """A row of a roster."""
    return line(serial, name, **changes).split(",")


def write(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    """A table of the type its name says."""
    (write_xlsx if path.suffix == ".xlsx" else write_csv)(path, header, rows)
    return path


def read(path: Path) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of a table."""
    with open_table(path) as table:
        return list(table.header), [row for _, row in table.rows]


def plan(rcaid: Run, path: Path, *before: str) -> tuple[int, dict[str, Any]]:
    """Plans a roster file; the exit code and what was told."""
    words = ("import", "plan", path, "--kind", "roster", "--cycle", "22A", "--json")
    ran = rcaid("--as", "hua", *before, *words)
    assert ran.out, ran.err
    return ran.code, json.loads(ran.out)


def apply(rcaid: Run, told: dict[str, Any]) -> str:
    """Applies a plan by its id; the import it became."""
    ran = rcaid("--as", "hua", "import", "apply", told["plan_id"], "--yes", "--json")
    assert ran.code == 0, ran.err
    return str(json.loads(ran.out)["batch"])


def listed(rcaid: Run) -> dict[str, str]:
    """Who is listed, by case number: the newest version of each line as it is shown."""
    ran = rcaid("--as", "hua", "case", "list", "--json")
    return {json.loads(each)["case"]: each for each in ran.out.splitlines()}


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_rejected_rows_are_mended_and_touch_only_themselves(
    rcaid: Run, place: Path, tmp_path: Path, ending: str, language: str
) -> None:
    wrong = number(2)[:-1] + ("1" if number(2)[-1] != "1" else "2")
    rows = [
        cells(1, "王小明"),
        cells(2, "李强", number=wrong, note="补录"),
        cells(3, "张华", category="感冒", amount="三百"),
        cells(4, "赵敏"),
    ]
    code, told = plan(rcaid, write(tmp_path / f"嘉定.{ending}", HEADINGS, rows))
    assert (code, told["new"], told["rejected"]) == (3, 2, 2)
    batch = apply(rcaid, told)
    before = listed(rcaid)

    reason = REASONS[language == "zh_CN"]
    for turn in range(3):
        out = tmp_path / f"round{turn}.{ending}"
        words = ("import", "rejects", batch, "-o", out)
        assert rcaid("--as", "hua", "--lang", language, *words).code == 0
        header, rejected = read(out)
        assert header == [*HEADINGS, reason]
        mended = []
        for row in rejected:
            assert row[-1]
            if row[0] == "张华" and turn == 1:
                assert all(word in row[-1] for word in ("类别", "感冒", "金额", "三百"))
            fixed = list(row)
            if row[0] == "李强" and turn == 0:
                fixed[2] = number(2)
            if row[0] == "张华" and turn == 1:
                fixed[5], fixed[11] = "肿瘤", "300"
            mended.append(fixed)
        code, told = plan(rcaid, write(out, header, mended))
        assert told["unmapped"] == ["备注"]
        assert (told["read"], told["new"], told["unchanged"]) == (2 - turn, 1, 0)
        assert (code, told["rejected"]) == ((3, 1) if turn == 0 else (0, 0))
        batch = apply(rcaid, told)
        now = listed(rcaid)
        assert {case: now[case] for case in before} == before
        assert len(now) == 3 + turn
        before = now
        if code == 0:
            break
    _, again = plan(rcaid, write(tmp_path / f"whole.{ending}", HEADINGS, [
        cells(4, "赵敏"), cells(2, "李强"), cells(3, "张华"), cells(1, "王小明"),
    ]))  # fmt: skip
    assert (again["new"], again["updated"], again["unchanged"]) == (0, 0, 4)


def test_rejects_that_nobody_mended_come_out_as_they_were(
    rcaid: Run, place: Path, tmp_path: Path
) -> None:
    first, second, third = (tmp_path / f"{n}.csv" for n in (1, 2, 3))
    _, told = plan(rcaid, write(first, HEADINGS, [cells(1, "王小明", category="感冒")]))
    assert rcaid("--as", "hua", "import", "rejects", told["plan_id"], "-o", second).code == 0
    _, again = plan(rcaid, second, "--lang", "zh_CN")
    assert again["rejected"] == 1
    words = ("--lang", "en", "import", "rejects", again["plan_id"], "-o", third)
    assert rcaid("--as", "hua", *words).code == 0
    assert third.read_bytes() == second.read_bytes()


def test_the_reason_is_not_read_as_why_something_was_not_handed_out(
    rcaid: Run, place: Path, tmp_path: Path
) -> None:
    header = ["凭证号", "发放日期", "是否发放", "未导入原因", "原因"]
    path = write(tmp_path / "sheet.csv", header, [["22A-JD-00001-1K", "2022-02-01", "否", "x", ""]])
    ran = rcaid("import", "peek", path, "--kind", "delivery", "--json")
    told = json.loads(ran.out)
    assert "原因=why" in told["columns"] and told["not_used"] == []


def test_rejects_go_to_standard_output(
    place: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    from rcaid.cli.edge import run

    def ran(*words: str | Path) -> tuple[int, bytes]:
        capsysbinary.readouterr()
        code = run(["--as", "hua", *map(str, words)])
        return code, capsysbinary.readouterr().out

    for ending in ENDINGS:
        rows = [cells(1, "王小明", category="感冒")]
        path = write(tmp_path / f"a.{ending}", HEADINGS, rows)
        words = ("import", "plan", path, "--kind", "roster", "--cycle", "22A", "--json")
        told = json.loads(ran(*words)[1])
        code, data = ran("import", "rejects", told["plan_id"], "-o", "-")
        assert code == 0
        if ending == "csv":
            [row] = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
            assert row["姓名"] == "王小明" and row[REASONS[0]]
        else:
            assert data.startswith(b"PK\x03\x04")


def test_rejects_of_another_office_are_refused(rcaid: Run, place: Path, tmp_path: Path) -> None:
    _, told = plan(
        rcaid, write(tmp_path / "a.csv", HEADINGS, [cells(1, "王小明", category="感冒")])
    )
    assert rcaid("--as", "root", "user", "add", "pu", "浦", "--duty", "caseworker@310115").code == 0
    for verb in ("show", "rejects"):
        extra = ("-o", tmp_path / "out.csv") if verb == "rejects" else ()
        ran = rcaid("--as", "pu", "import", verb, told["plan_id"], *extra)
        assert (ran.code, ran.out) == (4, "")
    assert rcaid("--as", "pu", "import", "apply", told["plan_id"], "--yes").code == 4
    assert rcaid("--as", "rui", "import", "show", told["plan_id"]).code == 0
