"""The kinds people and update: who is on file, where they live, and what changes of that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from rcaid.db import bulk, people
from rcaid.db.bulk import ACCOUNTS, HOMES, PEOPLE
from rcaid.db.record import AUDIT_ROW
from rcaid.db.tables import RELATION, Cycle, Person
from rcaid.db.unit import Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.record import Tree
from rcaid.files.headers import HeaderMap
from rcaid.files.profiles import Profile
from rcaid.files.tables import Table
from rcaid.services import changes
from rcaid.services.desk import Desk
from rcaid.services.importing.kinds import KINDS
from rcaid.services.importing.people_rows import PeopleRows
from rcaid.services.importing.plan_file import LARGE
from rcaid.services.importing.plan_people import Asked, PeoplePlanner
from rcaid.services.importing.plans import Facts, Judged, Plan, PlanWriter, Rejected
from rcaid.services.importing.roster_importer import streets_by_text
from rcaid.services.importing.row_checks import Rules
from rcaid.services.importing.row_judge import Read, TableJudge
from rcaid.services.importing.shared_phones import SharedPhones
from rcaid.services.importing.undo_people import KEY, key_row

PIECE = 4000
_BULKS = {"household": HOMES, "person": PEOPLE, "account": ACCOUNTS}
_TAKEN = (people.HEAD, people.REFERENCE)
_encode = msgspec.msgpack.Encoder().encode
_Wanted = list[tuple[int, str, str, dict[str, str]]]


def family_of(profile: Profile | None) -> str:
    """Whose references a profile's files carry: its name up to the first hyphen."""
    return profile.name.partition("-")[0] if profile else ""


class PeopleImporter:
    """Plans and applies files of people, and of changes of people on file."""

    def __init__(self, kind: str) -> None:
        self._kind = KINDS[kind]

    def plan(
        self, desk: Desk, table: Table, columns: HeaderMap, cycle: Cycle | None,
        writer: PlanWriter, facts: Facts,
    ) -> Judged:  # fmt: skip
        """Judges every row; a person goes to the street of the row, else to the plan's office."""
        for name in self._kind.dates():
            columns.order(name)  # a column that proves nothing refuses the file, not its rows
        place = desk.offices.by_code[facts.office].id
        streets = streets_by_text(desk, desk.offices.below(place))
        profile = columns.profile or Profile(self._kind.name, self._kind.name)
        rules = Rules(desk.day, streets, profile, {})
        judge = TableJudge(self._kind, columns, table.header, rules)
        planner = PeoplePlanner(desk, judge, place, family_of(columns.profile))
        rows = PeopleRows(desk.keys, desk.source.chance(32), "")
        writer.make_parts(rows.makers(), large=table.path.stat().st_size >= LARGE)
        problems: list[Rejected] = []
        cells: dict[int, list[str]] = {}
        width = len(table.header)
        phones = SharedPhones()
        for piece in _pieces(judge, table):
            phones.see(read for read, _ in piece)
            stood = {read.row: values[:width] for read, values in piece}
            decided, asked, rejected = planner.piece([read for read, _ in piece])
            problems += rejected
            cells |= {row: stood[row] for row in {*planner.held, *(r.row for r in rejected)}}
            facts.rows_read += len(piece)
            for _, word, _ in decided.outcome:
                _count(facts, word)
            writer.part("piece", decided)
            if asked:
                writer.part("asked", _hidden(desk, facts.plan_id, asked))
        writer.part("tree", None)
        facts.uses = sorted(planner.uses)
        problems += phones.warnings(judge)
        problems.sort(key=lambda each: each.row)
        return Judged(problems, sorted(cells.items()), planner.pairs, planner.changes)

    def apply(
        self, desk: Desk, unit: Unit, plan: Plan, batch_id: str
    ) -> list[tuple[int, str, str]]:
        """Puts people where they belong and asks for what a second person has to confirm."""
        _still_free(unit, plan)
        bulk.prepare(unit.store, _BULKS.values())
        outcomes: list[tuple[int, str, str]] = []
        params = {"log": unit.log, "seq": unit.seq, "batch": batch_id}
        for _, rows in plan.parts("piece"):
            outcomes += _put(unit, rows, params)
        bulk.finish(unit.store)
        for _, (roots, rest) in plan.parts("tree"):
            unit.tree = Tree(roots, rest)
        for _, hidden in plan.parts("asked"):
            wanted = _shown(desk, plan.facts.plan_id, hidden)
            who = people.many(unit.store, {person for _, person, _, _ in wanted})
            requests = [(who[person], field, after) for _, person, field, after in wanted]
            changes.request(desk, unit, requests, plan.facts.file_name, batch_id)
        return outcomes


def _pieces(judge: TableJudge, table: Table) -> Iterator[list[tuple[Read, list[str]]]]:
    """Judged rows with their cells, in pieces that are looked up together."""
    piece: list[tuple[Read, list[str]]] = []
    for row, values in table.rows:
        piece.append((judge.judge(row, values), values))
        if len(piece) == PIECE:
            yield piece
            piece = []
    if piece:
        yield piece


def _count(facts: Facts, word: str) -> None:
    if word == "new":
        facts.rows_new += 1
    elif word == "updated":
        facts.rows_updated += 1
    else:
        facts.rows_unchanged += 1


def _hidden(desk: Desk, plan_id: str, asked: Iterable[Asked]) -> bytes:
    """What is asked for holds names and numbers, so a plan keeps it sealed."""
    packed = _encode([tuple(each) for each in asked])
    return desk.keys.encrypt(f"asked|{plan_id}", packed, desk.source.chance(12))


def _shown(desk: Desk, plan_id: str, hidden: bytes) -> _Wanted:
    return msgspec.msgpack.decode(desk.keys.decrypt(f"asked|{plan_id}", hidden), type=_Wanted)


def _still_free(unit: Unit, plan: Plan) -> None:
    """Refused names the owner of each number, household name and reference that somebody else
    brought in since the plan was made."""
    if not people.anybody(unit.store):
        return
    wanted: dict[int, dict[int, set[int]]] = {people.IDENTITY: {}}
    wanted |= {kind: {} for kind in _TAKEN}
    for _, rows in plan.parts("piece"):
        new = dict(zip(PEOPLE.columns, rows["person"], strict=True))
        for hash_, n in zip(new["number_hash"], new["number_n"], strict=True):
            if hash_ is not None:
                wanted[people.IDENTITY].setdefault(hash_, set()).add(n)
        for kind, hash_, n, _ in rows["keys"]:
            if kind in _TAKEN:
                wanted[kind].setdefault(hash_, set()).add(n)
    moved = [
        Problem("plan.moved", {"noun": "person_key", "id": owner})
        for kind, keys in wanted.items()
        for hash_, held in people.keys(unit.store, kind, keys).items()
        for n, owner in held
        # A reference is one person's, whatever tells its keys apart.
        if kind == people.REFERENCE or n in keys[hash_]
    ]
    if moved:
        raise Refused(moved)


def _given(packed: Any) -> Iterator[tuple[str, str, bytes]]:
    """The keys that people and households who were there before get, for an undo to take back."""
    new = {*packed["household"][1], *packed["person"][1]}
    for kind, hash_, n, owner in packed["keys"]:
        if owner not in new:
            yield KEY, key_row(kind, hash_, n, owner), b""


def _put(unit: Unit, packed: Any, params: dict[str, Any]) -> list[tuple[int, str, str]]:
    """The rows of one piece into the store and into the record."""
    store = unit.store
    for name, each in _BULKS.items():
        first, *columns = packed[name]
        numbers = range(first, first + len(columns[0]))
        bulk.put(store, each, (numbers, *columns), params)
    store.insert_many("relation", RELATION.columns, packed["relation"])
    updates = [Person(*row) for row in packed["person_update"]]
    columns = ("sealed", "office_id", "household_id", "sex", "born", "version")
    touched = store.update_many(
        "person",
        columns,
        ("id", "version"),
        [(*(getattr(p, name) for name in columns), p.id, p.version - 1) for p in updates],
    )
    if touched != len(updates):
        raise Refused(Problem("plan.moved", {"noun": "person", "id": ""}))
    store.insert_many(
        "import_change",
        ("batch_id", "noun", "row_id", "sealed"),
        [(params["batch"], *row) for row in (*packed["before"], *_given(packed))],
    )
    store.insert_many("person_key", ("kind", "hash", "n", "owner_id"), packed["keys"])
    store.insert_many(
        "audit_row", AUDIT_ROW, [(unit.log, unit.seq, *leaf) for leaf in packed["leaves"]]
    )
    store.add_search(zip(*packed["new_search"], strict=True))
    store.replace_search(packed["search"])
    return [(row, outcome, made) for row, outcome, made in packed["outcome"]]
