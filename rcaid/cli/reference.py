"""The reference of all commands, made from the table of nouns: docs/commands.md and the help.

python -m rcaid.cli.reference > docs/commands.md
python -m rcaid.cli.reference --help-text    writes rcaid/cli/helptext.py anew
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rcaid
from rcaid.cli import app as table
from rcaid.cli.show import pad
from rcaid.locale import N_, _, set_language

_OPTIONS = (
    ("--db URL", N_("the store: a path or postgresql://…; else RCAID_DB")),
    ("--office CODE", N_("keep to one office and all below it")),
    ("--as LOGIN", N_("who acts; in a demo store alone")),
    ("--lang en|zh_CN", N_("the language of messages")),
    ("--read-only", N_("open the store for reading alone")),
    ("--version", N_("the version of the program")),
)
_CODES = (
    ("0", "done"),
    ("1", "a fault of the program"),
    ("2", "wrong usage"),
    ("3", "the data have problems; all are listed"),
    ("4", "refused by a rule or a permission"),
    ("5", "an integrity check failed"),
)


def help_text() -> str:
    """What ``rcaid --help`` prints: it fits 80 columns and one screen."""
    words = [(noun.word, _(noun.about)) for noun in table.NOUNS]
    half = (len(words) + 1) // 2
    lines = [
        "Usage: rcaid [OPTIONS] NOUN VERB …",
        "",
        _(table.ABOUT),
        "",
    ]
    for i in range(half):
        left = _entry(*words[i])
        right = _entry(*words[i + half]) if i + half < len(words) else ""
        lines.append(f"  {pad(left, 38)}{right}".rstrip())
    lines.append("")
    lines += [f"  {name:<17} {_(about)}" for name, about in _OPTIONS]
    lines += ["", _("rcaid NOUN --help shows its verbs. Examples:")]
    lines += [f"  {example}" for example in table.EXAMPLES]
    return "\n".join(lines) + "\n"


def _entry(word: str, about: str) -> str:
    return f"{word:<10} {about}"


def module_text() -> str:
    """The source of `rcaid.cli.helptext`."""
    quoted = help_text().replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return (
        '"""Ready-made text, so that help and version need no parser; made by cli/reference.py."""\n\n'
        f'VERSION = "rcaid {rcaid.__version__}"\n'
        f'HELP = """\\\n{quoted}"""\n'
    )


def commands() -> Iterator[tuple[str, Any]]:
    """(words, parser's command) of every verb, in the order of the table."""
    import typer.main

    root = typer.main.get_command(table.root())
    for noun in table.NOUNS:
        found: Any = root.commands[noun.word]  # type: ignore[attr-defined]
        if noun.alone:
            yield noun.word, found
            continue
        yield from _verbs(noun.word, found)


def _verbs(words: str, group: Any) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _verbs(f"{words} {name}", command)
        else:
            yield f"{words} {name}", command


def markdown() -> str:
    """docs/commands.md."""
    parts = [
        "# Commands",
        "Made from the program by `make docs`. Nouns, then verbs: `rcaid [OPTIONS] NOUN VERB`. "
        "`rcaid` alone opens the terminal program.",
        "Data go to stdout and nothing else does; messages and progress go to stderr. "
        "`-o FILE` puts the data into a file; a list into CSV or XLSX if the name ends so. "
        "`--json` prints one object, or one a line; money in it is in fen.",
        "## Options before the noun",
        _rows(("option", "meaning"), [(f"`{name}`", about) for name, about in _OPTIONS]),
        "## Exit codes",
        _rows(("code", "meaning"), _CODES),
    ]
    noun = ""
    for words, command in commands():
        if words.split()[0] != noun:
            noun = words.split()[0]
            about = next(each.about for each in table.NOUNS if each.word == noun)
            parts.append(f"## rcaid {noun}\n\n{about[0].upper()}{about[1:]}.")
        parts.append(_command(words, command))
    return "\n\n".join(parts) + "\n"


def _command(words: str, command: Any) -> str:
    usage, options = [f"rcaid {words}"], []
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            usage.append(parameter.metavar or parameter.name.upper())
            options.append(
                (f"`{parameter.metavar or parameter.name.upper()}`", parameter.help or "")
            )
            continue
        name = "`, `".join(parameter.opts)
        value = f" {parameter.metavar}" if parameter.metavar else ""
        if not parameter.is_flag and not value:
            value = f" {parameter.name.upper()}"
        needed = " (needed)" if parameter.required else ""
        options.append((f"`{name}{value}`", f"{parameter.help or ''}{needed}"))
    examples = [line.strip() for line in (command.epilog or "").splitlines()[2:]]
    text = [f"### {' '.join(usage)}", " ".join((command.help or "").split())]
    if options:
        text.append(_rows(("argument or option", "meaning"), options))
    text.append("```\n" + "\n".join(examples) + "\n```")
    return "\n\n".join(text)


def _rows(head: tuple[str, str], rows: Any) -> str:
    cells = [
        head,
        ("---", "---"),
        *((a.replace("|", "\\|"), b.replace("|", "\\|")) for a, b in rows),
    ]
    return "\n".join(f"| {a} | {b} |" for a, b in cells)


def main(arguments: list[str]) -> int:
    """Prints the reference, or writes the ready-made help."""
    set_language("en")
    if arguments == ["--help-text"]:
        place = Path(__file__).with_name("helptext.py")
        place.write_text(module_text(), encoding="utf-8")
        return 0
    sys.stdout.write(markdown())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
