"""Start-up: what is answered without a parser, what is never imported, real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rcaid import __version__
from rcaid.cli import helptext, reference
from tests.cli.conftest import Run

ALLOWED = {"rcaid", "rcaid.__main__", "rcaid.cli", "rcaid.cli.helptext"}


def python(code: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs a piece of Python in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environ},
        timeout=120,
    )


def rcaid_process(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs the program as the console script does."""
    return python("import sys; from rcaid.__main__ import main; sys.exit(main())", *arguments,
                  **environ)  # fmt: skip


@pytest.mark.parametrize("argument", ["--help", "-h", "--version"])
def test_help_and_version_import_nothing_but_their_text(argument: str) -> None:
    code = (
        "import sys; before = set(sys.modules); from rcaid.__main__ import main; main();"
        "print('|', *sorted(set(sys.modules) - before), file=sys.stderr)"
    )
    ran = python(code, argument)
    assert ran.returncode == 0 and "rcaid" in ran.stdout
    assert set(ran.stderr.split("|")[1].split()) <= ALLOWED


def test_the_command_line_leaves_textual_alone() -> None:
    code = (
        "import sys; import rcaid.cli; from rcaid.cli.app import root; root();"
        "print(*(m for m in ('textual', 'sqlite_utils', 'psycopg', 'xlsxwriter')"
        " if m in sys.modules))"
    )
    ran = python(code)
    assert (ran.returncode, ran.stdout.strip()) == (0, "")


def test_the_terminal_program_starts_without_the_parser_of_commands(place: Path) -> None:
    code = (
        "import sys, types;"
        "app = types.ModuleType('rcaid.screens.app'); app.run = lambda session: 0;"
        "sys.modules['rcaid.screens.app'] = app;"
        "sys.stdin.isatty = sys.stdout.isatty = lambda: True;"
        "from rcaid.__main__ import main; sys.argv[1:] = ['--as', 'hua']; code = main();"
        "print(code, *(m for m in ('typer', 'textual', 'rich') if m in sys.modules))"
    )
    ran = python(code)
    assert (ran.returncode, ran.stdout.strip(), ran.stderr) == (0, "0", "")


def test_the_ready_made_text_is_what_the_table_of_nouns_gives() -> None:
    assert reference.help_text() == helptext.HELP
    assert f"rcaid {__version__}" == helptext.VERSION
    assert Path(helptext.__file__).read_text(encoding="utf-8") == reference.module_text()


def test_help_fits_eighty_columns_and_forty_lines() -> None:
    lines = helptext.HELP.splitlines()
    assert len(lines) <= 40 and max(map(len, lines)) <= 80


def test_the_terminal_program_refuses_a_pipe(place: Path) -> None:
    for arguments in ((), ("--as", "hua"), ("--db", str(place), "--read-only")):
        ran = rcaid_process(*arguments)
        assert ran.returncode == 2 and ran.stdout == ""
        assert ran.stderr.count("\n") == 1 and "terminal" in ran.stderr


def test_a_closed_pipe_is_no_fault_and_no_traceback(place: Path) -> None:
    code = "import sys; from rcaid.__main__ import main; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "--as", "root", "user", "list"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout and process.stderr
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert process.wait(120) == 141 and told == b""


def test_version_after_other_options_and_languages(rcaid: Run) -> None:
    ran = rcaid("--db", "x", "--version")
    assert (ran.code, ran.out) == (0, helptext.VERSION + "\n")
    assert rcaid("--lang", "xx", "roster", "list").code == 2
    assert rcaid("--lang", "en", "--help").out == helptext.HELP


def test_init_makes_a_store_and_its_keys_and_never_twice(
    rcaid: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, keys = tmp_path / "new" / "rcaid.db", tmp_path / "safe" / "rcaid.keys"
    monkeypatch.setenv("RCAID_DB", str(place))
    assert rcaid("init").code == 2
    ran = rcaid("init", "--society", "红会", "--keys", keys)
    assert ran.code == 0 and "keys" in ran.err and str(keys) in ran.err
    assert place.stat().st_mode & 0o077 == 0 and keys.stat().st_mode & 0o077 == 0
    assert rcaid("user", "list").code == 0
    assert rcaid("init", "--society", "红会", "--keys", keys).code == 4
    assert rcaid("--as", "hua", "user", "list").code == 4


def test_init_refuses_a_division_table_that_is_none(
    rcaid: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RCAID_DB", str(tmp_path / "rcaid.db"))
    keys = tmp_path / "rcaid.keys"
    missing = ("init", "--society", "红会", "--keys", keys, "--regions", tmp_path / "none.csv")
    assert rcaid(*missing).code == 3
