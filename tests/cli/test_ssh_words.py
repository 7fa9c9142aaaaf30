"""The commands that may come over the wire: each exists, reads, and names no file."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from rcaid.cli.reference import commands
from rcaid.cli.ssh import ALONE, IMPORTS, READINGS, allowed, forced_command
from rcaid.domain.errors import Refused

VERBS = dict(commands())
LISTED = [
    (noun, name, reading)
    for noun, verbs in READINGS.items()
    for name, reading in verbs.items()
    if name
]
ACTS = {"approve", "apply", "release", "grant", "key", "export", "set", "new", "undo", "erase"}


FEEDING = [("import", name, reading) for name, reading in IMPORTS.items()]
FEEDING += [(noun, "", reading) for noun, reading in ALONE.items()]
PLAN = "01JZ3KQ8V6D2M4N7P9R1S3T5W7"


def _names(command: Any, kind: str) -> set[str]:
    return {name for each in command.params if each.param_type_name == kind for name in each.opts}


@pytest.mark.parametrize(("noun", "name", "reading"), LISTED)
def test_every_command_of_the_list_is_a_verb_with_these_options(
    noun: str, name: str, reading: Any
) -> None:
    command = VERBS[f"{noun} {name}"]
    assert name not in ACTS
    assert reading.options <= _names(command, "option")
    assert "--yes" not in _names(command, "option")


@pytest.mark.parametrize(("noun", "name", "reading"), LISTED)
def test_no_word_or_option_of_the_list_names_a_file(noun: str, name: str, reading: Any) -> None:
    for each in VERBS[f"{noun} {name}"].params:
        given = each.param_type_name == "argument" and reading.words
        if given and not reading.form.fullmatch("x.plan"):
            assert reading.form.fullmatch(PLAN)
        elif given or set(each.opts) & reading.options - {"-o", "--output"}:
            assert "Path" not in str(each.type_descriptor.annotation)
            assert not {"FILE", "PLAN", "BUNDLE", "TARGET", "DIR"} & set(
                (each.metavar or "").split("|")
            )


@pytest.mark.parametrize(("noun", "name", "reading"), FEEDING)
def test_what_brings_something_in_takes_it_from_standard_input_or_by_an_id(
    noun: str, name: str, reading: Any
) -> None:
    command = VERBS[f"{noun} {name}".strip()]
    assert (reading.options | reading.flags) <= _names(command, "option")
    assert not (reading.options | reading.flags) & {"-o", "--output", "--keep"}
    accepted = {word for word in ("-", PLAN, "x", "/etc/passwd", "../x", "a/" + PLAN) if
                reading.form.fullmatch(word)}  # fmt: skip
    assert len(accepted) == 1 and accepted <= {"-", PLAN}


@pytest.mark.parametrize(
    "typed",
    [
        "import plan - --kind roster --cycle 23A",
        "rcaid import plan - --kind=bank --map 凭证号=流水 --name 嘉定.xlsx --json",
        f"import apply {PLAN} --yes --expect 12 --sum 1.00",
        f"import apply {PLAN} -y",
        f"import show {PLAN} -o -",
        f"import rejects {PLAN} -o -",
        f"import rejects {PLAN} --output=-",
        "lookup",
        "lookup - --json",
    ],
)
def test_a_file_may_come_over_the_wire(typed: str) -> None:
    assert allowed(typed) == shlex.split(typed.removeprefix("rcaid "))


@pytest.mark.parametrize(
    ("typed", "arguments"),
    [
        ("roster list", ["roster", "list"]),
        ("rcaid roster list --json", ["roster", "list", "--json"]),
        (
            "roster list --cycle 22A --state=frozen",
            ["roster", "list", "--cycle", "22A", "--state=frozen"],
        ),
        (
            "--lang zh_CN report annual --period 2022",
            ["--lang", "zh_CN", "report", "annual", "--period", "2022"],
        ),
        ("person find '张 三'", ["person", "find", "张 三"]),
        ("rcaid", []),
        ("--lang zh_CN", ["--lang", "zh_CN"]),
    ],
)
def test_a_command_is_cut_into_words_as_a_shell_would(typed: str, arguments: list[str]) -> None:
    assert allowed(typed) == arguments


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("roster list\nid", "ssh.text"),
        ("roster 'list", "ssh.text"),
        ("x" * 4097, "ssh.text"),
        ("roster approve X", "ssh.command"),
        ("roster", "ssh.command"),
        ("session pd-approver", "ssh.command"),
        ("--db x roster list", "ssh.fixed"),
        ("--as=x roster list", "ssh.fixed"),
        ("roster list -o x", "ssh.option"),
        ("roster list --cycle 22A --output=x", "ssh.option"),
        ("roster list --cycle -o x", "ssh.option"),
        ("roster list --", "ssh.option"),
        ("roster list x", "ssh.words"),
        ("audit verify x", "ssh.words"),
        ("import plan /etc/passwd --kind roster", "ssh.form"),
        ("import plan - /etc/passwd --kind roster", "ssh.form"),
        ("import plan - - --kind roster", "ssh.words"),
        ("import plan - --kind roster -o x", "ssh.option"),
        ("import plan - --kind -o", "ssh.option"),
        ("import apply plans/x.plan --yes", "ssh.form"),
        (f"import apply ../{PLAN} --yes", "ssh.form"),
        (f"import apply {PLAN} --keep --yes", "ssh.option"),
        (f"import apply {PLAN} --yes=-", "ssh.option"),
        ("import show /etc/passwd", "ssh.form"),
        (f"import rejects {PLAN} -o x", "ssh.option"),
        (f"import rejects {PLAN} -ox", "ssh.option"),
        (f"import rejects {PLAN} --output=/tmp/x", "ssh.option"),
        (f"import rejects {PLAN} -o -- x", "ssh.option"),
        (f"import undo {PLAN} --yes", "ssh.command"),
        ("import peek -", "ssh.command"),
        ("import -", "ssh.command"),
        ("lookup /etc/passwd", "ssh.form"),
        ("lookup - -o x", "ssh.option"),
    ],
)
def test_anything_else_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        allowed(typed)
    assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.parametrize("place", ["/srv/a b/$(id)'\"`id`.db", "postgresql://h/db?x='$(id)'"])
def test_the_place_of_a_store_stands_in_a_forced_command_as_one_word(place: str) -> None:
    words = shlex.split(forced_command("", place, "zh_CN", "li"))
    assert words[1:] == ["-I", "-m", "rcaid", "--db", place, "--lang", "zh_CN", "session", "li"]
