"""Reads the made-up year again, knowing nothing of how it was made."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from python_calamine import CalamineWorkbook

FIELD_OF = {
    alias: field
    for field, aliases in {
        "name": "姓名 患者姓名 救助对象",
        "number": "证件号码 身份证号 身份证号码 公民身份号码",
        "head": "户主证件号码 户主身份证号",
        "relation": "与户主关系 户主关系",
        "guardian": "监护人 监护人姓名",
        "phone": "联系电话 手机号 电话",
        "street": "街道 街镇 所属街镇",
        "category": "类别 救助类别 病种",
        "hardship": "困难类型 困难类别",
        "payee": "收款人 收款人姓名 户名",
        "account": "银行账号 银行卡号 卡号",
        "amount": "金额 金额（元） 救助金额",
        "item": "物资 发放物资",
    }.items()
    for alias in aliases.split()
}
CATEGORIES = {"肿瘤", "精神疾病", "失智", "因病致贫", "意外伤害", "麻风致残"}
ITEMS = {"守“沪”家庭箱": 178, "护理物资": 120}
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]


def text_of(path: Path) -> str:
    """A text file by its mark or as GB18030."""
    content = path.read_bytes()
    marked = content.startswith(b"\xef\xbb\xbf")
    return content.decode("utf-8-sig" if marked else "gb18030")


def table(path: Path) -> list[list[object]]:
    """All rows of a file, from its first."""
    if path.suffix == ".xlsx":
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        return [list(row) for row in sheet.to_python(skip_empty_area=False)]
    return [list(row) for row in csv.reader(text_of(path).splitlines(keepends=True))]


def dicts(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV by heading."""
    return list(csv.DictReader(text_of(path).splitlines()))


def roster(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Data rows of a roster with their numbers, titles and totals left out."""
    rows = table(path)
    head = next(i for i, row in enumerate(rows) if sum(str(c) in FIELD_OF for c in row) > 8)
    names = [FIELD_OF.get(str(cell), "") for cell in rows[head]]
    for i, row in enumerate(rows[head + 1 :], head + 2):
        if row[0] != "合计":
            cells = {n: _plain(c) for n, c in zip(names, row, strict=True) if n}
            yield i, {"amount": "", **cells}


def _plain(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.5E}" if cell > 1e15 else f"{cell:.0f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def number_of(raw: str) -> str:
    """An identity number as it is stored: upper case, half width, eighteen places."""
    wide = str.maketrans("０１２３４５６７８９ＸｘX", "0123456789XXX")
    number = raw.translate(wide).replace(" ", "").upper()
    if re.fullmatch(r"\d{15}", number):
        number = number[:6] + "19" + number[6:]
        number += check(number)
    return number


def check(first17: str) -> str:
    return "10X98765432"[sum(w * int(c) for w, c in zip(WEIGHTS, first17, strict=True)) % 11]


def _number_fault(number: str) -> str:
    if "E+" in number:
        return "identity.scientific"
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "identity.date"
    if check(number[:17]) != number[17]:
        return "identity.rounded" if number.endswith("000") else "identity.checksum"
    return ""


def _amount_fault(amount: str) -> str:
    if not amount or re.fullmatch(r"[\d,]+(\.\d\d?)?", amount):
        return ""
    return "money.decimals" if re.fullmatch(r"[\d,]+\.\d+", amount) else "money.words"


def fault(cells: dict[str, str], streets: dict[str, str], seen: set[str]) -> str:
    """The code of what is wrong with a row, quotas apart, or nothing."""
    if any(not c.isprintable() and c != "\u3000" for cell in cells.values() for c in cell):
        return "text.control"
    number = number_of(cells["number"])
    if not cells["name"]:
        return "row.required"
    found = _number_fault(number) or _amount_fault(cells["amount"])
    if found:
        return found
    for field, known, code in (
        ("street", streets, "office.unknown"),
        ("category", CATEGORIES, "category.unknown"),
        ("item", {"", *ITEMS}, "item.unknown"),
    ):
        if cells[field] not in known:
            return code
    if not re.fullmatch(r"1[3-9]\d{9}", cells["phone"]):
        return "phone.scientific"
    if not cells["amount"] and not cells["item"]:
        return "row.nothing"
    return "row.repeated" if number in seen else ""


@dataclass(frozen=True)
class Listed:
    """An accepted line as the files have it."""

    case: str
    number: str
    household: str
    yuan: int
    item: str
    street: str
    cells: dict[str, str]


class Recount:
    """Everything read again: accepted lines, rejected rows, what was delivered."""

    def __init__(self, folder: Path, regions: list[dict[str, str]]) -> None:
        self.folder = folder
        self.streets = {
            letters: {r["name"]: r["code"] for r in regions if r["parent"] == code}
            for letters, code in districts(regions).items()
        }
        self.quota = {p.stem: self._quota(p) for p in sorted((folder / "quota").iterdir())}
        self.used: Counter[tuple[str, str, str]] = Counter()
        self.lines: dict[str, Listed] = {}
        self.rejected: dict[str, list[tuple[int, str]]] = {}
        self.rows: dict[str, int] = {}

    def _quota(self, path: Path) -> dict[tuple[str, str], int]:
        return {(r["单位代码"], r["类别"]): int(r["名额"]) for r in dicts(path)}

    def read(self, name: str) -> None:
        """Read one roster file, after those whose numbering it continues."""
        cycle, letters = name.split("/")[1], name.split("/")[2][:2]
        seen: set[str] = set()
        running = sum(case.startswith(f"{cycle}-{letters}-") for case in self.lines)
        self.rejected[name] = []
        for row, cells in roster(self.folder / name):
            self.rows[name] = self.rows.get(name, 0) + 1
            code = fault(cells, self.streets[letters], seen)
            street = self.streets[letters].get(cells["street"], "")
            code = code or self._take(cycle, street, cells["category"])
            if code:
                self.rejected[name].append((row, code))
                continue
            running += 1
            number = number_of(cells["number"])
            seen.add(number)
            yuan = int(float(cells["amount"].replace(",", "") or 0))
            household = cells["head"] or number
            case = f"{cycle}-{letters}-{running:05}"
            self.lines[case] = Listed(case, number, household, yuan, cells["item"], street, cells)

    def _take(self, cycle: str, street: str, category: str) -> str:
        for kind in (category, "*"):
            limit = self.quota[cycle].get((street, kind))
            if limit is not None and self.used[cycle, street, kind] >= limit:
                return "quota.full"
        for kind in (category, "*"):
            self.used[cycle, street, kind] += 1
        return ""

    def delivered(self) -> Iterator[tuple[str, int, str, int]]:
        """(case, round, C or K, yuan) of everything that arrived."""
        for path in sorted((self.folder / "deliveries").glob("*/*.csv")):
            for row in dicts(path):
                case, number = self._voucher(row["凭证号"], "K")
                assert self.lines[case].item == row["物资"]
                if row["是否发放"] == "是":
                    yield case, number, "K", ITEMS[row["物资"]]
        for path in sorted((self.folder / "bank").glob("22*/*.csv")):
            for row in dicts(path):
                case, number = self._voucher(row["凭证号"].removesuffix(".2"), "C")
                assert self.lines[case].yuan == float(row["金额"])
                if row["结果代码"] == "00":
                    yield case, number, "C", self.lines[case].yuan

    def _voucher(self, voucher: str, channel: str) -> tuple[str, int]:
        case, _, end = voucher.rpartition("-")
        assert end[1:] == channel
        return case, int(end[0])


def districts(regions: list[dict[str, str]]) -> dict[str, str]:
    letters = [
        "HP",
        "XH",
        "CN",
        "JA",
        "PT",
        "HK",
        "YP",
        "MH",
        "BS",
        "JD",
        "PD",
        "JS",
        "SJ",
        "QP",
        "FX",
        "CM",
    ]
    codes = [r["code"] for r in regions if r["level"] == "district" and not r["valid_to"]]
    return dict(zip(letters, sorted(codes), strict=True))
