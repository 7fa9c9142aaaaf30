"""rcaid case: applications and the lines of rosters, looked at one by one."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from rcaid.cli import case_after, case_decide, case_intake, case_new, desks
from rcaid.cli.lists import MOST, Limit, OfCycle, OfState, Where, listed
from rcaid.cli.person import plain
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, new_app, out, verb
from rcaid.locale import N_

app = new_app()
case_new.add_to(app)
case_intake.add_to(app)
case_decide.add_to(app)
case_after.add_to(app)

_LIST = (
    Column("case", N_("case")),
    Column("name", N_("name")),
    Column("place", N_("place")),
    Column("category", N_("category"), "word"),
    Column("state", N_("state"), "word"),
    Column("fen", N_("money"), "money"),
    Column("item", N_("goods")),
    Column("roster", N_("roster")),
)
_CARD = (
    Column("case_no", N_("case")),
    Column("state", N_("state"), "word"),
    Column("programme", N_("programme")),
    Column("cycle", N_("cycle")),
    Column("roster", N_("roster")),
    Column("place", N_("place")),
    Column("name", N_("name")),
    Column("sex", N_("sex")),
    Column("age", N_("age"), "number"),
    Column("identity", N_("identity number")),
    Column("category", N_("category"), "word"),
    Column("hardship", N_("hardship"), "word"),
    Column("hardship_until", N_("certificate until")),
    Column("fen", N_("money"), "money"),
    Column("item", N_("goods")),
    Column("account", N_("account")),
    Column("payee", N_("payee")),
    Column("bank", N_("bank")),
)
_APPLIED = (
    Column("received_on", N_("received on")),
    Column("complete_on", N_("papers complete")),
    Column("due_on", N_("due on")),
    Column("overdue", N_("working days late"), "number"),
    Column("disease", N_("disease"), "word"),
    Column("cause", N_("cause")),
    Column("asked_fen", N_("asked for"), "money"),
    Column("out_of_pocket_fen", N_("paid by the family"), "money"),
    Column("missing", N_("papers missing")),
)
_EXPLAINED = (
    Column("case", N_("case")),
    Column("as_of", N_("as of")),
    Column("state", N_("state"), "word"),
    Column("programme", N_("programme")),
    Column("version", N_("version"), "number"),
    Column("citation", N_("basis")),
    Column("fen", N_("money"), "money"),
    Column("allowed_fen", N_("allowed"), "money"),
    Column("level", N_("decides"), "word"),
    Column("outcome", N_("outcome"), "word"),
)
_CHECKS = (
    Column("kind", N_("kind"), "word"),
    Column("result", N_("result"), "word"),
    Column("text", N_("check")),
    Column("rule", N_("rule")),
    Column("citation", N_("basis")),
)
_STORY = (
    Column("at", N_("time"), "time"),
    Column("login", N_("done by")),
    Column("act", N_("act")),
    Column("reason", N_("reason")),
    Column("number", N_("entry")),
)

Number = Annotated[str, typer.Argument(metavar="CASE", help="its number, like 22A-JD-00042")]


@verb(
    app,
    "list",
    "rcaid case list --cycle 22A --limit 20",
    "rcaid case list --where 'street:新成路街道 amount>=500' --json",
)
def list_(
    context: typer.Context,
    cycle: OfCycle = "",
    state: OfState = "",
    where: Where = "",
    limit: Limit = MOST,
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """The cases of your offices; names are masked for who does not work on them."""
    with desks.desk_of(context) as desk:
        found = listed(desk, "cases", where, limit, cycle, state)
        out(json, output).table(_LIST, (_row(desk, row) for row in found))


def _row(desk: Any, row: Any) -> dict[str, Any]:
    return {
        "case": row.case_no,
        "lane": row.lane,
        "due_on": row.due_on,
        "person": row.person_id,
        "name": row.name,
        "sex": row.sex,
        "age": row.age,
        "office": desk.offices.by_id[row.office_id].code,
        "place": row.place,
        "cycle": row.cycle,
        "roster": row.roster,
        "category": row.category,
        "hardship": row.hardship,
        "state": row.state,
        "fen": row.fen,
        "item": row.item,
        "qty": row.qty,
    }


@verb(
    app,
    "explain",
    "rcaid case explain 22A-JD-00042",
    "rcaid case explain 22A-JD-00042 --as-of 2022-06-30 --json",
)
def explain(
    context: typer.Context,
    number: Number,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DAY", help="as it stood on that day")
    ] = "",
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """Every check of a case with its numbers, its rule and where that stands written."""
    from rcaid.screens.desk_text import check_note
    from rcaid.services import explain as service

    with desks.desk_of(context) as desk:
        found = service.explain(desk, number, as_of)
    texts = [check_note(check).text for check in found.checks]
    data = found.data()
    for each, text in zip(data["checks"], texts, strict=True):
        each["text"] = text
    if json:
        out(True, output).data(data)
        return
    if output == "-":
        out(False).record(data, _EXPLAINED)
    out(False, output).table(_CHECKS, data["checks"])


@verb(app, "show", "rcaid case show 22A-JD-00042", "rcaid case show 22A-JD-00042 --json")
def show(context: typer.Context, number: Number, json: Json = False, output: OutFile = "-") -> None:
    """One case in full and what was done to it; that you looked is recorded."""
    from rcaid.services import cases

    with desks.desk_of(context) as desk:
        card = plain(cases.card(desk, number))
        if card["lane"] == "A":
            card |= _applied(desk, number, card["full"])
    if json:
        out(True, output).data(card)
        return
    if output == "-":
        out(False).record(card, (*_CARD, *(_APPLIED if card["lane"] == "A" else ())))
    out(False, output).table(_STORY, card["story"])


def _applied(desk: Any, number: str, full: bool) -> dict[str, Any]:
    """What an application says beside its case; what it is about only for who sees the need."""
    from rcaid.services import case_steps
    from rcaid.services.applications import clock, papers

    found = case_steps.find(desk, number, "case.card")
    said = found.said
    need = ("disease", "stage", "cause", "income_fen", "cost_fen", "out_of_pocket_fen", "asked_fen")
    facts: dict[str, Any] = {name: getattr(said, name) if full else None for name in need}
    facts |= {name: getattr(said, name) for name in ("received_on", "complete_on", "due_on")}
    facts["overdue"] = clock.overdue(said.due_on, desk.day, said.paused_on)
    facts["papers"] = [plain(paper) for paper in papers.of(desk, found)]
    facts["missing"] = ", ".join(papers.missing(desk, found, desk.day))
    return facts
