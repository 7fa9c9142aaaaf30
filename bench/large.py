"""An import where much is: a store that holds millions of cases, a file of millions of rows, and a
workbook in place of a text.

``python -m bench.large --scale 4`` measures with four times 98,400 cases and rows in place of 24.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
import tempfile
from pathlib import Path

from bench.big_store import build
from bench.measuring import PYTHON, Program, Result, Spent, run, side_by_side
from bench.roster_file import ROWS, fresh_store, write_roster

SCALE = 24  # times 98,400: 2,361,600
_MIB_MORE = 300


def measure(folder: Path, scale: int = SCALE) -> list[Result]:
    """Workbook against text, full store against empty one, memory of a large file."""
    roster, empty = folder / "roster.csv", folder / "empty"
    if not roster.exists():
        write_roster(roster)
    if not empty.exists():
        empty.mkdir()
        fresh_store(empty)
    return [
        *_workbook(folder, roster, empty),
        *_full_store(folder, roster, empty, scale),
        *_large_file(folder, roster, empty, scale),
    ]


def _job(roster: Path, store: Path) -> list[str]:
    return [PYTHON, "-m", "bench.importing", "rcaid", str(roster), str(store / "rcaid.db")]


def _into(folder: Path, roster: Path, store: Path) -> Spent:
    """One import into a copy of a store; the copy goes again."""
    target = folder / "large-import"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(store, target)
    try:
        return run(_job(roster, target))
    finally:
        shutil.rmtree(target)


def _workbook(folder: Path, roster: Path, empty: Path) -> list[Result]:
    sheet, target = folder / "roster.xlsx", folder / "large-import"
    _write_sheet(roster, sheet)

    def again() -> None:
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(empty, target)

    spent = side_by_side(
        [Program(path.suffix, _job(path, target), again) for path in (roster, sheet)]
    )
    text, book = spent[".csv"], spent[".xlsx"]
    return [
        Result(
            f"import of an XLSX file of {ROWS:,} rows against the same as CSV: CPU",
            f"{book.cpu:.2f} s : {text.cpu:.2f} s", book.cpu / text.cpu, 2,
        ),
        Result(
            "the same: wall clock",
            f"{book.wall:.2f} s : {text.wall:.2f} s", book.wall / text.wall, 2,
        ),
    ]  # fmt: skip


def _write_sheet(roster: Path, sheet: Path) -> None:
    import xlsxwriter

    with open(roster, encoding="utf-8", newline="") as file:
        book = xlsxwriter.Workbook(str(sheet), {"constant_memory": True})
        page = book.add_worksheet()
        for at, row in enumerate(csv.reader(file)):
            for column, cell in enumerate(row):
                page.write_string(at, column, cell)
        book.close()


def _full_store(folder: Path, roster: Path, empty: Path, scale: int) -> list[Result]:
    full = folder / "full"
    if not full.exists():
        build(full, scale * ROWS)
    bare, much = _into(folder, roster, empty), _into(folder, roster, full)
    shutil.rmtree(full)
    return [
        Result(
            f"the file into a store with {scale * ROWS:,} cases against an empty one: wall clock",
            f"{much.wall:.2f} s : {bare.wall:.2f} s", much.wall / bare.wall, 1.3,
        ),
        Result(
            "the same: CPU", f"{much.cpu:.2f} s : {bare.cpu:.2f} s", much.cpu / bare.cpu, 1.3,
        ),
    ]  # fmt: skip


def _large_file(folder: Path, roster: Path, empty: Path, scale: int) -> list[Result]:
    large, room = folder / "large.csv", folder / "room"
    if not large.exists():
        write_roster(large, scale * ROWS)
        room.mkdir()
        fresh_store(room, scale * ROWS)
    small, grown = _into(folder, roster, empty), _into(folder, large, room)
    more = grown.mib - small.mib
    return [
        Result(
            f"memory at its highest, one file of {scale * ROWS:,} rows over one of {ROWS:,}",
            f"{grown.mib:.0f} MiB : {small.mib:.0f} MiB", more, _MIB_MORE, "MiB more",
        ),
        Result(
            "the same: rows a second, wall clock",
            f"{scale * ROWS / grown.wall:,.0f} : {ROWS / small.wall:,.0f}",
        ),
    ]  # fmt: skip


def main() -> int:
    """Measures with another scale and prints."""
    from bench.__main__ import table

    parser = argparse.ArgumentParser(prog="bench.large", description=__doc__)
    parser.add_argument("--scale", type=int, default=SCALE)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rcaid-bench-") as folder:
        print(table(measure(Path(folder), asked.scale)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
