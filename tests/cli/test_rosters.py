"""rcaid roster, batch, quota, fund, cycle, user: acts, many at a time, permissions, codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import STREET, Run

ROSTER = f"22A-R-{STREET}"


@pytest.fixture
def imported(rcaid: Run, place: Path, roster_file: Path, tmp_path: Path) -> Path:
    """The store with a submitted roster of three lines."""
    plan = tmp_path / "one.plan"
    rcaid("--as", "hua", "import", "plan", roster_file, "--kind", "roster", "--cycle", "22A",
          "-o", plan)  # fmt: skip
    assert rcaid("--as", "hua", "import", "apply", plan, "--yes").code == 0
    return place


@pytest.fixture
def frozen(rcaid: Run, imported: Path) -> Path:
    """The same, verified by one person and frozen by another."""
    assert rcaid("--as", "wen", "roster", "verify", ROSTER).code == 0
    assert rcaid("--as", "rui", "roster", "freeze", ROSTER).code == 0
    return imported


def test_list_has_stable_keys_in_json_and_a_table_otherwise(rcaid: Run, imported: Path) -> None:
    found = json.loads(rcaid("--as", "wen", "roster", "list", "--json").out)
    assert found == {
        "number": ROSTER,
        "cycle": "22A",
        "office": STREET,
        "office_name": "嘉定区·新成路街道",
        "state": "submitted",
        "lines": 3,
        "fen": 90000,
        "rounds": "",
        "opened_on": "2022-02-01",
    }
    text = rcaid("--as", "wen", "roster", "list", "--state", "submitted").out.splitlines()
    assert text[0].split() == ["roster", "office", "state", "lines", "money", "rounds", "opened"]
    assert text[1].startswith(ROSTER)
    assert rcaid("--as", "wen", "roster", "list", "--state", "frozen", "--json").out == ""


def test_a_step_out_of_turn_is_refused_with_4(rcaid: Run, imported: Path) -> None:
    ran = rcaid("--as", "rui", "roster", "freeze", ROSTER)
    assert ran.code == 4
    assert f"{ROSTER}: {ROSTER} is submitted; it cannot freeze from there" in ran.err
    assert rcaid("--as", "tang", "roster", "verify", ROSTER).code == 4


def test_many_are_done_all_or_none_unless_partial(rcaid: Run, imported: Path) -> None:
    both = ("roster", "verify", ROSTER, "22A-R-000")
    ran = rcaid("--as", "wen", *both)
    assert ran.code == 4 and "0 of 2 done" in ran.err
    assert json.loads(rcaid("--as", "wen", "roster", "list", "--json").out)["state"] == "submitted"
    ran = rcaid("--as", "wen", *both, "--partial", "--json")
    assert ran.code == 4
    done, failed = map(json.loads, ran.out.splitlines())
    assert (done["id"], done["done"]) == (ROSTER, 1) and done["entry"].startswith("310114-")
    assert (failed["id"], failed["done"]) == ("22A-R-000", 0)
    assert failed["problems"][0]["code"] == "state.gone"
    assert json.loads(rcaid("--as", "wen", "roster", "list", "--json").out)["state"] == "verified"


def test_approval_takes_what_was_reviewed_or_nothing(rcaid: Run, frozen: Path) -> None:
    act = ("--as", "tang", "roster", "approve", ROSTER, "--round", "1")
    assert rcaid(*act).code == 4
    assert rcaid(*act, "--yes", "--expect", "4").code == 4
    assert rcaid(*act, "--yes", "--sum", "1").code == 4
    assert rcaid("--as", "wen", *act[2:], "--yes").code == 4
    ran = rcaid(*act, "--yes", "--expect", "3", "--sum", "900.00", "--json")
    assert ran.code == 0
    told = json.loads(ran.out)
    assert (told["rosters"], told["lines"], told["entitlements"], told["fen"]) == (1, 3, 3, 90000)
    assert ran.err == ""


def test_show_names_people_for_who_may_see_them_and_masks_them_for_others(
    rcaid: Run, frozen: Path
) -> None:
    seen = json.loads(rcaid("--as", "wen", "roster", "show", ROSTER, "--json").out)
    assert [each["name"] for each in seen["people"]] == ["王小明", "李强", "赵敏"]
    assert seen["parts"] == ["import hua", "verify wen", "freeze rui"]
    masked = json.loads(rcaid("--as", "fei", "roster", "show", ROSTER, "--json").out)
    assert [each["name"] for each in masked["people"]] == ["王*明", "李*", "赵*"]
    text = rcaid("--as", "wen", "roster", "show", ROSTER).out
    assert "王小明" in text and "300.00" in text


def test_check_says_what_speaks_against_a_roster(rcaid: Run, frozen: Path) -> None:
    assert rcaid("--as", "tang", "roster", "check", ROSTER).code == 0
    case = json.loads(rcaid("--as", "tang", "roster", "show", ROSTER, "--json").out)["people"][0]
    dead = ("person", "death", case["case"], "--date", "2022-01-30", "--source", "family")
    assert rcaid("--as", "hua", *dead, "--yes").code == 0
    ran = rcaid("--as", "tang", "roster", "check", ROSTER, "--json")
    assert ran.code == 3
    assert [p["code"] for p in json.loads(ran.out)["problems"]] == ["roster.dead_line"]


def test_strike_and_return_carry_their_reason(rcaid: Run, imported: Path) -> None:
    case = json.loads(rcaid("--as", "wen", "roster", "show", ROSTER, "--json").out)["people"][0]
    strike = ("--as", "wen", "roster", "strike", case["case"])
    assert rcaid(*strike, "--yes").code == 2
    assert rcaid(*strike, "--reason", "moved_away", "--yes").code == 0
    assert rcaid("--as", "wen", "roster", "return", ROSTER, "--reason", "phones").code == 0
    log = rcaid("--as", "sun", "audit", "log", "--by", "wen", "--json").out.splitlines()
    assert [json.loads(each)["reason"] for each in log] == ["phones", "moved_away"]


def clear_flags(rcaid: Run, batch: str) -> None:
    """All has one phone here and happens within a minute: the reviewer looks at what holds it."""
    for each in rcaid("--as", "rui", "batch", "flags", batch, "--json").out.splitlines():
        flag = str(json.loads(each)["flag"])
        why = ("--reason", "looked_into")
        assert rcaid("--as", "rui", "batch", "clear", batch, flag, *why).code == 0


def test_a_batch_goes_from_draft_to_released_by_three_people(
    rcaid: Run, frozen: Path, tmp_path: Path
) -> None:
    rcaid("--as", "tang", "roster", "approve", ROSTER, "--round", "1", "--yes")
    made = rcaid("--as", "bo", "batch", "create", "22A-1", "310114", "money", "--json")
    assert made.code == 0
    batch = json.loads(made.out)["batch"]
    assert batch == "22A-1-JD-C01"
    assert rcaid("--as", "bo", "batch", "lock", batch).code == 0
    clear_flags(rcaid, batch)
    assert rcaid("--as", "bo", "batch", "approve", batch, "--yes").code == 4
    assert rcaid("--as", "chief", "batch", "approve", batch, "--yes", "--expect", "2").code == 4
    right = ("--yes", "--expect", "3", "--sum", "900.00")
    assert rcaid("--as", "chief", "batch", "approve", batch, *right).code == 0
    assert rcaid("--as", "fei", "batch", "release", batch, *right).code == 0
    file = tmp_path / "bank.txt"
    export = ("batch", "export", batch, "-o", file)
    assert rcaid("--as", "fei", *export).code == 2
    why = ("--purpose", "payment", "--for", "bank")
    told = json.loads(rcaid("--as", "fei", *export, *why, "--json").out)
    assert told["sha256"] and file.stat().st_mode & 0o077 == 0
    shown = json.loads(rcaid("--as", "bo", "batch", "show", batch, "--json").out)
    assert (shown["state"], shown["open_lines"], shown["difference_fen"]) == ("released", 3, 0)
    assert rcaid("--as", "bo", "batch", "reconcile", batch).code == 4
    listed = json.loads(rcaid("--as", "bo", "batch", "list", "--cycle", "22A", "--json").out)
    assert (listed["number"], listed["fen"]) == (batch, 90000)


def test_quota_shows_what_is_left_and_refuses_an_overdraft(rcaid: Run, imported: Path) -> None:
    rows = rcaid("--as", "rui", "quota", "show", "--cycle", "22A", "--json").out.splitlines()
    street = next(row for row in map(json.loads, rows) if row["office"] == STREET)
    assert (street["allotted"], street["used"], street["left"]) == (10, 3, 7)
    over = rcaid("--as", "rui", "quota", "set", STREET, "51", "--cycle", "22A")
    assert over.code == 4 and "BR-031" in over.err
    assert rcaid("--as", "rui", "quota", "set", STREET, "20", "--cycle", "22A").code == 0


def test_office_narrows_what_is_seen_and_widens_nothing(rcaid: Run, imported: Path) -> None:
    narrow = rcaid("--as", "city", "--office", STREET, "quota", "show", "--cycle", "22A", "--json")
    assert [json.loads(each)["office"] for each in narrow.out.splitlines()] == [STREET]
    assert rcaid("--as", "hua", "--office", "310101", "roster", "list").code == 4


def test_fund_cycle_round_and_programme_are_listed(rcaid: Run, place: Path) -> None:
    fund = json.loads(rcaid("--as", "mo", "fund", "show", "QWR", "--json").out)
    assert fund["available"] == 1_000_000_00
    receive = ("--as", "mo", "fund", "receive", "QWR", "12.50", "--key", "more")
    assert rcaid(*receive).code == 4
    assert rcaid(*receive, "--yes").code == 0
    assert "1,000,012.50" in rcaid("--as", "mo", "fund", "list").out
    assert rcaid("--as", "mo", "fund", "show", "XXX").code == 4
    assert json.loads(rcaid("--as", "mo", "cycle", "show", "22A", "--json").out)["rounds"] == [
        "1 四月",
        "2 六月",
    ]
    assert len(rcaid("--as", "mo", "round", "list", "22A", "--json").out.splitlines()) == 2
    assert rcaid("--as", "chief", "cycle", "close", "22A").code == 0
    assert rcaid("--as", "chief", "cycle", "open", "22A").code == 4
    assert 'code = "QWR"' in rcaid("--as", "mo", "programme", "show", "QWR").out
    assert json.loads(rcaid("--as", "mo", "programme", "list", "--json").out)["version"] == 1


def test_a_programme_file_is_checked_without_a_store(rcaid: Run, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text('code = "X"\n', encoding="utf-8")
    ran = rcaid("programme", "check", path)
    assert ran.code == 3 and ran.out == ""
    assert rcaid("programme", "check", tmp_path / "none.toml").code == 3


def test_users_are_added_with_duties_and_lose_them(rcaid: Run, place: Path) -> None:
    add = ("--as", "root", "user", "add", "new", "新人", "--duty", f"caseworker@{STREET}")
    assert rcaid(*add).code == 0
    assert rcaid(*add).code == 4
    assert rcaid("--as", "hua", "user", "add", "x", "X").code == 4
    assert rcaid("--as", "root", "user", "add", "y", "Y", "--duty", "caseworker").code == 2
    assert rcaid("--as", "root", "user", "grant", "new", "king", "310000").code == 4
    revoke = ("--as", "root", "user", "revoke", "new", "caseworker", STREET)
    assert rcaid(*revoke).code == 4
    assert rcaid(*revoke, "--yes").code == 0
    rows = [
        json.loads(each)
        for each in rcaid("--as", "root", "user", "list", "--json").out.splitlines()
    ]
    assert next(row["duties"] for row in rows if row["login"] == "new") == []


def test_people_are_found_and_a_reveal_needs_its_reason(rcaid: Run, imported: Path) -> None:
    found = rcaid("--as", "hua", "person", "find", "wxm", "--json").out.splitlines()
    assert [json.loads(each)["name"] for each in found] == ["王小明"]
    case = json.loads(rcaid("--as", "hua", "roster", "show", ROSTER, "--json").out)["people"][0]
    show = ("--as", "hua", "person", "show", case["case"])
    assert "310***" in rcaid(*show).out
    assert rcaid(*show, "--reveal", "phone").code == 2
    told = json.loads(rcaid(*show, "--reveal", "phone", "--reason", "call", "--json").out)
    assert told["phone"] == "13800001111" and "*" in told["identity"]
    log = json.loads(rcaid("--as", "sun", "audit", "log", "--act", "person.reveal", "--json").out)
    assert (log["actor"], log["reason"]) == ("hua", "call")
    assert json.loads(rcaid("--as", "hua", "case", "show", case["case"], "--json").out)["story"]


def test_lists_take_the_filter_language_and_say_when_there_is_more(
    rcaid: Run, imported: Path
) -> None:
    cases = ("--as", "hua", "case", "list", "--json")
    assert len(rcaid(*cases).out.splitlines()) == 3
    one = rcaid(*cases, "--where", "name:李强").out.splitlines()
    assert [json.loads(each)["name"] for each in one] == ["李强"]
    assert rcaid(*cases, "--where", "amount>=500", "--cycle", "22A").out == ""
    two = rcaid(*cases, "--limit", "2")
    assert len(two.out.splitlines()) == 2 and "--limit 0" in two.err
    assert rcaid(*cases, "--limit", "3").err == ""
    wrong = rcaid(*cases, "--where", "nothing:1")
    assert wrong.code == 2 and "no field nothing" in wrong.err


def test_a_returned_payment_gets_another_account_and_is_paid_again(
    rcaid: Run, frozen: Path, tmp_path: Path
) -> None:
    rcaid("--as", "tang", "roster", "approve", ROSTER, "--round", "1", "--yes")
    rcaid("--as", "bo", "batch", "create", "22A-1", "310114", "money")
    rcaid("--as", "bo", "batch", "lock", "22A-1-JD-C01")
    clear_flags(rcaid, "22A-1-JD-C01")
    rcaid("--as", "chief", "batch", "approve", "22A-1-JD-C01", "--yes")
    rcaid("--as", "fei", "batch", "release", "22A-1-JD-C01", "--yes")
    results = tmp_path / "bank.csv"
    lines = [f"22A-1-JD-C01,22A-JD-{n:05}-1C,300.00,2022-02-01,{code}" for n, code in
             ((1, "00"), (2, "51"), (3, "00"))]  # fmt: skip
    head = "批次号,凭证号,金额,日期,结果代码"
    results.write_text("\r\n".join((head, *lines)) + "\r\n", encoding="utf-8-sig")
    plan = tmp_path / "bank.plan"
    assert rcaid("--as", "bo", "import", "plan", results, "--kind", "bank", "-o", plan).code == 0
    assert rcaid("--as", "bo", "import", "apply", plan, "--yes").code == 0
    none = rcaid("--as", "bo", "batch", "reissue", "22A-1", "310114")
    assert none.code == 4
    fixes = tmp_path / "fixes.csv"
    fixes.write_text("凭证号,收款人,开户行,银行账号\n22A-JD-00002-1C,李强,,\n", encoding="utf-8")
    assert rcaid("--as", "hua", "batch", "accounts", fixes).code == 3
    fixes.write_text(
        "凭证号,收款人,开户行,银行账号\n22A-JD-00002-1C,李强,工商银行,62220000999912345\n",
        encoding="utf-8",
    )
    assert rcaid("--as", "hua", "batch", "accounts", fixes).code == 0
    again = rcaid("--as", "bo", "batch", "reissue", "22A-1", "310114", "--json")
    assert json.loads(again.out)["lines"] == 1
    assert rcaid("--as", "chief", "cycle", "settle", "22A", "--yes").code == 4
