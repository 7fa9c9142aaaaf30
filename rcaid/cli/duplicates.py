"""rcaid import duplicates and decide: people who may be one."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from rcaid.cli import desks, said
from rcaid.cli.lists import MOST, Limit, Where
from rcaid.cli.person import plain
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, Yes, done, out, verb
from rcaid.domain.errors import Problem
from rcaid.locale import N_, _

_PAIR = "01JZ3KQ8V6D2M4N7P9R1S3T5W7"
_LIST = (
    Column("pair", N_("pair")),
    Column("state", N_("state"), "word"),
    Column("band", N_("band"), "word"),
    Column("score", N_("score"), "number"),
    Column("left", N_("on file")),
    Column("right", N_("the other")),
    Column("what", N_("kind"), "word"),
    Column("office", N_("office")),
    Column("file", N_("file")),
    Column("row", N_("row"), "number"),
)
_SIDES = (
    Column("field", N_("field")),
    Column("left", N_("on file")),
    Column("right", N_("the other")),
    Column("how", N_("compared"), "word"),
)
_SEARCHED = (
    Column("people", N_("people compared"), "number"),
    Column("compared", N_("pairs compared"), "number"),
    Column("same", N_("same"), "number"),
    Column("near_certain", N_("near certain"), "number"),
    Column("possible", N_("possible"), "number"),
    Column("skipped", N_("keys left out"), "number"),
)

Pair = Annotated[str, typer.Argument(metavar="PAIR", help="its id, as import duplicates shows")]


def add_to(app: typer.Typer) -> None:
    """Adds the verbs to the noun import."""
    verb(
        app,
        "duplicates",
        f"rcaid import duplicates {_PAIR} --json",
        "rcaid --office 310114 import duplicates --search",
    )(duplicates)
    verb(
        app,
        "decide",
        f"rcaid import decide {_PAIR} different",
        f"rcaid import decide {_PAIR} same --note 'seen at the counter' --yes",
    )(decide)


def duplicates(
    context: typer.Context,
    pair: Annotated[str, typer.Argument(metavar="PAIR", help="show one side by side")] = "",
    search: Annotated[
        bool, typer.Option("--search", help="compare everybody of your offices first")
    ] = False,
    where: Where = "",
    limit: Limit = MOST,
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """Who may be one person and waits for somebody to say so, the likeliest first."""
    from rcaid.services.same_person import duplicate_search, pair_lists
    from rcaid.services.same_person import duplicates as service

    with desks.desk_of(context) as desk:
        if search:
            found, _entry = duplicate_search.search(desk)
            facts: dict[str, object] = {"people": found.people, "compared": found.compared}
            facts |= {band: found.new.get(band, 0) for band in service.ASKED}
            facts["skipped"] = len(found.skipped)
            out(json, output).record(facts, _SEARCHED)
            return
        if pair:
            _show(service.pair(desk, pair), json, output)
            return
        rows = pair_lists.page(desk, where)
        if isinstance(rows, Problem):
            raise typer.BadParameter(said.words(rows), param_hint="--where")
        shown = rows[:limit] if limit else rows
        out(json, output).table(_LIST, (_row(each) for each in shown))
    if len(shown) < len(rows):
        text = _("there are more than these {n}; --limit 0 lists all")
        said.say(text.format(n=f"{limit:,}"))


def _row(row: Any) -> dict[str, Any]:
    return {"pair": row.id, **plain(row)}


def _show(view: Any, json: bool, output: str) -> None:
    facts = plain(view)
    if json:
        out(True, output).data(facts)
        return
    target = out(False, output)
    target.table(_SIDES, [{"field": each.pop("name"), **each} for each in facts["fields"]])
    if output == "-":
        for part in view.parts:
            said.say(f"{part.points:+d} {part.said}")


def decide(
    context: typer.Context,
    pair: Pair,
    answer: Annotated[str, typer.Argument(metavar="ANSWER", help="same, different or later")],
    note: Annotated[str, typer.Option(metavar="TEXT", help="why, for colleagues")] = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Says whether a pair is one person; it is remembered for the next file.

    Two people on file become one when a reviewer says so; a caseworker asks for it.
    """
    from rcaid.services.same_person import duplicates as service

    with desks.desk_of(context) as desk:
        view = service.pair(desk, pair) if answer == "same" else None
        if view is not None and view.what == "people":
            desks.confirm(_("Are the two one person? {keeps} stays").format(keeps=view.keeps), yes)
        entry = service.decide(desk, pair, answer, note)
    done({"pair": pair, "answer": answer, "entry": str(entry)}, json)
