"""Import profiles: those that come with the program, those saved here, and which one fits a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rcaid import data
from rcaid.db import profiles as rows
from rcaid.db.tables import IMPORT_PROFILE, ImportProfile
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.files.headers import Field
from rcaid.files.profiles import Profile, fitting, read_profile, write_profile
from rcaid.files.tables import open_table
from rcaid.services.desk import Desk
from rcaid.services.importing.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Known:
    """A profile one can name. ``made_by`` is the login of who saved it, "" for those that come
    with the program; ``version`` counts how often it was saved."""

    profile: Profile
    made_by: str = ""
    version: int = 1


def parse(text: str) -> Profile:
    """The profile of a TOML text; Unusable says all that is wrong with it."""
    return read_profile(text, {kind.name: [f.name for f in kind.fields] for kind in KINDS.values()})


def checked(profile: Profile) -> Profile:
    """The profile as its own TOML says it; Unusable says all that is wrong with it."""
    return parse(write_profile(profile))


@cache
def shipped() -> tuple[Profile, ...]:
    """The profiles that come with the program, by name."""
    return tuple(parse(data.text(name)) for name in data.names("profiles"))


def listing(desk: Desk) -> list[Known]:
    """Every profile one can name here: shipped ones first, then saved ones, each by name."""
    desk.home()
    saved = [
        Known(parse(row.rules), row.made_by, row.version) for row in rows.all_profiles(desk.store)
    ]
    return [*map(Known, shipped()), *saved]


def find(desk: Desk, name: str) -> Known:
    """The profile of exactly this name; Refused profile.unknown."""
    known = listing(desk)
    found = next((each for each in known if each.profile.name == name), None)
    if found is None:
        raise Refused(_unknown(name, known))
    return found


def family(desk: Desk, name: str) -> list[Profile]:
    """The profile of this name, or all whose names begin with it and a hyphen; Refused
    profile.unknown where there is neither."""
    known = listing(desk)
    exact = [each.profile for each in known if each.profile.name == name]
    found = exact or [each.profile for each in known if each.profile.name.startswith(f"{name}-")]
    if not found:
        raise Refused(_unknown(name, known))
    return found


def _unknown(name: str, known: Sequence[Known]) -> Problem:
    names = ", ".join(each.profile.name for each in known)
    return Problem("profile.unknown", {"name": name, "known": names or "-"})


def choose(
    among: Sequence[Profile],
    name: str,
    path: Path,
    *,
    sheet: str = "",
    encoding: str = "",
    delimiter: str = "",
) -> Profile:
    """The profile of a family that fits a file by its headings; one alone is not asked.

    Unusable where the file is no table, where none fits, or where two fit equally well.
    """
    if len(among) == 1:
        return among[0]
    headings = tuple({heading for profile in among for heading in profile.headings()})
    fields = (Field(name, headings),)
    with open_table(
        path, fields=fields, sheet=sheet or None, encoding=encoding or None,
        delimiter=delimiter or None, tolerant=True,
    ) as table:  # fmt: skip
        return fitting(name, among, table.header, table.name)


def save(desk: Desk, profile: Profile) -> Entry:
    """Remembers a profile under its name, in place of an earlier one that was saved so.

    Refused profile.shipped: the name is one that comes with the program. Unusable: it is none.
    """
    if any(each.name == profile.name for each in shipped()):
        raise Refused(Problem("profile.shipped", {"name": profile.name}))
    checked(profile)
    text = write_profile(profile)

    def work(unit: Unit) -> None:
        before = rows.by_name(unit.store, profile.name)
        login = desk.actor.login
        if before is None:
            made = ImportProfile(unit.new_id(), profile.name, profile.kind, text, login, 1)
            unit.insert(IMPORT_PROFILE, [made])
            return
        after = before._replace(kind=profile.kind, rules=text, made_by=login)
        unit.update(IMPORT_PROFILE, [after], ("kind", "rules", "made_by"))

    place = desk.office_for("import.profile").id
    return desk.write("import.profile", place, work, object=profile.name)[1]
