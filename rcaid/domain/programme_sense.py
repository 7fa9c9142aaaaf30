"""What a programme's file may not say although each of its fields is well formed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

Table = dict[str, Any]
_SELECTORS = ("categories", "hardship", "diseases", "stages")
_FIRST, _LAST = -1, 10**16


class Wrong(NamedTuple):
    """One thing that is wrong, at a place of the file."""

    code: str
    place: str
    params: Mapping[str, Any]


def senseless(raw: Table) -> Iterator[Wrong]:
    """Everything that contradicts itself in a file whose fields are of their kinds."""
    yield from _pairs(raw)
    yield from _person(raw)
    for name in ("grants", "items"):
        yield from _twice(raw.get(name, ()), name, "code")
    yield from _twice(raw.get("examples", ()), "examples", "name")
    for n, grant in enumerate(raw.get("grants", ()), start=1):
        yield from _grant(raw, grant, f"grants[{n}]")
    yield from _overlaps(raw.get("grants", ()))
    if raw.get("repeat", {}).get("topup") and not raw["repeat"].get("once_per"):
        yield Wrong("topup", "repeat.topup", {})
    if raw["code"] in raw.get("across", {}).get("exclusive_with", ()):
        yield Wrong("itself", "across.exclusive_with", {"code": raw["code"]})


def _order(table: Table, front: str, low: str, high: str, same: bool = True) -> Iterator[Wrong]:
    """Two fields of which the first is at most the second; ``same``: or alike."""
    if low not in table or high not in table:
        return
    first, second = table[low], table[high]
    if not isinstance(first, int):
        first, second = str(first), str(second)
    if first > second or (first == second and not same):
        yield Wrong("order", f"{front}{low}", {"low": low, "high": high})


def _pairs(raw: Table) -> Iterator[Wrong]:
    yield from _order(raw, "", "effective_from", "effective_to")
    yield from _order(raw["cash"], "cash.", "min_fen", "max_fen")
    yield from _order(raw.get("eligible", {}), "eligible.", "min_age", "max_age")
    limits = raw.get("decide", {})
    for low, high in combinations(("street_fen", "district_fen", "city_fen"), 2):
        yield from _order(limits, "decide.", low, high)


def _person(raw: Table) -> Iterator[Wrong]:
    to_people = raw.get("recipient", "person") in ("person", "household")
    if to_people and not raw.get("eligible", {}).get("id_kinds"):
        yield Wrong("field", "eligible.id_kinds", {})


def _twice(members: Iterable[Table], name: str, key: str) -> Iterator[Wrong]:
    seen: set[str] = set()
    for n, each in enumerate(members, start=1):
        if each[key] in seen:
            yield Wrong("twice", f"{name}[{n}].{key}", {"value": each[key]})
        seen.add(each[key])


def _grant(raw: Table, grant: Table, place: str) -> Iterator[Wrong]:
    fixed, ranged = "fen" in grant, {"min_fen", "max_fen"} <= grant.keys()
    if fixed == ranged or (fixed and {"min_fen", "max_fen"} & grant.keys()):
        yield Wrong("one_amount", place, {})
        return
    yield from _order(grant, f"{place}.", "min_fen", "max_fen")
    yield from _order(grant, f"{place}.", "over_fen", "to_fen", same=False)
    if ("measure" in grant) != bool({"over_fen", "to_fen"} & grant.keys()):
        yield Wrong("measure", place, {})
    most, key = raw["cash"]["max_fen"], "fen" if fixed else "max_fen"
    if grant[key] > most:
        yield Wrong("order", f"{place}.{key}", {"low": key, "high": "cash.max_fen"})


def _overlaps(grants: Iterable[Table]) -> Iterator[Wrong]:
    """Bands for the same cases may touch and not overlap (BR-025)."""
    placed = [(f"grants[{n}]", each) for n, each in enumerate(grants, start=1)]
    for (_, one), (place, other) in combinations(placed, 2):
        if "measure" not in one or one.get("measure") != other.get("measure"):
            continue
        if any(one.get(name) != other.get(name) for name in _SELECTORS):
            continue
        first = (one.get("over_fen", _FIRST), one.get("to_fen", _LAST))
        second = (other.get("over_fen", _FIRST), other.get("to_fen", _LAST))
        if max(first[0], second[0]) < min(first[1], second[1]):
            yield Wrong("overlap", place, {"one": one["code"], "other": other["code"]})
