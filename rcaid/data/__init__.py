"""Packaged tables, read as text. What they mean is known by the modules that ask for them."""

from __future__ import annotations

import os

_HERE = os.path.dirname(__file__)


def text(name: str) -> str:
    """The content of a packaged table, for example ``text("surnames.txt")``."""
    with open(os.path.join(_HERE, name), encoding="utf-8") as file:
        return file.read()


def names(folder: str) -> tuple[str, ...]:
    """The packaged tables of a folder, for example ``names("profiles")``, each for `text`."""
    return tuple(f"{folder}/{name}" for name in sorted(os.listdir(os.path.join(_HERE, folder))))
