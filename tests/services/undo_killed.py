"""A process that takes an import back and is killed at its n-th step; without n it says how many
steps there are. A step is one call that Python makes, be it of a function here or of the engine."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Any

from rcaid.services.society import open_desk
from rcaid.services.undo import undo

ARGUMENTS = 4


def main(url: str, login: str, batch: str, last: str) -> None:
    desk = open_desk(url, as_login=login)
    end = int(last) if last else -1
    steps = 0

    def step(_frame: FrameType, _event: str, _argument: Any) -> None:
        nonlocal steps
        steps += 1
        if steps == end:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(step)
    undo(desk, batch)
    sys.setprofile(None)
    print(steps)


if __name__ == "__main__":
    main(*sys.argv[1 : ARGUMENTS + 1])
