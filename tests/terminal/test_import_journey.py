"""A district's messy workbook in tmux: from the inbox to what came in, three pairs decided, two
rejected rows mended and fed in again, and all of it taken back by a second person."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rcaid.domain.identity import check_character
from rcaid.files.headers import is_reason
from rcaid.files.tables import open_table
from rcaid.files.writing import write_xlsx
from rcaid.locale import in_language
from tests.terminal.tmux import Tmux

DISTRICT, LATE = "310114", "JD_嘉定区_迟报.xlsx"
IMPORTS, ENTER, QUIT, TAB, ESC = "\x1b[18~", "\r", "\x11", "\t", "\x1b"
SIZES = [((80, 24), "en"), ((120, 40), "zh_CN")]


@pytest.fixture(autouse=True)
def tmux_is_there() -> None:
    if shutil.which("tmux") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("tmux is not installed")
        pytest.skip("tmux is not installed")


@pytest.fixture
def town(year: Path, store: str) -> Iterator[str]:
    """The store, with the inbox that lay beside it."""
    shutil.copytree(year.parent / "inbox", Path(store).parent / "inbox")
    yield store


class Sitting:
    """One person at the program, in one language."""

    def __init__(self, store: str, login: str, size: tuple[int, int], language: str) -> None:
        words = ["--db", store, "--as", login, "--lang", language]
        self._language = language
        self.window = Tmux([sys.executable, "-m", "rcaid", *words], columns=size[0], rows=size[1])

    def __enter__(self) -> Sitting:
        self.window.__enter__()
        self.until_title("Today")
        return self

    def __exit__(self, *what: object) -> None:
        try:
            if what[0] is None:
                self.window.send(QUIT)
                assert self.window.ended() == 0
        finally:
            self.window.__exit__(*what)

    def say(self, text: str) -> str:
        """A text of the program as this person reads it."""
        return in_language(self._language, text)

    def until_title(self, text: str) -> str:
        """Wait until the place in line 1 is this one."""
        said = self.say(text)
        return self.window.until(
            lambda screen: bool(screen) and said in screen.splitlines()[0], f"the place {said}"
        )

    def press(self, keys: str, shown: str) -> str:
        """Press keys and wait for a text, a pattern of what the program says."""
        self.window.send(keys)
        wanted = re.compile(shown)
        return self.window.until(
            lambda screen: wanted.search(screen) is not None, f"{shown} after {keys!r}"
        )

    def pattern(self, text: str) -> str:
        """A text of the program with what it fills in left open."""
        return re.sub(r"\\\{\w+\\\}", r"[\\d,.]+", re.escape(self.say(text)))

    def apply(self) -> int:
        """Apply the plan on the screen; returns how many rows it brings in."""
        asked = self.press("a", self.pattern("Type {n} to apply {n} rows, {yuan} yuan:"))
        found = re.search(self.pattern("Type {n} to apply {n} rows, {yuan} yuan:"), asked)
        assert found is not None
        n = re.search(r"\d+", found[0])
        assert n is not None
        self.press(f"{n[0]}{ENTER}", rf"· {DISTRICT}-\d+")
        self.until_title("Imports")
        return int(n[0])


def rows_in(store: str) -> dict[str, int]:
    """Lines of the open cycle in the store, and batches by state."""
    connection = sqlite3.connect(store)
    (lines,) = connection.execute(
        "SELECT count(*) FROM aid_case WHERE case_no LIKE '23A-JD-%'"
    ).fetchone()
    states = dict(
        connection.execute(
            "SELECT state, count(*) FROM import_batch WHERE file_name LIKE '%迟报%' GROUP BY state"
        )
    )
    connection.close()
    return {"lines": lines, **states}


def mend(path: Path) -> int:
    """What a person does in a spreadsheet: put right the number and the phone of two rows. Returns
    how many rows are left in the file."""
    with open_table(path) as table:
        header, rows = list(table.header), [list(cells) for _row, cells in table.rows]
    number, phone = header.index("公民身份号码"), header.index("联系电话")
    why = next(n for n, heading in enumerate(header) if is_reason(heading))
    mended = 0
    for cells in rows:
        if header[number] in cells[why]:
            cells[number] = cells[number][:17] + check_character(cells[number][:17])
            mended += 1
        elif header[phone] in cells[why]:
            cells[phone] = "13900001248"
            mended += 1
    assert mended == 2
    path.unlink()
    write_xlsx(path, header, rows, sheet="名册")
    return len(rows)


@pytest.mark.parametrize(("size", "language"), SIZES, ids=["80x24-en", "120x40-zh_CN"])
def test_a_messy_workbook_goes_from_the_inbox_to_the_store_and_back(
    town: str, size: tuple[int, int], language: str
) -> None:
    before = rows_in(town)
    with Sitting(town, "jd-caseworker", size, language) as sitting:
        sitting.press(IMPORTS, re.escape(LATE))
        sitting.press(ENTER, f"✓ E.*{sitting.say('id number') if language == 'en' else '证件号码'}")
        sitting.press(ENTER, f"{sitting.say('Rejected')} 3")
        sitting.press(TAB, r"▸ " + sitting.say("name"))
        sitting.press("s", sitting.pattern("pair {n} of {total}").replace(r"[\d,.]+", "2", 1))
        sitting.press("d", sitting.pattern("pair {n} of {total}").replace(r"[\d,.]+", "3", 1))
        sitting.window.send("s")
        gone = sitting.say("Perhaps known already")
        sitting.window.until(lambda screen: gone not in screen, "planned again")
        sitting.press("o", sitting.say("in the inbox") if language == "en" else "收件箱")
        first = sitting.apply()
        assert rows_in(town) == {"lines": before["lines"] + first, "applied": 1}

        (rejects,) = [
            each for each in (Path(town).parent / "inbox" / DISTRICT).iterdir() if each.name != LATE
        ]
        left = mend(rejects) - 2
        sitting.press(IMPORTS, re.escape(rejects.name[:14]))
        sitting.press("gk", r"▸ ")
        sitting.press(ENTER, "✓ E")
        sitting.press(ENTER, f"{sitting.say('Rejected')} {left}")
        assert sitting.apply() == 2
        assert rows_in(town) == {"lines": before["lines"] + first + 2, "applied": 2}

    with Sitting(town, "jd-reviewer", size, language) as sitting:
        for file, n in ((rejects.stem, 2), (LATE, first)):
            # What came in by another person's clock today may stand above.
            listed = f"(?s){sitting.say('amount')}.*{file[:12]}"
            screen = sitting.press(f"{IMPORTS}2", listed)
            listed_rows = screen.splitlines()[4:]
            down = next(at for at, line in enumerate(listed_rows) if file[:12] in line)
            sitting.press("g" + "j" * down, f"▸ .*{file[:12]}")
            sitting.press("u", sitting.say("Take back an import"))
            sitting.press(f"{n}{ENTER}" if n >= 10 else "y", rf"\b{n}\b.*· {DISTRICT}-\d+")
            sitting.until_title("Imports")
    assert rows_in(town) == {**before, "undone": 2}
