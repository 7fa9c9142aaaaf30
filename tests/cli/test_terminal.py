"""The terminal program's start: the store is opened by the first question, once, and said of."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from rcaid.cli import terminal
from rcaid.cli.edge import run
from rcaid.cli.terminal import Opening
from rcaid.domain.errors import ExitCode, Problem, Refused


class Opened:
    """What an opened session is to the start."""

    who = "somebody"

    def today(self) -> str:
        return "today"

    def page(self, place: str) -> str:
        return place


def test_the_store_is_opened_once_and_not_before_the_first_question() -> None:
    opened = []

    def open_session() -> Any:
        opened.append(1)
        return Opened()

    session = Opening(open_session, "hua")
    assert session.who.login == "hua" and session.who.duties == () and not opened
    threads = [threading.Thread(target=session.today) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 1
    assert (session.today(), session.page("cases"), session.who) == ("today", "cases", "somebody")


def test_a_store_that_cannot_be_opened_ends_the_program_with_its_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left = []
    monkeypatch.setattr(os, "kill", lambda *_: left.append(1))

    def open_session() -> Any:
        raise Refused(Problem("who.unknown", {"login": "x"}))

    session = Opening(open_session, "x")

    def ask() -> None:
        with pytest.raises(Refused):
            session.today()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert left == [1] and session.failed is not None


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> ModuleType:
    """A terminal to stand before, and screens that only ask the first question."""
    app = ModuleType("rcaid.screens.app")

    def shown(session: Any) -> int:
        try:
            session.today()
        except Refused:
            return 129
        return 0

    app.run = shown  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "rcaid.screens.app", app)
    monkeypatch.setattr(terminal, "before_a_terminal", lambda: True)
    return app


def test_the_one_who_comes_in_gets_their_own_session(
    screens: ModuleType, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--as", "hua"]) == ExitCode.DONE
    assert run(["--db", str(place)], login="hua") == ExitCode.REFUSED
    assert run([], login="hua") == ExitCode.DONE
    capsys.readouterr()


def test_who_is_unknown_or_finds_no_store_gets_a_sentence_and_a_code(
    screens: ModuleType, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--as", "nobody"]) == ExitCode.REFUSED
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert run(["--db", str(tmp_path / "none.db")]) == ExitCode.PROBLEMS
    assert "no store" in capsys.readouterr().err
