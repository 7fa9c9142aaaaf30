"""A small society for the tests of the services: offices, people who act, a programme, a roster.

`society` runs on both engines. Everybody of the made-up year is there (`jd-caseworker`,
`jd-verifier`, `pd-approver`, `sh-auditor`, …), QWR is loaded, its fund holds money, its cycle 22A
is open with two rounds and quota for every street of JD and PD.
"""

from __future__ import annotations

import copy
import csv
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from rcaid import data
from rcaid.db import settings
from rcaid.db.engine import open_store
from rcaid.db.tables import Batch
from rcaid.demo.staff import people_of
from rcaid.domain.identity import make_number
from rcaid.domain.ids import SeededSource
from rcaid.services import batches, programmes, quotas, rosters, staff
from rcaid.services.clock import SetClock
from rcaid.services.desk import Desk
from rcaid.services.importing import imports
from rcaid.services.importing.imports import Applied
from rcaid.services.society import as_person, initialise
from tests.postgres_server import Server

DAY = "2022-02-01"
JD, PD = "310114", "310115"
JD_STREETS = ("310114001", "310114002", "310114004")
HEADINGS = (
    "姓名", "证件类型", "证件号码", "户主证件号码", "与户主关系", "监护人", "联系电话", "街道", "地址", "类别",
    "困难类型", "困难证明有效期", "收款人", "开户行", "银行账号", "金额", "物资",
)  # fmt: skip
Row = Mapping[str, str]


@dataclass
class Society:
    """A society at work, with shortcuts for what tests need before they can begin."""

    url: str
    folder: Path
    clock: SetClock
    admin: Desk
    _files: int = 0
    _desks: dict[str, Desk] = field(default_factory=dict)

    def desk(self, login: str) -> Desk:
        """The desk of somebody, with the duties they hold on the day of the clock."""
        if login not in self._desks:
            self._desks[login] = as_person(self.admin, login)
        return self._desks[login]

    def office(self, code: str) -> str:
        """The id of an office."""
        return self.admin.offices.by_code[code].id

    def street(self, code: str) -> str:
        """The name of a street, as a roster names it."""
        return self.admin.offices.by_code[code].name

    def person(self, seq: int, name: str, **changes: str) -> dict[str, str]:
        """A roster row of a made-up person born in 1950; an odd ``seq`` is a man.

        ``changes`` are cells by heading. Money goes to an account of their own.
        """
        row = dict.fromkeys(HEADINGS, "")
        row |= {
            "姓名": name,
            "证件类型": "居民身份证",
            "证件号码": make_number("310199", "19500101", seq),
            "联系电话": f"138{seq:08}",
            "街道": self.street(JD_STREETS[0]),
            "地址": f"幸福路{seq}号",
            "类别": "肿瘤",
            "困难类型": "低保",
            "困难证明有效期": "2022-12-31",
            "收款人": name,
            "开户行": "上海银行",
            "银行账号": f"62{seq:014}",
            "金额": "500",
        }
        return row | changes

    def write(self, rows: Sequence[Row], headings: Sequence[str] = HEADINGS) -> Path:
        """A CSV file of these rows."""
        self._files += 1
        path = self.folder / f"file{self._files}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, headings, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def take_in(
        self, path: Path, kind: str, login: str, cycle: str | None = None
    ) -> tuple[imports.Planned, Applied]:
        """Plans and applies a file."""
        desk = self.desk(login)
        target = self.folder / f"{path.stem}.plan"
        planned = imports.plan(desk, path, kind, cycle_code=cycle, target=target)
        applied = imports.apply(desk, target)
        self.clock.wait(2)  # nobody approves what came in within the minute
        return planned, applied

    def import_roster(
        self, rows: Sequence[Row], login: str = "jd-caseworker", cycle: str = "22A"
    ) -> list[str]:
        """Imports roster rows; returns the numbers of the rosters of the cycle, by number."""
        self.take_in(self.write(rows), "roster", login, cycle)
        found = programmes.cycle(self.admin, cycle)
        return [roster.number for roster in rosters.of_cycle(self.admin, found.id)]

    def freeze(self, number: str, letters: str = "jd") -> None:
        """Takes a submitted roster to frozen, each step by another person."""
        rosters.verify(self.desk(f"{letters}-verifier"), number)
        rosters.freeze(self.desk(f"{letters}-reviewer"), number)

    def approve(self, number: str, rounds: Sequence[int] = (1,), letters: str = "jd") -> None:
        """Takes a submitted roster to approved."""
        self.freeze(number, letters)
        rosters.approve(self.desk(f"{letters}-approver"), [number], rounds)

    def pay(
        self, kind: str = "money", office: str = JD, until: str = "released", cycle: str = "22A"
    ) -> Batch:
        """Makes a batch of round 1 and takes it up to a state."""
        letters = self.admin.offices.by_code[office].letters.lower()
        batch, _ = batches.create(self.desk(f"{letters}-preparer"), cycle, 1, office, kind)
        steps: tuple[tuple[str, Callable[[], Any]], ...] = (
            ("locked", lambda: batches.lock(self.desk(f"{letters}-preparer"), batch.number)),
            ("approved", lambda: batches.approve(self.desk(f"{letters}-approver"), batch.number)),
            ("released", lambda: batches.release(self.desk(f"{letters}-releaser"), batch.number)),
        )
        for state, act in steps if until != "draft" else ():
            act()
            if state == until:
                break
        return batches.find(self.admin, batch.number)

    def bank_result(
        self, batch: Batch, codes: Mapping[str, str], day: str = DAY, login: str = "jd-preparer"
    ) -> Applied:
        """Takes up what a bank says: a result code by voucher number; amounts are 500 yuan."""
        headings = ("批次号", "凭证号", "账号后四位", "金额", "日期", "结果代码", "说明")
        rows = [
            {
                "批次号": batch.number,
                "凭证号": voucher,
                "金额": "500",
                "日期": day,
                "结果代码": code,
            }
            for voucher, code in codes.items()
        ]
        return self.take_in(self.write(rows, headings), "bank", login)[1]


def make_society(url: str, folder: Path, seed: int = 7) -> Society:
    """A new society in the empty, migrated store at ``url``; its keys lie in ``folder``."""
    clock = SetClock(DAY)
    admin = initialise(
        url,
        society="红会",
        admin_login="sh-administrator",
        admin_name="管理员",
        key_file=folder / f"society{seed}.keys",
        demo=True,
        source=SeededSource(seed),
        clock=clock,
    )
    made = Society(url, folder, clock, admin)
    for login, name, grants in people_of(admin.offices):
        if login != "sh-administrator" and login.startswith(("jd-", "pd-", "sh-")):
            staff.add(admin, login, name, grants)
    programmes.load(admin, data.text("programmes/qwr.toml"))
    programmes.receive(made.desk("sh-preparer"), "QWR", 100_000_000, "2022")
    programmes.receive_lot(made.desk("sh-keeper"), "BOX", "BOX-1", 17_800)
    rounds = ["April", "June"]
    approver = made.desk("sh-approver")
    programmes.new_cycle(approver, "QWR", "22A", "2022 spring", "2022-01-10", rounds)
    programmes.move_cycle(approver, "22A", "open")
    set_quota(made, "22A", 50)
    return made


def set_quota(society: Society, cycle: str, each: int) -> None:
    """Gives each street of JD and PD a quota of ``each`` lines of any category."""
    desk = society.desk("sh-reviewer")
    offices = desk.offices
    districts = [offices.by_code[code] for code in (JD, PD)]
    streets = {d.code: [s for s in offices.children(d.id) if not s.pseudo] for d in districts}
    total = each * sum(map(len, streets.values()))
    wanted = {(offices.by_code["310000"].id, "*"): total}
    for district in districts:
        wanted[district.id, "*"] = each * len(streets[district.code])
        wanted |= {(street.id, "*"): each for street in streets[district.code]}
    found = programmes.cycle(desk, cycle)
    desk.write(
        "quota.set", offices.by_code["310000"].id, lambda u: quotas.put(desk, u, found, wanted)
    )


class Societies:
    """One society on each engine, made once a session, and copies of it for the tests."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path) -> None:
        self._request = request
        self._folder = folder
        self._first: dict[str, tuple[Society, str]] = {}
        self._copies: dict[str, str] = {}

    def _whole(self, engine: str) -> tuple[Society, str]:
        if engine not in self._first:
            if engine == "sqlite":
                name = url = str(self._folder / "society.db")
                shutil.copyfile(self._request.getfixturevalue("sqlite_template"), url)
            else:
                server: Server = self._request.getfixturevalue("postgres_server")
                name = server.create(self._request.getfixturevalue("postgres_template"))
                url = server.url_of(name)
            folder = self._folder / engine
            folder.mkdir()
            made = make_society(url, folder)
            made.admin.store.close()
            self._first[engine] = made, name
        return self._first[engine]

    def copy(self, engine: str, folder: Path) -> Society:
        """A society of one's own, in ``folder``; ids, salts and clock go on where it stood."""
        whole, name = self._whole(engine)
        if engine == "sqlite":
            url = str(folder / "society.db")
            shutil.copyfile(whole.url, url)
        else:
            server: Server = self._request.getfixturevalue("postgres_server")
            copied = server.create(name)
            url = server.url_of(copied)
            self._copies[url] = copied
        clock = copy.deepcopy(whole.clock)
        source = copy.deepcopy(whole.admin.source)
        store = open_store(url)
        keys = folder / "society.keys"
        keys.unlink(missing_ok=True)
        whole.admin.keys.save(keys)
        store.unit(lambda: settings.put(store, "key_file", str(keys)))
        admin = Desk(
            store, whole.admin.keys, source, clock, whole.admin.actor, whole.admin.society, True
        )
        admin.__dict__["offices"] = whole.admin.offices
        return Society(url, folder, clock, admin)

    def close(self, society: Society) -> None:
        """Takes a copy away."""
        society.admin.store.close()
        if society.url in self._copies:
            server: Server = self._request.getfixturevalue("postgres_server")
            server.drop(self._copies.pop(society.url))


@pytest.fixture(scope="session")
def societies(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Societies:
    """Where tests get their societies from."""
    return Societies(request, tmp_path_factory.mktemp("societies"))


@pytest.fixture
def society(engine: str, societies: Societies, tmp_path: Path) -> Iterator[Society]:
    """A small society, on each engine in turn."""
    made = societies.copy(engine, tmp_path)
    yield made
    societies.close(made)
