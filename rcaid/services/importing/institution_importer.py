"""The kind institution: who may receive transfers, many at once."""

from __future__ import annotations

from rcaid.db import transfers as rows
from rcaid.db.tables import INSTITUTION, Cycle, Institution
from rcaid.db.unit import Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.files.headers import HeaderMap
from rcaid.files.profiles import Profile
from rcaid.files.tables import Table
from rcaid.services.desk import Desk
from rcaid.services.disasters import checked_code
from rcaid.services.importing.giving_words import readers
from rcaid.services.importing.kinds import INSTITUTION as KIND
from rcaid.services.importing.plans import Facts, Judged, Plan, PlanWriter, Rejected
from rcaid.services.importing.row_checks import Rules
from rcaid.services.importing.row_judge import Read, TableJudge

_FIELDS = ("code", "name", "kind", "place", "uscc")


class InstitutionImporter:
    """Plans and applies files of institutions; one that is on file stays as it is."""

    def plan(
        self, desk: Desk, table: Table, columns: HeaderMap, cycle: Cycle | None,
        writer: PlanWriter, facts: Facts,
    ) -> Judged:  # fmt: skip
        """Judges every row; a code that is taken by another institution is a problem."""
        profile = columns.profile or Profile(KIND.name, KIND.name)
        judge = TableJudge(
            KIND, columns, table.header, Rules(desk.day, {}, profile, readers(desk.day))
        )
        known = {each.code: each for each in rows.institutions(desk.store)}
        problems: list[Rejected] = []
        cells: list[tuple[int, list[str]]] = []
        made: list[tuple[int, tuple[str, ...]]] = []
        width = len(table.header)
        for row, values in table.rows:
            facts.rows_read += 1
            read = judge.judge(row, values)
            wrong = read.problems or _wrong(judge, read, known)
            if wrong:
                problems += wrong
                cells.append((row, values[:width]))
            elif read.values["code"] in known:
                facts.rows_unchanged += 1
            else:
                facts.rows_new += 1
                made.append((row, tuple(read.values[name] for name in _FIELDS)))
        writer.part("institutions", made)
        return Judged(problems, cells)

    def apply(
        self, desk: Desk, unit: Unit, plan: Plan, batch_id: str
    ) -> list[tuple[int, str, str]]:
        """Inserts them; Refused when a code was taken meanwhile."""
        found = [row for _, part in plan.parts("institutions") for row in part]
        taken = {each.code: each.id for each in rows.institutions(unit.store)}
        moved = [(row, facts[0]) for row, facts in found if facts[0] in taken]
        if moved:
            raise Refused(Problem("plan.moved", {"noun": "institution", "id": taken[moved[0][1]]}))
        office = desk.offices.by_code[plan.facts.office].id
        ids = unit.ids()
        made = [
            (row, Institution(next(ids), code, name, kind, place, office, 1, uscc or None))
            for row, (code, name, kind, place, uscc) in found
        ]
        unit.insert(INSTITUTION, [each for _, each in made])
        return [(row, "new", each.id) for row, each in made]


def _wrong(judge: TableJudge, read: Read, known: dict[str, Institution]) -> list[Rejected]:
    code = read.values["code"]
    try:
        checked_code(code)
    except Refused as refused:
        return [judge.said(read.row, refused.problems[0], "code", code)]
    there = known.get(code)
    said = tuple(read.values[name] for name in _FIELDS)
    if there is None or (there.code, there.name, there.kind, there.place, there.uscc or "") == said:
        return []
    return [
        judge.said(read.row, Problem("institution.exists", {"institution": code}), "code", code)
    ]
