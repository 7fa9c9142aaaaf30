"""A programme judges facts: ages, bands, top-ups, caps, papers, help from elsewhere, who decides."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcaid.domain.checks import Check
from rcaid.domain.money import MOST_FEN
from rcaid.domain.programme_facts import Facts, Help, award_of, top_up
from rcaid.domain.programme_rules import judge, region_in
from rcaid.domain.programmes import (
    Across,
    Caps,
    Decide,
    Eligible,
    Grant,
    ItemRule,
    Papers,
    Programme,
    Repeat,
)

DAY = "2022-06-15"
RULES = Programme(
    code="P",
    name="项目",
    name_en="Programme",
    version=1,
    effective_from="2022-01-01",
    citation="whole",
    fund="P",
    fund_name="专项",
    id_kinds=("RESIDENT_ID",),
    min_age=0,
    min_fen=0,
    max_fen=10_000_000,
    cap_fen_per_year=MOST_FEN,
    categories={"illness": "病", "accident": "伤"},
    hardship={"subsistence": "低保", "none": "无"},
    items=(ItemRule("BOX", "箱", "箱", 17_800, "invoice"),),
)
FACTS = Facts(DAY, born="1980-01-01", id_kind="RESIDENT_ID", category="illness", hardship="none")


def checks(rules: Programme, facts: Facts) -> dict[str, Check]:
    """The checks of a judgement by their codes."""
    return {check.code: check for check in judge(rules, facts).checks}


def results(rules: Programme, facts: Facts, *fronts: str) -> dict[str, str]:
    """How checks came out, of codes that begin so."""
    found = checks(rules, facts)
    return {code: found[code].result for code in found if code.startswith(fronts)}


# --- Who


@pytest.mark.parametrize(
    ("rule", "born", "day", "result"),
    [
        ("birthday", "2003-06-15", "2022-06-14", "age.within"),
        ("birthday", "2003-06-15", "2022-06-15", "age.ceiling"),
        ("next_day", "2003-06-15", "2022-06-15", "age.within"),
        ("next_day", "2003-06-15", "2022-06-16", "age.ceiling"),
        ("birthday", "2004-02-29", "2023-02-27", "age.within"),
        ("birthday", "2004-02-29", "2023-02-28", "age.ceiling"),
        ("birthday_march", "2004-02-29", "2023-02-28", "age.within"),
        ("birthday_march", "2004-02-29", "2023-03-01", "age.ceiling"),
        ("next_day", "2004-02-29", "2023-02-28", "age.within"),
        ("next_day", "2004-02-29", "2023-03-01", "age.ceiling"),
    ],
)
def test_br_013_an_age_is_over_by_the_rule_of_the_programme(
    rule: str, born: str, day: str, result: str
) -> None:
    rules = replace(RULES, eligible=Eligible(max_age=18, age_rule=rule))
    [found] = results(rules, replace(FACTS, born=born, received_on=day), "age.")
    assert found == result


@pytest.mark.parametrize(
    ("at", "day"),
    [("received", "2022-03-09"), ("first_entry", "2022-03-05"), ("decided", "2022-04-20")],
)
def test_br_014_the_age_is_taken_on_the_day_the_programme_names(at: str, day: str) -> None:
    rules = replace(RULES, min_age=18, eligible=Eligible(age_at=at))
    facts = replace(
        FACTS, first_entry_on="2022-03-05", received_on="2022-03-09", decided_on="2022-04-20"
    )
    assert checks(rules, facts)["age.within"].params["day"] == day
    young = replace(facts, born=f"2004{day[4:]}")
    assert results(rules, young, "age.") == {"age.within": "pass"}
    younger = replace(facts, born=f"2004{day[4:8]}{int(day[8:]) + 1:02}")
    assert results(rules, younger, "age.") == {"age.floor": "fail"}


@pytest.mark.parametrize(
    ("born", "guardian", "consent", "expected"),
    [
        ("2004-06-15", False, False, {}),
        ("2004-06-16", False, False, {"guardian.missing": "fail"}),
        ("2004-06-16", True, False, {"guardian.there": "pass"}),
        ("2008-06-15", True, False, {"guardian.there": "pass"}),
        ("2008-06-16", True, False, {"guardian.there": "pass", "consent.missing": "fail"}),
        ("2008-06-16", True, True, {"guardian.there": "pass", "consent.there": "pass"}),
        ("2008-06-16", None, None, {}),
    ],
)
def test_br_015_a_guardian_below_18_and_their_consent_below_14(
    born: str, guardian: bool | None, consent: bool | None, expected: dict[str, str]
) -> None:
    facts = replace(FACTS, born=born, guardian=guardian, consent=consent)
    assert results(RULES, facts, "guardian.", "consent.") == expected


def test_br_016_who_has_died_is_given_nothing() -> None:
    assert results(RULES, replace(FACTS, died_on="2022-06-01"), "deceased") == {"deceased": "fail"}


def test_br_020_a_version_judges_what_came_in_while_it_was_in_force() -> None:
    rules = replace(RULES, effective_to="2022-06-15")
    for day, code in [
        ("2021-12-31", "version.other"),
        ("2022-01-01", "version.in_force"),
        ("2022-06-15", "version.in_force"),
        ("2022-06-16", "version.other"),
    ]:
        # The day it is decided on does not count.
        facts = replace(FACTS, received_on=day, decided_on="2030-01-01")
        assert list(results(rules, facts, "version.")) == [code]


def test_br_030_a_document_or_a_place_outside_the_programme_is_refused_with_its_citation() -> None:
    rules = replace(
        RULES, eligible=Eligible(residence="310000"), citations=(("residence", "article 3"),)
    )
    facts = replace(FACTS, id_kind="PASSPORT", region="320500")
    found = checks(rules, facts)
    assert found["id_kind.outside"].result == found["region.outside"].result == "fail"
    assert found["region.outside"].citation == "article 3"
    assert found["id_kind.outside"].citation == "whole"
    inside = replace(FACTS, region="310114001")
    assert results(rules, inside, "region.") == {"region.listed": "pass"}


@pytest.mark.parametrize(
    ("region", "wanted", "inside"),
    [
        ("310114001", "310000", True),
        ("310114001", "310114", True),
        ("310114001", "310114001", True),
        ("310115", "310114", False),
        ("330000", "310000", False),
        ("320500", "", True),
    ],
)
def test_a_region_lies_in_another(region: str, wanted: str, inside: bool) -> None:
    assert region_in(region, wanted) is inside


def test_aid_goes_out_of_the_own_region_alone() -> None:
    rules = replace(RULES, eligible=Eligible(outside="310000"))
    assert results(rules, replace(FACTS, region="810000"), "region.") == {"region.listed": "pass"}
    assert results(rules, replace(FACTS, region="310114"), "region.") == {"region.outside": "fail"}


def test_what_is_asked_for_and_not_known_wants_attention() -> None:
    rules = replace(
        RULES,
        min_age=18,
        eligible=Eligible(residence="310000", hardship=("subsistence",), income_to_fen=1),
        diseases=(("leukaemia", "白血病"),),
    )
    found = [c for c in judge(rules, Facts(DAY)).checks if c.code == "fact.unknown"]
    assert {c.params["what"] for c in found} == {
        "id_kind", "region", "born", "category", "hardship", "disease", "income",
    }  # fmt: skip
    assert {c.result for c in found} == {"warn"}


def test_only_the_listed_need_counts() -> None:
    rules = replace(
        RULES,
        eligible=Eligible(
            hardship=("subsistence",), disease_for=("illness",), institutions=("university",),
            disaster=True,
        ),
        diseases=(("leukaemia", "白血病"),),
    )  # fmt: skip
    facts = replace(FACTS, disease="flu", institution="hospital", item="TENT", category="x")
    names = ("category.", "hardship.", "disease.", "institution.", "disaster.", "item.")
    assert results(rules, facts, *names) == {
        "category.outside": "fail",
        "hardship.outside": "fail",
        "institution.outside": "fail",
        "disaster.missing": "fail",
        "item.outside": "fail",
    }
    fits = replace(
        FACTS, disease="leukaemia", hardship="subsistence", institution="university",
        disaster="FIRE-1", item="BOX",
    )  # fmt: skip
    assert set(results(rules, fits, *names).values()) == {"pass"}
    ill = replace(fits, disease="flu")
    assert results(rules, ill, "disease.") == {"disease.outside": "fail"}
    hurt = replace(fits, category="accident", disease="")
    assert results(rules, hurt, "disease.", "fact.") == {}


@pytest.mark.parametrize(
    ("until", "code"),
    [
        ("", "certificate.no_end"),
        ("2022-06-14", "certificate.ended"),
        ("2022-06-15", "certificate.ends"),
        ("2022-07-15", "certificate.ends"),
        ("2022-07-16", "certificate.holds"),
    ],
)
def test_br_029_a_certificate_is_looked_at_on_the_day_of_the_decision(
    until: str, code: str
) -> None:
    facts = replace(
        FACTS, received_on="2022-01-02", decided_on=DAY, hardship="subsistence",
        hardship_until=until,
    )  # fmt: skip
    assert list(results(RULES, facts, "certificate.")) == [code]


def test_br_046_missing_papers_are_named_and_a_minor_brings_more() -> None:
    papers = Papers(("ID", "BANK"), ("GUARD_ID",), (("illness", ("DIAG", "ID")),))
    rules = replace(RULES, papers=papers)
    brought = replace(FACTS, papers=("ID",))
    assert checks(rules, brought)["papers.missing"].params["papers"] == "BANK, DIAG"
    child = replace(brought, born="2010-01-01", category="accident")
    assert checks(rules, child)["papers.missing"].params["papers"] == "BANK, GUARD_ID"
    there = replace(FACTS, papers=("DIAG", "BANK", "ID"))
    assert checks(rules, there)["papers.there"].params["n"] == 3
    assert results(rules, FACTS, "papers.") == {}


# --- How much


def banded(*edges: int, step: int = 1000) -> Programme:
    """Bands between these edges; the amount of each is above that of the one before."""
    grants = tuple(
        Grant(f"B{n}", f"B{n}", n * step, n * step, measure="out_of_pocket",
              over_fen=low, to_fen=high)
        for n, (low, high) in enumerate(pairwise(edges), start=1)
    )  # fmt: skip
    return replace(RULES, grants=grants)


@pytest.mark.parametrize(
    ("paid", "fen"),
    [(5_000_00, 0), (5_000_01, 1000), (10_000_00, 1000), (10_000_01, 2000), (15_000_00, 2000),
     (15_000_01, 0)],
)  # fmt: skip
def test_br_025_a_band_begins_above_its_first_edge_and_ends_with_its_second(
    paid: int, fen: int
) -> None:
    rules = banded(5_000_00, 10_000_00, 15_000_00)
    found = judge(rules, replace(FACTS, out_of_pocket_fen=paid))
    assert found.award.fen == fen
    assert (found.outcome == "fail") is (fen == 0)


edges_of_bands = st.lists(
    st.integers(0, 10**9), min_size=2, max_size=8, unique=True
).map(sorted)  # fmt: skip


@given(edges_of_bands, st.data())
def test_br_025_every_edge_belongs_to_the_band_below_it(edges: list[int], data: st.DataObject) -> None:  # fmt: skip
    rules = banded(*edges)
    n = data.draw(st.integers(1, len(edges) - 1))

    def fen(sum_: int) -> int:
        return award_of(rules, replace(FACTS, out_of_pocket_fen=sum_)).high_fen

    assert fen(edges[n]) == n * 1000
    assert fen(edges[n] + 1) == ((n + 1) * 1000 if n + 1 < len(edges) else 0)
    assert fen(edges[0]) == 0


@given(edges_of_bands, st.data())
def test_br_025_who_paid_more_is_never_given_less(edges: list[int], data: st.DataObject) -> None:
    rules = banded(*edges)
    inside = st.integers(edges[0] + 1, edges[-1])
    low, high = sorted((data.draw(inside), data.draw(inside)))
    amounts = [award_of(rules, replace(FACTS, out_of_pocket_fen=sum_)).fen for sum_ in (low, high)]
    assert 0 < amounts[0] <= amounts[1]


def test_br_025_an_income_has_its_edge_inside_too() -> None:
    rules = replace(RULES, eligible=Eligible(income_to_fen=1_420_00))
    assert results(rules, replace(FACTS, income_fen=1_420_00), "income.") == {
        "income.within": "pass"
    }
    assert results(rules, replace(FACTS, income_fen=1_420_01), "income.") == {
        "income.above": "fail"
    }


@given(st.integers(0, MOST_FEN), st.integers(0, MOST_FEN))
def test_br_024_a_top_up_is_what_is_missing_and_never_below_zero(fen: int, paid: int) -> None:
    left = top_up(fen, paid)
    assert left >= 0
    assert left + min(fen, paid) == fen


TIERED = replace(
    RULES,
    repeat=Repeat("cause", topup=True),
    grants=(
        Grant("T", "after", 50_000_00, 50_000_00, stages=("transplant",)),
        Grant("L", "before", 30_000_00, 30_000_00),
    ),
)


@pytest.mark.parametrize(
    ("stage", "paid", "fen", "code"),
    [
        ("", 0, 30_000_00, "once.first"),
        ("transplant", 0, 50_000_00, "once.first"),
        ("transplant", 30_000_00, 20_000_00, "once.topup"),
        ("", 30_000_00, 0, "once.again"),
        ("transplant", 50_000_00, 0, "once.again"),
        ("transplant", 60_000_00, 0, "once.again"),
    ],
)
def test_br_023_the_same_cause_is_helped_once_but_for_the_way_up(
    stage: str, paid: int, fen: int, code: str
) -> None:
    history = (Help("P", "2021-05-01", paid, cause="leukaemia"),) if paid else ()
    facts = replace(FACTS, cause="leukaemia", stage=stage, history=history)
    assert award_of(TIERED, facts).fen == fen
    assert list(results(TIERED, facts, "once.")) == [code]


def test_br_023_another_cause_another_programme_and_another_person_are_not_the_same() -> None:
    history = (
        Help("P", "2021-05-01", 30_000_00, cause="heart"),
        Help("Q", "2021-05-01", 30_000_00, cause="leukaemia"),
        Help("P", "2021-05-01", 30_000_00, cause="leukaemia", who="household"),
    )
    facts = replace(FACTS, cause="leukaemia", history=history)
    assert list(results(TIERED, facts, "once.")) == ["once.first"]
    ever = replace(TIERED, repeat=Repeat("programme"))
    assert list(results(ever, facts, "once.")) == ["once.again"]
    home = replace(TIERED, recipient="household", repeat=Repeat("cause"))
    assert list(results(home, facts, "once.")) == ["once.again"]


@given(
    st.lists(st.tuples(st.integers(0, 10**8), st.sampled_from(["self", "household"])), max_size=6),
    st.integers(0, 10**8),
    st.integers(0, 10**8),
    st.booleans(),
)
def test_br_022_024_no_history_makes_an_amount_negative_or_breaks_a_cap(
    given_: list[tuple[int, str]], person: int, household: int, topup: bool
) -> None:
    rules = replace(
        TIERED, repeat=Repeat("cause", topup), cap=Caps(person_fen=person, household_fen=household)
    )
    history = tuple(Help("P", "2022-02-01", fen, who=who) for fen, who in given_)
    fen = award_of(rules, replace(FACTS, history=history)).fen
    mine = sum(each.fen for each in history if each.who == "self")
    everybody = sum(each.fen for each in history)
    assert fen >= 0
    assert fen == 0 or (mine + fen <= person and everybody + fen <= household)


def test_br_022_caps_hold_for_the_person_and_the_household_in_one_calendar_year() -> None:
    rules = replace(RULES, cap=Caps(person_fen=1_000_00, household_fen=1_500_00))
    history = (
        Help("P", "2022-01-01", 400_00),
        Help("P", "2022-02-01", 700_00, who="household"),
        Help("P", "2021-12-31", 900_00),
        Help("Q", "2022-02-01", 900_00),
    )
    facts = replace(FACTS, history=history)
    found = judge(rules, replace(facts, asked_fen=400_00))
    assert found.award.fen == 400_00
    assert found.outcome == "pass"
    over = checks(rules, replace(facts, asked_fen=401_00))
    assert (over["cap.person"].result, over["cap.home"].result) == ("pass", "fail")
    assert over["cap.home"].params == {"fen": 1_100_00, "cap": 1_500_00}


def test_br_026_goods_count_only_where_the_programme_says_so() -> None:
    facts = replace(FACTS, history=(Help("P", "2022-02-01", 100_00, 178_00),))
    rules = replace(RULES, cap=Caps(person_fen=1_000_00))
    assert award_of(rules, facts).fen == 900_00
    counted = replace(RULES, cap=Caps(person_fen=1_000_00, goods_count=True))
    assert award_of(counted, facts).fen == 722_00


def test_br_027_help_by_another_is_shown_and_stands_in_the_way_only_where_named() -> None:
    town = (Help("TOWN", "2022-06-01", 3_000_00),)
    facts = replace(FACTS, history=town)
    rules = replace(RULES, across=Across(exclusive_with=("Q",)))
    assert results(rules, facts, "exclusive.") == {"exclusive.none": "pass"}
    assert checks(rules, facts)["help.all"].params["fen"] == 3_000_00
    named = replace(RULES, across=Across(exclusive_with=("Q", "TOWN")))
    found = checks(named, facts)["exclusive.beside"]
    assert (found.result, found.params) == ("fail", {"programme": "TOWN", "day": "2022-06-01"})


@pytest.mark.parametrize(
    ("day", "who", "recipient", "beside"),
    [
        ("2021-06-15", "self", "person", False),
        ("2021-06-16", "self", "person", True),
        ("2022-06-15", "self", "person", True),
        ("2022-06-16", "self", "person", False),
        ("2022-06-01", "household", "person", False),
        ("2022-06-01", "household", "household", True),
    ],
)
def test_br_027_what_excludes_is_help_to_the_same_in_the_months_before(
    day: str, who: str, recipient: str, beside: bool
) -> None:
    rules = replace(RULES, recipient=recipient, across=Across(exclusive_with=("Q",)))
    found = results(rules, replace(FACTS, history=(Help("Q", day, 1, who=who),)), "exclusive.")
    assert found == ({"exclusive.beside": "fail"} if beside else {"exclusive.none": "pass"})


@pytest.mark.parametrize(
    ("day", "inside"), [("2021-06-15", False), ("2021-06-16", True), ("2022-06-16", False)]
)
def test_br_028_all_help_of_twelve_months_may_send_a_case_to_the_city(
    day: str, inside: bool
) -> None:
    rules = replace(
        RULES, across=Across(12, 5_000_00), decide=Decide(district_fen=10_000_00)
    )  # fmt: skip
    history = (Help("Q", day, 4_000_00, 1_000_01),)
    found = judge(rules, replace(FACTS, asked_fen=1_00, history=history))
    assert found.level == ("city" if inside else "district")
    assert ("help.above" in {check.code for check in found.checks}) is inside


@pytest.mark.parametrize(
    ("fen", "qty", "level"),
    [
        (1_000_00, 0, "street"),
        (1_000_01, 0, "district"),
        (6_000_00, 0, "district"),
        (6_000_01, 0, "city"),
        (5_900_00, 1, "city"),
        (50_000_00, 0, "city"),
        (50_000_01, 0, ""),
    ],
)
def test_br_041_the_lowest_level_that_may_decides(fen: int, qty: int, level: str) -> None:
    decide = Decide(street_fen=1_000_00, district_fen=6_000_00, city_fen=50_000_00)
    facts = replace(FACTS, asked_fen=fen, item="BOX" if qty else "", qty=qty)
    found = judge(replace(RULES, decide=decide), facts)
    assert found.level == level
    assert (found.outcome == "fail") is (not level)


@pytest.mark.parametrize(
    ("fen", "code", "result"),
    [
        (299_900, "amount.below", "warn"),
        (300_000, "amount.within", "pass"),
        (600_000, "amount.within", "pass"),
        (600_100, "amount.above", "fail"),
        (300_050, "amount.step", "fail"),
    ],
)
def test_br_042_an_amount_stays_in_the_range_of_its_grant(fen: int, code: str, result: str) -> None:
    rules = replace(RULES, step_fen=100, grants=(Grant("A", "A", 300_000, 600_000),))
    assert results(rules, replace(FACTS, asked_fen=fen), "amount.")[code] == result


def test_what_a_cap_leaves_is_cut_to_whole_steps() -> None:
    rules = replace(RULES, step_fen=100, max_fen=500_00, cap=Caps(person_fen=1_000_00))
    facts = replace(FACTS, history=(Help("P", "2022-02-01", 699_50),))
    assert award_of(rules, facts).fen == 300_00


def test_the_first_grant_that_fits_counts() -> None:
    grants = (
        Grant("A", "A", 3, 3, categories=("accident",), hardship=("subsistence",)),
        Grant("B", "B", 2, 2, categories=("accident",)),
        Grant("C", "C", 1, 1, diseases=("leukaemia",)),
    )
    rules = replace(RULES, grants=grants)
    accident = replace(FACTS, category="accident")
    assert award_of(rules, replace(accident, hardship="subsistence")).fen == 3
    assert award_of(rules, accident).fen == 2
    assert award_of(rules, replace(FACTS, disease="leukaemia")).fen == 1
    assert results(rules, FACTS, "grant.") == {"grant.none": "fail"}


def test_the_same_facts_give_the_same_answer() -> None:
    facts = replace(FACTS, asked_fen=100, history=(Help("P", "2022-02-01", 1),))
    assert judge(TIERED, facts) == judge(TIERED, facts)
