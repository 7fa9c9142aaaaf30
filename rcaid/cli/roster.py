"""rcaid roster: lists of people under a quota, verified by one, frozen, approved by another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from rcaid.cli import desks, said
from rcaid.cli.lists import MOST, Limit, OfCycle, OfState, Where, listed
from rcaid.cli.show import Column
from rcaid.cli.verbs import (
    Expect,
    Json,
    OutFile,
    Partial,
    Reason,
    Sum,
    Yes,
    done,
    each,
    new_app,
    out,
    verb,
)
from rcaid.domain.errors import ExitCode
from rcaid.domain.money import yuan
from rcaid.locale import N_, _

app = new_app()

_LIST = (
    Column("number", N_("roster")),
    Column("office_name", N_("office")),
    Column("state", N_("state"), "word"),
    Column("lines", N_("lines"), "number"),
    Column("fen", N_("money"), "money"),
    Column("rounds", N_("rounds")),
    Column("opened_on", N_("opened")),
)
_FACTS = (*_LIST, Column("parts", N_("parts")))
_PEOPLE = (
    Column("case", N_("case")),
    Column("name", N_("name")),
    Column("category", N_("category"), "word"),
    Column("fen", N_("money"), "money"),
    Column("item", N_("goods")),
    Column("state", N_("state"), "word"),
)

Number = Annotated[str, typer.Argument(metavar="ROSTER", help="its number")]
Numbers = Annotated[list[str], typer.Argument(metavar="ROSTER...", help="one number or more")]


@verb(app, "list", "rcaid roster list --cycle 22A --state frozen", "rcaid roster list --json")
def list_(
    context: typer.Context,
    cycle: OfCycle = "",
    state: OfState = "",
    where: Where = "",
    limit: Limit = MOST,
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """The rosters of your offices, newest number first."""
    with desks.desk_of(context) as desk:
        found = listed(desk, "rosters", where, limit, cycle, state)
        out(json, output).table(_LIST, (_facts(desk, row) for row in found))


def _facts(desk: Any, row: Any) -> dict[str, Any]:
    return {
        "number": row.number,
        "cycle": row.cycle,
        "office": desk.offices.by_id[row.office_id].code,
        "office_name": row.place,
        "state": row.state,
        "lines": row.lines,
        "fen": row.fen,
        "rounds": row.rounds,
        "opened_on": row.opened_on,
    }


@verb(app, "show", "rcaid roster show 22A-R-310114001", "rcaid roster show 22A-R-310114001 --json")
def show(context: typer.Context, number: Number, json: Json = False, output: OutFile = "-") -> None:
    """One roster: who had a part in it, and its lines."""
    from rcaid.services import roster_look

    with desks.desk_of(context) as desk:
        facts = roster_look.card(desk, number)
    if json:
        out(True, output).data(facts)
        return
    if output == "-":
        out(False).record(facts, _FACTS)
    out(False, output).table(_PEOPLE, facts["people"])


@verb(
    app, "check", "rcaid roster check 22A-R-310114001", "rcaid roster check 22A-R-310114001 --json"
)
def check(context: typer.Context, number: Number, json: Json = False, output: OutFile = "-") -> int:
    """What speaks against a roster now: changed lines, dead people, quota; 3 if anything does."""
    from rcaid.services import roster_look

    with desks.desk_of(context) as desk:
        problems = roster_look.check(desk, number)
    if json:
        facts = {"roster": number, "problems": [said.as_data(problem) for problem in problems]}
        out(True, output).data(facts)
    else:
        out(False, output).lines(said.line_of(problem) for problem in problems)
    if not problems:
        said.say(_("nothing speaks against it"))
    return ExitCode.PROBLEMS if problems else ExitCode.DONE


def _step(name: str, about: str) -> None:
    examples = (
        f"rcaid roster {name} 22A-R-310114001",
        f"rcaid roster {name} 22A-R-310114001 22A-R-310114002 --partial --json",
    )

    @verb(app, name, *examples, about=about)
    def step(
        context: typer.Context, numbers: Numbers, partial: Partial = False, json: Json = False
    ) -> int:
        from rcaid.services import rosters

        do: Callable[[Any, str], object] = getattr(rosters, name)
        with desks.desk_of(context) as desk:
            act = f"roster.{name}"
            return each(desk, act, numbers, lambda n: do(desk, n), partial=partial, json=json)


for _name, _about in (
    ("submit", "Hands an open roster in."),
    ("verify", "Says that the facts are true; not by who entered them."),
    ("freeze", "Fixes the lines of a verified roster; lines of the dead are struck."),
    ("close", "Closes an approved roster when nothing of it is left to do."),
):
    _step(_name, _about)


@verb(
    app,
    "return",
    "rcaid roster return 22A-R-310114001 --reason phone_numbers",
    "rcaid roster return 22A-R-310114001 --reason addresses --json",
)
def return_(
    context: typer.Context,
    numbers: Numbers,
    reason: Reason,
    partial: Partial = False,
    json: Json = False,
) -> int:
    """Gives a roster back to whoever fills it, with the reason."""
    from rcaid.services import rosters

    with desks.desk_of(context) as desk:
        return each(
            desk,
            "roster.return",
            numbers,
            lambda n: rosters.send_back(desk, n, reason),
            partial=partial,
            json=json,
        )


@verb(
    app,
    "strike",
    "rcaid roster strike 22A-JD-00042 --reason moved_away --yes",
    "rcaid roster strike 22A-JD-00042 22A-JD-00043 --reason duplicate --yes --json",
)
def strike(
    context: typer.Context,
    cases: Annotated[list[str], typer.Argument(metavar="CASE...", help="case numbers")],
    reason: Reason,
    partial: Partial = False,
    yes: Yes = False,
    json: Json = False,
) -> int:
    """Takes lines off a roster that is not frozen; their quota is free again (BR-033)."""
    from rcaid.services import rosters

    with desks.desk_of(context) as desk:
        desks.confirm(_("Strike {n} lines?").format(n=len(cases)), yes)
        return each(
            desk,
            "line.strike",
            cases,
            lambda case: rosters.strike(desk, case, reason),
            partial=partial,
            json=json,
        )


@verb(
    app,
    "approve",
    "rcaid roster approve 22A-R-310114001 --round 1 --yes",
    "rcaid roster approve 22A-R-310114001 --round 1 --round 2 --yes --expect 84 --sum 25200.00",
)
def approve(
    context: typer.Context,
    numbers: Numbers,
    round: Annotated[list[int], typer.Option("--round", metavar="R", help="entitled in round R")],
    expect: Expect = None,
    sum: Sum = None,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Decides frozen rosters of one cycle, all or none; not by who had a part in one.

    --expect is the number of lines, --sum their money for one round.
    """
    from rcaid.services import roster_look, rosters

    with desks.desk_of(context) as desk:
        n, lines, fen = roster_look.total(desk, numbers)
        desks.expected(expect, lines)
        desks.expected_sum(sum, fen)
        question = _("Approve {rosters} rosters, {lines} lines, {money} yuan a round?")
        desks.confirm(question.format(rosters=n, lines=lines, money=yuan(fen)), yes)
        made, entry = rosters.approve(desk, numbers, sorted(set(round)))
    done(
        {
            "rosters": made.rosters,
            "lines": made.lines,
            "entitlements": made.entitlements,
            "fen": made.fen,
            "entry": str(entry),
        },
        json,
    )
