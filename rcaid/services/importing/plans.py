"""A plan file: what an import will do, worked out to the last row, and nothing done yet.

The file holds finished rows, packed, and lies 0600 in the data folder. It begins with the store it
is for and ends with a MAC under the society's hash key, so that a plan of another store is refused
and one that was changed is found out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from rcaid.db import settings
from rcaid.db.migrate import schema_number
from rcaid.domain.errors import Broken, Problem, Refused, Unusable
from rcaid.services.desk import Desk
from rcaid.services.importing.plan_file import (
    END,
    Maker,
    PartFile,
    PartReader,
    SecondProcess,
    may_fork,
)

_MAGIC = b"rcaid plan 3\n"
_ADDRESS = 26 + 8
_ABOUT = ("facts", "problems")
"""Parts about the plan itself."""
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


class Pair(msgspec.Struct, frozen=True):
    """A row of the file and somebody on file (or an earlier row) who may be one person (BR-009).

    ``person_id`` is "" where the other is the row ``other_row`` of the same file. ``row_key`` is a
    keyed hash of what identifies the row, by which a decision is remembered. ``parts`` are the
    score's (code, points), ``shown`` (field, in the file, on record) with sensitive values masked.
    ``holds`` says that the row waits until somebody decides; the others go in and are asked later.
    ``office`` is the id of the street the row is for.
    """

    row: int
    person_id: str
    other_row: int
    row_key: str
    score: int
    band: str
    parts: list[tuple[str, int]]
    shown: list[tuple[str, str, str]]
    holds: bool
    office: str = ""


class FieldChange(msgspec.Struct, frozen=True):
    """What a row changes of something on file, old and new with sensitive values masked.

    ``waits`` says that it only asks for the change, which a second person has to confirm.
    """

    row: int
    noun: str
    row_id: str
    field: str
    before: str
    after: str
    waits: bool = False


class Judged(NamedTuple):
    """What a kind found out about a file: its problems, the cells of each row that is not taken
    (rejected, or held by a pair), the pairs, and the fields that change."""

    problems: list[Rejected]
    cells: list[tuple[int, list[str]]]
    pairs: Sequence[Pair] = ()
    changes: Sequence[FieldChange] = ()

    def held(self) -> set[int]:
        """Rows that wait for a decision."""
        return {pair.row for pair in self.pairs if pair.holds}


_Hidden = tuple[list[Rejected], list[tuple[int, list[str]]], list[Pair], list[FieldChange]]


class Facts(msgspec.Struct):
    """What a plan says of itself. Counts are rows of the file; ``fen`` is the money of new lines.

    ``unmapped`` are headings that mean nothing here, ``ignored`` those that the profile leaves out.
    ``office`` is the code of the office it was planned for, ``uses`` are (noun, id, version) of
    rows the plan changes or rests on.
    """

    plan_id: str
    kind: str
    cycle: str
    store_id: str
    schema: int
    planner: str
    office: str
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
    rows_undecided: int = 0
    profile: str = ""
    ignored: list[str] = msgspec.field(default_factory=list)
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
    pairs: list[Pair]
    changes: list[FieldChange]
    path: Path | None = None
    _reader: PartReader | None = None

    def parts(self, only: str = "", shape: Any = Any) -> Iterator[tuple[str, Any]]:
        """(name, rows) of each packed part, in order, or of those of one name; unpacked only here,
        so that a large plan is never in memory as a whole."""
        try:
            for name, packed in self._reader.parts(only) if self._reader else ():
                if name not in _ABOUT:
                    yield name, msgspec.msgpack.decode(packed, type=shape)
        except OSError as error:
            raise Unusable(Problem("plan.missing", {"place": str(self.path)})) from error


class PlanWriter:
    """Collects parts and writes them as one file that appears whole or not at all."""

    def __init__(self, desk: Desk, path: Path) -> None:
        self._desk = desk
        self.path = path
        self._file = PartFile(path, desk.keys.mac())
        self._file.write(_MAGIC + _address(settings.get(desk.store, "store_id")))
        self._out: PartFile | SecondProcess = self._file

    def make_parts(self, makers: Mapping[str, Maker], large: bool) -> None:
        """From now on parts of these names are made from what is handed in; of a large file in a
        second process where there can be one."""
        self._file.makers = makers
        if large and may_fork():
            self._out = SecondProcess(self._file)

    def part(self, name: str, rows: Any) -> None:
        """Adds one packed part."""
        self._out.part(name, rows)

    def finish(self, facts: Facts, judged: Judged) -> None:
        """Writes facts and problems, the MAC, and gives the file its name."""
        self.part("facts", facts)
        hidden = _encode(tuple(judged))
        nonce = self._desk.source.chance(12)
        self.part("problems", self._desk.keys.encrypt(f"plan|{facts.plan_id}", hidden, nonce))
        self._out.finish()

    def abandon(self) -> None:
        """Leaves nothing behind."""
        self._out.abandon()


def read_plan(desk: Desk, path: Path) -> Plan:
    """Reads and proves a plan. Unusable: no plan; Broken: changed; Refused: another store's."""
    try:
        reader = PartReader(path)
        _prove(desk, reader, path)
        reader.find(len(_MAGIC) + _ADDRESS)
        last = {name: packed for each in _ABOUT for name, packed in reader.parts(each)}
    except OSError as error:
        raise Unusable(Problem("plan.missing", {"place": str(path)})) from error
    facts = msgspec.msgpack.decode(last["facts"], type=Facts)
    if facts.schema != schema_number(desk.store):
        raise Refused(Problem("plan.other_schema", {"place": str(path)}))
    hidden = desk.keys.decrypt(f"plan|{facts.plan_id}", _decode(last["problems"]))
    problems, rejected, pairs, changes = msgspec.msgpack.decode(hidden, type=_Hidden)
    return Plan(facts, problems, rejected, pairs, changes, path, reader)


def facts_of(path: Path) -> Facts | None:
    """What a plan says of itself, without proving it: for a list of plans, never for acting on
    one. None for what is no plan, or is gone by now."""
    at = len(_MAGIC) + _ADDRESS
    try:
        with path.open("rb") as file:
            if file.read(at)[: len(_MAGIC)] != _MAGIC:
                return None
            while (head := file.readline(64)) and head != END:
                size, name = head.split()
                if name == b"facts":
                    return msgspec.msgpack.decode(file.read(int(size)), type=Facts)
                file.seek(int(size), 1)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
    return None


def _address(store_id: str) -> bytes:
    """The store a plan is for, with a sum of its own: another store has another key for the MAC."""
    return store_id.encode() + blake2b(store_id.encode(), digest_size=8).digest()


def _prove(desk: Desk, reader: PartReader, path: Path) -> None:
    """Unusable when it is no plan, Refused when it is for another store, Broken when a bit of it
    was changed."""
    begins = reader.head(len(_MAGIC) + _ADDRESS)
    if not begins.startswith(_MAGIC):
        raise Unusable(Problem("plan.not_one", {"place": str(path)}))
    head = begins[len(_MAGIC) :]
    mine = _address(settings.get(desk.store, "store_id"))
    if head != mine and head == _address(head[:-8].decode("ascii", "replace")):
        raise Refused(Problem("plan.other_store", {"place": str(path)}))
    if not reader.holds(desk.keys.mac()):
        raise Broken(Problem("plan.changed", {"place": str(path)}))


def plan_folder(desk: Desk) -> Path:
    """Where plans lie: beside the embedded store, else in the platform's data folder."""
    import platformdirs

    if desk.store.engine == "sqlite":
        return Path(desk.store.place).absolute().parent / "plans"
    return platformdirs.user_data_path("rcaid") / "plans"
