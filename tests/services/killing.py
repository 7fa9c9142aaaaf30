"""Kills processes at chosen moments and says what they left in a store. See `dying`."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from rcaid.db.digests import digests
from rcaid.db.engine import open_store
from rcaid.db.upkeep import damage, miscounted
from rcaid.domain.errors import Problem
from rcaid.services import audit
from rcaid.services.clock import SetClock
from rcaid.services.invariants import broken
from rcaid.services.society import open_desk
from tests.postgres_server import Server
from tests.services.conftest import Society
from tests.services.writing import contents, rows

ROOT = Path(__file__).resolve().parents[2]
_RECORD = ("audit_head", "audit_event", "audit_row")
LATER = "2022-02-03"
"""The day on which the processes act: after all that was prepared."""


class Life(NamedTuple):
    """How a process ended: whether it was killed, what it had answered, steps or milliseconds."""

    killed: bool
    answer: str
    steps: int
    milliseconds: float


class Killer:
    """Sends jobs to the process that makes the processes."""

    def __init__(self) -> None:
        self._maker = subprocess.Popen(
            [sys.executable, "-B", "-m", "tests.services.dying"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(self, job: Mapping[str, object], by: str = "edge", last: float = 0) -> Life:
        """One process, killed when ``last`` calls, edges or milliseconds have gone by; 0: never."""
        assert self._maker.stdin is not None and self._maker.stdout is not None
        last = last or (3_600_000 if by == "clock" else 0)
        self._maker.stdin.write(json.dumps({**job, "by": by, "last": last}) + "\n")
        self._maker.stdin.flush()
        status, words = json.loads(self._maker.stdout.readline())
        assert status in (0, -signal.SIGKILL), job
        answer, steps = words[1:3] if len(words) > 2 else ("", "0")
        return Life(status != 0, answer, int(steps), float(words[-1]))

    def close(self) -> None:
        """Ends the maker, and with it every process it made."""
        assert self._maker.stdin is not None and self._maker.stdout is not None
        self._maker.stdin.close()
        self._maker.wait()
        self._maker.stdout.close()


@dataclass(frozen=True, slots=True)
class Left:
    """What stands in a store: a hash of each table's rows as they are, the states of imports by
    plan, and how many events there are."""

    tables: dict[str, str]
    imports: dict[str, str]
    events: int


def left_in(url: str) -> Left:
    """Looks at a store when all units in it have ended."""
    store = open_store(url)
    try:
        # What a process had begun is still the server's until it has ended it, one way or other.
        logs = [log for (log,) in rows(store, "SELECT log FROM audit_head ORDER BY log")]
        store.unit(lambda: store.lock("audit_head", "log", logs))
        found = contents(store, also=_RECORD)
        imports = rows(store, "SELECT plan_id, state FROM import_batch")
        return Left(
            {name: sha256(repr(each).encode()).hexdigest() for name, each in found.items()},
            dict(imports),
            len(found["audit_event"]),
        )
    finally:
        store.close()


def wrong_in(url: str) -> list[Problem]:
    """What an operator's check and an auditor's find in a store."""
    desk = open_desk(url, as_login="sh-auditor", clock=SetClock(LATER))
    try:
        found = audit.verify_store(desk).faults
        counts = [*damage(desk.store), *miscounted(desk.store)]
        return [*counts, *broken(desk.store), *found]
    finally:
        desk.store.close()


def digests_of(url: str) -> dict[str, str]:
    """The digest of each table, seals opened and versions left out."""
    desk = open_desk(url, as_login="sh-auditor", clock=SetClock(LATER))
    try:
        return digests(desk.store, desk.keys)
    finally:
        desk.store.close()


class Templates:
    """Stores to copy, on either engine."""

    def __init__(self, server: Server | None, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._made: list[str] = []

    def keep(self, url: str) -> str:
        """Keeps what stands at an address, to which nobody is connected any more."""
        name = self._copied(url)
        self._made.append(name)
        return name

    def _copied(self, url: str) -> str:
        if self._server is not None:
            return self._server.create(urlsplit(url).path.removeprefix("/"))
        self._folder.mkdir(exist_ok=True)
        path = self._folder / f"template{len(self._made)}.db"
        shutil.copyfile(url, path)
        return str(path)

    @contextmanager
    def fresh(self, template: str) -> Iterator[str]:
        """The address of a copy, gone after the block."""
        if self._server is not None:
            name = self._server.create(template)
            yield self._server.url_of(name)
            self._server.drop(name)
            return
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        yield shutil.copyfile(template, str(folder / "fresh.db"))
        shutil.rmtree(folder)

    def close(self) -> None:
        """Takes the templates away."""
        for name in self._made:
            if self._server is not None:
                self._server.drop(name)


@dataclass(slots=True)
class Ground:
    """One act that can be killed: the store it begins in, what it does, what stands before it."""

    killer: Killer
    templates: Templates
    template: str
    job: dict[str, object]
    plan: Path
    before: Left = field(init=False)
    _sound: list[Left] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.store() as url:
            self.before = self.look(url)

    def look(self, url: str) -> Left:
        """What stands in a store in which nothing is wrong; each content is checked once."""
        left = left_in(url)
        if left not in self._sound:
            assert wrong_in(url) == []
            self._sound.append(left)
        return left

    def store(self) -> AbstractContextManager[str]:
        """The address of a store to act in."""
        return self.templates.fresh(self.template)

    def act(self, url: str, by: str = "edge", last: float = 0) -> Life:
        """Acts in this store, from a copy of the plan, and dies at the moment."""
        copy = self.plan.with_suffix(".copy")
        shutil.copyfile(self.plan, copy)
        return self.killer.run({**self.job, "url": url, "plan": str(copy)}, by, last)

    def whole(self, by: str) -> tuple[Life, Left, str]:
        """The act nobody disturbs: its life, what it leaves, and the store as a template."""
        with self.store() as url:
            life = self.act(url, by)
            assert not life.killed
            left = self.look(url)
            return life, left, self.templates.keep(url)


def close_society(society: Society) -> str:
    """Ends the connection of a society; returns its address, ready to be copied."""
    society.admin.store.close()
    return society.url
