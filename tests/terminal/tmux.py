"""A program in a real terminal multiplexer, as a person would run it."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.terminal.waiting import wait_until


class Tmux:
    """One window of a tmux server of its own. Use it in a ``with``; the end ends the server."""

    def __init__(self, command: Sequence[str], *, columns: int, rows: int) -> None:
        # Its socket wants a short path, which the temporary folders of pytest are not.
        self._folder = tempfile.TemporaryDirectory(prefix="rcaid-tmux-")
        self._socket = Path(self._folder.name) / "socket"
        self._status = Path(self._folder.name) / "status"
        line = f"{shlex.join(command)}; echo $? > {shlex.quote(str(self._status))}"
        size = ("-x", str(columns), "-y", str(rows))
        # A status line would take the last of the rows.
        self._tmux("-f", "/dev/null", "start-server", ";", "set", "-g", "status", "off", ";",
                   "set", "-g", "remain-on-exit", "on", ";", "set", "-sg", "escape-time", "0", ";",
                   "new-session", "-d", *size, line)  # fmt: skip

    def __enter__(self) -> Tmux:
        return self

    def __exit__(self, *_: object) -> None:
        self._tmux("kill-server")
        self._folder.cleanup()

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-u", "-S", str(self._socket), *words],
            check=True,
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color"},
        )
        return done.stdout

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return self._tmux("capture-pane", "-p")

    def send(self, keys: str) -> None:
        """Types everything in one write."""
        self._tmux("send-keys", "-H", *(f"{byte:02x}" for byte in keys.encode()))

    def until(self, shown: str | Callable[[str], bool], what: str = "") -> str:
        """Waits until the screen shows a text, or is as a function wants it."""
        found = (lambda text: shown in text) if isinstance(shown, str) else shown
        wait_until(lambda: found(self.text), lambda: f"{what or shown!r} is not in\n{self.text}")
        return self.text

    def ended(self) -> int:
        """Waits until the program ends; its exit status."""
        wait_until(self._status_text, lambda: f"still running:\n{self.text}")
        return int(self._status_text())

    def _status_text(self) -> str:
        return self._status.read_text().strip() if self._status.exists() else ""
