"""The wrong rows of a roster, each wrong in one way, with the code its rejection must carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType

from rcaid.domain.identity import check_character

Cells = dict[str, str]

WORDS = ("三百元", "壹佰元整", "同上", "待定")
NO_STREET = ("东风新村街道", "红旗镇", "解放街道", "胜利乡")
NO_CATEGORY = ("高血压", "其他", "感冒")
NO_ITEM = ("大米", "食用油", "口罩")


def _checksum(rng: Random, cells: Cells) -> None:
    number = cells["number"]
    right = number[-1]
    cells["number"] = number[:17] + rng.choice([c for c in "123456789X" if c != right])


def _scientific(rng: Random, cells: Cells) -> None:
    cells["number"] = "3.10199E+17"


def _rounded(rng: Random, cells: Cells) -> None:
    """What a spreadsheet leaves of eighteen digits: fifteen, and zeros."""
    for last in range(10):
        first15 = cells["number"][:14] + str((int(cells["number"][14]) + last) % 10)
        if check_character(first15 + "00") != "0":
            cells["number"] = first15 + "000"
            return


def _date(rng: Random, cells: Cells) -> None:
    """The check digit is right and the day does not exist."""
    number = cells["number"]
    wrong = rng.choice(("0230", "0431", "1332", "0670"))
    first17 = number[:10] + wrong + number[14:17]
    cells["number"] = first17 + check_character(first17)


def _set(field: str, *values: str) -> Callable[[Random, Cells], None]:
    def plant(rng: Random, cells: Cells) -> None:
        cells[field] = rng.choice(values)

    return plant


def _phone(rng: Random, cells: Cells) -> None:
    cells["phone"] = f"{cells['phone'][0]}.{cells['phone'][1:3]}E+10"


def _decimals(rng: Random, cells: Cells) -> None:
    cells["amount"] = f"{cells['amount']}.555"


def _nothing(rng: Random, cells: Cells) -> None:
    for field in ("amount", "item", "payee", "bank", "account"):
        cells[field] = ""


def _control(rng: Random, cells: Cells) -> None:
    mark = rng.choice(("\x07", "\x1b[31m", "\x1b]0;", "\x08"))
    cells["name"] = cells["name"][0] + mark + cells["name"][1:]


# code: (field that is wrong, how)
_FAULTS: Mapping[str, tuple[str, Callable[[Random, Cells], None]]] = MappingProxyType(
    {
        "identity.checksum": ("number", _checksum),
        "identity.scientific": ("number", _scientific),
        "identity.rounded": ("number", _rounded),
        "identity.date": ("number", _date),
        "row.required": ("name", _set("name", "")),
        "phone.scientific": ("phone", _phone),
        "money.words": ("amount", _set("amount", *WORDS)),
        "money.decimals": ("amount", _decimals),
        "office.unknown": ("street", _set("street", *NO_STREET)),
        "category.unknown": ("category", _set("category", *NO_CATEGORY)),
        "text.control": ("name", _control),
        "item.unknown": ("item", _set("item", *NO_ITEM)),
        "row.nothing": ("amount", _nothing),
    }
)
REPEATED, QUOTA_FULL = "row.repeated", "quota.full"
FIELD_OF: Mapping[str, str] = MappingProxyType(
    {code: field for code, (field, _) in _FAULTS.items()}
    | {REPEATED: "number", QUOTA_FULL: "street"}
)

ROSTER_CODES = (*_FAULTS, REPEATED)
"""What a list with cash can be wrong in, a full quota apart."""
GOODS_CODES = tuple(code for code in ROSTER_CODES if not code.startswith("money."))
"""What a list of goods alone can be wrong in."""


def plant(rng: Random, code: str, cells: Cells) -> Cells:
    """The cells of a good row with that fault in them."""
    wrong = dict(cells)
    _FAULTS[code][1](rng, wrong)
    return wrong
