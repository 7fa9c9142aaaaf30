"""Judging a row by the table of its kind: all that is wrong with it at once, or its values.

The table says how each field is read (`READERS`) and what must hold of the whole row
(`rcaid.services.importing.row_checks`). What belongs to one sender's files, such as the rules for phones and
documents, comes from the profile. A further kind needs rows in the table and nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from rcaid.domain import dates, identity
from rcaid.domain.damage import damage
from rcaid.domain.errors import Problem
from rcaid.domain.money import parse_yuan
from rcaid.domain.names import clean
from rcaid.domain.text import refusal
from rcaid.files.headers import HeaderMap
from rcaid.services.importing import row_phones
from rcaid.services.importing.kinds import Kind
from rcaid.services.importing.plans import Rejected
from rcaid.services.importing.row_checks import Reader, Rules, Wrong, check
from rcaid.services.importing.seen import Seen

LONGEST_CODE = 80
_REMEMBERED = 50_000
_SEXES = {
    **dict.fromkeys(("男", "男性", "m", "male"), "M"),
    **dict.fromkeys(("女", "女性", "f", "female"), "F"),
}
YES = frozenset({"是", "已发放", "已签收", "有", "y", "yes", "true", "1"})
NO = frozenset({"否", "未发放", "未签收", "无", "n", "no", "false", "0"})


class Read(NamedTuple):
    """A judged row: its values by field ("" where empty) or what is wrong with it.

    ``who`` is the document, None where the row has no number and needs none. ``raw_name`` is the
    name as it stood.
    """

    row: int
    values: dict[str, Any]
    who: identity.Identity | None
    raw_name: str
    problems: list[Rejected]


class _Memo(dict[str, Any]):
    """Remembers what a cell was read as: many repeat."""

    def __init__(self, read: Reader) -> None:
        self._read = read

    def __missing__(self, text: str) -> Any:
        if len(self) > _REMEMBERED:
            self.clear()
        made = self[text] = self._read(text)
        return made


class TableJudge:
    """Judges the rows of one file by the table of its kind."""

    def __init__(self, kind: Kind, columns: HeaderMap, header: Sequence[str], rules: Rules) -> None:
        self.kind = kind
        self.rules = rules
        self._names = [field.name for field in kind.fields]
        self._pick = columns.picker(self._names, len(header))
        self._header = header
        self._columns = columns.columns
        self._past = [f.name for f in kind.fields if "past" in f.checks]
        self._required = frozenset(f.name for f in kind.fields if f.required)
        self._readers = [
            _Memo(_reader(field.name, field.type, columns, rules)) for field in kind.fields
        ]
        self._seen: Seen[int] = Seen(lambda digest: digest)

    def judge(self, row: int, cells: list[str]) -> Read:
        """One row of the file, ``row`` counted as the file does."""
        wrong: Wrong = []
        if len(cells) > len(self._header):
            facts = {"cells": len(cells), "width": len(self._header)}
            wrong.append((self._names[0], Problem("row.long", facts), cells[-1]))
            return self._bad(row, wrong)
        raw = [cell.strip() for cell in self._pick([*cells, ""])]
        if not "".join(raw).isprintable():
            for name, cell in zip(self._names, raw, strict=True):
                if (code := refusal(cell)) is not None:
                    wrong.append((name, Problem(code), cell))
            if wrong:
                return self._bad(row, wrong)
        values = self.values(raw, wrong)
        cell_of = dict(zip(self._names, raw, strict=True))
        for name in self._past:
            if isinstance(values[name], str) and values[name] > self.rules.today:
                wrong.append(
                    (name, Problem("date.future", {"value": cell_of[name]}), cell_of[name])
                )
        who = check(self.kind, values, cell_of, self.rules, wrong)
        if wrong:
            return self._bad(row, wrong)
        if (again := self._again(row, values, who, cells)) is not None:
            return self._bad(row, [again])
        return Read(row, values, who, cell_of.get("name", ""), [])

    def values(self, raw: Sequence[str], wrong: Wrong) -> dict[str, Any]:
        """What the cells of a row are read as, each by itself; those that are wrong are Problems,
        which go into ``wrong`` too."""
        values: dict[str, Any] = {}
        for name, cell, reader in zip(self._names, raw, self._readers, strict=True):
            if not cell:
                values[name] = ""
                if name in self._required:
                    wrong.append((name, self.required(name), ""))
                continue
            found = values[name] = reader[cell]
            if isinstance(found, Problem):
                wrong.append((name, found, cell))
        return values

    def _again(
        self, row: int, values: dict[str, Any], who: identity.Identity | None, cells: list[str]
    ) -> tuple[str, Problem, str] | None:
        """Whether an earlier row is about the same: the same key, or, of rows without any, the
        same cells."""
        found: tuple[str, Problem, str] | None = None
        for name, text in self._keys(values, who, cells):
            first = self._seen.first(_digest(f"{name}|{text}"), row)
            if first != row and found is None:
                shown = str(values.get(name, ""))
                found = (name, Problem("row.repeated", {"first": first}), shown)
        return found

    def _keys(
        self, values: dict[str, Any], who: identity.Identity | None, cells: list[str]
    ) -> list[tuple[str, str]]:
        keys = [(name, values[name]) for name in self.kind.keys if values[name]]
        if who is not None and who.number:
            keys = [("number", f"{who.kind}:{who.number}"), *(k for k in keys if k[0] != "number")]
        if values.get("reference") and "reference" not in self.kind.keys:
            source = values.get("source", "")
            keys.append(("reference", f"{source}|{values['reference']}"))
        return keys or [(self._names[0], "\x1f".join(cells))]

    def required(self, name: str) -> Problem:
        """The problem of a field that is empty and must not be."""
        return Problem("row.required", {"field": self.kind.heading(name)})

    def said(self, row: int, problem: Problem, field: str, value: str) -> Rejected:
        """A problem with its place in the file."""
        at = self._columns.get(field)
        heading = self._header[at] if at is not None else self.kind.heading(field)
        return Rejected(row, heading, value, problem.code, dict(problem.params), field)

    def _bad(self, row: int, wrong: Wrong) -> Read:
        said = [self.said(row, problem, field, cell) for field, problem, cell in wrong]
        return Read(row, {}, None, "", said)


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _reader(name: str, type_: str, columns: HeaderMap, rules: Rules) -> Reader:
    """How a cell of a type is read: a value, or a Problem."""
    if type_ == "date":
        return lambda text: dates.read_late(text, lambda: columns.order(name))
    if type_ in rules.readers:
        return rules.readers[type_]
    return READERS[type_](rules)


def _name(text: str) -> str | Problem:
    cleaned = clean(text)
    return cleaned if any(map(str.isalpha, cleaned)) else Problem("name.no_letter")


def _code(text: str) -> str | Problem:
    """What another system calls somebody: kept as it stands, unless a spreadsheet was at it."""
    bare = text.removeprefix("'").strip()
    if (what := damage(bare)) != "":
        return Problem(f"reference.{what}", {"value": text})
    if len(bare) > LONGEST_CODE:
        return Problem("reference.long", {"most": LONGEST_CODE})
    return bare


def _street(streets: Mapping[str, str | None]) -> Reader:
    def read(text: str) -> str | Problem:
        found = streets.get(text)
        if found is None:
            code = "office.ambiguous" if text in streets else "office.unknown"
            return Problem(code, {"value": text})
        return found

    return read


def _id_kind(text: str) -> str | Problem:
    return identity.kind_of(text) or Problem("identity.kind", {"kind": text, "value": text})


def _head(rules: Rules) -> Reader:
    """The number of a head of a household; where documents are of any type, as it stands."""
    if rules.profile.identity == "any":
        return _code

    def read(text: str) -> str | Problem:
        found = identity.check(text, identity.RESIDENT_ID, rules.today)
        return found if isinstance(found, Problem) else found.number

    return read


def _whole(text: str) -> int | Problem:
    bare = text.removesuffix(".0")
    plain = bare.isascii() and bare.isdigit() and len(bare) <= 15
    return int(bare) if plain else Problem("quota.number", {"value": text})


def _sex(text: str) -> str | Problem:
    return _SEXES.get(text.casefold()) or Problem("word.sex", {"value": text})


def _yes_no(text: str) -> str | Problem:
    word = text.casefold()
    if word in YES | NO:
        return "yes" if word in YES else "no"
    return Problem("word.yes_no", {"value": text})


def _text(text: str) -> str:
    return text.removeprefix("'").strip()


READERS: Mapping[str, Callable[[Rules], Reader]] = {
    "text": lambda _: _text,
    "name": lambda _: _name,
    "code": lambda _: _code,
    "id_kind": lambda _: _id_kind,
    "number": lambda _: _text,  # what it must look like depends on its type: row_checks
    "resident": _head,
    "phone": lambda rules: row_phones.READERS[rules.profile.phone],
    "account": lambda _: identity.check_account,
    "street": lambda rules: _street(rules.streets),
    "sex": lambda _: _sex,
    "yes_no": lambda _: _yes_no,
    "money": lambda _: parse_yuan,
    "whole": lambda _: _whole,
}
"""How the cells of each type are read, by the rules of a file; dates need their column."""
