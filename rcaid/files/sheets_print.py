"""Sheets that people sign when goods or cash are handed out (R-08), for printing on A4.

Everything that came from outside is escaped: in HTML by the standard library, in PDF because the
data reach typst as data and never as source.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from html import escape
from typing import Final

from rcaid.domain.errors import Problem, Unusable
from rcaid.domain.text import safe_text


@dataclass(frozen=True, slots=True)
class SignLine:
    """One line: the name as it may stand there, the last four of the identity number, what is
    given."""

    voucher: str
    name: str
    last4: str
    given: str


@dataclass(frozen=True, slots=True)
class SignSheet:
    """A sheet: who gives out, of which programme and batch, where and when, and by which two
    people ("" is written in by hand)."""

    society: str
    office: str
    programme: str
    batch: str
    place: str
    day: str
    staff_one: str
    staff_two: str
    total: str
    lines: tuple[SignLine, ...]


_HEADINGS: Final = (
    "序号",
    "凭证号",
    "姓名",
    "证件后四位",
    "物资／金额",
    "签名／指印",
    "代领人及关系",
    "日期",
)
_WIDTHS: Final = (5, 19, 11, 9, 15, 16, 16, 9)
_STYLE: Final = """
@page { size: A4; margin: 14mm 10mm 18mm;
  @bottom-center { content: "第 " counter(page) " 页／共 " counter(pages) " 页"; font-size: 9pt } }
body { font-family: "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif; font-size: 10pt;
  margin: 0; color: #000 }
h1 { font-size: 15pt; text-align: center; margin: 0 0 2mm }
dl { display: grid; grid-template-columns: auto 1fr auto 1fr; gap: 0 3mm; margin: 0 0 3mm }
dt { font-weight: bold } dd { margin: 0 }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
thead { display: table-header-group }
tr { break-inside: avoid }
th, td { border: 0.3mm solid #000; padding: 1mm; overflow-wrap: anywhere }
td { height: 11mm }
footer { margin-top: 6mm; display: flex; justify-content: space-between; break-inside: avoid }
"""


def sheet_html(sheet: SignSheet) -> bytes:
    """The sheet as one HTML page for A4: headings repeat, every page says which of how many it is."""
    columns = "".join(f'<col style="width:{width}%">' for width in _WIDTHS)
    heads = "".join(f"<th>{heading}</th>" for heading in _HEADINGS)
    rows = "\n".join(_row(n, line) for n, line in enumerate(sheet.lines, 1))
    facts = "".join(f"<dt>{name}</dt><dd>{_text(text)}</dd>" for name, text in _facts(sheet))
    staff = " ".join(
        f"<span>发放人：{_text(name) or '＿' * 8}</span>"
        for name in (sheet.staff_one, sheet.staff_two)
    )
    page = f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<title>{_text(sheet.batch)}</title><style>{_STYLE}</style></head><body>
<h1>{_text(sheet.society)} 发放签收表</h1>
<dl>{facts}</dl>
<table><colgroup>{columns}</colgroup><thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody></table>
<footer><span>{_text(sheet.total)}</span>{staff}</footer>
</body></html>
"""
    return page.encode("utf-8")


def _facts(sheet: SignSheet) -> tuple[tuple[str, str], ...]:
    return (
        ("项目", sheet.programme),
        ("批次", sheet.batch),
        ("单位", sheet.office),
        ("地点／日期", f"{sheet.place or '＿' * 8}　{sheet.day or '＿' * 6}"),
    )


def _row(n: int, line: SignLine) -> str:
    cells = (str(n), line.voucher, line.name, line.last4, line.given, "", "", "")
    return "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in cells) + "</tr>"


def _text(text: str) -> str:
    return escape(safe_text(text))


_TYPST: Final = """
#let d = json(bytes(sys.inputs.data))
#set page(paper: "a4", margin: (x: 10mm, top: 14mm, bottom: 18mm),
  footer: context align(center, text(9pt)[第 #counter(page).display() 页／共 #counter(page).final().first() 页]))
#set text(font: ("Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "Libertinus Serif"), 10pt)
#align(center, text(15pt, weight: "bold")[#d.title])
#grid(columns: (auto, 1fr, auto, 1fr), gutter: 2mm,
  ..d.facts.map(f => (strong(f.at(0)), [#f.at(1)])).flatten())
#table(columns: d.widths.map(w => w * 1fr), align: left + horizon,
  table.header(..d.headings.map(h => strong(h))),
  ..d.rows.map(r => r.map(c => [#c#v(7mm, weak: true)])).flatten())
#v(4mm)
#grid(columns: (1fr, auto, auto), gutter: 8mm, [#d.total], ..d.staff.map(s => [#s]))
"""


def sheet_pdf(sheet: SignSheet) -> bytes:
    """The sheet as PDF. Raises `Unusable` sheet.no_typst where typst is not installed."""
    try:
        import typst
    except ImportError as error:
        raise Unusable(Problem("sheet.no_typst")) from error
    rows = [
        [str(n), *(safe_text(text) for text in asdict(line).values()), "", "", ""]
        for n, line in enumerate(sheet.lines, 1)
    ]
    staff = [f"发放人：{safe_text(s) or '＿' * 8}" for s in (sheet.staff_one, sheet.staff_two)]
    said = {
        "title": f"{safe_text(sheet.society)} 发放签收表",
        "facts": [[name, safe_text(text)] for name, text in _facts(sheet)],
        "headings": _HEADINGS, "widths": _WIDTHS, "rows": rows,
        "total": safe_text(sheet.total), "staff": staff,
    }  # fmt: skip
    made: bytes = typst.compile(
        _TYPST.encode("utf-8"), sys_inputs={"data": json.dumps(said, ensure_ascii=False)}
    )
    return made
