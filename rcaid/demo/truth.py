"""What was planted, written down so that what the program finds can be held against it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from rcaid.demo.lines import BOX_YUAN, NURSE_YUAN, DistrictYear, Line

NAME = "truth.json"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A wrong row: its number in the file (from 1), the code its rejection must carry, the
    heading as the file has it and the field it means."""

    row: int
    code: str
    column: str
    field: str


@dataclass(frozen=True, slots=True)
class FileTruth:
    """One roster file: data rows (without titles and totals), accepted ones, wrong ones."""

    cycle: str
    office: str
    letters: str
    part: str
    rows: int
    accepted: int
    rejected: tuple[Rejected, ...]


@dataclass(slots=True)
class Count:
    """What reached people. ``entitled`` are person-times; ``cash_lines`` and ``kits`` what was
    delivered; ``undelivered`` kits not handed out; ``returned`` payments that came back,
    ``reissued`` and ``unpaid`` what became of them; ``deceased`` person-times lost to death."""

    programme: str
    entitled: int = 0
    persons: int = 0
    households: int = 0
    person_times: int = 0
    cash_fen: int = 0
    cash_lines: int = 0
    kits: int = 0
    kits_fen: int = 0
    value_fen: int = 0
    undelivered: int = 0
    returned: int = 0
    reissued: int = 0
    unpaid: int = 0
    deceased: int = 0

    def add(self, other: Count) -> None:
        """Add the numbers of people who are all different."""
        for name in [f.name for f in fields(self) if f.name != "programme"]:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Truth:
    """Everything planted in one made-up year; ``rounds`` are keyed like ``22A-1``, ``totals``
    by programme, ``districts`` by letters and programme."""

    seed: int
    scale: float
    person_times: int
    value_fen: int
    files: dict[str, FileTruth] = field(default_factory=dict)
    rounds: dict[str, Count] = field(default_factory=dict)
    totals: dict[str, Count] = field(default_factory=dict)
    districts: dict[str, dict[str, Count]] = field(default_factory=dict)
    hazards: dict[str, list[str]] = field(default_factory=dict)
    transfers: dict[str, dict[str, int]] = field(default_factory=dict)
    applications: dict[str, dict[str, int]] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write it beside the files, readable and sorted."""
        shape = asdict(self)
        shape["targets"] = {k: shape.pop(k) for k in ("person_times", "value_fen")}
        text = json.dumps(shape, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / NAME).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Truth:
        """Read it back."""
        shape: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
        targets = shape.pop("targets")
        files = {
            name: FileTruth(**{**file, "rejected": tuple(Rejected(**r) for r in file["rejected"])})
            for name, file in shape.pop("files").items()
        }
        rounds = {key: Count(**c) for key, c in shape.pop("rounds").items()}
        totals = {code: Count(**c) for code, c in shape.pop("totals").items()}
        districts = {
            letters: {code: Count(**c) for code, c in by_programme.items()}
            for letters, by_programme in shape.pop("districts").items()
        }
        return cls(
            **shape, **targets, rounds=rounds, totals=totals, districts=districts, files=files
        )


def count(programme: str, pairs: Iterable[tuple[Line, int]]) -> Count:
    """Count (line, round) pairs of one district."""
    result = Count(programme)
    persons: set[str] = set()
    households: set[str] = set()
    goods_yuan = NURSE_YUAN if programme == "HLW" else BOX_YUAN
    for line, n in pairs:
        result.entitled += 1
        if not line.alive(n):
            result.deceased += 1
            continue
        kit, cash = line.has_kit(n), line.has_cash(n)
        result.kits += kit
        result.cash_lines += cash
        result.cash_fen += line.cash * 100 * cash
        result.undelivered += bool(line.item) and not kit
        if line.cash and n in line.returned:
            result.returned += 1
            result.reissued += cash
            result.unpaid += not cash
        if kit or cash:
            result.person_times += 1
            persons.add(line.person.number)
            households.add(line.person.head or line.person.number)
    result.persons = len(persons)
    result.households = len(households)
    result.kits_fen = result.kits * goods_yuan * 100
    result.value_fen = result.cash_fen + result.kits_fen
    return result


def count_year(truth: Truth, year: DistrictYear) -> None:
    """Add one district's finished cycles to the truth."""
    of = {
        cycle: [(line, n) for line in year.lines[cycle] for n in line.rounds]
        for cycle in ("22A", "22B", "22N")
    }
    for cycle, pairs in of.items():
        programme = "HLW" if cycle == "22N" else "QWR"
        for number in (1, 2) if cycle == "22A" else (1,):
            found = count(programme, [pair for pair in pairs if pair[1] == number])
            truth.rounds.setdefault(f"{cycle}-{number}", Count(programme)).add(found)
    mine = {"QWR": count("QWR", of["22A"] + of["22B"]), "HLW": count("HLW", of["22N"])}
    truth.districts[year.district.letters] = mine
    for programme, found in mine.items():
        truth.totals.setdefault(programme, Count(programme)).add(found)
