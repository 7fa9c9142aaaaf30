"""The fields of the filter language, and what their values stand for."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from rcaid.domain import deadlines


class Field(NamedTuple):
    """A field in both languages; ``kind`` is text, code, number, money, date, sex, flag or sort."""

    name: str
    chinese: str
    kind: str


Span = tuple[int | str | None, int | str | None]

_TABLE = """
case 案号 text|name 姓名 text|street 街道 text|district 区 text|committee 居委 text
age 年龄 number|sex 性别 sex|born 出生 date|programme 项目 text|cycle 期 text
category 类别 code|disease 病种 code|hardship 困难 code|step 环节 code
amount 金额 money|paid 已付 money|left 余额 money|n 件数 number
lane 通道 code|received 受理 date|due 期限 date|changed 变动 date|date 日期 date|helped 受助 date
missing 缺件 code|by 经办 text|roster 名册 text|batch 批次 text|fund 基金 text
event 灾害 text|donor 捐赠人 text|reason 原因 code|kind 种类 code|act 操作 code
is 标志 flag|sort 排序 sort
"""
FIELDS = {
    row.split()[0]: Field(*row.split())
    for line in _TABLE.strip().splitlines()
    for row in line.split("|")
}
_BY_NAME = {name: f for f in FIELDS.values() for name in (f.name, f.chinese)}
_BY_NAME |= {"state": FIELDS["step"], "状态": FIELDS["step"]}

_FLAGS = """
late 逾期|mine 我的|marked 已标记|draft 草稿|returned 已退回|answered 已补件|warned 有提示
stopped 已停|objected 有异议|suspended 已暂停|duplicate 疑似重复|changed 有变动
revealed 已显示|minor 未成年
"""
FLAGS = {
    name: row.split()[0]
    for line in _FLAGS.strip().splitlines()
    for row in line.split("|")
    for name in row.split()
}
"""Flags of ``is:`` by every name to the English one."""

DATE_WORDS = {
    name: english
    for english, chinese in {
        "today": "今天 今日",
        "yesterday": "昨天 昨日",
        "tomorrow": "明天 明日",
        "this-week": "本周",
        "this-month": "本月",
        "last-month": "上月",
    }.items()
    for name in (english, *chinese.split())
}

_UNITS = {"万": 10**4, "亿": 10**8}


def field_named(name: str) -> Field | None:
    """The field of an English or Chinese name, or None."""
    return _BY_NAME.get(name.casefold())


def fen_of(text: str) -> int:
    """Fen of a money value that was parsed: ``1.5万`` is 1,500,000."""
    unit = _UNITS.get(text[-1], 1)
    whole, _, decimals = text.rstrip("万亿").partition(".")
    return (int(whole) * 10**6 + int(decimals.ljust(6, "0"))) * unit * 100 // 10**6


def days_of(text: str, today: str) -> tuple[str, str]:
    """First and last day of a date value that was parsed; a month or a year is the whole of it."""
    if text[0] in "+-":
        n = int(text.rstrip("wd"))
        day = (deadlines.add_workdays if text.endswith("wd") else deadlines.add_days)(today, n)
        return day, day
    if text[0].isdigit():
        return _calendar_days(text)
    shifts = {"today": 0, "yesterday": -1, "tomorrow": 1}
    if text in shifts:
        day = deadlines.add_days(today, shifts[text])
        return day, day
    if text == "this-week":
        monday = deadlines.add_days(today, -date.fromisoformat(today).weekday())
        return monday, deadlines.add_days(monday, 6)
    first = today[:8] + "01"
    if text == "last-month":
        first = deadlines.add_months(first, -1)
    return first, deadlines.add_days(deadlines.add_months(first, 1), -1)


def _calendar_days(text: str) -> tuple[str, str]:
    year, *rest = (int(part) for part in text.split("-"))
    if not rest:
        return f"{year}-01-01", f"{year}-12-31"
    first = f"{year}-{rest[0]:02}-01"
    if len(rest) == 1:
        return first, deadlines.add_days(deadlines.add_months(first, 1), -1)
    day = f"{first[:8]}{rest[1]:02}"
    return day, day


def span_of(kind: str, op: str, low: str, high: str | None, today: str) -> Span:
    """First and last value, both included, that satisfy one value of a test: numbers, fen or ISO
    dates by ``kind``, None for an open end. ``high`` is None unless the value is a span."""
    first, last = _ends(kind, low, today)
    if high is not None:
        return first, _ends(kind, high, today)[1]
    if op == "<":
        return None, _beside(first, -1)
    if op == "<=":
        return None, last
    if op == ">":
        return _beside(last, 1), None
    return (first, None) if op == ">=" else (first, last)


def _ends(kind: str, text: str, today: str) -> Span:
    if not text:
        return None, None
    if kind == "date":
        return days_of(text, today)
    value = fen_of(text) if kind == "money" else int(text)
    return value, value


def _beside(value: int | str | None, step: int) -> int | str | None:
    if isinstance(value, str):
        return deadlines.add_days(value, step)
    return None if value is None else value + step
