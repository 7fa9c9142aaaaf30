"""The table of regions and the programmes that ship with the program."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter

import pytest

from rcaid import data
from rcaid.demo import transfers
from rcaid.demo.keyed import share_out
from rcaid.demo.places import LETTERS, districts
from rcaid.domain.money import announce_money

REGIONS = list(csv.DictReader(data.text("regions.csv").splitlines()))
STREETS = {
    "310101": 10, "310104": 14, "310105": 10, "310106": 14, "310107": 10, "310109": 8,
    "310110": 12, "310112": 14, "310113": 13, "310114": 12, "310115": 42, "310116": 11,
    "310117": 20, "310118": 11, "310120": 12, "310151": 21,
}  # fmt: skip


def test_shanghai_has_sixteen_districts_and_234_streets() -> None:
    assert Counter(r["parent"] for r in REGIONS if r["level"] == "street") == STREETS
    assert sum(STREETS.values()) == 234
    kinds = Counter(r["kind"] for r in REGIONS if r["level"] == "street")
    assert kinds == {"subdistrict": 107, "town": 106, "township": 2, "pseudo": 19}


def test_br_035_pseudo_units_are_those_with_a_tail_from_400_on() -> None:
    for row in REGIONS:
        if row["level"] == "street":
            assert (int(row["code"][6:]) >= 400) == (row["kind"] == "pseudo")


def test_abolished_districts_lead_to_one_that_still_is() -> None:
    by_code = {r["code"]: r for r in REGIONS}
    gone = [r for r in REGIONS if r["valid_to"]]
    assert len(gone) == 25
    for row in gone:
        seen = row
        while seen["successor"]:
            after = by_code[seen["successor"]]
            assert after["valid_from"] <= f"{int(seen['valid_to'][:4]) + 1}-01-01"
            assert not after["valid_to"] or after["valid_to"] > seen["valid_to"]
            seen = after
        assert seen["code"] in LETTERS
    assert by_code["310230"]["successor"] == "310151"


def test_districts_of_the_made_up_year_are_those_of_the_table() -> None:
    assert [d.code for d in districts()] == sorted(STREETS)
    assert len({d.letters for d in districts()}) == 16
    assert all(not street.pseudo for d in districts() for street in d.living)


@pytest.mark.parametrize(
    ("name", "code", "item", "value"),
    [("qwr", "QWR", "BOX", 17800), ("hlw", "HLW", "NURSE", 12000)],
)
def test_programmes_name_their_goods_and_cite_their_rules(
    name: str, code: str, item: str, value: int
) -> None:
    rules = tomllib.loads(data.text(f"programmes/{name}.toml"))
    assert rules["code"] == code
    assert rules["citation"]
    assert rules["quota"] is True
    assert [(i["code"], i["value_fen"]) for i in rules["items"]] == [(item, value)]
    assert rules["cap"]["person_fen_per_year"] == 100_000


def test_br_013_nursing_goods_have_an_age_floor_of_60() -> None:
    assert tomllib.loads(data.text("programmes/hlw.toml"))["eligible"]["min_age"] == 60


def test_sharing_out_loses_nothing() -> None:
    for total in (0, 1, 7, 98_437):
        parts = share_out(total, [3.0, 1.0, 0.5, 0.5])
        assert sum(parts) == total
        assert parts == sorted(parts, reverse=True)


def test_a_whole_year_gives_to_universities_and_regions_what_the_society_announced() -> None:
    sent = transfers.made(2022, 1.0)
    to_universities = [each for each in sent if each.programme == transfers.UNI]
    assert len({each.code for each in to_universities}) == 53
    assert announce_money(sum(each.fen for each in to_universities)) == "1048.2万元"
    to_regions = [each for each in sent if each.programme == transfers.AID]
    by_quake = {
        bool(disaster): sum(each.fen for each in to_regions if each.disaster == disaster)
        for disaster in {each.disaster for each in to_regions}
    }
    assert announce_money(by_quake[True]) == "210万余元"
    assert announce_money(by_quake[False]) == "286万元"
