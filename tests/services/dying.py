"""A process that makes processes which act on a store and are killed at a moment of their own.

It has everything imported and has opened no store, so that a process costs a fork and not a start.
Standard input: one job in JSON a line; standard output: for each what became of it.

A moment is one of three: the n-th call that Python makes, be it of a function here or of the
driver; the n-th edge of a statement, that is before it is sent and after it is answered, BEGIN and
COMMIT too; or so many milliseconds after the act began, where the kill comes from outside.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Any

import psycopg

from rcaid.db.sqlite import SqliteStore
from rcaid.domain.errors import Refused
from rcaid.domain.ids import SeededSource
from rcaid.services.applications import after, deciding
from rcaid.services.clock import SetClock
from rcaid.services.desk import Desk
from rcaid.services.importing import (
    imports,
    people_importer,
    quota_importer,
    result_importer,
    roster_importer,
    undo_people,
)
from rcaid.services.importing.undo import undo
from rcaid.services.society import open_desk

IMPORTED = (people_importer, quota_importer, result_importer, roster_importer, undo_people)
Job = dict[str, Any]
DECIDING: dict[str, Callable[..., Any]] = {"approve": deciding.approve, "entitle": after.entitle}


class Count:
    """Counts steps and dies at the last one; 0 never comes."""

    def __init__(self, last: int) -> None:
        self.steps = 0
        self._last = last

    def step(self) -> None:
        self.steps += 1
        if self.steps == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def call(self, _frame: FrameType, _event: str, _argument: Any) -> None:
        self.step()

    def around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        """The same act with a step before and one after it."""

        def counted(*arguments: Any, **rest: Any) -> Any:
            self.step()
            done = act(*arguments, **rest)
            self.step()
            return done

        return counted


class Edges:
    """SQLite's connection, with the edges of its statements counted."""

    def __init__(self, connection: Any, count: Count) -> None:
        self._connection = connection
        self.execute = count.around(connection.execute)
        self.executemany = count.around(connection.executemany)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def count_edges(desk: Desk, count: Count) -> None:
    """Counts what is sent to the engine from now on."""
    if isinstance(desk.store, SqliteStore):
        desk.store._connection = Edges(desk.store._connection, count)
        return
    for name in ("execute", "executemany", "copy"):
        setattr(psycopg.Cursor, name, count.around(getattr(psycopg.Cursor, name)))


def act(desk: Desk, job: Job) -> str:
    """Does what the job says; returns what it would tell the person."""
    if job["act"] == "plan":
        roster_importer.__dict__["LARGE"] = job["large"]
        target = Path(job["plan"])
        planned = imports.plan(
            desk, Path(job["file"]), job["kind"], cycle_code=job["cycle"], target=target
        )
        return planned.facts.plan_id
    if job["act"] == "apply":
        return imports.apply(desk, Path(job["plan"])).batch.id
    if job["act"] in DECIDING:
        return decide(desk, job)
    return undo(desk, job["batch"])[0].batch.id


def decide(desk: Desk, job: Job) -> str:
    """Decides on an application; one that was decided before is refused, and says so."""
    try:
        return str(DECIDING[job["act"]](desk, [job["case"]])[1])
    except Refused as refused:
        return ",".join(problem.code for problem in refused.problems)


def live(job: Job, say: int) -> None:
    """The life of one process, until its moment or its end."""
    source, clock = SeededSource(job["seed"]), SetClock(job["day"])
    desk = open_desk(job["url"], as_login=job["login"], source=source, clock=clock)
    count = Count(job["last"])
    os.write(say, b"ready ")
    if job["by"] == "edge":
        count_edges(desk, count)
    if job["by"] == "call":
        sys.setprofile(count.call)
    done = act(desk, job)
    sys.setprofile(None)
    os.write(say, f"{done} {count.steps} ".encode())


def watch(pid: int, told: int, after: float | None) -> tuple[int, list[str]]:
    """Waits for a process and kills it ``after`` milliseconds of work, if it lives that long.

    Returns its exit status, what it said, and at the end how many milliseconds it worked.
    """
    said, began = b"", 0.0
    ear = select.poll()
    ear.register(told, select.POLLIN)
    while ear.poll(None if after is None or not began else max(0.0, after - since(began))):
        part = os.read(told, 4096)
        if not part:
            break
        began = began or monotonic()
        said += part
    else:
        os.kill(pid, signal.SIGKILL)
        while part := os.read(told, 4096):
            said += part
    took = since(began)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return status, [*said.decode().split(), f"{took:.3f}"]


def since(began: float) -> float:
    return (monotonic() - began) * 1000


def main() -> None:
    for line in sys.stdin:
        job = json.loads(line)
        told, say = os.pipe()
        pid = os.fork()
        if not pid:
            status = 1
            try:
                live(job, say)
                status = 0
            finally:
                sys.stderr.flush()
                os._exit(status)
        os.close(say)
        status, words = watch(pid, told, job["last"] if job["by"] == "clock" else None)
        os.close(told)
        print(json.dumps([status, words]), flush=True)


if __name__ == "__main__":
    main()
