"""The roster kind: a district's list under a quota, street by street."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.msgpack import decode

from rcaid.db import bulk, duplicates, people, programmes, rosters
from rcaid.db.bulk import ACCOUNTS, CASES, HOMES, PEOPLE
from rcaid.db.record import AUDIT_ROW
from rcaid.db.tables import MAKER, RELATION, ROSTER, Cycle, Maker, Person, Roster
from rcaid.db.unit import Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.record import Tree
from rcaid.files.headers import HeaderMap
from rcaid.files.tables import Table as FileTable
from rcaid.services.desk import Desk
from rcaid.services.importing.import_roster import Found, QuotaBook, RowJudge, batches
from rcaid.services.importing.plan_file import LARGE
from rcaid.services.importing.plan_roster import RosterPlanner, quota_effect
from rcaid.services.importing.plans import Facts, Judged, Plan, PlanWriter, Rejected
from rcaid.services.importing.roster_rows import RosterRows
from rcaid.services.programmes import rules_on

_BULKS = {"household": HOMES, "person": PEOPLE, "account": ACCOUNTS, "aid_case": CASES}


def streets_by_text(desk: Desk, offices: tuple[str, ...]) -> dict[str, str | None]:
    """What may stand in the street column: name, code, or district and name. None: ambiguous."""
    found: dict[str, str | None] = {}
    for office_id in offices:
        office = desk.offices.by_id[office_id]
        if office.level != "street":
            continue
        found[office.name] = None if office.name in found else office.id
        district = desk.offices.district_of(office.id).name
        for text in (office.code, f"{district}{office.name}", f"{district}·{office.name}"):
            found[text] = office.id
    return found


def quota_book(desk: Desk, cycle: Cycle, streets: tuple[str, ...]) -> QuotaBook:
    """Allotted and used quota of these offices, as it stands now."""
    allotted = {
        (quota.office_id, quota.category): quota.allotted
        for quota in programmes.quotas(desk.store, cycle.id)
    }
    return QuotaBook(allotted, rosters.quota_used(desk.store, cycle.id, streets))


class RosterImporter:
    """Plans and applies rosters (model.md, Plan, apply, undo)."""

    def plan(
        self, desk: Desk, table: FileTable, columns: HeaderMap, cycle: Cycle | None,
        writer: PlanWriter, facts: Facts,
    ) -> Judged:  # fmt: skip
        """Judges every row; a cycle that no longer takes entries is refused as a whole."""
        assert cycle is not None
        if cycle.state != "open":
            raise Refused(Problem("cycle.not_open", {"cycle": cycle.code, "state": cycle.state}))
        rules = rules_on(desk, cycle.programme_id, cycle.opens_on)
        streets = desk.offices.below(desk.offices.by_code[facts.office].id)
        book = quota_book(desk, cycle, streets)
        before = dict(book.total)
        judge = RowJudge(columns, table.header, rules, streets_by_text(desk, streets), desk.day)
        items = {item.code: item.id for item in programmes.items(desk.store)}
        planner = RosterPlanner(desk, cycle, judge, book, rules.cap_fen_per_year, items)
        writer.make_parts(
            RosterRows(desk.keys, desk.source.chance(32), cycle.id).makers(),
            large=table.path.stat().st_size >= LARGE,
        )
        problems: list[Rejected] = []
        cells: dict[int, list[str]] = {}

        def judged() -> Iterator[Found]:
            width = len(table.header)
            for row, values in table.rows:
                facts.rows_read += 1
                found = judge.judge(row, values)
                if found.line is None:
                    cells[row] = values[:width]
                else:
                    held[row] = values
                yield found

        held: dict[int, list[str]] = {}
        for piece in batches(judged()):
            decided, rejected = planner.piece(piece)
            problems += rejected
            cells.update(
                {r.row: held[r.row][: len(table.header)] for r in rejected if r.row in held}
            )
            cells.update({row: held[row][: len(table.header)] for row in planner.held})
            held.clear()
            writer.part("piece", decided)
            facts.rows_new += len(decided.cases)
            facts.rows_unchanged += len(decided.outcome)
        writer.part("tree", None)
        new_rosters, grown = planner.roster_rows()
        writer.part("rosters", (new_rosters, grown))
        writer.part("flows", [(*key, n, fen) for key, (n, fen) in sorted(planner.flows.items())])
        facts.uses = sorted(planner.uses)
        facts.fen = sum(fen for _, fen in planner.flows.values())
        facts.quota = quota_effect(book, before, desk)
        facts.extra = {"numbers": planner.first_free, "people_updated": planner.updated}
        problems += planner.doubts
        problems.sort(key=lambda each: each.row)
        return Judged(problems, sorted(cells.items()), planner.pairs, planner.changes)

    def apply(
        self, desk: Desk, unit: Unit, plan: Plan, batch_id: str
    ) -> list[tuple[int, str, str]]:
        """Puts the rows where they belong; quota is counted again under lock."""
        cycle = _cycle(desk, plan.facts)
        self._still_free(desk, unit, plan, cycle)
        self._rosters(desk, unit, [rows for name, rows in plan.parts("rosters")])
        bulk.prepare(unit.store, _BULKS.values())
        outcomes: list[tuple[int, str, str]] = []
        params = {"log": unit.log, "seq": unit.seq, "batch": batch_id, "cycle": cycle.id}
        for _, rows in plan.parts("piece"):
            outcomes += self._piece(unit, rows, params)
        bulk.finish(unit.store)
        for _, (roots, rest) in plan.parts("tree"):
            unit.tree = Tree(roots, rest)
        for street, category, n, fen in _flows(plan):
            unit.flow(street, cycle.id, "line", category, "listed", n, fen)
        return outcomes

    def _still_free(self, desk: Desk, unit: Unit, plan: Plan, cycle: Cycle) -> None:
        """Refused names each quota, case number, person and household that moved since the plan."""
        if cycle.state != "open":
            raise Refused(Problem("cycle.not_open", {"cycle": cycle.code, "state": cycle.state}))
        unit.store.lock("quota", "id", [q.id for q in programmes.quotas(unit.store, cycle.id)])
        streets = desk.offices.below(desk.offices.by_code[plan.facts.office].id)
        now = quota_book(desk, cycle, streets)
        moved = _quota_moved(desk, plan, now)
        moved += [
            Problem("plan.numbers", {"prefix": prefix})
            for prefix, free in plan.facts.extra["numbers"].items()
            if rosters.last_number(unit.store, prefix) + 1 != free
        ]
        moved += _taken(unit, plan) + _given(desk, unit, plan, cycle)
        if moved:
            raise Refused(moved)

    def _rosters(self, desk: Desk, unit: Unit, packed: list[Any]) -> None:
        new = [Roster(*row) for news, _ in packed for row in news]
        grown = [Roster(*row) for _, growns in packed for row in growns]
        unit.insert(ROSTER, new)
        unit.update(ROSTER, grown, ("lines", "state"))
        ids = unit.ids()
        known = {
            roster.id
            for roster in grown
            if (desk.actor.staff_id, "import") in rosters.makers(unit.store, [roster.id])
        }
        unit.insert(
            MAKER,
            [
                Maker(next(ids), "roster", roster.id, desk.actor.staff_id, "import", 1)
                for roster in (*new, *grown)
                if roster.id not in known
            ],
        )

    def _piece(self, unit: Unit, packed: Any, params: dict[str, Any]) -> list[tuple[int, str, str]]:
        store = unit.store
        for name, each in _BULKS.items():
            first, *columns = packed[name]
            numbers = range(first, first + len(columns[0]))
            bulk.put(store, each, (numbers, *columns), params)
        store.insert_many("relation", RELATION.columns, packed["relation"])
        updates = [Person(*row) for row in packed["person_update"]]
        touched = store.update_many(
            "person",
            ("sealed", "office_id", "household_id", "version"),
            ("id", "version"),
            [
                (p.sealed, p.office_id, p.household_id, p.version, p.id, p.version - 1)
                for p in updates
            ],
        )
        if touched != len(updates):
            raise Refused(Problem("plan.moved", {"noun": "person", "id": ""}))
        store.insert_many(
            "import_change",
            ("batch_id", "noun", "row_id", "sealed"),
            [(params["batch"], *row) for row in packed["before"]],
        )
        store.insert_many("person_key", ("kind", "hash", "n", "owner_id"), packed["keys"])
        store.insert_many(
            "audit_row", AUDIT_ROW, [(unit.log, unit.seq, *leaf) for leaf in packed["leaves"]]
        )
        store.add_search(zip(*packed["new_search"], strict=True))
        store.replace_search(packed["search"])
        return [(row, outcome, made) for row, outcome, made in packed["outcome"]]


def _flows(plan: Plan) -> list[Any]:
    return [row for _, rows in plan.parts("flows") for row in rows]


def _quota_moved(desk: Desk, plan: Plan, now: QuotaBook) -> list[Problem]:
    """Offices whose quota was used, or lowered below what the plan needs, since it was made."""
    moved = {
        name: Problem(
            "plan.quota", {"office": name, "before": before, "now": now.total.get(office, 0)}
        )
        for code, name, _, before, _ in plan.facts.quota
        for office in [desk.offices.by_code[code].id]
        if now.total.get(office, 0) != before
    }
    for street, category, n, _ in _flows(plan):
        name = desk.offices.by_id[street].name
        if name not in moved and now.take(street, category, n) is not None:
            used = now.total[street]
            moved[name] = Problem("plan.quota", {"office": name, "before": used, "now": used})
    return list(moved.values())


class _Keys(msgspec.Struct):
    """What of a piece tells which keys it brings; the rest of it is passed over unread."""

    person: list[msgspec.Raw]
    keys: list[tuple[int, int, int, str]]


def _taken(unit: Unit, plan: Plan) -> list[Problem]:
    """Identity numbers and heads of households that somebody else brought in meanwhile."""
    if not people.anybody(unit.store):
        return []
    moved = []
    hashes, ns = PEOPLE.columns.index("number_hash"), PEOPLE.columns.index("number_n")
    for _, rows in plan.parts("piece", _Keys):
        heads = {(hashed, n) for kind, hashed, n, _ in rows.keys if kind == people.HEAD}
        numbers = set(zip(*(decode(rows.person[at]) for at in (hashes, ns)), strict=True))
        for kind, keys in ((people.IDENTITY, numbers), (people.HEAD, heads)):
            found = people.keys(unit.store, kind, {hashed for hashed, _ in keys})
            moved += [
                Problem("plan.moved", {"noun": "person_key", "id": owner})
                for hashed, held in found.items()
                for n, owner in held
                if (hashed, n) in keys
            ]
    return moved


def _given(desk: Desk, unit: Unit, plan: Plan, cycle: Cycle) -> list[Problem]:
    """Known people whom another roster listed, or whose cap was reached, meanwhile."""
    known = {row_id for noun, row_id, _ in plan.facts.uses if noun == "person"}
    if not known:
        return []
    lost = duplicates.losers(unit.store, known)
    moved = [
        Problem("plan.moved", {"noun": "aid_case", "id": line.case_no})
        for line in rosters.of_people(unit.store, cycle.id, [*known, *lost]).values()
        if line.person_id in known or line.state != "struck"
    ]
    cap = rules_on(desk, cycle.programme_id, cycle.opens_on).cap_fen_per_year
    given = rosters.entitled_in_year(unit.store, cycle.programme_id, cycle.opens_on[:4], known)
    for _, rows in plan.parts("piece"):
        new = dict(zip(CASES.columns, rows["aid_case"], strict=True))
        moved += [
            Problem("cap.person", {"cap": cap // 100, "case": case_no})
            for person, case_no, fen in zip(
                new["person_id"], new["case_no"], new["fen"], strict=True
            )
            if fen and given.get(person, 0) + fen > cap
        ]
    return moved


def _cycle(desk: Desk, facts: Facts) -> Cycle:
    from rcaid.services.programmes import cycle

    return cycle(desk, facts.cycle)
