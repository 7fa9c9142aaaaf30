"""Random tables: what is written is what is read, and whatever is read ends well.

2,000 in this process and 200 through the child in every run; 200,000 and 2,000 in a whole soak.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from rcaid.domain.errors import Unusable
from rcaid.domain.sentences import sentence
from rcaid.files import delimited
from rcaid.files.headers import Field, find_header, is_label_row, map_columns
from rcaid.files.sheets import cell_text
from rcaid.files.tables import Table, is_total, open_table
from rcaid.files.writing import write_xlsx
from tests.files import biff, seeds
from tests.longer import times

FIELDS = (Field("name", ("姓名", "name"), True), Field("number", ("证件号码", "id_number")))
ALPHABET = st.characters(
    exclude_categories=["Cs", "Cc"], exclude_characters="'\ufeff\ufffe\uffff"
) | st.sampled_from("张三李四𬭎·=+-@\"'\n ")
WORDS = st.text(ALPHABET, max_size=8)
Cells = list[list[str]]


@st.composite
def _tables(draw: st.DrawFn) -> Cells:
    """A header nobody can mistake, and rows that are neither totals nor the header again."""
    width = draw(st.integers(2, 6))
    header = ["姓名", *(f"列{n}" for n in range(1, width))]
    row = st.lists(WORDS.filter(_plain), min_size=width, max_size=width)
    return [header, *draw(st.lists(row, max_size=8))]


def _plain(cell: str) -> bool:
    return not is_total(cell) and cell not in ("姓名", "name") and not cell.startswith("'")


def _filled(rows: Cells) -> Cells:
    return [cells for cells in rows if any(cell.strip() for cell in cells)]


def _read(path: Path) -> Table:
    with open_table(path, fields=FIELDS) as table:
        table.rows = iter(list(table.rows))
        return table


def _ends_well(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            table = _read(path)
            assert all(len(cells) >= len(table.header) for _, cells in table.rows)
        except Unusable as error:
            assert all(sentence(problem) for problem in error.problems)


@settings(max_examples=times(500, 50_000))
@given(
    _tables(),
    st.sampled_from(delimited.DELIMITERS),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    st.sampled_from(["\r", "\n", "\r\n"]),
    st.booleans(),
)
def test_delimited_text_of_any_make_is_read_as_it_was_written(
    rows: Cells, delimiter: str, encoding: str, ends: str, all_quoted: bool
) -> None:
    # Only the delimiter of this table may stand in its cells: two that fit are anybody's guess.
    others = str.maketrans("", "", "".join({*delimited.DELIMITERS} - {delimiter}))
    rows = [[cell.translate(others) for cell in cells] for cells in rows]
    text = io.StringIO(newline="")
    # With old line ends the writer leaves a line feed within a cell bare.
    careful = all_quoted or ends == "\r"
    writer = csv.writer(
        text,
        delimiter=delimiter,
        lineterminator=ends,
        quoting=csv.QUOTE_ALL if careful else csv.QUOTE_MINIMAL,
    )
    writer.writerows(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        table = _read(path)
    assert (table.header, table.encoding) == (tuple(rows[0]), encoding)
    assert [cells for _, cells in table.rows] == [delimited.unguard(c) for c in _filled(rows[1:])]


FRAGMENTS = st.sampled_from(
    [",", ";", "\t", "|", '"', '""', "\r", "\n", "\r\n", "姓名", "合计", "a", " ", "'", "=1", "\0"]
)


@settings(max_examples=times(600, 60_000))
@given(st.lists(FRAGMENTS | WORDS, max_size=60), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
def test_marks_in_any_order_end_in_rows_or_in_one_sentence(parts: list[str], encoding: str) -> None:
    _ends_well("t.csv", "".join(parts).encode(encoding))


@settings(max_examples=times(500, 50_000))
@given(st.binary(max_size=400))
def test_bytes_in_any_order_end_in_rows_or_in_one_sentence(data: bytes) -> None:
    _ends_well("t.xls", data if data[:2] not in (b"PK", b"\xd0\xcf") else b"x" + data)


@settings(max_examples=times(400, 40_000))
@given(st.lists(st.lists(FRAGMENTS | WORDS, max_size=6), max_size=8))
def test_any_rows_have_a_header_or_none_and_columns_map_once(rows: Cells) -> None:
    found = find_header(rows, ["姓名", "证件号码"])
    assert (found is None) == (not any(cell.strip() for cells in rows for cell in cells))
    if found is not None:
        mapped = map_columns(rows[found], FIELDS)
        assert len(set(mapped.columns.values())) == len(mapped.columns)
        assert len(mapped.unmapped) + len(mapped.columns) <= len(rows[found])
        for below in rows[found + 1 :]:
            is_label_row(below, rows[found], ["姓名"])


@settings(max_examples=times(100, 10_000))
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_is_shown_with_its_first_digits(value: float) -> None:
    shown = cell_text(value)
    assert abs(float(shown) - value) <= abs(value) * 1e-5


def _xlsx(path: Path, rows: Cells) -> None:
    write_xlsx(path, rows[0], rows[1:])


def _ods(path: Path, rows: Cells) -> None:
    path.write_bytes(seeds.ods("".join(seeds.ods_row(*map(escape, cells)) for cells in rows)))


def _xls(path: Path, rows: Cells) -> None:
    path.write_bytes(biff.workbook({"名单": rows}))


WRITERS: dict[str, Callable[[Path, Cells], None]] = {"xlsx": _xlsx, "ods": _ods, "xls": _xls}


@settings(max_examples=times(200, 2_000))
@given(_tables(), st.sampled_from(sorted(WRITERS)))
def test_workbooks_of_any_make_are_read_as_they_were_written(rows: Cells, kind: str) -> None:
    if kind == "ods":
        # A paragraph of a sheet has neither line ends nor spaces in a row.
        rows = [[" ".join(cell.split()) for cell in cells] for cells in rows]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"t.{kind}"
        WRITERS[kind](path, rows)
        table = _read(path)
    assert (table.kind, table.header) == (kind, tuple(rows[0]))
    found = [cells for _, cells in table.rows]
    assert found == [delimited.unguard(cells) for cells in _filled(rows[1:])]
