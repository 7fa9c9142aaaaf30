"""The quota kind: how many lines each office may enter, from the city down to the streets."""

from __future__ import annotations

import msgspec

from rcaid.db import programmes
from rcaid.db.tables import Cycle
from rcaid.db.unit import Unit
from rcaid.domain.errors import Problem
from rcaid.files.headers import HeaderMap
from rcaid.files.tables import Table
from rcaid.services import quotas
from rcaid.services.desk import Desk
from rcaid.services.importing.kinds import QUOTA as KIND
from rcaid.services.importing.plans import Facts, Judged, Plan, PlanWriter, Rejected
from rcaid.services.programmes import cycle as cycle_of
from rcaid.services.programmes import rules_on


class QuotaImporter:
    """Plans and applies quota sheets. The tree as a whole is checked (BR-031)."""

    def plan(
        self, desk: Desk, table: Table, columns: HeaderMap, cycle: Cycle | None,
        writer: PlanWriter, facts: Facts,
    ) -> Judged:  # fmt: skip
        """Reads (office, category, allotted); a row outside the reader's offices is refused.

        A district sets its streets' quota and never its own, which the office above sets.
        """
        assert cycle is not None
        rules = rules_on(desk, cycle.programme_id, cycle.opens_on)
        place = desk.offices.by_code[facts.office].id
        mine = set(desk.offices.below(place))
        if place != desk.offices.top.id:
            mine.remove(place)
        known = {(q.office_id, q.category): q for q in programmes.quotas(desk.store, cycle.id)}
        width = len(table.header)
        pick = columns.picker(("office", "category", "allotted"), width)
        rows: list[tuple[int, str, str, int]] = []
        problems: list[Rejected] = []
        cells: list[tuple[int, list[str]]] = []
        seen: dict[tuple[str, str], int] = {}
        for row, values in table.rows:
            facts.rows_read += 1
            code, category, n = (cell.strip() for cell in pick([*values[:width], ""]))
            category = category or "*"
            office = desk.offices.by_code.get(code)
            need = "*" if category in ("*", "合计", "全部") else rules.category_of(category)
            wrong: tuple[str, Problem, str] | None = None
            if office is None or office.id not in mine:
                wrong = ("office", Problem("office.unknown", {"value": code}), code)
            elif need is None:
                wrong = ("category", Problem("category.unknown", {"value": category}), category)
            elif not (n.isascii() and n.isdigit()):
                wrong = ("allotted", Problem("quota.number", {"value": n}), n)
            elif office.pseudo and int(n):
                wrong = ("allotted", Problem("quota.pseudo", {"office": office.name}), n)
            elif (office.id, need) in seen:
                first = seen[office.id, need]
                wrong = ("office", Problem("row.repeated", {"first": first}), code)
            if wrong or office is None or need is None:
                field, problem, value = wrong or ("office", Problem("office.unknown"), code)
                params = dict(problem.params)
                problems.append(
                    Rejected(row, KIND.heading(field), value, problem.code, params, field)
                )
                cells.append((row, values))
                continue
            seen[office.id, need] = row
            before = known.get((office.id, need))
            if before is None:
                facts.rows_new += 1
            elif before.allotted == int(n):
                facts.rows_unchanged += 1
                continue
            else:
                facts.rows_updated += 1
                facts.uses.append(("quota", before.id, before.version))
            rows.append((row, office.id, need, int(n)))
        writer.part("quota", rows)
        return Judged(problems, cells)

    def apply(
        self, desk: Desk, unit: Unit, plan: Plan, batch_id: str
    ) -> list[tuple[int, str, str]]:
        """Sets the quotas and checks the whole tree; nothing is set when a level overdraws."""
        cycle = cycle_of(desk, plan.facts.cycle)
        rows = [row for name, part in plan.parts() if name == "quota" for row in part]
        wanted = {(office, category): n for _, office, category, n in rows}
        self._keep_before(desk, unit, cycle, wanted, batch_id)
        made = quotas.put(desk, unit, cycle, wanted)
        return [
            (
                row,
                "new" if made[office, category].version == 1 else "updated",
                made[office, category].id,
            )
            for row, office, category, _ in rows
        ]

    def _keep_before(
        self,
        desk: Desk,
        unit: Unit,
        cycle: Cycle,
        wanted: dict[tuple[str, str], int],
        batch_id: str,
    ) -> None:
        """Quotas that will change, as they stand now, so that the import can be taken back."""
        before = [
            quota
            for quota in programmes.quotas(unit.store, cycle.id)
            if wanted.get((quota.office_id, quota.category), quota.allotted) != quota.allotted
        ]
        unit.store.insert_many(
            "import_change",
            ("batch_id", "noun", "row_id", "sealed"),
            [
                (
                    batch_id,
                    "quota",
                    quota.id,
                    desk.keys.encrypt(
                        f"before|{quota.id}",
                        msgspec.msgpack.encode(tuple(quota)),
                        unit.source.chance(12),
                    ),
                )
                for quota in before
            ],
        )
