"""Files as a society's offices send them: workbooks with titles and totals, and CSV in the two
encodings that are met, each district with its own headings and its own order of columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rcaid.demo.places import District
from rcaid.demo.rosters import FIELDS

Cell = str | int | float | date

_XLSX = ("HP", "CN", "JD", "QP", "CM")
_GB18030 = ("JA", "BS", "JS", "FX", "HK")
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "患者姓名", "救助对象"),
    "id_type": ("证件类型", "证件种类"),
    "number": ("证件号码", "身份证号", "身份证号码", "公民身份号码"),
    "head": ("户主证件号码", "户主身份证号"),
    "relation": ("与户主关系", "户主关系"),
    "guardian": ("监护人", "监护人姓名"),
    "phone": ("联系电话", "手机号", "电话"),
    "street": ("街道", "街镇", "所属街镇"),
    "address": ("地址", "家庭住址", "居住地址"),
    "category": ("类别", "救助类别", "病种"),
    "hardship": ("困难类型", "困难类别"),
    "hardship_until": ("困难证明有效期", "证明有效期至"),
    "payee": ("收款人", "收款人姓名", "户名"),
    "bank": ("开户行", "开户银行"),
    "account": ("银行账号", "银行卡号", "卡号"),
    "amount": ("金额", "金额（元）", "救助金额"),
    "item": ("物资", "发放物资"),
}
_MONEY = ("payee", "bank", "account", "amount")
_ORDERS = (
    FIELDS,
    ("street", *(f for f in FIELDS if f != "street")),
    (*FIELDS[:3], *FIELDS[6:12], *FIELDS[3:6], *FIELDS[12:]),
    ("category", *(f for f in FIELDS[:12] if f != "category"), "item", *FIELDS[12:16]),
)
_DATES = ("{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y年%m月%d日}", "{:%Y.%m.%d}")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a district lays out its rosters; ``encoding`` is empty for a workbook."""

    encoding: str
    fields: tuple[str, ...]
    headings: tuple[str, ...]
    serial: bool
    date_format: str
    decimals: int

    @property
    def ending(self) -> str:
        return "csv" if self.encoding else "xlsx"

    def heading(self, field: str) -> str:
        """The heading of a field as the file has it, or the usual one."""
        if field not in self.fields:
            return HEADINGS[field][0]
        return self.headings[self.fields.index(field)]


def encoding_of(district: District) -> str:
    """What a district's text files are written in."""
    return "gb18030" if district.letters in _GB18030 else "utf-8-sig"


def shape_of(district: District, goods_only: bool = False) -> Shape:
    """A district's layout; lists of goods alone have no columns for money."""
    i = district.index
    fields = tuple(f for f in _ORDERS[i % len(_ORDERS)] if not (goods_only and f in _MONEY))
    headings = {f: names[(i + n) % len(names)] for n, (f, names) in enumerate(HEADINGS.items())}
    workbook = district.letters in _XLSX
    return Shape(
        encoding="" if workbook else encoding_of(district),
        fields=fields,
        headings=tuple(headings[f] for f in fields),
        serial=i % 3 != 1,
        date_format="" if district.letters == "HP" else _DATES[i % len(_DATES)],
        decimals=0 if i % 3 == 0 else 2,
    )


class RosterFile:
    """One roster file being written; `add` gives the number of the row as the file counts."""

    def __init__(self, shape: Shape, district: District, title: str, day: str) -> None:
        self.shape = shape
        self._rows: list[list[Cell]] = []
        self._sum = 0
        self._titles = [title, f"填报单位：{district.name}红十字会　填报日期：{day}"]
        if district.index % 2:
            self._titles.append("")
        self._first = 2 if shape.encoding else len(self._titles) + 2

    def add(self, cells: dict[str, str]) -> int:
        """Append one row of canonical cells and return its row number, from 1."""
        row: list[Cell] = [self._cell(field, cells[field]) for field in self.shape.fields]
        if self.shape.serial:
            row.insert(
                0, len(self._rows) + 1 if not self.shape.encoding else str(len(self._rows) + 1)
            )
        self._rows.append(row)
        if cells["amount"].isdigit():
            self._sum += int(cells["amount"])
        return self._first + len(self._rows) - 1

    def write(self, path: Path) -> None:
        """Write the file; same rows, same bytes."""
        path.parent.mkdir(parents=True, exist_ok=True)
        header = ["序号"] * self.shape.serial + list(self.shape.headings)
        if self.shape.encoding:
            write_csv(path, header, self._rows, self.shape.encoding)
        else:
            self._write_workbook(path, header)

    def _cell(self, field: str, text: str) -> Cell:
        if field == "hardship_until" and text:
            day = date.fromisoformat(text)
            return self.shape.date_format.format(day) if self.shape.date_format else day
        if field == "amount" and text.isdigit():
            if not self.shape.encoding:
                return int(text)
            return f"{int(text):,}.00" if self.shape.decimals else text
        if field == "number" and "E+" in text and not self.shape.encoding:
            return 310199195001010000.0
        return text

    def _write_workbook(self, path: Path, header: list[str]) -> None:
        import xlsxwriter

        book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        book.set_properties({"author": "", "created": datetime(2022, 1, 1)})
        sheet = book.add_worksheet("名册")
        middle = book.add_format({"align": "center", "bold": True})
        bold = book.add_format({"bold": True})
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        for i, title in enumerate(self._titles):
            if title:
                sheet.merge_range(i, 0, i, len(header) - 1, title, middle)
        row = len(self._titles)
        for column, heading in enumerate(header):
            sheet.write_string(row, column, heading, bold)
        for cells in self._rows:
            row += 1
            for column, value in enumerate(cells):
                if isinstance(value, str):
                    if value:
                        sheet.write_string(row, column, value)
                elif isinstance(value, date):
                    sheet.write_datetime(row, column, value, days)
                else:
                    sheet.write_number(row, column, value)
        sheet.write_string(row + 1, 0, "合计", bold)
        if self._sum and self.shape.serial:
            sheet.write_number(row + 1, header.index(self.shape.heading("amount")), self._sum)
        book.close()


def write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], encoding: str = "utf-8-sig"
) -> None:
    """A CSV as spreadsheets write it, in UTF-8 with a mark unless told otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
