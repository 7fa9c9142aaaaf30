"""Keys that run ahead of the screen: a burst ends like the same keys typed slowly."""

from __future__ import annotations

import asyncio
import random

import pytest
from textual import events, work
from textual._xterm_parser import XTermParser
from textual.app import ComposeResult
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widgets import Input, Label

from rcaid.screens.gate import BACKGROUND, SOFT, GatedApp, KeyParser, _is_idle

KEYS = ["o", "n", "x", "escape", "slash", "enter", "a", "b", "y"]
CHARACTERS = {key: key for key in "onxaby"} | {"slash": "/", "enter": "\r", "escape": "\x1b"}


class Sheet(Screen[str]):
    """Opens slowly, like a card that is read from a store."""

    AUTO_FOCUS = ""

    def compose(self) -> ComposeResult:
        yield Label("sheet")

    async def on_mount(self) -> None:
        await asyncio.sleep(0.004)
        self.app.log_line("sheet open")

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.app.log_line(f"sheet {event.key}")
        if event.key in ("escape", "y", "n"):
            self.dismiss(event.key)


class Field(Input):
    takes_text = True


class Rows(Label, can_focus=True):
    pass


class Desk(GatedApp):
    AUTO_FOCUS = "Rows"

    def __init__(self) -> None:
        super().__init__()
        self.story: list[str] = []

    def log_line(self, line: str) -> None:
        self.story.append(line)

    def compose(self) -> ComposeResult:
        yield Rows("rows")
        field = Field()
        field.cursor_blink = False
        yield field

    async def on_key(self, event: events.Key) -> None:
        if isinstance(self.focused, Field):
            if event.key in ("enter", "escape"):
                self.log_line(f"filter {self.query_one(Field).value}")
                self.query_one(Rows).focus()
            return
        self.log_line(f"rows {event.key}")
        if event.key == "o":
            self.open_sheet()
        elif event.key == "n":
            self.push_screen(Sheet(), lambda answer: self.log_line(f"sheet said {answer}"))
        elif event.key == "slash":
            self.query_one(Field).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self.search(event.value)

    @work(exclusive=True, group=SOFT)
    async def search(self, text: str) -> None:
        await asyncio.sleep(0.002)

    @work(exclusive=True, group="act")
    async def open_sheet(self) -> None:
        await asyncio.sleep(0.003)
        answer = await self.ask(Sheet())
        self.log_line(f"asked {answer}")


async def play(keys: list[str], *, slowly: bool) -> list[str]:
    app = Desk()
    async with app.run_test() as pilot:
        await pilot.pause()
        for key in keys:
            app.post_message(events.Key(key, CHARACTERS.get(key)))
            if slowly:
                await settle(app)
        await settle(app)
        app.story.append(f"field {app.query_one(Field).value!r} {type(app.screen).__name__}")
    return app.story


async def settle(app: GatedApp) -> None:
    for _ in range(3):
        await asyncio.sleep(0)
    while app.keys_waiting or app.workers_busy() or not app._is_settled():
        await asyncio.sleep(0.002)


@pytest.fixture(autouse=True)
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    def workers_busy(self: GatedApp) -> bool:
        return any(not w.is_finished and w not in self._asking for w in self.workers)

    monkeypatch.setattr(GatedApp, "workers_busy", workers_busy, raising=False)


@pytest.mark.parametrize("seed", range(8))
async def test_a_burst_of_thirty_keys_ends_like_the_same_keys_typed_slowly(seed: int) -> None:
    keys = random.Random(seed).choices(KEYS, k=30)
    assert await play(keys, slowly=False) == await play(keys, slowly=True)


async def test_a_key_meant_for_a_screen_that_opens_slowly_reaches_it() -> None:
    story = await play(["o", "y"], slowly=False)
    assert "sheet y" in story
    assert "asked y" in story


async def test_background_work_never_holds_keys() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        app.run_worker(asyncio.Event().wait, group=BACKGROUND)
        await pilot.press("a")
        await asyncio.wait_for(settle_keys(app), 2)
        assert app.story == ["rows a"]


async def test_typing_overtakes_the_search_and_enter_waits_for_it() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        await pilot.press("slash")
        answer = asyncio.Event()
        await settle_keys(app)
        app.query_one(Rows).run_worker(answer.wait(), group=SOFT)
        app.post_message(events.Key("b", "b"))
        await settle_keys(app)
        assert app.query_one(Field).value == "b"
        app.post_message(events.Key("enter", "\r"))
        for _ in range(100):
            await asyncio.sleep(0)
        assert app.keys_waiting == 1
        answer.set()
        await settle_keys(app)
        assert app.story[-1] == "filter b"


async def settle_keys(app: GatedApp) -> None:
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    while app.keys_waiting:
        await asyncio.sleep(0.001)
    while not app._is_settled():
        await asyncio.sleep(0.001)


async def test_dropped_keys_are_counted_and_the_wish_to_quit_stays() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        stuck = asyncio.Event()
        app.run_worker(stuck.wait(), group="act")
        for key in ("a", "b", "ctrl+q"):
            app.post_message(events.Key(key, None))
        await pilot.pause(0.01)
        assert app.drop_keys() == 2
        assert app.keys_waiting == 1
        stuck.set()


async def test_a_second_ctrl_q_leaves_even_when_work_never_ends() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        app.run_worker(asyncio.Event().wait, group="act")
        app.post_message(events.Key("ctrl+q", None))
        app.post_message(events.Key("ctrl+q", None))
        await pilot.pause(0.01)
    assert app.return_code == 0


async def test_an_exception_behind_the_queue_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Desk()

    def broken(self: GatedApp) -> bool:
        raise RuntimeError("the feeder broke")

    with pytest.raises(RuntimeError, match="the feeder broke"):
        async with app.run_test() as pilot:
            monkeypatch.setattr(GatedApp, "_is_settled", broken)
            app.post_message(events.Key("a", "a"))
            await pilot.pause(0.02)


async def test_the_private_names_of_textual_that_the_gate_reads_are_there() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        await pilot.pause()
        for pump in (app, app.screen, app.query_one(Rows)):
            assert isinstance(pump, MessagePump)
            for name in (
                "_message_queue", "_pending_message", "_next_callbacks", "_is_mounted",
                "_closing", "_closed",
            ):  # fmt: skip
                assert hasattr(pump, name)
            assert hasattr(pump._message_queue.ready_event, "_waiters")
            assert _is_idle(pump)
        assert app.screen._callbacks == []
        assert app.screen._layout_required is False
        assert app._batch_count == 0
        assert app._exit is False
    assert hasattr(XTermParser, "_sequence_to_key_events")
    from textual.drivers import linux_driver

    assert linux_driver.XTermParser in (XTermParser, KeyParser)


def parsed(data: str) -> list[str]:
    parser = KeyParser()
    return [m.key for m in (*parser.feed(data), *parser.feed("")) if isinstance(m, events.Key)]


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        ("\x1bj", ["escape", "j"]),
        ("\x1b/", ["escape", "slash"]),
        ("\x1b\r", ["escape", "enter"]),
        ("\x1bjj\x1b[B", ["escape", "j", "j", "down"]),
        ("\x1b赵", ["escape", "赵"]),
        ("\x1bG", ["escape", "G"]),
        ("\x1bOP", ["f1"]),
    ],
)
def test_esc_and_the_next_key_in_one_read_are_two_keys(data: str, keys: list[str]) -> None:
    assert parsed(data) == keys


def test_esc_and_any_printable_key_in_one_read_are_two_keys() -> None:
    for code in range(0x20, 0x7F):
        key = chr(code)
        # These begin an escape sequence and stay ambiguous; no command has them on rows.
        if key not in "[]OP_^X":
            assert parsed(f"\x1b{key}")[0] == "escape", key
            assert len(parsed(f"\x1b{key}")) == 2, key


def test_what_was_typed_before_the_program_listened_comes_first() -> None:
    parser = KeyParser()
    KeyParser.ahead = "ab"
    keys = [m.key for m in parser.feed("c") if isinstance(m, events.Key)]
    assert keys == ["a", "b", "c"]
    assert KeyParser.ahead == ""
