"""Whole plans of awkward files: sheets, encodings, titles, labels, totals, merged and odd headers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from rcaid.domain.errors import Unusable
from rcaid.services.importing import imports
from rcaid.services.importing.imports import Planned
from tests.services.conftest import HEADINGS, Society
from tests.services.writing import number, refused

NAMES = ("王伟", "李强", "张华")


@pytest.fixture
def people(society: Society) -> list[list[str]]:
    """Three good rows in the order of the headings."""
    rows = (society.person(2 * n + 1, name) for n, name in enumerate(NAMES))
    return [[row[heading] for heading in HEADINGS] for row in rows]


def _plan(society: Society, path: Path, **options: Any) -> Planned:
    desk = society.desk("jd-caseworker")
    return imports.plan(desk, path, "roster", cycle_code="22A", **options)


def _text(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\r\n") -> str:
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter, lineterminator=end).writerows(rows)
    return made.getvalue()


def _written(society: Society, rows: Sequence[Sequence[str]]) -> Path:
    path = society.folder / "made.csv"
    path.write_text(_text(rows), "utf-8", newline="")
    return path


def _came_in(society: Society, planned: Planned, *, warnings: Sequence[str] = ()) -> None:
    """The three people are planned, nothing else is, and they do come in."""
    facts = planned.facts
    assert (facts.rows_read, facts.rows_new, facts.rows_rejected) == (3, 3, 0)
    assert [problem.code for problem in planned.problems] == list(warnings)
    imports.apply(society.desk("jd-caseworker"), planned.path)
    assert number(society.admin.store, "SELECT count(*) FROM person") == 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize(("delimiter", "end"), [(",", "\r\n"), ("\t", "\n"), (";", "\r")])
def test_text_of_any_encoding_delimiter_and_line_end_is_planned(
    society: Society, people: list[list[str]], encoding: str, delimiter: str, end: str
) -> None:
    path = society.folder / "made.csv"
    path.write_bytes(_text([HEADINGS, *people], delimiter, end).encode(encoding))
    _came_in(society, _plan(society, path))


def test_a_delimiter_nobody_would_think_of_is_named(
    society: Society, people: list[list[str]]
) -> None:
    path = society.folder / "made.csv"
    path.write_bytes(_text([HEADINGS, *people], "~").encode("gb18030"))
    with pytest.raises(Unusable):
        _plan(society, path)
    _came_in(society, _plan(society, path, delimiter="~"))


def _workbook(path: Path, sheets: dict[str, list[list[str]]], merged: str = "") -> Path:
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for n, cells in enumerate(rows):
            page.write_row(n, 0, cells)
        if merged:
            page.merge_range(merged, "幸福路1号")
            merged = ""
    book.close()
    return path


def test_of_several_sheets_the_first_is_planned_with_a_word_or_the_one_that_is_named(
    society: Society, people: list[list[str]]
) -> None:
    header = list(HEADINGS)
    sheets = {"嘉定": [header, *people], "说明": [["a", "b"]], "空": []}
    path = _workbook(society.folder / "made.xlsx", sheets)
    planned = _plan(society, path)
    assert (planned.facts.sheet, planned.facts.file_type) == ("嘉定", "xlsx")
    assert planned.problems[0].params["others"] == "说明"
    _came_in(society, planned, warnings=["sheet.others"])

    other = {"说明": [["a", "b"]], "嘉定": [header, *people[:2]]}
    path = _workbook(society.folder / "other.xlsx", other)
    with refused("header.missing", by=Unusable):
        _plan(society, path)
    assert _plan(society, path, sheet="嘉定").facts.rows_unchanged == 2


def test_title_label_and_totals_rows_are_left_out_and_counted(
    society: Society, people: list[list[str]]
) -> None:
    title = ["嘉定区救助名单"] + [""] * (len(HEADINGS) - 1)
    labels = ["name", "id type", "id number", *[""] * 3, "phone", "street", *[""] * 9]
    total = ["合计", *[""] * 14, "1500", ""]
    between = ["江桥镇小计", *[""] * 14, "500", ""]
    blank = [""] * len(HEADINGS)
    rows = [title, blank, HEADINGS, labels, people[0], between, *people[1:], HEADINGS, total]
    planned = _plan(society, _written(society, rows))
    facts = planned.facts
    assert (facts.rows_read, facts.totals_rows) == (3, 4)
    assert len(rows) - 3 == 3 + 4, "title, blank and header are the only other rows"
    _came_in(society, planned, warnings=["header.labels"])


def test_a_repeated_heading_refuses_the_file_with_both_columns(
    society: Society, people: list[list[str]]
) -> None:
    header = [*HEADINGS, "联系电话"]
    path = _written(society, [header, *([*cells, ""] for cells in people)])
    with refused("header.repeated", by=Unusable) as caught:
        _plan(society, path)
    [problem] = caught.value.problems
    assert (problem.params["first"], problem.params["second"]) == ("G", "R")
    assert not list(society.folder.rglob("*.plan"))


def test_an_empty_heading_refuses_the_file_unless_its_column_is_empty_too(
    society: Society, people: list[list[str]]
) -> None:
    spaced = [["", *cells] for cells in (HEADINGS, *people)]
    filled = [spaced[0], ["x", *people[0]]]
    with refused("header.blank", by=Unusable) as caught:
        _plan(society, _written(society, filled))
    assert caught.value.problems[0].params["column"] == "A"
    _came_in(society, _plan(society, _written(society, spaced)))


def test_merged_cells_are_warned_of_and_only_the_first_row_has_their_value(
    society: Society, people: list[list[str]]
) -> None:
    at = HEADINGS.index("地址")
    letter = "ABCDEFGHIJKLMNOPQ"[at]
    path = _workbook(
        society.folder / "made.xlsx", {"嘉定": [list(HEADINGS), *people]}, f"{letter}2:{letter}3"
    )
    planned = _plan(society, path)
    [warning] = planned.problems
    assert (warning.code, warning.row, warning.warning) == ("sheet.merged", 2, True)
    assert warning.params["area"] == f"{letter}2:{letter}3"
    _came_in(society, planned, warnings=["sheet.merged"])


def test_a_merged_needed_cell_rejects_the_rows_it_leaves_empty(
    society: Society, people: list[list[str]]
) -> None:
    at = HEADINGS.index("街道")
    street = people[0][at]
    rows = [list(cells) for cells in people]
    rows[1][at] = ""
    letter = "ABCDEFGHIJKLMNOPQ"[at]
    path = society.folder / "made.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("嘉定")
    for n, cells in enumerate([HEADINGS, *rows]):
        page.write_row(n, 0, cells)
    page.merge_range(f"{letter}2:{letter}3", street)
    book.close()
    planned = _plan(society, path)
    assert (planned.facts.rows_read, planned.facts.rows_new, planned.facts.rows_rejected) == (3, 2, 1)  # fmt: skip
    assert {each.row for each in planned.problems if not each.warning} == {3}
