"""One district's year: who is listed in which cycle, for what, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from rcaid.demo import losses
from rcaid.demo.amounts import close_the_year, even_kits
from rcaid.demo.keyed import about, share_out, stream
from rcaid.demo.lines import BOX, NURSE, DistrictYear, Line
from rcaid.demo.people import Numbers, PeopleMaker, Person, special_cases
from rcaid.demo.places import District, Street

LATE = ("JD", "PD")  # districts that send a supplement


class YearMaker:
    """Builds one `DistrictYear`; ``person_times`` and ``yuan`` are what 22A and 22B must make
    together."""

    def __init__(self, seed: int, district: District, person_times: int, yuan: int) -> None:
        self.seed = seed
        self.district = district
        self.person_times = person_times
        self.yuan = yuan
        self.numbers = Numbers(district)
        self._always = district.letters in losses.ALWAYS

    def build(self, nursing: int, next_year: int) -> DistrictYear:
        """The year, with ``nursing`` lines in 22N and ``next_year`` lines in 23A."""
        budget = losses.budget_for(self.person_times, self.district.letters)
        entitled = self.person_times + budget
        spring, rounds = self._spring(round(entitled * 0.43))
        losses.spring_deaths(self._stream("spring deaths"), spring, budget, self._always)
        budget -= losses.lost_to_death(spring)
        nursed = self._nursing(spring, nursing)
        winter = self._winter(spring, nursed, entitled - sum(len(ln.rounds) for ln in spring))
        self._lose(spring, winter, budget)
        even_kits(self._stream("even"), spring)
        close_the_year(self._stream("amounts"), spring, winter, self.yuan)
        following = self._following([*spring, *nursed, *winter], next_year)
        cycles = {"22A": spring, "22N": nursed, "22B": winter, "23A": following}
        for cycle, lines in cycles.items():
            for i, line in enumerate(lines, 1):
                line.case = f"{cycle}-{self.district.letters}-{i:05}"
        return DistrictYear(self.district, self.numbers, cycles, rounds)

    def _stream(self, step: str) -> Random:
        return stream(self.seed, self.district.code, step)

    def _people(self, step: str) -> PeopleMaker:
        return PeopleMaker(self.seed, self.district, step, self.numbers)

    def _by_street(
        self, step: str, count: int, streets: tuple[Street, ...] = ()
    ) -> list[tuple[Street, int]]:
        rng = self._stream(step)
        streets = streets or self.district.living
        weights = [0.5 + rng.random() for _ in streets]
        return list(zip(streets, share_out(count, weights), strict=True))

    def _spring(self, count: int) -> tuple[list[Line], dict[str, tuple[int, ...]]]:
        """Lines of 22A: a kit for nearly all, cash for some, two rounds in some streets."""
        shares = self._by_street("spring streets", count)
        rounds = self._choose_rounds(shares, count)
        maker = self._people("spring")
        special = special_cases(self.district)
        lines = [
            Line(person, item=BOX, rounds=rounds[street.code])
            for street, n in shares
            for person in maker.fill(street, n, special)
        ]
        rng = self._stream("spring cash")
        order = rng.sample(lines, len(lines))
        both, only = max(1, len(lines) * 9 // 100), max(1, len(lines) * 3 // 100)
        for i, line in enumerate(order[: both + only]):
            higher = (150, 200) if len(line.rounds) == 2 else (150, 200, 300, 400)
            line.cash = rng.choice((100, 100, *higher))
            line.item = line.item if i < both else ""
        if self.district.letters in LATE:
            self._move_to_supplement(lines, shares)
        return lines, rounds

    def _choose_rounds(
        self, shares: list[tuple[Street, int]], count: int
    ) -> dict[str, tuple[int, ...]]:
        rounds: dict[str, tuple[int, ...]] = {street.code: (1,) for street, _ in shares}
        twice = 0
        for street, n in self._stream("rounds").sample(shares, len(shares)):
            if n and twice + n <= count * 0.4:
                rounds[street.code] = (1, 2)
                twice += n
        return rounds

    def _move_to_supplement(self, lines: list[Line], shares: list[tuple[Street, int]]) -> None:
        """The last lines of some streets come in late, after all others."""
        wanted = max(2, len(lines) // 60)
        for street in [street for street, n in shares if n >= 2][1::3]:
            here = [line for line in lines if line.person.street is street]
            for line in here[-max(1, len(here) // 5) :]:
                line.supplement = True
                wanted -= 1
            if wanted <= 0:
                break
        lines.sort(key=lambda line: line.supplement)

    def _nursing(self, spring: list[Line], count: int) -> list[Line]:
        """Lines of 22N: people of 60 and more with dementia, in some of the streets."""
        maker = self._people("nursing")
        known: dict[str, list[Person]] = {}
        for line in spring:
            if line.person.category == "失智" and not line.dead:
                known.setdefault(line.person.street.code, []).append(line.person)
        lines: list[Line] = []
        new: list[Line] = []
        for street, n in self._by_street("nursing streets", count, self.district.living[::2]):
            here = known.get(street.code, [])[: n // 2]
            fresh = [Line(maker.single(street, "失智"), item=NURSE) for _ in range(n - len(here))]
            lines += [*(Line(person, item=NURSE) for person in here), *fresh]
            new += fresh
        losses.nursing_losses(self._stream("nursing losses"), new, self._always)
        return lines

    def _winter(self, spring: list[Line], nursed: list[Line], count: int) -> list[Line]:
        """Lines of 22B, amounts still open; nearly half of the people were helped before."""
        rng = self._stream("winter")
        maker = self._people("winter")
        known = _by_street_living([*spring, *nursed])
        lines: list[Line] = []
        for street, n in self._by_street("winter streets", count):
            here = known.get(street.code, [])
            again = rng.sample(here, min(len(here), about(rng, n * 0.45)))
            again = [
                person
                if person.guardian or rng.random() < 0.8
                else replace(person, phone=maker.phone(rng))
                for person in again
            ]
            people = [*again, *maker.fill(street, n - len(again), [])]
            rng.shuffle(people)
            lines += [Line(person) for person in people]
        return lines

    def _lose(self, spring: list[Line], winter: list[Line], budget: int) -> None:
        rng = self._stream("losses")
        maker = self._people("corrections")
        budget -= losses.winter_deaths(rng, winter, budget, self._always)
        budget -= losses.winter_returns(rng, maker, winter, budget, self._always)
        losses.spring_returns(rng, maker, spring, winter, self._always)
        losses.undelivered_kits(rng, spring, budget, self._always)

    def _following(self, lines: list[Line], count: int) -> list[Line]:
        """Lines of 23A: cash, some with a kit; most of the people are known."""
        rng = self._stream("following")
        maker = self._people("following")
        known = _by_street_living(lines)
        result: list[Line] = []
        for street, n in self._by_street("following streets", count):
            here = known.get(street.code, [])
            again = rng.sample(here, min(len(here), n * 6 // 10))
            people = [*again, *maker.fill(street, n - len(again), [])]
            result += [
                Line(person, rng.choice((200, 300, 500, 1000)), BOX if rng.random() < 0.15 else "")
                for person in people
            ]
        for line in rng.sample(result, min(len(result), max(1, len(result) // 20))):
            line.returned[1] = losses.sent_back(rng, maker, mended=False)
        return result


def _by_street_living(lines: Iterable[Line]) -> dict[str, list[Person]]:
    """Everybody alive at the end of these lines, once, as last listed, by street; people whose
    account was found wrong are left out unless a later line lists them."""
    people: dict[str, Person] = {}
    for line in lines:
        people[line.person.number] = line.person
    for line in lines:
        if line.dead or (line.returned and people[line.person.number] is line.person):
            people[line.person.number] = replace(line.person, tag="left out")
    by_street: dict[str, list[Person]] = {}
    for person in people.values():
        if person.tag != "left out":
            by_street.setdefault(person.street.code, []).append(person)
    return by_street
