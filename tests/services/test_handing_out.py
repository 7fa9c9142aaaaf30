"""Distribution day: looked up by four digits, handed over once, by whoever is first."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import pytest

from rcaid.db import payments
from rcaid.db.engine import open_store
from rcaid.db.tables import Batch
from rcaid.domain.errors import ProblemError, Refused
from rcaid.services import audit, batches, deaths, handing_out, invariants
from rcaid.services.desk import Desk
from rcaid.services.handing_out import Agent, Handed, Slip
from rcaid.services.society import as_person
from tests.services.conftest import JD_STREETS, Society

NAMES = ("王伟", "赵敏", "李娜", "欧阳娜娜")


def goods(
    society: Society, n: int = 4, changes: Mapping[int, Mapping[str, str]] | None = None
) -> Batch:
    """A released list of people who are owed one box each; the last lives in another street.

    ``changes`` are cells by heading of the row of a position."""
    rows = [
        society.person(seq, NAMES[seq % 4], 金额="", 物资="BOX", 收款人="", 开户行="", 银行账号="")
        for seq in range(1, n + 1)
    ]
    for at, cells in (changes or {}).items():
        rows[at] |= cells
    rows[-1]["街道"] = society.street(JD_STREETS[1])
    for number in society.import_roster(rows):
        society.approve(number)
    return society.pay("goods")


def digits(society: Society, seq: int) -> str:
    """The last four of a person's number."""
    return society.person(seq, "")["证件号码"][-4:]


def found(society: Society, batch: Batch, code: str, login: str = "jd-caseworker") -> Slip:
    """The one line of a code."""
    desk = society.desk(login)
    [slip] = handing_out.look_up(desk, handing_out.sheet(desk, batch.number), code)
    return slip


def give(
    society: Society,
    batch: Batch,
    code: str,
    login: str = "jd-caseworker",
    agent: Agent | None = None,
) -> Handed:
    """Looks somebody up and hands over."""
    slip = found(society, batch, code, login)
    return handing_out.hand_over(society.desk(login), batch.number, slip.voucher, agent=agent)[0]


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    """What a refusal says."""
    return [problem.code for problem in refused.value.problems]


def state(society: Society, voucher: str) -> tuple[str, str]:
    """Of a line and of its right."""
    paying = payments.by_vouchers(society.admin.store, [voucher])[voucher]
    return paying.line.state, paying.entitlement.state


def test_four_digits_a_voucher_or_a_case_number_find_the_line(society: Society) -> None:
    batch = goods(society)
    slip = found(society, batch, digits(society, 1))
    assert (slip.state, slip.name, slip.sex, slip.qty) == ("due", "赵*", "M", 1)
    assert slip.household == 1 and slip.last4 == digits(society, 1)
    for code in (slip.voucher, slip.case_no, slip.voucher.lower(), f" {slip.case_no} "):
        assert found(society, batch, code).voucher == slip.voucher
    desk = society.desk("jd-caseworker")
    sheet = handing_out.sheet(desk, batch.number)
    assert handing_out.look_up(desk, sheet, "9999") == ()
    assert handing_out.look_up(desk, sheet, "22A-JD-99999-1K") == ()


def test_a_hand_over_has_the_effects_of_a_delivery_file(society: Society) -> None:
    batch = goods(society)
    handed = give(society, batch, digits(society, 1))
    assert state(society, handed.slip.voucher) == ("delivered", "delivered")
    found_ = handing_out.distribution(society.desk("jd-caseworker"), batch.number)
    assert (found_.handed, found_.left, found_.to_agents, found_.total) == (1, 3, 0, 4)
    [event] = audit.log(society.desk("sh-auditor"), act="distribution.hand_over")
    assert (event.actor, event.object) == ("jd-caseworker", handed.slip.voucher)
    assert invariants.broken(society.admin.store) == []


def test_what_was_handed_over_is_not_handed_over_again(society: Society) -> None:
    batch = goods(society)
    first = give(society, batch, digits(society, 1))
    desk = society.desk("jd-keeper")
    with pytest.raises(Refused) as refused:
        handing_out.hand_over(desk, batch.number, first.slip.voucher)
    assert codes_of(refused) == ["hand.served"]
    assert refused.value.problems[0].params["who"] == society.desk("jd-caseworker").actor.name
    again = found(society, batch, digits(society, 1))
    assert again.state == "served" and again.who == society.desk("jd-caseworker").actor.name
    assert again.at


def test_br_016_nothing_is_handed_over_to_who_has_died(society: Society) -> None:
    batch = goods(society)
    number = society.person(2, "")["证件号码"]
    deaths.record_by_number(society.desk("jd-caseworker"), number, "2022-01-31", "hospital")
    slip = found(society, batch, digits(society, 2))
    assert slip.state == "dead"
    with pytest.raises(Refused) as refused:
        handing_out.hand_over(society.desk("jd-caseworker"), batch.number, slip.voucher)
    assert codes_of(refused) == ["hand.dead"]
    handing_out.not_today(society.desk("jd-caseworker"), batch.number, slip.voucher, "other")
    assert state(society, slip.voucher) == ("undelivered", "suspended")


def test_what_is_not_handed_out_is_ready_again(society: Society) -> None:
    batch = goods(society)
    slip = found(society, batch, digits(society, 3))
    handing_out.not_today(society.desk("jd-keeper"), batch.number, slip.voucher, "absent")
    assert state(society, slip.voucher) == ("undelivered", "ready")
    assert found(society, batch, digits(society, 3)).state == "not_handed"
    with pytest.raises(Refused) as refused:
        handing_out.hand_over(society.desk("jd-keeper"), batch.number, slip.voucher)
    assert codes_of(refused) == ["hand.not_handed"]


def test_an_agent_is_kept_sealed_and_counted(society: Society) -> None:
    batch = goods(society, 8)
    agent = Agent("child", "018X")
    times = [give(society, batch, digits(society, seq), agent=agent) for seq in range(1, 8)]
    assert [each.for_agent for each in times] == [1, 2, 3, 4, 5, 6, 7]
    assert [each.odd for each in times] == [False] * 5 + [True] * 2
    found_ = handing_out.distribution(society.desk("jd-caseworker"), batch.number)
    assert (found_.handed, found_.to_agents) == (7, 7)
    voucher = times[0].slip.voucher
    line = payments.by_vouchers(society.admin.store, [voucher])[voucher].line
    values = society.admin.keys.open("disbursement", line.id, line.sealed or b"")[1]
    assert (values["relation"], values["last4"]) == ("child", "018X")


def test_a_keeper_sees_a_masked_name_and_what_to_give(society: Society) -> None:
    batch = goods(society)
    slip = found(society, batch, digits(society, 1), "jd-keeper")
    assert (slip.name, slip.sex, slip.age, slip.place, slip.household) == ("赵*", "", None, "", 0)
    assert slip.qty == 1 and slip.state == "due"


def test_another_list_and_another_place_are_named(society: Society) -> None:
    batch = goods(society)
    batches_of_pd = found(society, batch, digits(society, 1)).voucher
    with pytest.raises(Refused) as refused:
        handing_out.hand_over(society.desk("pd-keeper"), batch.number, batches_of_pd)
    assert codes_of(refused) == ["who.no_duty"]
    rows = [society.person(31, "钱多", 金额="", 物资="BOX", 收款人="", 开户行="", 银行账号="")]
    rows[0]["街道"] = society.street(JD_STREETS[2])
    society.approve(society.import_roster(rows)[-1])
    other = society.pay("goods")
    desk = society.desk("jd-caseworker")
    sheet = handing_out.sheet(desk, other.number)
    [slip] = handing_out.look_up(desk, sheet, batches_of_pd)
    assert (slip.state, slip.other) == ("elsewhere", batch.number)
    with pytest.raises(Refused) as refused:
        handing_out.hand_over(desk, other.number, batches_of_pd)
    assert codes_of(refused) == ["hand.elsewhere"]


def test_lists_with_something_left_come_first_and_are_narrowed_by_words(society: Society) -> None:
    batch = goods(society)
    desk = society.desk("jd-caseworker")
    page = handing_out.page(desk)
    assert [each.number for each in page if each] == [batch.number]  # type: ignore[union-attr]
    assert handing_out.page(desk, "nothing") == []
    assert handing_out.page(society.desk("pd-caseworker")) == []
    assert getattr(handing_out.page(desk, "step:open"), "code", "").startswith("filter.")


def test_only_what_is_released_is_handed_out(society: Society) -> None:
    batch = goods(society)
    desk = society.desk("jd-caseworker")
    for seq in range(1, 5):
        give(society, batch, digits(society, seq))
    batches.reconcile(society.desk("jd-preparer"), batch.number)
    for ask in (handing_out.sheet, handing_out.distribution):
        with pytest.raises(Refused) as refused:
            ask(desk, batch.number)
        assert codes_of(refused) == ["hand.closed"]


def test_two_sessions_at_once_make_one_delivery(society: Society) -> None:
    batch = goods(society)
    voucher = found(society, batch, digits(society, 1)).voucher
    logins = ("jd-caseworker", "jd-keeper")
    ready = threading.Barrier(2)
    said: dict[str, Sequence[str]] = {}

    def give_out(login: str) -> None:
        store = open_store(society.url)
        admin = society.admin
        own = Desk(store, admin.keys, admin.source, society.clock, admin.actor, admin.society, True)
        desk = as_person(own, login)
        ready.wait()
        try:
            handing_out.hand_over(desk, batch.number, voucher)
            said[login] = []
        except ProblemError as error:
            said[login] = [problem.code for problem in error.problems]
        store.close()

    threads = [threading.Thread(target=give_out, args=(login,)) for login in logins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said.values()) == [[], ["hand.served"]]
    assert state(society, voucher) == ("delivered", "delivered")
    assert len(audit.log(society.desk("sh-auditor"), act="distribution.hand_over")) == 1
