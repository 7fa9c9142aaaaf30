"""rcaid demo: a made-up year, written as the files a society holds, and played."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, new_app, out, verb

app = new_app()

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="where the year's files lie")]

_COLUMNS = (
    Column("folder", "folder"),
    Column("seed", "seed", "number"),
    Column("scale", "scale", "number"),
    Column("person_times", "person-times", "number"),
    Column("value_fen", "value", "money"),
    Column("files", "roster files", "number"),
    Column("rejected", "wrong rows", "number"),
)


@verb(
    app, "make", "rcaid demo make year", "rcaid demo make small-year --scale 0.01 --seed 7 --json"
)
def make(
    folder: Folder,
    scale: Annotated[float, typer.Option(metavar="X", help="1 is a whole city's year")] = 1.0,
    seed: Annotated[int, typer.Option(metavar="N", help="same seed, same bytes")] = 2022,
    json: Json = False,
) -> None:
    """Writes rosters, hand-out sheets and bank results of a made-up year, and its truth."""
    from rcaid.demo.make import make

    truth = make(folder, scale=scale, seed=seed)
    facts = {
        "folder": str(folder),
        "seed": seed,
        "scale": scale,
        "person_times": truth.person_times,
        "value_fen": truth.value_fen,
        "files": len(truth.files),
        "rejected": sum(len(each.rejected) for each in truth.files.values()),
    }
    out(json).record(facts, _COLUMNS)
