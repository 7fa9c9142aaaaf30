"""What must hold of a whole row, beyond its single cells: its document, and what that says.

BR-001 to 007: the type and number of a document belong together, a document that is none or of no
known type has a reason, and sex and birth date are those the number says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rcaid.domain import identity
from rcaid.domain.damage import damage
from rcaid.domain.errors import Problem
from rcaid.domain.identity import Identity
from rcaid.files.profiles import Profile
from rcaid.services.importing.kinds import Kind

Reader = Callable[[str], Any]
Wrong = list[tuple[str, Problem, str]]
"""(field, problem, cell) of all that is wrong with a row."""
_WITH_REASON = (identity.NONE, "OTHER")


@dataclass(frozen=True, slots=True)
class Rules:
    """What cells are judged by besides their kind: the business date, office ids by what may stand
    in a street column, and readers of types that only the caller knows, such as categories."""

    today: str
    streets: Mapping[str, str | None]
    profile: Profile
    readers: Mapping[str, Reader]


def check(
    kind: Kind, values: dict[str, Any], cells: dict[str, str], rules: Rules, wrong: Wrong
) -> Identity | None:
    """Adds to ``wrong`` what does not hold; the document of the row, where it has one."""
    if "id_kind" not in values:
        return None
    if kind.keys and not any(cells[name] for name in kind.keys):
        fields = " / ".join(map(kind.heading, kind.keys))
        wrong.append((kind.keys[0], Problem("row.no_key", {"fields": fields}), ""))
        return None
    if isinstance(values["id_kind"], Problem):
        return None
    who = _document(kind, values, cells, rules, wrong)
    if who is not None:
        _says_the_same(values, who, cells, wrong)
    return who


def _document(
    kind: Kind, values: dict[str, Any], cells: dict[str, str], rules: Rules, wrong: Wrong
) -> Identity | None:
    number = values["number"]
    type_ = values["id_kind"] or (
        identity.RESIDENT_ID if rules.profile.identity == "resident" else "OTHER"
    )
    if not number:
        if kind.keys:
            return None  # the row may be about somebody it names otherwise
        if values["id_kind"] not in ("", identity.NONE) or not (
            values["id_kind"] or _reason(values, rules)
        ):
            wrong.append(("number", Problem("row.required", {"field": kind.heading("number")}), ""))
            return None
        type_ = identity.NONE
    if type_ in _WITH_REASON and not _reason(values, rules):
        wrong.append(("id_kind", Problem("identity.reason", {"kind": type_}), cells["id_kind"]))
        return None
    what = damage(number)
    if what and type_ not in (identity.RESIDENT_ID, identity.NONE):
        wrong.append(("number", Problem(f"identity.{what}", value=number), cells["number"]))
        return None
    found = identity.check(number, type_, rules.today)
    if isinstance(found, Problem):
        wrong.append(("number", found, cells["number"]))
        return None
    return found


def _reason(values: dict[str, Any], rules: Rules) -> str:
    return values["reason"] or rules.profile.reason


def _says_the_same(
    values: dict[str, Any], who: Identity, cells: dict[str, str], wrong: Wrong
) -> None:
    """Sex and birth date that are typed are those of the number (BR-003)."""
    for name, derived in (("sex", who.sex), ("born", who.birth_date)):
        typed = values[name]
        if isinstance(typed, str) and typed and derived and typed != derived:
            params = {"derived": derived, "typed": cells[name]}
            wrong.append((name, Problem(f"identity.{name}", params), cells[name]))
