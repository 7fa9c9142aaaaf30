"""Writes one clean roster of many rows, and a fresh store that takes it, for the benchmarks."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

from rcaid import data
from rcaid.domain.identity import make_number
from rcaid.services import programmes, society, staff
from rcaid.services.desk import Desk
from rcaid.services.importing import imports

ROWS = 98_400
CYCLE = "22A"
STREET_LOGIN = "street"
"""A caseworker of one street: whoever searches from there has three circles."""
HEADER = (
    "姓名", "证件类型", "证件号码", "户主证件号码", "与户主关系", "联系电话", "街道", "地址", "类别",
    "困难类型", "困难证明有效期", "开户行", "银行账号", "金额",
)  # fmt: skip
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧曾单仇"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂玉萍红梅华建国志文晓"
_CATEGORIES = ("肿瘤", "精神疾病", "失智", "麻风致残", "意外伤害", "因病致贫")
_HARDSHIP = ("低保", "特困供养", "低收入", "支出型贫困", "无")


def write_roster(path: Path, rows: int = ROWS, seed: int = 1, others: int = 0) -> None:
    """A UTF-8 file of 14 columns in Chinese; every number is made up and of region 310199.

    Files with another seed and ``others`` from 1 to 99 are of people born on the same days whom no
    other such file names.
    """
    rng = random.Random(seed)
    streets = [
        place.name
        for place in society.regions()
        if place.level == "street" and place.kind != "pseudo"
    ]
    names = [name for name in dict.fromkeys(streets) if streets.count(name) == 1]
    first = date(1930, 1, 1)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for n in range(rows):
            born = first + timedelta(days=n // 4 % 32_000)
            number = make_number(
                "310199", f"{born:%Y%m%d}", 1 + n % 4 * 200 + 2 * others + n // 128_000
            )
            name = rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2, 2))))
            writer.writerow(
                (
                    name, "居民身份证", number, "", "", f"13{rng.randrange(10**9):09}",
                    names[n * 7 % len(names)], f"{rng.randrange(1, 99)}弄{rng.randrange(1, 99)}号",
                    rng.choice(_CATEGORIES), rng.choice(_HARDSHIP), "2022-12-31",
                    "中国工商银行上海分行", f"62220210{rng.randrange(10**11):011}",
                    f"{rng.randrange(10, 100) * 10}.00",
                )
            )  # fmt: skip


def fresh_store(folder: Path, rows: int = ROWS, url: str = "") -> str:
    """A demo store with an open cycle whose quota holds all rows; returns its address."""
    url = url or str(folder / "rcaid.db")
    desk = society.initialise(
        url, society="bench", admin_login="admin", admin_name="管理员",
        key_file=folder / "demo.keys", demo=True,
    )  # fmt: skip
    duties = (
        "caseworker", "verifier", "reviewer", "approver", "preparer", "releaser", "auditor",
    )  # fmt: skip
    for duty in duties:
        staff.add(desk, f"sh-{duty}", duty, [(duty, "310000")])
    staff.add(desk, "sh-second", "second approver", [("approver", "310000")])
    staff.add(desk, STREET_LOGIN, "street", [("caseworker", _a_street(desk))])
    programmes.load(desk, data.text("programmes/qwr.toml"))
    approver = society.as_person(desk, "sh-approver")
    programmes.new_cycle(approver, "QWR", CYCLE, "bench", desk.day[:4] + "-01-01", ["1"])
    programmes.move_cycle(approver, CYCLE, "open")
    _quota(society.as_person(desk, "sh-reviewer"), folder, rows)
    desk.store.close()
    return url


def _a_street(desk: Desk) -> str:
    return min(o.code for o in desk.offices.all if o.level == "street" and not o.pseudo)


def _quota(desk: Desk, folder: Path, rows: int) -> None:
    sheet = folder / "quota.csv"
    with open(sheet, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("单位代码", "单位", "类别", "名额"))
        share = {"city": rows * 1000, "district": rows * 50, "street": rows}
        for office in desk.offices.all:
            if not office.pseudo:
                writer.writerow((office.code, office.name, "*", share[office.level]))
    imports.apply(desk, imports.plan(desk, sheet, "quota", cycle_code=CYCLE).path)
