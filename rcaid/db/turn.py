"""A fair turn at the one writer's place of an SQLite file, across processes.

Two locks on one small file beside the store: whoever wants to write first stands at the gate, and
leaves the gate only when the turn is theirs. So a session that has just written cannot take the
next turn from one that waits; without this, sessions starve under load with no error to show.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rcaid.domain.errors import Problem, Unusable

try:
    import fcntl
except ImportError:  # Windows has no flock: busy_timeout alone orders the writers there
    fcntl = None  # type: ignore[assignment]


class Turn:
    """The turn at one store. Not for two threads at the same moment."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._gate = self._turn = -1

    def _open(self) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        try:
            gate = os.open(f"{self._path}-gate", flags, 0o600)
            try:
                turn = os.open(f"{self._path}-turn", flags, 0o600)
            except OSError:
                os.close(gate)
                raise
        except OSError as error:
            code = "store.full" if error.errno == errno.ENOSPC else "store.read_only"
            raise Unusable(Problem(code, {"place": self._path})) from error
        self._gate, self._turn = gate, turn

    @contextmanager
    def taken(self, what: str) -> Iterator[None]:
        """Waits for the turn, holds it, and gives it back."""
        if fcntl is None:
            yield
            return
        if self._gate < 0:
            self._open()
        fcntl.flock(self._gate, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._turn, fcntl.LOCK_EX)
        finally:
            fcntl.flock(self._gate, fcntl.LOCK_UN)
        try:
            self._sign(what)
            yield
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def _sign(self, what: str) -> None:
        note = f"{os.getpid()} {int(time.time())} {what}\n".encode()
        with suppress(OSError):  # a full disk is for the store itself to find
            os.pwrite(self._turn, note, 0)
            os.ftruncate(self._turn, len(note))

    def holder(self) -> str:
        """Who took the turn last, as ``pid seconds what``; empty when nobody did."""
        try:
            with open(f"{self._path}-turn", encoding="utf-8") as note:
                return note.read().strip()
        except FileNotFoundError:
            return ""

    def close(self) -> None:
        """Closes the two files."""
        for handle in (self._gate, self._turn):
            if handle >= 0:
                os.close(handle)
        self._gate = self._turn = -1
