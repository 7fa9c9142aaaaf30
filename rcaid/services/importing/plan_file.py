"""The file of a plan as it grows: parts, each made from what was handed in, and a MAC at the end.

A large file's parts are made and written by a second process, while the first goes on reading and
judging. It is forked from this one, touches no store, and does exactly what this one would do.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

END = b"0 end\n"
LARGE = 1 << 20
"""Files from this many bytes on are worth a second process."""
_PIPE = 1 << 20
_DONE = b"done"
_MAC = 32
_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class Maker:
    """How the rows of a part are made from what is handed in, which is of this type."""

    make: Callable[[Any], Any]
    takes: Any


class PartFile:
    """Writes parts into a file that appears whole or not at all. ``mac`` has begun already."""

    def __init__(self, path: Path, mac: Any) -> None:
        self._path = path
        self._mac = mac
        self.makers: Mapping[str, Maker] = {}
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._temporary = path.with_name(f".{path.name}.part")
        handle = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file: BinaryIO = os.fdopen(handle, "wb")

    def write(self, data: bytes) -> None:
        """Adds bytes as they are."""
        self._mac.update(data)
        self._file.write(data)

    def part(self, name: str, rows: Any) -> None:
        """Adds one part, made first if it has a maker."""
        maker = self.makers.get(name)
        packed = _encode(maker.make(rows) if maker else rows)
        self.write(b"%d %s\n" % (len(packed), name.encode()))
        self.write(packed)

    def flush(self) -> None:
        """Leaves nothing in memory that two processes would write."""
        self._file.flush()

    def finish(self) -> None:
        """Writes the MAC, waits for the disk and gives the file its name."""
        self.write(END)
        self._file.write(self._mac.digest())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._temporary.replace(self._path)

    def abandon(self) -> None:
        """Leaves nothing behind."""
        self._file.close()
        self._temporary.unlink(missing_ok=True)


class PartReader:
    """The parts of a finished file, taken from it one by one: no plan is in memory as a whole.

    A file that is another one now, or was written to since it was proved, gives OSError.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = os.stat(path)
        self._places: list[tuple[str, int, int]] = []

    def _open(self) -> BinaryIO:
        file = self._path.open("rb")
        now = os.fstat(file.fileno())
        if _sameness(now) != _sameness(self._seen):
            file.close()
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        return file

    def head(self, size: int) -> bytes:
        """The first bytes."""
        with self._open() as file:
            return file.read(size)

    def holds(self, mac: Any) -> bool:
        """Whether the MAC at the end is that of all before it. ``mac`` is a fresh one."""
        left = self._seen.st_size - _MAC
        with self._open() as file:
            while left > 0 and (data := file.read(min(left, _PIPE))):
                mac.update(data)
                left -= len(data)
            return bool(left == 0 and mac.digest() == file.read())

    def find(self, at: int) -> None:
        """Notes where the parts lie, the first of them ``at`` so many bytes. Once it is proved."""
        with self._open() as file:
            file.seek(at)
            while (head := file.readline()) != END:
                size, name = head.split()
                self._places.append((name.decode(), file.tell(), int(size)))
                file.seek(int(size), os.SEEK_CUR)

    def parts(self, only: str = "") -> Iterator[tuple[str, bytes]]:
        """Name and packed rows of each part, in order, or of those of one name."""
        with self._open() as file:
            for name, at, size in self._places:
                if only in ("", name):
                    file.seek(at)
                    yield name, file.read(size)


def _sameness(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def may_fork() -> bool:
    """Whether a second process can be had safely: with threads a fork may hang on their locks."""
    return (
        sys.platform == "linux"
        and threading.active_count() == 1
        and len(os.sched_getaffinity(0)) > 1
    )


class SecondProcess:
    """Hands the parts to a process that makes and writes them; as `PartFile` otherwise."""

    def __init__(self, file: PartFile) -> None:
        self._file = file
        file.flush()
        source, self._parts = os.pipe()
        self._answer, answer = os.pipe()
        with contextlib.suppress(OSError):  # a small pipe is only slower
            import fcntl

            fcntl.fcntl(self._parts, fcntl.F_SETPIPE_SZ, _PIPE)
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._parts)
            os.close(self._answer)
            _serve(file, source, answer)
        os.close(source)
        os.close(answer)

    def part(self, name: str, rows: Any) -> None:
        """Hands over what a part is made from."""
        packed = _encode(rows)
        try:
            _write(self._parts, (b"%d %s\n" % (len(packed), name.encode())).ljust(32))
            _write(self._parts, packed)
        except BrokenPipeError:
            self._wait()

    def finish(self) -> None:
        """Waits until the file has its name; raises what kept the other process from it."""
        _write(self._parts, END.ljust(32))
        self._wait()

    def _wait(self) -> None:
        answer = b"".join(iter(lambda: os.read(self._answer, 4096), b""))
        self._end()
        if answer == _DONE:
            return
        if answer.isdigit():
            raise OSError(int(answer), os.strerror(int(answer)))
        raise RuntimeError(f"the process that writes the plan ended: {answer.decode()}")

    def _end(self) -> None:
        if self._pid:
            os.close(self._parts)
            os.close(self._answer)
            os.waitpid(self._pid, 0)
            self._pid = 0

    def abandon(self) -> None:
        """Ends the other process and leaves nothing behind."""
        self._end()
        self._file.abandon()


def _write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _serve(file: PartFile, source: int, answer: int) -> None:
    """The second process: makes and writes parts until the end, says how it went, and is gone.

    It leaves by `os._exit`, so that nothing of the first process is closed or flushed twice.
    """
    said = b""
    try:
        gc.disable()
        for name, packed in _received(source):
            maker = file.makers.get(name)
            file.part(name, msgspec.msgpack.decode(packed, type=maker.takes if maker else Any))
        file.finish()
        said = _DONE
    except OSError as error:
        said = b"%d" % (error.errno or 0)
    except BaseException as error:  # whatever it is, the first process has to hear of it
        said = repr(error).encode()
    finally:
        with contextlib.suppress(OSError):
            os.write(answer, said)
        os._exit(0)


def _received(source: int) -> Iterator[tuple[str, bytes]]:
    """The parts that are handed over; EOFError when the first process gives up."""
    with os.fdopen(source, "rb", buffering=_PIPE) as stream:
        while (head := stream.read(32)).strip() != END.strip():
            if not head:
                raise EOFError
            size, name = head.split()
            yield name.decode(), stream.read(int(size))
