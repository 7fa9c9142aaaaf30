"""Taking an import back: what nothing rests on goes, what was changed is as it was before.

What others rest on is kept and listed with its reason. One unit, one event with its rows; kill it
at any moment and either all of it happened or nothing (model.md, Plan, apply, undo).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from rcaid.db import cases, imports, payments, people, programmes, rosters, undoing
from rcaid.db.tables import (
    ACCOUNT,
    AID_CASE,
    HOUSEHOLD,
    IMPORT_BATCH,
    MAKER,
    PERSON,
    QUOTA,
    RELATION,
    ROSTER,
    AidCase,
    ImportBatch,
    Person,
    Quota,
)
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.services import quotas, results
from rcaid.services.desk import Desk
from rcaid.services.imports import batch_of
from rcaid.services.kinds import KINDS
from rcaid.services.plan_roster import MERGING, identity_text, search_tokens

_CLOSED = ("reconciled", "closed")


@dataclass(slots=True)
class Undone:
    """What an undo did: rows taken away and rows put back, by noun; ``kept`` says what was not
    undone and why."""

    batch: ImportBatch
    removed: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    kept: list[Problem] = field(default_factory=list)


def undo(desk: Desk, batch_id: str) -> tuple[Undone, Entry]:
    """Takes a batch back while nothing rests on it; needs the reviewer's duty for its office.

    Results are taken back by opposite entries: the payment is reversed and due again. Refused when
    the batch is undone already.
    """
    batch = batch_of(desk, batch_id)
    desk.require("import.undo", batch.office_id)
    if batch.state != "applied":
        raise Refused(
            Problem(
                "state.no_move", {"noun": batch.file_name, "state": batch.state, "action": "undo"}
            )
        )

    def work(unit: Unit) -> Undone:
        done = Undone(batch)
        if batch.kind == "roster":
            _Roster(desk, unit, done).run()
        elif batch.kind == "quota":
            _quota(desk, unit, done)
        else:
            _results(desk, unit, done)
        undone = unit.update(IMPORT_BATCH, [batch._replace(state="undone")], ("state",))
        done.batch = undone[0]
        return done

    return desk.write(
        "import.undo",
        batch.office_id,
        work,
        object=batch.id,
        note=lambda done: {"removed": done.removed.total(), "kept": len(done.kept)},
    )


class _Roster:
    """The undo of one roster import, inside its unit."""

    def __init__(self, desk: Desk, unit: Unit, done: Undone) -> None:
        self._desk = desk
        self._unit = unit
        self._store = unit.store
        self._done = done
        batch = done.batch
        self._touched = undoing.touched(unit.store, batch.id, KINDS[batch.kind].act)

    def run(self) -> None:
        """Lines first, then whoever is left without one."""
        lines = self._free_lines()
        self._remove(AID_CASE, lines)
        for line in lines:
            fen = line.fen or 0
            category = line.category or ""
            self._unit.flow(line.office_id, line.cycle_id, "line", category, "listed", -1, -fen)
        self._shrink_rosters(lines)
        self._people({line.id for line in lines})
        self._restore()

    def _remove(self, table: Any, rows: Sequence[Any]) -> None:
        self._unit.delete(table, rows)
        if rows:
            self._done.removed[table.name] += len(rows)

    def _keep(self, code: str, noun: str, name: str) -> None:
        self._done.kept.append(Problem(code, {"noun": noun, "name": name}))

    def _free_lines(self) -> list[AidCase]:
        """Lines of rosters that still take lines, which nobody has acted on."""
        made = cases.many(self._store, self._touched.get("aid_case", {}))
        states = {
            roster.id: roster
            for roster in rosters.by_ids(self._store, {li.roster_id or "" for li in made.values()})
        }
        entitled = undoing.entitled(self._store, made)
        free = []
        for line in sorted(made.values(), key=lambda each: each.case_no):
            roster = states.get(line.roster_id or "")
            if roster is None or roster.state not in MERGING:
                self._keep("undo.roster", "line", line.case_no)
            elif line.state != "listed" or line.version != 1 or line.id in entitled:
                self._keep("undo.acted", "line", line.case_no)
            else:
                free.append(line)
        return free

    def _shrink_rosters(self, lines: Sequence[AidCase]) -> None:
        """Rosters lose their lines; one that the import made and that is empty goes."""
        count = Counter(line.roster_id or "" for line in lines)
        created = {id for id, version in self._touched.get("roster", {}).items() if version == 1}
        gone, smaller = [], []
        for roster in rosters.by_ids(self._store, set(count) | created):
            left = roster.lines - count[roster.id]
            if left == 0 and roster.id in created and roster.state in MERGING:
                gone.append(roster)
            elif count[roster.id]:
                smaller.append(roster._replace(lines=left))
        self._unit.update(ROSTER, smaller, ("lines",))
        self._remove(MAKER, rosters.maker_rows(self._store, [roster.id for roster in gone]))
        self._remove(ROSTER, gone)

    def _people(self, lines: set[str]) -> None:
        """People the import brought who have no line left, with their accounts and households."""
        versions = self._touched.get("person", {})
        brought = people.many(self._store, [id for id, version in versions.items() if version == 1])
        still = {person for person, _ in undoing.lines_of_people(self._store, brought)}
        free: list[Person] = []
        for person in brought.values():
            if person.id in still:
                self._keep("undo.lines_left", "person", person.id)
            elif person.version != 1:
                self._keep("undo.acted", "person", person.id)
            else:
                free.append(person)
        self._accounts()
        self._relations({person.id for person in free})
        self._forget(free)
        self._remove(PERSON, free)
        self._households()

    def _accounts(self) -> None:
        made = people.accounts(self._store, self._touched.get("account", {}))
        used = undoing.accounts_used(self._store, made)
        self._remove(ACCOUNT, [a for a in made.values() if a.id not in used and a.version == 1])

    def _relations(self, gone: set[str]) -> None:
        ids = self._touched.get("relation", {})
        found = people.relations_by_id(self._store, ids)
        self._remove(RELATION, [each for each in found if each.person_id in gone])

    def _forget(self, gone: Sequence[Person]) -> None:
        """Keys and search entries go with the person."""
        keys: list[tuple[int, int, int]] = []
        hashes: dict[int, str] = {}
        for person in gone:
            if person.sealed is None:
                continue
            values = self._desk.keys.open("person", person.id, person.sealed)[1]
            text = identity_text(person.id_kind or "", values["number"])
            hashes[self._desk.keys.hash64(text)] = person.id
            if "phone" in values:
                phone = self._desk.keys.hash64(f"phone:{values['phone']}")
                keys.append((people.PHONE, phone, person.doc))
        held = people.keys(self._store, people.IDENTITY, hashes)
        ids = {person.id for person in gone}
        keys += [
            (people.IDENTITY, hash_, n)
            for hash_, owners in held.items()
            for n, owner in owners
            if owner in ids
        ]
        self._store.delete_many("person_key", ("kind", "hash", "n"), keys)
        self._store.forget_search([person.doc for person in gone])

    def _households(self) -> None:
        versions = self._touched.get("household", {})
        lived = undoing.living_in(self._store, versions)
        made = people.households_by_id(self._store, versions)
        gone = [each for each in made if each.id not in lived and each.version == 1]
        ids = {each.id for each in gone}
        keys = undoing.head_keys(self._store, ids)
        self._store.delete_many("person_key", ("kind", "hash", "n"), keys)
        self._remove(HOUSEHOLD, gone)

    def _restore(self) -> None:
        """People whose phone, address or street the import changed are as they were before."""
        after = self._touched.get("person", {})
        now = people.many(self._store, [id for id, version in after.items() if version > 1])
        back, docs = [], []
        for noun, row_id, sealed in undoing.before(self._store, self._done.batch.id):
            person = now.get(row_id)
            if noun != "person" or person is None:
                continue
            if person.version != after[row_id]:
                self._keep("undo.acted", "person", row_id)
                continue
            old = Person(
                *msgspec.msgpack.decode(self._desk.keys.decrypt(f"before|{row_id}", sealed))
            )
            back.append(old._replace(version=person.version))
            docs.append((old.doc, self._tokens(old)))
            self._swap_phone(person, old)
        self._unit.update(PERSON, back, ("sealed", "office_id", "household_id"))
        self._store.replace_search(docs)
        if back:
            self._done.restored["person"] += len(back)

    def _tokens(self, person: Person) -> str:
        values = self._desk.keys.open("person", person.id, person.sealed or b"")[1]
        code = self._desk.offices.by_id[person.office_id].code
        return search_tokens(person.name or "", values["number"], values.get("phone", ""), code)

    def _swap_phone(self, now: Person, old: Person) -> None:
        """The key of the phone that came with the import goes; the one before was kept."""
        phones = [
            self._desk.keys.open("person", each.id, each.sealed or b"")[1].get("phone", "")
            for each in (now, old)
        ]
        if phones[0] != phones[1] and phones[0]:
            hashed = self._desk.keys.hash64(f"phone:{phones[0]}")
            self._store.delete_many(
                "person_key", ("kind", "hash", "n"), [(people.PHONE, hashed, now.doc)]
            )


def _quota(desk: Desk, unit: Unit, done: Undone) -> None:
    """Quotas the sheet made go, those it changed are as before; the tree must hold afterwards."""
    batch = done.batch
    versions = undoing.touched(unit.store, batch.id, KINDS["quota"].act).get("quota", {})
    cycle = next(c for c in programmes.cycles(unit.store) if c.id == batch.cycle_id)
    now = {quota.id: quota for quota in programmes.quotas(unit.store, cycle.id)}
    before: dict[str, Quota] = {
        row_id: Quota(*msgspec.msgpack.decode(desk.keys.decrypt(f"before|{row_id}", sealed)))
        for noun, row_id, sealed in undoing.before(unit.store, batch.id)
        if noun == "quota"
    }
    wanted: dict[tuple[str, str], int] = {}
    gone: list[Quota] = []
    for quota_id, version in versions.items():
        quota = now.get(quota_id)
        if quota is None:
            continue
        if quota.version != version:
            office = desk.offices.by_id[quota.office_id].name
            done.kept.append(Problem("undo.acted", {"noun": "quota", "name": office}))
        elif quota_id in before:
            wanted[quota.office_id, quota.category] = before[quota_id].allotted
        else:
            wanted[quota.office_id, quota.category] = 0
            gone.append(quota)
    made = quotas.put(desk, unit, cycle, wanted)
    unit.delete(QUOTA, [made[quota.office_id, quota.category] for quota in gone])
    done.removed["quota"] += len(gone)
    done.restored["quota"] += len(wanted) - len(gone)


def _results(desk: Desk, unit: Unit, done: Undone) -> None:
    """Reverses what a result sheet said was paid or handed over; what came back stays so."""
    vouchers = [
        voucher
        for _, outcome, voucher, *_ in imports.outcomes(unit.store, done.batch.id)
        if outcome == "new"
    ]
    versions = undoing.touched(unit.store, done.batch.id, KINDS[done.batch.kind].act)
    after = versions.get("disbursement", {})
    closed: dict[str, bool] = {}
    back: list[results.Result] = []
    for voucher, paying in sorted(payments.by_vouchers(unit.store, vouchers).items()):
        line = paying.line
        if line.batch_id not in closed:
            batch = payments.batch_by_id(unit.store, line.batch_id)
            closed[line.batch_id] = batch is None or batch.state in _CLOSED
        if closed[line.batch_id]:
            done.kept.append(Problem("undo.closed", {"noun": "payment", "name": voucher}))
        elif line.state not in results.DONE or line.version != after.get(line.id):
            done.kept.append(Problem("undo.acted", {"noun": "payment", "name": voucher}))
        else:
            back.append(results.Result(voucher, "reversed", unit.day))
    if back:
        results.take_up(desk, unit, back)
    done.restored["disbursement"] += len(back)
