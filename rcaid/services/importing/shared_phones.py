"""A phone that many rows of a file share: no reason to take them for one person, but worth a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from rcaid.domain.errors import Problem
from rcaid.services.importing.plans import Rejected
from rcaid.services.importing.row_judge import Read, TableJudge

FEW: Final = 5
"""Rows that a household may well have under one phone."""
KEPT: Final = 100_000
"""Phones that are counted; those a longer file brings later are not."""


class SharedPhones:
    """Counts the phones of a file's good rows."""

    def __init__(self) -> None:
        self._rows: dict[str, list[int]] = {}

    def see(self, reads: Iterable[Read]) -> None:
        """Counts a piece of judged rows."""
        for read in reads:
            phone = "" if read.problems else read.values.get("phone", "")
            if phone and (phone in self._rows or len(self._rows) < KEPT):
                self._rows.setdefault(phone, []).append(read.row)

    def warnings(self, judge: TableJudge) -> Iterator[Rejected]:
        """A warning for each row but the first whose phone more than `FEW` rows have."""
        for phone, rows in self._rows.items():
            if len(rows) > FEW:
                problem = Problem("row.phone_shared", {"n": len(rows), "first": rows[0]})
                for row in rows[1:]:
                    yield replace(judge.said(row, problem, "phone", phone), warning=True)
