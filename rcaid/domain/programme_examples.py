"""Runs the examples of a programme's file: they are its tests."""

from __future__ import annotations

from collections.abc import Iterator

from rcaid.domain.errors import Problem
from rcaid.domain.programme_file import Example, FileRead, read_all
from rcaid.domain.programme_lines import line_of
from rcaid.domain.programme_rules import Judgement, judge
from rcaid.domain.programmes import Programme


def checked(text: str) -> FileRead:
    """Reads a file and runs its examples. Each example that fails is a problem; ``rules`` stays
    None while there are any."""
    found = read_all(text)
    if found.rules is None:
        return found
    wrong = [
        Problem(
            "programme.example",
            {
                "line": line_of(found.lines, example.place),
                "name": example.name,
                "what": what,
                "got": got,
                "wanted": wanted,
            },
            field=example.place,
        )
        for example in found.examples
        for what, got, wanted in differences(found.rules, example)
    ]
    return found._replace(rules=None, problems=tuple(wrong)) if wrong else found


def differences(rules: Programme, example: Example) -> Iterator[tuple[str, str, str]]:
    """What an example expects and does not get: what, got, wanted."""
    found = judge(rules, example.facts)
    expected = (
        ("outcome", found.outcome, example.outcome),
        ("fen", found.award.fen, example.fen),
        ("level", found.level or "none", example.level),
    )
    for what, got, wanted in expected:
        if wanted not in ("", None) and got != wanted:
            yield what, _with_reasons(what, str(got), found), str(wanted)
    results = {check.code: check.result for check in found.checks}
    for code, wanted in example.checks:
        got = results.get(code, "-")
        if got != wanted:
            yield code, got, wanted


def _with_reasons(what: str, got: str, found: Judgement) -> str:
    """An outcome with the checks that made it."""
    codes = [check.code for check in found.checks if check.result == got]
    return f"{got} ({', '.join(codes)})" if what == "outcome" and got != "pass" else got
