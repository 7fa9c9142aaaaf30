"""A programme's rules, read from TOML: what it gives, to whom, and up to what cap."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

from rcaid.domain.errors import Problem


@dataclass(frozen=True, slots=True)
class ItemRule:
    """Goods a programme hands out; ``value_fen`` is the value of one unit by its valuation."""

    code: str
    name: str
    unit: str
    value_fen: int
    valuation: str


@dataclass(frozen=True, slots=True)
class Programme:
    """One version of a programme's rules. Amounts in fen, ages in years."""

    code: str
    name: str
    name_en: str
    version: int
    effective_from: str
    citation: str
    fund: str
    fund_name: str
    id_kinds: tuple[str, ...]
    min_age: int
    min_fen: int
    max_fen: int
    cap_fen_per_year: int
    categories: dict[str, str]
    hardship: dict[str, str]
    items: tuple[ItemRule, ...]

    def category_of(self, text: str) -> str | None:
        """The code of a category written as its code or its Chinese name."""
        return _code_of(self.categories, text)

    def hardship_of(self, text: str) -> str | None:
        """The code of a hardship written as its code or its Chinese name."""
        return _code_of(self.hardship, text)

    def item_of(self, text: str) -> ItemRule | None:
        """The goods of this code or name."""
        return next((item for item in self.items if text in (item.code, item.name)), None)


def _code_of(table: dict[str, str], text: str) -> str | None:
    if text in table:
        return text
    return next((code for code, name in table.items() if name == text), None)


def read(text: str) -> Programme | Problem:
    """Reads a programme's TOML; a Problem names the line or the field that is wrong."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Problem("programme.toml", {"why": str(error)})
    try:
        return _programme(raw)
    except KeyError as missing:
        return Problem("programme.field", {"field": str(missing).strip("'")})
    except (TypeError, ValueError) as error:
        return Problem("programme.value", {"why": str(error)})


def _programme(raw: dict[str, Any]) -> Programme:
    eligible, cash, cap = raw["eligible"], raw["cash"], raw["cap"]
    return Programme(
        code=_text(raw, "code"),
        name=_text(raw, "name"),
        name_en=_text(raw, "name_en"),
        version=_number(raw, "version"),
        effective_from=_text(raw, "effective_from"),
        citation=_text(raw, "citation"),
        fund=_text(raw, "fund"),
        fund_name=_text(raw, "fund_name"),
        id_kinds=tuple(eligible["id_kinds"]),
        min_age=_number(eligible, "min_age"),
        min_fen=_number(cash, "min_fen"),
        max_fen=_number(cash, "max_fen"),
        cap_fen_per_year=_number(cap, "person_fen_per_year"),
        categories=dict(raw["categories"]),
        hardship=dict(raw["hardship"]),
        items=tuple(
            ItemRule(
                _text(item, "code"),
                _text(item, "name"),
                _text(item, "unit"),
                _number(item, "value_fen"),
                _text(item, "valuation"),
            )
            for item in raw.get("items", ())
        ),
    )


def _text(table: dict[str, Any], key: str) -> str:
    value = table[key]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} must be a text that is not empty")
    return value


def _number(table: dict[str, Any], key: str) -> int:
    value = table[key]
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{key} must be a whole number, 0 or more")
    return value
