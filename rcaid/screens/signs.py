"""The signs of the screens: a fine set, and a plain one for terminals that draw them two wide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signs:
    """One set; every sign is one cell wide, but for ``enter`` and ``space``."""

    name: str
    cursor: str
    mark: str
    done: str
    attention: str
    stopped: str
    enter: str
    space: str
    rule: str
    divider: str
    bar: str
    rest: str
    box: str
    ticked: str
    cut: str
    dot: str
    caret: str
    arrow: str

    def of(self, meaning: str) -> str:
        """The sign of a meaning; a blank for none."""
        known = {"done": self.done, "attention": self.attention, "stopped": self.stopped}
        return known.get(meaning, " ")


_FINE = "fine ▸ ● ✓ ! ✗ ⏎ ␣ ─ │ ━ ─ □ ✓ … · ▏ ↓"
_PLAIN = "plain > * + ! x Ent Spc - | = - _ + ~ - | Dn"

FINE = Signs(*_FINE.split())
PLAIN = Signs(*_PLAIN.split())

_current = [FINE]


def current() -> Signs:
    """The set in use."""
    return _current[0]


def use(signs: Signs) -> None:
    """Draw with this set from now on."""
    _current[0] = signs


def fitting(environ: Mapping[str, str], cells: int | None) -> Signs:
    """The set for this terminal. ``cells`` is how wide it drew ``│``, None if it did not say."""
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    if environ.get("TERM", "") in ("dumb", "") or locale in ("C", "POSIX"):
        return PLAIN
    if cells is None:
        return PLAIN if locale.startswith("zh") else FINE
    return FINE if cells == 1 else PLAIN
