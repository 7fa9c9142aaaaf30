"""What a file is, by its first bytes and never by its name."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import BinaryIO, Final, Literal, NamedTuple

from rcaid.domain.errors import Problem, Unusable

Family = Literal["text", "zip", "ole"]

MOST_ENTRIES: Final = 1_000
MOST_UNPACKED: Final = 1 << 30
MOST_RATIO: Final = 200
PATIENCE: Final = 10.0
"""Seconds that may pass without progress before a workbook comes up with more."""

_HEAD: Final = 4096
_MANIFEST: Final = 1 << 20
_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
# The first record of a workbook (BIFF 5 or 8), maybe a mark of write protection, then FILEPASS.
_LOCKED_XLS: Final = re.compile(
    rb"\x09\x08(?:\x08\x00.{2}\x05\x00.{4}|\x10\x00.{2}\x05\x00.{12})"
    rb"(?:\x86\x00\x00\x00)?\x2f\x00.\x00",
    re.DOTALL,
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"{\\rtf", "RTF"),
)
_WEB: Final = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head", b"<div")
_ENDINGS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "csv": frozenset({"", "csv", "tsv", "txt", "tab", "psv", "dat"}),
        "xlsx": frozenset({"xlsx", "xlsm", "et"}),
        "xlsb": frozenset({"xlsb"}),
        "ods": frozenset({"ods"}),
        "xls": frozenset({"xls", "et"}),
    }
)


class Archive(NamedTuple):
    """A zip container that may be opened: what is in it and how large it becomes."""

    kind: str
    entries: int
    unpacked: int


def family(file: BinaryIO, name: str) -> Family:
    """``text``, ``zip`` or ``ole``, from the first bytes; the position is left at 0.

    Raises `Unusable` for an empty file, a web page under another name, and for what is
    neither a table of text nor a workbook.
    """
    head = file.read(_HEAD)
    file.seek(0)
    if not head:
        raise Unusable(Problem("file.empty", {"file": name}))
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(_OLE):
        return "ole"
    for magic, kind in _FOREIGN:
        if head.startswith(magic):
            raise Unusable(Problem("file.foreign", {"file": name, "kind": kind}))
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_WEB):
        raise Unusable(Problem("file.web_page", {"file": name}))
    return "text"


def check_archive(file: BinaryIO, name: str) -> Archive:
    """What a zip container says of itself; the position is left at 0.

    Raises `Unusable` for more than 1,000 entries, more than 1 GiB unpacked, a ratio beyond
    200:1, and for a container that holds no workbook. The sizes are the container's own word:
    whoever parses it must be held to a limit as well.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            locked = _is_locked(archive)
    except (
        zipfile.BadZipFile,
        EOFError,
        NotImplementedError,
        OSError,
        OverflowError,
        ValueError,
        RuntimeError,
        struct.error,
        zlib.error,
    ) as error:
        raise Unusable(Problem("sheet.broken", {"file": name})) from error
    size = file.seek(0, 2)
    file.seek(0)
    unpacked = sum(entry.file_size for entry in entries)
    params = {"file": name, "entries": len(entries), "mib": unpacked >> 20}
    if len(entries) > MOST_ENTRIES:
        raise Unusable(Problem("sheet.bomb_entries", params))
    if unpacked > MOST_UNPACKED:
        raise Unusable(Problem("sheet.bomb_size", params))
    if unpacked > MOST_RATIO * size:
        raise Unusable(Problem("sheet.bomb_ratio", params))
    if locked:
        raise Unusable(Problem("sheet.password", {"file": name}))
    kind = _workbook_kind({entry.filename for entry in entries}, name)
    return Archive(kind, len(entries), unpacked)


def _is_locked(archive: zipfile.ZipFile) -> bool:
    """Whether parts are encrypted: the zip's own way, or OpenDocument's, told in its manifest."""
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        return True
    if "META-INF/manifest.xml" not in archive.namelist():
        return False
    with archive.open("META-INF/manifest.xml") as manifest:
        return b"encryption-data" in manifest.read(_MANIFEST)


def check_compound(file: BinaryIO, name: str) -> None:
    """Refuse a compound file that a password locks: an XLSX in an encrypted package, or an XLS
    whose first records say so. The position is left at 0.
    """
    tail = b""
    while data := file.read(1 << 20):
        data = tail + data
        if _PACKAGE in data or _LOCKED_XLS.search(data):
            raise Unusable(Problem("sheet.password", {"file": name}))
        tail = data[-64:]
    file.seek(0)


def _workbook_kind(names: set[str], file: str) -> str:
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names and not any(name.startswith("word/") for name in names):
        return "ods"
    raise Unusable(Problem("file.foreign", {"file": file, "kind": "ZIP"}))


def check_ending(name: str, kind: str) -> list[Problem]:
    """A warning where the name says one thing and the content another (content decides)."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in _ENDINGS[kind]:
        return []
    return [Problem("file.ending", {"file": name, "kind": kind}, warning=True)]
