"""Which row is the header, and which column is which field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rcaid.domain.dates import YEAR_FIRST, Order
from rcaid.domain.errors import Problem

if TYPE_CHECKING:
    from rcaid.files.date_columns import DateColumns
    from rcaid.files.profiles import Profile

_NO_OVERRIDES: Final[Mapping[str, str]] = MappingProxyType({})
_IGNORED: Final = re.compile(r"[\s*＊:\u200b\ufeff]+")
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+|[a-z0-9][A-Z][A-Za-z0-9]*)+")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]+")
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a file may tell: its name here and the headings it goes by.

    ``type`` says how a cell is read, ``checks`` what else must hold of it (services/kinds).
    """

    name: str
    aliases: tuple[str, ...]
    required: bool = False
    type: str = "text"
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeaderMap:
    """Where each field stands: ``columns`` maps field names to column indexes from 0.

    ``joined`` are fields that stand in several columns. ``profile`` says what else is known of the
    file, ``dates`` in which order its date columns are written.
    """

    columns: Mapping[str, int]
    unmapped: tuple[str, ...]
    problems: tuple[Problem, ...]
    joined: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    profile: Profile | None = None
    dates: DateColumns | None = None

    def order(self, name: str) -> Order:
        """The order of a field's dates; Unusable where nothing proves it and nobody said it."""
        return self.dates.of(name) if self.dates else YEAR_FIRST

    def picker(self, fields: Sequence[str], width: int) -> Callable[[list[str]], Sequence[str]]:
        """A function that takes the cells of these fields, in this order, out of a row of
        ``width`` cells with an empty one behind them; constants and words of the profile in."""
        at = [self.columns.get(name, width) for name in fields]
        said = self.profile
        if said is None or not (self.joined or said.constants or said.values):
            return itemgetter(*at) if len(at) > 1 else lambda cells: (cells[at[0]],)
        constants = [said.constants.get(name, "") for name in fields]
        joined = [self.joined.get(name, ()) for name in fields]
        words = [name if said.values.get(name) else "" for name in fields]
        meaning = said.meaning

        def pick(cells: list[str]) -> list[str]:
            found = []
            for place, constant, several, name in zip(at, constants, joined, words, strict=True):
                if several:
                    cell = " ".join(filter(None, (cells[i].strip() for i in several)))
                else:
                    cell = cells[place] or constant
                found.append(meaning(name, cell) if name else cell)
            return found

        return pick


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
    profile: Profile | None = None,
) -> HeaderMap:
    """The column of each field, by its aliases or by ``overrides`` (field name to heading, "" for
    none of the columns), or by what a profile says; overrides win over it.

    An exact heading wins over one that fits only without its brackets. Problems: a required
    field without a column, two columns that fit equally well, an override that names no column.
    The column of reasons that rejected rows came out with is neither mapped nor `unmapped`, and
    nor is a heading that a profile knows to be of no use.
    """
    exact = [fold(heading) for heading in header]
    problems = _not_there(exact, overrides, profile)
    loose = [bare(heading) for heading in header]
    joined, taken = _by_profile(exact, overrides, profile)
    columns = {name: places[0] for name, places in joined.items()}
    settled = columns.keys() | (profile.constants.keys() - overrides.keys() if profile else set())
    for each in fields:
        if each.name in settled:
            continue
        wanted = (overrides[each.name],) if each.name in overrides else each.aliases
        found = _find(wanted, exact, loose, taken) if wanted != ("",) else []
        if len(found) > 1:
            params = {"field": each.name, "columns": ", ".join(letter(i) for i in found)}
            problems.append(Problem("header.ambiguous", params, field=each.name))
        elif found:
            columns[each.name] = found[0]
            taken.add(found[0])
        elif overrides.get(each.name):
            params = {"name": wanted[0], "field": each.name}
            problems.append(Problem("header.no_such", params, field=each.name))
        elif each.required:
            params = {"field": each.name, "aliases": " / ".join(each.aliases)}
            problems.append(Problem("header.missing", params, field=each.name))
    unmapped = tuple(
        name for i, name in enumerate(header) if name and i not in taken and not is_reason(name)
    )
    several = {name: places for name, places in joined.items() if len(places) > 1}
    return HeaderMap(columns, unmapped, tuple(problems), several, profile)


def _not_there(
    exact: list[str], overrides: Mapping[str, str], profile: Profile | None
) -> list[Problem]:
    """A problem for each heading that a profile needs, and for each part of a field whose other
    parts are there: half of a name is not a name."""
    if profile is None:
        return []
    missing = [
        Problem("header.profile", {"name": heading, "profile": profile.name})
        for heading in profile.needs
        if fold(heading) not in exact
    ]
    for name, headings in profile.columns.items():
        lacking = [heading for heading in headings if fold(heading) not in exact]
        if name not in overrides and 0 < len(lacking) < len(headings):
            params = {"field": name}
            missing += [
                Problem("header.no_such", {**params, "name": heading}, field=name)
                for heading in lacking
                if heading not in profile.needs
            ]
    return missing


def _by_profile(
    exact: list[str], overrides: Mapping[str, str], profile: Profile | None
) -> tuple[dict[str, tuple[int, ...]], set[int]]:
    """The columns of each field that the profile names and the file has, and all columns that it
    has a use for or knows to be of none; what was said by hand is no longer the profile's."""
    if profile is None:
        return {}, set()
    at = {heading: place for place, heading in enumerate(exact)}
    for heading in overrides.values():
        at.pop(fold(heading), None)
    found = {
        name: tuple(at[fold(each)] for each in headings if fold(each) in at)
        for name, headings in profile.columns.items()
        if name not in overrides
    }
    joined = {name: places for name, places in found.items() if places}
    ignored = {at[fold(each)] for each in profile.ignored if fold(each) in at}
    return joined, ignored.union(*joined.values())


def _find(wanted: Sequence[str], exact: list[str], loose: list[str], taken: set[int]) -> list[int]:
    for headings, key in ((exact, fold), (loose, bare)):
        for alias in wanted:
            name = key(alias)
            found = [i for i, h in enumerate(headings) if h == name and i not in taken]
            if found:
                return found
    return []
