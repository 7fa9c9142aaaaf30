"""Reports that are published: cross tables without small cells, and lists of notices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rcaid.db import reports as rows
from rcaid.domain.counting import COUNTING_RULE, NOTICE_RULE, PUBLIC_RULE, age_band
from rcaid.domain.deadlines import age
from rcaid.domain.suppression import hidden, with_totals
from rcaid.services import notices
from rcaid.services.desk import Desk
from rcaid.services.programmes import rules_on
from rcaid.services.reporting.figures import with_cycles
from rcaid.services.reporting.shape import Asked, Cell, Report, Row, office_name, offices_of, until

HIDDEN = "x"
"""What stands in a cell that is left out."""
UNNAMED = "sensitive"
"""The column of what is not shown by name."""


def published(table: Sequence[Sequence[int]]) -> tuple[list[list[Cell]], int]:
    """A cross table of persons as it may be published, with its totals, and how many cells of it
    are left out (BR-071)."""
    whole = with_totals(table)
    gone = hidden(whole)
    shown: list[list[Cell]] = [
        [HIDDEN if (r, c) in gone else n for c, n in enumerate(row)] for r, row in enumerate(whole)
    ]
    return shown, len(gone)


def by_sex_and_age(desk: Desk, asked: Asked) -> Report:
    """R-16: persons that something reached, by sex, age and category, for publication (BR-071).

    Ages are of the last day. Sensitive categories stand together without a name.
    """
    offices = offices_of(desk, asked)
    first, last = until(asked)
    counted: dict[str, dict[tuple[str, str], dict[str, int]]] = {}
    for programme in with_cycles(desk):
        sensitive = rules_on(desk, programme.id, last).sensitive
        cells: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for category, sex, born, n in rows.people(desk.store, programme.id, offices, first, last):
            band = age_band(age(born, last)) if len(born) == 10 else "?"
            shown_as = UNNAMED if category in sensitive else category
            cells[sex or "?", band][shown_as] += n
        if cells:
            counted[programme.name] = cells
    named = {name for cells in counted.values() for row in cells.values() for name in row}
    columns = tuple(sorted(named, key=lambda name: (name == UNNAMED, name)))
    table: list[Row] = []
    gone = 0
    for name, cells in counted.items():
        keys = sorted(cells, key=lambda key: (key[0], _first_year(key[1])))
        shown, n = published([[cells[key].get(c, 0) for c in columns] for key in keys])
        gone += n
        for key, row in zip([*keys, ("*", "*")], shown, strict=True):
            table.append((name, *key, *row))
    return Report(
        "people", "R-16", asked.period, last,
        ("programme", "sex", "age", *columns, "persons"), tuple(table),
        rules=(PUBLIC_RULE, COUNTING_RULE), office=office_name(desk, asked), bar="persons",
        hidden=gone,
    )  # fmt: skip


def _first_year(band: str) -> int:
    digits = band.partition("-")[0].rstrip("+")
    return int(digits) if digits.isdigit() else 999


def notice(desk: Desk, asked: Asked) -> Report:
    """R-05: the lines of a public notice, exactly as the public reads them (BR-051, BR-052)."""
    found = notices.shown(desk, asked.period)
    said = [found.title, f"{found.starts_on} – {found.ends_on}", found.phone]
    return Report(
        "public", "R-05", found.number, found.starts_on or desk.day,
        ("serial", "name", "place", "category", "modality", "help"),
        tuple(line.cells(n) for n, line in enumerate(found.lines, 1)),
        rules=(NOTICE_RULE,), wording=tuple(each for each in said if each.strip(" –")),
    )  # fmt: skip
