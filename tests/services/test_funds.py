"""Funds with a purpose: what they pay for, what moves between them, and who may not be helped."""

from __future__ import annotations

import pytest

from rcaid import data
from rcaid.db import funds as fund_rows
from rcaid.db import people, transfers
from rcaid.db import programmes as programme_rows
from rcaid.db.tables import Fund, Person
from rcaid.domain.errors import Problem
from rcaid.domain.identity import make_number
from rcaid.domain.uscc import make_code
from rcaid.services import audit, disasters, invariants, programmes
from rcaid.services import transfers as transfer_service
from rcaid.services.funds import donations, funds
from rcaid.services.funds.donors import Party
from rcaid.services.reporting import money
from rcaid.services.reporting.shape import Asked
from tests.services.conftest import DAY, JD, PD, Society
from tests.services.giving import balances, code_of, donor, gift, new_fund, problem_of
from tests.services.writing import newcomer


def fund(society: Society, code: str) -> Fund:
    found = fund_rows.by_code(society.admin.store, code)
    assert found is not None
    return found


def why_not(society: Society, code: str, **facts: str) -> str:
    found = funds.matching(society.admin, fund(society, code), **{"programme": "QWR"} | facts)
    return found.code if found else ""


def test_a_fund_is_opened_by_the_approver_for_a_scope_that_is_there(society: Society) -> None:
    new_fund(society, "QWR-JD", "region", JD, office=JD)
    made = fund(society, "QWR-JD")
    assert (made.restriction, made.scope, made.office_id) == ("region", JD, society.office(JD))
    approver = society.desk("sh-approver")
    for restriction, scope, code in (
        ("campaign", "EQ-9", "fund.scope"),
        ("institution", "U09", "fund.scope"),
        ("person", "nobody", "fund.scope"),
        ("programme", "UNI", "fund.scope"),
        ("region", "x", "fund.scope"),
        ("wish", "", "fund.restriction"),
    ):
        assert code_of(lambda: new_fund(society, "QWR-X", restriction, scope)) == code  # noqa: B023
    assert code_of(lambda: new_fund(society, "QWR-JD", "programme")) == "fund.exists"
    preparer = society.desk("sh-preparer")
    assert (
        code_of(lambda: funds.open_fund(preparer, "X-1", "x", "QWR", restriction="programme"))
        == "who.no_duty"
    )
    assert programme_rows.fund_of(approver.store, made.programme_id) == fund(society, "QWR")


def test_br_072_no_account_of_a_fund_falls_below_zero(society: Society) -> None:
    new_fund(society, "QWR-S", "programme")
    desk = society.desk("sh-approver")
    assert code_of(lambda: funds.move(desk, "QWR-S", "QWR", 1)) == "fund.short"
    assert balances(society, "QWR-S") == {}
    assert balances(society, "QWR") == {"available": 100_000_000}


def test_br_072_a_fund_pays_only_for_what_is_within_its_scope(society: Society) -> None:
    disasters.open_(society.desk("sh-approver"), "EQ-1", "地震", "earthquake", "四川", "2022-01-20")
    preparer = society.desk("sh-preparer")
    transfer_service.add_institution(preparer, "U01", "第一大学", "university", "杨浦")
    society.import_roster([society.person(1, "王伟")])
    (person,) = people.page(society.admin.store, [society.office("310114001")], "", 5)
    for code, restriction, scope in (
        ("F-CAMP", "campaign", "EQ-1"),
        ("F-REG", "region", JD),
        ("F-INST", "institution", "U01"),
        ("F-PERS", "person", person.id),
        ("F-PROG", "programme", "QWR"),
    ):
        new_fund(society, code, restriction, scope)

    assert why_not(society, "QWR") == ""
    assert why_not(society, "QWR", programme="UNI") == "fund.other_programme"
    assert why_not(society, "F-PROG", region=PD) == ""
    for code, fits, misses in (
        ("F-CAMP", {"disaster": "EQ-1"}, {"disaster": "EQ-2"}),
        ("F-REG", {"region": "310114001"}, {"region": "310115001"}),
        ("F-INST", {"institution": "U01"}, {"institution": "U02"}),
        ("F-PERS", {"person": person.id}, {"person": "another"}),
    ):
        assert why_not(society, code, **fits) == ""
        assert why_not(society, code, **misses) == "fund.restricted"
        assert why_not(society, code) == "fund.restricted"
        assert why_not(society, code, programme="UNI", **fits) == "fund.other_programme"


def test_br_072_a_transfer_is_paid_by_a_fund_that_fits_alone(society: Society) -> None:
    programmes.load(society.admin, data.text("programmes/aid.toml"))
    approver, preparer = society.desk("sh-approver"), society.desk("sh-preparer")
    for code in ("EQ-1", "EQ-2"):
        disasters.open_(approver, code, code, "earthquake", "四川", "2022-01-20")
    transfer_service.add_institution(preparer, "RC-SC", "川西红十字会", "society", "四川")
    funds.open_fund(approver, "AID-EQ", "地震", "AID", restriction="campaign", scope="EQ-1")
    funds.receive(preparer, "AID-EQ", 1_000_00, "start")

    def to(disaster: str, fund: str) -> str:
        made, _ = transfer_service.create(
            preparer, "AID", "RC-SC", "救灾", fen=1_000_00, disaster=disaster, fund=fund
        )
        return made.number

    assert code_of(lambda: to("EQ-2", "AID-EQ")) == "fund.restricted"
    assert code_of(lambda: to("EQ-1", "QWR")) == "fund.other_programme"
    transfer_service.approve(approver, to("EQ-1", "AID-EQ"))
    assert balances(society, "AID-EQ") == {"payable": 1_000_00}
    assert not invariants.broken(society.admin.store)


def test_br_072_borrowing_between_funds_is_forbidden(society: Society) -> None:
    new_fund(society, "QWR-JD", "region", JD)
    desk = society.desk("sh-approver")
    found = problem_of(lambda: funds.move(desk, "QWR", "QWR-JD", 1, "loan"))
    assert found.code == "fund.borrow"


def test_br_073_money_between_offices_is_no_income(society: Society) -> None:
    new_fund(society, "QWR-JD", "region", JD, office=JD)
    desk = society.desk("sh-approver")
    funds.move(desk, "QWR", "QWR-JD", 300_000_00, key="2022-1")
    assert balances(society, "QWR-JD") == {"available": 300_000_00}
    assert code_of(lambda: funds.move(desk, "QWR", "QWR-JD", 1, key="2022-1")) == "fund.moved"

    rows = money.income(society.desk("sh-auditor"), Asked("2022", DAY)).rows
    by_line = {(name, line): cash for name, line, _, _, _, cash, *_ in rows}
    received = sum(int(cash) for (_, line), cash in by_line.items() if line == "received")
    assert received == 100_000_000
    assert ("QWR-JD基金", "received") not in by_line
    assert by_line["QWR-JD基金", "transferred"] == 300_000_00
    moved = [int(cash) for (_, line), cash in by_line.items() if line == "transferred"]
    assert sum(moved) == 0
    assert not invariants.broken(society.admin.store)
    assert audit.verify_store(society.admin).ok


def test_br_073_money_goes_from_a_wide_purpose_to_a_narrow_one_alone(society: Society) -> None:
    new_fund(society, "QWR-JD", "region", JD)
    new_fund(society, "QWR-PD", "region", PD)
    new_fund(society, "QWR-S", "region", "310114001")
    desk = society.desk("sh-approver")
    funds.receive(society.desk("sh-preparer"), "QWR-JD", 100, "start")
    funds.move(desk, "QWR-JD", "QWR-S", 40)
    for target in ("QWR", "QWR-PD"):
        assert code_of(lambda: funds.move(desk, "QWR-JD", target, 1)) == "fund.purpose"  # noqa: B023
    assert balances(society, "QWR-JD") == {"available": 60}


def test_br_089_an_earmark_changes_by_the_donors_paper_or_by_the_city(society: Society) -> None:
    for code, office in (("QWR-JD", JD), ("QWR-PD", PD)):
        new_fund(society, code, "region", office, office=office)
    funds.receive(society.desk("jd-preparer"), "QWR-JD", 1_000, "start")
    district, city = society.desk("jd-approver"), society.desk("sh-approver")

    assert code_of(lambda: funds.move(city, "QWR-JD", "QWR-PD", 100, "earmark")) == "fund.earmark"
    without = lambda: funds.move(district, "QWR-JD", "QWR-PD", 100, "earmark", reason="rest")  # noqa: E731
    assert code_of(without) == "who.no_duty"
    funds.move(district, "QWR-JD", "QWR-PD", 100, "earmark", paper="函2022-7")
    _, entry = funds.move(city, "QWR-JD", "QWR-PD", 200, "earmark", reason="project_ended")
    assert balances(society, "QWR-PD") == {"available": 300}
    assert (entry.log, entry.seq > 0) == ("310000", True)
    first, second = fund_rows.moves(society.admin.store)
    assert (first.paper, second.paper) == ("函2022-7", None)
    assert not invariants.broken(society.admin.store)


def person_of(society: Society, seq: int, name: str, **changes: str) -> Person:
    society.import_roster([society.person(seq, name, **changes)])
    found = people.page(society.admin.store, [society.office("310114001")], "", 50)
    return next(each for each in found if each.name == name)


def test_br_090_a_donor_and_who_belongs_to_them_are_not_helped(society: Society) -> None:
    number = make_number("310199", "19500101", 1)
    person = person_of(society, 1, "王伟")
    namesake = person_of(society, 3, "李强")
    other = person_of(society, 5, "赵敏")

    def why(who: Person, fund_code: str = "QWR") -> Problem | None:
        return funds.interested(society.admin, fund(society, fund_code), who)

    firm = donor(
        society, "公司", kind="organisation", uscc=make_code(1),
        parties=(Party("王某", "director", number),),
    )  # fmt: skip
    assert why(person) is None
    gift(society, 100, by=firm)
    found = why(person)
    assert found is not None
    assert (found.code, found.params["donor"]) == ("fund.interested", firm)

    apart = donor(society, "李强", number=make_number("310199", "19800101", 9))
    gift(society, 100, by=apart)
    assert why(namesake) is None  # another number, so another person
    unknown = donor(society, "赵敏")
    gift(society, 100, by=unknown)
    assert why(other) is not None  # nothing but the name, and it is the same


def test_br_090_donors_of_money_that_was_moved_in_count_too(society: Society) -> None:
    person = person_of(society, 1, "王伟")
    new_fund(society, "QWR-JD", "region", JD)
    gift(society, 100, by=donor(society, "王伟"))
    into = fund(society, "QWR-JD")
    assert funds.interested(society.admin, into, person) is None
    funds.move(society.desk("sh-approver"), "QWR", "QWR-JD", 50)
    assert funds.interested(society.admin, into, person) is not None


def test_br_090_an_institution_is_told_by_its_code_or_name(society: Society) -> None:
    preparer = society.desk("sh-preparer")
    transfer_service.add_institution(preparer, "U01", "第一大学", "university", "杨浦")
    receiver = transfers.institution_by_code(society.admin.store, "U01")
    assert receiver is not None
    gift(society, 100, by=donor(society, "第一大学", kind="organisation", uscc=make_code(5)))
    qwr = fund(society, "QWR")
    for code, same in ((None, True), (make_code(5), True), (make_code(6), False)):
        found = funds.interested(society.admin, qwr, institution=receiver._replace(uscc=code))
        assert (found is not None) == same
    named = receiver._replace(name="第一大学（新校）", uscc=make_code(5))
    assert funds.interested(society.admin, qwr, institution=named) is not None


def test_a_promise_or_what_was_given_back_bars_nobody(society: Society) -> None:
    person = person_of(society, 1, "王伟")
    code = donor(society, "王伟")
    donations.pledge(society.desk("sh-preparer"), code, "QWR", 100)
    assert funds.interested(society.admin, fund(society, "QWR"), person) is None


def test_a_fund_that_is_empty_closes_and_takes_no_more(society: Society) -> None:
    new_fund(society, "QWR-JD", "region", JD)
    desk, preparer = society.desk("sh-approver"), society.desk("sh-preparer")
    funds.receive(preparer, "QWR-JD", 5, "start")
    assert code_of(lambda: funds.close_fund(desk, "QWR-JD")) == "fund.holds"
    assert code_of(lambda: funds.close_fund(desk, "QWR")) == "fund.own"
    funds.move(desk, "QWR-JD", "QWR", 5, "earmark", reason="rest")
    funds.close_fund(desk, "QWR-JD")
    assert code_of(lambda: funds.receive(preparer, "QWR-JD", 5, "more")) == "fund.closed"
    assert code_of(lambda: funds.move(desk, "QWR", "QWR-JD", 5)) == "fund.closed"
    assert why_not(society, "QWR-JD", region=JD) == "fund.closed"


def test_an_approver_moves_money_of_their_own_office_alone(society: Society) -> None:
    new_fund(society, "QWR-JD", "region", JD, office=JD)
    funds.receive(society.desk("jd-preparer"), "QWR-JD", 100, "start")
    new_fund(society, "QWR-S", "region", "310114001", office=JD)
    other = newcomer(society, "pd-approver-2", "approver", office=PD)
    with pytest.raises(Exception, match=r"who\.no_duty"):
        funds.move(other, "QWR-JD", "QWR-S", 1)
    funds.move(society.desk("jd-approver"), "QWR-JD", "QWR-S", 1)
