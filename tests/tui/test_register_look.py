"""How the register form and the verify queue look: two pictures held."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from rcaid import locale
from rcaid.screens import form
from rcaid.screens.app import RcaidApp
from rcaid.screens.desk import DeskSession
from rcaid.screens.register import Register
from tests.services.conftest import Society
from tests.tui.cases_office import office, submitted
from tests.tui.drive import press, settle
from tests.tui.test_register import NEED, WHO


@pytest.fixture
def society(new_url: Callable[..., str], tmp_path: Path) -> Iterator[Society]:
    made = office(new_url, tmp_path)
    yield made
    made.admin.store.close()


def pressed(keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    async def before(pilot: Pilot[Any]) -> None:
        assert isinstance(pilot.app, RcaidApp)
        await press(pilot.app, keys)
        screen = pilot.app.screen
        # The panel comes when the hands rest; the picture is of what stands then.
        while isinstance(screen, Register) and screen._looked_at != screen.form.values:
            await asyncio.sleep(0.01)
        await settle(pilot.app)

    return before


@pytest.mark.parametrize(
    ("language", "size"),
    [("en", (80, 24)), ("zh_CN", (120, 40))],
    ids=["80x24-en", "120x40-zh"],
)
def test_a_form_half_filled(
    snap_compare: Any, society: Society, monkeypatch: pytest.MonkeyPatch, language: str,
    size: tuple[int, int],
) -> None:  # fmt: skip
    monkeypatch.setattr(form, "KEEP_AFTER", 3600.0)
    locale.set_language(language)
    app = RcaidApp(DeskSession(society.desk("jd-street")))
    keys = f"{WHO} {NEED} enter enter 1 2"
    assert snap_compare(app, terminal_size=size, run_before=pressed(keys))


def test_a_card_of_the_queue_with_a_return_begun(snap_compare: Any, society: Society) -> None:
    submitted(society, 1, "学生一", hardship_until="2022-02-20")
    app = RcaidApp(DeskSession(society.desk("jd-verifier")))
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressed("v r 4"))
