"""A disk that is full, a folder or a file that may only be read, a file that is no store."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3

from rcaid.db.engine import Store, open_store, value
from rcaid.domain.errors import Unusable
from rcaid.domain.sentences import sentence
from tests.db.support import everything, say, sql, worker


@pytest.fixture
def folder(sqlite_template: Path) -> Iterator[Path]:
    """A folder that every user of the machine can enter, with a store in it."""
    made = Path(tempfile.mkdtemp(prefix="rcaid-test-"))
    made.chmod(0o777)
    shutil.copyfile(sqlite_template, made / "rcaid.db")
    (made / "rcaid.db").chmod(0o666)
    yield made
    made.chmod(0o777)
    shutil.rmtree(made)


def _said(process: subprocess.Popen[str]) -> str:
    assert say(process) == "ready"
    out, error = process.communicate("go\n")
    assert process.returncode == 0, error
    return out.strip()


def _tries(folder: Path, mode: str = "writing") -> str:
    return _said(worker("tries", str(folder / "rcaid.db"), mode))


def _refusal(url: str, **how: bool) -> str:
    with pytest.raises(Unusable) as refusal:
        open_store(url, **how)
    (problem,) = refusal.value.problems
    assert problem.params["place"] == url
    assert sentence(problem) != problem.code
    return problem.code


def test_a_store_that_may_be_written_is_written(folder: Path) -> None:
    assert _tries(folder) == "ok"
    assert _tries(folder, "reading") == "ok 1"


def test_a_file_that_may_only_be_read_is_read_and_not_written(folder: Path) -> None:
    (folder / "rcaid.db").chmod(0o444)
    assert _tries(folder).startswith("store.read_only the store")
    assert _tries(folder, "reading") == "ok 0"


def test_a_folder_that_may_only_be_read_is_refused_in_a_sentence(folder: Path) -> None:
    folder.chmod(0o555)
    assert _tries(folder).startswith("store.read_only the store")
    assert _tries(folder, "reading").startswith("store.unreadable ")
    assert sorted(os.listdir(folder)) == ["rcaid.db"]


def test_a_folder_that_cannot_be_entered_is_refused_in_a_sentence(folder: Path) -> None:
    folder.chmod(0o700 if os.geteuid() == 0 else 0o000)
    assert _tries(folder).startswith("store.unreadable ")


@pytest.mark.parametrize("room", [150_000, 900_000])
def test_a_full_disk_loses_nothing_that_was_said_to_be_done(folder: Path, room: int) -> None:
    path = folder / "rcaid.db"
    size = path.stat().st_size + room
    done, code = _said(worker("full", str(path), str(size))).split()
    assert code in ("store.full", "store.disk")
    assert int(done) > 0
    store = open_store(str(path))
    keys = [key for key, _ in everything(store, "setting", "key")]
    assert keys == [f"{n:06}{half}" for n in range(int(done)) for half in "ab"]
    assert value(store, sql("PRAGMA integrity_check")) == "ok"
    store.unit(lambda: store.insert_many("setting", ("key", "value"), [("z", "")]))
    store.close()


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert _refusal(str(tmp_path / "none.db")) == "store.missing"
    assert _refusal(f"{tmp_path}/none.db", read_only=True) == "store.missing"
    assert not list(tmp_path.iterdir())


def test_a_folder_in_the_place_of_a_store_is_refused(tmp_path: Path) -> None:
    assert _refusal(str(tmp_path)) == "store.missing"
    assert _refusal(str(tmp_path), create=True) == "store.unreadable"


def test_a_file_that_is_no_store_is_refused_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "list.db"
    path.write_bytes(b"name,amount\n" * 500)
    assert _refusal(str(path)) == "store.unreadable"
    assert path.read_bytes() == b"name,amount\n" * 500


def test_a_place_may_have_any_characters(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "救助 50%?#x.db"
    shutil.copyfile(sqlite_template, path)
    for url in (str(path), f"sqlite:///{path}"):
        store = open_store(url)
        assert store.place == str(path)
        store.close()


_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "secure_delete": 1,
    "busy_timeout": 30_000,
}


@pytest.mark.parametrize("name", sorted(_PRAGMAS))
def test_every_connection_has_the_settings_that_keep_data(sqlite_store: Store, name: str) -> None:
    assert value(sqlite_store, sql(f"PRAGMA {name}")) == _PRAGMAS[name]


def test_the_files_of_a_store_are_the_owners_alone(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "new.db"), create=True)
    store.unit(lambda: store.script("CREATE TABLE a (x TEXT);\n"))
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    store.close()
    assert len(modes) == 5
    assert set(modes.values()) == {0o600}


def test_the_sqlite_in_use_is_one_without_the_wal_reset_bug() -> None:
    from rcaid.db.sqlite import OLDEST, SAFE

    assert sqlite3.sqlite_version_info >= SAFE > OLDEST


def test_an_old_sqlite_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("rcaid.db.sqlite.OLDEST", (99, 0, 0))
    with pytest.raises(Unusable) as refusal:
        open_store(str(tmp_path / "new.db"), create=True)
    assert [problem.code for problem in refusal.value.problems] == ["store.sqlite_old"]
