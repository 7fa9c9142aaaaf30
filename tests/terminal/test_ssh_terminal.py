"""The terminal program at the end of an SSH connection: whose it is, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.terminal.pty_terminal import Terminal
from tests.terminal.sshd import Sshd, environment_of
from tests.terminal.waiting import wait_until

GONE_SECONDS = 2.0
PEOPLE = (("jd-caseworker", "嘉定区", "caseworker"), ("pd-approver", "浦东新区", "approver"))


@contextmanager
def connected(
    sshd: Sshd, login: str, *options: str, env: dict[str, str] | None = None
) -> Iterator[Terminal]:
    """A client in a terminal, with the first screen of the program before it."""
    with Terminal(sshd.client(login, "-tt", *options), env=env) as terminal:
        terminal.until("Today")
        terminal.until_quiet()
        yield terminal
    wait_until(lambda: not sshd.sessions(), "a session stayed")


@pytest.mark.parametrize(("login", "office", "duty"), PEOPLE)
def test_each_key_opens_the_program_as_its_owner(
    sshd: Sshd, login: str, office: str, duty: str
) -> None:
    with connected(sshd, login) as terminal:
        top = terminal.text.splitlines()[0]
        assert office in top
        assert duty in top
        assert not [other for _, place, other in PEOPLE if place != office and other in top]
        terminal.send("\x11")
        assert terminal.ended() == 0


def test_two_people_work_at_the_same_time(sshd: Sshd) -> None:
    with (
        connected(sshd, "jd-caseworker") as first,
        Terminal(sshd.client("pd-approver", "-tt")) as second,
    ):
        second.until("浦东新区")
        assert len(sshd.sessions()) == 2
        assert "approver" not in first.text.splitlines()[0]


def test_nothing_of_the_environment_of_the_caller_arrives(sshd: Sshd) -> None:
    bad = {
        "RCAID_DB": "/tmp/x",
        "RCAID_USER": "pd-approver",
        "RCAID_KEYS": "/tmp/x",
        "PYTHONPATH": "/tmp",
        "PYTHONSTARTUP": "/tmp/x",
        "LD_LIBRARY_PATH": "/tmp",
        "TEXTUAL_LOG": "/tmp/x",
        "BROWSER": "/bin/sh",
        "EDITOR": "/bin/sh",
        "LANG": "zh_CN.UTF-8",
        "TERM": "../../etc/x; id",
    }
    options = ("-A", "-X", "-o", f"SendEnv={' '.join(name for name in bad if name != 'TERM')}")
    with connected(sshd, "jd-caseworker", *options, env=bad):
        (session,) = sshd.sessions()
        assert environment_of(session) == {
            "LANG": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
            "SSH_ORIGINAL_COMMAND": "",
            "TERM": "xterm",
        }


def test_an_ordinary_kind_of_terminal_arrives(sshd: Sshd) -> None:
    with connected(sshd, "jd-caseworker", env={"TERM": "tmux-256color"}):
        (session,) = sshd.sessions()
        assert environment_of(session)["TERM"] == "tmux-256color"


def test_the_language_may_be_chosen_with_the_connection(sshd: Sshd) -> None:
    with Terminal([*sshd.client("jd-caseworker", "-tt"), "--", "--lang", "zh_CN"]) as terminal:
        terminal.until("待我处理")
    wait_until(lambda: not sshd.sessions(), "a session stayed")


def test_a_command_that_is_refused_is_refused_with_a_terminal_too(sshd: Sshd) -> None:
    with Terminal([*sshd.client("jd-caseworker", "-tt"), "--", "sh -i"]) as terminal:
        assert terminal.ended() == 4
    assert "is not among the commands" in terminal.text


def _kill_client(sshd: Sshd, terminal: Terminal) -> None:
    terminal.process.kill()


def _close_terminal(sshd: Sshd, terminal: Terminal) -> None:
    terminal.hang_up()


def _kill_server_side(sshd: Sshd, terminal: Terminal) -> None:
    (session,) = sshd.sessions()
    os.kill(_parent(session), signal.SIGKILL)


def _end_session(sshd: Sshd, terminal: Terminal) -> None:
    (session,) = sshd.sessions()
    os.kill(session, signal.SIGTERM)


def _parent(process: int) -> int:
    status = Path(f"/proc/{process}/stat").read_text()
    return int(status.rpartition(")")[2].split()[1])


@pytest.mark.parametrize("drop", [_kill_client, _close_terminal, _kill_server_side, _end_session])
@pytest.mark.parametrize("place", ["", "\x1bOR/zh"], ids=repr)
def test_the_program_is_gone_within_two_seconds_of_a_drop(
    sshd: Sshd, drop: Callable[[Sshd, Terminal], None], place: str
) -> None:
    with connected(sshd, "jd-caseworker") as terminal:
        if place:
            terminal.send(place)
            terminal.until_quiet()
        assert len(sshd.sessions()) == 1
        drop(sshd, terminal)
        wait_until(lambda: not sshd.sessions(), "the program stayed", GONE_SECONDS)


def test_a_forwarded_port_leads_nowhere(sshd: Sshd) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    tunnel = f"{port}:127.0.0.1:{sshd.port}"
    client = subprocess.Popen(
        sshd.client("jd-caseworker", "-N", "-L", tunnel),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        wait_until(lambda: _listens(port), "the client does not listen")
        with closing(socket.create_connection(("127.0.0.1", port))) as through:
            through.settimeout(20)
            assert through.recv(100) == b""
    finally:
        client.kill()
        client.communicate()


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
