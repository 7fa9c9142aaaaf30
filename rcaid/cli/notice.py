"""rcaid notice: public lists of who is to be helped, from the draft to the correction."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from rcaid.cli import desks
from rcaid.cli.show import Column
from rcaid.cli.verbs import Expect, Json, OutFile, Reason, Yes, done, new_app, out, verb
from rcaid.locale import N_, _

app = new_app()

_LIST = (
    Column("number", N_("notice")),
    Column("programme", N_("programme")),
    Column("cycle", N_("cycle")),
    Column("office", N_("office")),
    Column("state", N_("state"), "word"),
    Column("starts_on", N_("starts")),
    Column("ends_on", N_("ends")),
    Column("lines", N_("lines"), "number"),
    Column("fen", N_("cash"), "money"),
    Column("objected", N_("objections"), "number"),
    Column("due", N_("to clear"), "number"),
    Column("left", N_("waiting"), "number"),
)
_WAITING = (
    Column("cycle", N_("cycle")),
    Column("label", N_("label")),
    Column("programme", N_("programme")),
    Column("n", N_("cases"), "number"),
    Column("fen", N_("cash"), "money"),
)
_OBJECTIONS = (
    Column("line", N_("line"), "number"),
    Column("case", N_("case")),
    Column("received_on", N_("received")),
    Column("state", N_("state"), "word"),
    Column("text", N_("what is said")),
    Column("who", N_("by whom")),
    Column("reason", N_("reason")),
)

Number = Annotated[str, typer.Argument(metavar="NOTICE", help="its number, like 22F-N-001")]
LineNo = Annotated[int, typer.Option("--line", metavar="N", min=1, help="the line, by number")]
Opinion = Annotated[
    str, typer.Option("--opinion", metavar="TEXT", help="in words; kept sealed with the case")
]


@verb(app, "waiting", "rcaid notice waiting", "rcaid notice waiting --json")
def waiting(context: typer.Context, json: Json = False, output: OutFile = "-") -> None:
    """Cycles with approved cases that are on no notice yet."""
    from rcaid.services import notices

    with desks.desk_of(context) as desk:
        found = notices.waiting(desk)
        out(json, output).table(_WAITING, (each._asdict() for each in found))


@verb(
    app,
    "draft",
    "rcaid notice draft 22F --phone 021-59990000",
    "rcaid notice draft 22F --of 310114 --json",
)
def draft(
    context: typer.Context,
    cycle: Annotated[str, typer.Argument(metavar="CYCLE", help="whose approved cases")],
    phone: Annotated[
        str, typer.Option(metavar="PHONE", help="for objections; else that of the last notice")
    ] = "",
    of: Annotated[
        str, typer.Option("--of", metavar="CODE", help="of this office and below; else one's own")
    ] = "",
    json: Json = False,
) -> None:
    """Drafts a notice of all approved cases of a cycle."""
    from rcaid.services import notices
    from rcaid.services.notices import listing

    with desks.desk_of(context) as desk:
        named = phone or notices.usual_phone(desk)
        made, entry = notices.draft(desk, cycle, office=of, phone=named)
        lines = listing.row_of(desk, made.number).lines
    facts = {"notice": made.number, "state": made.state, "lines": lines, "days": made.days}
    done(facts | {"entry": str(entry)}, json)


@verb(app, "list", "rcaid notice list", "rcaid notice list --where step:published --json")
def list_(
    context: typer.Context,
    where: Annotated[
        str, typer.Option("--where", metavar="FILTER", help="as in the terminal program")
    ] = "",
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """Notices of one's offices, the newest first."""
    from rcaid.domain.errors import Problem, Unusable
    from rcaid.services.notices import listing

    with desks.desk_of(context) as desk:
        found = listing.page(desk, where)
        if isinstance(found, Problem):
            raise Unusable(found)
        out(json, output).table(_LIST, map(_facts, found))


def _facts(row: object) -> dict[str, object]:
    from rcaid.services.notices.listing import NoticeRow

    assert isinstance(row, NoticeRow)
    kept = ("cycle", "programme", "lines", "fen", "struck", "objected", "due", "left", "running_to")
    return {
        "number": row.number,
        "state": row.state,
        "office": row.place,
        "starts_on": row.notice.starts_on,
        "ends_on": row.notice.ends_on,
        "corrects": row.notice.corrects,
        "sha256": row.notice.sha256,
        "provisional": int(row.provisional),
        **{name: getattr(row, name) for name in kept},
    }


@verb(
    app,
    "show",
    "rcaid notice show 22F-N-001",
    "rcaid notice show 22F-N-001 --format html -o notice.html",
)
def show(
    context: typer.Context,
    number: Number,
    form: Annotated[
        str, typer.Option("--format", metavar="FORM", help="text, csv or html")
    ] = "text",
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """The notice exactly as the public reads it: Chinese in every language, names masked."""
    from rcaid.services import notices

    if form not in notices.FORMATS:
        raise typer.BadParameter(", ".join(notices.FORMATS), param_hint="--format")
    with desks.desk_of(context) as desk:
        found = notices.shown(desk, number)
    if json:
        out(True, output).data(asdict(found))
        return
    data = notices.as_file(found, form)
    if output == "-":
        out(False).lines(data.decode("utf-8-sig").splitlines())
        return
    from rcaid.files.writing import replacing

    with replacing(output) as file:
        file.write(data)


@verb(
    app,
    "publish",
    "rcaid notice publish 22F-N-001 --expect 18 --yes",
    "rcaid notice publish 22F-N-001 --yes --json",
)
def publish(
    context: typer.Context,
    number: Number,
    expect: Expect = None,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Puts a draft up from today on; its text is fixed and its SHA-256 recorded."""
    from rcaid.services import notices
    from rcaid.services.notices import listing

    with desks.desk_of(context) as desk:
        row = listing.row_of(desk, number)
        text = _("Publish {number} with {n} lines?").format(number=number, n=row.lines)
        desks.confirm(text, yes)
        up, entry = notices.publish(desk, number, expect=row.lines if expect is None else expect)
    facts: dict[str, object] = {"notice": number, "state": up.state, "lines": row.lines}
    facts |= {"starts_on": up.starts_on, "ends_on": up.ends_on, "sha256": up.sha256}
    done(facts | {"entry": str(entry)}, json)


@verb(app, "close", "rcaid notice close 22F-N-001", "rcaid notice close 22F-N-001 --json")
def close(context: typer.Context, number: Number, json: Json = False) -> None:
    """Clears what stood to the last day with nothing said against it; not before (BR-050)."""
    from rcaid.services import notices

    with desks.desk_of(context) as desk:
        closed, entry = notices.close(desk, number)
    facts = {"notice": number, "state": closed.state, "cleared": closed.cleared}
    done(facts | {"waiting": closed.left, "entry": str(entry)}, json)


@verb(
    app,
    "object",
    "rcaid notice object 22F-N-001 --line 3 < said.txt",
    "rcaid notice object 22F-N-001 --line 3 --who 邻居 --json < said.txt",
)
def object_(
    context: typer.Context,
    number: Number,
    line: LineNo,
    who: Annotated[
        str, typer.Option(metavar="NAME", help="who says it; none for somebody unnamed")
    ] = "",
    json: Json = False,
) -> None:
    """Takes an objection down, read from standard input; the case stops until it is decided."""
    from rcaid.services import notices

    # What stands on the command line can be read by others on this machine while it runs.
    text = " ".join(sys.stdin.read(4000).split())
    with desks.desk_of(context) as desk:
        made, entry = notices.object(desk, number, line, text, who)
    facts = {"notice": number, "line": line, "objection": made.id, "state": made.state}
    done(facts | {"entry": str(entry)}, json)


@verb(
    app,
    "objections",
    "rcaid notice objections 22F-N-001",
    "rcaid notice objections 22F-N-001 --json",
)
def objections(
    context: typer.Context, number: Number, json: Json = False, output: OutFile = "-"
) -> None:
    """What was said against the lines of a notice; reading it is recorded."""
    from rcaid.services.notices import objecting

    with desks.desk_of(context) as desk:
        found = objecting.read(desk, number)
    table = (
        {
            "objection": each.objection.id, "line": each.line, "case": each.case_no,
            "received_on": each.objection.received_on, "state": each.objection.state,
            "text": each.text, "who": each.who, "reason": each.objection.reason,
        }
        for each in found
    )  # fmt: skip
    out(json, output).table(_OBJECTIONS, table)


def _decides(name: str, about: str, state: str) -> None:
    examples = (
        f"rcaid notice {name} 22F-N-001 --line 3 --reason not_proven",
        f"rcaid notice {name} 22F-N-001 --line 3 --reason checked --opinion 已核查 --json",
    )

    @verb(app, name, *examples, about=about)
    def act(
        context: typer.Context,
        number: Number,
        line: LineNo,
        reason: Reason,
        opinion: Opinion = "",
        json: Json = False,
    ) -> None:
        from rcaid.services import notices
        from rcaid.services.notices import objecting

        do: Callable[..., object] = notices.dismiss if name == "dismiss" else notices.uphold
        with desks.desk_of(context) as desk:
            first = objecting.open_on(desk, number, line)[0]
            entry = do(desk, first.id, reason, opinion)
        done({"notice": number, "line": line, "state": state, "entry": str(entry)}, json)


_decides(
    "dismiss",
    N_("Finds the oldest open objection to a line without ground; its days begin anew."),
    "dismissed",
)
_decides(
    "uphold",
    N_("Finds an objection right: the case is rejected, its line struck. Then correct the notice."),
    "upheld",
)


@verb(
    app,
    "correct",
    "rcaid notice correct 22F-N-001 --why 一户不符合条件 --yes",
    "rcaid notice correct 22F-N-001 --why 金额有误 --yes --json",
)
def correct(
    context: typer.Context,
    number: Number,
    why: Annotated[str, typer.Option(metavar="TEXT", help="why, for the public; name nobody")],
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Publishes a correction as a notice of its own; the old one stays as it was."""
    from rcaid.services import notices

    with desks.desk_of(context) as desk:
        desks.confirm(_("Publish a correction of {number}?").format(number=number), yes)
        made, entry = notices.correct(desk, number, why)
    facts: dict[str, object] = {"notice": made.number, "corrects": number, "state": made.state}
    done(facts | {"ends_on": made.ends_on, "sha256": made.sha256, "entry": str(entry)}, json)


@verb(app, "cancel", "rcaid notice cancel 22F-N-001", "rcaid notice cancel 22F-N-001 --json")
def cancel(context: typer.Context, number: Number, json: Json = False) -> None:
    """Gives a draft up; its cases wait for another notice."""
    from rcaid.services import notices

    with desks.desk_of(context) as desk:
        entry = notices.cancel(desk, number)
    done({"notice": number, "state": "cancelled", "entry": str(entry)}, json)
