"""A batch file for a bank as a workbook: every cell is text, the same rows give the same bytes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import BinaryIO, Final

from rcaid.files.sheets import open_sheet

# Workbooks carry the time they were made; a fixed one keeps equal content equal in bytes.
_MADE: Final = dt.datetime(2022, 1, 1)


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """The bytes of a workbook with these rows."""
    import xlsxwriter

    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True})
    book.set_properties({"created": _MADE})
    page = book.add_worksheet()
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                page.write_string(at, column, cell)
    book.close()
    return packed.getvalue()


def read_workbook(file: BinaryIO, name: str, width: int) -> list[list[str]]:
    """The rows of a workbook, each at least ``width`` cells wide; raises `Unusable` as
    `open_sheet` does."""
    sheet = open_sheet(file, name)
    try:
        return [[*cells, *[""] * (width - len(cells))] for _row, cells in sheet.rows]
    finally:
        sheet.close()
