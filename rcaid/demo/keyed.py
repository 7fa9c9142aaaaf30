"""Chance that can be repeated: a stream of its own for each named step, and exact sharing out."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random


def stream(seed: int, *step: object) -> Random:
    """The stream of one step of one seed; other steps, however many they draw, do not move it."""
    return Random("|".join(map(str, (seed, *step))))


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Split ``total`` by weight into whole parts whose sum is ``total`` (largest remainder)."""
    if not weights:
        return []
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    by_rest = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_rest[: total - sum(parts)]:
        parts[i] += 1
    return parts


def about(rng: Random, expected: float) -> int:
    """A whole number whose mean is ``expected``."""
    return int(expected + rng.random())
