"""Goods by lot: counted in by two, out by what expires first, never below zero (BR-082 to 085)."""

from __future__ import annotations

from typing import Any

import pytest

from rcaid.services import batches, results, stock, transfers
from rcaid.services.desk import Desk
from rcaid.services.importing import undo
from rcaid.services.invariants import check
from tests.services.conftest import Society
from tests.services.test_batches import entitled, take
from tests.services.test_results import DELIVERY
from tests.services.writing import BOX, contents, refused, rows, vouchers


def receive(society: Society, code: str, qty: int, **changes: Any) -> Any:
    """Takes boxes in, worth 178 yuan each by their invoice."""
    said: dict[str, Any] = {
        "unit_value_fen": 17_800, "basis": 1, "second": "sh-preparer", "evidence": "invoice 7",
    }  # fmt: skip
    value, basis = (said | changes)["unit_value_fen"], (said | changes)["basis"]
    rest = {k: v for k, v in (said | changes).items() if k not in ("unit_value_fen", "basis")}
    return stock.receive_lot(society.desk("sh-keeper"), "BOX", code, qty, value, basis, **rest)


def stands(society: Society, code: str) -> dict[str, int]:
    """What of a lot stands where, empty accounts left out."""
    found = rows(
        society.admin.store,
        "SELECT s.account, s.qty FROM stock s JOIN lot w ON w.id = s.lot_id"
        f" WHERE w.code = '{code}' AND s.qty <> 0",
    )
    return {account: int(qty) for account, qty in found}


def boxes(society: Society, n: int) -> None:
    """Approved lines of so many people who get a box each."""
    entitled(society, *[society.person(i, f"人{i}", 金额="", 物资=BOX) for i in range(1, n + 1)])


def whole(society: Society) -> None:
    assert [each.problems for each in check(society.admin.store) if not each.held] == []


def test_br_082_two_people_count_what_comes_in(society: Society) -> None:
    for second, code in (("sh-keeper", "lot.one_counter"), ("nobody", "who.unknown")):
        with refused(code):
            receive(society, "B-1", 10, second=second)
    receive(society, "B-1", 10)
    assert stands(society, "B-1") == {"external": -10, "on_hand": 10}
    counters = rows(
        society.admin.store,
        "SELECT s.login, m.act FROM maker m JOIN staff s ON s.id = m.staff_id"
        " WHERE m.noun = 'lot' ORDER BY m.id",
    )
    assert counters == [("sh-keeper", "lot.receive"), ("sh-preparer", "lot.count")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"perishable": True}, "lot.expiry"),
        ({"expires_on": "2022-07-31"}, "lot.short_life"),
        ({"expires_on": "2022-04-30", "made_on": "2021-12-01"}, "lot.short_life"),
        ({"expires_on": "2022-08-01"}, ""),
        ({"expires_on": "2022-05-01", "made_on": "2021-12-01"}, ""),
    ],
)
def test_br_082_what_will_not_keep_is_not_taken_in(
    society: Society, changes: dict[str, Any], code: str
) -> None:
    if not code:
        receive(society, "B-1", 10, **changes)
        return
    with refused(code):
        receive(society, "B-1", 10, **changes)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"basis": 5}, "lot.basis"),
        ({"basis": 4}, "lot.no_value"),
        ({"basis": 2, "unit_value_fen": None}, "lot.needs_value"),
        ({"basis": 3, "evidence": " "}, "lot.evidence"),
        ({"unit_value_fen": -1}, "lot.value"),
        ({"source": "found"}, "lot.source"),
    ],
)
def test_br_083_a_value_has_a_ground(society: Society, changes: dict[str, Any], code: str) -> None:
    with refused(code):
        receive(society, "B-1", 10, **changes)


def test_br_083_goods_without_a_value_are_listed_apart_with_their_quantity(
    society: Society,
) -> None:
    receive(society, "A-1", 5, basis=4, unit_value_fen=None, evidence="")
    receive(society, "B-1", 10, expires_on="2023-01-01")
    found = [(lot.code, lot.value, lot.on_hand) for lot in stock.listing(society.desk("sh-keeper"))]
    assert found[0] == ("B-1", 17_800, 10)
    assert found[-1] == ("A-1", None, 5)
    boxes(society, 5)
    batches.cancel(society.desk("jd-preparer"), society.pay("goods", until="draft").number, "x")


def test_br_084_what_expires_first_goes_first(society: Society) -> None:
    receive(society, "LATE", 10, expires_on="2023-12-31")
    receive(society, "SOON", 2, expires_on="2022-12-31")
    receive(society, "NEVER", 10)
    boxes(society, 3)
    batch = society.pay("goods", until="draft")
    codes = {lot.id: lot.code for lot in _lots(society)}
    assert [codes[v.lot_id or ""] for _, v in sorted(vouchers(society.admin.store).items())] == [
        "SOON", "SOON", "LATE",
    ]  # fmt: skip
    assert codes[batch.lot_id or ""] == "SOON"


def _lots(society: Society) -> list[Any]:
    from rcaid.db import programmes

    return programmes.lots(society.admin.store)


def test_br_084_an_expired_lot_is_neither_promised_nor_released(society: Society) -> None:
    receive(society, "SOON", 10, expires_on="2022-12-31")
    boxes(society, 2)
    batch = society.pay("goods", until="approved")
    society.clock.set("2023-01-01")
    before = contents(society.admin.store)
    with refused("lot.expired"):
        batches.release(society.desk("jd-releaser"), batch.number)
    assert contents(society.admin.store) == before
    batches.cancel(society.desk("jd-preparer"), batch.number, "expired")
    with refused("lot.expired"):
        society.pay("goods", until="draft")


def test_br_085_no_more_goes_out_than_is_there_and_not_promised(society: Society) -> None:
    receive(society, "B-1", 2)
    boxes(society, 3)
    with refused("stock.short"):
        society.pay("goods", until="draft")
    receive(society, "B-2", 1)
    society.pay("goods", until="draft")
    with refused("stock.short"):
        stock.write_off(society.desk("sh-approver"), "B-1", 3, "spoilt")
    stock.write_off(society.desk("sh-approver"), "B-1", 2, "spoilt")
    with refused("stock.short"):
        batches.lock(society.desk("jd-preparer"), "22A-1-JD-K01")
        batches.approve(society.desk("jd-approver"), "22A-1-JD-K01")
        batches.release(society.desk("jd-releaser"), "22A-1-JD-K01")
    assert stands(society, "B-1") == {"external": -2, "written_off": 2}
    whole(society)


def test_br_085_goods_move_with_what_becomes_of_them(society: Society) -> None:
    receive(society, "B-1", 5)
    boxes(society, 2)
    batch = society.pay("goods")
    assert stands(society, "B-1") == {"external": -5, "on_hand": 3, "issued": 2}
    cells = {"发放日期": "2022-02-01", "数量": "1"}
    said = [
        {"凭证号": "22A-JD-00001-1K", "是否发放": "是", **cells},
        {"凭证号": "22A-JD-00002-1K", "是否发放": "否", "未发放原因": "外出", **cells},
    ]
    _, applied = society.take_in(society.write(said, DELIVERY), "delivery", "jd-caseworker")
    assert stands(society, "B-1") == {"external": -5, "on_hand": 4, "delivered": 1}
    whole(society)

    undo.undo(society.desk("jd-reviewer"), applied.batch.id)
    assert stands(society, "B-1") == {"external": -5, "on_hand": 5}
    [(kind, reverses)] = rows(
        society.admin.store, "SELECT kind, reverses FROM stock_entry WHERE reverses IS NOT NULL"
    )
    assert (kind, bool(reverses)) == ("reverse", True)
    assert batch.state == "released"
    whole(society)


def test_br_085_goods_of_a_transfer_move_twice_and_come_back(society: Society) -> None:
    from rcaid import data
    from rcaid.services import programmes

    society.clock.set("2022-11-01")
    programmes.load(society.admin, data.text("programmes/uni.toml"))
    receive(society, "B-1", 10)
    preparer = society.desk("sh-preparer")
    transfers.add_institution(preparer, "U1", "大学", "university", "上海")

    def sent() -> str:
        goods = [transfers.Goods("B-1", 4)]
        made, _ = transfers.create(preparer, "UNI", "U1", "防疫", goods=goods)
        transfers.approve(society.desk("sh-approver"), made.number)
        transfers.send(society.desk("sh-releaser"), made.number)
        return made.number

    number = sent()
    assert stands(society, "B-1") == {"external": -10, "on_hand": 6, "shipped": 4}
    transfers.receive(preparer, number)
    assert stands(society, "B-1") == {"external": -10, "on_hand": 6, "delivered": 4}
    transfers.send_back(preparer, sent(), "refused")
    assert stands(society, "B-1") == {"external": -10, "on_hand": 6, "delivered": 4}
    sent()
    with refused("stock.short"):
        sent()
    whole(society)


def test_older_lots_go_out_uncounted(society: Society) -> None:
    boxes(society, 1)
    society.pay("goods")
    take(society, results.Result("22A-JD-00001-1K", "delivered", "2022-02-01"))
    assert rows(society.admin.store, "SELECT 1 FROM stock_entry") == []
    with refused("lot.uncounted"):
        stock.write_off(society.desk("sh-approver"), "BOX-1", 1, "spoilt")


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ("UPDATE stock SET qty = qty + 1 WHERE account = 'delivered'",
         {"invariant.stock_balance", "invariant.stock_delivered"}),
        ("UPDATE stock SET qty = qty - 1 WHERE account = 'on_hand'", {"invariant.stock_balance"}),
        ("UPDATE disbursement SET state = 'issued' WHERE kind = 'goods'",
         {"invariant.stock_delivered"}),
    ],
)  # fmt: skip
def test_br_085_a_changed_stock_is_found(society: Society, change: str, codes: set[str]) -> None:
    receive(society, "B-1", 5)
    boxes(society, 1)
    society.pay("goods")
    take(society, results.Result("22A-JD-00001-1K", "delivered", "2022-02-01"))
    whole(society)
    rows(society.admin.store, f"{change} RETURNING 1")
    found = {p.code for each in check(society.admin.store) for p in each.problems}
    assert codes <= found


def test_only_keepers_take_in_and_only_approvers_write_off(society: Society) -> None:
    receive(society, "B-1", 5)

    def tried(desk: Desk) -> None:
        stock.write_off(desk, "B-1", 1, "spoilt")

    for login in ("sh-keeper", "sh-preparer", "jd-approver"):
        with refused("who.no_duty"):
            tried(society.desk(login))
    tried(society.desk("sh-approver"))
    with refused("who.no_duty"):
        stock.receive_lot(society.desk("sh-preparer"), "BOX", "B-2", 1, None, 4, second="sh-keeper")
