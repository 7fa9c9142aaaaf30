"""What became of each of many files: one line of counts for each, then why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rcaid.cli import said
from rcaid.cli.show import Column, Out
from rcaid.domain.errors import Problem
from rcaid.locale import N_, _
from rcaid.services.importing.imports import Planned
from rcaid.services.importing.plans import Rejected

COLUMNS = (
    Column("file", N_("file")),
    Column("kind", N_("kind"), "word"),
    Column("profile", N_("profile")),
    Column("read", N_("read"), "number"),
    Column("accepted", N_("taken"), "number"),
    Column("new", N_("new"), "number"),
    Column("updated", N_("updated"), "number"),
    Column("unchanged", N_("unchanged"), "number"),
    Column("undecided", N_("undecided"), "number"),
    Column("rejected", N_("not taken"), "number"),
    Column("warned", N_("warned"), "number"),
)


class Told(NamedTuple):
    """One file: what was planned, or why it could not be read at all."""

    file: str
    planned: Planned | None = None
    problems: Sequence[Problem] = ()


class Why(NamedTuple):
    """One kind of problem in a file: its code, in how many rows, and its first one."""

    code: str
    rows: int
    warning: bool
    first: Problem


def why(problems: Iterable[Rejected]) -> list[Why]:
    """Problems by their code, the most frequent first and warnings last; a row counts once."""
    rows: dict[tuple[bool, str], set[int]] = {}
    first: dict[tuple[bool, str], Problem] = {}
    for each in problems:
        key = (each.warning, each.code)
        rows.setdefault(key, set()).add(each.row)
        first.setdefault(key, each.problem())
    order = sorted(rows, key=lambda key: (key[0], -len(rows[key]), key[1]))
    return [Why(code, len(rows[warning, code]), warning, first[warning, code])
            for warning, code in order]  # fmt: skip


def warned(problems: Sequence[Rejected]) -> int:
    """How many rows have a warning and nothing worse."""
    wrong = {each.row for each in problems if not each.warning}
    return len({each.row for each in problems if each.warning and each.row} - wrong)


def counts(planned: Planned) -> dict[str, int]:
    """The counts of a file; read is taken, undecided and rejected together."""
    facts = planned.facts
    return {
        "read": facts.rows_read,
        "accepted": facts.rows_new + facts.rows_updated + facts.rows_unchanged,
        "new": facts.rows_new,
        "updated": facts.rows_updated,
        "unchanged": facts.rows_unchanged,
        "undecided": facts.rows_undecided,
        "rejected": facts.rows_rejected,
        "warned": warned(planned.problems),
    }


def row(told: Told) -> dict[str, Any]:
    """One file as an object: its counts and why, or the sentences of a file that is none."""
    if told.planned is None:
        return {"file": told.file, "refused": [said.as_data(each) for each in told.problems]}
    facts = told.planned.facts
    found: dict[str, Any] = {
        "file": told.file,
        "kind": facts.kind,
        "profile": facts.profile,
        **counts(told.planned),
    }
    if told.planned.known is not None:
        return {**found, "applied": told.planned.known.id}
    return {
        **found,
        "totals_rows": facts.totals_rows,
        "why": [_why_data(each) for each in why(told.planned.problems)],
        "pairs": pairs(told.planned),
        "unmapped": facts.unmapped,
        "ignored": facts.ignored,
        "plan": str(told.planned.path),
    }


def pairs(planned: Planned) -> dict[str, int]:
    """Rows that may be somebody already there: those that wait, and those that go in and are asked
    about later."""
    held = {pair.row for pair in planned.pairs if pair.holds}
    return {"waiting": len(held), "asked": len({pair.row for pair in planned.pairs} - held)}


def _why_data(each: Why) -> dict[str, Any]:
    return {**said.as_data(each.first), "rows": each.rows, "code": each.code}


def show(files: Sequence[Told], out: Out) -> None:
    """The table, then for each file why."""
    out.table(COLUMNS, map(row, files))
    out.lines(line for told in files for line in _lines(told))


def _lines(told: Told) -> Iterator[str]:
    if told.planned is None:
        yield from (_sentence(told.file, said.line_of(each)) for each in told.problems)
        return
    if told.planned.known is not None:
        return
    facts = told.planned.facts
    found = why(told.planned.problems)
    may_be = pairs(told.planned)
    if not (found or facts.unmapped or facts.totals_rows or any(may_be.values())):
        return
    yield f"{told.file}:"
    for each in found:
        mark = f"{_('warning')}: " if each.warning else ""
        yield f"  {each.rows:,} × {mark}{each.code}: {said.line_of(each.first)}"
    if may_be["waiting"]:
        yield "  " + _("{n} rows wait until somebody says who they are").format(n=may_be["waiting"])
    if may_be["asked"]:
        yield "  " + _("{n} rows go in and may be somebody known").format(n=may_be["asked"])
    if facts.totals_rows:
        yield "  " + _("{n} totals rows were left out").format(n=facts.totals_rows)
    if facts.unmapped:
        yield f"  {_('columns not used')}: {', '.join(facts.unmapped)}"


def _sentence(file: str, text: str) -> str:
    return text if text.startswith(file) else f"{file}: {text}"


def name_of(file: Path) -> str:
    """What a file is called in the table."""
    return file.name.encode("utf-8", "replace").decode("utf-8")
