"""Help to institutions and other regions: who may, what it posts, what it counts as."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rcaid import data
from rcaid.db import programmes as programme_rows
from rcaid.db.tables import Lot
from rcaid.db.upkeep import miscounted
from rcaid.domain.errors import Refused
from rcaid.services import audit, disasters, programmes, staff, transfers
from rcaid.services.desk import Desk
from rcaid.services.society import as_person
from rcaid.services.transfers import Arrived, Goods
from tests.services.conftest import Society

FOOD, FEN = "FOOD-1", 210_340_000


@pytest.fixture
def giving(society: Society) -> Society:
    """The society with a programme for universities and one for other regions, money, goods."""
    society.clock.set("2022-04-01")
    for name in ("uni", "aid"):
        programmes.load(society.admin, data.text(f"programmes/{name}.toml"))
    preparer = society.desk("sh-preparer")
    programmes.receive(preparer, "AID", 500_000_000, "2022")
    programmes.receive_lot(society.desk("sh-keeper"), "FOOD", FOOD, 5_000)
    transfers.add_institution(preparer, "U01", "申城第一大学", "university", "杨浦")
    transfers.add_institution(preparer, "U02", "申城第二大学", "university", "徐汇")
    transfers.add_institution(preparer, "RC-SC", "川西红十字会", "society", "四川")
    approver = society.desk("sh-approver")
    disasters.open_(approver, "EQ-1", "川西地震", "earthquake", "四川", "2022-01-20")
    return society


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.problems[0].code


def balances(society: Society, fund: str) -> dict[str, int]:
    found = next(each for each in programme_rows.funds(society.admin.store) if each.code == fund)
    held = programme_rows.balances(society.admin.store, found.id)
    return {name: fen for name, fen in held.items() if fen and name != "external"}


def to_region(society: Society, fen: int = FEN) -> str:
    made, _ = transfers.create(
        society.desk("sh-preparer"), "AID", "RC-SC", "救灾", fen=fen, disaster="EQ-1"
    )
    return made.number


def to_university(society: Society, code: str, qty: int) -> str:
    made, _ = transfers.create(
        society.desk("sh-preparer"), "UNI", code, "校园保供", goods=[Goods(FOOD, qty)]
    )
    return made.number


def send(society: Society, number: str) -> None:
    transfers.approve(society.desk("sh-approver"), number)
    transfers.send(society.desk("sh-releaser"), number)


def test_money_for_a_region_moves_on_the_ledger_act_by_act(giving: Society) -> None:
    number = to_region(giving)
    rest = 500_000_000 - FEN
    assert balances(giving, "AID") == {"available": 500_000_000}
    transfers.approve(giving.desk("sh-approver"), number)
    assert balances(giving, "AID") == {"available": rest, "payable": FEN}
    transfers.send(giving.desk("sh-releaser"), number)
    assert balances(giving, "AID") == {"available": rest, "in_transit": FEN}
    transfers.receive(giving.desk("sh-preparer"), number)
    transfers.report(giving.desk("sh-preparer"), number)
    assert balances(giving, "AID") == {"available": rest, "settled": FEN}
    line = transfers.show(giving.desk("sh-auditor"), number)
    assert (line.state, line.disaster, line.fen, line.reported_on) == (
        "closed", "EQ-1", FEN, giving.admin.day,
    )  # fmt: skip
    assert miscounted(giving.admin.store) == []
    assert audit.verify_store(giving.desk("sh-auditor")).ok


def test_what_comes_back_or_is_given_up_is_available_again(giving: Society) -> None:
    back, given_up = to_region(giving, 1_000), to_region(giving, 2_000)
    send(giving, back)
    transfers.send_back(giving.desk("sh-preparer"), back, "wrong_account")
    transfers.approve(giving.desk("sh-approver"), given_up)
    transfers.cancel(giving.desk("sh-preparer"), given_up, "mistake")
    assert balances(giving, "AID") == {"available": 500_000_000}
    assert miscounted(giving.admin.store) == []


def test_br_072_a_fund_gives_no_more_than_it_holds_and_to_nobody_else(giving: Society) -> None:
    preparer = giving.desk("sh-preparer")
    too_much = to_region(giving, 500_000_001)
    assert code_of(lambda: transfers.approve(giving.desk("sh-approver"), too_much)) == "fund.short"
    other = lambda: transfers.create(preparer, "UNI", "RC-SC", "x", goods=[Goods(FOOD, 1)])  # noqa: E731
    assert code_of(other) == "transfer.receiver"
    without = lambda: transfers.create(preparer, "QWR", "U01", "x", fen=100)  # noqa: E731
    assert code_of(without) == "transfer.receiver"
    assert code_of(lambda: transfers.create(preparer, "AID", "RC-SC", "x")) == "transfer.nothing"


def test_br_040_maker_approver_and_sender_are_three_people(giving: Society) -> None:
    staff.grant(giving.admin, "sh-preparer", "approver", "310000")
    staff.grant(giving.admin, "sh-preparer", "releaser", "310000")
    staff.grant(giving.admin, "sh-approver", "releaser", "310000")
    number = to_region(giving)

    def fresh(login: str) -> Desk:
        return as_person(giving.admin, login)

    assert code_of(lambda: transfers.approve(fresh("sh-preparer"), number)) == "who.maker"
    transfers.approve(fresh("sh-approver"), number)
    assert code_of(lambda: transfers.send(fresh("sh-approver"), number)) == "who.maker"
    assert code_of(lambda: transfers.send(fresh("sh-preparer"), number)) == "who.maker"
    transfers.send(fresh("sh-releaser"), number)
    assert code_of(lambda: transfers.approve(fresh("sh-approver"), number)) == "state.no_move"


def test_what_arrived_counts_each_receiver_once_and_only_when_it_is_there(giving: Society) -> None:
    for code, qty in (("U01", 100), ("U01", 50), ("U02", 10), ("U02", 7)):
        number = to_university(giving, code, qty)
        send(giving, number)
        if qty != 7:
            transfers.receive(giving.desk("sh-preparer"), number)
    day = giving.admin.day
    assert transfers.arrived(giving.admin, day, day) == {
        ("UNI", ""): Arrived(2, 0, 160 * 5_000, frozenset({"university"}))
    }
    assert transfers.arrived(giving.admin, "2021-01-01", "2021-12-31") == {}


def test_br_083_goods_without_a_value_are_told_by_quantity(giving: Society) -> None:
    store = giving.admin.store
    item = next(each for each in programme_rows.items(store) if each.code == "FOOD")

    def work(unit: object) -> None:
        from rcaid.db.tables import LOT

        unit.insert(LOT, [Lot(unit.new_id(), item.id, "FOOD-0", None, 4, "2022-01-01", 1)])  # type: ignore[attr-defined]

    giving.desk("sh-keeper").write("lot.receive", giving.office("310000"), work)
    made, _ = transfers.create(
        giving.desk("sh-preparer"), "UNI", "U01", "x", goods=[Goods("FOOD-0", 9), Goods(FOOD, 1)]
    )
    line = transfers.show(giving.desk("sh-auditor"), made.number)
    assert line.goods == (("FOOD", 9, None), ("FOOD", 1, 5_000))
    assert line.goods_fen == 5_000


def test_a_disaster_closes_when_nothing_for_it_is_under_way(giving: Society) -> None:
    approver = giving.desk("sh-approver")
    number = to_region(giving)
    send(giving, number)
    disasters.phase(approver, "EQ-1", "recovery")
    assert code_of(lambda: disasters.close(approver, "EQ-1")) == "disaster.busy"
    transfers.receive(giving.desk("sh-preparer"), number)
    disasters.close(approver, "EQ-1")
    assert code_of(lambda: to_region(giving)) == "disaster.closed"
    assert code_of(lambda: disasters.phase(approver, "EQ-1", "relief")) == "state.no_move"
    (given,) = transfers.by_disaster(giving.desk("sh-auditor"))
    assert (given.transfers, given.cash, given.phase) == (1, FEN, "recovery")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (("EQ-1", "again", "earthquake", "x", "2022-01-20"), "disaster.exists"),
        (("EQ-2", "x", "war", "x", "2022-01-20"), "disaster.kind"),
        (("EQ-2", "x", "fire", "x", "2099-01-20"), "disaster.future"),
        (("eq 2", "x", "fire", "x", "2022-01-20"), "code.form"),
        (("EQ-2", " ", "fire", "x", "2022-01-20"), "row.required"),
        (("EQ-2", "a\x1b[2Jb", "fire", "x", "2022-01-20"), "text.control"),
    ],
    ids=str,
)
def test_a_disaster_that_is_none_is_refused(
    giving: Society, facts: tuple[str, str, str, str, str], code: str
) -> None:
    assert code_of(lambda: disasters.open_(giving.desk("sh-approver"), *facts)) == code
