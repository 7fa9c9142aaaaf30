"""The program on a real pseudo-terminal: what it sends, and how it leaves."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_HOSTILE = """
import sys
from tests.tui.fake import FakeSession, hostile
from rcaid.screens.app import run
sys.exit(run(hostile(FakeSession())))
"""
QUIET = 1.0


class Terminal:
    """A program on the other side of a pty, and every byte it sent."""

    def __init__(self, arguments: list[str], **environment: str) -> None:
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.environ.update(
                {"TERM": "xterm-256color", "LANG": "C.UTF-8", "RCAID_LANG": "en"}, **environment
            )
            os.environ.pop("NO_COLOR", None)
            os.environ.pop("LC_ALL", None)
            os.execv(sys.executable, [sys.executable, *arguments])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.sent = b""

    def read(self, until: bytes = b"") -> bytes:
        """What comes until a text is there, or until nothing comes any more."""
        got = b""
        while not until or until not in got:
            ready, _, _ = select.select([self.fd], [], [], 15 if until else QUIET)
            if not ready:
                break
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                break
            if b"\x1b[6n" in data:
                os.write(self.fd, b"\x1b[1;2R")
            got += data
            if not data:
                break
        self.sent += got
        return got

    def press(self, keys: bytes, until: bytes = b"") -> bytes:
        os.write(self.fd, keys)
        return self.read(until)

    def ends(self) -> int:
        self.read(b"nothing that is ever sent")
        _pid, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    program = Terminal(["-m", "tests.tui.fake", "approver"])
    program.read(b"Waits for me")
    program.read()
    yield program
    try:
        os.kill(program.pid, signal.SIGKILL)
        os.waitpid(program.pid, 0)
    except (ProcessLookupError, ChildProcessError):
        pass
    os.close(program.fd)


def test_an_idle_screen_sends_nothing_and_a_cursor_move_sends_two_lines(
    terminal: Terminal,
) -> None:
    assert terminal.read() == b""
    terminal.press(b"\x1b[14~")
    assert terminal.read() == b""
    assert len(terminal.press(b"j")) < 1500
    terminal.press(b"/")
    assert terminal.read() == b""
    assert terminal.press(b"\x1b\x11")
    assert terminal.ends() == 0


def test_keys_typed_before_the_first_frame_are_used() -> None:
    early = Terminal(["-m", "tests.tui.fake", "approver"])
    # Until the program listens the terminal keeps ^q for itself; ^g q is the other way out.
    os.write(early.fd, b"\x1b[15~/step:frozen\ra40\r\x07q")
    assert early.ends() == 0
    assert b"A-204" in early.sent
    os.close(early.fd)


def test_esc_and_the_next_key_in_one_write_are_two_keys(terminal: Terminal) -> None:
    terminal.press(b"\x1b[15~")
    terminal.press(b"/abc")
    terminal.press(b"\x1bj")
    assert b"\xe2\x96\xb8" in terminal.press(b"k")
    terminal.press(b"\x11")
    assert terminal.ends() == 0


@pytest.mark.parametrize("name", [signal.SIGHUP, signal.SIGTERM])
def test_a_hang_up_ends_the_program_without_a_trace(
    terminal: Terminal, name: signal.Signals
) -> None:
    os.kill(terminal.pid, name)
    assert terminal.ends() == 129
    assert b"Traceback" not in terminal.sent


def test_no_control_byte_of_a_name_reaches_the_terminal() -> None:
    program = Terminal(["-c", _HOSTILE])
    program.read(b"Waits for me")
    program.press(b"/zxm\r\r", b"310***********1200")
    program.press(b"\x11")
    assert program.ends() == 0
    text = program.sent.decode()
    assert "␛]52;c" in text
    for control in ("\x1b]52", "\x9b", "\u202e"):
        assert control not in text
    os.close(program.fd)


def test_without_a_terminal_it_says_so_and_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.tui.fake"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "RCAID_LANG": "en"},
    )
    assert done.returncode == 2
    assert done.stderr == "The terminal program needs a terminal; commands work without one.\n"
