"""`audit verify` of the store against a loop that reads the same rows and hashes each once."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

from bench.importing import filled_store
from bench.measuring import PYTHON, Program, Result, side_by_side
from bench.roster_file import ROWS
from rcaid.db.audit import LIVE
from rcaid.db.engine import Statement, open_store
from rcaid.services import audit
from rcaid.services.society import open_desk

RUNS = 3
_RECORD = ("audit_event", "audit_row")


def measure(folder: Path) -> list[Result]:
    """The ratio of CPU, and rows a second."""
    url = filled_store(folder)
    job = [PYTHON, "-m", "bench.verifying"]
    spent = side_by_side(
        [Program("rcaid", [*job, "verify", url]), Program("loop", [*job, "loop", url])], RUNS
    )
    mine, loop = spent["rcaid"], spent["loop"]
    desk = open_desk(url, as_login="sh-auditor", read_only=True)
    verdict = audit.verify_store(desk)
    desk.store.close()
    return [
        Result(
            "audit verify of the store: CPU against reading and hashing the same rows once",
            f"{mine.cpu:.2f} s : {loop.cpu:.2f} s", mine.cpu / loop.cpu, 5,
        ),
        Result(
            f"the same: recorded rows a second, wall ({verdict.events} events, {verdict.rows:,}"
            f" rows of {ROWS:,} people)",
            f"{verdict.rows / mine.wall:,.0f}",
        ),
    ]  # fmt: skip


def _verify(url: str) -> None:
    assert audit.verify_store(open_desk(url, as_login="sh-auditor", read_only=True)).ok


def _loop(url: str) -> None:
    store = open_store(url, read_only=True)
    record = [Statement("", f"SELECT * FROM {name}") for name in _RECORD]
    for query in (*record, *LIVE.values()):
        for row in store.stream(query):
            sha256("|".join(map(str, row)).encode()).digest()


if __name__ == "__main__":
    {"verify": _verify, "loop": _loop}[sys.argv[1]](sys.argv[2])
