"""Cash handed out at a point: limits, two staff, what is left goes back the same day (BR-068)."""

from __future__ import annotations

import pytest

from rcaid.files.pain001 import Payer
from rcaid.services import batches, cash, paying, results, sign_off
from rcaid.services.batches import How
from rcaid.services.desk import Desk
from rcaid.services.invariants import broken
from tests.services.conftest import DAY, JD, Society
from tests.services.test_batches import entitled
from tests.services.test_batches import take as taken
from tests.services.test_results import BANK, DELIVERY
from tests.services.writing import BOX, balances, contents, refused, rows, vouchers

CASH = How("cash", place="江桥镇", held_on=DAY, everybody=True)
NUMBER = "22A-1-JD-C01"
ONE, TWO = "22A-JD-00001-1C", "22A-JD-00002-1C"


def preparer(society: Society) -> Desk:
    return society.desk("jd-preparer")


def let_go(society: Society, how: How = CASH) -> str:
    """A released cash batch of two people."""
    entitled(society)
    made, _ = batches.create(preparer(society), "22A", 1, JD, "money", how)
    batches.lock(preparer(society), made.number)
    batches.approve(society.desk("jd-approver"), made.number)
    batches.release(society.desk("jd-releaser"), made.number)
    return made.number


def take(society: Society, *said: results.Result) -> None:
    """Takes results up at the preparer's desk."""
    taken(society, *said, login="jd-preparer")


def test_br_068_cash_goes_by_the_postings_and_what_is_left_comes_back(society: Society) -> None:
    number = let_go(society)
    batch = batches.find(society.admin, number)
    assert (batch.channel, batch.place, batch.held_on) == ("cash", "江桥镇", DAY)
    assert batch.file_sha256 is None
    cash.staffed(preparer(society), number, "jd-caseworker", "jd-keeper")
    cells = {"发放日期": DAY, "代领人": "王大", "代领关系": "配偶", "代领人证件后四位": "1234"}
    said = [
        {"凭证号": ONE, "是否发放": "是", **cells},
        {"凭证号": TWO, "是否发放": "否", "未发放原因": "外出", "发放日期": DAY},
    ]
    society.take_in(society.write(said, DELIVERY), "delivery", "jd-caseworker")
    assert {v: line.state for v, line in vouchers(society.admin.store).items()} == {
        ONE: "paid", TWO: "returned",
    }  # fmt: skip
    assert (balances(society)["settled"], balances(society)["returned"]) == (50_000, 50_000)
    batches.reconcile(preparer(society), number, vouchers=1)
    batches.close(society.desk("jd-approver"), number)
    assert broken(society.admin.store) == []


def test_br_068_cash_that_was_left_goes_out_again_as_cash_or_to_the_account(
    society: Society,
) -> None:
    cash.staffed(preparer(society), let_go(society), "jd-caseworker", "jd-keeper")
    day = results.Result(ONE, "returned", DAY, "away")
    take(society, day, results.Result(TWO, "returned", DAY, "away"))
    again, _ = batches.reissue(preparer(society), "22A", 1, JD, CASH)
    assert (again.lines, again.channel) == (2, "cash")
    batches.cancel(preparer(society), again.number, "x")
    to_bank, _ = batches.create(preparer(society), "22A", 1, JD, "money")
    assert (to_bank.lines, to_bank.channel, to_bank.template) == (2, "bank", "standard")


def test_br_068_nothing_is_taken_up_before_two_people_are_named(society: Society) -> None:
    number = let_go(society)
    before = contents(society.admin.store)
    for said in ("paid", "returned"):
        with refused("cash.staff"):
            take(society, results.Result(ONE, said, DAY))
    assert contents(society.admin.store) == before
    with refused("cash.one_alone"):
        cash.staffed(preparer(society), number, "jd-keeper", "jd-keeper")
    with refused("who.unknown"):
        cash.staffed(preparer(society), number, "jd-keeper", "nobody")
    with refused("who.no_duty"):
        cash.staffed(society.desk("pd-preparer"), number, "jd-keeper", "jd-caseworker")


def test_br_068_what_is_left_is_returned_the_same_day(society: Society) -> None:
    cash.staffed(preparer(society), let_go(society), "jd-caseworker", "jd-keeper")
    society.clock.set("2022-02-03")
    for said in ("paid", "returned"):
        with refused("cash.day"):
            take(society, results.Result(ONE, said, "2022-02-02"))
    take(society, results.Result(ONE, "returned", DAY, "away"))


def test_br_068_no_bank_answers_for_cash(society: Society) -> None:
    number = let_go(society)
    cash.staffed(preparer(society), number, "jd-caseworker", "jd-keeper")
    row = {"批次号": number, "凭证号": ONE, "金额": "500", "日期": DAY, "结果代码": "00"}
    planned, _ = society.take_in(society.write([row], BANK), "bank", "jd-preparer")
    assert [problem.code for problem in planned.problems] == ["cash.not_bank"]
    with refused("state.no_move"):
        batches.export(society.desk("jd-releaser"), number, "x", "y")


def test_br_068_limits_for_a_person_and_a_point(society: Society) -> None:
    entitled(society, *[society.person(n, f"人{n}") for n in (1, 2, 3)])
    chief = society.desk("sh-approver")
    for line, point, code in ((49_999, 200_000, "cash.line"), (50_000, 149_999, "cash.point")):
        paying.set_cash_limits(chief, line, point)
        with refused(code):
            batches.create(preparer(society), "22A", 1, JD, "money", CASH)
    paying.set_cash_limits(chief, 50_000, 150_000)
    assert batches.create(preparer(society), "22A", 1, JD, "money", CASH)[0].lines == 3
    for line, point in ((0, 5), (6, 5)):
        with refused("cash.limits"):
            paying.set_cash_limits(chief, line, point)
    with refused("who.no_duty"):
        paying.set_cash_limits(society.desk("jd-approver"), 5, 5)


def test_without_an_account_only_cash_goes_and_nobody_has_a_bank_file(society: Society) -> None:
    entitled(society)
    rows(
        society.admin.store,
        "UPDATE entitlement SET account_id = NULL WHERE id IN"
        " (SELECT MIN(id) FROM entitlement) RETURNING id",
    )
    by_bank, _ = batches.create(preparer(society), "22A", 1, JD, "money")
    by_hand, _ = batches.create(
        preparer(society), "22A", 1, JD, "money", How("cash", place="江桥", held_on=DAY)
    )
    assert (by_bank.lines, by_hand.lines) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "how", "code"),
    [
        ("money", How("event"), "batch.channel"),
        ("goods", How("cash"), "batch.channel"),
        ("money", How("bank", place="x"), "batch.place_of_bank"),
        ("money", How("bank", "nobody"), "bank.template"),
        ("money", How("cash", "standard", "x", DAY), "batch.template_of_hand"),
        ("money", How("cash", place="x", held_on="2022-01-31"), "batch.held_on"),
        ("money", How("cash", place="x"), "batch.held_on"),
        ("money", How("cash", place="", held_on=DAY), "row.required"),
        ("money", How("cash", place="a\x1b[0m", held_on=DAY), "text.control"),
    ],
)
def test_how_a_batch_goes_has_to_fit_together(
    society: Society, kind: str, how: How, code: str
) -> None:
    entitled(society, society.person(1, "王伟", 物资=BOX))
    with refused(code):
        batches.create(preparer(society), "22A", 1, JD, kind, how)


def test_r_08_a_sheet_masks_names_and_is_an_export(society: Society) -> None:
    number = let_go(society)
    cash.staffed(preparer(society), number, "jd-caseworker", "jd-keeper")
    desk = society.desk("jd-caseworker")
    with refused("export.purpose"):
        sign_off.sheet(desk, number, "", "point")
    sheet, entry = sign_off.sheet(desk, number, "hand-out", "江桥镇")
    assert [(line.voucher, line.name, line.given) for line in sheet.lines] == [
        (ONE, "王*", "500.00 元"), (TWO, "赵*", "500.00 元"),
    ]  # fmt: skip
    assert [len(line.last4) for line in sheet.lines] == [4, 4]
    assert (sheet.place, sheet.day) == ("江桥镇", DAY)
    assert sheet.staff_one and sheet.staff_two
    assert "壹仟元整" in sheet.total
    acts = rows(society.admin.store, "SELECT act FROM audit_event ORDER BY at DESC LIMIT 1")
    assert acts == [("batch.sheet",)]
    assert entry.log == "310114"


def test_r_08_what_a_bank_pays_nobody_signs_for(society: Society) -> None:
    entitled(society)
    number = society.pay().number
    with refused("batch.sheet_none"):
        sign_off.sheet(society.desk("jd-caseworker"), number, "x", "y")


def test_br_064_pain_001_is_the_same_again_and_needs_a_payer(society: Society) -> None:
    entitled(society)
    number = society.pay().number
    releaser = society.desk("jd-releaser")
    with refused("bank.payer"):
        batches.export(releaser, number, "x", "y", form="pain001")
    payer = Payer("市红十字会", "31001234567890123456", "102290000015")
    paying.set_payer(society.desk("sh-approver"), "310000", payer)
    first = batches.export(releaser, number, "x", "y", form="pain001")[:2]
    assert batches.export(releaser, number, "x", "y", form="pain001")[:2] == first
    assert b"<CtrlSum>1000.00</CtrlSum>" in first[0]
    with refused("bank.template"):
        batches.export(releaser, number, "x", "y", form="mt101")
    with refused("account.length"):
        paying.set_payer(society.desk("sh-approver"), "310000", Payer("a", "1", "b"))
