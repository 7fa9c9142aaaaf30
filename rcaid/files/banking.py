"""Batch files for a bank: templates as data, the same batch always in the same bytes.

A bank reads these files by machine, so nothing in them is escaped for spreadsheets; a line that
would need it is refused instead (BR-064).
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from rcaid import data
from rcaid.domain.errors import Broken, Problem, Unusable
from rcaid.domain.money import MOST_FEN, capital, parse_yuan
from rcaid.domain.text import refusal, spreadsheet_safe
from rcaid.files.bank_workbook import read_workbook, workbook
from rcaid.files.tables import open_regular
from rcaid.files.writing import replacing

NEEDED: Final = ("voucher", "holder", "account", "amount")
KEYS: Final = (*NEEDED, "batch", "bank", "remark", "seq", "constant")
_LAST: Final = frozenset({"word", "count", "sum", "capital"})
_TEXTS: Final = ("voucher", "holder", "account", "bank", "remark")


class Column(NamedTuple):
    """One column: what stands in it, its heading, and the text of a constant."""

    key: str
    heading: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class BankTemplate:
    """How one bank wants its file. ``format`` is text or xlsx, ``amount`` yuan or fen; ``last``
    tells in which column, from 0, the word, the count, the sum and the sum in capitals of the last
    line stand, and is empty where there is no such line."""

    name: str
    title: str
    columns: tuple[Column, ...]
    format: str = "text"
    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: str = "\r\n"
    header: bool = True
    amount: str = "yuan"
    total: str = ""
    last: Mapping[str, int] = field(default_factory=dict)

    @property
    def headings(self) -> list[str]:
        """The headings in order."""
        return [column.heading for column in self.columns]

    @property
    def suffix(self) -> str:
        """How a file of this template ends."""
        if self.format == "xlsx":
            return ".xlsx"
        return ".csv" if self.delimiter == "," else ".txt"


@dataclass(frozen=True, slots=True)
class BankLine:
    """One payment; ``amount`` in fen."""

    voucher: str
    holder: str
    account: str
    bank: str
    amount: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class BankFile:
    """What a batch file says: its lines, their number and their sum in fen. What the template
    leaves out (batch, bank, remark) is empty."""

    batch_no: str
    lines: tuple[BankLine, ...]
    total: int


@cache
def templates() -> Mapping[str, BankTemplate]:
    """The templates of ``rcaid/data/bank_templates.toml`` by name."""
    rows = tomllib.loads(data.text("bank_templates.toml"))
    return MappingProxyType({name: read_template(name, row) for name, row in rows.items()})


def read_template(name: str, row: Mapping[str, Any]) -> BankTemplate:
    """A template from its table; raises ValueError for one that could not be read back."""
    columns = tuple(Column(**each) for each in row["columns"])
    keys = [column.key for column in columns]
    twice = [key for key in keys if key != "constant" and keys.count(key) > 1]
    if not set(NEEDED) <= set(keys) or not set(keys) <= set(KEYS) or twice:
        raise ValueError(f"bank template {name}: columns are {', '.join(KEYS)}, each once")
    rest = {key: value for key, value in row.items() if key not in ("columns", "last")}
    last = {what: int(place) - 1 for what, place in row.get("last", {}).items()}
    if last and not ({"word", "count", "sum"} <= last.keys() <= _LAST):
        raise ValueError(f"bank template {name}: the last line has word, count and sum")
    if len(set(last.values())) < len(last) or not set(last.values()) <= set(range(len(columns))):
        raise ValueError(f"bank template {name}: the last line names a column twice, or none")
    made = BankTemplate(name=name, columns=columns, last=last, **rest)
    if made.amount not in ("yuan", "fen") or made.format not in ("text", "xlsx"):
        raise ValueError(f"bank template {name}: amount is yuan or fen, format text or xlsx")
    if not made.header and made.format == "xlsx":
        raise ValueError(f"bank template {name}: a workbook has headings")
    return made


def write_bank_file(
    path: Path | str, template: BankTemplate, batch_no: str, lines: Sequence[BankLine]
) -> str:
    """Write a batch file, mode 0600, and return the sha-256 of its bytes in hex.

    Raises `Unusable` for a line a bank could not take: an amount that is not positive, a blank
    voucher, holder or account, a control character or a formula sign, or a character outside
    the encoding; nothing is written then.
    """
    content = bank_bytes(template, batch_no, lines)
    with replacing(path) as file:
        file.write(content)
    return hashlib.sha256(content).hexdigest()


def bank_bytes(template: BankTemplate, batch_no: str, lines: Sequence[BankLine]) -> bytes:
    """The bytes of a batch file; raises `Unusable` as `write_bank_file` says."""
    problems = [p for n, line in enumerate(lines, 1) for p in check_line(line, n)]
    if problems:
        raise Unusable(problems)
    table = list(_table(template, batch_no, lines))
    if template.format == "xlsx":
        return workbook(table)
    return _encode(template, table)


def check_line(line: BankLine, row: int, *, formulas: bool = True) -> Iterable[Problem]:
    """What no bank could take of a payment; ``formulas`` refuses what a spreadsheet would run."""
    if not 0 < line.amount <= MOST_FEN:
        yield Problem("bank.amount", {"voucher": line.voucher}, field="amount", row=row)
    for name in _TEXTS:
        value = getattr(line, name)
        params = {"voucher": line.voucher, "field": name}
        if not value.strip() and name in NEEDED:
            yield Problem("bank.blank", params, field=name, row=row)
        # A bank's reader knows no quoted line ends; refusal() covers every control character.
        elif refusal(value) is not None or (formulas and _runs(value)):
            yield Problem("bank.text", params, field=name, row=row, value=value)


def _runs(value: str) -> bool:
    """Whether a spreadsheet would run it, or take away the apostrophe that keeps it from doing so."""
    return spreadsheet_safe(value.removeprefix("'")) != value.removeprefix("'")


def _table(template: BankTemplate, batch_no: str, lines: Sequence[BankLine]) -> Iterable[list[str]]:
    if template.header:
        yield template.headings
    for n, line in enumerate(lines, 1):
        cells = {name: getattr(line, name) for name in _TEXTS} | {
            "batch": batch_no, "seq": str(n), "amount": _amount(template, line.amount),
        }  # fmt: skip
        yield [cells.get(column.key, column.value) for column in template.columns]
    if template.last:
        yield _last_line(template, len(lines), sum(line.amount for line in lines))


def _encode(template: BankTemplate, table: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=template.delimiter, lineterminator=template.line_end)
    writer.writerows(table)
    try:
        return text.getvalue().encode(template.encoding)
    except UnicodeEncodeError as error:
        params = {"encoding": template.encoding}
        raise Unusable(Problem("bank.encoding", params)) from error


def _last_line(template: BankTemplate, count: int, total: int) -> list[str]:
    said = {"word": template.total, "count": str(count), "sum": _amount(template, total)}
    said["capital"] = capital(total)
    cells = [""] * len(template.columns)
    for what, place in template.last.items():
        cells[place] = said[what]
    return cells


def _amount(template: BankTemplate, fen: int) -> str:
    """As a bank's reader takes it, without separators: 100000 fen is 1000.00 in yuan."""
    return str(fen) if template.amount == "fen" else f"{fen // 100}.{fen % 100:02}"


def read_back(path: Path | str, template: BankTemplate) -> BankFile:
    """Read a batch file that was written by `template`.

    Raises `Unusable` if the file cannot be opened, and `Broken` if it is not such a file or its
    last line does not agree with its lines in number, sum and capitals.
    """
    name = Path(path).name
    with open_regular(Path(path)) as file:
        if template.format == "xlsx":
            rows = read_workbook(file, name, len(template.columns))
        else:
            rows = _decode(file.read(), name, template)
    if template.header and (not rows or rows.pop(0) != template.headings):
        raise Broken(Problem("bank.unreadable", {"file": name}))
    said = rows.pop() if template.last and rows else None
    if any(len(row) != len(template.columns) for row in rows):
        raise Broken(Problem("bank.unreadable", {"file": name}))
    first = 2 if template.header else 1
    lines = tuple(_line(template, cells, name, n) for n, cells in enumerate(rows, first))
    total = sum(line.amount for line in lines)
    at = next((i for i, column in enumerate(template.columns) if column.key == "batch"), None)
    batches = {row[at] for row in rows} if at is not None else set()
    wanted = _last_line(template, len(lines), total) if template.last else None
    if len(batches) > 1 or said != wanted:
        raise Broken(Problem("bank.control", {"file": name}))
    return BankFile(next(iter(batches), ""), lines, total)


def _decode(content: bytes, name: str, template: BankTemplate) -> list[list[str]]:
    try:
        text = io.StringIO(content.decode(template.encoding), newline="")
        return list(csv.reader(text, delimiter=template.delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Broken(Problem("bank.unreadable", {"file": name})) from error


def _line(template: BankTemplate, row: Sequence[str], name: str, place: int) -> BankLine:
    cells: dict[str, str] = {}
    for column, cell in zip(template.columns, row, strict=True):
        if column.key == "constant" and cell != column.value:
            raise Broken(Problem("bank.unreadable", {"file": name}, row=place))
        cells[column.key] = cell
    amount = _read_amount(template, cells["amount"])
    if amount is None:
        raise Broken(Problem("bank.unreadable", {"file": name}, row=place))
    return BankLine(amount=amount, **{key: cells.get(key, "") for key in _TEXTS})


def _read_amount(template: BankTemplate, text: str) -> int | None:
    if template.amount == "fen":
        return int(text) if text.isascii() and text.isdigit() else None
    amount = parse_yuan(text)
    return None if isinstance(amount, Problem) else amount
