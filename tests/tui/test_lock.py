"""Somebody who goes away leaves nothing on the screen, and no session for ever."""

from __future__ import annotations

import asyncio
import threading

from rcaid.screens.app import RcaidApp
from rcaid.screens.lock import Lock
from tests.tui.drive import press, settle, shown
from tests.tui.fake import FakeSession


async def test_the_lock_covers_all_and_enter_goes_on_where_one_was() -> None:
    app = RcaidApp(FakeSession())
    async with app.run_test(size=(80, 24)):
        await settle(app)
        await press(app, "f4 j enter")
        before = shown(app)
        await press(app, "ctrl+g l")
        assert isinstance(app.screen, Lock)
        assert "Locked" in shown(app)
        assert "JD-" not in shown(app)
        await press(app, "j y escape f3 ctrl+p")
        assert isinstance(app.screen, Lock)
        await press(app, "enter")
        assert shown(app) == before


async def test_an_idle_screen_locks_itself_and_drops_the_keys_that_wait() -> None:
    app = RcaidApp(FakeSession(), lock_after=0)
    async with app.run_test(size=(80, 24)):
        await settle(app)
        assert isinstance(app.screen, Lock)
        await press(app, "enter")
        assert not isinstance(app.screen, Lock)


async def test_the_program_leaves_when_nobody_comes_back() -> None:
    app = RcaidApp(FakeSession(), lock_after=0, leave_after=0)
    async with app.run_test(size=(80, 24)):
        await settle(app)
        assert app.left_alone
    assert app.return_code == 0


async def test_a_key_puts_the_lock_off() -> None:
    app = RcaidApp(FakeSession(), lock_after=600)
    async with app.run_test(size=(80, 24)):
        await settle(app)
        app.last_touched -= 599
        await press(app, "j")
        app._watch_idling()
        await settle(app)
        assert not isinstance(app.screen, Lock)
        app.last_touched -= 600
        app._watch_idling()
        await settle(app)
        assert isinstance(app.screen, Lock)


async def test_leaving_waits_for_the_question_that_is_under_way() -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def read() -> None:
        begun.set()
        go_on.wait(60)
        ended.set()

    app = RcaidApp(FakeSession())
    async with app.run_test(size=(80, 24)):
        await settle(app)
        asked = asyncio.ensure_future(app.in_data_thread(read))
        await asyncio.to_thread(begun.wait, 60)
        asyncio.get_running_loop().call_soon(go_on.set)
    assert ended.is_set()
    assert not app.is_asking
    await asyncio.wait([asked])
