"""Many people at one store at once: processes that verify and approve single applications.

Half of them verify for their district, half approve; each is a process of its own with its own
connection, acts, thinks, and acts again. ``python -m bench.sessions FOLDER --sessions 8 --seconds
5`` is a small run.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlite_utils.utils import sqlite3

from bench.measuring import Result, percentile
from bench.roster_file import _GIVEN, _SURNAMES, fresh_store
from rcaid import data
from rcaid.db.engine import Statement, open_store
from rcaid.domain.errors import Refused, Unusable
from rcaid.domain.identity import make_number
from rcaid.services import audit, disasters, invariants, programmes, staff
from rcaid.services.applications import deciding, intake, new
from rcaid.services.applications.new import Wanted
from rcaid.services.desk import Desk
from rcaid.services.society import as_person, open_desk

SESSIONS = 64
SECONDS = 30.0
THINK = 1.0
HURRIED = 0.05
_HURRIED_SECONDS = 10.0
_MOST_MS = 1000.0
_LEAST_SHARE = 0.25
_SPARE = 4
_PATIENCE = 120  # seconds until all sessions are up
_FEN = 500_000
_PROGRAMME, _CYCLE, _FIRE = "FIRE", "22F", "F-1"
_PAPERS = ("ID", "HUKOU", "BANK", "DISASTER", "CONSENT")
_PIECE = 100
_VERIFIED, _APPROVED = "verify", "approve"
_TARGET = {_VERIFIED: "district_review", _APPROVED: "approved"}
_STANDING = Statement("", "SELECT case_no, state FROM aid_case WHERE lane = 'A'")
_ACTS = Statement("", "SELECT count(*) FROM case_action WHERE action = :act AND staff_id IN (SELECT"
                      " id FROM staff WHERE login LIKE 'session-%')")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Session:
    """One person with what lies before them: the act they do, and the numbers of applications."""

    login: str
    act: str
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Did:
    """What one session did: milliseconds of each act and the case it was, what went wrong, and the
    seconds it had something to do."""

    spent: tuple[float, ...]
    cases: tuple[str, ...]
    errors: tuple[str, ...]
    seconds: float

    @property
    def share(self) -> float:
        """Acts a second while there was something left to do."""
        return len(self.cases) / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """All sessions of a run, and what a recount found of them."""

    did: tuple[Did, ...]
    lost: int
    broken: tuple[str, ...]

    @property
    def spent(self) -> list[float]:
        """Milliseconds of all acts."""
        return [ms for did in self.did for ms in did.spent]

    @property
    def errors(self) -> list[str]:
        """What any session was told instead of an answer."""
        return [error for did in self.did for error in did.errors]

    @property
    def least(self) -> float:
        """The smallest share against the median share."""
        shares = [did.share for did in self.did]
        middle = statistics.median(shares)
        return min(shares) / middle if middle else 0.0


def measure(folder: Path, sessions: int = SESSIONS, seconds: float = SECONDS) -> list[Result]:
    """Both engines, with a second to think and with a twentieth of it."""
    from tests.postgres_server import running_server

    folder = folder / "sessions"
    folder.mkdir(parents=True, exist_ok=True)
    each = int(seconds / THINK) + _SPARE
    hurried = min(seconds, _HURRIED_SECONDS)
    url = str(folder / "rcaid.db")
    people = prepare(folder, url, sessions, each)
    copy = folder / "hurried.db"
    shutil.copyfile(url, copy)
    results = _results("SQLite", run(url, people, seconds, THINK), THINK)
    results += _results("SQLite", run(str(copy), people, hurried, HURRIED), HURRIED)
    with _connections(sessions + 20), running_server() as server:
        name = server.create()
        (folder / "postgres").mkdir(exist_ok=True)
        people = prepare(folder / "postgres", server.url_of(name), sessions, each)
        copied = server.url_of(server.create(name))
        results += _results("PostgreSQL", run(server.url_of(name), people, seconds, THINK), THINK)
        results += _results("PostgreSQL", run(copied, people, hurried, HURRIED), HURRIED)
    return results


@contextmanager
def _connections(most: int) -> Iterator[None]:
    """A server started meanwhile takes so many connections."""
    from tests import postgres_server

    before = postgres_server._SETTINGS
    postgres_server._SETTINGS = f"{before} -c max_connections={most}"
    try:
        yield
    finally:
        postgres_server._SETTINGS = before


def _results(engine: str, outcome: Outcome, think: float) -> list[Result]:
    spent, errors = outcome.spent, outcome.errors
    held = think == THINK  # the hurried run is only reported
    pause = f"{think:.0f} s" if held else f"{think * 1000:.0f} ms"
    for line in (*errors[:5], *outcome.broken[:5]):
        print(f"{engine}, {pause}: {line}", file=sys.stderr)
    acts = f"{len(spent):,} acts"
    p50, p99 = percentile(spent, 0.5), percentile(spent, 0.99)
    worst = f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {max(spent):.0f} ms"
    wrong, lost = len(errors), outcome.lost + len(outcome.broken)
    about = f"{len(outcome.did)} sessions that verify and approve, {pause} to think, {engine}"
    most = outcome.least
    return [
        Result(f"{about}: errors", f"{wrong} in {acts}", wrong, 0 if held else None, ""),
        Result("the same: acts lost, invariants broken", f"{lost}", lost, 0 if held else None, ""),
        Result("the same: p99 of an act", worst, p99, _MOST_MS if held else None, "ms"),
        Result(
            "the same: median share of acts against the smallest",
            f"smallest {most:.2f} of the median", 1 / most if most else 1e9,
            1 / _LEAST_SHARE if held else None,
        ),
    ]  # fmt: skip


# --- A store with enough to do


def prepare(folder: Path, url: str, sessions: int, each: int) -> list[Session]:
    """A store in which every session has ``each`` applications before it; returns the sessions."""
    fresh_store(folder, url=url)
    admin = open_desk(url, as_login="admin")
    desk = as_person(admin, "sh-approver")
    _programme(desk)
    streets = _streets(admin)
    people = []
    for n in range(sessions):
        act = _APPROVED if n % 2 else _VERIFIED
        district, street = streets[n // 2 % len(streets)]
        login = f"session-{n}"
        duty = "approver" if act == _APPROVED else "verifier"
        staff.add(admin, login, f"session {n}", [(duty, district)])
        people.append(Session(login, act, _applications(admin, n, each, street, act)))
    admin.store.optimise()
    admin.store.close()
    return people


def _programme(desk: Desk) -> None:
    programmes.load(as_person(desk, "admin"), data.text("programmes/fire.toml"))
    programmes.receive(as_person(desk, "sh-preparer"), _PROGRAMME, 10**12, "bench")
    first = f"{desk.day[:4]}-01-01"
    programmes.new_cycle(desk, _PROGRAMME, _CYCLE, "bench", first, ["1"])
    programmes.move_cycle(desk, _CYCLE, "open")
    disasters.open_(desk, _FIRE, "bench", "fire", "bench", first)


def applications_among(admin: Desk, count: int) -> tuple[str, ...]:
    """Numbers of applications that wait for approval, made in a store that holds others."""
    _programme(as_person(admin, "sh-approver"))
    ((_, street), *_) = _streets(admin)
    return _applications(admin, 0, count, street, _APPROVED)


def _streets(desk: Desk) -> list[tuple[str, str]]:
    """Each district with one street of it."""
    offices = desk.offices
    found = []
    for office in offices.all:
        streets = [s.code for s in offices.children(office.id) if not s.pseudo]
        if office.level == "district" and not office.pseudo and streets:
            found.append((office.code, min(streets)))
    return found


def _applications(admin: Desk, n: int, count: int, street: str, act: str) -> tuple[str, ...]:
    """Applications that are handed in, or that wait for approval."""
    clerk = as_person(admin, "sh-caseworker")
    wanted = [_wanted(n * count + i, street) for i in range(count)]
    numbers: list[str] = []
    for start in range(0, count, _PIECE):
        made, _ = new.create_many(clerk, wanted[start : start + _PIECE])
        numbers += [case.case_no for case in made]
    verifier, reviewer = (as_person(admin, f"sh-{duty}") for duty in ("verifier", "reviewer"))
    for number in numbers:
        intake.submit(clerk, number)
        if act == _APPROVED:
            intake.verify(verifier, number)
            deciding.propose(reviewer, number, _FEN)
    return tuple(numbers)


def _wanted(n: int, street: str) -> Wanted:
    rng = random.Random(n)
    born = date(1935, 1, 1) + timedelta(days=n)
    return Wanted(
        programme=_PROGRAMME, cycle=_CYCLE,
        name=rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=2)),
        number=make_number("310199", f"{born:%Y%m%d}", 1 + n % 900), phone=f"139{n:08}",
        street=street, address=f"{n % 97 + 1}弄{n}号", category="home", hardship="none",
        disaster=_FIRE, asked_fen=_FEN, bank="上海银行", account=f"62{n:014}", papers=_PAPERS,
        consents=("processing", "sensitive", "publication"),
    )  # fmt: skip


# --- The sessions


def run(url: str, people: Sequence[Session], seconds: float, think: float) -> Outcome:
    """Lets the sessions work side by side for so long, all from one moment on, and recounts."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(len(people))
    answers: Any = context.Queue()
    processes = [
        context.Process(target=_sit, args=(url, person, seconds, think, start, answers))
        for person in people
    ]
    for process in processes:
        process.start()
    try:
        did = tuple(answers.get(timeout=2 * _PATIENCE + seconds) for _ in processes)
    finally:
        for process in processes:
            process.join(timeout=30)
            process.kill()
    lost, broken = _recount(url, people, did)
    return Outcome(did, lost, broken)


def _sit(url: str, person: Session, seconds: float, think: float, start: Any, answers: Any) -> None:
    """One process: opens the store, waits for the others, works, and says what it did."""
    desk = open_desk(url, as_login=person.login)
    spent: list[float] = []
    done: list[str] = []
    errors: list[str] = []
    rng = random.Random(person.login)
    start.wait(timeout=_PATIENCE)
    began = time.monotonic()
    time.sleep(rng.uniform(0, think))
    for number in person.cases:
        if time.monotonic() - began >= seconds:
            break
        before = time.perf_counter()
        try:
            _act(desk, person.act, number)
            done.append(number)
        except (Refused, Unusable, sqlite3.Error, psycopg.Error) as error:
            errors.append(f"{person.login} {person.act} {number}: {error}")
        spent.append((time.perf_counter() - before) * 1000)
        time.sleep(think)
    worked = min(seconds, time.monotonic() - began)
    desk.store.close()
    answers.put(Did(tuple(spent), tuple(done), tuple(errors), worked))


def _act(desk: Desk, act: str, number: str) -> None:
    if act == _APPROVED:
        deciding.approve(desk, [number])
    else:
        intake.verify(desk, number)


def _recount(
    url: str, people: Sequence[Session], did: Sequence[Did]
) -> tuple[int, tuple[str, ...]]:
    """How many acts the store and the sessions disagree about, and what else does not hold."""
    act_of = {number: person.act for person in people for number in person.cases}
    store = open_store(url, read_only=True)
    standing: dict[str, str] = dict(store.rows(_STANDING))  # type: ignore[arg-type]
    said = [number for each in did for number in each.cases]
    lost = sum(1 for number in said if standing[number] != _TARGET[act_of[number]])
    there = sum(1 for number, state in standing.items() if state == _TARGET[act_of[number]])
    acts = sum(store.rows(_ACTS, {"act": act})[0][0] for act in _TARGET)
    lost += abs(there - len(said)) + abs(acts - len(said))
    found = [str(problem) for problem in invariants.broken(store)]
    store.close()
    auditor = open_desk(url, as_login="sh-auditor", read_only=True)
    if not audit.verify_store(auditor).ok:
        found.append("the record does not verify")
    auditor.store.close()
    return lost, tuple(found)


def main() -> int:
    """Measures with fewer sessions or for a shorter time, and prints."""
    from bench.__main__ import table

    parser = argparse.ArgumentParser(prog="python -m bench.sessions", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    print(table(measure(asked.folder, asked.sessions, asked.seconds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
