"""A case as it stood at the end of a day, and everything that is checked about it then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from rcaid.db import applications, history, people, programmes
from rcaid.db import rosters as roster_rows
from rcaid.db.applications import Applied
from rcaid.db.duplicates import of_people, together
from rcaid.db.history import Part, Right
from rcaid.db.tables import AID_CASE, APPLICATION, AidCase, Application, Fund
from rcaid.domain.checks import ATTENTION, DONE, STOPPED, Check
from rcaid.domain.duties import PARTS, kept_apart
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.programme_facts import HOUSEHOLD, SELF, Facts, Help
from rcaid.domain.programme_rules import certificate, judge
from rcaid.services import checks
from rcaid.services.applications import judging, weighing
from rcaid.services.clock import ZONE, local_day
from rcaid.services.desk import Desk
from rcaid.services.programmes import rules_on

_ENDED = ("cancelled", "lapsed")
_COUNTED = ("listed", "entitled", "closed")
_OPEN = ("listed", "waiting", *judging.UNDECIDED)
_HERE = ("version.", "certificate.", "cap.person")
"""What is judged here of the programme's own checks: with what only the store knows."""


def end_of(day: str) -> str:
    """The moment a business day ends, in UTC as the record writes it."""
    midnight = datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), ZONE)
    return midnight.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Then:
    """A case on a day; ``case`` has the public columns of that day.

    Refused explain.before where the case came in later.
    """

    def __init__(self, desk: Desk, case: AidCase, day: str) -> None:
        self.desk, self.day = desk, day
        self._until = end_of(day) if day < desk.day else ""
        self.case = self._at(case)
        self.full = desk.names_in_full(case.office_id)
        cycles = {each.id: each for each in programmes.cycles(desk.store)}
        self.cycle = cycles[case.cycle_id]
        self.person = people.many(desk.store, [case.person_id])[case.person_id]
        self.said = self._said()
        came_in = self.said.received_on if self.said else self.cycle.opens_on
        self.rules = rules_on(desk, self.cycle.programme_id, came_in)
        merged = together(desk.store, [case.person_id])
        self._selves = {case.person_id, *merged, *merged.values()}
        self.rights = self._rights()
        self.judgement = judge(self.rules, self._facts())

    def _at(self, case: AidCase) -> AidCase:
        if not self._until:
            return case
        then = history.public_at(self.desk.store, "aid_case", [case.id], self._until).get(case.id)
        if then is None:
            raise Refused(Problem("explain.before", {"case": case.case_no, "day": self.day}))
        public: dict[str, Any] = {name: then.get(name) for name in AID_CASE.public}
        return case._replace(**public)

    def _said(self) -> Application | None:
        """What an application says beside its case, with the public columns of that day; None of
        a roster line. What is private of it is as known today."""
        if self.case.lane != "A":
            return None
        found = applications.of_case(self.desk.store, self.case.id)
        if found is None or not self._until:
            return found.said if found else None
        then = history.public_at(self.desk.store, "application", [self.case.id], self._until)
        before = then.get(self.case.id) or {}
        public: dict[str, Any] = {n: before[n] for n in APPLICATION.public if n in before}
        return found.said._replace(**public)

    def _rights(self) -> list[Right]:
        """All rights of the person and the household, as they stood on the day."""
        home = {each.id for each in people.household(self.desk.store, self.person.household_id)}
        found = history.rights(self.desk.store, [*self._selves, *home])
        if not self._until:
            return found
        rights = history.public_at(
            self.desk.store, "entitlement", (each.id for each in found), self._until
        )
        lines = history.public_at(
            self.desk.store, "disbursement", (r.line_id for r in found if r.line_id), self._until
        )
        then = []
        for each in found:
            right, line = rights.get(each.id), lines.get(each.line_id or "") or {}
            if right is not None:
                then.append(
                    each._replace(
                        fen=right.get("fen"), state=right["state"], line_state=line.get("state"),
                        done_on=line.get("done_on"), value_fen=line.get("value_fen"),
                    )
                )  # fmt: skip
        return then

    # --- What is known

    def _facts(self) -> Facts:
        case, person = self.case, self.person
        if self.said is not None:
            return self._facts_of(Applied(case, self.said))
        items = {each.id: each.code for each in programmes.items(self.desk.store)}
        return Facts(
            received_on=self._came_in(),
            decided_on=self.day,
            born=person.born or "",
            id_kind=person.id_kind or "",
            region=self.desk.offices.by_id[case.office_id].code,
            category=case.category or "",
            hardship=case.hardship or "",
            hardship_until=case.hardship_until or "",
            cause=self.cycle.code,
            asked_fen=case.fen or 0,
            item=items.get(case.item_id or "", ""),
            qty=case.qty or 0,
            history=tuple(self._given()),
        )

    def _facts_of(self, found: Applied) -> Facts:
        """What is known of an application, with the papers and rights of the day."""
        beside = judging.beside_of(self.desk, found, self.day)
        if self._until:
            listed = {p.id: p for p in applications.papers(self.desk.store, [found.case.id])}
            then = history.public_at(self.desk.store, "case_paper", listed, self._until)
            there = [
                listed[id].code
                for id, row in then.items()
                if row and judging.holds(listed[id]._replace(state=row["state"]), self.day)
            ]
            beside = replace(beside, papers=tuple(there))
        return judging.facts_of(self.desk, found, self.day, beside=beside, rights=self.rights)

    def _came_in(self) -> str:
        made = history.made_at(self.desk.store, "aid_case", [self.case.id]).get(self.case.id)
        if made is None:
            return self.cycle.opens_on
        return local_day(made)

    def _given(self) -> Iterator[Help]:
        """What reached the person and the household by the day, but for this case."""
        codes = {each.id: each.code for each in programmes.programmes(self.desk.store)}
        for each in self.rights:
            reached = each.line_state in ("paid", "delivered") and each.done_on is not None
            if not reached or (each.done_on or "") > self.day or each.case_id == self.case.id:
                continue
            money = each.kind == "money"
            yield Help(
                codes[each.programme_id],
                each.done_on or "",
                (each.fen or 0) if money else 0,
                0 if money else (each.value_fen or 0),
                who=SELF if each.person_id in self._selves else HOUSEHOLD,
            )

    @cached_property
    def _year(self) -> dict[bool, int]:
        """Money this programme entitles the person to in the cycle's year: of this case, and of
        all others."""
        sums: dict[bool, int] = defaultdict(int)
        for each in {right.id: right for right in self.rights}.values():
            if (
                each.person_id in self._selves
                and each.programme_id == self.cycle.programme_id
                and each.opens_on[:4] == self.cycle.opens_on[:4]
                and each.kind == "money"
                and each.state not in _ENDED
            ):
                sums[each.case_id == self.case.id] += each.fen or 0
        return sums

    def allowed(self) -> int:
        """The most money the rules allow this case, in fen: of its grant, within the year's cap."""
        if self.said is not None:
            return self.judgement.award.fen
        left = self.rules.cap_fen_per_year - self._year[False]
        return max(0, min(self.judgement.award.high_fen, left))

    # --- What is checked

    def checks(self) -> Iterator[Check]:
        """Every check, those of the store before the programme's own."""
        rules, cite = self.rules, self.rules.cite
        facts = {"version": rules.version, "day": rules.effective_from}
        yield Check("version.in_force", DONE, facts, "BR-020", rules.citation)
        yield from self._person()
        if self.said is not None:
            yield from self._application(self.said)
            return
        hardship, until = self.case.hardship or "", self.case.hardship_until or ""
        yield from certificate(hardship, until, self._judged_on(), cite("need"))
        yield from self._cap()
        yield self._quota()
        yield from self._fund()
        yield checks.residence(self.desk, self.case, self.person)
        yield from checks.account(self.desk, self.case, self.person)
        yield from self._duties()
        for check in self.judgement.checks:
            if not check.code.startswith(_HERE):
                yield check

    def _application(self, said: Application) -> Iterator[Check]:
        """The checks of an application: those of its rules, and what only the store knows."""
        yield from (c for c in self.judgement.checks if not c.code.startswith("version."))
        yield from self._fund()
        yield checks.residence(self.desk, self.case, self.person)
        yield from checks.account(self.desk, self.case, self.person)
        yield from self._duties()
        if not self._until:
            found = Applied(self.case, said)
            yield from judging.more_checks(
                self.desk, found, judging.beside_of(self.desk, found, self.day)
            )
            yield from judging.maker(self.desk, found)
            yield from weighing.checks(self.desk, found)

    def _judged_on(self) -> str:
        if self._until:
            return self.day
        return checks.judged_on(self.desk, self.case, self.cycle)

    def _person(self) -> Iterator[Check]:
        values = checks.sealed_values(self.desk, self.person)
        for check in checks.of_person(self.desk, self.person, values):
            if check.code != "deceased" or (self.person.died_on or "") <= self.day:
                yield check
        pairs = of_people(self.desk.store, self._selves)
        if waiting := sum(1 for pair in pairs if pair.state == "open"):
            yield Check("known.pairs", ATTENTION, {"n": waiting}, "BR-009")

    def _cap(self) -> Iterator[Check]:
        cap = self.rules.cap.person_fen
        if cap is None:
            return
        planned = self.case.fen or 0 if self.case.state in ("listed", "waiting") else 0
        given = sum(self._year.values())
        sign = STOPPED if given + planned > cap else DONE
        yield Check(
            "cap.person", sign, {"fen": given, "cap": cap}, "BR-022", self.rules.cite("cap")
        )

    def _quota(self) -> Check:
        if not self._until:
            return checks.quota(self.desk, self.case)
        store, case = self.desk.store, self.case
        mine = {id: category for id, category, _ in history.quotas(store, case)}
        then = history.public_at(store, "quota", mine, self._until)
        allotted = {mine[id]: int(row["allotted"]) for id, row in then.items() if row}
        used: dict[str, int] = defaultdict(int)
        standing = history.lines_at(store, case.office_id, case.cycle_id, self.day)
        for (category, state), n in standing.items():
            if state in _COUNTED:
                used[category] += n
        return checks.quota_of(case.category or "", allotted, used)

    def _fund(self) -> Iterator[Check]:
        """Whether the money of the case is there: paid, set aside, or still free in its fund."""
        if not self.case.fen or self.rules.max_fen == 0:
            return
        cite = self.rules.cite("fund")
        mine = {r.id: r for r in self.rights if r.case_id == self.case.id and r.kind == "money"}
        live = [r for r in mine.values() if r.state not in _ENDED]
        if live:
            paid = all(right.state == "delivered" for right in live)
            code = "fund.paid" if paid else "fund.set_aside"
            yield Check(code, DONE, {"fen": sum(r.fen or 0 for r in live)}, "BR-072", cite)
            return
        if self.case.state in judging.DECIDED:
            yield Check("fund.set_aside", DONE, {"fen": self.case.fen}, "BR-072", cite)
            return
        fund = self._pays()
        if fund is None or self._until or self.case.state not in _OPEN:
            return
        free = programmes.balances(self.desk.store, fund.id).get("available", 0)
        enough = free >= self.case.fen
        code, sign = ("fund.covers", DONE) if enough else ("fund.short", STOPPED)
        yield Check(code, sign, {"fund": fund.code, "fen": free}, "BR-072", cite)

    def _pays(self) -> Fund | None:
        """The fund that pays: the application's own, else the programme's."""
        named = self.said.fund_id if self.said else None
        if named:
            return next((f for f in programmes.funds(self.desk.store) if f.id == named), None)
        return programmes.fund_of(self.desk.store, self.cycle.programme_id)

    def _duties(self) -> Iterator[Check]:
        """Who made, verified and approved the roster or the application: three different people
        (BR-040)."""
        if not self.case.roster_id and self.said is None:
            return
        parts = self._parts(self.case.roster_id or self.case.id)
        done: dict[str, list[str]] = {"made": [], "verify": [], "approve": []}
        for part in parts:
            step = part.act if part.act in done else "made"
            if part.act in PARTS and part.login not in done[step]:
                done[step].append(part.login)
        both = [
            part.login
            for part in parts
            if part.act in ("verify", "approve")
            and kept_apart(part.act, part.staff_id, [(p.staff_id, p.act) for p in parts])
        ]
        told = {step: ", ".join(logins) or "-" for step, logins in done.items()}
        yield Check(
            "duty.same" if both else "duty.apart", STOPPED if both else DONE, told, "BR-040"
        )
        if not self._until and self.case.roster_id:
            roster = roster_rows.by_id(self.desk.store, self.case.roster_id)
            yield from checks.maker(self.desk, roster)

    def _parts(self, object_id: str) -> list[Part]:
        parts = history.parts(self.desk.store, [object_id])
        if not self._until:
            return parts
        then = history.public_at(self.desk.store, "maker", (p.id for p in parts), self._until)
        return [part for part in parts if then.get(part.id)]
