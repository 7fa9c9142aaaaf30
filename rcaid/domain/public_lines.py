"""What the public reads: one line of a notice for each case, and the notice around them (BR-051).

It is Chinese whatever the language of the reader, since it hangs on a wall. A line says who in a
form that gives nobody away, where to the street, why at the coarsest, and how much; there is no
place in it for anything else.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

from rcaid.domain.money import yuan
from rcaid.domain.names import mask
from rcaid.domain.text import spreadsheet_safe

HEADINGS = ("序号", "姓名或编号", "区·街道", "类别", "方式", "金额或物资")
COLUMNS = ("公示编号", *HEADINGS, "公示开始", "公示截止", "异议电话")
UNNAMED = "其他"
"""What stands for a category that may not be on a public list (BR-071)."""
_RIGHT = (0, 5)
_UNITS = {"workdays": "个工作日", "days": "天"}


@dataclass(frozen=True, slots=True)
class PublicLine:
    """One line: ``name`` is masked or a code, ``help`` money and goods in words."""

    name: str
    place: str
    category: str
    kind: str
    help: str
    serial: int = 0

    def cells(self, n: int) -> tuple[str, ...]:
        """What stands in the columns, beside the number ``n`` of the line."""
        name = f"{self.name}({self.serial})" if self.serial else self.name
        return (str(n), name, self.place, self.category, self.kind, self.help)


def line_of(
    name: str,
    code: str,
    *,
    code_only: bool,
    place: str,
    category: str,
    fen: int | None = None,
    goods: str = "",
    qty: int | None = None,
) -> PublicLine:
    """The line of one case. With ``code_only`` its ``code`` stands for the name (BR-052); money in
    fen, ``goods`` by name and quantity."""
    money = f"{yuan(fen)} 元" if fen else ""
    things = f"{goods} {qty}" if goods and qty else ""
    kind = "现金和物资" if money and things else "物资" if things else "现金"
    shown = code if code_only or not name else mask(name)
    return PublicLine(shown, place, category, kind, " + ".join(filter(None, (money, things))))


def told_apart(lines: Iterable[PublicLine]) -> list[PublicLine]:
    """The lines with a serial where two would read the same, and never with more (BR-053)."""
    bare = [replace(line, serial=0) for line in lines]
    total = Counter(bare)
    seen: Counter[PublicLine] = Counter()
    result = []
    for line in bare:
        seen[line] += 1
        result.append(replace(line, serial=seen[line]) if total[line] > 1 else line)
    return result


def stored(line: PublicLine) -> str:
    """A line as it is kept."""
    parts = [line.name, line.place, line.category, line.kind, line.help, line.serial]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def restored(text: str) -> PublicLine:
    """A line that was kept."""
    return PublicLine(*json.loads(text))


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """A notice as the public reads it. ``text`` is that, byte for byte, once it was published;
    ``days`` of ``unit`` ("workdays" or "days") lie between its first and its last day. ``fen`` is
    the money of all lines; ``struck`` are the numbers that a corrected notice had and this not."""

    society: str
    title: str
    number: str
    starts_on: str
    ends_on: str
    days: int
    unit: str
    phone: str
    lines: tuple[PublicLine, ...]
    fen: int = 0
    corrects: str = ""
    why: str = ""
    struck: tuple[int, ...] = ()
    text: str = ""


def head_of(notice: PublicNotice) -> list[str]:
    """What stands above the list."""
    period = f"{notice.starts_on} 至 {notice.ends_on}"
    lines = [f"公示编号：{notice.number}"]
    if notice.corrects:
        lines.append(f"本公示更正 {notice.corrects} 号公示。原因：{notice.why}")
        if notice.struck:
            lines.append(f"撤下原公示第 {'、'.join(map(str, notice.struck))} 号。")
        lines.append(f"公示期：{period}")
    else:
        lines.append(f"公示期：{period}（{notice.days} {_UNITS[notice.unit]}）")
    return lines


def foot_of(notice: PublicNotice) -> list[str]:
    """What stands below the list."""
    money = f"，现金 {yuan(notice.fen)} 元" if notice.fen else ""
    return [
        f"以上共 {len(notice.lines)} 件{money}。",
        f"对以上名单有异议的，请在公示期内致电 {notice.phone}。",
        "为保护个人信息，姓名已作隐去处理或以编号代替。",
    ]


def written(notice: PublicNotice) -> str:
    """The text that is published: head, list in columns, foot."""
    table = [HEADINGS, *(line.cells(n) for n, line in enumerate(notice.lines, 1))]
    widths = [max(_cells(row[n]) for row in table) for n in range(len(HEADINGS))]
    rows = [
        "  ".join(_pad(cell, widths[n], n in _RIGHT) for n, cell in enumerate(row)).rstrip()
        for row in table
    ]
    parts = ([notice.society, notice.title], head_of(notice), rows, foot_of(notice))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int, right: bool) -> str:
    blank = " " * (width - _cells(text))
    return blank + text if right else text + blank


def as_csv(notice: PublicNotice) -> str:
    """The list as a table of R-05, a line for each case; safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    around = (notice.starts_on, notice.ends_on, notice.phone)
    for n, line in enumerate(notice.lines, 1):
        cells = (notice.number, *line.cells(n), *around)
        writer.writerow([spreadsheet_safe(cell) for cell in cells])
    return out.getvalue()


_STYLE = (
    "body{font-family:serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "h1,h2{text-align:center}h1{font-size:1.2em}h2{font-size:1.5em}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid;padding:.3em .6em;text-align:left}"
    "td:first-child,td:last-child{text-align:right}"
)


def as_html(notice: PublicNotice) -> str:
    """The same as a page of its own that loads nothing from anywhere."""
    text = notice.text or written(notice)
    titles, head, _table, foot = (part.split("\n") for part in text.rstrip("\n").split("\n\n"))

    def row(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    def paragraphs(lines: Sequence[str]) -> str:
        return "\n".join(f"<p>{escape(line)}</p>" for line in lines)

    body = "\n".join(row(line.cells(n), "td") for n, line in enumerate(notice.lines, 1))
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(notice.number)} {escape(titles[1])}</title>\n"
        f"<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(titles[0])}</h1>\n<h2>{escape(titles[1])}</h2>\n"
        f"{paragraphs(head)}\n<table>\n<thead>\n{row(HEADINGS, 'th')}\n</thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table>\n{paragraphs(foot)}\n</body>\n</html>\n"
    )
