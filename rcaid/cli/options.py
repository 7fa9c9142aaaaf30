"""The options that stand before the noun, read without a parser: start-up looks at them first."""

from __future__ import annotations

from dataclasses import dataclass

VALUED = {"--db": "db", "--office": "office", "--as": "as_login", "--lang": "lang"}
"""Global options with a value, and the field of `Globals` they fill."""


@dataclass(frozen=True, slots=True)
class Globals:
    """What was said before the noun; "" and False where nothing was.

    ``login`` is the name that a forced SSH command fixed. It is never read from the command line.
    """

    db: str = ""
    office: str = ""
    as_login: str = ""
    lang: str = ""
    read_only: bool = False
    login: str = ""


def split(arguments: list[str]) -> tuple[Globals, list[str]]:
    """The global options at the front, and what follows from the first word that is none."""
    values: dict[str, str] = {}
    read_only = False
    at = 0
    while at < len(arguments):
        name, equals, value = arguments[at].partition("=")
        if name == "--read-only" and not equals:
            read_only = True
        elif name in VALUED and equals:
            values[VALUED[name]] = value
        elif name in VALUED and at + 1 < len(arguments):
            at += 1
            values[VALUED[name]] = arguments[at]
        else:
            break
        at += 1
    get = values.get
    found = Globals(
        get("db", ""), get("office", ""), get("as_login", ""), get("lang", ""), read_only
    )
    return found, arguments[at:]
