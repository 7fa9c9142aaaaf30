"""The list of pairs under its filter, and merges found again to be taken back."""

from __future__ import annotations

import pytest

from rcaid.domain.errors import Problem
from rcaid.services.same_person import duplicates, merging, pair_lists
from tests.services.conftest import JD_STREETS, Society
from tests.services.writing import next_cycle, refused


@pytest.fixture
def filled(society: Society) -> Society:
    """Three pairs: 王伟 and 赵敏 of one street, 李娜 of another."""
    other = {"街道": society.street(JD_STREETS[1])}
    known = [
        society.person(1, "王伟"),
        society.person(2, "赵敏"),
        society.person(3, "李娜", **other),
    ]
    society.import_roster(known)
    next_cycle(society)
    rows = []
    for n, row in enumerate(known, 11):
        alike = {heading: row[heading] for heading in ("联系电话", "银行账号", "地址", "街道")}
        rows.append(society.person(n, row["姓名"], **alike))
    society.take_in(society.write(rows), "roster", "jd-caseworker", "22B")
    return society


def names(society: Society, filter_text: str, login: str = "jd-reviewer") -> set[str]:
    """Who is listed under a filter."""
    found = pair_lists.page(society.desk(login), filter_text)
    assert isinstance(found, list), found
    return {pair.left for pair in found}


def pair_of(society: Society, name: str) -> str:
    """The id of somebody's pair."""
    found = pair_lists.page(society.desk("jd-reviewer"), name)
    assert isinstance(found, list)
    return found[0].id


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("", {"王伟", "赵敏", "李娜"}),
        ("王", {"王伟"}),
        ("王*", {"王伟"}),
        ("-name:王伟", {"赵敏", "李娜"}),
        ("姓名:王伟,赵敏", {"王伟", "赵敏"}),
        ("street:%s", {"李娜"}),
        ("step:open", {"王伟", "赵敏", "李娜"}),
        ("环节:以后再判", set()),
        ("-step:open", set()),
    ],
)
def test_pairs_are_found_by_name_place_and_step(filled: Society, typed: str, who: set[str]) -> None:
    street = filled.street(JD_STREETS[1])
    assert names(filled, typed.replace("%s", street)) == who


def test_what_a_filter_cannot_mean_is_told(filled: Society) -> None:
    desk = filled.desk("jd-reviewer")
    for typed, code in (("step:nothing", "filter.names_one_of"), ("amount>5", "filter.no_field")):
        found = pair_lists.page(desk, typed)
        assert isinstance(found, Problem) and found.code == code, found


def test_what_was_decided_is_found_by_its_step(filled: Society) -> None:
    worker = filled.desk("jd-caseworker")
    for name, answer in (("王伟", "same"), ("赵敏", "different"), ("李娜", "later")):
        duplicates.decide(worker, pair_of(filled, name), answer)
    assert names(filled, "") == {"王伟", "李娜"}
    assert names(filled, "step:same") == {"王伟"}
    assert names(filled, "step:different,later") == {"赵敏", "李娜"}


def test_a_merge_is_listed_shown_and_taken_back(filled: Society) -> None:
    desk, id = filled.desk("jd-reviewer"), pair_of(filled, "王伟")
    assert not pair_lists.is_merged(desk, id)
    with refused("state.gone"):
        pair_lists.merge_of(desk, id)
    duplicates.decide(desk, id, "same")
    assert pair_lists.is_merged(desk, id)
    assert names(filled, "") == {"赵敏", "李娜"}
    (row,) = pair_lists.merged(desk)
    assert (row.state, row.left, row.mine) == ("merged", "王伟", True)
    view = pair_lists.view(desk, row.id)
    assert (view.state, view.may, view.left_id) == ("merged", ("split",), view.keeps)
    assert {field.name: field.how for field in view.fields}["number"] == "differs"
    assert pair_lists.merge_of(desk, row.id) == pair_lists.merge_of(desk, id) == row.id
    merging.split(desk, row.id)
    assert pair_lists.merged(desk) == []
    with refused("state.gone"):
        pair_lists.merge_of(desk, row.id)
    assert names(filled, "") == {"王伟", "赵敏", "李娜"}


def test_merges_are_for_those_who_see_duplicates_there(filled: Society) -> None:
    desk = filled.desk("jd-reviewer")
    duplicates.decide(desk, pair_of(filled, "王伟"), "same")
    (row,) = pair_lists.merged(desk)
    assert pair_lists.merged(filled.desk("pd-reviewer")) == []
    with refused("who.no_duty"):
        pair_lists.view(filled.desk("pd-reviewer"), row.id)
    assert pair_lists.view(filled.desk("jd-caseworker"), row.id).may == ()
