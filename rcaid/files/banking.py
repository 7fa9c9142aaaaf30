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
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from rcaid import data
from rcaid.domain.errors import Broken, Problem, Unusable
from rcaid.domain.money import capital, parse_yuan
from rcaid.domain.text import refusal, spreadsheet_safe
from rcaid.files.tables import open_regular
from rcaid.files.writing import replacing

KEYS: Final = ("batch", "voucher", "holder", "account", "bank", "amount", "remark")


@dataclass(frozen=True, slots=True)
class BankTemplate:
    """How one bank wants its file: ``columns`` are (key, heading) in order; ``last`` tells in
    which column the word, the count, the sum and the sum in capitals of the last line stand."""

    name: str
    title: str
    encoding: str
    delimiter: str
    line_end: str
    total: str
    columns: tuple[tuple[str, str], ...]
    last: Mapping[str, str]


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
    """What a batch file says: its lines, their number and their sum in fen."""

    batch_no: str
    lines: tuple[BankLine, ...]
    total: int


@cache
def templates() -> Mapping[str, BankTemplate]:
    """The templates of ``rcaid/data/bank_templates.toml`` by name."""
    rows = tomllib.loads(data.text("bank_templates.toml"))
    return MappingProxyType({name: _template(name, row) for name, row in rows.items()})


def _template(name: str, row: Mapping[str, Any]) -> BankTemplate:
    columns = tuple((str(c["key"]), str(c["heading"])) for c in row["columns"])
    if sorted(key for key, _ in columns) != sorted(KEYS):
        raise ValueError(f"bank template {name}: columns are {', '.join(KEYS)}, each once")
    plain = {k: str(row[k]) for k in ("title", "encoding", "delimiter", "line_end", "total")}
    return BankTemplate(name=name, columns=columns, last=dict(row["last"]), **plain)


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
    problems = [p for n, line in enumerate(lines, 1) for p in _check(line, n)]
    if problems:
        raise Unusable(problems)
    return _encode(template, batch_no, lines)


def _check(line: BankLine, row: int) -> Iterable[Problem]:
    if line.amount <= 0:
        yield Problem("bank.amount", {"voucher": line.voucher}, field="amount", row=row)
    for name, value in asdict(line).items():
        if not isinstance(value, str):
            continue
        params = {"voucher": line.voucher, "field": name}
        if not value and name in ("voucher", "holder", "account"):
            yield Problem("bank.blank", params, field=name, row=row)
        # A bank's reader knows no quoted line ends; refusal() covers every control character.
        elif refusal(value) is not None or spreadsheet_safe(value) != value:
            yield Problem("bank.text", params, field=name, row=row, value=value)


def _encode(template: BankTemplate, batch_no: str, lines: Sequence[BankLine]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=template.delimiter, lineterminator=template.line_end)
    writer.writerow([heading for _, heading in template.columns])
    for line in lines:
        cells = asdict(line) | {"batch": batch_no, "amount": _yuan(line.amount)}
        writer.writerow([cells[key] for key, _ in template.columns])
    total = sum(line.amount for line in lines)
    writer.writerow(_last_line(template, len(lines), total))
    try:
        return text.getvalue().encode(template.encoding)
    except UnicodeEncodeError as error:
        params = {"encoding": template.encoding}
        raise Unusable(Problem("bank.encoding", params)) from error


def _last_line(template: BankTemplate, count: int, total: int) -> list[str]:
    said = {"word": template.total, "count": str(count), "sum": _yuan(total)}
    said["capital"] = capital(total)
    placed = {template.last[what]: value for what, value in said.items()}
    return [placed.get(key, "") for key, _ in template.columns]


def _yuan(fen: int) -> str:
    """Yuan without separators, as a bank's reader takes it: 100000 fen is 1000.00."""
    return f"{fen // 100}.{fen % 100:02}"


def read_back(path: Path | str, template: BankTemplate) -> BankFile:
    """Read a batch file that was written by `template`.

    Raises `Unusable` if the file cannot be opened, and `Broken` if it is not such a file or its
    last line does not agree with its lines in number, sum and capitals.
    """
    name = Path(path).name
    with open_regular(Path(path)) as file:
        content = file.read()
    try:
        text = io.StringIO(content.decode(template.encoding), newline="")
        rows = list(csv.reader(text, delimiter=template.delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Broken(Problem("bank.unreadable", {"file": name})) from error
    keys = [key for key, _ in template.columns]
    if (
        len(rows) < 2
        or rows[0] != [heading for _, heading in template.columns]
        or any(len(row) != len(keys) for row in rows)
    ):
        raise Broken(Problem("bank.unreadable", {"file": name}))
    found = [dict(zip(keys, row, strict=True)) for row in rows[1:-1]]
    lines = tuple(_line(cells, name, row) for row, cells in enumerate(found, 2))
    total = sum(line.amount for line in lines)
    batches = {cells["batch"] for cells in found}
    if len(batches) > 1 or rows[-1] != _last_line(template, len(lines), total):
        raise Broken(Problem("bank.control", {"file": name}))
    return BankFile(next(iter(batches), ""), lines, total)


def _line(cells: Mapping[str, str], name: str, row: int) -> BankLine:
    amount = parse_yuan(cells["amount"])
    if isinstance(amount, Problem):
        raise Broken(Problem("bank.unreadable", {"file": name}, row=row))
    rest = {key: cells[key] for key in ("voucher", "holder", "account", "bank", "remark")}
    return BankLine(amount=amount, **rest)
