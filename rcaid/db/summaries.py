"""Where things stand, from the summaries that every unit keeps, and the sums of rosters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, statement
from rcaid.db.people import chunks

_FLOWS = statement(
    "flow.standing",
    "SELECT cycle_id, category, state, CAST(SUM(n) AS BIGINT), CAST(SUM(fen) AS BIGINT)"
    " FROM flow WHERE machine = :machine AND office_id IN (:offices)"
    " GROUP BY cycle_id, category, state ORDER BY cycle_id, category, state",
    lists=("offices",),
)
_FLOWS_BY_OFFICE = statement(
    "flow.by_office",
    "SELECT office_id, cycle_id, state, CAST(SUM(n) AS BIGINT), CAST(SUM(fen) AS BIGINT)"
    " FROM flow WHERE office_id IN (:offices) AND cycle_id IN (:cycles) AND machine = :machine"
    " GROUP BY office_id, cycle_id, state ORDER BY office_id, cycle_id, state",
    lists=("offices", "cycles"),
)
_LINES_OF_CYCLE = statement(
    "flow.lines_of_cycle",
    "SELECT office_id, category, state, CAST(SUM(n) AS BIGINT) FROM flow WHERE machine = 'line'"
    " AND cycle_id = :cycle AND office_id IN (:offices)"
    " GROUP BY office_id, category, state ORDER BY office_id, category, state",
    lists=("offices",),
)
_ROSTER_SUMS = statement(
    "roster.sums",
    "SELECT roster_id, count(*), CAST(COALESCE(SUM(fen), 0) AS BIGINT) FROM aid_case"
    " WHERE roster_id IN (:rosters) AND state IN ('listed', 'entitled', 'closed')"
    " GROUP BY roster_id",
    lists=("rosters",),
)
_SUPPLEMENTED = statement(
    "roster.supplemented",
    "SELECT DISTINCT supplements FROM roster WHERE supplements IS NOT NULL"
    " AND office_id IN (:offices)",
    lists=("offices",),
)


class Standing(NamedTuple):
    """How many things of one cycle and category are in a state now, and their money in fen."""

    cycle_id: str
    category: str
    state: str
    n: int
    fen: int


class OfficeStanding(NamedTuple):
    """How many things of one office and cycle are in a state now, and their money in fen."""

    office_id: str
    cycle_id: str
    state: str
    n: int
    fen: int


def standing(store: Store, machine: str, offices: Sequence[str]) -> list[Standing]:
    """Where things of these offices stand, from the summaries."""
    return [
        Standing(*row)
        for row in store.rows(_FLOWS, {"machine": machine, "offices": offices})
        if row[3] or row[4]
    ]


def standing_by_office(
    store: Store, machine: str, offices: Sequence[str], cycles: Sequence[str]
) -> list[OfficeStanding]:
    """The same for each office, in these cycles."""
    params = {"machine": machine, "offices": offices, "cycles": cycles}
    return [
        OfficeStanding(*row) for row in store.rows(_FLOWS_BY_OFFICE, params) if row[3] or row[4]
    ]


def lines_of_cycle(
    store: Store, cycle_id: str, offices: Sequence[str]
) -> list[tuple[str, str, str, int]]:
    """How many lines of a cycle stand in a state, by (office id, category, state)."""
    params = {"cycle": cycle_id, "offices": offices}
    return [(o, c, s, int(n)) for o, c, s, n in store.rows(_LINES_OF_CYCLE, params) if n]


def roster_sums(store: Store, rosters: Iterable[str]) -> dict[str, tuple[int, int]]:
    """For each roster the lines that count and their money in fen."""
    return {
        roster: (int(n), int(fen))
        for piece in chunks(rosters)
        for roster, n, fen in store.rows(_ROSTER_SUMS, {"rosters": piece})
    }


def supplemented(store: Store, offices: Sequence[str]) -> set[str]:
    """Ids of the rosters of these offices that have supplements."""
    return {first for (first,) in store.rows(_SUPPLEMENTED, {"offices": offices})}
