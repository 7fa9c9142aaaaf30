"""rcaid import duplicates and decide, rcaid person split: from the queue to an answer and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rcaid.services import programmes, quotas, society
from tests.cli.conftest import STREET, Ran, Run, line, number, roster_text

PASSPORT = {"kind": "护照", "number": "E12345678", "account": "6222000011112001"}


def bring(rcaid: Run, folder: Path, cycle: str, *rows: str) -> dict[str, Any]:
    """Plans and applies a roster of these rows."""
    path, plan = folder / f"{len(list(folder.iterdir()))}.csv", folder / "x.plan"
    path.write_text(roster_text(*rows), encoding="utf-8-sig")
    rcaid("--as", "hua", "import", "plan", "--kind", "roster", "--cycle", cycle, path, "-o", plan)
    ran = rcaid("--as", "hua", "import", "apply", plan, "--yes", "--json")
    assert ran.code == 0, ran.err
    done: dict[str, Any] = json.loads(ran.out)
    return done


@pytest.fixture(autouse=True)
def listed(rcaid: Run, place: Path, tmp_path: Path) -> None:
    """王小明 in 22A, and another cycle that is open."""
    desk = society.open_desk(str(place), as_login="chief")
    programmes.new_cycle(desk, "QWR", "22B", "2022冬", "2022-01-10", ["once"])
    programmes.move_cycle(desk, "22B", "open")
    city = society.as_person(desk, "city")
    for office, n in (("310000", 100), ("310114", 50), (STREET, 10)):
        quotas.set_one(city, "22B", office, "*", n)
    desk.store.close()
    bring(rcaid, tmp_path, "22A", line(1))


def queue(rcaid: Run, login: str = "hua", *more: str) -> list[dict[str, Any]]:
    ran = rcaid("--as", login, "import", "duplicates", "--json", *more)
    assert ran.code == 0, ran.err
    return [json.loads(text) for text in ran.out.splitlines()]


def decide(rcaid: Run, login: str, *words: str) -> Ran:
    return rcaid("--as", login, "import", "decide", *words)


def test_a_row_that_waits_is_decided_and_goes_in_the_next_time(rcaid: Run, tmp_path: Path) -> None:
    assert queue(rcaid) == []
    done = bring(rcaid, tmp_path, "22B", line(1, **PASSPORT))
    assert done["new"] == 0
    [pair] = queue(rcaid)
    assert (pair["what"], pair["state"], pair["band"]) == ("row", "open", "near_certain")
    text = rcaid("--as", "hua", "import", "duplicates").out
    assert "王小明" in text

    assert decide(rcaid, "hua", pair["pair"], "maybe").code == 4
    ran = decide(rcaid, "hua", pair["pair"], "same", "--note", "seen", "--json")
    assert ran.code == 0 and json.loads(ran.out)["answer"] == "same"
    assert queue(rcaid) == []
    assert bring(rcaid, tmp_path, "22B", line(1, **PASSPORT), line(2, "李强"))["new"] == 2
    found = rcaid("--as", "hua", "person", "find", "王小明", "--json").out.splitlines()
    assert len(found) == 1


def test_a_pair_is_shown_side_by_side_without_a_full_number(rcaid: Run, tmp_path: Path) -> None:
    bring(rcaid, tmp_path, "22B", line(1, **PASSPORT))
    [pair] = queue(rcaid)
    ran = rcaid("--as", "hua", "import", "duplicates", pair["pair"])
    assert ran.code == 0 and "138****1111" in ran.out and "+15 same phone" in ran.err
    told = json.loads(rcaid("--as", "hua", "import", "duplicates", pair["pair"], "--json").out)
    assert {field["name"] for field in told["fields"]} >= {"name", "birth", "phone", "street"}
    for hidden in (number(1), "E12345678", "13800001111", "6222000011112001"):
        assert hidden not in ran.out + repr(told) + repr(pair)
    assert rcaid("--as", "hua", "import", "duplicates", "0" * 26).code == 4
    assert rcaid("--as", "sun", "import", "duplicates").code == 4


def test_two_people_are_merged_by_a_reviewer_and_split_again(rcaid: Run, tmp_path: Path) -> None:
    bring(rcaid, tmp_path, "22B", line(3))
    [pair] = queue(rcaid)
    assert pair["what"] == "people"
    assert decide(rcaid, "hua", pair["pair"], "same").code == 4
    assert decide(rcaid, "hua", pair["pair"], "same", "--yes").code == 0
    [asked] = queue(rcaid, "rui")
    assert asked["act"] == "merge"
    assert rcaid("--as", "rui", "person", "split", "22B-JD-00001", "--yes").code == 4
    assert decide(rcaid, "rui", asked["pair"], "same", "--yes").code == 0
    assert len(rcaid("--as", "hua", "person", "find", "王小明", "--json").out.splitlines()) == 1
    cases = json.loads(rcaid("--as", "hua", "person", "show", "22A-JD-00001", "--json").out)[
        "cases"
    ]
    assert len(cases) == 2

    assert rcaid("--as", "rui", "person", "split", "22B-JD-00001").code == 4
    assert rcaid("--as", "hua", "person", "split", "22B-JD-00001", "--yes").code == 4
    ran = rcaid("--as", "rui", "person", "split", "22B-JD-00001", "--yes", "--json")
    assert ran.code == 0, ran.err
    assert len(rcaid("--as", "hua", "person", "find", "王小明", "--json").out.splitlines()) == 2


def test_a_search_compares_everybody_and_says_what_it_found(rcaid: Run, tmp_path: Path) -> None:
    bring(rcaid, tmp_path, "22B", line(3))
    ran = rcaid("--as", "hua", "--office", STREET, "import", "duplicates", "--search", "--json")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert (told["people"], told["compared"]) == (2, 1)
    assert (told["same"], told["near_certain"], told["possible"]) == (0, 0, 0)
    assert len(queue(rcaid)) == 1
    assert "people compared" in rcaid("--as", "hua", "import", "duplicates", "--search").out


def test_a_filter_narrows_the_queue_and_a_wrong_one_is_named(rcaid: Run, tmp_path: Path) -> None:
    bring(rcaid, tmp_path, "22B", line(3), line(5, "李强"))
    assert len(queue(rcaid, "hua", "--where", "小明")) == 1
    assert queue(rcaid, "hua", "--where", "李强") == []
    assert rcaid("--as", "hua", "import", "duplicates", "--where", "step:nothing").code == 2
