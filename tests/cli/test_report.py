"""rcaid report and snapshot: every shape they come in, and figures once frozen."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from rcaid.services.reporting.reports import REPORTS
from tests.cli.conftest import Run

ANNUAL = ("report", "annual", "--period", "2022")


@pytest.fixture
def imported(rcaid: Run, place: Path, roster_file: Path, tmp_path: Path) -> Path:
    """The store with a submitted roster of three lines."""
    plan = tmp_path / "one.plan"
    rcaid("--as", "hua", "import", "plan", roster_file, "--kind", "roster", "--cycle", "22A",
          "-o", plan)  # fmt: skip
    assert rcaid("--as", "hua", "import", "apply", plan, "--yes").code == 0
    return place


def period(name: str) -> str:
    """A period that the report takes."""
    return "22A" if REPORTS[name].period == "cycle" else "2022"


def test_rules_and_wording_stand_apart_from_the_rows(
    rcaid: Run, imported: Path, tmp_path: Path
) -> None:
    ran = rcaid("--as", "sun", *ANNUAL, "--style", "announce")
    assert ran.code == 0 and "BR-060" in ran.err and "BR-060" not in ran.out
    assert "0人次" in ran.out
    told = json.loads(rcaid("--as", "sun", *ANNUAL, "--json").out)
    assert told["report"] == "annual" and told["rows"][0]["person_times"] == 0
    sheet = tmp_path / "annual.xlsx"
    book = ("--as", "sun", *ANNUAL, "--format", "xlsx")
    assert rcaid(*book).code == 4
    assert rcaid(*book, "-o", sheet).code == 0 and sheet.read_bytes()[:2] == b"PK"
    assert rcaid("--as", "sun", *ANNUAL, "--format", "odt").code == 2


def test_income_batches_and_flags_are_reports_in_every_shape(
    rcaid: Run, imported: Path, tmp_path: Path
) -> None:
    income = ("--as", "sun", "report", "income", "--period", "2022")
    ran = rcaid(*income)
    assert ran.code == 0 and "written off = closing" in ran.err
    assert "closing balance" in ran.out and "1,000,000.00" in ran.out
    rows = json.loads(rcaid(*income, "--json").out)["rows"]
    assert {row["line"]: row["cash"] for row in rows}["received"] == 1_000_000_00
    sheet = tmp_path / "income.csv"
    assert rcaid(*income, "--format", "csv", "-o", sheet).code == 0
    assert "opening balance" in sheet.read_text(encoding="utf-8-sig")
    assert "期初余额" in rcaid("--lang", "zh_CN", *income).out

    batches = rcaid("--as", "bo", "report", "reconciliation", "--period", "22A", "--json")
    assert json.loads(batches.out)["rows"] == []
    flags = ("report", "flags", "--period", "22A")
    assert rcaid("--as", "sun", *flags).code == 0
    assert rcaid("--as", "hua", *flags).code == 4


@pytest.mark.parametrize("name", [name for name in REPORTS if name != "public"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_report_comes_out_in_every_format_with_its_rules(
    rcaid: Run, imported: Path, tmp_path: Path, name: str, language: str
) -> None:
    said = ("--as", "sun", "--lang", language, "report", name, "--period", period(name))
    for shape in ("csv", "xlsx", "json", "html"):
        target = tmp_path / f"{name}.{shape}"
        assert rcaid(*said, "--format", shape, "-o", target).code == 0
        assert target.stat().st_mode & 0o777 == 0o600
    page = (tmp_path / f"{name}.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") and "红会" in page
    assert f'lang="{language.replace("_", "-")}"' in page
    table = rcaid(*said)
    assert table.code == 0 and len(table.err.splitlines()) > 1


def test_the_list_names_every_code_and_points_to_the_files(rcaid: Run, imported: Path) -> None:
    rows = [json.loads(line) for line in rcaid("report", "list", "--json").out.splitlines()]
    codes = [row["code"] for row in rows]
    assert codes == sorted(codes)
    assert {"R-02", "R-03", "R-04", "R-08", "R-09", "R-10", "R-11", "R-14", "R-16", "R-17"} <= set(
        codes
    )
    assert {row["name"] for row in rows if row["code"] == "R-09"} == {"rcaid batch export BATCH"}


def test_what_is_asked_wrongly_is_refused_in_a_sentence(rcaid: Run, imported: Path) -> None:
    for wrong, said in (
        (("annual", "--period", "22"), "22 is no period"),
        (("annual", "--period", "2022", "--as-of", "2022-02-30"), "2022-02-30 is no day"),
        (("quota", "--period", "99Z"), "99Z"),
    ):
        ran = rcaid("--as", "sun", "report", *wrong)
        assert ran.code == 4 and said in ran.err
    assert rcaid("--as", "sun", *ANNUAL, "--corrects", "S-2022-0001").code == 2


def test_br_074_a_snapshot_is_printed_byte_for_byte(rcaid: Run, imported: Path) -> None:
    assert rcaid("--as", "hua", *ANNUAL, "--freeze").code == 4
    ran = rcaid("--as", "chief", *ANNUAL, "--freeze")
    assert ran.code == 0 and "snapshot S-2022-0001" in ran.err
    show = ("--as", "sun", "snapshot", "show", "S-2022-0001")
    first = [rcaid(*show, *more) for more in ((), ("--json",), ("--format", "html"))]
    (listed,) = rcaid("--as", "sun", "snapshot", "list", "--json").out.splitlines()
    assert json.loads(listed)["sha256"] == hashlib.sha256(first[1].out[:-1].encode()).hexdigest()

    assert rcaid("--as", "mo", "fund", "receive", "QWR", "5000", "--key", "x", "--yes").code == 0
    assert [rcaid(*show, *more) for more in ((), ("--json",), ("--format", "html"))] == first
    again = rcaid("--as", "chief", *ANNUAL, "--freeze", "--corrects", "S-2022-0001")
    assert "S-2022-0002" in again.err
    newest = json.loads(rcaid("--as", "sun", "snapshot", "list", "--json").out.splitlines()[0])
    assert newest["note"] == "corrects S-2022-0001"
    assert rcaid(*show[:3], "show", "S-2022-0009").code == 4


def test_br_075_a_total_from_before_goes_on(rcaid: Run, imported: Path) -> None:
    said = ("report", "opening", "relief.value", "236000000.00", "--as-of", "2021-12-31",
            "--source", "BOOK-2", "--programme", "QWR")  # fmt: skip
    assert rcaid("--as", "chief", *said).code == 0
    rows = json.loads(rcaid("--as", "sun", "report", "review", "--period", "2022", "--json").out)
    [total] = [row for row in rows["rows"] if row["indicator"] == "relief.value.total"]
    assert (total["amount"], total["first_day"]) == (23_600_000_000, "2021-12-31")
    assert total["said"] == "2.36亿元"
    assert rcaid("--as", "chief", *said[:2], "relief.persons", "7", *said[4:]).code == 4
    assert rcaid("--as", "chief", *said[:3], "many", *said[4:]).code == 4
