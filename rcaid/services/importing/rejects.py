"""Rows that did not come in, as a file like the one they came from, each with its reasons.

Mended and fed in again they touch only their own rows. Rows that wait for a pair to be decided are
among them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from rcaid.db.imports import ALL
from rcaid.db.tables import ImportBatch
from rcaid.domain.errors import Problem, Refused
from rcaid.files.tables import Table
from rcaid.files.writing import write_rejects
from rcaid.services.desk import Desk
from rcaid.services.importing import imports, inbox
from rcaid.services.importing.kinds import KINDS
from rcaid.services.importing.plans import Pair, Plan

_LONGEST_STEM = 60
"""Characters that a name of a file keeps, so that it is no name too long with what is added."""
Say = Callable[[Problem], str]
"""What tells one problem of a row in the reader's language, its column before it."""


class NotTaken(NamedTuple):
    """A row that did not come in: its number in the file, its cells, what is wrong with it.
    ``waits`` says that nothing is wrong but somebody on file may be this person."""

    row: int
    cells: Sequence[str]
    problems: tuple[Problem, ...]
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Rejects:
    """Rows that a plan or an import did not take, and a table of their shape without rows."""

    like: Table
    office_code: str
    rows: tuple[NotTaken, ...]


def of_plan(plan: Plan) -> Rejects:
    """What a plan would not take."""
    why: dict[int, list[Problem]] = {}
    for each in plan.problems:
        why.setdefault(each.row, []).append(each.problem())
    held = {pair.row: pair for pair in plan.pairs if pair.holds}
    rows = []
    for row, cells in plan.rejected:
        pair = held.get(row)
        problems = [*why.get(row, ()), *([_waits(pair)] if pair else ())]
        rows.append(NotTaken(row, cells, tuple(problems), pair is not None))
    facts = plan.facts
    like = _like(facts.file_name, facts.file_type, facts.header, facts.sheet)
    return Rejects(like, facts.office, tuple(rows))


def _waits(pair: Pair) -> Problem:
    return Problem("import.waits", {"score": pair.score}, row=pair.row)


def of_batch(desk: Desk, batch_id: str, most: int = ALL) -> Rejects:
    """What an import that was applied did not take, the first ``most`` rows of it.

    Cells stand there as they came, so this needs what an import of that kind needs, or the names
    of its office in full; Refused who.no_duty.
    """
    batch = imports.batch_of(desk, batch_id)
    if not may_read(desk, batch.kind, batch.office_id):
        desk.require(KINDS[batch.kind].act, batch.office_id)
    header = json.loads(batch.header)
    fields = _fields(batch, header)
    rows = []
    for row, cells, told in imports.rejects(desk, batch, most):
        stood = dict(zip(header, cells, strict=False))
        problems = tuple(
            Problem(
                each["code"], each["params"], fields.get(each["column"], ""), row,
                each["column"], stood.get(each["column"], "").strip(),
            )
            for each in told
        )  # fmt: skip
        waits = not problems
        rows.append(NotTaken(row, cells, problems or (Problem("import.waiting", row=row),), waits))
    like = _like(batch.file_name, batch.file_type, header, batch.sheet or "")
    return Rejects(like, desk.offices.by_id[batch.office_id].code, tuple(rows))


def may_read(desk: Desk, kind: str, office_id: str) -> bool:
    """Whether this person may see the cells of files of a kind for an office."""
    by_duty = kind in KINDS and desk.duty_for(KINDS[kind].act, office_id) is not None
    return by_duty or desk.names_in_full(office_id)


def _fields(batch: ImportBatch, header: Sequence[str]) -> dict[str, str]:
    """The field that a heading usually stands for, so that its values are masked as such."""
    known = KINDS[batch.kind].fields if batch.kind in KINDS else ()
    by_alias = {alias: field.name for field in known for alias in field.aliases}
    return {heading: by_alias[heading] for heading in header if heading in by_alias}


def _like(name: str, kind: str, header: Sequence[str], sheet: str) -> Table:
    return Table(
        Path(name), name, kind, "", 1, tuple(header), iter(()), "utf-8-sig", ",", sheet or "Sheet1"
    )


def write(place: Path | str, rejects: Rejects, heading: str, say: Say) -> Path:
    """Writes the rows under ``place``, which gets the ending of their type; returns where.

    ``heading`` is that of the column of reasons, ``say`` tells one. Refused import.no_rejects.
    """
    if not rejects.rows:
        raise Refused(Problem("import.no_rejects"))
    rows = ((each.cells, "; ".join(map(say, each.problems))) for each in rejects.rows)
    return write_rejects(place, rejects.like, rows, reason=heading)


def to_inbox(desk: Desk, rejects: Rejects, heading: str, say: Say) -> Path:
    """Writes the rows beside what else waits for their office, under a name that is not taken.

    A session at a terminal names no path; this is the only place it writes to.
    """
    if not rejects.rows:
        raise Refused(Problem("import.no_rejects"))
    name = Path(rejects.like.name)
    ending = (name.suffix or ".csv") if rejects.like.kind == "csv" else ".xlsx"
    stem = name.stem.lstrip(".")[:_LONGEST_STEM]
    mark = "rejects" if heading.isascii() else "退回行"
    place = inbox.beside(desk, rejects.office_code, f"{stem}-{mark}{ending[:8]}")
    like = replace(rejects.like, path=place)
    return write(place, replace(rejects, like=like), heading, say)
