"""Who did not get what was meant for them: deaths, kits not handed out, payments sent back.

Budgets are in person-times: what is lost in all is known beforehand, so that what is left comes
out at exactly what was asked. Three districts have every kind of loss at any scale.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from rcaid.demo.keyed import about
from rcaid.demo.lines import RETURN_CODES, UNDELIVERED, Line, Return
from rcaid.demo.people import PeopleMaker

ALWAYS = ("PD", "MH", "BS")
_RATE = 0.0085


def budget_for(person_times: int, letters: str) -> int:
    """How many of the person-times entitled are to be lost so that ``person_times`` remain."""
    return max(7 if letters in ALWAYS else 3, round(person_times * _RATE))


def lost_to_death(lines: Iterable[Line]) -> int:
    """Person-times that nobody lived to see."""
    return sum(1 for line in lines for n in line.rounds if not line.alive(n))


def spring_deaths(rng: Random, lines: list[Line], budget: int, always: bool) -> None:
    """Some people of 22A die before round 1, some before round 2."""
    plain = [ln for ln in lines if ln.item and not ln.person.tag and not ln.person.head]
    for number in (1, 2):
        can_die = [ln for ln in plain if number in ln.rounds and not ln.dead]
        wanted = max(int(always), about(rng, 0.0004 * len(can_die)))
        for line in rng.sample(can_die, min(wanted, len(can_die))):
            budget -= len(line.rounds) - number + 1
            if budget < 1:
                return
            line.dead = number


def nursing_losses(rng: Random, lines: list[Line], always: bool) -> None:
    """Deaths and undelivered goods of 22N, among people who are in no other cycle before."""
    for i, line in enumerate(lines):
        chance = rng.random()
        if chance < 0.002 or (always and i == 0):
            line.dead = 1
        elif chance < 0.012 or (always and i == 1):
            line.undelivered[1] = rng.choice(UNDELIVERED)


def winter_deaths(rng: Random, lines: list[Line], budget: int, always: bool) -> int:
    """Some people of 22B die before the payment; how many."""
    plain = [line for line in lines if not line.person.tag and not line.person.head]
    wanted = max(int(always), about(rng, 0.0005 * len(lines)))
    dead = rng.sample(plain, min(wanted, budget // 3, len(plain)))
    for line in dead:
        line.dead = 1
    return len(dead)


def winter_returns(
    rng: Random, maker: PeopleMaker, lines: list[Line], budget: int, always: bool
) -> int:
    """Payments of 22B sent back: most are mended and paid; how many are not."""
    paid = [line for line in lines if not line.dead and not line.person.guardian]
    never = min(max(int(always), about(rng, 0.0007 * len(lines))), budget // 2)
    mended = max(int(always), about(rng, 0.0053 * len(lines)))
    chosen = rng.sample(paid, min(len(paid), never + mended))
    for i, line in enumerate(chosen):
        line.returned[1] = sent_back(rng, maker, mended=i >= never)
    return min(never, len(chosen))


def spring_returns(
    rng: Random, maker: PeopleMaker, spring: list[Line], winter: list[Line], always: bool
) -> None:
    """Payments of 22A sent back, all mended, and 22B lists the new account.

    In round 1 only where there is no second, whose payment would still go to the account that
    the roster was frozen with.
    """
    paid = [ln for ln in spring if ln.cash and not ln.dead and not ln.person.guardian]
    mended: dict[str, Return] = {}
    for number in (1, 2):
        can = [line for line in paid if line.rounds[-1] == number]
        wanted = max(int(always), about(rng, 0.006 * len(can)))
        for line in rng.sample(can, min(wanted, len(can))):
            line.returned[number] = sent_back(rng, maker, mended=True)
            mended[line.person.number] = line.returned[number]
    for line in winter:
        new = mended.get(line.person.number)
        if new:
            line.person = replace(line.person, bank=new.bank, account=new.account)


def undelivered_kits(rng: Random, spring: list[Line], budget: int, always: bool) -> None:
    """Kits of 22A not handed out: ``budget`` to people who get nothing else in that round, and
    some to people whose money arrives all the same."""
    only: list[tuple[Line, int]] = []
    both: list[tuple[Line, int]] = []
    for line in spring:
        for n in line.rounds:
            if line.has_kit(n) and not line.person.tag:
                (both if line.cash else only).append((line, n))
    chosen = rng.sample(only, budget)
    wanted = max(int(always), about(rng, 0.01 * len(both)))
    chosen += rng.sample(both, min(wanted, len(both)))
    for line, n in chosen:
        line.undelivered[n] = rng.choice(UNDELIVERED)


def sent_back(rng: Random, maker: PeopleMaker, *, mended: bool) -> Return:
    """A payment that came back, with a new account if it was mended."""
    code = rng.choice(tuple(RETURN_CODES))
    return Return(code, *maker.account(rng)) if mended else Return(code)
