"""From judged roster rows to finished rows of the store: people, households, accounts, lines.

Nothing is written here but the plan. Ids are given, values sealed, hashes and search tokens made,
and the record's leaves worked out, so that `apply` only has to put rows where they belong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rcaid.db import people, rosters
from rcaid.db.keys import Keys
from rcaid.db.record import Leaf, leaf_maker
from rcaid.db.search import place_tokens
from rcaid.db.tables import (
    ACCOUNT,
    AID_CASE,
    HOUSEHOLD,
    PERSON,
    RELATION,
    Account,
    AidCase,
    Cycle,
    Household,
    Person,
    Relation,
    Roster,
)
from rcaid.domain.errors import Problem
from rcaid.domain.readings import tokens
from rcaid.services.desk import Desk
from rcaid.services.import_roster import Found, Line, QuotaBook, RowJudge
from rcaid.services.plans import Rejected

MERGING = ("open", "submitted")
"""States of a roster to which an import still adds lines; later ones get a supplement."""


def identity_text(kind: str, number: str) -> str:
    """What an identity number is hashed as."""
    return f"{kind}:{number}"


def search_tokens(
    name: str, number: str, phone: str, street_code: str, extra: Sequence[str] = ()
) -> str:
    """All a person is found by: name, readings, last four of number and phone, street, district."""
    ends = [text[-4:].casefold() for text in (number, phone) if len(text) >= 4]
    return " ".join((*tokens(name), *ends, *place_tokens(street_code), *extra))


@dataclass
class Parts:
    """Finished rows of one piece of the file, ready to be packed."""

    household: list[Household] = field(default_factory=list)
    person: list[Person] = field(default_factory=list)
    person_update: list[Person] = field(default_factory=list)
    before: list[tuple[str, str, bytes]] = field(default_factory=list)
    person_key: list[tuple[int, int, int, str]] = field(default_factory=list)
    relation: list[Relation] = field(default_factory=list)
    account: list[Account] = field(default_factory=list)
    aid_case: list[AidCase] = field(default_factory=list)
    search: list[tuple[int, str]] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    outcome: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass
class _Known:
    """What is on file about one piece of rows."""

    person: dict[str, tuple[Person, dict[str, Any]]]
    heads: dict[int, list[tuple[int, str]]]
    accounts: dict[tuple[int, str], list[Account]]
    lines: dict[str, AidCase]
    given: dict[str, int]
    taken: dict[int, int]
    phones: set[tuple[int, int]]


class RosterPlanner:
    """Turns judged rows into parts, one piece after another, keeping what the file itself adds."""

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
        keys: Keys = desk.keys
        self._hash = keys.hash64
        moment = desk.clock.moment()
        self._ids = desk.source.ids(moment.milliseconds)
        self._doc = moment.milliseconds << 20
        self._seal = {t.name: keys.seal for t in (PERSON, ACCOUNT, AID_CASE, RELATION)}
        self._chance = desk.source.chance
        self._leaf: dict[str, Callable[..., Leaf]] = {
            t.name: leaf_maker(t) for t in (HOUSEHOLD, PERSON, RELATION, ACCOUNT, AID_CASE)
        }
        self._fresh = not people.anybody(desk.store)
        self._file_heads: dict[int, str] = {}
        self._file_accounts: dict[tuple[str, str], str] = {}
        self._next_n: dict[int, int] = {}
        self._rosters = self._open_rosters()
        self._added: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._numbers: dict[str, int] = {}
        self.flows: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        self.first_free: dict[str, int] = {}
        self.fen = 0
        self.uses: list[tuple[str, str, int]] = []
        self.updated = 0

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
        for street, (lines, _) in sorted(self._added.items()):
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

    def piece(self, found: list[Found]) -> tuple[Parts, list[Rejected]]:
        """Judges a piece of rows against what is on file and makes its finished rows."""
        parts = Parts()
        rejected = [problem for each in found for problem in each.problems]
        lines = [each.line for each in found if each.line is not None]
        hashes = [self._hash(identity_text(li.identity.kind, li.identity.number)) for li in lines]
        known = self._look_up(lines, hashes)
        for line, hashed in zip(lines, hashes, strict=True):
            problem = self._line(parts, line, hashed, known)
            if problem is not None:
                at = "number" if problem.code.startswith(("case", "cap")) else "street"
                value = line.identity.original if at == "number" else ""
                rejected.append(self._judge.said(line.row, problem, at, value))
        return parts, rejected

    def _look_up(self, lines: Sequence[Line], hashes: Sequence[int]) -> _Known:
        if self._fresh or not lines:
            return _Known({}, {}, {}, {}, {}, {}, set())
        store = self._desk.store
        owners = people.keys(store, people.IDENTITY, hashes)
        rows = people.many(store, (owner for held in owners.values() for _, owner in held))
        opened = {
            row.id: (row, self._desk.keys.open("person", row.id, row.sealed)[1])
            for row in rows.values()
            if row.sealed is not None
        }
        confirmed: dict[str, tuple[Person, dict[str, Any]]] = {}
        taken: dict[int, int] = {}
        for line, hashed in zip(lines, hashes, strict=True):
            for n, owner in owners.get(hashed, ()):
                taken[hashed] = max(taken.get(hashed, 0), n + 1)
                person = opened.get(owner)
                if person is not None and person[1].get("number") == line.identity.number:
                    confirmed[line.identity.number] = person
        heads = people.keys(
            store, people.HEAD, {self._hash(f"head:{line.head}") for line in lines if line.head}
        )
        ids = [person.id for person, _ in confirmed.values()]
        accounts: dict[tuple[int, str], list[Account]] = defaultdict(list)
        for account in people.accounts_by_hash(
            store, {self._hash(f"account:{line.account}") for line in lines if line.account}
        ):
            accounts[account.hash, account.person_id].append(account)
        return _Known(
            confirmed,
            heads,
            accounts,
            rosters.of_people(store, self._cycle.id, ids),
            rosters.entitled_in_year(
                store, self._cycle.programme_id, self._cycle.opens_on[:4], ids
            ),
            taken,
            self._phones(lines, confirmed),
        )

    def _phones(
        self, lines: Sequence[Line], confirmed: dict[str, tuple[Person, dict[str, Any]]]
    ) -> set[tuple[int, int]]:
        """(hash, document number) of phones that known people had before the one they have now."""
        new = {
            self._hash(f"phone:{line.phone}")
            for line in lines
            for _, opened in [confirmed.get(line.identity.number, (None, {"phone": line.phone}))]
            if line.phone and line.phone != opened.get("phone")
        }
        held = people.keys(self._desk.store, people.PHONE, new)
        return {(hashed, doc) for hashed, owners in held.items() for doc, _ in owners}

    def _line(self, parts: Parts, line: Line, hashed: int, known: _Known) -> Problem | None:
        person_row = known.person.get(line.identity.number)
        if person_row is not None:
            person, opened = person_row
            if (listed := known.lines.get(person.id)) is not None:
                return self._listed(parts, line, listed)
            if person.state != "live":
                return Problem("case.deceased")
            if line.fen and known.given.get(person.id, 0) + line.fen > self._cap:
                return Problem("cap.person", {"cap": self._cap // 100})
        if (full := self._quota.take(line.street, line.category)) is not None:
            return full
        if person_row is None:
            who = self._new_person(parts, line, hashed, known)
        else:
            who = self._known_person(parts, line, person, opened, known)
        account = self._account(parts, line, who[0], known) if line.account else None
        self._case(parts, line, who, account)
        return None

    def _listed(self, parts: Parts, line: Line, listed: AidCase) -> Problem | None:
        same = (
            listed.office_id == line.street
            and listed.category == line.category
            and (listed.fen or 0) == line.fen
            and (listed.item_id or "") == self._items.get(line.item, "")
        )
        if same:
            parts.outcome.append((line.row, "unchanged", listed.id))
            return None
        return Problem("case.listed", {"case": listed.case_no})

    def _new_person(self, parts: Parts, line: Line, hashed: int, known: _Known) -> tuple[str, str]:
        person_id = next(self._ids)
        household = self._household(parts, line, known)
        who = line.identity
        values = {"number": who.number}
        if who.original != who.number:
            values["number15"] = who.original
        if line.phone:
            values["phone"] = line.phone
        if line.address:
            values["address"] = line.address
        if line.raw_name != line.name:
            values["raw_name"] = line.raw_name
        chance = self._chance(28)
        sealed = self._seal["person"]("person", person_id, chance[:16], values, chance[16:])
        self._doc += 1
        row = Person(
            person_id, self._doc, line.street, household, "live", line.name, who.sex or None,
            who.birth_date or None, who.kind, None, None, sealed, 1,
        )  # fmt: skip
        parts.person.append(row)
        parts.leaves.append(self._leaf["person"](row, chance[:16], values))
        n = self._next_n.get(hashed) or known.taken.get(hashed, 0)
        self._next_n[hashed] = n + 1
        parts.person_key.append((people.IDENTITY, hashed, n, person_id))
        if line.phone:
            phone_hash = self._hash(f"phone:{line.phone}")
            parts.person_key.append((people.PHONE, phone_hash, self._doc, person_id))
        if line.guardian:
            self._guardian(parts, line, person_id)
        code = self._desk.offices.by_id[line.street].code
        parts.search.append((self._doc, search_tokens(line.name, who.number, line.phone, code)))
        return person_id, household

    def _household(self, parts: Parts, line: Line, known: _Known) -> str:
        if line.head:
            hashed = self._hash(f"head:{line.head}")
            held = known.heads.get(hashed)
            if held:
                return held[0][1]
            if hashed in self._file_heads:
                return self._file_heads[hashed]
        household = Household(next(self._ids), line.street, 1)
        parts.household.append(household)
        parts.leaves.append(self._leaf["household"](household, b"", None))
        if line.head:
            self._file_heads[hashed] = household.id
            parts.person_key.append((people.HEAD, hashed, 0, household.id))
        return household.id

    def _guardian(self, parts: Parts, line: Line, person_id: str) -> None:
        relation_id = next(self._ids)
        values = {"name": line.guardian, "relation": line.relation}
        chance = self._chance(28)
        sealed = self._seal["relation"]("relation", relation_id, chance[:16], values, chance[16:])
        row = Relation(relation_id, person_id, "guardian", line.street, None, sealed, 1)
        parts.relation.append(row)
        parts.leaves.append(self._leaf["relation"](row, chance[:16], values))

    def _known_person(
        self, parts: Parts, line: Line, person: Person, opened: dict[str, Any], known: _Known
    ) -> tuple[str, str]:
        """A known person keeps name and number; a new phone, address or street is taken over."""
        self.uses.append(("person", person.id, person.version))
        values = dict(opened)
        for name, cell in (("phone", line.phone), ("address", line.address)):
            if cell:
                values[name] = cell
        household = person.household_id
        if line.head:
            household = self._household(parts, line, known)
        if (values, line.street, household) == (opened, person.office_id, person.household_id):
            return person.id, household
        chance = self._chance(28)
        sealed = self._seal["person"]("person", person.id, chance[:16], values, chance[16:])
        row = person._replace(
            sealed=sealed,
            office_id=line.street,
            household_id=household,
            version=person.version + 1,
        )
        parts.person_update.append(row)
        parts.before.append(("person", person.id, self._before(person)))
        parts.leaves.append(self._leaf["person"](row, chance[:16], values))
        self.updated += 1
        if line.phone and line.phone != opened.get("phone"):
            hashed = self._hash(f"phone:{line.phone}")
            if (hashed, person.doc) not in known.phones:
                parts.person_key.append((people.PHONE, hashed, person.doc, person.id))
        code = self._desk.offices.by_id[line.street].code
        name = person.name or line.name
        phone = values.get("phone", "")
        parts.search.append((person.doc, search_tokens(name, values["number"], phone, code)))
        return person.id, household

    def _before(self, person: Person) -> bytes:
        import msgspec

        packed = msgspec.msgpack.encode(tuple(person))
        return self._desk.keys.encrypt(f"before|{person.id}", packed, self._chance(12))

    def _account(self, parts: Parts, line: Line, person_id: str, known: _Known) -> str:
        hashed = self._hash(f"account:{line.account}")
        for stored in known.accounts.get((hashed, person_id), ()):
            if stored.sealed is not None and self._number_of(stored) == line.account:
                return stored.id
        if (line.account, person_id) in self._file_accounts:
            return self._file_accounts[line.account, person_id]
        account_id = next(self._ids)
        values = {"number": line.account, "holder": line.payee}
        chance = self._chance(28)
        sealed = self._seal["account"]("account", account_id, chance[:16], values, chance[16:])
        row = Account(account_id, person_id, line.street, hashed, line.bank or None, sealed, 1)
        parts.account.append(row)
        parts.leaves.append(self._leaf["account"](row, chance[:16], values))
        self._file_accounts[line.account, person_id] = account_id
        return account_id

    def _number_of(self, account: Account) -> Any:
        assert account.sealed is not None
        return self._desk.keys.open("account", account.id, account.sealed)[1]["number"]

    def _case(self, parts: Parts, line: Line, who: tuple[str, str], account: str | None) -> None:
        case_id = next(self._ids)
        chance = self._chance(28)
        values: dict[str, Any] = {}
        sealed = self._seal["aid_case"]("aid_case", case_id, chance[:16], values, chance[16:])
        item = self._items[line.item] if line.item else None
        row = AidCase(
            case_id, self._case_no(line.street), "B", self._cycle.id,
            self._roster_for(line.street), line.street, who[0], who[1], line.category,
            line.hardship, line.hardship_until or None, line.fen or None, item,
            1 if item else None, account, "listed", None, sealed, 1,
        )  # fmt: skip
        parts.aid_case.append(row)
        parts.leaves.append(self._leaf["aid_case"](row, chance[:16], values))
        parts.outcome.append((line.row, "new", case_id))
        for total in (self._added[line.street], self.flows[line.street, line.category]):
            total[0] += 1
            total[1] += line.fen
        self.fen += line.fen

    def _case_no(self, street: str) -> str:
        district = self._desk.offices.district_of(street)
        prefix = f"{self._cycle.code}-{district.letters}-"
        if prefix not in self._numbers:
            self._numbers[prefix] = rosters.last_number(self._desk.store, prefix)
            self.first_free[prefix] = self._numbers[prefix] + 1
        self._numbers[prefix] += 1
        return f"{prefix}{self._numbers[prefix]:05}"


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


def tables_in_order() -> Iterable[str]:
    """The parts in the order in which apply puts them into the store."""
    return ("household", "person", "relation", "account", "aid_case")
