"""What a leader sees first, out of the summaries of a store of ten million lines.

The store is built by SQL in one run: ten years, three cycles a year, a line and its payment for each
of a million people a year, and the summaries that units would have left, summed from those rows.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.measuring import Result
from bench.roster_file import fresh_store
from rcaid.db.engine import Statement, Store
from rcaid.services import programmes, quota_lists, today
from rcaid.services.desk import Desk
from rcaid.services.society import as_person, open_desk

LINES = 10_000_000
YEARS = range(2012, 2022)
MOST_MS = 15.0
_RUNS = 9
_STATES = (
    ("line", "entitled", "'-03-07'", "500_00"),
    ("entitlement", "delivered", "'-04-12'", "500_00"),
    ("disbursement", "paid", "'-04-1' || (n % 4)", "500_00"),
    ("served", "served", "'-04-1' || (n % 4)", "0"),
)


def measure(folder: Path) -> list[Result]:
    """Milliseconds of each dashboard at ten million lines."""
    url = build(folder / "dashboards", LINES)
    desk = open_desk(url, as_login="sh-approver")
    city, auditor = as_person(desk, "sh-approver"), as_person(desk, "sh-auditor")
    asked: dict[str, Callable[[], object]] = {
        "figures by office on Today": lambda: today.office_bars(city),
        "quota and what is used of it": lambda: today.quota_bars(city),
        "the tree of the open cycle's quotas": lambda: quota_lists.page(auditor),
    }
    found = [
        Result(
            f"{name}, {LINES:,} lines", f"median of {_RUNS}: {(took := _ms(ask)):.1f} ms", took,
            MOST_MS, "ms",
        )
        for name, ask in asked.items()
    ]  # fmt: skip
    desk.store.close()
    return found


def _ms(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(_RUNS):
        begun = time.perf_counter()
        work()
        spent.append((time.perf_counter() - begun) * 1000)
    return statistics.median(spent)


def build(folder: Path, lines: int) -> str:
    """A store with so many lines of earlier cycles; returns its address."""
    folder.mkdir(parents=True, exist_ok=True)
    url = fresh_store(folder)
    desk = open_desk(url, as_login="sh-approver")
    for year in YEARS:
        for letter in "ABC":
            programmes.new_cycle(desk, "QWR", f"{year}{letter}", "earlier", f"{year}-01-01", ["1"])
    desk.store.unit(lambda: _fill(desk, lines))
    desk.store.close()
    return url


def _fill(desk: Desk, lines: int) -> None:
    store = desk.store
    _run(store, "PRAGMA defer_foreign_keys = ON")
    streets = sorted(o.id for o in desk.offices.all if o.level == "street" and not o.pseudo)
    _run(store, "CREATE TEMP TABLE street (n INTEGER PRIMARY KEY, id TEXT)")
    _run(store, "CREATE TEMP TABLE run (n INTEGER PRIMARY KEY, id TEXT, round TEXT, year TEXT)")
    store.insert_many("street", ("n", "id"), list(enumerate(streets)))
    of = store.rows(
        Statement(
            "", "SELECT y.id, r.id, substr(y.code, 1, 4) FROM cycle y JOIN round r ON"
            " r.cycle_id = y.id WHERE y.code LIKE '20%' ORDER BY y.code",
        ),
        {},
    )  # fmt: skip
    store.insert_many("run", ("n", "id", "round", "year"), [(n, *row) for n, row in enumerate(of)])
    _run(
        store,
        "CREATE TABLE paid_line AS WITH RECURSIVE seq (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM"
        " seq WHERE n + 1 < :lines) SELECT s.n, street.id AS office_id, run.id AS cycle_id,"
        " run.year, run.round AS round_id, CASE s.n % 3 WHEN 0 THEN 'tumour' WHEN 1 THEN 'mental'"
        " ELSE 'dementia' END AS category FROM seq s"
        f" JOIN street ON street.n = (s.n / 30) % {len(streets)}"
        f" JOIN run ON run.n = s.n % {len(of)}",
        lines=lines,
    )
    for machine, state, day, fen in _STATES:
        _run(
            store,
            "INSERT INTO flow (office_id, cycle_id, machine, category, state, day, n, fen)"
            f" SELECT office_id, cycle_id, '{machine}', category, '{state}', year || {day} AS on_day,"
            f" count(*), count(*) * {fen.replace('_', '')} FROM paid_line"
            " GROUP BY office_id, cycle_id, category, on_day",
        )
    _run(store, "UPDATE cycle SET state = 'ended' WHERE code LIKE '20%'")


def _run(store: Store, text: str, **params: Any) -> None:
    store.run(Statement("", text), params)


if __name__ == "__main__":
    for result in measure(Path(sys.argv[1])):
        print(result.about, result.figures)
