"""rcaid audit: the record, looked at, handed over as a bundle, and checked."""

from __future__ import annotations

import json as json_text
from pathlib import Path
from typing import Annotated, Any

import typer

from rcaid.cli import desks, said
from rcaid.cli.show import Column, Out
from rcaid.cli.verbs import Json, OutFile, done, new_app, out, verb
from rcaid.domain.errors import Broken, ExitCode, Problem
from rcaid.locale import N_, _

app = new_app()

_LOG = (
    Column("number", N_("entry")),
    Column("at", N_("time"), "time"),
    Column("actor", N_("done by")),
    Column("act", N_("act")),
    Column("object", N_("object")),
    Column("rows", N_("rows"), "number"),
    Column("reason", N_("reason")),
)

KeyFile = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help="the society's public key, got by another road"),
]


@verb(
    app,
    "log",
    "rcaid audit log --limit 20",
    "rcaid audit log --act roster.approve --by jd-approver --json",
)
def log(
    context: typer.Context,
    act: Annotated[str | None, typer.Option(metavar="ACT", help="like roster.approve")] = None,
    by: Annotated[str | None, typer.Option(metavar="LOGIN", help="who did it")] = None,
    object: Annotated[
        str | None, typer.Option("--object", metavar="ID", help="what it was done to")
    ] = None,
    before: Annotated[str, typer.Option(metavar="TIME", help="older than this, UTC")] = "9999",
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="how many entries")] = 200,
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """What was done, newest first; who is no auditor sees what they did themselves."""
    from rcaid.services import audit

    with desks.desk_of(context) as desk:
        found = audit.log(desk, act=act, actor=by, object=object, before=before, limit=limit)
    rows = (_entry(each, json) for each in found)
    out(json, output).table(_LOG, rows)


def _entry(logged: Any, whole: bool) -> dict[str, Any]:
    """An entry as a row; with ``whole`` the recorded line as it stands in the record too."""
    facts = json_text.loads(logged.line)
    row = {
        "number": logged.number,
        "at": logged.at,
        "actor": logged.actor,
        "act": logged.act,
        "object": logged.object,
        "rows": facts.get("rows", 0),
        "reason": facts.get("reason") or "",
    }
    return row | {"event": facts} if whole else row


@verb(
    app,
    "export",
    "rcaid audit export 2022.zip --purpose 'annual audit' --for 'audit office'",
    "rcaid audit export folder --purpose 'annual audit' --for 'audit office' --json",
)
def export(
    context: typer.Context,
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="a zip, or else a folder")],
    purpose: Annotated[str, typer.Option(metavar="TEXT", help="what it is for (BR-096)")],
    recipient: Annotated[str, typer.Option("--for", metavar="TEXT", help="who gets it (BR-096)")],
    json: Json = False,
) -> None:
    """The whole record as one signed bundle that can be checked without this program."""
    from rcaid.services import audit

    with desks.desk_of(context) as desk:
        made = audit.export(desk, target, purpose, recipient)
        fingerprint = desk.keys.fingerprint()
    done({"file": str(target), **made.counts, "manifest": made.sha256, "key": fingerprint}, json)
    if not json:
        said.say(_("Tell the recipient the key by another road: {key}").format(key=fingerprint))


@verb(
    app,
    "key",
    "rcaid audit key",
    "rcaid audit key -o society.pem",
)
def key(context: typer.Context, json: Json = False, output: OutFile = "-") -> None:
    """The society's public key, to be handed over by another road than the bundles."""
    with desks.desk_of(context) as desk:
        pem, fingerprint = desk.keys.public_pem().decode(), desk.keys.fingerprint()
    if json:
        out(True, output).data({"key": pem, "fingerprint": fingerprint})
        return
    out(False, output).lines(pem.splitlines())
    said.say(fingerprint)


@verb(
    app,
    "verify",
    "rcaid audit verify",
    "rcaid audit verify 2022.zip --key society.pem",
)
def verify(
    context: typer.Context,
    bundle: Annotated[
        Path | None,
        typer.Argument(metavar="[BUNDLE]", help="a bundle; else the store's own record"),
    ] = None,
    key: KeyFile = None,
    json: Json = False,
) -> int:
    """Checks the store's record and every row against it, or a bundle; 5 if anything is wrong."""
    if bundle is not None:
        return _verify_bundle(bundle, key, json)
    if key is not None:
        raise typer.BadParameter("a key is for a bundle", param_hint="--key")
    from rcaid.services import audit

    with desks.desk_of(context) as desk:
        verdict = audit.verify_store(desk)
    if json:
        Out(True).data(
            {
                "ok": int(verdict.ok),
                "events": verdict.events,
                "rows": verdict.rows,
                "faults": [said.as_data(fault) for fault in verdict.faults],
            }
        )
    if not verdict.ok:
        raise Broken(verdict.faults)
    if not json:
        text = _("verified: {events} events and {rows} rows; every live row is what they say")
        Out().lines([text.format(events=f"{verdict.events:,}", rows=f"{verdict.rows:,}")])
    return ExitCode.DONE


def _verify_bundle(bundle: Path, key: Path | None, json: bool) -> int:
    from rcaid.services import audit

    verdict = audit.verify_file(bundle, key)
    if json:
        Out(True).data({"ok": int(verdict.ok), "text": verdict.sentence})
    if not verdict.ok:
        raise Broken(Problem("audit.bundle", {"file": str(bundle), "why": verdict.sentence}))
    if not json:
        Out().lines([verdict.sentence])
    return ExitCode.DONE
