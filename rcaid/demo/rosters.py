"""The rows of one roster file: accepted lines in their order, wrong rows among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from rcaid.demo import faults
from rcaid.demo.keyed import about, stream
from rcaid.demo.lines import BOX, NURSE, DistrictYear, Line
from rcaid.demo.losses import ALWAYS
from rcaid.demo.names import DOTS
from rcaid.demo.people import PeopleMaker, Person
from rcaid.demo.places import Street

FIELDS = (
    "name", "id_type", "number", "head", "relation", "guardian", "phone", "street", "address",
    "category", "hardship", "hardship_until", "payee", "bank", "account", "amount", "item",
)  # fmt: skip
WRONG = 0.01
SPLIT = "肿瘤"
_TURN = {"22A": 0, "22N": 3, "22B": 6, "23A": 9}
_WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: an accepted line, or the cells of a wrong row with its code."""

    line: Line | None
    cells: faults.Cells = field(default_factory=dict)
    code: str = ""


class Renderer:
    """Writes people the way a district's clerks do: right, and never twice alike."""

    def __init__(self, rng: Random, cycle: str, turn: int, old_numbers: float) -> None:
        self._rng = rng
        self._until = ("2022-12-31", "2023-06-30", "2024-12-31")
        if cycle in ("22B", "23A"):
            self._until = ("2023-06-30", "2023-12-31", "2024-12-31")
        self._turn = turn
        self._old_numbers = old_numbers

    def cells(self, line: Line) -> faults.Cells:
        """Canonical fields with the text of a good row; amounts in whole yuan."""
        person = line.person
        paid = bool(line.cash)
        return {
            "name": self._name(person),
            "id_type": "居民身份证",
            "number": self._number(person),
            "head": person.head,
            "relation": person.relation,
            "guardian": person.guardian,
            "phone": person.phone,
            "street": person.street.name + (" " if self._rng.random() < 0.004 else ""),
            "address": person.address,
            "category": person.category,
            "hardship": person.hardship,
            "hardship_until": "" if person.hardship == "无" else self._rng.choice(self._until),
            "payee": person.payee if paid else "",
            "bank": person.bank if paid else "",
            "account": person.account if paid else "",
            "amount": str(line.cash) if paid else "",
            "item": line.item,
        }

    def _name(self, person: Person) -> str:
        name = person.name
        if DOTS[0] in name:
            self._turn += 1
            return name.replace(DOTS[0], DOTS[self._turn % len(DOTS)])
        chance = self._rng.random()
        if chance < 0.003 and len(name) == 2:
            return f"{name[0]}\u3000{name[1]}"
        return f"{name} " if chance > 0.995 else name

    def _number(self, person: Person) -> str:
        number = person.number
        chance = self._rng.random()
        if number[6:8] == "19" and chance < self._old_numbers:
            return old_number(number)
        if number[-1] == "X" and chance > 0.75:
            return number[:-1] + ("x" if chance > 0.82 else "Ｘ" if chance > 0.78 else "ｘ")
        if 0.5 < chance < 0.503:
            return f"{number[:6]} {number[6:14]} {number[14:]}"
        return number.translate(_WIDE) if 0.6 < chance < 0.601 else number


def old_number(number: str) -> str:
    """The fifteen digits a person born before 2000 had at first."""
    return number[:6] + number[8:17]


class RosterMaker:
    """Puts together the roster files of one district and cycle."""

    def __init__(self, seed: int, year: DistrictYear, cycle: str, renderer: Renderer) -> None:
        self.year = year
        self.cycle = cycle
        self.lines = year.lines[cycle]
        self._rng = stream(seed, year.district.code, cycle, "faults")
        self._maker = PeopleMaker(seed, year.district, f"{cycle} faults", year.numbers)
        self._render = renderer
        self.full = self._full_streets()

    def entries(self, supplement: bool = False) -> list[Entry]:
        """The rows of the main file or of the supplement."""
        lines = [line for line in self.lines if line.supplement == supplement]
        placed = [(float(i), Entry(line)) for i, line in enumerate(lines)]
        open_rows = [i for i, line in enumerate(lines) if line.person.street not in self.full]
        for code in self._codes(len(lines)) if open_rows else ():
            placed.append(self._wrong(code, lines, self._rng.choice(open_rows)))
        if not supplement:
            last = {line.person.street: i for i, line in enumerate(lines)}
            for street in self.full:
                for _ in range(self._rng.randrange(1, 3)):
                    cells = self._render.cells(self._line(street))
                    placed.append((last[street] + 0.9, Entry(None, cells, faults.QUOTA_FULL)))
        placed.sort(key=lambda pair: pair[0])
        return [entry for _, entry in placed]

    @property
    def splits(self) -> bool:
        """Whether the district's first streets have a quota for one category as well."""
        return self.year.district.letters in ALWAYS and self.cycle != "22N"

    def quota(self) -> Iterator[tuple[Street, str, int]]:
        """What each street is allotted: enough, except in the streets that are full."""
        used = Counter(line.person.street for line in self.lines)
        by_category = Counter((ln.person.street, ln.person.category) for ln in self.lines)
        rng = self._rng
        split = self.year.district.living[:2] if self.splits else ()
        for street in self.year.district.living:
            slack = 0 if street in self.full else 2 + used[street] * rng.randrange(2, 9) // 100
            yield street, "*", used[street] + slack
            if street in split and street not in self.full:
                yield street, SPLIT, by_category[street, SPLIT] + slack

    def _full_streets(self) -> list[Street]:
        """Streets whose quota is one or two too small."""
        late = {line.person.street for line in self.lines if line.supplement}
        used = Counter(line.person.street for line in self.lines)
        can = [s for s in self.year.district.living[1:] if used[s] and s not in late]
        wanted = int(self.year.district.letters in ALWAYS or self._rng.random() < 0.3)
        if self.cycle == "22N" or len(can) < 3:
            return []
        return self._rng.sample(can, wanted)

    def _codes(self, rows: int) -> list[str]:
        codes = faults.GOODS_CODES if self.cycle == "22N" else faults.ROSTER_CODES
        first = codes[(self.year.district.index + _TURN[self.cycle]) % len(codes)]
        more = about(self._rng, WRONG * rows) - 1
        return [first, *(self._rng.choice(codes) for _ in range(more))]

    def _wrong(self, code: str, lines: list[Line], i: int) -> tuple[float, Entry]:
        rng = self._rng
        if code == faults.REPEATED:
            again = lines[i]
            cells = self._render.cells(replace(again, cash=again.cash and 100))
            if again.person.number[6:8] == "19" and rng.random() < 0.3:
                cells["number"] = old_number(again.person.number)
            return rng.randrange(i, len(lines)) + rng.uniform(0.1, 0.8), Entry(None, cells, code)
        line = self._line(lines[i].person.street, cash=code.startswith("money"))
        cells = self._render.cells(line)
        cells["number"] = line.person.number
        cells = faults.plant(rng, code, cells)
        return i + rng.uniform(0.1, 0.8), Entry(None, cells, code)

    def _line(self, street: Street, cash: bool = False) -> Line:
        """A line of somebody who is on no list otherwise."""
        if self.cycle == "22N":
            return Line(self._maker.single(street, "失智"), item=NURSE)
        if cash or self.cycle != "22A":
            return Line(self._maker.single(street), cash=100)
        return Line(self._maker.single(street), item=BOX)
