"""The kind application: single applications of one cycle, each taken in as a draft.

A row is judged by the table of its kind and by the rules of the programme, as a form is, and kept
sealed in the plan as what it asks for. Applying takes each in as somebody at the counter would. Who
has applied for the same cause in the cycle is left as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from rcaid.db.tables import Cycle
from rcaid.db.unit import Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.files.headers import HeaderMap
from rcaid.files.profiles import Profile
from rcaid.files.tables import Table
from rcaid.services.applications import judging, new
from rcaid.services.applications import wanted as asking
from rcaid.services.applications.wanted import SUMS, Asked, Wanted
from rcaid.services.desk import Desk
from rcaid.services.importing.kinds import APPLICATION
from rcaid.services.importing.plans import Facts, Judged, Plan, PlanWriter, Rejected
from rcaid.services.importing.roster_importer import streets_by_text
from rcaid.services.importing.row_checks import Rules
from rcaid.services.importing.row_judge import Read, TableJudge
from rcaid.services.programmes import cycle as cycle_of
from rcaid.services.programmes import rules_on

_ENDED = ("withdrawn", "rejected", "revoked", "closed_deceased")
_WORDS = tuple(
    name for name in Wanted.__dataclass_fields__ if Wanted.__dataclass_fields__[name].type == "str"
)
_encode = msgspec.msgpack.Encoder().encode


class ApplicationImporter:
    """Plans and applies files of single applications."""

    def plan(
        self, desk: Desk, table: Table, columns: HeaderMap, cycle: Cycle | None,
        writer: PlanWriter, facts: Facts,
    ) -> Judged:  # fmt: skip
        """Judges every row; Refused application.lane for a programme that takes none."""
        assert cycle is not None
        for name in APPLICATION.dates():
            columns.order(name)  # a column that proves nothing refuses the file, not its rows
        run = _run(desk, cycle)
        judge = _judge(desk, columns, table, run, facts)
        problems: list[Rejected] = []
        cells: list[tuple[int, list[str]]] = []
        taken: list[tuple[int, dict[str, Any]]] = []
        for row, values in table.rows:
            facts.rows_read += 1
            read = judge.judge(row, values)
            wrong = list(read.problems)
            if not wrong:
                wanted = _wanted(desk, read, cycle, run[1].code, judge.rules.profile)
                asked, wrong = _asked(desk, judge, wanted, row)
                if asked is not None and not wrong and there(desk, asked) is not None:
                    facts.rows_unchanged += 1
                    continue
                if asked is not None and not wrong:
                    facts.rows_new += 1
                    facts.fen += wanted.asked_fen or 0
                    taken.append((row, msgspec.to_builtins(wanted)))
            if wrong:
                problems += wrong
                cells.append((row, values[: len(table.header)]))
        writer.part("applications", _hidden(desk, facts.plan_id, taken))
        return Judged(problems, cells)

    def apply(
        self, desk: Desk, unit: Unit, plan: Plan, batch_id: str
    ) -> list[tuple[int, str, str]]:
        """Takes each application in as a draft; Refused names those that moved meanwhile."""
        cycle_of(desk, plan.facts.cycle)
        outcomes = []
        for row, wanted in read_part(desk, plan):
            asked = asking.read(desk, wanted)
            if asked.problems:
                raise Refused(asked.problems)
            before = there(desk, asked)
            if before is not None:
                raise Refused(Problem("plan.moved", {"noun": "case", "id": before}))
            case = new.put(desk, unit, asked, batch_id=batch_id)
            outcomes.append((row, "new", case.id))
        return outcomes


def _run(desk: Desk, cycle: Cycle) -> asking.Run:
    """The programme of a cycle by code, its rules today and the cycle."""
    from rcaid.db import programmes

    programme = next(p for p in programmes.programmes(desk.store) if p.id == cycle.programme_id)
    return asking.run_of(desk, Wanted(programme.code, cycle.code))


def _judge(
    desk: Desk, columns: HeaderMap, table: Table, run: asking.Run, facts: Facts
) -> TableJudge:
    place = desk.offices.by_code[facts.office].id
    streets = streets_by_text(desk, desk.offices.below(place))
    profile = columns.profile or Profile(APPLICATION.name, APPLICATION.name)
    rules = rules_on(desk, run[0].id, desk.day)
    said = Rules(desk.day, streets, profile, asking.readers_of(rules))
    return TableJudge(APPLICATION, columns, table.header, said)


def _wanted(desk: Desk, read: Read, cycle: Cycle, programme: str, profile: Profile) -> Wanted:
    """What a row asks for, as a form would say it."""
    values: Mapping[str, Any] = read.values
    said: dict[str, Any] = {name: str(values[name]) for name in _WORDS if values.get(name)}
    if values["street"]:
        said["street"] = desk.offices.by_id[values["street"]].code
    if read.who is not None:
        said |= {"id_kind": read.who.kind, "number": read.who.original}
    if read.raw_name:
        said["name"] = read.raw_name
    said["reason"] = values["reason"] or profile.reason
    said |= {fen: values[field] for fen, field in SUMS.items() if values[field] != ""}
    said["qty"] = values["qty"] if values["qty"] != "" else None
    said |= {name: values[name] or () for name in ("papers", "consents")}
    return Wanted(**said | {"programme": programme, "cycle": cycle.code})


def _asked(
    desk: Desk, judge: TableJudge, wanted: Wanted, row: int
) -> tuple[Asked | None, list[Rejected]]:
    """An application as it is read, and what of it only the programme or the store finds wrong."""
    asked: Asked | None = None
    try:
        asked = asking.read(desk, wanted)
        problems = asked.problems
        if asked.known is not None and asked.known.state == "deceased":
            day = asked.known.died_on or "-"
            problems = (*problems, Problem("application.deceased", {"day": day}, field="number"))
    except Refused as refused:
        problems = refused.problems
    said = [
        judge.said(row, each, _field(each), each.value or str(getattr(wanted, each.field, "")))
        for each in problems
    ]
    return asked, said


def _field(problem: Problem) -> str:
    return SUMS.get(problem.field, problem.field) or "name"


def there(desk: Desk, asked: Asked) -> str | None:
    """The number of an application of the same person for the same cause in the cycle, unless it
    came to nothing."""
    if asked.known is None:
        return None
    cause = asked.value("cause") or asked.value("disaster") or asked.value("disease")
    for each in judging.of_people_of(desk, [asked.known.id]):
        case = each.case
        same = case.cycle_id == asked.cycle.id and (each.said.cause or "") == cause
        if same and case.state not in _ENDED:
            return case.case_no
    return None


def _hidden(desk: Desk, plan_id: str, taken: list[tuple[int, dict[str, Any]]]) -> bytes:
    """What is asked for names people and needs, so a plan keeps it sealed."""
    return desk.keys.encrypt(f"asked|{plan_id}", _encode(taken), desk.source.chance(12))


def read_part(desk: Desk, plan: Plan) -> Iterator[tuple[int, Wanted]]:
    """The applications of a plan by row."""
    for _, hidden in plan.parts("applications"):
        packed = desk.keys.decrypt(f"asked|{plan.facts.plan_id}", hidden)
        for row, said in msgspec.msgpack.decode(packed):
            yield row, msgspec.convert(said, Wanted)
