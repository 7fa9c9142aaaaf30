"""Taking an import back: what nothing rests on goes, what was changed is as it was before.

What others rest on is kept and listed with its reason. One unit, one event with its rows; kill it
at any moment and either all of it happened or nothing (model.md, Plan, apply, undo).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from rcaid.db import cases, imports, payments, people, programmes, rosters, undoing
from rcaid.db.tables import (
    ACCOUNT,
    AID_CASE,
    DUPLICATE_PAIR,
    HOUSEHOLD,
    IMPORT_BATCH,
    MAKER,
    PERSON,
    QUOTA,
    RELATION,
    ROSTER,
    Account,
    AidCase,
    DuplicatePair,
    ImportBatch,
    Person,
    Quota,
    Relation,
)
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.services import quotas, results
from rcaid.services.desk import Desk
from rcaid.services.importing import undo_giving
from rcaid.services.importing.imports import batch_of
from rcaid.services.importing.kinds import KINDS
from rcaid.services.importing.plan_roster import MERGING, identity_text, search_tokens
from rcaid.services.importing.undone import Undone

_CLOSED = ("reconciled", "closed")
_CAME_BACK = ("returned", "undelivered")
_PHONES = ("phone", "other_phone")


class _SeenEnough(Exception):  # noqa: N818
    """Ends the unit of a dry run, so that nothing of it stays."""

    def __init__(self, done: Undone) -> None:
        self.done = done
        super().__init__(done.batch.id)


def preview(desk: Desk, batch_id: str) -> Undone:
    """What `undo` would take back now, and what it would keep and why; nothing is written.

    It is the undo itself in a unit that is given up, so the two cannot differ, and like it this
    needs the reviewer's duty and is refused when the batch is undone already.
    """

    def look(unit: Unit) -> Undone:
        raise _SeenEnough(_take_back(desk, unit, batch))

    batch = _to_undo(desk, batch_id)
    try:
        return desk.write("import.undo", batch.office_id, look)[0]
    except _SeenEnough as seen:
        return seen.done


def undo(
    desk: Desk, batch_id: str, reason: str | None = None, *, expect: int | None = None
) -> tuple[Undone, Entry]:
    """Takes a batch back while nothing rests on it; needs the reviewer's duty for its office.

    Results are taken back by opposite entries: the payment is reversed and due again. Refused when
    the batch is undone already, or when ``expect`` is not the number of things taken back now.
    """
    batch = _to_undo(desk, batch_id)

    def work(unit: Unit) -> Undone:
        done = _take_back(desk, unit, batch)
        if expect not in (None, done.taken):
            raise Refused(Problem("act.expected", {"expected": expect, "now": done.taken}))
        return done

    return desk.write(
        "import.undo",
        batch.office_id,
        work,
        object=batch.id,
        reason=reason,
        note=lambda done: {"removed": done.removed.total(), "kept": len(done.kept)},
    )


def _to_undo(desk: Desk, batch_id: str) -> ImportBatch:
    batch = batch_of(desk, batch_id)
    desk.require("import.undo", batch.office_id)
    if batch.state != "applied":
        raise Refused(Problem("undo.again", {"file": batch.file_name}))
    return batch


def _take_back(desk: Desk, unit: Unit, batch: ImportBatch) -> Undone:
    done = Undone(batch)
    if batch.kind == "roster":
        RosterUndo(desk, unit, done).run()
    elif batch.kind in ("people", "update"):
        from rcaid.services.importing.undo_people import PeopleUndo

        PeopleUndo(desk, unit, done).run()
    elif batch.kind == "application":
        from rcaid.services.importing.undo_applications import ApplicationUndo

        ApplicationUndo(desk, unit, done).run()
    elif batch.kind == "quota":
        _quota(desk, unit, done)
    elif batch.kind in ("institution", "donation"):
        undo_giving.run(desk, unit, done)
    else:
        _results(desk, unit, done)
    (done.batch,) = unit.update(IMPORT_BATCH, [batch._replace(state="undone")], ("state",))
    return done


class RosterUndo:
    """The undo of one roster import, inside its unit."""

    def __init__(self, desk: Desk, unit: Unit, done: Undone) -> None:
        self._desk = desk
        self._unit = unit
        self._store = unit.store
        self._done = done
        batch = done.batch
        self._touched = undoing.touched(unit.store, batch.id, KINDS[batch.kind].act)
        self.acted_on: set[str] = set()

    def run(self) -> None:
        """Lines first, then whoever is left without one."""
        with undoing.indexed(self._store):
            made = cases.many(self._store, self._touched.get("aid_case", {}))
            lines = self._free_lines(made)
            self._remove(AID_CASE, lines)
            for line in lines:
                flow = (line.office_id, line.cycle_id, "line", line.category or "", "listed")
                self._unit.flow(*flow, -1, -(line.fen or 0))
            self._done.fen = sum(line.fen or 0 for line in lines)
            self._shrink_rosters(lines)
            self._people(made)
            self._restore()
            self._households()

    def _remove(self, table: Any, rows: Sequence[Any]) -> None:
        self._unit.delete(table, rows)
        if rows:
            self._done.removed[table.name] += len(rows)

    def _keep(self, code: str, noun: str, name: str) -> None:
        self._done.kept.append(Problem(code, {"noun": noun, "name": name}))

    def _free_lines(self, made: Mapping[str, AidCase]) -> list[AidCase]:
        """Lines of rosters that still take lines, which nobody has acted on."""
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
        used = undoing.rosters_in_use(self._store, created)
        gone, smaller = [], []
        for roster in rosters.by_ids(self._store, set(count) | created):
            if roster.id in created - used and roster.state in MERGING:
                gone.append(roster)
            elif count[roster.id]:
                smaller.append(roster._replace(lines=roster.lines - count[roster.id]))
        self._unit.update(ROSTER, smaller, ("lines",))
        self._remove(MAKER, rosters.maker_rows(self._store, [roster.id for roster in gone]))
        self._remove(ROSTER, gone)

    def _changed(self, noun: str, rows: Mapping[str, Any]) -> set[str]:
        """Those of the rows that somebody has changed since the import left them."""
        left = self._touched.get(noun, {})
        later = {id: left[id] for id, row in rows.items() if row.version != left[id]}
        return undoing.changed_since(self._store, noun, later)

    def _people(self, made: Mapping[str, AidCase]) -> None:
        """People the import brought whom nothing names any more, with what it said of them."""
        versions = self._touched.get("person", {})
        brought = people.many(self._store, [id for id, version in versions.items() if version == 1])
        changed = self._changed("person", brought)
        still: dict[str, bool] = {}
        for owner, line in undoing.lines_of_people(self._store, brought):
            still[owner] = still.get(owner, False) or line not in made
        accounts, pairs = self._free_accounts(), self._free_pairs()
        going = {*self._touched.get("relation", {}), *(each.id for each in accounts)}
        going.update(pair.id for pair in pairs)
        named = {owner for owner, id in undoing.naming(self._store, brought) if id not in going}
        free: list[Person] = []
        for person in brought.values():
            if person.id in still:
                if still[person.id]:
                    self._keep("undo.lines_left", "person", person.id)
            elif person.id in changed | named:
                self._keep("undo.acted", "person", person.id)
            else:
                free.append(person)
        gone = {person.id for person in free}
        self._remove(ACCOUNT, self._with(accounts, gone))
        lost = [p for p in pairs if p.right_id is None or gone & {p.left_id, p.right_id}]
        self._remove(DUPLICATE_PAIR, lost)
        self._remove(RELATION, self._relations(gone))
        self._forget(free)
        self._remove(PERSON, free)

    def _free_accounts(self) -> list[Account]:
        made = people.accounts(self._store, self._touched.get("account", {}))
        used = undoing.accounts_used(self._store, made)
        return [each for each in made.values() if each.id not in used and each.version == 1]

    def _with(self, accounts: list[Account], gone: set[str]) -> list[Account]:
        """The accounts that go when these people do: of a roster, all that no line uses."""
        return accounts

    def _free_pairs(self) -> list[DuplicatePair]:
        """Pairs that the import found and nobody has decided."""
        found = undoing.pairs(self._store, self._touched.get("duplicate_pair", {}))
        return [pair for pair in found if pair.state in ("open", "later")]

    def _relations(self, gone: set[str]) -> list[Relation]:
        found = people.relations_by_id(self._store, self._touched.get("relation", {}))
        return [each for each in found if each.person_id in gone]

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
            keys += [(kind, hash_, person.doc) for kind, hash_ in self._own_keys(values)]
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

    def _own_keys(self, values: Mapping[str, Any]) -> set[tuple[int, int]]:
        """Kind and hash of the keys that are a person's alone, told apart by their document."""
        texts = {(people.PHONE, f"phone:{values[name]}") for name in _PHONES if values.get(name)}
        texts |= {(people.REFERENCE, f"reference:{each}") for each in values.get("references", ())}
        return {(kind, self._desk.keys.hash64(text)) for kind, text in texts}

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
        changed = self.acted_on = self._changed("person", now)
        back, docs = [], []
        phones: dict[str, tuple[int, str]] = {}
        for noun, row_id, sealed in undoing.before(self._store, self._done.batch.id):
            person = now.get(row_id)
            if noun != "person" or person is None:
                continue
            if row_id in changed:
                self._keep("undo.acted", "person", row_id)
                continue
            old = self._before(row_id, sealed)
            back.append(old._replace(version=person.version))
            docs.append((old.doc, self._tokens(old)))
            if (phone := self._phone(person)) not in ("", self._phone(old)):
                phones[row_id] = (person.doc, phone)
        self._unit.update(PERSON, back, ("sealed", "office_id", "household_id", "sex", "born"))
        self._store.replace_search(docs)
        self._forget_phones(phones)
        if back:
            self._done.restored["person"] += len(back)

    def _tokens(self, person: Person) -> str:
        values = self._desk.keys.open("person", person.id, person.sealed or b"")[1]
        code = self._desk.offices.by_id[person.office_id].code
        return search_tokens(person.name or "", values["number"], values.get("phone", ""), code)

    def _before(self, row_id: str, sealed: bytes) -> Person:
        packed = self._desk.keys.decrypt(f"before|{row_id}", sealed)
        return Person(*msgspec.msgpack.decode(packed))

    def _phone(self, person: Person) -> str:
        opened = self._desk.keys.open("person", person.id, person.sealed or b"")[1]
        return str(opened.get("phone", ""))

    def _forget_phones(self, phones: Mapping[str, tuple[int, str]]) -> None:
        """The keys of phones that came with the import go, unless the person had the same phone
        at an earlier time: (document, phone) by person."""
        earlier = {
            (row_id, self._phone(self._before(row_id, sealed)))
            for row_id, sealed in undoing.other_before(self._store, self._done.batch.id, phones)
        }
        gone = [
            (people.PHONE, self._desk.keys.hash64(f"phone:{phone}"), doc)
            for row_id, (doc, phone) in phones.items()
            if (row_id, phone) not in earlier
        ]
        self._store.delete_many("person_key", ("kind", "hash", "n"), gone)


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
    later = {id: n for id, n in versions.items() if id in now and now[id].version != n}
    changed = undoing.changed_since(unit.store, "quota", later)
    wanted: dict[tuple[str, str], int] = {}
    gone: list[Quota] = []
    for quota_id in versions:
        quota = now.get(quota_id)
        if quota is None:
            continue
        if quota_id in changed:
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
        elif line.state in _CAME_BACK and line.version == after.get(line.id):
            done.kept.append(Problem("undo.came_back", {"noun": "payment", "name": voucher}))
        elif line.state not in results.DONE or line.version != after.get(line.id):
            done.kept.append(Problem("undo.acted", {"noun": "payment", "name": voucher}))
        else:
            back.append(results.Result(voucher, "reversed", unit.day))
            done.fen += line.fen or 0
    if back:
        results.take_up(desk, unit, back)
    done.restored["disbursement"] += len(back)
