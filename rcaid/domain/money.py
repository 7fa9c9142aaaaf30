"""Money in integer fen: reading it, printing it, writing it in capitals, announcing it."""

from __future__ import annotations

import re

from rcaid.domain.errors import Problem

MOST_FEN = 10**15
"""Ten million million yuan: far beyond any fund, and safe in 64 bits and in JSON."""
_FOLD = str.maketrans("０１２３４５６７８９．，－￥＋", "0123456789.,-¥+")
_AMOUNT = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?", re.ASCII)
_SCIENTIFIC = re.compile(r"[-+]?\d+(\.\d*)?[eE][-+]?\d+", re.ASCII)
_YUAN = re.compile(r"^(?:¥|(?:CNY|RMB|人民币)\s*¥?)|\s*(?:元|圆|CNY|RMB)$", re.IGNORECASE)
_FOREIGN = re.compile(
    r"[$€£₽₩₹฿₫₺₴₦₱]|^(?!CNY|RMB)[A-Z]{3}\s*\d|\d\s*(?:(?!CNY|RMB)[A-Z]{3}|美元|欧元|英镑|日元|港币|港元|澳门元)$",
    re.IGNORECASE,
)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_WAN, _YI = 10**4, 10**8


def parse_yuan(text: str) -> int | Problem:
    """Fen of an amount in yuan as people write it: ``1000``, ``1,000.50``, ``¥1000.00``,
    full-width digits, CNY or 人民币. Three decimals, 3.1E+5, a negative amount, other currencies and
    words are refused."""
    folded = text.strip().translate(_FOLD)
    if _FOREIGN.search(folded):
        return Problem("money.currency", value=text)
    bare = _YUAN.sub("", folded).strip()
    if not bare:
        return Problem("money.empty", value=text)
    if _SCIENTIFIC.fullmatch(bare):
        return Problem("money.scientific", value=text)
    if bare[0] == "-" and _AMOUNT.fullmatch(bare[1:].lstrip("¥")):
        return Problem("money.negative", value=text)
    match = _AMOUNT.fullmatch(bare)
    if match is None:
        return Problem("money.words", value=text)
    yuan_text, decimals = match[1].replace(",", ""), match[2] or ""
    if len(decimals) > 2:
        return Problem("money.decimals", value=text)
    if len(yuan_text) > 16:
        return Problem("money.too_large", value=text)
    fen = int(yuan_text) * 100 + int(decimals.ljust(2, "0"))
    return fen if fen <= MOST_FEN else Problem("money.too_large", value=text)


def yuan(fen: int) -> str:
    """``100000`` fen is ``1,000.00``."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}{whole:,}.{rest:02}"


def capital(fen: int) -> str:
    """The amount in capitals for receipts and vouchers (BR-077): 1005.30 is 壹仟零伍元叁角整."""
    if not 0 <= fen <= MOST_FEN:
        raise ValueError(f"no capital amount for {fen} fen")
    whole, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    text = _integer(whole) + "元" if whole else ""
    if not rest:
        return (text or "零元") + "整"
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif whole:
        text += "零"
    return text + (_DIGITS[cents] + "分" if cents else "整")


def _integer(n: int) -> str:
    for size, name in ((_YI, "亿"), (_WAN, "万"), (1000, "仟"), (100, "佰"), (10, "拾")):
        if n >= size:
            high, low = divmod(n, size)
            gap = "零" if 0 < low < size // 10 else ""
            return _integer(high) + name + gap + (_integer(low) if low else "")
    return _DIGITS[n]


def announce(value: int, unit: str) -> str:
    """A count as it is announced (BR-076): 98,400 is ``9.84万人次``, 98,437 ``9.84万余人次``.
    ``unit`` is the Chinese word, for example 人次 or 户."""
    if value < 0:
        raise ValueError("only what was reached is announced")
    if value < _WAN:
        return f"{value}{unit}"
    return _announced(value, 1, unit)


def announce_money(fen: int) -> str:
    """Money as it is announced (BR-076): 1,756,321,000 fen is ``1756万余元``."""
    if fen < 0:
        raise ValueError("only what was given is announced")
    if fen < _WAN * 100:
        whole, rest = divmod(fen, 100)
        return f"{whole}.{rest:02}元" if rest else f"{whole}元"
    return _announced(fen, 100, "元")


def _announced(value: int, scale: int, unit: str) -> str:
    """Below 100 of 万 or 亿 two decimals are printed, from 100 on one if that is exact and whole
    ones if not (¥2,103,400 is 210万余元); what is cut off is told by 余, nothing is rounded up."""
    size, name = (_YI, "亿") if value >= _YI * scale else (_WAN, "万")
    hundredths, over = divmod(value, size * scale // 100)
    if hundredths >= 100 * 100 and (over or hundredths % 10):
        hundredths, over = hundredths // 100 * 100, 1
    whole, decimals = divmod(hundredths, 100)
    number = f"{whole}.{decimals:02}".rstrip("0") if decimals else f"{whole}"
    return f"{number}{name}{'余' if over else ''}{unit}"
