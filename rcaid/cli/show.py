"""The data of a command: JSON, a table on a terminal, aligned text elsewhere, or a file."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from rcaid.domain.money import yuan
from rcaid.domain.text import safe_text
from rcaid.locale import _
from rcaid.screens.labels import label

Row = Mapping[str, Any]
Kind = Literal["text", "word", "number", "money", "time"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: the key it has in JSON, its heading, and what it holds.

    ``money`` is int fen; JSON shows it as it is, a table in yuan. ``word`` is a code that a table
    shows as a word of the reader's language. ``time`` is UTC; a table shows the society's time.
    """

    key: str
    heading: str
    kind: Kind = "text"

    def cell(self, row: Row) -> str:
        """What a person reads."""
        value = row.get(self.key)
        if value is None:
            return ""
        if self.kind == "money":
            return yuan(value)
        if self.kind == "word":
            return label(str(value))
        if self.kind == "time":
            return local_time(str(value))
        if self.kind == "number":
            return f"{value:,}" if isinstance(value, int) else str(value)
        if isinstance(value, (list, tuple)):
            return ", ".join(map(str, value))
        return str(value)

    @property
    def right(self) -> bool:
        """Whether it stands at the right side of its column."""
        return self.kind in ("number", "money")


def local_time(text: str) -> str:
    """A recorded time as the society's clock showed it, to the second."""
    from datetime import datetime

    from rcaid.services.clock import ZONE

    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True, slots=True)
class Out:
    """Where the data go, and in which form. ``file`` "-" is stdout."""

    json: bool = False
    file: str = "-"

    def table(self, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        """A list: one JSON object a line, or a table. A file ending in .csv or .xlsx is one."""
        if self.json:
            self._write(json_line(row) + "\n" for row in rows)
            return
        ending = Path(self.file).suffix.lower()
        if self.file != "-" and ending in (".csv", ".xlsx"):
            self._sheet(columns, rows, ending)
            return
        cells = [[safe_text(column.cell(row)) for column in columns] for row in rows]
        if self.file == "-" and sys.stdout.isatty():
            _rich_table(columns, cells)
        else:
            self._write(aligned(columns, cells))

    def record(self, facts: Row, columns: Sequence[Column]) -> None:
        """One thing: one JSON object, or a line for each of the columns that has a value."""
        if self.json:
            self._write([json_line(facts) + "\n"])
            return
        shown = [(_(c.heading), safe_text(c.cell(facts))) for c in columns if c.cell(facts)]
        most = max((cells_of(heading) for heading, _text in shown), default=0)
        self._write(f"{pad(heading, most)}  {text}\n" for heading, text in shown)

    def lines(self, lines: Iterable[str]) -> None:
        """Text for a person, each line made safe."""
        self._write(safe_text(line, 2000) + "\n" for line in lines)

    def data(self, facts: Row) -> None:
        """One JSON object."""
        self._write([json_line(facts) + "\n"])

    def _sheet(self, columns: Sequence[Column], rows: Iterable[Row], ending: str) -> None:
        from rcaid.files.writing import write_csv, write_xlsx

        header = [_(column.heading) for column in columns]
        money = [_(column.heading) for column in columns if column.kind == "money"]
        if ending == ".xlsx":
            cells: Iterable[list[object]] = (
                [row.get(c.key) if c.kind == "money" else c.cell(row) for c in columns]
                for row in rows
            )
            write_xlsx(self.file, header, cells, money=money)
            return
        write_csv(self.file, header, ([c.cell(row).replace(",", "") if c.right
                                       else c.cell(row) for c in columns] for row in rows))  # fmt: skip

    def _write(self, pieces: Iterable[str]) -> None:
        if self.file == "-":
            put(sys.stdout, pieces)
            return
        from rcaid.files.writing import replacing

        with replacing(self.file) as raw:
            text = io.TextIOWrapper(raw, encoding="utf-8", newline="\n")
            put(text, pieces)
            text.flush()
            text.detach()


class NobodyReadsError(Exception):
    """Stdout is a pipe that was closed. Not an OSError: the parser would end in 1 for that."""


def put(stream: IO[str], pieces: Iterable[str]) -> None:
    """Writes pieces one after another."""
    for piece in pieces:
        try:
            stream.write(piece)
        except BrokenPipeError as error:
            raise NobodyReadsError from error


def json_line(row: Row) -> str:
    """One object on one line; controls of the data are escaped, keys keep their order."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    if text.isprintable():
        return text
    # C1 bytes and DEL stand in JSON as they are, but a terminal would obey them.
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return json.dumps(character)[1:-1] if character != "\x7f" else "\\u007f"


def aligned(columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> Iterable[str]:
    """A heading and rows in columns, for pipes and files."""
    headings = [_(column.heading) for column in columns]
    widths = [
        max(map(cells_of, [heading, *(row[i] for row in cells)]))
        for i, heading in enumerate(headings)
    ]
    for row in [headings, *cells]:
        parts = [
            pad(cell, width, right=column.right)
            for cell, width, column in zip(row, widths, columns, strict=True)
        ]
        yield "  ".join(parts).rstrip() + "\n"


def cells_of(text: str) -> int:
    """How many cells of a terminal a text takes."""
    from rich.cells import cell_len

    return cell_len(text)


def pad(text: str, width: int, *, right: bool = False) -> str:
    """The text with blanks up to this many cells."""
    blank = " " * max(width - cells_of(text), 0)
    return blank + text if right else text + blank


def _rich_table(columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for n, column in enumerate(columns):
        side: Literal["left", "right"] = "right" if column.right else "left"
        # Where the terminal is narrow, long text goes on below itself; numbers are never broken.
        whole = n == 0 or column.right
        table.add_column(Text(_(column.heading)), justify=side, overflow="fold", no_wrap=whole)
    for row in cells:
        table.add_row(*map(Text, row))
    Console(markup=False, highlight=False, emoji=False).print(table)
