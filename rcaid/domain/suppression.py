"""Public cross tables: hiding small cells so that none of them can be worked out (BR-071).

A table has a total for each row and column, which are published too. So a hidden cell can be
worked out from the rest exactly when it is a bridge of the graph whose corners are the rows and
columns and whose edges are the hidden cells; cells are hidden until there is no bridge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rcaid.domain.counting import suppressed

Place = tuple[int, int]
"""Row and column of a cell, from 0."""


def with_totals(cells: Sequence[Sequence[int]]) -> list[list[int]]:
    """A table with a last column of sums and a last row of sums."""
    rows = [[*row, sum(row)] for row in cells]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]] if rows else []


def hidden(table: Sequence[Sequence[int]], least: int = 5) -> frozenset[Place]:
    """The cells of a table with its totals that must not be shown: those of fewer than ``least``,
    and as few others as keep them from being worked out."""
    gone = {
        (r, c) for r, row in enumerate(table) for c, n in enumerate(row) if suppressed(n, least)
    }
    while True:
        bridge = next((each for each in sorted(gone) if _is_bridge(each, gone)), None)
        if bridge is None:
            return frozenset(gone)
        more = _beside(bridge, gone, table)
        if more is None:
            return frozenset((r, c) for r, row in enumerate(table) for c, _ in enumerate(row))
        gone.add(more)


def _corners(place: Place) -> tuple[Place, Place]:
    """The row and the column of a cell as corners of the graph."""
    return (0, place[0]), (1, place[1])


def _joined(start: Place, edges: Iterable[Place]) -> set[Place]:
    """All corners that a corner is joined to."""
    edges = list(edges)
    found, left = {start}, [start]
    while left:
        at = left.pop()
        for edge in edges:
            ends = _corners(edge)
            if at in ends:
                fresh = set(ends) - found
                found |= fresh
                left += fresh
    return found


def _is_bridge(place: Place, gone: Collection[Place]) -> bool:
    row, column = _corners(place)
    return column not in _joined(row, (each for each in gone if each != place))


def _beside(bridge: Place, gone: Collection[Place], table: Sequence[Sequence[int]]) -> Place | None:
    """The cell to hide next: one that makes another way around the bridge, or else leads on from
    it; totals and empty cells last."""
    rest = [each for each in gone if each != bridge]
    one, other = (_joined(corner, rest) for corner in _corners(bridge))
    shown = [(r, c) for r, row in enumerate(table) for c, _ in enumerate(row) if (r, c) not in gone]
    around = [
        each
        for each in shown
        for row, column in [_corners(each)]
        if (row in one and column in other) or (row in other and column in one)
    ]
    onward = [each for each in shown if set(_corners(each)) & (one | other)]

    def price(place: Place) -> tuple[bool, bool, int, Place]:
        r, c = place
        total = r == len(table) - 1 or c == len(table[r]) - 1
        return table[r][c] == 0, total, table[r][c], place

    return min(around or onward or shown, key=price, default=None)
