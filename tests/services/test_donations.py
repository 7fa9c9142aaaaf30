"""Donations: what is promised, what comes in, the receipt for it, and what goes back."""

from __future__ import annotations

from typing import Any

import pytest

from rcaid.db import donations as rows
from rcaid.demo import giving
from rcaid.domain.identity import make_number
from rcaid.domain.uscc import make_code
from rcaid.services import audit, invariants, programmes
from rcaid.services.funds import donations, donors, funds, listing, receipts
from rcaid.services.funds.donations import Goods
from rcaid.services.funds.donors import Giver
from rcaid.services.society import as_person
from tests.services.conftest import JD, PD, Society
from tests.services.giving import balances, code_of, donor, gift, new_fund, problem_of
from tests.services.tamper import tampered
from tests.services.writing import all_round, contents, newcomer, number

START = 100_000_000


def state(society: Society, which: str) -> str:
    return donations.find(society.admin, which).state


def whole(society: Society) -> None:
    """Nothing is wrong with the books or the record."""
    assert invariants.broken(society.admin.store) == []
    assert audit.verify_store(society.admin).ok


def test_a_promise_moves_no_money_and_may_come_as_another_amount(society: Society) -> None:
    desk = society.desk("sh-preparer")
    made, _ = donations.pledge(desk, donor(society), "QWR", 5_000_00, earmark="肿瘤")
    assert (made.state, made.pledged_fen, made.fen) == ("pledged", 5_000_00, 0)
    assert balances(society, "QWR") == {"available": START}

    society.clock.set("2022-02-03")
    donations.receive(desk, made.number, 4_000_00, reference="B-7", received_on="2022-02-02")
    line = listing.show(desk, made.number)
    assert (line.state, line.fen, line.pledged_fen) == ("received", 4_000_00, 5_000_00)
    assert (line.received_on, line.pledged_on) == ("2022-02-02", "2022-02-01")
    assert balances(society, "QWR") == {"available": START + 4_000_00}
    entry = number(
        society.admin.store, "SELECT count(*) FROM ledger_entry WHERE day = '2022-02-02'"
    )
    assert entry == 1
    assert code_of(lambda: donations.receive(desk, made.number)) == "state.no_move"
    whole(society)


def test_a_promise_that_is_withdrawn_never_comes(society: Society) -> None:
    desk = society.desk("sh-preparer")
    made, _ = donations.pledge(desk, donor(society), "QWR", 5_000_00)
    donations.withdraw(desk, made.number, "no_funds")
    assert state(society, made.number) == "withdrawn"
    assert code_of(lambda: donations.receive(desk, made.number)) == "state.no_move"
    whole(society)


def test_br_080_a_receipt_number_is_typed_in_and_used_once(society: Society) -> None:
    desk = society.desk("sh-preparer")
    first, second = gift(society, 1_000_00), gift(society, 2_000_00)
    made, _ = receipts.receipt(desk, first, "3100022001", code="31-01", checked="A9c3")
    assert (made.fen, made.number, state(society, first)) == (1_000_00, "3100022001", "receipted")
    used = problem_of(lambda: receipts.receipt(desk, second, "3100022001"))
    assert (used.code, used.params["donation"]) == ("donation.receipt_used", first)
    for text in ("", "12", "3100 22", "号0001"):
        assert code_of(lambda: receipts.receipt(desk, second, text)) == "donation.receipt_form"  # noqa: B023
    whole(society)


def test_br_080_the_amount_is_what_was_received_and_not_what_was_promised(
    society: Society,
) -> None:
    desk = society.desk("sh-preparer")
    made, _ = donations.pledge(desk, donor(society), "QWR", 5_000_00)
    donations.receive(desk, made.number, 4_000_00)
    wrong = problem_of(lambda: receipts.receipt(desk, made.number, "R-0001", fen=5_000_00))
    assert wrong.code == "donation.receipt_amount"
    assert (wrong.params["received"], wrong.params["typed"]) == ("4,000.00", "5,000.00")
    given, _ = receipts.receipt(desk, made.number, "R-0001", fen=4_000_00)
    assert given.fen == 4_000_00


def test_br_080_a_void_receipt_stays_and_the_next_one_names_it(society: Society) -> None:
    desk = society.desk("sh-preparer")
    which, other = gift(society, 1_000_00), gift(society, 1)
    first, _ = receipts.receipt(desk, which, "R-0001")
    receipts.void(desk, which, "misprint")
    assert (state(society, which), donations.find(desk, which).receipt_no) == ("received", None)
    for donation in (which, other):
        again = lambda: receipts.receipt(desk, donation, "R-0001")  # noqa: B023, E731
        assert code_of(again) == "donation.receipt_used"
    second, _ = receipts.receipt(desk, which, "R-0002")
    assert second.replaces == first.id
    assert listing.show(desk, which).receipts == ("R-0001 void", "R-0002 issued")
    versions = number(
        society.admin.store,
        f"SELECT count(*) FROM audit_row WHERE noun = 'donation_receipt' AND row_id = '{first.id}'",
    )
    assert versions == 2
    whole(society)


def test_br_077_a_receipt_says_its_amount_in_figures_and_capitals(society: Society) -> None:
    desk = society.desk("sh-preparer")
    code = donor(society, "申城公司", kind="organisation", uscc=make_code(7))
    which = gift(society, 1_005_30, by=code, earmark="肿瘤患者")
    receipts.receipt(desk, which, "R-0001", code="31-01", checked="A9c3")
    said = dict(receipts.text(desk, which))
    assert said["金额（小写）"] == "¥1,005.30"
    assert said["金额（大写）"] == "壹仟零伍元叁角整"
    assert (said["交款人"], said["统一社会信用代码"]) == ("申城公司", make_code(7))
    assert (said["票据号码"], said["校验码"], said["备注"]) == ("R-0001", "A9c3", "肿瘤患者")


def test_br_081_anonymous_and_declined_are_recorded_as_such(society: Society) -> None:
    desk = society.desk("sh-preparer")
    unnamed = gift(society, 100, by=donor(society, "", kind="anonymous"), channel="cash")
    donations_anonymous, declined = unnamed, gift(society, 200)
    receipts.anonymous(desk, donations_anonymous)
    receipts.decline(desk, declined)
    assert (state(society, unnamed), state(society, declined)) == ("anonymous", "declined")
    for which in (unnamed, declined):
        assert code_of(lambda: receipts.receipt(desk, which, "R-0001")) == "state.no_move"  # noqa: B023
    assert [line.name for line in listing.listing(desk, state="anonymous")] == [""]
    assert balances(society, "QWR") == {"available": START + 300}
    whole(society)


def test_br_083_goods_without_a_value_have_no_amount_on_the_receipt(society: Society) -> None:
    desk = society.desk("sh-preparer")
    unvalued = lot(society, "BOX-N", None)
    which, _ = donations.given(desk, donor(society), "QWR", goods=[Goods(unvalued, 40)])
    wrong = problem_of(lambda: receipts.receipt(desk, which.number, "R-0001", fen=1))
    assert wrong.code == "donation.no_value"
    made, _ = receipts.receipt(desk, which.number, "R-0001")
    assert made.fen is None
    said = receipts.text(desk, which.number)
    assert [value for field, value in said if field == "物资"] == ["守“沪”家庭箱 40 箱"]
    assert not [field for field, _ in said if field.startswith("金额")]
    line = listing.show(desk, which.number)
    assert (line.goods_fen, line.unvalued, line.goods) == (0, 40, ((unvalued, 40, None),))
    assert balances(society, "QWR") == {"available": START}
    whole(society)


def test_br_083_goods_count_at_the_value_of_their_lot_beside_money(society: Society) -> None:
    desk = society.desk("sh-preparer")
    which, _ = donations.given(
        desk, donor(society), "QWR", 1_000_00, goods=[Goods("BOX-1", 10)], channel="goods"
    )
    made, _ = receipts.receipt(desk, which.number, "R-0001")
    assert made.fen == 1_000_00 + 10 * 178_00
    assert balances(society, "QWR") == {"available": START + 1_000_00}
    twice = problem_of(
        lambda: donations.given(desk, donor(society), "QWR", goods=[Goods("BOX-1", 1)])
    )
    assert (twice.code, twice.params["donation"]) == ("donation.lot", which.number)
    whole(society)


def lot(society: Society, code: str, value: int | None) -> str:
    """Goods taken in; without a value they are of basis 4."""
    programmes.receive_lot(society.desk("sh-keeper"), "BOX", code, value or 0)
    if value is None:
        from rcaid.db import programmes as programme_rows
        from rcaid.db.tables import LOT

        (made,) = [each for each in programme_rows.lots(society.admin.store) if each.code == code]
        plain = made._replace(unit_value_fen=None, basis=4)
        society.desk("sh-keeper").write(
            "lot.receive",
            society.office("310000"),
            lambda unit: unit.update(LOT, [plain], ("unit_value_fen", "basis")),
        )
    return code


def test_the_same_money_is_not_received_twice(society: Society) -> None:
    desk, code = society.desk("sh-preparer"), donor(society)
    gift(society, 100, by=code, reference="BANK-1")
    before = contents(society.admin.store)
    assert code_of(lambda: gift(society, 100, by=code, reference="BANK-1")) == "donation.reference"
    promised, _ = donations.pledge(desk, code, "QWR", 100)
    again = lambda: donations.receive(desk, promised.number, reference="BANK-1")  # noqa: E731
    assert code_of(again) == "donation.reference"
    donations.withdraw(desk, promised.number, "double")
    assert len(contents(society.admin.store)["donation"]) == len(before["donation"]) + 1
    whole(society)


@pytest.mark.parametrize(
    ("fen", "facts", "code"),
    [
        (0, {}, "donation.nothing"),
        (-1, {}, "donation.nothing"),
        (1, {"channel": "pigeon"}, "donation.channel"),
        (1, {"received_on": "2022-02-30"}, "donation.day"),
        (1, {"received_on": "2022-02-02"}, "donation.day"),
        (1, {"goods": [Goods("NO-1", 1)]}, "lot.unknown"),
        (1, {"goods": [Goods("BOX-1", 0)]}, "donation.quantity"),
    ],
)
def test_a_gift_that_cannot_be_is_refused(
    society: Society, fen: int, facts: dict[str, Any], code: str
) -> None:
    assert code_of(lambda: gift(society, fen, **facts)) == code
    assert code_of(lambda: gift(society, 1, fund="NO")) == "fund.unknown"
    assert code_of(lambda: gift(society, 1, by="DN-9")) == "donor.unknown"
    assert balances(society, "QWR") == {"available": START}


def test_what_was_not_used_goes_back_by_another_person(society: Society) -> None:
    which = gift(society, 1_000_00)
    receipts.receipt(society.desk("sh-preparer"), which, "R-0001")
    donations.give_back(society.desk("sh-approver"), which, "donor_asks")
    assert state(society, which) == "returned"
    assert balances(society, "QWR") == {"available": START}
    assert listing.show(society.desk("sh-approver"), which).receipts == ("R-0001 void",)
    whole(society)


def test_br_040_who_took_a_donation_in_does_not_give_it_back(society: Society) -> None:
    new_fund(society, "QWR-JD", "region", JD, office=JD)
    both = all_round(society)
    code = donors.add(both, Giver("person", "王捐"))[0].code
    made, _ = donations.given(both, code, "QWR-JD", 100)
    refused = problem_of(lambda: donations.give_back(both, made.number, "donor_asks"))
    assert (refused.code, refused.params["part"]) == ("who.maker", "donation.receive")
    for desk in (newcomer(society, "prep-2", "preparer"), society.desk("pd-approver")):
        again = lambda: donations.give_back(desk, made.number, "donor_asks")  # noqa: B023, E731
        assert code_of(again) == "who.no_duty"
    donations.give_back(society.desk("jd-approver"), made.number, "donor_asks")
    whole(society)


def test_br_088_what_was_used_does_not_go_back(society: Society) -> None:
    new_fund(society, "QWR-JD", "region", JD)
    which = gift(society, 1_000_00, fund="QWR-JD")
    approver = society.desk("sh-approver")
    funds.move(approver, "QWR-JD", "QWR", 1, "earmark", paper="函1")
    refused = problem_of(lambda: donations.give_back(approver, which, "donor_asks"))
    assert (refused.code, refused.params["left"]) == ("donation.spent", "999.99")
    assert state(society, which) == "received"
    whole(society)


def test_a_district_takes_in_for_its_own_fund_alone(society: Society) -> None:
    new_fund(society, "QWR-JD", "region", JD, office=JD)
    district = society.desk("jd-preparer")
    code = donors.add(district, Giver("person", "王捐"))[0].code
    donations.given(district, code, "QWR-JD", 100)
    assert code_of(lambda: donations.given(district, code, "QWR", 100)) == "who.no_duty"
    assert [line.fund for line in listing.listing(district)] == ["QWR-JD"]
    assert listing.listing(newcomer(society, "pd-p", "preparer", office=PD)) == []
    assert len(listing.listing(society.desk("sh-auditor"))) == 1


def test_a_donor_is_on_file_once_and_told_apart_by_number(society: Society) -> None:
    desk, one = society.desk("sh-preparer"), make_number("310199", "19800101", 7)
    first, _ = donors.add(desk, Giver("person", "王捐", number=one, phone="13800000001"))
    again = problem_of(lambda: donors.add(desk, Giver("person", "王捐赠", number=one)))
    assert (again.code, again.params["donor"]) == ("donor.known", first.code)
    donors.add(desk, Giver("person", "王捐", number=make_number("310199", "19800101", 9)))
    firm = Giver("organisation", "公司", uscc=make_code(3))
    donors.add(desk, firm)
    assert code_of(lambda: donors.add(desk, firm)) == "donor.known"
    assert len(donors.find(desk, "王捐")) == 2
    assert [each.code for each in donors.find(desk, first.code)] == [first.code]
    raw = contents(society.admin.store)
    assert one not in str(raw["donor"]) + str(raw["donor_party"])


@pytest.mark.parametrize(
    ("giver", "code"),
    [
        (Giver("ghost", "x"), "donor.kind"),
        (Giver("person", " "), "donor.name"),
        (Giver("person", "王捐", uscc=make_code(1)), "donor.number"),
        (Giver("organisation", "公司", number="1"), "donor.number"),
        (Giver("organisation", "公司", uscc="1"), "uscc.length"),
        (Giver("person", "王捐", number="310199198001010070"), "identity.checksum"),
        (Giver("person", "王捐", parties=(donors.Party("x", "son", uscc="1"),)), "uscc.length"),
    ],
)
def test_a_donor_who_cannot_be_is_refused(society: Society, giver: Giver, code: str) -> None:
    assert code_of(lambda: donors.add(society.desk("sh-preparer"), giver)) == code


def test_a_name_that_is_not_to_be_published_is_masked_for_who_only_looks(society: Society) -> None:
    gift(society, 1, by=donor(society, "王捐赠"))
    gift(society, 1, by=donor(society, "李公开", publish=True))
    names = {login: [line.name for line in listing.listing(society.desk(login))]
             for login in ("sh-preparer", "sh-auditor")}  # fmt: skip
    assert names["sh-preparer"] == ["王捐赠", "李公开"]
    assert names["sh-auditor"] == ["王*赠", "李公开"]


def test_books_of_donations_that_were_changed_by_hand_are_found(society: Society) -> None:
    which = gift(society, 1_000_00)
    receipts.receipt(society.desk("sh-preparer"), which, "R-0001")
    found = rows.by_number(society.admin.store, which)
    assert found is not None
    for change, code in (
        ("UPDATE donation SET fen = 1", "donation_sum"),
        ("UPDATE donation SET state = 'withdrawn'", "donation_sum"),
        ("UPDATE donation SET receipt_no = 'R-9'", "receipt_other"),
        ("UPDATE donation_receipt SET fen = 5", "receipt_other"),
        ("DELETE FROM donation_receipt", "receipt_other"),
    ):
        with tampered(society, change):
            codes = {p.code for p in invariants.broken(society.admin.store)}
        assert f"invariant.{code}" in codes, change
    whole(as_person_of(society))


def as_person_of(society: Society) -> Society:
    """The same society once more, with a desk that read nothing before."""
    society.admin = as_person(society.admin, "sh-administrator")
    return society


def test_the_made_up_donors_give_a_sum_to_the_fen(society: Society) -> None:
    desk = society.desk("sh-preparer")
    assert giving.give(desk, "QWR", 1_234_567_89, 1) == (10, 1_234_567_89, 8)
    assert balances(society, "QWR") == {"available": START + 1_234_567_89}
    new_fund(society, "QWR-S", "programme")
    assert giving.give(desk, "QWR-S", 100_00, 2).fen == 100_00
    assert {line.state for line in listing.listing(desk)} == {"receipted", "declined", "anonymous"}
    whole(society)
