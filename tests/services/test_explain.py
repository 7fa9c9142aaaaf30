"""Why a case is judged as it is: every check with its numbers, today and on an earlier day."""

from __future__ import annotations

import json

import pytest

from rcaid import data
from rcaid.domain.checks import Check
from rcaid.services import explain, programmes, rosters
from rcaid.services.case_then import end_of
from rcaid.services.explain import KINDS, Explained
from tests.services.conftest import DAY, JD_STREETS, Society
from tests.services.test_batches import take
from tests.services.test_results import delivered, paid
from tests.services.writing import next_cycle, refused, rows

ROSTER = "22A-R-310114001"
CASE = "22A-JD-00001"


def why(society: Society, as_of: str = "", case: str = CASE, who: str = "jd-verifier") -> Explained:
    """A case explained."""
    return explain.explain(society.desk(who), case, as_of)


def check(found: Explained, code: str) -> Check:
    """The one check of a code."""
    [one] = [each for each in found.checks if each.code == code]
    return one


@pytest.fixture
def listed(society: Society) -> Society:
    """Two people of a household on a roster of DAY, one of them with a family box too."""
    head = society.person(1, "赵晓敏", 金额="600", 物资="守“沪”家庭箱")
    society.import_roster(
        [
            head,
            society.person(
                2, "赵小云", 户主证件号码=head["证件号码"], 与户主关系="子女", 金额="300"
            ),
        ]
    )
    return society


def test_br_020_a_listed_case_shows_its_rules_with_numbers_and_citation(listed: Society) -> None:
    found = why(listed)
    assert (found.case, found.as_of, found.state, found.outcome) == (CASE, DAY, "listed", "pass")
    assert (found.programme, found.version, found.fen, found.allowed_fen, found.level) == (
        "QWR", 1, 60_000, 100_000, "district",
    )  # fmt: skip
    version = check(found, "version.in_force")
    assert version.params == {"version": 1, "day": "2021-05-18"}
    assert version.citation == found.citation
    cap = check(found, "cap.person")
    assert (cap.params, cap.rule) == ({"fen": 0, "cap": 100_000}, "BR-022")
    assert "每人每年 1000 元" in cap.citation
    assert check(found, "quota.used").params == {"n": 2, "of": 50}
    assert check(found, "fund.covers").result == "pass"
    assert check(found, "amount.within").params["fen"] == 60_000
    assert check(found, "region.listed").params == {"region": JD_STREETS[0]}
    assert check(found, "known.once").result == "pass"
    assert check(found, "duty.apart").params["made"] == "jd-caseworker"
    assert check(found, "maker.other").result == "pass"


def test_every_kind_of_check_is_there_in_its_order_and_as_data(listed: Society) -> None:
    data = json.loads(json.dumps(why(listed).data(), ensure_ascii=False))
    kinds = [each["kind"] for each in data["checks"]]
    assert kinds == sorted(kinds, key=KINDS.index)
    assert set(kinds) == set(KINDS)
    assert {each["result"] for each in data["checks"]} <= {"pass", "warn", "fail"}
    assert all(each["rule"].startswith("BR-") for each in data["checks"])
    assert set(data) == {
        "case", "as_of", "state", "programme", "version", "effective_from", "citation", "fen",
        "allowed_fen", "level", "outcome", "checks",
    }  # fmt: skip


def test_br_020_a_later_version_changes_nothing_for_a_case(listed: Society) -> None:
    before = why(listed)
    text = data.text("programmes/qwr.toml").replace("version = 1", "version = 2")
    text = text.replace('effective_from = "2021-05-18"', 'effective_from = "2022-01-15"')
    programmes.load(listed.admin, text)
    assert why(listed) == before


def test_br_022_what_the_year_gave_counts_against_the_cap(listed: Society) -> None:
    listed.approve(ROSTER)
    next_cycle(listed, "22B")
    listed.import_roster([listed.person(1, "赵晓敏", 金额="300")], cycle="22B")
    found = why(listed, case="22B-JD-00001")
    assert check(found, "cap.person").params == {"fen": 60_000, "cap": 100_000}
    assert (found.allowed_fen, found.outcome) == (40_000, "pass")
    spent = why(listed)
    assert (spent.state, check(spent, "cap.person").params["fen"]) == ("entitled", 60_000)
    assert check(spent, "fund.set_aside").params == {"fen": 60_000}


def test_br_028_help_of_twelve_months_is_told_with_money_and_goods(listed: Society) -> None:
    listed.approve(ROSTER)
    for kind in ("money", "goods"):
        listed.pay(kind)
    take(listed, paid("22A-JD-00001-1C"), login="jd-preparer")
    take(listed, delivered("22A-JD-00001-1K"))
    next_cycle(listed, "22B")
    listed.import_roster([listed.person(1, "赵晓敏", 金额="300")], cycle="22B")
    found = why(listed, case="22B-JD-00001")
    assert check(found, "help.all").params == {"fen": 77_800, "months": 12}
    # What a case itself gave is no help beside it.
    assert check(why(listed), "help.all").params["fen"] == 0
    assert check(why(listed), "fund.paid").params == {"fen": 60_000}


def test_what_stops_a_case_is_told_as_a_failure(society: Society) -> None:
    society.import_roster([society.person(1, "王伟", 困难证明有效期="2022-01-31")])
    found = why(society)
    assert (found.outcome, check(found, "certificate.ended").result) == ("fail", "fail")
    # Who sees no need is told nothing of it.
    masked = why(society, who="jd-auditor")
    fronts = {each.code.partition(".")[0] for each in masked.checks}
    assert not fronts & {"certificate", "category", "hardship", "disease"}


def test_an_explanation_is_a_look_and_needs_the_duty_for_one(listed: Society) -> None:
    count = "SELECT count(*) FROM audit_event WHERE act = 'case.card'"
    before = rows(listed.admin.store, count)[0][0]
    why(listed)
    assert rows(listed.admin.store, count) == [(before + 1,)]
    with refused("who.no_duty"):
        why(listed, who="pd-verifier")
    with refused("state.gone"):
        why(listed, case="22A-JD-99999")


def told(found: Explained) -> dict[str, tuple[str, object]]:
    """What two explanations of one day are compared by: all but what only today can say."""
    now = ("maker.", "fund.covers")
    return {
        each.code: (each.result, dict(each.params))
        for each in found.checks
        if not each.code.startswith(now)
    }


def test_an_earlier_day_is_told_from_the_record_as_it_was_told_then(listed: Society) -> None:
    seen: dict[str, Explained] = {}

    def keep(day: str) -> None:
        seen[day] = why(listed)
        assert seen[day].as_of == day

    keep(DAY)
    listed.clock.set("2022-02-08")
    rosters.verify(listed.desk("jd-verifier"), ROSTER)
    keep("2022-02-08")
    listed.clock.set("2022-02-10")
    rosters.freeze(listed.desk("jd-reviewer"), ROSTER)
    rosters.approve(listed.desk("jd-approver"), [ROSTER], (1,))
    keep("2022-02-10")
    listed.clock.set("2022-02-18")
    listed.pay()
    keep("2022-02-18")
    listed.clock.set("2022-02-21")
    take(listed, paid("22A-JD-00001-1C", "2022-02-21"), login="jd-preparer")
    keep("2022-02-21")
    listed.clock.set("2022-03-01")
    next_cycle(listed, "22B")
    listed.import_roster([listed.person(1, "赵晓敏", 金额="300")], cycle="22B")
    listed.clock.set("2022-06-01")
    for day, then in seen.items():
        again = why(listed, day)
        assert (again.as_of, again.state, again.fen, again.allowed_fen) == (
            day, then.state, then.fen, then.allowed_fen,
        )  # fmt: skip
        assert told(again) == told(then), day
    assert [each.state for each in seen.values()] == ["listed"] * 2 + ["entitled"] * 3
    assert check(seen["2022-02-08"], "duty.apart").params["verify"] == "jd-verifier"
    assert check(seen["2022-02-10"], "fund.set_aside").params == {"fen": 60_000}
    assert check(seen["2022-02-21"], "fund.paid").params == {"fen": 60_000}


def test_a_day_that_is_none_or_before_the_case_is_refused(listed: Society) -> None:
    with refused("explain.before"):
        why(listed, "2022-01-31")
    for day in ("2022-02-02", "yesterday", "20220201", "2022-2-1"):
        with refused("explain.day"):
            why(listed, day)


def test_a_business_day_ends_at_midnight_of_the_society() -> None:
    assert end_of("2022-02-01") == "2022-02-01T16:00:00.000000Z"
    assert end_of("2022-12-31") == "2022-12-31T16:00:00.000000Z"
