"""rcaid init: a new store with its keys, offices and first administrator."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rcaid.cli import desks
from rcaid.cli.said import say
from rcaid.cli.verbs import Json, done, verb
from rcaid.domain.errors import Problem, Unusable
from rcaid.locale import _


def add_alone(app: typer.Typer, word: str) -> None:
    """Adds this command to the root."""
    verb(
        app,
        word,
        "rcaid init --society '上海市红十字会'",
        "rcaid --db /srv/rcaid/rcaid.db init --society 'City Red Cross' --admin li --name 'Li Qiang'",
    )(init)


def init(
    context: typer.Context,
    society: Annotated[str, typer.Option(metavar="NAME", help="whose store it is")],
    regions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="a division table; else Shanghai")
    ] = None,
    admin: Annotated[
        str, typer.Option(metavar="LOGIN", help="the first administrator; else you")
    ] = "",
    name: Annotated[str, typer.Option(metavar="NAME", help="the administrator's name")] = "",
    keys: Annotated[
        Path | None, typer.Option(metavar="FILE", help="where the keys go; else your own folder")
    ] = None,
    json: Json = False,
) -> None:
    """Makes a new store, its three keys, its offices and its first administrator."""
    from rcaid.services.society import initialise, key_place

    place = desks.place(context)
    user = desks.os_user()
    text = None
    if regions is not None:
        try:
            text = regions.read_text(encoding="utf-8-sig")
        except OSError as error:
            params = {"file": str(regions), "reason": error.strerror or ""}
            raise Unusable(Problem("file.unreadable", params)) from error
    desk = initialise(
        place,
        society=society,
        admin_login=admin or user,
        admin_name=name or admin or user,
        admin_os_user=user,
        key_file=keys,
        region_text=text,
    )
    try:
        kept = key_place(desk.store)
    finally:
        desk.store.close()
    done({"store": place, "keys": str(kept), "administrator": admin or user}, json)
    say(_("Keep a copy of the key file apart from the store, and no copy beside a backup."))
    say(_("Who loses the keys loses every identity number, phone, address and account in it."))
