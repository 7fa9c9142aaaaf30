"""Whether a child that sends nothing is at work or stuck.

A large workbook shows its first row only when all of it is parsed, and on a busy machine that takes
long by the clock though the child never rests. So what counts is the processor time it uses: a
child that uses none is stuck, and so is one that uses more than a file of its size can need.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

RATE: Final = 16 << 20
"""Unpacked bytes that the slowest machine worth thinking of parses in a second of its processor."""
_BY_THE_CLOCK: Final = 6
"""How many times as long as its processor time a child may take: others are at work too."""


def processor_time(pid: int) -> float | None:
    """Seconds of processor time a process has used; None where the system does not tell."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    user, system = stat.rpartition(b")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


class Watch:
    """One wait for a child, from now on.

    ``patience`` is how many seconds it may rest, and how many it may work for whatever it sends;
    ``unpacked`` are the bytes it has to parse before that, for which it may work longer.
    """

    def __init__(self, pid: int, patience: float, unpacked: int = 0) -> None:
        self._pid = pid
        self._rest = patience
        self._work = patience + unpacked / RATE
        self._began = self._moved = time.monotonic()
        self._first = self._used = processor_time(pid)

    @property
    def waited(self) -> int:
        """Whole seconds since the wait began."""
        return round(time.monotonic() - self._began)

    def is_stuck(self) -> bool:
        """Whether there is no use in waiting any longer."""
        now, used = time.monotonic(), processor_time(self._pid)
        if now - self._began >= self._work * _BY_THE_CLOCK:
            return True
        if used is None or self._first is None:
            return False
        if used != self._used:
            self._used, self._moved = used, now
        return now - self._moved >= self._rest or used - self._first >= self._work
