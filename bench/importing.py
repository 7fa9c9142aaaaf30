"""Import of one file of 98,400 rows, planned and applied, against what only stores its cells."""

from __future__ import annotations

import csv
import shutil
import sys
from pathlib import Path

from bench.measuring import BIN, PYTHON, RUNS, Program, Result, side_by_side
from bench.roster_file import CYCLE, fresh_store, write_roster


def measure(folder: Path, runs: int = RUNS) -> list[Result]:
    """The ratios to `sqlite-utils insert --csv` and to csv.reader with one executemany."""
    roster, empty = folder / "roster.csv", folder / "empty"
    if not roster.exists():
        write_roster(roster)
    if not empty.exists():
        empty.mkdir()
        fresh_store(empty)
    target = folder / "import"

    def again() -> None:
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(empty, target)

    def job(name: str) -> list[str]:
        return [PYTHON, "-m", "bench.importing", name, str(roster), str(target / f"{name}.db")]

    spent = side_by_side(
        [
            Program("rcaid", job("rcaid"), again),
            Program(
                "sqlite-utils",
                [
                    str(BIN / "sqlite-utils"),
                    "insert",
                    str(target / "u.db"),
                    "t",
                    str(roster),
                    "--csv",
                ],
                again,
            ),
            Program("floor", job("floor"), again),
        ],
        runs,
    )
    mine, other, floor = spent["rcaid"], spent["sqlite-utils"], spent["floor"]
    return [
        Result(
            "import, plan and apply: CPU against `sqlite-utils insert --csv`",
            f"{mine.cpu:.2f} s : {other.cpu:.2f} s", mine.cpu / other.cpu, 0.8,
        ),
        Result(
            "the same: wall clock",
            f"{mine.wall:.2f} s : {other.wall:.2f} s", mine.wall / other.wall, 0.5,
        ),
        Result(
            "the same: CPU against `csv.reader` and one `executemany`",
            f"{mine.cpu:.2f} s : {floor.cpu:.2f} s", mine.cpu / floor.cpu,
        ),
    ]  # fmt: skip


def filled_store(folder: Path) -> str:
    """The address of a store that holds the roster, made at first use."""
    target = folder / "filled"
    if not target.exists():
        roster = folder / "roster.csv"
        if not roster.exists():
            write_roster(roster)
        target.mkdir()
        fresh_store(target)
        _rcaid(str(roster), str(target / "rcaid.db"))
    return str(target / "rcaid.db")


def _rcaid(roster: str, place: str) -> None:
    from rcaid.services.importing import imports
    from rcaid.services.society import open_desk

    desk = open_desk(str(Path(place)), as_login="sh-caseworker")
    planned = imports.plan(desk, Path(roster), "roster", cycle_code=CYCLE)
    done = imports.apply(desk, planned.path)
    assert done.batch.rows_rejected == 0, planned.problems[:3]
    desk.store.close()


def _floor(roster: str, place: str) -> None:
    from sqlite_utils.utils import sqlite3

    connection = sqlite3.connect(place, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    with open(roster, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        connection.execute(
            f"CREATE TABLE t ({', '.join(f'c{i} TEXT' for i in range(len(header)))})"
        )
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(header))})", rows)
        connection.execute("COMMIT")
    connection.close()


if __name__ == "__main__":
    {"rcaid": _rcaid, "floor": _floor}[sys.argv[1]](sys.argv[2], sys.argv[3])
