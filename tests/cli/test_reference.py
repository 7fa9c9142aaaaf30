"""The reference and the table of nouns agree with what can be typed."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from rcaid.cli import reference
from rcaid.cli.app import EXAMPLES, NOUNS, root
from rcaid.cli.options import split

COMMANDS = dict(reference.commands())
DOCS = Path(__file__).parents[2] / "docs" / "commands.md"


def examples(command: Any) -> list[str]:
    """The examples at the end of a command's help."""
    return [line.strip() for line in (command.epilog or "").splitlines()[2:]]


def test_the_written_reference_is_what_the_program_gives() -> None:
    assert DOCS.read_text(encoding="utf-8") == reference.markdown()


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_stands_in_the_reference_with_its_help(words: str) -> None:
    assert f"### rcaid {words}" in DOCS.read_text(encoding="utf-8")
    command = COMMANDS[words]
    assert command.help and command.help.strip().endswith((".", "."))
    assert all(parameter.help for parameter in command.params)


@pytest.mark.parametrize("words", COMMANDS)
def test_help_fits_a_screen_and_ends_with_two_examples(words: str) -> None:
    ran = CliRunner().invoke(root(), [*words.split(), "--help"], terminal_width=80)
    assert ran.exit_code == 0
    lines = ran.stdout.splitlines()
    assert len(lines) <= 40
    shown = [line.strip() for line in lines[-2:]]
    assert all(line.startswith("rcaid ") for line in shown) and len(set(shown)) == 2


@pytest.mark.parametrize("words", COMMANDS)
def test_examples_are_written_as_the_parser_wants_them(words: str) -> None:
    command = COMMANDS[words]
    assert len(examples(command)) == 2
    for example in examples(command):
        _parses(shlex.split(example)[1:], words)


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_of_the_first_help_work_too(example: str) -> None:
    _options, rest = split(shlex.split(example)[1:])
    words = next(w for w in (" ".join(rest[:2]), rest[0]) if w in COMMANDS)
    _parses(shlex.split(example)[1:], words)


def _parses(arguments: list[str], words: str) -> None:
    if "<" in arguments:  # what stands behind it is the shell's
        del arguments[arguments.index("<") :]
    _options, rest = split(arguments)
    n = len(words.split())
    assert rest[:n] == words.split()
    COMMANDS[words].make_context(words, rest[n:])


@pytest.mark.parametrize("words", COMMANDS)
def test_every_reading_verb_takes_json_and_a_file(words: str) -> None:
    names = {name for parameter in COMMANDS[words].params for name in parameter.opts}
    if words.split()[-1] in ("list", "show", "find", "history", "log", "status", "doctor", "keys"):
        assert {"--json", "-o"} <= names


def test_nouns_are_told_once_and_in_one_line() -> None:
    assert len({noun.word for noun in NOUNS}) == len(NOUNS)
    assert all(len(noun.about) <= 27 for noun in NOUNS)
    assert set(typer.main.get_command(root()).commands) == {noun.word for noun in NOUNS}  # type: ignore[attr-defined]
