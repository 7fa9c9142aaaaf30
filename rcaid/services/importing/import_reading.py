"""Opening a file for its kind: its table, where each field stands, and how its dates are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rcaid.domain.errors import Unusable
from rcaid.files.date_columns import DateColumns
from rcaid.files.headers import Field, HeaderMap, map_columns
from rcaid.files.profiles import Profile
from rcaid.files.tables import Table, open_table
from rcaid.services.importing.kinds import Kind


@dataclass(frozen=True, slots=True)
class Reading:
    """What is said about how a file is read; a profile's word holds where nothing else is said.

    ``overrides`` are headings by field, ``dates`` is the order of dates where no column proves it.
    """

    overrides: Mapping[str, str] | None = None
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    profile: Profile | None = None
    dates: str = ""


@contextmanager
def opened(path: Path, kind: Kind, how: Reading) -> Iterator[tuple[Table, HeaderMap]]:
    """The table and the map of its columns, within the block.

    Unusable when the file is no table, a needed column is missing, or none says what a row is
    about.
    """
    profile = how.profile
    said = profile or Profile("", kind.name)
    options = {
        "fields": (*kind.fields, Field("", said.headings())) if profile else kind.fields,
        "sheet": how.sheet or said.sheet or None,
        "encoding": how.encoding or said.encoding or None,
        "delimiter": how.delimiter or said.delimiter or None,
    }
    with open_table(path, **options) as table:  # type: ignore[arg-type]
        columns = map_columns(table.header, kind.fields, how.overrides or {}, profile)
        problems = columns.problems or kind.without_key(columns)
        if problems:
            raise Unusable(problems)
        dates = DateColumns(path, options, columns, kind.dates(), how.dates or said.dates)
        yield table, replace(columns, dates=dates)
