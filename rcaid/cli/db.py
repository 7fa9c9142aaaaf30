"""rcaid db and rcaid doctor: the store itself, for whoever runs the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rcaid.cli import desks, said
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, done, new_app, out, verb
from rcaid.domain.errors import Broken, ExitCode, Problem, Refused
from rcaid.locale import N_, _

app = new_app()

_STATUS = (
    Column("store", N_("store")),
    Column("engine", N_("engine")),
    Column("version", N_("version")),
    Column("schema", N_("schema"), "number"),
    Column("pending", N_("to migrate")),
    Column("society", N_("society")),
    Column("demo", N_("demo")),
    Column("keys", N_("keys")),
    Column("people", N_("people"), "number"),
    Column("lines", N_("lines"), "number"),
    Column("payments", N_("payments"), "number"),
    Column("events", N_("events"), "number"),
    Column("bytes", N_("bytes"), "number"),
)
_INVARIANTS = (
    Column("id", N_("no.")),
    Column("says", N_("what always holds")),
    Column("held", N_("found")),
)
_DIGESTS = (Column("table", N_("table")), Column("sha256", N_("SHA-256")))


def _place(context: typer.Context) -> str:
    """The store's address; a person at a forced command is no operator of the machine."""
    if desks.said(context).login:
        raise Refused(Problem("who.operator", {"login": desks.said(context).login}))
    return desks.place(context)


@verb(app, "status", "rcaid db status", "rcaid --db demo/rcaid.db db status --json")
def status(context: typer.Context, json: Json = False, output: OutFile = "-") -> None:
    """Where the store lies, what schema it has, and how much is in it."""
    from rcaid.services import upkeep

    out(json, output).record(upkeep.status(_place(context)), _STATUS)


@verb(app, "migrate", "rcaid db migrate", "rcaid db migrate --json")
def migrate(context: typer.Context, json: Json = False) -> None:
    """Brings the store to this program's schema, after a copy of it was made."""
    from rcaid.services import upkeep

    facts = upkeep.migrate(_place(context))
    if facts["ran"] or json:
        done(facts, json)
    else:
        said.say(_("nothing to migrate"))


@verb(app, "backup", "rcaid db backup", "rcaid db backup -o /backup/rcaid-today.db --json")
def backup(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="else beside the store")
    ] = None,
    json: Json = False,
) -> None:
    """A whole, checked copy of the embedded store while others work; the keys are not in it."""
    from rcaid.services import upkeep

    facts = upkeep.backup(_place(context), output)
    done(facts, json)
    said.say(_("The keys are not in it: without {place} its sealed values stay closed.").format(
        place=facts["keys"]))  # fmt: skip


@verb(app, "check", "rcaid db check", "rcaid db check --digest --json")
def check(
    context: typer.Context,
    digest: Annotated[bool, typer.Option("--digest", help="print each table's SHA-256")] = False,
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """Whether the file is whole, every count is right and what must always hold does; else 5."""
    from rcaid.services import upkeep

    place = _place(context)
    counts, verdicts = upkeep.check(place)
    broken = [*counts, *(problem for each in verdicts for problem in each.problems)]
    if digest:
        out(json, output).table(_DIGESTS, upkeep.digests(place))
    elif json:
        facts: dict[str, object] = {"problems": [said.as_data(problem) for problem in broken]}
        facts["invariants"] = [
            {"id": each.id, "says": each.says, "held": each.held} for each in verdicts
        ]
        out(True, output).data(facts)
    else:
        rows = [
            {"id": each.id, "says": _(each.says), "held": _("holds") if each.held else _("broken")}
            for each in verdicts
        ]
        out(False, output).table(_INVARIANTS, rows)
    if broken:
        raise Broken(broken)
    said.say(_("the store is whole and adds up"))


def add_alone(app: typer.Typer, word: str) -> None:
    """Adds ``rcaid doctor`` to the root."""
    verb(app, word, "rcaid doctor", "rcaid --db /srv/rcaid/rcaid.db doctor --json")(doctor)


def doctor(context: typer.Context, json: Json = False, output: OutFile = "-") -> int:
    """What the operator of this machine should mend; 3 if there is something."""
    from rcaid.services import upkeep

    found = upkeep.findings(_place(context))
    to_mend = [problem for problem in found if not problem.warning]
    if json:
        out(True, output).data({"findings": [said.as_data(problem) for problem in found]})
    else:
        marks = {True: _("note"), False: _("mend")}
        lines = [f"{marks[problem.warning]}: {said.words(problem)}" for problem in found]
        out(False, output).lines(lines)
    if not to_mend:
        said.say(_("nothing to mend"))
    return ExitCode.PROBLEMS if to_mend else ExitCode.DONE
