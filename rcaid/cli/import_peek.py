"""rcaid import peek: how a file would be read, before anything is planned."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from rcaid.cli import desks, said
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, out, verb
from rcaid.domain.errors import ExitCode, Problem, Refused
from rcaid.domain.text import safe_text
from rcaid.files.headers import Field, HeaderMap, map_columns
from rcaid.files.tables import Table, open_table

if TYPE_CHECKING:
    from rcaid.files.profiles import Profile
    from rcaid.services.importing.kinds import Kind

Sheet = Annotated[str | None, typer.Option("--sheet", metavar="S", help="which sheet to read")]
Encoding = Annotated[
    str | None, typer.Option("--encoding", metavar="E", help="of a text file; else found out")
]
Delimiter = Annotated[
    str | None, typer.Option("--delimiter", metavar="C", help="of a text file; else found out")
]


def add_to(app: typer.Typer) -> None:
    """Adds the verb to the noun import."""
    verb(
        app,
        "peek",
        "rcaid import peek JD.xlsx",
        "rcaid import peek JD.csv --kind roster --rows 3 --json",
    )(peek)


class Seen(NamedTuple):
    """What a file shows: facts of it, its headings, its first rows, and what stands in it."""

    facts: dict[str, Any]
    header: list[str]
    rows: list[list[str]]
    raw: list[dict[str, Any]]


def peek(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="what to look into")],
    kind: Annotated[str, typer.Option(metavar="KIND", help="say how its columns map")] = "",
    profile: Annotated[
        str, typer.Option("--profile", metavar="P", help="say how its columns map by a profile")
    ] = "",
    sheet: Sheet = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    rows: Annotated[int, typer.Option(metavar="N", min=0, help="how many rows to print")] = 5,
    json: Json = False,
    output: OutFile = "-",
) -> int:
    """How a file would be read: its kind, encoding, headings and first rows.

    Ends with 3 when its headings would be refused: the rows are shown all the same.
    """
    from rcaid.services.importing import imports

    options: dict[str, Any] = {"sheet": sheet, "encoding": encoding, "delimiter": delimiter}
    chosen = imports.known_kind(kind) if kind else None
    found = _profile(context, profile, file, options) if profile else None
    if found is not None:
        chosen = chosen or imports.known_kind(found.kind)
        if chosen.name != found.kind:
            params = {"name": found.name, "kind": found.kind, "wanted": chosen.name}
            raise Refused(Problem("profile.kind", params))
        options = {key: said or getattr(found, key) or None for key, said in options.items()}
    seen = look(file, chosen, found, options, rows)
    ended = ExitCode.PROBLEMS if seen.facts["problems"] else ExitCode.DONE
    if json:
        whole = {**seen.facts, "header": seen.header, "rows": seen.rows, "raw": seen.raw}
        out(True, output).data(whole)
        return ended
    columns = tuple(Column(key, key.replace("_", " ")) for key in seen.facts)
    target = out(False, output)
    if output == "-":
        target.record(seen.facts, columns)
    cells = tuple(Column(str(i), safe_text(heading)) for i, heading in enumerate(seen.header))
    target.table(cells, ({str(i): cell for i, cell in enumerate(row)} for row in seen.rows))
    return ended


def _profile(context: typer.Context, name: str, file: Path, options: dict[str, Any]) -> Profile:
    from rcaid.services.importing import profiles

    with desks.desk_of(context) as desk:
        among = profiles.family(desk, name)
    said = {key: value or "" for key, value in options.items()}
    return profiles.choose(among, name, file, **said)


def look(
    file: Path,
    kind: Kind | None,
    profile: Profile | None,
    options: dict[str, Any],
    n: int,
) -> Seen:
    """Facts of a file, its headings and its first ``n`` rows; problems of its headings are told."""
    fields = kind.fields if kind else ()
    if profile is not None:
        fields = (*fields, Field("", profile.headings()))
    with open_table(file, fields=fields, tolerant=True, **options) as table:
        facts: dict[str, Any] = {
            "file": table.name,
            "type": table.kind,
            "encoding": table.encoding,
            "delimiter": table.delimiter,
            "sheet": table.sheet,
            "header_row": table.header_row,
            "sha256": table.sha256,
        }
        if kind and not table.problems:
            facts |= _mapping(table, kind, profile)
        facts["problems"] = [said.words(problem) for problem in table.problems]
        facts["warnings"] = [said.words(problem) for problem in table.warnings]
        first = [cells for _row, cells in islice(table.rows, n)]
        raw = [{"row": row, "cells": cells} for row, cells in table.first[: n + 1]]
        return Seen(facts, list(table.header), first, raw)


def _mapping(table: Table, kind: Kind, profile: Profile | None) -> dict[str, Any]:
    """Which column is which field, and which are not used; its problems go to the table's."""
    found: HeaderMap = map_columns(table.header, kind.fields, {}, profile)
    table.problems += found.problems
    several = found.joined
    facts: dict[str, Any] = {
        "columns": [
            f"{table.header[at]}={name}"
            for name, first in found.columns.items()
            for at in several.get(name, (first,))
        ],
        "not_used": list(found.unmapped),
    }
    if profile is not None:
        left_out = profile.leaves_out(table.header)
        facts = {"profile": profile.name, **facts, "left_out": left_out}
    return facts
