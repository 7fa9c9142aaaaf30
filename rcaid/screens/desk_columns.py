"""The columns of a file that is to be read: what each is taken for, by heading, profile or hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rcaid.domain.errors import Problem
from rcaid.domain.sentences import sentence
from rcaid.files.headers import is_reason, map_columns
from rcaid.locale import _, language
from rcaid.screens.import_session import Asked, FileLook, MappedColumn

if TYPE_CHECKING:
    from rcaid.files.profiles import Profile
    from rcaid.services.importing.kinds import Kind


def mapped(
    look: FileLook, asked: Asked, kind: Kind, profile: Profile | None
) -> tuple[tuple[MappedColumn, ...], list[str]]:
    """What each column is taken for, and the sentences that keep the file from being read so."""
    header = [column.heading for column in look.columns]
    found = map_columns(header, kind.fields, overrides(look, asked, kind, profile), profile)
    fields = {at: name for name, at in found.columns.items()}
    fields |= {at: name for name, places in found.joined.items() for at in places}
    required = {field.name for field in kind.fields if field.required}
    said = set(profile.headings()) if profile else set()

    def column(at: int, heading: str) -> MappedColumn:
        name = fields.get(at, "")
        by_hand = "hand" if heading in asked.columns else ""
        if name:
            by = by_hand or ("profile" if heading in said else "heading")
            return MappedColumn(name, field_label(kind, name), by, name in required)
        by_profile = "profile" if heading in said else ""
        return MappedColumn("", "", "reasons" if is_reason(heading) else by_hand or by_profile)

    problems = found.problems or kind.without_key(found)
    columns = tuple(column(at, heading) for at, heading in enumerate(header))
    return columns, [_said(kind, problem) for problem in problems]


def overrides(look: FileLook, asked: Asked, kind: Kind, profile: Profile | None) -> dict[str, str]:
    """What was chosen by hand: the heading of each field, "" for one whose column is left out."""
    header = [column.heading for column in look.columns]
    by_hand = {field: heading for heading, field in asked.columns.items() if field}
    usual = map_columns(header, kind.fields, by_hand, profile).columns
    left = {name for name, at in usual.items() if asked.columns.get(header[at]) == ""}
    return {**by_hand, **dict.fromkeys(left, "")}


def kept(
    name: str,
    look: FileLook,
    asked: Asked,
    columns: Sequence[MappedColumn],
    base: Profile | None,
) -> Profile:
    """How the file is read now as a profile of its own; what ``base`` says besides stays."""
    from rcaid.files.profiles import Profile

    headings: dict[str, tuple[str, ...]] = {}
    ignored: list[str] = []
    for column, each in zip(look.columns, columns, strict=True):
        if each.field:
            headings[each.field] = (*headings.get(each.field, ()), column.heading)
        elif column.heading and each.by != "reasons":
            ignored.append(column.heading)
    begun = base or Profile(name, asked.kind)
    return replace(
        begun, name=name, kind=asked.kind, columns=headings, ignored=tuple(ignored), needs=(),
        dates=asked.dates or begun.dates,
    )  # fmt: skip


def field_label(kind: Kind, name: str) -> str:
    """A field by the heading that a reader knows: Chinese, else the English one."""
    field = next((each for each in kind.fields if each.name == name), None)
    if field is None:
        return name
    if language() != "en":
        return field.aliases[0]
    english = [alias for alias in field.aliases if alias.isascii()]
    return english[0] if english else name.replace("_", " ")


def _said(kind: Kind, problem: Problem) -> str:
    """A problem of the headings with the field as a person knows it."""
    params = dict(problem.params)
    if "field" in params:
        params["field"] = field_label(kind, str(params["field"]))
    return sentence(Problem(problem.code, params), _)
