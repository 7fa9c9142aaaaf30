"""A real sshd on 127.0.0.1, set up with the files of contrib/ as an operator would."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.terminal.waiting import wait_until

CONTRIB = Path(__file__).parents[2] / "contrib" / "sshd"
ACCOUNT = "root"
"""The service account of the tests: the only one that surely may read this source tree."""

# All that sshd can be told to let in is let in here, so that what is refused is refused by rcaid's
# own snippet and wrappers and not by a careful sshd_config around them.
_LENIENT = """
HostKey {folder}/host
PidFile {folder}/pid
Port {port}
ListenAddress 127.0.0.1
UsePAM no
PermitRootLogin yes
AcceptEnv *
Subsystem sftp internal-sftp
"""


@dataclass(frozen=True)
class Sshd:
    """A server that runs, and how to reach it."""

    folder: Path
    port: int
    store: str

    def key(self, name: str) -> Path:
        """A new key pair; the file of the private half."""
        place = self.folder / "keys" / name
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(place))
        return place

    def fingerprint(self, name: str) -> str:
        """The SHA256 fingerprint of a key."""
        return _run("ssh-keygen", "-l", "-f", f"{self.key(name)}.pub").split()[1]

    def client(self, name: str, *options: str) -> list[str]:
        """The command of a client with a key; what is to be run over there comes behind it."""
        return [
            *self._program("ssh", "-p", name, options),
            f"{ACCOUNT}@127.0.0.1",
        ]

    def copier(self, program: str, name: str, *options: str) -> list[str]:
        """The command of scp or sftp with a key."""
        return self._program(program, "-P", name, options)

    def _program(self, program: str, port: str, name: str, options: Sequence[str]) -> list[str]:
        return [
            program,
            *("-F", "/dev/null", port, str(self.port), "-i", str(self.key(name))),
            *("-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"),
            *("-o", f"UserKnownHostsFile={self.folder}/known", "-o", "LogLevel=ERROR"),
            *options,
        ]

    def run(
        self,
        name: str,
        command: str | None = None,
        *options: str,
        env: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Connects without a terminal and returns what came back."""
        return subprocess.run(
            [*self.client(name, *options), *([] if command is None else ["--", command])],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            env={"PATH": os.environ["PATH"], "TERM": "xterm", **(env or {})},
        )

    def sessions(self) -> list[int]:
        """The process ids of rcaid's sessions that are running."""
        found = []
        for each in Path("/proc").iterdir():
            if each.name.isdigit():
                words = _arguments(each)
                if "session" in words and self.store in words and words[0] == sys.executable:
                    found.append(int(each.name))
        return found


def _arguments(process: Path) -> list[str]:
    try:
        return (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:  # it has ended meanwhile
        return []


def environment_of(process: int) -> dict[str, str]:
    """What a process was started with."""
    text = Path(f"/proc/{process}/environ").read_bytes().decode(errors="replace")
    return dict(entry.split("=", 1) for entry in text.split("\0") if entry)


def missing() -> str:
    """Why no sshd can be run here; "" when one can."""
    if os.geteuid() != 0:
        return "only root can run an sshd that asks for keys"
    for program in ("sshd", "ssh", "ssh-keygen", "scp", "sftp"):
        if _find(program) is None:
            return f"{program} is not installed"
    return ""


def _find(program: str) -> str | None:
    return shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")


@contextmanager
def running_sshd(store: str) -> Iterator[Sshd]:
    """An sshd for a store, until the end of the ``with``."""
    # sshd wants a path that root alone can write to; the usual temporary folder is everybody's.
    folder = Path(tempfile.mkdtemp(prefix="rcaid-sshd-", dir="/var/lib"))
    try:
        server = Sshd(folder, _free_port(), store)
        _set_up(server)
        log = folder / "log"
        program = _find("sshd") or "sshd"
        process = subprocess.Popen([program, "-D", "-f", str(folder / "config"), "-E", str(log)])
        try:
            wait_until(
                lambda: _answers(server.port) or process.poll() is not None, "sshd does not answer"
            )
            assert process.poll() is None, log.read_text()
            yield server
        finally:
            process.terminate()
            process.wait()
    finally:
        shutil.rmtree(folder)


def _set_up(server: Sshd) -> None:
    folder = server.folder
    Path("/run/sshd").mkdir(exist_ok=True, mode=0o755)
    _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "host"))
    public = (folder / "host.pub").read_text()
    (folder / "known").write_text(f"[127.0.0.1]:{server.port} {public}")
    facts = {
        "python": sys.executable,
        "store": server.store,
        "session": str(folder / "rcaid-session"),
        "language": "en",
    }
    settings = (CONTRIB / "ssh.conf").read_text()
    for name, value in facts.items():
        settings, n = re.subn(rf"(?m)^{name}=.*$", f"{name}={value}", settings)
        assert n == 1
    (folder / "ssh.conf").write_text(settings)
    for name in ("rcaid-keys", "rcaid-session"):
        text = (CONTRIB / name).read_text()
        assert text.count("/etc/rcaid/ssh.conf") == 1
        (folder / name).write_text(text.replace("/etc/rcaid/ssh.conf", str(folder / "ssh.conf")))
        (folder / name).chmod(0o755)
    snippet = (
        (CONTRIB / "rcaid.conf")
        .read_text()
        .replace("/usr/local/lib/rcaid/", f"{folder}/")
        .replace("User rcaid\n", f"User {ACCOUNT}\n")
        .replace("CommandUser rcaid\n", f"CommandUser {ACCOUNT}\n")
    )
    (folder / "config").write_text(
        _LENIENT.format(folder=folder, port=server.port) + snippet, encoding="utf-8"
    )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
