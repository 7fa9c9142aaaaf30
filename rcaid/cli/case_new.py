"""rcaid case new, paper, consent: an application taken in, its papers, what people agreed to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rcaid.cli import desks, said
from rcaid.cli.case_fields import read, with_options
from rcaid.cli.person import plain
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, done, out, verb
from rcaid.locale import N_

if TYPE_CHECKING:
    from rcaid.services.desk import Desk

Number = Annotated[str, typer.Argument(metavar="CASE", help="its number, like 22F-JD-00042")]

_PREVIEW = (
    Column("programme", N_("programme")),
    Column("cycle", N_("cycle")),
    Column("sex", N_("sex")),
    Column("born", N_("born")),
    Column("age", N_("age"), "number"),
    Column("allowed_fen", N_("allowed"), "money"),
    Column("level", N_("decides"), "word"),
    Column("papers", N_("papers")),
)
_CHECKS = (
    Column("result", N_("result"), "word"),
    Column("text", N_("check")),
    Column("rule", N_("rule")),
    Column("citation", N_("basis")),
)
_PAPERS = (
    Column("code", N_("paper")),
    Column("name", N_("name")),
    Column("state", N_("state"), "word"),
    Column("seen_by", N_("seen by")),
    Column("seen_on", N_("seen on")),
    Column("expires_on", N_("holds until")),
    Column("reason", N_("reason")),
)
_CONSENTS = (
    Column("kind", N_("kind"), "word"),
    Column("given_on", N_("given on")),
    Column("given_by", N_("given by")),
    Column("text_version", N_("version")),
    Column("withdrawn_on", N_("taken back on")),
)


_NOT_CHANGED = (
    "cycle", "person_id", "number", "name", "id_kind", "reason", "sex", "born", "street", "head",
    "relation", "other_phone", "source", "reference", "household", "received_on", "papers",
)  # fmt: skip
"""What is said once, or elsewhere: of the person by change requests, of papers by their own verb."""


def add_to(app: typer.Typer) -> None:
    """Adds the verbs to the noun case."""
    verb(
        app,
        "new",
        "rcaid case new FIRE --number 310199196005040018 --name 王建国 --street 310114001"
        " --category home --disaster F-2022-01 --paper all --submit",
        "rcaid case new ANGEL --person 01JZ3KQ8V6D2M4N7P9R1S3T5W7 --category illness"
        " --disease leukaemia --preview",
    )(with_options(new))
    verb(
        app,
        "edit",
        "rcaid case edit 22F-JD-00042 --asked 8000 --hardship low_income",
        "rcaid case edit 22F-JD-00042 --with witness=张三 --with witness=李四",
    )(with_options(edit, _NOT_CHANGED))
    verb(
        app,
        "paper",
        "rcaid case paper 22F-JD-00042",
        "rcaid case paper 22F-JD-00042 --seen ID --copied BANK --until 2022-12-31",
    )(paper)
    verb(
        app,
        "consent",
        "rcaid case consent 22F-JD-00042 --give publication --method thumbprint",
        "rcaid case consent 22F-JD-00042 --withdraw publication",
    )(consent)


def new(
    context: typer.Context,
    programme: Annotated[str, typer.Argument(metavar="PROGRAMME", help="its code")],
    submit: Annotated[bool, typer.Option("--submit", help="hand it in at once")] = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="show what it would come to; write nothing")
    ] = False,
    json: Json = False,
    **values: Any,
) -> None:
    """Takes one application in as a draft; whoever is on file is used."""
    from rcaid.services.applications import intake
    from rcaid.services.applications import new as service

    wanted = service.Wanted(programme, **read(values))
    with desks.desk_of(context) as desk:
        if "all" in wanted.papers:
            wanted = replace(
                wanted, papers=service.preview(desk, replace(wanted, papers=())).papers
            )
        if preview:
            _show(service.preview(desk, wanted), json)
            return
        facts: dict[str, object] = {}

        def both() -> None:
            case, entry = service.create(desk, wanted)
            facts.update({"case": case.case_no, "state": case.state, "fen": case.fen})
            if submit:
                entry = intake.submit(desk, case.case_no)
                facts["state"] = "submitted"
            facts["entry"] = str(entry)

        desk.store.unit(both, what="case.new")
    done(facts, json)


def edit(context: typer.Context, number: Number, json: Json = False, **values: Any) -> None:
    """Changes what an application says, before it is verified; what is not named stays."""
    from rcaid.services.applications import editing

    changes = read(values, _NOT_CHANGED)
    with desks.desk_of(context) as desk:
        entry = editing.edit(desk, number, changes)
    done({"case": number, "entry": str(entry)}, json)


def _show(found: Any, json: bool) -> None:
    """A preview: what is known and allowed, then each check; what is wrong on stderr."""
    from rcaid.screens.desk_text import check_note

    facts = plain(found)
    facts["problems"] = [said.as_data(problem) for problem in found.problems]
    facts["allowed_fen"] = found.award.fen if found.award else None
    checks = [
        {"result": check.result, "text": check_note(check).text, "rule": check.rule,
         "citation": check.citation}
        for check in found.checks
    ]  # fmt: skip
    facts["checks"] = checks
    if json:
        out(True).data(facts)
        return
    facts["papers"] = ", ".join(found.papers)
    out(False).record(facts, _PREVIEW)
    out(False).table(_CHECKS, checks)
    for known in found.known:
        said.say(f"{known.person_id} {known.name} {known.place} {known.number_masked}")
    said.tell(found.problems)


Codes = Annotated[list[str] | None, typer.Option(metavar="CODE", help="may be repeated")]


def paper(
    context: typer.Context,
    number: Number,
    seen: Codes = None,
    copied: Codes = None,
    missing: Codes = None,
    waived: Codes = None,
    until: Annotated[str, typer.Option(metavar="DAY", help="it holds until")] = "",
    sha256: Annotated[str, typer.Option(metavar="HASH", help="of the scan")] = "",
    pages: Annotated[int | None, typer.Option(metavar="N", help="of the scan")] = None,
    reason: Annotated[str, typer.Option(metavar="CODE", help="why it is waived")] = "",
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """The papers of an application; with options, marks them and then shows the list."""
    from rcaid.services.applications import papers

    marked = {"seen": seen, "copied": copied, "missing": missing, "waived": waived}
    with desks.desk_of(context) as desk:

        def mark_all() -> None:
            for state, codes in marked.items():
                for code in codes or ():
                    papers.mark(
                        desk, number, code, state, expires_on=until, sha256=sha256, pages=pages,
                        reason=reason,
                    )  # fmt: skip

        desk.store.unit(mark_all, what="case.paper")
        out(json, output).table(_PAPERS, map(plain, papers.checklist(desk, number)))


def consent(
    context: typer.Context,
    number: Number,
    give: Annotated[str, typer.Option(metavar="KIND", help="what is agreed to")] = "",
    withdraw: Annotated[str, typer.Option(metavar="KIND", help="what is taken back")] = "",
    by: Annotated[str, typer.Option(metavar="WHO", help="self, guardian or agent")] = "self",
    method: Annotated[
        str, typer.Option(metavar="HOW", help="signature, thumbprint, witness, online")
    ] = "signature",
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """What the person of an application agreed to, and to which text; with options, changes it."""
    from rcaid.services.applications import consents

    with desks.desk_of(context) as desk:
        person = _person(desk, number)
        if give:
            consents.give(desk, person, give, given_by=by, method=method)
        if withdraw:
            consents.withdraw(desk, person, withdraw)
        found = consents.listing(desk, person)
        out(json, output).table(_CONSENTS, (each._asdict() for each in found))


def _person(desk: Desk, number: str) -> str:
    from rcaid.services import case_steps

    return case_steps.find(desk, number, "case.card").case.person_id
