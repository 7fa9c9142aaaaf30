"""Writes the made-up year: the files a city's society holds, the plan to play it by, the truth.

Same seed and scale, same bytes. The districts are made one after the other, each to its exact
share of person-times and value, so that memory holds one at a time.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from rcaid.demo import applications, handouts, inbox, transfers
from rcaid.demo.calendar import BY_CODE, CYCLES, FINISHED, OPEN_STATES, CycleDays
from rcaid.demo.faults import FIELD_OF
from rcaid.demo.handouts import Handout, Papers
from rcaid.demo.keyed import share_out, stream
from rcaid.demo.lines import DistrictYear, Line
from rcaid.demo.names import DOTS
from rcaid.demo.places import CITY, District, districts
from rcaid.demo.plan import NAME as PLAN
from rcaid.demo.plan import Plan
from rcaid.demo.rosters import SPLIT, Renderer, RosterMaker
from rcaid.demo.sheets import RosterFile, encoding_of, shape_of, write_csv
from rcaid.demo.truth import NAME as TRUTH
from rcaid.demo.truth import FileTruth, Rejected, Truth, count_year
from rcaid.demo.year import YearMaker
from rcaid.domain.errors import Problem, Unusable

SEED = 2022
PERSON_TIMES, YUAN = 98_437, 17_563_210
NURSING_LINES, NEXT_LINES = 1_900, 6_000
SMALLEST, LARGEST = 0.01, 24.0

QUOTA = ("单位代码", "单位", "类别", "名额")
_FOLDERS = (
    "quota",
    "rosters",
    "deliveries",
    "bank",
    inbox.NAME,
    transfers.FOLDER,
    applications.FOLDER,
)
_FILES = ("deaths.csv", PLAN, TRUTH)
_EXAMPLES = 40


def make(folder: Path, *, scale: float = 1.0, seed: int = SEED) -> Truth:
    """Write the year into ``folder``, replacing an earlier one, and return what was planted.

    Raises `Unusable` for a scale outside 0.01 to 24 and for a folder that holds only other things.
    """
    if not SMALLEST <= scale <= LARGEST:
        raise Unusable(
            Problem("demo.scale", {"least": SMALLEST, "most": LARGEST}, value=str(scale))
        )
    _clear(folder)
    person_times, yuan = targets(scale, seed)
    truth = Truth(seed=seed, scale=scale, person_times=person_times, value_fen=yuan * 100)
    _Society(folder, truth).write()
    return truth


def targets(scale: float, seed: int) -> tuple[int, int]:
    """Person-times and yuan that arrive in all; other seeds than 2022 differ by up to 2 %."""
    rng = stream(seed, "targets")
    more, dearer = (rng.uniform(0.98, 1.02) if seed != SEED else 1.0 for _ in range(2))
    return round(round(PERSON_TIMES * scale) * more), round(YUAN * scale * dearer / 10) * 10


def _clear(folder: Path) -> None:
    """Make room for a new year; what else lies beside an earlier one, a store say, stays."""
    folder.mkdir(parents=True, exist_ok=True)
    found = sorted(path.name for path in folder.iterdir())
    if found and not set(found) & {*_FOLDERS, *_FILES}:
        raise Unusable(Problem("demo.folder", {"folder": str(folder), "found": found[0]}))
    for name in _FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "rosters").mkdir()
    for name in _FILES:
        (folder / name).unlink(missing_ok=True)


class _Society:
    """Everything of one made-up year while it is being written."""

    def __init__(self, folder: Path, truth: Truth) -> None:
        self.folder = folder
        self.truth = truth
        self.plan = Plan()
        self.quotas: dict[str, list[tuple[str, str, str, int]]] = {c.code: [] for c in CYCLES}
        self.fixes: dict[tuple[str, int], list[handouts.Row]] = {}
        self.deaths: list[handouts.Row] = []

    def write(self) -> None:
        for days in CYCLES:
            self.plan.open_cycle(days)
        for year in self._years():
            for days in CYCLES:
                self._rosters(year, days)
            self.deaths += handouts.deaths(self.truth.seed, year)
            count_year(self.truth, year)
            inbox.write(self.folder, self.truth.seed, year)
        self._city_files()
        self.truth.transfers = transfers.write(self.folder, self.truth.seed, self.truth.scale)
        self.plan.transfers(transfers.made(self.truth.seed, self.truth.scale))
        self.truth.applications = applications.write(self.folder, self.truth.seed, self.truth.scale)
        self.plan.applications(applications.made(self.truth.seed, self.truth.scale))
        for code in FINISHED:
            self.plan.close_cycle(BY_CODE[code])
        for days in CYCLES:
            self._city_steps(days)
        self.plan.write(self.folder, self.truth.seed, self.truth.scale)
        self.truth.write(self.folder)

    def _years(self) -> Iterator[DistrictYear]:
        weights = [district.weight for district in districts()]
        nursing = share_out(round(NURSING_LINES * self.truth.scale), weights)
        following = share_out(round(NEXT_LINES * self.truth.scale), weights)
        person_times = share_out(self.truth.person_times, weights)
        tens = share_out(self.truth.value_fen // 1000, weights)
        for i, district in enumerate(districts()):
            maker = YearMaker(self.truth.seed, district, person_times[i], tens[i] * 10)
            there = district.letters in OPEN_STATES
            yield maker.build(max(3, nursing[i]), max(8, following[i]) if there else 0)

    def _rosters(self, year: DistrictYear, days: CycleDays) -> None:
        """The roster files of a district in a cycle, its quotas, and its papers afterwards."""
        district = year.district
        turn = district.index + CYCLES.index(days)
        rng = stream(self.truth.seed, district.code, days.code, "hand")
        old_numbers = 0.03 if encoding_of(district) == "gb18030" else 0.008
        renderer = Renderer(rng, days.code, turn, old_numbers)
        maker = RosterMaker(self.truth.seed, year, days.code, renderer)
        if year.lines[days.code]:
            self._roster(year, days, maker, renderer, "main")
        if any(line.supplement for line in year.lines[days.code]):
            self._roster(year, days, maker, renderer, "supplement")
        self._quota(maker, district, days.code)
        for round_days in days.rounds:
            handout = Handout(self.truth.seed, year, days.code, round_days)
            if days.code in FINISHED:
                self.plan.handout(days.code, round_days, district, handout.write(self.folder))
                self.fixes.setdefault((days.code, round_days.number), []).extend(handout.fixes())
            elif OPEN_STATES.get(district.letters) == "returned payments":
                handout.write_results(self.folder)
                self.plan.handout(days.code, round_days, district, Papers(False, True, False))
            elif OPEN_STATES.get(district.letters) == "locked":
                self.plan.locked_batch(days, district)

    def _roster(
        self, year: DistrictYear, days: CycleDays, maker: RosterMaker, renderer: Renderer, part: str
    ) -> None:
        district = year.district
        shape = shape_of(district, goods_only=days.code == "22N")
        late = part == "supplement"
        broken = days.code not in FINISHED and OPEN_STATES[district.letters] == "wrong file"
        file = RosterFile(shape, district, days.title, days.late if late else days.imported)
        rejected: list[Rejected] = []
        entries = maker.entries(supplement=late)
        for entry in entries:
            cells = renderer.cells(entry.line) if entry.line else entry.cells
            row = file.add(cells)
            if entry.line and not broken:
                self._note_hazards(entry.line, cells["number"])
            if not entry.line:
                field = FIELD_OF[entry.code]
                rejected.append(Rejected(row, entry.code, shape.heading(field), field))
        name = _roster_name(district, days, late, shape.ending)
        file.write(self.folder / name)
        if broken:
            _cut_short(self.folder / name)
            self.plan.wrong_file(days, district, name)
            return
        wrong = tuple(rejected)
        of = (days.code, district.code, district.letters, part)
        self.truth.files[name] = FileTruth(*of, len(entries), len(entries) - len(wrong), wrong)
        streets = {entry.line.person.street.code for entry in entries if entry.line}
        twice = year.rounds if days.code == "22A" else {}
        rounds = {code: list(twice.get(code, (1,))) for code in sorted(streets)}
        self.plan.roster(days, district, part, name, rounds)

    def _note_hazards(self, line: Line, number: str) -> None:
        """Remember where special people stand, some of each kind."""
        person = line.person
        kinds = [person.tag] if person.tag else []
        kinds += ["old_number"] if len(number) == 15 else []
        kinds += ["x_ending"] if person.number[-1] == "X" else []
        kinds += ["dots"] if DOTS[0] in person.name and person.tag != "dots" else []
        for kind in kinds:
            cases = self.truth.hazards.setdefault(kind, [])
            if len(cases) < _EXAMPLES:
                cases.append(line.case)

    def _quota(self, maker: RosterMaker, district: District, cycle: str) -> None:
        streets = list(maker.quota())
        allotted = sum(n for _, category, n in streets if category == "*") + 5
        rows = [(district.code, district.name, "*", allotted)]
        if maker.splits:
            rows.append((district.code, district.name, SPLIT, allotted))
        rows += [(street.code, street.name, category, n) for street, category, n in streets]
        self.quotas[cycle] += rows

    def _city_files(self) -> None:
        for cycle, rows in self.quotas.items():
            allotted = sum(n for code, _, category, n in rows if len(code) == 6 and category == "*")
            city = [(*CITY, "*", allotted + 50)]
            if any(category == SPLIT for _, _, category, _ in rows):
                city.append((*CITY, SPLIT, allotted + 50))
            write_csv(self.folder / "quota" / f"{cycle}.csv", QUOTA, [*city, *rows])
        for (cycle, number), fixes in self.fixes.items():
            if fixes:
                path = self.folder / "bank" / f"fixes_{cycle}-{number}.csv"
                write_csv(path, handouts.FIXES, fixes)
        deaths = sorted(self.deaths, key=lambda row: (row[2], row[0]))
        write_csv(self.folder / "deaths.csv", handouts.DEATHS, deaths)

    def _city_steps(self, days: CycleDays) -> None:
        for round_days in days.rounds if days.code in FINISHED else ():
            self.plan.deaths(days.code, round_days)
            if self.fixes.get((days.code, round_days.number)):
                self.plan.fixes(days.code, round_days)


def _roster_name(district: District, days: CycleDays, late: bool, ending: str) -> str:
    supplement = "_补报" if late else ""
    return f"rosters/{days.code}/{district.letters}_{district.name}{supplement}.{ending}"


def _cut_short(path: Path) -> None:
    """What a broken-off upload leaves of a workbook."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 3 // 5])
