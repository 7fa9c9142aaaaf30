"""The order of day, month and year in each date column of a file, found in a pass of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rcaid.domain.dates import YEAR_FIRST, Column, Order
from rcaid.domain.errors import Problem, Unusable
from rcaid.files.headers import HeaderMap
from rcaid.files.tables import open_table


class DateColumns:
    """Asked for the first time, it reads the file through once, and keeps nothing but counts.

    ``options`` are those the file was opened with; ``said`` is the order somebody gave, or "".
    """

    def __init__(
        self,
        path: Path,
        options: Mapping[str, Any],
        columns: HeaderMap,
        fields: Sequence[str],
        said: str,
    ) -> None:
        self._path = path
        self._options = options
        self._map = columns
        self._fields = [name for name in fields if name in columns.columns]
        self._said = said
        self._found: dict[str, Order] | None = None

    def of(self, field: str) -> Order:
        """How the dates of a field are read. Unusable date.unproven names each column whose
        order has to be said."""
        if self._found is None:
            self._found = self._look() if self._fields else {}
        return self._found.get(field, YEAR_FIRST)

    def _look(self) -> dict[str, Order]:
        seen = [Column() for _ in self._fields]
        with open_table(self._path, **self._options) as table:
            pick = self._map.picker(self._fields, len(table.header))
            for _, cells in table.rows:
                cells.append("")
                for column, cell in zip(seen, pick(cells), strict=True):
                    if cell:
                        column.see(cell)
            header = table.header
        found = {
            name: column.order(self._said) for name, column in zip(self._fields, seen, strict=True)
        }
        unproven = [
            Problem("date.unproven", {"column": heading}, field=name, column=heading)
            for name, order in found.items()
            if order is None
            for heading in [header[self._map.columns[name]]]
        ]
        if unproven:
            raise Unusable(unproven)
        return {name: order for name, order in found.items() if order is not None}
