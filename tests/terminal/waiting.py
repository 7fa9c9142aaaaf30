"""Waiting for something that becomes true, up to a deadline."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

PATIENCE = 60.0
"""Seconds that a busy machine may need for what usually takes one."""


def wait_until(
    holds: Callable[[], object], what: str | Callable[[], str], seconds: float = PATIENCE
) -> None:
    """Returns as soon as ``holds`` is true; fails with ``what`` if it is not within ``seconds``."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not holds():
        if time.monotonic() > deadline:
            said = what if isinstance(what, str) else what()
            raise AssertionError(f"not within {seconds} s: {said}")
        pause.wait(0.02)
