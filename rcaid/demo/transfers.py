"""Help of the made-up year that no roster lists: universities, other regions, an earthquake.

Two files are written as a society keeps them, a row for each transfer; what they come to is
planted in the truth.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from rcaid.demo.handouts import later
from rcaid.demo.keyed import share_out, stream
from rcaid.demo.sheets import write_csv

FOLDER = "transfers"
UNIVERSITIES, REGIONS = f"{FOLDER}/universities.csv", f"{FOLDER}/regions.csv"
UNI, AID = "UNI", "AID"
FILES = {UNI: UNIVERSITIES, AID: REGIONS}
QUAKE = ("EQ-2022-09", "泸定地震", "earthquake", "四川泸定", "2022-09-05")
LOTS = (
    ("FOOD", "FOOD-2022-04", 6_000),
    ("CARE", "CARE-2022-04", 10_000),
    ("RESCUE", "RESCUE-2022-07", 20_000),
)
"""Item, lot and value of a unit in fen of the goods that go to institutions."""
HEADINGS = ("受赠单位代码", "受赠单位", "类型", "地区", "灾害", "用途", "金额", "物资", "数量", "日期", "收讫日期")  # fmt: skip

RECOVERY = "灾后重建"

_COUNT = 53
_TO_UNIVERSITIES = (("FOOD", 69_880), ("CARE", 62_892))
_VALUE = {item: fen for item, _, fen in LOTS}
# Code, name, place; then day, purpose, yuan, rescue goods; the disaster for the earthquake alone.
_SOCIETIES = (
    ("RC-HK", "香港红十字会", "香港", "2022-03-10", "抗疫", 1_200_000, 0, ""),
    ("RC-HI", "海南省红十字会", "海南", "2022-08-12", "抗疫", 500_000, 1_500, ""),
    ("RC-XZ", "西藏自治区红十字会", "西藏", "2022-08-26", "抗疫", 360_000, 2_500, ""),
    ("RC-SC", "四川省红十字会", "四川", "2022-09-07", "救灾救援", 803_400, 1_000, QUAKE[0]),
    ("RC-SC", "四川省红十字会", "四川", "2022-11-10", RECOVERY, 1_100_000, 0, QUAKE[0]),
)
_NAMES = ("理工", "师范", "工程", "医药", "财经", "海洋", "外国语", "政法", "音乐", "体育", "建筑", "电力", "应用技术")  # fmt: skip


class Sent(NamedTuple):
    """One transfer as its file has it; ``yuan`` and ``goods`` (item, quantity) may be nothing."""

    programme: str
    code: str
    name: str
    kind: str
    place: str
    disaster: str
    purpose: str
    yuan: int
    goods: tuple[tuple[str, int], ...]
    day: str
    arrives: str

    @property
    def fen(self) -> int:
        """Cash and goods together, in fen."""
        return self.yuan * 100 + sum(_VALUE[item] * qty for item, qty in self.goods)


def made(seed: int, scale: float) -> list[Sent]:
    """Every transfer of the year, by programme and day."""
    return [*_to_universities(seed, scale), *_to_regions(scale)]


def _to_universities(seed: int, scale: float) -> Iterator[Sent]:
    rng = stream(seed, "universities")
    count = max(3, min(_COUNT, round(_COUNT * scale)))
    weights = [rng.uniform(0.4, 1.6) for _ in range(count)]
    parts = [
        (item, share_out(max(count, round(n * scale)), weights)) for item, n in _TO_UNIVERSITIES
    ]
    for i in range(count):
        name = f"申城{_NAMES[i % len(_NAMES)]}大学" + (f"{i // len(_NAMES) + 1}校区" if i >= len(_NAMES) else "")  # fmt: skip
        day = later("2022-04-11", i % 30)
        goods = tuple((item, shares[i]) for item, shares in parts if shares[i])
        yield Sent(
            UNI, f"U{i + 1:02}", name, "university", "上海", "", "校园保供", 0, goods, day,
            later(day, 3),
        )  # fmt: skip


def _to_regions(scale: float) -> Iterator[Sent]:
    for code, name, place, day, purpose, yuan, rescue, disaster in _SOCIETIES:
        goods = (("RESCUE", max(1, round(rescue * scale))),) if rescue else ()
        yield Sent(
            AID, code, name, "society", place, disaster, purpose, max(1, round(yuan * scale)),
            goods, day, later(day, 9),
        )  # fmt: skip


def write(folder: Path, seed: int, scale: float) -> dict[str, dict[str, int]]:
    """Writes both files; returns what arrives, by programme and disaster: receivers and fen."""
    sent = made(seed, scale)
    for programme, file in FILES.items():
        rows = [_row(each, *goods) for each in sent if each.programme == programme
                for goods in each.goods or (("", 0),)]  # fmt: skip
        write_csv(folder / file, HEADINGS, rows)
    receivers: dict[str, set[str]] = defaultdict(set)
    fen: dict[str, int] = defaultdict(int)
    for each in sent:
        key = f"{each.programme} {each.disaster}".strip()
        receivers[key].add(each.code)
        fen[key] += each.fen
    return {key: {"receivers": len(receivers[key]), "value_fen": fen[key]} for key in sorted(fen)}


def _row(sent: Sent, item: str, qty: int) -> tuple[str, ...]:
    first = not sent.goods or item == sent.goods[0][0]
    return (
        sent.code, sent.name, sent.kind, sent.place, sent.disaster, sent.purpose,
        str(sent.yuan) if sent.yuan and first else "", item, str(qty) if qty else "", sent.day,
        sent.arrives,
    )  # fmt: skip


def read(folder: Path, programme: str) -> list[Sent]:
    """The transfers of a programme's file, rows of one receiver and day together."""
    path = folder / FILES[programme]
    found: dict[tuple[str, str], dict[str, Any]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            one = found.setdefault((row["日期"], row["受赠单位代码"]), {**row, "goods": []})
            one["金额"] = one["金额"] or row["金额"]
            if row["物资"]:
                one["goods"].append((row["物资"], int(row["数量"])))
    return [
        Sent(
            programme, one["受赠单位代码"], one["受赠单位"], one["类型"], one["地区"], one["灾害"],
            one["用途"], int(one["金额"] or 0), tuple(one["goods"]), one["日期"], one["收讫日期"],
        )
        for one in found.values()
    ]  # fmt: skip
