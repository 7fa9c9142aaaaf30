"""What judged rows of people come to: new ones, new facts of known ones, changes that are asked for.

Each row is held against what is on file and what the file itself has brought. Facts such as a phone
or a street are taken over; a name, an identity number or an account of somebody known is only asked
for, and a second person decides (`rcaid.services.changes`). Nothing is sealed or hashed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from rcaid.db import people
from rcaid.db.search import place_tokens
from rcaid.domain import identity
from rcaid.domain.errors import Problem
from rcaid.domain.names import mask
from rcaid.services.desk import Desk
from rcaid.services.importing.people_known import Files, Known, OnFile, household_keys, reference_of
from rcaid.services.importing.people_rows import DecidedPeople, Registrant
from rcaid.services.importing.plans import FieldChange, Pair, Rejected
from rcaid.services.importing.roster_rows import Changed, search_text
from rcaid.services.importing.row_judge import Read, TableJudge
from rcaid.services.same_person.watching import Newcomer, Watch
from rcaid.services.shown import identity_text, masked_value

_FACTS = ("phone", "other_phone", "address", "relation")
_BY_NUMBER = (identity.RESIDENT_ID, identity.HMT_PERMIT_RESIDENCE, identity.FOREIGN_PR_2023)
"""Documents whose number says sex and birth date."""


class Asked(NamedTuple):
    """A change a row asks for: of whom, which field, its new value in its stored form."""

    row: int
    person_id: str
    field: str
    after: dict[str, str]


class PeoplePlanner:
    """Turns judged rows into parts, one piece after another, keeping what the file itself adds.

    ``held`` are the rows of the last piece that wait for a decision on a pair; none does where
    ``holding`` is False. ``first_doc`` is below the number of the first new person.
    """

    def __init__(
        self, desk: Desk, judge: TableJudge, place: str, family: str, *, holding: bool = True,
        first_doc: int | None = None,
    ) -> None:  # fmt: skip
        self._desk = desk
        self._judge = judge
        self._place = place
        self._mine = frozenset(desk.offices.below(place))
        self._family = family
        self._hash = desk.keys.hash64
        moment = desk.clock.moment()
        self._ids = desk.source.ids(moment.milliseconds)
        self._doc = moment.milliseconds << 20 if first_doc is None else first_doc
        self._holding = holding
        self._files = Files(desk, family)
        self._watch = Watch(desk)
        self._file_heads: dict[int, str] = {}
        self._next_n: dict[int, int] = {}
        self._reached: dict[str, int] = {}
        self._not_taken: set[int] = set()
        self._places: dict[str, str] = {}
        self.pairs: list[Pair] = []
        self.held: list[int] = []
        self.changes: list[FieldChange] = []
        self.uses: list[tuple[str, str, int]] = []
        self._new_kind = not judge.kind.keys

    def piece(self, reads: Sequence[Read]) -> tuple[DecidedPeople, list[Asked], list[Rejected]]:
        """Holds a piece of rows against what is on file and decides what becomes of each."""
        decided, asked = DecidedPeople(), list[Asked]()
        rejected = [problem for read in reads for problem in read.problems]
        good = [read for read in reads if not read.problems]
        known = self._files.look_up(good)
        pairs = self._watched(good, known) if self._new_kind else {}
        self.held = []
        for read in good:
            mine = [p for p in pairs.get(read.row, ()) if p.other_row not in self._not_taken]
            if self._holding and any(pair.holds for pair in mine):
                self.held.append(read.row)
            elif (problem := self._row(decided, asked, read, known)) is not None:
                field = next(
                    (k for k in ("number", "reference", "case_no") if read.values.get(k)), "name"
                )
                said = self._judge.said(read.row, problem, field, str(read.values[field]))
                rejected.append(said)
                self._not_taken.add(read.row)
                continue
            self.pairs += mine
        self._not_taken.update(self.held)
        return decided, asked, rejected

    def _watched(self, reads: Sequence[Read], known: Known) -> dict[int, list[Pair]]:
        """Pairs of new rows with people who may be known already, by row; who was said to be one
        of those before is known from here on."""
        new = [read for read in reads if read.row not in known.of and read.row not in known.torn]
        found: dict[int, list[Pair]] = {}
        for pair in self._watch.look([self._newcomer(read, known) for read in new]):
            found.setdefault(pair.row, []).append(pair)
        said = {
            read.row: self._watch.same[read.row] for read in new if read.row in self._watch.same
        }
        who = self._files.by_id(said.values(), reads)
        known.of.update({row: who[id] for row, id in said.items() if id in who})
        return found

    def _newcomer(self, read: Read, known: Known) -> Newcomer:
        values, who = read.values, read.who
        keys = [self._hash(text) for text in household_keys(read, self._family)]
        household = next((known.heads[key] for key in keys if key in known.heads), "")
        return Newcomer(
            read.row, values["name"], (who and who.birth_date) or values["born"],
            (who and who.sex) or values["sex"], who.number if who else "", values["phone"],
            values["account"], self._office(read), values["address"],
            household or (str(keys[0]) if keys else ""),
        )  # fmt: skip

    def _office(self, read: Read) -> str:
        return read.values["street"] or self._place

    def _row(
        self, decided: DecidedPeople, asked: list[Asked], read: Read, known: Known
    ) -> Problem | None:
        if read.row in known.torn:
            return Problem("row.two_people")
        held = known.of.get(read.row)
        if held is None or (not self._new_kind and held.person.office_id not in self._mine):
            if not self._new_kind:
                return Problem("update.unknown")
            self._new_person(decided, read, known)
            return None
        person = held.person
        if person.state != "live":
            return Problem("person.not_live", {"state": person.state})
        if person.office_id not in self._mine and not read.values["street"]:
            office = self._desk.offices.path(person.office_id)
            return Problem("who.elsewhere", {"office": office})
        first = self._reached.setdefault(person.id, read.row)
        if first != read.row:
            return Problem("row.repeated", {"first": first})
        if person.id_kind in _BY_NUMBER:
            for name, have in (("sex", person.sex), ("born", person.born)):
                typed = read.values[name]
                if typed and have and typed != have:
                    return Problem(f"identity.{name}", {"derived": have, "typed": typed})
        self._known_person(decided, asked, read, held, known)
        return None

    # --- new people

    def _new_person(self, decided: DecidedPeople, read: Read, known: Known) -> None:
        values, who, office = read.values, read.who, self._office(read)
        assert who is not None
        person_id = next(self._ids)
        household = self._household(decided, read, known) or self._new_home(decided, read, office)
        self._doc += 1
        hashed, n = None, 0
        if who.number:
            hashed = self._hash(identity_text(who.kind, who.number))
            n = self._next_n.get(hashed) or known.taken.get(hashed, 0)
            self._next_n[hashed] = n + 1
        reference = reference_of(read, self._family)
        decided.people.append(
            Registrant(
                person_id, self._doc, office, household, values["name"],
                who.sex or values["sex"] or None, who.birth_date or values["born"] or None,
                who.kind, hashed, n, who.number,
                None if who.original == who.number else who.original, values["phone"] or None,
                values["address"] or None,
                None if read.raw_name == values["name"] else read.raw_name, self._tokens(office),
                values["other_phone"] or None, self._reason(read),
                [reference] if reference else None, values["relation"] or None,
            )
        )  # fmt: skip
        if reference:
            hash_ = self._hash(f"reference:{reference}")
            decided.keys.append((people.REFERENCE, hash_, self._doc, person_id))
        if values["other_phone"] and values["other_phone"] != values["phone"]:
            hash_ = self._hash(f"phone:{values['other_phone']}")
            decided.keys.append((people.PHONE, hash_, self._doc, person_id))
        if values["guardian"]:
            self._guardian(decided, person_id, office, values["guardian"])
        if values["account"]:
            holder = values["payee"] or values["name"]
            decided.accounts.append(
                (next(self._ids), person_id, office, values["bank"] or None, values["account"], holder)
            )  # fmt: skip
        decided.outcome.append((read.row, "new", person_id))

    def _reason(self, read: Read) -> str | None:
        if read.who is None or read.who.kind not in (identity.NONE, "OTHER"):
            return read.values["reason"] or None
        return read.values["reason"] or self._judge.rules.profile.reason

    def _guardian(self, decided: DecidedPeople, person_id: str, office: str, name: str) -> None:
        decided.guardians.append((next(self._ids), person_id, office, name, ""))

    def _household(self, decided: DecidedPeople, read: Read, known: Known) -> str:
        """The household that the row names, if it is on file or came with an earlier row; it goes
        by all the names the row has for it from now on."""
        keys = [self._hash(text) for text in household_keys(read, self._family)]
        on_file = (known.heads.get(key) or self._file_heads.get(key, "") for key in keys)
        found = next(filter(None, on_file), "")
        if found:
            self._name_home(decided, found, keys, known)
        return found

    def _new_home(self, decided: DecidedPeople, read: Read, office: str) -> str:
        household = next(self._ids)
        decided.homes.append((household, office))
        keys = [self._hash(text) for text in household_keys(read, self._family)]
        self._name_home(decided, household, keys, None)
        return household

    def _name_home(
        self, decided: DecidedPeople, household: str, keys: list[int], known: Known | None
    ) -> None:
        for key in keys:
            if key in self._file_heads or (known is not None and key in known.heads):
                continue
            self._file_heads[key] = household
            decided.keys.append((people.HEAD, key, 0, household))

    def _tokens(self, office: str) -> str:
        if office not in self._places:
            code = self._desk.offices.by_id[office].code
            self._places[office] = " ".join(place_tokens(code))
        return self._places[office]

    # --- known people

    def _known_person(
        self, decided: DecidedPeople, asked: list[Asked], read: Read, held: OnFile, known: Known
    ) -> None:
        """Takes new facts over, asks for what is sensitive, and leaves alone what is the same."""
        person = held.person
        changed = self._facts(decided, read, held, known)
        wanted = self._sensitive(read, held)
        asked += wanted
        guardian = read.values["guardian"]
        if guardian and guardian not in held.guardians:
            self._guardian(decided, person.id, person.office_id, guardian)
            self._change(read.row, person.id, "guardian", "", mask(guardian))
            changed = True
        if changed or wanted:
            self.uses.append(("person", person.id, person.version))
        word = "updated" if changed or wanted else "unchanged"
        decided.outcome.append((read.row, word, person.id))

    def _facts(self, decided: DecidedPeople, read: Read, held: OnFile, known: Known) -> bool:
        person, values = held.person, dict(held.values)
        for name in _FACTS:
            if read.values[name]:
                values[name] = read.values[name]
        reference = reference_of(read, self._family)
        if reference and reference not in values.get("references", ()):
            values["references"] = sorted({*values.get("references", ()), reference})
        office = read.values["street"] or person.office_id
        household = self._moved_home(decided, read, person.household_id, office, known)
        after = person._replace(office_id=office, household_id=household)
        if person.id_kind not in _BY_NUMBER:
            after = after._replace(
                sex=read.values["sex"] or person.sex, born=read.values["born"] or person.born
            )
        if (values, after) == (held.values, person):
            return False
        after = after._replace(sealed=None, version=person.version + 1)
        decided.changed.append(Changed(list(person), list(after), values))
        self._say_facts(read.row, held, values, list(after))
        self._keys(decided, held, values, known)
        text = search_text(
            person.name or "", values["number"], values.get("phone", ""), self._tokens(office)
        )
        decided.search.append((person.doc, text))
        return True

    def _moved_home(
        self, decided: DecidedPeople, read: Read, now: str, office: str, known: Known
    ) -> str:
        keys = household_keys(read, self._family)
        if not keys:
            return now
        found = self._household(decided, read, known)
        if found:
            return found
        # Nobody has named a household so yet: it is the one this person lives in.
        self._name_home(decided, now, [self._hash(text) for text in keys], known)
        return now

    def _keys(
        self, decided: DecidedPeople, held: OnFile, values: dict[str, Any], known: Known
    ) -> None:
        """Keys of new phones and references; a phone the person had before is a key already."""
        person = held.person
        for name in ("phone", "other_phone"):
            phone = values.get(name, "")
            hash_ = self._hash(f"phone:{phone}")
            if phone and phone != held.values.get(name) and (hash_, person.doc) not in known.phones:
                known.phones.add((hash_, person.doc))
                decided.keys.append((people.PHONE, hash_, person.doc, person.id))
        for text in set(values.get("references", ())) - set(held.values.get("references", ())):
            hash_ = self._hash(f"reference:{text}")
            decided.keys.append((people.REFERENCE, hash_, person.doc, person.id))

    def _say_facts(self, row: int, held: OnFile, values: dict[str, Any], after: list[Any]) -> None:
        person, was = held.person, held.values
        for name in (*_FACTS, "references"):
            if values.get(name) != was.get(name):
                self._change(
                    row, person.id, name, masked_value(name, was), masked_value(name, values)
                )
        new = type(person)(*after)
        if new.office_id != person.office_id:
            path = self._desk.offices.path
            self._change(row, person.id, "street", path(person.office_id), path(new.office_id))
        if new.household_id != person.household_id:
            self._change(row, person.id, "household", person.household_id, new.household_id)
        for name in ("sex", "born"):
            before, now = getattr(person, name) or "", getattr(new, name) or ""
            if before != now:
                self._change(row, person.id, name, before, now)

    def _sensitive(self, read: Read, held: OnFile) -> list[Asked]:
        """What a second person has to confirm, but for what waits already."""
        person, values, wanted = held.person, read.values, list[Asked]()
        name, who, account = values["name"], read.who, values["account"]
        if name and name != person.name and ("name", name) not in held.waiting:
            wanted.append(Asked(read.row, person.id, "name", {"name": name}))
            self._change(read.row, person.id, "name", mask(person.name or ""), mask(name), True)
        have = held.values.get("number", "")
        number = who.number if who else ""
        known = ("", have, held.values.get("number15"))
        if who and number not in known and ("number", number) not in held.waiting:
            after = {"number": number, "sex": who.sex, "born": who.birth_date, "id_kind": who.kind}
            wanted.append(Asked(read.row, person.id, "number", after))
            masked = identity.mask_number
            self._change(read.row, person.id, "number", masked(have), masked(number), True)
        if account and account not in held.accounts and ("account", account) not in held.waiting:
            holder = values["payee"] or person.name or ""
            after = {"number": account, "holder": holder}
            wanted.append(Asked(read.row, person.id, "account", after))
            shown = identity.mask_account(account)
            self._change(read.row, person.id, "account", "", shown, True)
        return wanted

    def _change(
        self, row: int, person_id: str, field: str, before: str, after: str, waits: bool = False
    ) -> None:
        self.changes.append(FieldChange(row, "person", person_id, field, before, after, waits))
