"""What the verbs have in common: how one is declared, its usual options, and many at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from rcaid.cli import said, show
from rcaid.domain.errors import ExitCode, Problem, Refused
from rcaid.locale import _

if TYPE_CHECKING:
    from rcaid.services.desk import Desk

F = TypeVar("F", bound=Callable[..., Any])

HELP_NAMES = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

Json = Annotated[bool, typer.Option("--json", help="one JSON object, or one a line")]
OutFile = Annotated[
    str, typer.Option("-o", "--output", metavar="FILE", help="where the data go; - is stdout")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="go ahead without a question")]
Partial = Annotated[bool, typer.Option("--partial", help="do what can be done, list the rest")]
Expect = Annotated[
    int | None, typer.Option("--expect", metavar="N", help="only if it is this many lines")
]
Sum = Annotated[
    str | None, typer.Option("--sum", metavar="YUAN", help="only if it is this much money")
]
Cycle = Annotated[str, typer.Option("--cycle", metavar="CYCLE", help="the cycle, like 22A")]
Reason = Annotated[str, typer.Option("--reason", metavar="CODE", help="why, for the record")]


def new_app(about: str = "") -> typer.Typer:
    """A group of verbs: plain help, no shell completion, no pretty tracebacks with locals."""
    return typer.Typer(
        help=about,
        rich_markup_mode=None,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings=HELP_NAMES,
    )


def verb(app: typer.Typer, name: str, *examples: str, about: str = "") -> Callable[[F], F]:
    """Adds a verb. Its help is ``about`` or the function's docstring, and examples that work."""
    epilog = "\b\nExamples:\n" + "\n".join(f"  {example}" for example in examples)

    def add(function: F) -> F:
        app.command(name, help=about or None, epilog=epilog, context_settings=HELP_NAMES)(function)
        return function

    return add


def out(json: bool, file: str = "-") -> show.Out:
    """Where a reading verb puts its data."""
    return show.Out(json, file)


def done(facts: dict[str, object], json: bool) -> None:
    """What an act did: the object on stdout with ``--json``, else a line on stderr."""
    if json:
        show.Out(True).data(facts)
    else:
        said.say(said.totals(facts))


def each(
    desk: Desk,
    act: str,
    things: Sequence[str],
    do: Callable[[str], object],
    *,
    partial: bool,
    json: bool,
) -> int:
    """Does one act to each of many: all or nothing, or with ``partial`` what can be done.

    One line for each that failed and a last one of totals; with ``json`` one object for each.
    """
    from rcaid.services.desk import note_refusal

    failed: dict[str, tuple[Problem, ...]] = {}
    entries: dict[str, str] = {}

    def one(thing: str) -> None:
        try:
            entries[thing] = str(do(thing))
        except Refused as error:
            failed[thing] = error.problems

    def all_of_them() -> None:
        failed.clear()
        entries.clear()
        for thing in things:
            one(thing)
        if failed:
            raise Refused([problem for problems in failed.values() for problem in problems])

    if partial:
        for thing in things:
            one(thing)
    else:
        try:
            desk.store.unit(all_of_them, what=act)
        except Refused:
            entries.clear()
    for problems in failed.values():
        note_refusal(desk, problems)
    _report(things, entries, failed, json)
    return ExitCode.REFUSED if failed else ExitCode.DONE


def _report(
    things: Sequence[str],
    entries: dict[str, str],
    failed: dict[str, tuple[Problem, ...]],
    json: bool,
) -> None:
    for thing in things:
        problems = failed.get(thing, ())
        if json:
            facts: dict[str, object] = {"id": thing, "done": int(thing in entries)}
            if thing in entries:
                facts["entry"] = entries[thing]
            if problems:
                facts["problems"] = [said.as_data(problem) for problem in problems]
            show.Out(True).data(facts)
        else:
            said.tell(problems, thing)
    if not json:
        said.say(_("{done} of {all} done").format(done=len(entries), all=len(things)))
        if len(things) == 1 and entries:
            said.say(_("entry {number}").format(number=next(iter(entries.values()))))
