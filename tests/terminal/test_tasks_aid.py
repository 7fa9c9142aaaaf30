"""Tasks with rosters, goods and the bank, each within its budget of keys: a script presses exactly
those keys in a real terminal, slowly and in one burst, with the same end."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from rcaid.db import payments, rosters
from rcaid.domain.identity import make_number
from rcaid.locale import in_language
from rcaid.services import batches, deaths
from rcaid.services.programmes import cycle
from rcaid.services.society import keep_today, open_desk
from tests.services.conftest import DAY, JD, Society, make_society
from tests.terminal.test_tasks_cases import (
    LOOKS,
    QUIT,
    Key,
    Shown,
    acts,
    counted,
    pressed,
    program,
    typed,
)
from tests.terminal.test_tasks_cases import tmux_is_there as tmux_is_there

ENTER, ROSTERS, AID, IMPORTS = "\r", "\x1b[15~", "\x1b[17~", "\x1b[18~"
STREETS, EACH = 5, 40
NEW = "6217000010000000017"
HANDED = 6
HEADINGS = ("批次号", "凭证号", "账号后四位", "金额", "日期", "结果代码", "说明")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """Five frozen rosters of forty, a list of six boxes to hand out, a batch at the bank. To be
    copied, not changed."""
    folder = tmp_path_factory.mktemp("aid")
    url = str(shutil.copyfile(sqlite_template, folder / "town.db"))
    society = make_society(url, folder)
    _handed_out(society)
    _at_the_bank(society)
    _frozen(society)
    keep_today(society.admin, DAY)
    society.admin.store.close()
    return folder / "town.db"


def _streets(society: Society) -> list[str]:
    """The names of the streets of the district, the first two for goods and money."""
    offices = society.admin.offices
    return [o.name for o in offices.children(offices.by_code[JD].id) if not o.pseudo]


def _handed_out(society: Society) -> None:
    empty = dict.fromkeys(("金额", "收款人", "开户行", "银行账号"), "")
    rows = [society.person(n, "赵敏") | empty | {"物资": "BOX"} for n in range(1, HANDED + 1)]
    society.approve(society.import_roster(rows)[0])
    society.pay("goods")


def _at_the_bank(society: Society) -> None:
    street = _streets(society)[1]
    rows = [society.person(n, "钱伟") | {"街道": street} for n in range(20, 23)]
    society.approve(society.import_roster(rows)[-1])
    society.pay()


def _frozen(society: Society) -> None:
    names = _streets(society)[2 : 2 + STREETS]
    rows = [
        society.person(100 + n, "孙小") | {"街道": names[n // EACH]} for n in range(STREETS * EACH)
    ]
    for number in society.import_roster(rows)[-STREETS:]:
        society.freeze(number)
    dead = society.person(100, "")["证件号码"]
    deaths.record_by_number(society.desk("jd-caseworker"), dead, DAY, "hospital")


@pytest.fixture
def stores(town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Two copies of the town, each in a folder with an inbox of its own."""
    made = []
    for name in ("slow", "burst"):
        folder = tmp_path / name
        inbox = folder / "inbox" / JD
        inbox.mkdir(parents=True)
        with (inbox / "bank.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            for n, code in ((7, "00"), (8, "17"), (9, "00")):
                voucher = f"22A-JD-{n:05}-1C"
                writer.writerow(("22A-1-JD-C01", voucher, "", "500", DAY, code, ""))
        made.append(str(shutil.copyfile(town, folder / "rcaid.db")))
    return made[0], made[1]


def play(
    stores: tuple[str, str], login: str, look: tuple[tuple[int, int], str], before: str,
    ready: Shown, script: Sequence[Key], end: Shown,
) -> None:  # fmt: skip
    """Plays a script from a place, once key by key and once in one write: the same people did the
    same, the ids of what they made apart."""
    size, language = look
    for store, pieces in zip(stores, (script, ()), strict=True):
        with program(store, login, size, language) as window:
            window.until(in_language(language, "Today"))
            window.send(before)
            window.until(ready)
            if not pieces:
                window.send("".join(key.keys for key in script))
            for key in pieces:
                window.send(key.keys)
                window.until(key.shows, f"after {key.keys!r}")
            window.until(end, "the end")
            window.send(QUIT)
            assert window.ended() == 0
    slow, burst = ([each[:2] for each in acts(store)] for store in stores)
    assert slow == burst


def shows(*words: str) -> Shown:
    """One of these words stands on the screen."""
    return lambda screen: any(word in screen for word in words)


def last4(seq: int) -> str:
    """The end of a person's number."""
    return make_number("310199", "19500101", seq)[-4:]


# --- task 6


@pytest.mark.parametrize("look", LOOKS, ids=["80x24-en", "120x40-zh"])
def test_task_6_two_hundred_alike_are_approved_with_seven_keys(
    stores: tuple[str, str], look: tuple[tuple[int, int], str]
) -> None:
    script = [
        pressed("/"),
        typed("step:frozen", "22A-R-"),
        pressed(ENTER, "22A-R-"),
        Key("*", False, shows(in_language(look[1], "{n} marked").format(n=STREETS))),
        pressed("a", "BR-016"),
        typed(str(STREETS * EACH)),
        pressed(ENTER, "rosters approved", "200", language=look[1]),
    ]
    assert counted(script) + 1 <= 8  # and the key of the place
    play(stores, "jd-approver", look, ROSTERS, shows("22A-R-"), script, _approved)
    for store in stores:
        desk = open_desk(store, as_login="sh-auditor")
        found = rosters.of_cycle(desk.store, cycle(desk, "22A").id)
        states = [roster.state for roster in found]
        desk.store.close()
        assert states.count("approved") == STREETS + 2 and "frozen" not in states


def _approved(screen: str) -> bool:
    return "100,000.00" in screen and "310114-" in screen


# --- task 8


@pytest.mark.parametrize("look", LOOKS, ids=["80x24-en", "120x40-zh"])
def test_task_8_each_person_takes_two_keys_an_agent_three(
    stores: tuple[str, str], look: tuple[tuple[int, int], str]
) -> None:
    language = look[1]
    to_person = [
        [
            typed(last4(n), " ".join(last4(n))),
            pressed(ENTER),
            pressed(ENTER, "to the person", language=language),
        ]
        for n in (1, 2, 3)
    ]
    to_agent = [
        typed(last4(4), " ".join(last4(4))),
        pressed("+", "spouse", language=language),
        pressed("2"),
        typed("0180"),
        pressed(ENTER, "son or daughter", language=language),
    ]
    absent = [
        typed(last4(5), " ".join(last4(5))),
        pressed("-"),
        pressed("1", "did not come", language=language),
    ]
    assert [counted(each) for each in to_person] == [2, 2, 2]
    assert counted(to_agent) == 3 and counted(absent) == 2
    script: list[Key] = [*(key for each in to_person for key in each), *to_agent, *absent]
    before = f"{AID}2{ENTER}"
    play(
        stores,
        "jd-caseworker",
        look,
        before,
        shows("22A-1-JD-K01,"),
        script,
        lambda s: "310114-" in s and last4(5) in s,
    )
    for store in stores:
        desk = open_desk(store, as_login="sh-auditor")
        found = payments.lines(desk.store, batches.find(desk, "22A-1-JD-K01").id)
        states = [paying.line.state for paying in found]
        desk.store.close()
        assert states == ["delivered"] * 4 + ["undelivered", "issued"]


# --- task 9


@pytest.mark.parametrize("look", LOOKS, ids=["80x24-en", "120x40-zh"])
def test_task_9_a_returned_payment_goes_out_again_with_five_keys_and_the_pick(
    stores: tuple[str, str], look: tuple[tuple[int, int], str]
) -> None:
    language = look[1]
    pick = [
        pressed(ENTER, "Read and plan", language=language),
        pressed(ENTER, "Apply", language=language),
    ]
    script = [
        pressed("a", "Type 3 to apply", "3", language=language),
        typed("3"),
        pressed(ENTER, "Returned", language=language),
        pressed("f", "account number", "，", language=language),
        typed(NEW),
        pressed(ENTER, "has another account", "0017", language=language),
        pressed("i", "22A-1-JD-C02", language=language),
    ]
    assert counted(script) == 5
    play(stores, "jd-preparer", look, IMPORTS, shows("bank.csv"), [*pick, *script], _again)
    for store in stores:
        desk = open_desk(store, as_login="sh-auditor")
        batch = batches.find(desk, "22A-1-JD-C02")
        desk.store.close()
        assert (batch.state, batch.lines, batch.fen) == ("draft", 1, 50_000)


def _again(screen: str) -> bool:
    return "22A-1-JD-C02" in screen and "310114-" in screen
