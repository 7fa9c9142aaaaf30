"""BR-071: small cells of a public table are hidden, and none of them can be worked out."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from rcaid.domain.suppression import hidden, with_totals

Table = list[list[int]]
_TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=1, max_size=5
    )
)


def worked_out(table: Table, gone: frozenset[tuple[int, int]]) -> set[tuple[int, int]]:
    """The hidden cells that follow from what is shown and from the sums, by elimination: those
    alone in a row of the reduced system."""
    cells = sorted(gone)
    last_row, last_column = len(table) - 1, len(table[0]) - 1
    rules: list[list[Fraction]] = []
    for r in range(len(table)):
        rules.append([_sign(c == last_column) if at == r else Fraction(0) for at, c in cells])
    for c in range(len(table[0])):
        rules.append([_sign(r == last_row) if at == c else Fraction(0) for r, at in cells])
    at = 0
    for column in range(len(cells)):
        pivot = next((n for n in range(at, len(rules)) if rules[n][column]), None)
        if pivot is None:
            continue
        rules[at], rules[pivot] = rules[pivot], rules[at]
        first = rules[at][column]
        rules[at] = [value / first for value in rules[at]]
        for n, rule in enumerate(rules):
            if n != at and rule[column]:
                factor = rule[column]
                rules[n] = [a - factor * b for a, b in zip(rule, rules[at], strict=True)]
        at += 1
    found = set()
    for rule in rules:
        held = [n for n, value in enumerate(rule) if value]
        if len(held) == 1:
            found.add(cells[held[0]])
    return found


def _sign(total: bool) -> Fraction:
    return Fraction(-1 if total else 1)


def test_br_071_a_table_of_large_cells_is_shown_whole() -> None:
    assert hidden(with_totals([[5, 9], [7, 12]])) == frozenset()
    assert hidden(with_totals([[0, 9], [7, 0]])) == frozenset()


def test_br_071_a_small_cell_takes_others_with_it() -> None:
    gone = hidden(with_totals([[2, 30, 40], [10, 20, 30], [50, 60, 70]]))
    assert (0, 0) in gone and len(gone) == 4
    assert gone == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_br_071_a_table_of_one_cell_of_few_people_is_hidden_whole() -> None:
    assert hidden(with_totals([[3]])) == {(0, 0), (0, 1), (1, 0), (1, 1)}


@settings(max_examples=200, deadline=None)
@given(_TABLES)
def test_br_071_no_hidden_cell_can_be_worked_out(cells: Table) -> None:
    table = with_totals(cells)
    gone = hidden(table)
    small = {(r, c) for r, row in enumerate(table) for c, n in enumerate(row) if 0 < n < 5}
    assert small <= gone
    assert not worked_out(table, gone)
