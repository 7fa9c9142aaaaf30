"""A programme's rules: what it gives, to whom, and up to what cap. They are written as TOML.

`programme_fields` lists what may stand in a file, `programme_file` reads one and names what is
wrong by line, `programme_rules` judges somebody by the rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rcaid.domain.errors import Problem

LEVELS = ("street", "district", "city")


@dataclass(frozen=True, slots=True)
class ItemRule:
    """Goods a programme hands out; ``value_fen`` is the value of one unit by its valuation."""

    code: str
    name: str
    unit: str
    value_fen: int
    valuation: str


@dataclass(frozen=True, slots=True)
class Eligible:
    """Who may be helped. An empty text or tuple and None ask for nothing.

    ``residence`` and ``outside`` are fronts of region codes; ages are full years by ``age_rule``
    (BR-013) on the day that ``age_at`` names (BR-014); ``income_to_fen`` is for a head and month.
    """

    max_age: int | None = None
    age_rule: str = "birthday"
    age_at: str = "received"
    residence: str = ""
    outside: str = ""
    hardship: tuple[str, ...] = ()
    disease_for: tuple[str, ...] = ()
    income_to_fen: int | None = None
    institutions: tuple[str, ...] = ()
    disaster: bool = False
    guardian_under: int = 18
    consent_under: int = 14


@dataclass(frozen=True, slots=True)
class Grant:
    """An amount and whom it is for: ``low_fen`` to ``high_fen``, alike where it is fixed.

    Empty tuples take everybody. ``measure`` names a sum of the case, and the grant is for those in
    (over_fen, to_fen]: above the first, up to and with the second (BR-025).
    """

    code: str
    name: str
    low_fen: int
    high_fen: int
    categories: tuple[str, ...] = ()
    hardship: tuple[str, ...] = ()
    diseases: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    measure: str = ""
    over_fen: int | None = None
    to_fen: int | None = None

    def holds(self, fen: int) -> bool:
        """Whether a sum lies in the band (over, to]."""
        return (self.over_fen is None or fen > self.over_fen) and (
            self.to_fen is None or fen <= self.to_fen
        )


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often somebody is helped: once for each ``cause``, once ever (``programme``) or as often
    as the caps allow; ``topup``: again up to the amount of a higher grant (BR-023)."""

    once_per: str = ""
    topup: bool = False


@dataclass(frozen=True, slots=True)
class Caps:
    """The most in a calendar year from this programme (BR-022), in fen; None is no cap.

    ``goods_count``: goods count with their value (BR-026).
    """

    person_fen: int | None = None
    household_fen: int | None = None
    basis: str = "payment"
    goods_count: bool = False


@dataclass(frozen=True, slots=True)
class Across:
    """Help from everywhere in the ``months`` before: above ``city_above_fen`` the city decides
    (BR-028); beside help from ``exclusive_with`` there is none (BR-027)."""

    months: int = 12
    city_above_fen: int | None = None
    exclusive_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Papers:
    """Codes of the papers that are needed: by everybody, under age, and by category."""

    always: tuple[str, ...] = ()
    minor: tuple[str, ...] = ()
    category: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def needed(self, category: str, minor: bool) -> tuple[str, ...]:
        """What somebody has to bring, each once."""
        more = dict(self.category).get(category, ())
        return tuple(dict.fromkeys((*self.always, *(self.minor if minor else ()), *more)))


@dataclass(frozen=True, slots=True)
class Decide:
    """How a case is decided: notice, limits in fen by level (None: that level decides nothing,
    for the city: everything), days to decide and to pay in working days, follow-up in percent."""

    notice_days: int = 0
    notice_unit: str = "workdays"
    street_fen: int | None = None
    district_fen: int | None = None
    city_fen: int | None = None
    street_days: int = 5
    district_days: int = 5
    city_days: int = 10
    total_days: int = 20
    pay_days: int = 0
    urgent_fen: int | None = None
    review_days: int = 10
    follow_up_percent: int = 0
    report_days: int = 0

    def level(self, fen: int) -> str:
        """The lowest level that may decide on an amount; "" if none may (BR-041)."""
        limits = (self.street_fen, self.district_fen)
        for level, limit in zip(LEVELS, limits, strict=False):
            if limit is not None and fen <= limit:
                return level
        return "" if self.city_fen is not None and fen > self.city_fen else "city"


@dataclass(frozen=True, slots=True)
class Programme:
    """One version of a programme's rules. Amounts in fen, ages in years.

    ``cap_fen_per_year`` is more than any amount can be where there is no cap for a person.
    """

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
    effective_to: str | None = None
    lane: str = "B"
    recipient: str = "person"
    quota: bool = False
    step_fen: int = 1
    diseases: tuple[tuple[str, str], ...] = ()
    sensitive: tuple[str, ...] = ()
    eligible: Eligible = Eligible()
    grants: tuple[Grant, ...] = ()
    repeat: Repeat = Repeat()
    cap: Caps = Caps()
    across: Across = Across()
    papers: Papers = Papers()
    decide: Decide = Decide()
    citations: tuple[tuple[str, str], ...] = ()

    def category_of(self, text: str) -> str | None:
        """The code of a category written as its code or its Chinese name."""
        return _code_of(self.categories, text)

    def hardship_of(self, text: str) -> str | None:
        """The code of a hardship written as its code or its Chinese name."""
        return _code_of(self.hardship, text)

    def item_of(self, text: str) -> ItemRule | None:
        """The goods of this code or name."""
        return next((item for item in self.items if text in (item.code, item.name)), None)

    def cite(self, part: str) -> str:
        """Where a part of the rules stands written; else where the programme does."""
        return dict(self.citations).get(part, self.citation)


def _code_of(table: dict[str, str], text: str) -> str | None:
    if text in table:
        return text
    return next((code for code, name in table.items() if name == text), None)


@lru_cache(maxsize=64)
def read(text: str) -> Programme | Problem:
    """Reads a programme's TOML; the first Problem names the line and the field that is wrong.

    A text is read once: treat what it comes to as fixed.
    """
    from rcaid.domain.programme_file import read_all

    found = read_all(text)
    return found.problems[0] if found.rules is None else found.rules
