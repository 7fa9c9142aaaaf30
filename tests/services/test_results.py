"""What came back of a batch: paid, returned, delivered or not, and who was served by it."""

from __future__ import annotations

import pytest

from rcaid.db.upkeep import miscounted
from rcaid.domain.errors import Refused
from rcaid.services import audit, batches, deaths, programmes, results, rosters
from rcaid.services.importing import imports
from rcaid.services.reporting import figures
from rcaid.services.results import Result
from tests.services.conftest import DAY, JD, PD, Society
from tests.services.test_batches import entitled, fix, ledger, take
from tests.services.writing import (
    BOX,
    balances,
    contents,
    number,
    people,
    refused,
    rights,
    rows,
    vouchers,
)

MONEY, KIT = "22A-JD-00001-1C", "22A-JD-00001-1K"
DELIVERY = (
    "凭证号", "姓名", "证件号码", "物资", "数量", "发放日期", "是否发放", "未发放原因", "代领人", "代领关系",
    "代领人证件后四位",
)  # fmt: skip
BANK = ("批次号", "凭证号", "账号后四位", "金额", "日期", "结果代码", "说明")


def served(society: Society) -> dict[str, int]:
    """Lines delivered by person and round."""
    found = rows(
        society.admin.store,
        "SELECT p.name, r.number, s.lines FROM served s JOIN person p ON p.id = s.person_id"
        " JOIN round r ON r.id = s.round_id WHERE s.lines <> 0",
    )
    return {f"{name} {n}": int(lines) for name, n, lines in found}


def times(society: Society) -> int:
    """Person-times as the summaries have them."""
    return number(society.admin.store, "SELECT sum(n) FROM flow WHERE machine = 'served'")


def both(society: Society, rounds: tuple[int, ...] = (1,)) -> None:
    """Somebody with money and a kit in these rounds, all of it let go."""
    [roster] = society.import_roster([society.person(1, "王伟", 物资=BOX)])
    society.freeze(roster)
    rosters.approve(society.desk("jd-approver"), [roster], rounds)
    for each in rounds:
        for kind in ("money", "goods"):
            batch, _ = batches.create(society.desk("jd-preparer"), "22A", each, JD, kind)
            batches.lock(society.desk("jd-preparer"), batch.number)
            batches.approve(society.desk("jd-approver"), batch.number)
            batches.release(society.desk("jd-releaser"), batch.number)


def paid(voucher: str = MONEY, day: str = DAY) -> Result:
    return Result(voucher, "paid", day)


def returned(voucher: str = MONEY, day: str = DAY) -> Result:
    return Result(voucher, "returned", day, "17 no such account")


def delivered(voucher: str = KIT, day: str = DAY) -> Result:
    return Result(voucher, "delivered", day)


def test_br_060_cash_and_a_kit_of_one_round_are_one_person_time(society: Society) -> None:
    both(society)
    take(society, paid(), login="jd-preparer")
    assert (served(society), times(society)) == ({"王伟 1": 1}, 1)
    take(society, delivered())
    assert (served(society), times(society)) == ({"王伟 1": 2}, 1)


def test_br_060_two_rounds_are_two_person_times(society: Society) -> None:
    both(society, (1, 2))
    take(society, paid(), login="jd-preparer")
    take(society, delivered("22A-JD-00001-2K"))
    take(society, paid("22A-JD-00001-2C"), login="jd-preparer")

    assert (served(society), times(society)) == ({"王伟 1": 1, "王伟 2": 2}, 2)


def test_br_062_a_late_return_takes_the_person_time_back_on_its_day(society: Society) -> None:
    entitled(society, society.person(1, "王伟"))
    society.pay()
    take(society, paid(), login="jd-preparer")
    society.clock.set("2022-02-09")
    take(society, returned(day="2022-02-08"), login="jd-preparer")

    assert (served(society), times(society)) == ({}, 0)
    found = rows(
        society.admin.store, "SELECT day, n FROM flow WHERE machine = 'served' ORDER BY day"
    )
    assert found == [(DAY, 1), ("2022-02-08", -1)]


def test_br_062_a_late_return_beside_a_delivered_kit_takes_nothing_back(society: Society) -> None:
    both(society)
    take(society, paid(), login="jd-preparer")
    take(society, delivered())
    take(society, returned(), login="jd-preparer")

    assert (served(society), times(society)) == ({"王伟 1": 1}, 1)


def test_what_happened_counts_on_its_own_business_day_not_on_the_day_it_was_entered(
    society: Society,
) -> None:
    entitled(society, society.person(1, "王伟"))
    society.pay()
    society.clock.set("2022-03-01")
    take(society, paid(day="2022-02-03"), login="jd-preparer")

    [programme] = programmes.listing(society.admin)
    for last, expected in (("2022-02-02", 0), ("2022-02-03", 1), ("2022-02-28", 1)):
        summed = figures.counts(society.admin, programme, "2022-01-01", last)
        assert summed == figures.recounted(society.admin, programme, "2022-01-01", last)
        assert (summed.person_times, summed.cash_fen) == (expected, 50_000 * expected)


def test_br_061_the_household_is_stamped_at_delivery(society: Society) -> None:
    both(society)
    home = people(society.admin.store)["王伟"].household_id
    assert vouchers(society.admin.store)[KIT].household_id is None
    take(society, delivered())

    assert vouchers(society.admin.store)[KIT].household_id == home
    assert rows(society.admin.store, "SELECT household_id FROM served") == [(home,)]


def test_br_067_a_return_makes_the_entitlement_ready_and_frees_no_quota(society: Society) -> None:
    from rcaid.services import quotas

    entitled(society, society.person(1, "王伟"))
    society.pay()
    take(society, returned(), login="jd-preparer")

    assert [right.state for right in rights(society.admin.store)] == ["ready"]
    [line] = vouchers(society.admin.store).values()
    assert (line.state, line.live, line.done_on) == ("returned", None, DAY)
    desk = society.desk("jd-reviewer")
    shown = quotas.show(desk, "22A", (society.office("310114001"),))
    assert [(each.used, each.left) for each in shown] == [(1, 49)]


def test_br_067_a_return_is_reissued_once_with_another_account_and_names_the_old(
    society: Society,
) -> None:
    entitled(society, society.person(1, "王伟"))
    society.pay()
    take(society, returned(), login="jd-preparer")
    preparer = society.desk("jd-preparer")
    for act in (batches.reissue, lambda *a: batches.create(*a, "money")):
        with refused("batch.empty"):
            act(preparer, "22A", 1, JD)
    fix(society, MONEY)
    batch, _ = batches.reissue(preparer, "22A", 1, JD)
    with refused("batch.empty"):
        batches.reissue(preparer, "22A", 1, JD)

    found = vouchers(society.admin.store)
    assert (batch.lines, batch.fen) == (1, 50_000)
    assert found[MONEY].state == "reissued"
    assert found[f"{MONEY}.2"].replaces == found[MONEY].id
    assert found[f"{MONEY}.2"].account_id != found[MONEY].account_id


def test_br_067_a_second_return_is_reissued_as_the_third_voucher(society: Society) -> None:
    entitled(society, society.person(1, "王伟"))
    society.pay()
    take(society, returned(), login="jd-preparer")
    for n, account in ((2, "6222333344445555"), (3, "6222333344446666")):
        last = MONEY if n == 2 else f"{MONEY}.{n - 1}"
        fix(society, last, account)
        batch, _ = batches.reissue(society.desk("jd-preparer"), "22A", 1, JD)
        batches.lock(society.desk("jd-preparer"), batch.number)
        batches.approve(society.desk("jd-approver"), batch.number)
        batches.release(society.desk("jd-releaser"), batch.number)
        said = returned(f"{MONEY}.{n}") if n == 2 else paid(f"{MONEY}.{n}")
        take(society, said, login="jd-preparer")

    found = vouchers(society.admin.store)
    assert [found[v].state for v in sorted(found)] == ["reissued", "reissued", "paid"]
    assert balances(society)["settled"] == 50_000
    assert {"payable", "returned", "in_transit"} & set(balances(society)) == set()
    assert number(
        society.admin.store,
        "SELECT sum(fen) FROM disbursement WHERE live = 1",
    ) == 50_000  # fmt: skip
    assert miscounted(society.admin.store) == []


def test_the_same_result_again_is_unchanged_and_takes_nothing_up(society: Society) -> None:
    entitled(society)
    batch = society.pay()
    society.bank_result(batch, {MONEY: "00"})
    before = contents(society.admin.store, without=("import_batch", "import_row"))
    again = society.bank_result(batch, {MONEY: "00", "22A-JD-00002-1C": "00"})

    assert (again.batch.rows_new, again.batch.rows_unchanged) == (1, 1)
    third = society.bank_result(batch, {"22A-JD-00002-1C": "00", MONEY: "00"})
    assert (third.batch.rows_new, third.batch.rows_unchanged) == (0, 2)
    assert len(ledger(society)) == len(before["ledger_entry"]) - 1 + 1


def test_the_same_file_of_results_again_is_the_batch_of_before(society: Society) -> None:
    entitled(society)
    batch = society.pay()
    first = society.bank_result(batch, {MONEY: "00"})
    before = contents(society.admin.store)
    path = sorted(society.folder.glob("file*.csv"))[-1]
    planned = imports.plan(society.desk("jd-preparer"), path, "bank")

    assert planned.known == first.batch
    assert contents(society.admin.store) == before


def test_a_result_taken_up_twice_is_refused_and_pays_once(society: Society) -> None:
    entitled(society)
    society.pay()
    take(society, paid(), login="jd-preparer")
    before = contents(society.admin.store)

    with refused("voucher.state"):
        take(society, paid("22A-JD-00002-1C"), paid(), login="jd-preparer")
    assert contents(society.admin.store) == before


WRONG = {
    ("released", "delivered"), ("released", "undelivered"), ("paid", "paid"), ("returned", "paid"),
    ("returned", "returned"), ("prepared", "paid"), ("prepared", "returned"), ("reissued", "paid"),
    ("cancelled", "paid"),
}  # fmt: skip


def _line_in(society: Society, state: str) -> None:
    entitled(society, society.person(1, "王伟"))
    batch = society.pay(until="released" if state not in ("prepared", "cancelled") else "draft")
    if state == "cancelled":
        batches.cancel(society.desk("jd-preparer"), batch.number, "mistake")
    if state == "paid":
        take(society, paid(), login="jd-preparer")
    if state in ("returned", "reissued"):
        take(society, returned(), login="jd-preparer")
    if state == "reissued":
        fix(society, MONEY)
        batches.reissue(society.desk("jd-preparer"), "22A", 1, JD)


@pytest.mark.parametrize(("state", "said"), sorted(WRONG))
def test_a_line_takes_only_the_results_of_the_table(
    society: Society, state: str, said: str
) -> None:
    _line_in(society, state)
    assert vouchers(society.admin.store)[MONEY].state == state
    before = contents(society.admin.store)
    with refused("voucher.state"):
        login = "jd-caseworker" if "deliver" in said else "jd-preparer"
        take(society, Result(MONEY, said, DAY), login=login)
    assert contents(society.admin.store) == before


def _bank_rows(society: Society, *cells: dict[str, str]) -> list[tuple[int, str, str, str]]:
    batch = batches.find(society.admin, "22A-1-JD-C01")
    good = {
        "批次号": batch.number, "凭证号": MONEY, "账号后四位": "0001", "金额": "500.00", "日期": DAY,
        "结果代码": "00",
    }  # fmt: skip
    path = society.write([good | each for each in cells], BANK)
    planned = imports.plan(
        society.desk("jd-preparer"), path, "bank", target=path.with_suffix(".plan")
    )
    return [(p.row, p.column, p.value, p.code) for p in planned.problems]


BANK_WRONG = [
    ("凭证号", "", "row.required"),
    ("凭证号", "22A-JD-99999-1C", "voucher.unknown"),
    ("凭证号", "22A-JD-00001-1K", "voucher.unknown"),
    ("金额", "500.01", "voucher.amount"),
    ("金额", "五百", "money.words"),
    ("日期", "", "row.required"),
    ("日期", "soon", "date.format"),
    ("日期", "2022-02-02", "date.future"),
    ("日期", "2022-01-31", "date.before"),
    ("结果代码", "", "row.required"),
    ("批次号", "22A-1-JD-C99", "voucher.batch"),
    ("账号后四位", "9999", "voucher.account"),
]


def test_a_bank_row_that_does_not_fit_its_line_is_rejected_with_its_place(
    society: Society,
) -> None:
    entitled(society)
    society.pay()

    for heading, value, code in BANK_WRONG:
        assert _bank_rows(society, {heading: value}) == [(2, heading, value, code)]


def test_a_voucher_twice_in_a_file_is_rejected_the_second_time(society: Society) -> None:
    entitled(society)
    society.pay()

    found = _bank_rows(society, {}, {"结果代码": "17"})
    assert found == [(3, "凭证号", MONEY, "row.repeated")]


def test_another_result_for_a_settled_line_is_rejected(society: Society) -> None:
    entitled(society)
    batch = society.pay()
    society.bank_result(batch, {MONEY: "17"})

    assert _bank_rows(society, {}) == [(2, "凭证号", MONEY, "voucher.state")]


def test_a_district_cannot_take_up_results_of_another(society: Society) -> None:
    entitled(society)
    batch = society.pay()
    headings = {
        "批次号": batch.number,
        "凭证号": MONEY,
        "金额": "500",
        "日期": DAY,
        "结果代码": "00",
    }
    path = society.write([headings], BANK)
    desk = society.desk("pd-preparer")
    planned = imports.plan(desk, path, "bank", target=path.with_suffix(".plan"))

    assert [p.code for p in planned.problems] == ["voucher.unknown"]


def _delivery_rows(society: Society, *cells: dict[str, str]) -> imports.Planned:
    good = {"凭证号": KIT, "姓名": "王伟", "证件号码": "", "物资": BOX, "数量": "1", "发放日期": DAY, "是否发放": "是"}  # fmt: skip
    path = society.write([good | each for each in cells], DELIVERY)
    return imports.plan(
        society.desk("jd-caseworker"), path, "delivery", target=path.with_suffix(".plan")
    )


DELIVERY_WRONG = [
    ("凭证号", "", "row.required"),
    ("凭证号", "22A-JD-99999-1K", "voucher.unknown"),
    ("凭证号", MONEY, "voucher.unknown"),
    ("数量", "2", "voucher.quantity"),
    ("发放日期", "", "row.required"),
    ("发放日期", "3月", "date.format"),
    ("发放日期", "2022-02-02", "date.future"),
    ("是否发放", "也许", "delivery.word"),
    ("姓名", "李娜", "voucher.name"),
    ("证件号码", "9999", "voucher.number"),
]


def test_a_delivery_row_that_does_not_fit_its_line_is_rejected_with_its_place(
    society: Society,
) -> None:
    entitled(society, society.person(1, "王伟", 金额="", 物资=BOX))
    society.pay("goods")

    for heading, value, code in DELIVERY_WRONG:
        found = _delivery_rows(society, {heading: value}).problems
        assert [(p.row, p.column, p.value, p.code) for p in found] == [(2, heading, value, code)]


def test_a_delivery_may_name_the_person_by_the_last_four_of_their_number(
    society: Society,
) -> None:
    entitled(society, society.person(1, "王伟", 金额="", 物资=BOX))
    society.pay("goods")
    whole = society.person(1, "")["证件号码"]

    for text in (whole, whole[-4:]):
        assert _delivery_rows(society, {"证件号码": text}).problems == []


def test_the_agent_who_took_a_kit_is_kept_sealed(society: Society) -> None:
    entitled(society, society.person(1, "王伟", 金额="", 物资=BOX))
    society.pay("goods")
    planned = _delivery_rows(
        society, {"代领人": "王大力", "代领关系": "儿子", "代领人证件后四位": "123X"}
    )
    imports.apply(society.desk("jd-caseworker"), planned.path)

    line = vouchers(society.admin.store)[KIT]
    assert line.sealed is not None
    assert "王大力".encode() not in bytes(line.sealed)
    values = society.admin.keys.open("disbursement", line.id, bytes(line.sealed))[1]
    assert values == {"agent": "王大力", "relation": "儿子", "last4": "123X"}


def test_a_kit_not_handed_out_keeps_its_reason_and_counts_nobody(society: Society) -> None:
    entitled(society, society.person(1, "王伟", 金额="", 物资=BOX))
    society.pay("goods")
    planned = _delivery_rows(society, {"是否发放": "否", "未发放原因": "不在家"})
    imports.apply(society.desk("jd-caseworker"), planned.path)

    line = vouchers(society.admin.store)[KIT]
    assert (line.state, line.code, line.live) == ("undelivered", "不在家", None)
    assert (served(society), times(society)) == ({}, 0)
    assert [right.state for right in rights(society.admin.store)] == ["ready"]


def test_br_016_a_payment_to_somebody_who_died_on_the_way_stays_suspended_when_it_comes_back(
    society: Society,
) -> None:
    entitled(society, society.person(1, "王伟"))
    society.pay()
    person = people(society.admin.store)["王伟"]
    deaths.record(society.desk("jd-caseworker"), person.id, "2022-01-31", "registry")
    take(society, returned(), login="jd-preparer")

    assert [right.state for right in rights(society.admin.store)] == ["suspended"]
    with refused("batch.empty"):
        batches.create(society.desk("jd-preparer"), "22A", 1, JD, "money")
    assert miscounted(society.admin.store) == []


def test_an_account_is_corrected_only_for_a_payment_that_came_back(society: Society) -> None:
    entitled(society, society.person(1, "王伟"))
    society.pay()
    with refused("voucher.state"):
        fix(society, MONEY)
    with refused("voucher.unknown"):
        fix(society, "22A-JD-99999-1C")
    take(society, returned(), login="jd-preparer")
    with refused("account.letters"):
        fix(society, MONEY, "not a number")
    fix(society, MONEY)


def test_an_account_is_corrected_within_ones_own_offices_only(society: Society) -> None:
    entitled(society, society.person(1, "王伟"))
    society.pay()
    take(society, returned(), login="jd-preparer")
    before = contents(society.admin.store)
    one = (MONEY, "坏人", "上海银行", "6222333344445555")

    with refused("voucher.unknown"):
        results.fix_accounts(society.desk("pd-caseworker"), [one], society.office(PD))
    with refused("who.no_duty"):
        results.fix_accounts(society.desk("pd-caseworker"), [one], society.office(JD))
    assert contents(society.admin.store) == before


def test_a_new_account_lies_sealed_and_the_old_one_stays(society: Society) -> None:
    entitled(society, society.person(1, "王伟"))
    society.pay()
    take(society, returned(), login="jd-preparer")
    old = rows(society.admin.store, "SELECT * FROM account")
    fix(society, MONEY)

    now = rows(society.admin.store, "SELECT * FROM account ORDER BY id")
    assert len(now) == 2
    assert {row[0] for row in old} < {row[0] for row in now}
    assert all(b"6222333344445555" not in bytes(row[5]) for row in now)


def test_the_record_holds_after_all_of_it(society: Society) -> None:
    both(society, (1, 2))
    take(society, paid(), login="jd-preparer")
    take(society, delivered())
    take(society, returned(), login="jd-preparer")
    fix(society, MONEY)
    batches.reissue(society.desk("jd-preparer"), "22A", 1, JD)

    verdict = audit.verify_store(society.desk("sh-auditor"))
    assert verdict.faults == []
    assert miscounted(society.admin.store) == []


def test_a_fund_never_falls_below_zero_whatever_is_posted(society: Society) -> None:
    from rcaid.db.tables import LedgerEntry

    [(fund, office)] = rows(society.admin.store, "SELECT id, office_id FROM fund")
    desk = society.desk("sh-preparer")
    before = contents(society.admin.store)
    for debit, credit in (("payable", "in_transit"), ("settled", "returned"), ("available", "x")):
        entry = LedgerEntry(
            "01FTSCQDJGW1J6SER7KF880000", DAY, "x", debit, credit, fund, 100_000_001, office,
            None, None, None, "x", 1,
        )  # fmt: skip
        with pytest.raises(Refused) as caught:
            desk.write("fund.receive", office, lambda unit, e=entry: unit.post([e]))
        assert [p.code for p in caught.value.problems] == ["fund.short"]
    assert contents(society.admin.store) == before
