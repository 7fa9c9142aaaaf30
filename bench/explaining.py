"""`explain` of single cases where millions are on file.

``python -m bench.explaining FOLDER --cases 98400`` measures in a smaller store.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.big_store import EARLIER, build
from bench.measuring import Result, percentile
from bench.sessions import applications_among
from rcaid.db.engine import Statement, Store
from rcaid.services import cases
from rcaid.services.explain import explain, explained
from rcaid.services.society import as_person, open_desk

CASES = 2_361_600
LINES = 300
APPLICATIONS = 100
MOST_MS = 10.0
_NUMBERS = Statement(
    "", "SELECT case_no FROM aid_case WHERE id IN (:ids)", lists=("ids",), long=("ids",)
)
_RIGHTS = Statement(
    "",
    "INSERT INTO entitlement (id, case_id, round_id, kind, office_id, person_id, fund_id, fen,"
    " account_id, state, version) SELECT 'E' || substr(c.id, 2), c.id, r.id, 'money', c.office_id,"
    " c.person_id, f.id, 36000, c.account_id, 'delivered', 1 FROM aid_case c JOIN round r ON"
    " r.cycle_id = c.cycle_id JOIN cycle y ON y.id = c.cycle_id JOIN fund f ON f.code = 'QWR'"
    " WHERE y.code = :cycle",
)
_OPENS = Statement(
    "",
    "UPDATE cycle SET opens_on = (SELECT MIN(effective_from) FROM programme_version v"
    " WHERE v.programme_id = cycle.programme_id) WHERE code = :cycle",
)


def measure(folder: Path, count: int = CASES) -> list[Result]:
    """p99 in milliseconds of explaining lines and applications, without and with its record."""
    url = build(folder / "explaining", count)
    desk = open_desk(url, as_login="sh-approver")
    for more in (_RIGHTS, _OPENS):  # rights of all lines, and rules that were in force for them
        desk.store.unit(lambda more=more: desk.store.run(more, {"cycle": EARLIER}))  # type: ignore[misc]
    desk.store.run(Statement("", "ANALYZE"))
    kinds = {
        "roster lines": _lines(desk.store, count),
        "applications": list(applications_among(as_person(desk, "admin"), APPLICATIONS)),
    }
    results = []
    for name, numbers in kinds.items():
        read = _each(numbers, lambda no: explained(desk, cases.find(desk, no), desk.day))
        about = f"explain, {len(numbers)} {name} of {count:,} cases: p99"
        results.append(_timed(about, read, MOST_MS))
    numbers = [number for group in kinds.values() for number in group]
    written = _each(numbers, lambda no: explain(desk, no))
    results.append(_timed("the same, with the entry that it was looked at", written, None))
    desk.store.close()
    return results


def _lines(store: Store, count: int) -> list[str]:
    """Numbers of cases from anywhere in the store."""
    rng = random.Random(5)
    ids = [f"C0000000000000000{n:09}" for n in rng.sample(range(count), min(LINES, count))]
    return [number for (number,) in store.rows(_NUMBERS, {"ids": ids})]


def _each(numbers: Sequence[str], work: Callable[[str], object]) -> list[float]:
    """Milliseconds of each, in a mixed order, once: nobody explains the same case twice."""
    work(numbers[0])
    spent = []
    for number in random.Random(6).sample(numbers, len(numbers)):
        began = time.perf_counter()
        work(number)
        spent.append((time.perf_counter() - began) * 1000)
    return spent


def _timed(about: str, spent: Sequence[float], most: float | None) -> Result:
    p50, p99 = percentile(spent, 0.5), percentile(spent, 0.99)
    return Result(about, f"p50 {p50:.1f} ms, p99 {p99:.1f} ms", p99, most, "ms")


def main() -> int:
    """Measures with fewer cases and prints."""
    from bench.__main__ import table

    parser = argparse.ArgumentParser(prog="python -m bench.explaining", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=int, default=CASES)
    asked = parser.parse_args()
    print(table(measure(asked.folder, asked.cases)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
