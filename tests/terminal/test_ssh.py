"""What a key opens over a real sshd, and everything that it does not open."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator

import pytest

from tests.terminal.sshd import Sshd
from tests.terminal.waiting import wait_until

READ = "roster list --json"
PAYLOAD = "uid="
"""What a shell would say when it had run ``id``."""


def test_a_reading_command_gives_json_for_the_offices_of_that_person(sshd: Sshd) -> None:
    for login, district in (("jd-caseworker", "310114"), ("pd-approver", "310115")):
        answer = sshd.run(login, READ)
        assert answer.returncode == 0, answer.stderr
        rosters = [json.loads(line) for line in answer.stdout.splitlines()]
        assert rosters
        assert {roster["office"][:6] for roster in rosters} == {district}


def test_the_word_rcaid_may_stand_before_the_command(sshd: Sshd) -> None:
    assert sshd.run("pd-approver", f"rcaid {READ}").stdout == sshd.run("pd-approver", READ).stdout


@pytest.mark.parametrize("name", ["unknown", "revoked"])
def test_a_key_that_is_unknown_or_revoked_is_denied(sshd: Sshd, name: str) -> None:
    answer = sshd.run(name, READ)
    assert (answer.returncode, answer.stdout) == (255, "")
    assert "Permission denied" in answer.stderr


def test_a_password_is_not_asked_for(sshd: Sshd) -> None:
    options = (
        "-o",
        "PubkeyAuthentication=no",
        "-o",
        "BatchMode=no",
        "-o",
        "NumberOfPasswordPrompts=0",
    )
    answer = sshd.run("jd-caseworker", READ, *options)
    assert answer.returncode == 255
    assert "Permission denied (publickey)" in answer.stderr


def test_without_a_terminal_the_terminal_program_does_not_start(sshd: Sshd) -> None:
    answer = sshd.run("jd-caseworker", None, "-T")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert len(answer.stderr.splitlines()) == 1
    assert "needs a terminal" in answer.stderr


REFUSED = (
    *(
        "id",
        "sh",
        "bash -i",
        "/bin/sh -c id",
        "$(id)",
        "`id`",
        "python3 -c 'print(1)'",
        "env",
        "-h",
    ),
    *(
        "x; id",
        "roster; id",
        "roster $(id)",
        "roster\tlist",
        "roster list\nid",
        "\nid",
        "'",
        '"$(id)',
    ),
    *("roster list; id", "roster list && id", "roster list | sh", "roster list & id"),
    *("roster list > /tmp/rcaid-probe", "roster list -o /tmp/rcaid-probe"),
    *("roster list --output=/tmp/rcaid-probe", "roster list -o/tmp/rcaid-probe"),
    *("roster list -- x", "roster show ../../etc/passwd /etc/passwd", "audit verify /etc/passwd"),
    *("audit key", "audit export /tmp/rcaid-probe --purpose x --for x", "db status", "db backup"),
    *("--db /etc/passwd roster list", "--db=/tmp/x roster list", "--as pd-approver roster list"),
    *("session pd-approver", "serve-key a b c d", "rcaid rcaid roster list", "doctor", "init"),
    *("import plan /etc/passwd --kind roster", "import peek /etc/shadow", "user key x /etc/shadow"),
    *("roster approve 23A-R-310114111 --round 1 --yes", "demo make /tmp/rcaid-probe"),
    *("scp -t /tmp", "scp -f /etc/passwd", "/usr/lib/openssh/sftp-server", "internal-sftp"),
    *(
        "rsync --server . /tmp",
        "git-upload-pack /",
        "\x1b]0;x\x07",
        "roster list \u202e",
        "x" * 5000,
    ),
)


@pytest.fixture(scope="module")
def line(sshd: Sshd) -> Iterator[tuple[str, str]]:
    """The options of one connection that is kept open, for many commands one after another."""
    path = str(sshd.folder / "line")
    holder = subprocess.Popen(sshd.client("jd-caseworker", "-M", "-N", "-S", path))
    wait_until(lambda: os.path.exists(path), "no connection")
    yield "-S", path
    holder.terminate()
    holder.wait()


@pytest.mark.parametrize("command", REFUSED, ids=[repr(each)[:40] for each in REFUSED])
def test_a_command_that_is_not_on_the_list_is_refused(
    sshd: Sshd, line: tuple[str, str], command: str
) -> None:
    answer = sshd.run("jd-caseworker", command, *line)
    assert (answer.returncode, answer.stdout) == (4, ""), answer
    assert len(answer.stderr.splitlines()) == 1
    assert PAYLOAD not in answer.stderr
    assert answer.stderr.strip().isprintable()
    assert not os.path.exists("/tmp/rcaid-probe")


@pytest.mark.parametrize("program", ["sftp", "scp", "scp -O"])
def test_files_do_not_pass(sshd: Sshd, program: str) -> None:
    name, *flags = program.split()
    what = ["root@127.0.0.1:/etc/passwd", str(sshd.folder / "got")]
    answer = subprocess.run(
        [*sshd.copier(name, "jd-caseworker", *flags), *what],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.returncode in (1, 4, 255)
    assert not (sshd.folder / "got").exists()


def test_a_subsystem_is_refused(sshd: Sshd) -> None:
    answer = sshd.run("jd-caseworker", "sftp", "-s")
    assert (answer.returncode, answer.stdout) == (4, "")


@pytest.mark.parametrize(
    "options",
    [
        ("-W", "127.0.0.1:{port}"),
        ("-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:{port}", "-N"),
        ("-o", "ExitOnForwardFailure=yes", "-R", "/tmp/rcaid-probe:127.0.0.1:{port}", "-N"),
        ("-o", "Tunnel=yes", "-o", "ExitOnForwardFailure=yes", "-w", "any", "-N"),
    ],
    ids=["-W", "-R", "-R socket", "-w"],
)
def test_nothing_is_forwarded(sshd: Sshd, options: tuple[str, ...]) -> None:
    answer = sshd.run("jd-caseworker", None, *(each.format(port=sshd.port) for each in options))
    assert (answer.returncode, answer.stdout) == (255, "")
    assert not os.path.exists("/tmp/rcaid-probe")
