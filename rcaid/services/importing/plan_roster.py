"""What judged rows of a roster come to: people, households, accounts and lines, with their ids.

Each line is held against what is on file and what the file itself has brought so far. Nothing is
sealed or hashed here: that is `roster_rows`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from rcaid.db import people, rosters
from rcaid.db.search import place_tokens
from rcaid.db.tables import Account, AidCase, Cycle, Person, Roster
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.names import mask
from rcaid.services.desk import Desk
from rcaid.services.importing.import_roster import Found, Line, QuotaBook, RowJudge
from rcaid.services.importing.plans import FieldChange, Pair, Rejected
from rcaid.services.importing.roster_known import Known, OnFile
from rcaid.services.importing.roster_rows import Changed, Decided, NewPerson, search_text
from rcaid.services.importing.seen import Seen
from rcaid.services.shown import identity_text as identity_text
from rcaid.services.shown import masked_value

MERGING = ("open", "submitted")
"""States of a roster to which an import still adds lines; later ones get a supplement."""


def search_tokens(
    name: str, number: str, phone: str, street_code: str, extra: Sequence[str] = ()
) -> str:
    """`search_text` of somebody who lives in a street."""
    return " ".join((search_text(name, number, phone, _place(street_code)), *extra))


def _place(street_code: str) -> str:
    return " ".join(place_tokens(street_code))


class RosterPlanner:
    """Turns judged rows into parts, one piece after another, keeping what the file itself adds.

    ``pairs`` are those of rows that go in or wait; ``held`` the rows of the last piece that wait.
    """

    def __init__(
        self,
        desk: Desk,
        cycle: Cycle,
        judge: RowJudge,
        quota: QuotaBook,
        cap_fen: int,
        items: dict[str, str],
    ) -> None:
        self._desk = desk
        self._cycle = cycle
        self._judge = judge
        self._quota = quota
        self._cap = cap_fen
        self._items = items
        self._hash = desk.keys.hash64
        moment = desk.clock.moment()
        self._ids = desk.source.ids(moment.milliseconds)
        self._doc = moment.milliseconds << 20
        self._streets = _Streets(desk, cycle)
        self._on_file = OnFile(desk, cycle)
        self._not_taken: set[int] = set()
        self._reached: dict[str, int] = {}
        self.pairs: list[Pair] = []
        self.held: list[int] = []
        self._file_heads: dict[int, str] = {}
        self._next_n: Seen[int] = Seen(lambda hashed: hashed)
        self._rosters = self._open_rosters()
        self._numbers: dict[str, int] = {}
        self.flows: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        self.first_free: dict[str, int] = {}
        self.uses: list[tuple[str, str, int]] = []
        self.updated = 0
        self.changes: list[FieldChange] = []
        self.doubts: list[Rejected] = []

    # --- rosters

    def _open_rosters(self) -> dict[str, Roster]:
        """For each street the roster that still takes lines, else the first one it has."""
        found: dict[str, Roster] = {}
        for roster in rosters.of_cycle(self._desk.store, self._cycle.id):
            known = found.get(roster.office_id)
            if known is None or roster.state in MERGING:
                found[roster.office_id] = roster
        return found

    def _roster_for(self, street: str) -> str:
        roster = self._rosters.get(street)
        if roster is None or roster.state not in MERGING:
            roster = self._new_roster(street, roster)
            self._rosters[street] = roster
        return roster.id

    def _new_roster(self, street: str, earlier: Roster | None) -> Roster:
        code = self._desk.offices.by_id[street].code
        number = f"{self._cycle.code}-R-{code}"
        if earlier is not None:
            first = earlier.supplements or earlier.id
            count = 1 + sum(
                1
                for roster in rosters.of_cycle(self._desk.store, self._cycle.id)
                if first in (roster.id, roster.supplements)
            )
            return Roster(
                next(self._ids), self._cycle.id, street, f"{number}-{count}", "submitted",
                first, None, 0, None, self._desk.day, 1,
            )  # fmt: skip
        return Roster(
            next(self._ids), self._cycle.id, street, number, "submitted",
            None, None, 0, None, self._desk.day, 1,
        )  # fmt: skip

    def roster_rows(self) -> tuple[list[Roster], list[Roster]]:
        """(new rosters, known ones with their new number of lines), as the lines fell."""
        new, grown = [], []
        added: dict[str, int] = defaultdict(int)
        for (street, _), (lines, _) in self.flows.items():
            added[street] += lines
        for street, lines in sorted(added.items()):
            roster = self._rosters[street]
            more = roster._replace(lines=roster.lines + lines, state="submitted")
            if roster.lines == 0 and roster.version == 1 and not self._is_stored(roster):
                new.append(more)
            else:
                grown.append(more)
                self.uses.append(("roster", roster.id, roster.version))
        return new, grown

    def _is_stored(self, roster: Roster) -> bool:
        return rosters.by_id(self._desk.store, roster.id) is not None

    # --- rows

    def piece(self, found: list[Found]) -> tuple[Decided, list[Rejected]]:
        """Holds a piece of rows against what is on file and decides what becomes of each."""
        decided = Decided()
        rejected = [problem for each in found for problem in each.problems]
        lines = [each.line for each in found if each.line is not None]
        hashes = [self._hash(identity_text(li.identity.kind, li.identity.number)) for li in lines]
        known, pairs = self._on_file.look_up(lines, hashes)
        self.held = []
        for line, hashed in zip(lines, hashes, strict=True):
            mine = [p for p in pairs.get(line.row, ()) if p.other_row not in self._not_taken]
            if any(pair.holds for pair in mine):
                self.held.append(line.row)
            else:
                problem = self._line(decided, line, hashed, known)
                if problem is not None:
                    at = "number" if problem.code.startswith(("case", "cap")) else "street"
                    value = line.identity.original if at == "number" else ""
                    rejected.append(self._judge.said(line.row, problem, at, value))
                    self._not_taken.add(line.row)
                    continue
            self.pairs += mine
        self._not_taken.update(self.held)
        return decided, rejected

    def _line(self, decided: Decided, line: Line, hashed: int, known: Known) -> Problem | None:
        person_row = known.person.get(line.identity.number)
        if person_row is not None:
            person, opened = person_row
            if (again := self._again(line, person, opened)) is not None:
                return again
            if (listed := known.lines.get(person.id)) is not None:
                return self._listed(decided, line, listed)
            if person.state != "live":
                return Problem("case.deceased")
            if line.fen and known.given.get(person.id, 0) + line.fen > self._cap:
                return Problem("cap.person", {"cap": self._cap // 100})
        if (full := self._quota.take(line.street, line.category)) is not None:
            return full
        if person_row is None:
            who, household = self._new_person(decided, line, hashed, known)
        else:
            who, household = self._known_person(decided, line, person, opened, known)
        account = self._account(decided, line, who, known) if line.account else None
        self._case(decided, line, who, household, account)
        return None

    def _again(self, line: Line, person: Person, opened: dict[str, Any]) -> Problem | None:
        """Whether the file names this person twice, under a number that is not theirs."""
        first = self._reached.get(person.id)
        if opened["number"] != line.identity.number:
            first = first or self._judge.row_of(opened["number"])
            if first is None:
                self._reached[person.id] = line.row
        return Problem("row.repeated", {"first": first}) if first else None

    def _listed(self, decided: Decided, line: Line, listed: AidCase) -> Problem | None:
        same = (
            listed.office_id == line.street
            and listed.category == line.category
            and (listed.fen or 0) == line.fen
            and (listed.item_id or "") == self._items.get(line.item, "")
        )
        if same:
            decided.outcome.append((line.row, "unchanged", listed.id))
            return None
        return Problem("case.listed", {"case": listed.case_no})

    def _new_person(
        self, decided: Decided, line: Line, hashed: int, known: Known
    ) -> tuple[str, str]:
        person_id = next(self._ids)
        household = self._household(decided, line, known)
        who = line.identity
        self._doc += 1
        n = self._next_n.get(hashed) or known.taken.get(hashed, 0)
        self._next_n.put(hashed, n + 1)
        decided.people.append(
            NewPerson(
                person_id, self._doc, line.street, household, line.name, who.sex or None,
                who.birth_date or None, who.kind, hashed, n, who.number,
                None if who.original == who.number else who.original, line.phone or None,
                line.address or None, None if line.raw_name == line.name else line.raw_name,
                self._streets[line.street].place,
            )
        )  # fmt: skip
        if line.guardian:
            decided.guardians.append(
                (next(self._ids), person_id, line.street, line.guardian, line.relation)
            )
        return person_id, household

    def _household(self, decided: Decided, line: Line, known: Known) -> str:
        if line.head:
            hashed = self._hash(f"head:{line.head}")
            held = known.heads.get(hashed)
            if held:
                return held[0][1]
            if hashed in self._file_heads:
                return self._file_heads[hashed]
        household = next(self._ids)
        decided.homes.append((household, line.street))
        if line.head:
            self._file_heads[hashed] = household
            decided.keys.append((people.HEAD, hashed, 0, household))
        return household

    def _known_person(
        self, decided: Decided, line: Line, person: Person, opened: dict[str, Any], known: Known
    ) -> tuple[str, str]:
        """A known person keeps name and number; a new phone, address or street is taken over."""
        self.uses.append(("person", person.id, person.version))
        if line.name != person.name:
            other = Problem("person.other_name", {"name": mask(person.name or "")})
            self.doubts.append(
                msgspec.structs.replace(
                    self._judge.said(line.row, other, "name", line.name), warning=True
                )
            )
        values = dict(opened)
        for name, cell in (("phone", line.phone), ("address", line.address)):
            if cell:
                values[name] = cell
        household = person.household_id
        if line.head:
            household = self._household(decided, line, known)
        if (values, line.street, household) == (opened, person.office_id, person.household_id):
            return person.id, household
        after = person._replace(
            sealed=None, office_id=line.street, household_id=household, version=person.version + 1
        )
        decided.changed.append(Changed(list(person), list(after), values))
        self._note_changes(line, person, opened, values)
        self.updated += 1
        if line.phone and line.phone != opened.get("phone"):
            hashed = self._hash(f"phone:{line.phone}")
            if (hashed, person.doc) not in known.phones:
                decided.keys.append((people.PHONE, hashed, person.doc, person.id))
        place = self._streets[line.street].place
        name, phone = person.name or line.name, values.get("phone", "")
        decided.search.append((person.doc, search_text(name, values["number"], phone, place)))
        return person.id, household

    def _note_changes(
        self, line: Line, person: Person, was: dict[str, Any], values: dict[str, Any]
    ) -> None:
        """What a row changes of somebody on file, for whoever reviews the plan."""
        changed = [
            (name, masked_value(name, was), masked_value(name, values))
            for name in ("phone", "address")
            if values.get(name) != was.get(name)
        ]
        if line.street != person.office_id:
            offices = self._desk.offices
            changed.append(("street", offices.path(person.office_id), offices.path(line.street)))
        self.changes += [
            FieldChange(line.row, "person", person.id, name, before, after)
            for name, before, after in changed
        ]

    def _account(self, decided: Decided, line: Line, person_id: str, known: Known) -> str:
        if known.accounts:
            hashed = self._hash(f"account:{line.account}")
            for stored in known.accounts.get((hashed, person_id), ()):
                if stored.sealed is not None and self._number_of(stored) == line.account:
                    return stored.id
        # A file names each person once, so nobody has an account from an earlier row.
        made = next(self._ids)
        decided.accounts.append(
            (made, person_id, line.street, line.bank or None, line.account, line.payee)
        )
        return made

    def _number_of(self, account: Account) -> Any:
        assert account.sealed is not None
        return self._desk.keys.open("account", account.id, account.sealed)[1]["number"]

    def _case(
        self, decided: Decided, line: Line, person: str, household: str, account: str | None
    ) -> None:
        street = self._streets[line.street]
        item = self._items[line.item] if line.item else None
        decided.cases.append(
            (
                next(self._ids), self._case_no(street.prefix), self._roster_for(line.street),
                line.street, person, household, line.category, line.hardship,
                line.hardship_until or None, line.fen or None, item, 1 if item else None, account,
                line.row,
            )
        )  # fmt: skip
        total = self.flows[line.street, line.category]
        total[0] += 1
        total[1] += line.fen

    def _case_no(self, prefix: str) -> str:
        if prefix not in self._numbers:
            self._numbers[prefix] = rosters.last_number(self._desk.store, prefix)
            self.first_free[prefix] = self._numbers[prefix] + 1
        self._numbers[prefix] += 1
        return f"{prefix}{self._numbers[prefix]:05}"


@dataclass(frozen=True, slots=True)
class _Street:
    """What every line of a street needs: the beginning of its case numbers, its search tokens."""

    prefix: str
    place: str


class _Streets(dict[str, _Street]):
    """Streets by office id, looked at once each."""

    def __init__(self, desk: Desk, cycle: Cycle) -> None:
        self._desk = desk
        self._cycle = cycle

    def __missing__(self, office_id: str) -> _Street:
        offices = self._desk.offices
        prefix = f"{self._cycle.code}-{offices.district_of(office_id).letters}-"
        # Case numbers stand in the record as they are, so nothing in them may need an escape.
        if not (prefix.isascii() and prefix.replace("-", "").isalnum()):
            raise Refused(Problem("cycle.code", {"cycle": self._cycle.code}))
        made = _Street(prefix, _place(offices.by_id[office_id].code))
        self[office_id] = made
        return made


def quota_effect(book: QuotaBook, before: dict[str, int], desk: Desk) -> list[Any]:
    """For each street the file touches: code, name, allotted, used before, used after."""
    rows = []
    for office, after in sorted(book.total.items()):
        if after == before.get(office, 0):
            continue
        allotted = sum(n for (o, c), n in book.allotted.items() if o == office and c == "*") or sum(
            n for (o, _), n in book.allotted.items() if o == office
        )
        place = desk.offices.by_id[office]
        rows.append((place.code, place.name, allotted, before.get(office, 0), after))
    return rows
