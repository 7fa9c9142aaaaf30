"""A child at work is waited for, as long as its file can need; one that rests or never ends is not."""

from __future__ import annotations

import os
import time

import pytest

from rcaid.files import watch
from rcaid.files.watch import RATE, Watch, processor_time


class Machine:
    """A clock, and a child that uses a part of the time that goes by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        self.used: float | None = 3.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(watch, "processor_time", lambda pid: self.used)

    def stopped_after(self, share: float, patience: float = 10, unpacked: int = 0) -> int | None:
        """Seconds until a child that gets this share of a processor is given up; None if it is
        let work for an hour."""
        looked = Watch(1, patience, unpacked)
        for _ in range(3_600):
            self.now += 1
            if self.used is not None:
                self.used += share
            if looked.is_stuck():
                return looked.waited
        return None


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


def test_a_child_that_rests_is_given_up_after_ten_seconds(machine: Machine) -> None:
    assert machine.stopped_after(0) == 10
    assert machine.stopped_after(0, unpacked=1 << 30) == 10


def test_a_child_that_works_without_end_is_given_up(machine: Machine) -> None:
    assert machine.stopped_after(1) == 10
    assert machine.stopped_after(0.25) == 40
    assert machine.stopped_after(0.01) == 60


def test_a_large_file_may_take_longer_on_a_busy_machine(machine: Machine) -> None:
    """78 MiB unpacked are 98,400 rows of 14 columns; they take about a second of a processor."""
    assert machine.stopped_after(1, unpacked=78 << 20) == 15
    assert machine.stopped_after(0.1, unpacked=78 << 20) == 90
    assert machine.stopped_after(1, unpacked=1 << 30) == 10 + (1 << 30) // RATE


def test_where_nobody_tells_the_clock_alone_counts(machine: Machine) -> None:
    machine.used = None
    assert machine.stopped_after(1) == 60


def test_the_time_of_a_process_is_read_and_of_none_is_not_known() -> None:
    mine = processor_time(os.getpid())
    assert mine is None or mine > 0
    assert processor_time(2**22 + 1) is None
