"""Reports of money to the fen, batches reconciled, and what an auditor is told to look at."""

from __future__ import annotations

from rcaid import data
from rcaid.db.tables import LEDGER_ENTRY, LedgerEntry
from rcaid.services import batches, holds, programmes, rosters, transfers
from rcaid.services.flags import FLAGS
from rcaid.services.funds import donations, funds
from rcaid.services.reporting import reports
from rcaid.services.transfers import Goods
from tests.services.conftest import JD, Society
from tests.services.giving import gift, new_fund
from tests.services.tamper import tamper
from tests.services.test_batches import START, entitled, fix, take
from tests.services.test_results import both, delivered, paid, returned
from tests.services.writing import BOX, balances, next_cycle, refused, rows

Lines = dict[tuple[str, str], tuple[int, int]]
QWR = "千万人帮万家专项"


def income(society: Society, as_of: str = "2022-12-31", year: str = "2022") -> Lines:
    """(line, receiver) of the report of income and use to (cash, goods), over all funds."""
    sums: Lines = {}
    for _, line, who, _, _, *more in reports.run(society.admin, "income", year, as_of).rows:
        cash, goods = sums.get((str(line), str(who)), (0, 0))
        sums[str(line), str(who)] = cash + int(more[0]), goods + int(more[1])
    return {key: found for key, found in sums.items() if any(found)}


def adds_up(found: Lines) -> bool:
    """Opening + received - used = closing, in cash and in goods."""
    for at in (0, 1):
        signs = {"opening": 1, "received": 1, "transferred": 1, "given_back": -1, "used": -1,
                 "written_off": -1, "closing": -1}  # fmt: skip
        if sum(signs.get(line, 0) * sums[at] for (line, _), sums in found.items()):
            return False
    return True


def test_income_and_use_add_up_to_what_the_ledger_holds(society: Society) -> None:
    both(society)
    take(society, paid(), login="jd-preparer")
    take(society, delivered())
    found = income(society)

    assert found == {
        ("received", "entered"): (START, 0),
        ("received", "in_kind"): (0, 17_800),
        ("used", "person"): (50_000, 17_800),
        ("closing", ""): (START - 50_000, 0),
    }
    assert adds_up(found)
    held = balances(society)
    assert found["closing", ""][0] == sum(
        fen for account, fen in held.items() if account not in ("external", "settled")
    )


def test_what_came_back_is_not_used(society: Society) -> None:
    both(society)
    take(society, paid(), login="jd-preparer")
    society.clock.set("2022-02-09")
    take(society, returned(day="2022-02-08"), login="jd-preparer")
    found = income(society)

    assert found["returned", ""] == (50_000, 0)
    assert ("used", "person") not in found
    assert found["closing", ""] == (START, 0)
    assert adds_up(found)


def test_a_year_opens_with_what_the_one_before_closed_with(society: Society) -> None:
    both(society)
    take(society, paid(), login="jd-preparer")
    society.clock.set("2023-01-05")
    programmes.receive(society.desk("sh-preparer"), "QWR", 7, "2023")
    before, after = income(society), income(society, "2023-12-31", "2023")

    assert after["opening", ""] == before["closing", ""]
    assert after["received", "entered"] == (7, 0)
    assert adds_up(before) and adds_up(after)
    assert income(society, "2022-01-31") == {}


def test_what_institutions_got_stands_by_their_kind(society: Society) -> None:
    programmes.load(society.admin, data.text("programmes/aid.toml"))
    programmes.load(society.admin, data.text("programmes/uni.toml"))
    society.clock.set("2022-04-01")
    programmes.receive_lot(society.desk("sh-keeper"), "FOOD", "FOOD-1", 5_000)
    preparer = society.desk("sh-preparer")
    transfers.add_institution(preparer, "U01", "申城第一大学", "university", "杨浦")
    made, _ = transfers.create(preparer, "UNI", "U01", "校园保供", goods=[Goods("FOOD-1", 3)])
    transfers.approve(society.desk("sh-approver"), made.number)
    transfers.send(society.desk("sh-releaser"), made.number)
    assert ("used", "university") not in income(society)
    transfers.receive(preparer, made.number)

    found = income(society)
    assert found["used", "university"] == (0, 15_000)
    assert adds_up(found)


def test_br_073_money_from_own_offices_is_no_income(society: Society) -> None:
    [first] = rows(society.admin.store, "SELECT * FROM ledger_entry WHERE kind = 'receive'")
    moved = LedgerEntry(*first)._replace(id="0" * 26, kind="fund_transfer", idem="x", fen=300)
    marks = ", ".join("?" * len(LEDGER_ENTRY.columns))
    names = ", ".join(LEDGER_ENTRY.columns)
    tamper(society, (f"INSERT INTO ledger_entry ({names}) VALUES ({marks})", tuple(moved)))
    found = income(society)

    assert found["received", "entered"] == (START, 0)
    assert found["transferred", ""] == (300, 0)
    assert adds_up(found)


def test_br_073_what_goes_between_own_funds_is_not_raised(society: Society) -> None:
    new_fund(society, "QWR-JD", "programme", office=JD)
    before = reports.run(society.admin, "review", "2022", "2022-12-31").rows
    funds.move(society.desk("sh-approver"), "QWR", "QWR-JD", 300_000)
    found = reports.run(society.admin, "income", "2022", "2022-12-31").rows
    moved = {str(row[0]): row[5] for row in found if row[1] == "transferred"}

    assert moved == {QWR: -300_000, "QWR-JD基金": 300_000}
    assert adds_up(income(society))
    assert reports.run(society.admin, "review", "2022", "2022-12-31").rows == before


def test_income_stands_by_its_source_and_what_was_given_back_apart(society: Society) -> None:
    gift(society, 100_000)
    gift(society, 200_000, earmark="only for medicine")
    gift(society, 400_000, campaign="CAMP-1")
    back = gift(society, 50_000)
    donations.give_back(society.desk("sh-approver"), back, "mistake")
    found = income(society)

    assert found["received", "public"] == (150_000, 0)
    assert found["received", "earmarked"] == (200_000, 0)
    assert found["received", "campaign"] == (400_000, 0)
    assert found["given_back", ""] == (50_000, 0)
    assert adds_up(found)
    raised = reports.run(society.admin, "review", "2022", "2022-12-31").rows[-1]
    assert (raised[0], raised[3]) == ("donation.raised", START + 700_000)


def test_br_083_goods_without_a_value_are_told_by_quantity(society: Society) -> None:
    tamper(society, "UPDATE lot SET unit_value_fen = NULL, basis = 4")
    both(society)
    tamper(society, "UPDATE disbursement SET value_fen = 0 WHERE kind = 'goods'")
    take(society, delivered())
    report = reports.run(society.admin, "income", "2022", "2022-12-31")
    [row] = [row for row in report.rows if row[1] == "unvalued"]

    assert row[2:] == ("person", "千万人帮万家", "", 0, 0, BOX, 1)
    assert adds_up(income(society))


def test_br_070_each_batch_is_reconciled(society: Society) -> None:
    entitled(
        society, society.person(1, "王伟"), society.person(2, "赵敏"), society.person(3, "李静")
    )
    batch = society.pay()
    society.bank_result(batch, {"22A-JD-00001-1C": "00", "22A-JD-00002-1C": "17"})
    report = reports.run(society.desk("jd-auditor"), "reconciliation", "22A")

    [row] = [dict(zip(report.columns, each, strict=True)) for each in report.rows]
    assert (row["batch"], row["state"], row["lines"]) == (batch.number, "released", 3)
    assert (row["approved"], row["paid"], row["returned"]) == (150_000, 50_000, 50_000)
    assert (row["left_out"], row["unpaid"], row["difference"]) == (0, 50_000, 0)
    tamper(society, "UPDATE batch SET fen = fen + 1")
    assert reports.run(society.admin, "reconciliation", "22A").rows[0][-2] == 1
    assert reports.run(society.desk("pd-auditor"), "reconciliation", "22A").rows == ()


def flags(society: Society, cycle: str = "22A", login: str = "jd-auditor") -> set[tuple[str, str]]:
    """(flag, numbers) of the red flags of a cycle; each row names its rule and nothing of people."""
    found = reports.run(society.desk(login), "flags", cycle).rows
    assert all(rule == FLAGS[str(code)] for code, _, _, rule in found)
    text = str(found)
    assert "62" + "0" * 10 not in text and "138" not in text and "310199" not in text
    return {(str(code), str(numbers)) for code, numbers, _, _ in found}


def test_an_ordinary_roster_has_no_flags(society: Society) -> None:
    both(society)
    take(society, paid(), login="jd-preparer")
    society.clock.set("2022-03-01")
    assert flags(society) - {("same_minute", roster_of(society))} == set()


def roster_of(society: Society) -> str:
    """The number of the one roster."""
    return str(rows(society.admin.store, "SELECT number FROM roster")[0][0])


def test_br_066_one_account_for_people_of_two_households(society: Society) -> None:
    same = {"银行账号": "6211112222333344"}
    society.import_roster(
        [society.person(1, "王伟", **same), society.person(2, "赵敏", 收款人="赵敏", **same)]
    )
    assert flags(society) == {("same_account", "22A-JD-00001, 22A-JD-00002")}


def test_people_of_one_household_may_share_an_account_and_a_phone(society: Society) -> None:
    head = society.person(1, "王伟")
    same = {
        "银行账号": head["银行账号"], "户主证件号码": head["证件号码"],
        "联系电话": head["联系电话"],
    }  # fmt: skip
    people = [society.person(n, name, **same) for n, name in ((2, "王静"), (3, "王磊"))]
    society.import_roster([head | {"户主证件号码": head["证件号码"]}, *people])
    assert flags(society) == set()


def test_one_phone_for_three_people(society: Society) -> None:
    same = {"联系电话": "13900001111"}
    names = ("王伟", "赵敏", "李静")
    everybody = [society.person(n, name, **same) for n, name in enumerate(names, start=1)]
    society.import_roster(everybody[:2])
    assert flags(society) == set()
    society.import_roster(everybody[2:])
    assert flags(society) == {("same_phone", "22A-JD-00001, 22A-JD-00002, 22A-JD-00003")}


def test_br_065_a_payee_who_is_neither_beneficiary_nor_guardian(society: Society) -> None:
    society.import_roster(
        [
            society.person(1, "王伟", 收款人="周强"),
            society.person(2, "赵敏", 收款人="赵刚", 监护人="赵刚", 与户主关系="子女"),
            society.person(3, "李静"),
        ]
    )
    assert flags(society) == {("other_payee", "22A-JD-00001")}


def test_a_roster_approved_in_the_minute_it_was_handed_in(society: Society) -> None:
    [roster] = society.import_roster([society.person(1, "王伟")])
    society.clock.wait(-2)
    rosters.verify(society.desk("jd-verifier"), roster)
    rosters.freeze(society.desk("jd-reviewer"), roster)
    rosters.approve(society.desk("jd-approver"), [roster], [1])
    assert ("same_minute", roster_of(society)) in flags(society)


def test_a_roster_approved_another_day_is_no_flag(society: Society) -> None:
    [roster] = society.import_roster([society.person(1, "王伟")])
    society.clock.set("2022-02-08")
    society.approve(roster)
    assert flags(society) == set()


def test_an_account_changed_shortly_before_it_was_paid(society: Society) -> None:
    [first] = society.import_roster([society.person(1, "王伟"), society.person(2, "赵敏")])
    society.clock.set("2022-02-08")
    society.approve(first)
    society.pay()
    next_cycle(society)
    society.import_roster(
        [society.person(1, "王伟", 银行账号="6211112222333344"), society.person(2, "赵敏")],
        cycle="22B",
    )
    [number] = [
        str(n) for (n,) in rows(society.admin.store, "SELECT number FROM roster") if "22B" in n
    ]
    society.clock.set("2022-02-20")
    society.approve(number)
    batch = society.pay(cycle="22B", until="locked")
    for held in holds.of_batch(society.desk("jd-releaser"), batch.number):
        holds.clear(society.desk("jd-releaser"), batch.number, held.n, "checked")
    batches.approve(society.desk("jd-approver"), batch.number)
    batches.release(society.desk("jd-releaser"), batch.number)

    assert flags(society) == set()
    assert flags(society, "22B") == {("new_account", "22B-JD-00001-1C")}


def test_what_came_back_and_went_to_their_other_account_is_no_flag(society: Society) -> None:
    [roster] = society.import_roster([society.person(1, "王伟")])
    society.clock.set("2022-02-08")
    society.approve(roster)
    batch = society.pay()
    society.bank_result(batch, {"22A-JD-00001-1C": "17"}, day="2022-02-08")
    fix(society, "22A-JD-00001-1C")
    again, _ = batches.reissue(society.desk("jd-preparer"), "22A", 1, JD)
    batches.lock(society.desk("jd-preparer"), again.number)
    batches.approve(society.desk("jd-approver"), again.number)
    batches.release(society.desk("jd-releaser"), again.number)
    assert flags(society) == set()


def test_flags_are_for_auditors_and_of_their_offices(society: Society) -> None:
    society.import_roster([society.person(1, "王伟", 收款人="周强")])
    with refused("who.no_duty"):
        reports.run(society.desk("jd-approver"), "flags", "22A")
    assert flags(society, login="sh-auditor") == {("other_payee", "22A-JD-00001")}
    assert flags(society, login="pd-auditor") == set()
