"""A small demo society for the commands, and a way to run one as the program would."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from rcaid import data
from rcaid.cli.edge import run
from rcaid.domain.ids import SeededSource
from rcaid.locale import set_language
from rcaid.services import programmes, quotas, society, staff
from rcaid.services.clock import SetClock

STREET = "310114001"
HEADER = "姓名,证件类型,证件号码,联系电话,街道,类别,困难类型,困难证明有效期,收款人,开户行,银行账号,金额,备注"
PEOPLE = (
    ("hua", "caseworker", "310114"),
    ("wen", "verifier", "310114"),
    ("rui", "reviewer", "310114"),
    ("tang", "approver", "310114"),
    ("bo", "preparer", "310114"),
    ("fei", "releaser", "310114"),
    ("city", "reviewer", "310000"),
    ("chief", "approver", "310000"),
    ("sun", "auditor", "310000"),
    ("mo", "preparer", "310000"),
)


class Ran(NamedTuple):
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Commands speak English here, and one test's --lang is no other's."""
    set_language("en")
    yield
    set_language("en")


@pytest.fixture(scope="session")
def made_society(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo store with people, a programme, an open cycle, quotas and money, to copy."""
    folder = tmp_path_factory.mktemp("society")
    desk = society.initialise(
        str(folder / "rcaid.db"),
        society="红会",
        admin_login="root",
        admin_name="管理员",
        key_file=folder / "rcaid.keys",
        demo=True,
        source=SeededSource(7),
        clock=SetClock("2022-01-10"),
    )
    for login, duty, office in PEOPLE:
        staff.add(desk, login, login.title(), [(duty, office)])
    programmes.load(desk, data.text("programmes/qwr.toml"))

    def at(login: str) -> Any:
        return society.as_person(desk, login)

    programmes.new_cycle(at("chief"), "QWR", "22A", "2022春", "2022-01-10", ["四月", "六月"])
    programmes.move_cycle(at("chief"), "22A", "open")
    for office, n in (("310000", 100), ("310114", 50), (STREET, 10)):
        quotas.set_one(at("city"), "22A", office, "*", n)
    programmes.receive(at("mo"), "QWR", 1_000_000_00, "start")
    society.keep_today(desk, "2022-02-01")
    desk.store.close()
    return folder


@pytest.fixture
def place(made_society: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of its own for one test; commands find it by RCAID_DB."""
    copy = tmp_path / "rcaid.db"
    shutil.copyfile(made_society / "rcaid.db", copy)
    monkeypatch.setenv("RCAID_DB", str(copy))
    monkeypatch.delenv("RCAID_DEBUG", raising=False)
    return copy


@pytest.fixture
def rcaid(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process, as the console script does."""

    def ran(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        code = run([str(each) for each in arguments])
        found = capsys.readouterr()
        return Ran(code, found.out, found.err)

    return ran


def number(serial: int) -> str:
    """A made-up identity number of region 310199, with its check digit."""
    body = f"31019919500101{serial:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(d) * w for d, w in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def roster_text(*rows: str) -> str:
    """A roster file of these rows under the usual headings."""
    return "\r\n".join((HEADER, *rows)) + "\r\n"


def line(serial: int, name: str = "王小明", **changes: str) -> str:
    """A good row of a roster."""
    cells = {
        "name": name,
        "kind": "居民身份证",
        "number": number(serial),
        "phone": "13800001111",
        "street": "新成路街道",
        "category": "肿瘤",
        "hardship": "低保",
        "until": "2022-12-31",
        "payee": name,
        "bank": "工商银行",
        "account": f"6222000011112{serial:03}",
        "amount": "300.00",
        "note": "",
    } | changes
    return ",".join(cells.values())


@pytest.fixture
def roster_file(tmp_path: Path) -> Path:
    """Three good rows, and one with a wrong check digit in row 4 of the file."""
    good = number(3)
    bad = good[:-1] + ("1" if good[-1] != "1" else "2")
    rows = (line(1, "王小明"), line(2, "李强"), line(3, "张华", number=bad), line(4, "赵敏"))
    path = tmp_path / "嘉定.csv"
    path.write_text(roster_text(*rows), encoding="utf-8-sig")
    return path
