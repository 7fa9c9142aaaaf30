"""rcaid person: people found by name, pinyin, initials and digits; what was given; a death."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Annotated, Any

import typer

from rcaid.cli import desks
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, Yes, done, new_app, out, verb
from rcaid.domain.errors import Problem, Refused
from rcaid.locale import N_, _

app = new_app()

_FOUND = (
    Column("id", N_("person")),
    Column("name", N_("name")),
    Column("sex", N_("sex")),
    Column("age", N_("age"), "number"),
    Column("identity", N_("identity number")),
    Column("place", N_("place")),
    Column("state", N_("state"), "word"),
    Column("last_help", N_("last help")),
    Column("open_lines", N_("open"), "number"),
)
_CARD = (
    *_FOUND[:3],
    Column("born", N_("born")),
    Column("age", N_("age"), "number"),
    Column("state", N_("state"), "word"),
    Column("died_on", N_("died")),
    Column("id_kind", N_("kind of document")),
    Column("identity", N_("identity number")),
    Column("phone", N_("phone")),
    Column("address", N_("address")),
    Column("account", N_("account")),
    Column("bank", N_("bank")),
    Column("place", N_("place")),
)
_GIVEN = (
    Column("year", N_("year")),
    Column("who", N_("to whom")),
    Column("programme", N_("programme")),
    Column("fen", N_("money"), "money"),
    Column("pieces", N_("pieces"), "number"),
    Column("item", N_("goods")),
)
_CASES = (
    Column("case_no", N_("case")),
    Column("programme", N_("programme")),
    Column("state", N_("state"), "word"),
    Column("fen", N_("money"), "money"),
    Column("item", N_("goods")),
)

Who = Annotated[str, typer.Argument(metavar="PERSON", help="an id, or the number of a case")]


def plain(value: Any) -> Any:
    """Cards of named values as maps and lists, for JSON; problems of a check keep their code."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if hasattr(value, "_asdict"):
        return {key: plain(each) for key, each in value._asdict().items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return int(value) if isinstance(value, bool) else value


def id_of(desk: Any, who: str) -> str:
    """The id of a person, also by the number of one of their cases."""
    from rcaid.services import cases

    if "-" not in who:
        return who
    return str(cases.find(desk, who).person_id)


@verb(app, "find", "rcaid person find 王小明", "rcaid person find zxm 4417 --limit 10 --json")
def find(
    context: typer.Context,
    text: Annotated[
        list[str], typer.Argument(metavar="TEXT...", help="name, pinyin, initials or digits")
    ],
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="how many at most")] = 50,
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """People, your own street first, then the district, then the city."""
    from rcaid.services import people

    with desks.desk_of(context) as desk:
        rows = [plain(each) for each in people.find(desk, " ".join(text), limit)]
    out(json, output).table(_FOUND, rows)


@verb(
    app,
    "show",
    "rcaid person show 22A-JD-00042",
    "rcaid person show 22A-JD-00042 --reveal phone --reason call",
)
def show(
    context: typer.Context,
    who: Who,
    reveal: Annotated[
        str, typer.Option(metavar="FIELD", help="show number, phone, address or account in full")
    ] = "",
    reason: Annotated[str, typer.Option(metavar="CODE", help="why, for the record")] = "",
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """One person with their cases; that you looked is recorded, and what you reveal."""
    from rcaid.services import people

    if reveal and not reason:
        raise typer.BadParameter("a reason goes with it", param_hint="--reveal")
    with desks.desk_of(context) as desk:
        person = id_of(desk, who)
        card = plain(people.card(desk, person))
        if reveal:
            key = "identity" if reveal == "number" else reveal
            card[key] = people.reveal(desk, person, reveal, reason)
    if json:
        out(True, output).data(card)
        return
    if output == "-":
        out(False).record(card, _CARD)
    out(False, output).table(_CASES, card["cases"])


@verb(
    app,
    "history",
    "rcaid person history 22A-JD-00042",
    "rcaid person history 22A-JD-00042 --json",
)
def history(context: typer.Context, who: Who, json: Json = False, output: OutFile = "-") -> None:
    """What reached a person and their household, by year, newest first."""
    from rcaid.services import people

    with desks.desk_of(context) as desk:
        rows = [plain(each) for each in people.history(desk, id_of(desk, who))]
    out(json, output).table(_GIVEN, rows)


@verb(
    app,
    "death",
    "rcaid person death 22A-JD-00042 --date 2022-03-04 --source civil_affairs --yes",
    "rcaid person death 22A-JD-00042 --date 2022-03-04 --source family --yes --json",
)
def death(
    context: typer.Context,
    who: Who,
    date: Annotated[str, typer.Option(metavar="DATE", help="the day of death")],
    source: Annotated[str, typer.Option(metavar="TEXT", help="how it is known")],
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Records a death: open lines are struck, what is under way is suspended (BR-016)."""
    from datetime import date as calendar

    from rcaid.services import deaths

    try:
        day = calendar.fromisoformat(date).isoformat()
    except ValueError as error:
        raise Refused(Problem("date.format", {"value": date})) from error
    with desks.desk_of(context) as desk:
        person = id_of(desk, who)
        desks.confirm(_("Record the death of {who} on {day}?").format(who=who, day=day), yes)
        entry = deaths.record(desk, person, day, source)
    done({"person": person, "died_on": day, "entry": str(entry)}, json)


@verb(
    app,
    "split",
    "rcaid person split 01JZ3KQ8V6D2M4N7P9R1S3T5W7 --yes",
    "rcaid person split 22A-JD-00042 --yes --json",
)
def split(
    context: typer.Context,
    who: Who,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Takes a merge back, as long as nothing went out to the person since.

    The person is who was merged into another; of who remained, only when there was one merge.
    """
    from rcaid.services.same_person import merging

    with desks.desk_of(context) as desk:
        person = id_of(desk, who)
        found = merging.standing(desk, person)
        if len(found) != 1:
            code = "merge.several" if found else "merge.none"
            raise Refused(Problem(code, {"people": ", ".join(each.loser_id for each in found)}))
        made = found[0]
        desks.confirm(_("Take {person} out again?").format(person=made.loser_id), yes)
        entry = merging.split(desk, made.id)
    done({"person": made.loser_id, "from": made.winner_id, "entry": str(entry)}, json)
