"""Identity documents, phones and accounts: checking, upgrading, masking, making up.

The number of a resident (GB 11643) has 18 places: region, birth date, sequence, check character
by ISO 7064 MOD 11-2. Length, date and check are hard; the region is only ever a hint (BR-002).
"""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

from rcaid.domain.errors import Problem

RESIDENT_ID = "RESIDENT_ID"
HMT_PERMIT_RESIDENCE = "HMT_PERMIT_RESIDENCE"
FOREIGN_PR_2023 = "FOREIGN_PR_2023"
NONE = "NONE"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_OLDEST = "1850"
_FOLD = str.maketrans(
    {p: p - 0xFEE0 for p in range(0xFF01, 0xFF5F)} | dict.fromkeys(map(ord, " \t\u00a0\u3000'"), "")
)
_SCIENTIFIC = re.compile(r"\d+(\.\d*)?E\+?\d+", re.ASCII)
_HMT_PREFIXES = ("810000", "820000", "830000")

_FORMATS = {
    "HK_MACAU_PASS": r"[HM]\d{8}(\d{2})?",
    "TAIWAN_PASS": r"\d{8}|\d{10}[A-Z]",
    "FOREIGN_PR_OLD": r"[A-Z]{3}\d{12}",
    "PASSPORT": r"[A-Z0-9]{5,20}",
    "BIRTH_CERT": r"[A-Z]\d{9}",
    "HUKOU_NO": r".{1,40}",
    "OFFICER": r".{1,40}",
    "SOLDIER": r".{1,40}",
    "UNVERIFIED": r".{1,40}",
    "OTHER": r".{1,40}",
}
_PATTERNS = {kind: re.compile(text, re.ASCII) for kind, text in _FORMATS.items()}
KINDS = (RESIDENT_ID, HMT_PERMIT_RESIDENCE, FOREIGN_PR_2023, *_FORMATS, NONE)
"""Every kind of document; NONE is a person without any, who is helped all the same."""

_KIND_NAMES = {
    RESIDENT_ID: "居民身份证 身份证 二代身份证 第二代身份证 一代身份证 residentid idcard id",
    HMT_PERMIT_RESIDENCE: "港澳台居民居住证 港澳居民居住证 台湾居民居住证 hmtresidencepermit",
    "HK_MACAU_PASS": "回乡证 港澳居民来往内地通行证 港澳通行证 homereturnpermit",
    "TAIWAN_PASS": "台胞证 台湾居民来往大陆通行证 taiwanpass",
    FOREIGN_PR_2023: "外国人永久居留 外国人永久居留身份证 外国人永久居留证 foreignpermanentresident",
    "FOREIGN_PR_OLD": "旧版外国人永久居留证",
    "PASSPORT": "护照 passport",
    "BIRTH_CERT": "出生医学证明 出生证 出生证明 birthcertificate",
    "HUKOU_NO": "户口簿 户口本 householdregister",
    "OFFICER": "军官证 officer",
    "SOLDIER": "士兵证 soldier",
    "UNVERIFIED": "未核实 unverified",
    NONE: "无 无证件 无证 none",
    "OTHER": "其他 其它 其他证件 other",
}
_KINDS_BY_NAME = {name: kind for kind, listed in _KIND_NAMES.items() for name in listed.split()}
_KINDS_BY_NAME |= {kind.casefold().replace("_", ""): kind for kind in KINDS}

_PROVINCES = {
    *map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55))),
    *map(str, (*range(61, 66), 71, 81, 82, 83)),
}
_DISTRICTS = frozenset(
    f"310{n}" for n in (101, 104, 105, 106, 107, 109, 110, 112, 113, 114, 115, 116, 117, 118, 120)
) | {"310151"}
_ABOLISHED = {
    "310102": "南市区", "310103": "卢湾区", "310108": "闸北区", "310111": "吴淞区",
    "310119": "南汇区", "310201": "上海县", "310202": "嘉定县", "310203": "宝山县",
    "310204": "川沙县", "310205": "南汇县", "310206": "奉贤县", "310207": "松江县",
    "310208": "金山县", "310209": "青浦县", "310210": "崇明县", "310221": "上海县",
    "310222": "嘉定县", "310223": "宝山县", "310224": "川沙县", "310225": "南汇县",
    "310226": "奉贤县", "310227": "松江县", "310228": "金山县", "310229": "青浦县",
    "310230": "崇明县",
}  # fmt: skip


class Identity(NamedTuple):
    """A checked document. ``number`` is the stored form (18 places, upper case, 15 upgraded),
    ``original`` what was typed, without spaces; ``sex`` M, F or ""; ``birth_date`` ISO or "";
    ``region_hint`` the name of an abolished place, "unknown", or "" when there is nothing to say.
    """

    kind: str
    number: str
    original: str
    sex: str
    birth_date: str
    region_hint: str


class _Memo(dict[str, int]):
    """Weighted sums of a part of the number, made at first use; KeyError for what is not plain
    digits, so that any doubt ends on the slow path."""

    def __init__(self, first: int, last: int) -> None:
        self._weights = _WEIGHTS[first:last]

    def __missing__(self, part: str) -> int:
        if not (part.isascii() and part.isdigit()) or not self._allows(part):
            raise KeyError(part)
        if len(self) > 20_000:
            self.clear()
        self[part] = result = sum(int(d) * w for d, w in zip(part, self._weights, strict=True)) % 11
        return result

    def _allows(self, part: str) -> bool:
        return True


class _Prefixes(_Memo):
    def _allows(self, part: str) -> bool:
        return part[0] != "9" and part not in _HMT_PREFIXES


class _Years(_Memo):
    def _allows(self, part: str) -> bool:
        return part >= _OLDEST


class _Tails(dict[str, tuple[int, str]]):
    """The last four: their part of the sum, check character included, and the sex."""

    def __missing__(self, tail: str) -> tuple[int, str]:
        if not (tail.isascii() and tail[:3].isdigit() and tail[3] in "0123456789X"):
            raise KeyError(tail)
        check = 10 if tail[3] == "X" else int(tail[3])
        total = sum(int(d) * w for d, w in zip(tail[:3], _WEIGHTS[14:], strict=True)) + check
        self[tail] = result = (total % 11, "FM"[int(tail[2]) % 2])
        return result


_PREFIX, _YEAR, _TAIL = _Prefixes(0, 6), _Years(6, 10), _Tails()


def _days() -> dict[str, tuple[int, str]]:
    """Month and day: their part of the sum, and the text. A leap day takes the slow path."""
    days = {}
    for month in range(1, 13):
        for day in range(1, 32 if month in (1, 3, 5, 7, 8, 10, 12) else 31 if month != 2 else 29):
            part = f"{month:02}{day:02}"
            total = sum(int(d) * w for d, w in zip(part, _WEIGHTS[10:14], strict=True))
            days[part] = (total, f"-{month:02}-{day:02}")
    return days


_DAY = _days()


class _Hints(dict[str, str]):
    def __missing__(self, prefix: str) -> str:
        if len(self) > 20_000:
            self.clear()
        if prefix in _DISTRICTS:
            hint = ""
        elif prefix in _ABOLISHED:
            hint = _ABOLISHED[prefix]
        else:
            hint = "" if prefix[:2] in _PROVINCES and prefix[:2] != "31" else "unknown"
        self[prefix] = hint
        return hint


_HINTS = _Hints()


def check(number: str, kind: str = RESIDENT_ID, today: str = "") -> Identity | Problem:
    """The identity a number stands for, or what is wrong with it (BR-001 to 006).

    ``today`` is the ISO date no birth may lie after; it must be given for kinds with a birth date.
    """
    if kind == RESIDENT_ID and len(number) == 18:
        year, tail = number[6:10], number[14:]
        try:
            day_sum, day = _DAY[number[10:14]]
            tail_sum, sex = _TAIL[tail]
            total = _PREFIX[number[:6]] + _YEAR[year] + day_sum + tail_sum
        except KeyError:
            return _check_slowly(number, kind, today)
        born = year + day
        if total % 11 == 1 and born <= today:
            return Identity(kind, number, number, sex, born, _HINTS[number[:6]])
    return _check_slowly(number, kind, today)


def _check_slowly(number: str, kind: str, today: str) -> Identity | Problem:
    folded = number.translate(_FOLD).upper()
    if kind == NONE:
        return Problem("identity.not_none", value=number) if folded else Identity(NONE, *[""] * 5)
    if not folded:
        return Problem("identity.empty", value=number)
    if kind in (RESIDENT_ID, HMT_PERMIT_RESIDENCE, FOREIGN_PR_2023):
        if not today:
            raise ValueError("a birth date needs a today to be judged by")
        return _check_resident(number, folded, kind, today)
    pattern = _PATTERNS.get(kind)
    if pattern is None:
        return Problem("identity.kind", {"kind": kind}, value=number)
    if _SCIENTIFIC.fullmatch(folded):
        return Problem("identity.scientific", value=number)
    if pattern.fullmatch(folded) is None:
        return Problem("identity.format", {"kind": kind}, value=number)
    return Identity(kind, folded, folded, "", "", "")


def _check_resident(raw: str, folded: str, kind: str, today: str) -> Identity | Problem:
    code = _shape_problem(folded)
    if code:
        return Problem(code, {"length": len(folded)}, value=raw)
    full = upgrade(folded) if len(folded) == 15 else folded
    try:
        born = datetime.date(int(full[6:10]), int(full[10:12]), int(full[12:14])).isoformat()
    except ValueError:
        return Problem("identity.date", value=raw)
    if born < _OLDEST:
        return Problem("identity.date", value=raw)
    if born > today:
        return Problem("identity.future", {"born": born}, value=raw)
    if check_character(full[:17]) != full[17]:
        code = "identity.rounded" if full.endswith("000") else "identity.checksum"
        return Problem(code, value=raw)
    found = _kind_by_prefix(full)
    if kind not in (found, RESIDENT_ID):
        return Problem("identity.format", {"kind": kind}, value=raw)
    hint = "" if found == FOREIGN_PR_2023 else _HINTS[full[:6]]
    return Identity(found, full, folded, "FM"[int(full[16]) % 2], born, hint)


def _shape_problem(folded: str) -> str:
    if _SCIENTIFIC.fullmatch(folded):
        return "identity.scientific"
    if re.fullmatch(r"\d{15,18}\.0+", folded, re.ASCII):
        return "identity.rounded"
    body = folded.removesuffix("X") if len(folded) == 18 else folded
    if not (body.isascii() and body.isdigit()):
        return "identity.letters"
    return "" if len(folded) in (15, 18) else "identity.length"


def _kind_by_prefix(full: str) -> str:
    if full.startswith(_HMT_PREFIXES):
        return HMT_PERMIT_RESIDENCE
    return FOREIGN_PR_2023 if full[0] == "9" else RESIDENT_ID


def check_character(first17: str) -> str:
    """The last character of an 18-place number, by ISO 7064 MOD 11-2."""
    return _CHECKS[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def upgrade(number15: str) -> str:
    """The 18-place form of a first-generation number (BR-004); sequences 996 to 999 were given
    to those born in the century before."""
    century = "18" if number15[12:] >= "996" else "19"
    body = number15[:6] + century + number15[6:]
    return body + check_character(body)


def make_number(prefix6: str, birth: str, seq: int) -> str:
    """A made-up number with the right check character: ``birth`` is YYYYMMDD, an odd ``seq`` a
    man. Use region 310199, which nobody's number has."""
    body = f"{prefix6}{birth}{seq:03}"
    return body + check_character(body)


def kind_of(text: str) -> str | None:
    """The kind of document a Chinese or English name or a code means, or None."""
    folded = text.translate(_FOLD).casefold()
    return _KINDS_BY_NAME.get(re.sub(r"\(.*\)|[_\-]", "", folded))


def _starred(text: str, first: int, last: int) -> str:
    if len(text) <= first + last:
        first, last = 0, min(last, len(text) // 3)
    return f"{text[:first]}{'*' * (len(text) - first - last)}{text[len(text) - last :]}"


def mask_number(number: str) -> str:
    """First three and last four of an identity number."""
    return _starred(number, 3, 4)


def mask_phone(phone: str) -> str:
    """138****5678."""
    return _starred(phone, 3, 4)


def mask_account(account: str) -> str:
    """The last four of an account."""
    return _starred(account, 0, 4)


def check_phone(text: str) -> str | Problem:
    """Digits of a mobile (11) or of a landline with its area code or without; +86, spaces,
    hyphens and full-width digits are folded away. Numbers abroad keep their ``+``."""
    folded = text.translate(_FOLD).upper().removesuffix(".0")
    if not folded:
        return Problem("phone.empty", value=text)
    if _SCIENTIFIC.fullmatch(folded):
        return Problem("phone.scientific", value=text)
    digits = re.sub(r"[-()\u2013\u2014]", "", folded)
    home = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", digits)
    if re.fullmatch(r"1[3-9]\d{9}|0(10|2\d|[3-9]\d{2})[2-9]\d{6,7}|[2-9]\d{7}", home, re.ASCII):
        return home
    abroad = re.fullmatch(r"(\+|00)([1-9]\d{6,14})", digits, re.ASCII)
    if abroad and not abroad[2].startswith("86"):
        return "+" + abroad[2]
    return Problem("phone.format", value=text)


def check_account(text: str) -> str | Problem:
    """Digits of a bank account or card, 8 to 30; spaces and hyphens are folded away. Cards have
    16 to 19 and satisfy `luhn`, old passbooks need not: that is a warning at most."""
    folded = text.translate(_FOLD).upper().replace("-", "")
    if not folded:
        return Problem("account.empty", value=text)
    if _SCIENTIFIC.fullmatch(folded):
        return Problem("account.scientific", value=text)
    if not (folded.isascii() and folded.isdigit()):
        return Problem("account.letters", value=text)
    if not 8 <= len(folded) <= 30:
        return Problem("account.length", {"length": len(folded)}, value=text)
    beyond = folded[15:]
    if len(beyond) >= 2 and not beyond.strip("0") and not luhn(folded):
        return Problem("account.rounded", value=text)
    return folded


def luhn(digits: str) -> bool:
    """Whether a card number satisfies the Luhn check; a warning only."""
    doubled = "0246813579"
    return (
        sum(int(d if i % 2 == 0 else doubled[int(d)]) for i, d in enumerate(reversed(digits))) % 10
        == 0
    )
