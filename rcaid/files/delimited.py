"""Delimited text: which encoding, which delimiter, then rows at the speed of the csv module."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO, Final, TextIO

from rcaid.domain.errors import Problem, Unusable
from rcaid.domain.text import spreadsheet_safe

DELIMITERS: Final = (",", ";", "\t", "|")
OVERRIDES: Final = frozenset(
    {
        "utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5", "big5hkscs", "cp950",
        "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949", "iso8859-1", "iso8859-15", "cp1252",
        "koi8-r", "cp1251", "ascii",
    }
)  # fmt: skip
_ALIASES: Final = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "utf-8-sig": "utf-8"}

MOST_ROW: Final = 32 << 20
"""Characters after which a row without an end is given up."""

_CHUNK: Final = 1 << 20
_PIECE: Final = 1 << 14
_ROWS: Final = 64
_SAMPLE: Final = 1 << 16
_SAMPLE_ROWS: Final = 25


@dataclass(frozen=True, slots=True)
class Checked:
    """What one pass over the bytes found out.

    ``guarded`` says that some cell may carry the apostrophe that writing puts before a formula.
    """

    encoding: str
    delimiter: str
    guarded: bool


def check(
    file: BinaryIO, name: str, encoding: str | None = None, delimiter: str | None = None
) -> Checked:
    """Decide encoding and delimiter by reading the whole file once; position is left at 0.

    A byte order mark decides; else strict UTF-8; else strict GB18030. ``encoding`` overrides
    all three, ``delimiter``, one character, what the cells tell. Raises `Unusable` when nothing fits, or for a NUL character, with the line.
    """
    if delimiter is not None and not is_delimiter(delimiter):
        params = {"file": name, "delimiter": delimiter}
        raise Unusable(Problem("file.delimiter", params))
    head = file.read(4)
    failure: Problem | None = None
    for candidate in _candidates(head, name, encoding):
        file.seek(0)
        found = _decode(file, name, candidate, delimiter)
        if isinstance(found, Checked):
            file.seek(0)
            return found
        failure = failure or found
    assert failure is not None
    raise Unusable(failure)


def is_delimiter(text: str) -> bool:
    """Whether a text can stand between cells: one character, and none that has another meaning."""
    return len(text) == 1 and text not in '"\r\n\0'


def _candidates(head: bytes, name: str, override: str | None) -> tuple[str, ...]:
    marked: str | None = None
    if head.startswith(codecs.BOM_UTF8):
        marked = "utf-8-sig"
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        marked = "utf-16"
    if override is not None:
        chosen = _known(override, name)
        return (marked if marked and marked[:5] == chosen[:5] else chosen,)
    return (marked,) if marked else ("utf-8", "gb18030")


def _known(override: str, name: str) -> str:
    try:
        found = codecs.lookup(override).name
    except (LookupError, ValueError):
        found = ""
    found = _ALIASES.get(found, found)
    if found not in OVERRIDES:
        raise Unusable(Problem("file.encoding_unknown", {"file": name, "encoding": override}))
    return found


def _decode(file: BinaryIO, name: str, encoding: str, delimiter: str | None) -> Checked | Problem:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    sample, guarded, start = "", False, 0
    while True:
        data = file.read(_CHUNK)
        try:
            text = decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            line = _line(file, start, bytes(error.object[: error.start]))
            params = {"file": name, "line": line, "encoding": encoding}
            return Problem("file.encoding", params, row=line)
        if "\0" in text:
            line = _line(file, start, text.partition("\0")[0].encode("utf-8", "replace"))
            raise Unusable(Problem("file.nul", {"file": name, "line": line}, row=line))
        if len(sample) < _SAMPLE:
            sample += text
        guarded = guarded or "'" in text
        if not data:
            cut = len(sample) > _SAMPLE
            return Checked(encoding, delimiter or sniff(sample[:_SAMPLE], cut=cut), guarded)
        start += len(data)


def _line(file: BinaryIO, start: int, rest: bytes) -> int:
    """The line, from 1, on which ``rest`` ends that follows the first ``start`` bytes."""
    file.seek(0)
    feeds, returns = rest.count(b"\n"), rest.count(b"\r")
    while start and (data := file.read(min(start, _CHUNK))):
        start -= len(data)
        feeds += data.count(b"\n")
        returns += data.count(b"\r")
    return 1 + max(feeds, returns)


def sniff(sample: str, *, cut: bool = False) -> str:
    """The delimiter under which most of the first rows have the same number of cells.

    Ties go to more cells, then to the order of `DELIMITERS`. ``cut`` says that the sample ends
    within a row.
    """
    best, best_score = DELIMITERS[0], (0, 0)
    for delimiter in DELIMITERS:
        if delimiter not in sample:
            continue
        widths = _widths(sample, delimiter, cut)
        wide = Counter(width for width in widths if width > 1)
        score = max(((times, width) for width, times in wide.items()), default=(0, 0))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _widths(sample: str, delimiter: str, cut: bool) -> list[int]:
    widths: list[int] = []
    try:
        for row in islice(
            csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), _SAMPLE_ROWS
        ):
            widths.append(len(row))
    except csv.Error:
        return widths
    return widths[:-1] if cut and len(widths) < _SAMPLE_ROWS else widths


def read(
    file: BinaryIO, name: str, encoding: str, delimiter: str
) -> Iterator[tuple[int, list[str]]]:
    """Every row with its number, counted from 1 as a spreadsheet would; closes nothing.

    Raises `Unusable` where a quotation mark makes the rest of the file unreadable, where one
    cell is longer than 131,072 characters or a row finds no end, or when the bytes changed under
    the reader; rows before that have been given by then.
    """
    text = io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")
    done = [0]
    lines = chain.from_iterable(_pieces(text, done))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        while True:
            rows: list[list[str]] = []
            failure: Exception | None = None
            try:
                rows.extend(islice(reader, _ROWS))
            except (csv.Error, UnicodeDecodeError, _EndlessError) as error:
                failure = error
            yield from enumerate(rows, done[0] + 1)
            done[0] += len(rows)
            if failure is not None:
                raise _unusable(failure, name, done[0] + 1) from failure
            if len(rows) < _ROWS:
                return
    finally:
        if not text.closed:
            text.detach()


class _EndlessError(Exception):
    """A row that goes on and on."""


def _pieces(text: TextIO, done: list[int]) -> Iterator[TextIO]:
    """The text in pieces of whole lines, each to be read line by line at the speed of C.

    Neither a line without an end nor a quoted cell without one may fill the memory: when much
    has been handed over and the number of rows ``done`` stands still, it stops.
    """
    parts: list[str] = []
    handed, rows = 0, 0
    while data := text.read(_PIECE):
        handed = handed + len(data) if done[0] == rows else len(data)
        rows = done[0]
        if handed > MOST_ROW:
            raise _EndlessError
        # A carriage return at the very end may be half of a line end.
        if parts and parts[-1][-1:] == "\r":
            data = parts.pop() + data
        cut = data.rfind("\n") + 1 or data.rfind("\r", 0, -1) + 1
        if cut:
            parts.append(data[:cut])
            yield io.StringIO("".join(parts), newline="")
            parts.clear()
        parts.append(data[cut:])
    yield io.StringIO("".join(parts), newline="")


def _unusable(failure: Exception, name: str, row: int) -> Unusable:
    if isinstance(failure, UnicodeDecodeError):
        return Unusable(Problem("file.changed", {"file": name}))
    if isinstance(failure, _EndlessError):
        params = {"file": name, "row": row, "mib": MOST_ROW >> 20}
        return Unusable(Problem("file.row_long", params, row=row))
    code = "file.cell_long" if "field larger" in str(failure) else "file.quote"
    return Unusable(Problem(code, {"file": name, "row": row}, row=row))


def unguard(cells: list[str]) -> list[str]:
    """The cells without the apostrophe that `spreadsheet_safe` puts before a formula."""
    if "'" not in "".join(cells):
        return cells
    return [cell[1:] if _is_guarded(cell) else cell for cell in cells]


def _is_guarded(cell: str) -> bool:
    return cell.startswith("'") and spreadsheet_safe(cell[1:]) == cell
