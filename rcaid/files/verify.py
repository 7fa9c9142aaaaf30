#!/usr/bin/env python3
"""Checks a bundle of the record with nothing but Python's own library and the openssl command.

    python3 verify.py [BUNDLE] [--key FILE]

BUNDLE is the zip or the folder; without it, the folder that holds this program. FILE is the public
key (PEM) that the society gave you by another road: the key inside the bundle proves only that
whoever made the bundle holds its other half. Ends with 0 if all holds, with 5 and one sentence if
anything does not.

What is signed is checkpoint.txt: the society's name, the size and RFC 6962 root of every log, and
the SHA-256 of manifest.json, which names size and SHA-256 of the other files. Each event is a leaf
of its log; each event's own root stands over the rows it changed, in the order of rows.jsonl.
"""

from __future__ import annotations

import argparse
import binascii
import hashlib
import json
import os
import re
import stat
import struct
import subprocess
import sys
import tempfile
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

FREE = ("README.txt", "verify.py")  # not signed: whoever checks has these by another road
LISTED = ("events.jsonl", "rows.jsonl", "heads.json", "key.pem")
FILES = (*FREE, *LISTED, "manifest.json", "checkpoint.txt", "checkpoint.sig")
PACKED = ("events.jsonl", "rows.jsonl")  # deflated in a zip, where the others are only stored
FORMAT = "rcaid bundle 1"
BLOCK = 1 << 20
SMALL = 16 << 20  # no other file and no line is longer than this
LEAF = b'{"leaf":'

_sha256 = hashlib.sha256
_HEAD_LINE = re.compile(r"([0-9A-Za-z_.:-]{1,64}) (0|[1-9][0-9]{0,15}) ([0-9A-Za-z+/]{43}=)")
_MANIFEST_LINE = re.compile(r"manifest ([0-9a-f]{64})")


class Bad(Exception):  # noqa: N818
    """What does not hold, as one sentence."""


class Verdict(NamedTuple):
    """``ok``, one sentence for a person, what was counted, and the key's fingerprint."""

    ok: bool
    sentence: str
    counts: dict[str, int]
    fingerprint: str


class Head(NamedTuple):
    """Where one log stands; ``root`` is 32 bytes."""

    log: str
    size: int
    root: bytes


class Event(NamedTuple):
    """What the rows are checked against; ``root`` is hex."""

    log: str
    seq: int
    rows: int
    root: str


class Row(NamedTuple):
    """Which changed row a leaf speaks of."""

    n: int
    noun: str
    row_id: str
    version: int


# --- The two forms: a zip with not one free bit in its headers, and a folder ---------------------


class Entry(NamedTuple):
    """One file of the zip; ``start`` is where its data begin, ``packed`` their length there."""

    name: str
    crc: int
    packed: int
    size: int
    start: int


def local_header(name: str, crc: int, packed: int, size: int) -> bytes:
    """What stands before a file's data: always ZIP64, dated 1980-01-01, no flags."""
    method, full = (8 if name in PACKED else 0), 0xFFFFFFFF
    fixed = struct.pack(
        "<4s5H3I2H", b"PK\3\4", 45, 0, method, 0, 33, crc, full, full, len(name), 20
    )
    return fixed + name.encode() + struct.pack("<2H2Q", 1, 16, size, packed)


def directory(entries: Iterable[Entry]) -> bytes:
    """All that stands after the last file's data."""
    full, out, end, count = 0xFFFFFFFF, b"", 0, 0
    for name, crc, packed, size, start in entries:
        method = 8 if name in PACKED else 0
        offset = start - len(local_header(name, 0, 0, 0))
        out += struct.pack("<4s6H3I", b"PK\1\2", 0x32D, 45, 0, method, 0, 33, crc, full, full)
        out += struct.pack("<5H2I", len(name), 28, 0, 0, 0, 0o100600 << 16, full)
        out += name.encode() + struct.pack("<2H3Q", 1, 24, size, packed, offset)
        end, count = start + packed, count + 1
    where = end + len(out)
    out += struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 0x32D, 45, 0, 0, count, count, len(out), end)
    out += struct.pack("<4sIQI", b"PK\6\7", 0, where, 1)
    return out + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, full, full, 0)


class Zip:
    """A bundle in one file. Every header is compared with the only one that is right."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.entries: dict[str, Entry] = {}
        at = 0
        for name in FILES:
            file.seek(at)
            length = len(local_header(name, 0, 0, 0))
            head = file.read(length)
            if len(head) != length:
                raise Bad(f"the zip ends before {name}")
            crc = int.from_bytes(head[14:18], "little")
            size, packed = struct.unpack("<2Q", head[-16:])
            if head != local_header(name, crc, packed, size) or packed > 1 << 60:
                raise Bad(f"the header of {name} in the zip is not as it was written")
            self.entries[name] = Entry(name, crc, packed, size, at + length)
            at += length + packed
        file.seek(at)
        tail = directory(self.entries.values())
        if file.read(len(tail) + 1) != tail:
            raise Bad("the directory at the end of the zip is not as it was written")

    def blocks(self, name: str, packed: Any) -> Iterator[bytes]:
        """The content in pieces; the bytes as they lie in the zip go through the hash ``packed``."""
        entry = self.entries[name]
        crc = size = 0
        for block in self._inflated(entry, packed):
            crc, size = zlib.crc32(block, crc), size + len(block)
            if size > entry.size:
                break
            yield block
        if (crc, size) != (entry.crc, entry.size):
            raise Bad(f"{name} was changed: size or CRC differ from the zip's own")

    def _inflated(self, entry: Entry, packed: Any) -> Iterator[bytes]:
        self.file.seek(entry.start)
        left = entry.packed
        inflate = zlib.decompressobj(-15) if entry.name in PACKED else None
        while left and (data := self.file.read(min(BLOCK, left))):
            left -= len(data)
            packed.update(data)
            if inflate is None:
                yield data
                continue
            while data:
                yield inflate.decompress(data, BLOCK)
                data = inflate.unconsumed_tail
        if inflate is not None:
            yield inflate.flush()
            if not inflate.eof or inflate.unused_data:
                raise Bad(f"{entry.name} does not end where the zip says")


class Folder:
    """A bundle as a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        found = set(os.listdir(path))
        for name in FILES:
            if name not in found:
                raise Bad(f"{name} is missing")
            if not stat.S_ISREG(os.lstat(path / name).st_mode):
                raise Bad(f"{name} is not a plain file")
        for name in sorted(found.difference(FILES)):
            raise Bad(f"{ascii(name)[:80]} does not belong in a bundle")

    def blocks(self, name: str, packed: Any) -> Iterator[bytes]:
        """The content in pieces."""
        with open(self.path / name, "rb") as file:
            while block := file.read(BLOCK):
                yield block


def small(blocks: Iterable[bytes], name: str) -> bytes:
    """A whole file that has no reason to be long."""
    data = bytearray()
    for block in blocks:
        data += block
        if len(data) > SMALL:
            raise Bad(f"{name} is longer than any such file can be")
    return bytes(data)


def lines(blocks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The lines without their newlines; the last one must have had one."""
    return chain.from_iterable(_split(blocks, name))


def _split(blocks: Iterable[bytes], name: str) -> Iterator[list[bytes]]:
    rest = b""
    for block in blocks:
        found = (rest + block).split(b"\n")
        rest = found.pop()
        if len(rest) > SMALL:
            raise Bad(f"{name} has a line longer than any can be")
        yield found
    if rest:
        raise Bad(f"{name} ends in the middle of a line")


# --- Trees (RFC 6962) ----------------------------------------------------------------------------


def tree_root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in order, a chunk of 4,096 at a time."""
    source = iter(leaf_hashes)
    chunks = []
    while chunk := list(islice(source, 4096)):
        chunks.append(_reduce(chunk))
    return _reduce(chunks) if chunks else _sha256(b"").digest()


def _reduce(level: list[bytes]) -> bytes:
    while len(level) > 1:
        above = [_sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2])]  # noqa: B905
        level = above + level[-1:] if len(level) % 2 else above
    return level[0]


# --- Reading -------------------------------------------------------------------------------------


def read_note(note: bytes) -> tuple[str, list[Head], str]:
    """Origin, heads and the manifest's SHA-256 (hex) of checkpoint.txt."""
    origin, *rest = note.decode().split("\n")
    manifest = _MANIFEST_LINE.fullmatch(rest[-2]) if len(rest) >= 2 else None
    if manifest is None or rest[-1] or not origin.isprintable():
        raise Bad("checkpoint.txt is not a checkpoint of a bundle")
    heads = []
    for line in rest[:-2]:
        found = _HEAD_LINE.fullmatch(line)
        if found is None:
            raise Bad("checkpoint.txt has a line that is no head of a log")
        heads.append(Head(found[1], int(found[2]), b64decode(found[3], validate=True)))
    logs = [head.log for head in heads]
    if logs != sorted(set(logs)):
        raise Bad("checkpoint.txt names a log twice or out of order")
    return origin, heads, manifest[1]


def heads_json(heads: Iterable[Head]) -> bytes:
    """What heads.json holds: the heads of the note once more, for programs."""
    rows = [{"log": h.log, "root": h.root.hex(), "size": h.size} for h in heads]
    return json.dumps(rows, separators=(",", ":")).encode() + b"\n"


def read_manifest(data: bytes, zipped: bool) -> tuple[dict[str, dict[str, Any]], dict[str, int]]:
    """The listed files with size and hashes, and the counts."""
    manifest = json.loads(data.decode())
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Bad(f"manifest.json does not say {FORMAT}")
    files, counts = manifest.get("files"), manifest.get("counts")
    if not isinstance(files, dict) or sorted(files) != sorted(LISTED):
        raise Bad("manifest.json does not list the files of a bundle")
    for name, entry in files.items():
        wanted = {"size", "sha256", "packed"} if zipped and name in PACKED else {"size", "sha256"}
        if not zipped and name in PACKED and isinstance(entry, dict):
            entry.pop("packed", None)  # there when somebody unpacked the zip
        if not isinstance(entry, dict) or set(entry) != wanted:
            raise Bad(f"manifest.json does not give size and hashes of {name} as this form needs")
    if not isinstance(counts, dict):
        raise Bad("manifest.json has no counts")
    return files, counts


def read_event(line: bytes) -> Event:
    """What an event says of its place and its rows."""
    event = json.loads(line.decode())
    if isinstance(event, dict) and event.keys() >= {"log", "seq", "rows"}:
        found = Event(event["log"], event["seq"], event["rows"], event.get("root", ""))
        if [type(value) for value in found] == [str, int, int, str] and found.rows >= 0:
            return found
    raise ValueError("not an event")


def read_row(leaf: bytes) -> Row:
    """What a leaf says of its place and its row."""
    row = json.loads(leaf.decode())
    if isinstance(row, dict) and row.keys() >= {"n", "noun", "row_id", "version"}:
        found = Row(row["n"], row["noun"], row["row_id"], row["version"])
        if [type(value) for value in found] == [int, str, str, int]:
            return found
    raise ValueError("not a row")


def key_body(pem: bytes) -> bytes:
    """The key itself, without the lines around it."""
    found = re.fullmatch(
        rb"\s*-----BEGIN PUBLIC KEY-----([0-9A-Za-z+/=\s]+)-----END PUBLIC KEY-----\s*", pem
    )
    if found is None:
        raise Bad("the public key is not a PEM file of one public key")
    return b64decode(b"".join(found[1].split()), validate=True)


def fingerprint_of(pem: bytes) -> str:
    """The SHA-256 of the key file, in groups of four as people read them out."""
    hexes = _sha256(pem.strip()).hexdigest()[:32].upper()
    return " ".join(hexes[i : i + 4] for i in range(0, 32, 4))


def openssl_holds(key_pem: bytes, signature: bytes, note: bytes) -> bool:
    """Whether openssl finds the Ed25519 signature to be that of the key over the note."""
    with tempfile.TemporaryDirectory() as folder:
        given = {"-inkey": key_pem, "-sigfile": signature, "-in": note}
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-rawin"]
        for option, data in given.items():
            place = Path(folder, option)
            place.write_bytes(data)
            command += [option, str(place)]
        try:
            return subprocess.run(command, capture_output=True, check=False).returncode == 0
        except FileNotFoundError:
            raise Bad("the openssl command was not found, so the signature is unchecked") from None


# --- Checking ------------------------------------------------------------------------------------


class Check:
    """One pass over a bundle. ``read`` reads a leaf; it raises ValueError for anything else."""

    def __init__(self, source: Any, read: Callable[[bytes], Row]) -> None:
        self.source, self.read = source, read
        self.files: dict[str, dict[str, Any]] = {}
        self.versions: dict[str, dict[str, int]] = {}
        self.stray: list[tuple[str, str, int]] = []

    def plain(self, name: str) -> bytes:
        """A file that the manifest does not list."""
        return small(self.source.blocks(name, _sha256()), name)

    def listed(self, name: str) -> Iterator[bytes]:
        """The blocks of a file; at its end size and hashes must be those of the manifest."""
        entry, content, packed, size = self.files[name], _sha256(), _sha256(), 0
        for block in self.source.blocks(name, packed):
            content.update(block)
            size += len(block)
            yield block
        if (size, content.hexdigest()) != (entry["size"], entry["sha256"]):
            raise Bad(f"{name} was changed: size or SHA-256 differ from the manifest")
        if packed.hexdigest() != entry.get("packed", packed.hexdigest()):
            raise Bad(f"{name} was packed anew: its bytes in the zip differ from the manifest")

    def events(self, heads: list[Head]) -> list[Event]:
        """Every event is in its place and each log's root is that of its head."""
        found: list[Event] = []
        source = lines(self.listed("events.jsonl"), "events.jsonl")
        for head in heads:
            if tree_root(self._event_hashes(head, source, found)) != head.root:
                raise Bad(f"an event of log {head.log} was changed: its root is not the signed one")
        if next(source, None) is not None:
            raise Bad("events.jsonl has more events than the heads count")
        return [event for event in found if event.rows]

    def _event_hashes(
        self, head: Head, source: Iterator[bytes], found: list[Event]
    ) -> Iterator[bytes]:
        for seq in range(head.size):
            line = next(source, None)
            if line is None:
                raise Bad(f"events.jsonl ends before event {seq} of log {head.log}")
            try:
                event = read_event(line)
            except (ValueError, RecursionError):
                raise Bad(f"event {seq} of log {head.log} cannot be read") from None
            if (event.log, event.seq) != (head.log, seq) or bool(event.root) != bool(event.rows):
                raise Bad(f"event {seq} of log {head.log} is not in its place")
            found.append(event)
            yield _sha256(b"\0" + line).digest()

    def rows(self, events: list[Event]) -> int:
        """Every row is in its place, under its event's root, and each version once, from 1."""
        source = lines(self.listed("rows.jsonl"), "rows.jsonl")
        for event in events:
            if tree_root(self._row_hashes(event, source)).hex() != event.root:
                raise Bad(
                    f"a row of event {event.seq} of log {event.log} was changed:"
                    " the root over its rows is not the one in the event"
                )
        if next(source, None) is not None:
            raise Bad("rows.jsonl has more rows than the events count")
        for noun, row_id, version in sorted(self.stray):
            last = self.versions[noun].get(row_id, 0)
            if version != last + 1:
                how = "twice" if version <= last else "without the version before"
                raise Bad(f"{noun!a} {row_id!a} version {version} is recorded {how}")
            self.versions[noun][row_id] = version
        return sum(event.rows for event in events)

    def _row_hashes(self, event: Event, source: Iterator[bytes]) -> Iterator[bytes]:
        read, versions = self.read, self.versions
        end = row_end(event.log, event.seq)
        for n in range(event.rows):
            line = next(source, b"")
            leaf = line[len(LEAF) : -len(end)]
            try:
                number, noun, row_id, version = read(leaf)
            except (ValueError, RecursionError):
                raise Bad(
                    f"row {n} of event {event.seq} of log {event.log} cannot be read"
                ) from None
            begins = line.startswith(b'{"leaf":{"n":%d,' % n)
            if number != n or not begins or not line.endswith(b',"version":%d}%b' % (version, end)):
                raise Bad(f"row {n} of event {event.seq} of log {event.log} is not in its place")
            known = versions.setdefault(noun, {})
            if version == known.get(row_id, 0) + 1:
                known[row_id] = version
            else:  # versions of one row may come from several logs, which stand one after another
                self.stray.append((noun, row_id, version))
            yield _sha256(b"\0" + leaf).digest()


def row_end(log: str, seq: int) -> bytes:
    """How the lines of rows.jsonl under one event end."""
    return f',"log":"{log}","seq":{seq}}}'.encode()


def check(
    source: Any,
    key_pem: bytes | None,
    read: Callable[[bytes], Row],
    holds: Callable[[bytes, bytes, bytes], bool],
) -> Verdict:
    """All checks of an opened bundle; Bad for the first that fails."""
    work = Check(source, read)
    note, manifest = work.plain("checkpoint.txt"), work.plain("manifest.json")
    _, heads, hashed = read_note(note)
    if _sha256(manifest).hexdigest() != hashed:
        raise Bad("manifest.json was changed: its SHA-256 is not the signed one")
    work.files, counted = read_manifest(manifest, isinstance(source, Zip))
    inside = small(work.listed("key.pem"), "key.pem")
    mark = fingerprint_of(inside)
    if key_pem is not None and key_body(key_pem) != key_body(inside):
        raise Bad(f"the bundle is signed with another key than yours: {mark}")
    signature = work.plain("checkpoint.sig")
    if len(signature) != 64 or not holds(inside, signature, note):
        raise Bad("the signature over checkpoint.txt does not hold")
    if small(work.listed("heads.json"), "heads.json") != heads_json(heads):
        raise Bad("heads.json differs from the signed heads")
    rows = work.rows(work.events(heads))
    counts = {"events": sum(head.size for head in heads), "logs": len(heads), "rows": rows}
    if counts != counted:
        raise Bad("manifest.json counts other numbers than the files hold")
    for name in FREE:
        work.plain(name)
    amount = f"{len(heads)} logs, {counts['events']:,} events, {rows:,} changed rows"
    if key_pem is not None:
        return Verdict(True, f"verified: {amount}, signed with your key {mark}", counts, mark)
    unsure = f"whole: {amount}; who signed is not checked: compare the key {mark} with yours"
    return Verdict(True, f"{unsure} or give it with --key", counts, mark)


def verify(
    path: Path,
    key_pem: bytes | None = None,
    read: Callable[[bytes], Row] = read_row,
    holds: Callable[[bytes, bytes, bytes], bool] = openssl_holds,
) -> Verdict:
    """The verdict on a bundle, whatever it holds; the sentence of a bad one names the first fault."""
    try:
        if path.is_dir():
            return check(Folder(path), key_pem, read, holds)
        with open(path, "rb") as file:
            return check(Zip(file), key_pem, read, holds)
    except Bad as bad:
        return Verdict(False, f"broken: {bad}", {}, "")
    except OSError as error:
        return Verdict(False, f"broken: the bundle cannot be read: {error.strerror}", {}, "")
    except (ValueError, RecursionError, MemoryError, OverflowError, zlib.error, binascii.Error):
        return Verdict(False, "broken: a file of the bundle cannot be read as what it is", {}, "")


def main() -> int:
    """The command line: 0 if all holds, 5 if not, 2 if the key file cannot be read."""
    about = argparse.ArgumentParser(description="Checks a bundle of the record.")
    about.add_argument("bundle", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    about.add_argument("--key", type=Path, help="the society's public key (PEM), got elsewhere")
    given = about.parse_args()
    try:
        key = given.key.read_bytes() if given.key else None
    except OSError as error:
        about.error(f"the key file cannot be read: {error.strerror}")
    verdict = verify(given.bundle, key)
    print(verdict.sentence)
    return 0 if verdict.ok else 5


if __name__ == "__main__":
    sys.exit(main())
