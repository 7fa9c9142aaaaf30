"""One small made-up year for all tests in a terminal, and an sshd in front of a copy of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rcaid.demo.make import make
from rcaid.demo.run import Player
from rcaid.services import staff
from rcaid.services.society import open_desk
from tests.terminal.sshd import Sshd, missing, running_sshd


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a made-up year of about a thousand person-times; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("year")
    make(folder, scale=0.01)
    player = Player(folder, str(folder / "rcaid.db"), lambda said: None)
    player.set_up()
    player.play()
    player.admin.store.close()
    return folder / "rcaid.db"


@pytest.fixture
def store(year: Path, tmp_path: Path) -> str:
    """A copy of the year for one test."""
    return str(shutil.copyfile(year, tmp_path / "rcaid.db"))


@pytest.fixture(scope="session")
def sshd(year: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """A server that knows the keys of jd-caseworker and pd-approver, and one that was revoked."""
    reason = missing()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    store = str(shutil.copyfile(year, tmp_path_factory.mktemp("ssh") / "rcaid.db"))
    with running_sshd(store) as server:
        desk = open_desk(store, as_login="sh-administrator")
        for login in ("jd-caseworker", "pd-approver"):
            staff.add_key(desk, login, Path(f"{server.key(login)}.pub").read_text())
        staff.add_key(desk, "pd-keeper", Path(f"{server.key('revoked')}.pub").read_text())
        staff.revoke_key(desk, server.fingerprint("revoked"))
        desk.store.close()
        yield server
