"""Audit bundles: the whole record in one zip or folder that a stranger can check.

`write_bundle` streams, so a record of any size needs little memory. Its zip has not one free bit:
every header follows from names, sizes, CRC and place, and `verify` compares it with that. What the
checks are, and why one signature covers all files, stands in `verify`, which goes into each bundle.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol

import msgspec

from rcaid.domain.errors import Broken, Problem, Unusable
from rcaid.domain.record import Head, checkpoint_text
from rcaid.files import verify
from rcaid.files.writing import replacing

Verdict = verify.Verdict
_BATCH = 4096  # lines written at once
_README = """\
审计包 · Audit bundle
{origin}

核验 / To check it:

    python3 verify.py --key KEY.pem

KEY.pem 是该机构通过其他途径交给您的公钥；verify.py 也请从其他途径取得。本包内的 key.pem 只能说明签名者持有对应的私钥。
KEY.pem is the public key that the society gave you by another road; take verify.py by another road
too. The key.pem in here shows only that whoever signed holds its other half. With openssl alone:

    openssl pkeyutl -verify -pubin -inkey KEY.pem -rawin -in checkpoint.txt -sigfile checkpoint.sig
    sha256sum manifest.json      # the line "manifest" of checkpoint.txt
    sha256sum events.jsonl rows.jsonl heads.json key.pem      # "files" in manifest.json

events.jsonl    每行一个事件 / one event a line, log after log
rows.jsonl      每行一条变更记录 / one changed row a line, in the order of the events
heads.json      各日志的头 / size and root of each log
manifest.json   文件清单 / what this bundle is, for whom, and the hashes of its files
checkpoint.txt  被签名的内容 / what is signed: checkpoint.sig, by key.pem
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was written: the manifest's hex SHA-256 for the export's event, the signed note and its
    signature for the checkpoints, and the counts of logs, events and rows."""

    sha256: str
    note: str
    signature: bytes
    counts: Mapping[str, int]


class _Written(NamedTuple):
    size: int
    sha256: str
    packed: str


class _Sink(Protocol):
    def add(self, name: str, blocks: Iterable[bytes]) -> _Written: ...


class _Folder:
    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, name: str, blocks: Iterable[bytes]) -> _Written:
        size, content = 0, sha256()
        handle = os.open(self.path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            for block in blocks:
                content.update(block)
                size += file.write(block)
            file.flush()
            os.fsync(file.fileno())
        return _Written(size, content.hexdigest(), "")


class _Zip:
    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.entries: list[verify.Entry] = []

    def add(self, name: str, blocks: Iterable[bytes]) -> _Written:
        file, offset = self.file, self.file.tell()
        file.write(verify.local_header(name, 0, 0, 0))
        start = file.tell()
        crc, size, content, packed = 0, 0, sha256(), sha256()
        deflate = zlib.compressobj(1, zlib.DEFLATED, -15) if name in verify.PACKED else None
        for block in blocks:
            crc, size = zlib.crc32(block, crc), size + len(block)
            content.update(block)
            data = deflate.compress(block) if deflate else block
            packed.update(data)
            file.write(data)
        if deflate:
            data = deflate.flush()
            packed.update(data)
            file.write(data)
        end = file.tell()
        file.seek(offset)
        file.write(verify.local_header(name, crc, end - start, size))
        file.seek(end)
        self.entries.append(verify.Entry(name, crc, end - start, size, start))
        return _Written(size, content.hexdigest(), packed.hexdigest() if deflate else "")

    def close(self) -> None:
        self.file.write(verify.directory(self.entries))


def write_bundle(
    target: Path,
    *,
    origin: str,
    events: Iterable[bytes],
    rows: Iterable[tuple[str, int, bytes]],
    heads: Iterable[Head],
    sign: Callable[[bytes], bytes],
    public_key_pem: bytes,
    about: Mapping[str, Any],
) -> Manifest:
    """Writes a bundle, a zip if ``target`` ends in .zip, else a folder; it appears whole or not at
    all, readable by its owner alone.

    ``events`` are the lines of `event_line`, ``rows`` are (log, seq, line of `row_leaf`); both in
    the order of log (by code point), seq and, for rows, n, as one snapshot with ``heads``. ``sign``
    makes the Ed25519 signature. ``about`` goes into the manifest: society, store, made_at, purpose,
    for. Raises Unusable if ``target`` exists or cannot be written and Broken if the events are not
    as many as the heads say.
    """
    if target.exists() or target.is_symlink():
        raise Unusable(Problem("bundle.exists", {"path": str(target)}))
    writer = _Writer(origin, sorted(heads), sign, public_key_pem, about)
    if target.suffix.lower() == ".zip":
        with replacing(target) as file:
            sink = _Zip(file)
            made = writer.write(sink, events, rows)
            sink.close()
        return made
    return _write_folder(target, writer, events, rows)


@dataclass(frozen=True, slots=True)
class _Writer:
    origin: str
    heads: list[Head]
    sign: Callable[[bytes], bytes]
    public_key_pem: bytes
    about: Mapping[str, Any]

    def write(
        self, sink: _Sink, events: Iterable[bytes], rows: Iterable[tuple[str, int, bytes]]
    ) -> Manifest:
        """Adds all files in their order."""
        count = {"events": 0, "logs": len(self.heads), "rows": 0}
        heads = verify.heads_json(verify.Head(h.log, h.size, h.root) for h in self.heads)
        program = Path(verify.__file__).read_bytes()
        sink.add("README.txt", [_README.format(origin=self.origin).encode()])
        sink.add("verify.py", [program])
        written = {
            "events.jsonl": sink.add("events.jsonl", _blocks(events, count, "events")),
            "rows.jsonl": sink.add("rows.jsonl", _blocks(_row_lines(rows), count, "rows")),
            "heads.json": sink.add("heads.json", [heads]),
            "key.pem": sink.add("key.pem", [self.public_key_pem]),
        }
        if count["events"] != sum(head.size for head in self.heads):
            raise Broken(Problem("bundle.heads", {"events": count["events"]}))
        manifest = self._manifest(written, count)
        hashed = sha256(manifest).hexdigest()
        note = checkpoint_text(self.origin, self.heads, hashed)
        signature = self.sign(note.encode())
        sink.add("manifest.json", [manifest])
        sink.add("checkpoint.txt", [note.encode()])
        sink.add("checkpoint.sig", [signature])
        return Manifest(hashed, note, signature, count)

    def _manifest(self, written: Mapping[str, _Written], count: Mapping[str, int]) -> bytes:
        files = {
            name: {key: value for key, value in entry._asdict().items() if value != ""}
            for name, entry in written.items()
        }
        fixed = {"format": verify.FORMAT, "files": files, "counts": count}
        text = json.dumps({**self.about, **fixed}, ensure_ascii=False, indent=1, sort_keys=True)
        return text.encode() + b"\n"


def _write_folder(
    target: Path, writer: _Writer, events: Iterable[bytes], rows: Iterable[tuple[str, int, bytes]]
) -> Manifest:
    place = ""
    try:
        place = tempfile.mkdtemp(prefix=".bundle-", dir=target.parent)
        made = writer.write(_Folder(Path(place)), events, rows)
        _settle_folder(Path(place))
        os.rename(place, target)
        place = ""
        _settle_folder(target.parent)
        return made
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unusable(
            Problem("file.unwritable", {"file": str(target), "reason": reason})
        ) from error
    finally:
        if place:
            shutil.rmtree(place, ignore_errors=True)


def _blocks(lines: Iterable[bytes], count: dict[str, int], what: str) -> Iterator[bytes]:
    source = iter(lines)
    while batch := list(islice(source, _BATCH)):
        count[what] += len(batch)
        yield b"\n".join(batch) + b"\n"


def _row_lines(rows: Iterable[tuple[str, int, bytes]]) -> Iterator[bytes]:
    now: tuple[str, int] | None = None
    end = b""
    for log, seq, leaf in rows:
        if now != (log, seq):
            now, end = (log, seq), verify.row_end(log, seq)
        yield verify.LEAF + leaf + end


def _settle_folder(path: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class _Row(msgspec.Struct):
    n: int
    noun: str
    row_id: str
    version: int


_decode_row = msgspec.json.Decoder(_Row).decode


def _read_row(leaf: bytes) -> verify.Row:
    try:
        row = _decode_row(leaf.decode())  # the decoder skips what it does not read, bad UTF-8 too
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error
    return verify.Row(row.n, row.noun, row.row_id, row.version)


def _holds(key_pem: bytes, signature: bytes, note: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(key_pem)
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(signature, note)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def verify_bundle(path: Path, key_pem: bytes | None = None) -> Verdict:
    """Checks a bundle as its own verify.py does, only faster.

    Never raises for what the bundle holds: ``ok`` is False and the sentence names the first fault
    (exit 5). Without ``key_pem``, all but who signed is checked, and the sentence says so with the
    fingerprint of the key inside.
    """
    return verify.verify(path, key_pem, _read_row, _holds)
