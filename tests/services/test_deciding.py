"""Decisions on applications: proposed within the rules, approved within limits, rejected, appealed,
given at once; with the money set aside in the same unit."""

from __future__ import annotations

import pytest

from rcaid.db import cases, rosters
from rcaid.domain.deadlines import add_days
from rcaid.services import changes, deaths, disasters, explain
from rcaid.services.applications import after, deciding, editing, intake, new, papers, texts
from rcaid.services.applications.deciding import Decided
from rcaid.services.desk import Desk
from rcaid.services.funds import funds
from tests.services.applying import (
    CASEWORKER,
    REVIEWER,
    VERIFIER,
    angel,
    applying,
    fire,
    number,
    student,
    submitted,
    verified,
)
from tests.services.conftest import Society
from tests.services.deciding import (
    CITY,
    DISTRICT,
    approved,
    entitled,
    pass_notice,
    proposed,
    state,
    the,
    whole,
)
from tests.services.writing import balances, between, newcomer, refused, rights, rows

SECOND = "F-2022-02"


@pytest.fixture
def town(society: Society) -> Society:
    """A town with two fires."""
    made = applying(society)
    disasters.open_(made.desk(CITY), SECOND, "幸福路火灾", "fire", "嘉定", "2022-01-25")
    return made


def test_a_proposal_within_the_rules_waits_for_approval(town: Society) -> None:
    case_no = verified(town, fire())

    deciding.propose(town.desk(REVIEWER), case_no, 650_000, opinion="情况属实")

    found = the(town, case_no)
    assert (found.case.state, found.case.fen, found.said.proposed_fen) == ("approval", 650_000, 650_000)  # fmt: skip
    [last, *_] = cases.actions(town.admin.store, found.case.id)
    assert (last.action, last.duty, last.fen) == ("propose", "reviewer", 650_000)
    assert last.sealed is not None
    whole(town)


def test_br_042_a_proposal_stays_within_what_the_rules_allow(town: Society) -> None:
    desk, case_no = town.desk(REVIEWER), verified(town, fire())

    with refused("case.above_rule"):
        deciding.propose(desk, case_no, 810_000)
    with refused("case.step"):
        deciding.propose(desk, case_no, 650_001)
    with refused("case.amount"):
        deciding.propose(desk, case_no, 0)
    assert state(town, case_no) == "district_review"


def test_an_approval_sets_the_money_aside_under_the_hash_of_what_was_approved(
    town: Society,
) -> None:
    case_no = proposed(town, fire())

    made, _ = deciding.approve(town.desk(CITY), [case_no], expect=1)

    assert made == Decided(1, 700_000)
    found = the(town, case_no)
    assert (found.case.state, found.said.approved_fen) == ("approved", 700_000)
    assert balances(town, "FIRE") == {
        "external": -100_000_000, "available": 99_300_000, "committed": 700_000
    }  # fmt: skip
    approvals = rosters.approvals(town.admin.store, found.case.id)
    assert {a.hash for a in approvals} == {found.case.line_hash}
    assert {a.maker_id for a in approvals} == {
        town.desk(login).actor.staff_id for login in (CASEWORKER, VERIFIER)
    }
    whole(town)


def test_br_041_above_the_district_limit_the_city_decides(town: Society) -> None:
    dear = proposed(town, fire())
    cheap = proposed(town, fire(2, "李强"), 600_000)

    with refused("case.limit"):
        deciding.approve(town.desk(DISTRICT), [dear])
    deciding.approve(town.desk(DISTRICT), [cheap])
    deciding.approve(town.desk(CITY), [dear])

    assert state(town, dear) == state(town, cheap) == "approved"
    whole(town)


def test_br_028_after_much_help_from_everywhere_the_city_decides(town: Society) -> None:
    wanted = fire(hardship="none", elsewhere=(("TOWN", "2022-01-25", 3_100_000),))
    case_no = proposed(town, wanted, 500_000)

    with refused("case.limit"):
        deciding.approve(town.desk(DISTRICT), [case_no])
    deciding.approve(town.desk(CITY), [case_no])

    assert state(town, case_no) == "approved"


def test_br_042_lower_needs_a_reason_and_higher_the_city(town: Society) -> None:
    case_no = proposed(town, fire(), 500_000)

    with refused("case.lower"):
        deciding.approve(town.desk(DISTRICT), [case_no], fen=400_000)
    with refused("case.higher"):
        deciding.approve(town.desk(DISTRICT), [case_no], fen=600_000, reason="burnt_more")
    with refused("case.above_rule"):
        deciding.approve(town.desk(CITY), [case_no], fen=900_000, reason="burnt_more")
    deciding.approve(town.desk(DISTRICT), [case_no], fen=400_000, reason="insured")

    assert the(town, case_no).said.approved_fen == the(town, case_no).case.fen == 400_000
    other = proposed(town, fire(2, "李强"), 500_000)
    deciding.approve(town.desk(CITY), [other], fen=600_000)
    assert the(town, other).case.fen == 600_000
    assert balances(town, "FIRE")["committed"] == 1_000_000
    whole(town)


def test_br_040_who_made_or_verified_it_does_not_decide_and_the_reviewer_may(
    town: Society,
) -> None:
    everybody = newcomer(town, "both", "caseworker", "verifier", "reviewer", "approver")
    case_no = intake_by(town, everybody)
    with refused("who.maker"):
        deciding.propose(everybody, case_no, 500_000)
    deciding.propose(town.desk(REVIEWER), case_no, 500_000)
    with refused("who.maker"):
        deciding.approve(everybody, [case_no])

    reviewer = newcomer(town, "chief", "reviewer", "approver")
    other = verified(town, fire(2, "李强"))
    deciding.propose(reviewer, other, 500_000)
    deciding.approve(reviewer, [other])
    assert state(town, other) == "approved"
    whole(town)


def intake_by(town: Society, desk: Desk) -> str:
    """An application that one person entered and another verified."""
    case, _ = new.create(desk, fire())
    intake.submit(desk, case.case_no)
    intake.verify(town.desk(VERIFIER), case.case_no)
    return case.case_no


def test_br_045_a_relative_has_no_part_in_a_case(town: Society) -> None:
    case_no = proposed(town, fire())
    deciding.recuse(town.desk(CASEWORKER), case_no, CITY, "cousin")

    with refused("who.recused"):
        deciding.approve(town.desk(CITY), [case_no])
    with refused("case.recused"):
        deciding.recuse(town.desk(CASEWORKER), case_no, CITY, "cousin")
    with refused("who.unknown"):
        deciding.recuse(town.desk(CASEWORKER), case_no, "nobody", "cousin")
    assert state(town, case_no) == "approval"


def test_many_are_approved_all_or_none_and_the_exceptions_are_named(town: Society) -> None:
    good = [proposed(town, fire(n, f"人{n}"), 500_000) for n in (1, 2)]
    dear = proposed(town, fire(3, "人三"), 700_000)

    exceptions = {w.found.case.case_no for w in deciding.look(town.desk(DISTRICT), [*good, dear])
                  if w.problems}  # fmt: skip
    assert exceptions == {dear}
    with refused("case.limit"):
        deciding.approve(town.desk(DISTRICT), [*good, dear])
    with refused("act.expected"):
        deciding.approve(town.desk(DISTRICT), good, expect=3)
    assert {state(town, n) for n in good} == {"approval"}
    made, entry = deciding.approve(town.desk(DISTRICT), good, expect=2)

    assert made == Decided(2, 1_000_000)
    [(events,)] = rows(
        town.admin.store,
        f"SELECT count(*) FROM audit_event WHERE log = '{entry.log}' AND seq = {entry.seq}",
    )
    assert events == 1
    whole(town)


def test_br_022_two_cases_of_a_household_do_not_pass_its_cap_together(town: Society) -> None:
    first = proposed(town, fire(head=number(1), relation="户主"), 700_000)
    kin = fire(2, "王小国", head=number(1), relation="子", disaster=SECOND, asked_fen=600_000)
    second = proposed(town, kin, 600_000)
    assert the(town, first).case.household_id == the(town, second).case.household_id

    with refused("case.stopped", "case.above_rule"):
        deciding.approve(town.desk(CITY), [first, second])
    deciding.approve(town.desk(CITY), [first])
    with refused("case.stopped", "case.above_rule"):
        deciding.approve(town.desk(CITY), [second])


def test_br_023_one_cause_is_promised_once(town: Society) -> None:
    first = proposed(town, student(), 500_000)
    second = proposed(town, student(), 500_000)
    deciding.approve(town.desk(CITY), [first])

    with refused("case.stopped", "case.above_rule"):
        deciding.approve(town.desk(CITY), [second])
    assert state(town, second) == "approval"


def test_br_023_what_is_suspended_was_promised_too(town: Society) -> None:
    first = proposed(town, student(), 500_000)
    second = proposed(town, student(), 500_000)
    deciding.approve(town.desk(CITY), [first])
    after.suspend(town.desk(REVIEWER), first, "account_in_doubt")

    with refused("case.stopped", "case.above_rule"):
        deciding.approve(town.desk(CITY), [second])


def test_br_024_after_a_transplant_only_what_is_missing_is_given(town: Society) -> None:
    entitled(town, angel(), 3_000_000)

    second = verified(town, angel(stage="transplant"))
    with refused("case.above_rule"):
        deciding.propose(town.desk(REVIEWER), second, 3_000_000)
    deciding.propose(town.desk(REVIEWER), second, 2_000_000)
    deciding.approve(town.desk(CITY), [second])

    assert the(town, second).case.fen == 2_000_000
    whole(town)


def test_br_021_a_decision_keeps_what_was_known_of_the_case(town: Society) -> None:
    case_no = approved(town, fire())
    before = the(town, case_no)

    with refused("application.too_late"):
        editing.edit(town.desk(CASEWORKER), case_no, {"hardship": "none"})
    another = verified(town, fire(hardship="none", disaster=SECOND, asked_fen=300_000))

    now = the(town, case_no)
    assert now == before
    assert the(town, another).case.hardship == "none"
    assert (now.case.category, now.case.hardship) == ("home", "subsistence")
    whole(town)


def test_br_043_a_rejection_has_a_reason_of_the_list_and_a_text(town: Society) -> None:
    case_no = proposed(town, fire())

    with refused("case.rejection"):
        deciding.reject(town.desk(CITY), case_no, "because")
    deciding.reject(town.desk(CITY), case_no, "untrue", opinion="与消防证明不符")

    found = the(town, case_no)
    assert (found.case.state, found.said.rejected_on) == ("rejected", town.admin.day)
    told = texts.rejection_text(town.desk(CASEWORKER), case_no)
    assert case_no in told
    assert "what was stated did not prove true" in told
    assert add_days(town.admin.day, 30) in told
    whole(town)


@pytest.mark.parametrize(
    ("login", "step"), [(VERIFIER, "verifying"), (REVIEWER, "district_review"), (CITY, "approval")]
)
def test_whoever_has_it_rejects_it_and_nobody_else(town: Society, login: str, step: str) -> None:
    if step == "verifying":
        case_no = submitted(town, fire())
        intake.accept(town.desk(VERIFIER), case_no)
    else:
        case_no = verified(town, fire()) if step == "district_review" else proposed(town, fire())
    for other in {VERIFIER, REVIEWER, CITY} - {login}:
        with refused("who.no_duty"):
            deciding.reject(town.desk(other), case_no, "outside")
    deciding.reject(town.desk(login), case_no, "outside")
    assert state(town, case_no) == "rejected"


def test_an_appeal_is_made_once_and_within_thirty_days(town: Society) -> None:
    case_no = proposed(town, fire())
    deciding.reject(town.desk(CITY), case_no, "untrue")
    town.clock.set(add_days(town.admin.day, 30))
    deciding.appeal(town.desk(CASEWORKER), case_no, opinion="补充证明")
    assert state(town, case_no) == "district_review"

    deciding.propose(town.desk(REVIEWER), case_no, 300_000)
    deciding.reject(town.desk(CITY), case_no, "untrue")
    with refused("case.appealed"):
        deciding.appeal(town.desk(CASEWORKER), case_no)
    assert "appeal has been decided" in texts.rejection_text(town.desk(CASEWORKER), case_no)


def test_an_appeal_after_thirty_days_comes_too_late(town: Society) -> None:
    case_no = proposed(town, fire())
    deciding.reject(town.desk(CITY), case_no, "untrue")
    town.clock.set(add_days(town.admin.day, 31))

    with refused("case.appeal_late"):
        deciding.appeal(town.desk(CASEWORKER), case_no)


def test_at_once_means_entitled_and_looked_at_again_by_somebody_else(town: Society) -> None:
    case_no = submitted(town, fire(papers=("ID",)))
    intake.accept(town.desk(VERIFIER), case_no)
    approver = newcomer(town, "night", "approver", "reviewer")
    with refused("case.urgent_limit"):
        deciding.urgent(approver, case_no, 400_000, "homeless")
    deciding.urgent(approver, case_no, 300_000, "homeless")

    found = the(town, case_no)
    assert (found.case.state, found.said.urgent, found.said.review_due_on) == ("entitled", 1, "2022-02-18")  # fmt: skip
    assert balances(town, "FIRE")["payable"] == 300_000
    assert [due.case_no for due in deciding.reviews_due(town.desk(REVIEWER))] == [case_no]
    with refused("who.maker"):
        deciding.review_urgent(approver, case_no)
    with refused("who.no_duty"):
        deciding.review_urgent(town.desk(VERIFIER), case_no)
    deciding.review_urgent(town.desk(REVIEWER), case_no, opinion="属实")
    assert deciding.reviews_due(town.desk(REVIEWER)) == []
    with refused("state.no_move"):
        deciding.review_urgent(town.desk(REVIEWER), case_no)
    whole(town)


def test_br_016_nothing_is_decided_for_somebody_who_died(town: Society) -> None:
    case_no = proposed(town, fire())
    deaths.record(town.desk(CASEWORKER), the(town, case_no).case.person_id, town.admin.day, "x")

    assert state(town, case_no) == "closed_deceased"
    with refused("state.no_move"):
        deciding.approve(town.desk(CITY), [case_no])


def test_br_065_the_payee_is_the_person_a_guardian_or_has_a_proxy(town: Society) -> None:
    own = proposed(town, angel(), 3_000_000)
    by_guardian = proposed(town, angel(2, "张小花", payee="李秀英"), 3_000_000)
    stranger = verified(town, fire(3, "王三", payee="赵四"))
    with refused("case.payee"):
        deciding.propose(town.desk(REVIEWER), stranger, 500_000)
    papers.mark(town.desk(CASEWORKER), stranger, "PROXY", "seen")
    deciding.propose(town.desk(REVIEWER), stranger, 500_000, reason="proxy")

    with refused("case.payee_reason"):
        deciding.approve(town.desk(DISTRICT), [stranger])
    deciding.approve(town.desk(DISTRICT), [stranger], reason="proxy")
    deciding.approve(town.desk(CITY), [own, by_guardian])
    whole(town)


def test_br_066_an_account_of_unrelated_people_blocks_until_explained(town: Society) -> None:
    first = proposed(town, fire(account="6200000000000009", payee="王建国"), 500_000)
    same = fire(2, "李强", account="6200000000000009")
    second = verified(town, same)

    with refused("case.account_shared"):
        deciding.propose(town.desk(REVIEWER), second, 500_000)
    with refused("case.account_shared"):
        deciding.approve(town.desk(DISTRICT), [first])
    for case_no in (first, second):
        deciding.explain_account(town.desk(REVIEWER), case_no, "care_home")
    deciding.propose(town.desk(REVIEWER), second, 500_000)
    deciding.approve(town.desk(DISTRICT), [first, second])

    assert state(town, first) == state(town, second) == "approved"


def test_br_066_a_household_may_share_an_account(town: Society) -> None:
    account = "6200000000000009"
    proposed(town, fire(head=number(1), relation="户主", account=account), 600_000)
    kin = fire(2, "王小国", head=number(1), relation="子", account=account, disaster=SECOND)
    assert state(town, proposed(town, kin, 600_000)) == "approval"


def test_br_072_a_fund_pays_what_it_is_for_and_what_it_holds(town: Society) -> None:
    city = town.desk(CITY)
    other = newcomer(town, "money", "preparer", "approver", office="310000")
    funds.open_fund(other, "FIRE-PD", "浦东火灾", "FIRE", restriction="region", scope="310115")
    funds.receive(other, "FIRE-PD", 10_000_000, "one")
    case_no = proposed(town, fire())

    with refused("fund.restricted"):
        deciding.approve(city, [case_no], fund="FIRE-PD")
    with refused("fund.other_programme"):
        deciding.approve(city, [case_no], fund="ANGEL")
    funds.open_fund(other, "FIRE-JD", "嘉定火灾", "FIRE", restriction="region", scope="310114")
    with refused("fund.short"):
        deciding.approve(city, [case_no], fund="FIRE-JD")
    funds.receive(other, "FIRE-JD", 1_000_000, "two")
    deciding.approve(city, [case_no], fund="FIRE-JD")

    assert balances(town, "FIRE-JD")["committed"] == 700_000
    assert "committed" not in balances(town, "FIRE")
    whole(town)


def test_br_047_somebody_elses_change_is_shown_field_by_field(town: Society) -> None:
    case_no = proposed(town, fire())
    desk = town.desk(CITY)
    other = newcomer(town, "second", "approver", office="310000")
    between(desk, lambda: deciding.approve(other, [case_no], fen=600_000, reason="insured"))

    with refused("state.stale", "case.moved_on") as caught:
        deciding.approve(desk, [case_no])

    told = {p.field: (p.params["seen"], p.params["now"]) for p in caught.value.problems if p.field}
    assert told["fen"] == (700_000, 600_000)
    assert told["state"] == ("approval", "approved")
    assert balances(town, "FIRE")["committed"] == 600_000
    whole(town)


def test_the_same_decision_twice_sets_money_aside_once(town: Society) -> None:
    case_no = proposed(town, fire())
    deciding.approve(town.desk(CITY), [case_no, case_no], expect=1)

    with refused("state.no_move"):
        deciding.approve(town.desk(CITY), [case_no])
    pass_notice(town, case_no)
    after.entitle(town.desk(CITY), [case_no])
    with refused("state.no_move"):
        after.entitle(town.desk(CITY), [case_no])

    assert len(rights(town.admin.store)) == 1
    assert balances(town, "FIRE")["payable"] == 700_000
    whole(town)


def test_a_corrected_name_voids_the_approval_and_binds_who_corrected_it(town: Society) -> None:
    case_no = entitled(town, fire())
    person = the(town, case_no).case.person_id
    asked, _ = changes.ask(town.desk(CASEWORKER), person, "name", "王建图", "typo")
    second = newcomer(town, "checker", "reviewer", "approver", office="310000")
    changes.confirm(second, asked)

    found = the(town, case_no)
    assert (found.case.state, found.case.line_hash, found.said.approved_fen) == ("approval", None, None)  # fmt: skip
    assert [r.state for r in rights(town.admin.store)] == ["cancelled"]
    assert balances(town, "FIRE") == {"external": -100_000_000, "available": 100_000_000}
    whole(town)
    with refused("who.maker"):
        deciding.approve(second, [case_no], reason="proxy")
    with refused("case.payee"):
        deciding.approve(town.desk(CITY), [case_no])


def test_a_corrected_account_voids_the_approval_and_is_what_is_paid_to(town: Society) -> None:
    case_no = approved(town, fire())
    before = the(town, case_no).case.account_id
    person = the(town, case_no).case.person_id
    asked, _ = changes.ask(town.desk(CASEWORKER), person, "account", "6299999999999999", "typo")
    changes.confirm(newcomer(town, "checker", "reviewer"), asked)

    assert state(town, case_no) == "approval"
    assert the(town, case_no).case.account_id != before
    deciding.approve(town.desk(CITY), [case_no])
    pass_notice(town, case_no)
    after.entitle(town.desk(CITY), [case_no])
    [right] = rights(town.admin.store)
    assert right.account_id == the(town, case_no).case.account_id
    whole(town)


def test_another_amount_comes_by_reopening_alone(town: Society) -> None:
    case_no = entitled(town, fire())
    after.reopen(town.desk(CITY), case_no, "insured")
    assert balances(town, "FIRE") == {"external": -100_000_000, "available": 100_000_000}
    deciding.approve(town.desk(CITY), [case_no], fen=400_000, reason="insured")
    pass_notice(town, case_no)
    after.entitle(town.desk(CITY), [case_no])

    states = sorted((r.state, r.fen, r.again) for r in rights(town.admin.store))
    assert states == [("cancelled", 700_000, None), ("ready", 400_000, 1)]
    assert balances(town, "FIRE")["payable"] == 400_000
    whole(town)


def test_papers_that_ran_out_by_the_day_of_the_decision_stop_it(town: Society) -> None:
    case_no = proposed(town, fire(hardship_until="2022-02-20"))
    town.clock.set("2022-03-01")

    with refused("case.stopped"):
        deciding.approve(town.desk(CITY), [case_no])


def test_an_explanation_says_who_is_paid_by_what_and_who_had_a_part(town: Society) -> None:
    case_no = entitled(town, fire())
    found = explain.explain(town.desk(REVIEWER), case_no)

    by_code = {check.code: check for check in found.checks}
    assert {"payee.own", "fund.fits", "fund.set_aside", "duty.apart"} <= by_code.keys()
    assert by_code["duty.apart"].params == {
        "made": CASEWORKER, "verify": VERIFIER, "approve": CITY
    }  # fmt: skip
    assert {explain.kind_of(check) for check in found.checks} >= {"rule", "cap", "fund", "duplicate", "duty"}  # fmt: skip
    assert (found.state, found.fen, found.level) == ("entitled", 700_000, "city")
    assert by_code["duty.apart"].rule == "BR-040"
    assert by_code["fund.fits"].rule == "BR-072"


def test_an_urgent_decision_that_nobody_looked_at_is_said_to_be_late(town: Society) -> None:
    case_no = submitted(town, fire())
    intake.accept(town.desk(VERIFIER), case_no)
    deciding.urgent(town.desk(CITY), case_no, 300_000, "homeless")

    def said() -> tuple[str, str]:
        found = explain.explain(town.desk(REVIEWER), case_no)
        [check] = [c for c in found.checks if c.code.startswith("urgent.")]
        return check.code, check.result

    assert said() == ("urgent.waits", "warn")
    town.clock.set("2022-02-21")
    assert said() == ("urgent.late", "fail")
    deciding.review_urgent(town.desk(REVIEWER), case_no)
    assert said() == ("urgent.reviewed", "pass")


def test_an_explanation_of_an_earlier_day_is_of_that_day(town: Society) -> None:
    case_no = verified(town, fire())
    town.clock.set("2022-02-02")
    deciding.propose(town.desk(REVIEWER), case_no, 600_000)
    town.clock.set("2022-02-03")
    deciding.approve(town.desk(CITY), [case_no])

    states = [
        (found.state, found.fen)
        for day in ("2022-02-01", "2022-02-02", "2022-02-03")
        for found in [explain.explain(town.desk(REVIEWER), case_no, day)]
    ]
    assert states == [
        ("district_review", 700_000), ("approval", 600_000), ("approved", 600_000)
    ]  # fmt: skip


def test_what_nobody_proposed_is_an_exception_of_its_state(town: Society) -> None:
    case, _ = new.create(town.desk("jd-caseworker"), fire(7))
    intake.submit(town.desk("jd-caseworker"), case.case_no)
    (weighed,) = deciding.look(town.desk(DISTRICT), [case.case_no])
    assert [problem.code for problem in weighed.problems] == ["state.no_move"]
