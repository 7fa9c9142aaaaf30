"""Search as you type and pages of a list among 98,400 people, on both engines."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.measuring import Result, percentile
from bench.roster_file import CYCLE, STREET_LOGIN, fresh_store, write_roster
from rcaid.db import lists as list_rows
from rcaid.db import people
from rcaid.db.lists import Asked
from rcaid.domain.readings import tokens
from rcaid.services import finding, lists
from rcaid.services.desk import Desk
from rcaid.services.importing import imports
from rcaid.services.society import as_person, open_desk

QUERIES = 1000
PAGES = 60
ROUNDS = 5
Answer = list[tuple[str, str, str, str]]


def filled(folder: Path, roster: Path, url: str) -> Desk:
    """The desk of a street's caseworker in a store that holds the roster."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh_store(folder, url=url)
    desk = open_desk(url, as_login="sh-caseworker")
    imports.apply(desk, imports.plan(desk, roster, "roster", cycle_code=CYCLE).path)
    desk.store.optimise()
    return as_person(desk, STREET_LOGIN)


def queries(desk: Desk, count: int = QUERIES) -> list[str]:
    """What people type, in its stages: names, pinyin, initials, a letter, last digits."""
    rng = random.Random(7)
    offices = desk.offices.below(desk.offices.all[0].id)
    some = people.page(desk.store, offices, "", 4000)
    asked: list[str] = []
    while len(asked) < count:
        person = rng.choice(some)
        name = person.name or ""
        full, initials = tokens(name)[len(name) : len(name) + 2]
        digits = str(desk.keys.open("person", person.id, bytes(person.sealed or b""))[1]["number"])
        asked.append(
            rng.choice(
                (
                    name, name, name[:2], full, full[: rng.randrange(2, len(full))], initials,
                    initials, initials[:2], initials[:1], f"{initials} {digits[-4:]}",
                    digits[-4:], f"{name[0]} {digits[-4:]}",
                )
            )
        )  # fmt: skip
    return asked


def ask(desk: Desk, asked: Sequence[str]) -> tuple[list[float], list[Answer]]:
    """Milliseconds of each query, by the wall clock, the best of three; and the answers."""
    spent, answers = [], []
    for text in asked:
        times = []
        for _ in range(3):
            started = time.perf_counter()
            found = finding.find(desk, text)
            times.append((time.perf_counter() - started) * 1000)
        spent.append(min(times))
        answers.append([(line.circle, line.name, line.identity, line.place) for line in found])
    return spent, answers


def pages(desk: Desk) -> tuple[float, float]:
    """Ratios to the bare query of the first page with its count, and of the pages after it."""
    opened = _ratio(
        lambda after: lists.page(desk, "cases").next_key,
        lambda after: list_rows.page(desk.store, _bare(desk, ""), 201),
        [""] * 10,
    )
    keys = [""]
    while len(keys) < PAGES:
        keys.append(lists.page(desk, "cases", after=keys[-1], counted=False).next_key)
    down = _ratio(
        lambda after: lists.page(desk, "cases", after=after, counted=False),
        lambda after: list_rows.page(desk.store, _bare(desk, after), 201),
        keys[1:],
    )
    return opened, down


def _bare(desk: Desk, after: str) -> Asked:
    asked = lists._asked(desk, "cases", "", "")
    assert isinstance(asked, tuple)
    return asked[1]._replace(after=lists._key(after))


def _ratio(
    mine: Callable[[str], object], bare: Callable[[str], object], keys: Sequence[str]
) -> float:
    ratios = []
    for _ in range(ROUNDS):
        spent = [0.0, 0.0]
        for key in keys:
            for at, job in enumerate((mine, bare)):
                started = time.perf_counter()
                job(key)
                spent[at] += time.perf_counter() - started
        ratios.append(spent[0] / spent[1])
    return statistics.median(ratios)


def measure(folder: Path) -> list[Result]:
    """Times of both engines, whether they agree, and the list against its bare query."""
    from tests.postgres_server import running_server

    roster = folder / "roster.csv"
    if not roster.exists():
        write_roster(roster)
    sqlite = filled(folder / "search", roster, str(folder / "search" / "rcaid.db"))
    asked = queries(sqlite)
    spent, answers = ask(sqlite, asked)
    results = [_timed("SQLite", spent)]
    city = as_person(sqlite, "sh-caseworker")
    opened, down = pages(city)
    results += [
        Result("list of cases, opened with its count: against the bare query", "", opened, 3),
        Result("the same: page down", "", down, 3),
    ]
    sqlite.store.close()
    with running_server() as server:
        postgres = filled(folder / "search-pg", roster, server.url_of(server.create()))
        spent, other = ask(postgres, asked)
        postgres.store.close()
    differ = sum(1 for one, two in zip(answers, other, strict=True) if one != two)
    results.insert(1, _timed("PostgreSQL", spent))
    results.insert(2, Result("the same queries: answers that differ", f"{differ}", differ, 0, ""))
    return results


def _timed(engine: str, spent: Sequence[float]) -> Result:
    p50, p99 = percentile(spent, 0.5), percentile(spent, 0.99)
    about = f"search as you type, {len(spent):,} mixed queries, {engine}: p99"
    return Result(about, f"p50 {p50:.2f} ms, p99 {p99:.2f} ms", p99, 5, "ms")
