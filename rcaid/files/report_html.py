"""A report as one page that needs nothing else: it opens in any browser and prints as it stands.

No script, no font and no address of elsewhere; every text is escaped, and each bar says its value
in words beside it. The same figures give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from rcaid.files.writing import replacing

_BAR = 320
_STYLE = """
body { font: 14px/1.5 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif;
  color: #1c1f24; background: #fff; margin: 2em auto; max-width: 72em; padding: 0 1em; }
h1 { font-size: 1.4em; margin: 0 0 .2em; } h2 { font-size: 1.1em; margin: 1.6em 0 .4em; }
dl { display: flex; flex-wrap: wrap; gap: .2em 1.6em; margin: 0 0 1em; color: #50565e; }
dl div { display: flex; gap: .5em; } dt::after { content: ":"; } dd { margin: 0; color: #1c1f24; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3em .6em; border-bottom: 1px solid #d7dadf;
  vertical-align: top; } th { color: #50565e; font-weight: 600; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
svg { display: block; } rect { fill: #b3261e; }
.said { font-size: 1.05em; } footer { margin-top: 2em; color: #50565e; font-size: .92em; }
@media print { body { margin: 0; max-width: none; font-size: 9pt; } .wide { overflow: visible; }
  thead { display: table-header-group; } tr { break-inside: avoid; }
  rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a page: whose it is, how long against the longest, and its value in words."""

    label: str
    value: int
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page, all of it text in the reader's language (``zh-CN`` or ``en``)."""

    language: str
    society: str
    title: str
    facts: Sequence[tuple[str, str]]
    headings: Sequence[str]
    right: Sequence[bool]
    rows: Sequence[Sequence[str]]
    bars_title: str = ""
    bars: Sequence[Bar] = ()
    wording: Sequence[str] = ()
    wording_title: str = ""
    notes: Sequence[str] = ()


def html_page(page: Page) -> str:
    """The page as HTML."""
    body = [
        f"<p>{escape(page.society)}</p>" if page.society else "",
        f"<h1>{escape(page.title)}</h1>",
        _facts(page.facts),
        _said(page),
        _table(page),
        _bars(page),
        "<footer>" + "".join(f"<p>{escape(note)}</p>" for note in page.notes) + "</footer>",
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(page.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(page.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(part for part in body if part)
        + "\n</body>\n</html>\n"
    )


def write_html(path: Path | str, page: Page) -> None:
    """Writes the page, whole or not at all, mode 0600. Raises `Unusable`."""
    with replacing(path) as file:
        file.write(html_page(page).encode("utf-8", "replace"))


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    inner = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>" for label, text in facts
    )
    return f"<dl>{inner}</dl>"


def _said(page: Page) -> str:
    if not page.wording:
        return ""
    lines = "".join(f"<li>{escape(line)}</li>" for line in page.wording)
    return f'<h2>{escape(page.wording_title)}</h2>\n<ul class="said">{lines}</ul>'


def _table(page: Page) -> str:
    kinds = [' class="n"' if right else "" for right in page.right]
    head = "".join(
        f'<th scope="col"{kind}>{escape(text)}</th>'
        for kind, text in zip(kinds, page.headings, strict=True)
    )
    rows = "\n".join(
        "<tr>"
        + "".join(f"<td{kind}>{escape(text)}</td>" for kind, text in zip(kinds, row, strict=True))
        + "</tr>"
        for row in page.rows
    )
    return (
        f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n'
        "</table></div>"
    )


def _bars(page: Page) -> str:
    most = max((bar.value for bar in page.bars), default=0)
    if not most:
        return ""
    rows = []
    for bar in page.bars:
        width = max(bar.value * _BAR // most, 1)
        text = escape(f"{bar.label}: {bar.text}", quote=True)
        rows.append(
            f"<tr><td>{escape(bar.label)}</td><td>"
            f'<svg role="img" aria-label="{text}" width="{_BAR}" height="14">'
            f'<rect width="{width}" height="14"></rect></svg></td>'
            f'<td class="n">{escape(bar.text)}</td></tr>'
        )
    return (
        f"<h2>{escape(page.bars_title)}</h2>\n<table><tbody>\n"
        + "\n".join(rows)
        + ("\n</tbody></table>")
    )
