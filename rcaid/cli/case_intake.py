"""rcaid case submit, accept, verify, return, answer, withdraw: on the way to the district."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial as bound
from typing import Annotated, Any

import typer

from rcaid.cli import desks, said
from rcaid.cli.verbs import Json, Partial, Reason, each, verb
from rcaid.locale import N_, language

Numbers = Annotated[list[str], typer.Argument(metavar="CASE...", help="one number or more")]
Papers = Annotated[
    list[str] | None, typer.Option("--paper", metavar="CODE", help="may be repeated")
]
Opinion = Annotated[str, typer.Option(metavar="TEXT", help="in words; kept sealed")]
MayReason = Annotated[str, typer.Option("--reason", metavar="CODE", help="why, for the record")]


def add_to(app: typer.Typer) -> None:
    """Adds the verbs to the noun case."""
    for name, about in (
        ("submit", N_("Hands drafts in; what a rule forbids is refused with its citation.")),
        ("accept", N_("Takes submitted applications up; not by who filled them in.")),
    ):
        _plain(app, name, about)
    verb(
        app,
        "verify",
        "rcaid case verify 22F-JD-00042 --opinion '入户核实，情况属实'",
        "rcaid case verify 22F-JD-00042 22F-JD-00043 --partial",
    )(verify)
    verb(
        app,
        "return",
        "rcaid case return 22F-JD-00042 --paper BANK --paper DISASTER",
        "rcaid case return 22F-JD-00042 --reason visit_again --json",
    )(return_)
    verb(
        app,
        "answer",
        "rcaid case answer 22F-JD-00042 --paper BANK --paper DISASTER",
        "rcaid case answer 22F-JD-00042 --json",
    )(answer)
    verb(
        app,
        "withdraw",
        "rcaid case withdraw 22F-JD-00042 --reason family_asks",
        "rcaid case withdraw 22F-JD-00042 22F-JD-00043 --reason double --partial",
    )(withdraw)


def _plain(app: typer.Typer, name: str, about: str) -> None:
    examples = (
        f"rcaid case {name} 22F-JD-00042",
        f"rcaid case {name} 22F-JD-00042 22F-JD-00043 --partial",
    )

    @verb(app, name, *examples, about=about)
    def act(
        context: typer.Context, numbers: Numbers, partial: Partial = False, json: Json = False
    ) -> int:
        return _each(context, name, numbers, partial, json)


def _each(
    context: typer.Context, name: str, numbers: list[str], partial: bool, json: bool, **more: Any
) -> int:
    from rcaid.services.applications import intake

    step: Callable[..., object] = getattr(intake, name)
    with desks.desk_of(context) as desk:
        do = lambda number: step(desk, number, **more)  # noqa: E731
        return each(desk, f"case.{name}", numbers, do, partial=partial, json=json)


def verify(
    context: typer.Context,
    numbers: Numbers,
    opinion: Opinion = "",
    partial: Partial = False,
    json: Json = False,
) -> int:
    """Passes applications on to the district; not by who filled them in or changed them."""
    return _each(context, "verify", numbers, partial, json, opinion=opinion)


def return_(
    context: typer.Context,
    numbers: Numbers,
    paper: Papers = None,
    reason: MayReason = "",
    opinion: Opinion = "",
    partial: Partial = False,
    json: Json = False,
) -> int:
    """To the family for the papers that are named, or from the district back to the verifier.

    What the family is told is printed, one line a case.
    """
    from rcaid.locale import in_language
    from rcaid.services.applications import intake, texts

    told: list[str] = []
    with desks.desk_of(context) as desk:

        def do(number: str) -> object:
            entry = intake.send_back(desk, number, paper or (), reason=reason, opinion=opinion)
            if paper:
                told.append(texts.return_text(desk, number, bound(in_language, language())))
            return entry

        code = each(desk, "case.return", numbers, do, partial=partial, json=json)
    for text in told if not code or partial else ():
        said.say(text)
    return code


def answer(
    context: typer.Context,
    numbers: Numbers,
    paper: Papers = None,
    partial: Partial = False,
    json: Json = False,
) -> int:
    """Hands returned applications in again; every paper that was asked for is there by now."""
    return _each(context, "answer", numbers, partial, json, papers_given=paper or ())


def withdraw(
    context: typer.Context,
    numbers: Numbers,
    reason: Reason,
    partial: Partial = False,
    json: Json = False,
) -> int:
    """Ends applications that the families want no longer, before the district has them."""
    return _each(context, "withdraw", numbers, partial, json, reason=reason)
