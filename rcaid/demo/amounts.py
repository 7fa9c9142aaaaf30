"""The amounts of the made-up year, chosen so that what arrived is an exact sum."""

from __future__ import annotations

from math import exp
from random import Random

from rcaid.demo.lines import BOX_YUAN, MOST_YUAN, Line

_STEPS = (100, 50, 10)
_USUAL = (100, 120, 150, 180, 200, 240, 250, 300, 360, 400, 500, 600, 800, 1000)


def even_kits(rng: Random, spring: list[Line]) -> None:
    """Turn up to four kits into cash: five boxes are worth tens of yuan, and so is all cash."""
    left = sum(line.has_kit(n) for line in spring for n in line.rounds) % 5
    plain = [
        line
        for line in sorted(rng.sample(spring, len(spring)), key=lambda ln: bool(ln.person.tag))
        if line.item and not (line.cash or line.dead or line.undelivered)
    ]
    once = [line for line in plain if len(line.rounds) == 1][:left]
    left -= len(once)
    twice = [line for line in plain if len(line.rounds) == 2][: left * 3 % 5]
    for line in (*once, *twice):
        line.item, line.cash = "", 100


def close_the_year(rng: Random, spring: list[Line], winter: list[Line], yuan: int) -> None:
    """Give the lines of 22B amounts so that all that arrived is worth ``yuan``.

    Nobody gets less than 100 yuan, nor more than the year's cap over all rounds.
    """
    arrived = sum(
        line.cash * line.has_cash(n) + BOX_YUAN * line.has_kit(n)
        for line in spring
        for n in line.rounds
    )
    before = {line.person.number: line.cash * len(line.rounds) for line in spring}
    most = {id(line): MOST_YUAN - before.get(line.person.number, 0) for line in winter}
    paid = [line for line in winter if line.pays(1)]
    weights = _weights((yuan - arrived) / len(paid))
    for line in winter:
        line.cash = min(rng.choices(_USUAL, weights)[0], most[id(line)])
    gap = yuan - arrived - sum(line.cash for line in paid)
    _close(gap, rng.sample(paid, len(paid)), most)


def _weights(mean: float) -> list[float]:
    """Weights over the usual amounts, the smaller the likelier, whose mean is ``mean``."""
    low, high = -0.05, 0.5
    for _ in range(60):
        middle = (low + high) / 2
        weights = [exp(-middle * (yuan - _USUAL[0])) for yuan in _USUAL]
        found = sum(w * y for w, y in zip(weights, _USUAL, strict=True)) / sum(weights)
        low, high = (middle, high) if found > mean else (low, middle)
    return weights


def _close(gap: int, lines: list[Line], most: dict[int, int]) -> None:
    """Move amounts by round steps until ``gap`` is gone."""
    for step in _STEPS:
        moved = True
        while moved and abs(gap) >= step:
            moved = False
            for line in lines:
                new = line.cash + (step if gap > 0 else -step)
                if abs(gap) >= step and 100 <= new <= most[id(line)]:
                    gap += line.cash - new
                    line.cash = new
                    moved = True
    if gap:
        raise AssertionError(f"{gap} yuan could not be placed")
