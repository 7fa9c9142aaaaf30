"""How it looks: four pictures held, every theme, both sets of signs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from textual.pilot import Pilot

from rcaid import locale
from rcaid.screens import cells, signs, themes
from rcaid.screens.app import RcaidApp
from rcaid.screens.cells import bar, fit, wrapped
from rcaid.screens.list import ListScreen
from rcaid.screens.widgets.frame import KeyHint, last_line, top_line
from tests.tui.drive import lines, press, running, settle
from tests.tui.fake import FakeSession


@pytest.fixture(autouse=True)
def fine() -> Iterator[None]:
    yield
    signs.use(signs.FINE)
    cells.forget()


def pressed(keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    async def before(pilot: Pilot[Any]) -> None:
        assert isinstance(pilot.app, RcaidApp)
        await press(pilot.app, keys)
        screen = pilot.app.screen
        # The preview comes when the cursor has rested; the picture is of what stands then.
        while isinstance(screen, ListScreen) and screen.rows.row is not None:
            if screen.preview is not None and screen.preview.title == screen.rows.row.label:
                break
            await asyncio.sleep(0.01)
        await settle(pilot.app)

    return before


@pytest.mark.parametrize(
    ("language", "size", "keys"),
    [
        ("zh_CN", (80, 24), "j"),
        ("en", (80, 24), '/ "zxm"'),
        ("en", (120, 40), "f5 j j"),
        ("zh_CN", (80, 24), 'f5 / "step:frozen" enter a 4'),
    ],
    ids=["today", "people", "rosters", "review"],
)
def test_a_picture(snap_compare: Any, language: str, size: tuple[int, int], keys: str) -> None:
    locale.set_language(language)
    assert snap_compare(RcaidApp(FakeSession()), terminal_size=size, run_before=pressed(keys))


@pytest.mark.parametrize("theme", [theme.name for theme in themes.themes()])
async def test_every_theme_draws_every_place(theme: str) -> None:
    async with running(FakeSession()) as app:
        while app.theme != theme:
            await press(app, 'ctrl+p "colours" enter')
        await press(app, "f5 enter")
        assert "22B-R-001" in lines(app)[1]


@pytest.mark.parametrize("variable", ["NO_COLOR", "TERM"])
async def test_without_colour_it_says_the_same(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "dumb")
    async with running(FakeSession()) as app:
        assert app.theme == "rcaid-terminal"
        colours = {
            segment.style.color.name
            for strip in app.screen._compositor.render_strips()
            for segment in strip.apply_filter(app._filters[-1], app.screen.background_colors[1])
            if segment.style and segment.style.color
        }
        assert colours <= {"default"}
        assert any("To approve" in line for line in lines(app))


def test_plain_signs_are_as_wide_as_fine_ones() -> None:
    for name in signs.FINE.__slots__:
        if name not in ("name", "enter", "space", "arrow"):
            assert len(getattr(signs.FINE, name)) == len(getattr(signs.PLAIN, name)) == 1


@pytest.mark.parametrize(
    ("environment", "width", "expected"),
    [
        ({"TERM": "xterm", "LANG": "zh_CN.UTF-8"}, 1, signs.FINE),
        ({"TERM": "xterm", "LANG": "zh_CN.UTF-8"}, 2, signs.PLAIN),
        ({"TERM": "xterm", "LANG": "zh_CN.UTF-8"}, None, signs.PLAIN),
        ({"TERM": "xterm", "LANG": "en_US.UTF-8"}, None, signs.FINE),
        ({"TERM": "xterm", "LC_ALL": "C"}, 1, signs.PLAIN),
        ({"TERM": "dumb", "LANG": "en_US.UTF-8"}, 1, signs.PLAIN),
    ],
)
def test_the_signs_fit_the_terminal(
    environment: dict[str, str], width: int | None, expected: signs.Signs
) -> None:
    assert signs.fitting(environment, width) is expected


def test_text_is_cut_and_padded_in_cells() -> None:
    assert fit("欧阳娜娜", 5) == "欧阳…"
    assert fit("欧阳", 6) == "欧阳  "
    assert fit("12", 5, True) == "   12"
    assert fit("a\x1b[2Jb", 8) == "a␛[2Jb  "


def test_text_breaks_at_blanks_and_between_han() -> None:
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("困难证明即将到期", 8) == ["困难证明", "即将到期"]
    assert wrapped("", 8) == [""]


def test_a_bar_is_empty_or_full_only_if_its_number_is() -> None:
    assert bar(1, 1000, 10)[0][0] == "━"
    assert bar(999, 1000, 10)[0][0] == "━" * 9
    assert bar(8, 8, 10)[0][0] == "━" * 10
    assert bar(0, 8, 10)[0][0] == ""


def test_the_top_line_gives_up_the_society_first_and_the_last_line_keeps_help() -> None:
    who = FakeSession().who
    narrow, wide = top_line(who, "Cases", 80), top_line(who, "Cases", 140)
    assert "上海市红十字会" not in "".join(text for text, _role in narrow)
    assert "上海市红十字会" in "".join(text for text, _role in wide)
    hints = [KeyHint(str(n), "something long") for n in range(9)]
    line = "".join(text for text, _role in last_line([*hints, KeyHint("f1", "Help")], 80))
    assert line.rstrip().endswith("F1 Help")
