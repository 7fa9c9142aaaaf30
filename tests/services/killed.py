"""A process that applies a plan and is killed when it writes to a certain table."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from rcaid.services import imports
from rcaid.services.society import open_desk

ARGUMENTS = 4


def main(url: str, login: str, plan: str, table: str) -> None:
    desk = open_desk(url, as_login=login)
    kept = desk.store.insert_many

    def insert_many(name: str, *rest: Any) -> None:
        kept(name, *rest)
        if name == table:
            os.kill(os.getpid(), signal.SIGKILL)

    desk.store.insert_many = insert_many  # type: ignore[method-assign]
    imports.apply(desk, Path(plan), keep=True)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1 : ARGUMENTS + 1])
