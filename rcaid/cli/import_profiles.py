"""rcaid import profiles, profile show and profile save: how the files of a sender are read."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rcaid.cli import desks
from rcaid.cli.show import Column
from rcaid.cli.verbs import Json, OutFile, done, new_app, out, verb
from rcaid.domain.errors import Problem, Unusable
from rcaid.locale import N_

if TYPE_CHECKING:
    from rcaid.files.profiles import Profile
    from rcaid.services.importing.profiles import Known

LARGEST = 1 << 20
"""Bytes after which a file is no profile."""

_LIST = (
    Column("profile", N_("profile")),
    Column("kind", N_("kind"), "word"),
    Column("made_by", N_("saved by")),
    Column("version", N_("version"), "number"),
    Column("about", N_("about")),
)

app = new_app(N_("how the files of one sender are read"))


def add_to(imports: typer.Typer) -> None:
    """Adds the verb and the group to the noun import."""
    verb(imports, "profiles", "rcaid import profiles", "rcaid import profiles --json")(profiles)
    imports.add_typer(app, name="profile", help=N_("how the files of one sender are read"))


def profiles(context: typer.Context, json: Json = False, output: OutFile = "-") -> None:
    """The profiles that --profile takes: those that come with the program, then saved ones.

    A name with -… behind it may be cut there: --profile 121 takes, for each file, the one of
    121-… whose headings fit.
    """
    from rcaid.services.importing.profiles import listing

    with desks.desk_of(context) as desk:
        found = listing(desk)
    out(json, output).table(_LIST, (_row(known) for known in found))


def _row(known: Known) -> dict[str, Any]:
    profile = known.profile
    return {
        "profile": profile.name,
        "kind": profile.kind,
        "made_by": known.made_by or None,
        "version": known.version if known.made_by else None,
        "about": profile.about,
    }


@verb(
    app,
    "show",
    "rcaid import profile show 121-demo -o ours.toml",
    "rcaid import profile show 121-demo --json",
)
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="of the profile, in full")],
    json: Json = False,
    output: OutFile = "-",
) -> None:
    """A profile as TOML, ready to be changed and saved under another name."""
    from rcaid.files.profiles import write_profile
    from rcaid.services.importing.profiles import find

    with desks.desk_of(context) as desk:
        found = find(desk, name)
    if json:
        out(True, output).data({**_row(found), **asdict(found.profile)})
    else:
        out(False, output).lines(write_profile(found.profile).splitlines())


@verb(
    app,
    "save",
    "rcaid import profile save ours ours.toml",
    "rcaid import profile save bank-b --kind bank --map 流水=voucher --dates dmy",
)
def save(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="small letters, digits, - and _")],
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.toml]", help="the profile; else by options")
    ] = None,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="what the files hold")] = "",
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="several of one field are joined"),
    ] = None,
    ignored: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="COLUMN", help="is of no use")
    ] = None,
    about: Annotated[str, typer.Option(metavar="TEXT", help="whose files these are")] = "",
    dates: Annotated[str, typer.Option(metavar="dmy|mdy|ymd", help="else proven by the file")] = "",
    phone: Annotated[str, typer.Option(metavar="RULE", help="cn, international or digits")] = "",
    identity: Annotated[str, typer.Option(metavar="RULE", help="resident or any")] = "",
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="why documents are of type OTHER or NONE")
    ] = "",
    encoding: Annotated[str, typer.Option(metavar="E", help="of a text file")] = "",
    sheet: Annotated[str, typer.Option(metavar="S", help="which sheet to read")] = "",
    delimiter: Annotated[str, typer.Option(metavar="C", help="between the cells of a text")] = "",
    json: Json = False,
) -> None:
    """Remembers how files are read, from a TOML file or from options; who saved it is recorded."""
    from dataclasses import replace

    from rcaid.services.importing import profiles

    said = {
        "kind": kind, "about": about, "dates": dates, "phone": phone, "identity": identity,
        "reason": reason, "encoding": encoding, "sheet": sheet, "delimiter": delimiter,
    }  # fmt: skip
    if file is not None:
        if any((*said.values(), columns, ignored)):
            raise typer.BadParameter("a file says it all; no other option then", param_hint="FILE")
        profile = replace(profiles.parse(_text(file)), name=name)
        # The name is not the file's, so it is judged anew.
        profile = profiles.checked(profile)
    else:
        profile = profiles.checked(_of_options(name, said, columns or [], ignored or []))
    with desks.desk_of(context) as desk:
        entry = profiles.save(desk, profile)
    done({"profile": profile.name, "kind": profile.kind, "entry": str(entry)}, json)


def _text(file: Path) -> str:
    from rcaid.files.tables import open_regular

    with open_regular(file) as stream:
        raw = stream.read(LARGEST + 1)
    try:
        if len(raw) <= LARGEST:
            return raw.decode("utf-8")
        why = f"{len(raw)}+"
    except UnicodeDecodeError as error:
        why = str(error)
    raise Unusable(Problem("profile.toml", {"why": why}))


def _of_options(name: str, said: dict[str, str], columns: list[str], ignored: list[str]) -> Profile:
    from rcaid.files.profiles import Profile
    from rcaid.services.importing.imports import known_kind

    if not said["kind"]:
        raise typer.BadParameter("needed where no file says it", param_hint="--kind")
    joined: dict[str, tuple[str, ...]] = {}
    for pair in columns:
        column, field = field_of(pair, known_kind(said["kind"]))
        joined[field] = (*joined.get(field, ()), column)
    given: dict[str, Any] = {key: value for key, value in said.items() if value}
    return Profile(name, columns=joined, ignored=tuple(ignored), **given)


def field_of(pair: str, kind: Any) -> tuple[str, str]:
    """``COLUMN=FIELD`` as the column and the field's name; a field goes by name or heading."""
    column, equals, field = pair.rpartition("=")
    name = next((f.name for f in kind.fields if field in (f.name, f.aliases[0])), None)
    if not equals or not column or name is None:
        known = ", ".join(f.name for f in kind.fields)
        raise typer.BadParameter(f"{pair}: COLUMN=FIELD with one of {known}", param_hint="--map")
    return column, name
