"""The one question to the terminal before the first frame: how wide does it draw a line?"""

from __future__ import annotations

import os
import re
import select
import sys
import termios
import time
import tty

from rcaid.screens import signs
from rcaid.screens.gate import KeyParser

_SECONDS = 0.3
_ANSWER = re.compile(r"\x1b\[\d+;(\d+)R")


def fitting_signs() -> signs.Signs:
    """The set of signs for this terminal; what was typed meanwhile goes to the program."""
    unasked = signs.fitting(os.environ, 1)
    if unasked is signs.PLAIN:
        return unasked
    return signs.fitting(os.environ, _cells_of_a_rule())


def _cells_of_a_rule() -> int | None:
    """Draw ``│`` at the start of a line, ask where the cursor stands, and wipe it again."""
    source, target = sys.stdin.fileno(), sys.stdout.fileno()
    before = termios.tcgetattr(source)
    try:
        tty.setcbreak(source, termios.TCSANOW)
        os.write(target, b"\r\xe2\x94\x82\x1b[6n")
        column, typed = _read_answer(source)
        os.write(target, b"\r\x1b[K")
    finally:
        termios.tcsetattr(source, termios.TCSANOW, before)
    KeyParser.ahead = typed
    return None if column is None else column - 1


def _read_answer(source: int) -> tuple[int | None, str]:
    """The column and whatever else came in; None if no answer came in time."""
    data, until = b"", time.monotonic() + _SECONDS
    while (left := until - time.monotonic()) > 0:
        ready, _, _ = select.select([source], [], [], left)
        if not ready:
            break
        data += os.read(source, 4096)
        text = data.decode("utf-8", "replace")
        found = _ANSWER.search(text)
        if found:
            return int(found[1]), text[: found.start()] + text[found.end() :]
    return None, data.decode("utf-8", "replace")
