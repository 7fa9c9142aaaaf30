"""What is on file about the rows of a roster: who they are, who they may be, what those have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rcaid.db import duplicates, people, rosters
from rcaid.db.tables import Account, AidCase, Cycle, Person
from rcaid.services.desk import Desk
from rcaid.services.importing.import_roster import Line
from rcaid.services.importing.plans import Pair
from rcaid.services.same_person.watching import Newcomer, Watch


@dataclass
class Known:
    """What is on file about one piece of rows: people with their sealed values by number,
    households by the hash of their head, accounts by (hash, person), lines of the cycle and help
    of its year (fen) by person, identity hashes that are taken, phones as (hash, document)."""

    person: dict[str, tuple[Person, dict[str, Any]]]
    heads: dict[int, list[tuple[int, str]]]
    accounts: dict[tuple[int, str], list[Account]]
    lines: dict[str, AidCase]
    given: dict[str, int]
    taken: dict[int, int]
    phones: set[tuple[int, int]]


class OnFile:
    """Asks the store about a roster's rows, some thousand at once."""

    def __init__(self, desk: Desk, cycle: Cycle) -> None:
        self._desk = desk
        self._cycle = cycle
        self._hash = desk.keys.hash64
        self._fresh = not people.anybody(desk.store)
        self._watch = Watch(desk)

    def look_up(
        self, lines: Sequence[Line], hashes: Sequence[int]
    ) -> tuple[Known, dict[int, list[Pair]]]:
        """What is on file about these lines, whose identity numbers have these hashes; and by row
        the pairs of new ones with people who may be known already."""
        known = self._who(lines, hashes)
        pairs = self._watched(lines, known)
        self._of_people(lines, known)
        return known, pairs

    def _who(self, lines: Sequence[Line], hashes: Sequence[int]) -> Known:
        """Who the numbers of these rows belong to; a merged person's number is their winner's."""
        if self._fresh or not lines:
            return Known({}, {}, {}, {}, {}, {}, set())
        store = self._desk.store
        owners = people.keys(store, people.IDENTITY, hashes)
        rows = people.many(store, (owner for held in owners.values() for _, owner in held))
        lost = [row.merged_into for row in rows.values() if row.merged_into]
        won = {row.id: self._opened(row) for row in people.many(store, lost).values()}
        opened = {row.id: self._opened(row) for row in rows.values() if row.sealed is not None}
        confirmed: dict[str, tuple[Person, dict[str, Any]]] = {}
        taken: dict[int, int] = {}
        for line, hashed in zip(lines, hashes, strict=True):
            for n, owner in owners.get(hashed, ()):
                taken[hashed] = max(taken.get(hashed, 0), n + 1)
                person = opened.get(owner)
                if person is not None and person[1].get("number") == line.identity.number:
                    confirmed[line.identity.number] = won.get(person[0].merged_into or "", person)
        heads = people.keys(
            store, people.HEAD, {self._hash(f"head:{line.head}") for line in lines if line.head}
        )
        return Known(confirmed, heads, {}, {}, {}, taken, set())

    def _opened(self, person: Person) -> tuple[Person, dict[str, Any]]:
        return person, self._desk.keys.open("person", person.id, person.sealed or b"")[1]

    def _watched(self, lines: Sequence[Line], known: Known) -> dict[int, list[Pair]]:
        """Pairs of new rows with people who may be known already, by row. Who was said to be one
        of those before is known from here on."""
        new = [line for line in lines if line.identity.number not in known.person]
        found: dict[int, list[Pair]] = defaultdict(list)
        for pair in self._watch.look([self._newcomer(line, known) for line in new]):
            found[pair.row].append(pair)
        same = self._watch.same
        said = [(line.identity.number, same[line.row]) for line in new if line.row in same]
        who = people.many(self._desk.store, [person for _, person in said])
        for number, person_id in said:
            known.person[number] = self._opened(who[person_id])
        return found

    def _newcomer(self, line: Line, known: Known) -> Newcomer:
        household, who = "", line.identity
        if line.head:
            hashed = self._hash(f"head:{line.head}")
            held = known.heads.get(hashed)
            household = held[0][1] if held else str(hashed)
        return Newcomer(
            line.row, line.name, who.birth_date, who.sex, who.number, line.phone, line.account,
            line.street, line.address, household,
        )  # fmt: skip

    def _of_people(self, lines: Sequence[Line], known: Known) -> None:
        """Adds what known people have: accounts, phones, the line of the cycle, help given in its
        year; lines and help of people merged into them are theirs."""
        ids = [person.id for person, _ in known.person.values()]
        if not ids:
            return
        store, cycle = self._desk.store, self._cycle
        theirs = [line for line in lines if line.identity.number in known.person]
        known.phones = self._phones(theirs, known.person)
        for account in people.accounts_by_hash(
            store, {self._hash(f"account:{line.account}") for line in theirs if line.account}
        ):
            known.accounts.setdefault((account.hash, account.person_id), []).append(account)
        lost = duplicates.losers(store, ids)
        for owner, listed in rosters.of_people(store, cycle.id, [*ids, *lost]).items():
            winner = lost.get(owner, owner)
            if owner == winner or listed.state != "struck":
                known.lines[winner] = listed
        year = cycle.opens_on[:4]
        known.given = rosters.entitled_in_year(store, cycle.programme_id, year, ids)

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
