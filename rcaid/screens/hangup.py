"""What happens when the connection drops: the program ends, and ends soon.

Textual has no handler for SIGHUP. Without one the process dies before anything is put away, or,
when the hang-up never comes because nothing writes to the terminal, stays for good.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from contextlib import suppress

from textual.app import App

LONGEST_SECONDS = 1.5
HUNG_UP = 129
"""128 and the number of SIGHUP, as shells have it."""


def leave_on_hangup(app: App[object]) -> None:
    """From now on SIGHUP and SIGTERM end the app; call it in the loop of the app, at mount.

    An exit that hangs (a dead terminal, a worker that waits) is cut off by a thread.
    """
    loop = asyncio.get_running_loop()
    for name in ("SIGHUP", "SIGTERM"):
        # Neither is there on every system.
        with suppress(AttributeError, NotImplementedError):
            loop.add_signal_handler(getattr(signal, name), _leave, app)


def _leave(app: App[object]) -> None:
    guard = threading.Timer(LONGEST_SECONDS, os._exit, (HUNG_UP,))
    guard.daemon = True
    guard.start()
    app.exit(return_code=HUNG_UP)
