"""Which row is the header, and which column is which field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from rcaid.domain.errors import Problem

_NO_OVERRIDES: Final[Mapping[str, str]] = MappingProxyType({})
_IGNORED: Final = re.compile(r"[\s*＊:\u200b\ufeff]+")
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+|[a-z0-9][A-Z][A-Za-z0-9]*)+")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]+")
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a file may tell: its name here and the headings it goes by."""

    name: str
    aliases: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class HeaderMap:
    """Where each field stands: ``columns`` maps field names to column indexes from 0."""

    columns: Mapping[str, int]
    unmapped: tuple[str, ...]
    problems: tuple[Problem, ...]


def fold(heading: str) -> str:
    """The heading without width, case, spaces, line ends, asterisks and colons."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", heading)).casefold()


def bare(heading: str) -> str:
    """`fold` without what stands in brackets, so that 金额（元） is 金额."""
    folded = fold(heading)
    return _BRACKETS.sub("", folded) or folded


def letter(index: int) -> str:
    """The letters a spreadsheet gives to column ``index`` (from 0): A, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


REASONS: Final = ("rejected because", "未导入原因")
"""Headings of the column in which rejected rows carry their reasons; no field is ever read there."""
_REASONS: Final = frozenset(map(fold, REASONS))


def is_reason(heading: str) -> bool:
    """Whether the column is the one that rejected rows came out with."""
    return fold(heading) in _REASONS


def find_header(rows: Sequence[Sequence[str]], aliases: Collection[str] = ()) -> int | None:
    """Index in ``rows`` of the header: the first of the rows with the most known headings.

    Where no heading is known, the first row with at least two filled cells that is at least
    half as full as the fullest row (a merged title has one). None where every row is empty.
    """
    known = {bare(alias) for alias in aliases}
    hits = [len(known & {bare(cell) for cell in row if cell}) for row in rows] if known else [0]
    if max(hits, default=0) > 0:
        return hits.index(max(hits))
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    fullest = max(filled, default=0)
    least = max(min(2, fullest), (fullest + 1) // 2)
    return next((i for i, n in enumerate(filled) if fullest and n >= least), None)


def is_label_row(
    cells: Sequence[str], header: Sequence[str], aliases: Collection[str] = ()
) -> bool:
    """Whether the row below the header says the headings once more in other words.

    It does if at least half of its filled cells are headings by themselves (known ``aliases``
    or the header's own), or if it has a code like ``id_number`` or ``idNumber`` (at least every
    second one with such a joint) under each heading of a header that has none.
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) < 2:
        return False
    known = {bare(text) for text in (*aliases, *header) if text}
    if 2 * sum(bare(cell) in known for cell in filled) >= len(filled):
        return True
    words = len(set(filled)) == len(filled) >= sum(1 for heading in header if heading)
    if not words or not all(_WORD.fullmatch(cell) for cell in filled):
        return False
    joined = sum(1 for cell in filled if _CODE.fullmatch(cell))
    return 2 * joined >= len(filled) and not any(_WORD.fullmatch(h.strip()) for h in header)


def check_header(
    header: Sequence[str], row: int, below: Sequence[Sequence[str]] = ()
) -> list[Problem]:
    """A problem for every heading that was there before (with both columns), and for every
    empty one over a column that holds something ``below``; a spacer column may be empty."""
    problems = []
    seen: dict[str, int] = {}
    for index, heading in enumerate(header):
        key = fold(heading)
        where = {"row": row, "column": letter(index)}
        if not key:
            if not any(len(cells) > index and cells[index].strip() for cells in below):
                continue
            problems.append(Problem("header.blank", where, row=row, column=letter(index)))
        elif key in seen:
            params = {"name": heading, "first": letter(seen[key]), "second": letter(index)}
            problems.append(
                Problem("header.repeated", params, row=row, column=letter(index), value=heading)
            )
        else:
            seen[key] = index
    return problems


def map_columns(
    header: Sequence[str],
    fields: Iterable[Field],
    overrides: Mapping[str, str] = _NO_OVERRIDES,
) -> HeaderMap:
    """The column of each field, by its aliases or by ``overrides`` (field name to heading, "" for
    none of the columns).

    An exact heading wins over one that fits only without its brackets. Problems: a required
    field without a column, two columns that fit equally well, an override that names no column.
    The column of reasons that rejected rows came out with is neither mapped nor `unmapped`.
    """
    columns: dict[str, int] = {}
    problems: list[Problem] = []
    exact = [fold(heading) for heading in header]
    loose = [bare(heading) for heading in header]
    taken: set[int] = set()
    for field in fields:
        wanted = (overrides[field.name],) if field.name in overrides else field.aliases
        found = _find(wanted, exact, loose, taken) if wanted != ("",) else []
        if len(found) > 1:
            params = {"field": field.name, "columns": ", ".join(letter(i) for i in found)}
            problems.append(Problem("header.ambiguous", params, field=field.name))
        elif found:
            columns[field.name] = found[0]
            taken.add(found[0])
        elif overrides.get(field.name):
            params = {"name": wanted[0], "field": field.name}
            problems.append(Problem("header.no_such", params, field=field.name))
        elif field.required:
            params = {"field": field.name, "aliases": " / ".join(field.aliases)}
            problems.append(Problem("header.missing", params, field=field.name))
    unmapped = tuple(
        name for i, name in enumerate(header) if name and i not in taken and not is_reason(name)
    )
    return HeaderMap(columns, unmapped, tuple(problems))


def _find(wanted: Sequence[str], exact: list[str], loose: list[str], taken: set[int]) -> list[int]:
    for headings, key in ((exact, fold), (loose, bare)):
        for alias in wanted:
            name = key(alias)
            found = [i for i, h in enumerate(headings) if h == name and i not in taken]
            if found:
                return found
    return []
