"""Writing tables: whole or not at all, private, and safe to open in a spreadsheet (BR-096)."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import os
import re
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

from rcaid.domain.errors import Problem, Unusable
from rcaid.domain.text import spreadsheet_safe
from rcaid.files.headers import REASONS, fold, is_reason
from rcaid.files.tables import Table

MOST_SHEET_ROWS: Final = 1_048_576
MOST_CELL: Final = 32_767
MONEY_FORMAT: Final = "#,##0.00"
# Workbooks carry the time they were made; a fixed one keeps equal content equal in bytes.
_MADE: Final = dt.datetime(2022, 1, 1)
_MOST_EXACT_FEN: Final = 10**15


@contextlib.contextmanager
def replacing(path: Path | str) -> Iterator[BinaryIO]:
    """A file beside ``path`` that takes its place when the block ends well, or goes away.

    Mode 0600; the bytes and the folder are on the disk before this returns. Raises `Unusable`
    where the folder is missing, read-only or full, with what stood there before unharmed.
    """
    path = Path(path)
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:80]}.", dir=path.parent)
        with open(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        temporary = ""
        _sync_folder(path.parent)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unusable(Problem("file.unwritable", {"file": str(path), "reason": reason})) from error
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_csv(
    path: Path | str,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    encoding: str = "utf-8-sig",
    delimiter: str = ",",
) -> int:
    """Write a table as delimited text with CRLF line ends; returns the number of data rows.

    Cells are written as `str`, None as an empty cell; a cell that a spreadsheet could take for
    a formula gets an apostrophe, which reading takes away again.
    """
    count = 0
    with replacing(path) as file:
        text = io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")
        try:
            writer = csv.writer(text, delimiter=delimiter)
            writer.writerow([spreadsheet_safe(heading) for heading in header])
            for number, row in enumerate(rows, 1):
                count = number
                writer.writerow([_cell(value) for value in row])
            text.flush()
        except UnicodeEncodeError as error:
            params = {"file": str(path), "encoding": encoding, "row": count}
            raise Unusable(Problem("file.not_encodable", params, row=count)) from error
        finally:
            with contextlib.suppress(OSError):
                text.detach()
    return count


def _cell(value: object) -> str:
    return "" if value is None else spreadsheet_safe(str(value))


def write_xlsx(
    path: Path | str,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    sheet: str = "Sheet1",
    title: str | Sequence[str] | None = None,
    money: Collection[str] = (),
) -> int:
    """Write a table as a workbook; returns the number of data rows. Same rows, same bytes.

    Every cell is text, except columns named in ``money``, whose int fen become numbers in yuan.
    ``title`` lines stand above the header, each merged over the width of the table.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    path = Path(path)
    with replacing(path) as file, tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        # Packed in memory: a zip that cannot be finished on a full disk complains when it dies.
        packed = io.BytesIO()
        book = xlsxwriter.Workbook(packed, {"constant_memory": True, "tmpdir": scratch})
        try:
            book.set_properties({"created": _MADE})
            page = book.add_worksheet(sheet)
            top = _titles(book, page, [title] if isinstance(title, str) else title or (), header)
            bold = book.add_format({"bold": True})
            for column, heading in enumerate(header):
                page.write_string(top, column, spreadsheet_safe(heading), bold)
            amounts = {i for i, heading in enumerate(header) if heading in money}
            count = _fill(page, path, rows, top + 1, amounts, book.add_format(_number_format()))
        finally:
            try:
                book.close()
            except FileCreateError as error:
                raise OSError(str(error)) from error
        file.write(packed.getbuffer())
    return count


def _number_format() -> dict[str, str]:
    return {"num_format": MONEY_FORMAT}


def _titles(book: Any, page: Any, titles: Sequence[str], header: Sequence[str]) -> int:
    """Write the merged lines above the header; returns the header's row from 0."""
    centred = book.add_format({"bold": True, "align": "center"})
    for row, line in enumerate(titles):
        if len(header) > 1:
            page.merge_range(row, 0, row, len(header) - 1, "", centred)
        page.write_string(row, 0, spreadsheet_safe(line), centred)
    return len(titles)


def _fill(
    page: Any,
    path: Path,
    rows: Iterable[Sequence[object]],
    first: int,
    amounts: Collection[int],
    number: Any,
) -> int:
    count = 0
    for count, row in enumerate(rows, 1):
        place = first + count - 1
        if place >= MOST_SHEET_ROWS:
            raise Unusable(Problem("sheet.too_many_rows", {"file": str(path)}, row=count))
        for column, value in enumerate(row):
            if column in amounts and isinstance(value, int) and abs(value) < _MOST_EXACT_FEN:
                page.write_number(place, column, value / 100, number)
                continue
            cell = _cell(value)
            if len(cell) > MOST_CELL:
                params = {"file": str(path), "row": count, "most": MOST_CELL}
                raise Unusable(Problem("sheet.cell_long", params, row=count))
            if cell:
                page.write_string(place, column, cell)
    return count


def write_rejects(
    path: Path | str,
    like: Table,
    rows: Iterable[tuple[Sequence[str], str]],
    *,
    reason: str = REASONS[0],
) -> Path:
    """Write rejected rows with the columns, order and file type of the table they came from.

    ``rows`` are (cells, why). The reason stands in a last column headed ``reason``; the one that
    an earlier round left is dropped. Mended, the file can go in again. XLS and ODS come out as
    XLSX. Returns where it was written: ``path`` with the ending of its type.
    """
    width = len(like.header)
    kept = [
        i
        for i, heading in enumerate(like.header)
        if fold(heading) != fold(reason) and not is_reason(heading)
    ]
    header = [*(like.header[i] for i in kept), reason]
    lines = (
        [*(cells[i] if i < len(cells) else "" for i in kept), why, *cells[width:]]
        for cells, why in rows
    )
    path = Path(path)
    if like.kind != "csv":
        target = path.with_suffix(".xlsx")
        sheet = re.sub(r"[\[\]:*?/\\]", "_", like.sheet)[:31].strip("'")
        write_xlsx(target, header, lines, sheet=sheet or "Sheet1")
        return target
    target = path.with_suffix(like.path.suffix or ".csv")
    whole = like.encoding.startswith("utf-16") or like.encoding == "gb18030"
    encoding = like.encoding if whole else "utf-8-sig"
    write_csv(target, header, lines, encoding=encoding, delimiter=like.delimiter)
    return target
