"""Importing a file: plan reads and judges all of it, apply carries out that plan and no other."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from rcaid.db import imports as rows
from rcaid.db import settings
from rcaid.db.migrate import schema_number
from rcaid.db.tables import IMPORT_BATCH, Cycle, ImportBatch
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.files.headers import HeaderMap
from rcaid.files.profiles import Profile
from rcaid.files.tables import Row, Table
from rcaid.services.desk import Desk
from rcaid.services.importing.import_reading import Reading, opened
from rcaid.services.importing.kinds import KINDS, Kind
from rcaid.services.importing.plans import (
    Facts,
    FieldChange,
    Judged,
    Pair,
    Plan,
    PlanWriter,
    Rejected,
    plan_folder,
    read_plan,
)

PROGRESS = 500
"""Rows between two words about progress."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What `plan` made: the plan's file and what it says."""

    path: Path
    facts: Facts
    problems: list[Rejected]
    pairs: Sequence[Pair]
    known: ImportBatch | None = None
    """The batch of the very same file, when it was applied before; then there is no plan."""
    changes: Sequence[FieldChange] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """What `apply` did. ``again`` says that the plan or its file had been applied before."""

    batch: ImportBatch
    entry: Entry | None
    again: bool


class Importer(Protocol):
    """How one kind judges a file into a plan and puts the plan's parts into the store."""

    def plan(
        self, desk: Desk, table: Table, columns: HeaderMap, cycle: Cycle | None, writer: PlanWriter,
        facts: Facts,
    ) -> Judged:  # fmt: skip
        """Reads all rows into parts and facts; returns what it found out about them."""

    def apply(
        self, desk: Desk, unit: Unit, plan: Plan, batch_id: str
    ) -> list[tuple[int, str, str]]:
        """Carries out the parts; returns (row, outcome, object id) of rows that came in."""


def importer(kind: str) -> Importer:
    """The importer of a kind."""
    if kind == "roster":
        from rcaid.services.importing.roster_importer import RosterImporter

        return RosterImporter()
    if kind == "quota":
        from rcaid.services.importing.quota_importer import QuotaImporter

        return QuotaImporter()
    if kind == "application":
        from rcaid.services.importing.application_importer import ApplicationImporter

        return ApplicationImporter()
    if kind in ("people", "update"):
        from rcaid.services.importing.people_importer import PeopleImporter

        return PeopleImporter(kind)
    if kind == "institution":
        from rcaid.services.importing.institution_importer import InstitutionImporter

        return InstitutionImporter()
    if kind == "donation":
        from rcaid.services.importing.donation_importer import DonationImporter

        return DonationImporter()
    from rcaid.services.importing.result_importer import ResultImporter

    return ResultImporter(kind)


def known_kind(name: str) -> Kind:
    """The kind of this name; Refused import.kind."""
    if name not in KINDS:
        raise Refused(Problem("import.kind", {"kind": name, "known": ", ".join(KINDS)}))
    return KINDS[name]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keeps the collector from going through a file's rows again and again: none is in a cycle."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


@_uncollected()
def plan(
    desk: Desk,
    path: Path,
    kind_name: str,
    *,
    cycle_code: str | None = None,
    overrides: Mapping[str, str] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    target: Path | None = None,
    progress: Callable[[int], None] | None = None,
    profile: Profile | None = None,
    dates: str = "",
) -> Planned:
    """Reads the whole file, judges every row and writes nothing but the plan.

    ``profile`` says how the sender's files are read; what is said beside it wins. ``dates`` is the
    order of dates (ymd, dmy or mdy) where no column proves it.

    Unusable when the file is no table or a needed column is missing. The same bytes that were
    applied before give ``known`` and no plan. ``progress`` is told how many rows were read, some
    hundred rows apart; what it raises ends the plan and leaves nothing behind.
    """
    from rcaid.services.programmes import cycle as cycle_of

    kind = known_kind(kind_name)
    desk.require(kind.act, desk.office_for(kind.act).id)
    cycle = cycle_of(desk, cycle_code) if cycle_code else None
    if kind.name in ("roster", "quota", "application") and cycle is None:
        raise Refused(Problem("import.cycle"))
    how = Reading(overrides, sheet, encoding, delimiter, profile, dates)
    with opened(path, kind, how) as (table, columns):
        cycle_id = cycle.id if cycle else ""
        known = rows.by_file(desk.store, table.sha256, kind.name, cycle_id)
        if known is not None:
            return Planned(path, _empty_facts(desk, table, kind, cycle), [], [], known)
        if progress is not None:
            table.rows = _told(table.rows, progress)
        return _plan_table(desk, table, columns, kind, cycle, target)


def _told(found: Iterator[Row], progress: Callable[[int], None]) -> Iterator[Row]:
    """The rows, telling how many have come."""
    n = 0
    for n, row in enumerate(found, start=1):
        if n % PROGRESS == 0:
            progress(n)
        yield row
    progress(n)


def _plan_table(
    desk: Desk,
    table: Table,
    columns: HeaderMap,
    kind: Kind,
    cycle: Cycle | None,
    target: Path | None,
) -> Planned:
    facts = _empty_facts(desk, table, kind, cycle)
    facts.unmapped = list(columns.unmapped)
    if columns.profile is not None:
        facts.profile = columns.profile.name
        facts.ignored = columns.profile.leaves_out(table.header)
    target = target or plan_folder(desk) / f"{facts.plan_id}.plan"
    writer = PlanWriter(desk, target)
    try:
        with desk.store.roomy():
            judged = importer(kind.name).plan(desk, table, columns, cycle, writer, facts)
        judged = judged._replace(problems=_about_the_file(table) + judged.problems)
        facts.totals_rows = len(table.totals) + len(table.labels)
        facts.rows_undecided = len(judged.held())
        facts.rows_rejected = len(judged.cells) - facts.rows_undecided
        writer.finish(facts, judged)
    except BaseException:
        writer.abandon()
        raise
    desk.look(kind.act, desk.office_for(kind.act).id, facts.plan_id, planned=facts.rows_read)
    return Planned(target, facts, judged.problems, judged.pairs, changes=judged.changes)


def _about_the_file(table: Table) -> list[Rejected]:
    """What the reader wants known of the file as a whole: other sheets, merged cells, labels."""
    return [
        Rejected(each.row, each.column, each.value, each.code, dict(each.params), warning=True)
        for each in table.warnings
    ]


def _empty_facts(desk: Desk, table: Table, kind: Kind, cycle: Cycle | None) -> Facts:
    desk.source.step(f"plan {table.name} {table.sha256[:16]}")
    moment = desk.clock.moment()
    return Facts(
        plan_id=next(desk.source.ids(moment.milliseconds)),
        kind=kind.name,
        cycle=cycle.code if cycle else "",
        store_id=settings.get(desk.store, "store_id"),
        schema=schema_number(desk.store),
        planner=desk.actor.login,
        office=desk.office_for(kind.act).code,
        planned_at=moment.at,
        file_name=table.name,
        file_sha256=table.sha256,
        file_type=table.kind,
        sheet=table.sheet,
        header=list(table.header),
        unmapped=[],
    )


@_uncollected()
def apply(desk: Desk, path: Path, *, expect: int | None = None, keep: bool = False) -> Applied:
    """Carries out a plan in one unit, or nothing of it.

    Refused names what has moved since the plan was made. A plan or a file that was applied before
    changes nothing and is reported. ``expect`` is the number of new and updated rows that was
    reviewed. The plan's file goes when it is done unless ``keep``.
    """
    plan = read_plan(desk, path)
    facts = plan.facts
    kind = KINDS[facts.kind]
    place = desk.offices.by_code[facts.office].id
    desk.require(kind.act, place)
    again = _applied(desk, facts)
    if again is not None:
        return Applied(again, None, True)
    ready = facts.rows_new + facts.rows_updated
    if expect is not None and expect != ready:
        raise Refused(Problem("act.expected", {"expected": expect, "now": ready}))

    def work(unit: Unit) -> ImportBatch:
        meanwhile = _applied(desk, facts)
        if meanwhile is not None:
            raise _AppliedMeanwhile(meanwhile)
        _nothing_moved(desk, facts)
        batch_id = unit.new_id()
        outcomes = importer(facts.kind).apply(desk, unit, plan, batch_id)
        batch = _batch(desk, facts, batch_id, place, unit.day)
        unit.insert(IMPORT_BATCH, [batch])
        _keep_outcomes(desk, unit, plan, batch_id, outcomes)
        if plan.pairs:
            from rcaid.services.same_person.duplicates import keep_pairs

            keep_pairs(desk, unit, plan, batch_id)
        return batch

    try:
        with desk.store.roomy():
            batch, entry = desk.write(
                kind.act,
                place,
                work,
                object=lambda made: made.id,
                note=lambda made: {"plan": facts.plan_id, "file": facts.file_sha256},
            )
    except _AppliedMeanwhile as found:
        return Applied(found.batch, None, True)
    if not keep:
        path.unlink(missing_ok=True)
    return Applied(batch, entry, False)


class _AppliedMeanwhile(Exception):  # noqa: N818
    """Somebody else applied the plan or its file while this unit waited for its turn."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        super().__init__(batch.id)


def _applied(desk: Desk, facts: Facts) -> ImportBatch | None:
    """The batch that this plan, or another plan of its file, became."""
    return rows.by_plan(desk.store, facts.plan_id) or rows.by_file(
        desk.store, facts.file_sha256, facts.kind, _cycle_id(desk, facts)
    )


def _cycle_id(desk: Desk, facts: Facts) -> str:
    from rcaid.services.programmes import cycle as cycle_of

    return cycle_of(desk, facts.cycle).id if facts.cycle else ""


def _nothing_moved(desk: Desk, facts: Facts) -> None:
    """Refused plan.moved for each row the plan rests on that has another version now."""
    from rcaid.db.record import newest_versions

    by_noun: dict[str, dict[str, int]] = {}
    for noun, row_id, version in facts.uses:
        by_noun.setdefault(noun, {})[row_id] = version
    moved = [
        Problem("plan.moved", {"noun": noun, "id": row_id})
        for noun, expected in by_noun.items()
        for row_id, now in newest_versions(desk.store, noun, expected).items()
        if now != expected[row_id]
    ]
    if moved:
        raise Refused(moved)


def _batch(desk: Desk, facts: Facts, batch_id: str, place: str, day: str) -> ImportBatch:
    return ImportBatch(
        batch_id, facts.kind, _cycle_id(desk, facts), place, desk.actor.staff_id,
        facts.file_name, facts.file_sha256, facts.file_type, facts.sheet or None,
        json.dumps(facts.header, ensure_ascii=False), facts.plan_id, "applied", day,
        facts.rows_read, facts.rows_new, facts.rows_updated, facts.rows_unchanged,
        facts.rows_rejected, facts.fen, 1, facts.rows_undecided or None, facts.profile or None,
    )  # fmt: skip


def _keep_outcomes(
    desk: Desk, unit: Unit, plan: Plan, batch_id: str, outcomes: list[tuple[int, str, str]]
) -> None:
    by_row: dict[int, list[dict[str, Any]]] = {}
    for each in plan.problems:
        said = {"code": each.code, "column": each.column, "params": each.params}
        by_row.setdefault(each.row, []).append(said)
    cells = dict(plan.rejected)
    held = {pair.row for pair in plan.pairs if pair.holds}
    columns = ("batch_id", "row_no", "outcome", "object_id", "problems", "sealed")
    done = [(batch_id, row, outcome, made, None, None) for row, outcome, made in outcomes]
    bad = [
        (
            batch_id,
            row,
            "undecided" if row in held else "rejected",
            None,
            json.dumps(by_row.get(row, []), ensure_ascii=False),
            desk.keys.encrypt(
                f"cells|{batch_id}|{row}",
                json.dumps(cells[row], ensure_ascii=False).encode(),
                unit.source.chance(12),
            ),
        )
        for row in sorted(cells)
    ]
    unit.store.insert_many("import_row", columns, done + bad)


def rejects(
    desk: Desk, batch: ImportBatch, most: int = rows.ALL
) -> list[tuple[int, list[str], list[dict[str, Any]]]]:
    """The first rows that a batch did not take: number, cells as they stood, problems."""
    desk.require("import.list", batch.office_id)
    return [
        (
            row,
            json.loads(desk.keys.decrypt(f"cells|{batch.id}|{row}", bytes(sealed))),
            json.loads(problems),
        )
        for row, problems, sealed in rows.rejected(desk.store, batch.id, most)
    ]


def listing(desk: Desk) -> list[ImportBatch]:
    """The batches of the offices this person may look at, newest first."""
    return rows.of_offices(desk.store, desk.reach("import.list"))


def applied(desk: Desk, which: str) -> ImportBatch:
    """The batch of an id, or the one that the plan of this id became; Refused import.unknown."""
    made = rows.by_plan(desk.store, which)
    return batch_of(desk, made.id if made else which)


def batch_of(desk: Desk, batch_id: str) -> ImportBatch:
    """One batch; Refused import.unknown."""
    found = rows.by_id(desk.store, batch_id)
    if found is None:
        raise Refused(Problem("import.unknown", {"batch": batch_id}))
    desk.require("import.list", found.office_id)
    return found
