"""A society's store: made once with its keys, offices and first administrator, then opened."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from rcaid import data
from rcaid.db import settings
from rcaid.db.engine import Store, open_store
from rcaid.db.keys import Keys, load_keys, make_keys
from rcaid.db.migrate import migrate, pending
from rcaid.db.tables import DUTY_GRANT, OFFICE, STAFF, DutyGrant, Office, Staff
from rcaid.db.unit import Act, Unit, run_unit
from rcaid.domain.errors import Problem, Refused, Unusable
from rcaid.domain.ids import Source, SystemSource
from rcaid.services.clock import Clock, DayClock, SystemClock
from rcaid.services.desk import Actor, Desk, actor_of

LETTERS = {
    "310101": "HP", "310104": "XH", "310105": "CN", "310106": "JA", "310107": "PT", "310109": "HK",
    "310110": "YP", "310112": "MH", "310113": "BS", "310114": "JD", "310115": "PD", "310116": "JS",
    "310117": "SJ", "310118": "QP", "310120": "FX", "310151": "CM", "310000": "SH",
}  # fmt: skip
"""The letters that stand for a district in case and batch numbers."""

_REGION_COLUMNS = (
    "code", "name", "level", "parent", "kind", "valid_from", "valid_to", "successor"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Region:
    """A place as the division table has it."""

    code: str
    name: str
    level: str
    parent: str | None
    kind: str
    valid_from: str
    valid_to: str | None
    successor: str | None


def default_store() -> str:
    """Where the store lies unless somebody says otherwise."""
    return os.environ.get("RCAID_DB") or str(platformdirs.user_data_path("rcaid") / "rcaid.db")


def regions(text: str | None = None) -> list[Region]:
    """The places of a division table in CSV; without one, the shipped table of Shanghai."""
    lines = (text if text is not None else data.text("regions.csv")).splitlines()
    found = []
    for row in csv.DictReader(line for line in lines if not line.startswith("#")):
        if not set(_REGION_COLUMNS) <= set(row):
            raise Unusable(Problem("regions.columns", {"columns": ", ".join(_REGION_COLUMNS)}))
        code, name, level, parent, kind, start, end, successor = (
            row[name] for name in _REGION_COLUMNS
        )
        found.append(
            Region(code, name, level, parent or None, kind, start, end or None, successor or None)
        )
    return found


def initialise(
    url: str,
    *,
    society: str,
    admin_login: str,
    admin_name: str,
    admin_os_user: str | None = None,
    key_file: Path | None = None,
    region_text: str | None = None,
    demo: bool = False,
    source: Source | None = None,
    clock: Clock | None = None,
) -> Desk:
    """Makes a store with its keys, offices and first administrator, and opens it as them.

    Refused society.exists when there is one already.
    """
    source = source or SystemSource()
    clock = clock or SystemClock()
    if not url.startswith("postgres"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = open_store(url, create=True)
    migrate(store)
    if settings.get(store, "society"):
        store.close()
        raise Refused(Problem("society.exists", {"place": store.place}))
    keys = make_keys(source)
    source.step("store")
    store_id = next(source.ids(clock.moment().milliseconds))
    place = key_file or platformdirs.user_config_path("rcaid") / f"{store_id}.keys"
    try:
        keys.save(place)
    except Unusable:
        store.close()
        raise
    facts = {
        "society": society,
        "store_id": store_id,
        "demo": "1" if demo else "0",
        "key_file": str(place.absolute()),
    }

    def work(unit: Unit) -> tuple[None, Act]:
        for key, value in facts.items():
            settings.put(store, key, value)
        table = regions(region_text)
        store.insert_many(
            "region",
            _REGION_COLUMNS,
            [tuple(getattr(region, name) for name in _REGION_COLUMNS) for region in table],
        )
        offices = list(_offices(unit, table))
        unit.insert(OFFICE, offices)
        admin = Staff(unit.new_id(), admin_login, admin_name, admin_os_user, 1, 1)
        unit.insert(STAFF, [admin])
        city = offices[0]
        grant = DutyGrant(
            unit.new_id(), admin.id, "administrator", city.id, unit.day, None, None, 1
        )
        unit.insert(DUTY_GRANT, [grant])
        return None, Act("society.init", "system", "", city.code, city.log, store_id)

    first = Act("society.init", "system", "", "", "310000")
    city = next(region for region in regions(region_text) if region.level == "city")
    run_unit(store, keys, source, clock.moment, _replace_log(first, city.code), work)
    actor = actor_of(store, admin_login, clock.moment().day)
    return Desk(store, keys, source, clock, actor, society, demo)


def _replace_log(act: Act, log: str) -> Act:
    return Act(act.action, act.actor, act.duty, act.office, log)


def _offices(unit: Unit, table: list[Region]) -> Iterator[Office]:
    """City, districts and streets in force; a street's log is its district's (model.md)."""
    made: dict[str, Office] = {}
    ids = unit.ids()
    order = {"city": 0, "district": 1, "street": 2}
    for region in sorted(table, key=lambda place: (order[place.level], place.code)):
        if region.valid_to:
            continue
        parent = made.get(region.parent or "")
        log = parent.log if region.level == "street" and parent else region.code
        letters = (
            parent.letters
            if region.level == "street" and parent
            else LETTERS.get(region.code, region.code[-4:])
        )
        office = Office(
            next(ids),
            region.code,
            region.name,
            region.level,
            letters,
            parent.id if parent else None,
            log,
            1 if region.kind == "pseudo" else 0,
            region.valid_from,
            None,
            1,
        )
        made[region.code] = office
        yield office


def key_place(store: Store) -> Path:
    """Where this store's keys lie: RCAID_KEYS if set, else where the store says."""
    return Path(os.environ.get("RCAID_KEYS") or settings.get(store, "key_file"))


def open_desk(
    url: str,
    login: str | None = None,
    *,
    as_login: str | None = None,
    read_only: bool = False,
    os_user: str = "",
    source: Source | None = None,
    clock: Clock | None = None,
) -> Desk:
    """Opens a store as the person who is here.

    ``login`` is the name the forced SSH command fixed; without it the operating system's user
    counts. ``as_login`` is for demo stores only.
    """
    store = open_store(url, read_only=read_only)
    try:
        return _open_desk(store, url, login, as_login, os_user, source, clock)
    except BaseException:
        store.close()
        raise


def _open_desk(
    store: Store,
    url: str,
    login: str | None,
    as_login: str | None,
    os_user: str,
    source: Source | None,
    clock: Clock | None,
) -> Desk:
    if pending(store):
        raise Unusable(Problem("migration.pending", {"place": url}))
    keys: Keys = load_keys(key_place(store))
    demo = settings.get(store, "demo") == "1"
    if as_login and not demo:
        raise Refused(Problem("who.as_only_demo"))
    today = settings.get(store, "demo_today")
    clock = clock or (DayClock(today) if demo and today else SystemClock())
    day = clock.moment().day
    who = as_login or login or _login_of(store, os_user)
    actor = actor_of(store, who, day)
    return Desk(
        store, keys, source or SystemSource(), clock, actor, settings.get(store, "society"), demo
    )


def _login_of(store: Store, os_user: str) -> str:
    from rcaid.db.offices import staff_by_os_user

    staff = staff_by_os_user(store, os_user)
    if staff is None:
        raise Refused(Problem("who.os_unknown", {"login": os_user}))
    return staff.login


def as_person(desk: Desk, login: str) -> Desk:
    """The same store at another person's desk; for the player of a demo year."""
    if not desk.demo:
        raise Refused(Problem("who.as_only_demo"))
    actor: Actor = actor_of(desk.store, login, desk.day)
    other = Desk(desk.store, desk.keys, desk.source, desk.clock, actor, desk.society, desk.demo)
    other.__dict__["offices"] = desk.offices
    return other


def beside(desk: Desk) -> Desk:
    """The same person once more, with a connection of their own: for work in another thread. Who
    asks for it closes its store."""
    other = Desk(
        desk.store.again(),
        desk.keys,
        SystemSource(),
        desk.clock,
        desk.actor,
        desk.society,
        desk.demo,
    )
    other.__dict__["offices"] = desk.offices
    return other


def keep_today(desk: Desk, day: str) -> None:
    """Sets the day on which a demo store opens; a real store has the computer's clock."""
    if not desk.demo:
        raise Refused(Problem("who.as_only_demo"))
    desk.store.unit(lambda: settings.put(desk.store, "demo_today", day), what="demo")
