"""The parts of a plan that is reviewed: numbers, rejected rows, pairs, changed fields, new rows.

Each part knows how many things it has, and draws those around its cursor on as many lines as it
is given, so that a plan of a million rows draws as fast as one of ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rcaid.locale import N_, _
from rcaid.screens import signs
from rcaid.screens.cells import Line, count, fit, money, width_of, wrapped
from rcaid.screens.import_session import DIFFERENT, LATER, SAME, Alike, BadRow, Change, PlanView

_ROW, _COLUMN, _VALUE = 9, 13, 18
_MOST_WRAPPED = 4
_SAID = {
    SAME: N_("the same person"),
    DIFFERENT: N_("different people"),
    LATER: N_("left for later"),
    "file": N_("a row of this file: apply first, it is asked again then"),
}


class Part(Protocol):
    """One of the parts."""

    title: str
    hint: str
    cursor: int

    @property
    def total(self) -> int:
        """How many there are, shown or not."""

    def __len__(self) -> int:
        """How many things it has."""

    def needed(self) -> int:
        """On how many lines all of it would stand."""

    def lines(self, room: int, width: int, *, here: bool) -> list[Line]:
        """Up to ``room`` lines, those around the cursor; ``here`` draws the cursor."""

    def text(self) -> str:
        """The thing under the cursor in full."""


def _pointer(here: bool) -> tuple[str, str]:
    return (f" {signs.current().cursor} " if here else "   ", "accent")


class Listed:
    """A part of which each thing is a line under a heading of columns."""

    def __init__(self, title: str, hint: str = "") -> None:
        self.title, self.hint = title, hint
        self.cursor = 0

    def __len__(self) -> int:
        """How many things it has."""
        return 0

    @property
    def total(self) -> int:
        """How many there are, shown or not."""
        return len(self)

    def needed(self) -> int:
        """A line for each, and their heading."""
        return len(self) + 1

    def heading(self, width: int) -> Line:
        """What the columns are called."""
        return ()

    def one(self, index: int, width: int, here: bool) -> list[Line]:
        """One thing; the one under the cursor may take more lines."""
        return []

    def text(self) -> str:
        """The thing under the cursor in full."""
        return ""

    def lines(self, room: int, width: int, *, here: bool) -> list[Line]:
        """The heading, and the things around the cursor."""
        if room < 2:
            return []
        cursor = self.one(self.cursor, width, here)[: room - 1]
        after, before = self.cursor + 1, self.cursor
        found: list[list[Line]] = [cursor]
        left = room - 1 - len(cursor)
        # As much before the cursor as keeps it on the screen, the rest after it.
        while left > 0 and (after < len(self) or before > 0):
            if after < len(self) and (len(found) < 3 or before == 0):
                found.append(self.one(after, width, False))
                after += 1
            elif before > 0:
                before -= 1
                found.insert(0, self.one(before, width, False))
            else:
                found.append(self.one(after, width, False))
                after += 1
            left -= 1
        return [self.heading(width), *(line for lines in found for line in lines)]


class BadRows(Listed):
    """Rows that are not taken, or that were taken with a word of warning."""

    def __init__(self, title: str, rows: Sequence[BadRow], hint: str = "") -> None:
        super().__init__(title, hint)
        self._rows = rows

    def __len__(self) -> int:
        """How many problems there are."""
        return len(self._rows)

    def needed(self) -> int:
        """The sentence under the cursor may take more lines than one."""
        return super().needed() + _MOST_WRAPPED - 1

    def heading(self, width: int) -> Line:
        """What the columns are called."""
        names = (
            fit(_("row"), _ROW - 1, True),
            fit(_("column"), _COLUMN),
            fit(_("what stood there"), _VALUE),
            _("what is wrong"),
        )
        return (("  " + " ".join(names), "quiet"),)

    def one(self, index: int, width: int, here: bool) -> list[Line]:
        """Row, column, what stood there, what is wrong; under the cursor to the end."""
        row = self._rows[index]
        number = str(row.row) if row.row else ""
        front = f"{fit(number, _ROW - 2, True)} {fit(row.column, _COLUMN)} {fit(row.value, _VALUE)}"
        before = 3 + width_of(front) + 1
        room = max(width - before - 1, 12)
        if not here:
            return [(_pointer(False), (front, "text"), (" " + fit(row.text, room), "text"))]
        first, *rest = wrapped(row.text, room)[:_MOST_WRAPPED]
        lines: list[Line] = [(_pointer(True), (front, "text"), (" " + first, "text"))]
        return [*lines, *(((" " * before + more, "text"),) for more in rest)]

    def text(self) -> str:
        """Row, column, value and sentence."""
        row = self._rows[self.cursor]
        where = _("row {n}").format(n=row.row) if row.row else ""
        value = f"“{row.value}”" if row.value else ""
        return "  ".join(part for part in (where, row.column, value, row.text) if part)


class Changes(Listed):
    """Fields that change, old and new."""

    def __init__(self, title: str, changes: Sequence[Change]) -> None:
        super().__init__(title)
        self._changes = changes

    def __len__(self) -> int:
        """How many fields change."""
        return len(self._changes)

    def heading(self, width: int) -> Line:
        """What the columns are called."""
        side = (width - 32) // 2
        names = (fit(_("row"), _ROW - 1, True), fit(_("field"), 16), fit(_("on record"), side))
        return (("  " + " ".join((*names, " " + _("in the file"))), "quiet"),)

    def one(self, index: int, width: int, here: bool) -> list[Line]:
        """Row, field, old and new; a second line says that it waits."""
        each = self._changes[index]
        side = (width - 32) // 2
        front = f"{fit(str(each.row), _ROW - 2, True)} {fit(each.what, 16)} "
        mark = signs.current().attention if each.waits else " "
        line: Line = (
            _pointer(here),
            (front, "text"),
            (fit(each.before, side), "quiet"),
            (f"{mark} ", "attention"),
            (fit(each.after, side), "text"),
        )
        return [line, ((" " * 28 + each.waits, "quiet"),)] if here and each.waits else [line]

    def text(self) -> str:
        """The change in full."""
        each = self._changes[self.cursor]
        arrow = "→"
        waits = f"  {each.waits}" if each.waits else ""
        return f"{each.what}: {each.before or '-'} {arrow} {each.after or '-'}{waits}"


class NewRows(Listed):
    """What comes in anew: the first of it."""

    def __init__(self, title: str, rows: Sequence[Sequence[str]], total: int) -> None:
        shown = _("the first {n}").format(n=count(len(rows))) if len(rows) < total else ""
        super().__init__(title, shown)
        self._rows = rows
        self._total = total

    def __len__(self) -> int:
        """How many are shown."""
        return len(self._rows)

    @property
    def total(self) -> int:
        """How many there are, shown or not."""
        return self._total

    def heading(self, width: int) -> Line:
        """What the columns are called."""
        names = (_("number"), _("name"), _("office"), _("need"))
        cells = [fit(_("row"), _ROW - 1, True), *self._cells(names, width)]
        return (("  " + " ".join((*cells, fit(_("amount"), 13, True))), "quiet"),)

    def _cells(self, values: Sequence[str], width: int) -> list[str]:
        widths = (14, max(width - 72, 8), 16, 10)
        return [fit(value, w) for value, w in zip(values, widths, strict=False)]

    def one(self, index: int, width: int, here: bool) -> list[Line]:
        """One new row."""
        row, *values, fen = self._rows[index]
        cells = [fit(row, _ROW - 2, True), *self._cells(values, width), fit(fen, 13, True)]
        return [(_pointer(here), (" ".join(cells), "text"))]

    def text(self) -> str:
        """The new row in one line."""
        return "  ".join(filter(None, self._rows[self.cursor]))


class Pairs:
    """Rows and who may be the same person, one pair at a time."""

    def __init__(self, title: str, pairs: Sequence[Alike], hint: str) -> None:
        self.title, self.hint = title, hint
        self.cursor = 0
        self.pairs = list(pairs)

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.pairs)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.pairs)

    def needed(self) -> int:
        """The largest pair with its heading and its last line."""
        return max((len(pair.fields) for pair in self.pairs), default=0) + 2

    @property
    def pair(self) -> Alike:
        """The pair that is shown."""
        return self.pairs[self.cursor]

    def lines(self, room: int, width: int, *, here: bool) -> list[Line]:
        """Both sides, field by field, what differs marked; then which pair it is."""
        if room < 3:
            return []
        pair, side = self.pair, (width - 26) // 2
        row = _("row {n} in the file").format(n=pair.row)
        score = _("score {n}").format(n=pair.score)
        heading = f"   {' ' * 11}{fit(row, side)} {fit(pair.title, side)} {score}"
        lines: list[Line] = [((heading, "quiet"),)]
        for n, (name, left, right) in enumerate(pair.fields[: room - 2]):
            differs = left and right and left != right
            lines.append(
                (
                    _pointer(here and not n),
                    (fit(name, 10) + " ", "quiet"),
                    (fit(left, side) + " ", "text"),
                    (fit(right, side) + " ", "text"),
                    (_("differs") if differs else "", "attention"),
                )
            )
        return [*lines, self._last(width)]

    def _last(self, width: int) -> Line:
        pair = self.pair
        which = _("pair {n} of {total}").format(n=self.cursor + 1, total=len(self))
        waits = _("the row waits") if pair.holds else _("the row goes in")
        said = _(_SAID[pair.decision]) if pair.decision else waits
        sign = "done" if pair.decision in (SAME, DIFFERENT) else "quiet"
        dot = f" {signs.current().dot} "
        return ((f"   {which}{dot}", "quiet"), (said, sign))

    def text(self) -> str:
        """How the score is made up."""
        pair = self.pair
        score = _("score {n}").format(n=pair.score)
        return f"{score}: {', '.join(pair.parts)}" if pair.parts else score


def numbers(plan: PlanView, width: int) -> list[Line]:
    """The four numbers that add up to the rows read; money, quota and columns."""
    shown = (
        (plan.read, _("rows")),
        (plan.new, _("new")),
        (plan.changed, _("changed")),
        (plan.unchanged, _("unchanged")),
        (plan.not_taken, _("not taken")),
    )
    spans: list[tuple[str, str]] = [(" ", "text")]
    for n, text in shown:
        spans += [(fit(count(n), 6, right=True), "strong"), (f" {text}  ", "text")]
    second: list[str] = []
    if plan.fen:
        second.append(f"{_('money')} {money(plan.fen)}")
    second += _quota(plan)
    second.append(_("columns {n} of {total} used").format(n=plan.known_columns, total=plan.columns))
    line = "     ".join(second)
    lines: list[Line] = [tuple(spans), ((f"   {fit(line, width - 4)}", "text"),)]
    return lines


def _quota(plan: PlanView) -> list[str]:
    if not plan.quota:
        return []
    before = sum(used for _name, used, _after, _n in plan.quota)
    after = sum(used for _name, _before, used, _n in plan.quota)
    allotted = sum(n for _name, _before, _after, n in plan.quota)
    text = _("quota {before} + {more} of {allotted}, {left} left")
    return [
        text.format(
            before=count(before), more=count(after - before), allotted=count(allotted),
            left=count(allotted - after),
        )
    ]  # fmt: skip
