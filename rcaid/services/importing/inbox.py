"""The inbox: files that came in and wait to be looked at, by the office they are for.

A folder beside the embedded store, or where RCAID_INBOX says. Each office has a folder of its code
in it; what lies at the top is for the office above all. Files are put there by whoever runs the
program, by copying or over SSH: nobody names a path to it, and no link leads out of it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final

import platformdirs

from rcaid.db import imports as rows
from rcaid.db import settings
from rcaid.db.migrate import schema_number
from rcaid.db.tables import ImportBatch, Office
from rcaid.domain.errors import Problem, Refused, Unusable
from rcaid.files.headers import map_columns
from rcaid.files.tables import Table
from rcaid.services.desk import Desk
from rcaid.services.importing.kinds import KINDS
from rcaid.services.importing.plan_store import KEPT_DAYS
from rcaid.services.importing.plans import Facts, facts_of, plan_folder

SETTING = "RCAID_INBOX"
MOST_FILES: Final = 2_000
_HASHED_AT_MOST: Final = 64 << 20
"""Bytes up to which a file is compared with those taken in before; larger ones when planned."""
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file of the inbox, or a plan whose file is not in it.

    ``id`` names it here: the office code and the file's name, or the plan's id. ``changed`` is a
    time (UTC). ``applied`` is the batch its bytes became, ``plan`` what was planned of them last.
    """

    id: str
    name: str
    office: Office
    size: int
    changed: str
    applied: ImportBatch | None = None
    plan: Facts | None = None


def folder(desk: Desk) -> Path:
    """Where the inbox is; it need not exist."""
    said = os.environ.get(SETTING)
    if said:
        return Path(said)
    if desk.store.engine == "sqlite":
        return Path(desk.store.place).absolute().parent / "inbox"
    return platformdirs.user_data_path("rcaid") / "inbox"


def listing(desk: Desk) -> list[Waiting]:
    """Files for the offices this person may look at, newest first, then plans without a file.

    Refused who.no_duty for who may not look at imports.
    """
    reach = desk.reach("import.list")
    applied = {
        batch.file_sha256: batch
        for batch in rows.of_offices(desk.store, reach)
        if batch.state == "applied"
    }
    plans = {facts.file_sha256: facts for facts in _plans(desk, reach)}
    found = []
    for path, office in _files(desk, reach):
        digest = _digest(desk, path)
        batch, plan = applied.get(digest), plans.pop(digest, None)
        found.append(_waiting(path, office, batch, None if batch else plan))
    found.sort(key=lambda each: (each.changed, each.name), reverse=True)
    rest = sorted(plans.values(), key=lambda facts: facts.planned_at, reverse=True)
    return found[:MOST_FILES] + [_of_plan(desk, facts) for facts in rest]


def find(desk: Desk, id: str) -> Path:
    """The file of this id; Refused inbox.gone where there is none that this person may see."""
    for path, office in _files(desk, desk.reach("import.list"), PurePosixPath(id).name):
        if _id(path, office) == id:
            return path
    raise Refused(Problem("inbox.gone", {"file": PurePosixPath(id).name}))


def drop_others(desk: Desk, facts: Facts) -> None:
    """Takes away plans this person made before of the same file as the same kind: a new one
    stands in their place."""
    for path in plan_folder(desk).glob("*.plan"):
        other = _facts(desk, path)
        if other is None or other.plan_id == facts.plan_id:
            continue
        same = (other.file_sha256, other.kind, other.cycle, other.planner)
        if same == (facts.file_sha256, facts.kind, facts.cycle, facts.planner):
            path.unlink(missing_ok=True)


def kinds_by_headings(table: Table) -> list[str]:
    """Kinds whose needed headings all stand in an open table, the best fitting first: an offer."""
    fitting = []
    for kind in KINDS.values():
        found = map_columns(table.header, kind.fields, {})
        if not (found.problems or kind.without_key(found)):
            fitting.append((-len(found.columns), kind.name))
    return [name for _n, name in sorted(fitting)]


def beside(desk: Desk, office_code: str, name: str) -> Path:
    """Where a new file for an office may be put: a name that is not taken, in its own folder."""
    place = folder(desk)
    if office_code != desk.offices.top.code:
        place /= office_code
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    wanted = PurePosixPath(name.replace("\0", "")).name or "file"
    stem, ending = PurePosixPath(wanted).stem, PurePosixPath(wanted).suffix
    for n in range(1, MOST_FILES):
        path = place / (wanted if n == 1 else f"{stem}-{n}{ending}")
        if not os.path.lexists(path):
            return path
    raise Unusable(Problem("inbox.full", {"file": wanted}))


def _files(desk: Desk, reach: tuple[str, ...], only: str = "") -> Iterator[tuple[Path, Office]]:
    """Regular files of the offices in reach; links are not followed, nor what is hidden shown."""
    top, root = desk.offices.top, folder(desk)
    for office_id in reach:
        office = desk.offices.by_id[office_id]
        place = root if office.id == top.id else root / office.code
        try:
            if not stat.S_ISDIR(os.lstat(place).st_mode) and place != root:
                continue
            with os.scandir(place) as entries:
                for entry in entries:
                    hidden = entry.name.startswith(".") or (only and entry.name != only)
                    if not hidden and entry.is_file(follow_symlinks=False):
                        yield Path(entry.path), office
        except OSError:
            continue


def _id(path: Path, office: Office) -> str:
    return f"{office.code}/{path.name}"


def _waiting(
    path: Path, office: Office, applied: ImportBatch | None, plan: Facts | None
) -> Waiting:
    try:
        found = path.lstat()
        size, at = found.st_size, found.st_mtime
    except OSError:
        size, at = 0, 0.0
    changed = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    name = path.name.encode("utf-8", "replace").decode()
    return Waiting(_id(path, office), name, office, size, changed, applied, plan)


def _of_plan(desk: Desk, facts: Facts) -> Waiting:
    office = desk.offices.by_code[facts.office]
    return Waiting(facts.plan_id, facts.file_name, office, 0, facts.planned_at, None, facts)


def _digest(desk: Desk, path: Path) -> str:
    """SHA-256 of a file, read again only when it changed; "" where it is too large to look."""
    known: dict[str, tuple[tuple[int, int, int], str]] = desk._cache.setdefault("inbox", {})
    try:
        found = path.lstat()
        mark = (found.st_size, found.st_mtime_ns, found.st_ino)
        if found.st_size > _HASHED_AT_MOST:
            return ""
        if str(path) in known and known[str(path)][0] == mark:
            return known[str(path)][1]
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
    known[str(path)] = (mark, digest)
    return digest


def _plans(desk: Desk, reach: tuple[str, ...]) -> list[Facts]:
    """Plans for offices in reach that may still be applied, the oldest first."""
    oldest = desk.clock.moment().milliseconds / 1000 - KEPT_DAYS * 24 * 3600
    mine = (settings.get(desk.store, "store_id"), schema_number(desk.store))
    found = []
    for path in plan_folder(desk).glob("*.plan"):
        facts = _facts(desk, path)
        if facts is None or (facts.store_id, facts.schema) != mine:
            continue
        if desk.offices.by_code[facts.office].id in reach and _is_after(facts, oldest):
            found.append(facts)
    return sorted(found, key=lambda facts: facts.planned_at)


def _is_after(facts: Facts, seconds: float) -> bool:
    return datetime.fromisoformat(facts.planned_at).timestamp() >= seconds


def _facts(desk: Desk, path: Path) -> Facts | None:
    known: dict[str, tuple[float, Facts | None]] = desk._cache.setdefault("plans", {})
    try:
        at = path.stat().st_mtime
    except OSError:
        return None
    if path.name not in known or known[path.name][0] != at:
        known[path.name] = (at, facts_of(path))
    return known[path.name][1]
