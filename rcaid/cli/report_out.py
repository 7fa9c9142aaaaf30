"""How a report comes out: a table, a file for a spreadsheet, a page, or one JSON object."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer

from rcaid.cli import said
from rcaid.cli.show import Column, Out, put
from rcaid.domain.errors import Problem, Refused
from rcaid.locale import _

if TYPE_CHECKING:
    from rcaid.services.reporting.shape import Report

FORMATS = ("table", "csv", "xlsx", "json", "html")
STYLES = ("plain", "announce")


def known(option: str, value: str, among: tuple[str, ...]) -> None:
    """Usage error for a value that an option does not have."""
    if value not in among:
        raise typer.BadParameter(", ".join(among), param_hint=option)


def put_out(
    report: Report,
    shape: str,
    style: str,
    output: str,
    society: str,
    number: str = "",
    frozen_at: str = "",
) -> None:
    """Prints or writes a report; ``number`` and ``frozen_at`` are of its snapshot, if it has one.

    Data go to stdout or the file, title and rules to stderr. Refused report.needs_file for a
    workbook without a file.
    """
    from rcaid.screens import report_words as words

    if shape == "json":
        Out(True, output).data(_facts(report, style, number))
        return
    if shape == "html":
        _html(report, output, society, number, frozen_at)
        return
    rows = _rows(report)
    columns = [_column(report, n) for n in range(len(report.columns))]
    if shape in ("csv", "xlsx"):
        if not output.endswith(f".{shape}"):
            raise Refused(Problem("report.needs_file", {"format": shape}))
        if shape == "xlsx":
            words.workbook(report, output, number, frozen_at)
        else:
            Out(False, output).table(columns, rows)
        for note in words.notes_of(report):
            said.say(note)
        return
    if output == "-":
        said.say(_("{title}, as of {day}").format(title=words.title_of(report), day=report.as_of))
    if number:
        said.say(_("snapshot {number}, frozen {time}").format(number=number, time=frozen_at))
    Out(False, output).table(columns, rows)
    if style == "announce":
        Out(False).lines(report.wording)
    for note in words.notes_of(report):
        said.say(note)


def put_content(content: str, output: str) -> None:
    """Prints or writes what was frozen, as it is kept, with a line end."""
    if output == "-":
        put(sys.stdout, [content, "\n"])
        return
    from rcaid.files.writing import replacing

    with replacing(output) as file:
        file.write(f"{content}\n".encode())


def _facts(report: Report, style: str, number: str) -> dict[str, Any]:
    from rcaid.services.reporting.reports import REPORTS

    kind = REPORTS.get(report.name)
    facts: dict[str, Any] = {
        "report": report.name,
        "code": report.code,
        "title": kind.title.format(period=report.period) if kind else report.period,
        "period": report.period,
        "office": report.office,
        "as_of": report.as_of,
        "rows": [dict(zip(report.columns, row, strict=True)) for row in report.rows],
        "rule": " ".join(report.rules),
    }
    if number:
        facts["snapshot"] = number
    if style == "announce":
        facts["wording"] = list(report.wording)
    return facts


def _rows(report: Report) -> list[dict[str, Any]]:
    from rcaid.screens.report_words import text_of, word

    def cell(name: str, value: Any) -> Any:
        if value == "":
            return None
        as_text = name in report.tenths | report.shares
        return text_of(report, name, value) if as_text else word(name, value)

    return [
        {name: cell(name, value) for name, value in zip(report.columns, row, strict=True)}
        for row in report.rows
    ]


def _column(report: Report, at: int) -> Column:
    from rcaid.screens.labels import label
    from rcaid.screens.report_words import HEADINGS, is_number

    name = report.columns[at]
    heading = HEADINGS.get(name) or label(name)
    if name in report.money:
        return Column(name, heading, "money")
    return Column(name, heading, "number" if is_number(report, at) else "text")


def _html(report: Report, output: str, society: str, number: str, frozen_at: str) -> None:
    from rcaid.files.report_html import html_page, write_html
    from rcaid.screens.report_words import page_of

    page = page_of(report, society, number, frozen_at)
    if output == "-":
        put(sys.stdout, [html_page(page)])
    else:
        write_html(output, page)
