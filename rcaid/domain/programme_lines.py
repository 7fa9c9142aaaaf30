"""Finds the line of each key in a TOML text; the reader of the standard library keeps none."""

from __future__ import annotations

import re
from collections import Counter

_HEAD = re.compile(r"(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


def lines_of(text: str) -> dict[str, int]:
    """The line, from 1, of every table and key by its place: ``eligible.min_age``, ``items[2]``,
    ``items[2].code``; members of lists count from 1."""
    found: dict[str, int] = {}
    counts: Counter[str] = Counter()
    prefix, depth, quote = "", 0, ""
    for n, line in enumerate(text.splitlines(), start=1):
        if depth or quote:
            depth, quote = _after(line, depth, quote)
            continue
        if head := _HEAD.match(line.strip()):
            prefix = _place(head[2], counts, listed=head[1] == "[[")
            found.setdefault(prefix, n)
        elif key := _KEY.match(line):
            place = ".".join(_parts(key[1]))
            found.setdefault(f"{prefix}.{place}" if prefix else place, n)
            depth, quote = _after(line[key.end() :], 0, "")
    return found


def line_of(lines: dict[str, int], place: str) -> int:
    """The line of a place, or of the nearest table around it; 1 for the file."""
    while place:
        if place in lines:
            return lines[place]
        cut = max(place.rfind("."), place.rfind("["))
        place = place[:cut] if cut > 0 else ""
    return 1


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(dotted)]


def _place(dotted: str, counts: Counter[str], listed: bool) -> str:
    parts, place = _parts(dotted), ""
    for n, part in enumerate(parts):
        place = f"{place}.{part}" if place else part
        if listed and n == len(parts) - 1:
            counts[place] += 1
        if counts[place]:
            place = f"{place}[{counts[place]}]"
    return place


def _after(line: str, depth: int, quote: str) -> tuple[int, str]:
    """How deep in brackets, and within which long quotation, a value is at the end of a line."""
    at = 0
    while at < len(line):
        rest = line[at:]
        if quote:
            if quote[0] == '"' and rest[0] == "\\":
                at += 2
            elif rest.startswith(quote):
                at, quote = at + len(quote), ""
            else:
                at += 1
            continue
        if rest[0] == "#":
            break
        if rest[0] in "\"'":
            quote = rest[:3] if rest[:3] == rest[0] * 3 else rest[0]
            at += len(quote)
            continue
        depth += (rest[0] in "[{") - (rest[0] in "]}")
        at += 1
    return max(depth, 0), quote if len(quote) == 3 else ""
