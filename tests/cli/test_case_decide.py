"""rcaid case propose … close: decisions on applications from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rcaid import data
from rcaid.services import disasters, programmes
from rcaid.services.society import open_desk
from tests.cli.conftest import STREET, Run, number

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def town(place: Path) -> None:
    """The fire programme with an open cycle, a fire and money."""
    root, chief, mo = (open_desk(str(place), as_login=login) for login in ("root", "chief", "mo"))
    programmes.load(root, data.text("programmes/fire.toml"))
    programmes.receive(mo, "FIRE", 10_000_000, "2022")
    programmes.new_cycle(chief, "FIRE", "22F", "2022", "2022-01-10", ["one"])
    programmes.move_cycle(chief, "22F", "open")
    disasters.open_(chief, "F-2022-01", "火灾", "fire", "嘉定", "2022-01-20")
    for each in (root, chief, mo):
        each.store.close()


def ran(rcaid: Run, login: str, *words: str, code: int = 0) -> str:
    """What a command of somebody prints; with --json its data."""
    found = rcaid("--as", login, "case", *words)
    assert found.code == code, found.err
    return found.out or found.err


def verified(rcaid: Run, serial: int = 1, name: str = "王建国", **options: str) -> str:
    """An application at the district, and its number."""
    more = {
        "number": number(serial), "name": name, "street": STREET, "category": "home",
        "hardship": "subsistence", "hardship-until": "2022-12-31", "disaster": "F-2022-01",
        "account": f"6222000011112{serial:03}", "asked": "6000", "paper": "all",
        "consent": "processing",
    } | options  # fmt: skip
    words = [word for key, value in more.items() for word in (f"--{key}", value)]
    made = json.loads(ran(rcaid, "hua", "new", "FIRE", *words, "--submit", "--json"))
    ran(rcaid, "wen", "verify", made["case"])
    return str(made["case"])


def state(rcaid: Run, case: str) -> str:
    return str(json.loads(ran(rcaid, "rui", "show", case, "--json"))["state"])


def test_a_case_goes_from_the_proposal_to_its_end(rcaid: Run) -> None:
    case = verified(rcaid)
    said = json.loads(ran(rcaid, "rui", "propose", case, "6000", "--json"))
    assert (said["state"], said["fen"]) == ("approval", 600_000)
    ran(rcaid, "tang", "approve", case, code=4)
    approve = ("approve", case, "--expect", "1", "--sum", "6000.00", "--yes", "--json")
    assert json.loads(ran(rcaid, "tang", *approve))["fen"] == 600_000
    assert state(rcaid, case) == "approved"
    assert "public notice" in ran(rcaid, "chief", "clear", case, code=4)
    ran(rcaid, "rui", "suspend", case, "--reason", "account_in_doubt")
    ran(rcaid, "rui", "resume", case)
    ran(rcaid, "chief", "revoke", case, "--reason", "error", "--yes")
    assert state(rcaid, case) == "revoked"


def test_many_are_approved_together_or_none(rcaid: Run) -> None:
    cases = [verified(rcaid, 1), verified(rcaid, 2, "李强")]
    for case in cases:
        ran(rcaid, "rui", "propose", case, "3000")
    assert "3" in ran(rcaid, "tang", "approve", *cases, "--expect", "3", "--yes", code=4)
    ran(rcaid, "tang", "approve", *cases, "--sum", "5000.00", "--yes", code=4)
    made = json.loads(ran(rcaid, "tang", "approve", *cases, "--expect", "2", "--yes", "--json"))
    assert (made["cases"], made["fen"]) == (2, 600_000)


def test_above_the_limit_the_refusal_says_who_decides(rcaid: Run) -> None:
    case = verified(rcaid, asked="7000")
    ran(rcaid, "rui", "propose", case, "7000")
    assert "city" in ran(rcaid, "tang", "approve", case, "--yes", code=4)
    lower = ("approve", case, "--amount", "5000", "--yes")
    assert "reason" in ran(rcaid, "tang", *lower, code=4)
    ran(rcaid, "tang", *lower, "--reason", "insured")
    assert state(rcaid, case) == "approved"
    ran(rcaid, "chief", "reopen", case, "--reason", "insured")
    assert state(rcaid, case) == "approval"


def test_a_rejection_prints_what_the_applicant_is_told_and_may_be_appealed(rcaid: Run) -> None:
    case = verified(rcaid)
    assert "untrue" in ran(rcaid, "rui", "reject", case, "--reason", "because", code=4)
    told = rcaid("--as", "rui", "case", "reject", case, "--reason", "untrue").err
    assert "what was stated did not prove true" in told
    chinese = verified(rcaid, 2, "李强")
    words = ("--lang", "zh_CN", "case", "reject", chinese, "--reason", "untrue")
    assert "所填情况经核实与事实不符" in rcaid("--as", "rui", *words).err
    ran(rcaid, "hua", "appeal", case, "--opinion", "补交证明")
    assert state(rcaid, case) == "district_review"
    ran(rcaid, "hua", "appeal", case, code=4)


def test_at_once_and_looked_at_again(rcaid: Run) -> None:
    more = ("--number", number(5), "--name", "赵急", "--street", STREET, "--category", "home",
            "--hardship", "none", "--disaster", "F-2022-01", "--account", "6222000011112005",
            "--consent", "processing")  # fmt: skip
    case = json.loads(ran(rcaid, "hua", "new", "FIRE", *more, "--submit", "--json"))["case"]
    ran(rcaid, "wen", "accept", case)
    ran(rcaid, "tang", "urgent", case, "3000", "--reason", "homeless", "--yes")
    [due] = ran(rcaid, "rui", "reviews", "--json").splitlines()
    assert (json.loads(due)["case"], json.loads(due)["overdue"]) == (case, "no")
    ran(rcaid, "tang", "review", case, code=4)
    ran(rcaid, "rui", "review", case)
    assert ran(rcaid, "rui", "reviews", "--json") == ""


def test_who_is_a_relative_stays_out(rcaid: Run) -> None:
    case = verified(rcaid)
    ran(rcaid, "hua", "recuse", case, "--login", "rui", "--reason", "cousin")
    assert "relative" in ran(rcaid, "rui", "propose", case, "3000", code=4)


def test_what_is_no_amount_is_refused(rcaid: Run) -> None:
    case = verified(rcaid)
    for amount in ("many", "9000", "3000.01"):
        ran(rcaid, "rui", "propose", case, amount, code=4)


def test_recovering_needs_a_revoked_case_and_a_follow_up_a_paid_one(rcaid: Run) -> None:
    case = verified(rcaid)
    assert "claimed back" in ran(rcaid, "bo", "recover", case, "1", "--slip", "X", code=4)
    off = ("recover", case, "1", "--write-off", "--reason", "insolvent", "--yes")
    assert "claimed back" in ran(rcaid, "chief", *off, code=4)
    assert "follow-up" in ran(rcaid, "hua", "follow-up", case, "--method", "phone", code=4)
    ran(rcaid, "hua", "close", case, code=4)
    ran(rcaid, "chief", "cancel", case, "--reason", "no_heir", "--yes", code=4)
    ran(rcaid, "chief", "entitle", case, code=4)
    heir = ("heir", case, "0" * 26, "--relation", "女儿", "--yes")
    ran(rcaid, "chief", *heir, code=4)
    ran(rcaid, "rui", "account", case, "--reason", "care_home")
