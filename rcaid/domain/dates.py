"""Dates as files write them, by explicit forms that are decided for a whole column.

Forms that begin with the year are read as they stand. Of 03-04-2022 nobody knows which is the
month: the column proves it by a value with a part above twelve, or somebody says it. A spreadsheet
set to the other order turns those of its cells that it can into dates, with day and month swapped,
and leaves the others as text; so in a column that has both forms a date that may have been swapped
is refused.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Final, NamedTuple

from rcaid.domain.errors import Problem

ORDERS: Final = ("ymd", "dmy", "mdy")
_FOLD: Final = str.maketrans({p: p - 0xFEE0 for p in range(0xFF01, 0xFF5F)})
_CLOCK: Final = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?$")
_YEAR_FIRST: Final = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)|(\d{4})(\d\d)(\d\d)",
    re.ASCII,
)
_YEAR_LAST: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
_SERIAL: Final = re.compile(r"[1-9]\d{4}(?:\.\d+)?|\d+(?:\.\d*)?[eE]\+?\d+", re.ASCII)


class Order(NamedTuple):
    """How a column's dates are read: ymd, dmy or mdy; ``mixed`` where it has both forms."""

    order: str = "ymd"
    mixed: bool = False


YEAR_FIRST: Final = Order()


class Column:
    """What the values of one column show about their order, value by value."""

    def __init__(self) -> None:
        self.year_first = 0
        self.day_first = 0
        self.month_first = 0
        self.either = 0
        self.alike = 0

    def see(self, text: str) -> None:
        """Counts one value; what is no date counts for nothing."""
        bare = _bare(text)
        if (found := _YEAR_LAST.fullmatch(bare)) is not None:
            self._last(int(found[1]), int(found[3]))
        elif bare and _YEAR_FIRST.fullmatch(bare):
            self.year_first += 1

    def _last(self, first: int, second: int) -> None:
        if first > 12 >= second:
            self.day_first += 1
        elif second > 12 >= first:
            self.month_first += 1
        elif first == second:
            self.alike += 1
        elif first <= 12:
            self.either += 1

    def order(self, said: str = "") -> Order | None:
        """The order that was said, else the proven one; None where it has to be said."""
        last = self.day_first + self.month_first + self.either + self.alike
        mixed = bool(last and self.year_first)
        if said:
            return Order(said, mixed and said != "ymd")
        if not last:
            return YEAR_FIRST
        both = self.day_first and self.month_first
        if both or not (self.day_first or self.month_first or self.alike == last):
            return None
        return Order("mdy" if self.month_first else "dmy", mixed)


def _bare(text: str) -> str:
    return _CLOCK.sub("", text.strip().translate(_FOLD))


def read(text: str, column: Order = YEAR_FIRST) -> str | Problem:
    """The ISO date of a cell, "" of an empty one, or what is wrong with it."""
    bare = _bare(text)
    if not bare:
        return ""
    if (found := _YEAR_FIRST.fullmatch(bare)) is not None:
        year, month, day = (int(part) for part in found.groups() if part and part not in "-/.")
        if column.mixed and found[7] is None and month <= 12 and day <= 12 and month != day:
            return Problem("date.mixed", {"value": text})
        return _date(year, month, day) or Problem("date.none", {"value": text})
    if (found := _YEAR_LAST.fullmatch(bare)) is not None:
        return _year_last(text, int(found[1]), int(found[3]), int(found[4]), column.order)
    if _SERIAL.fullmatch(bare):
        return Problem("date.serial", {"value": text})
    return Problem("date.format", {"value": text})


def read_late(text: str, column: Callable[[], Order]) -> str | Problem:
    """The same where the column's order is asked for only once a value needs it."""
    return read(text, column() if _YEAR_LAST.fullmatch(_bare(text)) else YEAR_FIRST)


def _year_last(text: str, first: int, second: int, year: int, order: str) -> str | Problem:
    day, month = (second, first) if order == "mdy" else (first, second)
    made = _date(year, month, day) if order != "ymd" else ""
    if made:
        return made
    fits = order == "ymd" or _date(year, day, month)
    return Problem("date.order" if fits else "date.none", {"value": text, "order": order})


def _date(year: int, month: int, day: int) -> str:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return ""
