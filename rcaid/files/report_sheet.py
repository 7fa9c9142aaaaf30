"""A report as a workbook: what it is above the figures, the rules of counting below them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from pathlib import Path

from rcaid.files.writing import write_xlsx


def write_report(
    path: Path | str,
    titles: Sequence[str],
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    notes: Sequence[str],
    *,
    money: Collection[str] = (),
) -> None:
    """Writes figures with their title lines and notes; int fen of ``money`` columns become yuan.

    The same figures give the same bytes. Raises `Unusable`.
    """
    below: Iterable[Sequence[object]] = ([note] for note in notes)
    write_xlsx(path, header, chain(rows, [[]], below), title=titles, money=money)
