"""Audit bundles: what is written can be checked, and nothing can be changed unseen."""

from __future__ import annotations

import json
import os
import random
import shutil
import stat
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rcaid.domain.errors import Broken, Unusable
from rcaid.domain.record import (
    Head,
    canonical,
    event_line,
    leaf_hash,
    parse_checkpoint,
    row_leaf,
    tree_root,
)
from rcaid.files import bundle, verify
from rcaid.files.bundle import Manifest, Verdict, verify_bundle, write_bundle

OURS = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
THEIRS = Ed25519PrivateKey.from_private_bytes(b"2" * 32)
FORMS = ("record.zip", "record")
ABOUT = {"society": "上海市红十字会", "store": "01A", "made_at": "2022-12-31", "purpose": "年审"}

Leaf = tuple[str, int, bytes]


def pem_of(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


PEM = pem_of(OURS)


class Record:
    """A small record: three logs, one of them empty; versions of a row come from two logs."""

    def __init__(self) -> None:
        self.events: list[bytes] = []
        self.rows: list[Leaf] = []
        self.heads: list[Head] = [Head("310000", 0, tree_root([]))]
        for log, office in (("310101", 1), ("310114", 2)):
            lines = [self.event(log, seq, office) for seq in range(5)]
            self.heads.append(Head(log, len(lines), tree_root(map(leaf_hash, lines))))
            self.events += lines

    def event(self, log: str, seq: int, office: int) -> bytes:
        leaves = [] if seq == 1 else list(self.changed(seq, office))
        self.rows += [(log, seq, leaf) for leaf in leaves]
        fields = {
            "log": log,
            "seq": seq,
            "at": f"2022-03-04T05:06:0{seq}.000000Z",
            "actor": "jd-caseworker",
            "office": log,
            "action": "roster.import",
            "reason": "名单",
            "rows": len(leaves),
            "root": tree_root(map(leaf_hash, leaves)).hex() if leaves else None,
        }
        return event_line(fields)

    def changed(self, seq: int, office: int) -> Iterator[bytes]:
        public = canonical({"state": "active", "office": office, "amount": 10000 * seq})
        hidden = sha256(b"salt%d" % seq).hexdigest()
        for n in range(3):
            yield row_leaf(n, "person", f"01A{office}{seq}{n}", 1, public, hidden)
        if seq == 2:  # the first log holds versions 1 and 3 of this row, the second 2 and 4
            yield row_leaf(3, "fund", "01F", office, public, None)
        if seq == 3:
            gone = None if office == 2 else public
            yield row_leaf(3, "fund", "01F", office + 2, gone, None)


def write(target: Path, record: Record | None = None, **changes: Any) -> Manifest:
    given = record or Record()
    settings: dict[str, Any] = {
        "origin": "上海市红十字会 01A",
        "events": given.events,
        "rows": given.rows,
        "heads": given.heads,
        "sign": OURS.sign,
        "public_key_pem": PEM,
        "about": ABOUT,
        **changes,
    }
    return write_bundle(target, **settings)


def slow_verify(path: Path, key_pem: bytes | None = None) -> Verdict:
    """What verify.py does, but for the openssl process; that runs in tests of its own."""
    return verify.verify(path, key_pem, holds=bundle._holds)


def run_verify(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """verify.py as a stranger runs it: another directory, no packages."""
    command = [sys.executable, "-I", "-S", verify.__file__, str(path), *options]
    return subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)


def both(path: Path, key_pem: bytes | None = PEM) -> str:
    """The sentence of a bundle that both verifiers call broken."""
    verdicts = [verify_bundle(path, key_pem), slow_verify(path, key_pem)]
    for verdict in verdicts:
        assert not verdict.ok
        assert verdict.sentence.startswith("broken: ")
        assert "\n" not in verdict.sentence and verdict.sentence.isascii()
    return verdicts[0].sentence


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def made(tmp_path: Path, form: str) -> Path:
    write(tmp_path / form)
    return tmp_path / form


# --- What is written


def test_a_bundle_is_verified_by_program_and_stranger_alike(made: Path, tmp_path: Path) -> None:
    verdict = verify_bundle(made, PEM)
    assert verdict == slow_verify(made, PEM)
    assert verdict.ok
    assert verdict.counts == {"events": 10, "logs": 3, "rows": 28}
    (tmp_path / "key.pem").write_bytes(PEM)
    run = run_verify(made, "--key", str(tmp_path / "key.pem"))
    assert (run.returncode, run.stdout, run.stderr) == (0, verdict.sentence + "\n", "")


def test_the_copy_inside_checks_its_own_folder(tmp_path: Path) -> None:
    write(tmp_path / "record")
    inside = tmp_path / "record" / "verify.py"
    run = subprocess.run(
        [sys.executable, "-I", inside], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.startswith("whole: 3 logs, 10 events, 28 changed rows")


def test_without_a_key_the_verdict_says_who_is_unchecked(made: Path) -> None:
    verdict = verify_bundle(made)
    assert verdict.ok
    assert "who signed is not checked" in verdict.sentence
    assert verdict.fingerprint in verdict.sentence
    assert verdict.fingerprint == verify.fingerprint_of(PEM)


def test_the_manifest_is_returned_as_it_is_signed(tmp_path: Path) -> None:
    manifest = write(tmp_path / "record")
    data = (tmp_path / "record" / "manifest.json").read_bytes()
    assert manifest.sha256 == sha256(data).hexdigest()
    assert parse_checkpoint(manifest.note).manifest == manifest.sha256
    assert parse_checkpoint(manifest.note).heads == Record().heads
    OURS.public_key().verify(manifest.signature, manifest.note.encode())
    assert {key: json.loads(data)[key] for key in ABOUT} == ABOUT


def test_equal_records_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        write(tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_the_zip_is_one_that_others_can_open(tmp_path: Path) -> None:
    write(tmp_path / "record.zip")
    with zipfile.ZipFile(tmp_path / "record.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == list(verify.FILES)
        archive.extractall(tmp_path / "out")
    text = (tmp_path / "out" / "rows.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    assert {(row["log"], row["seq"]) for row in rows} == {
        (log, seq) for log in ("310101", "310114") for seq in (0, 2, 3, 4)
    }


def test_a_bundle_is_private(made: Path) -> None:
    files = [made] if made.is_file() else list(made.iterdir())
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_an_empty_record_is_verified(tmp_path: Path, form: str) -> None:
    write(tmp_path / form, events=[], rows=[], heads=[])
    assert verify_bundle(tmp_path / form, PEM).counts == {"events": 0, "logs": 0, "rows": 0}


def test_what_stands_there_is_not_written_over(made: Path) -> None:
    before = verify_bundle(made, PEM)
    with pytest.raises(Unusable) as caught:
        write(made)
    assert caught.value.problems[0].code == "bundle.exists"
    assert verify_bundle(made, PEM) == before


def test_a_bundle_that_fails_half_way_leaves_nothing(tmp_path: Path, form: str) -> None:
    def broken_off() -> Iterator[Leaf]:
        yield Record().rows[0]
        raise Broken([])

    with pytest.raises(Broken):
        write(tmp_path / form, rows=broken_off())
    assert list(tmp_path.iterdir()) == []


def test_events_that_the_heads_do_not_count_are_not_exported(tmp_path: Path, form: str) -> None:
    with pytest.raises(Broken) as caught:
        write(tmp_path / form, events=Record().events[:-1])
    assert caught.value.problems[0].code == "bundle.heads"


def test_a_folder_that_is_missing_is_one_sentence(tmp_path: Path, form: str) -> None:
    with pytest.raises(Unusable) as caught:
        write(tmp_path / "nowhere" / form)
    assert caught.value.problems[0].code == "file.unwritable"


# --- One bit


def zip_places(data: bytes) -> list[int]:
    """All places of a zip but the content of README.txt and verify.py."""
    places: list[int] = []
    at = 0
    for name in verify.FILES:
        length = len(verify.local_header(name, 0, 0, 0))
        packed = int.from_bytes(data[at + length - 8 : at + length], "little")
        end = at + length + packed
        places += range(at, at + length if name in verify.FREE else end)
        at = end
    return [*places, *range(at, len(data))]


def flip(path: Path, place: int, bit: int) -> None:
    with open(path, "r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1 << bit]))


def places_of(made: Path) -> list[tuple[Path, int]]:
    if made.is_file():
        return [(made, place) for place in zip_places(made.read_bytes())]
    return [
        (made / name, place)
        for name in verify.FILES
        if name not in verify.FREE
        for place in range((made / name).stat().st_size)
    ]


def test_one_bit_at_any_of_200_random_places_is_noticed(made: Path) -> None:
    draw = random.Random(f"bits {made.name}")
    for path, place in draw.sample(places_of(made), 200):
        bit = draw.randrange(8)
        flip(path, place, bit)
        both(made)
        both(made, None)
        flip(path, place, bit)
    assert verify_bundle(made, PEM).ok


def test_one_bit_is_noticed_by_a_stranger(made: Path) -> None:
    draw = random.Random(f"stranger {made.name}")
    for path, place in draw.sample(places_of(made), 6):
        flip(path, place, 3)
        run = run_verify(made)
        assert run.returncode == 5, (path, place)
        assert run.stdout.startswith("broken: ") and run.stdout.count("\n") == 1
        assert run.stderr == ""
        flip(path, place, 3)


def test_every_byte_around_the_content_of_a_zip_is_checked(tmp_path: Path) -> None:
    write(tmp_path / "record.zip")
    data = (tmp_path / "record.zip").read_bytes()
    at, around = 0, []
    for name in verify.FILES:
        length = len(verify.local_header(name, 0, 0, 0))
        around += range(at, at + length)
        at += length + int.from_bytes(data[at + length - 8 : at + length], "little")
    around += range(at, len(data))
    for place in around:
        flip(tmp_path / "record.zip", place, place % 8)
        assert not verify_bundle(tmp_path / "record.zip", PEM).ok, place
        flip(tmp_path / "record.zip", place, place % 8)


def test_the_same_content_packed_in_another_way_is_noticed(tmp_path: Path) -> None:
    """Deflate has many forms of the same content; only the one that was written is right."""
    write(tmp_path / "record.zip")
    with zipfile.ZipFile(tmp_path / "record.zip") as archive:
        content = {name: archive.read(name) for name in verify.FILES}
    entries = []
    with open(tmp_path / "again.zip", "wb") as file:
        for name, data in content.items():
            squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
            raw = squeeze.compress(data) + squeeze.flush() if name in verify.PACKED else data
            crc = zlib.crc32(data)
            file.write(verify.local_header(name, crc, len(raw), len(data)))
            entries.append(verify.Entry(name, crc, len(raw), len(data), file.tell()))
            file.write(raw)
        file.write(verify.directory(entries))
    assert "packed anew" in both(tmp_path / "again.zip")


def test_an_unpacked_zip_is_checked_as_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "record.zip")
    with zipfile.ZipFile(tmp_path / "record.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    verdict = verify_bundle(tmp_path / "unpacked", PEM)
    assert verdict.ok
    assert verdict == slow_verify(tmp_path / "unpacked", PEM)
    flip(tmp_path / "unpacked/rows.jsonl", 100, 3)
    both(tmp_path / "unpacked")


# --- Tampering by somebody who can write files but does not hold the key


def lines_changed(path: Path, change: Callable[[list[bytes]], None]) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    change(lines)
    path.write_bytes(b"".join(lines))


def swap(lines: list[bytes]) -> None:
    lines[0], lines[1] = lines[1], lines[0]


def drop(lines: list[bytes]) -> None:
    del lines[2]


def drop_last(lines: list[bytes]) -> None:
    del lines[-1]


def double(lines: list[bytes]) -> None:
    lines.insert(1, lines[0])


def edit(lines: list[bytes]) -> None:
    lines[0] = lines[0].replace(b"caseworker", b"approver__").replace(b"active", b"closed")


def end_with_nothing(lines: list[bytes]) -> None:
    lines[-1] = lines[-1].rstrip(b"\n")


def carriage_returns(lines: list[bytes]) -> None:
    lines[:] = [line.replace(b"\n", b"\r\n") for line in lines]


CHANGES = [swap, drop, drop_last, double, edit, end_with_nothing, carriage_returns, list.clear]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ["events.jsonl", "rows.jsonl"])
def test_a_changed_line_is_noticed(
    tmp_path: Path, name: str, change: Callable[[list[bytes]], None]
) -> None:
    write(tmp_path / "record")
    lines_changed(tmp_path / "record" / name, change)
    both(tmp_path / "record")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ["events.jsonl", "rows.jsonl"])
def test_a_changed_line_with_a_manifest_made_to_fit_is_noticed(
    tmp_path: Path, name: str, change: Callable[[list[bytes]], None]
) -> None:
    write(tmp_path / "record")
    path = tmp_path / "record"
    lines_changed(path / name, change)
    manifest = json.loads((path / "manifest.json").read_bytes())
    data = (path / name).read_bytes()
    manifest["files"][name] = {"size": len(data), "sha256": sha256(data).hexdigest()}
    (path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "manifest.json was changed" in both(path)
    hashed = sha256((path / "manifest.json").read_bytes()).hexdigest()
    note = (path / "checkpoint.txt").read_text(encoding="utf-8").split("manifest ")[0]
    (path / "checkpoint.txt").write_text(f"{note}manifest {hashed}\n", encoding="utf-8")
    assert "signature over checkpoint.txt" in both(path)


def test_a_bundle_signed_anew_is_not_ours(tmp_path: Path, form: str) -> None:
    write(tmp_path / form, sign=THEIRS.sign, public_key_pem=pem_of(THEIRS))
    verdict = verify_bundle(tmp_path / form)
    assert verdict.ok and verdict.fingerprint != verify.fingerprint_of(PEM)
    assert "another key than yours" in both(tmp_path / form)


def test_our_key_beside_their_signature_does_not_hold(tmp_path: Path, form: str) -> None:
    write(tmp_path / form, sign=THEIRS.sign)
    assert "signature over checkpoint.txt" in both(tmp_path / form)
    assert "signature over checkpoint.txt" in both(tmp_path / form, None)
    assert run_verify(tmp_path / form).returncode == 5


# --- A signed bundle whose record contradicts itself


def rows_of(change: Callable[[list[Leaf]], None]) -> Record:
    """A record whose rows are changed after its events were made."""
    record = Record()
    change(record.rows)
    return record


def resealed(change: Callable[[list[Leaf]], None]) -> Record:
    """A record whose rows are changed and whose roots and heads were made to fit."""
    record = rows_of(change)
    events = [json.loads(line) for line in record.events]
    for event in events:
        place = (event["log"], event["seq"])
        leaves = [leaf for log, seq, leaf in record.rows if (log, seq) == place]
        event["rows"] = len(leaves)
        event["root"] = tree_root(map(leaf_hash, leaves)).hex() if leaves else None
    record.events = [event_line(event) for event in events]
    logs = ("310101", "310114")
    lines = {log: [event_line(e) for e in events if e["log"] == log] for log in logs}
    record.heads = [Head(log, 5, tree_root(map(leaf_hash, lines[log]))) for log in logs]
    return record


def leaf_replaced(index: int, old: bytes, new: bytes) -> Callable[[list[Leaf]], None]:
    def change(rows: list[Leaf]) -> None:
        log, seq, leaf = rows[index]
        assert old in leaf
        rows[index] = (log, seq, leaf.replace(old, new))

    return change


def test_a_row_that_is_not_the_one_of_its_event_is_named(tmp_path: Path, form: str) -> None:
    write(tmp_path / form, rows_of(leaf_replaced(0, b"active", b"closed")))
    assert "a row of event 0 of log 310101 was changed" in both(tmp_path / form)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (leaf_replaced(1, b'"n":1', b'"n":2'), "row 1 of event 0 of log 310101 is not in its"),
        (leaf_replaced(1, b"01A101", b"01A100"), "'person' '01A100' version 1 is recorded twice"),
        (
            leaf_replaced(1, b'"version":1', b'"version":2'),
            "'01A101' version 2 is recorded without",
        ),
        (leaf_replaced(1, b'"version":1', b'"version":0'), "'01A101' version 0 is recorded twice"),
        (leaf_replaced(1, b'"version":1', b'"version":"1"'), "row 1 of event 0"),
        (leaf_replaced(1, b'"version":1', b'"version":1.0'), "row 1 of event 0"),
        (leaf_replaced(1, b'"version":1', b'"version":true'), "row 1 of event 0"),
        (leaf_replaced(1, b'"n":1', b'"n":1.0'), "row 1 of event 0"),
        (leaf_replaced(1, b'"row_id"', b'"row"'), "row 1 of event 0"),
        (leaf_replaced(1, b"active", b"\xff"), "row 1 of event 0"),
        (leaf_replaced(1, b'"version":1}', b'"version":1}}'), "row 1 of event 0"),
        (leaf_replaced(1, b'"active"', b"[" * 100_000), "row 1 of event 0"),
        (leaf_replaced(1, b'"amount":0', b'"amount":' + b"9" * 5000), ""),
    ],
)
def test_a_signed_row_that_contradicts_the_record_is_named(
    tmp_path: Path, change: Callable[[list[Leaf]], None], sentence: str
) -> None:
    write(tmp_path / "record", resealed(change))
    verdicts = [verify_bundle(tmp_path / "record", PEM), slow_verify(tmp_path / "record", PEM)]
    if sentence:
        assert all(not v.ok and sentence in v.sentence for v in verdicts), verdicts


def event_replaced(index: int, old: bytes, new: bytes) -> Record:
    """A record with one event changed and the head of its log made to fit."""
    record = Record()
    assert old in record.events[index]
    record.events[index] = record.events[index].replace(old, new)
    root = tree_root(map(leaf_hash, record.events[:5]))
    record.heads[1] = Head("310101", 5, root)
    return record


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b'"seq":2', b'"seq":3', "event 2 of log 310101 is not in its place"),
        (b'"log":"310101"', b'"log":"310114"', "event 2 of log 310101 is not in its place"),
        (b'"rows":4', b'"rows":0', "event 2 of log 310101 is not in its place"),
        (b'"rows":4', b'"rows":-4', "event 2 of log 310101 cannot be read"),
        (b'"rows":4', b'"rows":true', "event 2 of log 310101 cannot be read"),
        (b'"rows":4', b'"rows":9999999999999', "row 4 of event 2"),
        (b'"rows":4', b'"rows":3', "a row of event 2"),
        (b'"seq":2}', b'"seq":2', "event 2 of log 310101 cannot be read"),
        (b'"roster.import"', b"[" * 100_000, "event 2 of log 310101 cannot be read"),
        (b"roster", b"\xff", "event 2 of log 310101 cannot be read"),
    ],
)
def test_a_signed_event_that_contradicts_the_record_is_named(
    tmp_path: Path, old: bytes, new: bytes, sentence: str
) -> None:
    write(tmp_path / "record", event_replaced(2, old, new))
    assert sentence in both(tmp_path / "record")


def test_a_head_that_is_not_that_of_its_events_is_named(tmp_path: Path, form: str) -> None:
    record = Record()
    record.heads[1] = Head("310101", 5, b"x" * 32)
    write(tmp_path / form, record)
    assert "an event of log 310101 was changed" in both(tmp_path / form)


def test_a_row_too_many_is_noticed(tmp_path: Path, form: str) -> None:
    record = Record()
    record.rows.append(("310114", 4, row_leaf(3, "person", "01Z", 1, None, None)))
    write(tmp_path / form, record)
    assert "rows.jsonl has more rows" in both(tmp_path / form)


def test_an_event_that_changed_size_between_logs_is_noticed(tmp_path: Path, form: str) -> None:
    record = Record()
    record.heads[1] = Head("310101", 6, record.heads[1].root)
    record.heads[2] = Head("310114", 4, record.heads[2].root)
    write(tmp_path / form, record)
    assert "event 5 of log 310101" in both(tmp_path / form)


# --- Damage


@pytest.mark.parametrize("name", verify.FILES)
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    write(tmp_path / "record")
    (tmp_path / "record" / name).unlink()
    assert both(tmp_path / "record") == f"broken: {name} is missing"


@pytest.mark.parametrize("name", [n for n in verify.FILES if n not in verify.FREE])
@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[" * 200_000, b"{}", b"\0" * 64, b"9" * 9999]
)
def test_a_file_of_something_else_is_one_sentence(
    tmp_path: Path, name: str, content: bytes
) -> None:
    write(tmp_path / "record")
    (tmp_path / "record" / name).write_bytes(content)
    both(tmp_path / "record")


def test_what_does_not_belong_is_named_without_its_control_bytes(tmp_path: Path) -> None:
    write(tmp_path / "record")
    (tmp_path / "record" / "\x1b]0;名\x07").write_bytes(b"")
    assert "does not belong" in both(tmp_path / "record")


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_only_plain_files_are_read(tmp_path: Path, kind: str) -> None:
    write(tmp_path / "record")
    path = tmp_path / "record" / "rows.jsonl"
    path.rename(tmp_path / "rows.jsonl")
    if kind == "link":
        path.symlink_to(tmp_path / "rows.jsonl")
    elif kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    assert both(tmp_path / "record") == "broken: rows.jsonl is not a plain file"


def test_a_zip_cut_anywhere_is_one_sentence(tmp_path: Path) -> None:
    write(tmp_path / "record.zip")
    data = (tmp_path / "record.zip").read_bytes()
    for length in [*range(0, len(data), 97), len(data) - 1]:
        (tmp_path / "record.zip").write_bytes(data[:length])
        assert not verify_bundle(tmp_path / "record.zip", PEM).ok


@pytest.mark.parametrize(("before", "after"), [(b"", b"x"), (b"x", b""), (b"", b"\0" * 70_000)])
def test_bytes_before_or_after_a_zip_are_noticed(
    tmp_path: Path, before: bytes, after: bytes
) -> None:
    write(tmp_path / "record.zip")
    data = (tmp_path / "record.zip").read_bytes()
    (tmp_path / "record.zip").write_bytes(before + data + after)
    both(tmp_path / "record.zip")


def zip_of(path: Path, entries: Iterable[tuple[str, bytes]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_made_by_another_program_is_one_sentence(tmp_path: Path) -> None:
    write(tmp_path / "record.zip")
    with zipfile.ZipFile(tmp_path / "record.zip") as archive:
        content = [(name, archive.read(name)) for name in verify.FILES]
    for entries in (
        content,
        [*content, content[2]],
        [*content, ("/etc/passwd", b"x")],
        [*content, ("../x", b"x")],
        [("events.jsonl", b"0" * 50_000_000)],
        [],
    ):
        zip_of(tmp_path / "other.zip", entries)
        both(tmp_path / "other.zip")


@pytest.mark.parametrize("size", [0, 2**32, 2**60, 2**63, 2**64 - 1])
@pytest.mark.parametrize("back", [8, 16])
def test_a_size_that_cannot_be_is_one_sentence(tmp_path: Path, size: int, back: int) -> None:
    write(tmp_path / "record.zip")
    path = tmp_path / "record.zip"
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\3\4", 10)
    end = at + len(verify.local_header("verify.py", 0, 0, 0))
    data[end - back : end - back + 8] = size.to_bytes(8, "little")
    path.write_bytes(data)
    both(path)


@pytest.mark.parametrize("where", ["nothing", "."])
def test_a_place_without_a_bundle_is_one_sentence(tmp_path: Path, where: str) -> None:
    both(tmp_path / where)


@pytest.mark.parametrize("pem", [b"", b"\xff", b"-----BEGIN PUBLIC KEY-----\n=\n"])
def test_a_key_that_is_none_is_one_sentence(made: Path, pem: bytes) -> None:
    both(made, pem)


def test_a_key_with_other_line_ends_is_the_same_key(made: Path) -> None:
    assert verify_bundle(made, PEM.replace(b"\n", b"\r\n")).ok


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=3000))
def test_random_bytes_are_one_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "any.zip").write_bytes(data)
    both(tmp_path / "any.zip")


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_piece_put_elsewhere_is_one_sentence(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "piece.zip"
    path.unlink(missing_ok=True)
    write(path)
    good = path.read_bytes()
    start, length, to = (data.draw(st.integers(0, len(good))) for _ in range(3))
    changed = bytearray(good)
    changed[to : to + length] = good[start : start + length]
    path.write_bytes(changed)
    free = set(range(len(good))).difference(zip_places(good))
    if len(changed) == len(good) and all(
        new == old or at in free for at, (new, old) in enumerate(zip(changed, good, strict=True))
    ):
        return
    both(path)


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_both_readers_of_a_leaf_refuse_what_is_none(data: bytes) -> None:
    for read in (verify.read_row, bundle._read_row):
        with pytest.raises((ValueError, RecursionError)):
            read(data)


def test_without_openssl_the_stranger_is_told(tmp_path: Path) -> None:
    write(tmp_path / "record")
    command = [shutil.which("env") or "env", "PATH=/nowhere", sys.executable, "-I", verify.__file__]
    run = subprocess.run(
        [*command, tmp_path / "record"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 5
    assert "the openssl command was not found" in run.stdout and run.stderr == ""


def test_a_key_file_that_is_missing_is_a_wrong_use(tmp_path: Path) -> None:
    write(tmp_path / "record")
    run = run_verify(tmp_path / "record", "--key", str(tmp_path / "none.pem"))
    assert run.returncode == 2 and "the key file cannot be read" in run.stderr


def test_trees_of_both_programs_agree() -> None:
    for size in (0, 1, 2, 3, 4095, 4096, 4097, 9001):
        leaves = [leaf_hash(b"%d" % i) for i in range(size)]
        assert verify.tree_root(leaves) == tree_root(leaves)
