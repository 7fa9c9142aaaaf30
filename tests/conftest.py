"""Stores for the tests. What takes `store` (or `url`, or `engine`) runs on both engines.

On PostgreSQL a test gets its own copy of a migrated database, on SQLite a copy of a migrated file.
A missing server skips those tests with the reason; where CI=true it fails them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rcaid.db.engine import Store, open_store
from rcaid.db.migrate import migrate
from tests.postgres_server import NoServerError, Server, running_server

ENGINES = ("sqlite", "postgres")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The PostgreSQL server of this session."""
    try:
        with running_server() as server:
            yield server
    except NoServerError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"no PostgreSQL for the tests: {error}")
        pytest.skip(f"no PostgreSQL for the tests: {error}")


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Server) -> Iterator[str]:
    """The name of a migrated, empty database to copy."""
    name = postgres_server.create()
    store = open_store(postgres_server.url_of(name))
    migrate(store)
    store.close()
    yield name
    postgres_server.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty file to copy."""
    path = tmp_path_factory.mktemp("template") / "rcaid.db"
    store = open_store(str(path), create=True)
    migrate(store)
    store.close()
    return path


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The engine this test runs on."""
    name: str = request.param
    return name


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """A function (engine, blank=False) that makes a store and returns its address.

    The store is migrated and empty, or without any table when ``blank`` is set.
    """
    made: list[str] = []

    def make(engine: str, *, blank: bool = False) -> str:
        if engine == "sqlite":
            path = tmp_path / f"store{len(list(tmp_path.glob('store*.db')))}.db"
            if blank:
                open_store(str(path), create=True).close()
            else:
                shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
            return str(path)
        server: Server = request.getfixturevalue("postgres_server")
        name = server.create(None if blank else request.getfixturevalue("postgres_template"))
        made.append(name)
        return server.url_of(name)

    yield make
    for name in made:
        request.getfixturevalue("postgres_server").drop(name)


@pytest.fixture
def url(engine: str, new_url: Callable[..., str]) -> str:
    """The address of a migrated, empty store, on each engine in turn."""
    return new_url(engine)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A migrated, empty store, on each engine in turn. A second connection opens `url`."""
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def blank_store(engine: str, new_url: Callable[..., str]) -> Iterator[Store]:
    """A store without any table, on each engine in turn."""
    opened = open_store(new_url(engine, blank=True))
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(new_url: Callable[..., str]) -> Iterator[Store]:
    """A migrated, empty SQLite store."""
    opened = open_store(new_url("sqlite"))
    yield opened
    opened.close()


@pytest.fixture
def postgres_url(new_url: Callable[..., str]) -> str:
    """The address of a migrated, empty PostgreSQL store."""
    return new_url("postgres")


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Store]:
    """A migrated, empty PostgreSQL store."""
    opened = open_store(postgres_url)
    yield opened
    opened.close()


_ENGINES_OF: dict[str, set[str]] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Notes which engines a test runs on, for the line at the end."""
    for item in items:
        call = getattr(item, "callspec", None)
        fixtures = getattr(item, "fixturenames", ())
        engines = {call.params["engine"]} if call and "engine" in call.params else set()
        engines |= {name for name in ENGINES if f"{name}_store" in fixtures}
        _ENGINES_OF[item.nodeid] = engines


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how many tests ran on each engine, so that a skipped one is seen."""
    counts = dict.fromkeys(ENGINES, 0)
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            if getattr(report, "when", "") == "call":
                for engine in _ENGINES_OF.get(report.nodeid, ()):
                    counts[engine] += 1
    terminalreporter.write_line(
        f"rcaid: {counts['sqlite']} tests on sqlite, {counts['postgres']} on postgres"
    )
