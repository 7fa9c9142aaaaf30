"""Plays the made-up year: people of every office act through the services, day by day.

The clock of the demo's store stands at each day played. What the year should come to stands in
``truth.json``, written by the maker; what it did come to is counted from the store's rows.
"""

from __future__ import annotations

import csv
import json
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rcaid import data
from rcaid.demo.case_player import FILES, CasePlayer
from rcaid.demo.giving import give
from rcaid.demo.staff import people_of
from rcaid.demo.transfers import AID, LOTS, QUAKE, RECOVERY, Sent
from rcaid.demo.transfers import read as read_transfers
from rcaid.domain.errors import Problem, Unusable
from rcaid.domain.ids import SeededSource
from rcaid.domain.money import yuan
from rcaid.domain.sentences import sentence
from rcaid.services import (
    batches,
    deaths,
    disasters,
    entitlements,
    holds,
    programmes,
    results,
    rosters,
    society,
    staff,
    transfers,
)
from rcaid.services.clock import SetClock
from rcaid.services.desk import Desk
from rcaid.services.importing import imports

Say = Callable[[str], None]
Step = dict[str, Any]
FIRST_DAY = "2022-01-03"
CITY = "310000"
ITEM_OF = {"22A": "BOX", "22N": "NURSE"}


class Player:
    """One run through the year. ``say`` gets a line for everything that happened."""

    def __init__(self, folder: Path, url: str, say: Say) -> None:
        self.folder = folder
        self.url = url
        self.command = ".venv/bin/rcaid" if Path(".venv/bin/rcaid").exists() else "rcaid"
        self._say = say
        plan = folder / "plan.json"
        if not plan.is_file():
            raise Unusable(Problem("demo.no_year", {"place": str(folder)}))
        self.plan: dict[str, Any] = json.loads(plan.read_text(encoding="utf-8"))
        self.truth: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        self.seconds: dict[str, float] = defaultdict(float)
        self.rejected: dict[str, list[tuple[int, str]]] = {}
        self._clock = SetClock(FIRST_DAY)
        self._desks: dict[tuple[str, str], Desk] = {}
        self._day = FIRST_DAY
        self._cases = CasePlayer(folder, self._as)

    # --- setting up

    def set_up(self) -> Desk:
        """A new society with its people, programmes, money and goods."""
        begun = time.perf_counter()
        keys = self.folder / "demo.keys"
        keys.unlink(missing_ok=True)
        self.admin = society.initialise(
            self.url,
            society="红会",
            admin_login="sh-administrator",
            admin_name="管理员",
            key_file=keys,
            demo=True,
            source=SeededSource(self.plan["seed"]),
            clock=self._clock,
        )
        self._people()
        for name in ("qwr", "hlw", "uni", "aid", *FILES.values()):
            programmes.load(self.admin, data.text(f"programmes/{name}.toml"))
        self._money_and_goods()
        for cycle in self.plan["cycles"]:
            labels = [each["name"] for each in cycle["rounds"]]
            programmes.new_cycle(
                self._as("sh-approver"),
                cycle["programme"],
                cycle["code"],
                cycle["name"],
                cycle["opens"],
                labels,
            )
        self.seconds["set up"] += time.perf_counter() - begun
        return self.admin

    def _people(self) -> None:
        known = 1
        for login, name, grants in people_of(self.admin.offices):
            if login != "sh-administrator":
                staff.add(self.admin, login, name, grants)
                known += 1
        self._say(f"{known} people act, each with duties of their own, in 17 offices")

    def _money_and_goods(self) -> None:
        value = self.truth["targets"]["value_fen"]
        preparer, keeper = self._as("sh-preparer"), self._as("sh-keeper")
        programmes.receive(preparer, "QWR", value * 12 // 10, "2022")
        programmes.receive(preparer, "HLW", max(value // 50, 100_00), "2022")
        programmes.receive_lot(keeper, "BOX", "BOX-2022-04", 17_800)
        programmes.receive_lot(keeper, "NURSE", "NURSE-2022-05", 12_000)
        to_regions = sum(
            each["value_fen"] for key, each in self.truth["transfers"].items() if AID in key
        )
        programmes.receive(preparer, AID, to_regions * 12 // 10, "2022")
        for item, lot, fen in LOTS:
            programmes.receive_lot(keeper, item, lot, fen)
        for key, (programme, planted) in enumerate(sorted(self.truth["applications"].items()), 1):
            given = give(preparer, programme, planted["value_fen"] * 2, key)
            self._say(
                f"{_many(given.donations, 'donation')} of {yuan(given.fen)} yuan to {programme}, "
                f"{_many(given.receipts, 'receipt')}"
            )

    def _as(self, login: str) -> Desk:
        key = (login, self._day)
        if key not in self._desks:
            self._desks[key] = society.as_person(self.admin, login)
        return self._desks[key]

    def _in(self, step: Step, duty: str) -> Desk:
        return self._as(f"{step['letters'].lower()}-{duty}")

    # --- playing

    def play(self) -> None:
        """Every step of the plan, in order."""
        said_day = ""
        for step in self.plan["steps"]:
            if step["date"] != self._day:
                self._day = step["date"]
                self._clock.set(self._day)
                self._desks.clear()
            begun = time.perf_counter()
            did = getattr(self, f"do_{step['act']}")(step)
            self.seconds[step["act"]] += time.perf_counter() - begun
            if did:
                day = step["date"] if step["date"] != said_day else ""
                said_day = step["date"]
                self._say(f"{day:10}  {did}")
        society.keep_today(self.admin, self._day)

    def do_open_cycle(self, step: Step) -> str:
        programmes.move_cycle(self._as("sh-approver"), step["cycle"], "open")
        return f"cycle {step['cycle']} is open"

    def do_close_entry(self, step: Step) -> str:
        programmes.move_cycle(self._as("sh-approver"), step["cycle"], "close")
        return f"cycle {step['cycle']} takes no more entries"

    def do_distribute(self, step: Step) -> str:
        programmes.move_cycle(self._as("sh-approver"), step["cycle"], "distribute")
        return ""

    def do_end_cycle(self, step: Step) -> str:
        desk = self._as("sh-approver")
        rest, _ = entitlements.settle_rest(desk, step["cycle"])
        programmes.move_cycle(desk, step["cycle"], "end")
        return (
            f"cycle {step['cycle']} has ended: {_many(rest.rights, 'right')} lapsed or cancelled, "
            f"{yuan(rest.fen)} yuan are available again"
        )

    def do_quota(self, step: Step) -> str:
        planned = imports.plan(
            self._as("sh-reviewer"), self.folder / step["file"], "quota", cycle_code=step["cycle"]
        )
        imports.apply(self._as("sh-reviewer"), planned.path)
        return f"quota {step['cycle']}: {_many(planned.facts.rows_new, 'office')}"

    def do_import(self, step: Step) -> str:
        desk = self._in(step, "caseworker")
        path = self.folder / step["file"]
        try:
            planned = imports.plan(desk, path, "roster", cycle_code=step["cycle"])
        except Unusable as refused:
            self.rejected[step["file"]] = [(0, refused.problems[0].code)]
            return f"{path.name}: not taken: {sentence(refused.problems[0])}"
        facts = planned.facts
        self.rejected[step["file"]] = sorted({(r.row, r.code) for r in planned.problems})
        imports.apply(desk, planned.path, expect=facts.rows_new + facts.rows_updated)
        return (
            f"{path.name}: {_many(facts.rows_read, 'row')}, {facts.rows_new} listed, "
            f"{facts.rows_rejected} rejected"
        )

    def _rosters(self, step: Step) -> list[str]:
        """The roster numbers of a step: the newest roster of each street in its cycle."""
        cycle = programmes.cycle(self.admin, step["cycle"])
        newest: dict[str, str] = {}
        for roster in rosters.of_cycle(self.admin, cycle.id):
            code = self.admin.offices.by_id[roster.office_id].code
            if code in step["streets"]:
                newest[code] = roster.number
        return [newest[code] for code in step["streets"]]

    def do_verify(self, step: Step) -> str:
        numbers = self._rosters(step)
        for number in numbers:
            rosters.verify(self._in(step, "verifier"), number)
        return f"{step['letters']}: {_many(len(numbers), 'roster')} verified"

    def do_return(self, step: Step) -> str:
        numbers = self._rosters(step)
        for number in numbers:
            rosters.send_back(self._in(step, "verifier"), number, "phone_numbers")
        return f"{step['letters']}: {_many(len(numbers), 'roster')} returned"

    def do_freeze(self, step: Step) -> str:
        numbers = self._rosters(step)
        for number in numbers:
            rosters.freeze(self._in(step, "reviewer"), number)
        return f"{step['letters']}: {_many(len(numbers), 'roster')} frozen"

    def do_approve(self, step: Step) -> str:
        by_rounds: dict[tuple[int, ...], list[str]] = defaultdict(list)
        for street, number in zip(step["streets"], self._rosters(step), strict=True):
            by_rounds[tuple(step["rounds"][street])].append(number)
        lines = 0
        for numbered, numbers in sorted(by_rounds.items()):
            done, _ = rosters.approve(self._in(step, "approver"), numbers, numbered)
            lines += done.lines
        return f"{step['letters']}: {_many(lines, 'line')} approved"

    def do_deaths(self, step: Step) -> str:
        known = 0
        with open(self.folder / step["file"], encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if row["死亡日期"] <= step["date"]:
                    known += deaths.record_by_number(
                        self._as("sh-caseworker"), row["证件号码"], row["死亡日期"], row["来源"]
                    )
        return f"{_many(known, 'death')} recorded" if known else ""

    def do_batch(self, step: Step) -> str:
        kind = "money" if step["channel"] == "C" else "goods"
        batch, _ = batches.create(
            self._in(step, "preparer"), step["cycle"], step["round"], step["office"], kind
        )
        return self._let_go(step, batch.number)

    def do_reissue(self, step: Step) -> str:
        batch, _ = batches.reissue(
            self._in(step, "preparer"), step["cycle"], step["round"], step["office"]
        )
        return self._let_go(step, batch.number)

    def _let_go(self, step: Step, number: str) -> str:
        """Takes a batch as far as the step says; each act by another person."""
        if number != step["number"]:
            raise Unusable(Problem("demo.batch", {"made": number, "planned": step["number"]}))
        until = step.get("until", "released")
        acts: tuple[tuple[str, Callable[[], object]], ...] = (
            ("locked", lambda: self._lock(step, number)),
            ("approved", lambda: batches.approve(self._in(step, "approver"), number)),
            ("released", lambda: batches.release(self._in(step, "releaser"), number)),
        )
        if until != "draft":
            for state, act in acts:
                act()
                if state == until:
                    break
        batch = batches.find(self.admin, number)
        return f"batch {number}: {_many(batch.lines, 'line')}, {batch.state}"

    def _lock(self, step: Step, number: str) -> None:
        """Locks a batch; a reviewer looks at what holds it and clears each flag."""
        batches.lock(self._in(step, "preparer"), number)
        reviewer = self._in(step, "reviewer")
        for flag in holds.of_batch(reviewer, number):
            holds.clear(reviewer, number, flag.id, "looked_into")

    def do_deliver(self, step: Step) -> str:
        return self._results(step, "delivery", "caseworker")

    def do_bank(self, step: Step) -> str:
        return self._results(step, "bank", "preparer")

    def _results(self, step: Step, kind: str, duty: str) -> str:
        desk = self._in(step, duty)
        planned = imports.plan(desk, self.folder / step["file"], kind)
        facts = planned.facts
        imports.apply(desk, planned.path)
        said = f", {facts.rows_rejected} rejected" if facts.rows_rejected else ""
        return f"{step['batch']}: {_many(facts.rows_new, 'result')} taken up{said}"

    def do_fix(self, step: Step) -> str:
        by_office: dict[str, list[tuple[str, str, str, str]]] = defaultdict(list)
        with open(self.folder / step["file"], encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                letters = row["凭证号"].split("-")[1]
                by_office[letters].append(
                    (row["凭证号"], row["收款人"], row["开户行"], row["银行账号"])
                )
        for letters, fixes in sorted(by_office.items()):
            desk = self._as(f"{letters.lower()}-caseworker")
            results.fix_accounts(desk, fixes, desk.home().id)
        return f"{_many(sum(map(len, by_office.values())), 'account')} corrected"

    def do_disaster(self, step: Step) -> str:
        code, name, kind, place, happened_on = QUAKE
        disasters.open_(self._as("sh-approver"), code, name, kind, place, happened_on)
        return f"{code} {name} is open"

    def do_transfers(self, step: Step) -> str:
        preparer = self._as("sh-preparer")
        lots = {item: lot for item, lot, _ in LOTS}
        known = {each.code for each in transfers.receivers(preparer)}
        sent = [each for each in self._sent(step) if each.day == step["date"]]
        for each in sent:
            if each.code not in known:
                facts = (each.code, each.name, each.kind, each.place)
                transfers.add_institution(preparer, *facts)
            if each.purpose == RECOVERY:
                disasters.phase(self._as("sh-approver"), each.disaster, "recovery")
            goods = [transfers.Goods(lots[item], qty) for item, qty in each.goods]
            made, _ = transfers.create(
                preparer, each.programme, each.code, each.purpose,
                fen=each.yuan * 100, goods=goods, disaster=each.disaster,
            )  # fmt: skip
            transfers.approve(self._as("sh-approver"), made.number)
            transfers.send(self._as("sh-releaser"), made.number)
        worth = yuan(sum(each.fen for each in sent))
        return f"{step['programme']}: {_many(len(sent), 'transfer')} worth {worth} yuan sent"

    def do_arrivals(self, step: Step) -> str:
        preparer = self._as("sh-preparer")
        names = {each.name for each in self._sent(step) if each.arrives == step["date"]}
        for line in transfers.listing(preparer, state="sent"):
            if line.programme == step["programme"] and line.institution in names:
                transfers.receive(preparer, line.number)
        return ""

    def _sent(self, step: Step) -> list[Sent]:
        return read_transfers(self.folder, step["programme"])

    def do_open_programme(self, step: Step) -> str:
        programmes.move_cycle(self._as("sh-approver"), step["cycle"], "open")
        return ""

    def do_applications(self, step: Step) -> str:
        return self._cases.play(
            step["what"], step["programme"], step["round"], step.get("file", "")
        )

    def do_left_open(self, step: Step) -> str:
        return self._cases.leave_open(self.plan["seed"])

    def do_settle(self, step: Step) -> str:
        for number in step["batches"]:
            batches.reconcile(self._in(step, "preparer"), number)
            batches.close(self._in(step, "approver"), number)
        return (
            f"{step['letters']}: {_many(len(step['batches']), 'batch', 'batches')} closed at zero"
        )


def _many(n: int, one: str, several: str = "") -> str:
    """A number with its word: ``1 roster``, ``2 rosters``."""
    return f"{n} {one if n == 1 else several or one + 's'}"
