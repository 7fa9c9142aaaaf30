"""Reads a programme's file: all that is wrong with it by line and field, else its rules."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from rcaid.domain.errors import Problem
from rcaid.domain.money import MOST_FEN
from rcaid.domain.programme_facts import Facts, Help
from rcaid.domain.programme_fields import FIELDS, Field
from rcaid.domain.programme_lines import line_of, lines_of
from rcaid.domain.programme_sense import Wrong, senseless
from rcaid.domain.programmes import (
    Across,
    Caps,
    Decide,
    Eligible,
    Grant,
    ItemRule,
    Papers,
    Programme,
    Repeat,
)

Table = dict[str, Any]
_AT_LINE = re.compile(r" ?\(at line (\d+), column \d+\)")


class Example(NamedTuple):
    """A case of the file with what its rules have to say about it; "" and None say nothing."""

    name: str
    place: str
    facts: Facts
    outcome: str
    fen: int | None
    level: str
    checks: tuple[tuple[str, str], ...]


class FileRead(NamedTuple):
    """What a file came to. ``rules`` is None if there are problems; each has its line among its
    parameters and its place in ``field``."""

    rules: Programme | None
    examples: tuple[Example, ...]
    problems: tuple[Problem, ...]
    lines: dict[str, int]


def read_all(text: str) -> FileRead:
    """Reads a file and names everything that is wrong with it. Its examples are not run."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        why = str(error)
        at = _AT_LINE.search(why)
        line = int(at[1]) if at else len(text.splitlines())
        params = {"line": line, "why": _AT_LINE.sub("", why)}
        return FileRead(None, (), (Problem("programme.toml", params),), {})
    lines = lines_of(text)
    wrong = list(_walk(raw, raw, "", ""))
    if not wrong:
        wrong = list(senseless(raw))
    if wrong:
        found = sorted(
            (_problem(each, lines) for each in wrong), key=lambda p: int(p.params["line"])
        )
        return FileRead(None, (), tuple(found), lines)
    return FileRead(_programme(raw), tuple(_examples(raw)), (), lines)


def flat(text: str) -> dict[str, Any]:
    """Every field of a file that can be read by its place, without the examples: what two
    versions are compared by. Members of a list that have a code are named by it."""
    found: dict[str, Any] = {}

    def put(value: Any, place: str) -> None:
        if isinstance(value, dict):
            for key, each in value.items():
                put(each, f"{place}.{key}" if place else key)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for n, each in enumerate(value, start=1):
                put(each, f"{place}[{each.get('code', n)}]")
        else:
            found[place] = ", ".join(map(str, value)) if isinstance(value, list) else value

    put({key: each for key, each in tomllib.loads(text).items() if key != "examples"}, "")
    return found


def _problem(wrong: Wrong, lines: dict[str, int]) -> Problem:
    line = line_of(lines, wrong.place)
    params = {"line": line, "field": wrong.place, **wrong.params}
    return Problem(f"programme.{wrong.code}", params, field=wrong.place)


# --- Every field against its kind


@cache
def _by_path() -> dict[str, Field]:
    return {field.path: field for field in FIELDS}


@cache
def _tables() -> frozenset[str]:
    """The paths of all tables, lists of tables with ``[]`` behind them."""
    found: set[str] = set()
    for field in FIELDS:
        parts = field.path.split(".")[:-1]
        found.update(".".join(parts[: n + 1]) for n in range(len(parts)))
    return frozenset(found)


def _walk(raw: Table, table: Table, path: str, place: str) -> Iterator[Wrong]:
    for key, value in table.items():
        below = f"{path}.{key}" if path else key
        at = f"{place}.{key}" if place else key
        if below in _by_path():
            yield from _leaf(raw, _by_path()[below], value, at)
        elif f"{below}[]" in _tables():
            if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
                yield Wrong("tables", at, {"name": key})
                continue
            for n, one in enumerate(value, start=1):
                yield from _walk(raw, one, f"{below}[]", f"{at}[{n}]")
        elif below in _tables():
            if not isinstance(value, dict):
                yield Wrong("table", at, {"name": key})
                continue
            yield from _walk(raw, value, below, at)
        else:
            yield Wrong("unknown_field", at, {"perhaps": _perhaps(path, key)})
    if not path or path.endswith("[]"):
        yield from _missing(table, path, place)


def _perhaps(path: str, key: str) -> str:
    front = f"{path}." if path else ""
    here = {
        every[len(front) :].split(".")[0].removesuffix("[]")
        for every in _by_path()
        if every.startswith(front)
    }
    import difflib

    near = difflib.get_close_matches(key, sorted(here), 1) or sorted(here)
    return ", ".join(near)


def _missing(table: Table, path: str, place: str) -> Iterator[Wrong]:
    """Required fields of the file or of one member of a list, in its tables too."""
    front = f"{path}." if path else ""
    for field in FIELDS:
        rest = field.path[len(front) :]
        if not field.required or not field.path.startswith(front) or "[]" in rest:
            continue
        value: Any = table
        for part in rest.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is None:
            yield Wrong("field", f"{place}.{rest}" if place else rest, {})


def _leaf(raw: Table, field: Field, value: Any, at: str) -> Iterator[Wrong]:
    if not _KINDS[field.kind](value):
        yield Wrong(field.kind, at, {})
        return
    known = tuple(raw.get(field.of) or ()) if field.of else ()
    if field.kind == "lists":
        for key, words in value.items():
            yield from _among((key,), known, f"{at}.{key}")
            yield from _among(words, field.known, f"{at}.{key}")
    elif field.kind == "results":
        yield from _among(value.values(), field.known, at)
    elif field.known or field.of:
        yield from _among(value if field.kind == "words" else (value,), field.known or known, at)


def _among(values: Any, known: tuple[str, ...], at: str) -> Iterator[Wrong]:
    for value in values:
        if value not in known:
            yield Wrong("choice", at, {"value": value, "known": ", ".join(known) or "-"})


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_FEN


def _is_date(value: Any) -> bool:
    if type(value) is date:
        return True
    if not isinstance(value, str) or len(value) != 10:
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


_KINDS: dict[str, Callable[[Any], bool]] = {
    "text": _is_text,
    "date": _is_date,
    "number": _is_number,
    "fen": _is_number,
    "percent": lambda value: _is_number(value) and value <= 100,
    "flag": lambda value: isinstance(value, bool),
    "words": _is_words,
    "names": lambda value: isinstance(value, dict) and all(map(_is_text, value.values())),
    "lists": lambda value: isinstance(value, dict) and all(map(_is_words, value.values())),
    "results": lambda value: isinstance(value, dict) and all(map(_is_text, value.values())),
}


# --- What it comes to


def _programme(raw: Table) -> Programme:
    cap, sensitive = raw.get("cap", {}), raw.get("sensitive", {})
    person = cap.get("person_fen_per_year")
    eligible = dict(raw.get("eligible", {}))
    id_kinds, min_age = eligible.pop("id_kinds", ()), eligible.pop("min_age", 0)
    papers, repeat = raw.get("papers", {}), raw.get("repeat", {})
    until = raw.get("effective_to")
    return Programme(
        code=raw["code"],
        name=raw["name"],
        name_en=raw["name_en"],
        version=raw["version"],
        effective_from=str(raw["effective_from"]),
        effective_to=str(until) if until else None,
        citation=raw["citation"],
        lane=raw.get("lane", "B"),
        recipient=raw.get("recipient", "person"),
        quota=raw.get("quota", False),
        fund=raw["fund"],
        fund_name=raw["fund_name"],
        id_kinds=tuple(id_kinds),
        min_age=min_age,
        min_fen=raw["cash"]["min_fen"],
        max_fen=raw["cash"]["max_fen"],
        step_fen=raw["cash"].get("step_fen", 1) or 1,
        cap_fen_per_year=MOST_FEN if person is None else person,
        categories=dict(raw["categories"]),
        hardship=dict(raw.get("hardship", {})),
        diseases=tuple(raw.get("diseases", {}).items()),
        sensitive=tuple(sensitive.get("categories", ())),
        items=tuple(_item(each) for each in raw.get("items", ())),
        eligible=Eligible(**_tuples(eligible)),
        grants=tuple(_grant(each) for each in raw.get("grants", ())),
        repeat=Repeat(repeat.get("once_per", ""), repeat.get("topup", False)),
        cap=Caps(
            person,
            cap.get("household_fen_per_year"),
            cap.get("basis", "payment"),
            cap.get("goods_count", False),
        ),
        across=Across(**_tuples(raw.get("across", {}))),
        papers=Papers(
            tuple(papers.get("always", ())),
            tuple(papers.get("minor", ())),
            tuple((key, tuple(words)) for key, words in papers.get("category", {}).items()),
        ),
        decide=Decide(**raw.get("decide", {})),
        citations=tuple(raw.get("citations", {}).items()),
    )


def _tuples(table: Table) -> Table:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in table.items()}


def _item(raw: Table) -> ItemRule:
    return ItemRule(raw["code"], raw["name"], raw["unit"], raw["value_fen"], raw["valuation"])


def _grant(raw: Table) -> Grant:
    rest = _tuples(raw)
    fixed, low, high = rest.pop("fen", 0), rest.pop("min_fen", None), rest.pop("max_fen", None)
    rest["low_fen"] = fixed if low is None else low
    rest["high_fen"] = fixed if high is None else high
    return Grant(**rest)


def _examples(raw: Table) -> Iterator[Example]:
    for n, each in enumerate(raw.get("examples", ()), start=1):
        facts: Table = {
            key: value.isoformat() if type(value) is date else value
            for key, value in _tuples(each["facts"]).items()
        }
        facts["history"] = tuple(
            Help(**{**one, "day": str(one["day"])}) for one in facts.get("history", ())
        )
        expect = each.get("expect", {})
        yield Example(
            each["name"],
            f"examples[{n}]",
            Facts(**facts),
            expect.get("outcome", ""),
            expect.get("fen"),
            expect.get("level", ""),
            tuple(expect.get("checks", {}).items()),
        )
