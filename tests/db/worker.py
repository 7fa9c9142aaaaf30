"""A process of its own that works on a store: ``python -m tests.db.worker WHAT URL …``."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

from rcaid.db.engine import Store, open_store, value
from rcaid.db.migrate import migrate
from rcaid.domain.errors import Unusable
from rcaid.domain.sentences import sentence
from tests.db.support import sql

_NOBODY = 65534
_COUNT = sql("SELECT count(*) FROM setting")
_WRITE = sql("INSERT INTO setting (key, value) VALUES (:key, :value)")


def _ready() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def migrates(url: str) -> None:
    """Opens a new store and migrates it; says how many files it ran."""
    _ready()
    store = open_store(url, create=True)
    print(len(migrate(store)))


def writes(url: str, name: str, times: str) -> None:
    """Writes that many units, each a row that counts on from the row before."""
    store = open_store(url)

    def one() -> None:
        store.run(_WRITE, {"key": f"{value(store, _COUNT):06}", "value": name})

    _ready()
    for _ in range(int(times)):
        store.unit(one, what=name)


def adds(url: str, times: str) -> None:
    """Adds 1 to each of two counters that many times, under a lock."""
    store = open_store(url)

    def one() -> None:
        store.lock("balance", "fund_id", ["F2", "F1"])
        store.add_many(
            "balance", ("fund_id", "account"), ("fen",), [("F1", "a", 1), ("F2", "a", 1)]
        )

    _ready()
    for _ in range(int(times)):
        store.unit(one)


def half(url: str, rows: str) -> None:
    """Writes rows in a unit and never ends it."""
    store = open_store(url)

    def one() -> None:
        store.insert_many("setting", ("key", "value"), ((f"k{i}", "v") for i in range(int(rows))))
        _ready()
        sys.stdin.readline()

    store.unit(one)


def pairs(url: str) -> None:
    """Writes two rows a unit without end, and says the number of each unit after its commit."""
    store = open_store(url)
    _ready()
    for n in range(1_000_000):
        _pair(store, n)
        print(n, flush=True)


def full(url: str, size: str) -> None:
    """Writes units of two rows until the disk holds no more; says how many, and the problem."""
    store = open_store(url)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))
    _ready()
    done = 0
    try:
        for n in range(1_000_000):
            _pair(store, n)
            done = n + 1
    except Unusable as error:
        print(done, ",".join(problem.code for problem in error.problems))


def tries(url: str, mode: str) -> None:
    """Opens a store and writes one row; says ok or the problem's code and its sentence.

    Root may write everywhere, so it becomes nobody first, after all imports.
    """
    open_store(":memory:", create=True).close()
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    _ready()
    try:
        store = open_store(url, read_only=mode == "reading")
        if mode == "reading":
            print("ok", value(store, _COUNT))
            return
        store.unit(lambda: store.run(_WRITE, {"key": "k", "value": "v"}))
        print("ok")
    except Unusable as error:
        (problem,) = error.problems
        print(problem.code, sentence(problem))


def _pair(store: Store, n: int) -> None:
    rows = [(f"{n:06}{half}", "x" * 2_000) for half in "ab"]
    store.unit(lambda: store.insert_many("setting", ("key", "value"), rows))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    globals()[sys.argv[1]](*sys.argv[2:])
