"""Files of donations and of institutions: planned, applied once, and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rcaid.db import donations as rows
from rcaid.db import funds as fund_rows
from rcaid.db import transfers as transfer_rows
from rcaid.domain.identity import make_number
from rcaid.domain.uscc import make_code
from rcaid.services import audit, invariants, transfers
from rcaid.services.funds import donations, donors, funds, listing, receipts
from rcaid.services.funds.listing import Line
from rcaid.services.importing import imports, undo
from rcaid.services.importing.imports import Applied, Planned
from tests.services.conftest import JD, Society
from tests.services.giving import balances, code_of, donor, gift, new_fund, pay_out
from tests.services.writing import contents

START = 100_000_000
HEADINGS = (
    "捐赠人", "捐赠人类型", "捐赠人身份证号", "统一社会信用代码", "捐赠人电话", "是否公开姓名", "基金代码",
    "捐赠金额", "到账日期", "认捐日期", "捐赠渠道", "捐赠意向", "交易流水号", "票据号码", "物资批号", "物资数量",
)  # fmt: skip
PLACES = ("单位代码", "单位名称", "单位类型", "所在地", "统一社会信用代码")


def row(**cells: str) -> dict[str, str]:
    """A row of 100 yuan that 王捐 gave to QWR on the first of February."""
    made = dict.fromkeys(HEADINGS, "")
    made |= {
        "捐赠人": "王捐", "捐赠人类型": "个人", "基金代码": "QWR", "捐赠金额": "100",
        "到账日期": "2022-02-01",
    }  # fmt: skip
    return made | cells


def plan(
    society: Society, found: list[dict[str, str]], login: str = "sh-preparer", **how: Any
) -> tuple[Path, Planned]:
    path = society.write(found, how.get("headings", HEADINGS))
    target = society.folder / f"{path.stem}.plan"
    kind = how.get("kind", "donation")
    return target, imports.plan(society.desk(login), path, kind, target=target)


def take(society: Society, found: list[dict[str, str]], **how: Any) -> Applied:
    target, planned = plan(society, found, **how)
    assert planned.problems == [], planned.problems
    return imports.apply(society.desk(how.get("login", "sh-preparer")), target)


def shown(society: Society) -> list[Line]:
    return listing.listing(society.desk("sh-preparer"))


def whole(society: Society) -> None:
    assert invariants.broken(society.admin.store) == []
    assert audit.verify_store(society.admin).ok


def test_donations_come_in_with_their_donors_and_receipts(society: Society) -> None:
    number = make_number("310199", "19800101", 7)
    done = take(
        society,
        [
            row(捐赠人身份证号=number, 交易流水号="B-1", 票据号码="R-0001", 捐赠意向="肿瘤"),
            row(捐赠人身份证号=number, 捐赠金额="50.50", 交易流水号="B-2"),
            row(
                捐赠人="申城公司",
                捐赠人类型="",
                统一社会信用代码=make_code(7),
                捐赠金额="9000",
                捐赠渠道="转账",
            ),
            row(捐赠人="", 捐赠人类型="", 捐赠金额="3", 捐赠渠道="现金"),
            row(捐赠人="", 捐赠人类型="匿名", 捐赠金额="4", 捐赠渠道="微信"),
            row(捐赠人="李诺", 到账日期="", 认捐日期="2022-01-31", 捐赠金额="700"),
        ],
    )
    assert (done.batch.rows_new, done.batch.fen) == (6, 9_157_50)
    assert balances(society, "QWR") == {"available": START + 9_157_50}
    found = shown(society)
    assert [line.state for line in found] == [
        "receipted", "received", "received", "received", "received", "pledged",
    ]  # fmt: skip
    assert [line.fen for line in found] == [100_00, 50_50, 9_000_00, 3_00, 4_00, 0]
    assert (found[5].pledged_fen, found[5].pledged_on) == (700_00, "2022-01-31")
    assert found[0].donor == found[1].donor
    assert found[3].donor == found[4].donor
    assert (found[2].name, found[0].receipt, found[0].earmark) == ("申城公司", "R-0001", "肿瘤")
    assert receipts.text(society.desk("sh-preparer"), found[0].number)
    whole(society)


def test_a_donor_on_file_is_found_again(society: Society) -> None:
    firm = donor(society, "申城公司", kind="organisation", uscc=make_code(7))
    plain = donor(society, "李诺")
    take(
        society,
        [
            row(捐赠人="申城公司（集团）", 捐赠人类型="单位", 统一社会信用代码=make_code(7)),
            row(捐赠人="李诺", 捐赠金额="5"),
        ],
    )
    assert [line.donor for line in shown(society)] == [firm, plain]


def test_everything_that_is_wrong_is_said_by_row_and_column(society: Society) -> None:
    new_fund(society, "QWR-JD", "region", JD, office=JD)
    gift(society, 1, reference="B-1", by=donor(society))
    _, planned = plan(
        society,
        [
            row(基金代码="NO", 捐赠金额="1"),
            row(捐赠金额="0"),
            row(捐赠金额="-5"),
            row(到账日期="", 捐赠金额="2"),
            row(到账日期="2022-02-02", 捐赠金额="3"),
            row(到账日期="", 认捐日期="2022-02-01", 票据号码="R-0001", 捐赠金额="4"),
            row(票据号码="R 1", 捐赠金额="5"),
            row(票据号码="R-0007", 捐赠金额="6"),
            row(票据号码="R-0007", 捐赠金额="7"),
            row(统一社会信用代码="1", 捐赠人类型="单位", 捐赠金额="8"),
            row(捐赠人类型="", 捐赠金额="9"),
            row(捐赠人类型="鬼", 捐赠金额="10"),
            row(捐赠人身份证号=make_number("310199", "19800101", 7)[:-1] + "9", 捐赠金额="11"),
            row(物资批号="BOX-1", 捐赠金额="12"),
            row(物资批号="NO-1", 物资数量="1", 捐赠金额="13"),
            row(交易流水号="B-1", 捐赠金额="14"),
        ],
    )
    assert [(each.row, each.code) for each in planned.problems] == [
        (2, "fund.unknown"),
        (3, "donation.nothing"),
        (4, "money.negative"),
        (5, "row.required"),
        (6, "date.future"),
        (7, "donation.row_receipt"),
        (8, "donation.receipt_form"),
        (10, "donation.receipt_used"),
        (11, "uscc.length"),
        (12, "row.required"),
        (13, "donor.kind"),
        (14, "identity.checksum"),
        (15, "donation.quantity"),
        (16, "lot.unknown"),
        (17, "donation.reference"),
    ]
    assert {each.column for each in planned.problems if each.row == 8} == {"票据号码"}


def test_a_district_takes_in_for_its_own_funds(society: Society) -> None:
    new_fund(society, "QWR-JD", "region", JD, office=JD)
    _, planned = plan(society, [row(基金代码="QWR-JD"), row()], login="jd-preparer")
    assert [(each.row, each.code) for each in planned.problems] == [(3, "donation.elsewhere")]
    with pytest.raises(Exception, match=r"who\.no_duty"):
        plan(society, [row()], login="jd-caseworker")


def test_what_came_in_before_is_left_alone(society: Society) -> None:
    first = [row(交易流水号=f"B-{n}", 捐赠金额=str(n)) for n in range(1, 4)]
    take(society, first)
    _, planned = plan(society, [*first, row(交易流水号="B-9", 捐赠金额="9")])
    assert (planned.facts.rows_new, planned.facts.rows_unchanged) == (1, 3)
    again = imports.plan(
        society.desk("sh-preparer"), society.folder / "file1.csv", "donation",
        target=society.folder / "again.plan",
    )  # fmt: skip
    assert again.known is not None


def test_two_plans_of_the_same_money_are_not_both_applied(society: Society) -> None:
    one, _ = plan(society, [row(交易流水号="B-1"), row(捐赠金额="5", 交易流水号="B-2")])
    two, _ = plan(society, [row(捐赠金额="5", 交易流水号="B-2")])
    imports.apply(society.desk("sh-preparer"), one)
    before = contents(society.admin.store)
    assert code_of(lambda: imports.apply(society.desk("sh-preparer"), two)) == "donation.reference"
    assert contents(society.admin.store) == before


def test_a_plan_keeps_donors_and_their_numbers_sealed(society: Society) -> None:
    number = make_number("310199", "19800101", 7)
    target, _ = plan(
        society, [row(捐赠人="王捐赠", 捐赠人身份证号=number, 捐赠人电话="13800000001")]
    )
    kept = target.read_bytes()
    for text in ("王捐赠", number, "13800000001"):
        assert text.encode() not in kept


def test_goods_come_in_as_lots_that_the_keeper_counted(society: Society) -> None:
    take(society, [row(捐赠金额="", 捐赠渠道="", 物资批号="BOX-1", 物资数量="12")])
    (line,) = shown(society)
    assert (line.fen, line.goods_fen, line.channel) == (0, 12 * 178_00, "goods")
    assert balances(society, "QWR") == {"available": START}
    whole(society)


def test_an_import_of_donations_is_taken_back_whole(society: Society) -> None:
    known = donor(society, "李诺")
    before = contents(society.admin.store)
    done = take(
        society,
        [
            row(交易流水号="B-1", 票据号码="R-0001"),
            row(捐赠人="李诺", 捐赠金额="5"),
            row(到账日期="", 认捐日期="2022-02-01", 捐赠金额="6"),
        ],
    )
    reviewer = society.desk("sh-reviewer")
    seen = undo.preview(reviewer, done.batch.id)
    assert (seen.taken, seen.fen, seen.kept) == (3, 105_00, [])
    undone, _ = undo.undo(reviewer, done.batch.id, "wrong_file")
    assert undone.removed["donation"] == 3
    assert balances(society, "QWR") == {"available": START}
    after = contents(society.admin.store)
    for table in ("donation", "donor", "donor_party", "donation_receipt", "maker"):
        assert after[table] == before[table], table
    assert [each.code for each in donors.find(society.desk("sh-preparer"))] == [known]
    kinds = [
        entry.kind for entry in fund_rows.entries(society.admin.store, "2022-02-01", "2022-02-28")
    ]
    assert sorted(kinds) == ["receive", "receive", "receive", "reverse", "reverse"]
    whole(society)
    take(society, [row(交易流水号="B-1", 票据号码="R-0001"), row(捐赠人="赵敏")])
    whole(society)


def test_an_undo_keeps_what_was_used_moved_on_or_acted_on(society: Society) -> None:
    new_fund(society, "QWR-OLD", "programme")
    funds.move(society.desk("sh-approver"), "QWR", "QWR-OLD", START)
    done = take(
        society,
        [
            row(捐赠金额="400"),
            row(捐赠金额="200", 捐赠人="李诺"),
            row(捐赠金额="70", 捐赠人="赵敏"),
            row(捐赠金额="80", 捐赠人="周到"),
        ],
    )
    receipts.decline(society.desk("sh-preparer"), shown(society)[2].number)
    pay_out(society, range(1, 2))  # 500 yuan: all of the first, half of the second
    undone, _ = undo.undo(society.desk("sh-reviewer"), done.batch.id, "wrong_file")
    assert [(each.code, each.params["name"]) for each in undone.kept] == [
        ("undo.spent", "D-2022-000001"),
        ("undo.spent", "D-2022-000002"),
        ("undo.acted", "D-2022-000003"),
    ]
    assert undone.taken == 1
    assert [line.name for line in shown(society)] == ["王捐", "李诺", "赵敏"]
    assert rows.by_number(society.admin.store, "D-2022-000004") is None
    whole(society)


def place(code: str, name: str, kind: str = "高校", **cells: str) -> dict[str, str]:
    made = {
        "单位代码": code,
        "单位名称": name,
        "单位类型": kind,
        "所在地": "杨浦",
        "统一社会信用代码": "",
    }
    return made | cells


def test_institutions_come_in_and_one_on_file_stays(society: Society) -> None:
    how: dict[str, Any] = {"kind": "institution", "headings": PLACES}
    transfers.add_institution(society.desk("sh-preparer"), "U01", "第一大学", "university", "杨浦")
    done = take(
        society,
        [
            place("U01", "第一大学"),
            place("U02", "第二大学", 统一社会信用代码=make_code(2)),
            place("H01", "第一医院", "医院"),
        ],
        **how,
    )
    assert (done.batch.rows_new, done.batch.rows_unchanged) == (2, 1)
    found = {each.code: each for each in transfer_rows.institutions(society.admin.store)}
    assert (found["U02"].kind, found["U02"].uscc) == ("university", make_code(2))
    assert found["H01"].kind == "hospital"
    _, planned = plan(
        society,
        [
            place("U01", "另一大学"), place("u 3", "x"), place("U04", "x", "公园"),
            place("U05", ""), place("U06", "x", 统一社会信用代码="1"), place("U07", "a"),
            place("U07", "b"),
        ],
        **how,
    )  # fmt: skip
    assert [(each.row, each.code) for each in planned.problems] == [
        (2, "institution.exists"),
        (3, "code.form"),
        (4, "institution.kind"),
        (5, "row.required"),
        (6, "uscc.length"),
        (8, "row.repeated"),
    ]
    whole(society)


def test_institutions_nobody_gave_to_are_taken_back(society: Society) -> None:
    how: dict[str, Any] = {"kind": "institution", "headings": PLACES}
    done = take(society, [place(f"U0{n}", f"第{n}大学") for n in range(1, 4)], **how)
    approver = society.desk("sh-approver")
    funds.open_fund(approver, "QWR-U", "x", "QWR", restriction="institution", scope="U02")
    undone, _ = undo.undo(society.desk("sh-reviewer"), done.batch.id, "wrong_file")
    assert [each.params["name"] for each in undone.kept] == ["U02"]
    left = [each.code for each in transfer_rows.institutions(society.admin.store)]
    assert left == ["U02"]
    whole(society)


def test_a_donation_found_by_number_is_one_of_the_file(society: Society) -> None:
    take(society, [row()])
    (line,) = shown(society)
    assert donations.find(society.admin, line.number).fen == 100_00
