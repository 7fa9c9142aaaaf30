"""A society with a bit of everything in its books: rosters, single cases, gifts, goods, transfers."""

from __future__ import annotations

from rcaid import data
from rcaid.services import disasters, programmes, stock, transfers
from rcaid.services.applications import after, recovery
from rcaid.services.funds import funds, receipts
from rcaid.services.funds.periods import close_month
from rcaid.services.transfers import Goods
from tests.services.applying import applying, fire
from tests.services.conftest import Society
from tests.services.deciding import CITY, approved, entitled, released, result, whole
from tests.services.giving import gift, new_fund
from tests.services.test_batches import fix
from tests.services.writing import BOX

WAITS, READY, PAID, LOST = (f"22F-JD-0000{n}" for n in (1, 2, 3, 4))


def storied(society: Society) -> Society:
    """Tells the story. Of rosters: paid, returned, paid again, not yet due, handed out. Of cases:
    approved, entitled, paid, revoked after the payment. February is closed at the end."""
    rosters(society)
    cases(applying(society))
    gifts(society)
    others(society)
    society.clock.set("2022-04-01")
    close_month(society.desk(CITY), "2022-02")
    programmes.receive(society.desk("sh-preparer"), "QWR", 100, "april")
    whole(society)
    return society


def rosters(society: Society) -> None:
    [roster] = society.import_roster(
        [
            society.person(11, "王伟", 物资=BOX),
            society.person(12, "赵敏"),
            society.person(13, "李静"),
        ]
    )
    society.approve(roster, (1, 2))
    batch = society.pay()
    society.pay("goods")
    society.bank_result(batch, {"22A-JD-00001-1C": "00", "22A-JD-00002-1C": "17"})
    fix(society, "22A-JD-00002-1C")


def cases(society: Society) -> None:
    approved(society, fire(1))
    entitled(society, fire(2, "李强"))
    batch = released(society)
    for n, name in ((3, "赵敏"), (4, "钱进")):
        entitled(society, fire(n, name))
    result(society, batch, "17", [f"{READY}-1C"])
    second = released(society)
    result(society, second, "00", [f"{PAID}-1C", f"{LOST}-1C"])
    after.revoke(society.desk(CITY), LOST, "untrue")
    recovery.write_off(society.desk(CITY), LOST, 300_000, "insolvent")


def gifts(society: Society) -> None:
    desk = society.desk("sh-preparer")
    first, _ = gift(society, 100_000), gift(society, 50_000)
    receipts.receipt(desk, first, "R-0001")
    second = gift(society, 70_000)
    receipts.receipt(desk, second, "R-0002")
    new_fund(society, "QWR-JD", "region", "310114")
    funds.move(society.desk(CITY), "QWR", "QWR-JD", 40_000)


def others(society: Society) -> None:
    preparer, approver = society.desk("sh-preparer"), society.desk(CITY)
    society.clock.set("2022-03-20")
    programmes.load(society.admin, data.text("programmes/uni.toml"))
    programmes.load(society.admin, data.text("programmes/aid.toml"))
    programmes.receive(preparer, "AID", 500_000, "2022")
    keeper = society.desk("sh-keeper")
    stock.receive_lot(keeper, "BOX", "B-1", 10, 17_800, 1, second="sh-preparer", evidence="inv 7")
    transfers.add_institution(preparer, "U01", "申城第一大学", "university", "杨浦")
    transfers.add_institution(preparer, "RC-SC", "川西红十字会", "society", "四川")
    disasters.open_(approver, "EQ-1", "川西地震", "earthquake", "四川", "2022-01-20")
    money, _ = transfers.create(preparer, "AID", "RC-SC", "救灾", fen=200_000, disaster="EQ-1")
    goods, _ = transfers.create(preparer, "UNI", "U01", "防疫", goods=[Goods("B-1", 4)])
    for each in (money.number, goods.number):
        transfers.approve(approver, each)
        transfers.send(society.desk("sh-releaser"), each)
        transfers.receive(preparer, each)
