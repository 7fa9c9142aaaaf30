"""Workbooks of 1997 (BIFF8 in a compound file), as small as a reader accepts them."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_BOOK, _PAGE = 0x0005, 0x0010

Cell = str | int | float | None


def compound(name: str, stream: bytes) -> bytes:
    """A compound file with one stream, which is padded to a size that stands in whole sectors."""
    stream = stream.ljust(8 * SECTOR, b"\0")
    data = stream + bytes(-len(stream) % SECTOR)
    count = len(data) // SECTOR
    # One sector of the table tells of 128; itself and the directory come first.
    tables = -(-(count + 1) // 127)
    chain = [_TABLE] * tables + [_END] + [tables + 2 + n for n in range(count - 1)] + [_END]
    chain += [_FREE] * (tables * 128 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, tables, tables, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    table = struct.pack(f"<{len(chain)}I", *chain)
    entries = _entry("Root Entry", 5, 1, _END, 0) + _entry(name, 2, _FREE, tables + 1, len(stream))
    return header + table + entries.ljust(SECTOR, b"\0") + data


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1)
    links = struct.pack("<III", _FREE, _FREE, child)
    return head + links + bytes(36) + struct.pack("<IQ", start, size)


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _start(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _page(rows: Sequence[Sequence[Cell]]) -> bytes:
    width = max((len(row) for row in rows), default=0)
    parts = [_start(_PAGE), _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))]
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            place = struct.pack("<HHH", at, column, 0)
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                size = struct.pack("<HB", len(text) // 2, 1)
                parts.append(_record(0x0204, place + size + text))
            elif value is not None:
                parts.append(_record(0x0203, place + struct.pack("<d", value)))
    return b"".join([*parts, _record(0x000A)])


def workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]], *, locked: bool = False) -> bytes:
    """An XLS file with these sheets; text of at most 4,000 characters a cell, numbers, gaps.

    ``locked`` says that a password protects it, and encrypts nothing.
    """
    pages = [_page(rows) for rows in sheets.values()]
    lock = _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48)) if locked else b""
    head = _start(_BOOK) + lock + _record(0x0042, struct.pack("<H", 1200))
    names = [name.encode("utf-16-le") for name in sheets]
    at = len(head) + sum(4 + 8 + len(name) for name in names) + 4
    bound = b""
    for name, page in zip(names, pages, strict=True):
        facts = struct.pack("<IBBBB", at, 0, 0, len(name) // 2, 1)
        bound += _record(0x0085, facts + name)
        at += len(page)
    return compound("Workbook", head + bound + _record(0x000A) + b"".join(pages))
