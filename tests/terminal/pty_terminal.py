"""A terminal to run a program in: it keeps every byte that arrives and draws what a person sees."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pyte

from tests.terminal.waiting import PATIENCE


class Terminal:
    """A program in a terminal of its own. Use it in a ``with``; the end closes both."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        # As a real terminal does, it says where its cursor stands when it is asked.
        self.screen.write_process_input = self.send
        self._stream = pyte.ByteStream(self.screen)
        self.received = bytearray()
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(
            list(command),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"}
            | dict(env or {}),
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(slave)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self.screen.display)

    def send(self, keys: str) -> None:
        """Types."""
        os.write(self._master, keys.encode())

    def click(self, shown: str) -> None:
        """Presses and lets go of the mouse on the first cell of a text in one row of cells."""
        for y in range(self.screen.lines):
            row = "".join(self.screen.buffer[y][x].data or "\0" for x in range(self.screen.columns))
            x = row.find(shown)
            if x >= 0:
                self.send(f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m")
                return
        raise AssertionError(f"{shown!r} is not there:\n{self.text}")

    def hang_up(self) -> None:
        """Closes the terminal, as when a window is shut."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def read(self, seconds: float) -> bytes:
        """What arrives next, waiting up to ``seconds``; nothing when the program has ended."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return b""
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the other end is closed
            return b""
        self.received += data
        self._stream.feed(data)
        return data

    def until(self, shown: str | Callable[[str], bool], seconds: float = PATIENCE) -> str:
        """Reads until the screen shows a text, or until it is as a function wants it."""
        deadline = time.monotonic() + seconds
        while not (shown in self.text if isinstance(shown, str) else shown(self.text)):
            left = deadline - time.monotonic()
            assert left > 0, f"{shown!r} is not there:\n{self.text}"
            self.read(min(left, 0.1))
        return self.text

    def until_quiet(self, seconds: float = 0.5) -> None:
        """Reads until nothing has come for ``seconds`` and the program waits for something: on a
        busy machine it may only wait for its turn."""
        deadline = time.monotonic() + PATIENCE
        while self.read(seconds) or self._at_work():
            assert time.monotonic() < deadline, f"never quiet:\n{self.text}"

    def _at_work(self) -> bool:
        """Whether a thread of the program wants the processor or the disk; False where the system
        does not tell."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/stat")
        with suppress(OSError):  # it has ended since
            return any(each.read_text().rpartition(")")[2].split()[0] in "RD" for each in threads)
        return False

    def ended(self, seconds: float = PATIENCE) -> int:
        """Reads on until the program ends; its exit status."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"still running:\n{self.text}"
            self.read(0.05)
        while self.read(0):
            pass
        return self.process.wait()


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
