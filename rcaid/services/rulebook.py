"""Programmes as their files have them: in the store, between versions, and ready to copy."""

from __future__ import annotations

import dataclasses
from typing import Any

from rcaid import data
from rcaid.db import programmes
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.programme_file import FileRead, flat, read_all
from rcaid.domain.programmes import LEVELS
from rcaid.domain.programmes import Programme as Rules
from rcaid.services.desk import Desk

Facts = dict[str, Any]
_FOLDER = "programmes"


def all_programmes(desk: Desk) -> list[Facts]:
    """Every programme with its newest rule version."""
    found = []
    for each in programmes.programmes(desk.store):
        newest = programmes.versions(desk.store, each.id)[-1]
        found.append(
            {
                "code": each.code,
                "name": each.name,
                "name_en": each.name_en,
                "version": newest.number,
                "effective_from": newest.effective_from,
                "citation": newest.citation,
            }
        )
    return found


def programme_text(desk: Desk, code: str, version: int | None = None) -> tuple[Facts, str]:
    """A rule version of a programme and its TOML as it was loaded; the newest without a number."""
    found = _find(desk, code)
    for each in reversed(programmes.versions(desk.store, found.id)):
        if version in (None, each.number):
            facts = {
                "code": found.code,
                "name": found.name,
                "version": each.number,
                "effective_from": each.effective_from,
                "citation": each.citation,
                "sha256": each.sha256,
            }
            return facts, each.rules
    raise Refused(Problem("programme.no_version", {"programme": code, "version": version}))


def _find(desk: Desk, code: str) -> Any:
    found = next((p for p in programmes.programmes(desk.store) if p.code == code), None)
    if found is None:
        raise Refused(Problem("programme.unknown", {"programme": code}))
    return found


def versions(desk: Desk, code: str) -> list[Facts]:
    """Every version of a programme, oldest first, each with what it changed: field, the value
    before and after; None where there was or is none. Examples are left out."""
    found, before = [], None
    for each in programmes.versions(desk.store, _find(desk, code).id):
        found.append(
            {
                "version": each.number,
                "effective_from": each.effective_from,
                "effective_to": each.effective_to,
                "citation": each.citation,
                "sha256": each.sha256,
                "changes": [] if before is None else changes(before, each.rules),
            }
        )
        before = each.rules
    return found


def changes(before: str, after: str) -> list[Facts]:
    """What differs between two texts of a programme, field by field, in the order of the file."""
    old, new = flat(before), flat(after)
    return [
        {"field": field, "before": old.get(field), "after": new.get(field)}
        for field in dict.fromkeys([*new, *old])
        if old.get(field) != new.get(field)
    ]


def worked() -> list[Facts]:
    """The worked programmes that come along, to be copied and changed."""
    found = []
    for name in data.names(_FOLDER):
        rules = read_all(data.text(name)).rules
        if rules is not None:
            facts = rules_facts(rules)
            found.append({key: facts[key] for key in ("code", "name", "name_en", "version", "effective_from", "citation")})  # fmt: skip
    return found


def worked_text(code: str) -> tuple[Facts, str]:
    """A worked programme and its text; Refused programme.unknown."""
    for name in data.names(_FOLDER):
        text = data.text(name)
        rules = read_all(text).rules
        if rules is not None and rules.code == code.upper():
            return {key: rules_facts(rules)[key] for key in ("code", "name", "version")}, text
    raise Refused(Problem("programme.unknown", {"programme": code}))


def checked_facts(found: FileRead) -> Facts:
    """What a file without problems comes to, and how many examples were run."""
    assert found.rules is not None
    return rules_facts(found.rules) | {"examples": len(found.examples)}


def rules_facts(rules: Rules) -> Facts:
    """What a programme's rules come to; sums in fen, None where there is no cap or limit."""
    return {
        "code": rules.code,
        "name": rules.name,
        "name_en": rules.name_en,
        "version": rules.version,
        "effective_from": rules.effective_from,
        "effective_to": rules.effective_to,
        "citation": rules.citation,
        "recipient": rules.recipient,
        "categories": list(rules.categories),
        "items": [item.code for item in rules.items],
        "min_age": rules.min_age or None,
        "max_age": rules.eligible.max_age,
        "min_fen": rules.min_fen,
        "max_fen": rules.max_fen,
        "grants": [dataclasses.asdict(grant) for grant in rules.grants],
        "topup": rules.repeat.topup,
        "cap_fen_per_year": rules.cap.person_fen,
        "cap_household_fen_per_year": rules.cap.household_fen,
        "exclusive_with": list(rules.across.exclusive_with),
        "papers": list(rules.papers.always),
        "notice_days": rules.decide.notice_days,
        "limits": {level: getattr(rules.decide, f"{level}_fen") for level in LEVELS},
        "follow_up_percent": rules.decide.follow_up_percent,
    }
