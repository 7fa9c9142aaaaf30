"""Start: the help text, the first frame of the terminal program, and what an idle screen sends."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from pathlib import Path

from bench.importing import filled_store
from bench.measuring import BIN, PYTHON, Program, Result, Spent, side_by_side
from bench.roster_file import STREET_LOGIN

HELP_RUNS, FRAME_RUNS = 21, 9
IDLE_SECONDS = 20
_SIZE = struct.pack("HHHH", 40, 120, 0, 0)
_READY = "READY-TO-READ"


class Screen:
    """A program on a terminal of 120 by 40 of its own."""

    def __init__(self, command: Sequence[str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, _SIZE)
        env = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        self._started = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
        )
        os.close(slave)

    def until(self, mark: str, patience: float = 60) -> float:
        """Seconds from the start until a text has arrived."""
        got = b""
        while mark.encode() not in got:
            piece = self._read(patience)
            if not piece:
                raise TimeoutError(f"{mark} never came: {got[-300:]!r}")
            got += piece
        return time.perf_counter() - self._started

    def during(self, seconds: float) -> int:
        """How many bytes arrive in this time."""
        ends = time.perf_counter() + seconds
        count = 0
        while (left := ends - time.perf_counter()) > 0:
            count += len(self._read(left))
        return count

    def _read(self, patience: float) -> bytes:
        ready, _, _ = select.select([self._master], [], [], patience)
        return os.read(self._master, 65536) if ready else b""

    def end(self) -> float:
        """Kills the program; CPU seconds it had used."""
        self._process.send_signal(signal.SIGKILL)
        _, _, used = os.wait4(self._process.pid, 0)
        self._process.returncode = 0
        os.close(self._master)
        return used.ru_utime + used.ru_stime


def first_frame(command: Sequence[str], mark: str) -> Spent:
    """What it takes until a text of the first frame stands on the screen."""
    screen = Screen(command)
    wall = screen.until(mark)
    return Spent(screen.end(), wall)


def measure(folder: Path) -> list[Result]:
    """The three figures of a start."""
    url = filled_store(folder)
    started = side_by_side(
        [
            Program("help", [str(BIN / "rcaid"), "--help"]),
            Program("python", [PYTHON, "-c", "pass"]),
        ],
        HELP_RUNS,
    )
    rcaid = [str(BIN / "rcaid"), "--db", url, "--as", STREET_LOGIN]
    smallest = [PYTHON, "-m", "bench.starting"]
    frames: dict[str, list[Spent]] = {"rcaid": [], "smallest": []}
    for _ in range(FRAME_RUNS):
        frames["rcaid"].append(first_frame(rcaid, STREET_LOGIN))
        frames["smallest"].append(first_frame(smallest, _READY))
    cpu = {name: statistics.median(s.cpu for s in all_) for name, all_ in frames.items()}
    wall = {name: statistics.median(s.wall for s in all_) for name, all_ in frames.items()}
    screen = Screen(rcaid)
    screen.until(STREET_LOGIN)
    screen.during(5)
    idle = screen.during(IDLE_SECONDS)
    screen.end()
    asked, bare = started["help"].cpu, started["python"].cpu
    return [
        Result(
            "`rcaid --help`: CPU against `python -c pass`",
            f"{asked * 1000:.1f} ms : {bare * 1000:.1f} ms", asked / bare, 1.5,
        ),
        Result(
            "first frame of the terminal program: CPU against the smallest Textual app",
            f"{cpu['rcaid']:.3f} s : {cpu['smallest']:.3f} s", cpu["rcaid"] / cpu["smallest"], 1.3,
        ),
        Result(
            "the same: wall clock", f"{wall['rcaid']:.3f} s : {wall['smallest']:.3f} s",
            wall["rcaid"] / wall["smallest"], 1.3,
        ),
        Result(f"idle screen, bytes in {IDLE_SECONDS} s", f"{idle}", idle, 0, "bytes"),
    ]  # fmt: skip


def _smallest() -> None:
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Smallest(App[None]):
        def compose(self) -> ComposeResult:
            yield Static(_READY)

    Smallest().run()


if __name__ == "__main__":
    _smallest()
