"""rcaid case new, submit, verify, return, answer, withdraw, paper, consent: what a script may do."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from rcaid import data
from rcaid.cli.case_fields import FIELDS
from rcaid.domain.identity import make_number
from rcaid.services import disasters, programmes
from rcaid.services.applications.new import Wanted
from rcaid.services.society import open_desk
from tests.cli.conftest import STREET, Ran, Run

pytestmark = pytest.mark.usefixtures("open_for_all")
NUMBER = make_number("310199", "19600504", 1)
FIRE = (
    "FIRE", "--number", NUMBER, "--name", "王建国", "--phone", "13900000001", "--street", STREET,
    "--category", "home", "--hardship", "subsistence", "--hardship-until", "2022-12-31",
    "--disaster", "F-2022-01", "--asked", "7000", "--account", "6222000011112222",
    "--consent", "processing", "--consent", "sensitive",
)  # fmt: skip
CASE = "22F-JD-00001"


@pytest.fixture
def open_for_all(place: Path) -> None:
    """Relief after fires, open for applications, and a fire."""
    root = open_desk(str(place), as_login="root")
    programmes.load(root, data.text("programmes/fire.toml"))
    root.store.close()
    chief = open_desk(str(place), as_login="chief")
    programmes.new_cycle(chief, "FIRE", "22F", "2022 fires", "2022-01-10", ["one"])
    programmes.move_cycle(chief, "22F", "open")
    disasters.open_(chief, "F-2022-01", "新成路火灾", "fire", "嘉定", "2022-01-20")
    chief.store.close()


def new(rcaid: Run, *more: str) -> Ran:
    return rcaid("--as", "hua", "case", "new", *FIRE, *more)


def shown(rcaid: Run, case_no: str = CASE) -> dict[str, Any]:
    found = rcaid("--as", "wen", "case", "show", case_no, "--json")
    assert found.code == 0, found.err
    return dict(json.loads(found.out))


def test_every_field_of_an_application_can_be_said() -> None:
    assert {each.name for each in FIELDS} == {field.name for field in fields(Wanted)} - {
        "programme"
    }


def test_an_application_goes_from_the_door_to_the_district(rcaid: Run) -> None:
    made = json.loads(new(rcaid, "--paper", "all", "--submit", "--json").out)
    assert (made["case"], made["state"], made["fen"]) == (CASE, "submitted", 700_000)

    passed = rcaid("--as", "wen", "case", "verify", CASE, "--opinion", "入户核实")
    assert passed.code == 0, passed.err
    facts = shown(rcaid)
    assert (facts["state"], facts["lane"], facts["missing"]) == ("district_review", "A", "")
    assert facts["due_on"] and facts["name"] == "王建国"
    assert NUMBER not in json.dumps(facts)
    table = rcaid("--as", "wen", "case", "show", CASE).out
    assert "due on" in table and "7,000.00" in table
    listed = rcaid("--as", "wen", "case", "list", "--state", "district_review", "--json").out
    line = json.loads(listed.splitlines()[0])
    assert (line["case"], line["lane"], line["due_on"]) == (CASE, "A", facts["due_on"])
    why = json.loads(rcaid("--as", "wen", "case", "explain", CASE, "--json").out)
    assert why["programme"] == "FIRE" and why["checks"]


def test_a_preview_writes_nothing(rcaid: Run) -> None:
    seen = json.loads(new(rcaid, "--preview", "--json").out)
    assert (seen["sex"], seen["age"], seen["allowed_fen"]) == ("M", 61, 800_000)
    assert "ID" in seen["papers"] and not seen["problems"]
    assert rcaid("--as", "wen", "case", "list", "--json").out == ""
    table = new(rcaid, "--preview")
    assert "8,000.00" in table.out and "BR-025" in table.out


def test_what_is_wrong_is_said_field_by_field_and_nothing_is_written(rcaid: Run) -> None:
    wrong = rcaid(
        "--as", "hua", "case", "new", "FIRE", "--number", NUMBER[:-1] + "0", "--name", "王建国",
        "--street", STREET, "--category", "flood", "--asked", "7000",
    )  # fmt: skip
    assert wrong.code == 4 and "BR-001" in wrong.err and "flood" in wrong.err
    assert new(rcaid, "--with", "income=3.1E+5").code == 4
    assert new(rcaid, "--with", "elsewhere=月浦镇").code == 2
    assert new(rcaid, "--with", "qty=x").code == 2
    assert new(rcaid, "--with", "colour=red").code == 2
    assert rcaid("--as", "wen", "case", "new", *FIRE).code == 4
    assert rcaid("--as", "wen", "case", "list", "--json").out == ""


def test_a_draft_that_cannot_be_handed_in_is_not_written_either(rcaid: Run) -> None:
    made = rcaid(
        "--as", "hua", "case", "new", "FIRE", "--number", NUMBER, "--name", "王建国", "--street",
        STREET, "--category", "home", "--submit",
    )  # fmt: skip
    assert made.code == 4 and "BR-030" in made.err
    assert rcaid("--as", "wen", "case", "list", "--json").out == ""


def test_a_return_prints_what_the_family_is_told_and_an_answer_needs_it(rcaid: Run) -> None:
    new(rcaid, "--paper", "all", "--submit")
    back = rcaid("--as", "wen", "case", "return", CASE, "--paper", "BANK", "--paper", "DISASTER")
    assert back.code == 0 and "bank card or passbook, certificate of the disaster" in back.err
    papers = rcaid("--as", "hua", "case", "paper", CASE, "--json").out.splitlines()
    assert {p["code"]: p["state"] for p in map(json.loads, papers)}["BANK"] == "missing"

    early = rcaid("--as", "hua", "case", "answer", CASE, "--paper", "BANK")
    assert early.code == 4 and "DISASTER" in early.err and "BR-046" in early.err
    marked = rcaid("--as", "hua", "case", "paper", CASE, "--copied", "DISASTER", "--pages", "2")
    assert marked.code == 0, marked.err
    assert rcaid("--as", "hua", "case", "answer", CASE, "--paper", "BANK").code == 0
    assert shown(rcaid)["state"] == "submitted"


def test_many_are_done_all_or_nothing_or_in_part(rcaid: Run) -> None:
    new(rcaid, "--paper", "all")
    other = "22F-JD-00009"
    whole = rcaid("--as", "hua", "case", "submit", CASE, other)
    assert whole.code == 4 and shown(rcaid)["state"] == "draft"
    part = rcaid("--as", "hua", "case", "submit", CASE, other, "--partial", "--json")
    assert part.code == 4
    assert [json.loads(line)["done"] for line in part.out.splitlines()] == [1, 0]
    assert rcaid("--as", "wen", "case", "accept", CASE).code == 0
    assert shown(rcaid)["state"] == "verifying"
    gone = rcaid("--as", "hua", "case", "withdraw", CASE, "--reason", "family_asks")
    assert gone.code == 0 and shown(rcaid)["state"] == "withdrawn"


def test_consents_are_listed_given_and_taken_back(rcaid: Run) -> None:
    new(rcaid)
    given = rcaid("--as", "hua", "case", "consent", CASE, "--give", "publication", "--json")
    kinds = [json.loads(line)["kind"] for line in given.out.splitlines()]
    assert kinds == ["processing", "sensitive", "publication"]
    back = rcaid("--as", "hua", "case", "consent", CASE, "--withdraw", "publication", "--json")
    assert json.loads(back.out.splitlines()[-1])["withdrawn_on"] == "2022-02-01"
    assert rcaid("--as", "hua", "case", "consent", CASE, "--withdraw", "photo").code == 4


def test_what_an_application_says_is_changed_by_the_same_options(rcaid: Run) -> None:
    new(rcaid, "--paper", "all")
    done = rcaid("--as", "hua", "case", "edit", CASE, "--asked", "8000", "--need", "房屋烧毁")
    assert done.code == 0, done.err
    facts = shown(rcaid)
    assert (facts["fen"], facts["category"], facts["hardship"]) == (800_000, "home", "subsistence")
    assert rcaid("--as", "hua", "case", "edit", CASE, "--name", "x").code == 2
    assert rcaid("--as", "hua", "case", "edit", CASE, "--with", "born=2001-01-01").code == 2
    more = ("hospital=瑞金医院", "elsewhere=月浦镇=2022-01-21=3000", "incapable=yes", "cost=100")
    told = [word for each in more for word in ("--with", each)]
    assert rcaid("--as", "hua", "case", "edit", CASE, *told).code == 0
    facts = shown(rcaid)
    assert (facts["cost_fen"], facts["missing"]) == (10_000, "GUARD_ID, GUARD_REL")
    assert rcaid("--as", "wen", "case", "edit", CASE, "--asked", "1").code == 4
