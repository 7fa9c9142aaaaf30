"""A file that comes in over a real sshd with a person's own duties, and comes back to be mended."""

from __future__ import annotations

import csv
import io
import json
import subprocess

import pytest

from rcaid.domain.identity import make_number
from rcaid.services.society import open_desk
from tests.terminal.sshd import Sshd

HEADER = "姓名,证件号码,街道,类别,收款人,银行账号,金额"


def street(sshd: Sshd, district: str) -> str:
    """The name of the first street of a district."""
    desk = open_desk(sshd.store, as_login="sh-administrator")
    try:
        office = desk.offices.by_code[district]
        return next(each.name for each in desk.offices.children(office.id) if not each.pseudo)
    finally:
        desk.store.close()


def roster(street: str, *categories: str) -> bytes:
    """A roster file of people who are new, one of each category."""
    rows = [
        f"新{n},{make_number('310199', '19410203', n)},{street},{category},新{n},6222{n:012},300"
        for n, category in enumerate(categories, start=1)
    ]
    return ("\r\n".join((HEADER, *rows)) + "\r\n").encode("gb18030")


def run(sshd: Sshd, name: str, command: str, data: bytes = b"") -> tuple[int, bytes, str]:
    """Runs a command with this on its standard input: exit status, stdout, stderr."""
    ran = subprocess.run(
        [*sshd.client(name), "--", command],
        input=data,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return ran.returncode, ran.stdout, ran.stderr.decode()


def test_a_roster_comes_in_and_its_rejects_go_back_over_the_wire(sshd: Sshd) -> None:
    plan = "import plan - --kind roster --cycle 23A --json"
    data = roster(street(sshd, "310114"), "肿瘤", "感冒")
    code, out, err = run(sshd, "jd-caseworker", plan, data)
    assert code == 3, err
    told = json.loads(out)
    assert (told["new"], told["rejected"]) == (1, 1)

    code, out, _ = run(sshd, "jd-caseworker", f"import rejects {told['plan_id']} -o -")
    assert code == 0
    [row] = csv.DictReader(io.StringIO(out.decode("utf-8-sig")))
    assert row["姓名"] == "新2"

    apply = f"import apply {told['plan_id']}"
    assert run(sshd, "jd-caseworker", apply)[0] == 4
    for verb in ("show", "apply"):
        more = " --yes" if verb == "apply" else ""
        assert run(sshd, "pd-approver", f"import {verb} {told['plan_id']}{more}")[:2] == (4, b"")
    code, out, err = run(sshd, "jd-caseworker", f"{apply} --yes --expect 1 --json")
    assert code == 0, err
    done = json.loads(out)
    assert (done["new"], done["rejected"]) == (1, 1)
    again = run(sshd, "jd-caseworker", f"{apply} --yes --json")
    assert (again[0], json.loads(again[1])["again"]) == (0, 1)

    numbers = f"{make_number('310199', '19410203', 1)}\n{make_number('310199', '19410203', 2)}\n"
    code, out, _ = run(sshd, "jd-caseworker", "lookup --json", numbers.encode())
    first, second = map(json.loads, out.splitlines())
    assert (code, first["enrolled"], second["problem"]["code"]) == (0, ["23A"], "person.unknown")


@pytest.mark.parametrize(
    "command",
    ["import plan - --kind roster --cycle 23A", "import plan - --kind bank"],
)
def test_who_has_no_duty_for_it_is_refused(sshd: Sshd, command: str) -> None:
    code, out, err = run(sshd, "pd-approver", command, roster("x", "肿瘤"))
    assert (code, out) == (4, b"")
    assert len(err.splitlines()) == 1


def test_a_whole_roster_is_looked_up_by_its_column_of_numbers(sshd: Sshd) -> None:
    code, out, _ = run(sshd, "pd-approver", "lookup - --json", roster("x", "肿瘤"))
    (only,) = map(json.loads, out.splitlines())
    number = make_number("310199", "19410203", 1)
    assert (code, only["number"][-4:]) == (0, number[-4:])
