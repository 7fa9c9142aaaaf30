"""Approving, paying and reconciling one file's lines, against bare writes of the same rows.

The rival writes, for each line, what a step cannot do without: a state updated and an entry of the
ledger inserted, row by row through `executemany`, in one transaction on the same kind of store.
"""

from __future__ import annotations

import csv
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.importing import filled_store
from bench.measuring import Result
from bench.roster_file import CYCLE, ROWS

MOST = 5.0
BANK = ("批次号", "凭证号", "账号后四位", "金额", "日期", "结果代码", "说明")


def measure(folder: Path, runs: int = 3) -> list[Result]:
    """The steps of ROWS lines, CPU against CPU in one process, medians of runs that take turns."""
    url = filled_store(folder)
    spent: dict[str, list[float]] = {}
    for _ in range(runs):
        spent.setdefault("pair", []).append(_cpu(lambda: _pair(folder / "pair.db")))
        for step, seconds in _steps(folder, Path(url)).items():
            spent.setdefault(step, []).append(seconds)
    pair = statistics.median(spent.pop("pair"))
    return [
        Result(
            f"{step}: CPU of {ROWS:,} lines against the pair of `executemany`",
            f"{statistics.median(took):.2f} s : {pair:.2f} s",
            statistics.median(took) / pair,
            MOST,
        )
        for step, took in spent.items()
    ]


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _pair(path: Path) -> None:
    from sqlite_utils.utils import sqlite3

    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE line (id TEXT PRIMARY KEY, state TEXT, version INTEGER)")
    connection.execute(
        "CREATE TABLE entry (id TEXT PRIMARY KEY, day TEXT, kind TEXT, debit TEXT, credit TEXT,"
        " fund TEXT, fen INTEGER, line TEXT, idem TEXT UNIQUE)"
    )
    ids = [f"{n:026}" for n in range(ROWS)]
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO line VALUES (?, 'ready', 1)", ((id,) for id in ids))
    connection.execute("COMMIT")
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "UPDATE line SET state = ?, version = ? WHERE id = ? AND version = ?",
        (("paid", 2, id, 1) for id in ids),
    )
    connection.executemany(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (f"E{id[1:]}", "2022-04-01", "paid", "in_transit", "settled", "F", 36_000, id, f"paid:{id}")
            for id in ids
        ),
    )  # fmt: skip
    connection.execute("COMMIT")
    connection.close()


def _steps(folder: Path, filled: Path) -> dict[str, float]:
    """CPU seconds of each step over a fresh copy of the filled store."""
    from rcaid.services import batches, programmes, rosters
    from rcaid.services.desk import Desk
    from rcaid.services.importing import imports
    from rcaid.services.society import as_person, open_desk

    target = folder / "paying"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(filled.parent, target)
    desk = open_desk(str(target / filled.name), as_login="sh-preparer")
    people: dict[str, Desk] = {}

    def who(duty: str) -> Desk:
        return people.setdefault(duty, as_person(desk, f"sh-{duty}"))

    cycle = programmes.cycle(desk, CYCLE)
    numbers = [roster.number for roster in rosters.of_cycle(desk, cycle.id)]
    for number in numbers:
        rosters.verify(who("verifier"), number)
        rosters.freeze(who("reviewer"), number)
    programmes.receive(who("preparer"), "QWR", 10**12, "bench")
    took = {"approve": _cpu(lambda: rosters.approve(who("approver"), numbers, [1]))}
    made: list[str] = []

    def gather() -> None:
        made.append(batches.create(who("preparer"), CYCLE, 1, "310000", "money")[0].number)

    took["make the batch"] = _cpu(gather)
    batches.lock(who("preparer"), made[0])
    batches.approve(as_person(desk, "sh-second"), made[0])
    took["pay: release it"] = _cpu(lambda: batches.release(who("releaser"), made[0]))
    answer = target / "bank.csv"
    _answer(desk, made[0], answer)

    def take_up() -> None:
        planned = imports.plan(who("preparer"), answer, "bank")
        assert not planned.problems, planned.problems[:3]
        imports.apply(who("preparer"), planned.path)

    took["take up the bank's results"] = _cpu(take_up)
    took["reconcile"] = _cpu(lambda: batches.reconcile(who("preparer"), made[0]))
    desk.store.close()
    return took


def _answer(desk: object, number: str, path: Path) -> None:
    from rcaid.services import batches
    from rcaid.services.desk import Desk

    assert isinstance(desk, Desk)
    batch = batches.find(desk, number)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(BANK)
        for paying in batches.rows.lines(desk.store, batch.id):
            yuan = f"{(paying.line.fen or 0) / 100:.2f}"
            writer.writerow((number, paying.line.voucher, "", yuan, desk.day, "00", ""))


if __name__ == "__main__":
    for result in measure(Path(sys.argv[1]), 1):
        print(result.about, result.figures, result.ratio)
