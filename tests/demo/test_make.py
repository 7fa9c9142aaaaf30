"""The made-up year: exact, repeatable, and what it says of itself is what its files hold."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from rcaid import data
from rcaid.demo import plan
from rcaid.demo.make import make, targets
from rcaid.demo.truth import Count, Truth
from rcaid.domain.errors import Unusable
from tests.demo.recount import Recount, dicts, number_of, roster, text_of

REGIONS = list(csv.DictReader(data.text("regions.csv").splitlines()))
CODES = {
    "identity.checksum", "identity.scientific", "identity.rounded", "identity.date",
    "row.required", "row.repeated", "row.nothing", "phone.scientific", "money.words",
    "money.decimals", "office.unknown", "category.unknown", "item.unknown", "quota.full",
    "text.control",
}  # fmt: skip


def contents(folder: Path) -> dict[str, bytes]:
    files = (p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


def recounted(folder: Path) -> Recount:
    found = Recount(folder, REGIONS)
    truth = Truth.load(folder)
    for name in sorted(truth.files, key=lambda name: (truth.files[name].part, name)):
        found.read(name)
    return found


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    make(folder, scale=0.01)
    return folder


@pytest.fixture(scope="module")
def tenth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tenth")
    make(folder, scale=0.1)
    return folder


def test_same_seed_and_scale_make_the_same_bytes(small: Path, tmp_path: Path) -> None:
    make(tmp_path, scale=0.01)
    assert contents(tmp_path) == contents(small)


def test_another_seed_makes_other_people_and_other_sums(small: Path, tmp_path: Path) -> None:
    truth = make(tmp_path, scale=0.01, seed=7)
    other = Truth.load(small)
    assert truth.totals["QWR"].value_fen != other.totals["QWR"].value_fen
    assert abs(truth.totals["QWR"].person_times - 984) <= 20
    assert (tmp_path / "deaths.csv").read_bytes() != (small / "deaths.csv").read_bytes()


def test_a_new_year_replaces_the_old_one_and_spares_what_lies_beside_it(tmp_path: Path) -> None:
    make(tmp_path, scale=0.01, seed=7)
    (tmp_path / "demo.keys").write_text("mine")
    stale = tmp_path / "rosters" / "22A" / "stale.csv"
    stale.write_text("old")
    make(tmp_path, scale=0.01, seed=8)
    assert Truth.load(tmp_path).seed == 8
    assert (tmp_path / "demo.keys").read_text() == "mine"
    assert not stale.exists()


def test_a_folder_of_other_things_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(Unusable) as refused:
        make(tmp_path, scale=0.01)
    assert refused.value.problems[0].code == "demo.folder"
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


@pytest.mark.parametrize("scale", [0.0, 0.009, 24.1, -1.0])
def test_a_scale_out_of_range_is_refused(scale: float, tmp_path: Path) -> None:
    with pytest.raises(Unusable) as refused:
        make(tmp_path / "year", scale=scale)
    assert refused.value.problems[0].code == "demo.scale"


def test_the_year_of_2022_is_aimed_at_exactly() -> None:
    assert targets(1.0, 2022) == (98_437, 17_563_210)
    assert targets(0.1, 2022) == (9_844, 1_756_320)
    assert targets(0.01, 2022) == (984, 175_630)


def test_totals_come_out_at_exactly_what_was_aimed_at(tenth: Path) -> None:
    truth = Truth.load(tenth)
    total = truth.totals["QWR"]
    assert (total.person_times, total.value_fen) == (9_844, 175_632_000)
    assert total.value_fen == total.cash_fen + total.kits_fen
    assert total.persons < total.person_times
    assert total.households < total.persons
    assert total.entitled == total.person_times + total.deceased + lost(truth)
    assert truth.totals["HLW"].person_times > 0


def lost(truth: Truth) -> int:
    rounds = [truth.rounds[name] for name in ("22A-1", "22A-2", "22B-1")]
    return sum(r.entitled - r.person_times - r.deceased for r in rounds)


def test_the_full_year_is_98437_person_times_worth_17563210_yuan(tmp_path: Path) -> None:
    total = make(tmp_path).totals["QWR"]
    assert (total.person_times, total.value_fen) == (98_437, 1_756_321_000)


@pytest.mark.parametrize("folder", ["small", "tenth"])
def test_rejected_rows_found_again_are_the_planted_ones(
    folder: str, request: pytest.FixtureRequest
) -> None:
    path: Path = request.getfixturevalue(folder)
    truth, found = Truth.load(path), recounted(path)
    for name, file in truth.files.items():
        assert found.rejected[name] == [(r.row, r.code) for r in file.rejected], name
        assert found.rows[name] == file.rows == file.accepted + len(file.rejected)
    assert {r.code for file in truth.files.values() for r in file.rejected} == CODES


def test_about_one_row_in_a_hundred_is_wrong(tenth: Path) -> None:
    files = Truth.load(tenth).files.values()
    wrong, rows = sum(len(f.rejected) for f in files), sum(f.rows for f in files)
    assert 0.008 < wrong / rows < 0.025


def test_columns_of_rejected_rows_are_headings_of_their_file(small: Path) -> None:
    for name, file in Truth.load(small).files.items():
        if name.endswith(".csv") and file.cycle != "22N":
            header = text_of(small / name).splitlines()[0].split(",")
            assert {r.column for r in file.rejected} <= set(header)


@pytest.mark.parametrize("folder", ["small", "tenth"])
def test_what_was_delivered_agrees_with_the_papers(
    folder: str, request: pytest.FixtureRequest
) -> None:
    path: Path = request.getfixturevalue(folder)
    truth, found = Truth.load(path), recounted(path)
    served: dict[str, set[tuple[str, str, int]]] = defaultdict(set)
    homes: dict[str, set[str]] = defaultdict(set)
    yuan: dict[tuple[str, str], int] = defaultdict(int)
    for case, number, channel, value in found.delivered():
        line = found.lines[case]
        programme = "HLW" if case.startswith("22N") else "QWR"
        served[programme].add((line.number, case[:3], number))
        homes[programme].add(line.household)
        yuan[programme, channel] += value
    for programme, total in truth.totals.items():
        assert len(served[programme]) == total.person_times
        assert len({who for who, _, _ in served[programme]}) == total.persons
        assert len(homes[programme]) == total.households
        assert yuan[programme, "C"] * 100 == total.cash_fen
        assert yuan[programme, "K"] * 100 == total.kits_fen


def test_rounds_and_districts_add_up_to_the_totals(tenth: Path) -> None:
    truth = Truth.load(tenth)
    rounds = Count("QWR")
    for name in ("22A-1", "22A-2", "22B-1"):
        rounds.add(truth.rounds[name])
    total = truth.totals["QWR"]
    for name in ("person_times", "cash_fen", "kits", "undelivered", "returned", "deceased"):
        assert getattr(rounds, name) == getattr(total, name), name
        assert sum(getattr(d["QWR"], name) for d in truth.districts.values()) == getattr(
            total, name
        )


def test_br_022_nobody_is_entitled_to_more_than_1000_yuan_in_a_year(tenth: Path) -> None:
    found = recounted(tenth)
    rounds = rounds_of_streets(tenth)
    given: dict[str, int] = defaultdict(int)
    for case, line in found.lines.items():
        if case[:3] in ("22A", "22B"):
            given[line.number] += line.yuan * len(rounds.get((case[:3], line.street), [1]))
            assert line.yuan % 10 == 0
            assert line.yuan == 0 or 100 <= line.yuan <= 1000
    assert max(given.values()) <= 1000


def rounds_of_streets(folder: Path) -> dict[tuple[str, str], list[int]]:
    steps = plan.load(folder)["steps"]
    return {
        (step["cycle"], street): rounds
        for step in steps
        if step["act"] == "approve"
        for street, rounds in step["rounds"].items()
    }


def test_br_031_quotas_of_children_stay_within_their_parent(small: Path) -> None:
    parent = {r["code"]: r["parent"] for r in REGIONS}
    pseudo = {r["code"] for r in REGIONS if r["kind"] == "pseudo"}
    for path in (small / "quota").iterdir():
        rows = {(r["单位代码"], r["类别"]): int(r["名额"]) for r in dicts(path)}
        below: dict[tuple[str, str], int] = defaultdict(int)
        for (code, category), n in rows.items():
            assert code not in pseudo
            below[parent[code], category] += n
        for (code, category), n in below.items():
            assert code == "" or n <= rows[code, category]


def test_nobody_is_listed_after_death_and_the_dead_are_in_no_later_papers(tenth: Path) -> None:
    found = recounted(tenth)
    died = {row["证件号码"]: row["死亡日期"] for row in dicts(tenth / "deaths.csv")}
    listed = {"22A": "2022-02-21", "22N": "2022-04-13", "22B": "2022-11-07", "23A": "2023-01-30"}
    handed = {("22A", 1): "2022-04-06", ("22A", 2): "2022-06-06", ("22N", 1): "2022-05-06"}
    assert len(died) >= 4
    for case, line in found.lines.items():
        assert listed[case[:3]] < died.get(line.number, "9")
    for case, number, _, _ in found.delivered():
        day = handed.get((case[:3], number), "2022-12-05")
        assert day <= died.get(found.lines[case].number, "9")


def test_special_people_are_there_at_the_smallest_scale(small: Path) -> None:
    found, hazards = recounted(small), Truth.load(small).hazards
    lines = {kind: [found.lines[case] for case in cases] for kind, cases in hazards.items()}
    assert any(ord(c) > 0xFFFF for line in lines["beyond_bmp"] for c in line.cells["name"])
    dots = {c for line in lines["dots"] for c in line.cells["name"] if not c.isalpha()}
    assert dots == set("·•‧・∙．")
    assert all(line.number[6:10] in ("1917", "1918") for line in lines["centenarian"][:1])
    assert all(re.fullmatch(r"\d{15}", line.cells["number"]) for line in lines["old_number"])
    assert all(line.cells["guardian"] and line.cells["head"] for line in lines["minor"])
    assert {line.cells["number"][-1] for line in lines["x_ending"]} >= {"X", "x"}
    assert any(line.number[10:14] == "0229" for line in lines["leap_day"])
    names = [line.cells["name"] for line in lines["namesake"]]
    assert len(names) > len(set(names))


def test_twins_follow_each_other_and_couples_share_a_household(small: Path) -> None:
    found, hazards = recounted(small), Truth.load(small).hazards
    twins = sorted({found.lines[case].number for case in hazards["twin"] if case[:3] == "22A"})
    pairs = [(a, b) for a, b in pairwise(twins) if a[:14] == b[:14]]
    assert any(int(b[14:17]) - int(a[14:17]) == 1 for a, b in pairs)
    couples: dict[str, set[str]] = defaultdict(set)
    for case in hazards["couple"]:
        line = found.lines[case]
        couples[line.household].add(line.number)
    assert any(len(members) == 2 for members in couples.values())


def test_nearly_half_of_the_people_of_winter_were_helped_before(tenth: Path) -> None:
    found = recounted(tenth)
    of: dict[str, set[str]] = defaultdict(set)
    for case, line in found.lines.items():
        of[case[:3]].add(line.number)
    assert 0.4 < len(of["22A"] & of["22B"]) / len(of["22B"]) < 0.5


def test_numbers_are_nobodys_and_accounts_are_their_own(tenth: Path) -> None:
    found = recounted(tenth)
    holders: dict[str, set[str]] = defaultdict(set)
    for line in found.lines.values():
        assert line.number.startswith("310199")
        if line.cells.get("account"):
            account = line.cells["account"]
            assert 16 <= len(account) <= 19
            assert luhn(account)
            holders[account].add(line.number)
    assert all(len(people) == 1 for people in holders.values())


def luhn(digits: str) -> bool:
    pairs = [int(c) * (1 + i % 2) for i, c in enumerate(reversed(digits))]
    return sum(n // 10 + n % 10 for n in pairs) % 10 == 0


def test_districts_send_workbooks_and_text_in_both_encodings(small: Path) -> None:
    names = [n for n in Truth.load(small).files if n.startswith("rosters/22B/")]
    shapes = [
        "xlsx" if n.endswith("xlsx") else "utf-8" if marked(small / n) else "gb18030" for n in names
    ]
    assert [shapes.count(s) for s in ("xlsx", "utf-8", "gb18030")] == [5, 6, 5]


def marked(path: Path) -> bool:
    return path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_corrected_accounts_are_paid_the_second_time(tenth: Path) -> None:
    for name in ("22A-1", "22A-2", "22B-1"):
        fixes = dicts(tenth / "bank" / f"fixes_{name}.csv")
        again = {
            row["凭证号"]: row for p in (tenth / "bank" / name).glob("*_02.csv") for row in dicts(p)
        }
        assert {row["凭证号"] + ".2" for row in fixes} == set(again)
        for row in fixes:
            result = again[row["凭证号"] + ".2"]
            assert (result["结果代码"], result["账号后四位"]) == ("00", row["银行账号"][-4:])
    assert Truth.load(tenth).totals["QWR"].unpaid > 0


def test_the_plan_plays_every_file_once_and_in_order_of_days(small: Path) -> None:
    steps = plan.load(small)["steps"]
    days = [step["date"] for step in steps]
    assert days == sorted(days)
    played = [
        step["file"]
        for step in steps
        if step["act"] in ("import", "quota", "deliver", "bank", "fix")
    ]
    played += {
        step["file"]
        for step in steps
        if step["act"] in ("transfers", "applications") and "file" in step
    }
    files = {n for n in contents(small) if n not in ("plan.json", "truth.json", "deaths.csv")}
    waiting = {name for name in files if name.startswith("inbox/")}
    assert sorted(played) == sorted(files - waiting)
    assert {name.split("/")[1] for name in waiting} == {"310113", "310114", "310115"}


def test_the_wrong_file_of_next_year_is_no_workbook(small: Path) -> None:
    wrong = [s["file"] for s in plan.load(small)["steps"] if s.get("expect") == "unusable"]
    assert wrong == ["rosters/23A/CM_崇明区.xlsx"]
    with pytest.raises(Exception, match=r"(?i)zip|archive|xlsx|EOCD"):
        list(roster(small / wrong[0]))


def test_the_same_person_keeps_one_number_in_either_form(tenth: Path) -> None:
    found = recounted(tenth)
    forms: dict[str, set[str]] = defaultdict(set)
    for line in found.lines.values():
        forms[line.number].add(str(len(line.cells["number"].replace(" ", ""))))
        assert number_of(line.cells["number"]) == line.number
    assert any(len(lengths) == 2 for lengths in forms.values())


def test_plan_and_truth_are_readable_text(small: Path) -> None:
    for name in ("plan.json", "truth.json"):
        text = (small / name).read_text(encoding="utf-8")
        assert "\\u" not in text
        assert json.loads(text)["seed"] == 2022
