"""The outbox: files that go out, by the office they are of.

A folder beside the embedded store, or where RCAID_OUTBOX says. Nobody names a path to it; whoever
runs the machine takes the files from there.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import platformdirs

from rcaid.domain.errors import Problem, Unusable
from rcaid.services.desk import Desk

SETTING: Final = "RCAID_OUTBOX"


def folder(desk: Desk) -> Path:
    """Where the outbox is; it need not exist."""
    said = os.environ.get(SETTING)
    if said:
        return Path(said)
    if desk.store.engine == "sqlite":
        return Path(desk.store.place).absolute().parent / "outbox"
    return platformdirs.user_data_path("rcaid") / "outbox"


def put(desk: Desk, office_id: str, name: str, content: bytes) -> Path:
    """Writes a file of an office, readable by its owner alone; where one of other bytes has the
    name already, under the next free one. Unusable outbox.write when it cannot be written."""
    place = folder(desk) / desk.offices.by_id[office_id].code
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in _names(place, name):
            if path.exists():
                if path.read_bytes() == content:
                    return path
                continue
            made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(made, "wb") as file:
                file.write(content)
            return path
    except OSError as error:
        raise Unusable(
            Problem("outbox.write", {"folder": str(place), "why": error.strerror or ""})
        ) from error
    raise Unusable(Problem("outbox.write", {"folder": str(place), "why": name}))


def _names(place: Path, name: str) -> list[Path]:
    stem, dot, ending = name.partition(".")
    return [place / name, *(place / f"{stem}-{n}{dot}{ending}" for n in range(2, 100))]
