"""A plan file: what an import will do, worked out to the last row, and nothing done yet.

The file holds finished rows, packed, and lies 0600 in the data folder. Its first part can be read
by the person who decides; a MAC under the society's hash key stands at the end, so that a plan
that was changed is refused, and one of another store too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from rcaid.db import settings
from rcaid.db.migrate import schema_number
from rcaid.domain.errors import Broken, Problem, Refused, Unusable
from rcaid.services.desk import Desk

_MAGIC = b"rcaid plan 1\n"
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


class Rejected(msgspec.Struct, frozen=True):
    """One problem of one row: row as the file counts, heading, what stood there, code, facts."""

    row: int
    column: str
    value: str
    code: str
    params: dict[str, Any]
    field: str = ""
    warning: bool = False

    def problem(self) -> Problem:
        """The same as the rest of the program speaks of it."""
        return Problem(
            self.code, self.params, self.field, self.row, self.column, self.value, self.warning
        )


class Facts(msgspec.Struct):
    """What a plan says of itself. Counts are rows of the file; ``fen`` is the money of new lines.

    ``uses`` are (noun, id, version) of rows the plan changes or rests on.
    """

    plan_id: str
    kind: str
    cycle: str
    store_id: str
    schema: int
    planner: str
    planned_at: str
    file_name: str
    file_sha256: str
    file_type: str
    sheet: str
    header: list[str]
    unmapped: list[str]
    rows_read: int = 0
    rows_new: int = 0
    rows_updated: int = 0
    rows_unchanged: int = 0
    rows_rejected: int = 0
    fen: int = 0
    totals_rows: int = 0
    quota: list[tuple[str, str, int, int, int]] = msgspec.field(default_factory=list)
    uses: list[tuple[str, str, int]] = msgspec.field(default_factory=list)
    extra: dict[str, Any] = msgspec.field(default_factory=dict)


@dataclass
class Plan:
    """A plan that was read: its facts, its problems, and where its packed parts lie."""

    facts: Facts
    problems: list[Rejected]
    rejected: list[tuple[int, list[str]]]
    path: Path | None = None
    _parts: list[tuple[str, Any]] = field(default_factory=list)

    def parts(self) -> Iterator[tuple[str, Any]]:
        """(name, rows) of each packed part, in order."""
        yield from self._parts


class PlanWriter:
    """Collects parts and writes them as one file that appears whole or not at all."""

    def __init__(self, desk: Desk, path: Path) -> None:
        self._desk = desk
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._temporary = path.with_name(f".{path.name}.part")
        handle = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(handle, "wb")
        self._mac = desk.keys.mac()
        self._write(_MAGIC)

    def _write(self, data: bytes) -> None:
        self._mac.update(data)
        self._file.write(data)

    def part(self, name: str, rows: Any) -> None:
        """Adds one packed part."""
        packed = _encode((name, rows))
        self._write(len(packed).to_bytes(8, "big"))
        self._write(packed)

    def finish(
        self, facts: Facts, problems: list[Rejected], rejected: list[tuple[int, list[str]]]
    ) -> None:
        """Writes facts and problems, the MAC, and gives the file its name."""
        self.part("facts", facts)
        hidden = _encode((problems, rejected))
        nonce = self._desk.source.chance(12)
        self.part("problems", self._desk.keys.encrypt(f"plan|{facts.plan_id}", hidden, nonce))
        self._write((0).to_bytes(8, "big"))
        self._file.write(self._mac.digest())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._temporary.replace(self.path)

    def abandon(self) -> None:
        """Leaves nothing behind."""
        self._file.close()
        self._temporary.unlink(missing_ok=True)


def read_plan(desk: Desk, path: Path) -> Plan:
    """Reads and proves a plan. Unusable: no plan; Broken: changed; Refused: another store's."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unusable(Problem("plan.missing", {"place": str(path)})) from error
    if not data.startswith(_MAGIC):
        raise Unusable(Problem("plan.not_one", {"place": str(path)}))
    mac = desk.keys.mac()
    mac.update(memoryview(data)[:-32])
    parts = _unpack(data, path)
    facts_raw = parts.pop("facts", None)
    if facts_raw is None:
        raise Broken(Problem("plan.changed", {"place": str(path)}))
    facts = msgspec.convert(facts_raw[0], Facts)
    if facts.store_id != settings.get(desk.store, "store_id"):
        raise Refused(Problem("plan.other_store", {"place": str(path)}))
    if mac.digest() != data[-32:]:
        raise Broken(Problem("plan.changed", {"place": str(path)}))
    if facts.schema != schema_number(desk.store):
        raise Refused(Problem("plan.other_schema", {"place": str(path)}))
    hidden = desk.keys.decrypt(f"plan|{facts.plan_id}", parts.pop("problems")[0])
    problems, rejected = msgspec.msgpack.decode(
        hidden, type=tuple[list[Rejected], list[tuple[int, list[str]]]]
    )
    plan = Plan(facts, problems, rejected, path)
    plan._parts = [(name, rows) for name, all_rows in parts.items() for rows in all_rows]
    return plan


def _unpack(data: bytes, path: Path) -> dict[str, list[Any]]:
    parts: dict[str, list[Any]] = {}
    at, end = len(_MAGIC), len(data) - 32
    view = memoryview(data)
    try:
        while at < end:
            size = int.from_bytes(view[at : at + 8], "big")
            at += 8
            if size:
                name, rows = _decode(view[at : at + size])
                parts.setdefault(name, []).append(rows)
            at += size
    except (msgspec.DecodeError, ValueError, TypeError) as error:
        raise Broken(Problem("plan.changed", {"place": str(path)})) from error
    return parts


def plan_folder(desk: Desk) -> Path:
    """Where plans lie: beside the embedded store, else in the platform's data folder."""
    import platformdirs

    if desk.store.engine == "sqlite":
        return Path(desk.store.place).absolute().parent / "plans"
    return platformdirs.user_data_path("rcaid") / "plans"
