"""Finding who may be known already: its share of an import, 98,400 new rows against 98,400 people."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.importing import filled_store
from bench.measuring import PYTHON, RUNS, Result
from bench.roster_file import CYCLE, write_roster


def measure(folder: Path, runs: int = RUNS) -> list[Result]:
    """CPU of the look-ups and scores against the whole import, plan and apply, that pays for them."""
    full = Path(filled_store(folder))
    roster, target = folder / "others.csv", folder / "pairs"
    if not roster.exists():
        write_roster(roster, seed=2, others=7)
    spent = []
    for _ in range(runs):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(full.parent, target)
        told = subprocess.run(
            [PYTHON, "-m", "bench.pairs", str(roster), str(target / full.name)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        spent.append(tuple(map(float, told.stdout.split())))
    finding, whole, pairs = (statistics.median(column) for column in zip(*spent, strict=True))
    return [
        Result(
            "finding duplicates of 98,400 rows against 98,400: CPU against the import they are in",
            f"{finding:.2f} s : {whole:.2f} s, {pairs:.0f} pairs", finding / whole, 1 / 3,
        )
    ]  # fmt: skip


def _import(roster: str, place: str) -> None:
    """Imports a roster; prints the CPU seconds of its look-ups, of all of it, and its pairs."""
    from rcaid.services.importing import imports
    from rcaid.services.same_person.watching import Newcomer, Watch
    from rcaid.services.society import open_desk

    finding = 0.0
    whole = Watch.look

    def look(self: Watch, piece: Sequence[Newcomer]) -> Any:
        nonlocal finding
        start = time.process_time()
        found = whole(self, piece)
        finding += time.process_time() - start
        return found

    Watch.look = look  # type: ignore[method-assign]
    desk = open_desk(place, as_login="sh-caseworker")
    planned = imports.plan(desk, Path(roster), "roster", cycle_code=CYCLE)
    imports.apply(desk, planned.path)
    desk.store.close()
    used = os.times()
    total = used.user + used.system + used.children_user + used.children_system
    print(finding, total, len(planned.pairs))


if __name__ == "__main__":
    _import(sys.argv[1], sys.argv[2])
