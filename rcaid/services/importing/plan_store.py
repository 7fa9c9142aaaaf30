"""Where plans lie and who may look into one; a file from standard input on its way into one."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PureWindowsPath
from typing import BinaryIO

from rcaid.db.imports import by_plan
from rcaid.db.tables import ImportBatch
from rcaid.domain.errors import Problem, Unusable
from rcaid.files.kinds import check_archive, family
from rcaid.services.clock import SystemClock
from rcaid.services.desk import Desk
from rcaid.services.importing.kinds import KINDS
from rcaid.services.importing.plans import Plan, plan_folder, read_plan

ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
KEPT_DAYS = 7
MOST_MIB = 4096
_CHUNK = 1 << 20
_SPOOL = ".from-stdin-"
_NAMELESS = "stdin"


def place_of(desk: Desk, which: str) -> Path:
    """Where the plan of this id lies in the store's folder; any other text is a path."""
    if ULID.fullmatch(which):
        return plan_folder(desk) / f"{which}.plan"
    return Path(which)


def is_plan(desk: Desk, which: str) -> bool:
    """Whether there is a plan of this id or at this path."""
    return place_of(desk, which).is_file()


def open_plan(desk: Desk, which: str) -> Plan:
    """Reads a plan to look into; needs what its kind needs, or the look at imports, for its office.

    A second person may read it before it is applied, and nobody from elsewhere.
    """
    plan = read_plan(desk, place_of(desk, which))
    _may_look(desk, plan.facts.kind, desk.offices.by_code[plan.facts.office].id)
    return plan


def applied_as(desk: Desk, which: str) -> ImportBatch | None:
    """The import that the plan of this id became, when the plan itself is gone."""
    batch = by_plan(desk.store, which) if ULID.fullmatch(which) else None
    if batch is None or is_plan(desk, which):
        return None
    _may_look(desk, batch.kind, batch.office_id)
    return batch


def _may_look(desk: Desk, kind: str, office_id: str) -> None:
    if desk.duty_for(KINDS[kind].act, office_id) is None:
        desk.require("import.list", office_id)


def sweep(desk: Desk) -> None:
    """Takes away plans that nobody applied within seven days, and what a killed plan left."""
    oldest = SystemClock().moment().milliseconds / 1000 - KEPT_DAYS * 24 * 3600
    folder = plan_folder(desk)
    for each in [*folder.glob("*.plan"), *folder.glob(".*.part"), *folder.glob(f"{_SPOOL}*")]:
        with suppress(FileNotFoundError):  # another desk sweeps the same folder
            if each.stat().st_mtime < oldest:
                shutil.rmtree(each) if each.is_dir() else each.unlink()


@contextmanager
def spooled(desk: Desk, source: BinaryIO, name: str = "") -> Iterator[Path]:
    """What ``source`` holds as a private file, gone after the block.

    It is called ``name`` without any folder, else by what it holds. Unusable when it is too long.
    """
    folder = plan_folder(desk)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = Path(tempfile.mkdtemp(prefix=_SPOOL, dir=folder))
    try:
        path = place / (_plain(name) or _NAMELESS)
        _copy(source, path)
        if path.name == _NAMELESS:
            path = path.rename(path.with_suffix(_ending(path)))
        yield path
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _plain(name: str) -> str:
    """The last part of a name, of either kind of system; "" if that names no file."""
    last = PureWindowsPath(name).name
    return last[:120] if last.isprintable() and last not in (".", "..") else ""


def _copy(source: BinaryIO, path: Path) -> None:
    left = MOST_MIB * _CHUNK
    with path.open("xb") as file:
        path.chmod(0o600)
        while data := source.read(_CHUNK):
            left -= len(data)
            if left < 0:
                raise Unusable(Problem("import.too_large", {"mib": MOST_MIB}))
            file.write(data)


def _ending(path: Path) -> str:
    """The ending that fits what the file holds."""
    with path.open("rb") as file:
        kind = family(file, path.name)
        if kind == "zip":
            return f".{check_archive(file, path.name).kind}"
    return ".xls" if kind == "ole" else ".csv"
