"""What a bank said in two panes: another account, and out again in a batch that others release."""

from __future__ import annotations

import pytest

from rcaid.db import programmes
from rcaid.domain.errors import Refused
from rcaid.services import bank_panes, batch_choices, batches, invariants, outbox
from rcaid.services.bank_panes import Panes
from tests.services.conftest import JD_STREETS, Society

NEW = "6217000010000000017"
VOUCHERS = [f"22A-JD-0000{n}-1C" for n in (1, 2, 3)]


def result(society: Society) -> Panes:
    """Two were paid, one came back, one row fits nothing; as the preparer sees it."""
    rows = [society.person(n, name) for n, name in enumerate(("王伟", "赵敏", "李娜"), 1)]
    society.approve(society.import_roster(rows)[0])
    batch = society.pay()
    codes = dict(zip([*VOUCHERS, "22A-JD-00099-1C"], ["00", "17", "00", "00"], strict=True))
    society.bank_result(batch, codes)
    return seen(society)


def seen(society: Society, login: str = "jd-preparer") -> Panes:
    """The newest file."""
    desk = society.desk(login)
    page = bank_panes.page(desk)
    assert isinstance(page, list)
    return bank_panes.panes(desk, page[0].id)


def test_settled_returned_and_unmatched_stand_apart(society: Society) -> None:
    found = result(society)
    assert [line.voucher for line in found.settled] == [VOUCHERS[0], VOUCHERS[2]]
    [back] = found.returned
    assert (back.voucher, back.state, back.why, back.fen) == (VOUCHERS[1], "waiting", "17", 50_000)
    assert back.name == "赵*" and back.account.endswith("0002")
    [row] = found.unmatched
    assert [problem.code for problem in row.problems] == ["voucher.unknown"]
    file = found.file
    assert (file.settled, file.returned, file.waiting, file.ready, file.unmatched) == (
        2,
        1,
        1,
        0,
        1,
    )
    assert (file.settled_fen, file.returned_fen) == (100_000, 50_000)


def test_another_account_lets_it_go_out_again(society: Society) -> None:
    result(society)
    desk = society.desk("jd-preparer")
    with pytest.raises(Refused) as refused:
        bank_panes.again(desk, "22A-1-JD-C01")
    assert refused.value.problems[0].code == "reissue.none"
    bank_panes.fix(desk, VOUCHERS[1], NEW)
    [back] = seen(society).returned
    assert back.state == "ready" and back.account.endswith("0017")
    assert seen(society).file.ready == 1
    batch, _entry = bank_panes.again(desk, "22A-1-JD-C01")
    assert (batch.number, batch.lines, batch.fen) == ("22A-1-JD-C02", 1, 50_000)
    [back] = seen(society).returned
    assert (back.state, back.again) == ("again", "22A-1-JD-C02")
    assert invariants.broken(society.admin.store) == []


def test_who_gave_the_account_does_not_approve_the_payment(society: Society) -> None:
    result(society)
    desk = society.desk("jd-preparer")
    bank_panes.fix(desk, VOUCHERS[1], NEW)
    batch, _entry = bank_panes.again(desk, "22A-1-JD-C01")
    batches.lock(desk, batch.number)
    with pytest.raises(Refused):
        batches.approve(desk, batch.number)


def test_only_offices_of_ones_own_are_listed(society: Society) -> None:
    found = result(society)
    assert bank_panes.page(society.desk("pd-preparer")) == []
    with pytest.raises(Refused):
        bank_panes.panes(society.desk("pd-preparer"), found.file.id)
    with pytest.raises(Refused):
        bank_panes.page(society.desk("jd-keeper"))
    with pytest.raises(Refused):
        bank_panes.fix(society.desk("pd-preparer"), VOUCHERS[1], NEW)


def test_what_is_ready_is_offered_by_round_office_and_kind(society: Society) -> None:
    rows = [society.person(n, "王伟") for n in (1, 2, 3)]
    rows[2] |= {"街道": society.street(JD_STREETS[1]), "金额": "", "物资": "BOX"}
    rows[2] |= dict.fromkeys(("收款人", "开户行", "银行账号"), "")
    for number in society.import_roster(rows):
        society.approve(number)
    desk = society.desk("jd-preparer")
    found = [
        (c.round_code, c.office_code, c.kind, c.n, c.fen, c.qty)
        for c in batch_choices.choices(desk)
    ]
    assert ("22A-1", "310114", "money", 2, 100_000, 0) in found
    assert ("22A-1", "310114", "goods", 1, 0, 1) in found
    assert ("22A-1", JD_STREETS[1], "goods", 1, 0, 1) in found
    assert found[0][1] == "310114"
    [one] = batch_choices.of_roster(desk, "22A", JD_STREETS[1])
    assert (one.kind, one.n) == ("goods", 1)
    batches.create(desk, "22A", 1, "310114", "money")
    assert all(c.kind == "goods" for c in batch_choices.choices(desk))
    assert batch_choices.choices(society.desk("pd-preparer")) == []
    assert programmes.cycles(society.admin.store)


def test_a_file_of_the_outbox_is_its_owners_alone_and_never_overwritten(society: Society) -> None:
    desk = society.desk("jd-releaser")
    home = desk.home().id
    place = outbox.put(desk, home, "22A-1-JD-C01.csv", b"one")
    assert place.read_bytes() == b"one" and place.stat().st_mode & 0o777 == 0o600
    assert outbox.put(desk, home, "22A-1-JD-C01.csv", b"one") == place
    other = outbox.put(desk, home, "22A-1-JD-C01.csv", b"two")
    assert other.name == "22A-1-JD-C01-2.csv" and place.read_bytes() == b"one"


@pytest.fixture(autouse=True)
def own_outbox(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(outbox.SETTING, f"{tmp_path}/outbox")
