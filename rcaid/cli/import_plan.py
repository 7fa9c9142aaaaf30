"""How files are planned from the command line: by a kind or a profile, one after another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import typer

from rcaid.cli import said
from rcaid.cli.import_profiles import field_of
from rcaid.cli.import_summary import Told, name_of
from rcaid.domain.errors import ExitCode, Problem, Refused, Unusable
from rcaid.files.profiles import Profile
from rcaid.locale import _
from rcaid.services.desk import Desk
from rcaid.services.importing import imports, profiles
from rcaid.services.importing.imports import Planned
from rcaid.services.importing.kinds import Kind

ORDERS = ("", "dmy", "mdy", "ymd")


def judged(kind: str, profile: str, dates: str) -> Kind | None:
    """The kind that was named; a usage error where neither it nor a profile was."""
    if not (kind or profile):
        raise typer.BadParameter("say --kind, or --profile", param_hint="--kind")
    if dates not in ORDERS:
        raise typer.BadParameter(", ".join(ORDERS[1:]), param_hint="--dates")
    return imports.known_kind(kind) if kind else None


class Reading:
    """What the options say about reading files, and a plan of each by them."""

    def __init__(
        self, desk: Desk, kind: Kind | None, profile: str, columns: Sequence[str],
        cycle: str | None, dates: str, sheet: str | None, encoding: str | None,
        delimiter: str | None,
    ) -> None:  # fmt: skip
        self._desk = desk
        self._kind = kind
        self._family = profile
        self._among = profiles.family(desk, profile) if profile else []
        self._columns = columns
        self._sheet, self._encoding, self._delimiter = sheet, encoding, delimiter
        self._options: dict[str, Any] = {"cycle_code": cycle, "dates": dates}

    def require(self) -> None:
        """Refused who.no_duty unless this person may bring in what it is for."""
        names = {profile.kind for profile in self._among}
        kinds = [self._kind] if self._kind else [imports.known_kind(each) for each in names]
        acts = [kind.act for kind in kinds]
        may = (act for act in acts if self._desk.duty_for(act, self._desk.office_for(act).id))
        act = next(may, acts[0])
        self._desk.require(act, self._desk.office_for(act).id)

    def plan(self, file: Path, target: Path | None) -> Planned:
        """The plan of one file; Unusable where it is no table or no profile fits it."""
        profile = self._profile(file)
        kind = imports.known_kind(profile.kind) if profile else self._kind
        assert kind is not None
        return imports.plan(
            self._desk, file, kind.name, overrides=self._overrides(kind), target=target,
            profile=profile, sheet=self._sheet, encoding=self._encoding,
            delimiter=self._delimiter, **self._options,
        )  # fmt: skip

    def told(self, file: Path, target: Path | None) -> Told:
        """The same for the summary: a file that cannot be read is a line too."""
        try:
            return Told(name_of(file), self.plan(file, target))
        except Unusable as error:
            return Told(name_of(file), problems=error.problems)

    def _overrides(self, kind: Kind) -> dict[str, str]:
        pairs = (field_of(pair, kind) for pair in self._columns)
        return {field: column for column, field in pairs}

    def _profile(self, file: Path) -> Profile | None:
        """The profile that fits the file; which one of several is told, never silent."""
        if not self._among:
            return None
        found = profiles.choose(
            self._among, self._family, file, sheet=self._sheet or "",
            encoding=self._encoding or "", delimiter=self._delimiter or "",
        )  # fmt: skip
        if self._kind and found.kind != self._kind.name:
            params = {"name": found.name, "kind": found.kind, "wanted": self._kind.name}
            raise Refused(Problem("profile.kind", params))
        if len(self._among) > 1:
            text = _("{file}: of the profiles {family}, {profile} fits")
            said.say(text.format(file=name_of(file), family=self._family, profile=found.name))
        return found


def ended(told: Iterable[Told]) -> int:
    """3 where a row or a whole file was not taken."""
    wrong = any(each.planned is None or each.planned.facts.rows_rejected for each in told)
    return ExitCode.PROBLEMS if wrong else ExitCode.DONE
