"""What lies in the inbox when the year ends: late lists of the open cycle, for people to try.

Nothing here is played and nothing of it is in the truth. The list of the first district is as
messy as they come: wrong rows to mend, people who may be known already, people who are on the
roster with another phone number by now.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from rcaid.demo import faults
from rcaid.demo.calendar import NEXT
from rcaid.demo.keyed import stream
from rcaid.demo.lines import DistrictYear, Line
from rcaid.demo.people import PeopleMaker, Person
from rcaid.demo.places import Street
from rcaid.demo.rosters import Renderer, RosterMaker
from rcaid.demo.sheets import RosterFile, shape_of
from rcaid.domain.identity import make_number
from rcaid.services.desk import Desk
from rcaid.services.importing import inbox

NAME = "inbox"
MESSY = "JD"
DISTRICTS = (MESSY, "PD", "BS")
_DAY = "2023-02-20"
_ALIKE = 3
_FAULTS = ("identity.checksum", "phone.scientific", "money.words")


def write(folder: Path, seed: int, year: DistrictYear) -> None:
    """The late list of a district, beside those of others, in a folder of its office code."""
    if year.district.letters not in DISTRICTS or not year.lines[NEXT.code]:
        return
    district = year.district
    shape = shape_of(district)
    file = RosterFile(shape, district, NEXT.title, _DAY)
    for cells in _Late(seed, year).rows():
        file.add(cells)
    name = f"{district.letters}_{district.name}_迟报.{shape.ending}"
    file.write(folder / NAME / district.code / name)


def lay_out(folder: Path, desk: Desk) -> None:
    """Puts the late lists of a year's folder into the inbox of an embedded store, or where the
    setting says."""
    target = inbox.folder(desk)
    source = folder / NAME
    known = desk.store.engine == "sqlite" or inbox.SETTING in os.environ
    if known and source.is_dir() and source.resolve() != target.resolve():
        shutil.copytree(source, target, dirs_exist_ok=True)


class _Late:
    """The rows of one late list."""

    def __init__(self, seed: int, year: DistrictYear) -> None:
        self._year = year
        self._rng = stream(seed, year.district.code, NAME)
        self._people = PeopleMaker(seed, year.district, NAME, year.numbers)
        self._render = Renderer(self._rng, NEXT.code, 0, 0.0)
        maker = RosterMaker(seed, year, NEXT.code, self._render)
        streets = year.district.living
        # The first two have a quota of each category as well, others are full.
        self._streets = [s for s in streets[2:] if s not in maker.full] or list(streets)

    def rows(self) -> Iterator[faults.Cells]:
        """In the order of the file."""
        messy = self._year.district.letters == MESSY
        rows = [self._cells(self._people.single(street)) for street in self._streets]
        wrong = zip(_FAULTS if messy else _FAULTS[:1], self._streets, strict=False)
        rows += [self._wrong(code, street) for code, street in wrong]
        if messy:
            rows += [self._alike(n, person) for n, person in enumerate(self._helped_before())]
            rows += self._listed_already()
        self._rng.shuffle(rows)
        yield from rows

    def _cells(self, person: Person) -> faults.Cells:
        return self._render.cells(Line(person, cash=self._rng.choice((200, 300, 500))))

    def _wrong(self, code: str, street: Street) -> faults.Cells:
        """A row that has to be mended, its one fault apart as good as any."""
        return faults.plant(self._rng, code, self._cells(self._people.single(street)))

    def _helped_before(self) -> list[Person]:
        """People of earlier cycles who are not on the roster of this one and live alone."""
        listed = {line.person.number for line in self._year.lines[NEXT.code]}
        known = {
            line.person.number: line.person
            for cycle in ("22A", "22B")
            for line in self._year.lines[cycle]
            if _usual(line.person) and not line.dead and line.person.number not in listed
        }
        # One for a street, and none where a wrong row is to be mended: there is room for two more.
        left = {street.code for street in self._streets[len(_FAULTS) :]}
        one = {p.street.code: p for p in known.values() if p.street.code in left}
        return self._rng.sample(list(one.values()), min(_ALIKE, len(one)))

    def _alike(self, n: int, person: Person) -> faults.Cells:
        """Somebody known, by a passport this time; the last of them by another number."""
        if n == _ALIKE - 1:
            return self._cells(replace(person, number=_another(self._rng, person.number)))
        passport = f"E{self._rng.randrange(10_000_000, 99_999_999)}"
        return {**self._cells(person), "id_type": "护照", "number": passport}

    def _listed_already(self) -> list[faults.Cells]:
        """Somebody of the roster as it stands, and somebody with another phone number."""
        usual = [ln for ln in self._year.lines[NEXT.code] if _usual(ln.person) and not ln.item]
        same, *more = [self._render.cells(line) for line in usual[:2]]
        return [same, *({**cells, "phone": self._people.phone(self._rng)} for cells in more)]


def _usual(person: Person) -> bool:
    return not (person.tag or person.head or person.guardian)


def _another(rng: Random, number: str) -> str:
    """A number of the same birth date and sex that is not this one."""
    sequence = int(number[14:17])
    other = next(
        n for n in (rng.randrange(sequence % 2, 990, 2) for _ in range(50)) if n != sequence
    )
    return make_number(number[:6], number[6:14], other)
