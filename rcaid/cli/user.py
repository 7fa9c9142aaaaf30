"""rcaid user: people who act, their duties for an office and all below it, their SSH keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rcaid.cli import desks
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, Yes, done, new_app, out, verb
from rcaid.domain.errors import Problem, Unusable
from rcaid.locale import N_, _

app = new_app()

_COLUMNS = (
    Column("login", N_("login")),
    Column("name", N_("name")),
    Column("duties", N_("duties")),
    Column("keys", N_("keys")),
)

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="as they are known here")]
Duty = Annotated[str, typer.Argument(metavar="DUTY", help="like caseworker or approver")]
Office = Annotated[str, typer.Argument(metavar="OFFICE", help="its code, with all below it")]


@verb(
    app,
    "add",
    "rcaid user add zhang 张敏 --duty caseworker@310114001",
    "rcaid user add li 李强 --duty verifier@310114 --duty reviewer@310114 --os-user liqiang",
)
def add(
    context: typer.Context,
    login: Login,
    name: Annotated[str, typer.Argument(metavar="NAME", help="how the record names them")],
    duty: Annotated[
        list[str] | None, typer.Option(metavar="DUTY@OFFICE", help="a first duty; repeat it")
    ] = None,
    os_user: Annotated[
        str, typer.Option("--os-user", metavar="USER", help="their login on this machine")
    ] = "",
    json: Json = False,
) -> None:
    """Adds a person who acts, with their first duties."""
    from rcaid.services import staff

    grants = [_duty(text) for text in duty or []]
    with desks.desk_of(context) as desk:
        entry = staff.add(desk, login, name, grants, os_user or None)
    done({"login": login, "entry": str(entry)}, json)


def _duty(text: str) -> tuple[str, str]:
    duty, at, office = text.partition("@")
    if not (duty and at and office):
        raise typer.BadParameter("write it like caseworker@310114001", param_hint="--duty")
    return duty, office


@verb(app, "list", "rcaid user list", "rcaid user list --json")
def list_(context: typer.Context, json: Json = False, output: OutFile = "-") -> None:
    """Everybody who acts, with the duties they hold today."""
    from rcaid.services import catalogue

    with desks.desk_of(context) as desk:
        out(json, output).table(_COLUMNS, catalogue.users(desk))


@verb(
    app,
    "grant",
    "rcaid user grant zhang verifier 310114",
    "rcaid user grant zhang auditor 310000 --json",
)
def grant(
    context: typer.Context, login: Login, duty: Duty, office: Office, json: Json = False
) -> None:
    """Gives a person a duty for an office and all below it, from today."""
    from rcaid.services import staff

    with desks.desk_of(context) as desk:
        entry = staff.grant(desk, login, duty, office)
    done({"login": login, "duty": duty, "office": office, "entry": str(entry)}, json)


@verb(
    app,
    "revoke",
    "rcaid user revoke zhang verifier 310114 --yes",
    "rcaid user revoke zhang auditor 310000 --yes --json",
)
def revoke(
    context: typer.Context,
    login: Login,
    duty: Duty,
    office: Office,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Ends a duty; from now on the person no longer has it."""
    from rcaid.services import staff

    with desks.desk_of(context) as desk:
        desks.confirm(_("End {duty} of {login}?").format(duty=duty, login=login), yes)
        entry = staff.revoke(desk, login, duty, office)
    done({"login": login, "duty": duty, "office": office, "entry": str(entry)}, json)


@verb(
    app,
    "key",
    "rcaid user key zhang id_ed25519.pub",
    "rcaid user key zhang --revoke SHA256:uNiVztksCsDhcc0u9e8BrVuGSVW7gE1nP4Vbjz6mH8Q --yes",
)
def key(
    context: typer.Context,
    login: Login,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="a public key as ssh-keygen made it")
    ] = None,
    revoke: Annotated[str, typer.Option(metavar="FINGERPRINT", help="end this key")] = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Gives a person an SSH key, or ends one."""
    from rcaid.services import staff

    if (file is None) == (not revoke):
        raise typer.BadParameter("name a key file, or a key to --revoke", param_hint="FILE")
    with desks.desk_of(context) as desk:
        if file is None:
            desks.confirm(_("End the key {key}?").format(key=revoke), yes)
            entry = staff.revoke_key(desk, revoke)
        else:
            entry = staff.add_key(desk, login, _key_text(file))
    done({"login": login, "entry": str(entry)}, json)


def _key_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8"
        problem = Problem("file.unreadable", {"file": str(file), "reason": reason})
        raise Unusable(problem) from error
