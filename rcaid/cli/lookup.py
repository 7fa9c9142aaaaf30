"""rcaid lookup: identity numbers in, one a line; one line out for each."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from rcaid.cli import desks, said
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, out, verb
from rcaid.domain.errors import ExitCode, Problem, Unusable
from rcaid.locale import N_, _

_LIKE_A_NUMBER = re.compile(r"[0-9]{15}|[0-9]{17}[0-9Xx]")
LONGEST = 200
"""Bytes of a line that are looked at: no number is longer, whatever a file holds."""

_COLUMNS = (
    Column("place", N_("place in the list"), "number"),
    Column("number", N_("identity number")),
    Column("enrolled", N_("listed in")),
    Column("office", N_("office")),
    Column("state", N_("state")),
    Column("paid_fen", N_("money"), "money"),
    Column("goods_fen", N_("value of goods"), "money"),
    Column("last_day", N_("last help")),
    Column("why", N_("why not")),
)


_STATES = {
    "live": N_("living"),
    "deceased": N_("deceased"),
    "merged": N_("merged"),
    "erased": N_("erased"),
}


def add_alone(app: typer.Typer, word: str) -> None:
    """Adds ``rcaid lookup`` to the root."""
    verb(app, word, "rcaid lookup numbers.txt", "rcaid lookup --json < numbers.txt")(lookup)


def lookup(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="one number a line; - or nothing is stdin")
    ] = "-",
    json: Json = False,
    output: OutFile = "-",
) -> int:
    """Who of a list is enrolled and what they were given; the list is one entry of the record.

    Ends with 3 when some of the lines are no identity numbers; all others are answered.
    """
    from rcaid.services.lookup import look_up

    with desks.desk_of(context) as desk:
        answers = look_up(desk, _numbers(file))
    out(json, output).table(_COLUMNS, (_row(answer, json) for answer in answers))
    known = sum(1 for answer in answers if answer.problem is None)
    wrong = sum(1 for answer in answers if _is_no_number(answer))
    text = _("{all} numbers: {known} known, {wrong} are no identity numbers")
    said.say(text.format(all=f"{len(answers):,}", known=f"{known:,}", wrong=f"{wrong:,}"))
    return ExitCode.PROBLEMS if wrong else ExitCode.DONE


def _is_no_number(answer: Any) -> bool:
    return answer.problem is not None and answer.problem.code != "person.unknown"


def _numbers(place: str) -> Iterator[str]:
    """The numbers of the lines that hold something, without a heading; a file that is no text is `Unusable`."""
    from rcaid.files.kinds import family
    from rcaid.files.tables import open_regular

    with ExitStack() as stack:
        file: BinaryIO = sys.stdin.buffer
        if place != "-":
            file = stack.enter_context(open_regular(Path(place)))
            if family(file, place) != "text":
                raise Unusable(Problem("lookup.no_text", {"file": place}))
        elif sys.stdin.isatty():
            said.say(_("one identity number a line; ctrl+d ends the list"))
        first = True
        for line in _lines(file):
            text = line.decode("utf-8-sig", "replace").strip()
            heading = first and bool(text) and not any(map(str.isdigit, text))
            first = first and not text
            if text and not heading:
                yield _number_in(text)


def _number_in(line: str) -> str:
    """The cell that holds an identity number, else the line as it is."""
    cells = [cell.strip().strip('"') for cell in re.split("[,;\t，；]", line)]
    return next((cell for cell in cells if _LIKE_A_NUMBER.fullmatch(cell)), line)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines cut off where no number goes on, so that one endless line fills no memory."""
    whole = True
    while piece := file.readline(LONGEST):
        if whole:
            yield piece
        whole = piece.endswith(b"\n")


def _row(answer: Any, json: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {"place": answer.asked, "number": answer.number}
    if answer.problem is None:
        facts |= {
            "enrolled": list(answer.enrolled),
            "office": answer.office,
            "state": answer.state if json else _(_STATES.get(answer.state, answer.state)),
            "paid_fen": answer.paid_fen,
            "goods_fen": answer.goods_fen,
            "last_day": answer.last_day,
        }
    elif json:
        facts["problem"] = {"code": answer.problem.code, "text": said.words(answer.problem)}
    else:
        facts["why"] = said.words(answer.problem)
    return facts
