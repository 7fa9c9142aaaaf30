"""The offices of the made-up year: the sixteen districts, their letters, size and streets."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from rcaid import data

CITY = ("310000", "上海市")

# Letters in case numbers and people of a district in ten thousands, which gives its share.
_DISTRICTS = {
    "310101": ("HP", 66),
    "310104": ("XH", 111),
    "310105": ("CN", 69),
    "310106": ("JA", 98),
    "310107": ("PT", 124),
    "310109": ("HK", 76),
    "310110": ("YP", 124),
    "310112": ("MH", 265),
    "310113": ("BS", 224),
    "310114": ("JD", 183),
    "310115": ("PD", 568),
    "310116": ("JS", 82),
    "310117": ("SJ", 191),
    "310118": ("QP", 127),
    "310120": ("FX", 114),
    "310151": ("CM", 64),
}
LETTERS: Mapping[str, str] = MappingProxyType(
    {c: letters for c, (letters, _) in _DISTRICTS.items()}
)


@dataclass(frozen=True, slots=True)
class Street:
    """A street or town; ``pseudo`` ones (parks, farms) get no quota (BR-035)."""

    code: str
    name: str
    pseudo: bool


@dataclass(frozen=True, slots=True)
class District:
    """A district with its streets in the order of their codes; ``index`` counts from 0."""

    index: int
    code: str
    name: str
    letters: str
    weight: int
    streets: tuple[Street, ...]

    @property
    def living(self) -> tuple[Street, ...]:
        """The streets that may be given a quota."""
        return tuple(street for street in self.streets if not street.pseudo)


@cache
def districts() -> tuple[District, ...]:
    """All sixteen, in the order of their codes."""
    rows = list(csv.DictReader(data.text("regions.csv").splitlines()))
    names = {row["code"]: row["name"] for row in rows}
    return tuple(
        District(
            index=index,
            code=code,
            name=names[code],
            letters=letters,
            weight=weight,
            streets=tuple(
                Street(row["code"], row["name"], row["kind"] == "pseudo")
                for row in rows
                if row["level"] == "street" and row["parent"] == code
            ),
        )
        for index, (code, (letters, weight)) in enumerate(_DISTRICTS.items())
    )
