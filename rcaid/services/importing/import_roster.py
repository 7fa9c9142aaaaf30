"""Judging a roster file: each row becomes a line of a street's roster, or says why not.

The pass goes over the file once. A row is first judged by itself (`RowJudge`), then, some thousand
rows at a time, against what is on file: known people, households, accounts, quota (`Roster`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rcaid.domain import dates, identity
from rcaid.domain.errors import Problem
from rcaid.domain.identity import Identity
from rcaid.domain.money import parse_yuan
from rcaid.domain.names import clean
from rcaid.domain.programmes import Programme
from rcaid.domain.text import refusal
from rcaid.files.headers import HeaderMap
from rcaid.services.importing.kinds import ROSTER
from rcaid.services.importing.plans import Rejected
from rcaid.services.importing.row_phones import READERS as PHONES
from rcaid.services.importing.seen import Seen, packed_number

FIELDS = tuple(field.name for field in ROSTER.fields)


class Line(NamedTuple):
    """A row that holds by itself. ``street`` is an office id; amounts in fen."""

    row: int
    name: str
    raw_name: str
    identity: Identity
    head: str
    relation: str
    guardian: str
    phone: str
    street: str
    address: str
    category: str
    hardship: str
    hardship_until: str
    payee: str
    bank: str
    account: str
    fen: int
    item: str


class Found(NamedTuple):
    """The outcome of judging one row: a line, or its problems; warnings may stand beside a line."""

    line: Line | None
    problems: list[Rejected]


class _Memo(dict[str, Any]):
    """Remembers what a cell was read as: streets, categories and amounts repeat."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read

    def __missing__(self, text: str) -> Any:
        if len(self) > 50_000:
            self.clear()
        made = self[text] = self._read(text)
        return made


class RowJudge:
    """Judges rows by themselves, with the rules of one programme and one set of streets."""

    def __init__(
        self,
        columns: HeaderMap,
        header: tuple[str, ...],
        rules: Programme,
        streets: Mapping[str, str | None],
        today: str,
    ) -> None:
        width = len(header)
        self._pick = columns.picker(FIELDS, width)
        self._header = header
        self._columns = columns.columns
        self._rules = rules
        self._today = today
        said = columns.profile
        usual = "OTHER" if said and said.identity == "any" else identity.RESIDENT_ID
        self._kind = _Memo(lambda text: identity.kind_of(text) if text else usual)
        self._phone = PHONES[said.phone if said else "cn"]
        self._mobile = "1" if self._phone is PHONES["cn"] else "-"
        self._street = _Memo(lambda text: _street(streets, text))
        self._category = _Memo(lambda text: _choice(rules.category_of, "category", text))
        self._hardship = _Memo(lambda text: _choice(rules.hardship_of, "hardship", text or "none"))
        self._until = _Memo(
            lambda text: dates.read_late(text, lambda: columns.order("hardship_until"))
        )
        self._amount = _Memo(lambda text: _amount(rules, text))
        self._item = _Memo(lambda text: _item(rules, text))
        self._seen = Seen(packed_number)

    def judge(self, row: int, cells: list[str]) -> Found:
        """One row of the file, ``row`` counted as the file does."""
        if len(cells) > len(self._header):
            facts = {"cells": len(cells), "width": len(self._header)}
            return Found(None, [self._said(row, Problem("row.long", facts), "name", cells[-1])])
        cells.append("")
        raw = self._pick(cells)
        if not "".join(raw).isprintable() and (bad := self._refused(row, raw)):
            return Found(None, bad)
        (
            name, id_kind, number, head, relation, guardian, phone, street, address, category,
            hardship, until, payee, bank, account, amount, item,
        ) = map(str.strip, raw)  # fmt: skip
        wrong: list[tuple[str, Problem, str]] = []
        kind = self._kind[id_kind]
        who = (
            identity.check(number, kind or "OTHER", self._today) if number else _required("number")
        )
        if kind is None:
            wrong.append(("id_kind", Problem("identity.kind", {"value": id_kind}), id_kind))
        if isinstance(who, Problem):
            wrong.append(("number", who, number))
        cleaned = clean(name)
        if not cleaned.isalpha() and (odd := _no_name(cleaned)):
            wrong.append(("name", odd, name))
        if phone and not (len(phone) == 11 and phone[0] == self._mobile and phone[1] > "2" and phone.isdigit() and phone.isascii()):  # fmt: skip
            checked = self._phone(phone)
            if isinstance(checked, Problem):
                wrong.append(("phone", checked, phone))
            else:
                phone = checked
        place = self._street[street]
        fen = self._amount[amount]
        goods = self._item[item]
        need = self._category[category]
        poor = self._hardship[hardship]
        ends = self._until[until]
        if Problem in map(type, (place, need, poor, ends, fen, goods)):
            wrong += [
                (field, read, cell)
                for field, read, cell in (
                    ("street", place, street),
                    ("category", need, category),
                    ("hardship", poor, hardship),
                    ("hardship_until", ends, until),
                    ("amount", fen, amount),
                    ("item", goods, item),
                )
                if isinstance(read, Problem)
            ]
        if not amount and not item:
            wrong.append(("amount", Problem("row.nothing"), ""))
        if account and not (15 < len(account) < 20 and account.isdigit() and account.isascii()):
            checked = identity.check_account(account)
            if isinstance(checked, Problem):
                wrong.append(("account", checked, account))
            else:
                account = checked
        if amount and not account and type(fen) is int:
            wrong.append(("account", _required("account"), ""))
        if head:
            head = self._head(head, wrong)
        if wrong or isinstance(who, Problem):
            return Found(None, [self._said(row, problem, f, v) for f, problem, v in wrong])
        first = self._seen.first(who.number, row)
        if first != row:
            again = Problem("row.repeated", {"first": first})
            return Found(None, [self._said(row, again, "number", number)])
        if self._rules.min_age and (young := self._too_young(who)):
            return Found(None, [self._said(row, young, "number", number)])
        return Found(
            Line(
                row, cleaned, name, who, head, relation, guardian, phone, place, address, need,
                poor, ends, payee or cleaned, bank, account, fen, goods,
            ),
            [],
        )  # fmt: skip

    def row_of(self, number: str) -> int | None:
        """The first row with an identity number, as far as the file has been read."""
        return self._seen.get(number)

    def _head(self, head: str, wrong: list[tuple[str, Problem, str]]) -> str:
        checked = identity.check(head, identity.RESIDENT_ID, self._today)
        if isinstance(checked, Problem):
            wrong.append(("head", checked, head))
            return head
        return checked.number

    def _too_young(self, who: Identity) -> Problem | None:
        born = who.birth_date
        if not born:
            return None
        years = int(self._today[:4]) - int(born[:4]) - (self._today[5:] < born[5:])
        floor = self._rules.min_age
        return Problem("case.age_floor", {"age": years, "floor": floor}) if years < floor else None

    def _refused(self, row: int, raw: Sequence[str]) -> list[Rejected]:
        found = []
        for field, cell in zip(FIELDS, raw, strict=True):
            code = refusal(cell.strip())
            if code:
                found.append(self._said(row, Problem(code), field, cell))
        return found

    def said(self, row: int, problem: Problem, field: str, value: str) -> Rejected:
        """A problem with its place in the file."""
        return self._said(row, problem, field, value)

    def _said(self, row: int, problem: Problem, field: str, value: str) -> Rejected:
        at = self._columns.get(field)
        heading = self._header[at] if at is not None and at < len(self._header) else ""
        return Rejected(
            row, heading or ROSTER.heading(field), value, problem.code, dict(problem.params), field
        )


def _required(field: str) -> Problem:
    return Problem("row.required", {"field": ROSTER.heading(field)})


def _no_name(cleaned: str) -> Problem | None:
    """Spaces, digits, marks and pictures alone are no name, and no search would find them."""
    if not cleaned:
        return _required("name")
    return None if any(map(str.isalpha, cleaned)) else Problem("name.no_letter")


def _choice(find: Callable[[str], str | None], noun: str, text: str) -> str | Problem:
    if not text:
        return Problem("row.required", {"field": ROSTER.heading(noun)})
    return find(text) or Problem(f"{noun}.unknown", {"value": text})


def _street(streets: Mapping[str, str | None], text: str) -> str | Problem:
    if not text:
        return _required("street")
    found = streets.get(text)
    if found is None:
        code = "office.ambiguous" if text in streets else "office.unknown"
        return Problem(code, {"value": text})
    return found


def _amount(rules: Programme, text: str) -> int | Problem:
    if not text:
        return 0
    fen = parse_yuan(text)
    if isinstance(fen, Problem):
        return fen
    if not rules.min_fen <= fen <= rules.max_fen:
        return Problem("money.range", {"low": rules.min_fen // 100, "high": rules.max_fen // 100})
    return fen


def _item(rules: Programme, text: str) -> str | Problem:
    if not text:
        return ""
    rule = rules.item_of(text)
    return rule.code if rule else Problem("item.unknown", {"value": text})


def batches(found: Iterator[Found], size: int = 4000) -> Iterator[list[Found]]:
    """Rows in pieces that are looked up together."""
    piece: list[Found] = []
    for each in found:
        piece.append(each)
        if len(piece) == size:
            yield piece
            piece = []
    if piece:
        yield piece


class QuotaBook:
    """What is left of a street's quota while a file is read, line by line in its order."""

    def __init__(
        self, allotted: Mapping[tuple[str, str], int], used: Mapping[tuple[str, str], int]
    ) -> None:
        self.allotted = allotted
        self.used: dict[tuple[str, str], int] = defaultdict(int, used)
        self.total: dict[str, int] = defaultdict(int)
        for (office, _), n in used.items():
            self.total[office] += n

    def take(self, office: str, category: str, lines: int = 1) -> Problem | None:
        """Takes the worth of some lines, or says which quota has no room for them (BR-032)."""
        key = (office, category)
        used, total = self.used[key] + lines, self.total[office] + lines
        limit, whole = self.allotted.get(key), self.allotted.get((office, "*"))
        if limit is not None and used > limit:
            return Problem("quota.full", {"limit": limit, "category": category})
        if whole is not None and total > whole:
            return Problem("quota.full", {"limit": whole, "category": "*"})
        if limit is None and whole is None:
            return Problem("quota.none")
        self.used[key], self.total[office] = used, total
        return None
