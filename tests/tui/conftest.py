"""Tests of the screens are coroutines; each runs in an event loop of its own, in English."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator

import pytest

from rcaid import locale


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    function = pyfuncitem.obj
    if not inspect.iscoroutinefunction(function):
        return None
    names = inspect.signature(function).parameters
    asyncio.run(function(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("NO_COLOR", raising=False)
    locale.set_language("en")
    yield
    locale.set_language("en")
