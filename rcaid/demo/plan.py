"""The calendar of the made-up year for whoever plays it: what is done on which day."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from rcaid.demo import applications
from rcaid.demo.applications import BOUNCED, Applied
from rcaid.demo.calendar import BY_CODE, CYCLES, FINISHED, OPEN_STATES, CycleDays, RoundDays
from rcaid.demo.handouts import Papers, batch_number, later
from rcaid.demo.places import District
from rcaid.demo.transfers import FILES, QUAKE, Sent

NAME = "plan.json"
Step = dict[str, Any]

# The order of what happens on one day.
_ACTS = (
    "open_cycle", "quota", "import", "verify", "freeze", "return", "approve", "close_entry",
    "distribute", "deaths", "fix", "batch", "reissue", "deliver", "bank", "settle", "end_cycle", "disaster",
    "transfers", "arrivals", "open_programme", "applications", "left_open",
)  # fmt: skip


class Plan:
    """Collects the steps; `write` sorts them by day and by what comes first within a day."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    def add(self, date: str, act: str, **what: Any) -> None:
        """One step: its day, its act and what it is done to."""
        self._steps.append({"date": date, "act": act, **what})

    def open_cycle(self, days: CycleDays) -> None:
        """Steps of the whole city before the lists come in."""
        self.add(days.opens, "open_cycle", cycle=days.code)
        self.add(days.quota, "quota", cycle=days.code, file=f"quota/{days.code}.csv")

    def close_cycle(self, days: CycleDays) -> None:
        """Steps of the whole city around the hand-outs."""
        self.add(days.closes, "close_entry", cycle=days.code)
        self.add(days.closes, "distribute", cycle=days.code)
        self.add(days.ends, "end_cycle", cycle=days.code)

    def deaths(self, cycle: str, days: RoundDays) -> None:
        """Record who died, before the batches of a round are made."""
        self.add(days.prepared, "deaths", cycle=cycle, round=days.number, file="deaths.csv")

    def fixes(self, cycle: str, days: RoundDays) -> None:
        """Correct the accounts of payments that came back."""
        file = f"bank/fixes_{cycle}-{days.number}.csv"
        self.add(days.mended, "fix", cycle=cycle, round=days.number, file=file)

    def roster(
        self, days: CycleDays, district: District, part: str, file: str, rounds: dict[str, Any]
    ) -> None:
        """Import to approval of one file; ``rounds`` are those of each street in it."""
        of = _of(days.code, district)
        late = part == "supplement"
        self.add(
            days.late if late else days.imported, "import", **of, part=part, file=file, expect="ok"
        )
        streets = {**of, "part": part, "streets": sorted(rounds)}
        if days.code in FINISHED:
            verified = days.late_verified if late else days.verified
            self.add(verified, "verify", **streets)
            self.add(verified if late else days.frozen, "freeze", **streets)
            self.add(
                days.late_approved if late else days.approved, "approve", **streets, rounds=rounds
            )
        else:
            self._leave_open(days, district, streets, rounds)

    def wrong_file(self, days: CycleDays, district: District, file: str) -> None:
        """A file that cannot be read at all."""
        of = _of(days.code, district)
        self.add(days.imported, "import", **of, part="main", file=file, expect="unusable")

    def handout(self, cycle: str, days: RoundDays, district: District, papers: Papers) -> None:
        """Batches, sheets and results of one round in one district."""
        of = {**_of(cycle, district), "round": days.number}
        batches = []
        name = f"{cycle}-{days.number}/{district.letters}"
        for channel, there in (("K", papers.kits), ("C", papers.paid)):
            if there:
                batch = batch_number(cycle, days.number, district.letters, channel)
                batches.append(batch)
                self.add(
                    days.prepared, "batch", **of, channel=channel, number=batch, until="released"
                )
        if papers.kits:
            file = f"deliveries/{name}.csv"
            self.add(_end_of(days), "deliver", **of, batch=batches[0], file=file)
        if papers.paid:
            self.add(days.answered, "bank", **of, batch=batches[-1], file=f"bank/{name}.csv")
        if papers.again:
            batch = batch_number(cycle, days.number, district.letters, "C", 2)
            batches.append(batch)
            self.add(days.mended, "reissue", **of, number=batch)
            self.add(days.answered_again, "bank", **of, batch=batch, file=f"bank/{name}_02.csv")
        if days.settled and batches:
            self.add(days.settled, "settle", **of, batches=batches)

    def transfers(self, sent: Collection[Sent]) -> None:
        """What goes to institutions and other regions, a step for each programme and day."""
        code, *_, happened_on = QUAKE
        self.add(later(happened_on, 1), "disaster", disaster=code)
        goes = {(each.day, each.programme) for each in sent}
        arrives = {(each.arrives, each.programme) for each in sent}
        for day, programme in sorted(goes):
            self.add(day, "transfers", programme=programme, file=FILES[programme])
        for day, programme in sorted(arrives):
            self.add(day, "arrivals", programme=programme)

    def applications(self, found: Collection[Applied]) -> None:
        """The cycles people apply in, and each wave of applications through its days."""
        bounced = {(each.programme, each.round) for each in found if each.fate == BOUNCED}
        for cycle in applications.ALL_CYCLES:
            self.add(cycle.opens, "open_programme", cycle=cycle.code)
            if cycle is applications.NEXT:
                self.add(cycle.rounds[0][0], "left_open")
                continue
            for number, (received, _) in enumerate(cycle.rounds, 1):
                of = {"programme": cycle.programme, "round": number}
                if cycle.programme in applications.EVENTS:
                    self.add(received, "applications", what="open", **of)
                file = f"{applications.FOLDER}/{cycle.programme}.csv"
                self.add(received, "applications", what="apply", file=file, **of)
                again = (cycle.programme, number) in bounced
                for what, days in applications.DAYS.items():
                    if what.startswith("answered") or (what == "again" and not again):
                        continue
                    self.add(later(received, days), "applications", what=what, **of)
                for second in (False, True)[: 1 + again]:
                    answer = applications.answers(cycle.programme, number, second)
                    day = applications.day_of(received, "answered_again" if second else "answered")
                    self.add(day, "applications", what="bank", file=answer, **of)

    def locked_batch(self, days: CycleDays, district: District) -> None:
        """A batch that waits for its approver."""
        number = batch_number(days.code, 1, district.letters, "C")
        of = _of(days.code, district)
        day = days.rounds[0].prepared
        self.add(day, "batch", **of, round=1, channel="C", number=number, until="locked")

    def _leave_open(
        self, days: CycleDays, district: District, streets: Step, rounds: dict[str, Any]
    ) -> None:
        """Go as far as the district has come: each street its own way in a mixed one."""
        state = OPEN_STATES[district.letters]
        reach = {"submitted": 0, "verified": 1, "open": 1, "frozen": 2}
        ways = ("submitted", "verified", "open", "frozen", "approved")
        codes: list[str] = streets["streets"]
        way = {
            code: ways[i % len(ways)] if state == "one of each" else state
            for i, code in enumerate(codes)
        }
        for level, (day, act) in enumerate(
            ((days.verified, "verify"), (days.frozen, "freeze"), (days.approved, "approve")), 1
        ):
            there = [code for code in codes if reach.get(way[code], 3) >= level]
            if there:
                step = {**streets, "streets": there}
                if act == "approve":
                    step["rounds"] = {code: rounds[code] for code in there}
                self.add(day, act, **step)
        back = [code for code in codes if way[code] == "open"]
        if back:
            self.add(days.frozen, "return", **{**streets, "streets": back})

    def write(self, folder: Path, seed: int, scale: float) -> None:
        """Write the cycles and the sorted steps as readable JSON."""
        cycles = [
            {
                "code": days.code,
                "programme": days.programme,
                "name": days.name,
                "year": int(days.opens[:4]),
                "opens": days.opens,
                "closes": days.closes,
                "rounds": [
                    {"number": r.number, "name": r.name, "date": r.prepared} for r in days.rounds
                ],
            }
            for days in CYCLES
        ]
        cycles += [
            {
                "code": cycle.code,
                "programme": cycle.programme,
                "name": cycle.name,
                "year": int(cycle.opens[:4]),
                "opens": cycle.opens,
                "closes": "",
                "rounds": [
                    {"number": n, "name": name, "date": applications.day_of(received, "pay")}
                    for n, (received, name) in enumerate(cycle.rounds, 1)
                ],
            }
            for cycle in applications.ALL_CYCLES
        ]
        steps = sorted(self._steps, key=lambda s: (s["date"], _ACTS.index(s["act"])))
        plan = {"seed": seed, "scale": scale, "cycles": cycles, "steps": steps}
        text = json.dumps(plan, ensure_ascii=False, indent=1)
        (folder / NAME).write_text(text + "\n", encoding="utf-8")


def load(folder: Path) -> dict[str, Any]:
    """The plan as it was written."""
    plan: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    return plan


def _of(cycle: str, district: District) -> Step:
    assert cycle in BY_CODE
    return {"cycle": cycle, "office": district.code, "letters": district.letters}


def _end_of(days: RoundDays) -> str:
    """Goods are handed out over five days; the sheet comes in after the last."""
    return later(days.handed, 5)
