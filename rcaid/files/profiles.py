"""Profiles: how the files of one sender are read, remembered as data and written as TOML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from rcaid.files.headers import fold

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Profile:
    """How to read the files of one sender.

    ``columns``: the headings of each field; several are joined with a space. ``constants``: what
    a field is in every row. ``values``: what a text of the file, folded, means here. ``ignored``:
    headings known to be of no use. ``needs``: headings a file must have for the profile to fit.
    ``dates``: ymd, dmy, mdy, or "" where the column has to prove it. ``phone``: cn, international
    or digits. ``identity``: resident or any. ``reason``: why documents are of type OTHER or NONE
    (BR-007). ``encoding``, ``sheet`` and ``delimiter`` are "" where the file itself tells.
    """

    name: str
    kind: str
    about: str = ""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    dates: str = ""
    phone: str = "cn"
    identity: str = "resident"
    reason: str = ""
    encoding: str = ""
    sheet: str = ""
    delimiter: str = ""

    def meaning(self, field: str, text: str) -> str:
        """What ``text`` means in a field; itself where the profile has no word for it."""
        return self.values.get(field, _NONE).get(fold(text), text)
