"""Batches: gathered, locked, approved, released by another, closed at zero; the money each step."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from rcaid.db.upkeep import miscounted
from rcaid.services import batches, deaths, programmes, results, rosters
from tests.services.conftest import JD, JD_STREETS, PD, Society
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

START = 100_000_000


def entitled(society: Society, *people: dict[str, str]) -> str:
    """An approved roster of these people, or of two with 500 yuan each."""
    some = people or (society.person(1, "王伟"), society.person(2, "赵敏"))
    [roster] = society.import_roster(some)
    society.approve(roster)
    return roster


def ledger(society: Society) -> list[tuple[str, str, str, int]]:
    """(kind, debit, credit, fen) of all entries but the first receipt."""
    found = rows(
        society.admin.store,
        "SELECT kind, debit, credit, fen FROM ledger_entry WHERE kind <> 'receive' ORDER BY id",
    )
    return [(kind, debit, credit, int(fen)) for kind, debit, credit, fen in found]


def test_every_step_moves_the_money_by_the_postings(society: Society) -> None:
    assert balances(society) == {"external": -START, "available": START}

    entitled(society)
    assert balances(society) == {
        "external": -START, "available": START - 100_000, "payable": 100_000,
    }  # fmt: skip
    batch = society.pay(until="approved")
    assert balances(society)["payable"] == 100_000

    released, _ = batches.release(society.desk("jd-releaser"), batch.number)
    assert balances(society) == {
        "external": -START, "available": START - 100_000, "in_transit": 100_000,
    }  # fmt: skip

    society.bank_result(released, {"22A-JD-00001-1C": "00", "22A-JD-00002-1C": "17"})
    assert balances(society) == {
        "external": -START, "available": START - 100_000, "settled": 50_000, "returned": 50_000,
    }  # fmt: skip
    assert ledger(society) == [
        ("entitle", "available", "payable", 50_000),
        ("entitle", "available", "payable", 50_000),
        ("release", "payable", "in_transit", 50_000),
        ("release", "payable", "in_transit", 50_000),
        ("paid", "in_transit", "settled", 50_000),
        ("returned", "in_transit", "returned", 50_000),
    ]


def test_late_return_and_reissue_move_the_money_by_the_postings(society: Society) -> None:
    entitled(society, society.person(1, "王伟"))
    batch = society.pay()
    society.bank_result(batch, {"22A-JD-00001-1C": "00"})
    society.clock.set("2022-02-09")
    society.bank_result(batch, {"22A-JD-00001-1C": "17"}, day="2022-02-08")
    assert balances(society)["returned"] == 50_000
    assert "settled" not in balances(society)

    fix(society, "22A-JD-00001-1C")
    batches.reissue(society.desk("jd-preparer"), "22A", 1, JD)
    assert balances(society)["payable"] == 50_000
    assert [kind for kind, *_ in ledger(society)] == [
        "entitle", "release", "paid", "late_return", "reissue",
    ]  # fmt: skip


def fix(society: Society, voucher: str, account: str = "6222333344445555") -> None:
    """Gives a returned payment another account."""
    results.fix_accounts(
        society.desk("jd-caseworker"), [(voucher, "王伟", "上海银行", account)], society.office(JD)
    )


def test_goods_move_no_money(society: Society) -> None:
    entitled(society, society.person(1, "王伟", 金额="", 物资=BOX))
    before = balances(society)
    batch = society.pay("goods")

    assert (batch.kind, batch.lines, batch.fen, batch.qty) == ("goods", 1, 0, 1)
    assert batch.file_sha256 is None
    assert balances(society) == before
    assert ledger(society) == []


def test_br_064_a_batch_states_lines_and_sum_of_what_is_in_it(society: Society) -> None:
    entitled(
        society, society.person(1, "王伟", 金额="123.45"), society.person(2, "赵敏", 金额="876.54")
    )
    batch = society.pay(until="draft")

    assert (batch.state, batch.lines, batch.fen) == ("draft", 2, 99_999)
    assert number(society.admin.store, "SELECT sum(fen) FROM disbursement") == 99_999
    assert {v.state for v in vouchers(society.admin.store).values()} == {"prepared"}
    assert {r.state for r in rights(society.admin.store)} == {"reserved"}


def test_numbers_of_batches_and_vouchers(society: Society) -> None:
    entitled(society, society.person(1, "王伟", 物资=BOX))
    money, goods = society.pay(until="draft"), society.pay("goods", until="draft")

    assert (money.number, goods.number) == ("22A-1-JD-C01", "22A-1-JD-K01")
    assert sorted(vouchers(society.admin.store)) == ["22A-JD-00001-1C", "22A-JD-00001-1K"]


def test_a_street_and_its_district_may_both_make_batches(society: Society) -> None:
    streets = [society.street(code) for code in JD_STREETS[:2]]
    for each in society.import_roster(
        [society.person(n, f"人{n}", 街道=streets[n - 1]) for n in (1, 2)]
    ):
        society.approve(each)
    preparer = society.desk("jd-preparer")
    first, _ = batches.create(preparer, "22A", 1, JD_STREETS[0], "money")
    second, _ = batches.create(preparer, "22A", 1, JD, "money")

    assert (first.number, first.lines) == ("22A-1-JD-C01", 1)
    assert (second.number, second.lines) == ("22A-1-JD-C02", 1)


def test_an_entitlement_has_one_live_line_at_a_time(society: Society) -> None:
    entitled(society)
    society.pay(until="draft")

    with refused("batch.empty"):
        batches.create(society.desk("jd-preparer"), "22A", 1, JD, "money")
    live = "SELECT max(n) FROM (SELECT count(*) AS n FROM disbursement WHERE live = 1 GROUP BY entitlement_id) t"
    assert number(society.admin.store, live) == 1


def test_the_database_itself_refuses_a_second_live_line(society: Society) -> None:
    from tests.db.support import INTEGRITY

    entitled(society)
    society.pay(until="draft")
    line = next(iter(vouchers(society.admin.store).values()))
    with pytest.raises(INTEGRITY):
        society.admin.store.insert_many(
            "disbursement", line._fields, [line._replace(id="x", voucher="y")]
        )


@pytest.mark.parametrize("kind", ["money", "goods"])
@pytest.mark.parametrize("until", ["draft", "locked", "approved"])
def test_a_cancelled_batch_frees_its_lines_for_another(
    society: Society, kind: str, until: str
) -> None:
    entitled(society, society.person(1, "王伟", 物资=BOX))
    letter = {"money": "C", "goods": "K"}[kind]
    batch = society.pay(kind, until=until)
    batches.cancel(society.desk("jd-preparer"), batch.number, "wrong_lot")

    store = society.admin.store
    assert batches.find(society.admin, batch.number).state == "cancelled"
    assert vouchers(store)[f"22A-JD-00001-1{letter}"].state == "cancelled"
    assert vouchers(store)[f"22A-JD-00001-1{letter}"].live is None
    again = society.pay(kind)
    assert (again.number, again.lines) == (f"22A-1-JD-{letter}02", 1)
    assert vouchers(store)[f"22A-JD-00001-1{letter}.2"].live == 1
    assert miscounted(store) == []


def test_a_cancelled_reissue_may_be_made_again(society: Society) -> None:
    entitled(society, society.person(1, "王伟"))
    society.bank_result(society.pay(), {"22A-JD-00001-1C": "17"})
    fix(society, "22A-JD-00001-1C")
    preparer = society.desk("jd-preparer")
    first, _ = batches.reissue(preparer, "22A", 1, JD)
    batches.cancel(preparer, first.number, "mistake")
    again, _ = batches.create(preparer, "22A", 1, JD, "money")

    assert sorted(vouchers(society.admin.store)) == [
        "22A-JD-00001-1C", "22A-JD-00001-1C.2", "22A-JD-00001-1C.3",
    ]  # fmt: skip
    assert again.lines == 1
    assert balances(society)["payable"] == 50_000
    assert miscounted(society.admin.store) == []


def test_undelivered_goods_go_out_again_under_a_new_voucher(society: Society) -> None:
    entitled(society, society.person(1, "王伟", 金额="", 物资=BOX))
    batch = society.pay("goods")
    take(society, results.Result("22A-JD-00001-1K", "undelivered", "2022-02-01", "not at home"))
    again = society.pay("goods")

    assert (batch.number, again.number) == ("22A-1-JD-K01", "22A-1-JD-K02")
    take(society, results.Result("22A-JD-00001-1K.2", "delivered", "2022-02-01"))
    assert number(society.admin.store, "SELECT sum(lines) FROM served") == 1


def take(society: Society, *said: results.Result, login: str = "jd-caseworker") -> None:
    """Takes results up in a unit of their own."""
    desk = society.desk(login)
    act = "import.delivery" if said[0].state in ("delivered", "undelivered") else "import.bank"
    desk.write(act, society.office(JD), lambda unit: results.take_up(desk, unit, said))


STEPS: dict[str, Callable[[Society, str], Any]] = {
    "lock": lambda s, n: batches.lock(s.desk("jd-preparer"), n),
    "approve": lambda s, n: batches.approve(s.desk("jd-approver"), n),
    "release": lambda s, n: batches.release(s.desk("jd-releaser"), n),
    "reconcile": lambda s, n: batches.reconcile(s.desk("jd-preparer"), n),
    "close": lambda s, n: batches.close(s.desk("jd-approver"), n),
    "cancel": lambda s, n: batches.cancel(s.desk("jd-preparer"), n, "mistake"),
}
ALLOWED = {
    "draft": {"lock", "cancel"},
    "locked": {"approve", "cancel"},
    "approved": {"release", "cancel"},
    "released": {"reconcile"},
    "reconciled": {"close"},
    "closed": set(),
    "cancelled": set(),
}


@pytest.mark.parametrize("state", ALLOWED)
def test_only_the_acts_of_the_table_move_a_batch(society: Society, state: str) -> None:
    entitled(society, society.person(1, "王伟"))
    until = state if state in ("draft", "locked", "approved") else "released"
    if state == "cancelled":
        until = "draft"
    batch = society.pay(until=until)
    if until == "released":
        society.bank_result(batch, {"22A-JD-00001-1C": "00"})
    for act in {"reconciled": ["reconcile"], "closed": ["reconcile", "close"], "cancelled": ["cancel"]}.get(state, []):  # fmt: skip
        STEPS[act](society, batch.number)
    assert batches.find(society.admin, batch.number).state == state
    before = contents(society.admin.store)

    for act in STEPS.keys() - ALLOWED[state]:
        with refused("state.no_move"):
            STEPS[act](society, batch.number)
    assert contents(society.admin.store) == before


def test_a_batch_nobody_knows_is_gone(society: Society) -> None:
    with refused("state.gone"):
        batches.lock(society.desk("jd-preparer"), "22A-9-XX-C01")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("22A", 3, JD, "money"), "round.unknown"),
        (("99Z", 1, JD, "money"), "cycle.unknown"),
        (("22A", 1, "000000", "money"), "office.unknown"),
        (("22A", 2, JD, "money"), "batch.empty"),
        (("22A", 1, JD, "goods"), "batch.empty"),
    ],
)
def test_a_batch_is_of_a_round_an_office_and_something_due(
    society: Society, arguments: tuple[str, int, str, str], code: str
) -> None:
    entitled(society)
    with refused(code):
        batches.create(society.desk("jd-preparer"), *arguments)


def test_goods_without_a_lot_are_not_gathered(society: Society) -> None:
    rows(society.admin.store, "DELETE FROM lot RETURNING id")
    entitled(society, society.person(1, "王伟", 金额="", 物资=BOX))
    with refused("lot.none"):
        batches.create(society.desk("jd-preparer"), "22A", 1, JD, "goods")


def test_a_batch_takes_its_own_office_and_round_only(society: Society) -> None:
    entitled(society)
    street = society.admin.offices.children(society.office(PD))[0].code
    pd = [n for n in society.import_roster([society.person(5, "周洁", 街道=street)], "pd-caseworker") if "310115" in n]  # fmt: skip
    society.approve(pd[0], (1, 2), "pd")

    assert society.pay(until="draft").lines == 2
    assert society.pay(office=PD, until="draft").lines == 1
    assert len([r for r in rights(society.admin.store) if r.state == "ready"]) == 1


def dies(society: Society, name: str) -> None:
    """Records somebody's death on the day before."""
    person = people(society.admin.store)[name]
    deaths.record(society.desk("jd-caseworker"), person.id, "2022-01-31", "registry")


def test_br_016_release_leaves_out_the_suspended_and_states_the_rest(society: Society) -> None:
    entitled(society, *[society.person(n, f"人{n}") for n in (1, 2, 3)])
    batch = society.pay(until="approved")
    dies(society, "人2")
    done, _ = batches.release(society.desk("jd-releaser"), batch.number)

    assert (done.lines, done.fen, done.left_out) == (2, 100_000, 1)
    left = vouchers(society.admin.store)["22A-JD-00002-1C"]
    assert (left.state, left.live) == ("cancelled", None)
    assert balances(society)["in_transit"] == 100_000
    assert balances(society)["payable"] == 50_000
    content, sha, _ = batches.export(society.desk("jd-releaser"), batch.number, "payment", "bank")
    assert b"22A-JD-00002" not in content
    assert sha == done.file_sha256
    assert miscounted(society.admin.store) == []


def test_br_016_a_line_left_out_is_due_again_from_ready_when_it_resumes(society: Society) -> None:
    """It is in no batch any more, so it does not go back to reserved."""
    entitled(society, society.person(1, "人1"), society.person(2, "人2"))
    batch = society.pay(until="approved")
    dies(society, "人2")
    batches.release(society.desk("jd-releaser"), batch.number)

    [held] = [right for right in rights(society.admin.store) if right.state == "suspended"]
    assert held.resume_to == "ready"


def test_a_suspended_line_is_not_gathered(society: Society) -> None:
    entitled(society)
    dies(society, "王伟")

    assert society.pay(until="draft").lines == 1


def test_a_batch_of_the_dead_alone_is_released_empty_and_closes(society: Society) -> None:
    entitled(society, society.person(1, "人1"))
    batch = society.pay(until="approved")
    dies(society, "人1")
    done, _ = batches.release(society.desk("jd-releaser"), batch.number)

    assert (done.lines, done.fen, done.left_out) == (0, 0, 1)
    batches.reconcile(society.desk("jd-preparer"), batch.number)
    batches.close(society.desk("jd-approver"), batch.number)


@pytest.mark.parametrize("step", ["approve", "release"])
def test_expect_refuses_a_batch_that_is_not_what_was_reviewed(society: Society, step: str) -> None:
    entitled(society)
    batch = society.pay(until="locked" if step == "approve" else "approved")
    act = {"approve": batches.approve, "release": batches.release}[step]
    desk = society.desk({"approve": "jd-approver", "release": "jd-releaser"}[step])
    before = contents(society.admin.store)

    with refused("act.expected"):
        act(desk, batch.number, expect=3)
    assert contents(society.admin.store) == before
    act(desk, batch.number, expect=2)


def test_br_064_the_bank_file_is_hashed_at_release_and_prints_the_same_again(
    society: Society,
) -> None:
    entitled(society)
    batch = society.pay()
    content, sha, entry = batches.export(
        society.desk("jd-releaser"), batch.number, "payment", "bank"
    )
    again, _, later = batches.export(society.desk("jd-releaser"), batch.number, "payment", "bank")

    assert content == again
    assert sha == batch.file_sha256 == hashlib.sha256(content).hexdigest()
    assert later.seq == entry.seq + 1
    assert b"22A-JD-00001-1C" in content
    assert (
        number(society.admin.store, "SELECT count(*) FROM audit_event WHERE act = 'batch.export'")
        == 2
    )


def test_br_096_an_export_says_what_it_is_for_and_who_gets_it(society: Society) -> None:
    entitled(society)
    batch = society.pay()
    desk = society.desk("jd-releaser")
    for purpose, recipient in (("", "bank"), ("payment", " ")):
        with refused("export.purpose"):
            batches.export(desk, batch.number, purpose, recipient)
    assert not rows(society.admin.store, "SELECT 1 FROM audit_event WHERE act = 'batch.export'")

    batches.export(desk, batch.number, "payment", "bank of Shanghai")
    [(line,)] = rows(society.admin.store, "SELECT line FROM audit_event WHERE act = 'batch.export'")
    said = json.loads(line)
    assert (said["purpose"], said["recipient"]) == ("payment", "bank of Shanghai")


@pytest.mark.parametrize("kind", ["money", "goods"])
def test_only_released_money_has_a_bank_file(society: Society, kind: str) -> None:
    entitled(society, society.person(1, "王伟", 物资=BOX))
    batch = society.pay(kind, until="released" if kind == "goods" else "approved")
    with refused("state.no_move"):
        batches.export(society.desk("jd-releaser"), batch.number, "payment", "bank")


def test_br_070_nothing_is_reconciled_while_a_line_is_on_its_way(society: Society) -> None:
    entitled(society)
    batch = society.pay()
    before = contents(society.admin.store)
    with refused("batch.not_zero"):
        batches.reconcile(society.desk("jd-preparer"), batch.number)
    assert contents(society.admin.store) == before

    society.bank_result(batch, {"22A-JD-00001-1C": "00"})
    with refused("batch.not_zero"):
        batches.reconcile(society.desk("jd-preparer"), batch.number)
    society.bank_result(batch, {"22A-JD-00002-1C": "17"})
    found, _ = batches.reconcile(society.desk("jd-preparer"), batch.number)
    assert (found.approved, found.paid, found.returned, found.open) == (
        (2, 100_000), (1, 50_000), (1, 50_000), (0, 0),
    )  # fmt: skip
    assert found.difference == 0


def test_br_070_a_line_lost_from_a_batch_is_a_difference(society: Society) -> None:
    entitled(society)
    batch = society.pay()
    society.bank_result(batch, {"22A-JD-00001-1C": "00", "22A-JD-00002-1C": "00"})
    rows(
        society.admin.store,
        "DELETE FROM disbursement WHERE voucher = '22A-JD-00002-1C' RETURNING id",
    )

    with refused("batch.not_zero"):
        batches.reconcile(society.desk("jd-preparer"), batch.number)


def test_br_072_money_received_twice_under_one_key_comes_in_once(society: Society) -> None:
    preparer = society.desk("sh-preparer")
    with refused("fund.received"):
        programmes.receive(preparer, "QWR", 100_000_000, "2022")
    assert balances(society)["available"] == START
    programmes.receive(preparer, "QWR", 5, "2022-2")
    assert balances(society)["available"] == START + 5


@pytest.mark.parametrize(("fund", "fen", "code"), [("XXX", 5, "fund.unknown"), ("QWR", 0, "fund.amount"), ("QWR", -5, "fund.amount")])  # fmt: skip
def test_money_comes_in_for_a_known_fund_above_zero(
    society: Society, fund: str, fen: int, code: str
) -> None:
    with refused(code):
        programmes.receive(society.desk("sh-preparer"), fund, fen, "x")


def test_two_rounds_of_one_roster_are_two_batches(society: Society) -> None:
    [roster] = society.import_roster([society.person(1, "王伟")])
    society.freeze(roster)
    rosters.approve(society.desk("jd-approver"), [roster], [1, 2])
    preparer = society.desk("jd-preparer")
    made = [batches.create(preparer, "22A", n, JD, "money")[0].number for n in (1, 2)]

    assert made == ["22A-1-JD-C01", "22A-2-JD-C01"]
    assert sorted(vouchers(society.admin.store)) == ["22A-JD-00001-1C", "22A-JD-00001-2C"]
