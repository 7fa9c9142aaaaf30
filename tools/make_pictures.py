"""Lets the program draw its own screens into docs/pictures, as SVG.

    python tools/make_pictures.py [NAME …]

Plays a small made-up year into a temporary folder, opens the program on it as the person each
picture names, presses the keys, and writes what stands on the screen. Look at what came out.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import Color
from rich.style import Style

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from rcaid.demo.make import make  # noqa: E402
from rcaid.demo.run import Player  # noqa: E402
from rcaid.domain.identity import make_number  # noqa: E402
from rcaid.locale import set_language  # noqa: E402
from rcaid.screens.app import RcaidApp  # noqa: E402
from rcaid.screens.desk import DeskSession  # noqa: E402
from rcaid.services import staff  # noqa: E402
from rcaid.services.desk import Desk  # noqa: E402
from rcaid.services.importing import imports  # noqa: E402
from rcaid.services.society import as_person, open_desk  # noqa: E402
from tests.tui.drive import press, running, settle  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
SMALL, WIDE = (80, 24), (120, 40)
CELL = (9.0, 20.0)
"""A cell in units of the picture."""
EDGE = 8.0
_PIECES = re.compile(r"[^\s\u2e80-\uffef]+|[\u2e80-\uffef]+")
FONTS = "'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', 'WenQuanYi Micro Hei Mono', monospace"


class Picture(NamedTuple):
    """Who sits there, the window in cells, and the keys that lead to what is shown."""

    login: str
    size: tuple[int, int]
    keys: str


PICTURES = {
    "today": Picture("bs-approver", SMALL, ""),
    "people": Picture("jd-caseworker", WIDE, 'f3 / "wj" enter'),
    "card": Picture("jd-caseworker", WIDE, 'f3 / "wj" enter enter'),
    "rosters": Picture("bs-approver", WIDE, "f5"),
    "review": Picture("bs-approver", SMALL, 'f5 / "step:frozen" enter a'),
    "refused": Picture("bs-verifier", SMALL, 'f5 / "step:frozen" enter a'),
    "register": Picture(
        "jd-street",
        SMALL,
        f'n 4 "{make_number("310199", "20020901", 21)}" enter "赵小敏" enter "1380013800" enter'
        ' enter enter 1 6 2 "2023-12-31" enter "23480" enter enter enter 1 2 4',
    ),
    "queue": Picture("jd-verifier", SMALL, "v r 2 4"),
    "columns": Picture("jd-caseworker", SMALL, "f7 enter"),
    "plan": Picture("jd-caseworker", SMALL, "f7 enter enter tab"),
    "batch": Picture("jd-reviewer", WIDE, "f7 2 enter"),
    "undo": Picture("jd-reviewer", SMALL, "f7 2 u"),
    "pair": Picture("jd-caseworker", SMALL, "f7 3 enter"),
}
TAKEN_IN = ("batch", "undo", "pair")
"""Pictures of after the late list of a district came in; the others are of before."""


def svg(app: RcaidApp) -> str:
    """What stands on the screen. Every word has its own place, so that columns line up in any
    font; nothing is fetched to show it."""
    strips = app.screen._compositor.render_strips()
    width, height = app.size.width * CELL[0] + 2 * EDGE, app.size.height * CELL[1] + 2 * EDGE
    ground = str(app.screen.background_colors[1].hex6)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'font-family="{FONTS}" font-size="{CELL[1] * 0.75:g}">',
        f'<rect width="{width:g}" height="{height:g}" rx="6" fill="{ground}"/>',
    ]
    for row, strip in enumerate(strips):
        column = 0
        for segment in strip:
            parts += _run(segment.text, segment.style, column, row, ground)
            column += cell_len(segment.text)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _run(text: str, style: Style | None, column: int, row: int, ground: str) -> Iterator[str]:
    """One run of text in one style: its ground if it has one, then its characters."""
    style = style or Style()
    ink, paper = _colour(style.color) or "#d0d0d0", _colour(style.bgcolor) or ground
    if style.reverse:
        ink, paper = paper, ink
    top = row * CELL[1] + EDGE
    if paper != ground:
        yield (
            f'<rect x="{column * CELL[0] + EDGE:g}" y="{top:g}" '
            f'width="{cell_len(text) * CELL[0]:g}" height="{CELL[1]:g}" fill="{paper}"/>'
        )
    weight = ' font-weight="bold"' if style.bold else ""
    for piece in _PIECES.finditer(text):
        left = (column + cell_len(text[: piece.start()])) * CELL[0] + EDGE
        length = cell_len(piece.group()) * CELL[0]
        yield (
            f'<text x="{left:g}" y="{top + CELL[1] * 0.76:g}" textLength="{length:g}" '
            f'fill="{ink}"{weight}>{escape(piece.group())}</text>'
        )


def _colour(colour: Color | None) -> str:
    """As SVG writes it; "" for the terminal's own."""
    if colour is None or colour.is_default:
        return ""
    return colour.get_truecolor().hex


async def draw(store: str, name: str, picture: Picture, language: str) -> None:
    """One picture in one language."""
    set_language(language)
    desk = open_desk(store, as_login=picture.login)
    try:
        async with running(DeskSession(desk), picture.size) as app:
            await press(app, picture.keys)
            await asyncio.sleep(1)  # the preview comes in behind the keys
            await settle(app)
            picture_text = svg(app)
    finally:
        desk.store.close()
    target = FOLDER / f"{name}.{language[:2]}.svg"
    target.write_text(picture_text, encoding="utf-8")
    print(target.relative_to(ROOT))


def _take_in(admin: Desk, folder: Path, office: str, login: str) -> None:
    """Brings in the late list that waits in the inbox of a district."""
    desk = as_person(admin, login)
    (file,) = (folder / "inbox" / office).iterdir()
    planned = imports.plan(desk, file, "roster", cycle_code="23A")
    imports.apply(desk, planned.path)


def main(names: list[str]) -> int:
    """Draws the named pictures, or all."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make(folder, scale=0.1)
        player = Player(folder, str(folder / "rcaid.db"), lambda said: None)
        player.set_up()
        player.play()
        # One who verified rosters becomes an approver too, and is refused on those.
        staff.grant(player.admin, "bs-verifier", "approver", "310113")
        waits = True
        for name in sorted(names or PICTURES, key=lambda each: each in TAKEN_IN):
            if waits and name in TAKEN_IN:
                _take_in(player.admin, folder, "310114", "jd-caseworker")
                waits = False
            for language in ("en", "zh_CN"):
                # A file that was planned for one picture is a file to read in the next.
                for plan in (folder / "plans").glob("*.plan"):
                    plan.unlink()
                asyncio.run(draw(str(folder / "rcaid.db"), name, PICTURES[name], language))
        player.admin.store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
