"""rcaid demo: a made-up year, written as the files a society holds, and played."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rcaid.cli import desks
from rcaid.cli.show import Column, put
from rcaid.cli.verbs import Json, new_app, out, verb
from rcaid.domain.errors import Problem, Refused, Unusable
from rcaid.domain.text import safe_text
from rcaid.locale import N_

app = new_app()

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="where the year's files lie")]

_COLUMNS = (
    Column("folder", N_("folder")),
    Column("seed", N_("seed"), "number"),
    Column("scale", N_("scale"), "number"),
    Column("person_times", N_("person-times"), "number"),
    Column("value_fen", N_("value"), "money"),
    Column("files", N_("roster files"), "number"),
    Column("rejected", N_("wrong rows"), "number"),
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


@verb(app, "run", "rcaid demo run year", "rcaid --db /tmp/year.db demo run year")
def run(context: typer.Context, folder: Folder) -> None:
    """Plays the year of a folder: import, verify, approve, pay, hand out, report, audit.

    The store of an earlier run is replaced; without --db it lies beside the folder. Ends with 5
    if any figure is not what was planted.
    """
    from rcaid.demo import inbox
    from rcaid.demo.summary import play_year
    from rcaid.services.upkeep import remove_demo

    options = desks.said(context)
    if options.login or options.as_login:
        login = options.login or options.as_login
        raise Refused(Problem("who.operator", {"login": login}))
    if not (folder / "plan.json").is_file():
        raise Unusable(Problem("demo.no_year", {"place": str(folder)}))
    place = options.db or str(folder.absolute().parent / f"{folder.absolute().name}.db")
    remove_demo(place)
    player = play_year(folder, place, _say)
    inbox.lay_out(folder, player.admin)


def _say(line: str) -> None:
    # Each line at once, so that whoever watches sees what is being done.
    put(sys.stdout, [safe_text(line, 2000) + "\n"])
    sys.stdout.flush()
