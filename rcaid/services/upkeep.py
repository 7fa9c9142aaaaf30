"""What an operator does with a store: look, migrate, copy, check; and what should be mended.

The operator is who owns the files, with no desk in it: these functions work on a closed store.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rcaid.db import offices, settings, upkeep
from rcaid.db.engine import Store, open_store
from rcaid.db.keys import load_keys
from rcaid.db.migrate import migrate as run_migrations
from rcaid.db.migrate import pending, schema_number
from rcaid.domain.errors import Problem, ProblemError, Refused
from rcaid.services.clock import Clock, SystemClock
from rcaid.services.society import key_place

if TYPE_CHECKING:
    from rcaid.services.invariants import Verdict


@contextmanager
def _opened(url: str, *, read_only: bool = True) -> Iterator[Store]:
    store = open_store(url, read_only=read_only)
    try:
        yield store
    finally:
        store.close()


def status(url: str) -> dict[str, Any]:
    """What lies at an address: engine, schema, society, keys, sizes and counts."""
    with _opened(url) as store:
        waiting = pending(store)
        facts: dict[str, Any] = {
            "store": store.place if store.engine == "sqlite" else "postgresql",
            "engine": store.engine,
            "version": upkeep.engine_version(store),
            "schema": schema_number(store),
            "pending": [f"{each.number:04}_{each.name}" for each in waiting],
        }
        if facts["schema"]:
            facts["society"] = settings.get(store, "society")
            facts["store_id"] = settings.get(store, "store_id")
            facts["demo"] = int(settings.get(store, "demo") == "1")
            facts["keys"] = str(key_place(store))
        if facts["schema"] and not waiting:
            facts |= upkeep.counts(store)
        facts["bytes"] = upkeep.size(store)
        return facts


def migrate(url: str, clock: Clock | None = None) -> dict[str, Any]:
    """Brings a store to this program's schema. An embedded one is copied beside itself first."""
    with _opened(url, read_only=False) as store:
        waiting = pending(store)
        copy = ""
        if waiting and schema_number(store) and store.engine == "sqlite":
            copy = str(_beside(store, clock, f"before-{waiting[0].number:04}"))
            upkeep.backup(store, Path(copy))
        done = run_migrations(store) if waiting else []
        return {
            "schema": schema_number(store),
            "ran": [f"{each.number:04}_{each.name}" for each in done],
            "backup": copy,
        }


def _beside(store: Store, clock: Clock | None, what: str) -> Path:
    at = (clock or SystemClock()).moment().at
    stamp = at[:19].replace("-", "").replace(":", "")
    place = Path(store.place)
    return place.with_name(f"{place.stem}-{stamp}-{what}{place.suffix or '.db'}")


def backup(url: str, target: Path | None, clock: Clock | None = None) -> dict[str, Any]:
    """A whole, checked copy; beside the store unless ``target`` says otherwise. Without keys."""
    with _opened(url) as store:
        place = target or _beside(store, clock, "backup")
        size = upkeep.backup(store, place)
        return {"file": str(place), "bytes": size, "keys": str(key_place(store))}


def remove_demo(url: str) -> None:
    """Takes an embedded demo store away, for the next one; Refused for a store of real people."""
    place = Path(url.removeprefix("sqlite:///"))
    if url.startswith("postgres") or not place.exists():
        return
    with _opened(url) as store:
        if schema_number(store) and settings.get(store, "demo") != "1":
            raise Refused(Problem("demo.not_a_demo", {"place": str(place)}))
    for ending in ("", "-wal", "-shm"):
        place.with_name(place.name + ending).unlink(missing_ok=True)


def check(url: str) -> tuple[list[Problem], list[Verdict]]:
    """What the engine finds damaged and where counts differ from the rows they count; and for each
    invariant whether it holds."""
    from rcaid.services import invariants

    with _opened(url) as store:
        damaged = upkeep.damage(store)
        seen = store.snapshot()
        try:
            return damaged + upkeep.uncounted(seen), invariants.check(seen)
        finally:
            seen.close()


def digests(url: str) -> list[dict[str, Any]]:
    """Each table with its SHA-256, sealed values opened; equal content gives equal digests on
    every engine."""
    from rcaid.db.digests import digests

    with _opened(url) as store:
        found = digests(store, load_keys(key_place(store)))
        return [{"table": table, "sha256": text} for table, text in found.items()]


def findings(url: str) -> list[Problem]:
    """What an operator should mend; warnings are what they should know."""
    found = [*_program()]
    try:
        with _opened(url) as store:
            if pending(store):
                return [*found, Problem("migration.pending", {"place": store.place})]
            found += [*_engine(store), *_keys(store), *_people(store), *_file(store)]
    except ProblemError as error:
        found += error.problems
    return found


def _program() -> Iterator[Problem]:
    import rcaid

    module = Path(rcaid.__file__)
    if sys.flags.dont_write_bytecode or not (module.parent / "__pycache__").is_dir():
        yield Problem("doctor.not_compiled", {"place": str(module.parent)}, warning=True)


def _engine(store: Store) -> Iterator[Problem]:
    version = upkeep.engine_version(store)
    if version and tuple(map(int, version.split("."))) < (3, 51, 3):
        yield Problem("doctor.sqlite", {"version": version})


def _keys(store: Store) -> Iterator[Problem]:
    place = key_place(store)
    try:
        load_keys(place)
    except ProblemError as error:
        yield from error.problems
        return
    if store.engine == "sqlite" and place.parent == Path(store.place).absolute().parent:
        demo = settings.get(store, "demo") == "1"
        yield Problem("doctor.keys_beside", {"place": str(place)}, warning=demo)
    yield Problem("doctor.keys_at", {"place": str(place)}, warning=True)


def _people(store: Store) -> Iterator[Problem]:
    if settings.get(store, "demo") == "1":
        yield Problem("doctor.demo", warning=True)
    day = SystemClock().moment().day
    held = {
        grant.duty
        for each in offices.all_staff(store)
        if each.active
        for grant in offices.grants(store, each.id, settings.get(store, "demo_today") or day)
    }
    for duty in ("administrator", "auditor"):
        if duty not in held:
            yield Problem("doctor.nobody", {"duty": duty}, warning=duty != "administrator")


def _file(store: Store) -> Iterator[Problem]:
    if store.engine != "sqlite" or os.name != "posix":
        return
    place = Path(store.place)
    if place.stat().st_mode & 0o077:
        yield Problem("doctor.file_open", {"place": str(place)})
    room = os.statvfs(place.absolute().parent)
    free = room.f_bavail * room.f_frsize
    if free < 2 * upkeep.size(store):
        yield Problem("doctor.room", {"mib": free // 2**20})
