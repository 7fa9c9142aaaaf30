"""Running programs side by side: CPU with all their children, wall clock, medians, and a table."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

RUNS = 5
PYTHON = sys.executable
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of one run: CPU of the process and all its children, and wall clock; ``mib`` is the
    most memory that one of them held."""

    cpu: float
    wall: float
    mib: float = 0


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the report: what was measured, the figures as text, what it is held against.

    ``ratio`` is measured over reference (or the figure itself) and ``most`` what it may be; None
    where a figure is only reported.
    """

    about: str
    figures: str
    ratio: float | None = None
    most: float | None = None
    unit: str = "x"

    @property
    def verdict(self) -> str:
        """Whether the target is met, in a word."""
        if self.ratio is None or self.most is None:
            return ""
        return "met" if self.ratio <= self.most else "not met"


@dataclass(frozen=True, slots=True)
class Program:
    """One of the programs that take turns; ``before`` sets up a run and is not measured."""

    name: str
    command: Sequence[str]
    before: Callable[[], object] = lambda: None


def run(command: Sequence[str], env: Mapping[str, str] | None = None) -> Spent:
    """Runs a program to its end; CalledProcessError if it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=env)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Spent(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def side_by_side(programs: Sequence[Program], runs: int = RUNS) -> dict[str, Spent]:
    """Medians of each program's runs, the programs taking turns so that a busy machine is shared."""
    spent: dict[str, list[Spent]] = {program.name: [] for program in programs}
    for _ in range(runs):
        for program in programs:
            program.before()
            spent[program.name].append(run(program.command))
    return {
        name: Spent(statistics.median(s.cpu for s in all_), statistics.median(s.wall for s in all_))
        for name, all_ in spent.items()
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def machine() -> str:
    """The machine, the versions and the day, in one line."""
    from sqlite_utils.utils import sqlite3

    model = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    except OSError:
        pass
    load = f", load average {os.getloadavg()[0]:.1f} when it ended" if os.name == "posix" else ""
    return (
        f"{model}, {os.cpu_count()} CPUs, {platform.system()} {platform.release()}, Python"
        f" {platform.python_version()}, SQLite {sqlite3.sqlite_version},"
        f" {datetime.now(UTC):%Y-%m-%d}{load}"
    )
