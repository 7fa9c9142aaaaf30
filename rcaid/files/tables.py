"""A file as a table: its header, its data rows, and what stands around them."""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain, islice, takewhile
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final

from rcaid.domain.errors import Problem, Unusable
from rcaid.files import delimited, kinds
from rcaid.files.headers import Field, check_header, find_header, fold, is_label_row, letter
from rcaid.files.kinds import PATIENCE

Row = tuple[int, list[str]]

MOST_COLUMNS: Final = 16_384
_LOOKED_AT: Final = 20
_NAMES: Final = frozenset({"姓名", "户名", "单位", "街道", "name"})
_TOTAL: Final = re.compile(
    r"(?:.{0,12}(?:[合总總小共][计計])|(?:sub|grand)?-?totals?)(?:\([^()]*\))?"
)
_BLANKS: Final = (
    " \u3000\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
)
# Last characters of an empty cell and of every way to write a total: a quick first look.
_DOUBTFUL: Final = frozenset({"", "计", "計", "l", "L", "s", "S", "ｌ"}) | set(_BLANKS + ":：)）")


@dataclass(slots=True)
class Table:
    """One table, open for one pass.

    ``rows`` yields (row number as the file counts, from 1; cells). Cells are padded to the
    header; a row that is longer than the header keeps its surplus, for the judge to refuse
    (`too_long`). Empty rows are skipped. Totals rows are put into ``totals`` as they are met, rows
    that say the headings once more into ``labels``. ``first`` are the first filled rows as they
    stand. ``warnings`` are known once the table is open, and so are the ``problems`` of the
    header, which only a tolerant reader gets to see. ``header_row`` counts from 1. ``kind`` is
    csv, xlsx, xlsb, xls or ods by content; encoding and delimiter are "" for workbooks.
    Taking rows may raise `Unusable`. Use it in a ``with`` statement.
    """

    path: Path
    name: str
    kind: str
    sha256: str
    header_row: int
    header: tuple[str, ...]
    rows: Iterator[Row]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    totals: list[Row] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    labels: list[Row] = field(default_factory=list)
    first: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack, repr=False)

    def __enter__(self) -> Table:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and end whatever reads it."""
        self._open.close()


@dataclass(slots=True)
class _Source:
    """Rows as they stand in the file, before anybody asked which is the header."""

    kind: str
    rows: Iterator[Row]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    warnings: list[Problem] = field(default_factory=list)
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()


def open_table(
    path: Path | str,
    *,
    fields: Sequence[Field] = (),
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    tolerant: bool = False,
    patience: float = PATIENCE,
) -> Table:
    """Open a table of any kind by its content; ``fields`` help to find the header.

    Raises `Unusable` with every problem of the file itself: missing, unreadable, empty, not a
    table, damaged, protected, too large, no fitting encoding, headings repeated or blank.
    ``tolerant`` opens it in spite of its headings, to show it. ``patience`` is how many seconds
    a workbook may go without progress. ``delimiter``, one character, is of text files alone.
    """
    path = Path(path)
    name = _readable(path.name)
    with ExitStack() as stack:
        file = stack.enter_context(open_regular(path))
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        source = _source(file, name, (sheet, encoding, patience), stack, delimiter)
        aliases = [alias for known in fields for alias in known.aliases]
        first, found = _look(source.rows, name, aliases)
        number, cells = first[found]
        below = first[found + 1 :]
        header = _header(cells)
        problems = check_header(header, number, [cells for _, cells in below])
        if problems and not tolerant:
            raise Unusable(problems)
        labels = _labels(below, header, aliases)
        source.warnings += _merged_below(source.merged, number)
        source.warnings += [
            Problem("header.labels", {"row": row}, row=row, warning=True) for row, _ in labels
        ]
        table = Table(
            path, name, source.kind, digest, number, header, iter(()),
            source.encoding, source.delimiter, source.sheet, [], source.warnings,
            labels, first, problems,
        )  # fmt: skip
        table.rows = _data(chain(below[len(labels) :], source.rows), table)
        table._open = stack.pop_all()
        return table


def _readable(name: str) -> str:
    """A file's name as text that can be written anywhere: bytes that are none become ?."""
    return name.encode("utf-8", "replace").decode("utf-8")


def open_regular(path: Path) -> io.BufferedReader:
    """Open a file for reading bytes; `Unusable` where it is missing, no file, or not ours."""
    name = _readable(str(path))
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            raise Unusable(Problem("file.not_regular", {"file": name}))
        return open(path, "rb")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Unusable(Problem("file.missing", {"file": name})) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unusable(Problem("file.unreadable", {"file": name, "reason": reason})) from error


def _source(
    file: BinaryIO,
    name: str,
    options: tuple[str | None, str | None, float],
    stack: ExitStack,
    delimiter: str | None,
) -> _Source:
    sheet, encoding, patience = options
    if kinds.family(file, name) == "text":
        checked = delimited.check(file, name, encoding, delimiter)
        rows = delimited.read(file, name, checked.encoding, checked.delimiter)
        if checked.guarded:
            rows = ((number, delimited.unguard(cells)) for number, cells in rows)
        warnings = kinds.check_ending(name, "csv")
        return _Source("csv", rows, checked.encoding, checked.delimiter, warnings=warnings)
    from rcaid.files.sheets import open_sheet

    stream = open_sheet(file, name, sheet, patience=patience)
    stack.callback(stream.close)
    warnings = kinds.check_ending(name, stream.kind)
    if stream.others:
        params = {"sheet": stream.sheet, "others": ", ".join(stream.others)}
        warnings.append(Problem("sheet.others", params, warning=True))
    return _Source(
        stream.kind, stream.rows, sheet=stream.sheet, warnings=warnings, merged=stream.merged
    )


def _look(rows: Iterator[Row], name: str, aliases: Sequence[str]) -> tuple[list[Row], int]:
    """The first filled rows, and which of them is the header."""
    first = list(islice((row for row in rows if any(row[1])), _LOOKED_AT))
    widest = max((len(cells) for _, cells in first), default=0)
    if widest > MOST_COLUMNS:
        params = {"file": name, "columns": widest, "most": MOST_COLUMNS}
        raise Unusable(Problem("file.wide", params))
    found = find_header([cells for _, cells in first], aliases)
    if found is None:
        raise Unusable(Problem("file.empty", {"file": name}))
    return first, found


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    header = [cell.strip() for cell in cells]
    while header and not header[-1]:
        header.pop()
    return tuple(header)


def _labels(below: Sequence[Row], header: Sequence[str], aliases: Sequence[str]) -> list[Row]:
    """At most two rows right under the header that say it in other words."""
    return list(takewhile(lambda row: is_label_row(row[1], header, aliases), below[:2]))


def _data(rows: Iterator[Row], table: Table) -> Iterator[Row]:
    header, totals = list(table.header), table.totals
    width = len(header)
    first = next(i for i, heading in enumerate(header) if heading)
    named = next((i for i, heading in enumerate(header) if fold(heading) in _NAMES), first)
    doubtful = _DOUBTFUL
    for row in rows:
        cells = row[1]
        if len(cells) != width:
            cells = _fit(cells, width)
            row = (row[0], cells)
        if cells[first][-1:] in doubtful or cells[named][-1:] in doubtful:
            if not any(cell.strip() for cell in cells):
                continue
            if is_total(cells[first]) or is_total(cells[named]):
                totals.append(row)
                continue
        if cells == header and width > 1:
            table.labels.append(row)
            continue
        yield row


def _fit(cells: list[str], width: int) -> list[str]:
    if len(cells) < width:
        return cells + [""] * (width - len(cells))
    return cells if any(cell.strip() for cell in cells[width:]) else cells[:width]


def is_total(cell: str) -> bool:
    """Whether a cell reads like 合计, 江桥镇小计, 总计： or Total, and not like a name."""
    folded = "".join(unicodedata.normalize("NFKC", cell).split()).casefold().rstrip(":")
    return _TOTAL.fullmatch(folded) is not None


def too_long(table: Table, row: int, cells: Sequence[str]) -> Problem | None:
    """The problem of a row with more cells than the header has columns."""
    width = len(table.header)
    if len(cells) <= width:
        return None
    value = next(cell for cell in cells[width:] if cell.strip())
    params = {"width": width, "cells": len(cells)}
    return Problem("row.long", params, row=row, column=letter(width), value=value)


def _merged_below(
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]], header_row: int
) -> list[Problem]:
    """A warning for each merged range below the header: only its first cell has a value."""
    found = []
    for (top, left), (bottom, right) in merged:
        if top + 1 > header_row:
            area = f"{letter(left)}{top + 1}:{letter(right)}{bottom + 1}"
            params = {"area": area}
            found.append(Problem("sheet.merged", params, row=top + 1, warning=True))
    return found
